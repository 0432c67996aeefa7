"""Small decisions about files and cells, at their borders: encodings, headings alike, scales, intervals of a change."""

from __future__ import annotations

from math import sqrt

import pytest

from sharedvalue.engine.evidence.asked import nearest
from sharedvalue.engine.evidence.files import _utf_16
from sharedvalue.engine.evidence.proportions import Difference, Method, Share, _binomial_cdf, difference
from sharedvalue.engine.evidence.splitting import split

SURE = Method(1.96, 0)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("hidden, is_text", [(0, True), (2, True), (3, False)])
def test_text_without_a_mark_holds_at_most_two_in_a_hundred_signs_that_cannot_be_shown(
    codec: str, hidden: int, is_text: bool
) -> None:
    text = "\n" + "a" * (99 - hidden) + "\x01" * hidden
    assert _utf_16(text.encode(codec)) == (codec if is_text else None)


@pytest.mark.parametrize("text, is_text", [("ab\n", False), ("abc\n", True), ("abcd", False)])
def test_text_without_a_mark_has_lines_and_four_signs(text: str, is_text: bool) -> None:
    assert (_utf_16(text.encode("utf-16-le")) is not None) is is_text


def test_the_nearest_heading_is_named_and_nothing_where_none_is_like_it() -> None:
    assert nearest("How often do you come", ["Age", "How often do you come to us?"]) == (
        "Did you mean 'How often do you come to us?'?"
    )
    assert nearest("xyz", ["Age"]) == ""


@pytest.mark.parametrize(
    "cell, pieces",
    [("a, b", ["a", "b"]), ("a (x, y), b", ["a (x, y)", "b"]), ("a), b, c", ["a)", "b", "c"]), ("a (x), b, (c", ["a (x)", "b", "(c"])],
)  # fmt: skip
def test_what_stands_in_brackets_is_not_split(cell: str, pieces: list[str]) -> None:
    assert split(cell, ", ") == pieces


def test_the_change_of_two_shares_is_bounded_by_both_intervals() -> None:
    before, after = Share(20, 100), Share(40, 100)
    (low_1, high_1), (low_2, high_2) = before.interval(SURE), after.interval(SURE)
    found = difference(before, after, SURE)
    assert found.low == pytest.approx(20 - sqrt((40 - low_2) ** 2 + (high_1 - 20) ** 2))
    assert found.high == pytest.approx(20 + sqrt((high_2 - 40) ** 2 + (20 - low_1) ** 2))
    assert (found.points, found.verdict, difference(after, before, SURE).verdict) == (20, "rose", "fell")


@pytest.mark.parametrize("low, high, verdict", [(0, 5, "no clear change"), (1, 5, "rose"), (-5, 0, "no clear change"), (-5, -1, "fell")])  # fmt: skip
def test_a_change_is_clear_where_its_interval_holds_no_zero(low: float, high: float, verdict: str) -> None:
    assert Difference(Share(1, 2), Share(1, 2), low, high, True).verdict == verdict


def test_the_binomial_at_its_ends() -> None:
    assert [_binomial_cdf(2, 3, p) for p in (0, 1)] == [1, 0]
    assert _binomial_cdf(3, 3, 1) == 1
    assert _binomial_cdf(1, 2, 0.5) == pytest.approx(0.75)
