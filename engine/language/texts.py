"""Texts with placeholders: '{sponsor} sees {sponsor_value} of 100'. Only names are filled in; nothing is evaluated.

What stands in square brackets is said only when all that it names is known: 'review it[ in {review_date} months]'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sharedvalue.engine.language.source import Text

UNKNOWN = "unknown"
_OPTIONAL = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")
_SENTENCE = re.compile(r"([.!?]\s+)([a-z])")
_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}")


@dataclass(frozen=True)
class Placeholder:
    """{name}, or {record.field}."""

    name: str
    field: str
    position: int


def placeholders(text: Text | str) -> Iterator[Placeholder]:
    for match in _PLACEHOLDER.finditer(text if isinstance(text, str) else text.value):
        yield Placeholder(match.group(1), match.group(2) or "", match.start())


def fill(text: str, value: Callable[[str, str], str]) -> str:
    """The text with each placeholder replaced by value(name, field); sentences begin with a capital."""

    def optional(match: re.Match[str]) -> str:
        known = all(value(mark.name, mark.field) != UNKNOWN for mark in placeholders(match.group(1)))
        return match.group(1) if known else ""

    said = _PLACEHOLDER.sub(lambda m: value(m.group(1), m.group(2) or ""), _OPTIONAL.sub(optional, text))
    return _SENTENCE.sub(lambda m: m.group(1) + m.group(2).upper(), " ".join(said.split()))


def stray_brace(text: str) -> bool:
    """Whether a brace is left that is no placeholder."""
    return any(brace in _PLACEHOLDER.sub("", text) for brace in "{}")
