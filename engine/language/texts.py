"""Texts with placeholders: '{sponsor} sees {sponsor_value} of 100'. Only names are filled in; nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.language.source import Text

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
    """The text with each placeholder replaced by value(name, field); white space is folded."""
    return " ".join(_PLACEHOLDER.sub(lambda m: value(m.group(1), m.group(2) or ""), text).split())


def stray_brace(text: str) -> bool:
    """Whether a brace is left that is no placeholder."""
    return any(brace in _PLACEHOLDER.sub("", text) for brace in "{}")
