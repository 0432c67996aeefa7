"""Words at their borders: one and several, below and from, what fills a bar."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.hinges import Hinge
from sharedvalue.engine.questions.sensitivity import Border, Sensitivity
from sharedvalue.engine.telling import borders
from sharedvalue.engine.telling.comparing import summary
from sharedvalue.engine.telling.flips import cost
from sharedvalue.engine.telling.meaning import could_be, ways
from sharedvalue.engine.telling.page import Entry, Section
from sharedvalue.engine.worlds import form
from tests.governance.common import book, scenario

POINTS = NumberType.of("percent")


@pytest.mark.parametrize(
    "kept, count, said",
    [
        (1, 1, "The answer stays the same."),
        (0, 1, "The answer changes."),
        (3, 3, "The answer stays the same in all 3 variations."),
        (0, 3, "The answer changes in all 3 variations."),
        (1, 3, "The answer changes in 2 of 3 variations."),
    ],
)
def test_what_became_of_the_answer(kept: int, count: int, said: str) -> None:
    assert summary(kept, count) == said


def test_a_cost_is_whole_where_it_is() -> None:
    assert [cost(Fraction(n, 2)) for n in (0, 1, 2, 21)] == ["0", "0.5", "1", "10.5"]
    assert cost(Fraction(1234567)) == "1234567"


def test_what_may_come_out_is_said_by_how_many() -> None:
    assert could_be(book(), ()) == "it cannot be"
    assert could_be(book(), ["KEEP_COURSE"]) == "it is: keep course"
    assert could_be(book(), ["KEEP_COURSE", "NOT_YET"]) == "it could be: keep course or not yet"


@pytest.mark.parametrize(
    "lo, hi, said",
    [(0, 499, "below 50"), (0, 500, "50 or less"), (500, 1000, "50 or more"), (300, 500, "from 30 to 50"), (500, 500, "50")],
)  # fmt: skip
def test_how_an_open_fact_must_turn_out(lo: int, hi: int, said: str) -> None:
    worlds = decide(form(book(), load_scenario(scenario("neophytes-and-experts"), book()))).worlds
    open_now = replace(worlds, domains={**worlds.domains, "contribution": Domain.span(0, 1000)})
    assert list(ways(open_now, Hinge("contribution", ((lo, hi),)))) == [said]


def moved(kind: NumberType, own: int, low: int | None, high: int | None) -> Sensitivity:
    beyond = ("OTHER",)
    return Sensitivity(
        "x", kind, Domain.known(own), (), kind.lo if low is None else low + kind.step, kind.hi if high is None else high - kind.step,
        None if low is None else Border(low, beyond), None if high is None else Border(high, beyond),
    )  # fmt: skip


def test_a_bar_reaches_an_end_where_there_is_no_border() -> None:
    assert borders.places(moved(POINTS, 500, 300, None)) == pytest.approx((0.31, 1, 0.5))
    assert borders.places(moved(POINTS, 500, None, 800)) == pytest.approx((0, 0.79, 0.5))
    nowhere = replace(moved(POINTS, 500, 300, None), stays_from=None, stays_to=None)
    assert borders.places(nowhere) == pytest.approx((0.5, 0.5, 0.5))
    assert borders.stays(nowhere) == "not all of it"
    assert borders.stays(moved(POINTS, 500, None, None)) == "any"


@pytest.mark.parametrize("most, shortened", [(2000, False), (2001, True), (1_000_000, True)])
def test_the_bar_of_a_count_without_an_end_is_as_long_as_what_is_told(most: int, shortened: bool) -> None:
    kind = replace(NumberType.of("count"), lo=0, hi=most)
    _, _, at = borders.places(moved(kind, 20, 10, 30))
    assert (at > 0.1) is shortened


def test_an_entry_is_printed_with_what_stands_before_its_text() -> None:
    assert Entry("since May", lead="DUE", wide=7, hang="").lines() == [" DUE      since May"]
    assert Entry("Ask them", number=2).lines() == [" 2 Ask them"]
    assert Section("HOW FIRM", (Entry("not at all"), Entry("or a little")), beside=True).lines() == [
        "HOW FIRM  not at all", " or a little",
    ]  # fmt: skip
