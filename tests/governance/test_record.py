"""What goes on record, and what may be called agreed."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.ledger import Record, open_ledger
from sharedvalue.engine.governance.record import Draft, draft, propose, standing_open
from sharedvalue.engine.governance.standing import waiting
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import default_folder
from tests.governance.common import TODAY, book, drafted, proposed, scenario

AGREES: dict[str, Any] = {
    "sponsor": "agrees",
    "sponsor_role": "unit manager",
    "sponsor_date": dt.date(2026, 11, 20),
}


def made(name: str, answered: Record | None = None, **said: Any) -> Draft:
    form = Form(**{"by": ("community leader",), **said})
    return draft(proposed(name) if name else propose(book(), "", answered), form, TODAY, answered)


def recorded(path: Path, name: str) -> Record:
    done = drafted(name)
    with open_ledger(str(path), writing=True) as ledger:
        return ledger.append(done.payload, done.contents)


def test_record_holds_all_that_is_needed_later() -> None:
    payload = drafted("neophytes-and-experts").payload
    text = Path(scenario("neophytes-and-experts")).read_text("utf-8")
    assert payload["scenario"]["text"] == text
    assert payload["scenario"]["hash"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert payload["decision"]["outcome"] == "RESTRICT_MEMBERSHIP"
    assert payload["rulebook"]["hash"] == book().hash
    assert {"book.yaml", "facts.yaml", "decision.yaml"} <= set(payload["rulebook"]["layers"][0]["files"])
    assert payload["flips"]["flips"]
    assert any(f["key"].startswith("Z06") for f in payload["trace"]["world"]["firings"])
    assert payload["trace"]["world"]["values"]["sponsor_value_now"] == 300
    assert payload["form"]["by"] == ["community leader"]
    assert payload["form"]["review_date"] == "2027-03-01"
    assert payload["status"]["name"] == "proposed"


@pytest.mark.parametrize("name", ["neophytes-and-experts", "the-sponsor-moved-first"])
def test_what_people_say_changes_nothing_in_the_proposal(name: str) -> None:
    proposed = made(name)
    agreed = made(name, decision=proposed.payload["decision"]["outcome"], **AGREES)
    assert proposed.standing.status.name == "proposed"
    assert agreed.standing.status.name == "agreed"
    for part in ("decision", "trace", "flips", "basis", "alternatives", "told", "waits_for"):
        assert agreed.payload[part] == proposed.payload[part]


def test_answer_takes_the_recorded_case(tmp_path: Path) -> None:
    first = recorded(tmp_path / "l", "neophytes-and-experts")
    second = made("", first, decision="RESTRICT_MEMBERSHIP", dissent=("two leads: too early",), **AGREES)
    assert second.payload["answers"] == 1
    assert second.payload["scenario"]["text"] == first.payload["scenario"]["text"]
    assert second.payload["form"]["dissent"] == ["two leads: too early"]
    assert second.standing.status.name == "agreed"


def test_silent_drift_waits_until_the_sponsor_has_answered(tmp_path: Path) -> None:
    first = recorded(tmp_path / "l", "silent-drift")
    assert [one["rule"] for one in waiting(first.payload)] == ["D02", "Z11"]
    assert waiting(made("", first).payload)
    answered = made("", first, decision="NOT_YET", **AGREES)
    assert waiting(answered.payload) == []
    assert answered.payload["decision"]["outcome"] == "NOT_YET"


def test_evidence_file_is_kept_by_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_bytes(b"a,b\n1,2\n")
    done = draft(proposed("the-sweet-spot"), Form(("leader",)), TODAY, None, [str(file)])
    hashed = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert done.payload["evidence"]["files"] == [
        {"name": "survey.csv", "size": 8, "hash": f"sha256:{hashed}"}
    ]
    with pytest.raises(UserError, match="SV101"):
        draft(
            proposed("the-sweet-spot"),
            Form(("leader",)),
            TODAY,
            None,
            [str(tmp_path / "no.csv")],
        )


def test_rule_book_files_are_stored_once(tmp_path: Path) -> None:
    import sqlite3

    for _ in range(3):
        recorded(tmp_path / "l", "the-sweet-spot")
    connection = sqlite3.connect(tmp_path / "l")
    (count,) = connection.execute("SELECT count(*) FROM files").fetchone()
    connection.close()
    assert count == len(set(drafted("the-sweet-spot").contents))


def test_what_stands_open_is_said() -> None:
    done = made("silent-drift", review_date=dt.date(2027, 1, 1))
    said = " ".join(standing_open(done))
    assert "D02" in said
    assert "worth of the new needs" in said
    assert "strategic_potential" not in said  # in words, not as the rule book spells it
    assert "No review date" in " ".join(standing_open(made("silent-drift")))


def test_nothing_to_record_is_told() -> None:
    with pytest.raises(UserError, match="SV508"):
        made("")


@pytest.mark.parametrize(
    "name", ["stays_proposed", "silent_drift", "has_sponsor", "decision_log", "core_group_size"]
)
def test_rule_book_names_what_a_record_is_held_to(tmp_path: Path, name: str) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(default_folder(), rules)
    file = rules / "outcomes.yaml"
    head, found, rest = file.read_text("utf-8").partition("\nrecording:")
    file.write_text(head + found + rest.replace(name, f"{name}_", 1), "utf-8")
    with pytest.raises(UserError, match="SV310"):
        load((), rules)
