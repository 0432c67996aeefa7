"""Variations in one file: read strictly, each decided as if it were set by hand, told side by side and drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.questions.variations import deciding_rule, side_by_side
from sharedvalue.engine.questions.variations_file import MOST_VARIATIONS, load_variations
from sharedvalue.engine.questions.what_if import what_if
from sharedvalue.engine.worlds import form
from tests.cli.calling import call, refused

ROOT = Path(__file__).resolve().parents[2]
BOOK = load()
SHIPPED = sorted((ROOT / "scenarios" / "variations").glob("*.yaml"))
CASE = ROOT / "scenarios" / "neophytes-and-experts.yaml"
HEAD = f"what_if: 1\nbaseline: {CASE}\n"
ONE = "variations:\n- name: one\n  set: {contribution: 66}\n"


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "variations.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_variations_are_read_and_change_something(path: Path) -> None:
    found = side_by_side(BOOK, load_variations(path, BOOK))
    assert len(found.varied) >= 3
    assert not all(varied.found.same_answer for varied in found.varied)


@pytest.mark.parametrize(
    "written, settings",
    [
        ("{contribution: 66}", {"contribution": "66"}),
        ("{openness_to_realign: 20..50}", {"openness_to_realign": "20..50"}),
        ("{openness_to_realign: {between: [20, 50]}}", {"openness_to_realign": "20..50"}),
        ("{sponsor_stance: fixed|negotiable}", {"sponsor_stance": "fixed|negotiable"}),
        ("{sponsor_stance: unknown, contribution: 40}", {"sponsor_stance": "unknown", "contribution": "40"}),
        ('{"segments[experts].overlap": 30}', {"segments[experts].overlap": "30"}),
    ],
)
def test_a_variation_is_what_setting_by_hand_gives(
    tmp_path: Path, written: str, settings: dict[str, str]
) -> None:
    text = f"{HEAD}variations:\n- name: one\n  set: {written}\n"
    [varied] = side_by_side(BOOK, load_variations(file(tmp_path, text), BOOK)).varied
    by_hand = what_if(decide(form(BOOK, load_scenario(CASE, BOOK))), settings)
    assert (varied.found.after.outcome, varied.found.after.modes) == (
        by_hand.after.outcome, by_hand.after.modes
    )  # fmt: skip
    assert varied.found.rules_gained == by_hand.rules_gained
    assert varied.found.rules_lost == by_hand.rules_lost
    assert varied.found.set == by_hand.set


def test_the_baseline_may_stand_in_the_file(tmp_path: Path) -> None:
    lines = CASE.read_text(encoding="utf-8").splitlines()
    inline = "\n".join(f"  {line}" for line in lines)
    found = load_variations(file(tmp_path, f"what_if: 1\nbaseline:\n{inline}\n{ONE}"), BOOK)
    assert found.baseline.stated.keys() == load_scenario(CASE, BOOK).stated.keys()


@pytest.mark.parametrize(
    "text, code, told",
    [
        ("scenario: 1\nfacts: {has_sponsor: true}\n", "SV210", "not a file of variations"),
        ("- a\n", "SV210", "not a file of variations"),
        (f"what_if: 2\nbaseline: {CASE}\n{ONE}", "SV202", "format version '2'"),
        (f"what_if: 1\n{ONE}", "SV303", "no 'baseline'"),
        (HEAD, "SV210", "there is no variation in it"),
        (f"{HEAD}variations: []\n", "SV210", "there is no variation in it"),
        (f"{HEAD}variation:\n- name: one\n", "SV305", "'variation' is not a key"),
        (f"what_if: 1\nbaseline: no-such-case.yaml\n{ONE}", "SV101", "no-such-case.yaml"),
        (f"what_if: 1\nbaseline: []\n{ONE}", "SV302", "must be the path"),
        (f"{HEAD}variations:\n- name: one\n  set: {{contributoin: 5}}\n", "SV204", "contributoin"),
        (f"{HEAD}variations:\n- name: one\n  set: {{contribution: 500}}\n", "SV205", "500"),
        (f"{HEAD}variations:\n- name: one\n  set: {{contribution: 60..40}}\n", "SV205", "lowest, highest"),
        (
            f"{HEAD}variations:\n- name: one\n  set: {{contribution: {{one_of: []}}}}\n",
            "SV302",
            "contribution",
        ),
        (f"{HEAD}variations:\n- name: one\n", "SV303", "has no 'set'|must be a table"),
        (f"{HEAD}variations:\n- name: one\n  set: {{}}\n", "SV210", "sets nothing"),
        (f"{HEAD}variations:\n- set: {{contribution: 5}}\n", "SV303", "has no 'name'"),
        (f"{HEAD}{ONE}- name: One\n  set: {{contribution: 5}}\n", "SV206", "have the name 'One'"),
        (f"{HEAD}variations:\n- one\n", "SV302", "must be a table"),
        (
            f'{HEAD}variations:\n- name: one\n  set: {{"segments[experts].overlap": 3, "segments[0].overlap": 4}}\n',
            "SV206",
            "the same fact",
        ),
        (
            f"{HEAD}variations:\n" + "- {name: a, set: {contribution: 5}}\n" * (MOST_VARIATIONS + 1),
            "SV901",
            "more than the 20",
        ),
    ],
)
def test_every_mistake_is_told_with_its_code(tmp_path: Path, text: str, code: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        load_variations(file(tmp_path, text), BOOK)
    codes = {problem.code for problem in caught.value.problems}
    words = " ".join(problem.what for problem in caught.value.problems)
    assert code in codes or (code == "SV303" and "SV302" in codes), (codes, words)
    assert any(part in words for part in told.split("|")), words


def test_a_variation_that_cannot_be_is_named(tmp_path: Path) -> None:
    text = f"{HEAD}variations:\n- name: agreed and fixed\n  set: {{sponsor_engaged: agreed_shift, sponsor_stance: fixed}}\n"
    with pytest.raises(UserError) as caught:
        side_by_side(BOOK, load_variations(file(tmp_path, text), BOOK))
    assert caught.value.problems[0].code == "SV207"
    assert "variation 'agreed and fixed'" in str(caught.value.problems[0].place)


def test_side_by_side_in_words_and_json() -> None:
    shown = call("what-if", str(SHIPPED[-1]))
    assert (shown.code, shown.err) == (0, "")
    assert all(len(line) <= 80 for line in shown.lines)
    told = json.loads(call("what-if", str(SHIPPED[-1]), "--json").out)
    assert told["schema"] == "sharedvalue/variations/1"
    found = side_by_side(BOOK, load_variations(SHIPPED[-1], BOOK))
    assert [one["rule"] for one in told["variations"]] == [deciding_rule(v.found.after) for v in found.varied]
    for varied in found.varied:
        assert varied.name.upper() in " ".join(shown.out.split())


def test_pictures_are_one_page_or_a_file_each(tmp_path: Path) -> None:
    assert call("what-if", str(SHIPPED[0]), "-o", str(tmp_path / "all.html")).code == 0
    page = (tmp_path / "all.html").read_text(encoding="utf-8")
    count = page.count("<section")
    assert count == page.count("data:image/svg+xml;base64,") == page.count('class="twin"') == 3
    assert "<script" not in page
    assert "http-equiv" in page
    assert call("what-if", str(SHIPPED[0]), "-o", str(tmp_path / "one.json")).code == 0
    assert sorted(p.name for p in tmp_path.glob("one*")) == ["one-1.json", "one-2.json", "one-3.json"]


def test_names_cannot_break_the_page(tmp_path: Path) -> None:
    text = f'{HEAD}variations:\n- name: "<b>&\\"\'"\n  why: "<script>"\n  set: {{contribution: 66}}\n'
    assert call("what-if", str(file(tmp_path, text)), "-o", str(tmp_path / "a.html")).code == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>" not in page


def test_setting_goes_with_a_scenario_only() -> None:
    assert "SV120" in call("what-if", str(SHIPPED[0]), "--set", "contribution=5").err
    assert refused("what-if", str(CASE)) == "SV120"
