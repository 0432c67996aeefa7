"""How far single facts are from another outcome: the nearest change of one fact, the case formed anew with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.addresses import fact_of, name_of
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.facts import Fact
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import ChoiceType, FieldSpec, NumberType, RecordsType, ValueType, YesNo
from sharedvalue.engine.questions.along import Stretch, along_fact
from sharedvalue.engine.questions.meaning import NOWHERE, Standing, standing, standing_of
from sharedvalue.engine.readings.prove import OutOfBudget, Steps
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import misfits, suppose
from sharedvalue.engine.worlds.belief import everything

SECONDS, EACH = 4.0, 0.5


@dataclass(frozen=True)
class Move:
    """One fact changed alone. Values are scaled integers; `improving` when it is a change that its owner may want.

    `outcomes` are those possible after it; `cost` is the house default of facts.yaml; `distance` is the change in tenths
    of a point for a percent, else None.
    """

    name: str
    start: int
    to: int
    outcomes: tuple[str, ...]
    owner: str
    improving: bool
    cost: int
    distance: int | None


@dataclass(frozen=True)
class Movable:
    """What the vocabulary says of changing one value."""

    name: str
    type: ValueType
    owner: str
    improves: tuple[str, ...]
    moves: str
    cost: tuple[str, int]
    held: bool

    def improving(self, start: int, to: int) -> bool:
        """Whether going from one value to another is an improvement that somebody can bring about."""
        if self.owner == "nobody" or self.held or not self.improves or start == to:
            return False
        if self.improves == ("up",):
            return to > start
        if self.improves == ("down",):
            return to < start
        words = self.order()
        if to not in words:
            return False
        if start in words:
            return words.index(to) > words.index(start)
        return (words[-1] - words[0]) * (to - start) >= 0  # not back to a step from what lies beyond them all

    def order(self) -> list[int]:
        """The codes of the values that are improvements, best last."""
        if isinstance(self.type, ChoiceType):
            return [self.type.code(word) for word in self.improves if word in self.type.options]
        if isinstance(self.type, YesNo):
            return [
                int(word in ("true", "yes"))
                for word in self.improves
                if word in ("true", "yes", "false", "no")
            ]
        return []

    def price(self, start: int, to: int) -> int:
        """What the change costs, rounded up to a whole: a point, a unit, or once."""
        basis, amount = self.cost
        if basis == "once" or not isinstance(self.type, NumberType):
            return amount
        return -(-abs(to - start) * amount // self.type.scale)


class Moves:
    """The single changes around one decision."""

    def __init__(self, decision: Decision, budget: Steps | None = None) -> None:
        self.decision = decision
        self.worlds = decision.worlds
        self.book = decision.worlds.book
        self.prover = Prover.from_grounded(decision.worlds.grounded)
        self.budget = budget or Steps(SECONDS)  # of all that is asked, a part for each

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The known values that the choice stands on."""
        deciding = deciding_inputs(self.worlds.grounded)
        given = [n for n in self.worlds.domains if n in deciding and self.worlds.domains[n].is_known]
        return tuple(
            n
            for n in given
            if n in self.worlds.beliefs
            and self.worlds.beliefs[n].value is not None
            and n not in self.worlds.meaningless
        )

    def movable(self, name: str) -> Movable:
        fact, spec = self.written(name)
        source = spec or fact
        kind = self.worlds.grounded.variables[name].type
        return Movable(
            name,
            kind,
            source.owner,
            source.improves,
            source.moves,
            source.cost,
            spec is None and self.held(fact),
        )

    def written(self, name: str) -> tuple[Fact, FieldSpec | None]:
        """The fact, and the field of it, behind a value."""
        fact = self.book.facts[fact_of(name)]
        parts = name_of(name)
        if isinstance(fact.type, RecordsType) and parts is not None:
            return fact, fact.type.field(parts.field)
        return fact, None

    def held(self, fact: Fact) -> bool:
        """Whether the vocabulary says that nobody can change a fact as things stand."""
        return self._held(fact, {})

    def answered(self, name: str, to: int) -> bool:
        """Whether a value is an answer that was given: nobody can change it once it is there, as they can now."""
        fact, spec = self.written(name)
        return spec is None and not self._held(fact, {}) and self._held(fact, {name: to})

    def _held(self, fact: Fact, otherwise: Mapping[str, int]) -> bool:
        if fact.held_when is None:
            return False
        values = {n: b.value for n, b in self.worlds.beliefs.items() if b.value is not None}
        values.update(otherwise)
        try:
            return holds(Translator(self.book, "world", Shape()).condition(fact.held_when.node, {}), values)
        except Missing:
            return False

    def standing(self, name: str, value: int) -> Standing:
        """What may come out once one value is stated otherwise; NOWHERE when it cannot be, or that is not known in time."""
        try:
            if name in self.worlds.beliefs or fact_of(name) in self.book.facts:
                return standing(self.worlds, {name: value}, self.budget.part(EACH))
            domains = {**self.worlds.domains, name: Domain.known(value)}
            return standing_of(self.book, self.prover, domains, self.budget.part(EACH))
        except OutOfBudget:
            return NOWHERE

    def stretches(self, name: str) -> tuple[Stretch, ...]:
        """Where along a value which outcomes are possible; none where the budget ran out."""
        try:
            return along_fact(self.worlds, name, self.budget.part(EACH))
        except OutOfBudget:
            return ()

    def differs(self, stretch: Stretch) -> bool:
        return stretch.standing.can_be and not stretch.standing.is_certain(self.decision.outcome)

    def nearest(self, name: str, stretches: Sequence[Stretch], upward: bool) -> Move | None:
        """The nearest whole step on one side at which another outcome is possible."""
        start = self.worlds.domains[name].lo
        for one in stretches if upward else reversed(stretches):
            if (one.hi > start if upward else one.lo < start) and self.differs(one):
                end = max(one.lo, start + 1) if upward else min(one.hi, start - 1)
                to = self.whole(name, end, one, upward)
                if self.fits(name, to):
                    return self.move(name, to, one.standing.outcomes)
        return None

    def fits(self, name: str, to: int) -> bool:
        """Whether a change leaves the readings fitting that fit: one that does not would be asked again, not made."""
        try:
            return not misfits(self.worlds, suppose(self.worlds, {name: Domain.known(to)}))
        except UserError:
            return True

    def whole(self, name: str, end: int, stretch: Stretch, upward: bool) -> int:
        """The first whole step of a stretch from an end on; the first value of it where it holds none."""
        kind = self.worlds.grounded.variables[name].type
        assert isinstance(kind, NumberType)
        if kind.values:
            inside = [
                v for v in kind.values if (end <= v <= stretch.hi if upward else stretch.lo <= v <= end)
            ]
            return (min if upward else max)(inside, default=end)
        value = -(-end // kind.step) * kind.step if upward else end // kind.step * kind.step
        return value if stretch.lo <= value <= stretch.hi else end

    def move(self, name: str, to: int, outcomes: tuple[str, ...]) -> Move:
        movable = self.movable(name)
        start = self.worlds.domains[name].lo
        percent = isinstance(movable.type, NumberType) and movable.type.unit == "percent"
        return Move(
            name,
            start,
            to,
            outcomes,
            movable.owner,
            movable.improving(start, to),
            movable.price(start, to),
            abs(to - start) if percent else None,
        )

    def choices(self, name: str, stretches: Sequence[Stretch]) -> Iterator[Move]:
        """The other values of a choice or yes_no at which another outcome is possible."""
        for value in everything(self.worlds.grounded.variables[name].type).values():
            there = next((s for s in stretches if s.lo <= value <= s.hi), None)
            if (
                value != self.worlds.domains[name].lo
                and there is not None
                and self.differs(there)
                and self.fits(name, value)
            ):
                yield self.move(name, value, there.standing.outcomes)

    def all(self) -> Iterator[Move]:
        """The nearest change on either side of every known number, and every change of a choice."""
        for name in self.names:
            stretches = self.stretches(name)
            if isinstance(self.worlds.grounded.variables[name].type, NumberType):
                for upward in (True, False):
                    if (move := self.nearest(name, stretches, upward)) is not None:
                        yield move
            else:
                yield from self.choices(name, stretches)


def cheapest(moves: Iterable[Move]) -> list[Move]:
    """Improving moves, the cheapest first."""
    return sorted((m for m in moves if m.improving), key=lambda m: (m.cost, m.name))
