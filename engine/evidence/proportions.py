"""What a count among so many answers says of everybody: a share with its interval, and two shares with their difference.

Wilson's score interval, with the number of answers taken as larger where a good part of a known population answered
(finite population correction). Where few answered, the exact interval: of the binomial, or with a known population of the
hypergeometric distribution. It is never too narrow. Shares are in points of 100; intervals are rounded outward.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, exp, floor, lgamma, log, sqrt
from statistics import NormalDist

from sharedvalue.engine.language.rulebook import RuleBook


@dataclass(frozen=True)
class Method:
    """How intervals are made: `z` standard errors on each side; the exact interval below `exact_below` answers."""

    z: float
    exact_below: int

    @staticmethod
    def of(book: RuleBook) -> Method:
        z, few = book.thresholds["survey_z"], book.thresholds["exact_below"]
        return Method(z.value / z.type.scale, few.value // few.type.scale)

    @property
    def level(self) -> int:
        """How sure the interval is, in percent."""
        return round(100 * (2 * NormalDist().cdf(self.z) - 1))


@dataclass(frozen=True)
class Share:
    """`count` of `n` answers, from a population of `population` people (0: not known, or not bounded)."""

    count: int
    n: int
    population: int = 0

    def __post_init__(self) -> None:
        assert 0 <= self.count <= self.n

    @property
    def percent(self) -> int:
        """In whole points, a half rounded up; 0 of nobody is 0."""
        return (200 * self.count + self.n) // (2 * self.n) if self.n else 0

    def interval(self, method: Method) -> tuple[float, float]:
        """The lowest and highest share of the population, in points of 100; all there is where nobody answered."""
        if not self.n:
            return (0.0, 100.0)
        if self.population and self.n >= self.population:
            return (100 * self.count / self.n,) * 2
        if self.n < method.exact_below:
            return exact(self.count, self.n, self.population, method.z)
        return wilson(self.count, self.n, self.population, method.z)

    def points(self, method: Method) -> tuple[int, int]:
        """The interval in whole points, rounded outward."""
        low, high = self.interval(method)
        return (max(0, floor(low + 1e-9)), min(100, ceil(high - 1e-9)))

    def said(self) -> str:
        return f"{self.count} of {self.n} ({self.percent} %)"


def wilson(count: int, n: int, population: int, z: float) -> tuple[float, float]:
    """Wilson's score interval; n counts for more where the population is finite."""
    size = n * (population - 1) / (population - n) if population > n else float(n)
    share, square = count / n, z * z
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = z / (1 + square / size) * sqrt(share * (1 - share) / size + square / (4 * size * size))
    return (100 * max(0.0, middle - half), 100 * min(1.0, middle + half))


def exact(count: int, n: int, population: int, z: float) -> tuple[float, float]:
    """Clopper and Pearson's interval; with a known population the same for drawing without putting back."""
    tail = 1 - NormalDist().cdf(z)
    if population > n:
        return _hypergeometric(count, n, population, tail)
    low = 0.0 if count == 0 else _bisect(lambda p: 1 - _binomial_cdf(count - 1, n, p) >= tail)
    high = 1.0 if count == n else _bisect(lambda p: _binomial_cdf(count, n, p) < tail)
    return (100 * low, 100 * high)


def _bisect(holds: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return (low + high) / 2


def _binomial_cdf(count: int, n: int, p: float) -> float:
    if p <= 0:
        return 1.0
    if p >= 1:
        return 1.0 if count >= n else 0.0
    a, b = log(p), log(1 - p)
    return sum(
        exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * a + (n - i) * b) for i in range(count + 1)
    )


def _hypergeometric(count: int, n: int, population: int, tail: float) -> tuple[float, float]:
    """The fewest and the most people of the population that the count leaves possible."""
    whole, limit = comb(population, n), Fraction(tail)

    def at_most(holders: int, most: int) -> Fraction:
        return Fraction(
            sum(comb(holders, i) * comb(population - holders, n - i) for i in range(most + 1)), whole
        )

    def first(low: int, high: int, holds: Callable[[int], bool]) -> int:
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle + 1, high)
        return low

    least, most = count, population - (n - count)
    low = least if count == 0 else first(least, most, lambda k: 1 - at_most(k, count - 1) >= limit)
    high = most if count == n else first(low, most + 1, lambda k: at_most(k, count) < limit) - 1
    return (100 * low / population, 100 * max(low, high) / population)


@dataclass(frozen=True)
class Difference:
    """Two shares of two moments, and how far they lie apart. `low` and `high` bound the change, in points."""

    before: Share
    after: Share
    low: float
    high: float
    overlap: bool

    @property
    def points(self) -> int:
        return self.after.percent - self.before.percent

    @property
    def verdict(self) -> str:
        """rose | fell | no clear change"""
        return "rose" if self.low > 0 else "fell" if self.high < 0 else "no clear change"


def difference(before: Share, after: Share, method: Method) -> Difference:
    """The change between two readings of independent respondents (Newcombe's interval from the two intervals)."""
    low_1, high_1 = before.interval(method)
    low_2, high_2 = after.interval(method)
    p_1 = 100 * before.count / before.n if before.n else 50.0
    p_2 = 100 * after.count / after.n if after.n else 50.0
    change = p_2 - p_1
    low = change - sqrt(max(0.0, (p_2 - low_2)) ** 2 + max(0.0, (high_1 - p_1)) ** 2)
    high = change + sqrt(max(0.0, (high_2 - p_2)) ** 2 + max(0.0, (p_1 - low_1)) ** 2)
    return Difference(before, after, max(-100.0, low), min(100.0, high), low_1 <= high_2 and low_2 <= high_1)


def ratio_interval(pairs: Sequence[tuple[int, int]], population: int, z: float) -> tuple[float, float]:
    """The interval of sum(y) / sum(x) over people, each with their own y and x: people are independent, their answers are not."""
    n, total = len(pairs), sum(x for _, x in pairs)
    if n < 2 or not total:
        return (0.0, 100.0)
    ratio = sum(y for y, _ in pairs) / total
    left = (population - n) / (population - 1) if population > n else (0.0 if population else 1.0)
    spread = sqrt(left * n / (n - 1) * sum((y - ratio * x) ** 2 for y, x in pairs)) / total
    return (100 * max(0.0, ratio - z * spread), 100 * min(1.0, ratio + z * spread))
