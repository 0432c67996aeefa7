"""`why-not`: conditions with pass or fail, numbers and distances, down to what failed below."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import SCENARIOS, call, scenario

CASE = scenario("neophytes-and-experts")
OUTCOMES = ("KEEP_COURSE", "SHIFT_FOCUS", "RESTRICT_MEMBERSHIP", "NOT_YET", "NO_VIABLE_COURSE")


def asked(*arguments: str) -> Any:
    found = call("why-not", *arguments, "--json")
    assert found.code == 0, found.err
    return json.loads(found.out)


@pytest.mark.parametrize("path", SCENARIOS[::3], ids=lambda p: p.stem)
def test_cases_can_be_asked_for_every_outcome(path: Path) -> None:
    for outcome in OUTCOMES:
        told = asked(str(path), outcome)
        decided = told["outcome"] == outcome
        assert told["is_so"] is decided
        assert told["attempts"] or outcome == "NOT_YET"
        if not decided and told["certain"]:
            early = [a for a in told["attempts"] if not a["after_the_deciding_one"]]
            assert all(a["state"] != "held" for a in early), outcome


@pytest.mark.parametrize("path", SCENARIOS[1::7], ids=lambda p: p.stem)
def test_printed_form_keeps_to_the_page(path: Path) -> None:
    for outcome in OUTCOMES:
        assert max(map(len, call("why-not", str(path), outcome).lines)) <= 80


@pytest.mark.parametrize("written", ["KEEP_COURSE", "keep-course", "keep course", "Keep course"])
def test_outcome_may_be_written_as_people_do(written: str) -> None:
    assert asked(CASE, written)["target"] == "KEEP_COURSE"


def test_numbers_of_a_failed_condition() -> None:
    realign = next(a for a in asked(CASE, "keep-course")["attempts"] if a["rule"] == "Z04")
    rule = realign["below"][0]["attempts"][0]
    assert (rule["rule"], rule["state"]) == ("V02", "failed")
    openness = next(p for p in rule["when"]["parts"] if p["name"] == "openness_to_realign")
    assert (openness["passed"], openness["value"], openness["op"]) == (False, "20", ">=")
    assert (openness["threshold"]["name"], openness["threshold"]["value"]) == ("realign_open", 50)
    assert openness["distance"] == 30.0
    assert (
        "not met  openness to the sponsor's theme 20 (50* needed, 30 short)"
        in call("why-not", CASE, "keep-course").out
    )


def test_rule_that_held_behind_the_deciding_one() -> None:
    case = scenario("shifted-needs-are-more-strategic")
    talk = next(a for a in asked(case, "reconsider_with_sponsor")["attempts"] if a["rule"] == "Z16")
    assert (talk["state"], talk["after_the_deciding_one"]) == ("held", True)
    assert "held, but one" in call("why-not", case, "reconsider_with_sponsor").out


def test_failure_is_followed_down_to_facts() -> None:
    told = asked(scenario("the-sweet-spot"), "SHIFT_FOCUS")
    names: set[str] = set()

    def down(attempts: list[Any]) -> None:
        for attempt in attempts:
            for explained in attempt["below"]:
                names.add(explained["conclusion"])
                down(explained["attempts"])

    down(told["attempts"])
    assert {"shift_viable", "shift_genuine", "wants_something_else"} <= names


def test_conclusion_that_holds_and_should_not() -> None:
    said = call("why-not", CASE, "shift_viable").out
    assert "need fixed: holds, and defeats it" in said or "shift blocked: holds, and defeats it" in said


def test_what_it_would_take() -> None:
    changes = asked(CASE, "keep-course")["changes"]
    assert (changes[0]["fact"], changes[0]["from"], changes[0]["to"], changes[0]["points"]) == (
        "contribution",
        50,
        66,
        16,
    )


def test_what_is_not_possible_now_and_what_would_make_it_so_do_not_contradict_one_another() -> None:
    out = call("why-not", CASE, "keep-course").out
    assert "As the known facts stand it is not possible, whatever the open ones turn out" in out
    assert "It would be the answer with: contribution 50 -> 66" in out
    assert "Or with: another sponsor (none -> secured)" in out
    assert "member value met: holds, which rules it out" in out


def test_open_facts_are_marked() -> None:
    out = call("why-not", scenario("silent-drift"), "shift-focus").out
    assert "It is possible still" in out
    assert "open  " in out
    assert (
        "As the known facts stand it is not possible"
        in call("why-not", scenario("silent-drift"), "keep-course").out
    )


def test_the_answer_itself() -> None:
    said = call("why-not", CASE, "restrict-membership")
    assert said.code == 0
    assert said.lines[0].startswith("Restrict the membership is the answer here.")


def test_unknown_outcome() -> None:
    found = call("why-not", CASE, "keep-corse")
    assert found.code == 2
    assert "Did you mean keep_course" in found.err


HALF_KNOWN = """scenario: 1
facts: {has_sponsor: true, core_group_size: 7, member_value_now: 64, member_value_outlook: {between: [55, 60]}, needs_shift: 30,
  sponsor_value_now: little, sponsor_value_outlook: 30, contribution: partly, contribution_if_restricted: {between: [55, 80]},
  sponsor_stance: fixed, sponsor_engaged: in_dialogue, overlap_short: 18, overlap_long: {between: [10, 24]},
  openness_to_realign: {between: [20, 45]}, expertise_required: expert, restriction_allowed: true, meeting_mode: mixed,
  segments: [{name: specialists, count: {between: [60, 90]}, level: expert, overlap: 70, stay: 80, active: 50},
    {name: village nurses, count: 520, level: novice, overlap: {between: [10, 30]}}]}
