"""A table of communities: its columns are facts, its rows become scenarios, and each mistake has its row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sharedvalue.engine.errors import Place, Problem, Problems, did_you_mean, mistake
from sharedvalue.engine.language.facts import read_value
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, expected_of, read_scenario
from sharedvalue.engine.language.source import Items, Node, Table, Text
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
)
from sharedvalue.engine.questions.portfolio_result import FIRST_ROW
from sharedvalue.engine.readings.sweep import read_table

LABELS = ("community", "name", "title", "id")
UNKNOWN = ("", "unknown", "null", "~")
NO_FACT = "is no fact of the rule book"


@dataclass(frozen=True)
class Column:
    """A column that holds a fact, or a field of one record of a list (`entry`: of a map, whose)."""

    heading: str
    fact: str
    type: ValueType | TextType
    record: str = ""
    field: str = ""
    entry: str = ""


@dataclass
class Portfolio:
    """The table as read. `cells[i]` holds row i as texts, in the order of `columns`.

    A row with a mistake stands in `bad`, with all its mistakes.
    """

    book: RuleBook
    file: str
    columns: tuple[Column, ...]
    names: list[str]
    cells: list[tuple[str, ...]]
    bad: dict[int, list[Problem]] = field(default_factory=dict)

    def place(self, row: int, heading: str = "") -> Place:
        """Where a row (and column) stands, as spreadsheets count."""
        words = f"{self.file}, row {row + FIRST_ROW}" + (f" ({self.names[row]})" if self.names[row] else "")
        return Place(words + (f", column {heading}" if heading else ""))

    def scenario(self, row: int) -> Scenario:
        """One row as a scenario. Raises UserError with what is wrong in it."""
        place = self.place(row)
        facts: dict[str, Node] = {}
        records: dict[str, dict[str, dict[str, Node]]] = {}
        for column, text in zip(self.columns, self.cells[row], strict=True):
            if text in UNKNOWN:
                continue
            node = written(text, self.place(row, column.heading))
            if not column.field:
                facts[column.fact] = node
                continue
            fields = records.setdefault(column.fact, {}).setdefault(column.record, {})
            if column.entry:
                inner = fields.setdefault(column.field, Table({}, place))
                assert isinstance(inner, Table)
                inner.entries[column.entry], inner.keys[column.entry] = node, node.place
            else:
                fields[column.field] = node
        for name, found in records.items():
            kind = self.book.facts[name].type
            assert isinstance(kind, RecordsType)
            facts[name] = Items(
                tuple(table({kind.key: Text(key, place), **fields}, place) for key, fields in found.items()),
                place,
            )
        tree = table(
            {
                "scenario": Text("1", place),
                "title": Text(self.names[row] or f"row {row + FIRST_ROW}", place),
                "facts": table(facts, place),
            },
            place,
        )
        return read_scenario(tree, self.book, str(place))


def table(entries: Mapping[str, Node], place: Place) -> Table:
    return Table(dict(entries), place, dict.fromkeys(entries, place))


def written(text: str, place: Place) -> Node:
    """A cell as a value: plain, 20..50, or a|b."""
    for mark, key in (("..", "between"), ("|", "one_of")):
        if mark in text:
            return table(
                {key: Items(tuple(Text(part.strip(), place) for part in text.split(mark)), place)}, place
            )
    return Text(text, place)


def is_open(text: str) -> bool:
    return ".." in text or "|" in text


def read_portfolio(path: Path, book: RuleBook) -> Portfolio:
    """The table of a file (CSV, Parquet, XLSX).

    Raises:
        UserError: where the file cannot be read, or a column is no fact (every such column is told).
    """
    headings, rows = read_table(path)
    return portfolio_of(headings, rows, str(path), book)


def portfolio_of(
    headings: Sequence[str], rows: Sequence[Sequence[str]], file: str, book: RuleBook
) -> Portfolio:
    """The table of some rows of texts.

    Raises:
        UserError: where a column is no fact (every such column is told).
    """
    problems, columns, kept, label = Problems(), list[Column](), list[int](), None
    for position, heading in enumerate(headings):
        plain = heading.strip()
        if plain.casefold() in LABELS and plain not in book.facts:
            label = position if label is None else label
        elif plain[:1] not in ("_", "#"):
            column = read_column(plain, book, Place(f"{file}, column {plain}"), problems)
            if column is not None:
                columns.append(column)
                kept.append(position)
    foreign = all(p.what.endswith(NO_FACT) and "Did you mean" not in p.mend for p in problems.found)
    if problems.found and foreign and not columns:
        raise mistake(
            "SV204",
            file,
            "no column is a fact of the rule book, so this is no table of communities",
            "The facts that a column can have: sharedvalue facts. "
            f"An export of a survey, register, meeting or forum is read with: sharedvalue import {file}",
        )
    problems.stop_if_any()
    names = ["" if label is None else row[label] for row in rows]
    found = Portfolio(
        book, file, tuple(columns), names, [tuple(row[position] for position in kept) for row in rows]
    )
    check_cells(found)
    return found


def read_column(heading: str, book: RuleBook, place: Place, problems: Problems) -> Column | None:
    """What a column's name stands for: member_value_now, segments[experts].overlap, needs[speed].serves[unit]."""
    listed, bracket, rest = heading.partition("[")
    fact = book.facts.get(listed)
    if fact is None or fact.top_level:
        problems.add(
            "SV204",
            place,
            f"'{heading}' {NO_FACT}",
            did_you_mean(heading, book.facts)
            or "List them with: sharedvalue facts. A column that is none begins with _ or #.",
        )
        return None
    if not bracket:
        if not isinstance(fact.type, RecordsType):
            return Column(heading, listed, fact.type)
        problems.add(
            "SV204",
            place,
            f"{listed} is a list: it has a column for each record and field",
            f"Write for example {listed}[NAME].{fact.type.fields[1].name}.",
        )
        return None
    key, _, tail = rest.partition("].")
    name, inner, entry = tail.partition("[")
    spec = fact.type.field(name) if isinstance(fact.type, RecordsType) else None
    if spec is None or not key.strip():
        known = [f.name for f in fact.type.fields if not f.key] if isinstance(fact.type, RecordsType) else []
        problems.add(
            "SV204",
            place,
            f"'{heading}' is no field of a record",
            did_you_mean(name, known)
            or f"Write {listed}[NAME].FIELD, with FIELD one of: {', '.join(known)}.",
        )
        return None
    kind = spec.type.of if isinstance(spec.type, MapType) else spec.type
    return Column(
        heading, listed, kind, " ".join(key.split()), name, entry.rstrip("]").strip() if inner else ""
    )


