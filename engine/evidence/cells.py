"""Text as rows of cells: the delimiter from the first line, a real CSV reader, and what a damaged table looks like."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.files import File, Progress
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet

MOST_IN_A_CELL = 2_000_000
MOST_COLUMNS = 16_384
SAID_FIRST = re.compile(
    "^\ufeff?sep=([,;\t])\\s*$"
)  # Excel's own way to say it, in a line above the headings
CUT_OFF = "\0cut off"  # no cell holds a zero character, so this marks a record within which the file ends
SWALLOWED = "\0swallowed "  # marks a record that holds other rows, and is followed by how many lines it takes
FEW_CELLS = 3  # in so many, the commas of a sentence may be as many as those of a row
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


def sheet_of_text(file: File, progress: Progress | None = None) -> Sheet:
    """A CSV file. Blank lines are rows without cells; cells are trimmed (a no-break space counts as blank)."""
    delimiter = _delimiter(file)
    name = str(file.path)

    def rows(watch: Progress | None = progress) -> Iterator[list[str]]:
        csv.field_size_limit(MOST_IN_A_CELL)
        taken: list[str] = []  # the lines of one record, from its first quote on
        width = 0

        def lines() -> Iterator[str]:
            first = next(stream, "")
            if not SAID_FIRST.match(first):
                yield first.replace("\ufeff", "").replace("\0", "")
            for line in stream:
                if "\ufeff" in line or "\0" in line:
                    line = line.replace("\ufeff", "").replace("\0", "")
                if taken or '"' in line:
                    taken.append(line)
                yield line
            yield CUT_OFF  # a line of its own, unless the file ends within quotes

        with file.text(watch) as stream:
            reader = csv.reader(lines(), delimiter=delimiter)
            before = 0  # lines that earlier records took
            try:
                for row in reader:
                    if row and row[-1].endswith(CUT_OFF):
                        if reader.line_num - before > 1:  # the mark is within the quotes of an earlier line
                            yield [*(cell.strip() for cell in row[:-1]), CUT_OFF]
                        return
                    if len(row) > MOST_COLUMNS:
                        raise mistake(
                            "SV415", name, f"more than {MOST_COLUMNS:,} columns", "Is it the right file?"
                        )
                    swallows = len(taken) > 1 and _swallows(taken, row, width, delimiter)
                    mark = [f"{SWALLOWED}{reader.line_num - before}"] if swallows else []
                    before = reader.line_num
                    if taken:
                        taken.clear()
                    if not swallows:
                        width = len(row) or width
                    yield [*[cell.strip() for cell in row], *mark]
            except csv.Error as error:
                raise mistake(
                    "SV413",
                    f"{name}:{reader.line_num}",
                    f"the table cannot be read here ({error})",
                    "Perhaps a quote is opened and never closed, or the file was cut off: export it again.",
                ) from None

    head = tuple(tuple(row) for row in islice(rows(None), HEAD_ROWS))
    return Sheet(name, file.encoding, delimiter, head, rows, codec=file.codec, notes=file.notes)


def _swallows(lines: list[str], row: list[str], width: int, delimiter: str) -> bool:
    """Whether a record of several lines is no long answer, but rows between two quotes that should not be there.

    Then the second quote, which ends the cell, stands before a cell and not after one; or each line by itself has as many cells as
    the row above; or a line within has nearly as many, and begins as this row does, with a date or a number.
    """
    end = lines[-1].replace('""', "")
    at = end.find('"')
    if end[at + 1 : at + 2] not in (delimiter, "\r", "\n", "") or width < 2:
        return at >= 0
    wide = width > FEW_CELLS
    if wide and all(line.count(delimiter) == width - 1 for line in lines):
        return True
    like, least = _kind(row[0]), (0.8 if wide else 1) * (width - 1)
    return like in (("date", "number") if wide else ("date",)) and any(
        line.count(delimiter) >= least and _kind(line.partition(delimiter)[0]) == like for line in lines[1:]
    )


def _kind(cell: str) -> str:
    cell = cell.strip().strip('"')
    return "number" if cell.isdigit() else "date" if is_date(cell) else ""


def _delimiter(file: File) -> str:
    """From the first line that holds any outside quotes, of those above the first record. Where that line holds several,
    the one that parts most of the lines below into as many cells; a tab before the others."""
    with file.text() as stream:
        lines = list(islice(stream, HEAD_ROWS))
    if lines and (said := SAID_FIRST.match(lines[0])):
        return said[1]
    outside = ["".join(line.split('"')[::2]) for line in lines]
    counted = [
        {mark: line.count(mark) for mark in DELIMITERS}
        for line in outside
        if not line.lstrip("\ufeff ").startswith("#")
    ]
    first = next((counts for counts in counted if any(counts.values())), None)
    if first is None:
        return ","
    found = [mark for mark in ("\t", ";", ",") if first[mark]]
    below = [counts for counts in counted[counted.index(first) + 1 :] if any(counts.values())]

    def fits(mark: str) -> int:
        return sum(counts[mark] == first[mark] for counts in below)

    best = max(map(fits, found))
    if best and not fits(found[0]):
        return max(found, key=lambda mark: (fits(mark), first[mark]))
    if found[0] == "\t":
        return "\t"
    return ";" if first[";"] >= first[","] else ","
