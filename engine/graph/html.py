"""The graph as one HTML file that loads nothing: the picture, the words of each node beside it, a table below."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.graph.ink import esc
from sharedvalue.engine.graph.layout import layout
from sharedvalue.engine.graph.overview import overview
from sharedvalue.engine.graph.parts import EDGES, heading
from sharedvalue.engine.graph.style import css, dark_css
from sharedvalue.engine.graph.svg import picture, reading_order

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

HERE = Path(__file__).parent
STRICT = "base-uri 'none'; form-action 'none'"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; " + STRICT
OPS = {"==": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def page(graph: Graph) -> str:
    """The whole page. Nothing in it is loaded from elsewhere, and only the one script in it may run."""
    script = (HERE / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    decision = next(a for _, a in graph.nodes(data=True) if a["kind"] == "decision")
    styles = [(HERE / name).read_text("utf-8") for name in ("page.css", "picture.css")]
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{dark_css()}\n}}\n"
    return Template((HERE / "page.html").read_text("utf-8")).substitute(
        fragments(graph),
        policy=esc(POLICY.format(digest=digest)),
        css=f"{''.join(styles)}{css()}\n{dark}",
        script=script,
        title=esc(str(graph.graph.get("title", "")) or "Explanation"),
        decision=esc(f"{heading(decision)}: {decision['label']}"),
        rulebook=esc(f"{graph.graph.get('rulebook', '')}, {str(graph.graph.get('hash', ''))[:19]}"),
    )


def fragments(graph: Graph) -> dict[str, str]:
    """The graph as parts of a page that has the style: the pictures with what is told beside them, rows of the table, words of
    the nodes. By chapter first, then in full; a comparison of two has the full one only.
    """
    placed = layout(graph)
    ordered = [node for node, _ in reading_order(graph, placed)]
    ids = {node: f"n{position}" for position, node in enumerate(graph)}
    told = {node: graph.nodes[node] for node in graph}
    decision = next(a for a in told.values() if a["kind"] == "decision")
    stages = {"full": picture(graph, True, placed).replace(f"<style>{css()}</style>", "", 1)}
    if graph.graph.get("view") != "difference":
        drawn, behind = overview(graph)
        for box, nodes in behind.items():
            drawn = drawn.replace(
                f'id="{box}"', f'id="{box}" data-nodes="{" ".join(ids[n] for n in nodes)}"', 1
            )
        stages = {"chapters": drawn, **stages}
    words = {"chapters": "By chapter", "full": "In full"}
    switch = "".join(
        f'<button type="button" data-show="{name}" aria-pressed="false">{words[name]}</button>'
        for name in stages
    )
    return {
        "picture": Template((HERE / "picture.html").read_text("utf-8")).substitute(
            switch=switch if len(stages) > 1 else "",
            stages="\n".join(
                f'<div class="graph" data-stage="{name}" tabindex="0" role="region" '
                f'aria-label="The picture, {words[name].lower()}. Plus and minus go nearer and farther, the arrow keys move it.">{drawn}</div>'
                for name, drawn in stages.items()
            ),
            told=_about(graph, "decision", decision),
        ),
        "rows": "\n".join(_row(graph, node, told[node]) for node in ordered),
        "templates": "\n".join(
            f'<template id="about-{ids[node]}">{_about(graph, node, told[node])}</template>'
            for node in ordered
        ),
        "attribution": esc(str(graph.graph.get("attribution", ""))),
    }


def _about(graph: Graph, node: str, attributes: dict[str, Any]) -> str:
    """What is told of a node when it is chosen."""
    causes = []
    for cause in graph.predecessors(node):
        how = EDGES.get(graph.edges[cause, node]["kind"], "")
        causes.append(
            f'<li>{esc(graph.nodes[cause]["label"])} <span class="kind">({esc(how)} this)</span></li>'
        )
    behind = f"<h3>From</h3><ul>{''.join(causes)}</ul>" if causes else ""
    title = f'<p class="kind">{esc(heading(attributes))}</p><h2>{esc(attributes["label"])}</h2>'
    return f"{title}{_full(attributes)}{behind}"


def _full(attributes: dict[str, Any], credit: str = "attribution") -> str:
    """All that is told of a node; in the table the credit is short, since the footer has it in full."""
    parts = []
    if attributes.get("was"):
        parts.append(f"<p>Before: {esc(attributes['was'])}</p>")
    if attributes.get("text") and attributes["text"] != attributes["label"]:
        parts.append(f"<p>{esc(attributes['text'])}</p>")
    parts.append(_numbers(attributes))
    if attributes.get("quote"):
        parts.append(
            f"<blockquote><p>“{esc(attributes['quote'])}”</p>"
            f'<p class="credit">{esc(attributes.get(credit, ""))}</p></blockquote>'
        )
    modality = attributes.get("modality", "")
    facts = [
        ("Rests on", attributes.get("basis")),
        ("Force", "" if modality == "is" else modality),
        ("Value", attributes.get("source")),
        ("Cites", ", ".join(attributes.get("cites", ()))),
        ("Sources", "; ".join(attributes.get("sources", ()))),
    ]
    parts += [f'<p class="credit">{name}: {esc(str(value))}</p>' for name, value in facts if value]
    return "".join(parts)


def _numbers(attributes: dict[str, Any]) -> str:
    """The values that a rule looked at, each beside its threshold."""
    items = []
    for entry in attributes.get("numbers", ()):
        asked = ""
        if entry.get("op") not in (None, "==") or "distance" in entry:
            basis = f", {entry['basis']}" if entry.get("basis") else ""
            line = f" ({str(entry['threshold']).replace('_', ' ')}{basis})" if entry.get("threshold") else ""
            asked = f"; asked: {OPS[entry['op']]} {entry['needed']}{line}"
        apart = f"; {abs(entry['distance']):g} apart" if entry.get("distance") else ""
        held = "" if "passes" not in entry else "; holds" if entry["passes"] else "; does not hold"
        items.append(
            f"<li>{esc(entry['title'])} <strong>{esc(str(entry['value']))}</strong>{esc(asked + apart + held)}</li>"
        )
    return f'<ul class="numbers">{"".join(items)}</ul>' if items else ""


def _row(graph: Graph, node: str, attributes: dict[str, Any]) -> str:
    after = "; ".join(
        f"{EDGES.get(graph.edges[node, n]['kind'], '')}: {graph.nodes[n]['label']}"
        for n in graph.successors(node)
    )
    cells = (esc(attributes["label"]), _full(attributes, "credit"), esc(after))
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{esc(heading(attributes))}</th>{row}</tr>'
