"""The database itself refuses to change or remove what was recorded."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
KEPT = ("records", "files", "about")
REFUSED = "a ledger is only ever added to"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER keep_{table}_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
                )
        op.execute(
            f"CREATE TRIGGER keep_head BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION sharedvalue_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sharedvalue_keep()"
        )
    op.execute(
        "CREATE TRIGGER keep_head BEFORE DELETE OR TRUNCATE ON head FOR EACH STATEMENT EXECUTE FUNCTION sharedvalue_keep()"
    )
