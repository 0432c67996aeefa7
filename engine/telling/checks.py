"""A condition in words: value, line in the sand, and how far apart they are; met or not as words, never as colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sharedvalue.engine.questions.checks import DOES_NOT_APPLY, Check
from sharedvalue.engine.telling.page import WIDTH, fold

MARKS = {True: "met", False: "not met", None: "open"}
ACROSS = max(map(len, MARKS.values())) + 2
NEEDS = {
    ">=": "{} needed",
    ">": "more than {} needed",
    "<": "below {} needed",
    "<=": "at most {} needed",
    "==": "{} needed",
    "!=": "anything but {} needed",
}


def check_lines(check: Check, indent: int) -> Iterator[str]:
    """Every part of a condition with its mark."""
    if check.kind == "all":
        for part in check.parts:
            yield from check_lines(part, indent)
    elif check.kind == "any":
        yield f"{' ' * indent}{marked(check)}one of these:"
        for part in check.parts:
            yield from (check_lines if part.kind != "all" else together)(part, indent + ACROSS)
    else:
        yield from fold(
            f"{marked(check)}{check_text(check)}", WIDTH, " " * (indent + ACROSS), first=" " * indent
        )


def together(check: Check, indent: int) -> Iterator[str]:
    yield f"{' ' * indent}{marked(check)}all of these:"
    for part in check.parts:
        yield from check_lines(part, indent + ACROSS)


def mark(check: Check) -> str:
    """Whether it is met; nothing of what does not apply."""
    return "-" if check.value == DOES_NOT_APPLY else MARKS[check.passed]


def marked(check: Check) -> str:
    return f"{mark(check):<{ACROSS}}"


def check_text(check: Check) -> str:
    """A test in words: 'openness 20 (50* needed, 30 short)'."""
    if check.kind == "conclusion":
        if check.passed:
            return f"{check.title}: {'holds' if check.wanted == 'yes' else 'does not hold'}, as needed"
        there = {"yes": "holds", "no": "does not hold", "open": "open"}[check.value]
        return f"{check.title}: {there}{', which rules it out' if check.wanted == 'no' and check.value == 'yes' else ''}"
    if check.kind == "number":
        apart = "" if check.value[-1:].isdigit() else ":"  # words stand in for a number that nobody gave
        return f"{check.title}{apart} {check.value} ({needed(check)}{gap(check)})"
    if not check.wanted or (check.passed and check.op in ("==", "in")):
        return f"{check.title}: {check.value or check.wanted}"
    without = "anything but " if check.op in ("!=", "not in") and check.wanted not in ("yes", "no") else ""
    least = " or more" if check.op == ">=" else ""
    return f"{check.title}: {check.value} ({without}{check.wanted}{least} needed)"


def needed(check: Check) -> str:
    star = "*" if check.threshold is not None and check.threshold.is_house else ""
    return NEEDS[check.op].format(f"{check.wanted}{star}")


def gap(check: Check) -> str:
    """How far the value lies from the line."""
    if check.distance is None:
        return ""
    if check.distance == 0:
        return ", exactly on the line"
    far = said(check.distance)
    if check.passed:
        return f", {far} to spare"
    return f", {far} short" if check.op in (">=", ">") else f", {far} too much"


def said(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):g}"


def worth_telling(check: Check) -> bool:
    """Whether a passed test tells a person anything: not that there is at least one, or that a sponsor exists."""
    return check.threshold is not None or check.wanted not in ("0", "1", "yes", "no")


def number_texts(numbers: Iterable[Check], nots: Iterable[Check]) -> list[str]:
    """The numbers on which a rule fired, and what it needed not to hold, each once."""
    told = [check_text(number) for number in numbers if worth_telling(number)]
    return list(dict.fromkeys([*told, *(f"not: {check.title}" for check in nots)]))
