"""Who may sign in: names with roles and hashed secrets in a file, and the sessions of those who did."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sharedvalue.engine.errors import mistake

ROLES: Mapping[str, tuple[str, ...]] = {
    "viewer": ("read",),
    "leader": ("read", "write"),
    "board": ("read", "write", "agree"),
}
N, R, P = 2**15, 8, 1  # scrypt: 32 MiB and about 0.1 s for one try
LEAST_SECRET, MOST_SECRET, MOST_NAME = 10, 1000, 100
HOURS = 8
TRIES, WAIT = 5, 300.0  # wrong secrets for a name before it waits, and how many seconds
MOST_SESSIONS = 1000


@dataclass(frozen=True)
class Person:
    """Whoever asks. Where no sign-in is needed, it is the one person at this machine, who may do everything."""

    name: str = ""
    role: str = "board"

    def may(self, what: str) -> bool:
        return what in ROLES[self.role]


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
    people = read_people(path) if path.exists() else {}
    people[name.strip()] = Known(role, hashed(secret))
    told = {"people": {n: {"role": k.role, "secret": k.secret} for n, k in sorted(people.items())}}
    draft = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(told, out, indent=1, ensure_ascii=False)
        os.replace(draft, path)
    except OSError as error:
        raise mistake(
            "SV121", str(path), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None


@dataclass
class Sessions:
    """Who has signed in, by the token of the browser; and who has tried too often."""

    people: Mapping[str, Known]
    open: dict[str, tuple[Person, float]] = field(default_factory=dict)
    wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    nobody: str = field(default_factory=lambda: hashed(secrets.token_urlsafe(16)))

    def person(self, session: str) -> Person | None:
        found = self.open.get(session)
        if found is None:
            return None
        if found[1] < time.monotonic():
            self.close(session)
            return None
        return found[0]

    def waits(self, name: str) -> bool:
        count, since = self.wrong.get(name, (0, 0.0))
        return count >= TRIES and time.monotonic() - since < WAIT

    def check(self, name: str, secret: str) -> Person | None:
        """The person, if name and secret fit; takes as long for a name that nobody has."""
        if self.waits(name) or len(secret) > MOST_SECRET:
            return None
        known = self.people.get(name)
        if fits(secret, known.secret if known else self.nobody) and known is not None:
            self.wrong.pop(name, None)
            return Person(name, known.role)
        if len(self.wrong) < MOST_SESSIONS or name in self.wrong:
            count, since = self.wrong.get(name, (0, 0.0))
            fresh = time.monotonic() - since >= WAIT
            self.wrong[name] = (1 if fresh else count + 1, time.monotonic())
        return None

    def begin(self, session: str, person: Person) -> None:
        while len(self.open) >= MOST_SESSIONS:
            self.open.pop(next(iter(self.open)))
        self.open[session] = (person, time.monotonic() + HOURS * 3600)

    def close(self, session: str) -> None:
        self.open.pop(session, None)
