"""Mapping files: what they may say, what is refused and why, what is guessed, and that they read back as written."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.built_in import built_in
from sharedvalue.engine.evidence.guess import guessed, mapping_text, skeleton, who_answered
from sharedvalue.engine.evidence.mapping import Group, Mapping, Use
from sharedvalue.engine.evidence.read import read
from tests.evidence.exports_here import BOOK, DATA, SPACK_2021, STACKS, export, mapping
from tests.schemas import fits


@pytest.mark.parametrize("path", sorted(DATA.glob("mapping-*.yaml")), ids=lambda p: p.stem)
def test_committed_mappings_fit_the_schema_and_read_back_as_written(path: Path) -> None:
    raw = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    assert raw["mapping"] == "1"
    loaded = yaml.safe_load(path.read_text("utf-8"))
    if "date" in loaded:
        loaded["date"] = str(loaded["date"])
    fits(loaded, "mapping-1")
    first = mapping(path.read_text("utf-8"))
    assert mapping(mapping_text(first)) == first


def test_what_was_asked_reads_back_as_the_same_mapping() -> None:
    whole = Mapping(
        "mapping.yaml", "a: #1", "survey",
        (
            Use("date", column="When?", index=0),
            Use("value_now", column='Does it "help" [you]?', index=3, fact="member_value_now",
                scale=(Fraction(0), Fraction(6)), at_least=Fraction(4)),
            Use("needs", question="Rate, please: {x}", counts=("Yes", "No, but"),
                groups=(Group("a", ("A",), within_purpose=True), Group("b", ("B", "b, c"), listed=False))),
            Use("level", column="Years", groups=(Group("novice", (), Fraction(0), Fraction(1)), Group("expert", (), Fraction(2), None))),
        ),
        "2026-01-02", "day first", 600, True, ("NA", "n/a"),
    )  # fmt: skip
    assert mapping(mapping_text(whole)) == whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mapping: 2\ncolumns: [{column: a, role: date}]", "'mapping'"),
        ("mapping: 1\ncolumns: []", "names no column"),
        ("mapping: 1\ncolumns: [{column: a, role: vaule_now, counts: [x]}]", "value_now"),
        ("mapping: 1\ncolumns: [{role: date}]", "'column' or 'question'"),
        ("mapping: 1\ncolumns: [{column: a, role: value_now}]", "which answers count"),
        ("mapping: 1\ncolumns: [{column: a, role: value_now, from: 4}]", "without 'scale'"),
        ("mapping: 1\ncolumns: [{column: a, role: value_now, scale: [5, 1], from: 4}]", "two ends"),
        (
            "mapping: 1\ncolumns: [{column: a, role: share, fact: meeting_mode, counts: [x]}]",
            "no fact in points",
        ),
        ("mapping: 1\ncolumns: [{column: a, role: date, counts: [x]}]", "says nothing"),
        ("mapping: 1\ncolumns: [{column: a, role: level, levels: {beginner: [x]}}]", "not a level"),
        ("mapping: 1\nsource: surveys\ncolumns: [{column: a, role: date}]", "survey"),
        ("mapping: 1\ncolums: [{column: a, role: date}]", "columns"),
        ("- a", "table"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        mapping(text)
    assert {p.code for p in error.value.problems} == {"SV451"}
    assert any(told in f"{p.what} {p.mend}" for p in error.value.problems)


def test_the_skeleton_offers_what_is_likely_and_reads_as_a_mapping() -> None:
    for path in (SPACK_2021, STACKS):
        found = read(path)
        text = skeleton(found, BOOK)
        loaded = yaml.safe_load(text)
        assert loaded["mapping"] == 1
        for column in found.columns:
            assert column.kind == "empty" or f"#  {column.index:>3}  " in text
    asked = guessed(read(SPACK_2021), "needs", BOOK)
    assert asked is not None
    assert asked.question
    assert asked.heading.startswith("Rank these TBD")
    assert (
        guessed(read(SPACK_2021), "value_now", BOOK) is None
    )  # no question is worded like it: rather none than a wrong one
    assert guessed(read(SPACK_2021), "date", BOOK).heading == "Timestamp"  # type: ignore[union-attr]


def test_a_question_worded_as_the_rule_book_asks_it_is_guessed(tmp_path: Path) -> None:
    heads = [
        "Colour",
        "In the last 3 months the community helped me with my work",
        "Will it still matter to your work in a year?",
    ]
    found = export(
        tmp_path,
        "a.csv",
        ["Timestamp", *heads],
        [[f"1/{d}/2026 10:00:00", "red", 1 + d % 5, 1 + d % 4] for d in range(13, 29)],
    )
    now, later = guessed(found, "value_now", BOOK), guessed(found, "value_outlook", BOOK)
    assert now is not None
    assert later is not None
    assert (now.heading, later.heading) == (heads[1], heads[2])


def test_a_register_in_the_house_layout_needs_no_mapping(tmp_path: Path) -> None:
    rows = [[f"m{i}", "2020-01-01", "", "a", "novice", "2026-01-01"] for i in range(9)]
    found = export(
        tmp_path, "register.csv", ["member_id", "joined", "left", "segment", "level", "last_active"], rows
    )
    known = built_in(found)
    assert known is not None
    assert {u.role for u in known.columns} == {"person", "joined", "segment", "level", "last_active"}
    assert built_in(read(STACKS)) is None


def test_a_person_at_a_terminal_is_asked_column_by_column() -> None:
    from sharedvalue.cli.import_mapping import ask_mapping

    found = read(SPACK_2021)
    # needs: the grid offered; answers 4 and 5 count; then one word a need; value: found by a word, answers; the rest none; date: offered
    grid = [c for c in found.columns if c.question.startswith("Rank these")]
    counts = [
        str(grid[0].answers.index(a) + 1)
        for a in grid[0].answers
        if a.label in ("Very Important", "Critical")
    ]
    rating = next(c for c in found.columns if c.index == 47)
    good = [str(rating.answers.index(a) + 1) for a in rating.answers if a.label in ("Good", "Excellent")]
    typed: list[str] = [
        "1",
        " ".join(counts),
        *["y"] * len(grid),
        "[spack]",
        "1",
        " ".join(good),
        *"-----",
        "1",
        "0",
    ]
    answers = iter(typed)

    def prompt(*_: object, **__: object) -> str:
        return str(next(answers))

    with patch("click.prompt", prompt), patch("click.echo"):
        made = ask_mapping(found, BOOK, "made.yaml")
    assert [u.role for u in made.columns] == ["needs", "value_now", "date"]
    assert made.columns[0].counts
    assert set(made.columns[0].counts) == {"Very Important", "Critical"}
    assert made.columns[1].index == 47
    assert set(made.columns[1].counts) == {"Good", "Excellent"}
    assert len(made.columns[0].groups) == len(grid)
    assert mapping(mapping_text(made), "made.yaml") == made


def test_addresses_tell_who_answered_twice_unless_a_cell_is_none(tmp_path: Path) -> None:
    heads = ["Timestamp", "Email Address", "How useful is it?"]
    rows: list[list[object]] = [["3/16/2026 9:01:05", f"p{i}@example.org", 2 + i % 4] for i in range(12)]
    found = who_answered(export(tmp_path, "a.csv", heads, [*rows, ["3/17/2026 9:01:05", "", 4]]))
    assert found is not None
    assert (found.role, found.column) == ("person", "Email Address")
    hidden = [[when, "anonymous" if n else who, said] for n, (when, who, said) in enumerate(rows)]
    assert who_answered(export(tmp_path, "b.csv", heads, hidden)) is None


def test_a_scale_whose_lowest_answer_nobody_gave_is_offered_from_one(tmp_path: Path) -> None:
    rows: list[list[object]] = [["3/16/2026 9:01:05", 2 + i % 4] for i in range(40)]
    found = export(tmp_path, "a.csv", ["Timestamp", "How satisfied are you?"], rows)
    answers = iter(["1", *[""] * 8])

    def prompt(*_: object, default: object = "", **__: object) -> object:
        return next(answers) or default

    from sharedvalue.cli.import_mapping import ask_mapping

    with patch("click.prompt", prompt), patch("click.echo"):
        made = ask_mapping(found, BOOK, "made.yaml")
    use = made.one("value_now")
    assert use is not None
    assert (use.scale, use.at_least) == ((Fraction(1), Fraction(5)), Fraction(4))


@pytest.mark.parametrize(
    "column",
    [
        "{column: a, role: neds, separator: ';', needs: [x]}",
        "{column: a, role: value_now, scale: [1, 5], from: four}",
    ],
)
def test_one_slip_is_told_once(column: str) -> None:
    with pytest.raises(UserError) as refused:
        mapping(f"mapping: 1\ncolumns: [{column}]")
    assert len(refused.value.problems) == 1
