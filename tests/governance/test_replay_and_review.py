"""A record decides the same again from the ledger alone; a review finds what would come out otherwise, and why."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance import books
from sharedvalue.engine.governance import replay as replaying
from sharedvalue.engine.governance.chain import digest
from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.ledger import Record, open_ledger
from sharedvalue.engine.governance.record import draft, propose
from sharedvalue.engine.governance.replay import replay
from sharedvalue.engine.governance.review import Review, review
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import earlier_folders
from tests.governance.common import ROOT, TODAY, book, drafted, meddle, scenario


def kept(path: Path, file: str, form: Form | None = None, house: Path | None = None) -> Record:
    used = load([house]) if house else book()
    proposed = propose(used, file)
    said = form or Form(("leader",), decision=proposed.proposal.outcome, review_date=dt.date(2027, 3, 1))
    done = draft(proposed, said, TODAY)
    with open_ledger(str(path), writing=True) as ledger:
        return ledger.append(done.payload, done.contents)


def looked(path: Path, today: dt.date = TODAY, house: Path | None = None, **more: str) -> Review:
    with open_ledger(str(path)) as ledger:
        return review(ledger, load([house]) if house else book(), today, **more)


@pytest.mark.parametrize(
    "name",
    ["silent-drift", "neophytes-and-experts", "the-survey-is-three-years-old", "two-sponsors-pull-apart"],
)
def test_replay_is_the_same(tmp_path: Path, name: str) -> None:
    done = drafted(name)
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        record = ledger.append(done.payload, done.contents)
        assert replay(ledger, record).same


def test_replay_needs_neither_the_house_nor_the_scenario_file(tmp_path: Path) -> None:
    house, case = tmp_path / "house", tmp_path / "case.yaml"
    house.mkdir()
    (house / "deep").mkdir()
    (house / "deep" / "lines.yaml").write_text(
        "thresholds: {value_unmet: {value: 20, because: ours is lower}}\n"
    )
    case.write_text(Path(scenario("neophytes-and-experts")).read_text())
    kept(tmp_path / "l", str(case), house=house)
    (house / "deep" / "lines.yaml").unlink()
    (house / "deep").rmdir()
    house.rmdir()
    case.unlink()
    with open_ledger(str(tmp_path / "l")) as ledger:
        found = replay(ledger, ledger.record("R1"))
    assert found.same
    assert found.record.payload["rulebook"]["house_changes"][0]["name"] == "value_unmet"


def test_replay_that_differs_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = drafted("the-sweet-spot")
    other = {
        **done.payload,
        "decision": {**done.payload["decision"], "risk": {"level": "high", "routes": []}},
    }
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        found = replay(ledger, ledger.append(other, done.contents))
    assert not found.same
    assert [(d.where, d.recorded, d.replayed) for d in found.differences] == [
        ("decision.risk.level", "high", "low")
    ]
    assert replaying.release() == found.release


def test_rule_book_that_is_gone_and_came_with_no_release_is_told(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "h.yaml").write_text("thresholds: {realign_open: {value: 20, because: we ask for less}}\n")
    kept(tmp_path / "l", scenario("the-sweet-spot"), house=house)
    meddle(tmp_path / "l", "DELETE FROM files WHERE hash = (SELECT max(hash) FROM files)")
    with open_ledger(str(tmp_path / "l")) as ledger, pytest.raises(UserError, match=r"SV507.*gone"):
        replay(ledger, ledger.record("R1"))
    (one,) = looked(tmp_path / "l").records
    assert "gone" in one.changes[0].problem


@pytest.mark.parametrize("files_are_gone", [False, True])
def test_record_of_the_book_before_is_replayed_by_that_book(tmp_path: Path, files_are_gone: bool) -> None:
    """By its own files, and by its hash where they are gone; today's book decides this case otherwise."""
    before, case = load((), earlier_folders()["1.0.0"]), scenario("one-person-still-books-the-room")
    proposal = propose(before, case)
    done = draft(proposal, Form(("leader",), decision=proposal.proposal.outcome), TODAY)
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        ledger.append(done.payload, done.contents)
    if files_are_gone:
        meddle(tmp_path / "l", "DELETE FROM files")
    with open_ledger(str(tmp_path / "l")) as ledger:
        found = replay(ledger, ledger.record("R1"))
    assert found.same
    assert found.record.payload["rulebook"]["hash"] == before.hash != book().hash
    assert proposal.proposal.outcome == "NO_VIABLE_COURSE"
    assert propose(book(), case).proposal.outcome == "KEEP_COURSE"


def test_file_name_of_a_recorded_book_cannot_leave_its_directory(tmp_path: Path) -> None:
    for name in (
        "../x.yaml",
        "/etc/x.yaml",
        "a/../../x.yaml",
        "..\\x.yaml",
        "a\0.yaml",
        "",
        "x" * 999 + ".yaml",
    ):
        layers = [{"name": "rules", "files": {name: digest(b"x")}}]
        with pytest.raises(UserError, match="SV507"):
            books.laid_out(layers, {digest(b"x"): b"x"}, "here")
    assert not (tmp_path / "x.yaml").exists()


def test_nothing_changed_needs_no_attention_until_it_is_due(tmp_path: Path) -> None:
    kept(tmp_path / "l", scenario("the-sweet-spot"))
    (one,) = looked(tmp_path / "l").records
    assert not one.needs_attention
    (one,) = looked(tmp_path / "l", dt.date(2027, 3, 1)).records
    assert (one.due, one.needs_attention) == (True, True)


