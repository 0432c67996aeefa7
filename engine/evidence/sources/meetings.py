"""Attendance: Zoom, Microsoft Teams and Google Meet. Who it was is never shown; a record is a connection, or a person."""

from __future__ import annotations

import re

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.dates import order_of, parse
from sharedvalue.engine.evidence.layout import (
    Layout,
    Row,
    Sheet,
    folded,
    folded_row,
    lacking,
    needed,
    place,
    positions,
)

PEOPLE = {
    "name (original name)": "identity", "user name (original name)": "identity", "user name": "identity", "user email": "identity",
    "email": "identity", "name": "identity", "full name": "identity", "first name": "identity", "last name": "identity",
    "participant id (upn)": "identity", "host": "identity", "meeting id": "identity", "department": "choice", "group": "choice",
    "join time": "date", "leave time": "date", "start time": "date", "end time": "date", "creation time": "date",
    "registration time": "date", "first join": "date", "last leave": "date", "time joined": "text", "time exited": "text",
    "duration": "text", "in-meeting duration": "text", "guest": "choice", "is guest": "choice", "role": "choice",
    "in waiting room": "choice", "attended": "choice", "topic": "text", "country/region name": "choice",
    "total duration (minutes)": "number", "duration (minutes)": "number", "time in session (minutes)": "number",
    "recording consent": "choice", "recording disclaimer response": "choice", "participants": "number",
    "user action": "choice", "timestamp": "date",
}  # fmt: skip

# ---- Zoom -----------------------------------------------------------------------------------------------------------


def zoom(sheet: Sheet) -> list[str]:
    if folded(sheet.first[0] if sheet.first else "") == "attendee report":
        return ["the first line is 'Attendee Report'"]
    at = _zoom_table(sheet)
    return [f"line {at + 1} holds 'Name (Original Name)'"] if at is not None else []


def _zoom_table(sheet: Sheet) -> int | None:
    return next(
        (i for i, row in enumerate(sheet.head[:10]) if "name (original name)" in folded_row(row)), None
    )


def zoom_layout(sheet: Sheet) -> Layout:
    if folded(sheet.first[0] if sheet.first else "") == "attendee report":
        return _webinar(sheet)
    at = _zoom_table(sheet)
    if at is None:
        raise lacking(sheet, "zoom", ["Name (Original Name)"], sheet.first)
    names = sheet.line(at)
    waiting = place(names, "In Waiting Room")

    def keep(row: Row) -> str:
        return "in the waiting room only" if waiting is not None and folded(row[waiting]) == "yes" else ""

    when = [i for i in (place(names, "Join Time"),) if i is not None]
    period = ("", "") if when else _preamble_day(sheet, at)
    note = "A record is a connection: somebody who comes back is in several. Distinct people are counted when it is imported."
    return Layout(
        names,
        skip=at + 1,
        kinds=positions(names, PEOPLE),
        keep=keep,
        when=tuple(when),
        period=period,
        notes=() if place(names, "Total Duration (Minutes)") is not None else (note,),
        title=_above(sheet, at, "Topic"),
    )


def _above(sheet: Sheet, before: int, heading: str) -> str:
    """What stands under a heading (or beside it) in the lines above the list of people."""
    for heads, values in zip(sheet.head[:before], (*sheet.head[1:before], ()), strict=False):
        at = place(heads, heading)
        if at is not None:
            beside = heads[at + 1] if sheet.delimiter == "\t" and at + 1 < len(heads) else ""
            return beside or (values[at] if at < len(values) else "")
    return ""


def _preamble_day(sheet: Sheet, before: int) -> tuple[str, str]:
    """The day of the meeting from the two lines above the list of people."""
    for heads, values in zip(sheet.head[:before], sheet.head[1 : before + 1], strict=False):
        at = place(heads, "Start Time")
        if at is not None and at < len(values):
            day = parse(values[at], order_of([values[at]]))
            if day is not None:
                return day.isoformat(), day.isoformat()
    return "", ""


def _webinar(sheet: Sheet) -> Layout:
    """Sections with a title; those who registered are in the one called Attendee Details."""
    title = next(
        (i for i, row in enumerate(sheet.head) if row and folded(row[0]) == "attendee details"), None
    )
    if title is None:
        raise lacking(sheet, "zoom", ["Attendee Details"], sheet.first)
    names = sheet.line(title + 1)
    attended = needed(sheet, "zoom", names, "Attended")
    names = names[: max(i + 1 for i, name in enumerate(names) if name)]

    def ends(row: Row) -> bool:
        return bool(row[0].endswith("Details") and not any(row[1:]))

    def keep(row: Row) -> str:
        return "registered, but did not attend" if folded(row[attended]) == "no" else ""

    joined = place(names, "Join Time")
    return Layout(
        names,
        skip=title + 2,
        kinds=positions(names, PEOPLE),
        keep=keep,
        ends=ends,
        when=() if joined is None else (joined,),
        title=_above(sheet, title, "Topic"),
    )


