"""The colours and patterns of a map: a colour and a sign an outcome, a pattern a region, so that no colour is needed to tell them apart."""

from __future__ import annotations

from sharedvalue.engine.graph.fonts import FAMILY
from sharedvalue.engine.graph.palette import DARK, LIGHT, Tones

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


def css(tones: Tones = LIGHT, root: str = "") -> str:
    """The style of a map, with plain selectors that every renderer follows."""
    rules = [
        f".map text {{ font-family: {FAMILY}; fill: {tones.ink}; }}",
        ".map .strong { font-weight: bold; }",
        f".map .small {{ fill: {tones.quiet}; }}",
        f".map .paper, .map .plate, .map .tile-cannot {{ fill: {tones.paper}; }}",
        ".map .plate { opacity: 0.92; }",
        f".map .axis {{ stroke: {tones.edge}; stroke-width: 1; fill: none; }}",
        f".map .swatch {{ stroke: {tones.edge}; stroke-width: 1; }}",
        f".map .border {{ stroke: {tones.ink}; stroke-width: 2; fill: none; stroke-linecap: square; }}",
        f".map .leader {{ stroke: {tones.ink}; stroke-width: 1; fill: none; }}",
        f".map .badge {{ fill: {tones.ink}; }}",
        f".map .letter {{ fill: {tones.paper}; font-weight: bold; }}",
        f".map .here {{ stroke: {tones.paper}; stroke-width: 6; fill: none; }}",
        f".map .here-in {{ stroke: {tones.ink}; stroke-width: 2.6; fill: none; }}",
        f".map .cursor {{ stroke: {tones.ink}; stroke-width: 1; stroke-dasharray: 3 3; fill: none; }}",
        f".map .cannot {{ stroke: {tones.quiet}; stroke-width: 1.6; fill: none; }}",
        ".map .pattern { stroke-width: 1.1; fill: none; stroke-linecap: round; opacity: 0.5; }",
        ".map .dots { stroke-width: 2.4; }",
        ".map .sign { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }",
    ]
    for name, (strong, _) in tones.colours.items():
        rules += [
            f".map .h-{name} {{ fill: {strong}; fill-opacity: 0.2; }}",
            f".map .l-{name} {{ stroke: {strong}; }}",
        ]
    return "\n".join(f"{root}{rule}" for rule in rules)


def dark_css() -> str:
    """What a dark page changes."""
    return css(DARK, "html ")
