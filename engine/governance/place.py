"""Where a ledger is: a SQLite file, or a PostgreSQL address. A password in an address is never shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import mistake

VARIABLE = "SHAREDVALUE_LEDGER"
FILE = "ledger.sqlite"
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.]+)://")


@dataclass(frozen=True)
class LedgerPlace:
    """`file` is set for SQLite, `url` for PostgreSQL; `shown` is what may be printed."""

    shown: str
    file: Path | None = None
    url: str = ""


def default_place() -> str:
    """The ledger of the environment, else the one in the user's data folder."""
    import platformdirs

    return os.environ.get(VARIABLE) or str(platformdirs.user_data_path("sharedvalue", appauthor=False) / FILE)


def find_place(given: str = "") -> LedgerPlace:
    """The place that was given, or the default.

    Raises:
        UserError: SV509 for an address that is no ledger's.
    """
    text = (given or default_place()).strip()
    scheme = _SCHEME.match(text)
    if scheme is None:
        if "\0" in text or not text:
            raise mistake("SV509", "--ledger", "this is not a file name", "Give a file name, or an address.")
        return LedgerPlace(text, Path(text).expanduser())
    kind = scheme[1].lower()
    if kind == "sqlite":
        path = text[len("sqlite://") :].removeprefix("/")
        return find_place(path or "/")
    if kind not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise mistake(
            "SV509",
            "--ledger",
            f"a ledger cannot be kept in '{kind}'",
            "Give a file name, or postgresql://user@host/database.",
        )
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url("postgresql+psycopg" + text[len(scheme[1]) :])
    except (ArgumentError, ValueError):
        raise mistake(
            "SV509",
            "--ledger",
            "this address does not read as one",
            "Write postgresql://user@host:5432/database.",
        ) from None
    shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return LedgerPlace(shown, None, url.render_as_string(hide_password=False))


def role_sql() -> str:
    """The statements for a name in PostgreSQL that may only add."""
    return (Path(__file__).parent / "role.sql").read_text("utf-8")
