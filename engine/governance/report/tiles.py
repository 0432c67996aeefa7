"""A picture cut into parts that a page can hold at a size that is read: between its cards, where that can be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

Part = tuple[float, float, float, float]  # left, top, width, height
VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
SIZE = re.compile(r'viewBox="[^"]*" width="[^"]*" height="[^"]*"')
NUMBERS = re.compile(r"[-0-9.]+")
LYING, UPRIGHT = (
    (261.0, 152.0),
    (174.0, 232.0),
)  # the room on a page that is turned, and on one that is not, in mm
POINT = 25.4 / 72
LARGEST, SMALLEST = (
    0.76,
    0.55,
)  # points a unit of the picture: the words of its cards are then 9 to 6.6 points high
EDGE, BESIDE = (
    4.0,
    14.0,
)  # units of the picture beside a card that is repeated, and beside the first and the last
LEAST = 60.0  # units: how wide a card is at least
OVER = 8.0  # mm between two parts on a page: what is said over the second
SHARE = 0.35  # of a part: how far from its end a cut may be moved to find a gap


@dataclass(frozen=True)
class Tiles:
    """How many mm a `unit` of a picture takes on paper, and its parts, column by column from the left and each from the top; its
    legend is a part of its own, the last. `wide`: the pages are turned."""

    unit: float
    parts: tuple[Part, ...]
    wide: bool


def tiles(svg: str) -> Tiles:
    """The picture in parts: of the sizes that can be read, on pages that are turned or not, those that need the fewest pages, of
    these the fewest parts, then those that cut the fewest cards, and of these the largest."""
    size = VIEW.search(svg)
    if size is None:
        return Tiles(0.0, (), True)
    width, height = float(size[1]), float(size[2])
    cards = _cards(svg)
    end = max((y + h for _, y, _, h in cards), default=height - BESIDE) + BESIDE
    legend = (0.0, end, width, height - end)
    units = [(LARGEST - (LARGEST - SMALLEST) * step / 9) * POINT for step in range(10)]
    tried = []
    for unit in units:
        for page in (LYING, UPRIGHT):
            below = on_paper(legend, unit, page == LYING)[1] + OVER if end < height else 0.0
            for room in (
                page[1],
                page[1] - below,
            ):  # the legend may take a page, or stand below the last part
                found = tuple(_parts(width, end, cards, unit, (page[0], room)))
                tried.append(Tiles(unit, found, page == LYING))

    def worth(one: Tiles) -> tuple[int, int, int, float]:
        all_parts = (*one.parts, legend) if end < height else one.parts
        return _pages(all_parts, one), len(one.parts), _cut_cards(one.parts, cards), -one.unit

    best = min(tried, key=worth)
    return replace(best, parts=(*best.parts, legend)) if end < height else best


def _pages(parts: Sequence[Part], of: Tiles) -> int:
    """How many pages parts take, one below the other; a legend, the last, that stands alone on one counts as another page."""
    room = (LYING if of.wide else UPRIGHT)[1]
    pages, used, alone = 1, 0.0, False
    for part in parts:
        high = on_paper(part, of.unit, of.wide)[1]
        alone = used > 0 and used + OVER + high > room
        pages, used = (pages + 1, high) if alone else (pages, used + OVER + high if used else high)
    return pages + alone


def _cut_cards(parts: Sequence[Part], cards: Sequence[Part]) -> int:
    """How many times a part shows a card without its end."""
    return sum(
        not _within(card, part) for card in cards for part in parts if _within((*card[:2], 0.0, 0.0), part)
    )


def _within(card: Part, part: Part) -> bool:
    """Whether a part shows all of a card."""
    (x, y, w, h), (left, top, wide, high) = card, part
    return left <= x and top <= y and x + w <= left + wide and y + h <= top + high


def on_paper(part: Part, unit: float, wide: bool) -> tuple[float, float]:
    """The width and height of a part on paper, in mm: a legend that is wider than the page is drawn smaller."""
    scale = min(unit, (LYING if wide else UPRIGHT)[0] / part[2])
    return part[2] * scale, part[3] * scale


def cut(svg: str, part: Part) -> str:
    """A picture of which one part is seen."""
    left, top, width, height = part
    size = f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return SIZE.sub(size, svg, count=1)


def _parts(
    width: float, end: float, cards: list[Part], unit: float, page: tuple[float, float]
) -> Iterator[Part]:
    """The cards in columns, each as high as its cards reach; the first begins at the top, where the title stands."""
    for left, right in _cuts(width, page[0] / unit, [(x, x + w) for x, _, w, _ in cards]):
        here = [(y, y + h) for x, y, w, h in cards if x < right and x + w > left]
        if not here:
            continue
        first = 0.0 if left == 0 else max(0.0, min(y for y, _ in here) - BESIDE)
        last = min(end, max(y for _, y in here) + BESIDE)
        within = [(y - first, stop - first) for y, stop in here]
        for top, bottom in _cuts(last - first, page[1] / unit, within):
            yield left, first + top, right - left, bottom - top


def _cards(svg: str) -> list[Part]:
    """The boxes of all shapes, as far as their outlines tell them: absolute moves and lines relative to them."""
    found = []
    for match in re.finditer(r'<path class="shape" d="([^"]*)"', svg):
        box = _box(match[1])
        if box is not None and box[2] >= LEAST:  # smaller ones stand in the legend
            found.append(box)
    return found


def _box(outline: str) -> Part | None:
    x = y = 0.0
    xs: list[float] = []
    ys: list[float] = []
    for command, rest in re.findall(r"([MmLlHhVvAaQqCcZz])([^MmLlHhVvAaQqCcZz]*)", outline):
        values = [float(v) for v in NUMBERS.findall(rest)]
        steps = {"h": 1, "v": 1, "m": 2, "l": 2, "q": 4, "c": 6, "a": 7}.get(command.lower(), 0)
        for start in range(0, len(values) - steps + 1, steps) if steps else ():
            part = values[start : start + steps]
            base = (x, y) if command.islower() else (0.0, 0.0)
            if command.lower() == "h":
                x = base[0] + part[0]
            elif command.lower() == "v":
                y = base[1] + part[0]
            else:
                x, y = base[0] + part[-2], base[1] + part[-1]
            xs.append(x)
            ys.append(y)
    if not xs:
        return None
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _cuts(length: float, room: float, taken: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A length in pieces of at most `room`, cut where least lies across; what lies across a cut is whole in the piece after it."""
    pieces, start = [], 0.0
    while length - start > room:
        even = (length - start) / math.ceil((length - start) / room)
        lowest, highest = start + even * (1 - SHARE), start + room
        steps = [highest - (highest - lowest) * n / 60 for n in range(61)]
        cut = min(steps, key=lambda at: (sum(a < at < b for a, b in taken), abs(at - start - even)))
        pieces.append((start, cut))
        whole = min((a for a, b in taken if a < cut < b and b - a < room / 2), default=cut)
        start = whole - EDGE if start < whole - EDGE and whole < cut else cut
    return [*pieces, (start, length)]
