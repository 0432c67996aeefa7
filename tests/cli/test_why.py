"""`why`: the chain to the decision or to a conclusion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import SCENARIOS, call, scenario
from tests.cli.test_why_not import HALF_KNOWN

CASE = scenario("neophytes-and-experts")


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_case_can_be_asked(path: Path) -> None:
    found, told = call("why", str(path)), json.loads(call("why", str(path), "--json").out)
    assert found.code == 0
    assert max(map(len, found.lines)) <= 80
    assert told["schema"] == "sharedvalue/why/1"
    assert told["steps"] or told["forks"]


def test_chain_goes_from_the_decision_down_to_facts() -> None:
    told = json.loads(call("why", CASE, "--json").out)
    top = told["steps"][0]
    assert (top["rule"], top["conclusions"]) == ("Z06", ["RESTRICT_MEMBERSHIP"])
    below = {step["rule"]: step for step in top["below"][0]["below"]}
    assert set(below) == {"S08", "V08", "V06", "V07"}
    contrast = next(n for n in below["V06"]["numbers"] if n["threshold"])
    assert (contrast["value"], contrast["needed"], contrast["distance"]) == ("70", "30", 40.0)
    assert contrast["threshold"] == {"name": "contrast_min", "value": 30, "basis": "house"}


def test_numbers_quotes_and_basis_are_printed() -> None:
    said = flat(call("why", CASE).out)
    assert "contribution of the kept group alone 75 (50* needed, 25 to spare)" in said
    assert '"If the needs of the organization have to remain fixed" (K61)' in said
    assert "Your estimate, no evidence:" in said
    assert "LOOKED AT FIRST, AND DID NOT HOLD" in said


def test_open_case_has_a_chain_for_each_outcome() -> None:
    told = json.loads(call("why", scenario("silent-drift"), "--json").out)
    assert [fork["outcome"] for fork in told["forks"]] == ["SHIFT_FOCUS", "NOT_YET"]
    assert all(fork["example"] and fork["steps"] for fork in told["forks"])


@pytest.mark.parametrize("written", ["need_fixed", "need-fixed", "Need Fixed", "S08"])
def test_one_conclusion_or_rule(written: str) -> None:
    found = call("why", CASE, written)
    assert found.code == 0
    assert "S08  The need of the sponsor has to remain fixed" in found.out


def test_conclusion_about_a_record() -> None:
    assert "V08  Experts (260 members)" in call("why", CASE, "qualifies(experts)").out


def test_conclusion_that_does_not_hold_points_to_why_not() -> None:
    found = call("why", CASE, "shift_viable")
    assert found.code == 0
    assert flat(found.out).startswith("shift_viable does not hold here.")
    assert f"sharedvalue why-not {CASE} shift_viable" in flat(found.out)


def test_fact_says_what_it_rests_on() -> None:
    assert "contribution 50" in call("why", CASE, "contribution").out


def test_unknown_name_is_told_with_the_nearest() -> None:
    found = call("why", CASE, "need_fixd")
    assert (found.code, found.out) == (2, "")
    assert "SV241" in found.err
    assert "Did you mean need_fixed" in found.err


def test_evidence_behind_a_fact() -> None:
    said = flat(call("why", scenario("the-survey-is-three-years-old")).out)
    assert "overlap now 60 (confidence medium" in said
    assert "sponsor interview, n 1, reading 60" in said


def test_of_each_course_that_failed_the_nearest_way_is_told_with_what_it_lacks() -> None:
    told = " ".join(call("why", scenario("sepsis-collaborative-in-a-staffing-crisis")).out.split())
    courses = told.split("EACH COURSE, AND WHAT IT LACKS")[1].split("LOOKED AT FIRST")[0]
    assert "V01 Keep course: overlap now 20 (25* needed, 5 short) V02" in courses
    assert "openness to the sponsor's theme 45 (50* needed, 5 short)" in courses
    assert "V03 Shift the focus: contribution to the new needs 20 (40* needed, 20 short)" in courses
    assert "age in months" not in courses  # nobody grows younger


def test_what_stands_against_a_course_is_told_in_its_own_words() -> None:
    told = " ".join(call("why", scenario("court-clerks-no-form-for-the-groups")).out.split())
    assert "V13 An inner circle: a space inside would be enough: no (yes needed) V05" in told
    assert "V05 Restrict the membership: the rules do not permit excluding anyone" in told


def test_the_chain_of_an_example_tells_at_what_it_takes_the_ranges(tmp_path: Path) -> None:
    """Each value that the sentences below read and that is given as a range, or not at all, stands above them."""
    file = tmp_path / "half.yaml"
    file.write_text(HALF_KNOWN, encoding="utf-8")
    keep, restrict = " ".join(call("why", str(file)).out.split()).split("RESTRICT THE MEMBERSHIP:")
    header = keep.split("KEEP COURSE, for example with ")[1].split(" Z20 ")[0]
    assert "contribution of the kept group alone: 67.5" in header
    assert "could ease 67.5 of 100" in keep
    assert "openness to the sponsor's theme: 32.5" in restrict.split(" Z06 ")[0]
    assert (
        keep.count("talk with the sponsor: in dialogue (anything but agreed shift needed)") == 2
    )  # once for each rule
