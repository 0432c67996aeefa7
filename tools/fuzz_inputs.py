"""Cases and house rules within the vocabulary of the rule book, as strategies of hypothesis: what the fuzzer tries.

Each strategy follows the types that the rule book itself states, so that nearly all that is made is accepted, and values lie at the borders
of thresholds more often than anywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType, TextType, YesNo

Json = Any
Made = st.SearchStrategy[Json]
SIZES = (0, 1, 2, 2, 3, 3, 4, 8, 12)  # of a list of records
TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20)


def often(*weighted: tuple[int, Made]) -> Made:
    """One of several, each so many times as likely as its number says."""
    ways = [way for weight, way in weighted for _ in range(weight)]
    return st.sampled_from(ways).flatmap(lambda way: way)


# --- values -----------------------------------------------------------------------------------------------------------
def plain(scaled: int, kind: NumberType) -> float | int:
    """A number as it is written: 335 tenths of a percent are 33.5; below 1 a sign would have to say what is meant."""
    found = scaled // kind.scale if scaled % kind.scale == 0 else scaled / kind.scale
    return 1 if kind.unit == "percent" and 0 < found < 1 else found


def numbers(kind: NumberType, book: RuleBook) -> Made:
    if kind.values:
        return st.sampled_from(kind.values).map(lambda at: plain(at, kind))
    lo, hi = kind.lo, min(kind.hi, 1_000 * kind.scale)
    lines = [t.value for t in book.thresholds.values() if t.type.unit == kind.unit]
    at_lines = [line + away for line in lines for away in (-kind.scale, -1, 0, 1, kind.scale)]
    borders = sorted({lo, hi, *(at for at in at_lines if lo <= at <= hi)})
    whole = st.integers(-(-lo // kind.scale), hi // kind.scale).map(lambda at: at * kind.scale)
    found = often((4, st.sampled_from(borders)), (4, whole), (1, st.integers(lo, hi)))
    return found.map(lambda at: plain(at, kind))


def known(kind: Any, book: RuleBook) -> Made:
    if isinstance(kind, NumberType):
        return numbers(kind, book)
    if isinstance(kind, ChoiceType):
        return st.sampled_from(kind.options)
    return TEXT if isinstance(kind, TextType) else st.booleans()


def values(kind: Any, book: RuleBook) -> Made:
    """A value as it may be stated: known, a range, some of several, with a confidence, or unknown."""
    one = known(kind, book)
    if isinstance(kind, TextType):
        return one
    some = st.lists(one, min_size=1, max_size=4, unique=True).map(lambda of: {"one_of": of})
    sure = st.builds(lambda v, c: {"value": v, "confidence": c}, one, st.sampled_from(("low", "medium", "high")))  # fmt: skip
    between = (
        st.tuples(one, one).map(lambda ends: {"between": sorted(ends)})
        if isinstance(kind, NumberType)
        else some
    )
    return often((12, one), (3, between), (2, some), (2, sure), (1, st.just("unknown")))


# --- cases ------------------------------------------------------------------------------------------------------------
@st.composite
def records(
    draw: st.DrawFn, kind: RecordsType, names: dict[str, list[str]], own: str, book: RuleBook
) -> list[Json]:
    """A list of records; what is said for each of another list is said for the names that were given there."""
    names[own] = [f"{own[:1]}{number}" for number in range(draw(st.sampled_from(SIZES)))]
    found = []
    for key in names[own]:
        row: Json = {kind.key: key}
        for spec in kind.fields:
            if isinstance(spec.type, MapType):
                of = values(spec.type.of, book)
                row[spec.name] = {other: draw(of) for other in names.get(spec.type.list, ())}
            elif (
                spec.name != kind.key
                and isinstance(spec.type, ChoiceType | NumberType | YesNo)
                and draw(NINE_OF_TEN)
            ):
                row[spec.name] = draw(values(spec.type, book))
        found.append(row)
    return found


def one_in(count: int) -> st.SearchStrategy[bool]:
    return st.integers(1, count).map(lambda drawn: drawn == count)


NINE_OF_TEN = one_in(10).map(lambda drawn: not drawn)


@st.composite
def cases(draw: st.DrawFn, seeds: Sequence[Json], book: RuleBook) -> Json:
    """A scenario: one of ours with some facts stated otherwise, or one made from the vocabulary alone."""
    tree = json.loads(json.dumps(draw(st.sampled_from(seeds)), default=str))
    tree.pop("expect", None)
    if draw(one_in(5)):
        tree["facts"] = {}
    facts, names = tree.setdefault("facts", {}), dict[str, list[str]]()
    if draw(one_in(3)):
        for name in ("sponsors", "segments", "needs"):  # sponsors first: the others speak of them
            kind = book.facts[name].type
            assert isinstance(kind, RecordsType)
            facts[name] = draw(records(kind, names, name, book))
    if draw(one_in(5)):
        tree |= {"as_of": "2026-11-24", "evidence": draw(st.lists(items(book), min_size=1, max_size=6))}
    simple = [
        f for f in book.facts.values() if isinstance(f.type, ChoiceType | NumberType | YesNo | TextType)
    ]
    some = st.lists(
        st.sampled_from(simple), min_size=1, max_size=len(simple) // 2, unique_by=lambda f: f.name
    )
    for fact in draw(some):
        if fact.name in facts and not fact.required and draw(one_in(3)):
            del facts[fact.name]
        elif fact.name != "has_sponsor":
            facts[fact.name] = draw(values(fact.type, book))
    facts.setdefault("has_sponsor", True)
    return tree


def items(book: RuleBook) -> Made:
    """Items of evidence for facts that may have some; a few contradict each other."""
    shares = [f.name for f in book.facts.values() if f.type.unit == "percent"]
    kind = book.facts["evidence"].type
    assert isinstance(kind, RecordsType)
    source = kind.field("source")
    assert source is not None
    assert isinstance(source.type, ChoiceType)
    answers = st.sampled_from((0, 3, 30, 300))
    dates = st.builds("{}-{:02}-01".format, st.integers(2024, 2026), st.integers(1, 12))
    return st.fixed_dictionaries(
        {
            "fact": st.sampled_from(shares), "source": st.sampled_from(source.type.options),
            "date": dates, "reading": st.integers(0, 100), "n": answers, "population": st.sampled_from((300, 310, 1300)),
        },
        optional={"drawn_from_all": st.booleans()},
    )  # fmt: skip


# --- rules of a house -------------------------------------------------------------------------------------------------
def tests(book: RuleBook) -> st.SearchStrategy[str]:
    """One well-typed comparison of a fact with a threshold, a fact or a word."""
    facts = [f for f in book.facts.values() if isinstance(f.type, ChoiceType | NumberType | YesNo)]
    said: list[st.SearchStrategy[str]] = []
    for fact in facts:
        if isinstance(fact.type, YesNo):
            said.append(st.just(fact.name))
        elif isinstance(fact.type, ChoiceType):
            words = st.sampled_from([f"'{word}'" for word in fact.type.options])
            said.append(comparisons(fact.name, ("==", "!="), words))
        elif alike := [n for n, t in book.thresholds.items() if t.type.unit == fact.type.unit]:
            alike += [f.name for f in facts if f.type.unit == fact.type.unit and f is not fact]
            said.append(comparisons(fact.name, ("<", "<=", ">", ">="), st.sampled_from(alike)))
    return st.one_of(said)


def comparisons(
    name: str, operators: Iterable[str], others: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.builds(f"{name} {{}} {{}}".format, st.sampled_from(tuple(operators)), others)


def conditions(book: RuleBook) -> st.SearchStrategy[str]:
    def deeper(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.builds(
            str.join, st.sampled_from((" and ", " or ")), st.lists(parts, min_size=2, max_size=3)
        )
        return st.builds("({})".format, joined) | st.builds("not ({})".format, parts)

    return st.recursive(tests(book), deeper, max_leaves=6)


@st.composite
def rules(draw: st.DrawFn, book: RuleBook) -> Json:
    """A rule of a house: a finding of its own, or a branch of the decision."""
    made: Json = {
        "chapter": "V", "title": "Tried", "kind": "house", "when": draw(conditions(book)), "because": "It is tried.",
        "line": "tried", "otherwise": "not tried", "why": "it is tried",
    }  # fmt: skip
    if draw(st.booleans()):
        return {**made, "conclude": "tried"}
    outcome = draw(st.sampled_from(sorted(book.outcomes.outcomes)))
    fitting = [name for name, mode in book.outcomes.modes.items() if outcome in mode.outcomes]
    beside = draw(st.sampled_from([f"Z{number:02}" for number in range(2, 9)]))
    modes = draw(st.lists(st.sampled_from(fitting), max_size=1)) if fitting else []
    return {
        **made,
        "chapter": "Z",
        "outcome": outcome,
        "modes": modes,
        draw(st.sampled_from(("before", "after"))): beside,
    }


@st.composite
def houses(draw: st.DrawFn, book: RuleBook) -> Json:
    """House rules: some thresholds near what they are, and rules of its own."""
    changed = {}
    whole = [n for n, t in book.thresholds.items() if t.value % t.type.scale == 0]
    for name in draw(st.lists(st.sampled_from(sorted(whole)), max_size=3, unique=True)):
        threshold = book.thresholds[name]
        near = threshold.value // threshold.type.scale + draw(st.integers(-10, 10))
        changed[name] = {"value": max(0, near), "because": "tried"}
    own = draw(st.lists(rules(book), max_size=3))
    laid: Json = {"thresholds": changed} if changed else {}
    return laid | ({"rules": {f"H{n:02}": rule for n, rule in enumerate(own, 1)}} if own else {})
