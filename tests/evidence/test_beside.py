"""Somebody's own number and what the evidence reads, side by side: which decides, and what is told of the other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.evidence.basis import FactBasis, basis
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.questionnaire import Field, questionnaire
from sharedvalue.engine.questions.why import why
from sharedvalue.engine.worlds import Worlds, form
from tests.cli.calling import call
from tests.evidence.exports_here import BOOK

SURVEY = (
    "{fact: %s, source: survey, date: 2026-%s, n: 90, population: 600, reading: %s, drawn_from_all: true}"
)


def case(own: str, *readings: tuple[str, int], fact: str = "member_value_now") -> str:
    items = "".join(f"  - {SURVEY % (fact, day, reading)}\n" for day, reading in readings)
    stated = f"  {fact}: {own}\n" if own else ""
    return f"scenario: 1\nas_of: 2026-11-24\nfacts:\n  has_sponsor: true\n  members_total: 600\n{stated}evidence:\n{items}"


def worlds(text: str) -> Worlds:
    return form(BOOK, read_scenario(parse(text, "s.yaml"), BOOK, "s.yaml"))


def of(text: str, fact: str = "member_value_now") -> FactBasis:
    return next(f for f in basis(worlds(text)).facts if f.name == fact)


@pytest.mark.parametrize("own", ["60", "{value: 60, confidence: high}"])
def test_the_evidence_decides_over_a_guess_and_says_so(own: str) -> None:
    text = case(own, ("10-01", 47))
    found = of(text)
    assert found.beside is not None
    assert (found.value, found.rests_on, found.beside.estimate, found.beside.decides) == (
        47,
        "evidence",
        "60",
        "evidence",
    )
    told = "you say 60, 13 more than the evidence, which reads 47. The evidence decides"
    assert any(told in w for w in worlds(text).warnings)


def test_a_reason_lets_somebodys_own_number_stand_and_is_kept() -> None:
    text = case('{value: 60, against_evidence: "It came before the merger."}', ("10-01", 47))
    found = of(text)
    assert found.beside is not None
    assert (found.value, found.rests_on, found.confidence) == (60, "estimate", "")
    assert (found.beside.decides, found.beside.against) == ("estimate", "It came before the merger.")
    scenario = read_scenario(parse(text, "s.yaml"), BOOK, "s.yaml")
    again = read_scenario(parse(write_scenario(scenario, BOOK), "s.yaml"), BOOK, "s.yaml")
    assert again.stated["member_value_now"].against_evidence == "It came before the merger."


@pytest.mark.parametrize(
    "own, value", [("{between: [40, 70]}", None), ("{between: [48, 70]}", 47), ("{between: [47, 70]}", None)]
)
def test_a_range_stands_where_the_reading_lies_in_it(own: str, value: int | None) -> None:
    assert of(case(own, ("10-01", 47))).value == value


def test_a_number_that_agrees_is_told_without_a_warning() -> None:
    assert not worlds(case("47", ("10-01", 47))).warnings
    assert of(case("47", ("10-01", 47))).value == 47


def test_stated_intent_is_told_for_what_it_counts() -> None:
    found = of(case("", ("10-01", 53), fact="openness_to_realign"), "openness_to_realign")
    assert found.beside is not None
    assert (found.beside.reading, found.beside.counts_for) == (53, 39.7)
    assert "which counts for 39.7" in found.beside.said


@pytest.mark.parametrize(
    "second, low, high, widened",
    [(38, 50, 50, ""), (37, 37, 62, "conflicting evidence"), (20, 20, 62, "conflicting evidence")],
)
def test_two_surveys_that_contradict_are_a_conflict(second: int, low: int, high: int, widened: str) -> None:
    found = of(case("", ("09-01", 62), ("10-01", second)))
    assert (found.low, found.high, found.widened) == (low, high, widened)
    if widened:
        assert found.said == f"{low} to {high}"
        assert any(w.rule == "E08" and "two readings of one kind" in w.sentence for w in found.weighed)


def test_the_page_of_what_facts_rest_on_shows_both(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(case("60", ("10-01", 47)), encoding="utf-8")
    assert (
        "The evidence reads 47; you say 60, 13 more; the evidence decides."
        in call("evidence", "basis", str(path)).out
    )
    facts = json.loads(call("evidence", "basis", str(path), "--json").out)["facts"]
    assert next(f["beside"] for f in facts if f["fact"] == "member_value_now") == {
        "estimate": "60", "reading": 47, "counts_for": 47, "decides": "evidence", "against_evidence": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "own, value, told",
    [
        ("60", "47", "you say 60, 13 more; the evidence decides"),
        ("40", "47", "you say 40, 7 less; the evidence decides"),
        ('{value: 60, against_evidence: "It came first."}', "60", "your 60, 13 more, stands: It came first"),
    ],
)
def test_why_names_both_also_where_a_value_counts_by_not_being_met(own: str, value: str, told: str) -> None:
    """The facts behind a conclusion that was needed not to hold are what an answer rests on, too."""
    full = (Path("scenarios") / "nobody-wants-something-else.yaml").read_text(encoding="utf-8")
    said = {
        "member_value_now": own,
        "member_value_outlook": "65",
        "overlap_short": "60",
        "overlap_long": "60",
    }
    text = full.replace("expect:", "# expect:")
    for fact, value_said in said.items():
        text = re.sub(f"{fact}: .*", f"{fact}: {value_said}", text)
    text = f"{text}as_of: 2026-11-24\nevidence:\n  - {SURVEY % ('member_value_now', '10-01', 47)}\n"
    rests = {b.name: b for b in why(decide(worlds(text))).basis}["member_value_now"]
    assert rests.value == value
    assert told in rests.beside


def test_a_question_says_what_counts_and_what_somebody_said() -> None:
    def asked(text: str) -> Field:
        w = worlds(text)
        groups = questionnaire(BOOK, w.scenario, decide(w))
        return next(f for g in groups for f in g.asked if f.name == "member_value_now")

    both = asked(case("60", ("10-01", 47)))
    assert (both.counts, both.said.text, both.known) == ("47", "60", True)
    alone = asked(case("", ("10-01", 47)))
    assert (alone.counts, alone.said.text, alone.known) == ("47", "", True)
    kept = asked(case('{value: 60, against_evidence: "It came first."}', ("10-01", 47)))
    assert (kept.counts, kept.evidence is not None and kept.evidence.against) == ("60", "It came first.")
    split = asked(case("", ("09-01", 62), ("10-01", 20)))
    assert split.counts == "20-62"
    assert not asked("scenario: 1\nfacts:\n  has_sponsor: true\n").known


def test_an_import_tells_what_becomes_of_a_guess_before_it_is_written(tmp_path: Path) -> None:
    rows = [f"2026-10-{day:02d},{'yes' if day % 2 else 'no'}" for day in range(1, 31)]
    (tmp_path / "a.csv").write_text("\n".join(["When,Happy?", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        "mapping: 1\ncolumns:\n  - {column: When, role: date}\n  - {column: 'Happy?', role: value_now, counts: ['yes']}\n",
        encoding="utf-8",
    )
    (tmp_path / "s.yaml").write_text(
        "scenario: 1\nas_of: 2026-11-24\nfacts:\n  has_sponsor: true\n  member_value_now: 70\n",
        encoding="utf-8",
    )
    done = call(
        "import",
        str(tmp_path / "a.csv"),
        "--into",
        str(tmp_path / "s.yaml"),
        "--mapping",
        str(tmp_path / "m.yaml"),
        "--dry-run",
    )
    assert "member_value_now: the evidence reads 50; you say 70, 20 more; the evidence decides." in " ".join(
        done.out.split()
    )
