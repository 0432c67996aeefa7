"""People are matched in memory and never written: what leaves is a count, or a pseudonym made with a salt that the user keeps."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Sequence
from hashlib import blake2b, sha256
from pathlib import Path

from engine.errors import mistake

SALT_BYTES = 32


class Seen:
    """Who, or which record, was met before. Only fingerprints with a key of this run are held."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(SALT_BYTES)
        self._people: dict[bytes, int] = {}
        self._records: dict[bytes, int] = {}

    def _print(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()

    def again(self, identity: str, position: int) -> int | None:
        """The position where this person was met last; from now on it is this one."""
        fingerprint = self._print(" ".join(identity.split()).casefold())
        before = self._people.get(fingerprint)
        self._people[fingerprint] = position
        return before

    def same(self, row: Sequence[str], position: int) -> int | None:
        """The position of a record that is this one in every cell."""
        return self._first(self._records, self._print("\x1f".join(row)), position)

    @staticmethod
    def _first(known: dict[bytes, int], fingerprint: bytes, position: int) -> int | None:
        before = known.get(fingerprint)
        if before is None:
            known[fingerprint] = position
        return before

    def __len__(self) -> int:
        return len(self._people)


def pseudonym(identity: str, salt: bytes) -> str:
    """The same short word for the same person, as long as the salt is the same; without it nobody finds the person back."""
    name = " ".join(identity.split()).casefold()
    return "p-" + hmac.new(salt, name.encode("utf-8", "replace"), sha256).hexdigest()[:16]


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
