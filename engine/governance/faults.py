"""What a database says when it fails becomes one of our messages, with a mend."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sharedvalue.engine.errors import UserError, mistake

# the first word found in what the database says -> code, what is wrong, mend
_SAID = (
    (
        ("database is locked", "database table is locked", "lock timeout", "canceling statement due to lock"),
        "SV503",
        "somebody else is writing in this ledger",
        "Nothing was written. Try again in a moment; if it stays so, look which program holds the file.",
    ),
    (
        ("disk is full", "no space left", "file too large", "disk full"),
        "SV504",
        "the disk is full",
        "Nothing was written, and what was there is unchanged. Make room and try again.",
    ),
    (
        ("readonly", "read-only", "permission denied", "insufficient privilege"),
        "SV504",
        "this ledger may only be read",
        "Nothing was written. Ask whoever keeps it for the right to write, or give another --ledger.",
    ),
    (
        ("only ever added to",),
        "SV505",
        "something tried to change what was recorded",
        "Nothing was changed. A mistake is put right by a new record that --answers the old one.",
    ),
    (
        ("malformed", "not a database", "encrypted", "corrupt", "no such table", "no such column", "does not exist"),
        "SV505",
        "this is not a ledger, or it is damaged",
        "Run: sharedvalue ledger verify. Keep the file as it is, and go back to a backup.",
    ),
    (
        ("unable to open database file", "disk i/o error", "could not open"),
        "SV504",
        "this ledger cannot be opened, or its disk fails",
        "Nothing was written. Check the path, its permissions and the room on the disk.",
    ),
)  # fmt: skip


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Whatever the database raises inside becomes a UserError about the ledger at `shown`."""
    from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

    try:
        yield
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        if isinstance(error, ModuleNotFoundError) and "psycopg" not in str(error.name):
            raise
        raise mistake(
            "SV509",
            shown,
            "the driver for PostgreSQL is not installed",
            "Install it, in the folder of sharedvalue: pip install --require-hashes -r requirements-postgres.lock. "
            'Without that folder: pip install "sharedvalue[postgres]".',
        ) from None
    except UnicodeDecodeError:  # how SQLite says that the names in it are no text any more
        raise mistake(*_damaged(shown)) from None
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _mistake(shown, error) from None


def _damaged(shown: str) -> tuple[str, str, str, str]:
    code, what, mend = next(said[1:] for said in _SAID if "malformed" in said[0])
    return code, shown, what, mend


def _mistake(shown: str, error: Exception) -> UserError:
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).lower().split())
    for words, code, what, mend in _SAID:
        if any(word in text for word in words):
            return mistake(code, shown, what, mend)
    first = " ".join(str(cause).split())[:160]
    return mistake(
        "SV504",
        shown,
        f"the ledger cannot be used: {first}",
        "Nothing was written. Check the address and whether the server answers.",
    )
