"""What was assumed: what another value leads to is told, another outcome and another way of the same; and nobody is said to have estimated it."""

from __future__ import annotations

from sharedvalue.engine.evidence.basis import basis
from sharedvalue.engine.governance.case import decided
from sharedvalue.engine.governance.report.cover import told_apart
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.questions.what_if import what_if
from sharedvalue.engine.worlds import form

BOOK = load()


def test_an_assumption_that_changes_the_way_alone_is_told_with_it() -> None:
    case = decided(load_scenario("scenarios/midwives-a-circle-within.yaml", BOOK), BOOK)
    ways = {way.name: way for way in case.other_ways}
    assert ways["alt_sponsor"].modes == ("new_host",)
    then = what_if(case.decision, {"alt_sponsor": "secured"}).after
    assert (then.outcome, then.modes) == (case.decision.outcome, ways["alt_sponsor"].modes)
    assert "alt_sponsor" in told_apart(case)


def test_what_a_field_has_by_itself_is_no_estimate_of_the_leader() -> None:
    worlds = form(BOOK, load_scenario("scenarios/laboratories-in-two-tiers.yaml", BOOK))
    rests = {fact.name: fact.rests_on for fact in basis(worlds).facts}
    assert rests["segments[district laboratories].target"] == "assumption"
    assert rests["segments[reference laboratories].target"] == "estimate"


def test_nothing_is_said_of_what_a_sponsor_is_to_itself() -> None:
    worlds = form(BOOK, load_scenario("scenarios/two-ministries-that-exclude-each-other.yaml", BOOK))
    pairs = [fact.name for fact in basis(worlds).facts if ".incompatible_with[" in fact.name]
    assert pairs
    assert all(name.partition("[")[2].partition("]")[0] not in name.rpartition("[")[2] for name in pairs)