def test_todays_rule_book_decides_otherwise_and_says_which_rules(tmp_path: Path) -> None:
    kept(tmp_path / "l", scenario("neophytes-and-experts"))
    house = tmp_path / "house"
    house.mkdir()
    (house / "h.yaml").write_text("thresholds: {realign_open: {value: 20, because: we ask for less}}\n")
    (one,) = looked(tmp_path / "l", house=house).records
    (change,) = one.changes
    assert (change.by, change.differs) == ("rule book", True)
    assert change.before.startswith("Restrict the membership")
    assert not change.after.startswith("Restrict the membership")
    assert any("realign_open" in why and "50" in why and "20" in why for why in change.why)
    assert "Z06" in {r.rule for r in change.lost}
    assert change.gained[0].deciding


def test_todays_facts_decide_otherwise(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("neophytes-and-experts")).read_text()
    case.write_text(text)
    kept(tmp_path / "l", str(case))
    case.write_text(text + "# a remark\n")
    (change,) = looked(tmp_path / "l").records[0].changes
    assert (change.by, change.differs) == ("facts", False)
    case.write_text(text.replace("sponsor_stance: fixed", "sponsor_stance: negotiable"))
    (change,) = looked(tmp_path / "l").records[0].changes
    assert change.differs
    assert [why.split(": ")[1] for why in change.why] == ["fixed -> negotiable"]
    assert "Z06" in {r.rule for r in change.lost}
    case.write_text("scenario: 1\nfacts: {has_sponsr: true}\n")
    (change,) = looked(tmp_path / "l").records[0].changes
    assert change.problem.startswith("SV2")
    case.unlink()
    (one,) = looked(tmp_path / "l").records
    assert not one.changes
    assert "case.yaml is not where it was" in one.notes[-1]
    moved = tmp_path / "moved.yaml"
    moved.write_text(text.replace("sponsor_stance: fixed", "sponsor_stance: negotiable"))
    (one,) = looked(tmp_path / "l", only="R1", scenario=str(moved)).records
    assert one.changes[0].differs


def test_agreement_with_something_else_does_not_make_todays_answer_agreed(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("neophytes-and-experts")).read_text()
    case.write_text(text)
    kept(tmp_path / "l", str(case), Form(("leader",), "RESTRICT_MEMBERSHIP", sponsor="agrees",
         sponsor_role="manager", sponsor_date=TODAY))  # fmt: skip
    case.write_text(text + "\n# looked at again\n")
    (one,) = looked(tmp_path / "l").records
    assert not one.changes[0].differs
    case.write_text(text.replace("openness_to_realign: 20", "openness_to_realign: 50"))
    (one,) = looked(tmp_path / "l").records
    assert one.changes[0].differs
    assert one.changes[0].after.endswith("(proposed)")  # what was agreed was something else


def test_evidence_that_grew_old_is_told(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        Path(scenario("the-sweet-spot"))
        .read_text()
        .split("expect:")[0]
        .replace("scenario: 1", "scenario: 1\nas_of: 2026-11-24")
        + "evidence:\n  - {fact: member_value_now, source: survey, date: 2026-10-01, n: 200, population: 220, "
        "reading: 70, drawn_from_all: true}\n"
    )
    kept(tmp_path / "l", str(case))
    assert not looked(tmp_path / "l").records[0].expired
    later = looked(tmp_path / "l", dt.date(2030, 1, 1)).records[0]
    assert any("39 months old" in text for text in later.expired)
    assert [c.by for c in later.changes] == ["date"]


def test_time_that_was_limited_runs_out(tmp_path: Path) -> None:
    form = Form(("leader",), review_date=dt.date(2027, 3, 1))
    done = draft(propose(book(), scenario("overlap-but-only-for-now")), form, TODAY)
    assert "time_boxed" in done.payload["decision"]["modes"]
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        ledger.append(done.payload, done.contents)
    assert not looked(tmp_path / "l", dt.date(2027, 2, 28)).records[0].expired
    assert "over" in looked(tmp_path / "l", dt.date(2027, 3, 1)).records[0].expired[0]


def test_answered_record_is_left_out_and_counted(tmp_path: Path) -> None:
    first = kept(tmp_path / "l", scenario("silent-drift"))
    assert looked(tmp_path / "l").records[0].waits
    form = Form(("leader",), "NOT_YET", sponsor="agrees", sponsor_role="manager", sponsor_date=TODAY)
    done = draft(propose(book(), "", first), form, TODAY, first)
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        ledger.append(done.payload, done.contents)
    found = looked(tmp_path / "l")
    assert [r.id for r in found.records] == ["R0002"]
    assert found.answered == 1
    assert not found.records[0].waits
    assert "A later record" in looked(tmp_path / "l", only="R1").records[0].notes[-1]


def test_ledger_that_was_read_is_not_changed(tmp_path: Path) -> None:
    kept(tmp_path / "l", scenario("the-sweet-spot"))
    before = (tmp_path / "l").read_bytes()
    looked(tmp_path / "l")
    assert (tmp_path / "l").read_bytes() == before
    assert sqlite3.connect(tmp_path / "l").execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ROOT.is_dir()


def test_field_that_is_new_since_is_no_difference_and_one_that_changed_is(tmp_path: Path) -> None:
    done = drafted("neophytes-and-experts")
    older = {**done.payload, "flips": {k: v for k, v in done.payload["flips"].items() if k != "unreachable"}}
    values = dict(done.payload["trace"]["world"]["values"])
    values["contribution"] += 10
    world = {**done.payload["trace"]["world"], "values": values}
    changed = {**done.payload, "trace": {**done.payload["trace"], "world": world}}
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        assert replay(ledger, ledger.append(older, done.contents)).same
        found = replay(ledger, ledger.append(changed, done.contents))
    assert [d.where for d in found.differences] == ["trace.world.values.contribution"]
