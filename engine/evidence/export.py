"""What every export becomes once it was read: a table of records with columns of a known kind, whatever tool wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

KINDS = (
    "choice",  # one answer of a few
    "multi-choice",  # several answers in one cell, or one column a choice (`part` is the choice)
    "scale",  # a number or a word on an ordered scale
    "grid-row",  # one row of a grid question (`question` the stem, `part` the row)
    "rank",  # the place given to `part`, 1 is first
    "text",
    "number",
    "date",
    "identity",  # name, e-mail, account, address: never shown, only matched in memory
    "held-back",  # may name people: not shown and not copied, unless a person says that it names nobody
    "own",  # what the tool notes of an answer, such as the page on which somebody stopped: nothing that was asked
    "empty",
)


@dataclass(frozen=True)
class Answer:
    """One answer as it is written most often, and how many gave it."""

    label: str
    n: int


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a column spread: mean, lowest, quarter, half, three quarters, highest, of `n`."""

    n: int
    mean: float
    low: float
    quarter: float
    half: float
    three_quarters: float
    high: float


@dataclass(frozen=True)
class Column:
    """One column of the file. `answers` are counted for choices, scales, grid rows and ranks; never for identities.

    `index` counts the file's columns from 0. `question` and `part` split a heading such as `Rate importance [Events]`; where nothing is
    split, `question` is the name and `part` is empty. `separator` joins the answers of a multi-choice cell, and is empty elsewhere.
    `others` counts the answers that are not in `answers`: given once or twice, so somebody's own words. `unticked` is how a choice
    that was not made is written, where each choice has a column.
    """

    index: int
    name: str
    kind: str
    answered: int
    answers: tuple[Answer, ...] = ()
    question: str = ""
    part: str = ""
    separator: str = ""
    others: int = 0
    numbers: Numbers | None = None
    unticked: frozenset[str] = frozenset()

    @property
    def is_tick(self) -> bool:
        """Whether it is one choice of a question with several, ticked or not."""
        return self.kind == "multi-choice" and bool(self.part) and not self.separator

    def ticked(self, cell: str) -> bool:
        return bool(cell) and cell not in self.unticked


@dataclass(frozen=True)
class Dropped:
    """Rows that are no records, with why."""

    reason: str
    count: int


@dataclass(frozen=True)
class Export:
    """A file of evidence. `rows()` reads its records again, one tuple of trimmed cells a record, in the order of `columns`.

    `records` counts real answers, people, pages or posts. `period` is the first and the last day that the records or the file's own
    preamble name, as ISO dates, or empty. `notes` are what a person should know: a guessed encoding, an undecided date order, a first page only.
    `title` is what the file says of itself, such as the topic of a meeting. `when` are the columns that the period was read from,
    and `stated` a day that the file states; both are read again where a person says which part of a date stands first.
    `sheets` are those of a workbook that are shown, first the one that was read.
    """

    file: Path
    sha256: str
    format: str
    why: tuple[str, ...]
    encoding: str
    delimiter: str
    header_lines: int
    records: int
    dropped: tuple[Dropped, ...]
    columns: tuple[Column, ...]
    period: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    title: str = ""
    when: tuple[int, ...] = ()
    stated: str = ""
    sheets: tuple[str, ...] = ()
    rows: Callable[[], Iterator[tuple[str, ...]]] = field(default=lambda: iter(()), compare=False, repr=False)

    def column(self, name: str) -> Column | None:
        """The first column of this name, compared without case and surplus blanks."""
        wanted = " ".join(name.split()).casefold()
        return next((c for c in self.columns if " ".join(c.name.split()).casefold() == wanted), None)
