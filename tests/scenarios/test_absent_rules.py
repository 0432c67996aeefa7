"""The rules that would be tempting and are left out on purpose stay out: worlds that would trip each of them."""

from __future__ import annotations

from typing import Any

import pytest

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.dependencies import stands_on
from tests.scenarios.deciding import book, decision_of

GROUPS: list[dict[str, Any]] = [
    {"name": "experts", "count": 260, "level": "expert", "overlap": 80, "stay": 85, "active": 60},
    {"name": "novices", "count": 900, "level": "novice", "overlap": 10, "stay": 80, "active": 40},
]
# All that restricting asks for but the fixed need: two groups far apart, and the experts alone would do far better.
READY_TO_RESTRICT: dict[str, Any] = {
    "segments": GROUPS,
    "expertise_required": "expert",
    "contribution": 40,
    "contribution_if_restricted": 80,
    "overlap_short": 20,
    "overlap_long": 20,
    "needs_shift": 60,
    "shift_durable": True,
    "shift_cause": "membership_changed",
    "openness_to_realign": 10,
    "member_value_now": 35,
    "sponsor_value_now": 30,
    "inner_space_enough": False,
}
NO_OVERLAP: dict[str, Any] = {"overlap_short": 10, "overlap_long": 10, "sponsor_value_now": 35}


def outcomes(decision: Decision) -> set[str]:
    return {possible.outcome for possible in decision.possible}


def test_the_book_names_the_five_rules_that_it_leaves_out() -> None:
    assert [absent.rule for absent in book().absent] == [
        "low activity means unmet needs",
        "an unhappy sponsor means restrict the membership",
        "complaining experts mean restrict the membership",
        "popular content means a new purpose",
        "a sponsor's preference means its need is fixed",
    ]


# --- low activity means unmet needs ----------------------------------------------------------------------------
@pytest.mark.parametrize("active", [0, 1, 9, 10, 100])
def test_low_activity_alone_does_not_make_member_value_unmet(active: int) -> None:
    decision = decision_of(active_share_90d=active, member_value_now={"value": 70, "confidence": "medium"})
    assert decision.true("member_value_met")
    assert not decision.true("member_value_unmet")
    assert (decision.outcome, decision.modes) == ("KEEP_COURSE", ("as_is",))
    assert decision.after.holds("low_activity_says_nothing") is (active < 10)


def test_no_conclusion_on_member_value_and_no_outcome_stands_on_activity() -> None:
    grounded = decision_of().trace.grounded
    for conclusion in ("member_value_met", "member_value_partial", "member_value_unmet", "outcome"):
        assert not stands_on(grounded, conclusion) & {
            "active_share_90d",
            "active_trend_12m",
            "leave_rate_12m",
        }


# --- an unhappy sponsor means restrict the membership -------------------------------------------------------------
@pytest.mark.parametrize("value", [0, 20, 39])
def test_an_unhappy_sponsor_alone_does_not_restrict(value: int) -> None:
    decision = decision_of(
        sponsor_value_now=value, sponsor_value_outlook=value, support_at_risk=True, segments=GROUPS
    )
    assert (decision.outcome, decision.modes) == ("KEEP_COURSE", ("repair_sponsor_value",))


def test_even_where_all_else_is_ready_an_unhappy_sponsor_does_not_restrict() -> None:
    unhappy = {
        **READY_TO_RESTRICT,
        "sponsor_value_now": 0,
        "sponsor_value_outlook": 0,
        "support_at_risk": True,
    }
    assert decision_of(**unhappy).outcome != "RESTRICT_MEMBERSHIP"
    assert decision_of(**unhappy, sponsor_stance="fixed").outcome == "RESTRICT_MEMBERSHIP"


def test_restricting_does_not_stand_on_what_the_sponsor_sees() -> None:
    below = stands_on(decision_of().trace.grounded, "restrict_viable")
    assert not below & {"sponsor_value_now", "sponsor_value_outlook", "sponsor_value", "support_at_risk"}


