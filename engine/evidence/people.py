"""People are matched in memory and never written: what leaves is a count, or a pseudonym made with a salt that the user keeps."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.dates import is_date, is_serial
from sharedvalue.engine.evidence.export import Column, Export
from sharedvalue.engine.evidence.layout import folded

SALT_BYTES = 32
NUMBER = re.compile(r"-?[$€£]?\d[\d.,]*\s?%?")


class Seen:
    """Who, or which record, was met before. Only fingerprints are held: Python's own, with a key of this run.

    In a million people two share one of its 64 bits with a chance of one in thirty million.
    """

    def __init__(self) -> None:
        self._people: dict[int, int] = {}
        self._records: dict[int, int] = {}

    def again(self, identity: str, position: int) -> int | None:
        """The position where this person was met last; from now on it is this one."""
        fingerprint = fingerprint_of(identity)
        before = self._people.get(fingerprint)
        self._people[fingerprint] = position
        return before

    def same(self, row: Sequence[str], position: int) -> int | None:
        """The position of a record that is this one in every cell."""
        before = self._records.setdefault(hash(tuple(row)), position)
        return None if before == position else before


def fingerprint_of(identity: str) -> int:
    return hash(" ".join(identity.split()).casefold())


def pseudonym(identity: str, salt: bytes) -> str:
    """The same short word for the same person, as long as the salt is the same; without it nobody finds the person back."""
    name = " ".join(identity.split()).casefold()
    return "p-" + hmac.new(salt, name.encode("utf-8", "replace"), sha256).hexdigest()[:16]


@dataclass(frozen=True)
class Copy:
    """An export without names: what was replaced by pseudonyms, and what was left out."""

    headings: tuple[str, ...]
    rows: Iterator[list[str]]
    replaced: tuple[str, ...]
    left_out: tuple[str, ...]


COPIED = ("identity", "choice", "multi-choice", "scale", "grid-row", "rank", "date", "number")
OWN_WORDS = "[own words]"


def pseudonymous(export: Export, salt: bytes) -> Copy:
    """A copy of what is surely no name: identities become pseudonyms, of answers only those that were offered are copied.

    Free texts, what is held back, and columns of no copied kind are left out.
    """
    from sharedvalue.engine.evidence.asked import harmless
    from sharedvalue.engine.evidence.splitting import answers_of

    columns = [(p, c) for p, c in enumerate(export.columns) if c.kind in COPIED and c.answered]
    offered = {p: {folded(a.label): a.label for a in c.answers} for p, c in columns}

    def cell(row: Sequence[str], position: int, column: Column) -> str:
        said = row[position]
        if not said:
            return ""
        if column.kind == "identity":
            return pseudonym(said, salt)
        if column.kind == "date":
            return harmless(said) if is_date(said) or is_serial(said) else OWN_WORDS
        if column.kind == "number":
            return said if NUMBER.fullmatch(said) else OWN_WORDS
        pieces = answers_of(said, column) if column.separator else (said,)
        known = offered[position]
        copied = (column.separator or "; ").join(known.get(folded(p), OWN_WORDS) for p in pieces)
        return harmless(copied) if not NUMBER.fullmatch(copied) else copied

    return Copy(
        tuple(harmless(c.name) for _, c in columns),
        ([cell(row, p, c) for p, c in columns] for row in export.rows()),
        tuple(c.name for _, c in columns if c.kind == "identity"),
        tuple(c.name for c in export.columns if c.kind not in COPIED and c.answered),
    )


def salt_of(path: Path) -> bytes:
    """The salt in a file that the user keeps; made, readable by its owner only, where there is none yet.

    Raises:
        UserError: SV457 where the file holds no salt.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        written = path.read_text("ascii", "replace").strip() if path.is_file() else ""
        try:
            salt = bytes.fromhex(written)
        except ValueError:
            salt = b""
        if len(salt) != SALT_BYTES:
            raise mistake(
                "SV457",
                str(path),
                "this file holds no salt",
                "Name another file; one is made where there is none.",
            ) from None
        return salt
    except OSError as error:
        raise mistake(
            "SV121", str(path), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None
    salt = secrets.token_bytes(SALT_BYTES)
    with os.fdopen(handle, "w") as out:
        out.write(salt.hex() + "\n")
    return salt
