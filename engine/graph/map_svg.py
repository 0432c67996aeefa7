"""A map as SVG: regions with colour, pattern and words, their borders with what makes them, and where the case lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sharedvalue.engine.graph.card import number as n
from sharedvalue.engine.graph.fonts import width, wrap
from sharedvalue.engine.graph.ink import esc, text
from sharedvalue.engine.graph.map_labels import free_rectangles
from sharedvalue.engine.graph.map_parts import Area, Map, MapAxis, MapRegion
from sharedvalue.engine.graph.map_style import DOTS, PATTERNS, css, pattern_of
from sharedvalue.engine.graph.signs import placed

WIDE, EDGE = 960.0, 20.0
PLOT_WIDE, PLOT_HIGH = 600.0, 460.0
TICKS = 96.0  # room for the values of the y axis, at most
TITLE, SIZE, SMALL, LEADING = 17.0, 13.0, 12.0, 16.0
RIGHT = 190.0  # room for the words of borders on the right
BADGE = 9.0


@dataclass(frozen=True)
class Plot:
    """Where the plot lies, in pixels. Every place of an axis has the same width; the lowest y is at the bottom."""

    left: float
    top: float
    x: MapAxis
    y: MapAxis

    def x_at(self, place: float) -> float:
        """The left edge of a place."""
        return self.left + PLOT_WIDE * place / self.x.count

    def y_at(self, place: float) -> float:
        """The lower edge of a place."""
        return self.top + PLOT_HIGH * (1 - place / self.y.count)

    def box(self, area: Area) -> tuple[float, float, float, float]:
        a, b, c, d = area
        return self.x_at(a), self.y_at(d + 1), self.x_at(b + 1), self.y_at(c)

    def box_of(self, share: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A rectangle given in shares of the plot, from its upper left corner."""
        a, b, c, d = share
        return (
            self.left + PLOT_WIDE * a,
            self.top + PLOT_HIGH * b,
            self.left + PLOT_WIDE * c,
            self.top + PLOT_HIGH * d,
        )


def picture(drawn: Map, interactive: bool = False) -> str:
    """The whole picture as an SVG element."""
    parts = [] if interactive else list(_head(drawn))
    plot = plot_of(drawn, interactive)
    _, lines = _above(drawn)
    parts += _regions(drawn, plot)
    parts += [*_axes(drawn, plot), *_borders(drawn, plot), *lines(plot), *_beside(drawn, plot)]
    parts += [*_labels(drawn, plot), *_here(drawn, plot)]
    if interactive:
        parts.append('<path class="cursor" id="cursor" d=""/>')
    legend, high = _legend(drawn, plot.top + PLOT_HIGH + 62, interactive)
    parts += legend
    role = "group" if interactive else "img"
    size = f'viewBox="0 0 {n(WIDE)} {n(high)}" width="{n(WIDE)}" height="{n(high)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" {size} role="{role}" '
        f'aria-labelledby="map-title map-desc" lang="en"><title id="map-title">{esc(drawn.title)}</title>'
        f'<desc id="map-desc">{esc(summary(drawn))}</desc><style>{css()}</style>{_patterns(drawn)}'
        f'<rect class="paper" width="100%" height="100%"/>{"".join(parts)}</svg>'
    )


def plot_of(drawn: Map, interactive: bool) -> Plot:
    """Where the plot lies, below the heading and the words of the borders."""
    head = 0.0 if interactive else 22.0 * len(_title(drawn)) + 17.0 * len(_subtitle(drawn)) + 8
    words = [
        width(line, SMALL)
        for place in ticks(drawn.y)
        for line in wrap(drawn.y.said(place), SMALL, TICKS - 10)
    ]
    return Plot(EDGE + 34 + max(words), EDGE + head + _above(drawn)[0], drawn.x, drawn.y)


def _title(drawn: Map) -> list[str]:
    return wrap(drawn.title, TITLE, WIDE - 2 * EDGE, True)


