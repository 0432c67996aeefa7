"""Reads YAML (and JSON) into a tree in which every word knows its file, line and column; refuses what could harm.

Anchors, aliases, tags and duplicate keys are errors; size, depth and number of entries are bounded. Nothing is
converted: a scalar stays text until the vocabulary says what type it has, so `no` is never silently a boolean.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean, mistake

MAX_BYTES = 5_000_000
BEGIN = "Start one with: sharedvalue scenario new FILE"
MAX_DEPTH = 24
MAX_NODES = 200_000
UNSHOWN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]"
)  # what could move the cursor, colour the terminal or turn the line around, and what is no character: XML has none of it


@dataclass(frozen=True)
class Text:
    """A scalar as it was written. `plain` is false where it stood in quotes."""

    value: str
    place: Place
    plain: bool = True


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Table:
    """A mapping; `keys` holds the place of each key."""

    entries: dict[str, Node]
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)


Node = Text | Items | Table
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(path: Path | str, empty: str = BEGIN, missing: str = "Check the path.") -> str:
    """The text of a file, or of standard input for '-'. One clear error for whatever cannot be read.

    `empty` is the mend where the file holds nothing, `missing` where there is none, nor any of nearly this name.
    """
    name = str(path)
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            target = Path(path)
            if target.is_dir():
                raise mistake(
                    "SV102", name, "this is a directory, not a file", "Give the path of a file in it."
                )
            if not target.exists():
                raise _no_such_file(target, missing)
            if not target.is_file():
                raise mistake("SV103", name, "this is not a regular file", "Give the path of a YAML file.")
            if target.stat().st_size > MAX_BYTES:
                size = target.stat().st_size
                raise mistake(
                    "SV104",
                    name,
                    f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}",
                    "Is it the right file? A scenario is a few kilobytes.",
                )
            with target.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise mistake(
            "SV103", name, f"cannot be read: {error.strerror or error}", "Check the path and its permissions."
        ) from None
    if len(raw) > MAX_BYTES:
        raise mistake("SV104", name, f"more than {MAX_BYTES:,} bytes", "Is it the right file?")
    return _decode(raw, name, empty)


def _no_such_file(target: Path, missing: str) -> UserError:
    near = ""
    if target.parent.is_dir():
        near = did_you_mean(target.name, (p.name for p in target.parent.iterdir()))
    return mistake("SV101", str(target), "there is no such file", near or missing)


def _decode(raw: bytes, name: str, empty: str) -> str:
    if not raw.strip():
        raise mistake("SV105", name, "the file is empty", empty)
    try:
        text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise mistake_at(
            "SV106",
            Place(name, line, 1),
            "this is not text in UTF-8",
            "Save the file as UTF-8 text; a binary file is not a scenario.",
        ) from None
    return text


def mistake_at(code: str, place: Place, what: str, mend: str = "") -> UserError:
    problems = Problems()
    problems.add(code, place, what, mend)
    return UserError(problems.found)


def parse(text: str, file: str, empty: str = BEGIN) -> Node:
    """The tree of a YAML text.

    Raises:
        UserError: SV107 not YAML, SV108 duplicate key, SV109 anchor, alias or tag, SV110 too deep or too large.
    """
    return _Parser(text, file, empty).document()


def parse_file(path: Path | str, empty: str = BEGIN, missing: str = "Check the path.") -> Node:
    """read_file, then parse."""
    return parse(read_file(path, empty, missing), "standard input" if str(path) == "-" else str(path), empty)


class _Parser:
    def __init__(self, text: str, file: str, empty: str) -> None:
        self.file, self.empty = file, empty
        self.lines = text.split("\n")
        self.text = text
        self.count = 0
        self.problems = Problems()

    def place(self, mark: Any, width: int = 1) -> Place:
        line = self.lines[mark.line].rstrip("\r") if mark.line < len(self.lines) else ""
        return Place(self.file, mark.line + 1, mark.column + 1, line, max(width, 1))

    def document(self) -> Node:
        try:
            self.events: Iterator[yaml.Event] = yaml.parse(self.text, Loader=_YAML_LOADER)
            next(self.events)  # stream start
            first = next(self.events)
            if isinstance(first, yaml.StreamEndEvent):
                raise mistake(
                    "SV105",
                    self.file,
                    "the file has no content",
                    self.empty,
                )
            tree = self.node(next(self.events), 0)
            next(self.events)  # document end
            if not isinstance(next(self.events), yaml.StreamEndEvent):
                raise mistake(
                    "SV107",
                    self.file,
                    "more than one document in the file",
                    "Keep one; remove the line '---'.",
                )
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = self.place(mark) if mark else Place(self.file)
            if "nesting" in (error.problem or ""):
                raise mistake_at(
                    "SV110", place, f"nested deeper than {MAX_DEPTH} levels", "Is it the right file?"
                ) from None
            raise mistake_at(
                "SV107",
                place,
                f"this is not YAML: {error.problem or error.context}",
                "Indent with spaces; YAML allows no tab there."
                if place.text[place.column - 1 : place.column] == "\t"
                else "Check the indentation, and put texts with a colon in quotes.",
            ) from None
        except yaml.YAMLError as error:
            raise mistake(
                "SV107",
                self.file,
                f"this is not YAML text: {str(error).splitlines()[0]}",
                "A binary file, or a character that YAML does not allow?",
            ) from None
        self.problems.stop_if_any()
        return tree

    def node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            what = (
                f"nested deeper than {MAX_DEPTH} levels"
                if depth > MAX_DEPTH
                else f"more than {MAX_NODES:,} entries"
            )
            raise mistake_at("SV110", self.place(event.start_mark), what, "Is it the right file?")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise mistake_at(
                "SV109",
                self.place(event.start_mark),
                "anchors and aliases (& and *) are not allowed here",
                "Write the value out; put a text that begins with * or & in quotes.",
            )
        if getattr(event, "tag", None):
            raise mistake_at(
                "SV109",
                self.place(event.start_mark),
                f"tags ({event.tag}) are not allowed here",
                "Remove the tag; put a text that begins with ! in quotes.",
            )
        if isinstance(event, yaml.ScalarEvent):
            if found := UNSHOWN.search(event.value):
                raise mistake_at(
                    "SV107",
                    self.place(event.start_mark),
                    f"the text holds a character that cannot be shown (U+{ord(found.group()):04X})",
                    "Remove it.",
                )
            start: Any = event.start_mark
            end: Any = event.end_mark
            width = end.column - start.column if end.line == start.line else 1
            return Text(event.value, self.place(start, width), event.style is None)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(child := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(child, depth + 1))
            return Items(tuple(items), self.place(event.start_mark))
        return self.table(event, depth)

    def table(self, event: yaml.Event, depth: int) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(child := next(self.events), yaml.MappingEndEvent):
            key = self.node(child, depth + 1)
            if not isinstance(key, Text):
                raise mistake_at(
                    "SV107", key.place, "a key must be a single word", "Check the braces and colons."
                )
            if key.value in entries:
                self.problems.add(
                    "SV108",
                    key.place,
                    f"'{key.value}' stands here twice (first in line {keys[key.value].line})",
                    "Keep one of them.",
                )
            keys[key.value] = key.place
            entries[key.value] = self.node(next(self.events), depth + 1)
        return Table(entries, self.place(event.start_mark), keys)


def plain(node: Node) -> object:
    """The tree as lists, dictionaries and texts, for hashing and comparing."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}
