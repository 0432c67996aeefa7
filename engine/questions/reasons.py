"""The reasons for an outcome: every minimal set of facts that alone makes it certain, whatever all other facts are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import NumberType, show
from sharedvalue.engine.questions.forcing import Forcing
from sharedvalue.engine.questions.ranges import every_value, has_value, said_facts, stated_value
from sharedvalue.engine.readings.prove import Budget, OutOfBudget, budget_of
from sharedvalue.engine.worlds.restated import restated

SCHEMA = "sharedvalue/reasons/1"
SECONDS = 10.0
MOST = 20_000  # candidates kept


@dataclass(frozen=True)
class Reasons:
    """Sets of facts, each enough for the outcome, none with a fact too many; the shortest first.

    A fact is held as the case says it: at one value, or within its range. `complete`: these are all there are. Else the
    budget (`seconds`) ran out: each is proven, and there may be more. `facts` are all facts that the case says something of
    and that the choice may read; `lists` gives the values of those that are a list, which counts as one. A case whose open
    facts leave several outcomes has no reasons.
    """

    decision: Decision
    facts: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
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
    decision: Decision,
    among: Iterable[str] | None = None,
    budget: Budget | float = SECONDS,
    cells: bool = False,
) -> Reasons:
    """All reasons for the outcome of a decision that is certain.

    Facts that are not part of a reason may be stated to be anything that their type allows, within what cannot be, and the
    case is formed anew; the lists keep their number of records. A list that counts only through sums over all its
    records is one fact of a reason, held as a whole or let loose as a whole; with `cells` each of its values is one.

    Args:
        among: names of values; only these are let loose, each by itself, and all others are taken as they are. None for all.
    """
    seconds = budget.left if isinstance(budget, Budget) else budget
    every = said_facts(decision.worlds)
    names = every if among is None else tuple(name for name in every if name in set(among))
    whole = frozenset[str]() if cells or among is not None else summed_lists(decision)
    parts: dict[str, list[str]] = {}
    for name in names:
        parts.setdefault(fact_of(name) if fact_of(name) in whole else name, []).append(name)
    if not decision.certain:
        lists = {name: tuple(values) for name, values in parts.items() if name in whole}
        return Reasons(decision, tuple(parts), lists, (), decision.complete, seconds)
    return _Reasoner(decision, parts, budget_of(budget), seconds).run()


def summed_lists(decision: Decision) -> frozenset[str]:
    """The lists of which no record counts by itself: nothing that the outcome stands on is concluded of one record."""
    worlds = decision.worlds
    alone = {
        fact_of(argument)
        for name in stands_on(worlds.grounded, "outcome")
        if "(" in name
        for argument in name.split("(", 1)[1].rstrip(")").split(",")
    }
    return frozenset(worlds.scenario.records) - alone


class _Reasoner:
    """Finds the reasons."""

    def __init__(
        self, decision: Decision, parts: Mapping[str, Sequence[str]], budget: Budget, seconds: float
    ) -> None:
        self.decision, self.parts, self.seconds = decision, parts, seconds
        self.names = tuple(parts)
        self.worlds = decision.worlds
        self.budget = budget
        self.code = self.worlds.book.outcome_names.index(decision.outcome)

    def run(self) -> Reasons:
        """By duality: each smallest set that shares a fact with every set known to allow another outcome when let loose
        is tried; it is a reason, or else a world shows more sets to be let loose."""
        proven: set[int] = set()
        complete = True
        try:
            forcing = self.forcing()
            candidates = {0}
            while waiting := candidates - proven:
                candidate = min(waiting, key=lambda bits: (bits.bit_count(), bits))
                loose = forcing.loosened(candidate)
                if not loose:
                    proven.add(candidate)
                for one in loose:
                    candidates = hit(candidates, one)
                    if len(candidates) > MOST:
                        raise OutOfBudget
        except OutOfBudget:
            complete = False
        named = [tuple(name for i, name in enumerate(self.names) if bits >> i & 1) for bits in proven]
        named.sort(key=lambda reason: (len(reason), [self.names.index(n) for n in reason]))
        lists = {name: tuple(part) for name, part in self.parts.items() if list(part) != [name]}
        return Reasons(self.decision, self.names, lists, tuple(named), complete, self.seconds)

    def forcing(self) -> Forcing:
        """The case in which every fact that the choice may read is let loose, but for those that are taken as they are."""
        worlds = self.worlds
        loose = {name for part in self.parts.values() for name in part}
        taken = {name for name in said_facts(worlds) if name not in loose}
        deciding = deciding_inputs(worlds.grounded)
        moving = {
            name: every_value(worlds, name)
            for name in worlds.domains
            if name in deciding and name not in taken and fact_of(name) in worlds.book.facts
        }
        case = restated(worlds, moving, self.budget)
        lists = summed_lists(self.decision)
        summed = [name for name in worlds.known if fact_of(name) in lists and name in loose]
        own = {name: worlds.domains[name] for name in loose}
        own |= {name: Domain.known(stated_value(worlds, name)) for name in loose if has_value(worlds, name)}
        return Forcing(case.residual, self.code, list(self.parts.values()), own, summed, self.budget)


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

    def value(name: str) -> object:
        kind, own = variables[name].type, worlds.domains[name]
        if has_value(worlds, name) or own.is_known:
            return show(stated_value(worlds, name), kind)
        if isinstance(kind, NumberType) and isinstance(own.points, range):
            return {"between": [show(own.lo, kind), show(own.hi, kind)]}
        return {"one_of": [show(v, kind) for v in own.values()]}

    def facts(names: Sequence[str]) -> dict[str, object]:
        return {address(n): "as given" if n in found.lists else value(n) for n in names}

    return {
        "schema": SCHEMA,
        "scenario": worlds.scenario.title,
        "outcome": found.decision.outcome,
        "certain": found.decision.certain,
        "complete": found.complete,
        "budget_seconds": found.seconds,
        "count": len(found.reasons),
        "lists": {name: {address(n): value(n) for n in cells} for name, cells in found.lists.items()},
        "reasons": [{"facts": facts(reason)} for reason in found.reasons],
        "assumed": [address(n) for n in found.facts if n in worlds.assumed],
        "necessary": [address(n) for n in found.necessary],
        "irrelevant": [address(n) for n in found.irrelevant],
    }
