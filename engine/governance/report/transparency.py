"""The algorithmic transparency record that public bodies publish, in the fields of the UK's ATRS: as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.governance.report.blocks import Block, paragraph
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.report.texts import told_in
from sharedvalue.engine.governance.standing import course_taken, objection_words, standing
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.telling.phrases import lower

Json = dict[str, Any]
FILE = Path(__file__).with_name("transparency.yaml")


@dataclass(frozen=True)
class Field:
    """One field: an `answer` that may name things of the record, and what only the organisation can say (`ask`)."""

    number: str
    name: str
    answer: str
    ask: str


@dataclass(frozen=True)
class Standard:
    """The standard as transparency.yaml holds it: its name, and the fields of each section by its title, in order; `words` are
    what is said of the record, and in the places of its answers."""

    name: str
    to_fill_in: str
    sections: Mapping[str, tuple[Field, ...]]
    words: Mapping[str, str]


@lru_cache(maxsize=1)
def standard() -> Standard:
    """The standard, read once."""
    problems, place = Problems(), Place(str(FILE))
    reader = Reader.of(parse(FILE.read_text("utf-8"), str(FILE)), problems, "the standard", place)
    sections = {}
    for node in reader.items("sections"):
        section = Reader.of(node, problems, "a section", place)
        fields = tuple(_field(Reader.of(one, problems, "a field", place)) for one in section.items("fields"))
        sections[section.text("title", required=True)] = fields
        section.done()
    below = reader.reader("words", required=True)
    words = {} if below is None else {name: below.text(name) for name in below.table.entries}
    found = Standard(
        reader.text("standard", required=True), reader.text("to_fill_in", required=True), sections, words
    )
    reader.done()
    problems.stop_if_any()
    return found


def _field(reader: Reader) -> Field:
    found = Field(
        reader.text("field", required=True),
        reader.text("name", required=True),
        reader.text("answer"),
        reader.text("ask"),
    )
    reader.done()
    return found


def answers(told: Told) -> list[Json]:
    """Every field with its answer; `filled` is false where only the organisation can say it. What it may add follows an answer."""
    values, known = _values(told), standard()
    found = []
    for section, fields in known.sections.items():
        for field in fields:
            said = " ".join(field.answer.format(**values).split())
            open_part = f"{known.to_fill_in}: {field.ask}" if field.ask else ""
            more = (
                "" if "{" in field.answer else open_part
            )  # a place of the record that is filled needs no more
            found.append(
                {
                    "section": section,
                    "field": field.number,
                    "name": field.name,
                    "answer": " ".join(filter(None, (said, more))) if said else open_part,
                    "filled": bool(said),
                    "partly": bool(said and more),
                }
            )
    return found


def _values(told: Told) -> dict[str, str]:
    """What the answers may name of a record; no numbers of people, and nobody's own words but how to object."""
    payload, book, words = told.payload, told.case.decision.worlds.book, standard().words
    stands = standing(payload)
    form = stands.form
    numbers = list(book.thresholds.values())
    house = len(payload["rulebook"]["house_changes"])
    files = len(payload["evidence"]["files"])
    risk = payload["decision"]["risk"]
    level = book.outcomes.risk_levels[risk["level"]].words
    risks = "; ".join(
        [
            *(f"{level}: {route}" for route in risk["routes"]),
            *(r["text"] for r in payload["decision"]["risks"]),
        ]
    )
    course = course_taken(form, book.outcomes)
    decided = lower(course) if course else words["own_course" if stands.departs else "not_decided"]
    return {
        "release": payload["made_by"]["sharedvalue"],
        "rulebook": payload["rulebook"]["version"],
        "house": words["house"].format(count=house) if house else words["no_house"],
        "thresholds": words["thresholds"].format(house=sum(n.is_house for n in numbers), all=len(numbers)),
        "record": told.record.id,
        "title": payload["scenario"]["title"],
        "date": told.document.date,
        "by": ", ".join(form.by),
        "outcome": book.outcomes.outcomes[payload["decision"]["outcome"]].title.lower(),
        "status": stands.status.lead.lower(),
        "decided": decided,
        "objection": objection_words(form),
        "evidence": words["files"].format(count=files) if files else "",
        "risks": f"{risks}." if risks else words["no_risk"],
    }


def transparency_json(told: Told) -> str:
    """The record for programs: every field in order."""
    made = {
        "schema": "sharedvalue/transparency/1",
        "standard": standard().name,
        "record": told.record.id,
        "fields": answers(told),
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def transparency_blocks(told: Told) -> Iterator[Block]:
    """The record as a page: a table a section, and first what is still to be filled in."""
    found = answers(told)
    open_fields = [one for one in found if not one["filled"]]
    yield paragraph(
        standard()
        .words["counted"]
        .format(
            standard=standard().name,
            filled=len(found) - len(open_fields),
            partly=sum(one["partly"] for one in found),
            all=len(found),
            record=told.record.id,
            open=len(open_fields),
        )
    )
    for title, same in groupby(found, key=lambda one: one["section"]):
        yield Block("heading", title)
        rows = [(one["field"], one["name"], one["answer"]) for one in same]
        yield told_in("transparency", rows)


def transparency_html(told: Told) -> str:
    """The record as a page to publish."""
    document = replace(
        told.document,
        title=standard().words["title"].format(title=told.document.title),
        headline=standard().words["headline"],
        blocks=tuple(transparency_blocks(told)),
    )
    return html(replace(told, document=document))
