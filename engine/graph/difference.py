"""What changed between two decisions: what came in, what fell away, and what reads otherwise now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.build import explanation
from sharedvalue.engine.graph.parts import Draft, of_nodes

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

SAID = ("label", "state", "title", "value", "why", "text")
ALWAYS_THERE = ("fact", "unknown", "measure", "rule", "conclusion", "candidate")


def difference(before: Decision | Graph, after: Decision | Graph) -> Graph:
    """The paths to both decisions in one graph. Every node and edge has `change`; a changed node has `was`.

    `change` is gained | lost | changed | same. Of two decisions, a part that a path leaves out for want of room did not
    fall away for that: it is looked up among all parts. Two graphs are compared as they are. What did not change is left
    out, unless it touches something that did.
    """
    paths = _path(before), _path(after)
    whole = _whole(before), _whole(after)
    graph = Draft().graph
    for path in reversed(paths):  # `after` first: where both have a node, its words are the newer ones
        for node, attributes in path.nodes(data=True):
            if node not in graph:
                graph.add_node(node, **attributes)
                graph.nodes[node].update(_change(node, paths, whole))
    for path in reversed(paths):
        for cause, consequence, attributes in path.edges(data=True):
            if not graph.has_edge(cause, consequence):
                there = [one.has_edge(cause, consequence) for one in paths]
                change = "same" if all(there) else "gained" if there[1] else "lost"
                graph.add_edge(cause, consequence, **attributes, change=change)
    _only_what_matters(graph)
    outcome = str(paths[0].graph.get("outcome", ""))
    graph.graph.update({**paths[1].graph, "view": "difference", "outcome_before": outcome})
    return graph


def _path(one: Decision | Graph) -> Graph:
    return explanation(one) if isinstance(one, Decision) else one


def _whole(one: Decision | Graph) -> Graph:
    return explanation(one, everything=True) if isinstance(one, Decision) else one


def _decides(node: str, path: Graph) -> bool:
    return path.has_edge(node, "decision") and path.edges[node, "decision"]["kind"] == "decides"


def _change(node: str, paths: tuple[Graph, Graph], whole: tuple[Graph, Graph]) -> dict[str, str]:
    """What became of a node, and what it was."""
    there = [node in path for path in paths]
    role = [_decides(node, path) for path in paths]
    if role[0] != role[1]:
        return {"change": "gained" if role[1] else "lost"}
    told = [paths[i].nodes[node] if there[i] else whole[i].nodes.get(node) for i in (0, 1)]
    old, new = told
    if not all(there) and None in told and _holding(node, whole[0]) == _holding(node, whole[1]) != set():
        return {"change": "same"}
    if all(there) or (old is not None and new is not None and new["kind"] in ALWAYS_THERE):
        assert old is not None
        assert new is not None
        if (old["label"], old["state"]) == (new["label"], new["state"]):
            return {"change": "same"}
        if old["state"] != new["state"] and not all(there):
            return {"change": "gained" if there[1] else "lost"}
        if there[1]:
            return {"change": "changed", "was": old["label"], "was_state": old["state"]}
        return {"change": "changed", "was": old["label"], **{key: new[key] for key in SAID if key in new}}
    return {"change": "gained" if there[1] else "lost"}


def _holding(node: str, whole: Graph) -> set[str]:
    """The records for which a rule holds that a path draws once for all of them, and the whole once for each."""
    found: set[str] = {
        n for n, state in of_nodes(whole, "state") if n.startswith(f"{node}(") and state == "holds"
    }
    return found


def _only_what_matters(graph: Graph) -> None:
    """Drops what did not change and touches nothing that did."""
    changed = {n for n, change in of_nodes(graph, "change") if change != "same"} - {"decision"}
    near = {m for n in changed for m in (*graph.predecessors(n), *graph.successors(n))}
    moved = {n for a, b, more in graph.edges(data=True) if more["change"] != "same" for n in (a, b)}
    kept = changed | near | moved | {"decision"}
    graph.remove_nodes_from([n for n in list(graph) if n not in kept])
