"""A record whose hash is sound and whose content is not: whoever can write the file may put anything there. Each reader either
reads it or says which record is broken; none fails otherwise."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.chain import canonical, first_link, link
from sharedvalue.engine.governance.form import Action, Form, Heard, Votes
from sharedvalue.engine.governance.ledger import Record, open_ledger
from sharedvalue.engine.governance.record import draft
from sharedvalue.engine.governance.words import as_written, cells, row
from tests.cli.calling import call
from tests.governance.common import TODAY, meddle, never_seen, proposed, small

GONE = object()
DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]
HOSTILE: tuple[Any, ...] = (GONE, None, True, 7, -1.5, "x", "\ud800", [], [7], {}, {"a": {}}, DEEP)
LEAST_CASE = "no-sponsor-at-all"


@lru_cache(maxsize=1)
def rich() -> dict[str, Any]:
    """A payload with something in each of its parts."""
    form = Form(
        ("board",), votes=Votes(3, 1, 0), dissent=("too fast",), heard=(Heard("members", "go on"),),
        review_date=dt.date(2027, 3, 1), actions=(Action("call them", "leader", dt.date(2027, 1, 1)),),
    )  # fmt: skip
    made = draft(proposed(LEAST_CASE), form, TODAY).payload
    chain = {
        "number": 1,
        "ledger": "l",
        "recorded_at": "2026-11-24T10:00:00+00:00",
        "clock_behind": False,
        "signed_by": None,
    }
    plain: dict[str, Any] = json.loads(canonical({**made, **chain}))
    return plain


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a payload; of a list, its first item stands for all."""
    yield at
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*at, 0))


def changed(payload: dict[str, Any], place: tuple[Any, ...], to: Any) -> Any:
    if not place:
        return None if to is GONE else to
    made = copy.deepcopy(payload)
    inner: Any = made
    for name in place[:-1]:
        inner = inner[name]
    if to is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = to
    return made


def hostile(payload: Any) -> Record:
    """The payload as the first record of a ledger, its hash as it should be."""
    raw = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
    first = first_link("l")
    return Record(1, first, link(first, raw), raw, None)


def read(record: Record) -> None:
    told = cells(row(record))
    assert all(isinstance(cell, str) for cell in told)
    for others in (False, True):
        "\n".join(as_written(record, others).lines()).encode()
    json.dumps(record.payload, ensure_ascii=False, indent=2).encode()


def test_whatever_a_record_holds_it_is_read_or_called_broken() -> None:
    rng, payload = random.Random(17), rich()
    read(hostile(payload))
    every = [(place, to) for place in places(payload) for to in HOSTILE]
    told = 0
    for place, to in rng.sample(every, 120):
        try:
            read(hostile(changed(payload, place, to)))
        except UserError as error:
            assert {problem.code for problem in error.problems} <= {"SV505", "SV506"}
            told += 1
    assert told > 50


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"7", b'"x"', b"{", b"\xff", b"[" * 100_000, b'{"format": 1e999}', b'{"format": NaN}', b'{"format": ' + b"9" * 5_000 + b"}"],
    ids=lambda raw: repr(raw[:12]),
)  # fmt: skip
def test_bytes_that_are_no_record_are_told_by_each_command(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    put(path, raw)
    for command in (("list",), ("show", "R0001"), ("show", "R0001", "--json")):
        ended = call("ledger", *command, "--ledger", str(path))
        assert ended.code == 2
        assert "SV505" in ended.err
    ended = call("ledger", "verify", "--ledger", str(path))
    assert (ended.code, "BROKEN" in ended.out) == (1, True)


def test_a_record_without_its_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    put(path, canonical({**small(), "format": "two"}))
    for command in (
        ("ledger", "list"),
        ("review",),
        ("replay", "R0001"),
        ("report", "R0001", "-o", str(tmp_path / "r.html")),
    ):
        ended = call(*command, "--ledger", str(path))
        assert ended.code == 2
        assert "SV505" in ended.err
        assert "R0001" in ended.err


def test_a_record_of_a_format_to_come_asks_for_the_newest_release(tmp_path: Path) -> None:
    put(tmp_path / "l.sqlite", canonical({**small(), "format": 9}))
    assert "SV506" in call("ledger", "list", "--ledger", str(tmp_path / "l.sqlite")).err


def put(path: Path, raw: bytes) -> None:
    """A ledger whose one record holds these bytes, everything around it as it should be."""
    with open_ledger(str(path), writing=True) as ledger:
        ledger.append(small(), {})
        first = first_link(ledger.id)
    linked = link(first, raw)
    meddle(
        path,
        f"UPDATE records SET payload = x'{raw.hex()}', hash = '{linked}'",
        f"UPDATE head SET hash = '{linked}'",
    )
    never_seen()
