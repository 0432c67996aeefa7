"""`what-if` and `graph`: what changed, and files that are written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.calling import call, scenario

CASE = scenario("neophytes-and-experts")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_before_and_after() -> None:
    told = json.loads(call("what-if", CASE, "--set", "contribution=66", "--json").out)
    assert told["schema"] == "sharedvalue/what-if/1"
    assert (told["before"]["outcome"], told["after"]["outcome"]) == ("RESTRICT_MEMBERSHIP", "KEEP_COURSE")
    assert told["after"]["modes"] == ["repair_sponsor_value"]  # a space inside would not be enough
    assert "restrict_viable" in told["conclusions_lost"]
    assert {k: told["rules_gained"][-1][k] for k in ("rule", "deciding")} == {"rule": "Z21", "deciding": True}
    assert told["set"][0]["before"] == "50"


def test_field_of_a_record() -> None:
    found = call("what-if", CASE, "--set", "segments[experts].overlap=30")
    assert found.code == 0
    assert found.lines[:2] == ["SET", " overlap (experts): 80 -> 30"]
    assert "The answer changes." in found.lines


def test_unknown_and_ranges_and_lists() -> None:
    for value, said in (("unknown", "unknown"), ("20..60", "20 to 60"), ("20|60", "20 or 60")):
        found = call("what-if", CASE, "--set", f"openness_to_realign={value}")
        assert found.code == 0
        assert found.lines[1].endswith(f"-> {said}")


def test_assumptions_that_change_with_it_are_told() -> None:
    found = call("what-if", scenario("silent-drift"), "--set", "sponsor_engaged=contacted")
    assert "CHANGED WITH IT" in found.lines
    assert " source of the stance: leader inferred -> sponsor said" in found.lines


def test_value_that_counts_as_a_range_says_so() -> None:
    found = call("what-if", scenario("silent-drift"), "--set", "strategic_potential=80")
    assert "(low confidence)" in found.out


def test_same_answer() -> None:
    found = call("what-if", scenario("the-sweet-spot"), "--set", "needs_shift=20")
    assert "The answer stays the same." in found.lines


def test_unknown_fact_and_bad_value_and_no_value() -> None:
    for written, told in (
        ("contributoin=5", "Did you mean contribution"),
        ("contribution=500", "SV205"),
        ("contribution", "SV120"),
    ):
        found = call("what-if", CASE, "--set", written)
        assert (found.code, found.out) == (2, "")
        assert told in found.err


def test_difference_is_drawn(tmp_path: Path) -> None:
    target = tmp_path / "change.json"
    found = call("what-if", CASE, "--set", "contribution=66", "-o", str(target))
    assert found.code == 0
    assert f"wrote {target}" in flat(found.err)
    assert "wrote" not in found.out
    assert {"gained", "lost"} <= {
        node.get("change") for node in json.loads(target.read_text(encoding="utf-8"))["nodes"]
    }


def test_graph_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "why.json"
    target.write_text("old", encoding="utf-8")
    found = call("graph", scenario("silent-drift"), "-o", str(target))
    assert (found.code, found.err) == (0, "")
    assert flat(found.out).startswith(f"wrote {target}: ")
    data = json.loads(target.read_text(encoding="utf-8"))
    assert sum(node["kind"] == "decision" for node in data["nodes"]) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["why.json"]


def test_graph_says_in_json_what_was_written(tmp_path: Path) -> None:
    told = json.loads(call("graph", scenario("silent-drift"), "-o", str(tmp_path / "a.dot"), "--json").out)
    assert told["nodes"] > 5
    assert told["file"].endswith("a.dot")


def test_unknown_format_is_told_before_anything_is_done(tmp_path: Path) -> None:
    found = call("graph", "no-such-scenario.yaml", "-o", str(tmp_path / "why.pdf"))
    assert found.code == 2
    assert "why.pdf" in found.err
    assert "no-such-scenario" not in found.err


def test_supposed_value_stands_against_conflicting_or_weak_evidence() -> None:
    found = call("what-if", scenario("spack-users-2020-and-2021"), "--set", "member_value_now=54")
    assert found.lines[:2] == ["SET", " member value now: 42 to 100 -> 54"]
    old = call("what-if", scenario("the-survey-is-three-years-old"), "--set", "member_value_now=54")
    assert old.lines[1] == " member value now: unknown -> 54"


def test_value_that_counts_as_a_range_says_how_to_take_it_exactly() -> None:
    found = call("what-if", scenario("silent-drift"), "--set", "strategic_potential=80")
    assert "sharedvalue sweep FILE --vary strategic_potential=VALUE --vary-unknown" in flat(found.out)


def test_export_that_is_no_table_of_communities_is_sent_to_import(tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text("Respondent ID,How useful is the community?\n1,5\n2,4\n", encoding="utf-8")
    found = call("decide", str(survey))
    assert (found.code, found.out) == (2, "")
    assert "sharedvalue import" in found.err
    assert "1 mistake" not in found.err


def test_what_is_set_stands_against_evidence_in_every_command() -> None:
    """A survey says that the community could ease 65; what is set is taken exactly by what-if, by a sweep and by a map alike."""
    case, told = scenario("valued-but-not-seen"), ("--set", "contribution=29", "--json")
    assert json.loads(call("what-if", case, *told).out)["after"]["outcome"] == "NOT_YET"
    swept = json.loads(call("sweep", case, "--vary", "failed_repairs=0..2", *told).out)
    assert [(one["outcome"], one["worlds"]) for one in swept["outcomes"]] == [("NOT_YET", 3)]
    drawn = json.loads(call("map", case, "--x", "failed_repairs", "--y", "age_months=20..24", *told).out)
    assert drawn["here"]["outcome"] == "NOT_YET"
    assert {region["outcome"] for region in drawn["regions"]} == {"NOT_YET"}
