"""The colours and patterns of a map: a colour an outcome, a pattern a region, so that no colour is needed to tell them apart."""

from __future__ import annotations

from sharedvalue.engine.graph.fonts import FAMILY
from sharedvalue.engine.graph.style import INK, LINE, PAPER, QUIET

# (fill, line) of each hue, light and dark; tints of the palette of Okabe and Ito, which the colour-blind can tell apart
LIGHT = (
    ("#d3e8f6", "#0a5f96"),
    ("#cdebdd", "#00694b"),
    ("#fbdcb8", "#97470a"),
    ("#fbf1b8", "#6f5d00"),
    ("#f1d3e4", "#8c3f70"),
    ("#e3e5e8", "#3c4046"),
)
DARK = (
    ("#14374f", "#7cc0ee"),
    ("#10402f", "#62cfa8"),
    ("#4a2c10", "#f0ac6b"),
    ("#3f380c", "#e3cf5c"),
    ("#45233a", "#e7a3cb"),
    ("#2c3036", "#c3c8ce"),
)
# what is drawn on the fill of a tile of 12 by 12
PATTERNS = (
    "",
    "M-2 14 L14 -2 M-2 2 L2 -2 M10 14 L14 10",
    "M3 3 h.01 M9 9 h.01",
    "M0 6 H12",
    "M-2 -2 L14 14 M10 -2 L14 2 M-2 10 L2 14",
    "M6 0 V12",
    "M0 6 H12 M6 0 V12",
)
DOTS = 2


def pattern_of(number: int) -> int:
    return number % len(PATTERNS)


def css() -> str:
    """Light, with plain selectors that every renderer follows."""
    rules = [
        f".map text {{ font-family: {FAMILY}; fill: {INK}; }}",
        ".map .strong { font-weight: bold; }",
        f".map .small {{ fill: {QUIET}; }}",
        f".map .paper, .map .plate {{ fill: {PAPER}; }}",
        ".map .plate { opacity: 0.9; }",
        f".map .axis {{ stroke: {LINE}; stroke-width: 1; fill: none; }}",
        f".map .border {{ stroke: {INK}; stroke-width: 2; fill: none; stroke-linecap: square; }}",
        f".map .leader {{ stroke: {INK}; stroke-width: 1; fill: none; }}",
        f".map .badge {{ fill: {INK}; }}",
        f".map .letter {{ fill: {PAPER}; font-weight: bold; }}",
        f".map .here {{ stroke: {PAPER}; stroke-width: 6; fill: none; }}",
        f".map .here-in {{ stroke: {INK}; stroke-width: 2.6; fill: none; }}",
        f".map .cursor {{ stroke: {INK}; stroke-width: 1; stroke-dasharray: 3 3; fill: none; }}",
        f".map .cannot {{ stroke: {QUIET}; stroke-width: 1.6; fill: none; }}",
        f".map .tile-cannot {{ fill: {PAPER}; }}",
        ".map .pattern { stroke-width: 1.1; fill: none; stroke-linecap: round; opacity: 0.55; }",
        ".map .dots { stroke-width: 2.4; }",
    ]
    for hue, (fill, line) in enumerate(LIGHT):
        rules += [f".map .h{hue} {{ fill: {fill}; }}", f".map .l{hue} {{ stroke: {line}; }}"]
    return "\n".join(rules)


def dark_css() -> str:
    """What a dark page changes."""
    rules = [
        "html .map text { fill: #eef1f4; }",
        "html .map .small { fill: #bfc6ce; }",
        "html .map .paper, html .map .plate, html .map .tile-cannot { fill: #16191d; }",
        "html .map .axis { stroke: #9aa3ad; }",
        "html .map .border, html .map .leader, html .map .here-in, html .map .cursor { stroke: #eef1f4; }",
        "html .map .badge { fill: #eef1f4; }",
        "html .map .letter { fill: #16191d; }",
        "html .map .here { stroke: #16191d; }",
        "html .map .cannot { stroke: #bfc6ce; }",
    ]
    for hue, (fill, line) in enumerate(DARK):
        rules += [f"html .map .h{hue} {{ fill: {fill}; }}", f"html .map .l{hue} {{ stroke: {line}; }}"]
    return "\n".join(rules)
