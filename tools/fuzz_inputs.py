"""Cases and house rules within the vocabulary of the rule book, at random: what the fuzzer tries."""

from __future__ import annotations

import json
import random
from typing import Any

Json = Any


def number(rng: random.Random, kind: Any) -> float | int:
    if kind.values:
        return plain(rng.choice(kind.values), kind.scale)
    lo, hi = kind.lo, min(kind.hi, 1_000 * kind.scale)
    edge = rng.choice((lo, hi, (lo + hi) // 2, rng.randint(lo, hi)))
    found = plain(edge - edge % kind.scale if rng.random() < 0.7 else edge, kind.scale)
    return 1 if kind.unit == "percent" and 0 < found < 1 else found  # below 1, a sign must say what is meant


def plain(value: int, scale: int) -> float | int:
    return value // scale if value % scale == 0 else value / scale


def one_value(rng: random.Random, kind: Any) -> Json:
    from sharedvalue.engine.language.types import ChoiceType, NumberType

    if isinstance(kind, NumberType):
        return number(rng, kind)
    return rng.choice(kind.options) if isinstance(kind, ChoiceType) else rng.random() < 0.5


def value(rng: random.Random, kind: Any) -> Json:
    """A value as it may be stated: known, a range, some of several, with a confidence, or unknown."""
    from sharedvalue.engine.language.types import NumberType

    how = rng.random()
    if how < 0.6:
        return one_value(rng, kind)
    if how < 0.75 and isinstance(kind, NumberType):
        return {"between": sorted((number(rng, kind), number(rng, kind)))}
    if how < 0.85:
        said = []
        for _ in range(rng.randint(1, 4)):
            one = one_value(rng, kind)
            if one not in said:
                said.append(one)
        return {"one_of": said}
    if how < 0.95:
        return {"value": one_value(rng, kind), "confidence": rng.choice(("low", "medium", "high"))}
    return "unknown"


def records(rng: random.Random, kind: Any, names: dict[str, list[str]], own: str) -> list[Json]:
    from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, YesNo

    keys = [f"{own[:1]}{n}" for n in range(rng.choice((0, 1, 2, 2, 3, 3, 4, 8, 12)))]
    names[own] = keys
    found = []
    for key in keys:
        row: Json = {}
        for spec in kind.fields:
            if spec.name == kind.key:
                row[spec.name] = key
            elif isinstance(spec.type, MapType):
                row[spec.name] = {other: value(rng, spec.type.of) for other in names.get(spec.type.list, ())}
            elif isinstance(spec.type, ChoiceType | NumberType | YesNo) and rng.random() < 0.9:
                row[spec.name] = value(rng, spec.type)
        found.append(row)
    return found


def case(rng: random.Random, seeds: list[Json], book: Any) -> Json:
    """A scenario: one of ours with some facts stated otherwise, or one made from the vocabulary alone."""
    from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType, YesNo

    tree = json.loads(json.dumps(rng.choice(seeds), default=str))
    tree.pop("expect", None)
    facts = (
        tree.setdefault("facts", {}) if rng.random() < 0.8 else tree.update({"facts": {}}) or tree["facts"]
    )
    names: dict[str, list[str]] = {}
    lists = [
        f
        for f in book.facts.values()
        if isinstance(f.type, RecordsType) and f.name in ("sponsors", "needs", "segments")
    ]
    lists.sort(key=lambda f: any(isinstance(s.type, MapType) for s in f.type.fields))
    if rng.random() < 0.4:
        for fact in lists:
            facts[fact.name] = records(rng, fact.type, names, fact.name)
    if rng.random() < 0.2:
        tree |= {"as_of": "2026-11-24", "evidence": evidence(rng, book.facts["evidence"].type, book)}
    simple = [f for f in book.facts.values() if isinstance(f.type, ChoiceType | NumberType | YesNo)]
    for fact in rng.sample(simple, rng.randint(1, len(simple) // 2)):
        if fact.name in facts and rng.random() < 0.3 and not fact.required:
            del facts[fact.name]
        elif fact.name != "has_sponsor":
            facts[fact.name] = value(rng, fact.type)
    facts.setdefault("has_sponsor", True)
    return tree


def evidence(rng: random.Random, kind: Any, book: Any) -> list[Json]:
    """Items of evidence for facts that may have some; a few contradict each other."""
    facts = [f.name for f in book.facts.values() if f.type.unit == "percent"]
    found = []
    for _ in range(rng.choice((1, 2, 3, 6))):
        row: Json = {"fact": rng.choice(facts), "source": rng.choice(kind.field("source").type.options)}
        row |= {
            "date": f"{rng.randint(2024, 2026)}-{rng.randint(1, 12):02}-01",
            "reading": rng.randint(0, 100),
        }
        row["n"] = rng.choice((0, 3, 30, 300))
        row["population"] = row["n"] + rng.choice((0, 10, 1000))
        if rng.random() < 0.5:
            row["drawn_from_all"] = rng.random() < 0.5
        found.append(row)
    return found


def condition(rng: random.Random, book: Any, deep: int = 2) -> str:
    """A condition of well-typed comparisons over facts, measures and thresholds."""
    from sharedvalue.engine.language.types import ChoiceType, NumberType, YesNo

    if deep and rng.random() < 0.5:
        parts = [condition(rng, book, deep - 1) for _ in range(rng.randint(2, 3))]
        return f"({rng.choice((' and ', ' or ')).join(parts)})"
    if rng.random() < 0.1:
        return f"not ({condition(rng, book, 0)})"
    names = [f for f in book.facts.values() if isinstance(f.type, ChoiceType | NumberType | YesNo)]
    fact = rng.choice(names)
    if isinstance(fact.type, YesNo):
        return str(fact.name)
    if isinstance(fact.type, ChoiceType):
        return f"{fact.name} {rng.choice(('==', '!='))} '{rng.choice(fact.type.options)}'"
    alike = [n for n, t in book.thresholds.items() if t.type.unit == fact.type.unit]
    alike += [f.name for f in names if f.type.unit == fact.type.unit and f is not fact]
    return f"{fact.name} {rng.choice(('<', '<=', '>', '>='))} {rng.choice(alike)}" if alike else "has_sponsor"


def rule(rng: random.Random, book: Any) -> Json:
    """A rule of a house: a finding of its own, or a branch of the decision."""
    made: Json = {
        "chapter": "V", "title": "Tried", "kind": "house", "when": condition(rng, book), "because": "It is tried.",
        "line": "tried", "otherwise": "not tried", "why": "it is tried",
    }  # fmt: skip
    if rng.random() < 0.5:
        return {**made, "conclude": "tried"}
    outcome = rng.choice(sorted(book.outcomes.outcomes))
    fitting = [name for name, mode in book.outcomes.modes.items() if outcome in mode.outcomes]
    beside = rng.choice([f"Z{number:02}" for number in range(2, 9)])
    return {**made, "chapter": "Z", "outcome": outcome, "modes": rng.sample(fitting, min(1, len(fitting))),
            rng.choice(("before", "after")): beside}  # fmt: skip


def house(rng: random.Random, book: Any) -> Json:
    """House rules: some thresholds near what they are, and rules of its own."""
    changed = {}
    for name in rng.sample(sorted(book.thresholds), rng.randint(0, 3)):
        threshold = book.thresholds[name]
        try:
            changed[name] = {"value": max(0, int(str(threshold)) + rng.randint(-10, 10)), "because": "tried"}
        except ValueError:
            continue
    laid: Json = {"thresholds": changed} if changed else {}
    if rng.random() < 0.5:
        laid["rules"] = {f"H{n:02}": rule(rng, book) for n in range(1, rng.randint(2, 4))}
    return laid
