"""The practice file meets what happens to files: edited, cut short, locked, read-only, full, newer, and two sessions at once."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice import store as module
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.coming import APART, next_case
from sharedvalue.engine.practice.repetition import GOOD, reviewed
from sharedvalue.engine.practice.store import Answer, Store, answer_json, answer_of

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)
ANSWER = Answer(
    at=NOW.isoformat(), case="silent-drift", kind="scenario", topic="silent-drift", rule="Z09", chapters=("D", "Z"),
    outcome="NOT_YET", answered="NOT_YET", confidence=80, cues=("contribution",), named=1, right_cues=0, best=2, hit=0,
)  # fmt: skip


def added(store: Store, answer: Answer = ANSWER) -> None:
    store.add(answer, "scenario: 1", lambda card: reviewed(card, GOOD, NOW))


def code_of(error: pytest.ExceptionInfo[UserError]) -> str:
    return error.value.problems[0].code


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "practice.sqlite")
    added(found)
    return found


def test_an_answer_reads_back_and_its_topic_comes_due(store: Store) -> None:
    assert store.answers() == (ANSWER,)
    assert store.scenario("silent-drift") == "scenario: 1"
    assert not store.due(NOW)
    assert store.due(NOW + dt.timedelta(days=400)) == (("silent-drift", 1),)
    assert answer_of(json.loads(json.dumps(answer_json(ANSWER))), "x") == ANSWER


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "none.sqlite")
    assert store.answers() == ()
    assert store.due(NOW) == ()
    assert not store.forget()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_counts_as_a_new_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "empty.sqlite")
    store.path.touch()
    assert store.answers() == ()
    added(store)
    assert len(store.answers()) == 1


@pytest.mark.parametrize(
    "text",
    [b"notes of mine, not a database\n" * 40, b"SQLite format 3\x00" + b"x" * 5000],
    ids=["text", "cut"],
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, text: bytes) -> None:
    store = Store(tmp_path / "notes.txt")
    store.path.write_bytes(text)
    for use in (store.answers, lambda: added(store), store.forget):
        with pytest.raises(UserError) as told:
            use()
        assert code_of(told) == "SV551"
    assert store.path.read_bytes() == text


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "other.sqlite")
    with sqlite3.connect(store.path) as base:
        base.execute("CREATE TABLE mine (x)")
    base.close()
    with pytest.raises(UserError) as told:
        store.forget()
    assert code_of(told) == "SV551"
    assert store.path.exists()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE answer SET record = 'not json'",
        "UPDATE answer SET record = '[]'",
        "UPDATE answer SET record = replace(record, '80', '8000')",
        "UPDATE answer SET record = replace(record, '\"hit\": 0', '\"hit\": 7')",
        "UPDATE answer SET record = replace(record, '\"NOT_YET\"', '3')",
        "UPDATE answer SET record = replace(record, '2026', 'soon')",
        "DROP TABLE answer",
        "ALTER TABLE answer RENAME COLUMN record TO other",
    ],
)
def test_edited_by_hand_is_told_and_nothing_lost(store: Store, edit: str) -> None:
    base = sqlite3.connect(store.path)
    base.execute(edit)
    base.commit()
    base.close()
    before = store.path.read_bytes()
    with pytest.raises(UserError) as told:
        store.answers()
    assert code_of(told) == "SV551"
    assert store.path.read_bytes() == before


def test_a_card_edited_by_hand_is_told_and_the_answer_not_half_saved(store: Store) -> None:
    base = sqlite3.connect(store.path)
    base.execute("UPDATE card SET card = '{}'")
    base.commit()
    base.close()
    with pytest.raises(UserError) as told:
        added(store)
    assert code_of(told) == "SV551"
    assert len(store.answers()) == 1


def test_pages_overwritten_are_told(store: Store) -> None:
    for _ in range(60):
        added(store)
    data = bytearray(store.path.read_bytes())
    data[4096 : len(data)] = os.urandom(len(data) - 4096)
    store.path.write_bytes(data)
    with pytest.raises(UserError) as told:
        store.answers()
    assert code_of(told) == "SV551"


def test_a_newer_file_is_left_alone(store: Store) -> None:
    base = sqlite3.connect(store.path)
    base.execute("PRAGMA user_version = 99")
    base.close()
    before = store.path.read_bytes()
    for use in (store.answers, lambda: added(store), store.forget):
        with pytest.raises(UserError) as told:
            use()
        assert code_of(told) == "SV552"
    assert store.path.read_bytes() == before


def test_a_file_held_by_another_is_waited_for_and_then_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    base = sqlite3.connect(store.path, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UserError) as told:
        added(store)
    assert code_of(told) == "SV553"
    base.close()
    added(store)
    assert len(store.answers()) == 2


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    for use in (Store(tmp_path).answers, lambda: added(Store(tmp_path))):
        with pytest.raises(UserError) as told:
            use()
        assert code_of(told) == "SV550"


PROGRAM = """
import sys, datetime as dt
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.practice.test_store import ANSWER, Store, added, replace
store = Store(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    added(store, replace(ANSWER, case=f"{{sys.argv[2]}}-{{n}}", topic=sys.argv[2]))
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM.format(root=str(ROOT)), str(path), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)


def test_two_sessions_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shared.sqlite"
    running = [writer(path, name, 25) for name in ("one", "two")]
    for process in running:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
    found = Store(path).answers()
    assert {a.case for a in found} == {f"{name}-{n}" for name in ("one", "two") for n in range(25)}
    assert {topic: times for topic, (_, _, times) in Store(path).cards().items()} == {"one": 25, "two": 25}


def answers_in(path: Path) -> bool:
    """Whether an answer can be read yet; while another process writes there may be nothing to read for a while."""
    try:
        return path.exists() and bool(Store(path).answers())
    except UserError:
        return False


def test_a_killed_session_leaves_whole_answers_only(tmp_path: Path) -> None:
    path = tmp_path / "killed.sqlite"
    process = writer(path, "one", 100_000)
    try:
        while not answers_in(path):
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    found = Store(path).answers()
    assert [a.case for a in found] == [f"one-{n}" for n in range(len(found))]
    assert Store(path).cards()["one"][2] == len(found)
    added(Store(path))
    assert len(Store(path).answers()) == len(found) + 1


def fill(store: Store) -> None:
    for n in range(200):
        added(store, replace(ANSWER, case=f"case {n} " + "x" * 500))


def test_a_full_disk_is_told_and_what_was_saved_stays(store: Store) -> None:
    size = store.path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        with pytest.raises(UserError) as told:
            fill(store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert code_of(told) == "SV554"
    assert store.answers()[0] == ANSWER
    added(store)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_can_be_read_and_says_so_when_written(store: Store) -> None:
    store.path.chmod(0o400)
    assert len(store.answers()) == 1
    with pytest.raises(UserError) as told:
        added(store)
    assert code_of(told) == "SV554"


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as told:
        added(Store(tmp_path / "file" / "practice.sqlite"))
    assert code_of(told) == "SV554"


def test_forgetting_leaves_nothing(store: Store) -> None:
    assert store.forget()
    assert list(store.path.parent.iterdir()) == []


def test_a_twin_comes_only_after_some_other_cases(tmp_path: Path) -> None:
    cases, store = Cases(load()), Store(tmp_path / "practice.sqlite")
    one = cases.get("twin-3-a")
    for number, name in enumerate([one.id, *cases.saved[:APART]]):
        assert next_case(cases, store, NOW).id != one.other
        pair = "" if number else one.pair
        store.add(replace(ANSWER, case=name, topic=name, pair=pair), "", None)
    assert next_case(cases, store, NOW).id == one.other