"""


def test_what_ranges_settle_is_not_called_open(tmp_path: Path) -> None:
    file = tmp_path / "half.yaml"
    file.write_text(HALF_KNOWN, encoding="utf-8")
    restrict = " ".join(call("why-not", str(file), "restrict_membership").out.split())
    assert "met groups that qualify 1 (1 needed)" in restrict
    assert (
        "met what the qualified groups alone would contribute beyond the community of today 15 to 40"
        in restrict
    )
    assert "open a space inside would be enough" in restrict
    not_yet = " ".join(call("why-not", str(file), "not_yet").out.split())
    assert not_yet.startswith("Not yet is the answer here.")
    assert "it is not possible" not in not_yet
    told = " ".join(call("what-if", str(file), "--set", "inner_space_enough=no").out.split())
    assert "60 to 90 qualify, 520 (85.2 to 89.7 %) would lose their place in it" in told
    still = call("what-if", str(file), "--set", "contribution=46").out
    assert "The answer is still Not yet, but what could follow changes." in still


def test_without_a_sponsor_nothing_is_said_of_its_side(tmp_path: Path) -> None:
    """Neither a stance, nor a nought, nor a "no" that nobody gave."""
    file = tmp_path / "alone.yaml"
    file.write_text(
        "scenario: 1\nfacts: {has_sponsor: false, core_group_size: {between: [2, 5]}, member_value_now: 52,\n"
        "  member_value_outlook: {between: [35, 55]}, needs_shift: 45, shift_durable: true}\n"
    )
    restrict = call("why-not", str(file), "restrict_membership").out
    assert "-        the sponsor's stance: does not apply" in restrict
    assert "stance: fixed" not in restrict
    assert "met      the sponsor's stance" not in restrict
    undone = " ".join(call("flip", str(file)).out.split())
    assert undone.count("Ruled out by what is not to be changed here: has a sponsor: no.") == 2
    decided = call("decide", str(file), "--full").out
    assert "there is no sponsor to shift the focus with" in decided
    assert "0 only" not in decided


def test_what_cannot_follow_is_told_with_what_decides_instead(tmp_path: Path) -> None:
    file = tmp_path / "moved.yaml"
    file.write_text(
        "scenario: 1\nfacts: {has_sponsor: true, core_group_size: 3, member_value_now: 35, member_value_outlook: 38, needs_shift: 55,\n"
        "  sponsor_value_now: 20, sponsor_value_outlook: 30, contribution: 45, sponsor_engaged: refused_shift,\n"
        "  sponsor_stance: fixed, overlap_short: 20, overlap_long: {between: [20, 30]}, openness_to_realign: 55}\n"
    )
    told = " ".join(call("why-not", str(file), "restrict_membership").out.split())
    assert "it is not possible, whatever the open ones turn out to be. One of these decides: " in told
    assert "follow the sponsor to its new need (shift the focus)" in told
    assert "(keep course)" in told
    decided = " ".join(call("decide", str(file)).out.split())
    assert "Overlap 20 now, 20 to 30 ahead: none now (below 25*) O07" in decided
