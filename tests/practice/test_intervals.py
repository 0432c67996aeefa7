"""Interval questions: borders are where deciding the case turns; ranges are read, held against them, and added up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice.answering import keep_intervals
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.intervals import Border, Range, borders, range_of, ranges_of
from sharedvalue.engine.practice.progress import Intervals, progress
from sharedvalue.engine.practice.store import Store
from sharedvalue.engine.practice.words import held, intervals_words
from sharedvalue.engine.worlds import form

BOOK = load()


@lru_cache(maxsize=1)
def asked() -> tuple[Border, ...]:
    return borders(Cases(BOOK).get("housing-officers-canada"), 3)


def test_the_answer_turns_exactly_there() -> None:
    assert len({border.fact for border in asked()}) == 3
    for border in asked():
        scenario, now = border.case.scenario, border.case.decision.outcome
        back = border.type.scale if border.truth < border.start else -border.type.scale

        def possible(value: int, name: str = border.fact, scenario=scenario) -> set[str]:  # type: ignore[no-untyped-def]  # a scenario
            stated = {**scenario.stated, name: replace(scenario.stated[name], values=(value,))}
            found = decide(form(BOOK, replace(scenario, stated=stated)))
            return {one.outcome for one in found.possible}

        assert possible(border.truth) != {now}
        assert possible(border.truth + back) == {now}
        assert min(border.start, border.end) <= border.truth <= max(border.start, border.end)


def test_what_the_reveal_shows_is_not_asked() -> None:
    assert "overlap_short" not in {border.fact for border in borders(asked()[0].case, 12)}  # the nearest flip


def test_a_range_is_read_and_held_against_the_border() -> None:
    border = replace(asked()[0], start=300, end=1000, truth=500)
    for said in ("40-60", "40 to 60", "60 - 40 %", "40 60"):
        assert range_of(said, border) == Range(400, 600)
    assert Range(400, 500).holds(border)
    assert Range(500, 600).holds(border)
    assert not Range(510, 600).holds(border)
    assert Range(400, 610).width(border) == Fraction(30)
    assert Range(0, 1000).width(border) == 100  # no more than all that could be said
    assert held(border, Range(510, 600)).startswith("No: from 50 on")


@pytest.mark.parametrize("said", ["", "40", "forty", "40-60-80", "0-20", "40-60, 10-20", "-"])
def test_what_is_no_range_is_told(said: str) -> None:
    border = replace(asked()[0], start=300, end=1000, truth=500)
    with pytest.raises(UserError) as told:
        ranges_of(said, [border])
    assert told.value.problems[0].code == "SV561"


def test_ranges_are_kept_and_told_against_what_is_meant(tmp_path: Path) -> None:
    store, now = Store(tmp_path / "p.sqlite"), dt.datetime(2026, 11, 24, tzinfo=dt.timezone.utc)
    said = [Range(border.truth, border.truth) for border in asked()]
    keep_intervals(store, asked(), [*said[:2], Range(said[2].lo + 10, said[2].lo + 20)], now)
    assert store.answers()[0].intervals[:2] == (2, 3)
    assert not store.answers()[0].judged
    assert not store.cards()
    found = progress(store.answers())
    assert (found.intervals.held, found.intervals.n, found.answers) == (2, 3, 0)
    words = [intervals_words(Intervals(n, 10, 300)) for n in (7, 8, 9)]
    assert ["too narrow" in words[0], "as meant" in words[1], "too wide" in words[2]] == [True] * 3
    assert "30 % of what could be said" in words[0]
    assert "too few" in intervals_words(Intervals(9, 9, 90))
