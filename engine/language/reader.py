"""Typed access to the tree of a file: every wrong type, missing key and unknown key is noted, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction

from sharedvalue.engine.errors import Place, Problem, Problems, did_you_mean
from sharedvalue.engine.language.source import Items, Node, Table, Text

YES = ("true", "yes", "on")
NO = ("false", "no", "off")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?", re.ASCII)


def as_number(text: Text) -> Fraction | None:
    """A decimal number as written, exactly; None for anything else, infinities and NaN among it."""
    written = text.value.replace("_", "")
    if len(written) > 30 or not _NUMBER.fullmatch(
        written
    ):  # an exponent of more than two digits is never in range
        return None
    value = Fraction(written)
    return value if abs(value) < 10**12 else None


def as_yes_no(text: Text) -> bool | None:
    word = text.value.lower()
    return True if word in YES else False if word in NO else None


@dataclass
class Reader:
    """Reads one table. `what` names it in messages: 'fact sponsor_stance'."""

    table: Table
    problems: Problems
    what: str
    seen: set[str] = field(default_factory=set)
    missing: dict[str, Problem] = field(default_factory=dict)

    @staticmethod
    def of(node: Node | None, problems: Problems, what: str, place: Place) -> Reader:
        """A reader of a node; of an empty table, with a problem noted, where the node is no table."""
        if isinstance(node, Table):
            return Reader(node, problems, what)
        problems.add(
            "SV302",
            node.place if node else place,
            f"{what} must be a table of keys and values",
            "Write 'key: value' lines, indented below it.",
        )
        return Reader(Table({}, place), problems, what)

    def place(self, key: str | None = None) -> Place:
        """Where a value stands, or the table where it has none."""
        node = self.table.entries.get(key) if key else None
        return node.place if node else self.table.place

    def key_place(self, key: str) -> Place:
        return self.table.keys.get(key, self.table.place)

    def node(self, key: str) -> Node | None:
        self.seen.add(key)
        return self.table.entries.get(key)

    def has(self, key: str) -> bool:
        return key in self.table.entries

    def wrong(self, key: str, expected: str) -> None:
        self.problems.add(
            "SV302", self.place(key), f"'{key}' of {self.what} must be {expected}", "Change its value."
        )

    def scalar(self, key: str, required: bool = False) -> Text | None:
        node = self.node(key)
        if isinstance(node, Text) and (node.value.strip() or not node.plain):
            return node
        if node is not None:
            self.wrong(key, "a text")
        elif required:
            what, mend = f"{self.what} has no '{key}'", f"Add a line '{key}: ...'."
            self.problems.add("SV303", self.table.place, what, mend)
            self.missing[key] = Problem("SV303", self.table.place, what, mend)
        return None

    def text(self, key: str, required: bool = False, default: str = "") -> str:
        node = self.scalar(key, required)
        text = " ".join(node.value.split()) if node else default
        if required and node is not None and not text:
            self.problems.add(
                "SV303", node.place, f"'{key}' of {self.what} is empty", f"Write '{key}: ...' in full."
            )
        return text

    def word(self, key: str, allowed: tuple[str, ...], required: bool = False, default: str = "") -> str:
        node = self.scalar(key, required)
        if node is None:
            return default
        if node.value not in allowed:
            self.problems.add(
                "SV304",
                node.place,
                f"'{key}' of {self.what} cannot be '{node.value}'",
                did_you_mean(node.value, allowed) or f"Use one of: {', '.join(allowed)}.",
            )
            return default
        return node.value

    def yes_no(self, key: str, default: bool = False) -> bool:
        node = self.scalar(key)
        if node is None:
            return default
        value = as_yes_no(node)
        if value is None:
            self.wrong(key, "true or false")
        return bool(value)

    def number(self, key: str, required: bool = False) -> Fraction | None:
        node = self.scalar(key, required)
        if node is None:
            return None
        value = as_number(node)
        if value is None:
            self.wrong(key, "a number")
        return value

    def whole(self, key: str, required: bool = False, default: int = 0) -> int:
        value = self.number(key, required)
        if value is not None and value.denominator != 1:
            self.wrong(key, "a whole number")
            return default
        return default if value is None else int(value)

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Text):
            return (node,)
        if isinstance(node, Items) and all(isinstance(item, Text) for item in node.items):
            return tuple(item for item in node.items if isinstance(item, Text))
        self.wrong(key, "a list of texts")
        return ()

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(text.value for text in self.texts(key))

    def items(self, key: str) -> tuple[Node, ...]:
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        self.wrong(key, "a list")
        return ()

    def reader(self, key: str, required: bool = False) -> Reader | None:
        """A reader of the table below a key."""
        node = self.node(key)
        if node is None and not required:
            return None
        return Reader.of(node, self.problems, f"'{key}' of {self.what}", self.table.place)

    def each(self, key: str, what: str) -> Iterator[tuple[str, Reader]]:
        """A reader of each entry of the table below a key, with its name."""
        below = self.reader(key)
        if below is not None:
            yield from below.entries(what)

    def entries(self, what: str) -> Iterator[tuple[str, Reader]]:
        for name, node in self.table.entries.items():
            self.seen.add(name)
            yield name, Reader.of(node, self.problems, f"{what} {name}", self.key_place(name))

    def done(self) -> None:
        """Notes every key that nobody asked for; where it is a missing key misspelt, that is told once."""
        for key, place in self.table.keys.items():
            if key not in self.seen:
                for meant in get_close_matches(key, self.missing, n=1):
                    self.problems.take_back(self.missing.pop(meant))
                known = sorted(self.seen)
                self.problems.add(
                    "SV305",
                    Place(place.file, place.line, place.column, place.text, len(key)),
                    f"'{key}' is not a key of {self.what}",
                    did_you_mean(key, known) or f"Known keys: {', '.join(known)}.",
                )
