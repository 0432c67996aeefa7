"""The legend: what the shapes, borders and lines mean, of those that occur in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharedvalue.engine.graph.card import INSET, outline
from sharedvalue.engine.graph.fonts import wrap
from sharedvalue.engine.graph.ink import badge, group, path, text
from sharedvalue.engine.graph.parts import KINDS, of_edges, of_nodes
from sharedvalue.engine.graph.style import STROKES

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

COLUMN, ROW = 310.0, 23.0
SIZE, SMALL = 10.5, 9.5
WAITS = " (dashed, as it is a proposal)"
STATES = {
    "holds": "solid border: holds",
    "absent": "dashed border and the word “not”: does not hold, and matters for that",
    "open": "dotted border: open, or true in one example only",
    "defeated": "struck border: defeated by an exception",
}
# What is drawn alike is told once: the kinds of edge, the one to draw, and the words.
LINES = (
    (("concludes", "decides"), "concludes", "leads to"),
    (("reads", "compares", "advises", "warns"), "reads", "is read or compared"),
    (("quotes",), "quotes", "the words it rests on"),
    (("chosen_over",), "chosen_over", "looked at first; does not hold"),
    (("defeats",), "defeats", "stands against"),
    (("would_conclude",), "would_conclude", "would lead to, but does not"),
    (("would_decide",), "would_decide", "would decide, in this example"),
    (("opens", "splits"), "opens", "leaves open"),
)


def legend(graph: Graph, room: float, x: float, y: float) -> tuple[str, float]:
    """The legend and its height."""
    entries = _entries(graph)
    columns = max(1, int(room // COLUMN))
    rows = -(-len(entries) // columns)
    each = room / columns
    parts = [path("edge", f"M{x:.1f} {y:.1f} h{room:.1f}", 0.8)]
    heights = [0.0] * columns
    for position, (sample, words) in enumerate(entries):
        column = position // rows
        lines = wrap(words, SIZE, each - 58)
        told = "".join(text(line, 46, 12 + 13 * i, SIZE, "small") for i, line in enumerate(lines))
        parts.append(group(sample + told, "entry", x + column * each, y + 12 + heights[column]))
        heights[column] += max(ROW, 13.0 * len(lines) + 9)
    below = 12 + max(heights)
    quoted = any(quote for _, quote in of_nodes(graph, "quote"))
    credit = wrap(str(graph.graph.get("attribution", "")), SMALL, room) if quoted else []
    parts += [text(line, x, y + below + 12 + 12 * i, SMALL, "small") for i, line in enumerate(credit)]
    return group("".join(parts), "legend"), below + (12 * len(credit) + 8 if credit else 0)


def _entries(graph: Graph) -> list[tuple[str, str]]:
    kinds = {kind for _, kind in of_nodes(graph, "kind")}
    states = {state for _, state in of_nodes(graph, "state")}
    edges = {kind for _, _, kind in of_edges(graph)}
    decided = [attributes for _, attributes in graph.nodes(data=True) if attributes["kind"] == "decision"]
    waits = bool(decided) and not decided[0].get("firm")
    found = [
        (_kind(kind, waits), f"{told.word}: {told.about}{WAITS if waits and kind == 'decision' else ''}")
        for kind, told in KINDS.items()
        if kind in kinds
    ]
    found += [(_state(state), words) for state, words in STATES.items() if state in states]
    found += [(_line(drawn), words) for alike, drawn, words in LINES if edges & set(alike)]
    return found


def _kind(kind: str, waits: bool = False) -> str:
    more = ""
    if kind == "decision":
        more = path("inner", outline(kind, 2, 2, 34, 14))
    if kind == "threshold":
        more = path("strike", "M0 16.5 H38", 3)
    if kind == "action":
        more = path("strike", "M2 0 V18", 4)
    letter = badge(KINDS[kind].letter, 12.5 + INSET.get(kind, (0, 0))[0] / 4, 2.5, 13)
    look = " proposal" if waits and kind == "decision" else ""
    return group(path("shape", outline(kind, 0, 0, 38, 18)) + more + letter, f"k-{kind} s-holds{look}")


def _state(state: str) -> str:
    struck = path("strike", "M4 22 l8 -10 m10 -6 l8 -10") if state == "defeated" else ""
    return group(path("shape", outline("fact", 1, 1, 36, 16)) + struck, f"k-rule s-{state}")


def _line(kind: str) -> str:
    return f'<path class="edge e-{kind}" d="M0 9 H36" marker-end="url(#m-{STROKES[kind][2]})"/>'
