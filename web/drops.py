"""Files that were sent to the page: each drop in a private folder of its own, gone when it is done, replaced, old, or at the end."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

FOLDERS = "sharedvalue-dropped-"
MOST_DROPS = 40
SECONDS = 3600.0
MOST_NAME = 80


@dataclass
class Sent:
    """One export: its name, where it lies, and what was said so far: how it is read, of its columns (role -> column; role -> field ->
    values), and of the needs that are proposed (field -> value)."""

    name: str
    path: Path
    columns: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    reading: dict[str, list[str]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)


@dataclass
class Drop:
    """What one person sent to one scenario at once. `mappings` are texts of mapping files that came along."""

    folder: Path
    owner: tuple[str, str]
    files: list[Sent] = field(default_factory=list)
    mappings: list[tuple[str, str]] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)


class Drops:
    """All drops by a name that nobody can guess. The folder they lie in goes with the program."""

    def __init__(self) -> None:
        self.below: tempfile.TemporaryDirectory[str] | None = None
        self.open: OrderedDict[str, Drop] = OrderedDict()

    def begin(self, owner: tuple[str, str]) -> tuple[str, Drop]:
        """A new drop; an earlier one of the same person to the same scenario goes."""
        for name in [
            n for n, drop in self.open.items() if drop.owner == owner or drop.until < time.monotonic()
        ]:
            self.end(name)
        while len(self.open) >= MOST_DROPS:
            self.end(next(iter(self.open)))
        if self.below is None:
            self.below = tempfile.TemporaryDirectory(prefix=FOLDERS)
        name = secrets.token_hex(8)
        folder = Path(self.below.name) / name
        folder.mkdir(mode=0o700)
        self.open[name] = Drop(folder, owner)
        return name, self.open[name]

    def find(self, name: str, owner: tuple[str, str]) -> Drop | None:
        """The drop of a name, for whoever made it."""
        found = self.open.get(name)
        if found is None or found.owner != owner:
            return None
        if found.until < time.monotonic():
            self.end(name)
            return None
        return found

    def end(self, name: str) -> None:
        drop = self.open.pop(name, None)
        if drop is not None:
            shutil.rmtree(drop.folder, ignore_errors=True)

    def end_all(self) -> None:
        self.open.clear()
        if self.below is not None:
            self.below.cleanup()
            self.below = None


def safe_name(sent: str) -> str:
    """The name of a file that was sent, with nothing in it that means something to a disk or a screen."""
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    short = f"{stem[:MOST_NAME]}{dot}{suffix[:10]}" if dot else plain[:MOST_NAME]
    return short.strip(" .") or "file"
