"""Numbers about a handful of people are not told: the one place that decides which (threshold small_cell)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sharedvalue.engine.evidence.proportions import Share
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


def ends(share: Share, limit: int) -> tuple[Share, Share]:
    """The lowest and the highest share that may be told: two where only a handful said yes, or only a handful did not."""
    few, rest = share.count, share.n - share.count
    if 0 < few < limit:
        return replace(share, count=1), replace(share, count=min(limit - 1, share.n))
    if 0 < rest < limit:
        return replace(share, count=max(0, share.n - limit + 1)), replace(share, count=share.n - 1)
    return share, share


def share_told(share: Share, limit: int) -> str:
    """A share in words, without giving a handful of people away, on either side."""
    few, rest = share.count, share.n - share.count
    if 0 < few < limit:
        return f"fewer than {limit} of {share.n}"
    if 0 < rest < limit:
        return f"all but fewer than {limit} of {share.n}"
    return share.said()


def middle(share: Share, limit: int) -> int:
    """The share in points, or the middle of what may be told of it."""
    low, high = ends(share, limit)
    return share.percent if low == high else (low.percent + high.percent + 1) // 2
