"""Values that may move within bounds at a cost, and sums of products over them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.readings.prove.numbers import Polynomial
from sharedvalue.engine.readings.prove.session import Move

Terms = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Bounded:
    """A value that may move between two places of its domain, and what a move costs."""

    points: Sequence[int]
    lo: int
    hi: int
    move: Move
    start: int  # the place of the start

    @cached_property
    def rest(self) -> int:
        """The cheapest place."""
        return min(max(self.start, self.lo), self.hi)

    def cost(self, place: int) -> int:
        return self.move.cost(self.points[place])

    def toward(self, slope: int) -> range:
        """The places from the cheapest on, in the direction in which a slope rises."""
        return (
            range(self.rest, self.hi + 1)
            if slope > 0
            else range(self.rest, self.lo - 1, -1)
            if slope < 0
            else range(self.rest, self.rest + 1)
        )

    def reach(self, budget: int) -> tuple[int, int]:
        """The places that cost no more than a budget; the cheapest place is always one of them."""
        rest = self.rest
        spare = budget - self.move.once
        if spare < 0:
            return rest, rest
        if self.move.each == 0:
            return self.lo, self.hi
        far = spare // self.move.each
        lo = bisect_left(self.points, self.move.start - far, self.lo, rest)
        return lo, max(rest, bisect_right(self.points, self.move.start + far, rest, self.hi + 1) - 1)


@dataclass(frozen=True)
class Near:
    """A point by the places of its values. `exact`: no cheaper one exists. `cost` None: there is none."""

    cost: int | None
    places: Mapping[str, int]
    exact: bool = True


def plain(number: Polynomial) -> Terms | None:
    """A polynomial by its terms (the constant under ()); None where a factor is not a single value, or stands twice."""
    found: Terms = {(): number.constant}
    for factors, count in number.terms:
        if len(set(factors)) < len(factors) or not all(isinstance(factor, str) for factor in factors):
            return None
        found[tuple(sorted(str(factor) for factor in factors))] = count
    return found


def opposite(terms: Terms) -> Terms:
    """Terms that are 0 or more exactly where these are below 0."""
    found = {factors: -count for factors, count in terms.items()}
    found[()] = found.get((), 0) - 1
    return found


def put(terms: Terms, name: str, value: int) -> Terms:
    """Terms with a number in the place of one value."""
    found: Terms = {}
    for factors, count in terms.items():
        if name in factors:
            factors = tuple(factor for factor in factors if factor != name)
            count *= value
        found[factors] = found.get(factors, 0) + count
    return found
