"""What is shown as an example of what could follow is a world that a person would believe, where there is one."""

from __future__ import annotations

import json

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.scenario import load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
from tests.cli.calling import scenario
from tests.rules.cases import book

ONLY_FOR_NOW: dict[str, object] = {
    "has_sponsor": True,
    "members_total": 200,
    "sponsor_engaged": "in_dialogue",
    "sponsor_stance": "negotiable",
    "sponsor_value_now": 50,
    "sponsor_value_outlook": 35,
    "member_value_outlook": 45,
    "contribution": 45,
    "overlap_short": 55,
    "overlap_long": 15,
    "needs_shift": 10,
    "openness_to_realign": 20,
    "support_at_risk": False,
    "sponsor_need_moved": False,
    "focus_changed_without_sponsor": False,
    "failed_repairs": 0,
    "age_months": 40,
    "segments": [],
}


def examples(facts: dict[str, object]) -> tuple[Decision, dict[str, dict[str, int]]]:
    tree = {"scenario": "1", "facts": {**ONLY_FOR_NOW, **facts}}
    decision = decide(form(book(), read_scenario(parse(json.dumps(tree), "a case"), book(), "a case")))
    return decision, {one.outcome: dict(one.example) for one in decision.possible}


@pytest.mark.parametrize(
    ("beside", "fits"),
    [
        ({"leave_rate_12m": 45}, range(400, 600)),  # many left, so it is not met
        ({"leave_rate_12m": 39}, range(400, 1001)),
        ({"active_share_90d": 30}, range(400, 500)),  # no more are helped than take part, by 20 or more
    ],
)
def test_an_example_keeps_to_what_is_likely(beside: dict[str, object], fits: range) -> None:
    decision, found = examples({"member_value_now": {"between": [0, 100]}, **beside})
    assert len(decision.possible) > 1
    assert found["KEEP_COURSE"]["member_value_now"] in fits
    assert all(example["member_value_now"] % 10 == 0 for example in found.values())


def test_where_nothing_likely_leads_to_an_outcome_it_is_shown_nevertheless() -> None:
    _, found = examples({"member_value_now": {"between": [0, 100]}, "active_share_90d": 5})
    assert found["KEEP_COURSE"]["member_value_now"] >= 400


def test_examples_are_whole_points() -> None:
    case = load_scenario(scenario("district-planners-a-new-permanent-secretary"), book())
    decision = decide(form(book(), case))
    shown = [possible.example[name] for possible in decision.possible for name in decision.pivotal]
    assert [value for value in shown if value % 10] == []
