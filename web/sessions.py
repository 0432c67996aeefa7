"""Who has come in, by the session of the browser: with a secret of their own, or with the token in the address that was printed."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from math import inf

from sharedvalue.web.people import NOBODY, OWNER, People, Person
from sharedvalue.web.tries import Tries

HOURS = 8
MOST_SESSIONS = 1000


@dataclass(frozen=True)
class Begun:
    """A session: whose it is, until when, and the hashed secret that it was begun with."""

    name: str
    until: float
    secret: str = ""


@dataclass
class Sessions:
    """`people` is None where nobody signs in; `token` is '' where whoever reaches the page may do everything."""

    people: People | None = None
    token: str = ""
    open: OrderedDict[str, Begun] = field(default_factory=OrderedDict)
    tries: Tries = field(default_factory=Tries)

    def person(self, session: str, bearer: str = "") -> Person:
        """Whoever has this session; `bearer` is the token as programs give it."""
        if self.people is None and (not self.token or self.is_token(bearer)):
            return OWNER
        found = self.open.get(session)
        if found is None:
            return NOBODY
        known = self.people.find(found.name) if self.people is not None else None
        changed = self.people is not None and (known is None or known.secret != found.secret)
        if changed or found.until < time.monotonic():
            self.close(session)
            return NOBODY
        return OWNER if known is None else Person(found.name, known.role)

    def is_token(self, said: str) -> bool:
        return bool(self.token) and hmac.compare_digest(said.encode("utf-8", "replace"), self.token.encode())

    def begin(self, session: str, name: str = "") -> None:
        known = self.people.find(name) if self.people is not None else None
        while len(self.open) >= MOST_SESSIONS:
            self.open.popitem(last=False)
        until = inf if known is None else time.monotonic() + HOURS * 3600
        self.open[session] = Begun(name, until, known.secret if known else "")

    def close(self, session: str) -> None:
        self.open.pop(session, None)

    def mark_of(self, name: str) -> str:
        """What a browser keeps that has signed in as somebody; worth nothing for another name, or once the secret is a new one."""
        known = self.people.find(name) if self.people is not None else None
        return hmac.new(known.secret.encode(), name.encode(), hashlib.sha256).hexdigest() if known else ""

    def is_known(self, name: str, mark: str) -> bool:
        own = self.mark_of(name)
        return bool(own) and hmac.compare_digest(own.encode(), mark.encode("utf-8", "replace"))
