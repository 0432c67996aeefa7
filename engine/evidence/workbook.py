"""XLSX as rows of cells; read apart and in bounded memory (engine.sheets), told here."""

from __future__ import annotations

from itertools import islice

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.files import File
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet
from sharedvalue.engine.sheets import read_workbook


def sheet_of_workbook(file: File) -> Sheet:
    """The first sheet of a workbook that is shown and holds anything; formulas as the values that were computed last."""
    name = str(file.path)
    book = read_workbook(file.path)
    if not book.title:
        raise mistake("SV419", name, "no sheet of the workbook holds anything", "Export it again.")
    notes = [*file.notes]
    if others := book.others:
        notes.append(
            f"Read: the sheet '{book.title}'. Not read: {', '.join(others[:6])}{', ...' if len(others) > 6 else ''}."
        )
    if book.merged:
        notes.append(f"{book.merged} merged cells: each counts once, at its upper left.")
    if book.bare:
        notes.append(
            f"{book.bare:,} formulas hold no computed value and count as blank: open the workbook in a spreadsheet, save it, and read it again."
        )
    head = tuple(tuple(row) for row in islice(book.rows(), HEAD_ROWS))
    return Sheet(name, "xlsx", "", head, book.rows, codec="xlsx", notes=tuple(notes))