def check_cells(portfolio: Portfolio) -> None:
    """Notes every cell that is not a value of its column. Each different text is looked at once."""
    for position, column in enumerate(portfolio.columns):
        wrong: dict[str, str] = {}
        for text in {row[position] for row in portfolio.cells}:
            mend = wrong_value(text, column.type)
            if mend:
                wrong[text] = mend
        if not wrong:
            continue
        for row, cells in enumerate(portfolio.cells):
            text = cells[position]
            if text in wrong:
                what = f"'{text[:40]}' is not a value of {column.heading}"
                portfolio.bad.setdefault(row, []).append(
                    Problem("SV205", portfolio.place(row, column.heading), what, wrong[text])
                )


def wrong_value(text: str, kind: ValueType | TextType) -> str:
    """How to mend a cell that is not a value; '' where it is one."""
    if text in UNKNOWN or isinstance(kind, TextType):
        return ""
    parts: Sequence[str] = text.split("..") if ".." in text else text.split("|")
    for part in parts:
        if not isinstance(read_value(Text(part.strip(), Place("")), kind), int):
            near = did_you_mean(part.strip(), kind.options) if isinstance(kind, ChoiceType) else ""
            return f"{near} It must be {expected_of(kind)}; leave the cell empty where it is unknown.".strip()
    if ".." in text and (not isinstance(kind, NumberType) or len(parts) != 2):
        return f"It must be {expected_of(kind)}, or a range LOWEST..HIGHEST of a number."
    return ""


def value_of(text: str, kind: ValueType | TextType) -> int | None:
    """A known cell as its integer; None for a text, or what is open."""
    if text in UNKNOWN or is_open(text) or not isinstance(kind, NumberType | YesNo | ChoiceType):
        return None
    found = read_value(Text(text, Place("")), kind)
    return found if isinstance(found, int) else None
