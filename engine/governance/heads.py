"""The head of a ledger in one line, to be published or handed to a second person; and whether a ledger still holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.governance.chain import first_link, name_of
from sharedvalue.engine.governance.merkle import consistency, leaf, root

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from sharedvalue.engine.governance.ledger import Ledger

WORD = "sharedvalue-head-1"
LINE = re.compile(
    rf"{WORD} ledger=([0-9A-Za-z-]{{1,80}}) records=([0-9]{{1,9}}) last=([0-9a-f]{{64}}) root=([0-9a-f]{{64}})"
)


@dataclass(frozen=True)
class Head:
    """Where a ledger ends: how many records, the hash of the last, and the root of the tree over all (see merkle.py)."""

    ledger: str
    count: int
    last: str
    root: str

    @property
    def line(self) -> str:
        return f"{WORD} ledger={self.ledger} records={self.count} last={self.last} root={self.root}"

    def as_json(self, shown: str) -> dict[str, object]:
        """The head as other programs read it: sharedvalue/ledger-head/1. `shown` is where the ledger lies."""
        return {
            "schema": "sharedvalue/ledger-head/1",
            "ledger": shown,
            "ledger_id": self.ledger,
            "records": self.count,
            "last": self.last,
            "root": self.root,
            "line": self.line,
        }


def links(connection: Connection) -> list[str]:
    """The hashes of all records, in order."""
    import sqlalchemy as sa

    from sharedvalue.engine.governance.tables import records

    return [
        str(found)
        for found in connection.execute(sa.select(records.c.hash).order_by(records.c.number)).scalars()
    ]


def head_of(ledger_id: str, hashes: list[str]) -> Head:
    last = hashes[-1] if hashes else first_link(ledger_id)
    return Head(
        ledger_id, len(hashes), last.removeprefix("sha256:"), root([leaf(one) for one in hashes]).hex()
    )


def head(ledger: Ledger) -> Head:
    with ledger.store.transaction() as connection:
        return head_of(ledger.id, links(connection))


def read_head(text: str) -> Head:
    """The head of a line (as `ledger head` prints it), wherever it stands in a text.

    Raises:
        UserError: SV508 where there is none.
    """
    found = LINE.search(text)
    if found is None:
        raise mistake(
            "SV508",
            "--against",
            "this is no head of a ledger",
            f"A head is the line that `sharedvalue ledger head` printed: {WORD} ledger=... records=...",
        )
    return Head(found[1], int(found[2]), found[3], found[4])


def differs(then: Head, ledger_id: str, hashes: list[str]) -> tuple[str, str] | None:
    """The record at which a ledger does not hold a head any more, and how; None where it does."""
    if then.ledger != ledger_id:
        return name_of(1), "this is another ledger than the one of that head"
    if then.count > len(hashes):
        what = f"it is not there; that head had {then.count} records: the ledger was cut short, or put back to an earlier state"
        return name_of(len(hashes) + 1), what
    if head_of(ledger_id, hashes[: then.count]) != then:
        return name_of(
            max(1, then.count)
        ), "up to here the records are not those of that head: the ledger was rewritten"
    return None


def proof(ledger: Ledger, then: Head) -> dict[str, Any]:
    """What shows to whoever has only the two heads that the ledger grew out of the earlier one.

    Raises:
        UserError: SV505 where it did not.
    """
    with ledger.store.transaction() as connection:
        hashes = links(connection)
    if (wrong := differs(then, ledger.id, hashes)) is not None:
        raise mistake(
            "SV505", ledger.shown, f"{wrong[0]}: {wrong[1]}", "Run: sharedvalue ledger verify --against."
        )
    now = head_of(ledger.id, hashes)
    leaves = [leaf(one) for one in hashes]
    return {
        "schema": "sharedvalue/ledger-proof/1",
        "ledger_id": ledger.id,
        "from": {"records": then.count, "root": then.root},
        "to": {"records": now.count, "root": now.root},
        "hashes": [one.hex() for one in consistency(leaves, then.count)],
    }
