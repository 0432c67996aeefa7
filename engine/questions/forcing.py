"""Whether some facts alone force an outcome; and where they do not, which smallest sets of the others have to move."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence, Set

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.prove import (
    FALSE,
    MOST_PARTS,
    Answer,
    Between,
    Budget,
    OutOfBudget,
    Point,
    Residual,
    Session,
    World,
)
from sharedvalue.engine.worlds.restated import within

DRAWN = 20  # ways to fill the lists that are tried before any way is allowed


class Forcing:
    """Questions about one outcome, within the worlds of a residual.

    `parts` are the facts, each with its values, and `own` what the case says that these may be. `summed` are values of lists that count only
    through sums over all records. Such sums are hard for the solver, so that it is first asked with these lists in some
    ways drawn; only what it does not find so is asked with no way given, and only that proves that there is none.
    """

    def __init__(
        self,
        residual: Residual,
        outcome: int,
        parts: Sequence[Sequence[str]],
        own: Mapping[str, Domain],
        summed: Iterable[str],
        budget: Budget,
    ) -> None:
        self.residual, self.parts, self.own = residual, parts, own
        self.start = {name: domain.middle for name, domain in own.items()}
        self.session = Session(residual, budget)
        self.against = residual.circuit.all([residual.exists, -residual.outcomes.get(outcome, FALSE)])
        self.cone = residual.circuit.cone([self.against])
        self.summed = [name for name in summed if name in residual.unknowns]
        self.ways: list[int] = []
        if self.summed:
            rng = random.Random(0)
            self.ways = [self.as_in(self.start), *(self.as_in(self.drawn(rng)) for _ in range(DRAWN))]

    def loosened(self, fixed: int) -> list[int]:
        """Sets of facts (as bits) that allow another outcome when they alone are let loose, none of them one of these facts;
        none: these facts force the outcome.

        Raises:
            OutOfBudget: that is not known.
        """
        stay = {
            name
            for at, part in enumerate(self.parts)
            if fixed >> at & 1
            for name in part
            if name in self.residual.unknowns
        }
        answer = self.ask(stay)
        if answer.cannot:
            return []
        if answer.world is None:
            raise OutOfBudget
        return self.least(dict(answer.world))

    def ask(self, stay: Set[str]) -> Answer:
        """A world with another outcome in which these values are what the case says."""
        held = [within(self.residual, name, self.own[name]) for name in sorted(stay)]
        if self.ways and not any(name in stay for name in self.summed):
            answer = self.session.ask(self.against, self.residual.circuit.any(self.ways), *held)
            if answer.world is not None:
                return answer
        answer = self.session.ask(self.against, *held)
        if answer.world is not None and self.ways:
            self.ways.append(self.as_in(answer.world))
        return answer

    def least(self, world: World) -> list[int]:
        """The smallest sets of facts that had to move for a world to have another outcome (all, where they are few)."""
        moved = [at for at in range(len(self.parts)) if self.moved(world, at)]
        here = Point(self.residual.circuit, world)
        for at in moved[MOST_PARTS:]:
            here = self.put_back(here, at)
        moved = [at for at in moved if self.moved(here.values, at)]
        if len(moved) <= MOST_PARTS:
            parts = [self.parts[at] for at in moved]
            between = Between(self.residual.circuit, self.back(here.values, moved), dict(here.values), parts)
            where = between.where(self.against, self.cone)
            if where is not None:
                return [
                    sum(1 << at for i, at in enumerate(moved) if least >> i & 1)
                    for least in between.least(where)
                ]
        for at in moved:
            here = self.put_back(here, at)
        return [sum(1 << at for at in moved if self.moved(here.values, at))]

    def drawn(self, rng: random.Random) -> World:
        """Values for the lists, a field often the same in all records: sums over the records then differ most."""
        grid: World = {}
        alike: dict[str, float | None] = {}
        for name in self.summed:
            points = self.residual.unknowns[name].points
            field = re.sub(r"\[\d+\]", "", name)
            at = alike.setdefault(field, rng.choice((0.0, 1.0, None)))
            grid[name] = rng.choice(points) if at is None else points[int(at * (len(points) - 1))]
        return grid

    def as_in(self, world: Mapping[str, int]) -> int:
        """The literal that the lists are as in a world."""
        return self.residual.circuit.all([self.session.is_value(name, world[name]) for name in self.summed])

    def moved(self, world: Mapping[str, int], at: int) -> bool:
        return any(not self.own[name].contains(world[name]) for name in self.parts[at] if name in world)

    def back(self, world: Mapping[str, int], parts: Iterable[int]) -> World:
        return {**world, **{name: self.start[name] for at in parts for name in self.parts[at]}}

    def put_back(self, here: Point, at: int) -> Point:
        """A point with one fact where it is, if it still has another outcome; else the point."""
        back = here.moved({name: self.start[name] for name in self.parts[at]})
        return back if back.holds(self.against) else here
