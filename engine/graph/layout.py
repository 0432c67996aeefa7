"""Where everything stands: by Graphviz, from its wheel, else by plain layers of our own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx

from sharedvalue.engine.graph.card import Card, card
from sharedvalue.engine.graph.parts import of_edges, of_nodes

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

Point = tuple[float, float]
POINTS_PER_INCH = 72.0
BETWEEN_RANKS, BETWEEN_NODES = 38.0, 13.0
PROGRAM = "graphviz-pure"  # the one of the wheel
SECONDS = 30
FRAME = 9.0  # around a branch


@dataclass(frozen=True)
class Layout:
    """The middle of each card, the curve of each edge (cubic: start, then three points a piece), and the whole size.

    `by` says what placed them: 'graphviz-pure' (the wheel) or 'layers' (it was not there).
    """

    cards: Mapping[str, Card]
    places: Mapping[str, Point]
    curves: Mapping[tuple[str, str], tuple[Point, ...]]
    frames: Mapping[str, tuple[float, float, float, float]]
    width: float
    height: float
    by: str


def layout(graph: Graph) -> Layout:
    """Places a graph from left to right."""
    cards = {node: card(attributes) for node, attributes in graph.nodes(data=True)}
    names = {node: f"n{position}" for position, node in enumerate(graph)}
    asked = _dot(graph, cards, names)
    program = _program()
    plain = None if program is None else _run(program, asked)
    if plain is None:
        return _by_layers(graph, cards)
    return _read(plain, cards, {short: node for node, short in names.items()}, graph, PROGRAM)


def _branches(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node, branch in of_nodes(graph, "branch"):
        if branch:
            found.setdefault(branch, []).append(node)
    return found


def _dot(graph: Graph, cards: Mapping[str, Card], names: Mapping[str, str]) -> str:
    """What Graphviz is asked: sizes and edges only, no text of any case."""
    inch = POINTS_PER_INCH
    lines = [
        "digraph g {",
        f"rankdir=LR; splines=true; nodesep={BETWEEN_NODES / inch:.3f}; ranksep={BETWEEN_RANKS / inch:.3f};",
    ]
    if len(graph) > 300:
        lines.append("nslimit=4; nslimit1=4; mclimit=0.5; splines=polyline;")
    lines.append('node [shape=box, fixedsize=true, label=""]; edge [dir=none, headport=w, tailport=e];')
    lines += [
        f"{names[n]} [width={c.width / inch:.4f}, height={c.height / inch:.4f}];" for n, c in cards.items()
    ]
    for position, nodes in enumerate(_branches(graph).values()):
        lines.append(
            f"subgraph cluster_{position} {{ margin={FRAME + 2}; {'; '.join(names[n] for n in nodes)}; }}"
        )
    for cause, consequence, kind in of_edges(graph):
        weight = {"decides": 6, "concludes": 3, "would_decide": 4, "splits": 5, "chosen_over": 3}.get(kind, 1)
        lines.append(f"{names[cause]} -> {names[consequence]} [weight={weight}];")
    return "\n".join([*lines, "}"])


def _program() -> str | None:
    """The program that the wheel brought, wherever it was installed; whatever else is called so on the path is not run."""
    try:
        files = distribution(PROGRAM).files or ()
    except PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.stem == PROGRAM)
    return next((str(path) for path in found if path.is_file()), None)


def _run(program: str, asked: str) -> str | None:
    """What Graphviz answers; nothing when it fails or takes too long."""
    try:
        done = subprocess.run(
            [program, "-Kdot", "-Tplain"],
            input=asked,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.stdout.startswith("graph") else None


def _read(plain: str, cards: Mapping[str, Card], nodes: Mapping[str, str], graph: Graph, by: str) -> Layout:
    """Graphviz' plain text: inches, the y axis upwards."""
    places: dict[str, Point] = {}
    curves: dict[tuple[str, str], tuple[Point, ...]] = {}
    width = height = 0.0
    for line in plain.replace("\\\n", "").splitlines():
        words = line.split()
        if words[:1] == ["graph"]:
            width, height = float(words[2]) * POINTS_PER_INCH, float(words[3]) * POINTS_PER_INCH
        elif words[:1] == ["node"]:
            places[nodes[words[1]]] = (
                float(words[2]) * POINTS_PER_INCH,
                height - float(words[3]) * POINTS_PER_INCH,
            )
        elif words[:1] == ["edge"]:
            count = int(words[3])
            numbers = [float(word) * POINTS_PER_INCH for word in words[4 : 4 + 2 * count]]
            curves[nodes[words[1]], nodes[words[2]]] = tuple(
                (x, height - y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
            )
    return Layout(
        cards, places, _spread(cards, places, curves), _frames(graph, cards, places), width, height, by
    )


def _spread(
    cards: Mapping[str, Card],
    places: Mapping[str, Point],
    curves: Mapping[tuple[str, str], tuple[Point, ...]],
) -> dict[tuple[str, str], tuple[Point, ...]]:
    """The same curves, arriving one below the other in their order; between neighbours a plain bend."""
    columns: dict[int, tuple[float, float]] = {}
    for node, (x, _) in places.items():
        half = cards[node].width / 2
        left, right = columns.get(round(x), (x - half, x + half))
        columns[round(x)] = (min(left, x - half), max(right, x + half))
    ordered = sorted(columns)
    arriving: dict[str, list[tuple[str, str]]] = {}
    for cause, consequence in curves:
        arriving.setdefault(consequence, []).append((cause, consequence))
    found = {}
    for node, edges in arriving.items():
        edges.sort(key=lambda edge: curves[edge][-3][1] if len(curves[edge]) > 4 else places[edge[0]][1])
        x, y = places[node]
        one = cards[node]
        step = min(11.0, (one.height - 18) / max(1, len(edges) - 1))
        for position, edge in enumerate(edges):
            end = (x - one.width / 2, y + (position - (len(edges) - 1) / 2) * step)
            cause = edge[0]
            start = (places[cause][0] + cards[cause].width / 2, places[cause][1])
            neighbours = ordered.index(round(x)) - ordered.index(round(places[cause][0])) == 1
            if neighbours:
                found[edge] = _bend(start, columns[round(places[cause][0])][1], columns[round(x)][0], end)
            else:
                shift = end[1] - curves[edge][-1][1]
                x3, y3 = curves[edge][-2]
                found[edge] = (*curves[edge][:-2], (min(x3, end[0] - 14), y3 + shift), end)
    return found


def _bend(start: Point, leave: float, arrive: float, end: Point) -> tuple[Point, ...]:
    """Straight out of the column, one bend, and straight in."""
    middle = (leave + arrive) / 2
    y1, y2 = start[1], end[1]
    return (
        start,
        start,
        (leave, y1),
        (leave, y1),
        (middle, y1),
        (middle, y2),
        (arrive, y2),
        (arrive, y2),
        end,
        end,
    )


def _frames(
    graph: Graph, cards: Mapping[str, Card], places: Mapping[str, Point]
) -> dict[str, tuple[float, float, float, float]]:
    """The box around each branch: x, y, width, height."""
    found = {}
    for branch, nodes in _branches(graph).items():
        left = min(places[n][0] - cards[n].width / 2 for n in nodes) - FRAME
        right = max(places[n][0] + cards[n].width / 2 for n in nodes) + FRAME
        top = min(places[n][1] - cards[n].height / 2 for n in nodes) - FRAME
        bottom = max(places[n][1] + cards[n].height / 2 for n in nodes) + FRAME
        found[branch] = (left, top, right - left, bottom - top)
    return found


# --- without Graphviz -----------------------------------------------------------------------------
def _by_layers(graph: Graph, cards: Mapping[str, Card]) -> Layout:
    """Columns by the longest way to the end; in a column, by the middle of what a node leads to."""
    column: dict[str, int] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        column[node] = max((column[n] + 1 for n in graph.successors(node)), default=0)
    columns: dict[int, list[str]] = {}
    for node, position in column.items():
        columns.setdefault(position, []).append(node)
    order: dict[str, float] = {}
    places: dict[str, Point] = {}
    x = 0.0
    for position in sorted(columns):  # from the decision leftwards
        nodes = columns[position]
        middle = {n: _mean([order[s] for s in graph.successors(n)]) for n in nodes}
        nodes.sort(key=lambda n: (graph.nodes[n].get("branch", ""), middle[n]))
        wide = max(cards[n].width for n in nodes)
        total = sum(cards[n].height + BETWEEN_NODES + FRAME for n in nodes)
        y = -total / 2
        for node in nodes:
            places[node] = (x - wide / 2, y + cards[node].height / 2)
            order[node] = places[node][1]
            y += cards[node].height + BETWEEN_NODES + FRAME
        x -= wide + 2 * BETWEEN_RANKS
    left = min(places[n][0] - cards[n].width / 2 for n in places) - FRAME
    top = min(places[n][1] - cards[n].height / 2 for n in places) - FRAME
    places = {n: (px - left, py - top) for n, (px, py) in places.items()}
    width = max(places[n][0] + cards[n].width / 2 for n in places) + FRAME
    height = max(places[n][1] + cards[n].height / 2 for n in places) + FRAME
    curves = {(a, b): _curve(cards, places, a, b) for a, b in graph.edges}
    return Layout(cards, places, curves, {}, width, height, "layers")  # frames might overlap here


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _curve(
    cards: Mapping[str, Card], places: Mapping[str, Point], cause: str, consequence: str
) -> tuple[Point, ...]:
    x1, y1 = places[cause][0] + cards[cause].width / 2, places[cause][1]
    x2, y2 = places[consequence][0] - cards[consequence].width / 2, places[consequence][1]
    bend = max(20.0, (x2 - x1) / 2)
    return ((x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))
