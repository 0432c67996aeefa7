"""The only place that touches durable-rules: which of many ways (lists of literals) hold in a world.

What the library does well is to match one fact against many rules in C. Most of what else it offers crashes
or lies when it is used a little differently, so this module keeps to a narrow path:

- It calls the C extension directly. The Python classes around it start two threads for each host, keep every
  ruleset for ever and swallow what actions raise. Here no Python runs while rules fire.
- A `Board` is one ruleset over one fact, which carries every value that its rules read. It is posted whole:
  no rule can fire before everything is known, and nothing is joined, negated, retracted or counted there.
- The fact lives in one session, which is deleted after each reading. A lock lets one reading in at a time.
- Integers beyond 32 bits depend on the machine, and comparing with a field that the fact lacks reads memory
  that nobody set. So two variables are not compared there: their order is posted, as -1, 0 or 1; so is that
  of a variable and a very large constant. A value that is missing is not posted, and matches nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module, metadata
from threading import Lock
from types import ModuleType
from typing import Any
from weakref import finalize

from sharedvalue.engine.language.formulas import Test, Way


def _library() -> ModuleType:
    """The C extension, bound lazily: it names a function that Python 3.13 no longer has, and that only its callbacks call.

    We set no callbacks, and a name that is never called is never looked for.

    Raises:
        ImportError: where it is not installed, or cannot be loaded.
    """
    if not hasattr(sys, "setdlopenflags"):
        return import_module("durable_rules_engine")
    usual = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        return import_module("durable_rules_engine")
    finally:
        sys.setdlopenflags(usual)


library: Any = _library()
Read = str | tuple[str, int | str]  # what one property of the fact holds: a value, or the order of two values

RULES_A_BOARD = 60  # the library walks its tree of literals with a stack of 64
PROPERTIES_A_BOARD = 240  # of at most 255 in a fact, of which some are the library's own
WIDEST = 2**31 - 1  # posted values are cut to this; a constant as large is compared here

OPERATORS = {"==": "$eq", "!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
SESSION = "0"
MATCHED, NOTHING_MATCHED = 0, 1

_one_at_a_time = Lock()


class LibraryError(RuntimeError):
    """The library answered what it never should. A mistake of ours or its own, not of a user."""


def release() -> str:
    """The version of the library."""
    return metadata.version("durable-rules")


class Matcher:
    """Tells which of some ways hold in a world: any number of any length, on as many boards as needed."""

    def __init__(self, ways: Iterable[Way]) -> None:
        pieces = [(number, piece) for number, way in enumerate(ways) for piece in _pieces(way)]
        self._pieces_of = Counter(number for number, _ in pieces)
        self._in_one_piece = len(self._pieces_of) == len(pieces)
        self._boards = [Board(some) for some in _in_boards(pieces)]

    def matches(self, values: Mapping[str, int]) -> list[int]:
        """The positions of the ways that hold, lowest first. A literal with a missing value does not hold."""
        found = [number for board in self._boards for number in board.matches(values)]
        if self._in_one_piece:
            return sorted(found)
        return sorted(number for number, count in Counter(found).items() if count == self._pieces_of[number])


class Board:
    """One ruleset of the library, with the one fact that its rules read."""

    def __init__(self, pieces: Sequence[tuple[int, Way]]) -> None:
        self._numbers = [number for number, _ in pieces]
        reads = list(dict.fromkeys(_read(test)[0] for _, way in pieces for test in way))
        self._variables = [read for read in reads if isinstance(read, str)]
        self._orders = [read for read in reads if not isinstance(read, str)]
        self._properties = {read: f"v{place}" for place, read in enumerate((*self._variables, *self._orders))}
        self._fact = _fact(self._properties.values())
        rules = self._rules([way for _, way in pieces])
        self._handle: int = library.create_ruleset("board", json.dumps(rules))
        # Deleting a session frees two pointers that are set only when a rule of it first fires; until then
        # they are whatever the memory held. Sessions of a ruleset share one place: one firing is enough.
        if self._fire('{"id":"f","_g":"_tick"}') != ["_tick"]:
            raise LibraryError("a new ruleset did not fire on its first fact")
        finalize(self, library.delete_ruleset, self._handle).atexit = False

    def _rules(self, ways: list[Way]) -> dict[str, object]:
        """The rules in the library's notation, each named by its place; `_tick` is for the start only."""
        common = Counter(test for way in ways for test in way)
        rules: dict[str, object] = {}
        for place, way in enumerate(ways):
            # Rules that begin with the same literals share them; so what many rules ask comes first.
            ordered = sorted(way, key=lambda test: (-common[test], test.sort_key()))
            rules[str(place)] = _rule({"_g": "_go"}, *(self._literal(test) for test in ordered))
        return {**rules, "_tick": _rule({"_g": "_tick"})}

    def _literal(self, test: Test) -> dict[str, dict[str, int]]:
        read, constant = _read(test)
        return {OPERATORS[test.op]: {self._properties[read]: constant}}

    def matches(self, values: Mapping[str, int]) -> Iterator[int]:
        """The numbers of the pieces that hold."""
        return (self._numbers[int(place)] for place in self._fire(self._write(values)))

    def _write(self, values: Mapping[str, int]) -> str:
        """The fact as JSON."""
        try:
            known = [values[name] for name in self._variables]
            known += [
                _order(values[left], values[right] if isinstance(right, str) else right)
                for left, right in self._orders
            ]
            if known and (max(known) > WIDEST or min(known) < -WIDEST):
                known = [_cut(value) for value in known]
        except KeyError:
            return self._write_incomplete(values)
        return self._fact % tuple(known)

    def _write_incomplete(self, values: Mapping[str, int]) -> str:
        known: dict[Read, int] = {}
        for name in self._variables:
            if name in values:
                known[name] = _cut(values[name])
        for left, right in self._orders:
            other = values.get(right) if isinstance(right, str) else right
            if left in values and other is not None:
                known[left, right] = _order(values[left], other)
        return _fact(self._properties[read] for read in known) % tuple(known.values())

    def _fire(self, fact: str) -> list[str]:
        """Posts the fact in a fresh session, and returns the names of all rules that fire."""
        fired: list[str] = []
        with _one_at_a_time:
            try:
                status, session = library.assert_fact(self._handle, fact)
                if status not in (MATCHED, NOTHING_MATCHED):
                    raise LibraryError(f"a fact was refused with status {status}")
                started = library.start_action_for_state(self._handle, session)
                message: str | None = started[1] if started else None
                while message is not None:
                    # Each rule has one pattern and there is one fact, so it fires at most once.
                    if len(fired) > len(self._numbers):
                        raise LibraryError("more rules fired than there are")
                    fired.append(message[2 : message.index('"', 2)])  # {"name":{...the fact...}}
                    message = library.complete_and_start_action(self._handle, session)
            except library.error as error:
                raise LibraryError(str(error)) from error
            finally:
                with suppress(library.error):  # it never began, when the fact was refused
                    library.delete_state(self._handle, SESSION)
        return fired


