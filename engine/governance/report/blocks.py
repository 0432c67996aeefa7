"""What a report is made of: blocks that every format draws in its own way, and that hold plain text only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

SIGNS, WIDE_SIGNS = 96, 160  # of a line of a table that is as wide as a page, and as one that is turned
SHORT, LONGEST_WORD = 16, 24  # signs of a text that stands on one line, and of a word: longer ones are broken
MOST_WIDTHS = 24  # that are tried for a column


@dataclass(frozen=True)
class Block:
    """One block. `kind` is heading | paragraph | note | bullets | table | quote | picture | signatures | page.

    A heading has `text`; bullets have `items`; a table has `text` as its caption, `head` and `rows`, and `sheet` as its name
    in a workbook; a quote has `by`; a picture has `svg`, its `parts` (left, top, width, height in its own units, each of
    `unit` mm on paper) with what stands over each (`items`) and over all (`by`), on pages that are turned where it is `wide`,
    and `text` for those who do not see it; signatures have one item a role; after a page, paper begins a new one, which
    `wide` turns; where it is `joined`, only if what follows would else be torn apart.
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
    joined: bool = False

    def widths(self, signs: int = SIGNS) -> list[int]:
        """How wide the columns of a table are, in signs of all that a line holds: so that its rows need few lines.

        Each column begins as wide as its longest word and as a short text; then the one grows for which a sign more saves most
        lines.
        """
        rows = [self.head, *self.rows]
        lengths = [[len(row[column]) for row in rows] for column in range(len(self.head))]
        found = [
            max(
                [
                    _longest_word(row[column] for row in rows),
                    *(min(SHORT, len(row[column]) + 1) for row in self.rows),
                ]
            )
            for column in range(len(self.head))
        ]
        while (room := signs - sum(found)) > 0:
            step = max(_steps(lengths, found, room), default=None)
            if step is None or step[0] <= 0:
                break
            found[step[2]] -= step[1]
        return [width + max(0, room) // len(found) for width in found]

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


def _longest_word(texts: Iterable[str]) -> int:
    return min(LONGEST_WORD, max((len(word) for text in texts for word in text.split()), default=1)) + 3


def _steps(lengths: list[list[int]], widths: list[int], room: int) -> Iterator[tuple[float, int, int]]:
    """For each column and each width to which it may grow: the lines saved by each sign, the signs (negative), the column."""
    lines = [
        [-(-length // width) for length in column] for column, width in zip(lengths, widths, strict=True)
    ]
    before = sum(map(max, zip(*lines, strict=True)))
    for column, width in enumerate(widths):
        ends = {-(-length // parts) for length in lengths[column] for parts in range(1, 7)}
        for end in sorted(end for end in ends if width < end <= width + room)[:MOST_WIDTHS]:
            tried = [-(-length // end) for length in lengths[column]]
            after = sum(map(max, zip(*lines[:column], tried, *lines[column + 1 :], strict=True)))
            yield (before - after) / (end - width), width - end, column


def page(wide: bool = False, joined: bool = False) -> Block:
    """Paper begins a new page here, turned where it is `wide`; `joined`, only if what follows would else be torn apart."""
    return Block("page", wide=wide, joined=joined)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def bullets(*items: str) -> Block:
    return Block("bullets", items=items)


def table(caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], sheet: str) -> Block:
    return Block("table", caption, head=head, rows=tuple(rows), sheet=sheet)
