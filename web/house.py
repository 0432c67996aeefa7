"""The house rules in force on the page: the directories of --rules, and the one that the page itself writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

NAME = "house-rules"  # beside the scenarios
MOST = 200


@dataclass
class House:
    """`given` come from the command line; the page writes into `own` only."""

    given: tuple[str, ...]
    folder: Path

    @property
    def own(self) -> Path:
        return self.folder / NAME

    @property
    def file(self) -> Path:
        """What the page writes."""
        return self.own / "from-the-page.yaml"

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.given, str(self.own)) if self.has_rules() else self.given

    def has_rules(self) -> bool:
        return any(self.own.glob("*.y*ml")) if self.own.is_dir() else False

    def stamp(self) -> str:
        """Changes when a file of the house rules does."""
        found = []
        for path in self.paths:
            for below, _, names in os.walk(path):
                for name in sorted(names)[:MOST]:
                    try:
                        state = os.stat(os.path.join(below, name))
                    except OSError:
                        continue
                    found.append(f"{name}:{state.st_mtime_ns}:{state.st_size}")
        return "|".join(found[:MOST])
