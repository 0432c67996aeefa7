"""A ledger that several leaders share: against a real PostgreSQL server, started here and stopped again."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance import store
from sharedvalue.engine.governance.beside import beside_the_records
from sharedvalue.engine.governance.heads import head
from sharedvalue.engine.governance.ledger import Ledger, open_ledger
from sharedvalue.engine.governance.place import role_sql
from sharedvalue.engine.governance.replay import replay
from sharedvalue.engine.governance.verify import verify
from tests.governance.common import ROOT, drafted, small, texts
from tests.governance.test_ledger import KILLED, WRITER, environment


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    which = shutil.which("initdb")
    return found[0].parent if found else Path(which).resolve().parent if which else None


def _as_another() -> dict[str, object]:
    """A server does not run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    return {}


@contextmanager
def running_server() -> Iterator[str | None]:
    """The address of a server that runs meanwhile; None where none can be run here."""
    programs = _programs()
    if programs is None:
        yield None
        return
    who = _as_another()
    folder = Path(tempfile.mkdtemp(prefix="sv-pg-"))
    if who:
        os.chown(folder, int(str(who["user"])), int(str(who["group"])))
    data, log = folder / "data", folder / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def do(*words: str) -> bool:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=60, **who)  # type: ignore[call-overload]  # who: user and group, where there are any
        return bool(done.returncode == 0)

    setting_up = ("-D", str(data), "-A", "trust", "-U", "leader", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    try:
        runs = do(str(programs / "initdb"), *setting_up) and do(
            str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w", "start"
        )
        yield f"postgresql://leader@127.0.0.1:{port}" if runs else None
    finally:
        do(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def database(server: str, name: str) -> str:
    """A new database of a server."""
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")
    with running_server() as found:
        if found is None:
            pytest.skip("no PostgreSQL server can be run here (initdb, pg_ctl)")
        yield found


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    return database(server, "db_" + str(abs(hash(request.node.name))))


def test_record_replay_verify_and_backup(url: str, tmp_path: Path) -> None:
    made = drafted("the-sweet-spot")
    with open_ledger(url, writing=True) as ledger:
        first = ledger.append(made.payload, made.contents)
        second = ledger.append(made.payload, made.contents)
    with open_ledger(url) as ledger:
        assert verify(ledger, [first.receipt, second.receipt]).sound
        assert replay(ledger, ledger.record("R2")).same
        assert ledger.backup(tmp_path / "copy.sqlite") == 2
    with open_ledger(str(tmp_path / "copy.sqlite")) as copy:
        assert verify(copy, [second.receipt]).sound
        assert replay(copy, copy.record("R1")).same


def test_reading_is_read_only_and_a_missing_ledger_is_told(url: str) -> None:
    with pytest.raises(UserError, match="SV511"), open_ledger(url):
        pass
    with open_ledger(url, writing=True) as ledger:
        ledger.append(small("one"), {})
    with open_ledger(url) as ledger, pytest.raises(UserError, match=r"SV504.*only be read"):
        ledger.append(small(), {})


def test_leaders_who_record_at_once_lose_nothing(url: str) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, name, "6"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]  # fmt: skip
    numbers = [int(word) for writer in writers for word in writer.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == list(range(1, 13))
    with open_ledger(url) as ledger:
        assert verify(ledger).sound


def test_killed_writer_leaves_nothing_half_written(url: str) -> None:
    with open_ledger(url, writing=True) as ledger:
        ledger.append(small("one"), {})
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, "INSERT INTO records"], cwd=ROOT, env=environment(), timeout=60, check=False
    )  # fmt: skip
    assert done.returncode == -9
    with open_ledger(url, writing=True) as ledger:
        assert texts(ledger) == ["one"]
        assert ledger.append(small("two"), {}).number == 2
        assert verify(ledger).sound


def test_server_refuses_changes_and_verify_finds_them_when_forced(url: str) -> None:
    import psycopg

    with open_ledger(url, writing=True) as ledger:
        for text in ("one", "two", "three"):
            ledger.append(small(text), {})
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in ("UPDATE records SET hash = 'x'", "DELETE FROM records", "TRUNCATE records"):
            with pytest.raises(psycopg.Error, match="only ever added to"):
                connection.execute(statement)
        connection.execute("ALTER TABLE records DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM records WHERE number = 2")
    with open_ledger(url) as ledger:
        found = verify(ledger)
    assert found.broken is not None
    assert found.broken.record == "R0002"


