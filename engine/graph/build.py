"""A decision becomes its explanation graph: the path to it, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.everything import Everything
from sharedvalue.engine.graph.parts import clean, of_nodes
from sharedvalue.engine.graph.view import View

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph


def explanation(decision: Decision, everything: bool = False) -> Graph:
    """The explanation graph: by default the path to the decision, in at most 25 nodes.

    Every node has `kind`, `label` and `state`; every edge has `kind` and runs from cause to consequence. There is
    exactly one node of the kind decision, and a fork where worlds differ.
    """
    graph = (Everything(decision) if everything else View(decision)).draw().graph
    book = decision.worlds.book
    _looks(graph, decision)
    graph.graph.update(
        title=clean(decision.worlds.scenario.title),
        outcome=decision.outcome,
        view="everything" if everything else "path",
        rulebook=book.version,
        hash=book.hash,
        attribution=book.article.attribution,
        chapters={letter: chapter.title for letter, chapter in book.chapters.items()},
    )
    return graph


def _looks(graph: Graph, decision: Decision) -> None:
    """Colour and sign of every outcome that is drawn, and whether the decision stands."""
    outcomes = decision.worlds.book.outcomes
    for node, name in of_nodes(graph, "outcome"):
        if name in outcomes.outcomes:
            look = outcomes.look(name)
            graph.nodes[node].update(colour=look.colour, sign=look.sign)
    graph.nodes["decision"]["firm"] = decision.status in outcomes.pictures.firm and decision.certain
