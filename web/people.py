"""Who may sign in: names with roles and hashed secrets in a file, read anew when it changes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.whole_file import rewrite
from sharedvalue.web.log import log

# What each role may, asked by every view: read what all may see; see records whole, with personal words; write; agree for the house.
ROLES: Mapping[str, tuple[str, ...]] = {
    "viewer": ("read",),
    "leader": ("read", "write", "see it whole"),
    "board": ("read", "write", "see it whole", "agree"),
}
N, R, P = 2**15, 8, 1  # scrypt: 32 MiB and about 0.1 s for one try
LEAST_SECRET, MOST_SECRET, MOST_NAME = 10, 1000, 100


@dataclass(frozen=True)
class Person:
    """Whoever asks. Without a role nothing is shown."""

    name: str = ""
    role: str = ""

    def may(self, what: str) -> bool:
        return what in ROLES.get(self.role, ())


NOBODY = Person()
OWNER = Person(role="board")  # where nobody signs in: the one person at this machine, who may do everything


def hashed(secret: str, salt: bytes | None = None) -> str:
    salt = salt or secrets.token_bytes(16)
    found = hashlib.scrypt(secret.encode(), salt=salt, n=N, r=R, p=P, maxmem=128 * N * R + 2**20, dklen=32)
    return f"scrypt${N}${R}${P}${base64.b64encode(salt).decode()}${base64.b64encode(found).decode()}"


def fits(secret: str, kept: str) -> bool:
    kind, n, r, p, salt, found = kept.split("$")
    assert kind == "scrypt"
    work = hashlib.scrypt(
        secret.encode(),
        salt=base64.b64decode(salt),
        n=int(n),
        r=int(r),
        p=int(p),
        maxmem=128 * int(n) * int(r) + 2**20,
        dklen=32,
    )
    return hmac.compare_digest(work, base64.b64decode(found))


@dataclass(frozen=True)
class Known:
    role: str
    secret: str


def read_people(path: Path) -> dict[str, Known]:
    """The people of a file.

    Raises:
        UserError: SV101 where there is none, SV110 where it is not one of ours.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        people = {
            str(name): Known(str(entry["role"]), str(entry["secret"]))
            for name, entry in found["people"].items()
        }
        for known in people.values():
            if known.role not in ROLES or len(known.secret.split("$")) != 6:
                raise ValueError
    except FileNotFoundError:
        raise mistake(
            "SV101",
            str(path),
            "there is no such file",
            f"Add somebody: sharedvalue serve --add-person NAME --people {path}",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise mistake(
            "SV110",
            str(path),
            "this is no file of people who may sign in",
            "Make one with: sharedvalue serve --add-person",
        ) from None
    return people


def add_person(path: Path, name: str, role: str, secret: str) -> None:
    """Adds somebody to a file, or gives somebody a new secret. Only the owner of the file may read it.

    Raises:
        UserError: SV120 for a name or secret that cannot be, SV121 where the file cannot be written.
    """
    if not name.strip() or not name.isprintable() or len(name) > MOST_NAME:
        raise mistake("SV120", "--add-person", "a name of up to 100 letters is needed", "")
    if not LEAST_SECRET <= len(secret) <= MOST_SECRET:
        raise mistake(
            "SV120",
            "secret",
            f"a secret has at least {LEAST_SECRET} characters",
            "Four or five words are easy to keep.",
        )
    known = Known(role, hashed(secret))

    def change(_: bytes) -> bytes:
        people = read_people(path) if path.exists() else {}
        people[name.strip()] = known
        told = {"people": {n: {"role": k.role, "secret": k.secret} for n, k in sorted(people.items())}}
        return json.dumps(told, indent=1, ensure_ascii=False).encode()

    try:
        rewrite(path, change, 0o600)
    except OSError as error:
        raise mistake(
            "SV121", str(path), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None


class People:
    """The people of a file as it is now: a new secret or role holds from the next request on."""

    def __init__(self, path: Path) -> None:
        self.path, self.stamp = path, _stamp(path)
        self.known = read_people(path)
        self.stranger = hashed(
            secrets.token_urlsafe(16)
        )  # what is tried where nobody has the name: it takes as long

    def find(self, name: str) -> Known | None:
        now = _stamp(self.path)
        if now != self.stamp:
            self.stamp = now
            try:
                self.known = read_people(self.path)
            except UserError as error:
                log(f"{error}; those who could sign in before still can")
        return self.known.get(name)

    def fits(self, name: str, secret: str) -> bool:
        known = self.find(name)
        return fits(secret, known.secret if known else self.stranger) and known is not None


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        state = path.stat()
    except OSError:
        return ()
    return state.st_mtime_ns, state.st_size, state.st_ino
