"""Texts with placeholders: '{sponsor} sees {sponsor_value} of 100'. Only names are filled in; nothing is evaluated.

What stands in square brackets is said only when all that it names is known: 'review it[ in {review_date} months]', or only
where a condition holds in every world: '[if need_fixed: It has to stay as it is.]', or in all other cases, those in which that
is open among them: '[unless need_fixed: Ask whether it is fixed.]'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.expressions import Written, read
from sharedvalue.engine.language.source import Text

UNKNOWN = "unknown"
_OPTIONAL = re.compile(r"\[(?!if |unless )([^\[\]]*\{[^\[\]]*)\]")
_CONDITIONAL = re.compile(r"\[(if|unless) ([^\[\]:]+): ?([^\[\]]*)\]")
_SPACED_OFF = re.compile(r"\s+([,.;:)])")
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


def conditions(text: Text | str) -> Iterator[Text]:
    """The conditions of what a text says only under one."""
    place = Place("") if isinstance(text, str) else text.place
    plain = _OPTIONAL.sub(r"\1", text if isinstance(text, str) else text.value)
    for match in _CONDITIONAL.finditer(plain):
        yield Text(match.group(2), place)


def parts(text: str) -> Iterator[tuple[Written | None, str]]:
    """A text in its parts, each with the condition under which it is said; what is said only if known counts as said."""
    plain, at = _OPTIONAL.sub(r"\1", text), 0
    for match in _CONDITIONAL.finditer(plain):
        yield None, plain[at : match.start()]
        condition = match.group(2) if match.group(1) == "if" else f"not ({match.group(2)})"
        yield _condition(condition), match.group(3)
        at = match.end()
    yield None, plain[at:]


@lru_cache(maxsize=2000)
def _condition(text: str) -> Written:
    return read(Text(text, Place("")))


def never(_: Written) -> bool:
    return False


def fill(text: str, value: Callable[[str, str], str], holds: Callable[[Written], bool] = never) -> str:
    """The text with each placeholder replaced by value(name, field); what stands under a condition only where it `holds`.

    Sentences begin with a capital.
    """

    def optional(match: re.Match[str]) -> str:
        known = all(value(mark.name, mark.field) != UNKNOWN for mark in placeholders(match.group(1)))
        return match.group(1) if known else ""

    def conditional(match: re.Match[str]) -> str:
        wanted = match.group(1) == "if"
        return f" {match.group(3)} " if holds(_condition(match.group(2))) is wanted else " "

    told = _SPACED_OFF.sub(r"\1", _CONDITIONAL.sub(conditional, _OPTIONAL.sub(optional, text)))
    said = _PLACEHOLDER.sub(lambda m: value(m.group(1), m.group(2) or ""), told)
    return _SENTENCE.sub(lambda m: m.group(1) + m.group(2).upper(), " ".join(said.split()))


def stray_condition(text: str) -> bool:
    """Whether a '[if ...' or '[unless ...' is left that is no condition: one within another, one not closed, one without ':'."""
    return re.search(r"\[(if|unless) ", _CONDITIONAL.sub("", _OPTIONAL.sub(r"\1", text))) is not None


def stray_brace(text: str) -> bool:
    """Whether a brace is left that is no placeholder."""
    return any(brace in _PLACEHOLDER.sub("", text) for brace in "{}")
