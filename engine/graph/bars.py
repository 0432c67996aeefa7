"""Bars that show how far values may move before something changes: one a row, as SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.graph.fonts import FAMILY
from sharedvalue.engine.graph.palette import LIGHT
from sharedvalue.engine.graph.png import png
from sharedvalue.engine.graph.write import save

LABELS, BAR, NOTES, ROW, TOP, EDGE = 300, 320, 340, 30, 64, 16
STAYS, MOVES = (LIGHT.soft, LIGHT.ink), (LIGHT.paper, LIGHT.line)  # what stays is told by fill, not by colour
INK, QUIET, PAPER, LINE = LIGHT.ink, LIGHT.quiet, LIGHT.paper, LIGHT.edge
SUFFIXES = (".svg", ".png")


@dataclass(frozen=True)
class Bar:
    """One row. The bar goes from 0 to 1; it is whole from `start` to `end`, and `at` is where things stand."""

    label: str
    note: str
    start: float
    end: float
    at: float


def bars(title: str, subtitle: str, rows: Sequence[Bar]) -> str:
    """The picture as SVG. What stays is filled; what does not is hatched, so that no colour is needed to tell."""
    width, height = EDGE * 2 + LABELS + BAR + NOTES, TOP + ROW * len(rows) + EDGE
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(title, quote=True)}" viewBox="0 0 {width} {height}" font-family="{escape(FAMILY, quote=True)}">'
        ),
        (
            '<defs><pattern id="beyond" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="6" height="6" fill="{MOVES[0]}"/><rect width="2" height="6" fill="{MOVES[1]}"/></pattern></defs>'
        ),
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        f'<text x="{EDGE}" y="28" font-size="18" font-weight="bold" fill="{INK}">{escape(title)}</text>',
        f'<text x="{EDGE}" y="48" font-size="12" fill="{QUIET}">{escape(subtitle)}</text>',
    ]
    for number, row in enumerate(rows):
        parts.append(_row(row, TOP + ROW * number))
    return "\n".join([*parts, "</svg>"])


def _row(row: Bar, y: int) -> str:
    left = EDGE + LABELS
    start, end, at = (left + BAR * min(1.0, max(0.0, place)) for place in (row.start, row.end, row.at))
    return "".join(
        [
            f'<text x="{left - 10}" y="{y + 16}" font-size="12" text-anchor="end" fill="{INK}">{escape(_short(row.label, 46))}</text>',
            f'<rect x="{left}" y="{y + 4}" width="{BAR}" height="16" fill="url(#beyond)" stroke="{LINE}"/>',
            f'<rect x="{start:.1f}" y="{y + 4}" width="{max(2.0, end - start):.1f}" height="16" fill="{STAYS[0]}" stroke="{STAYS[1]}"/>',
            f'<rect x="{at - 1.5:.1f}" y="{y + 1}" width="3" height="22" fill="{INK}"/>',
            f'<text x="{left + BAR + 10}" y="{y + 16}" font-size="12" fill="{QUIET}">{escape(_short(row.note, 52))}</text>',
        ]
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def write_bars(path: Path | str, title: str, subtitle: str, rows: Sequence[Bar]) -> None:
    """Writes the picture.

    Raises:
        UserError: SV120 for a suffix that is not known, SV121 where nothing can be written.
    """
    target = Path(path)
    check_bars(target)
    svg = bars(title, subtitle, rows)
    save(target, png(svg) if target.suffix.lower() == ".png" else f"{svg}\n".encode())


def check_bars(path: Path | str) -> None:
    """Whether the suffix is one that can be drawn. Raises UserError (SV120)."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise mistake(
            "SV120",
            str(path),
            f"'{suffix}' is not a format of this picture",
            f"Formats: {', '.join(SUFFIXES)}.",
        )
