"""The graph as SVG, by a template of our own: real text, a legend, and words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape as escape_html
from typing import TYPE_CHECKING

from engine.graph.card import BADGE, INSET, LEADING, PAD, SIZE, SMALL, SMALL_LEADING, Card, number, outline
from engine.graph.fonts import width, wrap
from engine.graph.layout import Layout, layout
from engine.graph.parts import EDGES, KINDS, describe
from engine.graph.style import STROKES, css

if TYPE_CHECKING:
    from engine.graph.parts import Graph

MARGIN = 20.0
LEAST_WIDTH = 640.0
TITLE = 16.0
STATE_WORDS = {
    "holds": ("solid border", "holds"),
    "absent": ("dashed border and the word “not”", "does not hold, and matters for that"),
    "open": ("dotted border", "open, or true in one example only"),
    "defeated": ("struck border", "defeated by an exception"),
}
EDGE_WORDS = {
    "solid": ("concludes", "leads to"),
    "thin": ("reads", "is read or compared"),
    "quotes": ("quotes", "the words it rests on"),
    "chosen_over": ("chosen_over", "looked at first; does not hold"),
    "defeats": ("defeats", "stands against"),
    "would_decide": ("would_decide", "would decide, in this example"),
    "opens": ("opens", "leaves open"),
}
EDGE_GROUP = {"concludes": "solid", "decides": "solid", "reads": "thin", "compares": "thin", "advises": "thin", "warns": "thin", "splits": "opens"}


def esc(text: str) -> str:
    return escape_html(text, quote=True)


@dataclass(frozen=True)
class Drawing:
    """The parts of a picture. `interactive` cards can be chosen with mouse and keyboard (in the HTML)."""

    graph: Graph
    placed: Layout
    interactive: bool = False

    @property
    def ids(self) -> dict[str, str]:
        return {node: f"n{position}" for position, node in enumerate(self.graph)}

    def cards(self, dx: float, dy: float) -> Iterable[str]:
        ids = self.ids
        for node, attributes in reading_order(self.graph, self.placed):
            x, y = self.placed.places[node]
            one = self.placed.cards[node]
            more = f' tabindex="0" role="button" aria-pressed="false" aria-label="{esc(describe(attributes))}"' if self.interactive else ""
            change = f" c-{attributes['change']}" if attributes.get("change", "same") != "same" else ""
            yield (f'<g class="node k-{one.kind} s-{one.state}{change}" id="{ids[node]}"{more}>'
                   + ("" if self.interactive else f"<title>{esc(describe(attributes))}</title>")
                   + drawn(one, x - one.width / 2 + dx, y - one.height / 2 + dy) + "</g>")

    def edges(self, dx: float, dy: float) -> Iterable[str]:
        ids = self.ids
        for (cause, consequence), curve in self.placed.curves.items():
            kind = self.graph.edges[cause, consequence]["kind"]
            points = [f"{number(x + dx)} {number(y + dy)}" for x, y in curve]
            path = f"M{points[0]} " + " ".join(f"C{', '.join(points[i : i + 3])}" for i in range(1, len(points) - 2, 3))
            words = f"{self.graph.nodes[cause]['label']} {EDGES.get(kind, kind)} {self.graph.nodes[consequence]['label']}"
            data = f' data-from="{ids[cause]}" data-to="{ids[consequence]}"' if self.interactive else f"><title>{esc(words)}</title></path"
            marker = STROKES.get(kind, STROKES["reads"])[2]
            yield f'<path class="edge e-{kind}" marker-end="url(#m-{marker})" d="{path}"{data}{"/" if self.interactive else ""}>'


def reading_order(graph: Graph, placed: Layout) -> list[tuple[str, dict[str, object]]]:
    """Nodes from left to right and top to bottom, as they are read aloud."""
    return sorted(graph.nodes(data=True), key=lambda entry: (round(placed.places[entry[0]][0] / 60), placed.places[entry[0]][1]))


def drawn(one: Card, x: float, y: float) -> str:
    """The shapes and the text of a card."""
    w, h = one.width, one.height
    parts = [f'<path class="shape" d="{outline(one.kind, x, y, w, h)}"/>']
    if one.kind == "decision":
        parts.append(f'<path class="inner" d="{outline(one.kind, x + 3, y + 3, w - 6, h - 6)}"/>')
    if one.kind == "threshold":
        parts.append(f'<path class="strike" d="M{number(x)} {number(y + h - 2)} H{number(x + w)}" stroke-width="4"/>')
    if one.kind == "action":
        parts.append(f'<path class="strike" d="M{number(x + 3)} {number(y)} V{number(y + h)}" stroke-width="5"/>')
    if one.state == "defeated":
        parts.append("".join(f'<path class="strike" d="M{number(at - 6)} {number(y + h / 2 + 7)} l12 -14 m-12 4 l12 -14"/>' for at in (x, x + w)))
    left, top = x + one.left, y + PAD + (2 if one.kind == "decision" else 0)
    parts.append(f'<rect class="badge" x="{number(left)}" y="{number(top - 1)}" width="{number(BADGE)}" height="{number(BADGE)}" rx="3"/>')
    parts.append(f'<text class="letter" x="{number(left + BADGE / 2)}" y="{number(top + 10.4)}" font-size="10.5" text-anchor="middle">{esc(one.letter)}</text>')
    for position, line in enumerate(one.heading):
        parts.append(f'<text class="small strong" x="{number(left + BADGE + 5)}" y="{number(top + 10 + SMALL_LEADING * position)}" font-size="{SMALL}">{esc(line)}</text>')
    top += max(BADGE, SMALL_LEADING * len(one.heading)) + (4 if len(one.heading) == 1 else 6)
    for position, text in enumerate(one.lines):
        strong = ' class="strong"' if text.bold else ""
        parts.append(f'<text{strong} x="{number(left)}" y="{number(top + 10.5 + LEADING * position)}" font-size="{number(SIZE)}">{esc(text.text)}</text>')
    return "".join(parts)


def markers() -> str:
    return (
        '<defs><marker id="m-arrow" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" refX="7.5" refY="4" orient="auto">'
        '<path class="arrow" d="M0 0.6 L8 4 L0 7.4 Z"/></marker>'
        '<marker id="m-bar" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="14" refX="4" refY="7" orient="auto">'
        '<path class="bar" d="M3 1.5 V12.5"/></marker></defs>'
    )


def title_lines(graph: Graph, room: float) -> tuple[list[str], list[str]]:
    """The heading and the line below it."""
    title = str(graph.graph.get("title", "")) or "Explanation"
    how = "Read from left to right: what is known, what the rules make of it, the decision."
    if graph.graph.get("view") == "difference":
        how = "Before and after: NEW came in, GONE fell away, CHANGED reads otherwise now."
    return wrap(title, TITLE, room, True)[:4], wrap(how, SIZE, room)


def picture(graph: Graph, interactive: bool = False, placed: Layout | None = None) -> str:
    """The whole picture as an SVG element."""
    placed = placed or layout(graph)
    drawing = Drawing(graph, placed, interactive)
    wide = max(placed.width + 2 * MARGIN, LEAST_WIDTH)
    heads, hows = title_lines(graph, wide - 2 * MARGIN)
    top = MARGIN + (0 if interactive else 20 * len(heads) + 17 * len(hows) + 16)
    dx, dy = (wide - placed.width) / 2, top
    legend, legend_height = _legend(graph, wide - 2 * MARGIN, MARGIN, top + placed.height + 22)
    high = top + placed.height + 22 + legend_height + MARGIN
    parts = []
    if not interactive:
        parts += [f'<text class="strong" x="{number(MARGIN)}" y="{number(MARGIN + 14 + 20 * i)}" font-size="{number(TITLE)}">{esc(line)}</text>' for i, line in enumerate(heads)]
        parts += [f'<text class="small" x="{number(MARGIN)}" y="{number(MARGIN + 14 + 20 * len(heads) + 17 * i)}" font-size="{number(SIZE)}">{esc(line)}</text>' for i, line in enumerate(hows)]
    for x, y, w, h in placed.frames.values():
        parts.append(f'<rect class="frame" x="{number(x + dx)}" y="{number(y + dy)}" width="{number(w)}" height="{number(h)}" rx="8"/>')
    parts += drawing.edges(dx, dy)
    parts += drawing.cards(dx, dy)
    parts.append(legend)
    role = 'role="group"' if interactive else 'role="img"'
    size = f'viewBox="0 0 {number(wide)} {number(high)}" width="{number(wide)}" height="{number(high)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sv" {size} {role} aria-labelledby="sv-title sv-desc" lang="en">'
        f'<title id="sv-title">{esc(" ".join(heads))}</title><desc id="sv-desc">{esc(summary(graph))}</desc>'
        f"<style>{css()}</style>{markers()}<rect class=\"paper\" width=\"100%\" height=\"100%\"/>{''.join(parts)}</svg>"
    )


def summary(graph: Graph) -> str:
    """The graph in a few sentences."""
    decision = next(a for _, a in graph.nodes(data=True) if a["kind"] == "decision")
    counts = {kind: sum(a["kind"] == kind for _, a in graph.nodes(data=True)) for kind in KINDS}
    named = ", ".join(f"{count} {KINDS[kind].word.lower()}{'s' if count > 1 else ''}" for kind, count in counts.items() if count and kind != "decision")
    return f"{decision['label']}. {decision.get('text', '')} The graph shows how the rule book came to this: {named}, and the decision."


# --- the legend -----------------------------------------------------------------------------------------------------------
def _legend(graph: Graph, room: float, x: float, y: float) -> tuple[str, float]:
    """What the shapes, borders and lines mean, of those that occur; and how high it is."""
    kinds = [k for k in KINDS if any(a["kind"] == k for _, a in graph.nodes(data=True))]
    states = [s for s in STATE_WORDS if any(a.get("state") == s for _, a in graph.nodes(data=True))]
    edges = list(dict.fromkeys(EDGE_GROUP.get(k, k) for _, _, k in graph.edges(data="kind")))
    entries = [(_swatch(kind), f"{KINDS[kind].word}: {KINDS[kind].about}") for kind in kinds]
    entries += [(_border(state), f"{STATE_WORDS[state][0]}: {STATE_WORDS[state][1]}") for state in states]
    entries += [(_stroke(EDGE_WORDS[e][0]), EDGE_WORDS[e][1]) for e in EDGE_WORDS if e in edges]
    quoted = any(a.get("quote") for _, a in graph.nodes(data=True))
    credit = str(graph.graph.get("attribution", "")) if quoted else ""
    columns = max(1, int(room // 310))
    each = room / columns
    parts = [f'<path class="edge" d="M{number(x)} {number(y)} H{number(x + room)}" stroke-width="0.8"/>']
    heights = [0.0] * columns
    rows = -(-len(entries) // columns)
    for position, (swatch, words) in enumerate(entries):
        column = position // rows
        top = y + 12 + heights[column]
        lines = wrap(words, 10.5, each - 58)
        parts.append(f'<g transform="translate({number(x + column * each)} {number(top)})">{swatch}'
                     + "".join(f'<text class="small" x="46" y="{number(12 + 13 * i)}" font-size="10.5">{esc(line)}</text>' for i, line in enumerate(lines)) + "</g>")
        heights[column] += max(23.0, 13.0 * len(lines) + 9)
    below = 12 + max(heights)
    for i, line in enumerate(wrap(credit, 9.5, room) if credit else []):
        parts.append(f'<text class="small" x="{number(x)}" y="{number(y + below + 12 + 12 * i)}" font-size="9.5">{esc(line)}</text>')
    below += 12 * len(wrap(credit, 9.5, room)) + 8 if credit else 0
    return f'<g class="legend">{"".join(parts)}</g>', below


def _swatch(kind: str) -> str:
    inner = f'<path class="inner" d="{outline(kind, 2, 2, 34, 14)}"/>' if kind == "decision" else ""
    line = '<path class="strike" d="M0 16.5 H38" stroke-width="3"/>' if kind == "threshold" else ""
    line = '<path class="strike" d="M2 0 V18" stroke-width="4"/>' if kind == "action" else line
    left = 12 + INSET.get(kind, (0, 0))[0] / 4
    return (f'<g class="k-{kind} s-holds"><path class="shape" d="{outline(kind, 0, 0, 38, 18)}"/>{inner}{line}<rect class="badge" x="{number(left)}" y="2.5" width="13" height="13" rx="3"/>'
            f'<text class="letter" x="{number(left + 6.5)}" y="12.6" font-size="9.5" text-anchor="middle">{KINDS[kind].letter}</text></g>')


def _border(state: str) -> str:
    strike = '<path class="strike" d="M-3 15 l9 -11 m26 11 l9 -11"/>' if state == "defeated" else ""
    return f'<g class="k-rule s-{state}"><path class="shape" d="{outline("fact", 1, 1, 36, 16)}"/>{strike}</g>'


def _stroke(kind: str) -> str:
    return f'<path class="edge e-{kind}" d="M0 9 H36" marker-end="url(#m-{STROKES[kind][2]})"/>'


def fits(one: Card) -> bool:
    """Whether every line of a card is narrower than the card; the tests ask."""
    return all(width(line.text, SIZE, line.bold) + one.left <= one.width - 4 for line in one.lines)
