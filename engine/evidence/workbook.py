"""XLSX as rows of cells; read apart and in bounded memory (engine.sheets), told here."""

from __future__ import annotations

from itertools import islice

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.evidence.files import File
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet
from sharedvalue.engine.sheets import read_workbook


def sheet_of_workbook(file: File, sheet: str = "") -> Sheet:
    """A sheet of a workbook: the one that is asked for, else the first that is shown and holds anything.

    Formulas are the values that were computed last.
    """
    name = str(file.path)
    book = read_workbook(file.path, sheet)
    if not book.title and sheet:
        near = did_you_mean(sheet, book.others) or f"Sheets: {', '.join(book.others[:6])}."
        raise mistake("SV419", name, f"no sheet '{sheet[:60]}' holds anything", near)
    if not book.title:
        raise mistake("SV419", name, "no sheet of the workbook holds anything", "Export it again.")
    notes = [*file.notes]
    if others := book.others:
        notes.append(
            f"Read: the sheet '{book.title}'. Not read: {', '.join(others[:6])}{', ...' if len(others) > 6 else ''}. "
            "--sheet NAME reads another."
        )
    if book.merged:
        notes.append(f"{book.merged} merged cell{'s' * (book.merged > 1)}: counted once, at the upper left.")
    if book.bare:
        notes.append(
            f"{book.bare:,} formulas hold no computed value and count as blank: open the workbook in a spreadsheet, save it, and read it again."
        )
    head = tuple(tuple(row) for row in islice(book.rows(), HEAD_ROWS))
    return Sheet(
        name, "xlsx", "", head, book.rows, codec="xlsx", notes=tuple(notes), sheets=(book.title, *book.others)
    )
