"""Numbers about a handful of people are not told: the one place that decides which (threshold small_cell)."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.language.rulebook import RuleBook


def limit_of(book: RuleBook) -> int:
    """How many people a group needs before a number about it is told."""
    threshold = book.thresholds["small_cell"]
    return threshold.value // threshold.type.scale


def told(people: int, limit: int) -> str:
    """A number of people, as far as it may be told; nobody is no person."""
    return f"fewer than {limit}" if 0 < people < limit else str(people)


def large_enough(groups: Mapping[str, int], limit: int) -> dict[str, int]:
    """The groups whose size may be told."""
    return {name: people for name, people in groups.items() if people >= limit}
