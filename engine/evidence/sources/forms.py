"""Forms with one header line: Google Forms, Microsoft Forms, Typeform, Alchemer (once SurveyGizmo)."""

from __future__ import annotations

from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.layout import (
    Group,
    Layout,
    Row,
    Sheet,
    bracketed,
    folded,
    folded_row,
    headings,
    lacking,
    place,
    positions,
)
from sharedvalue.engine.evidence.personal import WHOLE_EMAIL
from sharedvalue.engine.evidence.splitting import SEPARATORS
from sharedvalue.engine.evidence.words import tool

FIRST_FIVE = ("id", "start time", "completion time", "email", "name")


def google(sheet: Sheet) -> list[str]:
    if sheet.first and tool("google-forms").is_heading(sheet.first[0], "timestamp"):
        return [f"the first heading is '{sheet.first[0]}'{_in('google-forms', sheet.first[:1])}"]
    return []


def _in(name: str, names: Row) -> str:
    """In which language headings are, where it is not English."""
    language = tool(name).language(names)
    return f", which is {language}" if language not in ("", "English") else ""


def google_layout(sheet: Sheet) -> Layout:
    names, lines = headings(sheet)
    if not any(names):
        raise lacking(sheet, "google-forms", ["Timestamp"], names)
    parts, grids = bracketed(names)
    fixed = {"email address": "identity", "timestamp": "date", "score": "number"}
    own = {i: fixed[key] for i, key in tool("google-forms").met(names).items()}
    record = sheet.line(lines)
    dated = {0: "date"} if record and is_date(record[0]) else {}
    semicolons = any(";" in cell and ", " not in cell for cell in _cells(sheet)) and _all_semicolons(sheet)
    return Layout(
        names,
        skip=lines,
        parts=parts,
        kinds={**own, **dated},
        groups=grids,
        separators=tuple(sorted(SEPARATORS, key=lambda mark: mark != ";")) if semicolons else SEPARATORS,
        unique=tuple(range(len(names))) if dated or own.get(0) == "date" else (),
        when=(0,) if dated or 0 in own else (),
    )


def _cells(sheet: Sheet) -> list[str]:
    return [cell for row in sheet.head[1:] for cell in row[1:]]


def _all_semicolons(sheet: Sheet) -> bool:
    """The download from the form itself joins with semicolons, and writes years first."""
    rows = [row for row in sheet.head[1:] if row and row[0]]
    return bool(rows) and all(row[0][:4].isdigit() and "/" in row[0] for row in rows)


def microsoft(sheet: Sheet) -> list[str]:
    if (
        all(
            tool("microsoft-forms").is_heading(name, key)
            for name, key in zip(sheet.first[:5], FIRST_FIVE, strict=False)
        )
        and len(sheet.first) > 4
    ):
        named = ", ".join(sheet.first[:5])
        return [f"the first five headings are {named}{_in('microsoft-forms', sheet.first[:5])}"]
    rows = [row for row in sheet.head[1:] if any(row)]
    if len(sheet.first) > 5 and rows and all(_like_microsoft(row) for row in rows):
        return [
            "the first five columns hold a number, two times, and 'anonymous' or an e-mail, as Microsoft Forms writes them"
        ]
    return []


def _like_microsoft(row: Row) -> bool:
    return (
        len(row) > 5
        and row[0].isdigit()
        and is_date(row[1])
        and is_date(row[2])
        and (row[3].casefold() == "anonymous" or WHOLE_EMAIL.fullmatch(row[3]) is not None)
    )


def microsoft_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    if not microsoft(sheet):
        raise lacking(
            sheet, "microsoft-forms", ["ID", "Start time", "Completion time", "Email", "Name"], names[:5]
        )
    kinds = {0: "identity", 1: "date", 2: "date", 3: "identity", 4: "identity"}
    known = tool("microsoft-forms")
    of_a_quiz = {
        "last modified time": "date",
        "total points": "number",
        "quiz feedback": "text",
        "grade posted time": "text",
    }
    starts = {"points": "number", "feedback": "text"}
    for i, name in enumerate(names[5:], start=5):
        for key, kind in of_a_quiz.items():
            if known.is_heading(name, key):
                kinds[i] = kind
        for key, kind in starts.items():
            if folded(name).startswith(tuple(f"{word} " for word in known.lists[key])):
                kinds[i] = kind
    return Layout(names, kinds=kinds, separators=(";",), unique=(0,), when=(2, 1))


