"""From counts to a scenario: what is replaced, what stays, what is left out, and hostile input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.imports import Import, prepare
from tests.evidence.exports_here import BOOK, export, mapping

TODAY = dt.date(2026, 6, 1)
MAP = """
mapping: 1
date: {date}
population: {population}
drawn_from_all: true
no_answer: [n/a]
columns:
  - {{column: Mail, role: person}}
  - {{column: Helps, role: value_now, scale: [1, 5], from: 4}}
  - {{column: Wants, role: needs, separator: ", ", needs: {{talks: {{answers: [Talks]}}, tools: {{answers: [Tools], within_purpose: false}}}}}}
"""
CASE = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: false\n"


def imported(
    folder: Path,
    rows: Sequence[Sequence[object]],
    case: str = CASE,
    date: str = "2026-05-01",
    population: int = 400,
    name: str = "a.csv",
) -> Import:
    found = export(folder, name, ["Mail", "Helps", "Wants"], rows)
    return prepare(
        [(found, mapping(MAP.format(date=date, population=population)))], "case.yaml", case, BOOK, TODAY
    )


def people(n: int, yes: int, start: int = 0) -> list[list[object]]:
    return [
        [f"p{start + i}@x.example", 5 if i < yes else 2, "Talks, Tools" if i % 2 else "Talks"]
        for i in range(n)
    ]


def test_the_same_person_twice_counts_once_and_blank_answers_do_not_count(tmp_path: Path) -> None:
    rows: list[list[object]] = [*people(40, 30), ["P0@X.example ", 1, "Talks"], ["q@x.example", "n/a", ""]]
    done = imported(tmp_path, rows)
    item = yaml.safe_load(done.plan.text)["evidence"][0]
    assert (item["n"], item["reading"], item["population"], item["drawn_from_all"]) == (
        40,
        round(100 * 29 / 40 + 0.01),
        400,
        True,
    )
    assert item["rows"] == "42 read, 1 left out: the same person again, further down"
    assert "@" not in done.plan.text


def test_a_newer_answer_to_the_same_question_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    first = imported(tmp_path, people(40, 30), date="2026-02-01")
    second = imported(tmp_path, people(50, 20, 100), case=first.plan.text, name="b.csv")
    items = yaml.safe_load(second.plan.text)["evidence"]
    assert len(items) == 1
    assert (items[0]["n"], items[0]["reading"], items[0]["file"]) == (50, 40, "b.csv")
    back = imported(tmp_path, people(40, 30), case=second.plan.text, date="2026-02-01")
    assert yaml.safe_load(back.plan.text)["evidence"] == items
    assert any("newer" in note for note in back.plan.notes)


def test_evidence_of_others_and_judgements_of_the_scenario_stay(tmp_path: Path) -> None:
    case = CASE.replace("has_sponsor: false", "has_sponsor: true") + (
        "  needs:\n    - {label: Talks, cited_by: 1, satisfied: 20, within_purpose: false, serves: 1}   # agreed with the sponsor\n"
        "    - {label: rest, cited_by: 30, satisfied: 20, within_purpose: true, serves: 0}\n"
        "evidence:\n  - {fact: member_value_now, source: interview, date: 2026-01-01, n: 9, reading: 50}\n"
    )
    done = imported(tmp_path, people(200, 100), case)
    after = yaml.safe_load(done.plan.text)
    talks, rest, tools = after["facts"]["needs"]
    assert talks == {"label": "Talks", "cited_by": 100, "satisfied": 20, "within_purpose": False, "serves": 1}
    assert rest["cited_by"] == 30
    assert tools["within_purpose"] is False
    assert after["evidence"][0]["source"] == "interview"
    assert len(after["evidence"]) == 2
    assert "# agreed with the sponsor" in done.plan.text
    assert any("kept as they stand" in note and "rest" in note for note in done.plan.notes)


def test_needs_of_a_handful_are_left_out(tmp_path: Path) -> None:
    rows = [[f"p{i}@x", 4, "Talks, Tools" if i < 4 else "Talks"] for i in range(10)]
    done = imported(tmp_path, rows)
    assert [n["label"] for n in yaml.safe_load(done.plan.text)["facts"]["needs"]] == ["talks"]


def test_a_known_population_narrows_the_interval(tmp_path: Path) -> None:
    def width(population: int) -> int:
        said = yaml.safe_load(imported(tmp_path, people(60, 30), population=population).plan.text)[
            "evidence"
        ][0]["interval"]
        low, high = said.split(",")[0].split(" to ")
        return int(high) - int(low)

    assert width(61) < width(90) < width(100_000)


def test_what_would_run_in_a_spreadsheet_or_a_terminal_is_written_harmlessly(tmp_path: Path) -> None:
    heads = ['=HYPERLINK("http://x","y")', "Role"]
    rows = [["Yes", "=cmd|' /C calc'!A0\x1b[31m"] for _ in range(9)] + [["No", "+1+1"] for _ in range(9)]
    found = export(tmp_path, "a.csv", heads, rows)
    use = mapping(
        "mapping: 1\ndate: 2026-05-01\npopulation: 50\ndrawn_from_all: true\ncolumns:\n"
        f"  - {{column: '{heads[0]}', role: value_now, counts: ['Yes']}}\n  - {{column: Role, role: segment}}\n"
    )
    text = prepare([(found, use)], "case.yaml", CASE, BOOK, TODAY).plan.text
    written = yaml.safe_load(text)
    names = [s["name"] for s in written["facts"]["segments"]]
    assert names
    assert not any(str(v)[:1] in "=+-@" for v in [*names, written["evidence"][0]["column"]])
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: [[r[0], 9, r[2]] for r in rows], "SV453"),
        (lambda rows: [[r[0], "", r[2]] for r in rows], "SV456"),
        (lambda rows: [[r[0], r[1], "Other"] for r in rows], "SV453"),
    ],
)
def test_answers_that_nobody_foresaw_stop_the_import(tmp_path: Path, change, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError) as error:
        imported(tmp_path, change(people(20, 10)))
    assert code in {p.code for p in error.value.problems}


def test_more_answers_than_people_and_no_date_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        imported(tmp_path, people(20, 10), population=10)
    assert error.value.problems[0].code == "SV456"
    with pytest.raises(UserError) as error:
        imported(tmp_path, people(20, 10), date="2027-01-01")
    assert error.value.problems[0].code == "SV454"


def test_free_texts_are_grouped_and_the_grouping_is_a_file_to_change(tmp_path: Path) -> None:
    texts = [
        "Better docs",
        "better docs.",
        "docs better",
        "Faster builds",
        "faster build",
        "ann@x.example wants tea",
    ]
    rows = [[f"p{i}", texts[i % len(texts)]] for i in range(36)]
    found = export(tmp_path, "a.csv", ["Who", "Need"], rows)
    use = mapping(
        "mapping: 1\ndate: 2026-05-01\ncolumns:\n  - {column: Need, role: needs, grouping: needs.yaml}\n",
        str(tmp_path / "m.yaml"),
    )
    first = prepare([(found, use)], "case.yaml", CASE, BOOK, TODAY)
    (grouping,) = first.groupings
    assert grouping.path == tmp_path / "needs.yaml"
    assert "ann@x" not in grouping.text + first.plan.text
    labels = {n["label"].casefold() for n in yaml.safe_load(first.plan.text)["facts"]["needs"]}
    assert {"better docs"} <= labels
    grouping.path.write_text(grouping.text.replace("  Better docs:", "  documentation:"), "utf-8")
    second = prepare([(found, use)], "case.yaml", CASE, BOOK, TODAY)
    needs = {n["label"]: n["cited_by"] for n in yaml.safe_load(second.plan.text)["facts"]["needs"]}
    share = needs["documentation"]
    assert share == 50 or share["between"][0] < 50 < share["between"][1]
    assert second.groupings == ()


def test_a_column_that_names_people_is_used_for_nothing_but_matching(tmp_path: Path) -> None:
    rows = [[f"p{i}@x.example", "Yes"] for i in range(20)]
    found = export(tmp_path, "a.csv", ["Mail", "Helps"], rows)
    use = mapping(
        "mapping: 1\ndate: 2026-05-01\ncolumns: [{column: Mail, role: segment}, {column: Helps, role: value_now, counts: ['Yes']}]"
    )
    with pytest.raises(UserError) as error:
        prepare([(found, use)], "case.yaml", CASE, BOOK, TODAY)
    assert error.value.problems[0].code == "SV452"
    assert "p1@" not in str(error.value)
