"""What the numbers of a workbook mean: which styles show a number as a date, a time or percent, and what that is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from sharedvalue.engine.sheets.parts import Parts

QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
LASTING = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
OF_DATES = re.compile(r"[dmyhs]", re.IGNORECASE)
DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))  # formats that every workbook has
LASTING_NUMBER = 46
PERCENTS = frozenset((9, 10))
NUMBER, DATE, LASTS, PERCENT = "number", "date", "lasts", "percent"
MOST_STYLES = 100_000


def kinds_of_styles(parts: Parts, name: str) -> list[str]:
    """For each style of a cell: whether it shows a number, percent, a date, or how long something lasts."""
    formats: dict[str, str] = {}
    found: list[str] = []
    within = False

    def start(element: str, attributes: Mapping[str, str]) -> None:
        nonlocal within
        if element == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            within = True
        elif element == "xf" and within and len(found) < MOST_STYLES:
            number = attributes.get("numFmtId", "0")
            found.append(_of_format(formats[number]) if number in formats else _built_in(number))

    def end(element: str) -> None:
        nonlocal within
        if element == "cellXfs":
            within = False

    parts.listen(name, start, end)
    return found


def _of_format(code: str) -> str:
    plain = QUOTED.sub("", code[:1000].split(";")[0])
    if LASTING.search(plain):
        return LASTS
    if "%" in plain:
        return PERCENT
    return DATE if OF_DATES.search(plain) and "general" not in plain.lower() else NUMBER


def _built_in(number: str) -> str:
    if not number.isdecimal():
        return NUMBER
    if int(number) == LASTING_NUMBER:
        return LASTS
    return DATE if int(number) in DATES else PERCENT if int(number) in PERCENTS else NUMBER


def said_as(value: float, kind: str, from_1904: bool) -> str:
    """A number as its style shows it; dates with the year first. A number that no calendar has stays one."""
    try:
        if kind == LASTS:
            return str(dt.timedelta(days=round(value * 86_400) / 86_400))
        if kind == DATE:
            return _date(value, from_1904)
    except (OverflowError, ValueError):
        pass
    if kind == PERCENT and abs(value) < 1e13:  # exactly: 0.07 is 7 %
        return f"{f'{Decimal(repr(value)) * 100:f}'.rstrip('0').rstrip('.') if value else 0}%"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _date(value: float, from_1904: bool) -> str:
    start = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    if (
        not from_1904 and value < 60
    ):  # the first spreadsheet held 1900 for a leap year, and all others keep to it
        start += dt.timedelta(days=1)
    found = start + dt.timedelta(seconds=round(value * 86_400))
    if 0 <= value < 1:
        return found.time().isoformat("seconds")
    if found.time() == dt.time():
        return found.date().isoformat()
    return found.isoformat(" ", "seconds")
