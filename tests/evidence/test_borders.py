"""Days and handfuls at their borders, from both sides: 90 days, a year, the same day again, a group of five."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from sharedvalue.engine.evidence.attendance import attendance
from sharedvalue.engine.evidence.imports import prepare
from sharedvalue.engine.evidence.proportions import Share
from sharedvalue.engine.evidence.register import Register, read_register
from sharedvalue.engine.evidence.small_cells import ends, large_enough, limit_of, share_told, told
from tests.evidence.exports_here import BOOK, TODAY, export, mapping
from tests.evidence.test_into import imported, people


def before(days: int) -> str:
    return (TODAY - dt.timedelta(days=days)).isoformat()


def register(folder: Path, role: str, *days: str) -> Register:
    rows = [[f"m{n}", day] for n, day in enumerate(days)]
    found = export(folder, "register.csv", ["member_id", role], rows)
    return read_register(found, mapping(f"mapping: 1\ncolumns: [{{column: {role}, role: {role}}}]"), TODAY)


@pytest.mark.parametrize("days, active", [(0, 1), (89, 1), (90, 1), (91, 0)])
def test_the_ninetieth_day_back_still_counts_in_a_register(tmp_path: Path, days: int, active: int) -> None:
    found = register(tmp_path, "last_active", before(days), "")
    assert (found.all.active, found.all.active_base) == (active, 2)
    wrote = register(tmp_path, "posted", before(days), "").taking_part
    assert wrote is not None
    assert (wrote.active, wrote.count) == (active, 2)


def test_a_register_without_last_days_says_nothing_of_activity(tmp_path: Path) -> None:
    found = register(tmp_path, "joined", before(10))
    assert (found.all.count, found.all.active_base, found.has_last) == (1, 0, False)


@pytest.mark.parametrize("days, recent", [(0, 1), (90, 1), (91, 0)])
def test_the_ninetieth_day_back_still_counts_of_meetings(tmp_path: Path, days: int, recent: int) -> None:
    found = export(tmp_path, "who.csv", ["Name"], [["Ada Exempel"]])
    use = mapping(f"mapping: 1\ndate: {before(days)}\ncolumns: [{{column: Name, role: person}}]")
    came = attendance([(found, use)], 10, TODAY)
    assert (came.recent, came.old) == (recent, 1 - recent)


@pytest.mark.parametrize(
    "joined, left, began, gone",
    [
        (365, None, 1, 0),  # a member of a year ago
        (364, None, 0, 0),
        (400, 366, 0, 0),  # gone by then
        (400, 365, 0, 0),
        (400, 364, 1, 1),
        (400, 0, 1, 1),  # today is a day of the year
    ],
)
def test_who_was_a_member_a_year_ago_and_who_left_since(
    tmp_path: Path, joined: int, left: int | None, began: int, gone: int
) -> None:
    rows = [["m1", before(joined), "" if left is None else before(left)]]
    found = export(tmp_path, "register.csv", ["member_id", "joined", "left"], rows)
    use = mapping("mapping: 1\ncolumns: [{column: joined, role: joined}, {column: left, role: left}]")
    counted = read_register(found, use, TODAY)
    assert (counted.began, counted.gone, counted.all.count) == (began, gone, 1 if left is None else 0)


@pytest.mark.parametrize("day, reading", [("2026-05-01", 40), ("2026-05-02", 40), ("2026-04-30", 75)])
def test_evidence_of_the_same_day_is_updated_and_of_an_earlier_one_not(
    tmp_path: Path, day: str, reading: int
) -> None:
    first = imported(tmp_path, people(40, 30), date="2026-05-01")
    again = imported(tmp_path, people(50, 20, 100), case=first.plan.text, date=day, name="b.csv")
    (item,) = yaml.safe_load(again.plan.text)["evidence"]
    assert item["reading"] == reading


@pytest.mark.parametrize("size, shown", [(4, False), (5, True), (6, True)])
def test_a_group_of_five_is_told_and_one_of_four_is_not(tmp_path: Path, size: int, shown: bool) -> None:
    rows: list[list[object]] = [[who, "Talks"] for who in ["teachers"] * 30 + ["heads"] * size]
    use = mapping(
        "mapping: 1\ndate: 2026-05-20\npopulation: 60\ncolumns:\n  - {column: Role, role: segment}\n"
        "  - {column: Needs, role: needs, needs: {talks: {answers: [Talks]}}}\n"
    )
    case = (
        "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  sponsors: [{name: us, weight: 1}]\n"
        "  needs: [{label: talks, cited_by: 10, satisfied: 50, within_purpose: true, serves: 1}]\n"
    )
    found = export(tmp_path, "a.csv", ["Role", "Needs"], rows)
    done = prepare([(found, use)], "case.yaml", case, BOOK, TODAY)
    assert ("heads" in done.plan.text) is shown


def test_five_people_are_the_fewest_of_whom_a_number_is_told() -> None:
    five = limit_of(BOOK)
    assert five == 5
    assert [told(n, five) for n in (0, 1, 4, 5)] == ["0", "fewer than 5", "fewer than 5", "5"]
    assert large_enough({"a": 4, "b": 5, "c": 6}, five) == {"b": 5, "c": 6}


@pytest.mark.parametrize(
    "count, low, high, words",
    [
        (0, 0, 0, "0 of 40"),
        (1, 1, 4, "fewer than 5 of 40"),
        (4, 1, 4, "fewer than 5 of 40"),
        (5, 5, 5, "5 of 40"),
        (35, 35, 35, "35 of 40"),
        (36, 36, 39, "all but fewer than 5 of 40"),
        (39, 36, 39, "all but fewer than 5 of 40"),
        (40, 40, 40, "40 of 40"),
    ],
)
def test_a_share_tells_of_no_handful_on_either_side(count: int, low: int, high: int, words: str) -> None:
    share = Share(count, 40)
    assert tuple(end.count for end in ends(share, 5)) == (low, high)
    assert share_told(share, 5).startswith(words)
