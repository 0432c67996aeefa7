"""The name of a value: which fact, which record of it, which field, for whom; and the address by which people call it.

A record may be called anything. Within the brackets its name stands as it is, `segments[tier [1]].overlap`, or in double
quotes, `segments["tier [1]"].overlap`, with a double quote in it written twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = r"[a-z_][a-z0-9_]*"
_NAME = re.compile(rf"({_WORD})(?:\[([0-9]+)\](?:\.({_WORD}))?(?:\[([0-9]+)\])?)?", re.ASCII)
_QUOTED = r'"(?:[^"]|"")*"'
_BEFORE_EQUALS = re.compile(
    rf"\s*{_WORD}\s*(?:\[(?:{_QUOTED}|[^\"].*?)\]\s*(?:\.{_WORD})?\s*(?:\[(?:{_QUOTED}|[^\"].*?)\])?)?\s*="
)
_HEAD, _FIELD = re.compile(_WORD), re.compile(rf"\.({_WORD})")
_NEEDS_QUOTES = frozenset('[]"')
NAMES_KEPT = 1 << 16


@dataclass(frozen=True)
class Name:
    """The name of one value. `record` counts from 0; `entry` says of a map for which record of the other list."""

    fact: str
    record: int | None = None
    field: str = ""
    entry: int | None = None

    def __str__(self) -> str:
        record = "" if self.record is None else f"[{self.record}]"
        entry = "" if self.entry is None else f"[{self.entry}]"
        return f"{self.fact}{record}{'.' if self.field else ''}{self.field}{entry}"


@dataclass(frozen=True)
class Address:
    """What a person wrote: records are called by their names."""

    fact: str
    record: str | None = None
    field: str = ""
    entry: str | None = None

    def __str__(self) -> str:
        record = "" if self.record is None else f"[{in_quotes(self.record)}]"
        entry = "" if self.entry is None else f"[{in_quotes(self.entry)}]"
        return f"{self.fact}{record}{'.' if self.field else ''}{self.field}{entry}"


@lru_cache(NAMES_KEPT)
def name_of(name: str) -> Name | None:
    """The parts of a value's name, `segments[0].overlap`; None for what names no value, such as a conclusion."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    fact, record, field, entry = match.groups()
    return Name(
        fact, None if record is None else int(record), field or "", None if entry is None else int(entry)
    )


@lru_cache(NAMES_KEPT)
def fact_of(name: str) -> str:
    """The fact or list that a value belongs to: segments of segments[0].overlap; the text itself where it names no value."""
    head = _HEAD.match(name)
    return head.group() if head is not None and name[head.end() : head.end() + 1] in ("", "[") else name


def known_as(text: str) -> str:
    """A record's name as it is compared: case, runs of spaces and ways of composing a letter make no difference."""
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def named(text: str, names: Sequence[str]) -> int | None:
    """The place of the record of that name, or None."""
    wanted = known_as(text)
    return next((place for place, name in enumerate(names) if known_as(name) == wanted), None)


def place_of(text: str, names: Sequence[str]) -> int | None:
    """Which record a person means: by its name, else by its place, from 0."""
    place = named(text, names)
    if place is not None:
        return place
    return int(text) if text.isascii() and text.isdecimal() and int(text) < len(names) else None


def in_quotes(name: str) -> str:
    """A record's name as it stands between the brackets of an address."""
    return '"' + name.replace('"', '""') + '"' if not _NEEDS_QUOTES.isdisjoint(name) else name


def addresses(text: str) -> Iterator[Address]:
    """All that an address can mean: brackets within a name that is not quoted leave several ways, the shortest name first."""
    text = text.strip()
    head = _HEAD.match(text)
    if head is None:
        return
    fact, rest = head.group(), text[head.end() :]
    if not rest:
        yield Address(fact)
        return
    for record, tail in _bracketed(rest):
        if not tail:
            yield Address(fact, record)
        elif field := _FIELD.match(tail):
            below = tail[field.end() :]
            if not below:
                yield Address(fact, record, field.group(1))
            for entry, end in _bracketed(below):
                if not end:
                    yield Address(fact, record, field.group(1), entry)


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    """What may stand in the brackets that a text begins with, and what follows them."""
    if not text.startswith("["):
        return
    quoted = re.match(rf"\[\s*({_QUOTED})\s*\]", text)
    if quoted is not None:
        yield _plain(quoted.group(1)[1:-1].replace('""', '"')), text[quoted.end() :]
        return
    for place, sign in enumerate(text):
        if sign == "]" and (name := _plain(text[1:place])):
            yield name, text[place + 1 :]


def _plain(name: str) -> str:
    return " ".join(name.split())


def resolved(text: str, records: Mapping[str, Sequence[str]], entry_lists: Mapping[str, str]) -> Name | None:
    """The value that an address names among some lists of records, or None.

    `entry_lists` gives the list whose records the entries of a map field are: sponsors for needs.serves.
    """
    for address in addresses(text):
        if address.record is None:
            return Name(address.fact)
        record = place_of(address.record, records.get(address.fact, ()))
        if record is None:
            continue
        if address.entry is None:
            return Name(address.fact, record, address.field)
        entry = place_of(
            address.entry, records.get(entry_lists.get(f"{address.fact}.{address.field}", ""), ())
        )
        if entry is not None:
            return Name(address.fact, record, address.field, entry)
    return None


def setting(text: str) -> tuple[str, str, str]:
    """ADDRESS=VALUE as its address, '=' and value: an equals sign within the brackets belongs to a name."""
    match = _BEFORE_EQUALS.match(text)
    if match is None:
        address, equals, value = text.partition("=")
        return address.strip(), equals, value.strip()
    return text[: match.end() - 1].strip(), "=", text[match.end() :].strip()


__all__ = [
    "Address",
    "Name",
    "addresses",
    "fact_of",
    "in_quotes",
    "known_as",
    "name_of",
    "place_of",
    "resolved",
    "setting",
]