# ---- Teams ----------------------------------------------------------------------------------------------------------

SECTION = re.compile(r"^\d+\. \S")


def teams(sheet: Sheet) -> list[str]:
    first = sheet.first[0] if sheet.first else ""
    if folded(first) == "1. summary":
        return ["the first line is '1. Summary'"]
    titles = [row[0] for row in sheet.head if row and SECTION.match(row[0]) and not any(row[1:])]
    if any(folded(title) == "2. participants" for title in titles):
        return ["a line '2. Participants'"]
    if sheet.codec.startswith("utf-16") and sheet.delimiter == "\t" and len(titles) > 1:
        return ["UTF-16, tabs, and numbered titles of sections, in another language than English"]
    if tuple(folded_row(sheet.first)) == ("full name", "user action", "timestamp"):
        return ["the headings Full Name, User Action, Timestamp (the list of 2020)"]
    return []


def teams_layout(sheet: Sheet) -> Layout:
    if tuple(folded_row(sheet.first)) == ("full name", "user action", "timestamp"):
        raise mistake(
            "SV411",
            sheet.name,
            "the list of 2020 has one row an event (joined, left), and not one a person",
            "Download the attendance report of the meeting instead.",
        )
    title = next((i for i, row in enumerate(sheet.head) if row and folded(row[0]) == "2. participants"), None)
    at = None if title is None else title + 1
    if at is None:
        at = next(
            (i for i, row in enumerate(sheet.head) if {"name", "first join"} <= set(folded_row(row))), None
        )
    if at is None:
        raise lacking(
            sheet,
            "teams",
            ["2. Participants"],
            [row[0] for row in sheet.head if row and SECTION.match(row[0])],
        )
    names = sheet.line(at)
    for word in ("Name", "First Join", "In-Meeting Duration"):
        needed(sheet, "teams", names, word)
    names = names[: max(i + 1 for i, name in enumerate(names) if name)]
    joined = place(names, "First Join")
    assert joined is not None
    return Layout(
        names,
        skip=at + 1,
        kinds=positions(names, PEOPLE),
        ends=lambda row: bool(SECTION.match(row[0])) and not any(row[1:]),
        when=(joined,),
        title=_above(sheet, at, "Meeting title"),
    )


# ---- Google Meet ----------------------------------------------------------------------------------------------------

DURATION = re.compile(
    r"(\d+\s*(h|hr|hrs|hour|hours)\b\s*)?(\d+\s*(m|min|mins|minutes)\b\s*)?(\d+\s*(s|sec)\b)?|\d+:\d\d(:\d\d)?"
)


def meet(sheet: Sheet) -> list[str]:
    at = _meet_table(sheet)
    return ["the headings 'Time joined' and 'Time exited'"] if at is not None else []


def _meet_table(sheet: Sheet) -> int | None:
    return next(
        (
            i
            for i, row in enumerate(sheet.head[:10])
            if {"time joined", "time exited"} <= set(folded_row(row))
        ),
        None,
    )


def meet_layout(sheet: Sheet) -> Layout:
    at = _meet_table(sheet)
    if at is None:
        raise lacking(sheet, "meet", ["Time joined", "Time exited"], sheet.first)
    names = sheet.line(at)
    lasted = needed(sheet, "meet", names, "Duration")
    day = _meet_day(sheet, at)

    def keep(row: Row) -> str:
        if row[lasted] and not DURATION.fullmatch(row[lasted].casefold().strip()):
            return "a duration in no known form"
        return ""

    notes = () if day[0] else ("The file names no day: give the date yourself.",)
    return Layout(
        names,
        skip=at + 1,
        kinds=positions(names, PEOPLE),
        keep=keep,
        period=day,
        notes=notes,
        title=_above(sheet, at, "Meeting title"),
    )


def _meet_day(sheet: Sheet, before: int) -> tuple[str, str]:
    for heads, values in zip(sheet.head[:before], sheet.head[1 : before + 1], strict=False):
        at = place(heads, "Date")
        if at is not None and at < len(values) and (day := parse(values[at], order_of([values[at]]))):
            return day.isoformat(), day.isoformat()
    return "", ""
