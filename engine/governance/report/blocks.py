"""What a report is made of: blocks that every format draws in its own way, and that hold plain text only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LEAST, MOST = 18, 40  # of the widths of columns, in signs
MOST_CELLS = 85  # of a hundred cells, by which the width of a column goes


@dataclass(frozen=True)
class Block:
    """One block. `kind` is heading | paragraph | note | bullets | table | quote | picture | signatures | page.

    A heading has `text`; bullets have `items`; a table has `text` as its caption, `head` and `rows`, and `sheet` as its name
    in a workbook; a quote has `by`; a picture has `svg`, its `parts` (left, top, width, height in its own units, each of
    `unit` mm on paper) with what stands over each (`items`) and over all (`by`), on pages that are turned where it is `wide`,
    and `text` for those who do not see it; signatures have one item a role; after a page, paper begins a new one, which
    `wide` turns.
    """

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    sheet: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    by: str = ""
    svg: str = ""
    parts: tuple[tuple[float, float, float, float], ...] = ()
    unit: float = 0.0
    wide: bool = False

    def widths(self) -> list[int]:
        """How wide the columns of a table are beside one another, in signs: as most of its cells need it, not as the longest."""
        found = []
        for column, name in enumerate(self.head):
            lengths = sorted(len(row[column]) for row in self.rows)
            most = lengths[(len(lengths) - 1) * MOST_CELLS // 100] if lengths else 0
            found.append(min(MOST, max(LEAST, len(name), most)))
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "items": list(self.items),
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "by": self.by,
            "wide": self.wide,
        }


@dataclass(frozen=True)
class Document:
    """The whole report. `date` is the day of the record: the same record gives the same document on any day."""

    title: str
    headline: str
    status: str
    record: str
    date: str
    blocks: tuple[Block, ...] = field(default=())


def page(wide: bool = False) -> Block:
    """Paper begins a new page here, turned where it is `wide`."""
    return Block("page", wide=wide)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def bullets(*items: str) -> Block:
    return Block("bullets", items=items)


def table(caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], sheet: str) -> Block:
    return Block("table", caption, head=head, rows=tuple(rows), sheet=sheet)
