"""Attendance: Zoom, Microsoft Teams and Google Meet. Who it was is never shown; a record is a connection, or a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sharedvalue.engine.evidence.dates import LIKE_A_DATE, order_of, parse
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
from sharedvalue.engine.evidence.words import Tool, tool

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
    "user action": "choice", "timestamp": "date", "registrant id": "identity", "join id": "identity",
}  # fmt: skip
FIRST_LINES = 12


def _kinds(known: Tool, names: Row) -> dict[int, str]:
    """What the columns are: by their heading in English, else by what it means in the tool's other languages."""
    met = {i: PEOPLE.get(key, "text") for i, key in known.met(names).items()}
    others = {
        i: "text" for i, name in enumerate(names) if name
    }  # nothing else of a list of people is counted or shown
    return {**others, **met, **positions(names, PEOPLE)}


def _above(sheet: Sheet, before: int, known: Tool, key: str) -> str:
    """What stands under a heading (or beside it) in the lines above the list of people."""
    for heads, values in zip(sheet.head[:before], (*sheet.head[1:before], ()), strict=False):
        at = known.place(heads, key)
        if at is not None:
            beside = heads[at + 1] if sheet.delimiter == "\t" and at + 1 < len(heads) else ""
            return beside or (values[at] if at < len(values) else "")
    return ""


def _day(texts: Iterable[str]) -> tuple[str, str]:
    """The day of one of these texts, if only its parts say which is the day."""
    for text in texts:
        day = parse(text, order_of([text]))
        if day is not None:
            return day.isoformat(), day.isoformat()
    return "", ""


def _as_stated(text: str) -> str:
    """A day whose order is not decided, as it stands."""
    return text if LIKE_A_DATE.match(text) else ""


# ---- Zoom -----------------------------------------------------------------------------------------------------------


def zoom(sheet: Sheet) -> list[str]:
    if folded(sheet.first[0] if sheet.first else "") == "attendee report":
        return ["the first line is 'Attendee Report'"]
    at = _zoom_table(sheet)
    if at is not None:
        name = sheet.line(at)[tool("zoom").place(sheet.line(at), "name (original name)") or 0]
        language = tool("zoom").language(sheet.line(at))
        return [
            f"line {at + 1} holds '{name}'{f', in {language}' if language not in ('', 'English') else ''}"
        ]
    usage = _usage_table(sheet)
    return [f"line {usage + 1} lists meetings: Topic, Meeting ID, Participants"] if usage is not None else []


def _zoom_table(sheet: Sheet) -> int | None:
    return next(
        (
            i
            for i, row in enumerate(sheet.head[:FIRST_LINES])
            if tool("zoom").place(row, "name (original name)") is not None
        ),
        None,
    )


def _usage_table(sheet: Sheet) -> int | None:
    """The list of meetings of a usage report: one row a meeting, with how many took part, and nobody's name but the host's."""
    return next(
        (
            i
            for i, row in enumerate(sheet.head[:FIRST_LINES])
            if {"topic", "participants"} <= set(tool("zoom").met(row).values())
            and place(row, "Meeting ID", "ID") is not None
            and sum(any(line) for line in sheet.head[i + 1 :]) > 0
        ),
        None,
    )


def zoom_layout(sheet: Sheet) -> Layout:
    if folded(sheet.first[0] if sheet.first else "") == "attendee report":
        return _webinar(sheet)
    at = _zoom_table(sheet)
    if at is None:
        if (usage := _usage_table(sheet)) is not None:
            return _usage(sheet, usage)
        raise lacking(sheet, "zoom", ["Name (Original Name)"], sheet.first)
    names = sheet.line(at)
    waiting = tool("zoom").place(names, "in waiting room")

    def keep(row: Row) -> str:
        return (
            "in the waiting room only"
            if waiting is not None and folded(row[waiting]) in tool("zoom").lists["yes"]
            else ""
        )

    joined = tool("zoom").place(names, "join time")
    started = _above(sheet, at, tool("zoom"), "start time")
    once = tool("zoom").place(names, "total duration (minutes)") is not None
    note = "A record is a connection: somebody who comes back is in several, and counts once."
    return Layout(
        names,
        skip=at + 1,
        kinds=_kinds(tool("zoom"), names),
        keep=keep,
        when=() if joined is None else (joined,),
        period=("", "") if joined is not None else _day([started]),
        stated=_as_stated(started),
        notes=() if once else (note,),
        title=_above(sheet, at, tool("zoom"), "topic"),
    )


def _usage(sheet: Sheet, at: int) -> Layout:
    names = sheet.line(at)
    kinds = {i: "text" for i, name in enumerate(names) if name} | _kinds(tool("zoom"), names)
    for word in ("Meeting ID", "ID", "User Name", "User Email", "Host"):
        if (found := place(names, word)) is not None:
            kinds[found] = "identity"
    people = tool("zoom").place(names, "participants")
    topic = tool("zoom").place(names, "topic")
    assert people is not None
    assert topic is not None
    started = tool("zoom").place(names, "start time")
    return Layout(
        names,
        skip=at + 1,
        kinds={**kinds, people: "number", topic: "text"},
        keep=lambda row: "" if row[people].isdigit() else "no number of participants",
        when=() if started is None else (started,),
        notes=("One row is one meeting. Participants are connections: whoever comes back counts again.",),
    )


def is_usage(names: Iterable[str]) -> bool:
    """Whether these are the headings of a list of meetings, without anybody who came."""
    listed = tuple(names)
    return (
        tool("zoom").place(listed, "name (original name)") is None
        and tool("zoom").place(listed, "participants") is not None
    )


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

    joined = tool("zoom").place(names, "join time")
    return Layout(
        names,
        skip=title + 2,
        kinds=_kinds(tool("zoom"), names),
        keep=keep,
        ends=ends,
        when=() if joined is None else (joined,),
        title=_above(sheet, title, tool("zoom"), "topic"),
    )


