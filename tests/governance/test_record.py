"""What goes on record, and what may be called agreed."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.ledger import Record, open_ledger
from sharedvalue.engine.governance.record import Draft, Minutes, draft, standing_open
from sharedvalue.engine.language.rulebook import default_folder, load
from tests.governance.common import TODAY, book, drafted, scenario

PART = "Manager of the unit, meeting of 3 May: agrees"


def made(name: str, answered: Record | None = None, **minutes: object) -> Draft:
    said = Minutes(**{"by": ("community leader",), **minutes})  # type: ignore[arg-type]
    return draft(book(), scenario(name) if name else "", said, TODAY, answered)


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
    assert payload["people"] == {"by": ["community leader"], "sponsor_part": ""}
    assert payload["agreement"]["review_date"] == "2027-03-01"


@pytest.mark.parametrize("name", ["neophytes-and-experts", "the-sponsor-moved-first"])
def test_agreed_needs_the_sponsors_part(name: str) -> None:
    proposed = made(name)
    assert proposed.payload["decision"]["status"] == "proposed"
    assert proposed.waits
    with pytest.raises(UserError, match=r"SV502.*sponsor's part"):
        made(name, agreed="we do it")
    agreed = made(name, agreed="we do it", sponsor_part=PART)
    assert agreed.payload["decision"]["status"] == "agreed"
    assert not agreed.waits
    assert agreed.payload["decision"]["outcome"] == proposed.payload["decision"]["outcome"]


def test_log_of_the_scenario_itself_counts() -> None:
    assert made("museum-teachers-back-to-the-agreed-purpose").payload["decision"]["status"] == "agreed"


def test_house_that_switches_the_guard_off_still_cannot_call_it_agreed(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("off: {Z11: we trust ourselves}\n")
    house = load([tmp_path])
    with pytest.raises(UserError, match="SV502"):
        draft(house, scenario("neophytes-and-experts"), Minutes(("leader",), "we do it"), TODAY)


def test_what_needs_no_sponsor_is_agreed_without(tmp_path: Path) -> None:
    done = made("the-sweet-spot", agreed="we go on as before")
    assert done.payload["decision"]["status"] == "standing"


def test_answer_takes_the_recorded_case_and_adds_to_its_log(tmp_path: Path) -> None:
    first = recorded(tmp_path / "l", "neophytes-and-experts")
    second = made("", first, agreed="restrict", sponsor_part=PART, dissent=("two leads: too early",))
    assert second.payload["answers"] == 1
    assert second.payload["scenario"]["text"] == first.payload["scenario"]["text"]
    (entry,) = second.payload["scenario"]["log"]
    assert entry == {
        "date": str(TODAY), "who": "community leader", "agreed": "restrict", "sponsor_took_part": True,
        "dissent": "two leads: too early",
    }  # fmt: skip
    assert second.payload["decision"]["status"] == "agreed"


def test_silent_drift_is_flagged_until_it_is_answered(tmp_path: Path) -> None:
    first = recorded(tmp_path / "l", "silent-drift")
    assert [one["rule"] for one in first.payload["waits_for"]] == ["D02", "Z11"]
    again = made("", first)
    assert again.waits
    answered = made("", first, agreed="the sponsor will say by June", sponsor_part=PART)
    assert answered.payload["waits_for"] == []
    assert answered.payload["decision"]["outcome"] == "NOT_YET"


def test_no_sponsor_can_have_taken_part_where_there_is_none() -> None:
    with pytest.raises(UserError, match=r"SV508.*no sponsor"):
        made("no-sponsor-at-all", agreed="x", sponsor_part=PART)


@pytest.mark.parametrize(
    "minutes",
    [
        {"by": ()},
        {"by": ("",)},
        {"by": ("jane@example.org",)},
        {"by": ("x" * 5000,)},
        {"by": ("a\x1b[31mred",)},
        {"dissent": ("  ",)},
        {"agreed": " "},
        {"sponsor_part": PART},
    ],
    ids=str,
)
def test_minutes_that_cannot_be_kept_are_told(minutes: dict[str, object]) -> None:
    with pytest.raises(UserError, match="SV508"):
        made("the-sweet-spot", None, **minutes)


def test_evidence_file_is_kept_by_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_bytes(b"a,b\n1,2\n")
    done = draft(book(), scenario("the-sweet-spot"), Minutes(("leader",)), TODAY, None, [str(file)])
    hashed = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert done.payload["evidence"]["files"] == [
        {"name": "survey.csv", "size": 8, "hash": f"sha256:{hashed}"}
    ]
    with pytest.raises(UserError, match="SV101"):
        draft(
            book(), scenario("the-sweet-spot"), Minutes(("leader",)), TODAY, None, [str(tmp_path / "no.csv")]
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
