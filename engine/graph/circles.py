"""Circles whose areas are in proportion: how high a share fills one, and how far apart two overlap by a share.

All for circles of radius 1; shares run from 0 to 1. Found by halving, to far below what can be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import acos, pi, sqrt

STEPS = 48
APART = 2.12  # the distance of two circles that do not overlap at all, with a gap that is seen


def filled(height: float) -> float:
    """The share of a circle's area below a height, 0 at its foot and 2 at its top."""
    x = min(1.0, max(-1.0, height - 1))
    return (acos(-x) + x * sqrt(1 - x * x)) / pi


def shared(distance: float) -> float:
    """The share of a circle that lies in another at a distance, between their middles, of 0 to 2."""
    d = min(2.0, max(0.0, distance))
    return (2 * acos(d / 2) - d / 2 * sqrt(4 - d * d)) / pi


@lru_cache(maxsize=2048)
def level(share: float) -> float:
    """The height at which a circle is filled by a share of its area."""
    return _found(filled, share)


@lru_cache(maxsize=2048)
def distance(share: float) -> float:
    """How far apart the middles of two circles are that share this much of their areas."""
    return APART if share <= 0 else _found(lambda d: -shared(d), -share)


def _found(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 2.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def segment(x: float, y: float, radius: float, share: float) -> str:
    """The path of the filled part of a circle."""
    if share <= 0:
        return ""
    r = f"{radius:.2f}"
    if share >= 1:
        return (
            f"M{x - radius:.2f} {y:.2f}a{r} {r} 0 1 0 {2 * radius:.2f} 0a{r} {r} 0 1 0 {-2 * radius:.2f} 0Z"
        )
    height = level(share)
    half = radius * sqrt(max(0.0, 1 - (height - 1) ** 2))
    top = y + radius - height * radius
    return f"M{x - half:.2f} {top:.2f}A{r} {r} 0 {int(height > 1)} 0 {x + half:.2f} {top:.2f}Z"


def lens(x: float, y: float, radius: float, share: float) -> str:
    """The path of the part that two circles share, around its middle."""
    if share <= 0:
        return ""
    r, half = f"{radius:.2f}", radius * sqrt(max(0.0, 1 - (distance(share) / 2) ** 2))
    return (
        f"M{x:.2f} {y - half:.2f}A{r} {r} 0 0 1 {x:.2f} {y + half:.2f}A{r} {r} 0 0 1 {x:.2f} {y - half:.2f}Z"
    )
