"""Cases to read, written by hand: papers from which the facts are drawn, an expert thinking aloud, and what followed.

A case that unfolds has several steps. Each is judged by itself, on all that is known by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook, scenarios_folder
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import Node, Table, Text, parse_file
from sharedvalue.engine.practice.documents import Document, documents

FORMAT = "1"
FOLDER = "practice"


@dataclass(frozen=True)
class Step:
    """A case at one moment: `papers` are new, `earlier` were there before; `after` is how long after the step before.

    `where` says of some facts in which paper they stand; `thinking` is the expert's, and `tempts` the outcome that tempted.
    `teaches` and `followed` are told after
    the last step only, and are empty before it.
    """

    scenario: Scenario
    after: str
    papers: tuple[Document, ...]
    earlier: tuple[Document, ...]
    where: Mapping[str, str]
    thinking: tuple[str, ...]
    tempts: str
    teaches: str
    followed: str


def written_names() -> tuple[str, ...]:
    """The names of the cases to read."""
    folder = scenarios_folder() / FOLDER
    return tuple(sorted(path.stem for path in folder.glob("*.yaml"))) if folder.is_dir() else ()


def written(name: str, book: RuleBook) -> tuple[Step, ...]:
    """The steps of a case to read."""
    return load_written(scenarios_folder() / FOLDER / f"{name}.yaml", book)


def load_written(path: Path, book: RuleBook) -> tuple[Step, ...]:
    """The steps of a case file. Raises UserError with every mistake in it."""
    problems = Problems()
    reader = Reader.of(parse_file(path), problems, "the case", Place(str(path)))
    reader.word("case", (FORMAT,), required=True)
    title, teaches = reader.text("title", required=True), reader.text("teaches", required=True)
    followed = reader.text("followed", required=True)
    moments = list(_moments(reader, book))
    reader.done()
    problems.stop_if_any()
    found: list[Step] = []
    facts: dict[str, Node] = {}
    earlier: tuple[Document, ...] = ()
    for number, one in enumerate(moments):
        facts = {**facts, **one.facts.entries}
        last = number == len(moments) - 1
        found.append(
            Step(
                _scenario(title, facts, one, book, str(path)),
                one.after,
                one.papers,
                earlier,
                one.where,
                one.thinking,
                one.tempts,
                teaches if last else "",
                followed if last else "",
            )
        )
        earlier += one.papers
    for name in {name for step in found for name in step.where if name not in facts}:
        problems.add("SV204", reader.place("where"), f"'where' names '{name}', which is no fact of the case")
    problems.stop_if_any()
    return tuple(found)


@dataclass(frozen=True)
class _Moment:
    """What a step adds, as it is written."""

    after: str
    papers: tuple[Document, ...]
    facts: Table
    where: Mapping[str, str]
    thinking: tuple[str, ...]
    tempts: str
    expect: Node | None


def _moments(reader: Reader, book: RuleBook) -> Iterator[_Moment]:
    yield _moment(reader, "", book)
    for node in reader.items("unfolds"):
        below = Reader.of(node, reader.problems, "a step of 'unfolds'", reader.table.place)
        yield _moment(below, below.text("after", required=True), book)
        below.done()


def _moment(reader: Reader, after: str, book: RuleBook) -> _Moment:
    papers = documents(reader)
    if not papers:
        reader.wrong("documents", "a list of papers to read")
    where = reader.reader("where")
    said = {name: where.text(name, required=True) for name in where.table.entries} if where else {}
    facts = reader.reader("facts", required=True)
    thinking, tempts = reader.words("thinking"), reader.word("tempts", book.outcome_names)
    if not thinking:
        reader.wrong("thinking", "a list of what the expert thought")
    expect = reader.node("expect")
    if expect is None:
        reader.wrong("expect", "the outcome and modes of the rule book")
    table = facts.table if facts else Table({}, reader.table.place)
    return _Moment(after, papers, table, said, thinking, tempts, expect)


def _scenario(title: str, facts: dict[str, Node], moment: _Moment, book: RuleBook, file: str) -> Scenario:
    """The facts so far, as a scenario."""
    place = moment.facts.place
    entries: dict[str, Node] = {
        "scenario": Text("1", place),
        "title": Text(title, place),
        "facts": Table(facts, place),
    }
    if moment.expect is not None:
        entries["expect"] = moment.expect
    return read_scenario(Table(entries, place), book, file)
