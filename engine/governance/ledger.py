"""A ledger: records that are only ever added, each linked to the one before it."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.governance.chain import canonical, digest, first_link, link, name_of, receipt
from sharedvalue.engine.governance.contents import read
from sharedvalue.engine.governance.place import LedgerPlace, find_place
from sharedvalue.engine.governance.store import Store, open_store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from sharedvalue.engine.governance.signing import Signer

Payload = dict[str, Any]
MAX_RECORD_BYTES = 50_000_000
RECENT = 50  # records among which one that is sent again is looked for


def now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def bytes_of(kept: object) -> bytes:
    """What stands where bytes belong. SQLite keeps anything in any column: a number or a text there fits no hash."""
    if isinstance(kept, bytes | bytearray | memoryview):
        return bytes(kept)
    return str(kept).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Record:
    """One record as it stands in the ledger. `raw` are the canonical bytes that its hash covers."""

    number: int
    previous: str
    hash: str
    raw: bytes
    signature: str | None

    @property
    def id(self) -> str:
        return name_of(self.number)

    @property
    def receipt(self) -> str:
        return receipt(self.number, self.hash)

    @property
    def payload(self) -> Payload:
        """What was recorded. Raises UserError SV505 where it is not what was recorded any more."""
        if link(self.previous, self.raw) != self.hash:
            raise mistake(
                "SV505",
                self.id,
                "this record was changed: its content does not fit its hash",
                "Run: sharedvalue ledger verify. Keep the file as it is, and go back to a backup.",
            )
        return read(self.raw, self.id)


@dataclass
class Ledger:
    """An open ledger. `clock` is asked for the time of a record."""

    store: Store
    id: str
    clock: Callable[[], dt.datetime] = field(default=now)
    changed: str = ""  # how it differs from what was last seen of it here; see witness.py

    @property
    def shown(self) -> str:
        return self.store.place.shown

    def close(self) -> None:
        self.store.close()

    # --- reading --------------------------------------------------------------------------------------------------
    def records(self, connection: Connection | None = None) -> Iterator[Record]:
        """All records in order, read one by one."""
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import records

        if connection is None:
            with self.store.transaction() as opened:
                yield from self.records(opened)
            return
        numbers = connection.execute(
            sa.select(records.c.number, sa.func.length(records.c.payload)).order_by(records.c.number)
        ).all()
        for number, size in numbers:
            yield self._read(connection, number, size)

    def _read(self, connection: Connection, number: Any, size: Any) -> Record:
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import records

        if not isinstance(number, int):
            raise mistake("SV505", self.shown, "a record has no number", "Go back to a backup.")
        if not isinstance(size, int) or size > MAX_RECORD_BYTES:
            raise mistake(
                "SV505",
                self.shown,
                f"{name_of(number)} is larger than any record can be",
                "Go back to a backup.",
            )
        row = connection.execute(sa.select(records).where(records.c.number == number)).one()
        signature = None if row.signature is None else str(row.signature)
        raw = bytes_of(row.payload)
        return Record(number, str(row.previous), str(row.hash), raw, signature)

    def record(self, wanted: str) -> Record:
        """The record of a number (7, R7, R0007) or of the beginning of its hash.

        Raises:
            UserError: SV501 when there is none, or more than one.
        """
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import records

        text = wanted.strip()
        number = text[1:] if text[:1] in ("R", "r") else text
        by_number = number.isascii() and number.isdigit() and len(number) <= 9
        prefix = text.removeprefix("sha256:").lower()
        with self.store.transaction() as connection:
            asked = sa.select(records.c.number, sa.func.length(records.c.payload))
            rows = connection.execute(asked.where(records.c.number == int(number))).all() if by_number else []
            if not rows and len(prefix) >= 6 and all(sign in "0123456789abcdef" for sign in prefix):
                rows = connection.execute(
                    asked.where(records.c.hash.startswith(f"sha256:{prefix}", autoescape=True)).limit(2)
                ).all()
            if len(rows) == 1:
                return self._read(connection, *rows[0])
            last = connection.execute(sa.select(sa.func.max(records.c.number))).scalar() or 0
        near = did_you_mean(text.upper(), [name_of(n) for n in range(max(1, last - 200), last + 1)])
        there = f"There are {name_of(1)} to {name_of(last)}." if last else "The ledger is empty."
        raise mistake("SV501", self.shown, f"there is no record '{text[:40]}' here", near or there)

    def files(self, hashes: Mapping[str, str]) -> dict[str, bytes]:
        """The contents of files by their hashes; those that are gone are left out."""
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import files

        with self.store.transaction() as connection:
            found: dict[str, bytes] = {}
            for wanted in dict.fromkeys(hashes.values()):
                content = connection.execute(
                    sa.select(files.c.content).where(files.c.hash == wanted)
                ).scalar()
                if content is not None:
                    found[wanted] = bytes_of(content)
        return found

    # --- adding ---------------------------------------------------------------------------------------------------
    def append(
        self, payload: Payload, contents: Mapping[str, bytes], signer: Signer | None = None, sent: str = ""
    ) -> Record:
        """Adds a record, with the files that it names; all of it or nothing, and one writer at a time.

        What was `sent` under a key is recorded once: a second time, the record that is there is given.

        Raises:
            UserError: SV503 busy, SV504 read-only or full, SV505 when the end of the chain is not sound.
        """
        import sqlalchemy as sa

        from sharedvalue.engine.governance import tables
        from sharedvalue.engine.governance.heads import head_of, links
        from sharedvalue.engine.governance.witness import see

        with self.store.transaction() as connection:
            count, tip, last = self._end(connection)
            if sent and (there := self._sent(connection, count, sent)) is not None:
                return there
            number = count + 1
            time = self.clock()
            complete = {
                **payload,
                "number": number,
                "ledger": self.id,
                "recorded_at": time.isoformat(timespec="seconds"),
                "clock_behind": last is not None and last > time.isoformat(timespec="seconds"),
                "signed_by": None if signer is None else signer.public,
                **({"sent_as": digest(sent.encode())} if sent else {}),
            }
            raw = canonical(complete)
            if len(raw) > MAX_RECORD_BYTES:
                raise mistake(
                    "SV508", self.shown, "this record would be too large", "Is it the right scenario file?"
                )
            linked = link(tip, raw)
            signature = None if signer is None else signer.sign(linked)
            for name, content in contents.items():
                known = sa.select(tables.files.c.hash).where(tables.files.c.hash == name)
                if connection.execute(known).first() is None:
                    connection.execute(sa.insert(tables.files), {"hash": name, "content": content})
            row = {"number": number, "previous": tip, "hash": linked, "payload": raw, "signature": signature}
            connection.execute(sa.insert(tables.records), row)
            connection.execute(sa.update(tables.head).values(count=number, hash=linked))
            now = head_of(self.id, links(connection))
        see(self, now)
        return Record(number, tip, linked, raw, signature)

    def sent(self, key: str) -> Record | None:
        """The record that was sent under a key, once whoever was writing it has ended."""
        with self.store.transaction() as connection:
            return self._sent(connection, self._end(connection)[0], key)

    def _sent(self, connection: Connection, count: int, key: str) -> Record | None:
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import records

        wanted = digest(key.encode())
        recent = sa.select(records.c.number, sa.func.length(records.c.payload)).where(
            records.c.number > count - RECENT
        )
        for number, size in connection.execute(recent.order_by(records.c.number.desc())).all():
            found = self._read(connection, number, size)
            if wanted.encode() in found.raw and found.payload.get("sent_as") == wanted:
                return found
        return None

    def _end(self, connection: Connection) -> tuple[int, str, str | None]:
        """How many records there are, the hash of the last, and when that was recorded."""
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import head, records

        ends = connection.execute(sa.select(head.c.count, head.c.hash)).first()
        last = connection.execute(
            sa.select(records.c.number, records.c.hash, records.c.payload).order_by(records.c.number.desc())
        ).first()
        found = (last.number, last.hash) if last is not None else (0, first_link(self.id))
        if ends is None or tuple(ends) != found:
            raise mistake(
                "SV505",
                self.shown,
                "the last record is not the one that the ledger says it ends with",
                "Nothing was written. Run: sharedvalue ledger verify, and go back to a backup.",
            )
        if last is None:
            return (*found, None)
        return (*found, str(read(bytes_of(last.payload), name_of(last.number))["recorded_at"]))

    # --- keeping ------------------------------------------------------------------------------------------------
    def backup(self, target: Path) -> int:
        """Writes the whole ledger to a new SQLite file, which is there only once all of it is; how many records.

        Raises:
            UserError: SV112 where a file is there already, SV121 where none can be written.
        """
        import sqlalchemy as sa

        from sharedvalue.engine.governance import tables

        if os.path.lexists(target):
            raise mistake("SV112", str(target), "this file is there already", "Give another name.")
        try:
            handle, draft = tempfile.mkstemp(prefix=".ledger-", suffix=".part", dir=target.parent)
            os.close(handle)
        except OSError as error:
            raise mistake(
                "SV121",
                str(target),
                f"it cannot be written: {error.strerror or error}",
                "Choose another place.",
            ) from None
        try:
            copy = open_store(find_place(draft), writing=True)
            with self.store.transaction() as source, copy.transaction() as into:
                into.exec_driver_sql("DROP TRIGGER keep_about_delete")
                into.execute(sa.delete(tables.about))
                into.exec_driver_sql(
                    "CREATE TRIGGER keep_about_delete BEFORE DELETE ON about "
                    "BEGIN SELECT RAISE(ABORT, 'a ledger is only ever added to'); END"
                )
                for table in (tables.about, tables.files, tables.records):
                    for row in source.execute(sa.select(table)).mappings():
                        into.execute(sa.insert(table), dict(row))
                ends = source.execute(sa.select(tables.head)).mappings().one()
                into.execute(sa.update(tables.head).values(count=ends["count"], hash=ends["hash"]))
            copy.close()
            os.link(draft, target)
        except FileExistsError:
            raise mistake("SV112", str(target), "this file is there already", "Give another name.") from None
        except OSError as error:
            raise mistake(
                "SV121",
                str(target),
                f"it cannot be written: {error.strerror or error}",
                "Choose another place.",
            ) from None
        finally:
            Path(draft).unlink(missing_ok=True)
        return int(ends["count"])


@contextmanager
def open_ledger(
    given: str = "", writing: bool = False, clock: Callable[[], dt.datetime] = now
) -> Iterator[Ledger]:
    """The ledger at a file name or address ('' for the default), to read unless `writing`.

    Raises:
        UserError: as open_store.
    """
    import sqlalchemy as sa

    from sharedvalue.engine.governance.tables import about
    from sharedvalue.engine.governance.witness import changed_since

    place: LedgerPlace = find_place(given)
    store = open_store(place, writing)
    try:
        with store.transaction() as connection:
            found = connection.execute(sa.select(about.c.value).where(about.c.name == "ledger")).scalar()
        if not found:
            raise mistake(
                "SV505", place.shown, "this ledger does not say which one it is", "Go back to a backup of it."
            )
        ledger = Ledger(store, str(found), clock)
        with store.transaction() as connection:
            ledger.changed = changed_since(ledger, connection)
        if ledger.changed and writing:
            raise mistake(
                "SV512",
                place.shown,
                ledger.changed,
                "Nothing was written. Run: sharedvalue ledger verify. If it was put back on purpose: sharedvalue ledger head --accept.",
            )
        yield ledger
    finally:
        store.close()