def _subtitle(drawn: Map) -> list[str]:
    return wrap(drawn.subtitle, SIZE, WIDE - 2 * EDGE)


def _head(drawn: Map) -> Iterator[str]:
    """The page has its own heading; a picture alone has this one."""
    top = EDGE
    for line in _title(drawn):
        yield text(line, EDGE, top + 15, TITLE, "strong")
        top += 22
    for line in _subtitle(drawn):
        yield text(line, EDGE, top + 13, SIZE, "small")
        top += 17


def summary(drawn: Map) -> str:
    """The map in sentences, for those who do not see it."""
    regions = " ".join(
        f"{r.letter}: {r.said}, {r.share}{', ' + r.where if r.where else ''}." for r in drawn.regions
    )
    borders = " ".join(
        f"Border between {b.between}: {b.where}{', ' + b.label if b.label else ''}."
        for b in drawn.borders[:12]
    )
    return f"{drawn.subtitle} {regions} {borders} {drawn.here_said}"


def _patterns(drawn: Map) -> str:
    made = []
    for i, region in enumerate(drawn.regions):
        tile = '<pattern id="{}" width="12" height="12" patternUnits="userSpaceOnUse">{}</pattern>'
        if region.kind == "cannot_be":
            inside = (
                '<rect class="tile-cannot" width="12" height="12"/>'
                '<path class="cannot" d="M-2 -2 L14 14 M-2 14 L14 -2"/>'
            )
        elif region.kind == "not_covered":
            inside = '<rect class="tile-cannot" width="12" height="12"/><path class="cannot" d="M6 4 v4" opacity="0.5"/>'
        else:
            kind = pattern_of(i)
            dots = " dots" if kind == DOTS else ""
            inside = (
                f'<rect class="tile-cannot" width="12" height="12"/><rect class="h-{region.colour}" width="12" height="12"/>'
                f'<path class="pattern{dots} l-{region.colour}" d="{PATTERNS[kind]}"/>'
            )
        made.append(tile.format(f"map-{i}", inside))
    return f"<defs>{''.join(made)}</defs>"


def _regions(drawn: Map, plot: Plot) -> Iterator[str]:
    for i, region in enumerate(drawn.regions):
        pieces = []
        for area in region.rectangles:
            x, y, right, low = plot.box(area)
            pieces.append(f"M{n(x)} {n(y)}H{n(right)}V{n(low)}H{n(x)}Z")
        yield (
            f'<path fill="url(#map-{i})" shape-rendering="crispEdges" d="{"".join(pieces)}">'
            f"<title>{esc(f'{region.letter}: {region.said}, {region.share}')}</title></path>"
        )


