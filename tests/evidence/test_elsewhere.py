"""Exports as they stand elsewhere (see elsewhere/README.md): counted here again by csv and json alone, and compared."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.evidence.built_in import Said, built_in
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.imports import Import, prepare
from sharedvalue.engine.evidence.mapping import Mapping, Use
from sharedvalue.engine.evidence.read import read
from tests.evidence.exports_here import BOOK

HERE = Path(__file__).parent / "elsewhere"
CASE = "scenario: 1\nas_of: 2026-10-01\nfacts:\n  has_sponsor: true\n  members_total: 40\n"
Row = dict[str, str]


@lru_cache
def rows(name: str) -> list[Row]:
    """The rows of the table in a file, by csv alone: from the heading that its people or answers stand under."""
    raw = (HERE / name).read_bytes()
    text = raw.decode("utf-16" if raw.startswith(b"\xff\xfe") else "utf-8-sig")
    lines = text.splitlines()
    start = {"zoom-webinar.csv": "Attendee Details", "teams-2026.csv": "2. Participants"}.get(name)
    if start is not None:
        lines = lines[lines.index(start) + 1 :]
        lines = lines[: lines.index("")] if "" in lines else lines
    table = csv.DictReader(
        io.StringIO("\n".join(lines)),
        delimiter="\t" if name in ("teams-2026.csv", "meetup-attendees.csv") else ",",
    )
    return [{key or "": value or "" for key, value in row.items()} for row in table]


def messages() -> list[Any]:
    found: list[Any] = json.loads((HERE / "discord-2026.json").read_text("utf-8"))["messages"]
    return [m for m in found if m["type"] in ("Default", "Reply") and not m["author"]["isBot"]]


def every(_: Row) -> bool:
    return True


# What counts, said once more in other words than the reader's.
COUNTS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "zoom-sessions.csv": ("zoom", lambda r: r["In waiting room"] != "Yes"),
    "zoom-total.csv": ("zoom", every),
    "zoom-consent.csv": ("zoom", every),
    "zoom-webinar.csv": ("zoom", lambda r: r["Attended"] == "Yes"),
    "teams-2026.csv": ("teams", every),
    "eventbrite-short.csv": ("eventbrite", lambda r: r["Attendee Status"] == "Checked In"),
    "eventbrite-long.csv": ("eventbrite", every),
    "mailchimp-subscribed.csv": ("mailchimp-audience", every),
    "mailchimp-merge-tags.csv": ("mailchimp-audience", every),
    "mailchimp-minimal.csv": ("mailchimp-audience", every),
    "meetup-attendees.csv": ("meetup-event", lambda r: r["RSVP"] == "Yes" and r["Attendance"] == "attended"),
    "microsoft-forms-spanish.csv": ("microsoft-forms", every),
    "google-forms-spanish.csv": ("google-forms", every),
    "typeform-2026.csv": ("typeform", lambda r: r["Submit Date (UTC)"] != ""),
    "typeform-portuguese.csv": ("typeform", every),
    "surveymonkey-condensed.csv": ("surveymonkey", lambda r: r["Respondent ID"] != ""),
    "surveymonkey-many-choices.csv": ("surveymonkey", lambda r: r["Respondent ID"] != ""),
    "plausible-by-day.csv": ("plausible", every),
    "plausible-list.csv": ("plausible", every),
    "discourse-users-older.csv": (
        "discourse-users", lambda r: int(r["id"]) > 0 and r["suspended_at"] == "" and r["active"] == "true",
    ),
}  # fmt: skip


@lru_cache
def found(name: str) -> Export:
    return read(HERE / name)


@pytest.mark.parametrize("name", COUNTS)
def test_its_records_are_those_that_count(name: str) -> None:
    tool, counts = COUNTS[name]
    assert (found(name).format, found(name).records) == (tool, sum(map(counts, rows(name))))


def test_messages_and_discussions_are_those_that_count() -> None:
    assert (found("discord-2026.json").format, found("discord-2026.json").records) == (
        "discord",
        len(messages()),
    )
    export = found("github-discussions-list.json")
    nodes = json.loads((HERE / "github-discussions-list.json").read_text("utf-8"))["data"]["repository"]
    told = {a.label: a.n for c in export.columns if c.name == "answered" for a in c.answers}
    answered = sum(n["isAnswered"] for n in nodes["discussions"]["nodes"])
    assert (export.records, told) == (6, {"true": answered, "false": 6 - answered})


def test_twenty_files_and_more_were_found() -> None:
    assert len([p for p in HERE.iterdir() if p.suffix != ".md"]) == len(COUNTS) + 2 >= 20


@pytest.mark.parametrize("name", COUNTS)
def test_answers_are_those_of_the_cells(name: str) -> None:
    """Every column that is counted: each answer as often as cells hold it, in the rows that count."""
    kept = [row for row in rows(name) if COUNTS[name][1](row)]
    for column in found(name).columns:
        if column.kind not in ("choice", "scale", "multi-choice", "grid-row") or column.part:
            continue
        cells = Counter[str]()
        for row in kept:
            cell = row.get(column.name, "")
            parts = [p.strip() for p in cell.split(column.separator.strip())] if column.separator else [cell]
            cells.update({part.casefold() for part in parts if part})
        for answer in column.answers:
            assert cells[answer.label.casefold()] == answer.n, (column.name, answer)


def test_one_column_a_choice_is_counted_by_its_ticks() -> None:
    lines = list(csv.reader(io.StringIO((HERE / "surveymonkey-many-choices.csv").read_text("utf-8"))))
    heads, answers = lines[1], lines[2:]
    for column in found("surveymonkey-many-choices.csv").columns:
        if column.kind == "multi-choice":
            ticks = sum(row[column.index] == heads[column.index] for row in answers)
            assert [(a.label, a.n) for a in column.answers] == [(heads[column.index], ticks)]
            base = sum(any(row[i] for i in range(11, 15)) for row in answers)
            assert column.answered == base


def taken(name: str, mapping: Mapping | None = None) -> Import:
    """What importing it into a scenario would do."""
    given = mapping or built_in(found(name))
    assert given is not None
    said = Said(date="2026-09-30")
    return prepare([(found(name), given)], "s.yaml", CASE, BOOK, dt.date(2026, 10, 1), said)


PEOPLE: dict[str, Callable[[Row], tuple[str, str]]] = {
    "zoom-sessions.csv": lambda r: (r["Email"] or r["Name (original name)"], r["Guest"]),
    "zoom-total.csv": lambda r: (r["Email"] or r["Name (original name)"], r["Guest"]),
    "zoom-consent.csv": lambda r: (r["Email"], "No"),
    "zoom-webinar.csv": lambda r: (r["Email"], "No"),
    "teams-2026.csv": lambda r: (r["Email"], "No"),
    "eventbrite-short.csv": lambda r: (r["Email"], "No"),
    "eventbrite-long.csv": lambda r: (r["Email"], "No"),
    "meetup-attendees.csv": lambda r: (r["User ID"], "No"),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_came_are_as_many_different_people(name: str) -> None:
    came = {PEOPLE[name](row) for row in rows(name) if COUNTS[name][1](row)}
    members = {who for who, guest in came if guest != "Yes"}
    told = taken(name)
    low = int(100 * len(members) / 40 + 0.5)
    assert [w.after for w in told.plan.written if w.address == "active_share_90d"] == [
        f"{{between: [{low}, 100]}}"
    ]
    assert told.attendance is not None
    assert told.attendance.people == len({who for who, _ in came})


@pytest.mark.parametrize("name, page", [("plausible-by-day.csv", "page"), ("plausible-list.csv", "name")])
def test_a_page_is_as_often_viewed_as_its_rows_say(name: str, page: str) -> None:
    views = Counter[str]()
    for row in rows(name):
        views[row[page]] += int(row["pageviews"])
    assert {item.label: item.times for item in taken(name).resonances[0].items} == dict(views)


@pytest.mark.parametrize(
    "name, column, yes, nothing",
    [
        ("google-forms-spanish.csv", "¿Qué tan satisfecho está con la comunidad?", ("Satisfecho", "Muy satisfecho"), ()),
        ("microsoft-forms-spanish.csv", "Considerando lo anterior, ¿te sumas a participar?", ("Sí",), ("No lo sé",)),
        ("typeform-portuguese.csv", "Está satisfeito?", ("Satisfeito", "Muito satisfeito"), ()),
        ("typeform-2026.csv", "How useful is it?", ("4", "5"), ()),
        ("surveymonkey-condensed.csv", "How satisfied are you?", ("4", "5"), ()),
    ],
)  # fmt: skip
def test_a_share_is_that_of_the_cells(
    name: str, column: str, yes: tuple[str, ...], nothing: tuple[str, ...]
) -> None:
    cells = [row[column] for row in rows(name) if COUNTS[name][1](row)]
    cells = [cell for cell in cells if cell and cell not in nothing]
    said = sum(cell in yes for cell in cells)
    use = Use("value_now", column=column, fact="member_value_now", counts=yes, no_answer=nothing)
    written = taken(name, Mapping("m.yaml", "", "survey", (use,))).plan.written
    evidence = next(w for w in written if w.address == "evidence[member_value_now]")
    assert f"{said} of {len(cells)}" in evidence.counted
    assert evidence.after.endswith(f"n {len(cells)}, reading {int(100 * said / len(cells) + 0.5)}")
