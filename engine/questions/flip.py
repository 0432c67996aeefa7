"""The cheapest changes that lead to another outcome, proven minimal: by bisection on the cost over every world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from engine.decision import Decision
from engine.decision.dependencies import deciding_inputs
from engine.errors import UserError, did_you_mean, mistake
from engine.language.domains import Domain
from engine.language.types import NumberType
from engine.questions.moves import Movable, Moves
from engine.readings.fire import Program
from engine.readings.prove import Move as Cost
from engine.readings.prove import Program as Prover
from engine.readings.prove import Session
from engine.worlds.belief import everything

SECONDS = 10.0
SEVERAL = 3  # different improving flips to one outcome
TRIES = 40  # candidates tried where open facts must not matter
TENTHS = 10  # costs are kept in tenths, as percents are


@dataclass(frozen=True)
class Change:
    """One value changed; scaled integers."""

    name: str
    start: int
    to: int
    owner: str
    improving: bool


@dataclass(frozen=True)
class Flip:
    """A set of changes that together lead to another outcome. `direction` is improve | undo | mixed.

    `cost` is the sum of the house costs in facts.yaml. `minimal`: it is proven that no cheaper set of such changes leads
    there, so that no part of it suffices.
    """

    to: str
    direction: str
    changes: tuple[Change, ...]
    cost: Fraction
    minimal: bool


@dataclass(frozen=True)
class Flips:
    """All flips of one decision. `unreachable`: proven that no allowed change leads there, with the facts that stand
    against it; `undecided`: not found, and not proven impossible, within the budget."""

    decision: Decision
    flips: tuple[Flip, ...]
    unreachable: tuple[str, ...]
    undecided: tuple[str, ...]
    against: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def flip(decision: Decision, to: str | None = None, keep: Iterable[str] = (), budget_seconds: float = SECONDS) -> Flips:
    """The cheapest changes to each other outcome, or to one.

    Args:
        to: an outcome; None for every outcome but the present one.
        keep: addresses of values that must stay as they are.

    Raises:
        UserError: SV204 for an unknown value in `keep`, SV208 for an outcome that is not one, or is the present one.
    """
    names = decision.worlds.book.outcome_names
    if to is not None and to not in names:
        raise mistake("SV208", "--to", f"there is no outcome '{to}'", did_you_mean(to, names) or f"Outcomes: {', '.join(names)}.")
    if to == decision.outcome and decision.certain:
        raise mistake("SV208", "--to", f"{to} is already the outcome", "Name another outcome.")
    held = set()
    for address in keep:
        name = decision.worlds.scenario.resolve(address)
        if name is None or name not in decision.worlds.grounded.variables:
            known = [decision.worlds.scenario.address(n) for n in decision.worlds.domains]
            raise mistake("SV204", "--keep", f"there is no fact '{address}' here", did_you_mean(address, known))
        held.add(name)
    present = decision.outcome if decision.certain else None
    wanted = [to] if to is not None else [name for name in names if name != present]
    return _Flipper(decision, held, budget_seconds).run(wanted)


class _Flipper:
    def __init__(self, decision: Decision, held: set[str], budget_seconds: float) -> None:
        self.decision = decision
        self.worlds = decision.worlds
        self.moves = Moves(decision)
        self.prover = Prover.from_grounded(self.worlds.grounded)
        self.budget = budget_seconds
        deciding = deciding_inputs(self.worlds.grounded)
        self.open = [n for n in self.worlds.open if n in deciding]
        self.movable: dict[str, Movable] = {}
        for name in self.moves.names:
            movable = self.moves.movable(name)
            if name not in held and self.may_move(movable):
                self.movable[name] = movable

    @staticmethod
    def may_move(movable: Movable) -> bool:
        """Whether anybody could change it: for a choice, only where the vocabulary knows a better and a worse."""
        if movable.owner == "nobody" or movable.held:
            return False
        return isinstance(movable.type, NumberType) or bool(movable.order())

    def domain(self, name: str, improving: bool) -> Domain:
        """The start and the whole steps that a value may move to."""
        movable, start = self.movable[name], self.worlds.domains[name].lo
        every = everything(movable.type)
        if not isinstance(movable.type, NumberType):
            return Domain.listed([start, *(v for v in every.values() if not improving or movable.improving(start, v))])
        lo, hi = every.lo, every.hi
        if improving:
            lo, hi = (start, hi) if movable.improves == ("up",) else (lo, start) if movable.improves == ("down",) else (start, start)
        step = movable.type.step
        if start % step == 0:
            return Domain.span(lo, hi, step)
        return Domain.listed([start, *range(-(-lo // step) * step, hi + 1, step)])

    def run(self, wanted: list[str]) -> Flips:
        found: list[Flip] = []
        unreachable, undecided, against = [], [], {}
        improve, any_way = self.session(improving=True), self.session(improving=False)
        for outcome in wanted:
            better = self.search(improve, outcome, SEVERAL)
            freely = self.search(any_way, outcome, 1)
            unsure = better is None or freely is None
            flips = list(better or ())
            flips += [f for f in freely or () if not flips or (f.direction != "improve" and f.cost < flips[0].cost)]
            found += flips
            if not flips and unsure:
                undecided.append(outcome)
            elif not flips:
                unreachable.append(outcome)
                against[outcome] = self.stands_against(any_way, outcome)
        order = {"improve": 0, "mixed": 1, "undo": 2}
        found.sort(key=lambda f: (order[f.direction], f.cost))
        return Flips(self.decision, tuple(found), tuple(unreachable), tuple(undecided), against)

    def session(self, improving: bool) -> Session:
        domains = {**self.worlds.domains, **{name: self.domain(name, improving) for name in self.movable}}
        return self.prover.session(domains, self.budget)

    def costs(self) -> dict[str, Cost]:
        found = {}
        for name, movable in self.movable.items():
            basis, amount = movable.cost
            start = self.worlds.domains[name].lo
            if basis == "once" or not isinstance(movable.type, NumberType):
                found[name] = Cost(start, once=amount * TENTHS)
            else:
                found[name] = Cost(start, each=amount * TENTHS // movable.type.scale or 1)
        return found

    def search(self, session: Session, outcome: str, several: int) -> list[Flip] | None:
        """The cheapest flips to an outcome, each with another set of facts; None when it is not known whether there is one."""
        code = self.worlds.book.outcome_names.index(outcome)
        literal = session.residual.outcomes.get(code)
        if literal is None:
            return []
        session.push()
        try:
            found: list[Flip] = []
            moves = self.costs()
            for _ in range(TRIES):
                best = session.cheapest(moves, literal)
                if best.world is None:
                    return found if best.cannot else (found or None)
                changed = {n: best.world[n] for n in self.movable if best.world[n] != self.worlds.domains[n].lo}
                if not changed:
                    return found  # the open facts alone may lead there; no change is needed
                if self.leads_to(changed, outcome):
                    found.append(self.flip(outcome, changed, best.minimal))
                    if len(found) >= several:
                        return found
                    session.require(session.residual.circuit.any(-literal for literal in self.moved(session, changed)))
                elif not self.open:
                    raise AssertionError("a proven flip does not fire")  # the readings would disagree: a mistake of ours
                else:
                    session.require(session.residual.circuit.any(-session.is_value(n, v) for n, v in changed.items()))
            return found or None
        finally:
            session.pop()

    def moved(self, session: Session, changed: Mapping[str, int]) -> list[int]:
        """For each changed value, the literal that it is not where it started."""
        return [-session.is_value(name, self.worlds.domains[name].lo) for name in changed]

    def leads_to(self, changed: Mapping[str, int], outcome: str) -> bool:
        """Whether the changes lead there in every world that the open facts allow: fired, where there is one world."""
        domains = {**self.worlds.domains, **{name: Domain.known(value) for name, value in changed.items()}}
        if not self.open:
            trace = Program.from_grounded(self.worlds.grounded).read({n: d.lo for n, d in domains.items()})
            return self.worlds.book.outcome_names[trace.values["outcome"]] == outcome
        try:
            found = self.prover.possible(domains, self.budget)
        except UserError:
            return False
        return found.complete and [self.worlds.book.outcome_names[p.outcome] for p in found.outcomes] == [outcome]

    def flip(self, outcome: str, changed: Mapping[str, int], minimal: bool) -> Flip:
        changes = []
        cost = Fraction(0)
        costs = self.costs()
        for name, to in changed.items():
            start, movable = self.worlds.domains[name].lo, self.movable[name]
            changes.append(Change(name, start, to, movable.owner, movable.improving(start, to)))
            cost += Fraction(costs[name].cost(to), TENTHS)
        directions = {c.improving for c in changes}
        direction = "mixed" if len(directions) == 2 else "improve" if directions == {True} else "undo"
        return Flip(outcome, direction, tuple(changes), cost, minimal)

    def stands_against(self, session: Session, outcome: str) -> tuple[str, ...]:
        """Facts that nobody here can change and that together rule the outcome out; empty when the rules alone do."""
        code = self.worlds.book.outcome_names.index(outcome)
        free = {n: everything(self.worlds.grounded.variables[n].type) for n in deciding_inputs(self.worlds.grounded)}
        wide = self.prover.session({**self.worlds.domains, **free}, self.budget)
        literal = wide.residual.outcomes.get(code)
        if literal is None:
            return ()
        fixed = {n: self.worlds.domains[n].lo for n in self.moves.names if n not in self.movable}
        return tuple(sorted(wide.ask(literal, given=fixed).because))
