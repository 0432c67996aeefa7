"""The scenarios decide as they say, and between them show the whole rule book at work."""

from __future__ import annotations

import re

import pytest

from sharedvalue.engine.language.check import carriers
from tests.scenarios.deciding import FILES, NAMES, book, decided

ALWAYS_FIRES = {
    "M01": "member value is always met, partial or unmet; each of its cases is seen to fire and not to fire"
}
WARNED = {
    "beekeepers-read-the-printed-letter": "low activity says nothing about value (M05) always goes with more helped than active"
}
PUBLISHED = [
    "talking-heads-isolation-of-new-headteachers",
    "mathoverflow-research-level-only",
    "lga-knowledge-hub",
]


@pytest.mark.parametrize("name", NAMES)
def test_scenario_decides_as_it_expects(name: str) -> None:
    case = decided(name)
    decision, expect = case.decision, case.scenario.expect
    assert expect is not None, "every scenario says what it expects"
    assert decision.outcome == expect.outcome
    if expect.modes is None:
        assert decision.open_modes, "only modes that are open may be left unsaid"
    else:
        assert set(decision.modes) == expect.modes
    assert decision.complete


@pytest.mark.parametrize("name", NAMES)
def test_scenario_tells_its_story_and_where_it_comes_from(name: str) -> None:
    scenario = decided(name).scenario
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert scenario.title
    assert scenario.source
    assert len(scenario.story.split()) >= 8
    assert not scenario.warnings
    assert bool(decided(name).worlds.warnings) is (name in WARNED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_case_says_that_its_numbers_are_a_coding(name: str) -> None:
    assert "not measurements" in decided(name).scenario.story


@pytest.mark.parametrize("name", ["spack-users-2020-and-2021", "stacks-members-want-a-say"])
def test_scenario_from_a_survey_says_what_is_counted_and_what_is_assumed(name: str) -> None:
    text = next(path for path in FILES if path.stem == name).read_text("utf-8")
    case = decided(name)
    assert "ASSUMPTION" in text
    assert "assumption" in case.scenario.source
    assert re.search(r"licensed|dedicated to the public domain", case.scenario.source)
    assert case.scenario.records["needs"]
    assert case.scenario.records["evidence"]
    assert case.decision.worlds.open, "what no survey asks stays open"


# --- all of the rule book is seen ----------------------------------------------------------------------------
@pytest.mark.parametrize("rule", sorted(book().rules))
def test_every_rule_fires_in_some_scenario_and_is_silent_in_another(rule: str) -> None:
    assert any(rule == fired for name in NAMES for fired, _ in decided(name).fired), "it fires nowhere"
    silent = any(rule in decided(name).silent for name in NAMES)
    assert silent is (rule not in ALWAYS_FIRES)


def test_every_case_of_a_rule_that_always_fires_is_seen_and_not_seen() -> None:
    for rule in ALWAYS_FIRES:
        for block in book().rules[rule].blocks:
            seen = {(rule, block.part) in decided(name).fired for name in NAMES}
            assert seen == {True, False}, f"{rule}.{block.part}"


def test_every_branch_of_the_choice_decides_some_scenario() -> None:
    branches = {
        (rule.id, block.part)
        for rule in book().rules.values()
        if rule.form == "branches"
        for block in rule.blocks
    }
    assert branches <= {branch for name in NAMES for branch in decided(name).chosen}


def test_all_outcomes_and_modes_are_reached() -> None:
    assert {decided(name).decision.outcome for name in NAMES} == set(book().outcomes.outcomes)
    assert {mode for name in NAMES for mode in decided(name).decision.modes} == set(book().outcomes.modes)


def test_all_statuses_risks_and_ways_to_the_end_are_reached() -> None:
    decisions = [decided(name).decision for name in NAMES]
    assert {d.status for d in decisions} == set(book().outcomes.statuses)
    assert {d.risk for d in decisions} == set(book().outcomes.risk_levels)
    assert {route for d in decisions for route in d.routes} == set(book().outcomes.risk_routes)
    assert {d.tell_sponsor for d in decisions} == {True, False}


def test_every_action_and_every_risk_goes_with_some_scenario() -> None:
    advice = [decided(name).advice for name in NAMES]
    assert {action.id for a in advice for action in a.actions} == set(book().actions)
    warned = {risk.id for a in advice for risk in a.risks}
    warned |= {
        w.name
        for n in NAMES
        for r, part in decided(n).fired
        for b in book().rules[r].blocks
        if b.part == part
        for w in b.warn
    }
    assert warned == set(book().risks)


def test_scenarios_use_all_that_a_scenario_can_hold() -> None:
    scenarios = [decided(name).scenario for name in NAMES]
    for listed in ("needs", "sponsors", "segments", "evidence", "decision_log"):
        assert any(scenario.records.get(listed) for scenario in scenarios), listed
    assert any(len(scenario.records.get("sponsors", ())) >= 2 for scenario in scenarios)
    stated = [value for scenario in scenarios for value in scenario.stated.values()]
    assert {value.kind for value in stated} == {"known", "range", "listed", "unknown"}
    assert {"low", "medium"} <= {value.confidence for value in stated}


def test_every_kind_of_evidence_is_used() -> None:
    item = book().facts["evidence"].type
    sources = item.field("source").type.options  # type: ignore[union-attr]  # evidence is a list with a choice of sources
    used = {
        sources[v.value]
        for n in NAMES
        for k, v in decided(n).scenario.stated.items()
        if k.endswith(".source") and v.value is not None
    }
    assert used == set(sources)


# --- the article -----------------------------------------------------------------------------------------------
def test_every_claim_of_the_article_is_carried() -> None:
    carried = carriers(book())
    assert set(book().claims) == {f"K{number:02}" for number in range(1, 70)}
    assert [claim for claim in book().claims if not carried[claim]] == []
