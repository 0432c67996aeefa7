"""The first sheet of a workbook as rows, read apart; here they are drawn from a file that goes when nobody holds it."""

from __future__ import annotations

import json
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sharedvalue.engine.sheets.apart import apart
from sharedvalue.engine.sheets.bounds import MEMORY


@dataclass(frozen=True)
class Workbook:
    """The first sheet that is shown and holds anything; `title` is '' where none does. `bare` counts formulas without a value."""

    title: str
    others: tuple[str, ...]
    wide: int
    height: int
    merged: int
    bare: int
    kept: IO[bytes]

    def __post_init__(self) -> None:
        weakref.finalize(self, self.kept.close)

    def rows(self) -> Iterator[list[str]]:
        """Every row down to the last that holds anything, all of one width; from the start each time."""
        at = 0
        while True:
            self.kept.seek(at)
            lines = self.kept.readlines(1 << 20)
            at = self.kept.tell()
            if not lines:
                return
            for line in lines:
                row: list[str] = json.loads(line)
                row.extend([""] * (self.wide - len(row)))
                yield row


def read_workbook(path: Path, sheet: str = "") -> Workbook:
    """A workbook, whatever is in it, in bounded memory; its first sheet that holds anything, or the one of this name.

    Raises:
        UserError: SV413 where it is damaged, SV414 where it would unfold to too much, SV903 where memory did not suffice.
    """
    kept = tempfile.TemporaryFile(prefix="sharedvalue-")  # noqa: SIM115  # lives as long as the workbook does
    try:
        found = apart("sharedvalue.engine.sheets", path, kept, MEMORY, sheet)
    except BaseException:
        kept.close()
        raise
    return Workbook(
        found["title"],
        tuple(found["others"]),
        found["wide"],
        found["rows"],
        found["merged"],
        found["bare"],
        kept,
    )
