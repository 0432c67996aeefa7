"""The sweet spot as SVG: two circles of one size, filled and overlapping in proportion to their areas, and the bridge."""

from __future__ import annotations

from collections.abc import Iterator

from sharedvalue.engine.graph.card import number as n
from sharedvalue.engine.graph.circles import APART, distance, lens, level, segment
from sharedvalue.engine.graph.fonts import FAMILY, wrap
from sharedvalue.engine.graph.ink import esc, path, text
from sharedvalue.engine.graph.palette import DARK, LIGHT, Tones
from sharedvalue.engine.graph.sweet_spot import Moment, Reading, SweetSpot

WIDE, RADIUS, MIDDLE = 356.0, 66.0, 138.0
LEFT, RIGHT = 2.0, 274.0  # where the lines that count begin and end; their words follow
HEAD = 52.0  # above the circles: the time, and what the overlap is
PANEL_HIGH = HEAD + 2 * RADIUS + 52
BRIDGE_HIGH, DECK, DECK_HIGH = 92.0, 40.0, 8.0
SPANS, ARCH = 20, 14.0  # of the bridge, and how deep an arch is
SIZE, SMALL = 15.0, 13.5
TITLE = 17.0
UNKNOWN_APART = APART  # the distance of circles of which nobody knows how far they overlap
SMALL_WIDE, SMALL_HIGH, SMALL_RADIUS = 92.0, 46.0, 20.0


def css(tones: Tones = LIGHT, root: str = "") -> str:
    """The style of the picture; with a root it stands above the style that came with a picture."""
    members, sponsor = (tones.colours[name] for name in ("members", "sponsor"))
    rules = [
        f".spot text {{ font-family: {FAMILY}; fill: {tones.ink}; }}",
        ".spot .strong { font-weight: bold; }",
        f".spot .small {{ fill: {tones.quiet}; }}",
        f".spot .paper {{ fill: {tones.paper}; }}",
        f".spot .line-that-counts {{ stroke: {tones.ink}; stroke-width: 1; stroke-dasharray: 4 3; fill: none; }}",
        f".spot .lens {{ stroke: {tones.ink}; stroke-width: 2.4; fill: none; }}",
        ".spot .perhaps { stroke-dasharray: 3 3; stroke-width: 1.6; }",
        f".spot .leader {{ stroke: {tones.ink}; stroke-width: 1; fill: none; }}",
        f".spot .deck {{ fill: {tones.ink}; }}",
        f".spot .gap {{ stroke: {tones.edge}; fill: none; stroke-width: 1.5; stroke-dasharray: 3 4; }}",
        f".spot .pier {{ stroke: {tones.edge}; stroke-width: 1.5; fill: none; }}",
        f".spot .arch {{ stroke: {tones.ink}; stroke-width: 2; fill: none; }}",
        ".spot .water { fill-opacity: 0.6; }",
        ".spot .damp { fill-opacity: 0.28; }",
        ".spot .rim { fill: none; stroke-width: 2.4; }",
        ".spot .unknown { stroke-dasharray: 5 4; }",
    ]
    for letter, (strong, soft) in (("m", members), ("s", sponsor)):
        rules += [
            f".spot .{letter}-soft {{ fill: {soft}; }}",
            f".spot .{letter} {{ fill: {strong}; }}",
            f".spot .{letter}-rim {{ stroke: {strong}; }}",
            f".spot text.{letter}-word {{ fill: {strong}; }}",
        ]
    return "\n".join(f"{root}{rule}" for rule in rules)


def dark_css() -> str:
    """What a dark page changes."""
    return css(DARK, "html ")


# --- whole pictures ---------------------------------------------------------------------------------------------
def whole(spot: SweetSpot, title: str, styled: bool = True) -> str:
    """One picture of all times with the bridge below, and the title above; for a file, a report, a README."""
    wide = max(2, len(spot.moments)) * WIDE
    lines = wrap(title, TITLE, wide - 2 * LEFT, True)
    top = 16 + 22.0 * len(lines)
    parts = [text(line, LEFT, 26 + 22 * i, TITLE, "strong") for i, line in enumerate(lines)]
    parts += [_moved(_panel(moment), WIDE * i, top) for i, moment in enumerate(spot.moments)]
    high = top + PANEL_HIGH + 8
    if spot.bridge is not None:
        parts.append(_moved(_bridge(spot.bridge, wide), 0, high))
        high += BRIDGE_HIGH
    paper = '<rect class="paper" width="100%" height="100%"/>'
    return _svg(f"{paper}{''.join(parts)}", wide, high, f"{title}. {spot.text}", styled)


