"""What a map is made of: regions of one answer, and the borders between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.questions.landscape_axes import Axis
from sharedvalue.engine.worlds import Worlds

Area = tuple[int, int, int, int]  # x from, x to, y from, y to: places on the axes, the ends included


@dataclass(frozen=True)
class Answer:
    """What `decide` says at a point. `outcome` is None where the point cannot be, or was not looked at (`seen` False).

    `rules` are the rules that decide: more than one where open facts leave it open which. `possible` are the outcomes
    that open facts leave possible.
    """

    outcome: str | None
    modes: tuple[str, ...] = ()
    open_modes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    certain: bool = True
    possible: tuple[str, ...] = ()
    seen: bool = True


CANNOT_BE = Answer(None)
NOT_COVERED = Answer(None, certain=False, seen=False)


@dataclass(frozen=True)
class Region:
    """All points with one answer, as rectangles that share no point. `hangs_on`: the open facts that decide there."""

    answer: Answer
    rectangles: tuple[Area, ...]
    points: int
    hangs_on: tuple[str, ...] = ()

    @cached_property
    def bounds(self) -> Area:
        xs, xe, ys, ye = zip(*self.rectangles, strict=True)
        return min(xs), max(xe), min(ys), max(ye)


@dataclass(frozen=True)
class Edge:
    """A stretch of border: on axis 'x' between the places at - 1 and at, for all places of the other axis from..to."""

    axis: str
    at: int
    from_: int
    to: int


@dataclass(frozen=True)
class Side:
    """A border: the two regions that it parts (places in the list), its stretches, and the thresholds that make it."""

    regions: tuple[int, int]
    edges: tuple[Edge, ...]
    thresholds: tuple[str, ...] = ()

    @property
    def straight(self) -> bool:
        return len({(edge.axis, edge.at) for edge in self.edges}) == 1


@dataclass(frozen=True)
class Landscape:
    """A map. `complete` is False where the budget ran out: the rest is a region that was not looked at.

    `open` says that facts beside the two are open: then each cell was decided for all that they may be.
    """

    worlds: Worlds
    x: Axis
    y: Axis
    regions: tuple[Region, ...]
    sides: tuple[Side, ...]
    here: Decision
    complete: bool
    open: tuple[str, ...]
    example: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return self.x.domain.size * self.y.domain.size

    def place(self, axis: Axis) -> tuple[int, int] | None:
        """Where the case itself lies on an axis: the first and last place; None where it is off the map, or not known."""
        domain = own_domain(self.here, axis.name)
        if domain is None:
            return None
        first, last = axis.domain.place(domain.lo), bisect_right(axis.domain.values(), domain.hi) - 1
        return (first, last) if first <= last else None

    def at(self, x: int, y: int) -> Region:
        """The region of a point, by its places."""
        return next(
            r for r in self.regions if any(a <= x <= b and c <= y <= d for a, b, c, d in r.rectangles)
        )


def own_domain(here: Decision, name: str) -> Domain | None:
    """What a fact may be in the case itself; None where that is not known as such (it follows from a list)."""
    found = here.worlds.domains.get(name)
    value = here.trace.values.get(name)
    if found is None and value is not None and here.is_certain(name):
        return Domain.known(value)
    return found
