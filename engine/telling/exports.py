"""What an export is, in words: what it and its records are called, what was dropped, and what was answered in a column."""

from __future__ import annotations

from collections.abc import Iterator

from sharedvalue.engine.evidence.export import Column, Export, Numbers
from sharedvalue.engine.evidence.listed import known_as, listed
from sharedvalue.engine.evidence.splitting import SEPARATED as BETWEEN
from sharedvalue.engine.language.source import UNSHOWN
from sharedvalue.engine.telling.page import Entry

TIED = "\u00a0"  # keeps a number and its unit in one line
WHOLE_SCALE = 11  # answers up to which a scale is shown whole, in its order
TOP = 4  # answers shown of a column, unless all are asked for

SEPARATED = {**BETWEEN, ",": BETWEEN[", "]}

TITLES = {
    "google-forms": "Answers of a Google form",
    "microsoft-forms": "Answers of a Microsoft form",
    "surveymonkey": "Answers of a SurveyMonkey survey",
    "qualtrics": "Answers of a Qualtrics survey",
    "kobo": "Submissions of a KoboToolbox form",
    "limesurvey": "Answers of a LimeSurvey survey",
    "typeform": "Answers of a Typeform form",
    "alchemer": "Answers of an Alchemer (SurveyGizmo) survey",
    "interview-notes": "Notes of interviews",
    "interview-table": "A table of coded interviews",
    "zoom": "Attendance of a Zoom meeting",
    "teams": "Attendance of a Teams meeting",
    "meet": "Attendance of a Google Meet call",
    "ga4": "Pages in Google Analytics 4",
    "universal-analytics": "Pages in Universal Analytics (Google, until 2023)",
    "matomo": "Pages in Matomo",
    "discourse-users": "Users of a Discourse forum",
    "discourse-topics": "A Discourse query (Data Explorer)",
    "stackexchange-posts": "Posts of a Stack Exchange site",
    "github-discussions": "GitHub Discussions",
    "slack": "Members of a Slack workspace",
    "slack-export": "Messages of a Slack workspace",
    "discord": "Messages of a Discord channel",
    **{each.name: each.title for each in listed()},
    "register": "A register of members",
    "plain": "A table of no known tool",
}
PAGES, PEOPLE = ("page", "pages"), ("person", "people")
RECORDS = {
    "zoom": ("connection", "connections"),
    "teams": PEOPLE,
    "meet": PEOPLE,
    "ga4": PAGES,
    "universal-analytics": PAGES,
    "matomo": PAGES,
    "discourse-users": ("account", "accounts"),
    "discourse-topics": ("row", "rows"),
    "stackexchange-posts": ("post", "posts"),
    "github-discussions": ("discussion", "discussions"),
    "slack": ("account", "accounts"),
    "slack-export": ("message", "messages"),
    "discord": ("message", "messages"),
    **{each.name: each.record for each in listed()},
    "register": ("row", "rows"),
    "interview-notes": ("interview", "interviews"),
    "interview-table": ("coded passage", "coded passages"),
    "plain": ("row", "rows"),
}


def title(export: Export) -> str:
    known = known_as(export.format)
    said = known.title if known else TITLES.get(export.format, export.format)
    return f"{said}  ({export.format})"


def because(export: Export) -> Iterator[Entry]:
    """Why it is what it is."""
    for why in export.why:
        yield Entry(f"because {why}", indent=" ", hang="  ")


def counted(export: Export) -> Iterator[Entry]:
    """How many records count, what was dropped, what a person should know, and how the file is written."""
    known = known_as(export.format)
    records = known.record if known else RECORDS.get(export.format, ("response", "responses"))
    yield Entry(f"{export.records:,} {records[export.records != 1]}{_period(export)}", indent="", hang="")
    for dropped in export.dropped:
        yield Entry(f"{dropped.count:,} dropped: {dropped.reason}", indent=" ", hang="  ")
    for note in export.notes:
        yield Entry(f"Note: {note}", indent=" ", hang="  ")
    yield Entry(_file(export), indent=" ", hang="  ")


def _period(export: Export) -> str:
    first, last = export.period
    if not first:
        return ""
    return f", {first}" if first == last else f", {first} to {last}"


def _file(export: Export) -> str:
    marks = {",": "comma", ";": "semicolon", "\t": "tab"}
    above = export.header_lines
    lines = f"{above} line{'s' if above > 1 else ''} above the first record" if above else ""
    encoding = export.encoding.removesuffix("-sig").upper()
    parts = [encoding, marks.get(export.delimiter, ""), lines, f"sha256 {export.sha256[:12]}..."]
    return "File: " + ", ".join(filter(None, parts))


def answers(column: Column, every: bool) -> str:
    if column.numbers is not None:
        return spread(column.numbers)
    most = WHOLE_SCALE if column.kind in ("scale", "grid-row", "rank") else TOP + 1
    shown = column.answers
    if not every and len(shown) > most:
        shown = tuple(sorted(shown, key=lambda a: -a.n)[:TOP])
    room = 400 if every else 40
    said = [
        f"{shortened(printable(a.label), room)}:{TIED}{a.n:,}{TIED}({percent(a.n, column.answered)})"
        for a in shown
    ]
    if more := len(column.answers) - len(shown):
        said.append(f"{more} more")
    if column.others:
        said.append(f"{column.others:,} other answer{'s' if column.others > 1 else ''}")
    if column.separator:
        said.append(f"several in one cell, {SEPARATED[column.separator]} between them")
    return "; ".join(said)


def spread(numbers: Numbers) -> str:
    """How numbers lie, in words."""
    return (
        f"mean {_number(numbers.mean)}; half of them from {_number(numbers.quarter)} to {_number(numbers.three_quarters)}; "
        f"all from {_number(numbers.low)} to {_number(numbers.high)}"
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def percent(n: int, base: int) -> str:
    return f"{100 * n / base:.0f}{TIED}%" if base else "-"


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def printable(text: str) -> str:
    """A text of a file in one line, without characters that could move the cursor or turn the line around."""
    return UNSHOWN.sub("?", " ".join(text.split()))
