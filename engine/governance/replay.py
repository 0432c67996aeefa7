"""Decides a record again, from the ledger alone and by the rule book as it was: is it the same, bit for bit?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.governance.books import came_with, laid_out, recorded_book
from sharedvalue.engine.governance.case import PARTS, Case, Entry, decided, read_case
from sharedvalue.engine.governance.chain import canonical
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.language.rulebook import RuleBook

Json = dict[str, Any]
MOST = 5


@dataclass(frozen=True)
class Difference:
    """One place where the replay says something else."""

    where: str
    recorded: str
    replayed: str


@dataclass(frozen=True)
class Replay:
    """What came out. `case` is the case as it was decided again."""

    record: Record
    same: bool
    differences: tuple[Difference, ...]
    recorded_by: str
    release: str

    def as_json(self) -> Json:
        payload = self.record.payload
        return {
            "schema": "sharedvalue/replay/1",
            "record": self.record.id,
            "hash": self.record.hash,
            "same": self.same,
            "outcome": payload["decision"]["outcome"],
            "rulebook": {k: payload["rulebook"][k] for k in ("version", "hash", "house_changes")},
            "recorded_by": self.recorded_by,
            "release": self.release,
            "differences": [
                {"where": d.where, "recorded": d.recorded, "replayed": d.replayed} for d in self.differences
            ],
        }


def release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sharedvalue")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "unreleased"


def entries(payload: Json) -> tuple[Entry, ...] | None:
    """The entries that a record from before the form added to the decision log; None where there is a form."""
    log = payload["scenario"].get("log")
    return None if log is None else tuple(Entry(**one) for one in log)


def book_of(ledger: Ledger, record: Record) -> RuleBook:
    """The rule book of a record, as it was: from the ledger, or, where its files are gone there, from those that came with
    sharedvalue.

    Raises:
        UserError: SV507 where it is gone or cannot be read, or is not what the record says.
    """
    payload, where = record.payload, f"{ledger.shown} {record.id}"
    layers, contents = recorded_book(ledger, payload)
    try:
        book = laid_out(layers, contents, where)
    except UserError:
        shipped = came_with(payload["rulebook"]["hash"])
        if shipped is None:
            raise
        return shipped
    if book.hash != payload["rulebook"]["hash"]:
        raise mistake(
            "SV507",
            where,
            "its rule book's files do not give the hash that was recorded",
            "This release reads them otherwise; replay it with the release that recorded it.",
        )
    return book


def case_of(payload: Json, book: RuleBook) -> Case:
    """The recorded case, decided by a rule book."""
    scenario = payload["scenario"]
    return decided(read_case(scenario["text"], scenario["file"], book, entries(payload)), book)


def replay(ledger: Ledger, record: Record) -> Replay:
    """Decides a record again and compares all that was kept of it."""
    return compared(record, case_of(record.payload, book_of(ledger, record)))


def compared(record: Record, case: Case) -> Replay:
    payload = record.payload
    differences = [
        d
        for part in PARTS
        if canonical({part: payload[part]}) != canonical({part: case.parts[part]})
        for d in _differences(part, payload[part], _known(payload[part], _as_json(case.parts[part])))
    ]
    return Replay(
        record, not differences, tuple(differences[:MOST]), payload["made_by"]["sharedvalue"], release()
    )


def _known(recorded: object, replayed: object) -> object:
    """What was replayed, without fields that are new since and hold nothing: they say nothing about an older record."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        return {
            key: _known(recorded[key], value) if key in recorded else value
            for key, value in replayed.items()
            if key in recorded or value not in ({}, [], "", None, False)
        }
    if isinstance(recorded, list) and isinstance(replayed, list) and len(recorded) == len(replayed):
        return [_known(one, other) for one, other in zip(recorded, replayed, strict=True)]
    return replayed


def _as_json(value: object) -> object:
    import json

    return json.loads(canonical({"value": value}))["value"]


def _differences(where: str, one: object, other: object) -> Iterator[Difference]:
    """The innermost places where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key):
                yield from _differences(f"{where}.{key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for position, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                yield from _differences(f"{where}[{position}]", left, right)
    elif one != other:
        yield Difference(where, _short(one), _short(other))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "..."
