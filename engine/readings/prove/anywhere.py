"""Whether something holds in any world at all: a small table of all worlds, else the search that needs no solver."""

from __future__ import annotations

from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget
from sharedvalue.engine.readings.prove.cheapest import Goal
from sharedvalue.engine.readings.prove.circuit import FALSE
from sharedvalue.engine.readings.prove.least_cost import LeastCost
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.session import Answer, Move
from sharedvalue.engine.readings.prove.worlds_table import WorldsTable

MOST_WORLDS = 1 << 14


def anywhere(residual: Residual, literal: int, budget: Budget, most: int = MOST_WORLDS) -> Answer:
    """A full world in which a literal holds, or the proof that there is none, or neither within the budget.

    Which worlds exist is not looked at: that is `residual.exists`, to be made part of the literal.
    """
    if literal == FALSE:
        return Answer(cannot=True)
    middles = {name: domain.middle for name, domain in residual.unknowns.items()}
    table = WorldsTable.of(residual.axes, [literal], most)
    if table is not None:
        worlds = table.where(literal)
        return Answer(world=residual.given | middles | table.world(worlds)) if worlds else Answer(cannot=True)
    names = residual.circuit.names(residual.circuit.supports(literal))
    search = LeastCost(residual, {name: Move(middles[name]) for name in names})
    bounds = [(0, len(points) - 1) for points in search.points]
    try:
        for found in Goal(search, literal).search(bounds, budget):
            return Answer(world=residual.given | middles | found.world)
    except OutOfBudget:
        return Answer()
    return Answer(cannot=True)


def possible_outcomes(residual: Residual, budget: Budget) -> frozenset[int]:
    """The outcomes that come out in some world that exists; none where no world does.

    Raises:
        OutOfBudget: that is not known.
    """
    table = WorldsTable.of(residual.axes, [*residual.outcomes.values(), residual.exists])
    if table is not None:
        real = table.where(residual.exists)
        return frozenset(code for code, literal in residual.outcomes.items() if table.where(literal) & real)
    found = set()
    for code, literal in residual.outcomes.items():
        answer = anywhere(residual, residual.circuit.all((literal, residual.exists)), budget)
        if not answer.sure:
            raise OutOfBudget
        if answer.world is not None:
            found.add(code)
    return frozenset(found)
