"""What a variable may be in the worlds that are considered: one value, whole steps from low to high, or listed values.

Values are integers (see types.py).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """The possible values, ascending: a range, or a tuple where they were listed."""

    points: range | tuple[int, ...]

    @staticmethod
    def known(value: int) -> Domain:
        return Domain((value,))

    @staticmethod
    def span(lo: int, hi: int, step: int = 1) -> Domain:
        """lo, lo + step, ... as far as hi."""
        if lo > hi or step < 1:
            raise ValueError(f"no values from {lo} to {hi} by {step}")
        return Domain((lo,)) if lo + step > hi else Domain(range(lo, hi + 1, step))

    @staticmethod
    def listed(values: Iterable[int]) -> Domain:
        found = tuple(sorted(set(values)))
        if not found:
            raise ValueError("no values listed")
        return Domain(found)

    @property
    def is_known(self) -> bool:
        return len(self.points) == 1

    @property
    def size(self) -> int:
        return len(self.points)

    @property
    def lo(self) -> int:
        return self.points[0]

    @property
    def hi(self) -> int:
        return self.points[-1]

    @property
    def middle(self) -> int:
        return self.points[len(self.points) // 2]

    def values(self) -> Sequence[int]:
        return self.points

    def contains(self, value: int) -> bool:
        return value in self.points

    def place(self, at_least: int) -> int:
        """The position of the first value that is at least this; `size` when there is none."""
        return bisect_left(self.points, at_least)
