"""The cheapest changes that lead to another outcome: proven minimal, and each checked by firing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import NoReturn

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.decision.dependencies import deciding_inputs
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import NumberType, show
from sharedvalue.engine.questions.moves import Movable, Moves
from sharedvalue.engine.questions.ranges import all_values
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.prove import FALSE, Budget, Found, Goal, LeastCost, OutOfBudget, anywhere
from sharedvalue.engine.readings.prove import Move as Cost
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds.belief import everything

World = dict[str, int]
SCHEMA = "sharedvalue/flip/1"
SECONDS = 10.0
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
    """A set of changes that together lead to another outcome. `direction` is improve | mixed | undo.

    `cost` is the sum of the house costs in facts.yaml. `minimal`: it is proven that no cheaper set of changes of this
    kind leads there (of those that do not include an earlier flip's facts), so that no part of it suffices.
    """

    to: str
    direction: str
    changes: tuple[Change, ...]
    cost: Fraction
    minimal: bool


@dataclass(frozen=True)
class Flips:
    """All flips of one decision, the advised ones first. `unreachable`: proven that no allowed change leads there;
    `undecided`: not found, and not proven impossible, within the budget. `keep` are the values that had to stay."""

    decision: Decision
    flips: tuple[Flip, ...]
    unreachable: tuple[str, ...]
    undecided: tuple[str, ...]
    keep: frozenset[str] = frozenset()

    def against(self, outcome: str, budget_seconds: float = SECONDS) -> tuple[str, ...]:
        """Facts that stand against an outcome: they are not to be changed here, and together rule it out.

        Empty when the rules alone do, or when that was not settled in the budget.
        """
        return _Flipper(self.decision, self.keep, budget_seconds).against(outcome)


def flip(
    decision: Decision, to: str | None = None, keep: Iterable[str] = (), budget_seconds: float = SECONDS
) -> Flips:
    """The cheapest changes to each other outcome, or to one.

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
        below = [
            n
            for n in worlds.domains
            if n == address or worlds.scenario.address(n) == address or n.startswith(f"{address}[")
        ]
        if not below:
            known = [worlds.scenario.address(n) for n in worlds.domains]
            raise mistake(
                "SV204", "--keep", f"there is no fact '{address}' here", did_you_mean(address, known)
            )
        held.update(below)
    wanted = [to] if to is not None else [name for name in names if name != decision.outcome]
    return _Flipper(decision, frozenset(held), budget_seconds).run(wanted)


class _Flipper:
    def __init__(self, decision: Decision, held: frozenset[str], budget_seconds: float) -> None:
        self.decision, self.worlds, self.held = decision, decision.worlds, held
        self.moves = Moves(decision)
        self.prover = Prover.from_grounded(self.worlds.grounded)
        self.program = Program.from_grounded(self.worlds.grounded)
        self.budget = Budget(budget_seconds)
        deciding = deciding_inputs(self.worlds.grounded)
        self.open = [name for name in self.worlds.open if name in deciding]
        self.movable: dict[str, Movable] = {}
        for name in self.moves.names:
            movable = self.moves.movable(name)
            if name not in held and may_move(movable):
                self.movable[name] = movable
        self.start = {name: self.worlds.domains[name].lo for name in self.movable}

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
        domains = {**self.worlds.domains, **{name: self.domain(name) for name in self.movable}}
        found: list[Flip] = []
        unreachable: list[str] = []
        undecided: list[str] = []
        try:
            residual = self.prover.residual(domains, self.budget)
        except OutOfBudget:
            return Flips(self.decision, (), (), tuple(wanted), self.held)
        pool = [possible.example for possible in self.decision.possible]
        search = LeastCost(
            residual, {name: self.cost(name) for name in self.movable}, [dict(world) for world in pool]
        )
        for outcome in wanted:
            flips, sure = self.search(search, outcome)
            found += flips
            if not flips:
                (unreachable if sure else undecided).append(outcome)
        found.sort(key=lambda f: (DIRECTIONS.index(f.direction), f.cost))
        return Flips(self.decision, tuple(found), tuple(unreachable), tuple(undecided), self.held)

    def search(self, search: LeastCost, outcome: str) -> tuple[list[Flip], bool]:
        """The flips to an outcome, and whether it is proven that these are all there are to tell."""
        literal = search.residual.outcomes.get(self.worlds.book.outcome_names.index(outcome))
        if literal is None:
            return [], True
        goal = Goal(search, self.holds(search, literal))
        found: list[Flip] = []
        sure = True
        for direction, several in (("improve", SEVERAL), ("undo", 1), ("mixed", 1)):
            most = min((f.cost for f in found), default=None) if direction == "mixed" else None
            better, complete = self.directed(search, goal, outcome, direction, several, most)
            sure = sure and complete
            found += [f for f in better if f.direction == direction]
        return found, sure

    def holds(self, search: LeastCost, outcome: int) -> int:
        """The literal that a world of the changed values counts: it exists, and leads to the outcome in every world."""
        circuit = search.circuit
        kept = [-never for _, never in search.residual.never if not circuit.supports(never) & ~search.moving]
        if not self.open:
            return circuit.all([outcome, *kept])
        return circuit.all([*kept, circuit.any([outcome, -search.residual.exists])])

    def directed(
        self,
        search: LeastCost,
        goal: Goal,
        outcome: str,
        direction: str,
        several: int,
        below: Fraction | None,
    ) -> tuple[list[Flip], bool]:
        """The cheapest flips in one direction; those that are not there are proven not to be when the second is True."""
        only = Goal(search, search.circuit.all([goal.literal, *self.choices(search, direction)]), goal)
        bounds = [search.span(name, *self.ends(name, direction)) for name in search.names]
        most = None if below is None else int(below * TENTHS) - 1
        flips: list[Flip] = []
        try:
            for found in islice(only.search(bounds, self.budget, self.confirming(outcome), most), several):
                flips.append(self.flip(outcome, found))
        except OutOfBudget:
            return flips, False
        return flips, True

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

    def confirming(self, outcome: str) -> Callable[[World], World | None]:
        """Says of changed values in which world they do not lead to the outcome: fired, where there is one world."""
        names = self.worlds.book.outcome_names
        code = names.index(outcome)

        def against(changed: World) -> World | None:
            example: Mapping[str, int] = {**self.decision.possible[0].example, **changed}
            if self.open or not self.prover.exists(example):
                residual = self.prover.residual(
                    {**self.worlds.domains, **{n: Domain.known(v) for n, v in changed.items()}}, self.budget
                )
                other = anywhere(
                    residual,
                    residual.circuit.all([residual.exists, -residual.outcomes.get(code, FALSE)]),
                    self.budget,
                )
                if not other.cannot:
                    return other.world or self.out_of_budget()
                example = anywhere(residual, residual.exists, self.budget).world or self.out_of_budget()
            fired = self.program.read(example).values["outcome"]
            if fired != code:  # the readings would disagree: a mistake of ours
                raise AssertionError(f"a proven flip to {outcome} fires to {names[fired]}")
            return None

        return against

    @staticmethod
    def out_of_budget() -> NoReturn:
        raise OutOfBudget

    def flip(self, outcome: str, found: Found) -> Flip:
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
        return Flip(outcome, direction, changes, Fraction(found.cost, TENTHS), found.minimal)

    # --- why not ------------------------------------------------------------------------------------------------
    def against(self, outcome: str) -> tuple[str, ...]:
        """Known facts that may not change here and that together rule an outcome out, none of them without need."""
        grounded = self.worlds.grounded
        free = {n: everything(grounded.variables[n].type) for n in deciding_inputs(grounded)}
        try:
            session = self.prover.session({**self.worlds.domains, **free}, max(0.0, self.budget.left))
        except OutOfBudget:
            return ()
        literal = session.residual.outcomes.get(self.worlds.book.outcome_names.index(outcome))
        if literal is None:
            return ()
        fixed = {n: self.worlds.domains[n].lo for n in self.moves.names if n not in self.movable}
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


def flips_json(flips: Flips) -> dict[str, object]:
    """The flips as other programs read them: sharedvalue/flip/1."""
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

    return {
        "schema": SCHEMA,
        "scenario": worlds.scenario.title,
        "outcome": flips.decision.outcome,
        "certain": flips.decision.certain,
        "unreachable": list(flips.unreachable),
        "undecided": list(flips.undecided),
        "flips": [
            {
                "to": f.to,
                "direction": f.direction,
                "changes": [one(c) for c in f.changes],
                "cost": int(f.cost) if f.cost.denominator == 1 else float(f.cost),
                "minimal": f.minimal,
            }
            for f in flips.flips
        ],
        "against": {
            outcome: [worlds.scenario.address(n) for n in flips.against(outcome)]
            for outcome in flips.unreachable
        },
    }
