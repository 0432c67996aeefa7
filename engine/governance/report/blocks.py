"""What a report is made of: blocks that every format draws in its own way, and that hold plain text only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Block:
    """One block. `kind` is heading | paragraph | note | bullets | table | quote | picture | signatures.

    A heading has `text`; bullets have `items`; a table has `text` as its caption, `head` and `rows`; a quote has `by`; a
    picture has `svg`, and `text` for those who do not see it; signatures have one item a role.
    """

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    by: str = ""
    svg: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "items": list(self.items),
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "by": self.by,
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


def heading(text: str) -> Block:
    return Block("heading", text)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def bullets(*items: str) -> Block:
    return Block("bullets", items=items)


def table(caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Block:
    return Block("table", caption, head=head, rows=tuple(rows))
