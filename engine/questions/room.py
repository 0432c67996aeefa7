"""The room between rules: how far each threshold may move before a rule that can fire today could fire in no case any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sharedvalue.engine.language.formulas import holds
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.questions.audit import named, shapes, whole
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.readings.prove import FALSE, Budget, OutOfBudget, Program, Residual, Session

STEPS = 1000  # how far is looked on either side; a percentage has 100 whole points


@dataclass(frozen=True)
class Border:
    """The nearest value on one side at which rules can no longer fire, and which."""

    value: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Room:
    """One threshold moved alone, in scaled integers. No border on a side: none within the values looked at (`least`, `most`)."""

    name: str
    type: ValueType
    value: int
    least: int
    most: int
    below: Border | None
    above: Border | None

    @property
    def distance(self) -> int | None:
        return min((abs(b.value - self.value) for b in (self.below, self.above) if b), default=None)


@dataclass(frozen=True)
class Rooms:
    """All thresholds that conditions of the world stage read, the tightest first; and those that the budget did not reach."""

    rooms: tuple[Room, ...]
    unsettled: tuple[str, ...]


def rooms(book: RuleBook, budget_seconds: float, only: Collection[str] | None = None) -> Rooms:
    """How much room each threshold has between the rules (or each of `only` some), over the worlds of the audit's shapes."""
    names = [name for name in book.thresholds if only is None or name in only]
    return _Rooms(book, names, Budget(budget_seconds)).run()


@dataclass
class _Looked:
    """One shape with all thresholds loose: a literal for every rule that reads some threshold."""

    program: Program
    residual: Residual
    session: Session
    fires: Mapping[str, int]
    reads: Mapping[str, frozenset[str]]


class _Rooms:
    def __init__(self, book: RuleBook, names: list[str], budget: Budget) -> None:
        self.book, self.names, self.budget = book, names, budget
        self.usual = {t.name: t.value for t in book.thresholds.values()}

    def run(self) -> Rooms:
        try:
            looked = [self.look(shape) for shape in shapes(self.book).values()]
        except OutOfBudget:
            return Rooms((), tuple(self.names))
        found: list[Room] = []
        unsettled: list[str] = []
        for threshold in (self.book.thresholds[name] for name in self.names):
            rules = {rule for one in looked for rule, reads in one.reads.items() if threshold.name in reads}
            if not rules or not isinstance(threshold.type, NumberType):
                continue
            try:
                found.append(self.room(threshold, sorted(rules), looked))
            except OutOfBudget:
                unsettled.append(threshold.name)
        far = 10**12
        found.sort(key=lambda room: (far if room.distance is None else room.distance, room.name))
        return Rooms(tuple(found), tuple(unsettled))

    def look(self, shape: Shape) -> _Looked:
        grounded = ground_loosely(self.book, shape)
        program = Program.from_grounded(grounded)
        residual = program.residual(whole(grounded), self.budget)
        fires: dict[str, list[int]] = {}
        reads: dict[str, set[str]] = {}
        for rule in grounded.rules:
            name = named(rule.rule, rule.part)
            literal = residual.condition(rule.when)
            if rule.unless is not None:
                literal = residual.circuit.all((literal, -residual.condition(rule.unless)))
            fires.setdefault(name, []).append(literal)
            tests = [test for way in (*rule.alternatives, *rule.defeats) for test in way]
            reads.setdefault(name, set()).update(
                word for test in tests for word in (test.left, test.right) if word in self.usual
            )
        return _Looked(
            program,
            residual,
            Session(residual, self.budget),
            {name: residual.circuit.any(ways) for name, ways in fires.items()},
            {name: frozenset(words) for name, words in reads.items() if words},
        )

    def room(self, threshold: Threshold, rules: list[str], looked: list[_Looked]) -> Room:
        kind = threshold.type
        assert isinstance(kind, NumberType)
        alive = [
            rule for rule in rules if self.fires(rule, threshold.name, threshold.value, looked) is not None
        ]
        borders: list[Border | None] = []
        ends = []
        for step in (-kind.step, kind.step):
            values = [
                v
                for v in (threshold.value + step * n for n in range(1, STEPS + 1))
                if kind.lo <= v <= kind.hi
            ]
            ends.append(values[-1] if values else threshold.value)
            nearest: dict[int, list[str]] = {}
            for rule in alive:
                if (at := self.dies(rule, threshold.name, values, looked)) is not None:
                    nearest.setdefault(at, []).append(rule)
            first = min(nearest, key=lambda v: abs(v - threshold.value), default=None)
            borders.append(None if first is None else Border(first, tuple(nearest[first])))
        return Room(threshold.name, kind, threshold.value, ends[0], ends[1], borders[0], borders[1])

    def dies(self, rule: str, threshold: str, values: list[int], looked: list[_Looked]) -> int | None:
        """The first of the values, from near to far, with which no case fires the rule."""
        at = 0
        while at < len(values):
            found = self.fires(rule, threshold, values[at], looked)
            if found is None:
                return values[at]
            at += 1
            one, world = found  # the same case may fire it for further values: no need to ask for these
            while at < len(values) and self.stands(one, rule, {**world, threshold: values[at]}):
                at += 1
        return None

    def stands(self, one: _Looked, rule: str, world: Mapping[str, int]) -> bool:
        values = one.program.evaluate(world)
        return one.program.table.exists(values) and any(
            _holds(ground, values)
            for ground in one.program.grounded.rules
            if named(ground.rule, ground.part) == rule
        )

    def fires(
        self, rule: str, threshold: str, value: int, looked: list[_Looked]
    ) -> tuple[_Looked, Mapping[str, int]] | None:
        """A case that fires a rule with this value of the threshold, all others as they are; None when it is proven that none does."""
        for one in looked:
            literal = one.fires.get(rule, FALSE)
            if literal == FALSE:
                continue
            given = {n: v for n, v in self.usual.items() if n in one.residual.unknowns}
            if threshold not in given:
                continue
            answer = one.session.ask(literal, given={**given, threshold: value})
            if answer.world is not None:
                return one, answer.world
            if not answer.cannot:
                raise OutOfBudget
        return None


def _holds(rule: GroundRule, values: Mapping[str, int]) -> bool:
    return holds(rule.when, values) and (rule.unless is None or not holds(rule.unless, values))


def rooms_json(found: Rooms) -> Iterator[dict[str, object]]:
    """The room of each threshold as other programs read it: part of sharedvalue/audit/1."""
    for room in found.rooms:
        yield {
            "threshold": room.name,
            "unit": room.type.unit,
            "value": show(room.value, room.type),
            "looked_from": show(room.least, room.type),
            "looked_to": show(room.most, room.type),
            "below": _side(room.below, room.type),
            "above": _side(room.above, room.type),
        }


def _side(border: Border | None, kind: ValueType) -> dict[str, object] | None:
    return None if border is None else {"at": show(border.value, kind), "rules": list(border.rules)}
