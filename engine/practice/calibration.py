"""How well confidence matches success: the Brier score and the calibration curve, with numbers of answers throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FEW = 10  # below this many answers no score is said
FEW_IN_BIN = 5
BINS = ((0, 39), (40, 59), (60, 79), (80, 94), (95, 100))
Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval (Wilson). `few`: too few to say anything by it."""

    hits: int
    n: int
    least: int = FEW

    @property
    def few(self) -> bool:
        return self.n < self.least

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        p, n, z = self.value, self.n, Z95
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Bin:
    """Answers given with a confidence from `lo` to `hi` percent: how sure they were on average, and how many were right."""

    lo: int
    hi: int
    said: float
    share: Share


@dataclass(frozen=True)
class Calibration:
    """`brier`: the mean squared distance between confidence and result; 0 is best, 0.25 is what saying 50 % gives."""

    n: int
    brier: float
    said: float
    share: Share
    curve: tuple[Bin, ...]

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class Skill:
    """Answers against always saying the outcome that is right most often: `right` of `n`, where that would get `commonest`."""

    n: int
    right: int
    commonest: int

    @property
    def few(self) -> bool:
        return self.n < FEW

    @property
    def score(self) -> float | None:
        """1 where all is right, 0 where it is no better than that, below 0 where it is worse; None where that gets all."""
        return None if self.n == self.commonest else (self.right - self.commonest) / (self.n - self.commonest)


def skill(answers: Sequence[tuple[str, bool]]) -> Skill:
    """Of (right outcome, whether it was said) pairs."""
    counts = Counter(outcome for outcome, _ in answers)
    return Skill(len(answers), sum(ok for _, ok in answers), max(counts.values(), default=0))


def calibration(answers: Sequence[tuple[int, bool]]) -> Calibration:
    """Of (confidence in percent, right) pairs."""
    n = len(answers)
    right = sum(ok for _, ok in answers)
    curve = []
    for lo, hi in BINS:
        inside = [(c, ok) for c, ok in answers if lo <= c <= hi]
        if inside:
            hits = sum(ok for _, ok in inside)
            said = sum(c for c, _ in inside) / len(inside)
            curve.append(Bin(lo, hi, said, Share(hits, len(inside), FEW_IN_BIN)))
    brier = sum((c / 100 - ok) ** 2 for c, ok in answers) / n if n else 0.0
    said = sum(c for c, _ in answers) / n if n else 0.0
    return Calibration(n, brier, said, Share(right, n), tuple(curve))
