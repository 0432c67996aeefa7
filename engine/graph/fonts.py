"""How wide a text is in the font that comes with sharedvalue, and how it is broken into lines that fit."""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "fonts"
REGULAR, BOLD = FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf"
FILES = (REGULAR, BOLD)
FAMILY = "'DejaVu Sans', Verdana, Geneva, 'Segoe UI', Arial, sans-serif"  # the first three are equally wide
WIDE, USUAL = 1.05, 0.65  # of the font size, for what the font has not


class _Metrics:
    """The advance width of each character of a TrueType font, in parts of the font size."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        count = struct.unpack_from(">H", data, 4)[0]
        tables = {
            data[12 + 16 * i : 16 + 16 * i].decode("latin-1"): struct.unpack_from(">I", data, 20 + 16 * i)[0]
            for i in range(count)
        }
        units = struct.unpack_from(">H", data, tables["head"] + 18)[0]
        measured = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
        widths = struct.unpack_from(f">{2 * measured}H", data, tables["hmtx"])[::2]
        self._widths: dict[int, float] = {}
        for code, glyph in _characters(data, tables["cmap"]):
            self._widths[code] = widths[min(glyph, measured - 1)] / units

    def width(self, character: str) -> float:
        found = self._widths.get(ord(character))
        if found is not None:
            return found
        if unicodedata.combining(character):
            return 0.0
        wide = unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF
        return WIDE if wide else USUAL


def _characters(data: bytes, start: int) -> list[tuple[int, int]]:
    """Pairs of character and glyph from the table of the Basic Multilingual Plane (format 4)."""
    for i in range(struct.unpack_from(">H", data, start + 2)[0]):
        at = start + struct.unpack_from(">I", data, start + 8 + 8 * i)[0]
        if struct.unpack_from(">H", data, at)[0] == 4:
            break
    else:
        return []
    half = struct.unpack_from(">H", data, at + 6)[0]
    segments = half // 2
    ends = struct.unpack_from(f">{segments}H", data, at + 14)
    starts = struct.unpack_from(f">{segments}H", data, at + 16 + half)
    deltas = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * half)
    offsets_at = at + 16 + 3 * half
    offsets = struct.unpack_from(f">{segments}H", data, offsets_at)
    found = []
    for i in range(segments):
        for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
            glyph = (
                code
                if not offsets[i]
                else struct.unpack_from(">H", data, offsets_at + 2 * i + offsets[i] + 2 * (code - starts[i]))[
                    0
                ]
            )
            if glyph or not offsets[i]:
                found.append((code, (glyph + deltas[i]) & 0xFFFF))
    return found


@lru_cache(maxsize=2)
def _metrics(bold: bool) -> _Metrics:
    return _Metrics(BOLD if bold else REGULAR)


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in pixels."""
    metrics = _metrics(bold)
    return sum(metrics.width(character) for character in text) * size


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """A text broken into lines at spaces; a word that is longer than a line is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, size, room, bold):
            longer = f"{line} {piece}" if line else piece
            if line and width(longer, size, bold) > room:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines or [""]


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    if width(word, size, bold) <= room:
        return [word]
    pieces, piece = [], ""
    for character in word:
        if piece and width(piece + character, size, bold) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]
