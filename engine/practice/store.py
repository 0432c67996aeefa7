"""The practice file: every answer and when each topic is due again, in one local SQLite file.

An answer is written whole or not at all, and two sessions may write at once. The file says its version; what a newer
release wrote, or what somebody changed by hand into nonsense, is refused with the file left as it is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sharedvalue.engine.errors import UserError, mistake

VERSION = 1
APPLICATION = 0x53565052  # "SVPR" in the file's head: this is a practice file, and not another database
WAIT_SECONDS = 5.0
MOST_ANSWERS = 100_000
ENVIRONMENT = "SHAREDVALUE_PRACTICE"
_TABLES = """
CREATE TABLE answer (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    case_id TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE card (topic TEXT PRIMARY KEY, card TEXT NOT NULL, due TEXT NOT NULL, times INTEGER NOT NULL);
CREATE TABLE scenario (case_id TEXT PRIMARY KEY, text TEXT NOT NULL);
"""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """One answer, with all that progress is made of. `book` is the rule book's hash at the time.

    `named`, `right_cues`, `best` and `hit` are counts (see reveal.Matching). `effort` is what the facts that were looked at
    cost, `least_effort` what those of the best-fitting reason would have; both 0 where nothing was hidden.
    `tells`: how many of the facts named tell the answer from the one that
    tempted; -1 where that was not asked. `credit`: hundredths of a point against a panel, and of how many questions.
    `intervals`: ranges that held the value, how many were said, and the sum of their widths in percent of what could be.
    `reason`: why somebody sees it otherwise than the rule book.
    """

    at: str
    case: str
    kind: str
    topic: str
    rule: str
    chapters: tuple[str, ...]
    outcome: str
    answered: str
    confidence: int
    cues: tuple[str, ...]
    named: int
    right_cues: int
    best: int
    hit: int
    pair: str = ""
    asked: tuple[str, ...] = ()
    effort: int = 0
    least_effort: int = 0
    credit: tuple[int, ...] = (0, 0)
    intervals: tuple[int, ...] = (0, 0, 0)
    book: str = ""
    release: str = ""
    tells: int = -1
    reason: str = ""

    @property
    def judged(self) -> bool:
        """Whether it is the first judgement of a case, and not what was said of it besides."""
        return self.kind not in BESIDES

    @property
    def right(self) -> bool:
        return self.outcome == self.answered


BESIDES = (
    "concordance",
    "intervals",
    "second",
    "disagreement",
)  # kinds of answers that are no first judgement of a case
MOST_REASON = 1000  # signs
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "at": str, "case": str, "kind": str, "topic": str, "rule": str, "chapters": list, "outcome": str, "answered": str,
    "confidence": int, "cues": list, "named": int, "right_cues": int, "best": int, "hit": int, "pair": str, "asked": list,
    "effort": int, "least_effort": int, "credit": list, "intervals": list, "book": str, "release": str, "tells": int, "reason": str,
}  # fmt: skip
MUST = (
    "at",
    "case",
    "kind",
    "topic",
    "outcome",
    "answered",
    "confidence",
    "cues",
    "named",
    "right_cues",
    "best",
    "hit",
)


def answer_json(answer: Answer) -> dict[str, object]:
    """An answer as other programs read it."""
    values = {name: getattr(answer, name) for name in _KINDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def answer_of(record: object, where: str) -> Answer:
    """An answer as it was kept or exported. Raises UserError SV551 where it is not one."""
    if not isinstance(record, dict):
        raise damaged(where, "an answer is not a table of names and values")
    for name in MUST:
        if name not in record:
            raise damaged(where, f"an answer has no '{name}'")
    values: dict[str, object] = {}
    for name, kind in _KINDS.items():
        if name not in record:
            continue
        value = record[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise damaged(where, f"'{name}' of an answer is not what it should be")
        values[name] = _items(name, value, where) if isinstance(value, list) else value
    answer = Answer(**{"rule": "", "chapters": (), **values})  # type: ignore[arg-type]  # checked above, one by one
    _check(answer, where)
    return answer


def _items(name: str, value: list[object], where: str) -> tuple[object, ...]:
    kind = int if name in ("credit", "intervals") else str
    if not all(isinstance(item, kind) and not isinstance(item, bool) for item in value):
        raise damaged(where, f"'{name}' of an answer is not a list of the right kind")
    return tuple(value)


def _check(answer: Answer, where: str) -> None:
    try:
        dt.datetime.fromisoformat(answer.at)
    except ValueError:
        raise damaged(where, f"'{answer.at[:40]}' is not a date and time") from None
    counts = (answer.named, answer.right_cues, answer.best, answer.hit, answer.effort, answer.least_effort)
    fits = 0 <= answer.confidence <= 100 and min(counts) >= 0
    fits = fits and answer.right_cues <= answer.named and answer.hit <= answer.best
    fits = fits and len(answer.credit) == 2 and 0 <= answer.credit[0] <= 100 * answer.credit[1]
    fits = fits and len(answer.intervals) == 3 and 0 <= answer.intervals[0] <= answer.intervals[1]
    fits = fits and 0 <= answer.intervals[2] <= 100 * answer.intervals[1]
    fits = fits and -1 <= answer.tells <= max(len(answer.cues), 0) and len(answer.reason) <= MOST_REASON
    if not fits:
        raise damaged(where, f"the numbers of the answer to '{answer.case[:60]}' cannot be")


def damaged(where: str, what: str) -> UserError:
    return mistake(
        "SV551",
        where,
        f"this is not a practice file as sharedvalue writes it: {what}",
        "Nothing was changed. Take it from a backup or an export, or set it aside and begin a new one.",
    )


def default_file() -> Path:
    """Where the practice file lives: as the environment says, or in the user's own data folder."""
    if told := os.environ.get(ENVIRONMENT):
        return Path(told)
    from platformdirs import user_data_path

    return user_data_path("sharedvalue", appauthor=False) / "practice.sqlite"


@dataclass
class Store:
    """The practice file of one trainee. It is made when something is first written."""

    path: Path = field(default_factory=default_file)

    # --- reading ------------------------------------------------------------------------------------------------
    def answers(self) -> tuple[Answer, ...]:
        """All answers, the earliest first."""

        def read(base: sqlite3.Connection) -> tuple[Answer, ...]:
            rows = base.execute("SELECT record FROM answer ORDER BY number LIMIT ?", (MOST_ANSWERS,))
            return tuple(answer_of(self._loaded(record), str(self.path)) for (record,) in rows)

        return self._reading(read, ())

    def due(self, now: dt.datetime) -> tuple[tuple[str, int], ...]:
        """The topics that are due, the longest due first, each with how often it was practised."""
        rows = [(due, topic, times) for topic, (_, due, times) in self.cards().items() if due <= now]
        return tuple((topic, times) for _, topic, times in sorted(rows))

    def cards(self) -> Mapping[str, tuple[str, dt.datetime, int]]:
        """Each topic with its card, when it is due, and how often it was practised."""

        def read(base: sqlite3.Connection) -> dict[str, tuple[str, dt.datetime, int]]:
            found = {}
            for topic, card, due, times in base.execute("SELECT topic, card, due, times FROM card"):
                try:
                    when = dt.datetime.fromisoformat(due)
                except (TypeError, ValueError):
                    raise damaged(str(self.path), f"the date of topic '{topic}' is not one") from None
                if when.tzinfo is None or not isinstance(times, int):
                    raise damaged(str(self.path), f"the card of topic '{topic}' cannot be read")
                found[topic] = (card, when, times)
            return found

        return self._reading(read, {})

    def scenario(self, case_id: str) -> str | None:
        """The text of a case as it was when it was answered."""

        def read(base: sqlite3.Connection) -> str | None:
            row = base.execute("SELECT text FROM scenario WHERE case_id = ?", (case_id,)).fetchone()
            return str(row[0]) if row else None

        return self._reading(read, None)

    def _loaded(self, record: object) -> object:
        try:
            return json.loads(record) if isinstance(record, str) else None
        except (ValueError, RecursionError):
            raise damaged(str(self.path), "an answer in it is not JSON") from None

    # --- writing ------------------------------------------------------------------------------------------------
    def add(self, answer: Answer, text: str, review: Callable[[str], tuple[str, dt.datetime]] | None) -> None:
        """One answer, with the case as it was; `review` gives the topic's new card from its old one ('' for none)."""
        record = json.dumps(answer_json(answer), ensure_ascii=False)

        def write(base: sqlite3.Connection) -> None:
            base.execute(
                "INSERT INTO answer (at, case_id, record) VALUES (?, ?, ?)", (answer.at, answer.case, record)
            )
            base.execute("INSERT OR REPLACE INTO scenario VALUES (?, ?)", (answer.case, text))
            if review is not None:
                row = base.execute("SELECT card, times FROM card WHERE topic = ?", (answer.topic,)).fetchone()
                try:
                    card, due = review(row[0] if row else "")
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise damaged(
                        str(self.path), f"the card of topic '{answer.topic}' cannot be read"
                    ) from None
                times = int(row[1]) + 1 if row else 1
                base.execute(
                    "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?)",
                    (answer.topic, card, due.astimezone(dt.timezone.utc).isoformat(), times),
                )

        self._writing(write)

    def change_last(self, case_id: str, change: Callable[[Answer], Answer]) -> None:
        """The last judged answer to a case, otherwise than it was kept; nothing where there is none."""

        def write(base: sqlite3.Connection) -> None:
            rows = base.execute(
                "SELECT rowid, record FROM answer WHERE case_id = ? ORDER BY rowid DESC", (case_id,)
            ).fetchall()
            for row, record in rows:
                kept = answer_of(self._loaded(record), str(self.path))
                if kept.judged:
                    text = json.dumps(answer_json(change(kept)), ensure_ascii=False)
                    base.execute("UPDATE answer SET record = ? WHERE rowid = ?", (text, row))
                    return

        self._writing(write)

    def forget(self) -> bool:
        """Deletes the file, with all that is in it; False where there was none. A file that is none of ours is left alone."""
        if not self._there():
            return False
        self._reading(lambda base: None, None)
        try:
            for suffix in ("", "-journal"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        except OSError as error:
            raise self._cannot_write(error.strerror or str(error)) from None
        return True

    # --- the file -----------------------------------------------------------------------------------------------
    def _there(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:
            raise mistake(
                "SV550", str(self.path), f"cannot be read: {error.strerror or error}", "Check the path."
            ) from None

    def _reading(self, read: Callable[[sqlite3.Connection], Result], nothing: Result) -> Result:
        if not self._there():
            return nothing
        with self._open(writing=False) as base:
            if base is None:
                return nothing
            return read(base)

    def _writing(self, write: Callable[[sqlite3.Connection], None]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._cannot_write(error.strerror or str(error)) from None
        with self._open(writing=True) as base:
            assert base is not None
            write(base)
            base.commit()

    @contextlib.contextmanager
    def _open(self, writing: bool) -> Iterator[sqlite3.Connection | None]:
        """The file, checked; None where it is there but holds nothing yet."""
        base: sqlite3.Connection | None = None
        try:
            if self.path.is_dir():
                raise mistake("SV550", str(self.path), "this is a directory", "Give the name of a file.")
            # Where it may be, also a reader opens for writing: it may have to finish what a killed session began.
            mode = "rwc" if writing else "rw" if os.access(self.path, os.W_OK) else "ro"
            base = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode={mode}",
                timeout=WAIT_SECONDS,
                isolation_level=None,
                uri=True,
            )
            if writing:
                base.execute("BEGIN IMMEDIATE")
            else:
                base.execute("BEGIN")
            fresh = self._version(base)
            if fresh and writing:
                self._create(base)
            yield base if writing or not fresh else None
        except sqlite3.Error as error:
            raise self._told(error, writing) from None
        finally:
            if base is not None:
                with contextlib.suppress(sqlite3.Error):
                    base.close()

    def _version(self, base: sqlite3.Connection) -> bool:
        """Whether the file holds nothing yet. Raises UserError where it is of another kind or version."""
        application, version = (
            int(base.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("application_id", "user_version")
        )
        tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables and not application and not version:
            return True
        if application != APPLICATION:
            raise damaged(str(self.path), "it is another program's database")
        if version > VERSION:
            raise mistake(
                "SV552",
                str(self.path),
                f"a newer sharedvalue wrote this practice file (version {version}; this one reads {VERSION})",
                "Install the newer sharedvalue, or use another --file. Nothing was changed.",
            )
        if version != VERSION or not {"answer", "card", "scenario"} <= tables:
            raise damaged(str(self.path), "a table is missing")
        if base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise damaged(str(self.path), "its pages do not fit together")
        return False

    def _create(self, base: sqlite3.Connection) -> None:
        for statement in _TABLES.split(";"):
            if statement.strip():
                base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {VERSION}")

    def _told(self, error: sqlite3.Error, writing: bool) -> UserError:
        text = str(error).lower()
        if "locked" in text or "busy" in text:
            return mistake(
                "SV553",
                str(self.path),
                f"another program has held this practice file for more than {WAIT_SECONDS:g} seconds",
                "Close the other one and try again. Nothing was lost there; this answer was not saved.",
            )
        if (
            "not a database" in text
            or "malformed" in text
            or "no such column" in text
            or "no such table" in text
        ):
            return damaged(str(self.path), str(error))
        if writing:
            return self._cannot_write(str(error))
        return mistake(
            "SV550", str(self.path), f"cannot be read: {error}", "Check the path and its permissions."
        )

    def _cannot_write(self, why: str) -> UserError:
        return mistake(
            "SV554",
            str(self.path),
            f"the practice file cannot be written: {why}",
            "Check the space and the permissions there, or choose another place with --file. What was saved is still there.",
        )
