"""Goes through a whole ledger: is every record there, unchanged and in its place?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.beside import beside_the_records
from sharedvalue.engine.governance.chain import canonical, digest, first_link, link, name_of, read_receipt
from sharedvalue.engine.governance.heads import Head, differs
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.signing import is_signed

Json = dict[str, object]


@dataclass(frozen=True)
class Broken:
    """The first record that is not as it was recorded, and what is wrong with it."""

    record: str
    what: str


@dataclass
class Verified:
    """What was found. `signed` counts records by key; `remarks` are worth knowing and break nothing."""

    ledger: str
    shown: str
    count: int = 0
    head: str = ""
    broken: Broken | None = None
    signed: dict[str, int] = field(default_factory=dict)
    unsigned: int = 0
    receipts: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.broken is None

    def as_json(self) -> Json:
        broken = None if self.broken is None else {"record": self.broken.record, "what": self.broken.what}
        return {
            "schema": "sharedvalue/ledger-verify/1",
            "ledger": self.shown,
            "ledger_id": self.ledger,
            "sound": self.sound,
            "records": self.count,
            "head": self.head,
            "broken": broken,
            "signed": [{"key": key, "records": n} for key, n in self.signed.items()],
            "unsigned": self.unsigned,
            "receipts": list(self.receipts),
            "remarks": list(self.remarks),
        }


def verify(
    ledger: Ledger, receipts: Iterable[str] = (), keys: Iterable[str] = (), against: Iterable[Head] = ()
) -> Verified:
    """Checks every record, the files that they name, the end of the chain, and receipts and heads kept elsewhere.

    With `keys`, each record must be signed by one of them. Raises UserError SV508 for a receipt that is none.
    """
    kept = [read_receipt(text) for text in receipts]
    return _Verifier(ledger, kept, tuple(keys), tuple(against)).run()


class _Verifier:
    def __init__(
        self,
        ledger: Ledger,
        kept: list[tuple[int | None, str]],
        keys: tuple[str, ...],
        against: tuple[Head, ...],
    ) -> None:
        self.ledger, self.kept, self.keys, self.against = ledger, kept, keys, against
        self.found = Verified(ledger.id, ledger.shown)
        self.tip = first_link(ledger.id)
        self.hashes: dict[str, int] = {}
        self.good_files: set[str] = set()

    def run(self) -> Verified:
        found = self.found
        try:
            with self.ledger.store.transaction() as connection:
                for record in self.ledger.records(connection):
                    found.broken = self.check(record)
                    if found.broken is not None:
                        return found
                    found.count += 1
                    self.tip = record.hash
                    self.hashes[record.hash] = record.number
                found.head = self.tip
                found.broken = self.end(connection) or self.receipts() or self.heads()
                found.remarks += beside_the_records(connection)
        except UserError as error:  # the database itself is damaged behind the last record that could be read
            if error.problems[0].code != "SV505":
                raise
            found.broken = Broken(name_of(found.count + 1), error.problems[0].what)
        return found

    def check(self, record: Record) -> Broken | None:
        expected = self.found.count + 1
        name = name_of(expected)
        if record.number != expected:
            return Broken(name, f"it is not there; the next one is {name_of(record.number)}")
        if record.previous != self.tip:
            return Broken(
                name, "it does not follow the record before it: one was changed, removed or put in between"
            )
        if link(record.previous, record.raw) != record.hash:
            return Broken(name, "it was changed: its content does not fit its hash")
        try:
            payload = record.payload
            same = canonical(payload) == record.raw
        except UserError as error:
            return Broken(name, error.problems[0].what)
        except (ValueError, RecursionError):  # a number that has no canonical form
            same = False
        if not same:
            return Broken(name, "it is not in the form in which records are written")
        if payload["number"] != expected or payload["ledger"] != self.ledger.id:
            return Broken(name, "it was recorded in another place or in another ledger")
        if payload["clock_behind"]:
            self.found.remarks.append(f"{name}: the clock stood before the time of the record before it")
        return self.signature(name, record, payload) or self.files(name, payload)

    def signature(self, name: str, record: Record, payload: dict[str, Any]) -> Broken | None:
        key = payload["signed_by"]
        if key is None:
            if record.signature is not None:
                return Broken(name, "a signature was put beside it, though it was recorded without one")
            self.found.unsigned += 1
            return Broken(name, "it is not signed") if self.keys else None
        if record.signature is None:
            return Broken(name, "its signature was taken away")
        if not is_signed(str(key), record.signature, record.hash):
            return Broken(name, "its signature is not that of the key that it names")
        if self.keys and key not in self.keys:
            return Broken(name, "it is signed with a key that is not among those you trust")
        self.found.signed[str(key)] = self.found.signed.get(str(key), 0) + 1
        return None

    def files(self, name: str, payload: dict[str, Any]) -> Broken | None:
        layers = payload["rulebook"]["layers"]
        wanted = {f"{i}/{path}": h for i, layer in enumerate(layers) for path, h in layer["files"].items()}
        missing = {path: h for path, h in wanted.items() if h not in self.good_files}
        contents = self.ledger.files(missing) if missing else {}
        for path, hashed in missing.items():
            if hashed not in contents:
                return Broken(name, f"a file of its rule book is gone: {path.split('/', 1)[1]}")
            if digest(contents[hashed]) != hashed:
                return Broken(name, f"a file of its rule book was changed: {path.split('/', 1)[1]}")
            self.good_files.add(hashed)
        return None

    def end(self, connection: Any) -> Broken | None:
        import sqlalchemy as sa

        from sharedvalue.engine.governance.tables import head

        rows = connection.execute(sa.select(head.c.count, head.c.hash).limit(2)).all()
        count = self.found.count
        if not rows:
            return Broken(name_of(count), "the ledger does not say where it ends")
        if len(rows) > 1:
            return Broken(name_of(max(count, 1)), "the ledger says twice where it ends")
        ends = rows[0]
        if isinstance(ends[0], int) and ends[0] > count:
            return Broken(name_of(count + 1), f"it is not there; the ledger says that there are {ends[0]}")
        if tuple(ends) != (count, self.tip):
            return Broken(name_of(max(count, 1)), "the ledger says that it ends elsewhere")
        return None

    def heads(self) -> Broken | None:
        """Heads that were published or handed over, and the one that was last seen here."""
        for then in self.against:
            wrong = differs(then, self.ledger.id, list(self.hashes))
            if wrong is not None:
                return Broken(*wrong)
            self.found.receipts.append(f"It grew out of the head with {then.count} records, unchanged")
        if self.ledger.changed:
            return Broken(name_of(max(1, self.found.count)), self.ledger.changed)
        return None

    def receipts(self) -> Broken | None:
        for number, hashed in self.kept:
            there = self.hashes.get(hashed)
            if there is None or (number is not None and there != number):
                name = name_of(number) if number else "the receipt's record"
                return Broken(
                    name, "the record of your receipt is not here: the ledger was rewritten or cut short"
                )
            self.found.receipts.append(f"{name_of(there)} is there, and all before it are as they were")
        return None
