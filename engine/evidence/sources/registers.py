"""What a community keeps itself: a register of members, and interviews as notes or as a table of coded passages."""

from __future__ import annotations

from sharedvalue.engine.evidence.layout import Layout, Row, Sheet, lacking, needed, place, positions

REGISTER = {
    "member_id": "identity", "name": "identity", "email": "identity", "joined": "date", "left": "date", "last_active": "date",
    "events_attended_12m": "number", "posts_12m": "number", "count": "number", "level": "choice", "joined_level": "choice",
    "segment": "choice", "unit": "choice", "role": "choice", "is_core": "choice",
}  # fmt: skip
HEADED = 10  # a register out of a spreadsheet may carry title lines above its headings


def _headings(sheet: Sheet) -> int | None:
    return next((i for i, row in enumerate(sheet.head[:HEADED]) if place(row, "member_id") is not None), None)


def register(sheet: Sheet) -> list[str]:
    at = _headings(sheet)
    if at is None:
        return []
    return ["the heading 'member_id'" + (f" in line {at + 1}" if at else "")]


def register_layout(sheet: Sheet) -> Layout:
    at = _headings(sheet)
    if at is None:
        raise lacking(sheet, "register", ["member_id"], sheet.first)
    names = sheet.line(at)
    member = needed(sheet, "register", names, "member_id")
    seen = place(names, "last_active")
    return Layout(
        names,
        skip=at + 1,
        kinds=positions(names, REGISTER),
        unique=(member,),
        unique_is_error=True,
        keep=lambda row: "" if row[member] else "no member_id: a total, or a line of text",
        when=() if seen is None else (seen,),
        notes=() if seen is None else ("The period is that of the last activity.",),
    )


CODED = {
    "interview_id": "identity", "date": "date", "segment": "choice", "level": "choice", "code": "choice", "kind": "choice",
    "quote": "text",
}  # fmt: skip
KINDS = ("need", "value_story", "sponsor", "other")


def interview_table(sheet: Sheet) -> list[str]:
    if all(place(sheet.first, word) is not None for word in ("interview_id", "code", "kind")):
        return ["the headings 'interview_id', 'code' and 'kind'"]
    return []


def interview_table_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    for word in ("interview_id", "code", "kind"):
        needed(sheet, "interview-table", names, word)
    kind, ident = place(names, "kind"), place(names, "interview_id")
    assert kind is not None
    assert ident is not None

    def keep(row: Row) -> str:
        if not row[ident]:
            return "no interview_id"
        return "" if row[kind].casefold() in KINDS else f"a kind that is none of {', '.join(KINDS)}"

    date = place(names, "date")
    return Layout(
        names, kinds=positions(names, CODED), keep=keep, when=() if date is None else (date,),
        notes=("One row is one passage. Shares of interviews count distinct interviews, never rows.",),
    )  # fmt: skip


def interview_notes(sheet: Sheet) -> list[str]:
    if sheet.root == "notes":
        return ["Markdown with questions as bullets at the left edge, and answers as bullets below them"]
    return []


def interview_notes_layout(sheet: Sheet) -> Layout:
    if sheet.root != "notes":
        raise lacking(sheet, "interview-notes", ["*   question"], sheet.first)
    return Layout(
        sheet.first,
        kinds={i: "text" if i else "identity" for i in range(len(sheet.first))},
        header_lines=0,
        notes=(
            "Level and segment of each person are not in the notes: give them. Needs are coded by a person, not by counting words.",
        ),
    )
