"""Decides a record again, from the ledger alone and by the rule book as it was: does all that was recorded come out the same?"""

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
BY_NAME = ("values", "assumed", "example", "facts")  # tables of which the keys are names, not fields


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
    """What was recorded, held to what comes out now. What a newer release tells besides is no difference, and neither is
    another example of what was not known."""
    payload = record.payload
    differences: list[Difference] = []
    for part in PARTS:
        now = _as_json(case.parts[part])
        was, now = payload[part], _known(payload[part], now)
        if part == "trace":
            was, now = _certain(was, case), _certain(now, case)
        if part == "decision":
            was, now = _unordered(was), _unordered(now)
        if canonical({part: was}) != canonical({part: now}):
            differences += _differences(part, was, now)
    return Replay(
        record, not differences, tuple(differences[:MOST]), payload["made_by"]["sharedvalue"], release()
    )


def _known(recorded: object, replayed: object, by_name: bool = False) -> object:
    """What was replayed, without fields that were not recorded then; where keys are names of facts, each of them counts."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        return {
            key: _known(recorded[key], value, key in BY_NAME) if key in recorded else value
            for key, value in replayed.items()
            if key in recorded or (by_name and value not in ({}, [], "", None))
        }
    if isinstance(recorded, list) and isinstance(replayed, list) and len(recorded) == len(replayed):
        return [_known(one, other) for one, other in zip(recorded, replayed, strict=True)]
    return replayed


def _certain(trace: Any, case: Case) -> Any:
    """A trace without the values that are not the same in every world: there, one world stands as an example, and how a line says
    what is open is the release's own."""
    decision = case.decision
    if decision.settled is None:
        return trace
    world = trace["world"]
    values = {name: value for name, value in world["values"].items() if decision.is_certain(name)}
    kept = {part: [_unsaid(one) for one in world[part]] for part in ("firings", "defeated")}
    return {**trace, "world": {**world, "values": values, **kept}}


def _unsaid(firing: Any) -> Any:
    return {key: value for key, value in firing.items() if key != "line"}


def _unordered(decision: Any) -> Any:
    """A decision without what a release may choose otherwise: which question comes first, and which world is the example."""
    asked = [{key: value for key, value in one.items() if key != "worth"} for one in decision["ask_next"]]
    could = [{key: value for key, value in one.items() if key != "example"} for one in decision["possible"]]
    return {**decision, "ask_next": sorted(asked, key=lambda one: str(one["fact"])), "possible": could}


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
