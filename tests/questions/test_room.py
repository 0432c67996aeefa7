"""The room of a threshold: at a border a rule goes silent in every case, one step before it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.audit import audit
from sharedvalue.engine.questions.room import Room, Rooms, rooms
from tests.cli.calling import call

SOME = ("value_met", "value_unmet", "overlap_strong", "shift_large")  # all of them: rules check --thresholds


@pytest.fixture(scope="module")
def found() -> Rooms:
    return rooms(load(), 900, SOME)


def room(found: Rooms, name: str) -> Room:
    return next(one for one in found.rooms if one.name == name)


def test_met_and_unmet_leave_room_for_partial(found: Rooms) -> None:
    met, unmet = room(found, "value_met"), room(found, "value_unmet")
    assert met.below is not None
    assert met.below.value == unmet.value
    assert unmet.above is not None
    assert unmet.above.value == met.value
    assert met.below.rules == unmet.above.rules


def test_nothing_is_left_unsettled(found: Rooms) -> None:
    assert not found.unsettled
    assert {one.name for one in found.rooms} == set(SOME)
    assert room(found, "shift_large").distance is None
    distances = [one.distance for one in found.rooms if one.distance is not None]
    assert distances == sorted(distances)


@pytest.mark.parametrize("name", ["value_met", "overlap_strong"])
def test_a_border_is_where_the_audit_of_a_house_rule_book_says_so(
    found: Rooms, name: str, tmp_path: Path
) -> None:
    """The same threshold set by a house overlay, and the rule book proven anew."""
    one = room(found, name)
    border, step = (one.below, 10) if one.below is not None else (one.above, -10)
    assert border is not None
    assert set(border.rules) <= silent(tmp_path / "at", name, border.value)
    assert not set(border.rules) & silent(tmp_path / "before", name, border.value + step)


def silent(folder: Path, name: str, value: int) -> set[str]:
    """The rules that can never fire: what loading finds at once, else what the audit proves."""
    try:
        return {never.name for never in audit(changed(folder, name, value), 600).never_fire}
    except UserError as error:
        assert {problem.code for problem in error.problems} == {"SV320"}
        return {problem.what.split()[1] for problem in error.problems}


def changed(folder: Path, name: str, value: int) -> RuleBook:
    folder.mkdir()
    text = f"thresholds:\n  {name}: {{value: {value // 10}, because: To try it.}}\n"
    (folder / "house.yaml").write_text(text, "utf-8")
    return load([folder])


def test_without_time_nothing_is_said() -> None:
    assert rooms(load(), 0).rooms == ()


def test_options_that_do_not_go_together() -> None:
    done = call("rules", "check", "--quick", "--thresholds")
    assert done.code == 2
    assert "SV130" in done.err
