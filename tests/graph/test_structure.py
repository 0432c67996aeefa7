"""The graph of every scenario: its parts, its size, its direction, and that it says nothing that is not so."""

from __future__ import annotations

import networkx as nx
import pytest

from sharedvalue.engine.graph import explanation
from sharedvalue.engine.graph.parts import EDGES, KINDS, STATES
from tests.graph.cases import EXPERTS, NAMES, changed, decided, drawn

BOTH = [(name, everything) for name in NAMES for everything in (False, True)]


@pytest.mark.parametrize("name,everything", BOTH)
def test_every_node_and_edge_says_what_it_is(name: str, everything: bool) -> None:
    graph = drawn(name, everything)
    for node, told in graph.nodes(data=True):
        assert told["kind"] in KINDS, node
        assert told["state"] in STATES, node
        assert told["label"].strip(), node
        assert len(told["label"]) <= 150, node
        assert "{" not in told["label"], node
    assert {told["kind"] for _, _, told in graph.edges(data=True)} <= set(EDGES)


@pytest.mark.parametrize("name,everything", BOTH)
def test_there_is_one_decision_and_nothing_stands_alone(name: str, everything: bool) -> None:
    graph = drawn(name, everything)
    assert [n for n, told in graph.nodes(data=True) if told["kind"] == "decision"] == ["decision"]
    assert graph.nodes["decision"]["outcome"] == decided(name).outcome
    assert nx.is_weakly_connected(graph)


@pytest.mark.parametrize("name,everything", BOTH)
def test_edges_run_from_cause_to_consequence(name: str, everything: bool) -> None:
    graph = drawn(name, everything)
    assert nx.is_directed_acyclic_graph(graph)
    for cause, consequence, told in graph.edges(data=True):
        kind, before, after = told["kind"], graph.nodes[cause]["kind"], graph.nodes[consequence]["kind"]
        assert after not in ("claim", "threshold"), (cause, consequence)
        assert before not in ("action", "risk"), (cause, consequence)
        assert (kind == "quotes") is (before == "claim"), (cause, consequence)
        assert after == "decision" or kind not in ("decides", "would_decide"), (cause, consequence)
        assert after == "fork" or kind != "opens", (cause, consequence)
        assert before == "fork" or kind != "splits", (cause, consequence)


@pytest.mark.parametrize("name", NAMES)
def test_the_default_graph_can_be_read(name: str) -> None:
    graph = drawn(name)
    assert len(graph) <= 25
    assert graph.out_degree("decision") == 0
    assert all(nx.has_path(graph, node, "decision") for node in graph)
    # never more than six steps from the first fact to the decision, or nine where a fork lies between
    assert nx.dag_longest_path_length(graph) <= (9 if "fork" in graph else 6)


@pytest.mark.parametrize("name", NAMES)
def test_the_chosen_course_and_those_before_it_are_told(name: str) -> None:
    graph, decision = drawn(name), decided(name)
    if "fork" in graph:
        return
    branch = decision.trace.chosen
    assert branch is not None
    chosen = [a for a, _, told in graph.in_edges("decision", data=True) if told["kind"] == "decides"]
    assert chosen == [branch.candidate.replace("candidate:", "candidate:", 1)]
    one_by_one = sum(told["kind"] == "chosen_over" for _, _, told in graph.in_edges("decision", data=True))
    told_together = graph.nodes["candidate:others"]["count"] - 1 if "candidate:others" in graph else 0
    assert one_by_one + told_together == sum(b.place < branch.place for b in decision.trace.grounded.branches)


@pytest.mark.parametrize("name,everything", BOTH)
def test_only_what_holds_in_every_world_is_stated(name: str, everything: bool) -> None:
    """Each example is a world of its own: what is stated outside a branch must be so in all of them."""
    decision = decided(name)
    traces = [possible.trace for possible in decision.possible]
    for node, told in drawn(name, everything).nodes(data=True):
        if told.get("branch") or told["state"] == "open":
            continue
        for trace in traces:
            fired = {f"rule:{f.rule.key}" for f in trace.firings}
            fired |= {f"rule:{f.rule.rule}{'.' + f.rule.part if f.rule.part else ''}" for f in trace.firings}
            of_worlds = told["kind"] == "rule" and decision.worlds.book.rules[told["rule"]].stage == "world"
            if of_worlds and told["state"] == "holds" and told["rule"][0] != "Z":
                assert node in fired, node
            if told["kind"] == "conclusion" and told.get("name") in trace.values:
                assert trace.holds(told["name"]) is (told["state"] == "holds"), node


