"""How open facts must turn out for an outcome: of each that alone can turn the answer, the values with which it is possible."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.questions.along import along_fact
from sharedvalue.engine.questions.flip import Flip, Flips
from sharedvalue.engine.readings.prove import OutOfBudget, Steps, steps_of
from sharedvalue.engine.worlds import suppose

SECONDS = 2.0  # as steps


@dataclass(frozen=True)
class Hinge:
    """An open fact and how it must turn out: values from and to (scaled, both included)."""

    name: str
    ways: tuple[tuple[int, int], ...]


def hinges(decision: Decision, outcome: str, budget: Steps | float = SECONDS) -> tuple[Hinge, ...]:
    """Of each open fact that alone can turn the answer, the values with which an outcome is possible, where not all are.

    What the budget did not reach is left out.
    """
    worlds, budget = decision.worlds, steps_of(budget)
    found = []
    for name in decision.pivotal:
        fact = worlds.book.facts.get(name.split("[")[0])
        if fact is None or (isinstance(fact.type, RecordsType) and "[" not in name):
            continue
        own = worlds.domains[name]
        try:
            stretches = along_fact(worlds, name, budget)
        except OutOfBudget:
            break
        mine = [s for s in stretches if s.hi >= own.lo and s.lo <= own.hi and meets(own, s.lo, s.hi)]
        ways: list[tuple[int, int]] = []
        for s in mine:
            if s.standing.is_possible(outcome):
                lo, hi = max(s.lo, own.lo), min(s.hi, own.hi)
                if ways and not meets(own, ways[-1][1] + 1, lo - 1):
                    ways[-1] = (ways[-1][0], hi)
                else:
                    ways.append((lo, hi))
        if len(ways) != 1 or ways[0] != (own.lo, own.hi):
            found.append(Hinge(name, tuple(ways)))
    return tuple(found)


def meets(domain: Domain, lo: int, hi: int) -> bool:
    """Whether a domain holds a value between two."""
    place = domain.place(lo)
    return place < domain.size and domain.points[place] <= hi


def hinges_of(flips: Flips, one: Flip, budget: Steps | float = SECONDS) -> tuple[Hinge, ...]:
    """How open facts must turn out after a change that makes an outcome possible and not certain."""
    if one.certain:
        return ()
    changes = {change.name: Domain.known(change.to) for change in one.changes}
    budget = steps_of(budget)
    try:
        after = decide(suppose(flips.decision.worlds, changes), budget)
    except UserError:  # SV902: nothing was found within the budget
        return ()
    return hinges(after, one.to, budget)
