"""How the rows of a file become records: what each kind of export says of its headings, and of rows that are no records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.evidence.dates import is_date

HEAD_ROWS = 40
LONGEST_GRID = (
    2_000  # characters of a heading with a row in brackets; longer ones are made to keep the reader busy
)
Row = Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """A file as rows of trimmed cells. `root` says what it is where it is no table: posts (XML), discussions, query (JSON), notes."""

    name: str
    encoding: str
    delimiter: str
    head: tuple[tuple[str, ...], ...]
    rows: Callable[[], Iterator[list[str]]]
    root: str = ""
    codec: str = ""
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[str, ...]:
        return self.line(0)

    def line(self, number: int) -> tuple[str, ...]:
        """A row of the head, or an empty one; counted from 0."""
        return self.head[number] if number < len(self.head) else ()


@dataclass(frozen=True)
class Group:
    """Columns that are one question together: `choices` (one column a choice), or `rows` of a grid, which may be ranked.

    `unticked` are the words of a choice that was not made.
    """

    question: str
    columns: tuple[int, ...]
    form: str
    unticked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """What the records of a file are. `skip` counts the rows above the first record.

    `kinds` fixes what the tool says of a column. `separators` are what may stand between several answers in a cell, the tool's
    own first. `keep` gives the reason why a row is no record, or nothing; from the first row for which `ends` holds, another
    table begins. Records with the same cells at `unique` are the same record twice. `when` is the column (or columns) whose dates
    are the period; `period` stands in the file itself, as does `title`; `stated` is a day as the file writes it, whose parts may
    not say which is the month. Cells in `missing` are blank.
    """

    names: tuple[str, ...]
    skip: int = 1
    parts: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    separators: tuple[str, ...] = ()
    keep: Callable[[Row], str] | None = None
    ends: Callable[[Row], bool] | None = None
    unique: tuple[int, ...] = ()
    unique_is_error: bool = False
    when: tuple[int, ...] = ()
    period: tuple[str, str] = ("", "")
    stated: str = ""
    missing: frozenset[str] = frozenset()
    header_lines: int | None = None
    notes: tuple[str, ...] = ()
    title: str = ""


def folded(text: str) -> str:
    """A text for comparison: one way of writing each letter and apostrophe, without case and surplus blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return " ".join(text.split()).casefold()


def folded_row(row: Row) -> list[str]:
    return [folded(cell) for cell in row]


def place(names: Row, *wanted: str) -> int | None:
    """The position of the first of these headings."""
    have = folded_row(names)
    return next((have.index(folded(word)) for word in wanted if folded(word) in have), None)


def needed(sheet: Sheet, format: str, names: Row, *wanted: str) -> int:  # noqa: A002  # an export's word for it
    """The position of a heading without which the file cannot be understood."""
    found = place(names, *wanted)
    if found is None:
        raise lacking(sheet, format, wanted, names)
    return found


def lacking(sheet: Sheet, format: str, wanted: Row, names: Row) -> UserError:  # noqa: A002  # as above
    have = ", ".join(f"'{name[:30]}'" for name in names[:8] if name) or "none"
    looked = " or ".join(f"'{word}'" for word in wanted)
    return mistake(
        "SV411",
        sheet.name,
        f"as {format}, the heading {looked} is missing. Headings found: {have}",
        "Export it with English headings, or name another format with --as (see --help).",
    )


def positions(names: Row, wanted: Mapping[str, str]) -> dict[int, str]:
    """What the tool's own columns are: from the folded heading to a kind."""
    return {i: wanted[folded(name)] for i, name in enumerate(names) if folded(name) in wanted}


BRACKETS = re.compile(r"^(?P<stem>.*\S)\s*\[(?P<row>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\s*$", re.DOTALL)


def bracketed(names: Row) -> tuple[dict[int, tuple[str, str]], tuple[Group, ...]]:
    """Headings such as `Question [Row]`, and the grids that two or more of them make."""
    parts: dict[int, tuple[str, str]] = {}
    stems: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name.endswith("]") and len(name) <= LONGEST_GRID and (found := BRACKETS.match(name)):
            stems.setdefault(folded(found["stem"]), []).append(i)
            parts[i] = (found["stem"].strip(), found["row"].strip())
    grids = [columns for columns in stems.values() if len(columns) > 1]
    inside = {i for columns in grids for i in columns}
    return {i: p for i, p in parts.items() if i in inside}, tuple(
        Group(parts[columns[0]][0], tuple(columns), "rows") for columns in grids
    )


CODE = re.compile(r"(?:[A-Za-z]{1,6}[_.]?\d+(?:[_.]\w+)*|id|uuid)", re.IGNORECASE)
QUESTION_LONG = 12  # characters from which a second heading is a question, not an answer


def headings(sheet: Sheet, at: int = 0) -> tuple[tuple[str, ...], int]:
    """The headings that begin in a line, and how many lines they take: one, or two where the first merges cells over the second,
    holds codes above questions, or is said again in other words (as in another language)."""
    first, second = sheet.line(at), sheet.line(at + 1)
    width = max(len(first), len(second))
    top, below = ([*row, *[""] * (width - len(row))] for row in (first, second))
    gaps = [i for i in range(width) if not top[i]]
    if gaps and gaps[0] > 0 and any(below) and _are_labels(below) and all(below[i] for i in gaps):
        merged, names = "", []
        for name, label in zip(top, below, strict=True):
            merged = name or merged
            names.append(f"{merged} [{label}]" if label else merged)
        return tuple(names), 2
    codes = [name for name in top if name]
    if len(codes) > 2 and sum(CODE.fullmatch(code) is not None for code in codes) >= 0.8 * len(codes):
        asked = [text for text in below if len(text) >= QUESTION_LONG and not text[:1].isdigit()]
        if (
            len(set(below)) == len(below)
            and len(asked) >= 0.6 * len(codes)
            and any("?" in text for text in below)
        ):
            return tuple(text or code for code, text in zip(top, below, strict=True)), 2
    return first, 1 + _said_again(second, [row for row in sheet.head[at + 2 :] if any(row)])


def _said_again(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row under the headings is none of the records, which all begin with a date, and nothing in it is ever answered."""
    if len([cell for cell in row if cell]) < 2 or len(below) < 2 or not row[0] or not _are_labels(row):
        return False
    columns = [{other[i] for other in below if i < len(other)} for i in range(len(row))]
    return all(map(is_date, columns[0])) and not any(
        cell and cell in columns[i] for i, cell in enumerate(row)
    )


def _are_labels(row: Row) -> bool:
    """Whether the cells of a row can be headings: none a number or a date, no two alike."""
    cells = [cell for cell in row if cell]
    return len(set(cells)) == len(cells) and not any(cell[:1].isdigit() for cell in cells)
