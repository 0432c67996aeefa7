"""The cheapest changes that lead to another outcome: proven minimal, and each checked by firing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import NumberType, show
from sharedvalue.engine.questions.meaning import FORMING, standing
from sharedvalue.engine.questions.moves import Movable, Moves
from sharedvalue.engine.questions.ranges import all_values, stated_value
from sharedvalue.engine.readings.prove import (
    FALSE,
    TRUE,
    Found,
    Goal,
    LeastCost,
    OutOfBudget,
    Residual,
    Steps,
    anywhere,
    steps_of,
)
from sharedvalue.engine.readings.prove import Move as Cost
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import misfits, suppose
from sharedvalue.engine.worlds.belief import everything
from sharedvalue.engine.worlds.restated import DOUBTED, Restated, restated

World = dict[str, int]
SCHEMA = "sharedvalue/flip/1"
SECONDS = 8.0  # as steps: what is recorded comes out the same again
TELLING = 2.0  # as steps: what stands against the outcomes out of reach, all of them together
SEVERAL = 3  # different improving flips to one outcome
TENTHS = 10  # costs are kept in tenths, as percents are
DIRECTIONS = ("improve", "mixed", "undo")


@dataclass(frozen=True)
class Change:
    """One value changed; scaled integers. `moves` says what a measured value really measures."""

    name: str
    start: int
    to: int
    owner: str
    improving: bool
    moves: str


@dataclass(frozen=True)
class Flip:
    """A set of changes after which another outcome is certain, or (`outcomes` are then several) possible.

    `direction` is improve | mixed | undo. `cost` is the sum of the house costs in facts.yaml. `minimal`: it is proven that
    no cheaper set of changes of this kind does so (of those that do not include an earlier flip's facts), so that no part of
    it suffices.
    """

    to: str
    direction: str
    changes: tuple[Change, ...]
    cost: Fraction
    minimal: bool
    outcomes: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        return self.outcomes == (self.to,)


@dataclass(frozen=True)
class Flips:
    """All flips of one decision, the advised ones first (see meaning.py).

    `flips` make an outcome certain; `openings` make one possible that is ruled out as things are. `possible` are the outcomes
    that are possible with no change. `unreachable`: proven to be ruled out in every world by every allowed change;
    `never_sure`: proven that no allowed change makes it certain, though it is possible, or may become so; `undecided`: not
    found, and not proven impossible, within the budget. `keep` are the values that had to stay.
    """

    decision: Decision
    flips: tuple[Flip, ...]
    openings: tuple[Flip, ...]
    possible: tuple[str, ...]
    unreachable: tuple[str, ...]
    never_sure: tuple[str, ...]
    undecided: tuple[str, ...]
    keep: frozenset[str] = frozenset()

    def against(self, outcome: str, budget: Steps | float = SECONDS) -> tuple[str, ...]:
        """Facts that stand against an outcome: they are not to be changed here, and together rule it out.

        Empty when the rules alone do, or when that was not settled in the budget.
        """
        return _Flipper(self.decision, self.keep, steps_of(budget)).against(outcome)


def flip(
    decision: Decision, to: str | None = None, keep: Iterable[str] = (), budget: Steps | float = SECONDS
) -> Flips:
    """The cheapest changes that make each other outcome, or one, certain, and those that make it possible.

    The case is formed anew with every change; open facts range over what they may be.

    Args:
        to: an outcome; None for every outcome but the present one.
        keep: addresses of values that must stay as they are.

    Raises:
        UserError: SV204 for an unknown value in `keep`, SV208 for an outcome that is not one, or is the present one.
    """
    worlds = decision.worlds
    names = worlds.book.outcome_names
    if to is not None:
        asked, to = to, to.strip().upper().replace("-", "_").replace(" ", "_")
        if to not in names:
            raise mistake(
                "SV208",
                "--to",
                f"there is no outcome '{asked}'",
                did_you_mean(to, names) or f"Outcomes: {', '.join(names)}.",
            )
        if to == decision.outcome:
            raise mistake("SV208", "--to", f"{to} is already the outcome", "Name another outcome.")
    held = set()
    for address in keep:
        name = worlds.scenario.resolve(address) or address
        below = [n for n in worlds.domains if n == name or n.startswith((f"{name}[", f"{name}."))]
        if not below:
            known = [worlds.scenario.address(n) for n in worlds.domains]
            raise mistake(
                "SV204", "--keep", f"there is no fact '{address}' here", did_you_mean(address, known)
            )
        held.update(below)
    wanted = [to] if to is not None else [name for name in names if name != decision.outcome]
    return _Flipper(decision, frozenset(held), steps_of(budget)).run(wanted)


@dataclass(frozen=True)
class _Case:
    """The case let loose: searched with open facts standing against a change (`certain`), or turning out as they can."""

    case: Restated
    certain: LeastCost
    opening: LeastCost
    goals: dict[tuple[str, bool], Goal] = field(default_factory=dict)


class _Unfit(Exception):
    """A change after which readings do not fit that fit before."""


class _Flipper:
    def __init__(self, decision: Decision, held: frozenset[str], budget: Steps) -> None:
        self.decision, self.worlds, self.held = decision, decision.worlds, held
        self.moves = Moves(decision, budget)
        self.prover = Prover.from_grounded(self.worlds.grounded)
        self.budget = budget
        self.movable: dict[str, Movable] = {}
        for name in self.moves.names:
            movable = self.moves.movable(name)
            if name not in held and may_move(movable):
                self.movable[name] = movable
        self.start = {name: stated_value(self.worlds, name) for name in self.movable}

    # --- what may change ----------------------------------------------------------------------------------------
    def domain(self, name: str) -> Domain:
        """The start and the whole steps that a value may move to."""
        return all_values(self.worlds, name)

    def cost(self, name: str) -> Cost:
        movable, start = self.movable[name], self.start[name]
        basis, amount = movable.cost
        if basis == "once" or not isinstance(movable.type, NumberType):
            return Cost(start, once=amount * TENTHS)
        return Cost(start, each=max(1, amount * TENTHS // movable.type.scale))

    def ends(self, name: str, direction: str) -> tuple[int, int]:
        """How far a value may move in a direction: improve | undo | mixed (both ways)."""
        movable, start = self.movable[name], self.start[name]
        lo, hi = self.domain(name).lo, self.domain(name).hi
        if direction == "mixed" or not isinstance(movable.type, NumberType):
            return lo, hi
        better = (
            (start, hi)
            if movable.improves == ("up",)
            else (lo, start)
            if movable.improves == ("down",)
            else None
        )
        if better is None:
            return (start, start) if direction == "improve" else (lo, hi)
        worse = (lo, start) if better[0] == start else (start, hi)
        return better if direction == "improve" else worse

    # --- searching ----------------------------------------------------------------------------------------------
    def run(self, wanted: Sequence[str]) -> Flips:
        possible = tuple(one.outcome for one in self.decision.possible)
        try:
            self.cases = {"aside": self.case("aside")}
        except OutOfBudget:
            return Flips(self.decision, (), (), possible, (), (), tuple(wanted), self.held)
        found: list[Flip] = []
        openings: list[Flip] = []
        unreachable: list[str] = []
        never_sure: list[str] = []
        undecided: list[str] = []
        for outcome in wanted:
            flips, sure = self.search(outcome)
            found += flips
            some, some_sure = ([], True) if outcome in possible else self.open_up(outcome, flips)
            openings += some
            if not flips and not (some or outcome in possible):
                (unreachable if some_sure else undecided).append(outcome)
            elif not flips:
                (never_sure if sure else undecided).append(outcome)
        order = lambda f: (DIRECTIONS.index(f.direction), f.cost)  # noqa: E731
        return Flips(
            self.decision,
            tuple(sorted(found, key=order)),
            tuple(sorted(openings, key=order)),
            possible,
            tuple(unreachable),
            tuple(never_sure),
            tuple(undecided),
            self.held,
        )

    def case(self, way: str) -> _Case:
        """The case with all that may be changed let loose, as two searches."""
        case = restated(self.worlds, {name: self.domain(name) for name in self.movable}, self.budget, way)
        moves = {name: self.cost(name) for name in self.movable}
        pool = [
            {**one.example, **{n: one.example.get(n.removesuffix(DOUBTED), 0) for n in case.doubted}}
            for one in self.decision.possible
        ]
        free = {n: Cost(domain.middle) for n, domain in case.residual.unknowns.items() if n not in moves}
        return _Case(case, LeastCost(case.residual, moves, pool), LeastCost(case.residual, {**free, **moves}))

    def search(self, outcome: str) -> tuple[list[Flip], bool]:
        """The flips that make an outcome certain, and whether it is proven that these are all there are to tell."""
        found: list[Flip] = []
        sure = True
        for direction, several in (("improve", SEVERAL), ("undo", 1), ("mixed", 1)):
            most = min((f.cost for f in found), default=None) if direction == "mixed" else None
            better, complete = self.directed(outcome, direction, several, most, certain=True)
            sure = sure and complete
            found += [f for f in better if f.direction == direction]
        return found, sure

    def open_up(self, outcome: str, certain: Sequence[Flip]) -> tuple[list[Flip], bool]:
        """The cheapest flip in each direction that makes an outcome possible, where none as cheap makes it certain."""
        found: list[Flip] = []
        sure = True
        for direction in DIRECTIONS:
            rivals = [f.cost for f in (*certain, *found) if direction in ("mixed", f.direction)]
            better, complete = self.directed(outcome, direction, 1, min(rivals, default=None), certain=False)
            sure = sure and complete
            found += [f for f in better if f.direction == direction]
        return found, sure

    def code(self, outcome: str) -> int:
        return self.worlds.book.outcome_names.index(outcome)

    def holds(self, search: LeastCost, outcome: int) -> int:
        """The literal that a world of the changed values counts: it exists, and leads to the outcome in every world."""
        circuit = search.circuit
        kept = [-never for _, never in search.residual.never if not circuit.supports(never) & ~search.moving]
        if len(search.names) == len(search.residual.unknowns):
            return circuit.all([outcome, *kept])
        return circuit.all([*kept, circuit.any([outcome, -search.residual.exists])])

    def goal(self, case: _Case, outcome: str, certain: bool) -> tuple[LeastCost, Goal] | None:
        """What is searched for: the outcome in every world, or in one; None where it comes out in none at all."""
        key = outcome, certain
        if key not in case.goals:
            search = case.certain if certain else case.opening
            literal = search.residual.outcomes.get(self.code(outcome))
            if literal is None:
                return None
            case.goals[key] = Goal(
                search,
                self.holds(search, literal)
                if certain
                else search.circuit.all([literal, search.residual.exists]),
            )
        return (case.certain if certain else case.opening), case.goals[key]

    def directed(
        self, outcome: str, direction: str, several: int, below: Fraction | None, certain: bool
    ) -> tuple[list[Flip], bool]:
        """The cheapest flips in one direction; those that are not there are proven not to be when the second is True.

        Readings that come not to fit are first left aside, which allows no flip less; where one is found that brings this
        about, such changes are forbidden.
        """
        for way in ("aside", "forbid"):
            try:
                if way not in self.cases:
                    self.cases[way] = self.case(way)
                return self.within(self.cases[way], outcome, direction, several, below, certain)
            except _Unfit:
                continue
            except OutOfBudget:
                return [], False
        raise AssertionError("a change that was forbidden was found")

    def within(
        self, case: _Case, outcome: str, direction: str, several: int, below: Fraction | None, certain: bool
    ) -> tuple[list[Flip], bool]:
        made = self.goal(case, outcome, certain)
        if made is None:
            return [], True
        search, goal = made
        only = Goal(search, search.circuit.all([goal.literal, *self.choices(search, direction)]), goal)
        bounds = [
            search.span(name, *self.ends(name, direction))
            if name in self.movable
            else (0, search.residual.unknowns[name].size - 1)
            for name in search.names
        ]
        most = None if below is None else int(below * TENTHS) - 1
        flips: list[Flip] = []
        confirm = self.confirming(case.case, outcome) if certain else None
        try:
            for found in islice(only.search(bounds, self.budget, confirm, most), several):
                if not certain:
                    self.fits(case.case, found.world)
                flips.append(self.flip(outcome, found))
        except OutOfBudget:
            return flips, False
        return flips, all(outcome in flip.outcomes for flip in flips)

    def fits(self, case: Restated, changed: World) -> None:
        """Raises _Unfit where a change makes readings not fit that fit before."""
        if case.unfit:
            moved = {
                n: Domain.known(changed[n])
                for n, start in self.start.items()
                if changed.get(n, start) != start
            }
            try:
                after = suppose(self.worlds, moved)
            except UserError:
                return
            if misfits(self.worlds, after):
                raise _Unfit

    def choices(self, search: LeastCost, direction: str) -> Iterable[int]:
        """That no choice takes a value that lies in another direction."""
        for name, movable in self.movable.items():
            if direction != "mixed" and not isinstance(movable.type, NumberType):
                for value in self.domain(name).values():
                    if value != self.start[name] and movable.improving(self.start[name], value) is not (
                        direction == "improve"
                    ):
                        variable = search.residual.variable(name)
                        yield -search.residual.arithmetic.compare(variable, "==", value)

    def confirming(self, case: Restated, outcome: str) -> Callable[[World], World | frozenset[str] | None]:
        """Says of changed values in which world they do not lead to the outcome, or which of them cannot be together."""
        code = self.code(outcome)

        def against(changed: World) -> World | frozenset[str] | None:
            self.fits(case, changed)
            if len(changed) == len(case.residual.unknowns):
                return None  # nothing is open: the search itself looked at all there is
            self.budget.charge(FORMING * len(self.worlds.grounded.variables))
            point = restated(
                self.worlds, {n: Domain.known(v) for n, v in changed.items()}, self.budget
            ).residual
            other = point.circuit.all([point.exists, -point.outcomes.get(code, FALSE)])
            answer = anywhere(point, other, self.budget)
            if answer.world is not None:
                return dict(answer.world)
            if not answer.cannot:
                raise OutOfBudget
            exists = anywhere(point, point.exists, self.budget)
            if not exists.sure:
                raise OutOfBudget
            return self.cannot_be(case, point) if exists.cannot else None

        return against

    def cannot_be(self, case: Restated, point: Residual) -> frozenset[str]:
        """The values that move and with which no world exists, as they are at a point."""
        circuit, broken = case.residual.circuit, [name for name, never in point.never if never == TRUE]
        support = 0
        for name, never in case.residual.never:
            if name in broken or not broken:
                support |= circuit.supports(never)
        return frozenset(circuit.names(support)) & frozenset(self.movable)

    def flip(self, outcome: str, found: Found) -> Flip:
        """The flip as it is told: the case is formed with it, and what is possible then is read."""
        changes = tuple(
            Change(
                name,
                start,
                found.world[name],
                self.movable[name].owner,
                self.movable[name].improving(start, found.world[name]),
                self.movable[name].moves,
            )
            for name, start in self.start.items()
            if found.world.get(name, start) != start
        )
        ways = {change.improving for change in changes}
        direction = "mixed" if len(ways) > 1 else "improve" if ways == {True} else "undo"
        after = standing(self.worlds, {change.name: change.to for change in changes}, self.budget)
        return Flip(outcome, direction, changes, Fraction(found.cost, TENTHS), found.minimal, after.outcomes)

    # --- why not ------------------------------------------------------------------------------------------------
    def against(self, outcome: str) -> tuple[str, ...]:
        """Known facts that may not change here and that together rule an outcome out, none of them without need."""
        grounded = self.worlds.grounded
        free = {n: everything(grounded.variables[n].type) for n in deciding_inputs(grounded)}
        try:
            session = self.prover.session({**self.worlds.domains, **free}, self.budget)
        except OutOfBudget:
            return ()
        literal = session.residual.outcomes.get(self.worlds.book.outcome_names.index(outcome))
        if literal is None:
            return ()
        known = [n for n in free if n in self.worlds.domains and self.worlds.domains[n].is_known]
        fixed = {n: self.worlds.domains[n].lo for n in known if n not in self.movable}
        found = session.ask(literal, given=fixed).because
        for name in sorted(found):
            fewer = session.ask(literal, given={n: fixed[n] for n in found if n != name})
            if fewer.cannot:
                found = fewer.because
        return tuple(n for n in self.worlds.domains if n in found)


def may_move(movable: Movable) -> bool:
    """Whether a change of it means something: the vocabulary knows a better and a worse, or what is measured."""
    if movable.owner == "nobody" or movable.held:
        return False
    if isinstance(movable.type, NumberType):
        return movable.improves in (("up",), ("down",)) or bool(movable.moves)
    return bool(movable.order())


def flips_json(flips: Flips, budget: Steps | float = TELLING) -> dict[str, object]:
    """The flips as other programs read them: sharedvalue/flip/1."""
    telling = steps_of(budget)
    worlds = flips.decision.worlds
    variables = worlds.grounded.variables

    def one(change: Change) -> dict[str, object]:
        kind = variables[change.name].type
        return {
            "fact": worlds.scenario.address(change.name),
            "from": show(change.start, kind),
            "to": show(change.to, kind),
            "owner": change.owner,
            "improving": change.improving,
            "moves": change.moves,
        }

    def told(f: Flip) -> dict[str, object]:
        return {
            "to": f.to,
            "direction": f.direction,
            "certain": f.certain,
            "outcomes": list(f.outcomes),
            "changes": [one(c) for c in f.changes],
            "cost": int(f.cost) if f.cost.denominator == 1 else float(f.cost),
            "minimal": f.minimal,
        }

    return {
        "schema": SCHEMA,
        "scenario": worlds.scenario.title,
        "outcome": flips.decision.outcome,
        "certain": flips.decision.certain,
        "possible": list(flips.possible),
        "unreachable": list(flips.unreachable),
        "never_sure": list(flips.never_sure),
        "undecided": list(flips.undecided),
        "flips": [told(f) for f in flips.flips],
        "openings": [told(f) for f in flips.openings],
        "against": {
            outcome: [worlds.scenario.address(n) for n in flips.against(outcome, telling)]
            for outcome in flips.unreachable
        },
    }
