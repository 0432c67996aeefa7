"""One pass over the records of a file: what was dropped, and for each column how many answered and what; in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.cells import CUT_OFF, SWALLOWED
from sharedvalue.engine.evidence.dates import after_day, is_date
from sharedvalue.engine.evidence.layout import Group, Layout, Sheet

CELLS_AT_ONCE = 12_000
MOST_DISTINCT = 1_000_000  # over all columns
MOST_ROWS = 10_000_000
MOST_CHARACTERS = 100_000_000  # of different answers, over all columns
BLANK = "blank rows"
BETWEEN_QUOTES = "rows within one cell: a quote that is opened and never closed?"
CUT = "cut off: the file ends within a quoted cell"
LONGER = "more cells than headings: a separator within an unquoted cell?"
ELSEWHERE = "part of another table below the first"
TWICE = "the same record again"
ID_AGAIN = "its id stood above, with other answers: the first counts"
HEADINGS = "the headings again"


class Drops(Counter[str]):
    """Why rows were dropped, with counts; `short` rows were kept."""

    short = 0
    single = 0


def records(sheet: Sheet, layout: Layout, drops: Drops) -> Iterator[list[str]]:
    """The records of a sheet, each as long as the headings; what is no record is counted in `drops`."""
    width, keep, ends, unique, missing = (
        len(layout.names),
        layout.keep,
        layout.ends,
        layout.unique,
        layout.missing,
    )
    rows = sheet.rows()
    for _ in range(layout.skip):
        next(rows, None)
    seen: dict[int, tuple[int, int]] = {}
    headings = list(layout.names)
    ended = False
    for number, row in enumerate(rows, start=layout.skip + 1):
        if not any(row):
            drops[BLANK] += 1
            continue
        if row[-1] == CUT_OFF:
            drops[CUT] += 1
            continue
        if row[-1].startswith(SWALLOWED):
            drops[BETWEEN_QUOTES] += int(row[-1][len(SWALLOWED) :])
            continue
        cells = len(row)
        if cells < width:
            row += [""] * (width - cells)
        if ended or (ends is not None and ends(row)):
            ended = True
            drops[ELSEWHERE] += 1
            continue
        if cells > width:
            if any(row[width:]):
                drops[LONGER] += 1
                continue
            del row[width:]
        if keep is not None and (reason := keep(row)):
            drops[reason] += 1
            continue
        if cells < width:
            drops.short += 1
            drops.single += cells == 1
        if missing:
            row = ["" if cell in missing else cell for cell in row]
        if row[:1] == headings[:1] and row == headings:
            drops[HEADINGS] += 1
            continue
        if unique:
            known_by = tuple([row[i] for i in unique])
            if any(known_by):
                key = hash(known_by)
                if key in seen:
                    if layout.unique_is_error:
                        raise mistake(
                            "SV418",
                            f"{sheet.name}, row {number}",
                            f"the {layout.names[unique[0]]} of this row stands in row {seen[key][0]} already",
                            "Keep one row a person: which of the two holds cannot be guessed.",
                        )
                    drops[TWICE if seen[key][1] == hash(tuple(row)) else ID_AGAIN] += 1
                    continue
                seen[key] = number, hash(tuple(row))
        if number > MOST_ROWS:
            raise mistake("SV415", sheet.name, f"more than {MOST_ROWS:,} rows", "Split the file.")
        yield row


@dataclass
class ColumnTally:
    """What was met in one column. Where there are too many different answers, `counts` holds some of them only; `bound`
    says that this was for their length."""

    answered: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    many: bool = False
    bound: bool = False
    characters: int = 0
    dates: bool = False
    after_day: str = ""  # what stands between day and time


@dataclass
class Tally:
    """What was met in a file."""

    columns: list[ColumnTally]
    groups: dict[Group, int]
    records: int
    drops: Drops


def tally(sheet: Sheet, layout: Layout) -> Tally:
    """Counts all records."""
    width = len(layout.names)
    most = max(500, min(100_000, MOST_DISTINCT // max(1, width)))
    longest = max(100_000, MOST_CHARACTERS // max(1, width))
    columns, drops = [ColumnTally() for _ in range(width)], Drops()
    groups = dict.fromkeys(layout.groups, 0)
    count = 0
    for rows in _chunks(records(sheet, layout, drops), max(50, CELLS_AT_ONCE // max(1, width))):
        count += len(rows)
        by_column = list(zip(*rows, strict=True))
        for column, cells in zip(columns, by_column, strict=True):
            _add(column, cells, most, longest)
        for group in groups:
            groups[group] += sum(
                map(any, zip(*(_ticked(by_column[i], group) for i in group.columns), strict=True))
            )
    read = count + drops[TWICE]  # rows that are all alike are told as separated wrongly, too
    if read + drops[LONGER] >= 3 and width >= 3 and drops.single > read / 2:
        raise mistake(
            "SV416",
            sheet.name,
            f"{drops.single:,} of {read:,} rows have one cell, and the headings {width}: they are separated by something else",
            "Export it again, with one separator throughout.",
        )
    return Tally(columns, groups, count, drops)


def _ticked(cells: tuple[str, ...], group: Group) -> tuple[str, ...] | list[str]:
    return ["" if c in group.unticked else c for c in cells] if group.unticked else cells


def _add(column: ColumnTally, cells: tuple[str, ...], most: int, longest: int) -> None:
    filled = len(cells) - cells.count("")
    if not filled:
        return
    first = column.answered == 0
    column.answered += filled
    if first:
        some = list(dict.fromkeys(c for c in cells if c))[:200]
        column.dates = sum(map(is_date, some)) >= 0.9 * len(some)
        column.after_day = after_day(some[0]) if column.dates else ""
    if column.after_day:  # a million times are a few hundred days
        mark = column.after_day
        cells = tuple([c.partition(mark)[0] for c in cells])
    if not column.many:
        column.characters += sum(map(len, set(cells).difference(column.counts)))
        column.counts.update(cells)
        del column.counts[""]
        distinct = len(column.counts)
        column.bound = column.characters > longest
        column.many = (
            column.bound or distinct > most or (distinct > 2_000 and distinct > 0.9 * column.answered)
        )
        if column.many:
            column.counts = Counter(dict(column.counts.most_common(2_000)))


def _chunks(rows: Iterator[list[str]], size: int) -> Iterator[list[list[str]]]:
    chunk: list[list[str]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