# --- axes -------------------------------------------------------------------------------------------------------
def ticks(axis: MapAxis) -> list[int]:
    """The places that are labelled: all bands, or round numbers, about six."""
    if axis.bands:
        return list(range(axis.count))
    most = axis.step * (axis.count - 1)
    if axis.count < 2:
        return [0]
    scale = 10.0**-6
    while most / scale > 60:
        scale *= 10
    by = next((scale * m for m in (1, 2, 5, 10, 20) if most / (scale * m) <= 6), scale * 20)
    by = max(by, axis.step)
    first = -(-axis.start // by) * by
    places = []
    while first <= axis.start + most + 1e-9:
        places.append(round((first - axis.start) / axis.step))
        first += by
    return [place for place in dict.fromkeys(places) if 0 <= place < axis.count]


def _axes(drawn: Map, plot: Plot) -> Iterator[str]:
    bottom, right = plot.top + PLOT_HIGH, plot.left + PLOT_WIDE
    yield f'<path class="axis" d="M{n(plot.left)} {n(plot.top)}H{n(right)}V{n(bottom)}H{n(plot.left)}Z"/>'
    for place in ticks(drawn.x):
        x = plot.x_at(place + 0.5)
        yield f'<path class="axis" d="M{n(x)} {n(bottom)}v5"/>'
        room = PLOT_WIDE / drawn.x.count - 6 if drawn.x.bands else 90.0
        for i, line in enumerate(wrap(drawn.x.said(place), SMALL, max(room, 34.0))[:2]):
            yield text(line, x, bottom + 18 + 13.5 * i, SMALL, "", "middle")
    for place in ticks(drawn.y):
        y = plot.y_at(place + 0.5)
        yield f'<path class="axis" d="M{n(plot.left)} {n(y)}h-5"/>'
        lines = wrap(drawn.y.said(place), SMALL, TICKS - 10)[:3]
        for i, line in enumerate(lines):
            yield text(line, plot.left - 8, y + 4 + 13.5 * (i - (len(lines) - 1) / 2), SMALL, "", "end")
    yield text(_titled(drawn.x), plot.left + PLOT_WIDE / 2, bottom + 52, SIZE, "strong", "middle")
    x, y = EDGE + 12, plot.top + PLOT_HIGH / 2
    titled = text(_titled(drawn.y), 0, 0, SIZE, "strong", "middle")
    yield f'<g transform="translate({n(x)} {n(y)}) rotate(-90)">{titled}</g>'


def _titled(axis: MapAxis) -> str:
    """The title of an axis, as much of it as fits along the shorter side."""
    title = f"{axis.title}{', ' + axis.unit if axis.unit else ''}"
    return wrap(title, SIZE, PLOT_HIGH - 10, True)[0]


# --- borders ----------------------------------------------------------------------------------------------------
def _borders(drawn: Map, plot: Plot) -> Iterator[str]:
    for border in drawn.borders:
        pieces = []
        for axis, at, start, end in border.edges:
            if axis == "x":
                pieces.append(f"M{n(plot.x_at(at))} {n(plot.y_at(start))}V{n(plot.y_at(end + 1))}")
            else:
                pieces.append(f"M{n(plot.x_at(start))} {n(plot.y_at(at))}H{n(plot.x_at(end + 1))}")
        where = f"{border.between}: {border.where}{', ' + border.label if border.label else ''}"
        yield f'<path class="border" d="{"".join(pieces)}"><title>{esc(where)}</title></path>'


def told(drawn: Map, axis: str) -> list[tuple[int, str, str]]:
    """The straight borders of an axis: place, value, and all that is said of it."""
    found: dict[int, tuple[str, dict[str, None]]] = {}
    for border in drawn.borders:
        if border.value and border.edges[0][0] == axis:
            _, labels = found.setdefault(border.edges[0][1], (border.value, {}))
            labels.update(dict.fromkeys(part for part in border.label.split(", ") if part))
    return [(at, value, ", ".join(labels)) for at, (value, labels) in sorted(found.items())]


def _worded(value: str, label: str) -> str:
    return f"at {value}: {label}" if label else f"at {value}"


def _above(drawn: Map) -> tuple[float, Callable[[Plot], Iterator[str]]]:
    """The words of borders on the x axis stand above the plot, on as many levels as they need: their height, and how to
    draw them.
    """
    placed: list[tuple[float, float, int, list[str]]] = []
    ends: list[float] = []
    for at, value, label in told(drawn, "x"):
        lines = wrap(_worded(value, label), SMALL, 170)
        wide = max(width(line, SMALL) for line in lines)
        middle = PLOT_WIDE * at / drawn.x.count
        start = min(max(middle - wide / 2, -40.0), PLOT_WIDE + RIGHT - wide)
        level = next((i for i, end in enumerate(ends) if end + 10 < start), len(ends))
        if level == len(ends):
            ends.append(0.0)
        ends[level] = start + wide
        placed.append((middle, start, level, lines))
    heights = [0.0] * len(ends)
    for _, _, level, lines in placed:
        heights[level] = max(heights[level], 13.5 * len(lines) + 6)
    total = sum(heights) + 14 if placed else 8.0

    def draw(plot: Plot) -> Iterator[str]:
        lows = [plot.top - 8 - sum(heights[:level]) for _, _, level, _ in placed]
        for (middle, *_), low in zip(placed, lows, strict=True):
            yield f'<path class="leader" d="M{n(plot.left + middle)} {n(plot.top)}V{n(low + 1)}"/>'
        for (_, start, _, lines), low in zip(placed, lows, strict=True):
            left, high = plot.left + start, low - 13.5 * len(lines) + 2
            wide = max(width(line, SMALL) for line in lines)
            yield (
                f'<rect class="paper" x="{n(left - 3)}" y="{n(high - 3)}" width="{n(wide + 6)}" '
                f'height="{n(13.5 * len(lines) + 4)}"/>'
            )
            for i, line in enumerate(lines):
                yield text(line, left, high + 8 + 13.5 * i, SMALL)

    return total, draw


def _beside(drawn: Map, plot: Plot) -> Iterator[str]:
    """The words of borders on the y axis stand on the right, moved apart where they would touch."""
    low = plot.top + PLOT_HIGH + 40
    labels = []
    for at, value, label in reversed(told(drawn, "y")):
        labels.append((plot.y_at(at), wrap(_worded(value, label), SMALL, RIGHT - 26)))
    tops: list[float] = []
    for y, lines in labels:
        wanted = y - 6.75 * len(lines)
        tops.append(max(wanted, tops[-1] + 13.5 * len(labels[len(tops) - 1][1]) + 5) if tops else wanted)
    over = (tops[-1] + 13.5 * len(labels[-1][1]) - low) if tops else 0.0
    right = plot.left + PLOT_WIDE
    for (y, lines), top in zip(labels, tops, strict=True):
        top -= max(0.0, over)
        middle = top + 6.75 * len(lines)
        yield f'<path class="leader" d="M{n(right)} {n(y)}h6L{n(right + 16)} {n(middle)}h4"/>'
        for i, line in enumerate(lines):
            yield text(line, right + 24, top + 9 + 13.5 * i, SMALL)


# --- words in the plot ------------------------------------------------------------------------------------------
def _labels(drawn: Map, plot: Plot) -> Iterator[str]:
    """In each region its letter, and its words where there is room."""
    for region, box in free_rectangles(drawn):
        left, top, right, low = plot.box_of(box)
        yield from _label(region, left, top, right, low)


def _label(region: MapRegion, left: float, top: float, right: float, low: float) -> Iterator[str]:
    x, y = (left + right) / 2, (top + low) / 2
    wide, high = right - left - 12, low - top - 8
    head = wrap(region.heading, SIZE, max(wide - 10, 20), True)
    detail = wrap(", ".join(part for part in (region.detail, region.rule) if part), SMALL, max(wide - 10, 20))
    need = 2 * BADGE + 4 + LEADING * len(head)
    broken = any(" " not in line and line not in region.heading.split() for line in head)
    if wide < 60 or need > high or broken:
        yield from _badge(region, x, y)
        return
    if need + 14 * len(detail) > high or len(detail) > 5:
        detail = [region.rule] if region.rule and need + 13 <= high else []
    need += 14 * len(detail)
    y0 = y - need / 2
    widest = max([width(line, SIZE, True) for line in head] + [width(line, SMALL) for line in detail])
    yield (
        f'<rect class="plate" x="{n(x - widest / 2 - 5)}" y="{n(y0 + 2 * BADGE + 2)}" width="{n(widest + 10)}" '
        f'height="{n(need - 2 * BADGE)}" rx="4"/>'
    )
    yield from _badge(region, x, y0 + BADGE)
    at = y0 + 2 * BADGE + 4 + 11
    for line in head:
        yield text(line, x, at, SIZE, "strong", "middle")
        at += LEADING
    for line in detail:
        yield text(line, x, at - 1, SMALL, "", "middle")
        at += 14


def _badge(region: MapRegion, x: float, y: float) -> Iterator[str]:
    """The letter of a region, with the sign of its outcome beside it."""
    letter = region.letter
    if region.sign:
        plate = f'x="{n(x + 2)}" y="{n(y - BADGE)}" width="20" height="{n(2 * BADGE)}" rx="4"'
        yield f'<rect class="plate" {plate}/>{placed(region.sign, x + 5, y - 7, 14, f"sign l-{region.colour}")}'
        x -= BADGE + 2
    yield f'<circle class="badge" cx="{n(x)}" cy="{n(y)}" r="{n(BADGE)}"/>'
    yield text(letter, x, y + 4, 11 if len(letter) == 1 else 9, "letter", "middle")


def _here(drawn: Map, plot: Plot) -> Iterator[str]:
    """Where the case itself lies: a ring, or a frame where it is not known to a point."""
    if drawn.here is None:
        return
    left, top, right, low = plot.box(drawn.here)
    x, y = (left + right) / 2, (top + low) / 2
    if drawn.here[0] == drawn.here[1] and drawn.here[2] == drawn.here[3]:
        shape = f"M{n(x - 8)} {n(y)}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0M{n(x - 13)} {n(y)}h8M{n(x + 5)} {n(y)}h8M{n(x)} {n(y - 13)}v8M{n(x)} {n(y + 5)}v8"
    else:
        shape = f"M{n(left)} {n(top)}H{n(right)}V{n(low)}H{n(left)}Z"
        x, y = right - 4, top
    yield f'<path class="here" d="{shape}"/><path class="here-in" d="{shape}"><title>{esc(drawn.here_said)}</title></path>'
    words = "you are here"
    wide = width(words, SMALL, True)
    start = x + 16 if x + 24 + wide < plot.left + PLOT_WIDE else x - 16 - wide
    base = min(max(y + 4, plot.top + 14), plot.top + PLOT_HIGH - 6)
    yield f'<rect class="paper" x="{n(start - 3)}" y="{n(base - 11)}" width="{n(wide + 6)}" height="15" rx="3"/>'
    yield text(words, start, base, SMALL, "strong")


# --- legend -----------------------------------------------------------------------------------------------------
def _legend(drawn: Map, top: float, interactive: bool) -> tuple[list[str], float]:
    """What each region is, in two columns, then sloping borders and notes; and where it ends."""
    parts: list[str] = []
    room = WIDE - 2 * EDGE
    each = room / 2
    heights = [top, top]
    for i, region in enumerate(drawn.regions):
        column = 0 if heights[0] <= heights[1] else 1
        x, y = EDGE + column * each, heights[column]
        swatch = f'<rect class="swatch" fill="url(#map-{i})" x="{n(x)}" y="{n(y)}" width="34" height="20"/>'
        if region.sign:
            swatch += placed(region.sign, x + 10, y + 3, 14, f"sign l-{region.colour}")
        lines = wrap(f"{region.letter}  {region.heading}", SIZE, each - 60, True)
        more = ". ".join(
            part
            for part in (region.detail, f"Rule {region.rule}" if region.rule else "", region.share)
            if part
        )
        small = wrap(more, SMALL, each - 60)
        parts.append(swatch)
        for j, line in enumerate(lines):
            parts.append(text(line, x + 44, y + 11 + 15 * j, SIZE, "strong"))
        for j, line in enumerate(small):
            parts.append(text(line, x + 44, y + 11 + 15 * len(lines) + 14 * j, SMALL, "small"))
        heights[column] += max(26.0, 15 * len(lines) + 14 * len(small) + 10)
    y = max(heights) + 4
    notes = [
        f"Border {b.between}: {b.where}{', ' + b.label if b.label else ''}."
        for b in drawn.borders
        if not b.value
    ][:6]
    for note in [*notes, drawn.here_said, *drawn.notes]:
        for line in wrap(note, SMALL, room) if note else []:
            parts.append(text(line, EDGE, y + 10, SMALL, "small"))
            y += 14
    if not interactive:
        parts.append(text(drawn.rulebook, EDGE, y + 12, 11, "small"))
        y += 16
    return parts, y + EDGE
