"""The words of the decision form and of the statuses of records, from form.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import parse

FILE = Path(__file__).with_name("form.yaml")


@dataclass(frozen=True)
class Asked:
    """One question of the form: what stands before its answer, how it is asked, what belongs there, and its choices."""

    title: str
    ask: str
    help: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """What a record is called, and what it `asks` of the board. It `waits` until a later record answers it, and `to_do` says what is to be done."""

    name: str
    lead: str
    words: str
    waits: bool
    to_do: str
    asks: str = ""


@dataclass(frozen=True)
class FormWords:
    """All of form.yaml, in its order."""

    questions: Mapping[str, Asked]
    follow_up: Mapping[str, Asked]
    statuses: Mapping[str, Status]
    passed_over: str
    turned_out: str
    asked: Mapping[str, str]
    record: Mapping[str, str]
    remarks: Mapping[str, str]


@lru_cache(maxsize=1)
def form_words() -> FormWords:
    """The words, read once."""
    problems = Problems()
    tree = parse(FILE.read_text("utf-8"), str(FILE))
    reader = Reader.of(tree, problems, "the form", Place(str(FILE)))
    asked, record, remarks = (
        Reader.of(reader.node(key), problems, f"'{key}'", Place(str(FILE)))
        for key in ("asked", "record", "remarks")
    )
    found = FormWords(
        {name: _asked(below) for name, below in reader.each("questions", "question")},
        {name: _asked(below) for name, below in reader.each("follow_up", "question")},
        {name: _status(name, below) for name, below in reader.each("statuses", "status")},
        reader.text("passed_over", required=True),
        reader.text("turned_out", required=True),
        {name: asked.text(name) for name in asked.table.entries},
        {name: record.text(name) for name in record.table.entries},
        {name: remarks.text(name) for name in remarks.table.entries},
    )
    reader.done()
    problems.stop_if_any()
    return found


def in_record(name: str, **places: object) -> str:
    """Something that a record says besides its answers, with its places filled."""
    return form_words().record[name].format(**places)


def _asked(reader: Reader) -> Asked:
    below = reader.reader("choices")
    choices = {name: below.text(name) for name in below.table.entries} if below is not None else {}
    found = Asked(
        reader.text("title", required=True),
        reader.text("ask", required=True),
        reader.text("help", required=True),
        choices,
    )
    reader.done()
    return found


def _status(name: str, reader: Reader) -> Status:
    found = Status(
        name,
        reader.text("lead", required=True),
        reader.text("words", required=True),
        reader.yes_no("waits"),
        reader.text("to_do"),
        reader.text("asks", required=True),
    )
    reader.done()
    return found
