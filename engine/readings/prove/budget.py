"""How much an answer may cost: seconds for what somebody waits for, steps for what is recorded and has to come out the same again."""

from __future__ import annotations

from time import monotonic
from typing import Any

STEPS_A_SECOND = (
    1_000_000  # of the solver; a machine of today makes half to four times as many, by what it is asked
)
TICK = 40  # steps that one piece of work beside the solver counts for
MOST_LIMIT = 4_000_000_000  # the solver takes 32 bits


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

    def part(self, seconds: float) -> Budget:
        """So much of what is left, and no more."""
        return Budget(min(seconds, self.left))

    def charge(self, steps: int) -> None:
        """Work was done beside the solver. The clock counts it by itself."""

    def tick(self) -> None:
        self._ticks += 1
        if not self._ticks % 128 and self.spent:
            raise OutOfBudget

    def check(self, solver: Any, handles: list[Any]) -> Any:
        """What the solver answers within the budget."""
        solver.set("timeout", max(1, int(self.left * 1000)))
        return solver.check(*handles)


class Steps(Budget):
    """As many steps of the solver as are made in so many seconds; the same on every machine, at every time.

    What is worked out in Python counts by what it goes through (`charge`), never by the clock.
    """

    def __init__(self, seconds: float, within: Steps | None = None) -> None:
        self.steps, self.within = int(seconds * STEPS_A_SECOND), within

    @property
    def left(self) -> float:
        own = self.steps / STEPS_A_SECOND
        return own if self.within is None else min(own, self.within.left)

    def part(self, seconds: float) -> Steps:
        return Steps(seconds, self)

    def charge(self, steps: int) -> None:
        self.steps -= steps
        if self.within is not None:
            self.within.charge(steps)

    def tick(self) -> None:
        self.charge(TICK)
        if self.spent:
            raise OutOfBudget

    def check(self, solver: Any, handles: list[Any]) -> Any:
        solver.set("rlimit", max(1, min(MOST_LIMIT, int(self.left * STEPS_A_SECOND))))
        before = _made(solver)
        try:
            return solver.check(*handles)
        finally:
            self.charge(_made(solver) - before)


def _made(solver: Any) -> int:
    """The steps that a solver has made so far."""
    from z3 import Z3_stats_get_key, Z3_stats_get_uint_value

    context, found = solver.ctx.ref(), solver.statistics()
    for at in reversed(range(len(found))):  # it is among the last of many
        if Z3_stats_get_key(context, found.stats, at) == "rlimit count":
            return int(Z3_stats_get_uint_value(context, found.stats, at))
    return 0


def budget_of(said: Budget | float) -> Budget:
    return said if isinstance(said, Budget) else Budget(said)


def steps_of(said: Steps | float) -> Steps:
    return said if isinstance(said, Steps) else Steps(said)