# ---- Teams ----------------------------------------------------------------------------------------------------------

SECTION = re.compile(r"^\d+\. \S")
COLUMNS = ("name", "first join", "last leave", "in-meeting duration", "email", "participant id (upn)", "role")
NO_DURATION = "a duration in no known form"


def teams(sheet: Sheet) -> list[str]:
    first = sheet.first[0] if sheet.first else ""
    at = _teams_table(sheet)
    language = tool("teams").language(
        [*(row[0] for row in sheet.head[:FIRST_LINES] if row), *(sheet.line(at) if at is not None else ())]
    )
    said = f", in {language}" if language not in ("", "English") else ""
    if tool("teams").is_heading(first, "summary"):
        return [f"the first line is '{first}'{said}"]
    if tool("teams").is_heading(first, "meeting summary"):
        return [f"the first line is '{first}' (a report of 2021){said}"]
    titles = [row[0] for row in sheet.head if row and SECTION.match(row[0]) and not any(row[1:])]
    for title in titles:
        if tool("teams").is_heading(title, "participants"):
            return [f"a line '{title}'{said}"]
    if sheet.codec.startswith("utf-16") and sheet.delimiter == "\t" and len(titles) > 1:
        return ["UTF-16, tabs, and numbered titles of sections, in a language that is not known here"]
    if at is not None and {"name", "first join", "last leave"} <= set(
        tool("teams").met(sheet.line(at)).values()
    ):
        return [f"line {at + 1} holds {', '.join(repr(name) for name in sheet.line(at)[:3])}{said}"]
    if _events(sheet.first):
        return ["the headings Full Name, User Action, Timestamp (the list of 2020)"]
    return []


def _events(names: Row) -> bool:
    return len(names) < 5 and set(tool("teams").met(names).values()) >= {"name", "user action", "timestamp"}


def _teams_table(sheet: Sheet) -> int | None:
    """The line with the headings of the list of people: below the title of the second section, or known by its words."""
    for i, row in enumerate(sheet.head):
        if row and row[0].startswith("2. ") and SECTION.match(row[0]) and not any(row[1:]):
            return i + 1
    return next(
        (
            i
            for i, row in enumerate(sheet.head)
            if {"name", "first join"} <= set(tool("teams").met(row).values())
        ),
        None,
    )


def _teams_columns(sheet: Sheet, at: int) -> dict[int, str]:
    """What the columns are: by their words, else by their place where the cells below are of that kind."""
    names = sheet.line(at)
    met = tool("teams").met(names)
    if {"name", "first join"} <= set(met.values()):
        return met
    below = [row for row in sheet.head[at + 1 :] if len(row) > 3 and any(row)]
    if below and all(LIKE_A_DATE.match(row[1]) and LIKE_A_DATE.match(row[2]) for row in below):
        return dict(enumerate(COLUMNS[: len(names)]))
    return met


def teams_layout(sheet: Sheet) -> Layout:
    if _events(sheet.first):
        return _teams_events(sheet)
    at = _teams_table(sheet)
    columns = {} if at is None else _teams_columns(sheet, at)
    if at is None or not {"name", "first join"} <= set(columns.values()):
        found = (
            [row[0] for row in sheet.head if row and SECTION.match(row[0])] if at is None else sheet.line(at)
        )
        raise lacking(sheet, "teams", ["2. Participants"] if at is None else ["Name", "First Join"], found)
    names = sheet.line(at)
    names = names[: max(i + 1 for i, name in enumerate(names) if name)]
    joined = next(i for i, key in columns.items() if key == "first join")
    started = _above(sheet, at, tool("teams"), "start time")
    return Layout(
        names,
        skip=at + 1,
        kinds={
            **_kinds(tool("teams"), names),
            **{i: PEOPLE[key] for i, key in columns.items() if i < len(names)},
        },
        ends=lambda row: bool(SECTION.match(row[0])) and not any(row[1:]),
        when=(joined,),
        stated=_as_stated(started),
        title=_above(sheet, at, tool("teams"), "meeting title"),
    )


def _teams_events(sheet: Sheet) -> Layout:
    """The list of 2020: one row each time that somebody joined or left. Whoever joined was there."""
    names = sheet.first
    action, when = tool("teams").place(names, "user action"), tool("teams").place(names, "timestamp")
    assert action is not None
    assert when is not None

    def keep(row: Row) -> str:
        return (
            ""
            if folded(row[action]) in tool("teams").lists["joined"]
            else "left, or an action of no known name"
        )

    return Layout(
        names,
        kinds=_kinds(tool("teams"), names),
        keep=keep,
        when=(when,),
        notes=("A record is one time that somebody joined; whoever joined several times counts once.",),
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
    stated = _under(sheet, at, "Date")
    day = _day([stated])

    def keep(row: Row) -> str:
        return NO_DURATION if row[lasted] and not DURATION.fullmatch(row[lasted].casefold().strip()) else ""

    notes = () if day[0] or stated else ("The file names no day; say which it was.",)
    return Layout(
        names,
        skip=at + 1,
        kinds=positions(names, PEOPLE),
        keep=keep,
        period=day,
        stated=_as_stated(stated),
        notes=notes,
        title=_under(sheet, at, "Meeting title"),
    )


def _under(sheet: Sheet, before: int, heading: str) -> str:
    for heads, values in zip(sheet.head[:before], sheet.head[1 : before + 1], strict=False):
        at = place(heads, heading)
        if at is not None and at < len(values):
            return values[at]
    return ""
