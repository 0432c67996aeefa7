"""Which rules may decide where the outcome is the same in every world and the rule is not: "by Z21 or Z04, depending on ..."."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import GroundBranch, Grounded
from sharedvalue.engine.readings.prove import (
    Budget,
    OutOfBudget,
    Program,
    Residual,
    Steps,
    WorldsTable,
    anywhere,
)

SECONDS = 2.0  # as steps


@dataclass(frozen=True)
class Deciding:
    """The branches that decide in some world, the one that comes first before the others; and the open facts that they hang on.

    Where `exact` is False, more branches and facts are named than may be needed: there were too many worlds to go through.
    """

    branches: tuple[GroundBranch, ...]
    facts: tuple[str, ...]
    exact: bool = True


def deciding(grounded: Grounded, domains: Mapping[str, Domain]) -> Deciding:
    """Which branches may decide within some domains. Where all is known, the one that does."""
    budget = Steps(SECONDS)
    branches = {branch.place: branch for branch in grounded.branches}
    residual = Program.from_grounded(grounded).residual(domains, budget)
    places = {place: literal for place, literal in residual.places.items() if place in branches}
    support = 0
    for literal in places.values():
        support |= residual.circuit.supports(literal)
    hang_on = tuple(residual.circuit.names(support))
    if len(places) < 2:
        return Deciding(tuple(branches[place] for place in places), ())
    table = WorldsTable.of(residual.axes, [*places.values(), residual.exists])
    if table is None:
        met = [place for place, literal in places.items() if _may(residual, literal, budget)]
        return Deciding(tuple(branches[place] for place in sorted(met)), hang_on, exact=False)
    real = table.where(residual.exists)
    worlds = {place: found for place, literal in places.items() if (found := table.where(literal) & real)}
    pivotal = table.pivotal(worlds) if len(worlds) > 1 else set()
    return Deciding(
        tuple(branches[place] for place in sorted(worlds)), tuple(n for n in hang_on if n in pivotal)
    )


def _may(residual: Residual, literal: int, budget: Budget) -> bool:
    """Whether a literal holds in some world; where the budget does not tell, it is said that it may."""
    try:
        answer = anywhere(residual, residual.circuit.all((literal, residual.exists)), budget)
    except OutOfBudget:
        return True
    return not answer.cannot


__all__ = ["Deciding", "deciding"]