def panel(moment: Moment) -> str:
    """The picture at one time, for a page that has the style."""
    return _svg(_panel(moment), WIDE, PANEL_HIGH, moment.text)


def bridge(reading: Reading, broad: bool = False) -> str:
    """The bridge alone, for a page that has the style; as wide as one picture, or as two."""
    wide = 2 * WIDE if broad else WIDE
    told, style = f"{reading.title}: {reading.words}.", "spot broad" if broad else "spot"
    return _svg(_bridge(reading, wide), wide, BRIDGE_HIGH, told, style=style)


def small(moment: Moment) -> str:
    """The picture without words, a finger wide: for lists."""
    middle, y = SMALL_WIDE / 2, SMALL_HIGH / 2
    parts = [*_circles(moment, middle, y, SMALL_RADIUS)]
    return _svg("".join(parts), SMALL_WIDE, SMALL_HIGH, moment.text, style="spot small-spot")


def _svg(content: str, wide: float, high: float, told: str, styled: bool = False, style: str = "spot") -> str:
    look = f"<style>{css()}</style>" if styled else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{style}" viewBox="0 0 {n(wide)} {n(high)}" '
        f'width="{n(wide)}" height="{n(high)}" role="img" aria-label="{esc(told)}" lang="en">'
        f"{look}{content}</svg>"
    )


def _moved(content: str, x: float, y: float) -> str:
    return f'<g transform="translate({n(x)} {n(y)})">{content}</g>'


# --- one time ---------------------------------------------------------------------------------------------------
def _panel(moment: Moment) -> str:
    y = HEAD + RADIUS
    parts = [text(moment.time[:1].upper() + moment.time[1:], LEFT, 15, SIZE, "strong")]
    parts += _circles(moment, MIDDLE, y, RADIUS)
    parts += _lines_that_count(moment.members, y)
    parts += _under(moment.members, "m", LEFT, "start")
    if moment.sponsor is not None:
        parts += _under(moment.sponsor, "s", RIGHT, "end")
    if moment.overlap is not None:
        parts += _overlap_words(moment.overlap, y)
    return "".join(parts)


def _circles(moment: Moment, middle: float, y: float, radius: float) -> Iterator[str]:
    if moment.sponsor is None or moment.overlap is None:
        yield from _shape(moment.members, "m", middle, y, radius)
        yield from _water(moment.members, "m", middle, y, radius)
        yield from _rim(moment.members, "m", middle, y, radius)
        return
    ends = moment.overlap.ends
    apart = UNKNOWN_APART if ends is None else distance(ends[0] / 100)
    places = (middle - apart * radius / 2, middle + apart * radius / 2)
    sides = tuple(zip((moment.members, moment.sponsor), "ms", places, strict=True))
    for draw in (_shape, _water):  # what is met lies over both shapes
        for reading, letter, x in sides:
            yield from draw(reading, letter, x, y, radius)
    for reading, letter, x in sides:
        yield from _rim(reading, letter, x, y, radius)
    if ends is None:
        yield f'<circle class="paper" cx="{n(middle)}" cy="{n(y)}" r="{n(radius * 0.2)}"/>'
        yield text("?", middle, y + radius * 0.09, radius * 0.27, "strong", "middle")
        return
    if ends[0] > 0:
        yield path("lens", lens(middle, y, radius, ends[0] / 100), max(1.4, radius / 32))
    if ends[1] > ends[0]:
        yield path("lens perhaps", lens(middle, y, radius, ends[1] / 100))


def _shape(_: Reading, letter: str, x: float, y: float, radius: float) -> Iterator[str]:
    yield f'<circle class="{letter}-soft" cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"/>'


def _water(reading: Reading, letter: str, x: float, y: float, radius: float) -> Iterator[str]:
    """What is met, from the foot of the circle up; what may be met besides is paler."""
    if reading.ends is None:
        return
    low, high = (end / 100 for end in reading.ends)
    if high > low:
        yield path(f"{letter} damp", segment(x, y, radius, high))
    if low > 0:
        yield path(f"{letter} water", segment(x, y, radius, low))


