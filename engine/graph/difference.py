"""What changed between two explanations: what came in, what fell away, and what reads otherwise now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.graph.parts import Draft, of_nodes

if TYPE_CHECKING:
    from engine.graph.parts import Graph

KEPT = ("decision", "candidate")


def difference(before: Graph, after: Graph) -> Graph:
    """Both graphs in one. Every node and edge has `change`: gained | lost | changed | same; a changed node has `was`.

    What did not change is left out, unless it leads to or follows from something that did.
    """
    draft = Draft()
    graph = draft.graph
    for source in (after, before):  # `after` first: where both have a node, its words are the newer ones
        for node, attributes in source.nodes(data=True):
            if node in graph:
                continue
            change = _change(node, before, after)
            graph.add_node(node, **attributes, change=change)
            if change == "changed":
                graph.nodes[node]["was"] = before.nodes[node]["label"]
                if before.nodes[node]["state"] != attributes["state"]:
                    graph.nodes[node]["was_state"] = before.nodes[node]["state"]
    for source in (after, before):
        for cause, consequence, attributes in source.edges(data=True):
            if not graph.has_edge(cause, consequence):
                both = before.has_edge(cause, consequence) and after.has_edge(cause, consequence)
                change = "same" if both else "gained" if after.has_edge(cause, consequence) else "lost"
                graph.add_edge(cause, consequence, **attributes, change=change)
    _only_what_matters(graph)
    graph.graph.update(
        {
            **before.graph,
            **after.graph,
            "view": "difference",
            "outcome_before": before.graph.get("outcome", ""),
        }
    )
    return graph


def _change(node: str, before: Graph, after: Graph) -> str:
    if node not in before:
        return "gained"
    if node not in after:
        return "lost"
    old, new = before.nodes[node], after.nodes[node]
    return "same" if (old["label"], old["state"]) == (new["label"], new["state"]) else "changed"


def _only_what_matters(graph: Graph) -> None:
    """Drops what did not change and touches nothing that did."""
    changed = {n for n, change in of_nodes(graph, "change") if change != "same"}
    near = {m for n in changed for m in (*graph.predecessors(n), *graph.successors(n))}
    graph.remove_nodes_from(
        [n for n in list(graph) if n not in changed | near and graph.nodes[n]["kind"] != "decision"]
    )
