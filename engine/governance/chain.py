"""One canonical form of a record (RFC 8785), its hash, and the link to the record before it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from sharedvalue.engine.errors import mistake

RECORD = b"sharedvalue record 1\n"
LEDGER = b"sharedvalue ledger 1\n"
_RECEIPT = re.compile(r"^(?:R0*([1-9][0-9]{0,8}):)?(?:sha256:)?([0-9a-f]{64})$")


def canonical(value: Mapping[str, object]) -> bytes:
    """The bytes of a JSON object: one object, one form, on every machine."""
    import rfc8785

    return rfc8785.dumps(_plain(value))  # type: ignore[arg-type]  # a JSON value, made plain above


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def first_link(ledger_id: str) -> str:
    """What stands before the first record: a record of another ledger does not fit here."""
    return digest(LEDGER + ledger_id.encode())


def link(previous: str, payload: bytes) -> str:
    """The hash of a record: over the hash before it and its own canonical bytes."""
    return digest(RECORD + previous.encode() + b"\n" + payload)


def name_of(number: int) -> str:
    return f"R{number:04d}"


def receipt(number: int, link_hash: str) -> str:
    """What proves later that this record, and all before it, were there: to be kept outside the ledger."""
    return f"{name_of(number)}:{link_hash.removeprefix('sha256:')}"


def read_receipt(text: str) -> tuple[int | None, str]:
    """The number (where it is given) and the hash of a receipt.

    Raises:
        UserError: SV508.
    """
    match = _RECEIPT.match(text.strip())
    if match is None:
        raise mistake(
            "SV508",
            "--receipt",
            f"'{text[:40]}' is not a receipt",
            "A receipt is what `sharedvalue record` printed: R0007: and 64 digits and letters.",
        )
    return (int(match[1]) if match[1] else None), f"sha256:{match[2]}"
