"""A table of communities: its columns are facts, its rows become scenarios, and each mistake has its row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sharedvalue.engine.errors import Place, Problem, Problems, did_you_mean, mistake
from sharedvalue.engine.language.addresses import Name, addresses, fact_of, known_as, named
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario, read_stated
from sharedvalue.engine.language.source import UNSHOWN, Items, Node, Table, Text
from sharedvalue.engine.language.types import (
    MapType,
    RecordsType,
    TextType,
    ValueType,
)
from sharedvalue.engine.language.values import UNKNOWN, in_full, read_value
from sharedvalue.engine.questions.portfolio_result import FIRST_ROW
from sharedvalue.engine.readings.sweep import read_table

LABELS = ("community", "name", "title", "id")
NOWHERE = Place("")
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

    def name_in(self, scenario: Scenario) -> str:
        """The name of the column's value in the scenario of a row; '' where that row has no such record."""
        if not self.record:
            return self.fact
        record = named(self.record, scenario.records.get(self.fact, ()))
        others = scenario.records.get(scenario.entry_lists.get(f"{self.fact}.{self.field}", ""), ())
        entry = named(self.entry, others) if self.entry else None
        there = record is not None and (entry is not None or not self.entry)
        return str(Name(self.fact, record, self.field, entry)) if there else ""

    @property
    def same_as(self) -> tuple[str, str, str, str]:
        """Columns that are alike in this hold the same value."""
        return self.fact, known_as(self.record), self.field, known_as(self.entry)

    def is_open(self, text: str) -> bool:
        """Whether a cell says several values."""
        return (
            not text.isalnum()
            and not isinstance(self.type, TextType)
            and isinstance(in_full(Text(text, NOWHERE), self.type), Table)
        )


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
            node = Text(text, self.place(row, column.heading))
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
            place = Place(f"{file}, column {plain}")
            column = read_column(plain, book, place, problems)
            if column is None:
                continue
            column = spelt_as(column, columns)
            twin = next((c for c in columns if c.same_as == column.same_as), None)
            if twin is not None:
                problems.add(
                    "SV206",
                    place,
                    f"this column and '{twin.heading}' hold the same value",
                    "Keep one of them.",
                )
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


def spelt_as(column: Column, before: Sequence[Column]) -> Column:
    """The column with its record called as the first column of that record calls it."""
    mine = (column.fact, known_as(column.record))
    first = next((c.record for c in before if (c.fact, known_as(c.record)) == mine), column.record)
    return replace(column, record=first)


def read_column(heading: str, book: RuleBook, place: Place, problems: Problems) -> Column | None:
    """What a column's name stands for: member_value_now, segments[experts].overlap, needs[speed].serves[unit]."""
    if UNSHOWN.search(heading):
        problems.add("SV107", place, "this heading holds a character that cannot be shown", "Remove it.")
        return None
    found = list(addresses(heading))
    listed = found[0].fact if found else fact_of(heading)
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
    if not isinstance(fact.type, RecordsType):
        if found and found[0].record is None:
            return Column(heading, listed, fact.type)
        problems.add("SV204", place, f"'{heading}' {NO_FACT}", f"{listed} is no list: write {listed} alone.")
        return None
    if found and found[0].record is None:
        problems.add(
            "SV204",
            place,
            f"{listed} is a list: it has a column for each record and field",
            f"Write for example {listed}[NAME].{fact.type.fields[1].name}.",
        )
        return None
    for address in found:
        spec = fact.type.field(address.field)
        if spec is None or spec.key or isinstance(spec.type, MapType) < (address.entry is not None):
            continue
        kind = spec.type.of if isinstance(spec.type, MapType) else spec.type
        return Column(heading, listed, kind, address.record or "", address.field, address.entry or "")
    known = [f.name for f in fact.type.fields if not f.key]
    problems.add(
        "SV204",
        place,
        f"'{heading}' is no field of a record",
        did_you_mean(found[-1].field if found else heading.rpartition(".")[2], known)
        or f"Write {listed}[NAME].FIELD, with FIELD one of: {', '.join(known)}. "
        'A name with brackets may stand in quotes: ["NAME"].',
    )
    return None


def check_cells(portfolio: Portfolio) -> None:
    """Notes every cell that is not a value of its column. Each different text is looked at once."""
    for position, column in enumerate(portfolio.columns):
        wrong: dict[str, str] = {}
        for text in {row[position] for row in portfolio.cells}:
            mend = wrong_value(text, column)
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


def wrong_value(text: str, column: Column) -> str:
    """How to mend a cell that is not a value; '' where it is one."""
    kind = column.type
    if text in UNKNOWN or isinstance(kind, TextType):
        return ""
    problems = Problems()
    read_stated(Text(text, NOWHERE), kind, column.heading, problems)
    if not problems.found:
        return ""
    otherwise = "; leave the cell empty where it is unknown"
    return problems.found[0].mend.replace("; or write unknown", otherwise)


def value_of(text: str, column: Column) -> int | None:
    """A known cell as its integer; None for a text, or what is open."""
    if text in UNKNOWN or column.is_open(text) or isinstance(column.type, TextType):
        return None
    found = read_value(Text(text, NOWHERE), column.type)
    return found if isinstance(found, int) else None
