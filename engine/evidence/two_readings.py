"""Two readings of the same questions: what rose, what fell, what lasted, and how much of what is named lies outside the purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.proportions import Difference, Method, Share, difference, ratio_interval
from sharedvalue.engine.evidence.small_cells import limit_of
from sharedvalue.engine.evidence.survey import Counted
from sharedvalue.engine.language.rulebook import RuleBook


@dataclass(frozen=True)
class NeedTrend:
    """One need in both readings. `state` is lasting | faded | came up | below the line | open (an interval crosses the line)."""

    need: str
    within_purpose: bool | None
    change: Difference
    state: str


@dataclass(frozen=True)
class Outside:
    """How much of all that is named lies outside the purpose, over the needs asked for in both readings."""

    outside: int
    named: int
    low: float
    high: float

    @property
    def percent(self) -> int:
        return Share(self.outside, self.named).percent


@dataclass(frozen=True)
class Trend:
    """What two readings say together. `durable` is None where they leave it open, with `why`."""

    months: int
    before: Counted
    after: Counted
    needs: tuple[NeedTrend, ...]
    shares: Mapping[str, Difference]
    shift_before: Outside | None
    shift_after: Outside | None
    durable: bool | None
    why: str
    level: int


def months_between(first: dt.date, second: dt.date) -> int:
    """Whole months from one day to a later one."""
    return (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day)


def compare(before: Counted, after: Counted, book: RuleBook) -> Trend:
    """The older reading against the newer one. Needs are matched by their label, never by their column."""
    method = Method.of(book)
    months = months_between(before.last, after.last)
    within = {**before.within, **after.within}
    labels = _common(before, after, limit_of(book))
    needs = tuple(_need(b, a, within.get(a), before, after, book, method) for b, a in labels)
    old = {q.fact: q.share for q in before.questions}
    shares = {q.fact: difference(old[q.fact], q.share, method) for q in after.questions if q.fact in old}
    shift = [
        _outside(counted, {label for pair in labels for label in pair}, method) for counted in (before, after)
    ]
    durable, why = _durable(needs, months, book)
    return Trend(months, before, after, needs, shares, shift[0], shift[1], durable, why, method.level)


def _common(before: Counted, after: Counted, limit: int) -> list[tuple[str, str]]:
    """Labels asked for in both, each as the older and as the newer reading writes it, if not only a handful named it."""
    old = {folded(label): label for label in before.needs.base}
    pairs = [(old[folded(label)], label) for label in after.needs.base if folded(label) in old]
    return [(b, a) for b, a in pairs if max(before.needs.named[b], after.needs.named[a]) >= limit]


def _need(
    old: str, new: str, within: bool | None, before: Counted, after: Counted, book: RuleBook, method: Method
) -> NeedTrend:
    shares = (
        before.needs.share(old, before.mapping.population),
        after.needs.share(new, after.mapping.population),
    )
    line = _percent(book, "need_shared")
    above = [_side(share, line, method) for share in shares]
    if None in above:
        state = "open"
    else:
        state = {(True, True): "lasting", (True, False): "faded", (False, True): "came up"}.get(
            (bool(above[0]), bool(above[1])), "below the line"
        )
    return NeedTrend(new, within, difference(shares[0], shares[1], method), state)


def _side(share: Share, line: float, method: Method) -> bool | None:
    """Above the line or below it; None where the interval lies across."""
    low, high = share.interval(method)
    return True if low >= line else False if high < line else None


def _percent(book: RuleBook, name: str) -> float:
    threshold = book.thresholds[name]
    return threshold.value / threshold.type.scale


def _durable(needs: tuple[NeedTrend, ...], months: int, book: RuleBook) -> tuple[bool | None, str]:
    apart, line = round(_percent(book, "shift_readings_apart")), round(_percent(book, "need_shared"))
    outside = [need for need in needs if need.within_purpose is False]
    if months < apart:
        return None, f"the two readings lie {months} months apart; {apart} are needed"
    if not outside:
        return None, "no need outside the purpose was asked for in both readings"
    lasting = [need.need for need in outside if need.state == "lasting"]
    if lasting:
        return True, f"named by {line} % or more in both readings: {', '.join(lasting)}"
    if any(need.state == "open" for need in outside):
        names = ", ".join(need.need for need in outside if need.state == "open")
        return None, f"too close to {line} % to tell: {names}"
    if all(need.state == "below the line" for need in outside):
        return None, f"no need outside the purpose was named by {line} % in either reading"
    return False, f"no need outside the purpose was named by {line} % or more in both readings"


def _outside(counted: Counted, labels: set[str], method: Method) -> Outside | None:
    pairs = counted.outside_of(labels)
    named = sum(x for _, x in pairs)
    if not named:
        return None
    low, high = ratio_interval(pairs, counted.mapping.population, method.z)
    return Outside(sum(y for y, _ in pairs), named, low, high)
