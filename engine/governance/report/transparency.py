"""The algorithmic transparency record that public bodies publish, in the fields of the UK's ATRS: as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.report.texts import report_texts
from sharedvalue.engine.governance.standing import standing

Json = dict[str, Any]
STANDARD = "Algorithmic Transparency Recording Standard (ATRS), version 3"
TO_FILL_IN = "To be filled in by the organisation that used the tool"
SECTIONS = {
    "1": "Tier 1: overview",
    "2.1": "Tier 2: owner and responsibility",
    "2.2": "Tier 2: description and rationale",
    "2.3": "Tier 2: deployment context",
    "2.4": "Tier 2: tool specification",
    "2.5": "Tier 2: risks, mitigations and impact assessments",
}


def answers(told: Told) -> list[Json]:
    """Every field with its answer; `filled` is false where only the organisation can say it."""
    values = _values(told)
    found = []
    for field in report_texts().transparency:
        said = " ".join(field.answer.format(**values).split())
        found.append(
            {
                "field": field.number,
                "name": field.name,
                "answer": said or f"{TO_FILL_IN}: {field.ask}",
                "filled": bool(said),
            }
        )
    return found


def _values(told: Told) -> dict[str, str]:
    """What the answers may name of a record; no numbers of people, and nobody's own words but how to object."""
    payload, book = told.payload, told.case.decision.worlds.book
    form = standing(payload).form
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
        "status": standing(payload).status.lead.lower(),
        "objection": objection,
        "risks_with": form.risks_with,
        "evidence": f"{files} files are named as evidence in the record." if files else "",
        "risks": f"{risks}." if risks else "The rule book names no risk for this course.",
    }


def transparency_json(told: Told) -> str:
    """The record for programs: every field in order."""
    made = {
        "schema": "sharedvalue/transparency/1",
        "standard": STANDARD,
        "record": told.record.id,
        "fields": answers(told),
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def transparency_blocks(told: Told) -> Iterator[Block]:
    """The record as a page: a table a section, and first what is still to be filled in."""
    found = answers(told)
    open_fields = [one for one in found if not one["filled"]]
    yield paragraph(
        f"{STANDARD}. {len(found) - len(open_fields)} of {len(found)} fields are filled in from record {told.record.id}; "
        f"{len(open_fields)} can be answered only by the organisation that used the tool."
    )
    for prefix, title in SECTIONS.items():
        rows = [
            (one["field"], one["name"], one["answer"])
            for one in found
            if one["field"].startswith(f"{prefix}.") or one["field"] == prefix
        ]
        yield heading(title)
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
