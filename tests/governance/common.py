"""What the tests of the ledger share: a rule book, drafts of records, small payloads, and a meddler's hands."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.ledger import Ledger, Record, open_ledger
from sharedvalue.engine.governance.record import Draft, Proposed, draft, propose
from sharedvalue.engine.language.loading import load

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 24)
book = lru_cache(maxsize=1)(load)


def scenario(name: str) -> str:
    return str(ROOT / "scenarios" / f"{name}.yaml")


@lru_cache(maxsize=16)
def proposed(name: str) -> Proposed:
    return propose(book(), scenario(name))


@lru_cache(maxsize=8)
def drafted(name: str, by: tuple[str, ...] = ("community leader",)) -> Draft:
    form = Form(by, review_date=dt.date(2027, 3, 1))
    return draft(proposed(name), form, TODAY)


def small(text: str = "a") -> dict[str, Any]:
    """A payload with as little as a record may hold."""
    none: dict[str, Any] = {"values": {}, "firings": [], "defeated": []}
    book = {"version": "1", "hash": "", "house_changes": []}
    lists = (
        "modes",
        "open_modes",
        "possible",
        "pivotal",
        "immaterial",
        "warnings",
        "risks",
        "actions",
        "ask_next",
        "reasons",
    )
    return {
        "format": 1, "answers": None, "as_of": None, "made_by": {"sharedvalue": "1"}, "text": text,
        "scenario": {"title": "", "file": "", "path": "", "hash": "", "text": ""}, "rulebook": {**book, "layers": []},
        "evidence": {"files": []}, "people": {"by": [], "sponsor_part": ""},
        "agreement": {"agreed": "", "dissent": [], "review_date": None},
        "decision": {
            "outcome": "", "certain": True, "complete": True, "provisional": False, "status": "", "tell_sponsor": False,
            "assumed": {}, "confidence": {}, "rulebook": book, "risk": {"level": "", "routes": []},
            **{name: [] for name in lists},
        },
        "trace": {"chosen": None, "world": none, "after": none},
        "flips": {"flips": [], "against": {}, "unreachable": [], "undecided": []},
        "basis": {"facts": [], "warnings": [], "whole": []}, "alternatives": [], "waits_for": [], "told": [],
    }  # fmt: skip


def filled(path: Path, count: int = 4) -> list[Record]:
    with open_ledger(str(path), writing=True) as ledger:
        return [ledger.append(small(f"record {n}"), {}) for n in range(1, count + 1)]


def meddle(path: Path, *statements: str) -> None:
    """Changes a ledger behind its back, its guards taken away, as somebody with the file could."""
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def run_python(code: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def texts(ledger: Ledger) -> list[str]:
    return [record.payload["text"] for record in ledger.records()]


def never_seen() -> None:
    """As somebody who sees every ledger for the first time."""
    Path(os.environ["SHAREDVALUE_SEEN"]).unlink(missing_ok=True)
