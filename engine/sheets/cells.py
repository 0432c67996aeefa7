"""The cells of one sheet, row by row, each as the text that an export as CSV would hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sharedvalue.engine.sheets.bounds import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHARED,
    MOST_SHARED_STRINGS,
    MOST_TEXT,
    Damaged,
    TooMuch,
)
from sharedvalue.engine.sheets.parts import Parts
from sharedvalue.engine.sheets.styles import NUMBER, said_as

PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
Row = list[str]


def shared_strings(parts: Parts, name: str) -> list[str]:
    """The table of strings that cells refer to."""
    found: list[str] = []
    held: list[str] = []
    aside = reading = False
    size = 0

    def start(element: str, _: Mapping[str, str]) -> None:
        nonlocal aside, reading
        if element == "rPh":
            aside = True
        elif element == "t":
            reading = not aside
        elif element == "si":
            held.clear()

    def end(element: str) -> None:
        nonlocal aside, reading, size
        if element == "t":
            reading = False
        elif element == "rPh":
            aside = False
        elif element == "si":
            said = "".join(held).strip()
            size += len(said)
            if size > MOST_SHARED or len(found) >= MOST_SHARED_STRINGS:
                raise TooMuch(f"its texts have more than {MOST_SHARED:,} characters")
            found.append(said)

    def text(said: str) -> None:
        if reading:
            held.append(said)

    parts.listen(name, start, end, text)
    return found


class Cells:
    """Reads one sheet. `give` gets every row down to the last that holds anything, without blanks at its end."""

    def __init__(
        self, strings: Sequence[str], styles: Sequence[str], from_1904: bool, give: Callable[[Row], object]
    ) -> None:
        self.strings, self.styles, self.from_1904, self.give = strings, styles, from_1904, give
        self.wide = self.rows = self.bare = self.merged = self.size = 0
        self.row: Row = []
        self.row_number = self.column = 0
        self.kind = self.style = ""
        self.text: list[str] = []
        self.value = self.inline = ""
        self.formula = self.aside = False

    def read(self, parts: Parts, name: str) -> None:
        parts.listen(name, self.start, self.end, self.text.append)

    # --- elements -------------------------------------------------------------------------------------------
    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        if element == "v" or element == "t":
            self.text.clear()
        elif element == "c":
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.value, self.inline, self.formula = "", "", False
            place = attributes.get("r")
            if place is None:
                self.column += 1
            else:
                self.column = self.column_of(place)
        elif element == "row":
            self.begin(attributes.get("r"))
        elif element == "f":
            self.formula = True
        elif element == "rPh":
            self.aside = True
        elif element == "mergeCell":
            self.merged += 1

    def end(self, element: str) -> None:
        if element == "c":
            self.cell()
        elif element == "v":
            self.value = "".join(self.text)
        elif element == "t":
            if not self.aside:
                self.inline += "".join(self.text)
        elif element == "rPh":
            self.aside = False
        elif element == "row":
            self.finish()
        self.text.clear()

    # --- rows -----------------------------------------------------------------------------------------------
    def begin(self, said: str | None) -> None:
        number = self.row_number + 1
        if said is not None:
            number = int(said) if said.isdecimal() and said.isascii() and len(said) < 10 else 0
        if number > MOST_ROWS:
            raise TooMuch(f"a sheet names a row beyond {MOST_ROWS:,}")
        if number <= self.row_number:
            raise Damaged("the rows of a sheet are not in order")
        self.row_number, self.column, self.row = number, 0, []

    def finish(self) -> None:
        row = self.row
        while row and not row[-1]:
            row.pop()
        if not row:
            return
        self.wide = max(self.wide, len(row))
        if self.wide * self.row_number > MOST_CELLS:
            raise TooMuch(f"a sheet spans {self.wide:,} columns and {self.row_number:,} rows")
        while self.rows < self.row_number - 1:
            self.rows += 1
            self.give([])
        self.rows += 1
        self.give(row)

    # --- cells ----------------------------------------------------------------------------------------------
    def column_of(self, place: str) -> int:
        found = PLACE.fullmatch(place)
        if found is None or int(found[2]) != self.row_number:
            raise Damaged("a cell stands elsewhere than it says")
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - 64
        return column

    def cell(self) -> None:
        if self.column > MOST_COLUMNS:
            raise TooMuch(f"a sheet names a column beyond {MOST_COLUMNS:,}")
        if self.formula and not self.value and not self.inline:
            self.bare += 1
        said = self.said()
        if not said:
            return
        self.size += len(said)
        if len(said) > LONGEST_CELL or self.size > MOST_TEXT:
            raise TooMuch(
                f"its cells hold more than {MOST_TEXT:,} characters, or one more than {LONGEST_CELL:,}"
            )
        row, lacking = self.row, self.column - len(self.row)
        if lacking > 0:
            row.extend([""] * lacking)
        row[self.column - 1] = said

    def said(self) -> str:
        kind, value = self.kind, self.value
        if kind == "s":
            if not value:
                return ""
            if not (value.isdecimal() and len(value) < 10 and int(value) < len(self.strings)):
                raise Damaged("a cell refers to a text that is not there")
            return self.strings[int(value)]
        if kind == "inlineStr":
            return self.inline.strip()
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "d":
            return value.strip().replace("T", " ", 1).removesuffix(" 00:00:00")
        if kind != "n" or not value:
            return value.strip()
        try:
            number = float(value)
        except ValueError:
            return value.strip()
        style = (
            self.styles[int(self.style)]
            if self.style.isdecimal() and int(self.style) < len(self.styles)
            else NUMBER
        )
        return said_as(number, style, self.from_1904)
