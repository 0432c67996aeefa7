"""Script concordance: if you now learned this, would that outcome become more or less likely? Scored against the proof.

Some facts of a case are taken away, so that several outcomes are possible. Then one of them is learned. The answer is
`more` where the outcome has become the only one possible, `less` where it is no longer possible, and `neither` where the
fact changes nothing, whatever the others are. Items of which the proof says none of these are not asked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.scenario import Scenario, Stated
from sharedvalue.engine.language.types import NumberType, RecordsType
from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.material import Material, material
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.worlds import form

MORE, LESS, NEITHER = "more", "less", "neither"
ANSWERS = (MORE, LESS, NEITHER)
TRIALS = 40
OPENED = (2, 3)
VALUES = 6


@dataclass(frozen=True)
class Item:
    """One question. `opened` are the facts that are not known in it; `possible` and `after` the outcomes before and after."""

    case: Case
    opened: tuple[str, ...]
    before: Decision
    fact: str
    value: int
    outcome: str
    truth: str
    possible: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def learned(self) -> str:
        """What is learned, in words."""
        naming = Naming(self.case.decision.worlds)
        return f"{naming.title(self.fact)}: {naming.said(self.fact, self.value)}"

    @property
    def open_titles(self) -> tuple[str, ...]:
        naming = Naming(self.case.decision.worlds)
        return tuple(naming.title(name) for name in self.opened)


def items(case: Case, count: int, seed: int = 0) -> tuple[Item, ...]:
    """Up to `count` items of a case whose outcome is certain; the same seed gives the same ones. None for an open case."""
    if not case.decision.certain:
        return ()
    rng = random.Random(f"concordance {case.id} {seed}")
    found: list[Item] = []
    seen: set[tuple[str, int]] = set()  # one question answers another on the same news
    wanted = [ANSWERS[n % 3] for n in range(count)]
    for item in _candidates(case, rng):
        key = (item.fact, item.value)
        if item.truth in wanted and key not in seen:
            seen.add(key)
            wanted.remove(item.truth)
            found.append(item)
            if not wanted:
                break
    return tuple(found)


def _candidates(case: Case, rng: random.Random) -> Iterator[Item]:
    book, about = case.decision.worlds.book, material(case.decision.worlds.book)
    names = [
        n
        for n in Moves(case.decision).names
        if "[" not in n
        and n in case.scenario.stated
        and not book.facts[n].required
        and not isinstance(book.facts[n].type, RecordsType)
    ]
    if len(names) < OPENED[0]:
        return
    for _ in range(TRIALS):
        opened = tuple(rng.sample(names, min(len(names), OPENED[rng.randrange(len(OPENED))])))
        before = _decided(case, dict.fromkeys(opened))
        if before is None or not before.complete or not set(opened) <= set(before.worlds.open):
            continue
        yield from _of(case, opened, before, about, rng)


def _of(
    case: Case, opened: tuple[str, ...], before: Decision, about: Material, rng: random.Random
) -> Iterator[Item]:
    possible = tuple(p.outcome for p in before.possible)
    for fact in opened:
        values = _values(case, fact, about, rng)
        if fact in before.immaterial:
            for value in values[:1]:
                outcome = possible[rng.randrange(len(possible))]
                yield Item(case, opened, before, fact, value, outcome, NEITHER, possible, possible)
            continue
        for value in values:
            after = _decided(case, {**dict.fromkeys(opened), fact: value})
            if after is None or not after.complete:
                continue
            left = tuple(p.outcome for p in after.possible)
            for outcome in possible:
                if left == (outcome,) and len(possible) > 1:
                    yield Item(case, opened, before, fact, value, outcome, MORE, possible, left)
                elif outcome not in left:
                    yield Item(case, opened, before, fact, value, outcome, LESS, possible, left)


def _values(case: Case, fact: str, about: Material, rng: random.Random) -> list[int]:
    """Values that could be learned: the one of the case, and others that are usual."""
    own = case.scenario.stated[fact].value
    draw = about.draw(fact)
    kind = case.scenario.types[fact]
    others = list(draw.values) if draw else [] if isinstance(kind, NumberType) else [kind.lo, kind.hi]
    found = list(dict.fromkeys([*([own] if own is not None else []), *rng.sample(others, len(others))]))
    return found[:VALUES]


def _decided(case: Case, changes: dict[str, int | None]) -> Decision | None:
    """The case with some facts changed, or not known."""
    scenario: Scenario = case.scenario
    stated = dict(scenario.stated)
    for name, value in changes.items():
        stated.pop(name, None)
        if value is not None:
            stated[name] = Stated("known", (value,), "", Place("practice"))
    try:
        return decide(form(case.decision.worlds.book, replace(scenario, stated=stated)))
    except UserError:
        return None
