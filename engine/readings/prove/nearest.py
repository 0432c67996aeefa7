"""The cheapest point at which comparisons of several values hold: exact, by branch and bound on whole steps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import prod

from sharedvalue.engine.readings.prove.bounded import Bounded, Near, Terms, put
from sharedvalue.engine.readings.prove.budget import Budget
from sharedvalue.engine.readings.prove.fronts import cheapest_sum, parts

MOST_STEPS = 20_000  # partial points looked at for one answer
MOST_PAIRS = 40_000  # pairs of places that one part of a sum may have


def nearest(wanted: Sequence[Terms], values: Mapping[str, Bounded], budget: Budget) -> Near:
    """The cheapest point at which each of the sums is 0 or more."""
    if len(wanted) == 1:
        parted = parts(wanted[0], values)
        sizes = [prod(values[name].hi - values[name].lo + 1 for name in part) for part in parted]
        if len(parted) > 1 and all(len(part) < 3 for part in parted) and max(sizes) <= MOST_PAIRS:
            return cheapest_sum(wanted[0], parted, values, budget)
    return _Nearest(wanted, values, budget).run(wanted)


class _Nearest:
    def __init__(self, wanted: Sequence[Terms], values: Mapping[str, Bounded], budget: Budget) -> None:
        self.values = values
        self.rests = {name: value.cost(value.rest) for name, value in values.items()}
        self.budget = budget
        self.best: int | None = None
        self.places: dict[str, int] = {}
        self.steps = 0
        self.over = False
        self.corners = len(wanted) == 1 and all(not value.move.each for value in values.values())

    def run(self, wanted: Sequence[Terms]) -> Near:
        base = sum(self.rests.values())
        self.budget.charge(len(self.values) ** 2 * len(wanted))
        for name in self.values:  # one value moved alone, to begin with
            left = list(wanted)
            others = {n: value.rest for n, value in self.values.items() if n != name}
            for other, place in others.items():
                left = [put(terms, other, self.values[other].points[place]) for terms in left]
            self.last(left, name, others, base - self.rests[name])
        names = sorted(self.values, key=lambda n: self.values[n].hi - self.values[n].lo)
        self.search([*wanted, *together(wanted)], names, {}, 0)
        return Near(self.best, self.places, not self.over and not self.budget.spent)

    def search(self, wanted: list[Terms], names: Sequence[str], places: dict[str, int], spent: int) -> None:
        """All points that agree with the places so far and are cheaper than the best."""
        self.steps += 1
        self.budget.charge(10 + 2 * len(wanted) + 2 * sum(map(len, wanted)))
        if self.is_over():
            return
        name, *others = names
        if not others:
            self.last(wanted, name, places, spent)
            return
        base = spent + sum([self.rests[n] for n in others])
        if not self.may(wanted, names, base + self.rests[name]):
            return
        if self.best is not None and base + self.rests[name] + self.ahead(wanted) >= self.best:
            return
        value = self.values[name]
        # where a move costs the same however far, a product is greatest at an end
        ends = dict.fromkeys((value.rest, value.lo, value.hi)) if self.corners else None
        for place in ends or outward(value, None if self.best is None else self.best - base - 1):
            if self.is_over():  # a count may have a hundred million places
                return
            cost = value.cost(place)
            if self.best is not None and base + cost >= self.best:
                if self.corners:
                    continue
                break
            here = value.points[place]
            self.search(
                [put(terms, name, here) for terms in wanted], others, {**places, name: place}, spent + cost
            )

    def is_over(self) -> bool:
        """Whether more was asked than may be. What is left is looked at now and then only: that takes time, too."""
        self.over = self.over or self.steps > MOST_STEPS or (not self.steps & 255 and self.budget.spent)
        return self.over

    def last(self, wanted: Sequence[Terms], name: str, places: Mapping[str, int], spent: int) -> None:
        """The cheapest place of the one value that is left."""
        value = self.values[name]
        lo, hi = value.lo, value.hi
        for terms in wanted:
            slope, constant = terms.get((name,), 0), terms.get((), 0)
            if slope > 0:
                lo = max(lo, bisect_left(value.points, -(constant // slope), value.lo, value.hi + 1))
            elif slope < 0:
                hi = min(hi, bisect_right(value.points, constant // -slope, value.lo, value.hi + 1) - 1)
            elif constant < 0:
                return
        if lo > hi:
            return
        place = min(max(value.start, lo), hi)
        cost = spent + value.cost(place)
        if self.best is None or cost < self.best:
            self.best, self.places = cost, {**places, name: place}

    def ahead(self, wanted: Sequence[Terms]) -> int:
        """What is still to be paid at least: what each sum lacks, at the price of the value that moves it farthest for its cost."""
        most = 0
        for terms in wanted:
            lacks, price = -terms.get((), 0), Fraction(0)
            for factors, count in terms.items():
                if len(factors) > 1:
                    break  # a product may rise as fast as it likes
                if factors:
                    value = self.values[factors[0]]
                    lacks -= count * value.points[value.rest]
                    if not value.move.each or value.move.once:
                        break
                    price = max(price, Fraction(abs(count), value.move.each))
            else:
                if lacks > 0:
                    most = max(most, -int(-lacks // price)) if price else 1 << 60
        return most

    def may(self, wanted: Sequence[Terms], names: Iterable[str], base: int) -> bool:
        """Whether each sum may reach 0 with what is left to spend."""
        ranges = {}
        for name in names:
            value = self.values[name]
            lo, hi = (
                (value.lo, value.hi)
                if self.best is None
                else value.reach(self.best - 1 - base + self.rests[name])
            )
            ranges[name] = (value.points[lo], value.points[hi])
        return all(_most(terms, ranges) >= 0 for terms in wanted)


def together(wanted: Sequence[Terms]) -> list[Terms]:
    """What two sums together ask of the values that they do not pull in opposite ways: each follows from the two."""
    found = []
    for one, other in combinations(wanted, 2):
        for factors, count in one.items():
            against = other.get(factors, 0)
            if len(factors) == 1 and count * against < 0:
                mine, theirs = abs(against), abs(count)
                total = {f: n * mine for f, n in one.items()}
                for f, n in other.items():
                    total[f] = total.get(f, 0) + n * theirs
                found.append({f: n for f, n in total.items() if n or not f})
    return found


def _most(terms: Terms, ranges: Mapping[str, tuple[int, int]]) -> int:
    total = 0
    for factors, count in terms.items():
        low = high = count
        for factor in factors:
            a, b = ranges[factor]
            corners = (low * a, low * b, high * a, high * b)
            low, high = min(corners), max(corners)
        total += high
    return total


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
