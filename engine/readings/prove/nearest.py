"""The cheapest point at which comparisons of several values hold: exact, by branch and bound on whole steps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.readings.prove.budget import Budget
from engine.readings.prove.numbers import Polynomial
from engine.readings.prove.session import Move

MOST_STEPS = 200_000  # partial points looked at for one answer
Terms = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Bounded:
    """A value that may move between two places of its domain, and what a move costs."""

    points: Sequence[int]
    lo: int
    hi: int
    move: Move
    start: int  # the place of the start

    @property
    def rest(self) -> int:
        """The cheapest place."""
        return min(max(self.start, self.lo), self.hi)

    def cost(self, place: int) -> int:
        return self.move.cost(self.points[place])

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
        found[tuple(str(factor) for factor in factors)] = count
    return found


def opposite(terms: Terms) -> Terms:
    """Terms that are 0 or more exactly where these are below 0."""
    found = {factors: -count for factors, count in terms.items()}
    found[()] = found.get((), 0) - 1
    return found


def nearest(terms: Terms, values: Mapping[str, Bounded], budget: Budget) -> Near:
    """The cheapest point at which the terms add up to 0 or more."""
    return _Nearest(values, budget).run(terms)


class _Nearest:
    def __init__(self, values: Mapping[str, Bounded], budget: Budget) -> None:
        self.values = values
        self.budget = budget
        self.best: int | None = None
        self.places: dict[str, int] = {}
        self.steps = 0

    def run(self, terms: Terms) -> Near:
        rest = {name: value.rest for name, value in self.values.items()}
        base = sum(value.cost(rest[name]) for name, value in self.values.items())
        for name in self.values:  # one value moved alone, to begin with
            others = {n: self.values[n].points[p] for n, p in rest.items() if n != name}
            left = terms
            for other, value in others.items():
                left = put(left, other, value)
            self.last(left, name, {n: p for n, p in rest.items() if n != name}, base - self.values[name].cost(rest[name]))
        names = sorted(self.values, key=lambda n: self.values[n].hi - self.values[n].lo)
        self.search(terms, names, {}, 0)
        exact = self.steps <= MOST_STEPS and not self.budget.spent
        return Near(self.best, self.places, exact)

    def keep(self, cost: int, places: Mapping[str, int]) -> None:
        if self.best is None or cost < self.best:
            self.best, self.places = cost, dict(places)

    def search(self, terms: Terms, names: Sequence[str], places: dict[str, int], spent: int) -> None:
        """All points that agree with the places so far and are cheaper than the best."""
        self.steps += 1
        if self.steps > MOST_STEPS or (self.steps & 255 == 0 and self.budget.spent):
            return
        name, *others = names
        if not others:
            self.last(terms, name, places, spent)
            return
        base = spent + sum(self.values[n].cost(self.values[n].rest) for n in others)
        if not self.may(terms, names, spent + sum(self.values[n].cost(self.values[n].rest) for n in names)):
            return
        value = self.values[name]
        for place in outward(value, None if self.best is None else self.best - base - 1):
            if self.best is not None and base + value.cost(place) >= self.best:
                break
            self.search(put(terms, name, value.points[place]), others, {**places, name: place}, spent + value.cost(place))

    def last(self, terms: Terms, name: str, places: Mapping[str, int], spent: int) -> None:
        value = self.values[name]
        slope, constant, rest = terms.get((name,), 0), terms.get((), 0), value.rest
        if slope * value.points[rest] + constant >= 0:
            place = rest
        elif slope > 0:
            place = bisect_left(value.points, -(constant // slope), rest, value.hi + 1)
            if place > value.hi:
                return
        elif slope < 0:
            place = bisect_right(value.points, constant // -slope, value.lo, rest + 1) - 1
            if place < value.lo:
                return
        else:
            return
        self.keep(spent + value.cost(place), {**places, name: place})

    def may(self, terms: Terms, names: Iterable[str], base: int) -> bool:
        """Whether the terms may reach 0 with what is left to spend."""
        ranges = {}
        for name in names:
            value = self.values[name]
            lo, hi = (value.lo, value.hi) if self.best is None else value.reach(self.best - 1 - base + value.cost(value.rest))
            ranges[name] = (value.points[lo], value.points[hi])
        total = 0
        for factors, count in terms.items():
            low = high = count
            for factor in factors:
                a, b = ranges[factor]
                corners = (low * a, low * b, high * a, high * b)
                low, high = min(corners), max(corners)
            total += max(low, high)
        return total >= 0


def put(terms: Terms, name: str, value: int) -> Terms:
    """Terms with a number in the place of one value."""
    found: Terms = {}
    for factors, count in terms.items():
        if name in factors:
            factors = tuple(factor for factor in factors if factor != name)
            count *= value
        found[factors] = found.get(factors, 0) + count
    return found


def outward(value: Bounded, budget: int | None) -> Iterable[int]:
    """Places from the cheapest on, cheapest first, within a budget."""
    lo, hi = (value.lo, value.hi) if budget is None else value.reach(budget)
    below, above = value.rest - 1, value.rest + 1
    yield value.rest
    while below >= lo or above <= hi:
        if above > hi or (below >= lo and value.cost(below) <= value.cost(above)):
            yield below
            below -= 1
        else:
            yield above
            above += 1
