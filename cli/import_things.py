"""Asks at a terminal whether a table of no known tool lists things (pages, posts, questions, events) and how often each was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sharedvalue.cli.import_prompts import prompt, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharedvalue.engine.evidence.export import Column, Export
    from sharedvalue.engine.evidence.mapping import Mapping

KINDS = ("page_visits", "views_comments", "questions", "attendance")
SAID = (
    "pages that were visited",
    "posts or topics that were read or answered",
    "questions that were asked",
    "events that people came to",
)
NONE = "-"


def ask_things(export: Export, target: str) -> Mapping | None:
    """A mapping of what is listed and how often; None where each row is somebody's answers, or it does not read like a list."""
    from sharedvalue.engine.evidence.guess import lists_things, things
    from sharedvalue.engine.evidence.mapping import Mapping, Use

    titles, numbers, days = things(export)
    if not lists_things(export):
        return None
    say(f"{export.file.name} holds {export.records:,} rows. What is a row?")
    for number, what in enumerate(("the answers of one person", *SAID), start=1):
        click.echo(f"  {number}  {what}")
    chosen = prompt("  Number", click.Choice(["1", "2", "3", "4", "5"]))
    if chosen == "1":
        return None
    uses = []
    kind = KINDS[int(chosen) - 2]
    for role, question, columns in (
        ("item", "Which column says what it is?", titles),
        ("times", "Which column says how often, or by how many?", numbers),
        ("created", "Which column says since when it is there?", () if kind == "attendance" else days),
    ):
        column = _ask_column(question, columns) if columns else None
        if column is not None:
            uses.append(Use(role, column=column.name, index=column.index))
    if "item" not in {use.role for use in uses}:
        return None
    return Mapping(target, export.file.stem, kind, tuple(uses), export.period[1])


def _ask_column(question: str, columns: Sequence[Column]) -> Column | None:
    say(question)
    for number, column in enumerate(columns, start=1):
        click.echo(f"  {number}  {' '.join(column.name.split())[:70]}")
    said = prompt(
        "  Number, or - for none",
        click.Choice([*(str(n) for n in range(1, len(columns) + 1)), NONE]),
        default="1" if len(columns) == 1 else None,
    )
    return None if said == NONE else columns[int(said) - 1]