@pytest.mark.parametrize("name", NAMES)
def test_where_worlds_differ_the_graph_forks(name: str) -> None:
    graph, decision = drawn(name), decided(name)
    if len(decision.possible) == 1:  # whatever it forks by is no outcome
        return
    assert [n for n, told in graph.nodes(data=True) if told["kind"] == "fork"] == ["fork"]
    opened = {
        graph.nodes[n]["kind"] for n, _, told in graph.in_edges("fork", data=True) if told["kind"] == "opens"
    }
    assert opened == {"unknown"}
    ends = [a for a, _, told in graph.in_edges("decision", data=True) if told["kind"] == "would_decide"]
    assert {graph.nodes[n]["outcome"] for n in ends} == {p.outcome for p in decision.possible}
    for node in ends:
        assert graph.nodes[node]["state"] == "open"
        assert graph.nodes[node]["branch"]
        assert graph.nodes[node]["example"]
        assert nx.has_path(graph, "fork", node)


def test_a_defeated_rule_is_shown_with_what_defeats_it() -> None:
    decision = changed(EXPERTS, ("restriction_allowed: true", "restriction_allowed: false"))
    for everything, defeater in ((False, "rule:V12"), (True, "conclusion:not_permitted")):
        graph = explanation(decision, everything)
        assert graph.nodes["rule:V05"]["state"] == "defeated"
        assert graph.edges[defeater, "rule:V05"]["kind"] == "defeats"
        assert not any(told["kind"] == "concludes" for _, _, told in graph.out_edges("rule:V05", data=True))


def test_a_missing_conclusion_that_the_decision_rests_on_is_shown_as_missing() -> None:
    graph = drawn(EXPERTS)
    for name in ("tier_first", "not_permitted", "target_would_be_excluded"):
        assert graph.nodes[f"conclusion:{name}"]["state"] == "absent"
    assert graph.has_edge("conclusion:tier_first", "decision")


def test_numbers_thresholds_and_quotes_are_on_the_nodes() -> None:
    graph = drawn(EXPERTS)
    stayers = graph.nodes["rule:V07.enough"]
    assert (stayers["value"], stayers["threshold"], stayers["distance"]) == ("132", "20", 112)
    gain = next(
        n for n in graph.nodes["rule:V05"]["numbers"] if n.get("threshold") == "contribution_restrict"
    )
    assert (gain["value"], gain["needed"], gain["distance"], gain["passes"]) == ("75", "50", 25, True)
    claim = graph.nodes["claim:K68"]
    assert claim["quote"] == "the community might have to be restricted to only experts in the field"
    assert "CC BY 4.0" in claim["attribution"]


def test_everything_holds_every_rule_fact_and_course() -> None:
    graph, decision = drawn(EXPERTS, True), decided(EXPERTS)
    rules = {told["rule"] for _, told in graph.nodes(data=True) if told["kind"] == "rule"}
    world = {r.id for r in decision.worlds.book.rules.values() if r.stage == "world" and not r.records}
    assert world <= rules
    assert {f"candidate:{b.rule}.{b.part}" for b in decision.trace.grounded.branches} <= set(graph)
    kinds = {told["kind"] for _, told in graph.nodes(data=True)}
    assert kinds >= {
        "fact",
        "measure",
        "threshold",
        "rule",
        "conclusion",
        "claim",
        "candidate",
        "action",
        "risk",
    }


def test_a_case_of_many_groups_stays_readable() -> None:
    groups = "".join(
        f"    - {{name: g{i}, count: 50, level: novice, overlap: 10, stay: 80, active: 40}}\n"
        for i in range(45)
    )
    graph = explanation(changed(EXPERTS, ("  segments:\n", f"  segments:\n{groups}")))
    assert len(graph) <= 25
    assert graph.nodes["rule:V08.fits"]["label"] == (
        "Who qualifies: experts; not g0, g1, g2 and 43 more. Also read: level the sponsor's need asks for: expert"
    )
