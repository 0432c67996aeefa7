"""The report in cells, XLSX and CSV. What looks like a formula stays text: a cell never runs anything."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any

from sharedvalue.engine.governance.report.blocks import Block
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.language.formula_cells import safe

NUMBER = re.compile(r"([-+]?\d{1,3}(?:,\d{3})+|[-+]?\d{1,12}(?:\.\d+)?)( %| of 100| months)?", re.ASCII)
DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
SHOWN = {  # the unit after a number, or a day -> how the cell shows it
    "": "General",
    " %": "0.0 %",
    " of 100": 'General" of 100"',
    " months": 'General" months"',
    "day": "yyyy-mm-dd",
}
WIDEST = 60
MOST_SIGNS = 32_000  # of a cell


def as_csv(told: Told) -> str:
    """All blocks in order: section, kind, then the cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    document = told.document
    writer.writerow(["section", "kind", "cells"])
    for name, text in (
        ("record", document.record),
        ("title", document.title),
        ("headline", document.headline),
    ):
        writer.writerow([safe(cell) for cell in ("", name, text)])
    section = ""
    for block in document.blocks:
        if block.kind == "heading":
            section = block.text
            continue
        for row in _rows(block):
            writer.writerow([safe(cell) for cell in (section, block.kind, *row)])
    return out.getvalue()


def _rows(block: Block) -> list[tuple[str, ...]]:
    if block.kind == "table":
        return [block.head, *block.rows] if block.rows else []
    if block.kind == "page":
        return []
    if block.kind == "picture":
        return [(block.text,)]
    if block.items:
        return [(item,) for item in block.items]
    return [(block.text, block.by)] if block.by else [(block.text,)]


def xlsx(told: Told) -> bytes:
    """A workbook: one sheet to read, and one for each table."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    document = told.document
    made = dt.datetime.fromisoformat(f"{document.date}T00:00:00")
    book.set_properties({"title": document.title, "subject": document.headline, "created": made})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    styles = {
        kind: book.add_format({"valign": "top", "align": "left", "num_format": shown})
        for kind, shown in SHOWN.items()
    } | {"text": wrap}
    page = book.add_worksheet("Decision")
    page.set_column(0, 0, 100)
    lines = [
        (document.title, bold),
        (document.headline, bold),
        (f"Record {document.record} of {document.date}", wrap),
    ]
    names: dict[str, None] = {"decision": None}
    for block in document.blocks:
        if block.kind == "table" and block.rows:
            sheet = book.add_worksheet(_name(block.sheet or block.text, names))
            for column, heading in enumerate(block.head):
                longest = max(len(heading), *(len(row[column]) for row in block.rows))
                sheet.set_column(column, column, min(WIDEST, longest + 2))
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(block.rows, start=1):
                for column, cell in enumerate(row):
                    written(sheet, number, column, cell, styles)
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            continue
        style = bold if block.kind == "heading" else wrap
        lines += [(" - ".join(row), style) for row in _rows(block)]
    for number, (text, style) in enumerate(lines):
        page.write_string(number, 0, text[:MOST_SIGNS], style)
    book.close()
    return out.getvalue()


def written(sheet: Any, row: int, column: int, cell: str, styles: Mapping[str, Any]) -> None:
    """A cell as what it is: a number or a day where it is one, a text otherwise; the first column names things."""
    text = cell[:MOST_SIGNS]
    if column and (number := NUMBER.fullmatch(text)):
        value = float(number[1].replace(",", ""))
        unit = number[2] or ""
        sheet.write_number(row, column, value / 100 if unit == " %" else value, styles[unit])
    elif column and DAY.fullmatch(text):
        sheet.write_datetime(row, column, dt.datetime.fromisoformat(text), styles["day"])
    else:
        sheet.write_string(row, column, text, styles["text"])


def _name(text: str, taken: dict[str, None]) -> str:
    """A sheet's name: short, without signs that are not allowed, and not twice."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", text)[:28].strip() or "Table"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain[:26]} {number}", number + 1
    taken[name.lower()] = None
    return name
