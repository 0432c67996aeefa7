"""What is wrong with the database of a ledger though every record in it may be sound: its guards, its rights, its inner order."""

from __future__ import annotations

import re
from typing import Any

from sharedvalue.engine.governance import tables
from sharedvalue.engine.governance.place import role_sql

COPY = "Copy it (ledger backup): the copy has them again"
OWN = ("records", "files", "about", "head", "alembic_version")
TABLES = ", ".join(f"'{name}'::regclass" for name in OWN)
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = (
    1,
    2,
    4,
    8,
    16,
    32,
)  # what a trigger of PostgreSQL is for, as bits
ABOUT = {"ledger", "made"}
MAY_REWRITE = (
    "The name with which this ledger is opened may change its records: they are guarded by nothing but what others have seen. "
    "See `sharedvalue ledger role` for a name that may only add"
)


def beside_the_records(connection: Any) -> list[str]:
    """Remarks; none where all is as it was made."""
    import sqlalchemy as sa

    found = []
    there = sa.inspect(connection)
    strangers = sorted({*there.get_table_names(), *there.get_view_names()} - set(OWN))
    if strangers:
        found.append(f"There are tables that are no part of a ledger: {', '.join(strangers)[:200]}")
    names = {str(name) for name in connection.execute(sa.select(tables.about.c.name)).scalars()}
    if names != ABOUT:
        found.append("What the ledger says of itself holds more or less than which one it is, and since when")
    current = connection.execute(sa.select(tables.version.c.version_num)).scalar() == tables.HEAD
    if connection.dialect.name == "sqlite":
        return found + (_sqlite_guards(connection) if current else []) + _order(connection)
    return found + (_postgres_guards(connection) if current else [])


def _sqlite_guards(connection: Any) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master WHERE type = 'trigger'"
    ).all()  # as bytes: a damaged one may be no text
    there = {bytes(name): bytes(sql) for name, sql in rows}
    wanted = {name.encode(): sql.encode() for name, sql in tables.guards().items()}
    if there == wanted:
        return []
    return [
        f"The database does not refuse changes as it did when it was made: its guards were changed or taken away. {COPY}"
    ]


def _order(connection: Any) -> list[str]:
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok":
        return []
    return ["The file is damaged beside the records. Copy it (ledger backup), and go on with the copy"]


def _postgres_guards(connection: Any) -> list[str]:
    """The triggers as the server has them: as they were made, switched on, and no others; no rules, no hidden rows; and who could do otherwise."""
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, t.tgrelid::regclass::text, t.tgtype, p.prosrc,"
        f" t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr::text = '' FROM pg_trigger t"
        f" JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgrelid IN ({TABLES})"
    ).all()
    there = {
        (name, table.rpartition(".")[2], kind, source.strip(), plain)
        for name, table, kind, source, plain in rows
    }
    body = f"BEGIN RAISE EXCEPTION '{tables.REFUSED}'; END"
    wanted = {
        (f"keep_{table}", table, BEFORE | DELETE | UPDATE | TRUNCATE, body, True) for table in tables.KEPT
    }
    wanted.add(("keep_head", "head", BEFORE | DELETE | TRUNCATE, body, True))
    forwards, follows = (found.strip() for found in re.findall(r"AS \$\$(.*?)\$\$", role_sql(), re.DOTALL))
    may = {  # what `ledger role` adds
        ("forward_head", "head", ROW | BEFORE | UPDATE, forwards, True),
        ("next_record", "records", ROW | BEFORE | INSERT, follows, True),
    }
    more = connection.exec_driver_sql(
        f"SELECT EXISTS (SELECT FROM pg_rewrite WHERE ev_class IN ({TABLES}))"
        f" OR EXISTS (SELECT FROM pg_class WHERE oid IN ({TABLES}) AND relrowsecurity)"
    ).scalar()
    found = []
    if not wanted <= there <= wanted | may or more:
        found.append(
            f"The database does not refuse changes as it did when it was made: its guards were changed or switched off. {COPY}"
        )
    rights = connection.exec_driver_sql(
        "SELECT bool_or(pg_has_role(c.relowner, 'USAGE')"
        " OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')"
        " OR has_table_privilege(c.oid, 'TRUNCATE')) FROM pg_class c WHERE c.oid IN ('records'::regclass, 'files'::regclass)"
    ).scalar()
    return [*found, MAY_REWRITE] if rights else found
