"""A ledger under stress: writers at once, killed writers, locks, full disks, damage, other versions, clocks."""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance import store
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.place import find_place
from sharedvalue.engine.governance.verify import verify
from tests.governance.common import ROOT, filled, meddle, never_seen, run_python, small, texts

WRITER = """
import sys
from sharedvalue.engine.governance.ledger import open_ledger
from tests.governance.common import small
for n in range(int(sys.argv[3])):
    with open_ledger(sys.argv[1], writing=True) as ledger:
        print(ledger.append(small(f"{sys.argv[2]} {n}"), {}).number, flush=True)
"""
KILLED = """
import os, signal, sys
import sqlalchemy as sa
from sharedvalue.engine.governance.ledger import open_ledger
from tests.governance.common import small
with open_ledger(sys.argv[1], writing=True) as ledger:
    done = 0
    def after(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    sa.event.listen(ledger.store.engine, "after_cursor_execute", after)
    ledger.append(small("half"), {"sha256:x": b"x" * 3_000_000})
"""
FULL = """
import resource, sys
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.ledger import open_ledger
from tests.governance.common import small
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    with open_ledger(sys.argv[1], writing=True) as ledger:
        ledger.append(small("x" * 1_000_000), {})
except UserError as error:
    print(error.problems[0].code, error.problems[0].what)
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "l.sqlite")  # neither has made it: both will try
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, name, "8"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]  # fmt: skip
    numbers = [int(word) for writer in writers for word in writer.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == list(range(1, 17))
    with open_ledger(path) as ledger:
        assert verify(ledger).sound
        assert sorted(texts(ledger)) == sorted(f"{name} {n}" for name in "ab" for n in range(8))


@pytest.mark.parametrize("moment", ["INSERT INTO files", "INSERT INTO records", "UPDATE head"])
def test_killed_in_the_middle_of_a_write_leaves_nothing_half_written(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    done = run_python(KILLED, str(path), moment)
    assert done.returncode == -signal.SIGKILL
    with open_ledger(str(path)) as ledger:  # rolls back what the killed one left, and only reads
        assert texts(ledger) == ["record 1", "record 2"]
    with open_ledger(str(path), writing=True) as ledger:
        assert texts(ledger) == ["record 1", "record 2"]
        assert ledger.append(small("after"), {}).number == 3
        assert verify(ledger).sound


def test_killed_at_any_moment_keeps_what_was_called_recorded(tmp_path: Path) -> None:
    path = str(tmp_path / "l.sqlite")
    for wait in (1, 4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path, "k", "500"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(wait)]
        writer.kill()
        told += [int(word) for word in writer.stdout.read().split()]
        writer.wait(30)
        writer.stdout.close()
        with open_ledger(path, writing=True) as ledger:
            found = verify(ledger)
            assert found.sound
            assert found.count >= told[-1]


def test_database_itself_refuses_to_change_or_remove(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE records SET hash = ''",
        "DELETE FROM records",
        "DELETE FROM about",
        "DELETE FROM head",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            connection.execute(statement)
    connection.close()


def test_locked_ledger_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="SV503"), open_ledger(str(path), writing=True):
        pass
    with open_ledger(str(path)) as ledger:  # reading goes on
        assert texts(ledger) == ["record 1"]
    holder.close()


def test_reading_opens_read_only(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    with open_ledger(str(path)) as ledger, pytest.raises(UserError, match=r"SV504.*only be read"):
        ledger.append(small(), {})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["l.sqlite"]


READER = """
import sys
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.ledger import open_ledger
from tests.governance.common import small, texts
try:
    with open_ledger(sys.argv[1], writing=True) as ledger:
        ledger.append(small(), {})
except UserError as error:
    print(error.problems[0].code)
with open_ledger(sys.argv[1]) as ledger:
    print(texts(ledger))
