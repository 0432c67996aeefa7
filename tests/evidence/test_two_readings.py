"""Two readings of one survey: a shift lasts, fades or stays open, by the intervals and not by the points alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sharedvalue.engine.evidence.survey import Counted, count
from sharedvalue.engine.evidence.two_readings import compare, months_between
from tests.evidence.exports_here import BOOK, export, mapping

TODAY = dt.date(2026, 6, 1)
TEXT = """
mapping: 1
date: {date}
columns:
  - {{column: Helps, role: value_now, counts: [Yes], known: [Yes, No]}}
  - column: Needs
    role: needs
    separator: "; "
    needs:
      inside: {{answers: [A], within_purpose: true}}
      outside: {{answers: [B], within_purpose: false}}
"""


def reading(folder: Path, name: str, date: str, n: int, outside: int, yes: int) -> Counted:
    rows = [["Yes" if i < yes else "No", "A; B" if i < outside else "A"] for i in range(n)]
    return count(export(folder, name, ["Helps", "Needs"], rows), mapping(TEXT.format(date=date)), TODAY)


@pytest.mark.parametrize(
    ("first", "second", "date", "durable", "state"),
    [
        (90, 80, "2026-05-01", True, "lasting"),
        (90, 20, "2026-05-01", False, "faded"),
        (20, 90, "2026-05-01", False, "came up"),
        (20, 10, "2026-05-01", None, "below the line"),
        (62, 62, "2026-05-01", None, "open"),
        (90, 80, "2025-09-30", None, "lasting"),
    ],
)
def test_a_shift_lasts_only_if_it_is_clear_twice_and_half_a_year_apart(
    tmp_path: Path, first: int, second: int, date: str, durable: bool | None, state: str
) -> None:
    old = reading(tmp_path, "a.csv", "2025-04-30", 200, first, 100)
    new = reading(tmp_path, "b.csv", date, 200, second, 150)
    trend = compare(old, new, BOOK)
    assert trend.durable is durable
    assert trend.why
    assert {n.need: n.state for n in trend.needs}["outside"] == state
    assert trend.shares["member_value_now"].points == 25
    assert trend.shares["member_value_now"].verdict == "rose"
    assert trend.shift_after is not None
    assert (trend.shift_after.outside, trend.shift_after.named) == (second, 200 + second)
    assert trend.shift_after.low <= 100 * second / (200 + second) <= trend.shift_after.high


def test_months_are_whole_months() -> None:
    day = dt.date
    assert months_between(day(2020, 11, 18), day(2022, 1, 8)) == 13
    assert months_between(day(2025, 12, 31), day(2026, 6, 30)) == 5
    assert months_between(day(2025, 12, 30), day(2026, 6, 30)) == 6
