"""The tables of a ledger, and what its versions are called."""

from __future__ import annotations

import sqlalchemy as sa

FIRST, HEAD = "0001", "0002"
VERSIONS = (FIRST, HEAD)
KEPT = ("records", "files", "about")  # only ever added to
REFUSED = "a ledger is only ever added to"
metadata = sa.MetaData()

records = sa.Table(
    "records",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("previous", sa.String(80), nullable=False),
    sa.Column("hash", sa.String(80), nullable=False, unique=True),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.String(200), nullable=True),
)
files = sa.Table(  # the files of rule books, each content once
    "files",
    metadata,
    sa.Column("hash", sa.String(80), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
about = sa.Table(
    "about",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)
head = sa.Table(  # how many records there are, and the hash of the last
    "head",
    metadata,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
)
version = sa.table("alembic_version", sa.column("version_num", sa.String))


def guards() -> dict[str, str]:
    """The triggers by which an SQLite ledger refuses changes, as its migrations made them: name -> statement."""
    wanted = [(f"keep_{t}_{change.lower()}", change, t) for t in KEPT for change in ("UPDATE", "DELETE")]
    return {
        name: f"CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for name, change, table in (*wanted, ("keep_head", "DELETE", "head"))
    }
