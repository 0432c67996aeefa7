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
from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.standing import standing
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import parse

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
    """The standard as transparency.yaml holds it: its name, and the fields of each section by its title, in order."""

    name: str
    to_fill_in: str
    sections: Mapping[str, tuple[Field, ...]]


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
    found = Standard(
        reader.text("standard", required=True), reader.text("to_fill_in", required=True), sections
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
                }
            )
    return found


def _values(told: Told) -> dict[str, str]:
    """What the answers may name of a record; no numbers of people, and nobody's own words but how to object."""
    payload, book = told.payload, told.case.decision.worlds.book
    stands = standing(payload)
    form = stands.form
    numbers = list(book.thresholds.values())
    house = len(payload["rulebook"]["house_changes"])
    files = len(payload["evidence"]["files"])
    risks = "; ".join(risk["text"] for risk in payload["decision"]["risks"])
    objection = form.objection + (f"; it goes to: {form.object_to}" if form.object_to else "")
    return {
        "release": payload["made_by"]["sharedvalue"],
        "rulebook": payload["rulebook"]["version"],
        "house": f"{house} changes by the house" if house else "as published, without changes by the house",
        "thresholds": f"{sum(n.is_house for n in numbers)} of its {len(numbers)} thresholds are house defaults.",
        "record": told.record.id,
        "title": payload["scenario"]["title"],
        "date": told.document.date,
        "by": ", ".join(form.by),
        "outcome": book.outcomes.outcomes[payload["decision"]["outcome"]].title.lower(),
        "status": stands.status.lead.lower(),
        "objection": objection,
        "risks_with": form.risks_with,
        "evidence": f"{files} files are named as evidence in the record." if files else "",
        "risks": f"{risks}." if risks else "The rule book names no risk for this course.",
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
        f"{standard().name}. {len(found) - len(open_fields)} of {len(found)} fields are filled in from record {told.record.id}; "
        f"{len(open_fields)} can be answered only by the organisation that used the tool."
    )
    for title, same in groupby(found, key=lambda one: one["section"]):
        yield heading(title)
        rows = [(one["field"], one["name"], one["answer"]) for one in same]
        yield table("Fields and answers", ("Field", "Name", "Answer"), rows)


def transparency_html(told: Told) -> str:
    """The record as a page to publish."""
    document = replace(
        told.document,
        title=f"Algorithmic transparency record: {told.document.title}",
        headline="How a rules engine was used to prepare a decision about this community.",
        blocks=tuple(transparency_blocks(told)),
    )
    return html(replace(told, document=document))
