"""The kind of a column, what several answers in a cell are, and which answers are somebody's own words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.evidence.dates import order_of, parse, read_days
from sharedvalue.engine.evidence.export import Column
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.evidence.splitting import answers_of, options, split


def column(tmp_path: Path, cells: list[str], name: str = "Question") -> Column:
    """The column that these answers make, beside a timestamp."""
    import csv

    path = tmp_path / "one.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Timestamp", name])
        writer.writerows(
            [f"3/{13 + i % 15}/2026 9:0{i % 10}:{i // 10:02}", cell] for i, cell in enumerate(cells)
        )
    return read(path).columns[1]


@pytest.mark.parametrize(
    "cells, kind",
    [
        (["Researcher"] * 5 + ["Developer"] * 4, "choice"),
        (["Yes, I'd attend"] * 9 + ["Maybe"] * 5 + ["No"] * 4, "choice"),
        (["Agree", "Strongly agree", "Strongly Agree", "Disagree"] * 4, "scale"),
        (["1", "5", "3", "4", "4"] * 4, "scale"),
        (["5: very much", "4", "3", "1: not at all"] * 4, "scale"),
        (["12", "150", "3", "1,200"] * 4, "number"),
        (["48.15%", "12%", "3%"] * 4, "number"),
        (["2026-03-02", "2026-03-04", "2026-04-01"] * 4, "date"),
        (["a@example.org", "b@example.org", "c@example.org"], "identity"),
        (["192.0.2.1", "192.0.2.7", "198.51.100.2"] * 2, "identity"),
        ([f"I would like more time for thing {i}, and less for others" for i in range(20)], "text"),
        (["A, B", "A", "B, C", "A, C", "C"] * 5, "multi-choice"),
        (["", "", ""], "empty"),
    ],
)
def test_kind_follows_from_what_was_answered(cells: list[str], kind: str, tmp_path: Path) -> None:
    assert column(tmp_path, cells).kind == kind


@pytest.mark.parametrize(
    "heading", ["Email Address", "Name", "Your name", "IP Address", "What is your name?", "GitHub username"]
)
def test_heading_that_asks_who_somebody_is_makes_an_identity(heading: str, tmp_path: Path) -> None:
    found = column(tmp_path, ["Anna", "Anna", "Ben", "Ben"], heading)
    assert (found.kind, found.answers) == ("identity", ())


def test_answers_that_differ_by_case_and_blanks_are_one(tmp_path: Path) -> None:
    found = column(
        tmp_path, ["Strongly agree"] * 3 + ["Strongly Agree ", "strongly\u00a0agree", "Disagree", "Disagree"]
    )
    assert [(a.label, a.n) for a in found.answers] == [("Disagree", 2), ("Strongly agree", 5)]


def test_what_was_ticked_once_or_twice_is_counted_and_not_shown(tmp_path: Path) -> None:
    found = column(tmp_path, ["Advice, Events"] * 5 + ["Advice, my very own words"] * 2 + ["Events"] * 3)
    assert [(a.label, a.n) for a in found.answers] == [("Events", 8), ("Advice", 7)]
    assert (found.answered, found.others) == (10, 2)


@pytest.mark.parametrize(
    "own",
    [
        "Please call me, Mary Jones, on 0171 234567",
        "call +44 (0)171 234-5678",
        "Ring 555-123-4567 after six",
        "write to mary@example.org, Mary Jones",
    ],
)
def test_words_with_which_somebody_can_be_reached_are_never_shown_however_often(
    own: str, tmp_path: Path
) -> None:
    found = column(tmp_path, ["Advice, Events"] * 9 + [own] * 4 + ["Events"] * 6 + ["Advice"] * 5)
    assert [(a.label, a.n) for a in found.answers] == [("Events", 15), ("Advice", 14)]
    assert (found.kind, found.answered, found.others) == ("multi-choice", 24, 4)
    alone = column(tmp_path, ["Advice"] * 9 + [own] * 4 + ["Events"] * 6)
    assert {a.label for a in alone.answers} == {"Advice", "Events"}


def test_numbers_in_an_option_are_no_telephone_number(tmp_path: Path) -> None:
    cells = ["1,000 to 10,000"] * 6 + ["10,000 to 100,000"] * 5 + ["2015-2020"] * 4 + ["C++@2017:14.1"] * 4
    assert len(column(tmp_path, cells).answers) == 4


def test_free_text_that_most_leave_at_no_is_not_a_choice(tmp_path: Path) -> None:
    own = [f"something of my own, number {'x' * i}" for i in range(12)] + ["my chief does not listen"] * 3
    assert column(tmp_path, ["No"] * 12 + ["None"] * 8 + own).kind == "text"
    assert column(tmp_path, ["No"] * 12 + ["Yes"] * 8 + own[:3]).kind == "choice"


def test_option_that_holds_the_separator_is_kept_whole() -> None:
    cells = {
        "I don't know how to, but I would": 6,
        "No time, I don't know how to, but I would": 3,
        "No time": 5,
        "No time, Too far": 4,
    }
    assert options(cells, ", ") == {"I don't know how to, but I would": 9, "No time": 12, "Too far": 4}


def test_brackets_and_quotes_are_not_split() -> None:
    assert split('Lab (e.g., A, B), "x, y", Other', ", ") == ["Lab (e.g., A, B)", '"x, y"', "Other"]
    assert split("an open ( bracket, and more", ", ") == ["an open ( bracket", "and more"]


def test_known_options_are_matched_before_the_cell_is_split(tmp_path: Path) -> None:
    from sharedvalue.engine.evidence.export import Answer

    known = Column(0, "Q", "multi-choice", 9, (Answer("A, but B", 5), Answer("C", 4)), separator=", ")
    assert answers_of("C, A, but B, D", known) == ("C", "A, but B", "D")


@given(
    st.lists(
        st.sets(st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"]), min_size=1), min_size=40, max_size=80
    )
)
def test_ticks_are_counted_as_a_plain_count_does(ticked: list[set[str]]) -> None:
    cells = Counter(", ".join(sorted(one)) for one in ticked)
    expected = Counter(piece for one in ticked for piece in one)
    found = options(cells, ", ")
    if found is not None and not any(", " in piece for piece in found):
        assert found == expected


@pytest.mark.parametrize(
    "texts, order",
    [
        (["11/17/2020 18:23:58", "1/2/2020"], "month first"),
        (["17/11/2020", "1/2/2020"], "day first"),
        (["31.12.2020", "1.2.2020"], "day first"),
        (["1/2/2020", "3/4/2020"], "undecided"),
        (["17/11/2020", "11/17/2020"], "both"),
        (["2020-11-17"], ""),
    ],
)
def test_order_of_day_and_month_is_decided_by_all_values_or_not_at_all(texts: list[str], order: str) -> None:
    assert order_of(texts) == order


@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.booleans())
def test_dates_are_read_as_they_were_written(day: dt.date, day_first: bool) -> None:
    assert parse(day.isoformat()) == day
    assert parse(f"{day:%b} {day.day}, {day.year}") == day
    assert (
        parse(f"{day.year}. {day.month}. {day.day} 오후 2:30")
        == parse(f"{day.year}年{day.month}月{day.day}日")
        == day
    )
    parts = (day.day, day.month) if day_first else (day.month, day.day)
    written = f"{parts[0]}/{parts[1]}/{day.year} 9:15:39"
    assert parse(written, "day first" if day_first else "month first") == day
    assert parse(written) in (None, day)


def test_days_after_today_are_counted() -> None:
    days = read_days({"2031-01-02": 3, "2026-01-02": 4, "soon": 1}, dt.date(2026, 11, 24))
    assert (days.future, days.read, days.unread) == (3, 7, 1)


def test_undecided_dates_give_no_period_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Timestamp,Q\n3/4/2026 9:00:00,a\n5/6/2026 9:00:00,b\n", "utf-8")
    export = read(path)
    assert export.period == ("", "")
    assert any("day and month cannot be told apart" in note for note in export.notes)
