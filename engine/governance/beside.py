"""What is wrong with the database of a ledger though every record in it may be sound: its guards, its rights, its inner order."""

from __future__ import annotations

from typing import Any

from sharedvalue.engine.governance import tables

COPY = "Copy it (ledger backup): the copy has them again"
OWN = ("records", "files", "about", "head", "alembic_version")
ABOUT = {"ledger", "made"}
MAY_REWRITE = (
    "The name with which this ledger is opened may change its records: they are guarded by nothing but what others have seen. "
    "See `sharedvalue ledger role` for a name that may only add"
)


def beside_the_records(connection: Any) -> list[str]:
    """Remarks; none where all is as it was made."""
    import sqlalchemy as sa

    found = []
    strangers = sorted(set(sa.inspect(connection).get_table_names()) - set(OWN))
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
    """The triggers as the server has them: there, switched on, and calling the function that refuses; and who could do otherwise."""
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, t.tgrelid::regclass::text, t.tgenabled::text, p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgname LIKE 'keep\\_%'".replace(
            "%", "%%"
        )
    ).all()
    on = {
        (name, table.rpartition(".")[2])
        for name, table, enabled, source in rows
        if enabled in ("O", "A") and tables.REFUSED in source and "RAISE EXCEPTION" in source
    }
    wanted = {(f"keep_{table}", table) for table in (*tables.KEPT, "head")}
    found = []
    if not wanted <= on:
        found.append(
            f"The database does not refuse changes as it did when it was made: its guards were changed or switched off. {COPY}"
        )
    rights = connection.exec_driver_sql(
        "SELECT bool_or(pg_has_role(c.relowner, 'USAGE')"
        " OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')"
        " OR has_table_privilege(c.oid, 'TRUNCATE')) FROM pg_class c WHERE c.oid IN ('records'::regclass, 'files'::regclass)"
    ).scalar()
    return [*found, MAY_REWRITE] if rights else found
