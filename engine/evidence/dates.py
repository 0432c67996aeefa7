"""Dates as tools and people write them: which part is the day is decided by all values together, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

YEAR_FIRST = re.compile(r"^(\d{4})(?:[-/.年년] ?)(\d{1,2})(?:[-/.月월] ?)(\d{1,2})(?![\d])")
YEAR_LAST = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d])")
NAMED = re.compile(r"^(?:[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2}\.? [A-Z][a-z]{2,8}\.? \d{4})\b")
LIKE_A_DATE = re.compile(
    f"(?:{YEAR_FIRST.pattern})|(?:^\\d{{1,2}}([-/.])\\d{{1,2}}\\4(?:\\d{{4}}|\\d{{2}})(?![\\d]))|(?:{NAMED.pattern})"
)
EARLIEST = dt.date(1990, 1, 1)
SERIAL = re.compile(r"^(\d{5})(?:[.,]\d+)?$")  # a day as a spreadsheet counts it, 1 being the first of 1900
SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Days:
    """The days that some values name. `order` is `month first`, `day first`, `both` (they contradict) or `undecided`."""

    first: dt.date | None
    last: dt.date | None
    read: int
    unread: int
    future: int
    order: str


def is_date(text: str) -> bool:
    return text[:1].isalnum() and LIKE_A_DATE.match(text) is not None


def is_serial(text: str) -> bool:
    """Whether a value may be a day as a spreadsheet counts it; a number may be anything, so only a date column is asked."""
    return SERIAL.match(text) is not None and parse(text) is not None


def after_day(text: str) -> str:
    """What stands between the day and the time of a value; nothing where there is no time, or the day has several words."""
    day = YEAR_FIRST.match(text) or YEAR_LAST.match(text)
    if day is None or " " in day[0]:
        return ""
    return next((mark for mark in (" ", "T") if mark in text), "")


def read_days(counts: Mapping[str, int], today: dt.date, order: str = "") -> Days:
    """First and last day of values with their counts."""
    order = order or order_of(counts)
    first: dt.date | None = None
    last: dt.date | None = None
    read = unread = future = 0
    for text, n in counts.items():
        day = parse(text, order)
        if day is None:
            unread += n
            continue
        read += n
        future += n if day > today else 0
        first = day if first is None or day < first else first
        last = day if last is None or day > last else last
    return Days(first, last, read, unread, future, order)


def order_of(texts: Iterable[str]) -> str:
    """Which part is the day: only a part above 12, or a dot between the parts, tells."""
    day_first = month_first = numeric = False
    for text in texts:
        if found := YEAR_LAST.match(text):
            numeric = True
            one, mark, two, _ = found.groups()
            day_first |= int(one) > 12 or mark == "."
            month_first |= int(two) > 12
    if day_first and month_first:
        return "both"
    if day_first or month_first:
        return "day first" if day_first else "month first"
    return "undecided" if numeric else ""


def parse(text: str, order: str = "") -> dt.date | None:
    """The day of one value; None where it is none, or where the order of its parts is not decided."""
    try:
        if found := YEAR_FIRST.match(text):
            return dt.date(*(int(part) for part in found.groups()))
        if found := YEAR_LAST.match(text):
            one, _, two, year = found.groups()
            if order not in ("day first", "month first") and one != two:
                return None
            day, month = (one, two) if order == "day first" else (two, one)
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        if found := SERIAL.match(text):
            day = SERIAL_ZERO + dt.timedelta(days=int(found[1]))
            return day if EARLIEST <= day <= dt.date(2100, 1, 1) else None
        if NAMED.match(text):
            from dateutil import parser

            return parser.parse(text, fuzzy=False, ignoretz=True).date()
    except (ValueError, OverflowError):
        return None
    return None