def _rule(*literals: Mapping[str, object]) -> dict[str, object]:
    return {"all": [{"m": {"$and": list(literals)}}]}


def _fact(properties: Iterable[str]) -> str:
    """The fact as a template that takes the values of its properties."""
    return '{"id":"f","_g":"_go"' + "".join(f',"{name}":%d' for name in properties) + "}"


def _read(test: Test) -> tuple[Read, int]:
    """What a literal reads of the fact, and the constant that it compares this with."""
    if isinstance(test.right, str) or abs(test.right) >= WIDEST:
        return (test.left, test.right), 0
    return test.left, test.right


def _order(left: int, right: int) -> int:
    return (left > right) - (left < right)


def _cut(value: int) -> int:
    """The value, or the widest that is posted: it compares with every smaller constant as the value does."""
    return max(-WIDEST, min(WIDEST, value))


def _pieces(way: Way) -> list[Way]:
    """A way in pieces that fit into one fact; it holds when all of them do. Nearly always there is one."""
    starts = range(0, max(1, len(way)), PROPERTIES_A_BOARD)
    return [way[start : start + PROPERTIES_A_BOARD] for start in starts]


def _in_boards(pieces: Iterable[tuple[int, Way]]) -> Iterator[list[tuple[int, Way]]]:
    """The pieces in groups that keep to the limits of one ruleset."""
    board: list[tuple[int, Way]] = []
    properties: set[Read] = set()
    for number, way in pieces:
        wanted = properties | {_read(test)[0] for test in way}
        if board and (len(board) == RULES_A_BOARD or len(wanted) > PROPERTIES_A_BOARD):
            yield board
            board, wanted = [], {_read(test)[0] for test in way}
        board.append((number, way))
        properties = wanted
    if board:
        yield board
