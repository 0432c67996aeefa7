"""What is said of a record: with a date and without, with people's words and without, how a door gives what is missing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.record import draft, standing_open
from sharedvalue.engine.governance.standing import asked_of_board
from sharedvalue.engine.governance.verify import Verified
from sharedvalue.engine.governance.words import recorded, verified
from tests.governance.common import TODAY, drafted, proposed

DAY = dt.date(2027, 3, 1)


def test_the_board_is_asked_for_a_review_only_where_none_is_set() -> None:
    dated = asked_of_board(draft(proposed("silent-drift"), Form(("leader",), review_date=DAY), TODAY).payload)
    undated = asked_of_board(draft(proposed("silent-drift"), Form(("leader",)), TODAY).payload)
    assert str(DAY) in dated
    assert str(DAY) not in undated
    assert dated != undated


@pytest.mark.parametrize(
    "by, said", [("", "No review date is set."), ("--on DAY", "No review date is set: --on DAY.")]
)
def test_a_door_says_how_a_date_is_given(by: str, said: str) -> None:
    undated = draft(proposed("silent-drift"), Form(("leader",)), TODAY)
    assert said in standing_open(undated, by)
    assert any(said in line for line in recorded(undated, None, by).lines())
    assert not any("review date" in text for text in standing_open(drafted("silent-drift"), by))


@pytest.mark.parametrize("by, said", [("", "only tried"), ("--dry-run", "only tried (--dry-run)")])
def test_what_was_only_tried_is_said_first(by: str, said: str) -> None:
    assert recorded(drafted("silent-drift"), None, tried_by=by).lines()[0] == f"NOT RECORDED  {said}"


def test_what_a_ledger_alone_cannot_show_is_said_where_it_is_sound() -> None:
    sound = Verified("id", "our ledger", 2)
    assert verified(sound).lines()[0] == "SOUND  2 records"
    assert verified(Verified("id", "our ledger", 1)).lines()[0] == "SOUND  1 record"
    whole = " ".join(" ".join(verified(sound).lines()).split())
    assert whole.endswith("A receipt kept outside shows it.")
    assert "shows it: --receipt." in " ".join(" ".join(verified(sound, "--receipt").lines()).split())


def test_a_record_keeps_what_was_told_as_it_is_printed(tmp_path: Path) -> None:
    told = drafted("silent-drift").payload["told"]
    texts = [entry["text"] for section in told for entry in section["entries"]]
    assert any(text.startswith("1 ") for text in texts), "a list keeps its numbers"
    assert not any("sharedvalue " in text for text in texts), "no command is kept"
    assert json.dumps(told)
