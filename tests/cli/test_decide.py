"""`decide`: one page a case, the answer first, the hard parts never dropped."""

from __future__ import annotations

import ast
import json
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import pytest

from sharedvalue.cli import decide
from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.telling.answer import LINES, answer_page
from sharedvalue.engine.telling.page import ALWAYS
from sharedvalue.engine.worlds import Worlds
from tests.cli.calling import GOLDEN, ROOT, SCENARIOS, Answered, call, golden, process, scenario

GOLDEN_CASES = [
    "neophytes-and-experts",
    "experts-only-but-there-are-no-experts",
    "silent-drift",
    "the-sweet-spot",
    "mathoverflow-research-level-only",
    "shifted-needs-are-more-strategic",
    "laboratories-in-two-tiers",
    "the-survey-is-three-years-old",
]


@lru_cache(maxsize=1)
def book() -> RuleBook:
    return load()


@lru_cache(maxsize=64)
def told(path: Path) -> tuple[Answered, Advice]:
    """What is printed of a case, and the advice that it was printed from: worked out once for all that is asked of it."""
    made: list[Advice] = []

    def noted(worlds: Worlds) -> Advice:
        made.append(advise(worlds))
        return made[-1]

    with patch.object(decide, "advise", noted):
        return call("decide", str(path)), made[0]


def answered(path: Path) -> Answered:
    return told(path)[0]


def advice(path: Path) -> Advice:
    return told(path)[1]


@pytest.mark.parametrize("name", GOLDEN_CASES)
def test_answer_reads_as_kept(name: str) -> None:
    found = call("decide", scenario(name))
    assert (found.code, found.err) == (0, "")
    assert found.out == golden(name, found.out)


def test_every_kept_answer_belongs_to_a_case() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(GOLDEN_CASES)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_answer_fits_a_page(path: Path) -> None:
    found = answered(path)
    assert found.code == 0
    assert len(found.lines) <= LINES
    assert max(map(len, found.lines)) <= 80
    assert not any(line != line.rstrip() for line in found.lines)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_what_is_never_dropped_is_there(path: Path) -> None:
    page, printed = answer_page(advice(path)), " ".join(answered(path).out.split())
    for section in page.sections:
        for entry in section.entries:
            if entry.weight >= ALWAYS:
                assert entry.said in printed


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_hard_answer_is_told_with_what_would_avoid_it(path: Path) -> None:
    said, outcome = answered(path), book().outcomes.outcomes[advice(path).decision.outcome]
    told = [
        n for n, line in enumerate(said.lines) if line.startswith(("Would avoid it:", "No single change"))
    ]
    assert bool(told) is outcome.hard
    assert all(n <= 4 for n in told)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_nobody_is_sent_to_look_for_people_to_exclude(path: Path) -> None:
    found = advice(path)
    if found.decision.outcome == "NO_VIABLE_COURSE":
        assert all(move.outcomes != ("RESTRICT_MEMBERSHIP",) for move in found.avoid)
        assert "restrict the membership)" not in answered(path).out


def test_near_flip_stands_in_the_headline() -> None:
    head = " ".join(" ".join(call("decide", scenario("mathoverflow-research-level-only")).lines[:3]).split())
    assert "contribution 6 points higher would mean keeping course" in head


def test_open_answer_says_what_could_follow_and_what_to_ask() -> None:
    out = call("decide", scenario("silent-drift")).out
    for heading in ("KNOWN", "WHAT COULD FOLLOW", "ASK NEXT", "MEANWHILE"):
        assert f"\n{heading}" in out
    assert "HOW FIRM" not in out
    assert "would not change the answer: the sponsor's stance" in out


def test_full_says_all_that_the_page_says_and_more() -> None:
    short, long = (call("decide", scenario("neophytes-and-experts"), *more) for more in ((), ("--full",)))
    flat = " ".join(long.out.split())
    rules = [line for line in short.lines if line.endswith(("V05", "V06", "S08"))]
    assert rules
    assert all(line in long.lines for line in rules)
    assert len(long.lines) > len(short.lines)
    assert "Newcomers replace those who leave" in flat


