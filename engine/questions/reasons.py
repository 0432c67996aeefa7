"""The reasons for an outcome: every minimal set of facts that alone forces it, whatever all other facts are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.decision import Decision
from engine.decision.dependencies import deciding_inputs
from engine.language.domains import Domain
from engine.language.types import show
from engine.questions.moves import Moves
from engine.questions.ranges import all_values
from engine.readings.prove import FALSE, Budget, OutOfBudget, Point, Session
from engine.readings.prove import Program as Prover

SCHEMA = "sharedvalue/reasons/1"
SECONDS = 10.0
MOST = 20_000  # candidates kept


@dataclass(frozen=True)
class Reasons:
    """Sets of facts, each enough for the outcome, none with a fact too many; the shortest first.

    `complete`: these are all there are. Else the budget (`seconds`) ran out: each is proven, and there may be more.
    `facts` are all known facts that the choice may read. A case whose open facts leave several outcomes has no reasons.
    """

    decision: Decision
    facts: tuple[str, ...]
    reasons: tuple[tuple[str, ...], ...]
    complete: bool
    seconds: float

    @cached_property
    def necessary(self) -> tuple[str, ...]:
        """The facts in every reason."""
        if not (self.reasons and self.complete):
            return ()
        return tuple(name for name in self.facts if all(name in reason for reason in self.reasons))

    @cached_property
    def irrelevant(self) -> tuple[str, ...]:
        """The facts in no reason."""
        if not (self.reasons and self.complete):
            return ()
        return tuple(name for name in self.facts if not any(name in reason for reason in self.reasons))


def reasons(
    decision: Decision, among: Iterable[str] | None = None, budget_seconds: float = SECONDS
) -> Reasons:
    """All reasons for the outcome of a decision that is certain.

    Facts that are not part of a reason range over all that their type allows, within what cannot be. Open facts range
    over what they may be; the lists keep their records.

    Args:
        among: names of values; only these are let loose, and all others are taken as they are. None for all.
    """
    every = Moves(decision).names
    names = every if among is None else tuple(name for name in every if name in set(among))
    if not decision.certain:
        return Reasons(decision, names, (), decision.complete, budget_seconds)
    return _Reasoner(decision, names, budget_seconds).run()


class _Reasoner:
    """Finds the reasons."""

    def __init__(self, decision: Decision, names: tuple[str, ...], seconds: float) -> None:
        self.decision, self.names, self.seconds = decision, names, seconds
        self.worlds = decision.worlds
        self.budget = Budget(seconds)
        self.prover = Prover.from_grounded(self.worlds.grounded)
        self.code = self.worlds.book.outcome_names.index(decision.outcome)

    def run(self) -> Reasons:
        """By duality: each smallest set that shares a fact with every set known to allow another outcome when let loose
        is tried; it is a reason, or else a world shows one more set to be let loose."""
        proven: set[int] = set()
        complete = True
        try:
            oracle = _Oracle(self)
            candidates = {0}
            while waiting := candidates - proven:
                candidate = min(waiting, key=lambda bits: (bits.bit_count(), bits))
                loose = oracle.loosened(candidate)
                if loose is None:
                    proven.add(candidate)
                else:
                    candidates = hit(candidates, loose)
                if len(candidates) > MOST:
                    raise OutOfBudget
        except OutOfBudget:
            complete = False
        named = [tuple(name for i, name in enumerate(self.names) if bits >> i & 1) for bits in proven]
        named.sort(key=lambda reason: (len(reason), [self.names.index(n) for n in reason]))
        return Reasons(self.decision, self.names, tuple(named), complete, self.seconds)

    def domains(self) -> dict[str, Domain]:
        """Open facts as they may be; all others that the choice may read as wide as their type."""
        taken = [name for name in Moves(self.decision).names if name not in self.names]
        stay = {*self.worlds.open, *taken}
        deciding = deciding_inputs(self.worlds.grounded)
        return {
            name: domain if name in stay or name not in deciding else all_values(self.worlds, name)
            for name, domain in self.worlds.domains.items()
        }


class _Oracle:
    """Says whether some facts force the outcome. Worlds in which they do not are made to differ in as few facts as may be."""

    def __init__(self, reasoner: _Reasoner) -> None:
        self.names, self.budget = reasoner.names, reasoner.budget
        worlds = reasoner.worlds
        self.start = worlds.known
        self.residual = residual = reasoner.prover.residual(reasoner.domains(), self.budget)
        self.session = Session(residual, self.budget)
        self.against = residual.circuit.all([residual.exists, -residual.outcomes.get(reasoner.code, FALSE)])

    def loosened(self, fixed: int) -> int | None:
        """Facts (as bits) that allow another outcome when they are let loose and these are not; None: there are none."""
        stay = {
            n: self.start[n]
            for i, n in enumerate(self.names)
            if fixed >> i & 1 and n in self.residual.unknowns
        }
        answer = self.session.ask(self.against, given=stay)
        if answer.cannot:
            return None
        if answer.world is None:
            raise OutOfBudget
        world = dict(answer.world)
        moved = [n for n in self.names if world[n] != self.start[n]]
        for name in moved:  # back to where it is, if the world still has another outcome
            back = {**world, name: self.start[name]}
            if Point(self.residual.circuit, back).holds(self.against):
                world = back
        return sum(1 << i for i, name in enumerate(self.names) if world[name] != self.start[name])


def hit(sets: Iterable[int], one: int) -> set[int]:
    """From all smallest sets that share a member with each of some sets: those that do so with one more."""
    sets = list(sets)
    hitting = [bits for bits in sets if bits & one]
    kept = set(hitting)
    for bits in sets:
        left = 0 if bits & one else one
        while left:
            member = left & -left
            left ^= member
            more = bits | member
            if not any(other & more == other for other in hitting):
                kept.add(more)
    return kept


def reasons_json(found: Reasons) -> dict[str, object]:
    """The reasons as other programs read them: sharedvalue/reasons/1."""
    worlds = found.decision.worlds
    variables, address = worlds.grounded.variables, worlds.scenario.address

    def values(names: Sequence[str]) -> dict[str, object]:
        return {address(n): show(worlds.domains[n].lo, variables[n].type) for n in names}

    return {
        "schema": SCHEMA,
        "scenario": worlds.scenario.title,
        "outcome": found.decision.outcome,
        "certain": found.decision.certain,
        "complete": found.complete,
        "budget_seconds": found.seconds,
        "count": len(found.reasons),
        "reasons": [{"facts": values(reason)} for reason in found.reasons],
        "necessary": [address(n) for n in found.necessary],
        "irrelevant": [address(n) for n in found.irrelevant],
    }
