"""How far each fact and each threshold may move, alone, before the outcome changes: exact, by proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.decision.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.ranges import all_values, with_value
from sharedvalue.engine.readings.prove import FALSE, Budget, Found, Goal, LeastCost, Move, OutOfBudget
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds.belief import everything

SCHEMA = "sharedvalue/sensitivity/1"
SECONDS = 10.0


@dataclass(frozen=True)
class Border:
    """The nearest value on one side at which another outcome is possible. `outcomes` are those possible there."""

    value: int
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """One value moved alone; scaled integers. For a number: the outcome stays from `stays_from` to `stays_to`, and `below`
    and `above` are the borders (None: it may go to the end). For a choice: `keeps` are the values with which the outcome
    stays, `changes` the others with what is possible then; values that cannot be are in neither.
    """

    name: str
    type: ValueType
    value: int
    stays_from: int | None = None
    stays_to: int | None = None
    below: Border | None = None
    above: Border | None = None
    keeps: tuple[int, ...] = ()
    changes: Mapping[int, tuple[str, ...]] | None = None

    @property
    def is_number(self) -> bool:
        return isinstance(self.type, NumberType)

    @cached_property
    def distance(self) -> int | None:
        """How far the nearest border is, in scaled integers; None for a choice, or where there is no border."""
        return min(
            (abs(b.value - self.value) for b in (self.below, self.above) if b is not None), default=None
        )

    @property
    def matters(self) -> bool:
        return bool(self.below or self.above or self.changes)


@dataclass(frozen=True)
class Sensitivities:
    """All facts, and all thresholds that the choice reads, the nearest border first.

    `undecided` are the values of which this is not known: all, where open facts leave several outcomes; else those that
    the budget did not reach. `provisional`: the rules about the decision itself call it so.
    """

    decision: Decision
    facts: tuple[Sensitivity, ...]
    thresholds: tuple[Sensitivity, ...]
    undecided: tuple[str, ...]
    provisional: bool


def sensitivity(
    decision: Decision, thresholds: bool = True, budget_seconds: float = SECONDS
) -> Sensitivities:
    """How far each known fact of a case may move, and each threshold, while all others stay.

    Open facts range over what they may be: the outcome stays where it is the only one in every world.
    """
    worlds, budget = decision.worlds, Budget(budget_seconds)
    names = Moves(decision).names
    if not decision.certain:
        return Sensitivities(decision, (), (), names, False)
    facts, undecided = _all(decision, worlds.grounded, {n: all_values(worlds, n) for n in names}, budget)
    found: list[Sensitivity] = []
    if thresholds:
        grounded = ground_loosely(worlds.book, worlds.shape)
        varied = {t.name: with_value(everything(t.type), t.value) for t in worlds.book.thresholds.values()}
        found, more = _all(decision, grounded, varied, budget)
        undecided += more
    nearest = min(
        (s.distance for s in facts if s.distance is not None and s.type.unit == "percent"), default=None
    )
    after = decide(worlds, nearest_flip=nearest).after if nearest is not None else decision.after
    return Sensitivities(
        decision,
        tuple(sorted(facts, key=_order)),
        tuple(sorted(found, key=_order)),
        tuple(undecided),
        after.holds("provisional"),
    )


def _order(one: Sensitivity) -> tuple[int, float, str]:
    if one.distance is not None:
        assert isinstance(one.type, NumberType)
        return 0, one.distance / one.type.scale, one.name
    return (1 if one.matters else 2), 0, one.name


def _all(
    decision: Decision, grounded: Grounded, varied: Mapping[str, Domain], budget: Budget
) -> tuple[list[Sensitivity], list[str]]:
    """What is found of each value that the choice reads, and the values that the budget did not reach."""
    deciding = deciding_inputs(grounded)
    names = [name for name in varied if name in deciding]
    found: list[Sensitivity] = []
    try:
        table = _Table(decision, grounded, {name: varied[name] for name in names}, budget)
        for name in names:
            found.append(
                table.number(name) if isinstance(table.type(name), NumberType) else table.choice(name)
            )
    except OutOfBudget:
        pass
    done = {one.name for one in found}
    return found, [name for name in names if name not in done]


class _Table:
    """One table with some values let loose, each of which is moved while the others stay."""

    def __init__(
        self, decision: Decision, grounded: Grounded, varied: Mapping[str, Domain], budget: Budget
    ) -> None:
        self.grounded, self.budget = grounded, budget
        given, thresholds = decision.worlds.domains, decision.worlds.book.thresholds
        rest = {n: given[n] if n in given else Domain.known(thresholds[n].value) for n in grounded.inputs}
        self.start = {name: domain.lo for name, domain in rest.items()}
        residual = Prover.from_grounded(grounded).residual({**rest, **varied}, budget)
        self.search = LeastCost(
            residual, {n: Move(self.start[n], each=int(n in varied)) for n in residual.unknowns}
        )
        self.stays = [(at, at) if n in varied else (0, len(points) - 1) for n, at, points in self.places()]
        names = decision.worlds.book.outcome_names
        all_of = residual.circuit.all
        self.exists = Goal(self.search, residual.exists)
        self.outcomes = {
            name: Goal(self.search, all_of([residual.exists, residual.outcomes[o]]))
            for o, name in enumerate(names)
            if o in residual.outcomes
        }
        now = residual.outcomes.get(names.index(decision.outcome), FALSE)
        self.other = Goal(self.search, all_of([residual.exists, -now]))

    def places(self) -> Iterator[tuple[str, int, Sequence[int]]]:
        return zip(self.search.names, self.search.starts, self.search.points, strict=True)

    def type(self, name: str) -> ValueType:
        return self.grounded.variables[name].type

    def points(self, name: str) -> Sequence[int]:
        unknowns = self.search.residual.unknowns
        return unknowns[name].points if name in unknowns else (self.start[name],)

    def look(self, goal: Goal, name: str, lo: int, hi: int) -> Found | None:
        """The nearest world in which a goal holds, with one value between two places and the others as they are."""
        bounds = list(self.stays)
        bounds[self.search.index[name]] = (lo, hi)
        found = next(goal.search(bounds, self.budget), None)
        if self.search.inexact:
            raise OutOfBudget
        return found

    def possible(self, name: str, place: int) -> tuple[str, ...]:
        return tuple(
            o for o, goal in self.outcomes.items() if self.look(goal, name, place, place) is not None
        )

    def number(self, name: str) -> Sensitivity:
        points = self.points(name)
        at, last = points.index(self.start[name]), len(points) - 1
        below, lowest = self.border(name, points, 0, at - 1)
        above, highest = self.border(name, points, at + 1, last)
        lo = points[0 if lowest is None else lowest + 1]
        hi = points[last if highest is None else highest - 1]
        return Sensitivity(name, self.type(name), points[at], lo, hi, below, above)

    def border(self, name: str, points: Sequence[int], lo: int, hi: int) -> tuple[Border | None, int | None]:
        found = self.look(self.other, name, lo, hi) if lo <= hi else None
        if found is None:
            return None, None
        place = points.index(found.world[name])
        return Border(points[place], self.possible(name, place)), place

    def choice(self, name: str) -> Sensitivity:
        keeps = [self.start[name]]
        changes = {}
        for place, value in enumerate(self.points(name)):
            if value == self.start[name]:
                continue
            if self.look(self.other, name, place, place) is not None:
                changes[value] = self.possible(name, place)
            elif self.look(self.exists, name, place, place) is not None:
                keeps.append(value)
        return Sensitivity(
            name, self.type(name), self.start[name], keeps=tuple(sorted(keeps)), changes=changes
        )


def sensitivity_json(found: Sensitivities) -> dict[str, object]:
    """What moves the outcome, as other programs read it: sharedvalue/sensitivity/1."""
    scenario = found.decision.worlds.scenario

    def one(item: Sensitivity, key: str, name: str) -> dict[str, object]:
        shown: dict[str, object] = {key: name, "value": show(item.value, item.type)}
        if not item.is_number:
            changes = item.changes or {}
            return {
                **shown,
                "keeps": [show(v, item.type) for v in item.keeps],
                "changes": [{"to": show(v, item.type), "outcomes": list(o)} for v, o in changes.items()],
            }
        assert item.stays_from is not None
        assert item.stays_to is not None
        assert isinstance(item.type, NumberType)
        return {
            **shown,
            "stays_from": show(item.stays_from, item.type),
            "stays_to": show(item.stays_to, item.type),
            "beyond_below": _first(found, item.below),
            "beyond_above": _first(found, item.above),
            "outcomes_below": list(item.below.outcomes) if item.below else [],
            "outcomes_above": list(item.above.outcomes) if item.above else [],
            "distance": None if item.distance is None else item.distance / item.type.scale,
        }

    return {
        "schema": SCHEMA,
        "scenario": scenario.title,
        "outcome": found.decision.outcome,
        "certain": found.decision.certain,
        "provisional": found.provisional,
        "undecided": [scenario.address(n) for n in found.undecided],
        "facts": [one(s, "fact", scenario.address(s.name)) for s in found.facts],
        "thresholds": [one(s, "threshold", s.name) for s in found.thresholds],
    }


def _first(found: Sensitivities, border: Border | None) -> str | None:
    """Another outcome that is possible beyond a border."""
    others: Iterable[str] = (
        () if border is None else (o for o in border.outcomes if o != found.decision.outcome)
    )
    return next(iter(others), None)
