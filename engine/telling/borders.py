"""The words of a sensitivity: where a value stands, where the outcome stays, and what lies beyond."""

from __future__ import annotations

from sharedvalue.engine.graph.bars import Bar
from sharedvalue.engine.language.types import NumberType, say
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.sensitivity import Border, Sensitivities, Sensitivity

COUNTS_SHOWN = 4  # a count has no natural end: its bar ends at this many times its largest number
NO_BAR = "No number and no threshold, moved alone, leads to another outcome."
PICTURE = "Filled: the outcome stays, all else as it is. Hatched: another outcome. The mark: where it stands. * threshold"


def title(found: Sensitivities, one: Sensitivity) -> str:
    threshold = found.decision.worlds.book.thresholds.get(one.name)
    if threshold is not None:
        return f"{one.name}{'*' if threshold.is_house else ''}"
    return Naming(found.decision.worlds).title(one.name)


def said(one: Sensitivity, value: int) -> str:
    if isinstance(one.type, NumberType) and one.type.unit == "count":
        return f"{value:,}"
    return say(value, one.type)


def row(found: Sensitivities, one: Sensitivity) -> list[str]:
    """What it is, where it stands, where the outcome stays, and what lies beyond."""
    assert one.stays_from is not None
    assert one.stays_to is not None
    low = said(one, one.stays_from) if one.below else ""
    high = said(one, one.stays_to) if one.above else ""
    stays = (
        f"{low} .. {high}"
        if low and high
        else f"{low} or more"
        if low
        else f"{high} or less"
        if high
        else "any"
    )
    return [title(found, one), said(one, one.value), stays, beyond(found, one)]


def beyond(found: Sensitivities, one: Sensitivity) -> str:
    parts = [outcomes(found, border) for border in (one.below, one.above) if border is not None]
    return " / ".join(dict.fromkeys(parts))


def outcomes(found: Sensitivities, border: Border) -> str:
    book = found.decision.worlds.book.outcomes.outcomes
    return " or ".join(book[o].title for o in border.outcomes if o != found.decision.outcome)


def choice(found: Sensitivities, one: Sensitivity) -> str:
    book = found.decision.worlds.book.outcomes.outcomes
    groups: dict[str, list[str]] = {}
    for value, names in (one.changes or {}).items():
        groups.setdefault(" or ".join(book[o].title for o in names), []).append(said(one, value))
    changes = "; ".join(f"{', '.join(values)}: {title}" for title, values in groups.items())
    keeps = ", ".join(said(one, value) for value in one.keeps)
    return f"{title(found, one)}: stays with {keeps}{'; ' if changes else ''}{changes}"


def places(one: Sensitivity) -> tuple[float, float, float]:
    """Where the outcome begins and ends to stay, and where things stand, on a bar from 0 to 1."""
    assert isinstance(one.type, NumberType)
    assert one.stays_from is not None
    assert one.stays_to is not None
    lo, hi = one.type.lo, one.type.hi
    if hi - lo > 2000 * one.type.scale:
        numbers = [one.value, *(b.value for b in (one.below, one.above) if b is not None)]
        hi = min(hi, max(COUNTS_SHOWN * max(numbers), lo + one.type.scale))
    start, end, at = ((value - lo) / (hi - lo) for value in (one.stays_from, one.stays_to, one.value))
    return (0.0 if one.below is None else start, 1.0 if one.above is None else end, at)


def bar(found: Sensitivities, one: Sensitivity) -> Bar:
    """A border as a bar of the picture."""
    _, now, stays, other = row(found, one)
    start, end, at = places(one)
    return Bar(f"{title(found, one)} {now}", f"stays {stays}; else {other}", start, end, at)
