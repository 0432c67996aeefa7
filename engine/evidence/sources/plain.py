"""A table of no known tool: its headings are listed, and its columns counted; what they mean, a mapping says."""

from __future__ import annotations

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.layout import Layout, Sheet, bracketed, headings
from sharedvalue.engine.evidence.splitting import SEPARATORS


def plain_layout(sheet: Sheet) -> Layout:
    first = next((i for i, row in enumerate(sheet.head) if any(row)), None)
    if first is None:
        raise mistake("SV419", sheet.name, "the file has blank lines only", "Export it again.")
    names, lines = headings(sheet, first)
    parts, grids = bracketed(names)
    below = [row[0] for row in sheet.head[first + lines :] if row and row[0]]
    dated = bool(below) and all(map(is_date, below))
    notes = (
        ("If it is a Google form's export in another language than English, say --as google-forms.",)
        if dated
        else ()
    )
    return Layout(
        names,
        notes=notes,
        skip=first + lines,
        parts=parts,
        groups=grids,
        separators=SEPARATORS,
    )
