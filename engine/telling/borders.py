"""The words of a sensitivity: where a value stands, where the outcome stays, and what lies beyond."""

from __future__ import annotations

from collections.abc import Sequence

from sharedvalue.engine.graph.bars import Bar
from sharedvalue.engine.language.types import ChoiceType, NumberType, say
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.sensitivity import Sensitivities, Sensitivity

COUNTS_SHOWN = 4  # a count has no natural end: its bar ends at this many times its largest number
NO_BAR = "No number and no threshold, moved alone, leads to another outcome."
PICTURE = "Filled: the outcome stays, all else as it is. Hatched: another may follow. The mark: where it stands. * threshold"
CERTAIN = "Within 'stays' it is certain, moved alone, whatever is still open; beyond it, all that is possible there is named."
OPEN = "Still open: {outcomes} are possible. Within 'stays' the same are; beyond it, all that is possible there is named."


def standing(found: Sensitivities) -> str:
    """What the borders are borders of."""
    if found.decision.certain:
        return CERTAIN if found.decision.worlds.open else ""
    return OPEN.format(
        outcomes=" and ".join(_lower(t) for t in outcomes(found, found.possible).split(" or "))
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def title(found: Sensitivities, one: Sensitivity) -> str:
    threshold = found.decision.worlds.book.thresholds.get(one.name)
    if threshold is not None:
        return f"{one.name}{'*' if threshold.is_house else ''}"
    worlds = found.decision.worlds
    assumed = " (assumed)" if one.matters and one.name in worlds.assumed else ""
    return f"{Naming(worlds).title(one.name)}{assumed}"


def said(one: Sensitivity, value: int) -> str:
    if isinstance(one.type, NumberType) and one.type.unit == "count":
        return f"{value:,}"
    return say(value, one.type)


def now(one: Sensitivity) -> str:
    """What it is: one value, or the range in which it lies."""
    if one.own.is_known:
        return said(one, one.value)
    if not one.is_number:
        return " or ".join(said(one, value) for value in one.own.values())
    return f"{said(one, one.own.lo)} to {said(one, one.own.hi)}"


def row(found: Sensitivities, one: Sensitivity) -> list[str]:
    """What it is, where it stands, where the same outcomes are possible, and what lies beyond."""
    return [title(found, one), now(one), stays(one), beyond(found, one)]


def stays(one: Sensitivity) -> str:
    if one.stays_from is None or one.stays_to is None:
        return "not all of it"
    low = _from(one) if one.below else ""
    high = _to(one) if one.above else ""
    if low and high:
        return f"{said(one, one.stays_from)} .. {said(one, one.stays_to)}"
    return low or high or "any"


def _from(one: Sensitivity) -> str:
    assert one.stays_from is not None
    return f"{said(one, one.stays_from)} or more"


def _to(one: Sensitivity) -> str:
    assert one.stays_to is not None
    return f"{said(one, one.stays_to)} or less"


def beyond(found: Sensitivities, one: Sensitivity) -> str:
    parts = [outcomes(found, border.outcomes) for border in (one.below, one.above) if border is not None]
    if one.stays_from is None:
        parts = [
            f"{span(one, s.lo, s.hi)}: {outcomes(found, s.standing.outcomes)}"
            for s in one.stretches
            if s.standing.outcomes != found.possible and s.standing.can_be
        ]
    return " / ".join(dict.fromkeys(parts))


def span(one: Sensitivity, lo: int, hi: int) -> str:
    """From one value to another; a count has no greatest that anybody means."""
    if isinstance(one.type, NumberType) and one.type.unit == "count" and hi == one.type.hi:
        return f"{said(one, lo)} or more"
    return said(one, lo) if lo == hi else f"{said(one, lo)}-{said(one, hi)}"


def outcomes(found: Sensitivities, names: Sequence[str]) -> str:
    """All that is possible there: one title where it is certain."""
    book = found.decision.worlds.book.outcomes.outcomes
    return " or ".join(book[name].title for name in names)


def impossible(one: Sensitivity) -> list[int]:
    """The values of a choice that cannot be here."""
    if isinstance(one.type, NumberType):
        return []
    values = one.type.codes if isinstance(one.type, ChoiceType) else (one.type.lo, one.type.hi)
    return [value for value in values if value not in one.keeps and value not in (one.changes or {})]


def choice(found: Sensitivities, one: Sensitivity) -> str:
    groups: dict[str, list[str]] = {}
    for value, names in (one.changes or {}).items():
        groups.setdefault(outcomes(found, names), []).append(said(one, value))
    changes = "; ".join(f"{', '.join(values)}: {title}" for title, values in groups.items())
    keeps = ", ".join(said(one, value) for value in one.keeps)
    cannot = ", ".join(said(one, value) for value in impossible(one))
    parts = [*([f"stays with {keeps}"] if keeps else []), *([changes] if changes else [])]
    parts += [f"cannot be {cannot}"] if cannot else []
    return f"{title(found, one)}: {'; '.join(parts)}"


def places(one: Sensitivity) -> tuple[float, float, float]:
    """Where the same outcomes begin and end to be possible, and where things stand, on a bar from 0 to 1."""
    assert isinstance(one.type, NumberType)
    lo, hi = one.type.lo, one.type.hi
    stays_from, stays_to = (
        (one.value, one.value)
        if one.stays_from is None or one.stays_to is None
        else (one.stays_from, one.stays_to)
    )
    if hi - lo > 2000 * one.type.scale:
        numbers = [one.own.hi, *(b.value for b in (one.below, one.above) if b is not None)]
        hi = min(hi, max(COUNTS_SHOWN * max(numbers), lo + one.type.scale))
    start, end, at = ((value - lo) / (hi - lo) for value in (stays_from, stays_to, one.value))
    whole = one.stays_from is not None
    return (0.0 if whole and one.below is None else start, 1.0 if whole and one.above is None else end, at)


def bar(found: Sensitivities, one: Sensitivity) -> Bar:
    """A border as a bar of the picture."""
    _, is_now, in_it, other = row(found, one)
    start, end, at = places(one)
    return Bar(f"{title(found, one)} {is_now}", f"stays {in_it}; else {other}", start, end, at)
