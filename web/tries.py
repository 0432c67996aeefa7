"""How often somebody may try to sign in: by address and by name, forgotten little by little, in tables that cannot be filled.

A browser that has signed in as somebody before is told apart from all others (`sessions.mark_of`): what strangers try under that
name does not keep it out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Limit:
    """So many tries at once, and one more each `seconds`. Of more than `most` keys, those that were used longest ago are forgotten."""

    tries: int
    seconds: float
    most: int
    clock: Callable[[], float] = time.monotonic
    levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def level(self, key: str) -> float:
        """How many tries count by now."""
        level, since = self.levels.get(key, (0.0, 0.0))
        return max(0.0, level - (self.clock() - since) / self.seconds)

    def wait(self, key: str) -> float:
        """Seconds until one more is allowed."""
        return max(0.0, (self.level(key) + 1 - self.tries) * self.seconds)

    def count(self, key: str, tries: int = 1) -> None:
        level = max(0.0, self.level(key) + tries)
        self.levels.pop(key, None)
        if level > 0:
            self.levels[key] = (level, self.clock())
            while len(self.levels) > self.most:
                self.levels.popitem(last=False)


@dataclass(frozen=True)
class Try:
    """One try to sign in: from where, under which name, and whether the browser is known to be that person's."""

    address: str
    name: str
    known_name: bool
    known_browser: bool


class Tries:
    """Each try counts before the secret is looked at, so that many at once are many; one that fits is taken back."""

    SLOTS = 4_096  # names that nobody has share so many

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.key = secrets.token_bytes(16)
        self.by_address = Limit(10, 6.0, 10_000, clock)
        self.by_name = Limit(20, 15.0, 10_000, clock)  # more than there are people and slots
        self.by_browser = Limit(10, 15.0, 10_000, clock)

    def limits(self, one: Try) -> list[tuple[Limit, str]]:
        if one.known_browser:
            return [(self.by_browser, one.name)]
        return [(self.by_address, network_of(one.address)), (self.by_name, self.name_of(one))]

    def name_of(self, one: Try) -> str:
        if one.known_name:
            return f"known {one.name}"
        digest = hashlib.blake2b(
            one.name.encode("utf-8", "surrogatepass"), key=self.key, digest_size=8
        ).digest()
        return f"slot {int.from_bytes(digest, 'big') % self.SLOTS}"

    def wait(self, one: Try) -> float:
        """Seconds until this may be tried; 0 where it may be now."""
        return max(limit.wait(key) for limit, key in self.limits(one))

    def begin(self, one: Try) -> None:
        for limit, key in self.limits(one):
            limit.count(key)

    def fitted(self, one: Try) -> None:
        for limit, key in self.limits(one):
            limit.count(key, -1)


def network_of(address: str) -> str:
    """The address; of IPv6 the network, since whoever has one address there has all of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