"""


def test_file_that_may_not_be_written_is_told_and_still_reads(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    path.chmod(0o444)
    words = [sys.executable, "-c", READER, str(path)]
    if os.geteuid() == 0:  # root may write everywhere, unless that right is taken away
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and setpriv is not here")
        words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *words]
    done = subprocess.run(
        words, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split("\n")[:2] == ["SV504", "['record 1']"], done.stderr


def test_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    assert hasattr(resource, "RLIMIT_FSIZE")
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    done = run_python(FULL, str(path), "200000")
    assert done.stdout.startswith("SV504"), done.stderr
    with open_ledger(str(path), writing=True) as ledger:
        assert texts(ledger) == ["record 1", "record 2"]
        assert verify(ledger).sound


def test_full_disk_leaves_no_empty_ledger(tmp_path: Path) -> None:
    assert hasattr(resource, "RLIMIT_FSIZE")
    done = run_python(FULL, str(tmp_path / "l.sqlite"), "20000")
    assert done.stdout.startswith("SV504"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_damaged_file_is_told_or_found_broken(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 60)
    whole = path.read_bytes()
    for at in range(4096, len(whole), 4096):
        path.write_bytes(whole[:at] + b"\xa5" * 4096 + whole[at + 4096 :])
        try:
            with open_ledger(str(path)) as ledger:
                found = verify(ledger)
                harmless = [record.hash for record in ledger.records()] if found.sound else []
        except UserError as error:
            assert error.problems[0].code in ("SV505", "SV504", "SV506", "SV511")
        else:
            assert not found.sound or len(harmless) == 60  # an empty page, or one of an index


@pytest.mark.parametrize("content", [b"", b"hello " * 1000, b"SQLite format 3\0" + b"\xff" * 4000])
def test_what_is_no_ledger_is_not_read_as_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "l.sqlite"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"SV505|SV511|SV504"), open_ledger(str(path)):
        pass
    assert path.read_bytes() == content


def test_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    for writing in (False, True):
        with pytest.raises(UserError, match="SV505"), open_ledger(str(path), writing=writing):
            pass
    assert path.read_bytes() == before


def test_newer_ledger_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '0099'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    for writing in (False, True):
        with pytest.raises(UserError, match="SV506"), open_ledger(str(path), writing=writing):
            pass
    assert path.read_bytes() == before


def test_older_ledger_reads_and_is_brought_up_to_date_when_written(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.commit()
    connection.close()
    with open_ledger(str(path)) as ledger:
        assert verify(ledger).sound
    with open_ledger(str(path), writing=True) as ledger:
        ledger.append(small("three"), {})
        assert verify(ledger).count == 3
    connection = sqlite3.connect(path)
    assert len(connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()) == len(
        triggers
    )
    connection.close()
    with open_ledger(f"{path}.before-0002") as old:  # as it was, beside it
        assert texts(old) == ["record 1", "record 2"]


def test_clock_that_goes_back_is_noted_and_breaks_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "l.sqlite")
    times = [dt.datetime(2026, 11, day, tzinfo=dt.timezone.utc) for day in (24, 20, 25)]
    for time in times:
        with open_ledger(path, writing=True, clock=lambda time=time: time) as ledger:  # type: ignore[misc]  # a default binds it
            ledger.append(small(), {})
    with open_ledger(path) as ledger:
        found = verify(ledger)
        assert [r.payload["clock_behind"] for r in ledger.records()] == [False, True, False]
    assert found.sound
    assert any("R0002" in remark for remark in found.remarks)


def test_end_that_was_meddled_with_takes_no_more_records(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 3)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER keep_records_delete")
    connection.execute("DELETE FROM records WHERE number = 3")
    connection.commit()
    connection.close()
    never_seen()
    with (
        open_ledger(str(path), writing=True) as ledger,
        pytest.raises(UserError, match=r"SV505.*not the one"),
    ):
        ledger.append(small(), {})


def test_backup_is_whole_and_never_over_another_file(tmp_path: Path) -> None:
    path, copy = tmp_path / "l.sqlite", tmp_path / "copy.sqlite"
    records = filled(path, 3)
    with open_ledger(str(path)) as ledger:
        assert ledger.backup(copy) == 3
        with pytest.raises(UserError, match="SV112"):
            ledger.backup(copy)
        with pytest.raises(UserError, match="SV121"):
            ledger.backup(tmp_path / "nowhere" / "x.sqlite")
    with open_ledger(str(copy), writing=True) as again:
        assert verify(again, [records[2].receipt]).sound
        assert again.append(small("four"), {}).number == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.sqlite", "l.sqlite"]


def test_record_is_found_by_number_and_by_the_beginning_of_its_hash(tmp_path: Path) -> None:
    records = filled(tmp_path / "l", 3)
    with open_ledger(str(tmp_path / "l")) as ledger:
        for wanted in ("2", "R2", "r0002", records[1].hash[7:19], records[1].hash):
            assert ledger.record(wanted).number == 2
        for wrong in ("R9", "", "zzz", "R", "abcdefabcdef", "%", "_", "' OR 1=1"):
            with pytest.raises(UserError, match="SV501"):
                ledger.record(wrong)


def test_address_hides_its_password_and_other_kinds_are_refused() -> None:
    place = find_place("postgresql://leader:secret@host/db")
    assert "secret" not in place.shown
    for wrong in ("mysql://host/db", "https://host/x", "postgresql://host:port/db", "file://x"):
        with pytest.raises(UserError, match="SV509"):
            find_place(wrong)
    assert find_place("sqlite:///x/y.sqlite").file == Path("x/y.sqlite")


def test_ledger_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "l.sqlite"
    filled(path, 1)
    assert path.stat().st_mode & 0o077 == 0


# --- damage beside the records --------------------------------------------------------------------------------------


def test_a_new_ledger_and_its_backup_have_nothing_to_remark(tmp_path: Path) -> None:
    filled(tmp_path / "l.sqlite", 2)
    with open_ledger(str(tmp_path / "l.sqlite")) as ledger:
        assert verify(ledger).remarks == []
        ledger.backup(tmp_path / "copy.sqlite")
    with open_ledger(str(tmp_path / "copy.sqlite")) as ledger:
        assert verify(ledger).remarks == []


def test_guards_that_were_taken_away_are_remarked_and_a_backup_has_them_again(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    meddle(path)
    with open_ledger(str(path)) as ledger:
        found = verify(ledger)
        assert found.sound
        assert any("guards" in remark for remark in found.remarks)
        ledger.backup(tmp_path / "copy.sqlite")
    with open_ledger(str(tmp_path / "copy.sqlite")) as ledger:
        assert verify(ledger).remarks == []


def test_guards_that_are_no_text_any_more_are_a_damaged_ledger_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    data = path.read_bytes()
    assert data.count(b" BEFORE DELETE ON head ") == 1  # what SQLite says of it quotes the bytes
    path.write_bytes(data.replace(b" BEFORE DELETE ON head ", b" \xff\xfeFORE DELETE ON head "))
    with pytest.raises(UserError) as caught, open_ledger(str(path)) as ledger:
        verify(ledger)
    assert caught.value.problems[0].code == "SV505"


def test_bytes_overwritten_anywhere_change_no_record_unseen(tmp_path: Path) -> None:
    """Wherever a few bytes are spoilt: told, or every table still reads as it did (the place was not in use)."""
    path, spoilt = tmp_path / "l.sqlite", tmp_path / "spoilt.sqlite"
    filled(path, 3)
    data = path.read_bytes()

    def read(file: Path) -> list[list[tuple[object, ...]]]:
        with closing(sqlite3.connect(file)) as connection:
            return [
                connection.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in ("records", "head")
            ]

    whole, told = read(path), 0
    for offset in range(100, len(data), 211):
        if not any(data[offset : offset + 5]):
            continue
        spoilt.write_bytes(data[:offset] + b"\xa5\x5a\xff\x00\x7e" + data[offset + 5 :])
        try:
            with open_ledger(str(spoilt)) as ledger:
                sound = verify(ledger).sound
        except UserError as error:
            assert error.problems[0].code.startswith("SV5")
            sound = False
        if sound:
            assert read(spoilt) == whole, offset
        else:
            told += 1
    assert told
