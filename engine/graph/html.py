"""The graph as one HTML file that loads nothing: the same picture, the words of each node beside it, and a table below."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.graph.layout import layout
from engine.graph.parts import EDGES, heading
from engine.graph.style import dark_css
from engine.graph.svg import LEAST_WIDTH, esc, picture, reading_order

if TYPE_CHECKING:
    from engine.graph.parts import Graph

HERE = Path(__file__).parent
OPS = {"==": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def page(graph: Graph) -> str:
    """The whole page. Nothing in it is loaded from elsewhere, and only the one script in it may run."""
    placed = layout(graph)
    css = (HERE / "page.css").read_text("utf-8") + f"@media screen and (prefers-color-scheme: dark) {{\n{dark_css()}\n}}\n"
    script = (HERE / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = esc(str(graph.graph.get("title", "")) or "Explanation")
    decision = next(a for _, a in graph.nodes(data=True) if a["kind"] == "decision")
    ids = {node: f"n{position}" for position, node in enumerate(graph)}
    natural = round(max(placed.width + 40, LEAST_WIDTH))
    sizes = f".graph svg {{ min-width: {round(0.77 * natural)}px; }} @media (max-width: 60rem) {{ .graph svg {{ min-width: {natural}px; }} }}"
    ordered = reading_order(graph, placed)
    templates = "".join(f'<template id="about-{ids[node]}">{_about(graph, node, attributes)}</template>' for node, attributes in ordered)
    rows = "".join(_row(graph, node, attributes) for node, attributes in ordered)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{esc(policy)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{css}{sizes}</style>\n'
        f"</head>\n<body>\n<header>\n"
        f'<a class="skip" href="#table">Skip the picture, go to the table</a>\n<h1>{title}</h1>\n<p class="decision">{esc(heading(decision))}: {esc(decision["label"])}</p>\n'
        f'<p class="how">Read from left to right. Choose a box, by mouse or with Tab and Enter, and its words, numbers and quotation stand beside the picture; '
        f"the arrow keys follow the lines. The table below says the same.</p>\n</header>\n<main>\n"
        f'<div class="sheet">\n<div class="graph" tabindex="0" role="region" aria-label="The picture; it may be scrolled">{picture(graph, True, placed)}</div>\n'
        f'<section class="panel" id="panel" aria-live="polite" aria-label="About the chosen box" tabindex="0">'
        f'<button type="button" class="close" id="close">Close</button><div id="told">{_about(graph, "decision", decision)}</div></section>\n</div>\n'
        f'<h2 id="table">The same as a table</h2>\n<div class="scroll" tabindex="0" role="region" aria-label="The table; it may be scrolled">\n<table class="twin"><caption>All parts of the '
        f"explanation, from the facts to the decision.</caption>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">In short</th><th scope=\"col\">In full</th>"
        f'<th scope="col">Leads to</th></tr></thead>\n<tbody>{rows}</tbody></table>\n</div>\n</main>\n<footer><p>{esc(str(graph.graph.get("attribution", "")))}</p>'
        f"<p>Rule book {esc(str(graph.graph.get('rulebook', '')))}, {esc(str(graph.graph.get('hash', ''))[:19])}</p></footer>\n"
        f"{templates}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _about(graph: Graph, node: str, attributes: dict[str, Any]) -> str:
    """What is told of a node when it is chosen."""
    causes = [f"<li>{esc(graph.nodes[c]['label'])} <span class=\"kind\">({esc(EDGES.get(graph.edges[c, node]['kind'], ''))} this)</span></li>" for c in graph.predecessors(node)]
    behind = f"<h3>From</h3><ul>{''.join(causes)}</ul>" if causes else ""
    return f'<p class="kind">{esc(heading(attributes))}</p><h2>{esc(attributes["label"])}</h2>{_full(attributes)}{behind}'


def _full(attributes: dict[str, Any], credit: str = "attribution") -> str:
    """All that is told of a node; in the table the credit is short, since the footer has it in full."""
    parts = []
    if attributes.get("was"):
        parts.append(f"<p>Before: {esc(attributes['was'])}</p>")
    if attributes.get("text") and attributes["text"] != attributes["label"]:
        parts.append(f"<p>{esc(attributes['text'])}</p>")
    parts.append(_numbers(attributes))
    if attributes.get("quote"):
        parts.append(f"<blockquote><p>“{esc(attributes['quote'])}”</p><p class=\"credit\">{esc(attributes.get(credit, ''))}</p></blockquote>")
    modality = attributes.get("modality", "")
    facts = [("Rests on", attributes.get("basis")), ("Force", "" if modality == "is" else modality), ("Value", attributes.get("source")),
             ("Cites", ", ".join(attributes.get("cites", ()))), ("Sources", "; ".join(attributes.get("sources", ())))]
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
        items.append(f"<li>{esc(entry['title'])} <strong>{esc(str(entry['value']))}</strong>{esc(asked + apart + held)}</li>")
    return f'<ul class="numbers">{"".join(items)}</ul>' if items else ""


def _row(graph: Graph, node: str, attributes: dict[str, Any]) -> str:
    after = "; ".join(f"{EDGES.get(graph.edges[node, n]['kind'], '')}: {graph.nodes[n]['label']}" for n in graph.successors(node))
    return f"<tr><th scope=\"row\">{esc(heading(attributes))}</th><td>{esc(attributes['label'])}</td><td>{_full(attributes, 'credit')}</td><td>{esc(after)}</td></tr>"