def _rim(reading: Reading, letter: str, x: float, y: float, radius: float) -> Iterator[str]:
    dashes = "" if reading.ends is not None else " unknown"
    wide = f' stroke-width="{n(max(1.4, radius / 32))}"'
    yield f'<circle class="rim {letter}-rim{dashes}" cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"{wide}/>'


def _lines_that_count(reading: Reading, y: float) -> Iterator[str]:
    """Straight across both circles: they are of one size, so a share stands at one height in both."""
    for at, word in reading.lines.items():
        height = y + RADIUS - level(at / 100) * RADIUS
        yield path("line-that-counts", f"M{n(LEFT)} {height:.2f}H{n(RIGHT)}")
        yield text(f"{reading.marks[at]} {word}", RIGHT + 5, height + 4.5, SMALL, "small")


def _under(reading: Reading, letter: str, x: float, anchor: str) -> Iterator[str]:
    top = HEAD + 2 * RADIUS + 24
    known = reading.ends is not None
    title = f"{reading.short} {reading.said}" if known else reading.short
    yield text(title, x, top, SIZE, f"strong {letter}-word", anchor)
    yield text(reading.band if known else reading.said, x, top + 18, SMALL, "small", anchor)


def _overlap_words(reading: Reading, y: float) -> Iterator[str]:
    yield text(f"{reading.short} {reading.words}", MIDDLE, 39, SIZE, "strong", "middle")
    if reading.ends is not None and reading.ends[0] > 0:
        yield path("leader", f"M{n(MIDDLE)} 45V{n(y - RADIUS * 0.55)}")


# --- the bridge -------------------------------------------------------------------------------------------------
def _bridge(reading: Reading, wide: float) -> str:
    """A deck that reaches as far as the community could help; piers stand at the lines that count."""
    left, right = LEFT + 20, wide - LEFT - 20
    room = right - left

    def at(value: float) -> float:
        return left + room * value / 100

    lines = wrap(f"{reading.title}: {reading.words}", SIZE, wide - 2 * LEFT, True)[:2]
    top = DECK + 6 * (len(lines) - 1)
    parts = [text(line, LEFT, 14 + 17 * i, SIZE, "strong") for i, line in enumerate(lines)]
    parts += [
        f'<rect class="{side}" x="{n(x)}" y="{n(top - 6)}" width="20" height="{n(ARCH + DECK_HIGH + 12)}" rx="2"/>'
        for side, x in (("m", left - 20), ("s", right))
    ]
    parts.append(path("gap", f"M{n(left)} {n(top + DECK_HIGH / 2)}H{n(right)}"))
    low, high = reading.ends if reading.ends is not None else (0.0, 0.0)
    if high > low:
        parts.append(_deck(at(low), at(high), top, "deck damp"))
    if low > 0:
        parts += [_deck(left, at(low), top, "deck"), _arches(left, at(low), room / SPANS, top + DECK_HIGH)]
    foot, last = top + DECK_HIGH + ARCH, max(reading.lines, default=0.0)
    for value, word in reading.lines.items():
        anchor, aside = ("start", -4) if value == last else ("end", 4)
        parts.append(path("pier", f"M{n(at(value))} {n(top - 6)}V{n(foot + 8)}"))
        parts.append(
            text(f"{reading.marks[value]} {word}", at(value) + aside, foot + 20, SMALL, "small", anchor)
        )
    return "".join(parts)


def _deck(start: float, end: float, top: float, style: str) -> str:
    return f'<rect class="{style}" x="{start:.2f}" y="{n(top)}" width="{end - start:.2f}" height="{n(DECK_HIGH)}"/>'


def _arches(start: float, end: float, span: float, top: float) -> str:
    """Whole arches only: an arch that is begun carries nobody."""
    arches = int((end - start) / span + 1e-6)
    curve = f"v{n(ARCH)}a{n(span / 2)} {n(ARCH)} 0 0 1 {n(span)} 0v{n(-ARCH)}"
    return path("arch", "".join(f"M{start + span * i:.2f} {n(top)}{curve}" for i in range(arches)))


__all__ = ["bridge", "css", "dark_css", "panel", "small", "whole"]
