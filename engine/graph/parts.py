"""What an explanation graph is made of: kinds of node and edge with their words, and a draft to put them into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import networkx as nx

if TYPE_CHECKING:
    Graph = nx.DiGraph[str]


@dataclass(frozen=True)
class Kind:
    """A kind of node: the letter on it, its word, and what the legend says."""

    letter: str
    word: str
    about: str


KINDS: Mapping[str, Kind] = {
    "fact": Kind("F", "Fact", "what was stated of this community"),
    "unknown": Kind("?", "Not known", "a fact that may be more than one thing"),
    "measure": Kind("M", "Measure", "arithmetic over facts"),
    "threshold": Kind("T", "Threshold", "the line that a value is held against"),
    "rule": Kind("R", "Rule", "a rule of the rule book, and what it found"),
    "conclusion": Kind("C", "Conclusion", "what rules concluded, or did not"),
    "claim": Kind("K", "Quote", "the article's own words"),
    "fork": Kind("Y", "Fork", "from here on it depends on what is not known"),
    "candidate": Kind("O", "Course", "a course that could be taken"),
    "decision": Kind("D", "Decision", "what the rule book proposes"),
    "action": Kind("A", "Action", "what to do"),
    "risk": Kind("X", "Risk", "what could go wrong"),
}

STATES: Mapping[str, str] = {
    "holds": "",
    "absent": "not so",
    "defeated": "defeated",
    "open": "open",
}

EDGES: Mapping[str, str] = {
    "reads": "is read by",
    "compares": "is compared in",
    "concludes": "leads to",
    "would_conclude": "would lead to",
    "defeats": "defeats",
    "quotes": "is what this rests on",
    "decides": "decides",
    "chosen_over": "was looked at first and did not hold",
    "would_decide": "would decide",
    "opens": "leaves open",
    "splits": "for example",
    "advises": "asks for",
    "warns": "warns of",
}

CHANGES: Mapping[str, str] = {"gained": "new", "lost": "gone", "changed": "changed", "same": ""}

# Control characters, what no XML may hold, and marks that turn the direction of the text around them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)
LONGEST_LABEL = 150
LONGEST_NAME = 40


def clean(text: str) -> str:
    """A text that is safe to show anywhere: hidden characters become spaces, and spaces are folded."""
    return " ".join((text if text.isprintable() else _HIDDEN.sub(" ", text)).split())


def short(text: str, most: int = LONGEST_LABEL) -> str:
    """A text cut at a word, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip(" ,;:.-") + "…"


def listed(names: list[str], most: int = 3) -> str:
    """Names for a label: a, b and 4 more."""
    shown = [short(clean(name), LONGEST_NAME) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def lower(text: str) -> str:
    """A text that goes on a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def of_nodes(graph: Graph, key: str) -> list[tuple[str, str]]:
    """Every node with one of its attributes, as text; empty where it has none."""
    return [(node, str(attributes.get(key) or "")) for node, attributes in graph.nodes(data=True)]


def of_edges(graph: Graph) -> list[tuple[str, str, str]]:
    """Every edge with its kind."""
    return [(cause, consequence, str(more["kind"])) for cause, consequence, more in graph.edges(data=True)]


class Draft:
    """A graph that is being put together. A node that is added twice keeps what was said first."""

    def __init__(self, room: int | None = None) -> None:
        self.graph: Graph = nx.DiGraph()
        self.limit = room

    @property
    def room(self) -> int:
        """How many nodes may still be added."""
        return 1_000_000 if self.limit is None else self.limit - self.graph.number_of_nodes()

    def __contains__(self, node: str) -> bool:
        return node in self.graph

    def node(self, name: str, kind: str, label: str, state: str = "holds", /, **more: Any) -> bool:
        """Adds a node if there is room; whether it is there now. Empty attributes are left out."""
        if name in self.graph:
            return True
        if self.room <= 0:
            return False
        attributes = {key: clean(value) if isinstance(value, str) else value for key, value in more.items()}
        attributes = {key: value for key, value in attributes.items() if value not in (None, "", [], ())}
        self.graph.add_node(name, kind=kind, label=short(clean(label)), state=state, **attributes)
        return True

    def more(self, name: str, text: str) -> None:
        """Says more on a node that is there."""
        attributes = self.graph.nodes[name]
        for key in ("label", "why") if attributes.get("why") else ("label",):
            attributes[key] = f"{attributes[key].rstrip('.')}. {clean(text)}"

    def edge(self, cause: str, consequence: str, kind: str, **more: Any) -> None:
        """Adds an edge between two nodes that are there; the first kind that was said of a pair is kept."""
        graph = self.graph
        if (
            cause in graph
            and consequence in graph
            and cause != consequence
            and not graph.has_edge(cause, consequence)
        ):
            graph.add_edge(
                cause, consequence, kind=kind, **{k: v for k, v in more.items() if v not in (None, "")}
            )

    def depths(self) -> dict[str, int]:
        """For each node, the longest way to the decision."""
        graph, depth = self.graph, dict[str, int]()
        for node in reversed(list(nx.topological_sort(graph))):
            depth[node] = max((depth[n] + 1 for n in graph.successors(node)), default=0)
        return depth

    def without_detours(self) -> None:
        """Drops an edge into a rule or a course where a longer way leads to the same place."""
        graph = self.graph
        for cause, consequence in list(graph.edges):
            if graph.edges[cause, consequence]["kind"] not in ("reads", "compares", "concludes"):
                continue
            if any(
                step != consequence and nx.has_path(graph, step, consequence)
                for step in graph.successors(cause)
            ):
                graph.remove_edge(cause, consequence)


def heading(attributes: Mapping[str, Any]) -> str:
    """The small line above a node's label: its kind, its state in words, and the id that people may look up."""
    kind, state = attributes["kind"], attributes.get("state", "holds")
    word = cast(str, attributes.get("heading") or "") or KINDS[kind].word
    if not attributes.get("heading"):
        if kind == "conclusion" and state == "absent":
            word = "Not concluded"
        elif kind == "candidate":
            word = {"absent": "Course, not taken", "open": "Possible course"}.get(state, "Course")
        elif kind == "rule" and state != "holds":
            word = {"absent": "Rule, not met", "defeated": "Rule, defeated", "open": "Rule, open"}[state]
        elif kind == "conclusion" and state == "open":
            word = "Conclusion, open"
    reference = attributes.get("reference", "")
    change = CHANGES.get(attributes.get("change", ""), "")
    return " · ".join(part for part in (change.upper(), word, reference) if part)


def describe(attributes: Mapping[str, Any]) -> str:
    """A node in one sentence, for a screen reader and for tooltips."""
    label = f"{heading(attributes)}: {attributes['label']}"
    text = attributes.get("text", "")
    return label if not text or text == attributes["label"] else f"{label}. {text}"
