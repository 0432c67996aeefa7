"""Distributions of what varies, at their ends and at the mode: where each begins, how much lies below, what is too much."""

from __future__ import annotations

import math

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.questions.vary import SHARES, _curve, _ends


@pytest.mark.parametrize(
    "word, numbers, points",
    [
        ("uniform", [20, 60], {19: 0, 20: 0, 30: 0.25, 40: 0.5, 60: 1, 61: 1}),
        ("triangular", [0, 50, 100], {-1: 0, 0: 0, 25: 0.125, 50: 0.5, 75: 0.875, 100: 1, 101: 1}),
        ("triangular", [0, 0, 100], {0: 0, 50: 0.75, 100: 1}),
        ("triangular", [0, 100, 100], {0: 0, 50: 0.25, 100: 1}),
        ("normal", [50, 10], {50: 0.5, 60: (1 + math.erf(1 / math.sqrt(2))) / 2}),
    ],
)
def test_how_much_lies_below(word: str, numbers: list[float], points: dict[float, float]) -> None:
    below, lo, hi = _curve(word, numbers, "--vary")
    assert (lo, hi) == ((-10, 110) if word == "normal" else (numbers[0], numbers[-1]))
    assert {value: below(value) for value in points} == pytest.approx(points)


@pytest.mark.parametrize(
    "word, numbers",
    [("normal", [50, 0]), ("normal", [50, -1]), ("uniform", [5, 5]), ("uniform", [6, 5]),
     ("triangular", [0, -1, 9]), ("triangular", [0, 10, 9])],
)  # fmt: skip
def test_numbers_that_do_not_ascend_are_told(word: str, numbers: list[float]) -> None:
    with pytest.raises(UserError, match="SV205"):
        _curve(word, numbers, "--vary")


def test_shares_add_up_and_the_last_takes_the_rest() -> None:
    assert _ends([1, 1, 2], 4) == (SHARES // 4, SHARES // 2, SHARES)
    assert _ends([1 / 3] * 3, 1)[-1] == SHARES
