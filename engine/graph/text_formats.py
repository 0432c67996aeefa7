"""The graph as text for other programs: DOT, Mermaid, GraphML, node-link JSON. Each escapes every text."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import networkx as nx

from sharedvalue.engine.graph.fonts import wrap
from sharedvalue.engine.graph.palette import LIGHT
from sharedvalue.engine.graph.parts import EDGES, heading, of_edges, of_nodes
from sharedvalue.engine.graph.style import fills

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

DOT_SHAPES = {
    "fact": "box",
    "unknown": "box",
    "measure": "parallelogram",
    "threshold": "box",
    "rule": "box",
    "conclusion": "box",
    "claim": "note",
    "fork": "hexagon",
    "candidate": "cds",
    "decision": "box",
    "action": "rarrow",
    "risk": "octagon",
}
DOT_STYLES = {
    "holds": "filled",
    "absent": "filled,dashed",
    "open": "filled,dotted",
    "defeated": "filled,dashed",
}
MERMAID_SHAPES = {
    "fact": ("[", "]"),
    "unknown": ("[", "]"),
    "measure": ("[/", "/]"),
    "threshold": ("[", "]"),
    "rule": ("(", ")"),
    "conclusion": ("([", "])"),
    "claim": (">", "]"),
    "fork": ("{{", "}}"),
    "candidate": ("[", "]"),
    "decision": ("[[", "]]"),
    "action": ("[", "]"),
    "risk": ("{{", "}}"),
}
MERMAID_ARROWS = {
    "quotes": "-.->",
    "chosen_over": "-.-x",
    "defeats": "--x",
    "decides": "==>",
    "would_conclude": "-.->",
    "would_decide": "-.->",
    "opens": "-.->",
    "splits": "-.->",
}


def dot(graph: Graph) -> str:
    """DOT, as Graphviz reads it."""
    lines = [
        "digraph explanation {",
        "  rankdir=LR;",
        f"  label={_quoted(str(graph.graph.get('title', '')))};",
        "  labelloc=t;",
        '  node [fontname="DejaVu Sans", fontsize=11, style=filled];',
        '  edge [fontname="DejaVu Sans", fontsize=9];',
    ]
    for node, attributes in graph.nodes(data=True):
        fill, border = _fill(attributes)
        words = "\\n".join(_escaped(line) for line in _lines(attributes))
        style = DOT_STYLES.get(attributes.get("state", "holds"), "filled") + (
            ",rounded" if attributes["kind"] in ("rule", "conclusion") else ""
        )
        white = f', fontcolor="{LIGHT.paper}"' if _stands(attributes) else ""
        shape = f'shape={DOT_SHAPES[attributes["kind"]]}, style="{style}", fillcolor="{fill}", color="{border}"{white}'
        tip = _quoted(str(attributes.get("text", "")))
        lines.append(f'  {_quoted(node)} [label="{words}", {shape}, tooltip={tip}];')
    for cause, consequence, kind in of_edges(graph):
        style = {
            "chosen_over": ", style=dashed, arrowhead=tee",
            "defeats": ", arrowhead=tee",
            "quotes": ", style=dotted",
            "opens": ", style=dotted",
            "splits": ", style=dotted",
            "decides": ", penwidth=2",
        }.get(kind, "")
        lines.append(
            f"  {_quoted(cause)} -> {_quoted(consequence)} [tooltip={_quoted(EDGES.get(kind, kind))}{style}];"
        )
    return "\n".join([*lines, "}", ""])


def _stands(attributes: dict[str, Any]) -> bool:
    return bool(attributes.get("firm")) and "colour" in attributes


def _fill(attributes: dict[str, Any]) -> tuple[str, str]:
    """(fill, border): that of the kind, or of the outcome, whole where it stands."""
    if "colour" not in attributes:
        return fills()[attributes["kind"]]
    strong = LIGHT.colours[attributes["colour"]][0]
    return (strong if _stands(attributes) else LIGHT.paper), strong


def _lines(attributes: dict[str, Any]) -> list[str]:
    return [heading(attributes), *wrap(attributes["label"], 12, 190)]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def mermaid(graph: Graph) -> str:
    """A Mermaid flowchart. Characters that Mermaid might read are written as numbers."""
    names = {node: f"n{position}" for position, node in enumerate(graph)}
    lines = [
        "---",
        f"title: {json.dumps(_title(graph))}",
        "---",
        "flowchart LR",
    ]
    for node, attributes in graph.nodes(data=True):
        start, end = MERMAID_SHAPES[attributes["kind"]]
        words = "<br>".join(_entities(line) for line in (heading(attributes), attributes["label"]))
        lines.append(f'  {names[node]}{start}"{words}"{end}:::{attributes["kind"]}')
    for cause, consequence, kind in of_edges(graph):
        lines.append(f"  {names[cause]} {MERMAID_ARROWS.get(kind, '-->')} {names[consequence]}")
    for kind in dict.fromkeys(kind for _, kind in of_nodes(graph, "kind")):
        fill, border = fills()[kind]
        lines.append(f"  classDef {kind} fill:{fill},stroke:{border},color:{LIGHT.ink}")
    for node, attributes in graph.nodes(data=True):
        if "colour" in attributes:
            fill, border = _fill(attributes)
            ink = LIGHT.paper if _stands(attributes) else LIGHT.ink
            lines.append(f"  style {names[node]} fill:{fill},stroke:{border},color:{ink}")
    for state, dashes in (("absent", "6 4"), ("open", "2 3"), ("defeated", "6 4")):
        found = [names[n] for n, s in of_nodes(graph, "state") if s == state]
        if found:
            lines += [f"  classDef {state} stroke-dasharray:{dashes}", f"  class {','.join(found)} {state}"]
    return "\n".join([*lines, ""])


def _title(graph: Graph) -> str:
    """The title. Entities are not read there, so that angle brackets are put in other signs."""
    return str(graph.graph.get("title", "")).replace("<", "‹").replace(">", "›")


def _entities(text: str) -> str:
    """Letters, digits and harmless marks as they are; all else as #NUMBER; which Mermaid turns back."""
    return "".join(c if c.isalnum() or c in " .,:-–·%+()?!/" else f"#{ord(c)};" for c in text)


def graphml(graph: Graph) -> str:
    """GraphML. It has no lists, so these stand there as JSON."""
    plain: Graph = nx.DiGraph()
    plain.graph.update({k: _flat(v) for k, v in graph.graph.items()})
    for node, attributes in graph.nodes(data=True):
        plain.add_node(node, **{k: _flat(v) for k, v in attributes.items()})
    for cause, consequence, attributes in graph.edges(data=True):
        plain.add_edge(cause, consequence, **{k: _flat(v) for k, v in attributes.items()})
    out = io.BytesIO()
    nx.write_graphml(plain, out, named_key_ids=True)
    return out.getvalue().decode("utf-8")


def _flat(value: Any) -> str | int | float | bool:
    return value if isinstance(value, str | int | float | bool) else json.dumps(value, ensure_ascii=False)


def as_json(graph: Graph) -> str:
    """networkx' node-link form with `edges`; the schema is sharedvalue/graph/1."""
    data = nx.node_link_data(graph, edges="edges")
    data["graph"] = {"schema": "sharedvalue/graph/1", **data["graph"]}
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
