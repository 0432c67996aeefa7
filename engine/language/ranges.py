"""What a condition or number can be when its values lie in ranges: wide enough never to leave anything out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from sharedvalue.engine.language import formulas as f

Range = tuple[int, int]
Both = tuple[bool, bool]  # can be true, can be false
Ranges = Callable[[str], Range]


def can(condition: f.Condition, ranges: Ranges) -> Both:
    """Whether a condition can be true, and whether it can be false, with each value anywhere in its range.

    What cannot be is never said to be impossible wrongly; what is said to be possible may yet be impossible.
    """
    match condition:
        case f.Truth(value):
            return value, not value
        case f.Not(part):
            true, false = can(part, ranges)
            return false, true
        case f.And(parts):
            found = [can(part, ranges) for part in parts]
            return all(true for true, _ in found), any(false for _, false in found)
        case f.Or(parts):
            found = [can(part, ranges) for part in parts]
            return any(true for true, _ in found), all(false for _, false in found)
        case f.Test(left, op, right):
            other = ranges(right) if isinstance(right, str) else (right, right)
            return _compared(ranges(left), op, other)
        case f.Compare(left_number, op, right_number):
            return _compared(between(left_number, ranges), op, between(right_number, ranges))


def _compared(left: Range, op: str, right: Range) -> Both:
    (lo, hi), (low, high) = left, right
    if op in ("!=", ">=", ">"):
        true, false = _compared(left, f.NEGATED[op], right)
        return false, true
    if op == "==":
        return lo <= high and low <= hi, not lo == hi == low == high
    return (lo < high, hi >= low) if op == "<" else (lo <= high, hi > low)


def between(number: f.Number, ranges: Ranges) -> Range:
    """The least and the greatest that a number can be."""
    match number:
        case f.Const(value):
            return value, value
        case f.Value(name):
            return ranges(name)
        case f.Sum(parts):
            found = [between(part, ranges) for part in parts]
            return sum(lo for lo, _ in found), sum(hi for _, hi in found)
        case f.Product(parts):
            lo, hi = 1, 1
            for part in parts:
                corners = [a * b for a, b in product((lo, hi), between(part, ranges))]
                lo, hi = min(corners), max(corners)
            return lo, hi
        case f.Quotient(top, bottom):
            return _divided(between(top, ranges), between(bottom, ranges))
        case f.Choose(condition, then, otherwise):
            true, false = can(condition, ranges)
            ways = [between(then, ranges)] * true + [between(otherwise, ranges)] * false
            return min(lo for lo, _ in ways), max(hi for _, hi in ways)
        case f.Pick(kind, items, default):
            asked = [(can(condition, ranges), between(item, ranges)) for condition, item in items]
            ways = [way for (true, _), way in asked if true]
            sure = [way for (true, false), way in asked if true and not false]
            if not sure:
                ways.append(between(default, ranges))
            lo, hi = min(lo for lo, _ in ways), max(hi for _, hi in ways)
            if sure and kind == "least":  # one item that counts in any case is never exceeded
                hi = min(hi for _, hi in sure)
            if sure and kind == "greatest":
                lo = max(lo for lo, _ in sure)
            return lo, hi


def _divided(top: Range, bottom: Range) -> Range:
    lowest = max(1, bottom[0])
    ways = [a // b for a, b in product(top, (lowest, bottom[1]))] if bottom[1] > 0 else []
    if bottom[0] <= 0:
        ways.append(0)
    return min(ways), max(ways)
