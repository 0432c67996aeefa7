"""What a changed fact does to the reasoning: what came in, what fell away, what stayed."""

from __future__ import annotations

import networkx as nx

from sharedvalue.engine.graph import difference
from sharedvalue.engine.graph.parts import of_nodes
from tests.graph.cases import EXPERTS, changed, decided, drawn


def test_it_marks_what_came_in_and_what_fell_away() -> None:
    graph = difference(
        decided(EXPERTS), changed(EXPERTS, ("sponsor_stance: fixed", "sponsor_stance: negotiable"))
    )
    told = dict(of_nodes(graph, "change"))
    assert nx.is_directed_acyclic_graph(graph)
    assert told["decision"] == "changed"
    assert graph.nodes["decision"]["was"].startswith("Restrict the membership")
    assert told["candidate:Z16.reconsider_first"] == "gained"
    assert told["candidate:Z06.restrict"] == "lost"
    assert told["rule:S08.fixed"] == "lost"
    assert told["fact:sponsor_stance"] == "changed"
    assert graph.nodes["fact:sponsor_stance"]["value"] == "negotiable"


def test_what_a_picture_had_no_room_for_did_not_fall_away() -> None:
    graph = difference(
        decided(EXPERTS), changed(EXPERTS, ("sponsor_stance: fixed", "sponsor_stance: negotiable"))
    )
    facts = {n: told["change"] for n, told in graph.nodes(data=True) if told["kind"] == "fact"}
    assert {n for n, change in facts.items() if change != "same"} == {"fact:sponsor_stance"}


def test_a_rule_over_records_that_still_fires_for_the_same_ones_did_not_fall_away() -> None:
    graph = difference(
        decided(EXPERTS), changed(EXPERTS, ("openness_to_realign: 20", "openness_to_realign: 55"))
    )
    told = dict(of_nodes(graph, "change"))
    assert told["rule:V02.fixed"] == "gained"
    assert told.get("rule:V08.fits", "same") == "same"


def test_a_rule_over_records_that_fires_for_none_any_more_fell_away() -> None:
    graph = difference(decided(EXPERTS), changed(EXPERTS, ("overlap: 80", "overlap: 30")))
    assert dict(of_nodes(graph, "change"))["rule:V08.fits"] == "lost"


def test_of_the_same_case_nothing_but_the_decision_is_left() -> None:
    assert list(difference(decided(EXPERTS), decided(EXPERTS))) == ["decision"]
    assert list(difference(drawn(EXPERTS), drawn(EXPERTS))) == ["decision"]
