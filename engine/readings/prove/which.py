"""Which of many literals hold in some world that exists: by worlds that are drawn, then by proof for those that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget
from sharedvalue.engine.readings.prove.circuit import FALSE, taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.points import Point
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.sample import Sampler
from sharedvalue.engine.readings.prove.session import Session

DRAWN = 4096
HURRY = 2.0  # seconds that the solver has for one question


@dataclass
class Which:
    """The names whose literal holds in some world; those that are proven to hold in none; and the others."""

    held: set[str] = field(default_factory=set)
    never: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


def which_hold(residual: Residual, literals: Mapping[str, int], budget: Budget) -> Which:
    """Tells for each named literal whether some world that exists makes it hold."""
    found = Which(never={name for name, literal in literals.items() if literal == FALSE})
    left = {name: literal for name, literal in literals.items() if literal != FALSE}
    try:
        _draw(residual, left, found)
        session = Session(residual, budget)
        while left:
            answer = session.ask(residual.circuit.any(left.values()))
            if answer.cannot:
                found.never |= set(left)
                return found
            if answer.world is None:
                break
            _met(residual, left, found, answer.world)
        for name, literal in list(left.items()):  # all at once is too much: one by one
            session.budget = budget.part(HURRY)
            answer = session.ask(literal)
            if answer.cannot:
                found.never.add(name)
                del left[name]
            elif answer.world is not None:
                _met(residual, left, found, answer.world)
    except OutOfBudget:
        pass
    found.unsure = set(left) - found.held - found.never
    return found


def _draw(residual: Residual, left: dict[str, int], found: Which) -> None:
    sampler = Sampler(residual.axes, [*left.values(), residual.exists])
    sample = sampler.draw(DRAWN)
    real = taken(sample.bits, residual.exists, sample.full)
    for name, literal in list(left.items()):
        if taken(sample.bits, literal, sample.full) & real:
            found.held.add(name)
            del left[name]


def _met(residual: Residual, left: dict[str, int], found: Which, world: World) -> None:
    here = Point(residual.circuit, world)
    for name, literal in list(left.items()):
        if here.holds(literal):
            found.held.add(name)
            del left[name]
