"""Plain tables, by tabulate; wide characters count as the two columns that they take. Imported only by commands that print one."""

from __future__ import annotations

from collections.abc import Sequence

from sharedvalue.engine.telling.page import WIDTH, columns

WORD = 10  # columns: a word of that length, such as a day, is not broken
PADDING = 2  # tabulate makes a column that much wider than its heading


def table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], wide: Sequence[int | None] | None = None
) -> str:
    """A table in plain text. `wide` bounds the columns, in characters; by default they share the width of the page."""
    from tabulate import tabulate

    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if wide is None:
        wide = _widths(headings, cells)
    kept = [" ".join(c.split()) if "\n" not in c else c for row in cells for c in row]
    width = len(headings)
    shaped = [kept[i : i + width] for i in range(0, len(kept), width)]
    if not shaped:
        return "(none)"
    return tabulate(
        shaped, headers=list(headings), tablefmt="simple", maxcolwidths=list(wide), disable_numparse=True
    )


def _widths(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int | None]:
    """Columns as wide as they need to be; where that is too much for the page, the widest give way."""
    longest = [
        max([columns(heading) + PADDING, *(columns(row[i]) for row in cells)])
        for i, heading in enumerate(headings)
    ]
    least = [
        max(8, columns(heading) + PADDING, *(min(columns(w), WORD) for row in cells for w in row[i].split()))
        for i, heading in enumerate(headings)
    ]
    room = WIDTH - 2 * (len(headings) - 1)
    widths = list(longest)
    while sum(widths) > room and any(width > low for width, low in zip(widths, least, strict=True)):
        widest = max(
            (width, i) for i, (width, low) in enumerate(zip(widths, least, strict=True)) if width > low
        )[1]
        widths[widest] -= 1
    return [width if width < need else None for width, need in zip(widths, longest, strict=True)]
