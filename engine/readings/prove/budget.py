"""How long an answer may take."""

from __future__ import annotations

from time import monotonic


class OutOfBudget(Exception):
    """The budget ran out before anything could be said."""


class Budget:
    """Seconds from now on. Long computations call `tick` as they go; it raises OutOfBudget when they took too long."""

    def __init__(self, seconds: float) -> None:
        self.ends = monotonic() + seconds
        self._ticks = 0

    @property
    def left(self) -> float:
        return self.ends - monotonic()

    @property
    def spent(self) -> bool:
        return self.left <= 0

    def tick(self) -> None:
        self._ticks += 1
        if not self._ticks % 128 and self.spent:
            raise OutOfBudget
