"""How far each fact and each threshold may move, alone, before the outcome changes: exact, by proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.questions.along import Stretch, along, along_fact
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.questions.meaning import Standing, standing_of
from sharedvalue.engine.questions.ranges import said_facts, stated_value, with_value
from sharedvalue.engine.readings.prove import Budget, OutOfBudget, Steps
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds.belief import everything

SCHEMA = "sharedvalue/sensitivity/1"
SECONDS = 10.0


@dataclass(frozen=True)
class Border:
    """The nearest whole step on one side at which other outcomes are possible, and all that are possible there."""

    value: int
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """One value moved alone; scaled integers. `own` is what it is: one value, or all that it may be.

    `stretches` say of every value that a file may state what is possible with it. The same is possible as now from
    `stays_from` to `stays_to` (None: not for all that it may be), and `below` and `above` are the borders (None: it may go to
    the end). For a choice, `keeps` are the values with which the same is possible, `changes` the others with what is
    possible then; values that cannot be are in neither.
    """

    name: str
    type: ValueType
    own: Domain
    stretches: tuple[Stretch, ...]
    stays_from: int | None = None
    stays_to: int | None = None
    below: Border | None = None
    above: Border | None = None
    keeps: tuple[int, ...] = ()
    changes: Mapping[int, tuple[str, ...]] | None = None

    @property
    def value(self) -> int:
        return self.own.lo

    @property
    def is_number(self) -> bool:
        return isinstance(self.type, NumberType)

    @cached_property
    def distance(self) -> int | None:
        """How far the nearest border is, in scaled integers; None for a choice, or where there is no border."""
        ends = [self.own.lo - self.below.value] if self.below is not None else []
        return min(
            [*ends, *([self.above.value - self.own.hi] if self.above is not None else [])], default=None
        )

    @property
    def matters(self) -> bool:
        return bool(self.below or self.above or self.changes) or (self.is_number and self.stays_from is None)


@dataclass(frozen=True)
class Sensitivities:
    """All facts, and all thresholds that the choice reads, the nearest border first.

    `possible` are the outcomes that are possible as things are: the one of the answer, where it is certain. `undecided` are
    the values that the budget did not reach. `provisional`: the rules about the decision itself call it so.
    """

    decision: Decision
    possible: tuple[str, ...]
    facts: tuple[Sensitivity, ...]
    thresholds: tuple[Sensitivity, ...]
    undecided: tuple[str, ...]
    provisional: bool


def sensitivity(
    decision: Decision,
    thresholds: bool = True,
    budget_seconds: float = SECONDS,
    among: Iterable[str] | None = None,
) -> Sensitivities:
    """How far each fact of a case may move, and each threshold, while all others stay as they are.

    A fact that moves is stated to be each value in turn, and the case is formed anew; open facts range over what they may
    be. A threshold moves with the worlds held as they are. Facts that are not `among` those named, where some are, are left out.
    """
    worlds, budget = decision.worlds, Steps(budget_seconds)
    now = Standing(tuple(possible.outcome for possible in decision.possible))
    facts: list[Sensitivity] = []
    undecided: list[str] = []
    for name in moved_alone(decision) if among is None else among:
        try:
            own = (
                worlds.domains[name] if name not in worlds.known else Domain.known(stated_value(worlds, name))
            )
            facts.append(
                _found(name, worlds.grounded.variables[name].type, own, along_fact(worlds, name, budget), now)
            )
        except OutOfBudget:
            undecided.append(name)
    found: list[Sensitivity] = []
    if thresholds:
        found, more = _thresholds(decision, now, budget)
        undecided += more
    return Sensitivities(
        decision,
        now.outcomes,
        tuple(sorted(facts, key=_order)),
        tuple(sorted(found, key=_order)),
        tuple(undecided),
        _provisional(decision, facts),
    )


def moved_alone(decision: Decision) -> list[str]:
    """The values that the case says something of; where the answer is open, all facts that the choice stands on.

    None that means nothing here and that nobody gave: one sponsor is not in conflict with itself.
    """
    worlds = decision.worlds
    said = [name for name in said_facts(worlds) if fact_of(name) not in worlds.unasked]
    if decision.certain:
        return said
    deciding = deciding_inputs(worlds.grounded)
    asked = worlds.book.facts.keys() - worlds.unasked
    return [n for n in worlds.domains if n in said or (n in deciding and fact_of(n) in asked)]


def _provisional(decision: Decision, facts: Iterable[Sensitivity]) -> bool:
    nearest = min(
        (s.distance for s in facts if s.distance is not None and s.type.unit == "percent"), default=None
    )
    if nearest is None or not decision.certain:
        return decision.after.holds("provisional")
    return decide(decision.worlds, nearest_flip=nearest).after.holds("provisional")


def _order(one: Sensitivity) -> tuple[int, float, str]:
    if one.distance is not None:
        assert isinstance(one.type, NumberType)
        return 0, one.distance / one.type.scale, one.name
    return (1 if one.matters else 2), 0, one.name


def _thresholds(decision: Decision, now: Standing, budget: Budget) -> tuple[list[Sensitivity], list[str]]:
    """What is found of each threshold that the choice reads, and the thresholds that the budget did not reach."""
    worlds, book = decision.worlds, decision.worlds.book
    grounded = ground_loosely(book, worlds.shape)
    deciding, prover = deciding_inputs(grounded), Prover.from_grounded(grounded)
    given = {
        n: worlds.domains[n] if n in worlds.domains else Domain.known(book.thresholds[n].value)
        for n in grounded.inputs
    }
    found: list[Sensitivity] = []
    undecided: list[str] = []
    for threshold in book.thresholds.values():
        if threshold.name not in deciding:
            continue
        name, own = threshold.name, Domain.known(threshold.value)
        domain = with_value(everything(threshold.type), threshold.value)
        try:
            if budget.spent:
                raise OutOfBudget
            residual = prover.residual({**given, name: domain}, budget)

            def at(value: int, name: str = name) -> Standing:
                return standing_of(book, prover, {**given, name: Domain.known(value)}, budget)

            stretches = along(residual, name, domain, book.outcome_names, at, budget)
            found.append(_found(name, threshold.type, own, stretches, now))
        except OutOfBudget:
            undecided.append(name)
    return found, undecided


def _found(
    name: str, kind: ValueType, own: Domain, stretches: tuple[Stretch, ...], now: Standing
) -> Sensitivity:
    if not isinstance(kind, NumberType):
        said = {v: s.standing for s in stretches for v in own_values(kind) if s.lo <= v <= s.hi}
        return Sensitivity(
            name,
            kind,
            own,
            stretches,
            keeps=tuple(v for v, then in said.items() if then == now),
            changes={v: then.outcomes for v, then in said.items() if then != now and then.can_be},
        )
    return _Numbered(name, kind, own, stretches, now).found()


def own_values(kind: ValueType) -> Sequence[int]:
    return everything(kind).values()


class _Numbered:
    """Where a number may go with the same outcomes possible. What cannot be is no border: nothing comes out there."""

    def __init__(
        self, name: str, kind: NumberType, own: Domain, stretches: tuple[Stretch, ...], now: Standing
    ) -> None:
        self.name, self.kind, self.own, self.stretches, self.now = name, kind, own, stretches, now

    def stays(self, stretch: Stretch) -> bool:
        return stretch.standing == self.now or not stretch.standing.can_be

    def found(self) -> Sensitivity:
        mine = [i for i, s in enumerate(self.stretches) if s.hi >= self.own.lo and s.lo <= self.own.hi]
        if not all(self.stays(self.stretches[i]) for i in mine):
            return Sensitivity(self.name, self.kind, self.own, self.stretches)
        first, last = mine[0], mine[-1]
        while first > 0 and self.stays(self.stretches[first - 1]):
            first -= 1
        while last + 1 < len(self.stretches) and self.stays(self.stretches[last + 1]):
            last += 1
        below = self.stretches[first - 1] if first > 0 else None
        above = self.stretches[last + 1] if last + 1 < len(self.stretches) else None
        return Sensitivity(
            self.name,
            self.kind,
            self.own,
            self.stretches,
            self.whole(self.stretches[first].lo, self.own.lo, up=True),
            self.whole(self.stretches[last].hi, self.own.hi, up=False),
            None
            if below is None
            else Border(self.whole(below.hi, below.lo, up=False), below.standing.outcomes),
            None
            if above is None
            else Border(self.whole(above.lo, above.hi, up=True), above.standing.outcomes),
        )

    def whole(self, end: int, toward: int, up: bool) -> int:
        """The first whole step from an end toward a value; the end itself where none lies between."""
        step = self.kind.step
        value = -(-end // step) * step if up else end // step * step
        return value if (value <= toward if up else value >= toward) else end


def sensitivity_json(found: Sensitivities) -> dict[str, object]:
    """What moves the outcome, as other programs read it: sharedvalue/sensitivity/1."""
    scenario = found.decision.worlds.scenario

    def own(item: Sensitivity) -> object:
        if item.own.is_known:
            return show(item.value, item.type)
        if not item.is_number:
            return {"one_of": [show(v, item.type) for v in item.own.values()]}
        return {"between": [show(item.own.lo, item.type), show(item.own.hi, item.type)]}

    def one(item: Sensitivity, key: str, name: str) -> dict[str, object]:
        shown: dict[str, object] = {key: name, "value": own(item)}
        if not item.is_number:
            changes = item.changes or {}
            return {
                **shown,
                "keeps": [show(v, item.type) for v in item.keeps],
                "changes": [{"to": show(v, item.type), "outcomes": list(o)} for v, o in changes.items()],
            }
        assert isinstance(item.type, NumberType)
        return {
            **shown,
            "stays_from": None if item.stays_from is None else show(item.stays_from, item.type),
            "stays_to": None if item.stays_to is None else show(item.stays_to, item.type),
            "beyond_below": _only(item.below),
            "beyond_above": _only(item.above),
            "outcomes_below": list(item.below.outcomes) if item.below else [],
            "outcomes_above": list(item.above.outcomes) if item.above else [],
            "distance": None if item.distance is None else item.distance / item.type.scale,
            "stretches": [
                {
                    "from": show(s.lo, item.type),
                    "to": show(s.hi, item.type),
                    "possible": list(s.standing.outcomes),
                }
                for s in item.stretches
            ],
        }

    return {
        "schema": SCHEMA,
        "scenario": scenario.title,
        "outcome": found.decision.outcome,
        "certain": found.decision.certain,
        "possible": list(found.possible),
        "provisional": found.provisional,
        "undecided": [scenario.address(n) for n in found.undecided],
        "facts": [one(s, "fact", scenario.address(s.name)) for s in found.facts],
        "thresholds": [one(s, "threshold", s.name) for s in found.thresholds],
    }


def _only(border: Border | None) -> str | None:
    """The outcome that is certain beyond a border; None where there is no border, or several are possible there."""
    return border.outcomes[0] if border is not None and len(border.outcomes) == 1 else None
