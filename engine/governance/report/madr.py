"""The report as Markdown in the manner of MADR, for those who keep decision records in a repository."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sharedvalue.engine.governance.form import OTHER
from sharedvalue.engine.governance.report.blocks import Block
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.texts import heading, said
from sharedvalue.engine.governance.standing import standing

MARKS = re.compile(r"([\\`*_\[\]<|~&$])")
_STARTS = re.compile(r"^(?:([#>=+-])|(\d+)([.)]))")  # what makes a heading, a quote, a rule or a list
MARKUP = re.compile(r"[<>\[\]*_`&|]")


def plain(text: str) -> str:
    """A text in which nothing is read as Markdown or HTML, on one line."""
    escaped = MARKS.sub(r"\\\1", " ".join(text.split()))
    return _STARTS.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def madr(told: Told) -> str:
    """Front matter that machines read, then the sections of the report."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Told) -> Iterator[str]:
    document, payload = told.document, told.payload
    yield "---"
    yield f'status: "{standing(payload).status.lead.lower()}"'
    yield f"date: {document.date}"
    yield "decision-makers: [" + ", ".join(_quoted(role) for role in standing(payload).form.by) + "]"
    yield f"record: {document.record}"
    yield "---"
    yield ""
    yield f"# {plain(document.title)}"
    yield ""
    yield "## Context and problem"
    yield ""
    story = told.case.decision.worlds.scenario.story
    yield plain("Left out of this copy." if told.others else story or "Not told.")
    yield ""
    yield "## Considered options"
    yield ""
    outcomes = told.case.decision.worlds.book.outcomes.outcomes
    for outcome in outcomes.values():
        yield f"- {plain(outcome.title)}"
    form = standing(payload).form
    if form.decision == OTHER:
        yield f"- {plain(said('own_course') if told.others else form.in_words)} {said('is_decided')}"
    yield ""
    yield "## Decision outcome"
    yield ""
    yield f"**{plain(document.headline)}**"
    yield ""
    yield plain(f"Status: {document.status}.")
    community = heading("community").text  # its story is the context, above
    at = next(n for n, block in enumerate(document.blocks) if block.text == community)
    for block in (*document.blocks[:at], *document.blocks[at + 2 :]):
        lines = list(_block(block))
        if lines:
            yield ""
            yield from lines


def _quoted(text: str) -> str:
    """A text in quotes in the front matter, without a sign that a reader of Markdown could take for markup."""
    return json.dumps(MARKUP.sub(lambda m: f"&#{ord(m[0])};", text), ensure_ascii=False)


def _block(block: Block) -> Iterator[str]:
    if block.kind == "heading":
        yield f"## {plain(block.text)}"
    elif block.kind == "paragraph":
        yield plain(block.text)
    elif block.kind in ("note", "quote"):
        yield f"> {plain(block.text)}"
        if block.by:
            yield ">"
            yield f"> {plain(block.by)}"
    elif block.kind == "bullets":
        yield from (f"- {plain(item)}" for item in block.items)
    elif block.kind == "table" and block.rows:
        yield f"{plain(block.text)}:"
        yield ""
        yield _row(block.head)
        yield _row(tuple("---" for _ in block.head), raw=True)
        yield from (_row(row) for row in block.rows)
    elif block.kind == "picture":
        yield plain(block.text)


def _row(cells: tuple[str, ...], raw: bool = False) -> str:
    return "| " + " | ".join(cell if raw else plain(cell) for cell in cells) + " |"
