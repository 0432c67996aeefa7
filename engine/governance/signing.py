"""Ed25519 keys: made once, kept in a file of the owner's, and used to sign the hash of a record."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.engine.errors import mistake

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "ed25519:"
KEY_FILE = "signing-key.pem"
MAX_KEY_BYTES = 10_000


@dataclass(frozen=True)
class Signer:
    """A private key. `public` is what others check a signature with, and is part of every signed record."""

    key: Ed25519PrivateKey
    public: str

    def sign(self, link_hash: str) -> str:
        return base64.b64encode(self.key.sign(link_hash.encode())).decode()


def default_key() -> Path:
    """Where the key is kept unless another file is named."""
    import platformdirs

    return platformdirs.user_data_path("sharedvalue", appauthor=False) / KEY_FILE


def make_key(path: Path) -> Signer:
    """A new key in a new file that only its owner may read.

    Raises:
        UserError: SV510 where a file is there already or none can be made.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(pem)
    except FileExistsError:
        raise mistake(
            "SV510", str(path), "a key is there already", "A key is never replaced; name another file."
        ) from None
    except OSError as error:
        raise mistake(
            "SV510", str(path), f"no key can be kept here: {error.strerror or error}", "Name another file."
        ) from None
    return _signer(key)


def read_key(path: Path) -> Signer:
    """The key of a file.

    Raises:
        UserError: SV510 where there is none.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        with path.open("rb") as file:
            content = file.read(MAX_KEY_BYTES)
        key = serialization.load_pem_private_key(content, None)
    except OSError as error:
        raise mistake(
            "SV510",
            str(path),
            f"there is no key here: {error.strerror or error}",
            "Make one: sharedvalue ledger keys --new.",
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise mistake(
            "SV510",
            str(path),
            "this file holds no key that can be read",
            "Make one: sharedvalue ledger keys --new.",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise mistake(
            "SV510",
            str(path),
            "this is a key of another kind",
            "An Ed25519 key is needed: ledger keys --new.",
        )
    return _signer(key)


def _signer(key: Ed25519PrivateKey) -> Signer:
    return Signer(key, PREFIX + base64.b64encode(key.public_key().public_bytes_raw()).decode())


def is_signed(public: str, signature: str, link_hash: str) -> bool:
    """Whether a signature is that of a public key over the hash of a record."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix(PREFIX), validate=True))
        key.verify(base64.b64decode(signature, validate=True), link_hash.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
