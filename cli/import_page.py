"""What an import would write, where each number comes from, and what it does to the decision, printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.decision import Decision
    from sharedvalue.engine.evidence.imports import Import


def import_lines(
    found: Import, scenario: str, decisions: tuple[Decision, Decision], written: bool, undo: str
) -> Iterator[str]:
    """The printed form: what it does to the decision, then what is written and where each number comes from."""
    from sharedvalue.engine.telling.imports import headline, imported

    for entry in headline(found, scenario, decisions, written):
        yield from entry.lines()
    for part in imported(found, decisions, written):
        if part.heading:
            yield ""
            yield from fold(part.heading, WIDTH, "  ")
        for entry in part.entries:
            yield from entry.lines()
        if part.rows:
            from sharedvalue.cli.tables import table

            yield table(part.heads, part.rows)
        for entry in part.after:
            yield from entry.lines()
    if undo:
        yield from ("", *fold(f"Undo: {undo}", WIDTH, "  "))
