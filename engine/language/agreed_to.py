"""Which proposal an agreement is about: a record's name with a mark of the facts and of the outcome that it was made for.

The mark is worked out from the case alone, so that it can be held to it without the ledger: other facts, another day or
another outcome have another mark.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Protocol

SIGNS = 12  # of the mark: enough that no two of a community's proposals share one by chance
_NAMED = re.compile(r"R\d{4,}:([0-9a-f]{12})", re.ASCII)


class Said(Protocol):
    """What a scenario says of one value."""

    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> tuple[int, ...]: ...
    @property
    def confidence(self) -> str: ...
    @property
    def against_evidence(self) -> str: ...


def mark(stated: Mapping[str, Said], texts: Mapping[str, str], as_of: str, log: str, outcome: str) -> str:
    """The mark of a proposal: of all that the case says but for its `log` of decisions, of its day, and of the outcome."""
    values = {
        name: (one.kind, one.values, one.confidence, one.against_evidence)
        for name, one in stated.items()
        if not name.startswith(f"{log}[")
    }
    words = {name: text for name, text in texts.items() if not name.startswith(f"{log}[")}
    content = json.dumps([values, words, as_of, outcome], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:SIGNS]


def marked(record: str, found: str) -> str:
    """A record's name with the mark of its proposal, as it stands in a log."""
    return f"{record}:{found}"


def mark_in(text: str) -> str:
    """The mark in what a log says of the record; '' for a name alone."""
    found = _NAMED.fullmatch(text.strip())
    return found[1] if found else ""
