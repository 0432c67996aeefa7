"""The explanation at a glance: one box a chapter with what it found, at most about ten, from top to bottom to the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import networkx as nx

from sharedvalue.engine.graph.card import number as n
from sharedvalue.engine.graph.fonts import wrap
from sharedvalue.engine.graph.ink import esc, path, text
from sharedvalue.engine.graph.parts import short
from sharedvalue.engine.graph.signs import placed

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

OTHERS, OPEN, DECISION = "others", "open", "decision"
TITLES = {OTHERS: "Looked at first", OPEN: "What is open", DECISION: "The decision"}
A_ROW, WIDE, GAP, BETWEEN, MARGIN = 3, 236.0, 24.0, 40.0, 10.0
SIZE, SMALL, LEADING, PAD = 14.0, 13.0, 17.0, 10.0
LINES, LETTERS = 3, 110


@dataclass
class Box:
    """What one chapter found. `nodes` are those of the graph that it stands for."""

    key: str
    title: str
    nodes: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    left_out: int = 0
    facts: int = 0


@dataclass(frozen=True)
class Drawn:
    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    high: float


def boxes(graph: Graph) -> tuple[list[Box], list[tuple[str, str]]]:
    """The boxes in the order of their chapters, and which lead to which."""
    home = homes(graph)
    chapters: Mapping[str, str] = graph.graph.get("chapters", {})
    order = [*chapters, OPEN, OTHERS, DECISION]
    found: dict[str, Box] = {}
    for node, attributes in graph.nodes(data=True):
        key = home[node]
        box = found.setdefault(key, Box(key, chapters.get(key, TITLES.get(key, key))))
        box.nodes.append(node)
        line = _line(attributes)
        if line and len(box.lines) < LINES:
            box.lines.append(line)
        elif line:
            box.left_out += 1
        elif attributes["kind"] in ("fact", "unknown", "measure"):
            box.facts += 1
    links: nx.DiGraph[str] = nx.DiGraph()
    links.add_nodes_from(found)
    for cause, consequence in graph.edges:
        one, other = home[cause], home[consequence]
        if order.index(one) < order.index(other):
            links.add_edge(one, other)
    reduced = nx.transitive_reduction(links)
    return sorted(found.values(), key=lambda box: order.index(box.key)), list(reduced.edges)


def homes(graph: Graph) -> dict[str, str]:
    """The box of every node: its chapter, or that of what it leads to."""
    found: dict[str, str] = {}
    chapters = graph.graph.get("chapters", {})
    for node in reversed(list(nx.topological_sort(graph))):
        attributes = graph.nodes[node]
        kind, letter = attributes["kind"], str(attributes.get("rule", ""))[:1]
        if kind == "decision":
            found[node] = DECISION
        elif kind == "fork" or attributes.get("branch"):
            found[node] = OPEN
        elif kind == "candidate" and attributes["state"] == "absent":
            found[node] = OTHERS
        elif letter in chapters:
            found[node] = letter
        else:
            after = next(iter(graph.successors(node)), None) or next(iter(graph.predecessors(node)), "")
            found[node] = found.get(after, OPEN)
    return found


def _line(attributes: Mapping[str, Any]) -> str:
    """What a node says in its box; facts are counted only, and quotes are left to the picture in full."""
    kind, state = attributes["kind"], attributes["state"]
    if kind == "decision":
        return str(attributes["label"])
    if kind in ("rule", "conclusion", "candidate", "fork"):
        said = (
            str(attributes.get("title") or attributes["label"])
            if state == "absent"
            else str(attributes["label"])
        )
        return short(
            f"Not: {said[:1].lower()}{said[1:]}" if state == "absent" and "title" in attributes else said,
            LETTERS,
        )
    return ""


def overview(graph: Graph) -> tuple[str, dict[str, list[str]]]:
    """The picture, interactive, and the nodes behind each box by its id."""
    found, links = boxes(graph)
    drawn, high = _placed(found, links)
    wide = A_ROW * WIDE + (A_ROW - 1) * GAP + 2 * MARGIN
    ids = {box.key: f"box-{place}" for place, box in enumerate(found)}
    parts = [*_links(links, drawn)]
    for box in found:
        parts += _box(box, drawn[box.key], ids[box.key], graph)
    size = f'viewBox="0 0 {n(wide)} {n(high)}" width="{n(wide)}" height="{n(high)}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sv over" {size} role="group" '
        f'aria-label="The reasoning by chapter" lang="en">{"".join(parts)}</svg>'
    )
    return svg, {ids[box.key]: box.nodes for box in found}


def _placed(found: list[Box], links: list[tuple[str, str]]) -> tuple[dict[str, Drawn], float]:
    rank = {box.key: 0 for box in found}
    for box in found:  # in the order of the chapters, so causes come before consequences
        for cause, consequence in links:
            if cause == box.key:
                rank[consequence] = max(rank[consequence], rank[cause] + 1)
    rows: list[list[Box]] = []
    for level in sorted(set(rank.values())):
        row = [box for box in found if rank[box.key] == level]
        rows += [row[i : i + A_ROW] for i in range(0, len(row), A_ROW)]
    room, y = A_ROW * WIDE + (A_ROW - 1) * GAP, MARGIN
    drawn: dict[str, Drawn] = {}
    for row in rows:
        wide = min(room, 2 * WIDE) if row[0].key == DECISION else WIDE
        start = MARGIN + (room - len(row) * wide - (len(row) - 1) * GAP) / 2
        folded = [_folded(box, wide) for box in row]
        high = max(_high(lines) for lines in folded)
        for place, (box, lines) in enumerate(zip(row, folded, strict=True)):
            drawn[box.key] = Drawn(tuple(lines), start + place * (wide + GAP), y, wide, high)
        y += high + BETWEEN
    return drawn, y - BETWEEN + MARGIN


def _folded(box: Box, wide: float) -> list[str]:
    size = SIZE if box.key == DECISION else SMALL
    mark = "" if box.key == DECISION or len(box.lines) == 1 else "• "
    return [
        f"{mark if not place else '  ' if mark else ''}{line}"
        for entry in box.lines
        for place, line in enumerate(wrap(entry, size, wide - 2 * PAD - 18))
    ]


def _high(lines: list[str]) -> float:
    return 2 * PAD + LEADING * (len(lines) + 2)


def _links(links: list[tuple[str, str]], drawn: Mapping[str, Drawn]) -> Iterator[str]:
    for cause, consequence in links:
        one, other = drawn[cause], drawn[consequence]
        x1, y1 = one.x + one.wide / 2, one.y + one.high
        x2, y2 = other.x + other.wide / 2, other.y
        bend = (y1 + y2) / 2
        curve = f"M{n(x1)} {n(y1)}C{n(x1)} {n(bend)} {n(x2)} {n(bend)} {n(x2)} {n(y2 - 7)}"
        yield path("edge e-concludes", curve)
        yield path("arrow", f"M{n(x2 - 5)} {n(y2 - 9)}L{n(x2)} {n(y2)}L{n(x2 + 5)} {n(y2 - 9)}Z")


def _box(box: Box, at: Drawn, name: str, graph: Graph) -> Iterator[str]:
    attributes = graph.nodes[DECISION] if box.key == DECISION else {}
    look = ""
    if "colour" in attributes:
        look = f" o-{attributes['colour']} {'firm' if attributes.get('firm') else 'proposal'}"
    kind = "decision" if box.key == DECISION else "rule"
    more = f"from {box.facts} value{'s' if box.facts > 1 else ''}" if box.facts else ""
    more = ", ".join(filter(None, (more, f"and {box.left_out} more" if box.left_out else "")))
    told = f"{box.title}: {'. '.join(box.lines)}. Open it."
    yield (
        f'<g class="box k-{kind}{look}" id="{name}" tabindex="0" role="button" aria-label="{esc(told)}">'
        f'<rect class="shape" x="{n(at.x)}" y="{n(at.y)}" width="{n(at.wide)}" height="{n(at.high)}" rx="8"/>'
    )
    x, y = at.x + PAD, at.y + PAD + 12
    if attributes.get("sign"):
        yield f'<rect class="badge" x="{n(x)}" y="{n(y - 13)}" width="18" height="18" rx="4"/>'
        yield placed(attributes["sign"], x + 3.5, y - 9.5, 11)
        yield text(
            str(attributes.get("reference") or box.title).partition(" · ")[0], x + 24, y, SIZE, "strong"
        )
    else:
        yield text(box.title, x, y, SIZE, "strong")
    for place, line in enumerate(at.lines):
        yield text(line, x, y + LEADING * (place + 1) + 3, SIZE if kind == "decision" else SMALL)
    if more:
        yield text(more, x, at.y + at.high - 8, SMALL - 1, "small")
    yield "</g>"
