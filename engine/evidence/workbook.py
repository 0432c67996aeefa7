"""XLSX as rows of cells, by calamine; what a sheet would unfold to is known before it is opened."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.files import CHUNK, File, bomb, damaged
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet

MOST_CELLS = 20_000_000
CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
BARE_FORMULA = re.compile(rb"</f>\s*(?:</c>|<v>\s*</v>|<v\s*/>)|<f[^<>]*/>\s*</c>")
TAIL = 200  # bytes kept from chunk to chunk, so that no cell is cut in two


def sheet_of_workbook(file: File) -> Sheet:
    """The first sheet of a workbook that is shown and holds anything; formulas as the values that were computed last."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    name = str(file.path)
    bare = _checked(file)
    try:
        with CalamineWorkbook.from_path(name) as book:
            shown = [
                m.name
                for m in book.sheets_metadata
                if m.typ == SheetTypeEnum.WorkSheet and m.visible == SheetVisibleEnum.Visible
            ]
            found = next(
                ((title, sheet) for title in shown if (sheet := book.get_sheet_by_name(title)).total_height),
                None,
            )
            if found is None:
                raise mistake("SV419", name, "no sheet of the workbook holds anything", "Export it again.")
            title, sheet = found
            merged = len(sheet.merged_cell_ranges or ())
            table = [[_said(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as error:
        raise damaged(name, f"the workbook does not open ({' '.join(str(error).split())[:120]})") from None
    notes = [*file.notes]
    others = [other for other in shown if other != title]
    if others:
        notes.append(
            f"Read: the sheet '{title}'. Not read: {', '.join(others[:6])}{', ...' if len(others) > 6 else ''}."
        )
    if merged:
        notes.append(f"{merged} merged cells: each counts once, at its upper left.")
    if bare:
        notes.append(
            f"{bare:,} formulas hold no computed value and count as blank: open the workbook in a spreadsheet, save it, and read it again."
        )
    head = tuple(tuple(row) for row in table[:HEAD_ROWS])

    def rows() -> Iterator[list[str]]:
        return (list(row) for row in table)

    return Sheet(name, "xlsx", "", head, rows, codec="xlsx", notes=tuple(notes))


def _checked(file: File) -> int:
    """Refuses a sheet that spans too many cells; gives the number of formulas without a value."""
    bare = 0
    try:
        with zipfile.ZipFile(file.path) as archive:
            for entry in archive.infolist():
                if not entry.filename.startswith("xl/worksheets/") or entry.is_dir():
                    continue
                columns: set[bytes] = set()
                last_row, tail = 0, b""
                with archive.open(entry) as stream:
                    while chunk := stream.read(CHUNK):
                        data = tail + chunk
                        for letters, digits in CELL.findall(data):
                            columns.add(letters)
                            last_row = max(last_row, int(digits))
                        bare += len(BARE_FORMULA.findall(data))
                        tail = data[-TAIL:]
                wide = max((_number(letters) for letters in columns), default=0)
                if wide * last_row > MOST_CELLS:
                    raise bomb(file.path, MOST_CELLS, f"a sheet spans {wide:,} columns and {last_row:,} rows")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise damaged(str(file.path), f"the workbook does not open ({error})") from None
    return bare


def _number(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def _said(cell: Any) -> str:
    """A cell as text, as the export as CSV would write it; dates with the year first."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    return "" if cell is None else str(cell)
