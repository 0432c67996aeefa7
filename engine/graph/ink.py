"""Small pieces of SVG: escaped text, paths and badges, so that the templates stay readable."""

from __future__ import annotations

from html import escape

from sharedvalue.engine.graph.card import number


def esc(words: str) -> str:
    return escape(words, quote=True)


def text(words: str, x: float, y: float, size: float, style: str = "", anchor: str = "") -> str:
    """One line of text."""
    kind = f' class="{style}"' if style else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return (
        f'<text{kind} x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{where}>{esc(words)}</text>'
    )


def path(style: str, d: str, stroke: float | None = None) -> str:
    width = f' stroke-width="{number(stroke)}"' if stroke is not None else ""
    return f'<path class="{style}" d="{d}"{width}/>'


def badge(letter: str, x: float, y: float, side: float) -> str:
    """The square with the letter of a kind."""
    n = number
    square = f'<rect class="badge" x="{n(x)}" y="{n(y)}" width="{n(side)}" height="{n(side)}" rx="3"/>'
    size = side * 0.7
    return (
        square
        if not letter
        else square + text(letter, x + side / 2, y + side / 2 + size * 0.37, size, "letter", "middle")
    )


def group(content: str, style: str, x: float | None = None, y: float = 0.0) -> str:
    moved = f' transform="translate({number(x)} {number(y)})"' if x is not None else ""
    return f'<g class="{style}"{moved}>{content}</g>'
