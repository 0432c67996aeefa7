"""Reads an export of any known tool: what it is and why, its records, what was dropped, and its columns with their answers."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.cells import sheet_of_text
from sharedvalue.engine.evidence.chats import slack_archive, slack_folder
from sharedvalue.engine.evidence.dates import is_serial, read_days
from sharedvalue.engine.evidence.documents import sheet_of_document
from sharedvalue.engine.evidence.export import Dropped, Export
from sharedvalue.engine.evidence.files import Progress, look
from sharedvalue.engine.evidence.kinds import columns_of
from sharedvalue.engine.evidence.layout import Layout, Sheet, folded
from sharedvalue.engine.evidence.notes import notes_folder
from sharedvalue.engine.evidence.recognise import recognise
from sharedvalue.engine.evidence.tally import Drops, Tally, records, tally
from sharedvalue.engine.evidence.workbook import sheet_of_workbook

ONE = "one"  # said of what stands between several answers in a cell: nothing does


def read(
    path: Path,
    as_format: str = "",
    progress: Progress | None = None,
    keep: Sequence[str] = (),
    encoding: str = "",
    of: str = "",
    between: str = "",
) -> Export:
    """An export, counted. `keep` are headings that look as if they named people and do not; `of` is the sheet of a workbook;
    `between` is what stands between several answers in a cell (ONE: each cell is one answer), where a person says so.

    `progress` is told the bytes read and the bytes of the file.

    Raises:
        UserError: SV101 to SV105 and SV410 to SV419 for what cannot be read, or is not what `as_format` says.
    """
    path = Path(path)
    watching = [progress] if progress else []

    def watch(done: int, total: int) -> None:
        for told in watching:
            told(done, total)

    sheet, fingerprint = sheet_of(path, watch if progress else None, as_format, encoding, of)
    known, why = recognise(sheet, as_format)
    layout = known.layout(sheet)
    if between:
        layout = replace(layout, separators=() if between == ONE else (between,))
    met = tally(sheet, layout)
    watching.clear()  # whoever reads the rows again has a progress of its own
    if not met.records:
        told = ", ".join(f"{n:,} {reason}" for reason, n in met.drops.items())
        raise mistake(
            "SV419",
            str(path),
            f"no record below the headings{f' ({told})' if told else ''}",
            f"Another sheet may hold them, and can be chosen: {', '.join(map(repr, sheet.sheets[1:7]))}."
            if sheet.sheets[1:]
            else "Export it again, with all responses.",
        )
    period, notes = _period(layout, met)
    columns = columns_of(layout, met, frozenset(map(folded, keep)))
    width = len(columns)

    def rows() -> Iterator[tuple[str, ...]]:
        for row in records(sheet, layout, Drops()):
            yield tuple(row) if len(row) == width else tuple(row[:width])

    return Export(
        path,
        fingerprint,
        known.name,
        why,
        sheet.encoding,
        sheet.delimiter,
        layout.skip if layout.header_lines is None else layout.header_lines,
        met.records,
        tuple(Dropped(reason, n) for reason, n in met.drops.most_common()),
        columns,
        period,
        (*sheet.notes, *layout.notes, *notes, *_short(met), *_bounds(layout, met)),
        layout.title,
        layout.when,
        layout.stated,
        sheet.sheets,
        rows,
    )


def _bounds(layout: Layout, met: Tally) -> tuple[str, ...]:
    """Says where not all different answers were kept, so that those shown are some of them."""
    names = [layout.names[i] for i, column in enumerate(met.columns) if column.bound]
    if not names:
        return ()
    said = ", ".join(f"'{name[:40]}'" for name in names[:3])
    return (
        f"Too much text to tell all answers apart in {said}{' and others' if len(names) > 3 else ''}: counted as free text.",
    )


def _short(met: Tally) -> tuple[str, ...]:
    if not met.drops.short:
        return ()
    rows = "1 row is" if met.drops.short == 1 else f"{met.drops.short:,} rows are"
    return (f"{rows} shorter than the headings; what is missing counts as blank.",)


def under_order(export: Export, order: str, as_of: dt.date) -> Export:
    """An export whose dates were read with this part first, where the file itself leaves its period open."""
    if export.period[1] or not order or order == "year first":
        return export
    counts: Counter[str] = Counter()
    for i in export.when[:1]:
        counts.update(row[i] for row in export.rows() if row[i])
    days = read_days(counts or Counter([export.stated]), as_of, order)
    if days.first is None or days.last is None:
        return export
    return replace(export, period=(days.first.isoformat(), days.last.isoformat()))


def _period(layout: Layout, met: Tally) -> tuple[tuple[str, str], list[str]]:
    """First and last day of the records, and what is wrong with their dates."""
    today = dt.date.today()
    for i in layout.when:
        counts = met.columns[i].counts
        if not counts:
            continue
        days, name, notes = read_days(counts, today), layout.names[i], []
        if days.order in ("undecided", "both"):
            why = (
                "no part is above 12"
                if days.order == "undecided"
                else "some have the day first, some the month"
            )
            notes.append(
                f"Dates in '{name}': {why}, so day and month cannot be told apart. Give the date yourself."
            )
            if days.order == "undecided" or days.first is None:
                return layout.period, notes
        if all(map(is_serial, counts)):
            notes.append(f"Dates in '{name}' are numbers of days, as a spreadsheet counts them from 1900.")
        if days.unread:
            notes.append(f"{days.unread:,} of '{name}' are no date.")
        if days.future:
            notes.append(f"{days.future:,} of '{name}' are after today ({today}).")
        if days.first and days.last:
            return (days.first.isoformat(), days.last.isoformat()), notes
        return layout.period, notes
    return layout.period, []


def sheet_of(
    path: Path, progress: Progress | None = None, as_format: str = "", encoding: str = "", of: str = ""
) -> tuple[Sheet, str]:
    """The rows of a file before they are understood, each letter written in one way, and the file's fingerprint."""
    sheet, fingerprint = _sheet_of(path, progress, as_format, encoding, of)
    return replace(
        sheet,
        head=tuple(tuple(_composed(row)) for row in sheet.head),
        rows=lambda: map(_composed, sheet.rows()),
    ), fingerprint


def _composed(row: Sequence[str]) -> list[str]:
    """Accents as part of their letters: the same word is the same text, whatever wrote it."""
    return [cell if cell.isascii() else unicodedata.normalize("NFC", cell) for cell in row]


def _sheet_of(
    path: Path, progress: Progress | None, as_format: str, encoding: str, of: str
) -> tuple[Sheet, str]:
    if path.is_dir():
        return slack_folder(path) if (path / "channels.json").is_file() else notes_folder(path)
    file = look(path, encoding)
    if file.packing == "workbook":
        return sheet_of_workbook(file, of), file.sha256
    if file.packing == "workspace":
        return slack_archive(file), file.sha256
    return sheet_of_document(file, progress, as_format) or sheet_of_text(file, progress), file.sha256
