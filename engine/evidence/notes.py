"""Notes of interviews in Markdown as rows: one interview a row, one question a column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.evidence.files import File
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet, folded

MOST_NOTES = 10_000_000
MOST_FILES = 2_000
QUOTED = re.compile(r'"(?:[^"]|"")*(?:"|\Z)')
QUESTION = re.compile(r"^[*+-]\s+(?P<text>\S.*)$")
ANSWER = re.compile(r"^(?:\s{2,}|\t+)[*+-]\s+(?P<text>\S.*)$")


def is_notes(text: str) -> bool:
    """Whether a text is Markdown with questions as bullets, and answers as bullets below them."""
    lines = QUOTED.sub('""', text).splitlines()  # bullets within a cell of a table are somebody's own
    return (
        sum(bool(ANSWER.match(line)) for line in lines) > 0
        and sum(bool(QUESTION.match(line)) for line in lines) > 0
    )


def notes_file(file: File) -> Sheet:
    if file.size > MOST_NOTES:
        raise mistake(
            "SV415", str(file.path), f"notes of more than {MOST_NOTES:,} bytes", "Is it the right file?"
        )
    with file.text() as stream:
        return _notes(
            str(file.path), file.encoding, file.codec, [(file.path.stem, stream.read())], file.notes
        )


def notes_folder(path: Path) -> tuple[Sheet, str]:
    """All notes (*.md) of a folder, and one fingerprint of them. Other files are left alone."""
    files = sorted(p for p in path.glob("*.md") if p.is_file() and not p.is_symlink())[: MOST_FILES + 1]
    if len(files) > MOST_FILES or sum(p.stat().st_size for p in files) > MOST_NOTES:
        raise mistake(
            "SV415",
            str(path),
            f"more than {MOST_FILES:,} files or {MOST_NOTES:,} bytes",
            "Is it the right folder?",
        )
    digest, texts, left = hashlib.sha256(), [], []
    for each in files:
        raw = each.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise mistake("SV412", str(each), "these notes are not in UTF-8", "Save them as UTF-8.") from None
        if is_notes(text):
            digest.update(each.name.encode() + b"\0" + hashlib.sha256(raw).digest())
            texts.append((each.stem, text))
        else:
            left.append(each.name)
    if not texts:
        raise _no_notes(path)
    notes = []
    if left:
        notes.append(
            f"Not read, as they hold no questions with answers: {', '.join(left[:6])}{', ...' if len(left) > 6 else ''}."
        )
    return _notes(str(path), "utf-8", "utf-8", texts, notes), digest.hexdigest()


def _no_notes(path: Path) -> UserError:
    return mistake(
        "SV102",
        str(path),
        "this is a directory without interview notes (*.md with questions as bullets and answers as indented bullets)",
        "Give one file, or a folder of notes.",
    )


def _notes(
    name: str, encoding: str, codec: str, texts: Sequence[tuple[str, str]], notes: Sequence[str]
) -> Sheet:
    """One row an interview, one column a question; several answers to one question stand on lines of their own."""
    questions: dict[str, str] = {}  # folded -> as it was asked first
    interviews: list[tuple[str, dict[str, list[str]]]] = []
    for interview, text in texts:
        answers: dict[str, list[str]] = {}
        asked = ""
        for line in text.splitlines():
            if found := QUESTION.match(line):
                asked = folded(found["text"])
                questions.setdefault(asked, found["text"].strip())
            elif line.startswith("#"):
                asked = ""
            elif asked and (found := ANSWER.match(line)) and not found["text"].startswith("Q:"):
                answers.setdefault(asked, []).append(found["text"].strip())
        interviews.append((interview, answers))
    rows = [["interview", *questions.values()]]
    rows += [
        [interview, *("\n".join(answers.get(q, ())) for q in questions)] for interview, answers in interviews
    ]
    head = tuple(tuple(row) for row in rows[:HEAD_ROWS])
    return Sheet(name, encoding, "", head, lambda: (list(row) for row in rows), "notes", codec, tuple(notes))
