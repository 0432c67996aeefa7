"""A workbook: its sheets by name, and the first of them that is shown and holds anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sharedvalue.engine.sheets.bounds import Damaged
from sharedvalue.engine.sheets.cells import Cells, Row, shared_strings
from sharedvalue.engine.sheets.parts import Parts
from sharedvalue.engine.sheets.styles import kinds_of_styles

MOST_SHEETS = 1_000


@dataclass
class Found:
    """What was read: the sheet's name ('' where none holds anything), the others that are shown, and what its cells are."""

    title: str = ""
    others: list[str] = field(default_factory=list)
    wide: int = 0
    rows: int = 0
    merged: int = 0
    bare: int = 0


def first_sheet(path: Path, give: Callable[[Row], object], wanted: str = "") -> Found:
    """Gives the rows of the first sheet that is shown and holds anything; or of the `wanted` one (then no title: there is none).

    Raises:
        TooMuch, Damaged: with words for the reader.
    """
    parts = Parts(path)
    main = next((name for _, kind, name in parts.related("") if kind == "officeDocument"), "xl/workbook.xml")
    sheets, from_1904 = _sheets(parts, main)
    related = parts.related(main)
    by_id = {key: (kind, name) for key, kind, name in related}
    by_kind = {kind: name for _, kind, name in reversed(related)}
    shown = [(title, by_id[key][1]) for title, key in sheets if by_id.get(key, ("",))[0] == "worksheet"]
    texts, looks = by_kind.get("sharedStrings"), by_kind.get("styles")
    strings = shared_strings(parts, texts) if texts and parts.has(texts) else []
    styles = kinds_of_styles(parts, looks) if looks and parts.has(looks) else []
    asked = [
        each
        for each in shown
        if not wanted or " ".join(each[0].split()).casefold() == " ".join(wanted.split()).casefold()
    ]
    for title, name in asked:
        cells = Cells(strings, styles, from_1904, give)
        cells.read(parts, name)
        if cells.rows:
            others = [other for other, _ in shown if other != title]
            return Found(title, others, cells.wide, cells.rows, cells.merged, cells.bare)
    return Found(others=[title for title, _ in shown])


def _sheets(parts: Parts, main: str) -> tuple[list[tuple[str, str]], bool]:
    """The sheets that are shown, in their order, as (title, id); and whether days count from 1904."""
    found: list[tuple[str, str]] = []
    from_1904 = False

    def start(element: str, attributes: Mapping[str, str]) -> None:
        nonlocal from_1904
        if element == "workbookPr":
            from_1904 = attributes.get("date1904", "") in ("1", "true")
        elif element == "sheet" and attributes.get("state", "visible") == "visible":
            if len(found) >= MOST_SHEETS:
                raise Damaged("it has more sheets than any workbook")
            key = next((said for name, said in attributes.items() if name.endswith(":id")), "")
            found.append((attributes.get("name", "")[:100], key))

    parts.listen(main, start, lambda _: None)
    return found, from_1904