# --- complaining experts mean restrict the membership --------------------------------------------------------------
def complaints(reading: int) -> list[Any]:
    """Experts alone answered, and all of them are core members."""
    item = {
        "fact": "member_value_now",
        "source": "survey",
        "date": "2026-10-01",
        "n": 250,
        "population": 1160,
    }
    return [{**item, "reading": reading, "from_core_and_active": 100}]


@pytest.mark.parametrize("reading", [0, 20, 38])
def test_complaints_from_experts_alone_do_not_restrict(reading: int) -> None:
    decision = decision_of(
        complaints(reading), ("member_value_now",), segments=GROUPS, expertise_required="expert"
    )
    assert decision.worlds.evidence["member_value_now"].trace.holds("biased_sample(f)")
    assert outcomes(decision) == {"KEEP_COURSE"}


def test_complaints_from_experts_do_not_restrict_where_the_mismatch_does_not_follow_the_groups() -> None:
    alike = [{**GROUPS[0], "overlap": 55}, {**GROUPS[1], "overlap": 40}]
    facts = {
        **READY_TO_RESTRICT,
        "segments": alike,
        "sponsor_stance": "fixed",
        "overlap_short": 24,
        "overlap_long": 24,
    }
    decision = decision_of(
        complaints(10), ("member_value_now",), **{k: v for k, v in facts.items() if k != "member_value_now"}
    )
    assert "RESTRICT_MEMBERSHIP" not in outcomes(decision)


# --- popular content means a new purpose ---------------------------------------------------------------------------
def popular(reading: int) -> list[Any]:
    sources = ("page_visits", "views_comments", "questions", "attendance")
    return [
        {"fact": "needs_shift", "source": source, "date": "2026-10-01", "n": 5000, "reading": reading}
        for source in sources
    ]


def test_popular_content_alone_concludes_only_that_it_resonates() -> None:
    decision = decision_of(popular(90), ("needs_shift",), **NO_OVERLAP)
    trace = decision.worlds.evidence["needs_shift"].trace
    assert {conclusion for firing in trace.firings for conclusion in firing.rule.concludes} == {
        "resonates(f)"
    }
    assert decision.worlds.beliefs["needs_shift"].confidence == "medium"
    assert not decision.true("shift_genuine")
    assert decision.outcome != "SHIFT_FOCUS"


def test_popular_content_does_not_settle_a_shift_where_nothing_is_known_of_its_cause() -> None:
    left_out = ("needs_shift", "shift_durable", "shift_cause")
    worth = {"strategic_potential": 90, "contribution_to_shifted": 90}
    decision = decision_of(popular(90), left_out, **NO_OVERLAP, **worth)
    assert decision.outcome == "NOT_YET"
    assert {"shift_durable", "shift_cause"} <= set(decision.pivotal)


# --- a sponsor's preference means its need is fixed ------------------------------------------------------------------
def test_a_preference_that_can_be_talked_about_is_not_a_fixed_need() -> None:
    decision = decision_of(**READY_TO_RESTRICT, sponsor_stance="negotiable")
    assert not decision.true("need_fixed")
    assert decision.outcome != "RESTRICT_MEMBERSHIP"


def test_what_the_leader_infers_is_not_a_fixed_need() -> None:
    decision = decision_of(**READY_TO_RESTRICT, sponsor_stance="fixed", stance_source="leader_inferred")
    assert decision.settled is not None
    assert "need_fixed" not in decision.settled, "it is fixed in some worlds, and open to talk in others"
    assert decision.outcome == "NOT_YET"
    assert decision.pivotal == ("sponsor_stance",)


def test_what_a_sponsor_says_before_any_dialogue_is_not_a_fixed_need() -> None:
    decision = decision_of(**READY_TO_RESTRICT, sponsor_stance="fixed", sponsor_engaged="contacted")
    assert not decision.true("need_fixed")
    assert decision.outcome != "RESTRICT_MEMBERSHIP"
