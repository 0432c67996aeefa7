"""Which of many literals hold in some world that exists: by worlds met before, by worlds drawn, then by proof for what is left."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget
from sharedvalue.engine.readings.prove.circuit import FALSE, taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.points import Point
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.sample import Sampler
from sharedvalue.engine.readings.prove.session import Answer, Session

DRAWN = 4096
GLANCE, HURRY = 0.3, 2.0  # seconds that the solver has for one question, and when it begins anew


@dataclass
class Which:
    """The names whose literal holds in some world; those that are proven to hold in none; and the others.

    `worlds` are those that the solver had to be asked for: what is hard to meet here is often met in them elsewhere.
    """

    held: set[str] = field(default_factory=set)
    never: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    worlds: list[World] = field(default_factory=list)


def which_hold(
    residual: Residual, literals: Mapping[str, int], budget: Budget, tried: Iterable[Mapping[str, int]] = ()
) -> Which:
    """Tells for each named literal whether some world that exists makes it hold.

    `tried` are worlds to look at before the solver is asked; they may be those of another table.
    """
    found = Which(never={name for name, literal in literals.items() if literal == FALSE})
    left = {name: literal for name, literal in literals.items() if literal != FALSE}
    try:
        _draw(residual, left, found)
        _try(residual, left, found, tried)
        asker = _Asker(residual, budget)
        while left:
            answer = asker.ask(residual.circuit.any(left.values()))
            if answer.cannot:
                found.never |= set(left)
                return found
            if answer.world is None:
                break
            found.worlds.append(answer.world)
            _met(residual, left, found, answer.world)
        for name, literal in list(left.items()):  # all at once is too much: one by one
            answer = asker.ask(literal)
            if answer.cannot:
                found.never.add(name)
                del left[name]
            elif answer.world is not None:
                found.worlds.append(answer.world)
                _met(residual, left, found, answer.world)
    except OutOfBudget:
        pass
    found.unsure = set(left) - found.held - found.never
    return found


class _Asker:
    """Questions to one solver. Where it gets lost in what it learned, a new one often sees the answer at once."""

    def __init__(self, residual: Residual, budget: Budget) -> None:
        self.residual, self.budget = residual, budget
        self.session = Session(residual, budget)

    def ask(self, literal: int) -> Answer:
        self.session.budget = self.budget.part(GLANCE)
        answer = self.session.ask(literal)
        if not answer.sure:
            self.session = Session(self.residual, self.budget.part(HURRY))
            answer = self.session.ask(literal)
        return answer


def _draw(residual: Residual, left: dict[str, int], found: Which) -> None:
    sampler = Sampler(residual.axes, [*left.values(), residual.exists])
    sample = sampler.draw(DRAWN)
    real = taken(sample.bits, residual.exists, sample.full)
    for name, literal in list(left.items()):
        if taken(sample.bits, literal, sample.full) & real:
            found.held.add(name)
            del left[name]


def _try(residual: Residual, left: dict[str, int], found: Which, tried: Iterable[Mapping[str, int]]) -> None:
    """What holds in worlds like those given: an unknown that they say nothing of, or nothing possible, is drawn."""
    rng = random.Random(0)
    for world in tried:
        if not left:
            return
        here = {
            name: world[name]
            if name in world and domain.contains(world[name])
            else domain.points[rng.randrange(domain.size)]
            for name, domain in residual.unknowns.items()
        }
        residual.circuit.meter.charge(len(here))
        if Point(residual.circuit, here).holds(residual.exists):
            _met(residual, left, found, here)


def _met(residual: Residual, left: dict[str, int], found: Which, world: World) -> None:
    here = Point(residual.circuit, world)
    for name, literal in list(left.items()):
        if here.holds(literal):
            found.held.add(name)
            del left[name]
