"""The graph as SVG, by a template of our own: real text, a legend, and words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.graph.card import (
    BADGE,
    LEADING,
    PAD,
    SIZE,
    SMALL,
    SMALL_LEADING,
    Card,
    number,
    outline,
)
from sharedvalue.engine.graph.fonts import wrap
from sharedvalue.engine.graph.ink import badge, esc, path, text
from sharedvalue.engine.graph.layout import Layout, Point, layout
from sharedvalue.engine.graph.legend import legend
from sharedvalue.engine.graph.parts import EDGES, KINDS, describe, of_nodes, short
from sharedvalue.engine.graph.signs import placed
from sharedvalue.engine.graph.style import STROKES, css

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

MARGIN = 20.0
LEAST_WIDTH = 640.0
TITLE = 16.0
HOW = "Read from left to right: what is known, what the rules make of it, the decision."
HOW_DIFFERENCE = "Before and after: NEW came in, GONE fell away, CHANGED reads otherwise now."
ARROW = (
    '<marker id="m-arrow" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" refX="7.5" refY="4" '
    'orient="auto"><path class="arrow" d="M0 0.6 L8 4 L0 7.4 Z"/></marker>'
)
BAR = (
    '<marker id="m-bar" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="14" refX="4" refY="7" '
    'orient="auto"><path class="bar" d="M3 1.5 V12.5"/></marker>'
)


@dataclass(frozen=True)
class Drawing:
    """The parts of a picture, moved into place. `interactive` cards can be chosen (in the HTML)."""

    graph: Graph
    placed: Layout
    dx: float
    dy: float
    interactive: bool

    @property
    def ids(self) -> dict[str, str]:
        return {node: f"n{position}" for position, node in enumerate(self.graph)}

    def frames(self) -> Iterable[str]:
        n = number
        for x, y, w, h in self.placed.frames.values():
            place = f'x="{n(x + self.dx)}" y="{n(y + self.dy)}" width="{n(w)}" height="{n(h)}"'
            yield f'<rect class="frame" {place} rx="8"/>'

    def cards(self) -> Iterable[str]:
        ids = self.ids
        for node, attributes in reading_order(self.graph, self.placed):
            x, y = self.placed.places[node]
            one = self.placed.cards[node]
            change = attributes.get("change", "same")
            style = f"node k-{one.kind} s-{one.state}" + (f" c-{change}" if change != "same" else "")
            if "colour" in attributes:
                firm = " firm" if attributes.get("firm") else " proposal" if one.kind == "decision" else ""
                style += f" o-{attributes['colour']}{firm}"
            words = esc(describe(attributes))
            told = f"<title>{words}</title>"
            more = ""
            if self.interactive:
                told = ""
                more = f' tabindex="0" role="button" aria-pressed="false" aria-label="{words}"'
            card = drawn(one, x - one.width / 2 + self.dx, y - one.height / 2 + self.dy)
            yield f'<g class="{style}" id="{ids[node]}"{more}>{told}{card}</g>'

    def edges(self) -> Iterable[str]:
        ids = self.ids
        for (cause, consequence), curve in self.placed.curves.items():
            kind = self.graph.edges[cause, consequence]["kind"]
            marker = STROKES.get(kind, STROKES["reads"])[2]
            change = self.graph.edges[cause, consequence].get("change", "same")
            style = f"edge e-{kind}" + (f" x-{change}" if change != "same" else "")
            start = f'<path class="{style}" marker-end="url(#m-{marker})" d="{self.curve(curve)}"'
            if self.interactive:
                yield f'{start} data-from="{ids[cause]}" data-to="{ids[consequence]}"/>'
            else:
                labels = (self.graph.nodes[n]["label"] for n in (cause, consequence))
                yield f"{start}><title>{esc(f' {EDGES.get(kind, kind)} '.join(labels))}</title></path>"

    def curve(self, curve: tuple[Point, ...]) -> str:
        points = [f"{number(x + self.dx)} {number(y + self.dy)}" for x, y in curve]
        pieces = (f"C{', '.join(points[i : i + 3])}" for i in range(1, len(points) - 2, 3))
        return f"M{points[0]} {' '.join(pieces)}"


def reading_order(graph: Graph, placed: Layout) -> list[tuple[str, dict[str, Any]]]:
    """Nodes from left to right and top to bottom, as they are read aloud."""
    nodes: list[tuple[str, dict[str, Any]]] = [(n, graph.nodes[n]) for n in graph]
    return sorted(
        nodes, key=lambda entry: (round(placed.places[entry[0]][0] / 60), placed.places[entry[0]][1])
    )


def drawn(one: Card, x: float, y: float) -> str:
    """The shapes and the text of a card."""
    n, w, h = number, one.width, one.height
    parts = [path("shape", outline(one.kind, x, y, w, h))]
    if one.kind == "decision":
        parts.append(path("inner", outline(one.kind, x + 3, y + 3, w - 6, h - 6)))
    if one.kind == "threshold":
        parts.append(path("strike", f"M{n(x)} {n(y + h - 2)} h{n(w)}", 4))
    if one.kind == "action":
        parts.append(path("strike", f"M{n(x + 3)} {n(y)} v{n(h)}", 5))
    if one.state == "defeated":
        for ax, ay in ((x + w - 24, y), (x + 24, y + h)):
            parts.append(path("strike", f"M{n(ax - 8)} {n(ay + 6)} l10 -12 m-4 12 l10 -12"))
    left, top = x + one.left, y + PAD + (2 if one.kind == "decision" else 0)
    parts.append(badge("" if one.sign else one.letter, left, top - 1, BADGE))
    if one.sign:
        parts.append(placed(one.sign, left + 2.5, top + 1.5, BADGE - 5))
    for i, line in enumerate(one.heading):
        parts.append(text(line, left + BADGE + 5, top + 10 + SMALL_LEADING * i, SMALL, "small strong"))
    top += one.head
    for i, label in enumerate(one.lines):
        parts.append(text(label.text, left, top + 10.5 + LEADING * i, SIZE, "strong" if label.bold else ""))
    return "".join(parts)


def picture(graph: Graph, interactive: bool = False, placed: Layout | None = None) -> str:
    """The whole picture as an SVG element."""
    placed = placed or layout(graph)
    wide = max(placed.width + 2 * MARGIN, LEAST_WIDTH)
    room = wide - 2 * MARGIN
    title = wrap(short(str(graph.graph.get("title", "")), 200) or "Explanation", TITLE, room, True)
    how = wrap(HOW_DIFFERENCE if graph.graph.get("view") == "difference" else HOW, SIZE, room)
    parts: list[str] = []
    top = MARGIN
    if not interactive:  # the page has its own heading
        parts += [text(line, MARGIN, top + 14 + 20 * i, TITLE, "strong") for i, line in enumerate(title)]
        top += 20 * len(title)
        parts += [text(line, MARGIN, top + 14 + 17 * i, SIZE, "small") for i, line in enumerate(how)]
        top += 17 * len(how) + 16
    below, legend_height = legend(graph, room, MARGIN, top + placed.height + 22)
    drawing = Drawing(graph, placed, (wide - placed.width) / 2, top, interactive)
    parts += [*drawing.frames(), *drawing.edges(), *drawing.cards(), below]
    high = top + placed.height + 22 + legend_height + MARGIN
    n = number
    size = f'viewBox="0 0 {n(wide)} {n(high)}" width="{n(wide)}" height="{n(high)}"'
    role = "group" if interactive else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sv" {size} role="{role}" '
        f'aria-labelledby="sv-title sv-desc" lang="en">'
        f'<title id="sv-title">{esc(" ".join(title))}</title><desc id="sv-desc">{esc(summary(graph))}</desc>'
        f"<style>{css()}</style><defs>{ARROW}{BAR}</defs>"
        f'<rect class="paper" width="100%" height="100%"/>{"".join(parts)}</svg>'
    )


def summary(graph: Graph) -> str:
    """The graph in a few sentences."""
    decision = next(a for _, a in graph.nodes(data=True) if a["kind"] == "decision")
    kinds = [kind for _, kind in of_nodes(graph, "kind") if kind != "decision"]
    counted = {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
    named = ", ".join(f"{KINDS[kind].word.lower()}: {count}" for kind, count in counted.items())
    return f"{decision['label']}. {decision.get('text', '')} The graph shows how the rule book came to this. {named}."