REWRITES = (
    "UPDATE records SET hash = 'x'",
    "DELETE FROM records",
    "TRUNCATE records",
    "ALTER TABLE records DISABLE TRIGGER ALL",
    "DROP TRIGGER keep_records ON records",
    "SET session_replication_role = replica",
    "UPDATE head SET count = 1",
    "UPDATE head SET count = count + 1, hash = 'x'",
    "DELETE FROM head",
    "INSERT INTO head VALUES (2, 1, 'x')",
    "INSERT INTO about VALUES ('also', 'x')",
    "INSERT INTO records VALUES (9, 'x', 'y', 'z', NULL)",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TABLE more (a int)",
    "DROP TABLE records",
    "CREATE OR REPLACE FUNCTION sharedvalue_keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
)


def test_name_that_may_only_add_adds_and_can_change_nothing(url: str) -> None:
    import psycopg

    with open_ledger(url, writing=True) as ledger:
        ledger.append(small("by the owner"), {})
    with psycopg.connect(url, autocommit=True) as owner:
        for _ in range(2):  # it may be run again
            owner.execute(role_sql())
        owner.execute("CREATE ROLE ada LOGIN IN ROLE sharedvalue_writer")
    as_ada = url.replace("leader@", "ada@")
    with open_ledger(as_ada, writing=True) as ledger:
        record = ledger.append(small("by ada"), {"sha256:x": b"x"})
        assert record.number == 2
        found = verify(ledger)
    assert (found.sound, found.remarks) == (True, [])
    with psycopg.connect(as_ada, autocommit=True) as connection:
        for statement in REWRITES:
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    with open_ledger(url) as ledger:
        found = verify(ledger, [record.receipt])
    assert found.sound
    assert any("may change its records" in text for text in found.remarks), "the owner may"


def test_guards_that_were_switched_off_are_remarked_though_all_was_rewritten_soundly(url: str) -> None:
    import psycopg

    with open_ledger(url, writing=True) as ledger:
        first = ledger.append(small("one"), {})
        ledger.append(small("two"), {})
        seen = head(ledger)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE records DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM records WHERE number = 2")
        connection.execute("UPDATE head SET count = 1, hash = (SELECT hash FROM records)")
    with open_ledger(url) as ledger:
        found = verify(ledger, [first.receipt], against=[seen])
        assert not found.sound
        assert ledger.changed
        assert any("switched off" in text for text in beside(ledger))


WEAKER = (
    "ALTER TABLE files DISABLE TRIGGER keep_files",
    "DROP TRIGGER keep_about ON about",
    "CREATE OR REPLACE TRIGGER keep_records BEFORE DELETE ON records FOR EACH STATEMENT EXECUTE FUNCTION sharedvalue_keep()",
    "CREATE OR REPLACE TRIGGER keep_head BEFORE DELETE OR UPDATE OF one ON head FOR EACH STATEMENT EXECUTE FUNCTION sharedvalue_keep()",
    "CREATE OR REPLACE TRIGGER keep_head BEFORE DELETE OR TRUNCATE ON head FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION sharedvalue_keep()",
    """CREATE OR REPLACE FUNCTION sharedvalue_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF false THEN RAISE EXCEPTION 'a ledger is only ever added to'; END IF; RETURN NULL; END $$""",
    "CREATE TRIGGER other BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE other AS ON INSERT TO records DO INSTEAD NOTHING",
    "ALTER TABLE records ENABLE ROW LEVEL SECURITY",
    "CREATE VIEW other AS SELECT * FROM records",
)


def test_guards_that_were_weakened_are_remarked(url: str) -> None:
    with open_ledger(url, writing=True) as ledger:
        ledger.append(small("one"), {})
        whole = beside(ledger)
        assert not any("guards" in text or "no part" in text for text in whole)
        for statement in WEAKER:
            with ledger.store.transaction() as connection:
                connection.exec_driver_sql(statement)
                found = beside_the_records(connection)
                connection.rollback()
            assert any("guards" in text or "no part" in text for text in found), statement
        assert beside(ledger) == whole


def beside(ledger: Ledger) -> list[str]:
    with ledger.store.transaction() as connection:
        return beside_the_records(connection)


def test_writer_that_waits_too_long_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    with open_ledger(url, writing=True) as ledger:
        ledger.append(small("one"), {})
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.2)
    with psycopg.connect(url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(5325)")
        with pytest.raises(UserError, match="SV503"), open_ledger(url, writing=True):
            pass


def test_no_server_is_told_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with (
        pytest.raises(UserError, match="SV504") as caught,
        open_ledger("postgresql://me:secret@127.0.0.1:1/x"),
    ):
        pass
    assert "secret" not in str(caught.value)
