"""How the page is served: where it listens, which folder it shows, and what may be used of the machine."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sharedvalue.engine.errors import mistake

PORT = 8765
QUICK_SECONDS, SLOW_SECONDS = 10.0, 40.0  # after that a worker is stopped
SEARCH_SECONDS = (
    10.0  # how long reasons and proofs are looked for; what is found by then is told as incomplete
)


@dataclass(frozen=True)
class Settings:
    """`public` is the address that people type where a proxy stands in front: https://page.example.org."""

    folder: Path
    rules: tuple[str, ...] = ()
    address: str = "127.0.0.1"
    port: int = PORT
    public: str = ""
    people: Path | None = None
    token: str = field(
        default_factory=lambda: secrets.token_urlsafe(24)
    )  # what opens it where nobody signs in; '' is none
    proxy: str = "127.0.0.1"  # who may say, in X-Forwarded-For, where a request came from
    ledger: str = ""  # a file or an address; else as the commands find it
    practice: Path | None = None  # the practice file; else the one of the commands
    workers: int = field(default_factory=lambda: max(2, min(4, os.cpu_count() or 1)))
    quick_seconds: float = QUICK_SECONDS
    slow_seconds: float = SLOW_SECONDS
    search_seconds: float = SEARCH_SECONDS

    @property
    def local(self) -> bool:
        return is_local(self.address)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the page by TLS."""
        return self.public.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser may say in its Host header. Another name is one that somebody pointed at this machine."""
        if self.public:
            host = self.public.split("://", 1)[1].rstrip("/").casefold()
            return frozenset({host})
        names = ("127.0.0.1", "localhost", "[::1]")
        return frozenset(f"{name}:{self.port}" for name in names) | (
            frozenset(names) if self.port == 80 else frozenset()
        )

    @property
    def url(self) -> str:
        if self.public:
            return self.public.rstrip("/") + "/"
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"http://{host}:{self.port}/"

    @property
    def entry(self) -> str:
        """The address that opens the page."""
        return f"{self.url}?token={self.token}" if self.token and self.people is None else self.url


def is_local(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def checked(settings: Settings) -> Settings:
    """The settings, if they are safe to serve with.

    Raises:
        UserError: SV120 where others could reach the page unguarded, SV101 or SV121 for a folder that is none.
    """
    if not settings.folder.is_dir():
        raise mistake(
            "SV101",
            str(settings.folder),
            "there is no such directory",
            "Make it first, or give the folder of your scenarios.",
        )
    if settings.public and not settings.public.startswith(("https://", "http://")):
        raise mistake(
            "SV120",
            f"--public {settings.public}",
            "this is no address of a page",
            "Write https://page.example.org.",
        )
    said = f"--public {settings.public}" if settings.public else f"--address {settings.address}"
    reached = not settings.local or bool(settings.public)
    if reached and settings.people is None:
        raise mistake(
            "SV120",
            said,
            "others could reach the page, and anybody there could read and change what it shows",
            "Say who may sign in: --people FILE. See docs/how-to/serve-a-page.md.",
        )
    if reached and not settings.secure:
        raise mistake(
            "SV120",
            said,
            "secrets would travel in the open",
            "Put a proxy with TLS in front, and say its address: --public https://page.example.org.",
        )
    return settings
