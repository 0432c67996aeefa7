"""The matcher in use: durable-rules where it is installed and can be loaded, else plain Python. Both answer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Protocol

from sharedvalue.engine.language.formulas import Way


class Matcher(Protocol):
    """Tells which of some ways hold in a world."""

    def matches(self, values: Mapping[str, int]) -> list[int]:
        """The positions of the ways that hold, lowest first. A literal with a missing value does not hold."""


@cache
def matcher_in_use() -> tuple[Callable[[Iterable[Way]], Matcher], str]:
    """What makes a matcher here, and what people call it."""
    try:
        from sharedvalue.engine.readings.fire import durable
    except ImportError:
        from sharedvalue.engine.readings.fire import plain

        return plain.Matcher, "plain Python"
    return durable.Matcher, f"durable-rules {durable.release()}"


def matcher(ways: Iterable[Way]) -> Matcher:
    """A matcher of these ways."""
    make, _ = matcher_in_use()
    return make(ways)