TYPEFORM_KINDS = {
    "#": "identity", "token": "identity", "response type": "choice", "start date (utc)": "date", "stage date (utc)": "date",
    "submit date (utc)": "date", "network id": "identity", "tags": "text", "ending": "text",
}  # fmt: skip


def typeform(sheet: Sheet) -> list[str]:
    names = [name for name in sheet.first if name]
    if len(names) > 1 and names[-1] == "Token":
        return ["the last heading is 'Token'"]
    if len(names) > 1 and names[0] == "#":
        return ["the first heading is '#'"]
    met = tool("typeform").met(sheet.first)
    if {"submit date (utc)", "network id"} <= set(met.values()):
        named = [sheet.first[i] for i, key in met.items() if key in ("submit date (utc)", "network id")]
        return [f"the headings {' and '.join(map(repr, named))}{_in('typeform', named)}"]
    return []


def typeform_layout(sheet: Sheet) -> Layout:
    names, known = sheet.first, tool("typeform")
    if not typeform(sheet):
        raise lacking(sheet, "typeform", ["Token", "#"], names)
    when = [
        i for word in ("submit date (utc)", "start date (utc)") if (i := known.place(names, word)) is not None
    ]
    token, answered = known.place(names, "token", "#"), known.place(names, "response type")
    unfinished = known.lists["unfinished"]

    def keep(row: Row) -> str:
        sent = answered is None or folded(row[answered]) not in unfinished
        return "" if sent else "not finished (Response Type is not completed)"

    return Layout(
        names,
        kinds={i: TYPEFORM_KINDS[key] for i, key in known.met(names).items()},
        separators=SEPARATORS,
        keep=keep,
        unique=() if token is None else (token,),
        when=tuple(when),
        notes=_twice(names),
    )


def _twice(names: Row) -> tuple[str, ...]:
    words = [folded(name) for name in names if name]
    twice = sorted({word for word in words if words.count(word) > 1}) if len(words) < 5_000 else []
    if not twice:
        return ()
    stand = "heading stands" if len(twice) == 1 else "headings stand"
    return (
        f"{len(twice)} {stand} twice. Each column is counted on its own: see which one holds the answers.",
    )


def alchemer(sheet: Sheet) -> list[str]:
    have = folded_row(sheet.first)
    if {"time started", "date submitted", "status"} <= set(have):
        return ["headings 'Time Started', 'Date Submitted' and 'Status'"]
    return []


def alchemer_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    if not alchemer(sheet):
        raise lacking(sheet, "alchemer", ["Time Started", "Date Submitted", "Status"], names)
    status = place(names, "Status")
    assert status is not None
    parts: dict[int, tuple[str, str]] = {}
    for i, name in enumerate(names):
        part, colon, question = name.partition(":")
        if colon and part.strip() and question.strip() and "?" not in part:
            parts[i] = (question.strip(), part.strip())
    stems: dict[str, list[int]] = {}
    for i, (question, _) in parts.items():
        stems.setdefault(question, []).append(i)
    groups = tuple(
        Group(question, tuple(columns), _form(sheet, columns, parts))
        for question, columns in stems.items()
        if len(columns) > 1
    )
    inside = {i for group in groups for i in group.columns}
    own = positions(
        names,
        {
            "response id": "identity", "contact id": "identity", "ip address": "identity", "sessionid": "identity",
            "session id": "identity", "time started": "date", "date submitted": "date", "status": "choice",
            "latitude": "identity", "longitude": "identity", "user agent": "text", "referer": "text", "link name": "choice",
        },
    )  # fmt: skip

    def keep(row: Row) -> str:
        return "" if folded(row[status]) != "partial" else "not finished (Status is Partial)"

    submitted = place(names, "Date Submitted")
    ident = place(names, "Response ID")
    return Layout(
        names,
        parts={i: p for i, p in parts.items() if i in inside},
        kinds=own,
        groups=groups,
        keep=keep,
        unique=() if ident is None else (ident,),
        when=() if submitted is None else (submitted,),
    )


def _form(sheet: Sheet, columns: list[int], parts: dict[int, tuple[str, str]]) -> str:
    """Ticked choices repeat the label of their column; rows of a grid hold something else."""
    filled = [(i, row[i]) for row in sheet.head[1:] for i in columns if i < len(row) and row[i]]
    return "choices" if all(folded(cell) == folded(parts[i][1]) for i, cell in filled) else "rows"
