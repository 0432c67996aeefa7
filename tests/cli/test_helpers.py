"""`explain`, `facts`, `rules`, `evidence` and `scenario`: what they print, their JSON, and their exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sharedvalue.engine.language.loading import load
from tests.cli.calling import ROOT, call, refused, scenario
from tests.schemas import fits

BOOK = load()


def found(*arguments: str) -> dict[str, object]:
    answered = call(*arguments, "--json")
    assert answered.code == 0, answered
    result: dict[str, object] = json.loads(answered.out)
    return result


# --- explain and rules show -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("word", "kind"), [
    ("SV204", "code"), ("sv204", "code"), ("O07", "rule"), ("o07", "rule"), ("K46", "claim"), ("L20", "source"), ("sponsor_stance", "fact"),
    ("F22", "fact"), ("overlap_strong", "threshold"), ("member_value", "measure"), ("keep-course", "outcome"), ("as_is", "mode"),
    ("proposed", "status"), ("A22", "action"), ("X04", "risk"), ("need_fixed", "conclusion"), ("agreed_is_not_fixed", "constraint"),
])  # fmt: skip
def test_any_word_is_explained(word: str, kind: str) -> None:
    assert found("explain", word)["what"] == kind
    answered = call("explain", word)
    assert answered.code == 0
    assert answered.lines
    assert all(len(line) <= 80 for line in answered.lines if not line.startswith("  "))


def test_unknown_word_has_a_suggestion() -> None:
    answered = call("explain", "overlap_stong")
    assert (answered.code, answered.out) == (2, "")
    assert "Did you mean overlap_strong" in answered.err
    assert "Did you mean SV20" in call("explain", "SV299").err


def test_everything_in_the_rule_book_can_be_shown() -> None:
    from sharedvalue.cli.rule_book_pages import as_json, find, lines, words

    for word in words(BOOK):
        thing = find(BOOK, word)
        assert thing is not None, word
        told = {
            "what": thing.kind,
            "rulebook": {"version": "1", "hash": "", "house_changes": []},
            **json.loads(json.dumps(as_json(BOOK, thing))),
        }
        for name in ("explain", "rule"):
            fits({"schema": f"sharedvalue/{name}/1", **told})
        for line in lines(BOOK, thing):
            assert len(line) <= 80 or " " not in line.strip(), f"{word}: {line}"


def test_a_rule_in_full_has_its_conditions_reasons_and_quotes() -> None:
    shown = " ".join(call("rules", "show", "O07").out.split())
    assert "overlap_short_none and not overlap_long_strong" in shown
    assert '"If not, you need to reconsider"' in shown
    assert "CC BY 4.0" in shown


# --- rules ------------------------------------------------------------------------------------------------------------
def test_rules_are_all_listed() -> None:
    printed = call("rules", "list").out
    assert all(f"\n{rule}  " in printed for rule in BOOK.rules)
    assert len(found("rules", "list")["entries"]) == len(BOOK.rules)  # type: ignore[arg-type]  # a list, by the schema


def test_one_chapter() -> None:
    entries = found("rules", "list", "--chapter", "v")["entries"]
    assert isinstance(entries, list)
    assert {entry["chapter"] for entry in entries} == {"V"}
    assert refused("rules", "list", "--chapter", "Q") == "SV209"


@pytest.mark.parametrize(
    "part",
    [
        "thresholds",
        "measures",
        "claims",
        "sources",
        "actions",
        "risks",
        "outcomes",
        "modes",
        "constraints",
        "absent",
    ],
)
def test_parts_of_the_rule_book(part: str) -> None:
    assert call("rules", "list", f"--{part}").code == 0
    assert found("rules", "list", f"--{part}")["entries"]


def test_a_sound_rule_book() -> None:
    answered = call("rules", "check")
    assert answered.code == 0
    assert answered.out.startswith("Sound: ")
    assert BOOK.hash in answered.out
    assert "No house changes." in answered.out
    counts = found("rules", "check", "--quick")["counts"]
    assert isinstance(counts, dict)
    assert counts["rules"] == len(BOOK.rules)
    assert "ORDER, stage world" in call("rules", "check", "--quick", "--order").out


def test_house_changes_are_told(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(
        "thresholds: {value_met: {value: 65, because: We are stricter.}}\noff: {E05: We know them.}\n"
    )
    answered = call("rules", "check", "--quick", "--rules", str(tmp_path))
    assert answered.code == 0
    assert "house: threshold value_met: 60 -> 65" in answered.out
    assert "house: off E05" in answered.out
    assert "We are stricter." in " ".join(call("explain", "value_met", "--rules", str(tmp_path)).out.split())


# --- facts ------------------------------------------------------------------------------------------------------------
def test_facts_are_all_listed() -> None:
    printed = call("facts").out
    assert all(f"\n{fact} " in printed for fact in BOOK.facts)
    assert len(found("facts")["facts"]) == len(BOOK.facts)  # type: ignore[arg-type]  # a list, by the schema


def test_one_fact() -> None:
    assert "Does the sponsor's need have to stay as it is?" in call("facts", "sponsor_stance").out
    assert found("facts", "F27")["name"] == "sponsor_stance"
    answered = call("facts", "sponsor_stanze")
    assert answered.code == 2
    assert "Did you mean sponsor_stance" in answered.err


def test_open_facts() -> None:
    listed = found("facts", "--open", scenario("silent-drift"))["facts"]
    assert isinstance(listed, list)
    names = {fact["name"] for fact in listed}
    assert "sponsor_stance" in names, "it is one of two"
    assert "member_value_now" not in names
    assert "members_total" in names


# --- evidence ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("members", "answers"),
    [(50, 29), (100, 41), (200, 51), (600, 61), (2000, 66), (1, 1), (2, 2), (100_000_000, 68)],
)
def test_survey_size(members: int, answers: int) -> None:
    from sharedvalue.engine.evidence.sample import required

    assert required(BOOK, members).answers == answers


def test_survey_size_is_the_textbook_formula_rounded_up() -> None:
    from fractions import Fraction
    from math import ceil

    from sharedvalue.engine.evidence.sample import required

    z, e = Fraction(1645, 1000), Fraction(1, 10)
    q = z * z / 4
    for n in [*range(1, 400), 999, 12345, 10**6]:
        assert required(BOOK, n).answers == max(1, ceil(n * q / (e * e * (n - 1) + q))), n


def test_survey_size_follows_the_house(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(
        "thresholds: {survey_error: {value: 5, because: We want to know better.}}\n"
    )
    assert "116" in call("evidence", "sample", "200", "--rules", str(tmp_path)).out


@pytest.mark.parametrize("members", ["0", "-5", "many", "1.5", "9" * 40, "٥٠"])
def test_no_population(members: str) -> None:
    answered = call("evidence", "sample", "--", members)
    assert (answered.code, answered.out) == (2, "")
    assert answered.err.startswith("SV402")


def test_basis_says_what_rests_on_what(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "scenario: 1\nas_of: 2026-11-24\nfacts: {has_sponsor: true, members_total: 600, member_value_outlook: {value: 60, confidence: low},\n"
        "  sponsor_value_now: {between: [20, 50]}, contribution: 50}\nevidence:\n"
        "  - {fact: member_value_now, source: survey, date: 2026-05-01, n: 61, population: 600, reading: 60, drawn_from_all: true}\n"
        "  - {fact: member_value_now, source: attendance, date: 2026-05-01, n: 61, reading: 20}\n"
    )
    facts = found("evidence", "basis", str(file))["facts"]
    assert isinstance(facts, list)
    by_name = {fact["fact"]: fact for fact in facts}
    stated = by_name["member_value_now"]
    assert (stated["rests_on"], stated["low"], stated["high"], stated["confidence"]) == (
        "evidence",
        20,
        60,
        "low",
    )
    assert [rule["rule"] for rule in stated["rules"]] == ["E02", "E08"]
    assert "from 20 to 60" in stated["rules"][1]["sentence"], "a conflict spans both readings"
    assert by_name["member_value_outlook"]["rests_on"] == "stated confidence"
    assert by_name["sponsor_value_now"]["rests_on"] == "range"
    assert by_name["contribution"]["rests_on"] == "estimate"
    assert by_name["sponsors_conflict"]["rests_on"] == "assumption"
    assert by_name["overlap_short"]["rests_on"] == "nothing"
    printed = call("evidence", "basis", str(file)).out
    assert "EVIDENCE" in printed
    assert "unknown to unknown" not in printed


# --- scenario ---------------------------------------------------------------------------------------------------------
def test_new_scenario_is_decided_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "our-community.yaml"
    assert call("scenario", "new", str(file)).code == 0
    assert "title: Our community\n" in file.read_text()
    assert call("scenario", "check", str(file)).code == 0
    again = call("scenario", "new", str(file))
    assert (again.code, again.err[:5]) == (2, "SV112")
    assert call("scenario", "new", str(file), "--force").code == 0


def test_new_scenario_from_a_built_in_one(tmp_path: Path) -> None:
    file = tmp_path / "copy.yaml"
    assert call("scenario", "new", str(file), "--from", "silent-drift").code == 0
    assert file.read_text("utf-8") == (ROOT / scenario("silent-drift")).read_text("utf-8")
    wrong = call("scenario", "new", str(tmp_path / "x.yaml"), "--from", "silent-drft")
    assert (wrong.code, wrong.err[:5]) == (2, "SV101")
    assert "Did you mean silent-drift?" in wrong.err


def test_new_scenario_can_be_printed() -> None:
    assert call("scenario", "check", "-", stdin=call("scenario", "new", "-").out).code == 0


def test_check_holds_a_scenario_to_what_it_expects(tmp_path: Path) -> None:
    text = (ROOT / scenario("silent-drift")).read_text("utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(
        text.replace("NOT_YET", "KEEP_COURSE").replace("sponsor_not_asked", "as_is"), encoding="utf-8"
    )
    assert call("scenario", "check", scenario("silent-drift")).code == 0
    answered = call("scenario", "check", scenario("silent-drift"), str(other))
    assert answered.code == 1
    assert "differs" in answered.out
    assert "KEEP_COURSE (as_is)" in answered.out


def test_check_tells_mistakes_and_goes_on(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("scenario: 1\nfacts: {has_sponsr: true}\n")
    answered = call("scenario", "check", str(broken), scenario("silent-drift"))
    assert answered.code == 2
    assert "holds" in answered.out
    assert "SV204" in answered.err
    result = json.loads(call("scenario", "check", "--json", str(broken), scenario("silent-drift")).out)
    assert result["holds"] is False
    assert [s["result"] for s in result["scenarios"]] == ["mistakes", "holds"]


def test_built_in_scenarios_are_listed() -> None:
    listed = found("scenario", "list")["scenarios"]
    assert isinstance(listed, list)
    assert {s["name"] for s in listed} == {p.stem for p in (ROOT / "scenarios").glob("*.yaml")}
    only = found("scenario", "list", "--outcome", "not-yet")["scenarios"]
    assert isinstance(only, list)
    assert {s["outcome"] for s in only} == {"NOT_YET"}


@pytest.mark.parametrize("group", ["rules", "scenario", "evidence"])
def test_a_group_alone_shows_its_help(group: str) -> None:
    answered = call(group)
    assert answered.code == 0
    assert answered.out.startswith(f"Usage: sharedvalue {group}")
