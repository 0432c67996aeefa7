"""How far each fact and each threshold may move, alone, before the outcome changes: exact, by proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.decision import Decision, decide
from engine.decision.dependencies import deciding_inputs
from engine.language.domains import Domain
from engine.language.grounded import Grounded
from engine.language.types import NumberType, ValueType, show
from engine.questions.loose_thresholds import ground_loosely
from engine.questions.moves import Moves
from engine.readings.prove import FALSE, Budget, Found, Goal, LeastCost, Move, OutOfBudget
from engine.readings.prove import Program as Prover
from engine.worlds.belief import everything

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
    table = _Table(decision, worlds.grounded, {n: _wide(decision, n) for n in names}, budget)
    facts = list(table.all())
    undecided = list(table.undecided)
    found: list[Sensitivity] = []
    if thresholds:
        grounded = ground_loosely(worlds.book, worlds.shape)
        read = deciding_inputs(grounded)
        loose = {
            t.name: _within(everything(t.type), t.value)
            for t in worlds.book.thresholds.values()
            if t.name in read
        }
        other = _Table(decision, grounded, loose, budget)
        found = list(other.all())
        undecided += other.undecided
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


def _within(domain: Domain, value: int) -> Domain:
    return domain if domain.contains(value) else Domain.listed([*domain.values(), value])


def _wide(decision: Decision, name: str) -> Domain:
    """All that a value may be, and what it is."""
    worlds = decision.worlds
    listed = worlds.listed(name)
    return _within(
        Domain.listed(listed) if listed else everything(worlds.grounded.variables[name].type),
        worlds.domains[name].lo,
    )


class _Table:
    """One table with some values let loose, each of which is moved while the others stay."""

    def __init__(
        self, decision: Decision, grounded: Grounded, loose: Mapping[str, Domain], budget: Budget
    ) -> None:
        self.decision, self.grounded, self.budget = decision, grounded, budget
        self.book = decision.worlds.book
        self.undecided: list[str] = []
        deciding = deciding_inputs(grounded)
        domains = {**{n: d for n, d in decision.worlds.domains.items() if n in grounded.inputs}, **loose}
        thresholds = self.book.thresholds
        self.start = {n: thresholds[n].value if n in thresholds else domains[n].lo for n in grounded.inputs}
        for name, domain in decision.worlds.domains.items():
            if name in loose and name not in thresholds:
                self.start[name] = domain.lo
        for name in set(grounded.inputs) - set(domains):  # thresholds that the choice does not read
            domains[name] = Domain.known(self.start[name])
        self.loose = [name for name in loose if name in deciding]
        self.search: LeastCost | None = None
        try:
            residual = Prover.from_grounded(grounded).residual(domains, budget)
        except OutOfBudget:
            return
        moves = {n: Move(self.start[n], each=int(n in loose)) for n in residual.unknowns}
        self.search = search = LeastCost(residual, moves)
        circuit, code = residual.circuit, self.book.outcome_names.index(decision.outcome)
        self.other = search.goal(circuit.all([residual.exists, -residual.outcomes.get(code, FALSE)]))
        self.exists = search.goal(residual.exists)
        self.outcomes = {
            self.book.outcome_names[o]: search.goal(circuit.all([residual.exists, literal]))
            for o, literal in residual.outcomes.items()
            if o >= 0 and o != code
        }

    def all(self) -> Iterator[Sensitivity]:
        for name in self.loose:
            kind = self.grounded.variables[name].type
            try:
                yield self.number(name, kind) if isinstance(kind, NumberType) else self.choice(name, kind)
            except OutOfBudget:
                self.undecided.append(name)

    def look(self, goal: Goal, name: str, lo: int, hi: int) -> Found | None:
        """The world nearest to the start in which a goal holds, with one value between two places and the others at rest."""
        search = self.search
        if search is None or self.budget.spent:
            raise OutOfBudget
        bounds = [
            (lo, hi)
            if n == name
            else (search.starts[i], search.starts[i])
            if n in self.loose_set
            else (0, len(search.points[i]) - 1)
            for i, n in enumerate(search.names)
        ]
        found = next(goal.search(bounds, self.budget), None)
        if search.inexact:
            raise OutOfBudget
        return found

    @cached_property
    def loose_set(self) -> frozenset[str]:
        """What stays at its value while one moves; open facts do not."""
        open_facts = set(self.decision.worlds.open)
        return frozenset(n for n in (self.search.names if self.search else ()) if n not in open_facts)

    def possible(self, name: str, place: int) -> tuple[str, ...]:
        found = [
            outcome
            for outcome, goal in self.outcomes.items()
            if self.look(goal, name, place, place) is not None
        ]
        code = self.decision.outcome
        residual = self.search.residual if self.search else None
        assert residual is not None
        literal = residual.outcomes.get(self.book.outcome_names.index(code), FALSE)
        assert self.search is not None
        if self.decision.worlds.open and self.look(
            self.search.goal(residual.circuit.all([residual.exists, literal])), name, place, place
        ):
            found.append(code)
        return tuple(o for o in self.book.outcome_names if o in found)

    def number(self, name: str, kind: NumberType) -> Sensitivity:
        assert self.search is not None or self.undecided is not None
        if self.search is None:
            raise OutOfBudget
        points = (
            self.search.residual.unknowns[name].points
            if name in self.search.residual.unknowns
            else (self.start[name],)
        )
        at = points.index(self.start[name])
        sides: dict[bool, Border | None] = {}
        ends = {False: 0, True: len(points) - 1}
        for upward in (False, True):
            lo, hi = (at + 1, len(points) - 1) if upward else (0, at - 1)
            found = self.look(self.other, name, lo, hi) if lo <= hi else None
            sides[upward] = None
            if found is not None:
                place = points.index(found.world[name])
                sides[upward] = Border(points[place], self.possible(name, place))
                ends[upward] = place - 1 if upward else place + 1
        return Sensitivity(
            name, kind, self.start[name], points[ends[False]], points[ends[True]], sides[False], sides[True]
        )

    def choice(self, name: str, kind: ValueType) -> Sensitivity:
        if self.search is None:
            raise OutOfBudget
        points = (
            self.search.residual.unknowns[name].points
            if name in self.search.residual.unknowns
            else (self.start[name],)
        )
        keeps, changes = [], {}
        for place, value in enumerate(points):
            if value == self.start[name] or self.look(self.other, name, place, place) is None:
                if value == self.start[name] or self.look(self.exists, name, place, place) is not None:
                    keeps.append(value)
            else:
                changes[value] = self.possible(name, place)
        return Sensitivity(name, kind, self.start[name], keeps=tuple(keeps), changes=changes)


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
