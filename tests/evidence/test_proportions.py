"""Intervals of shares: known values, exactness by counting every case, and that they cover as often as they say."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.evidence.proportions import Method, Share, difference, exact, ratio_interval, wilson
from sharedvalue.engine.language.loading import load

NINETY_FIVE = NormalDist().inv_cdf(0.975)
METHOD = Method(NINETY_FIVE, 30)


def test_wilson_and_exact_give_the_published_values() -> None:
    # Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29 (Wilson without continuity, and Clopper-Pearson)
    for count, n, score, clopper in (
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ):
        assert wilson(count, n, 0, NINETY_FIVE) == pytest.approx([100 * v for v in score], abs=0.006)
        assert exact(count, n, 0, NINETY_FIVE) == pytest.approx([100 * v for v in clopper], abs=0.006)


@given(st.integers(1, 400), st.data())
def test_intervals_hold_the_share_and_shrink_with_a_known_population(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    population = data.draw(st.integers(n + 1, 5 * n + 5))
    open_ended, bounded = Share(count, n), Share(count, n, population)
    low, high = open_ended.interval(METHOD)
    assert 0 <= low <= 100 * count / n + 1e-9
    assert 100 * count / n - 1e-9 <= high <= 100
    if n >= METHOD.exact_below:
        inner = bounded.interval(METHOD)
        assert low - 1e-9 <= inner[0]
        assert inner[1] <= high + 1e-9
    whole = open_ended.points(METHOD)
    assert whole[0] <= low + 1e-6
    assert high <= whole[1] + 1e-6
    assert whole[1] - whole[0] <= high - low + 2


def test_everybody_asked_leaves_no_doubt() -> None:
    assert Share(3, 8, 8).interval(METHOD) == (37.5, 37.5)
    assert Share(0, 0).interval(METHOD) == (0.0, 100.0)


@pytest.mark.parametrize("population", [12, 25])
def test_exact_interval_covers_every_community_often_enough(population: int) -> None:
    """Every community of that size, every possible draw: the true share lies outside in at most 5 % of draws."""
    n = 8
    for holders in range(population + 1):
        missed = Fraction(0)
        for count in range(max(0, n - (population - holders)), min(n, holders) + 1):
            low, high = exact(count, n, population, NINETY_FIVE)
            if not low - 1e-9 <= 100 * holders / population <= high + 1e-9:
                missed += Fraction(
                    comb(holders, count) * comb(population - holders, n - count), comb(population, n)
                )
        assert missed <= Fraction(1, 20)


def test_percent_is_rounded_half_up_as_people_do() -> None:
    assert [Share(c, n).percent for c, n in ((133, 170), (147, 179), (1, 8), (1, 200), (0, 3), (3, 3))] == [
        78,
        82,
        13,
        1,
        0,
        100,
    ]


def test_change_between_two_readings() -> None:
    # Newcombe 1998 (the other paper), method 10: 56/70 against 48/80 gives 0.0524 to 0.3339
    change = difference(Share(48, 80), Share(56, 70), METHOD)
    assert (change.low, change.high) == pytest.approx((5.24, 33.39), abs=0.01)
    assert change.verdict == "rose"
    assert change.points == 20
    assert difference(Share(56, 70), Share(48, 80), METHOD).verdict == "fell"
    same = difference(Share(65, 170), Share(69, 179), METHOD)
    assert same.verdict == "no clear change"
    assert same.overlap


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60))
def test_ratio_interval_is_that_of_a_plain_share_when_everybody_names_one_thing(
    pairs: list[tuple[int, int]],
) -> None:
    ones = [(1 if y > 2 else 0, 1) for y, _ in pairs]
    share, n = sum(y for y, _ in ones) / len(ones), len(ones)
    low, high = ratio_interval(ones, 0, 1.645)
    half = 1.645 * sqrt(share * (1 - share) / (n - 1))
    assert low == pytest.approx(100 * max(0, share - half))
    assert high == pytest.approx(100 * min(1, share + half))


def test_the_level_is_that_of_the_rule_book() -> None:
    method = Method.of(load())
    assert method.level == 90
    assert method.exact_below == 30
