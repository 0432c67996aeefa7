"""Opens the database of a ledger: SQLite or PostgreSQL, to read or to write, brought up to date where it must be."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.governance.chain import first_link
from sharedvalue.engine.governance.faults import told
from sharedvalue.engine.governance.place import LedgerPlace
from sharedvalue.engine.language.whole_file import write_whole

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 20.0  # how long a writer waits for the one before it
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


@dataclass
class Store:
    """The database of one ledger. `transaction` gives a connection; what it did is kept wholly or not at all."""

    place: LedgerPlace
    writing: bool
    engine: Engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with told(self.place.shown), self.engine.begin() as connection:
            if self.writing and connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(BUSY_SECONDS * 1000)}ms'")
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5325)")  # one writer at a time
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_store(place: LedgerPlace, writing: bool) -> Store:
    """The database of a ledger; one that is not there is made when it is to be written.

    Raises:
        UserError: SV503 busy, SV504 cannot be used, SV505 no ledger, SV506 newer, SV509 no driver, SV511 not there.
    """
    if place.file is not None:
        _prepare(place, place.file, writing)
    with told(place.shown):
        store = Store(place, writing, _engine(place, writing))
    try:
        with store.transaction() as connection:
            _bring_up_to_date(store, connection)
    except BaseException:
        store.close()
        raise
    return store


def _prepare(place: LedgerPlace, file: Path, writing: bool) -> None:
    shown = place.shown
    try:
        if file.is_dir():
            raise mistake("SV504", shown, "this is a directory", "Give the name of a file in it.")
        if file.exists():
            if not file.is_file():
                raise mistake("SV504", shown, "this is not a regular file", "Give the name of a ledger file.")
            return
        if not writing:
            raise mistake(
                "SV511",
                shown,
                "there is no ledger here",
                "Record a first decision: sharedvalue record SCENARIO, or give another --ledger.",
            )
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(place, file)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise mistake(
                "SV504", shown, "the disk is full", "Nothing was written. Make room and try again."
            ) from None
        raise mistake(
            "SV504",
            shown,
            f"this ledger cannot be opened: {error.strerror or error}",
            "Check the path and its permissions, or give another --ledger.",
        ) from None


def _make(place: LedgerPlace, file: Path) -> None:
    """A new ledger, there only once it is whole: a disk that is full leaves no empty file."""
    with tempfile.TemporaryDirectory(prefix="sharedvalue-ledger-") as folder:
        draft = Path(folder) / "ledger"
        draft.touch()
        open_store(replace(place, file=draft), writing=True).close()
        with suppress(FileExistsError):  # another program has made it meanwhile
            write_whole(
                file, draft.read_bytes(), 0o600, replace=False
            )  # it names who took part: for its owner only


def _engine(place: LedgerPlace, writing: bool) -> Engine:
    import sqlalchemy as sa
    from sqlalchemy.pool import NullPool

    if place.file is None:
        level = "READ COMMITTED" if writing else "REPEATABLE READ"
        options: dict[str, Any] = {"connect_timeout": 10}
        if not writing:
            options["options"] = "-c default_transaction_read_only=on"
        return sa.create_engine(place.url, poolclass=NullPool, isolation_level=level, connect_args=options)
    file = place.file.resolve()

    def connect() -> sqlite3.Connection:
        # A writer that was killed leaves a journal: whoever may write rolls it back, also when only reading.
        cut_off = Path(f"{file}-journal").exists() and os.access(file, os.W_OK)
        mode = "rw" if writing or cut_off else "ro"
        opened = sqlite3.connect(
            f"file:{quote(str(file))}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        if not writing:
            opened.execute("PRAGMA query_only=ON")
        opened.execute("PRAGMA trusted_schema=OFF")  # a file from somewhere else runs nothing of its own
        opened.execute("PRAGMA cell_size_check=ON")
        opened.execute("PRAGMA synchronous=EXTRA")  # on the disk before it is called recorded
        return opened

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN"))
    return engine


def _bring_up_to_date(store: Store, connection: Connection) -> None:
    """Makes the tables of a new ledger, and updates an older one; a newer one is refused."""
    import sqlalchemy as sa

    from sharedvalue.engine.governance import tables

    found = sa.inspect(connection).get_table_names()
    shown = store.place.shown
    if "alembic_version" not in found:
        if found and "records" not in found and connection.dialect.name == "sqlite":
            raise mistake("SV505", shown, "this database is not a ledger", "Give another --ledger.")
        if not store.writing:
            raise mistake(
                "SV511" if not found else "SV505",
                shown,
                "there is no ledger here yet" if not found else "this database is not a ledger",
                "Record a first decision: sharedvalue record SCENARIO, or give another --ledger.",
            )
        current = None
    else:
        current = connection.execute(sa.select(tables.version.c.version_num)).scalar()
    if current == tables.HEAD:
        return
    if current is not None and current not in tables.VERSIONS:
        raise mistake(
            "SV506",
            shown,
            f"this ledger was written by a newer sharedvalue (its version is {str(current)[:40]})",
            "Nothing was changed. Install the newer release; this one could misread it.",
        )
    if not store.writing:
        return  # an older ledger reads the same
    if current is not None and store.place.file is not None:
        shutil.copy2(store.place.file, f"{store.place.file}.before-{tables.HEAD}")
    _migrate(connection)
    if current is None:
        ledger = str(uuid.uuid4())
        made = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        connection.execute(
            sa.insert(tables.about), [{"name": "ledger", "value": ledger}, {"name": "made", "value": made}]
        )
        connection.execute(sa.insert(tables.head), {"one": 1, "count": 0, "hash": first_link(ledger)})


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
