"""Answers about rule books that take seconds to prove, kept by the hash of all that they follow from.

What is kept is what was answered, as text and as JSON: damaged, somebody else's or made by another program, it is not read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from sharedvalue.engine.language.kept_books import kept_folder, own_bytes

ON_DISK = 50  # files of a few kilobytes


@dataclass(frozen=True)
class Answer:
    """What a command says, for people and for programs; `on` is the day (2026-11-30) on which it was worked out.

    Only what is `complete` may be kept: a budget that ran out may reach further next time.
    """

    text: tuple[str, ...]
    told: Mapping[str, object]
    sound: bool
    complete: bool
    on: str


def key_of(*parts: object) -> str:
    """What an answer hangs on, in one hash: what was asked of which rule books, and the program."""
    return hashlib.sha256(repr((_program(), *parts)).encode("utf-8", "surrogateescape")).hexdigest()


def find(key: str) -> Answer | None:
    """The answer that was kept under a key; None where there is none that can be trusted."""
    folder = kept_folder()
    content = None if folder is None else own_bytes(folder / f"{key}.answer")
    if content is None:
        return None
    try:
        found = json.loads(content)
        text: Sequence[str] = found["text"]
        return Answer(tuple(text), found["told"], found["sound"], found["complete"], found["on"])
    except (ValueError, KeyError, TypeError):
        return None


def keep(key: str, answer: Answer) -> None:
    """Keeps an answer. Where nothing can be written, nothing is: it is worked out again next time."""
    folder = kept_folder()
    if folder is None or not answer.complete:
        return
    from sharedvalue.engine.language.whole_file import write_whole

    content = json.dumps(asdict(answer), ensure_ascii=False).encode()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / f"{key}.answer", hashlib.sha256(content).digest() + content, rights=0o600)
        for old in sorted(folder.glob("*.answer"), key=lambda path: path.stat().st_mtime)[:-ON_DISK]:
            old.unlink(missing_ok=True)


@lru_cache(1)
def _program() -> str:
    """The program that proves, as Python tells whether what it compiled is of a source: by size and time."""
    engine = Path(__file__).resolve().parent.parent
    doors = engine.parent / "cli"
    sources = sorted([*engine.rglob("*.py"), *doors.glob("*.py")])
    return repr([(str(path), (stat := path.stat()).st_size, stat.st_mtime_ns) for path in sources])
