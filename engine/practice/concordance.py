"""Script concordance: if you now learned this, would that outcome become more or less likely, from -2 to +2?

Some facts of a case are taken away, so that several outcomes are possible; in a case that is open anyway, what is open is.
Then one fact is learned. As the field means it there is no one right answer: people are scored against a panel (panel.py).
What can be proven beside that is whether the outcome has become the only one possible (`more`), or is no longer possible
(`less`), or the fact changes nothing whatever the others are (`neither`); else the proof does not settle it (`unsettled`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.scenario import Scenario, Stated, type_of
from sharedvalue.engine.language.types import NumberType, RecordsType
from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.material import Material, material
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.worlds import form

SCALE = {-2: "much less likely", -1: "less likely", 0: "neither", 1: "more likely", 2: "much more likely"}
MORE, LESS, NEITHER, UNSETTLED = "more", "less", "neither", "unsettled"
PROOFS = (MORE, LESS, NEITHER, UNSETTLED)
TRIALS = 40
OPENED = (2, 3)
VALUES = 6
SPARE = 100  # questions that are kept beside, until it is looked no further


@dataclass(frozen=True)
class Asked:
    """What a question is about, without its case: what is not known, what is learned, and of which outcome it is asked."""

    opened: tuple[str, ...]
    fact: str
    value: int
    outcome: str


@dataclass(frozen=True)
class Item:
    """One question. `possible` and `after` are the outcomes before and after the fact is learned."""

    case: Case
    asked: Asked
    possible: tuple[str, ...]
    after: tuple[str, ...]
    immaterial: bool

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.case.decision.worlds)

    @property
    def truth(self) -> str:
        """What is proven of it, one of PROOFS."""
        if self.immaterial:
            return NEITHER
        if self.asked.outcome not in self.after:
            return LESS
        return MORE if len(self.after) == 1 < len(self.possible) else UNSETTLED

    @property
    def learned(self) -> str:
        """What is learned, in words."""
        return f"{self.naming.title(self.asked.fact)}: {self.naming.said(self.asked.fact, self.asked.value)}"

    @property
    def open_titles(self) -> tuple[str, ...]:
        return tuple(self.naming.title(name) for name in self.asked.opened)


def items(case: Case, count: int, seed: int = 0) -> tuple[Item, ...]:
    """Up to `count` items of a case; the same seed gives the same ones. Nothing where none can be asked."""
    rng = random.Random(f"concordance {case.id} {seed}")
    found: list[Item] = []
    wanted = [PROOFS[n % len(PROOFS)] for n in range(count)]
    spare: list[Item] = []
    for item in _candidates(case, rng):
        news = {one.asked.fact for one in found}  # one question answers another on the same fact
        if item.truth in wanted and item.asked.fact not in news:
            wanted.remove(item.truth)
            found.append(item)
        else:
            spare.append(item)
        if not wanted or len(spare) == SPARE:
            break
    for item in spare:  # a case that has none of a kind, or few facts, gives more of another
        if len(found) < count and (item.asked.fact, item.asked.value) not in {
            (one.asked.fact, one.asked.value) for one in found
        }:
            found.append(item)
    return tuple(found)


def item_of(case: Case, asked: Asked) -> Item | None:
    """The question as the rule book sees it; None where it cannot be asked of this case."""
    before = _before(case, asked.opened)
    return None if before is None else next(_learned(case, asked, before), None)


def _before(case: Case, opened: Sequence[str]) -> Decision | None:
    """The case with some facts not known, where all these are then open and several outcomes are possible."""
    found = _decided(case, dict.fromkeys(opened))
    if found is None or not found.complete or len(found.possible) == 1:
        return None
    return found if set(opened) <= set(found.worlds.open) else None


def _candidates(case: Case, rng: random.Random) -> Iterator[Item]:
    book, about = case.decision.worlds.book, material(case.decision.worlds.book)
    stated = [
        n
        for n in Moves(case.decision).names
        if "[" not in n
        and n in case.scenario.stated
        and not book.facts[n].required
        and not isinstance(book.facts[n].type, RecordsType)
    ]
    open_now = tuple(n for n in case.decision.pivotal if n in book.facts)
    if not open_now and len(stated) < OPENED[0]:
        return
    for trial in range(TRIALS):
        if open_now and not trial:
            opened: tuple[str, ...] = open_now  # the case as it is
        else:
            taken = [n for n in stated if n not in open_now]
            many = min(len(taken), OPENED[rng.randrange(len(OPENED))] - bool(open_now))
            opened = (*open_now, *rng.sample(taken, many))
        before = _before(case, opened)
        if before is None:
            continue
        possible = [p.outcome for p in before.possible]
        for fact in opened:
            values = _values(case, fact, about, rng)
            if fact in before.immaterial:
                outcome = possible[rng.randrange(len(possible))]
                yield from _learned(case, Asked(opened, fact, values[0], outcome), before)
                continue
            for value in values:
                for item in _learned(case, Asked(opened, fact, value, ""), before):
                    yield from (
                        replace(item, asked=replace(item.asked, outcome=outcome)) for outcome in possible
                    )


def _learned(case: Case, asked: Asked, before: Decision) -> Iterator[Item]:
    """The question with what becomes possible once the fact is learned; nothing where that was not found."""
    possible = tuple(p.outcome for p in before.possible)
    if asked.fact in before.immaterial:
        yield Item(case, asked, possible, possible, True)
        return
    after = _decided(case, {**dict.fromkeys(asked.opened), asked.fact: asked.value})
    if after is not None and after.complete:
        yield Item(case, asked, possible, tuple(p.outcome for p in after.possible), False)


def _values(case: Case, fact: str, about: Material, rng: random.Random) -> list[int]:
    """Values that could be learned: the one of the case, and others that are usual."""
    stated = case.scenario.stated.get(fact)
    own = stated.value if stated is not None else None
    draw, kind = about.draw(fact), type_of(case.decision.worlds.book, fact)
    others = (
        list(dict.fromkeys(draw.values))
        if draw
        else []
        if kind is None or isinstance(kind, NumberType)
        else [kind.lo, kind.hi]
    )
    found = list(dict.fromkeys([*([own] if own is not None else []), *rng.sample(others, len(others))]))
    return found[:VALUES]


def _decided(case: Case, changes: dict[str, int | None]) -> Decision | None:
    """The case with some facts changed, or not known."""
    scenario: Scenario = case.scenario
    book = case.decision.worlds.book
    stated, types = dict(scenario.stated), dict(scenario.types)
    for name, value in changes.items():
        stated.pop(name, None)
        kind = type_of(book, name)
        if value is not None and kind is not None:
            stated[name], types[name] = Stated("known", (value,), "", Place("practice")), kind
    try:
        return decide(form(book, replace(scenario, stated=stated, types=types)))
    except UserError:
        return None