def test_json_of_one_and_of_several() -> None:
    one = json.loads(call("decide", scenario("silent-drift"), "--json").out)
    two = json.loads(call("--json", "decide", scenario("silent-drift"), scenario("the-sweet-spot")).out)
    assert one["schema"] == "sharedvalue/decision/1"
    assert [case["outcome"] for case in two] == ["NOT_YET", "KEEP_COURSE"]
    assert two[0] == one


def test_several_make_a_table() -> None:
    found = call("decide", *(scenario(name) for name in GOLDEN_CASES))
    assert found.code == 0
    assert max(map(len, found.lines)) <= 80
    assert "provisional" in found.out
    assert found.lines[0].split() == ["Scenario", "Outcome", "How", "Status", "Risk", "Rule"]


def test_scenario_from_standard_input() -> None:
    text = (ROOT / scenario("the-sweet-spot")).read_text(encoding="utf-8")
    found = process("decide", "-", stdin=text)
    assert found.code == 0
    assert found.lines[0] == "KEEP COURSE: as it is"
    assert found.lines[-1].endswith("sharedvalue why FILE")


def test_mistakes_in_several_files_are_told_at_once_and_nothing_else(tmp_path: Path) -> None:
    bad = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    bad[0].write_text("scenario: 1\nfacts: {has_sponsor: true, contributoin: 5}\n", encoding="utf-8")
    bad[1].write_text("scenario: 1\nfacts: {has_sponsor: perhaps}\n", encoding="utf-8")
    found = call("decide", scenario("the-sweet-spot"), *map(str, bad))
    assert (found.code, found.out) == (2, "")
    assert "a.yaml:2:28" in found.err
    assert "b.yaml:2" in found.err
    assert "Did you mean contribution" in found.err


def test_house_changes_are_always_told(tmp_path: Path) -> None:
    house = "thresholds: {value_unmet: {value: 30, because: Our line.}}\n"
    (tmp_path / "house.yaml").write_text(house, encoding="utf-8")
    found = call("decide", scenario("neophytes-and-experts"), "--rules", str(tmp_path))
    assert len(found.lines) <= LINES
    assert "House changes in force: value_unmet 40 -> 30" in found.out
    before = call("--rules", str(tmp_path), "decide", scenario("neophytes-and-experts"))
    assert before.out == found.out


def test_warnings_are_never_dropped() -> None:
    text = (ROOT / scenario("no-sponsor-at-all")).read_text(encoding="utf-8")
    found = process("decide", "-", stdin=text.replace("facts:\n", "facts:\n  strategic_potential: 5\n", 1))
    if "two of" not in found.err:  # the case may state it already
        assert "Warning: ignored, since they mean nothing here" in found.out


@pytest.mark.parametrize("name", ["answer", "because", "phrases", "checks"])
def test_words_about_communities_come_from_the_rule_book(name: str) -> None:
    tree = ast.parse((ROOT / "engine" / "telling" / f"{name}.py").read_text(encoding="utf-8"))
    documentation = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    }
    words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    for text in (w for w in words if w not in documentation and w != "tell_sponsor"):
        assert not any(word in text.lower() for word in ("member", "sponsor", "expert", "communit")), text


def test_what_is_open_says_that_its_readings_conflict() -> None:
    told = " ".join(call("decide", scenario("they-say-yes-and-nobody-comes")).out.split())
    assert (
        "Open: member value unmet, or member value partial: member value now 20 to 76 (conflicting evidence)"
        in told
    )


def test_what_is_on_record_is_not_asked_for_again() -> None:
    """The agreement stands in the log; other facts are open, and the outcome is certain all the same."""
    told = call("decide", "--full", scenario("hospice-nurses-a-shift-decided-together")).out
    assert told.startswith("AGREED: shift the focus")
    assert "Write down the decision" not in told
    assert "without anyone deciding it" not in told
