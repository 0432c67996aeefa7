"""Which rows of a table can be formed as one: the facts that they know decide, and whether a blank makes a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.strata import names_read
from sharedvalue.engine.language.types import ChoiceType, NumberType, RecordsType, TextType, YesNo
from sharedvalue.engine.language.values import UNKNOWN
from sharedvalue.engine.questions.portfolio_rows import Column, Portfolio, value_of


class Patterns:
    """Rows with the same key become scenarios that differ in numbers only, and in blanks of columns that are quiet.

    A column is quiet when a blank in it opens its own value and does nothing else: nothing is assumed in its place, no
    gate, assumption or rule of the evidence chapter reads it, and no measure has to stand in for it. Where a row says that a
    fact means nothing for it (a gate is closed), it makes no difference what stands in its columns.
    """

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio, self.book = portfolio, portfolio.book
        self.forming = {place for place in self._settled_by_words() if self._is_read(place)}
        columns = list(enumerate(portfolio.columns))
        self._quiet = {place: self._gate_of(column) for place, column in columns if self._is_quiet(column)}
        self._texts = {
            place for place, column in columns if isinstance(column.type, TextType) and not column.field
        }
        self._gated = {
            place: gate for place, column in columns if (gate := self._gate_of(column)) is not None
        }
        self._gates = sorted({gate for gate in self._gated.values() if gate >= 0})
        self._quiet_by_gate: dict[tuple[str, ...], frozenset[int]] = {}
        self._closed_by_gate: dict[tuple[str, ...], frozenset[int]] = {}
        self._records: dict[tuple[str, str], list[int]] = {}
        for place, column in enumerate(portfolio.columns):
            if column.field:
                self._records.setdefault((column.fact, column.record), []).append(place)
        self._fields: dict[tuple[str, str], list[int]] = {}
        for place in self._quiet:
            column = portfolio.columns[place]
            if column.field:
                self._fields.setdefault((column.fact, column.field), []).append(place)

    def groups(self, rows: Iterable[int]) -> list[list[int]]:
        """Some rows (but those with mistakes), those together that are formed as one."""
        found: dict[tuple[object, ...], list[int]] = {}
        for row in rows:
            if row not in self.portfolio.bad:
                found.setdefault(self.key(row), []).append(row)
        return list(found.values())

    def key(self, row: int) -> tuple[object, ...]:
        """What decides how a row is formed."""
        cells = self.portfolio.cells[row]
        quiet, closed = self.quiet_in(row) | self._texts, self.closed_in(row)
        shown = tuple(
            None
            if place in closed or (place in quiet and not self._is_open(place, text))
            else text
            if self._by_word(place, text)
            else text in UNKNOWN
            for place, text in enumerate(cells)
        )
        return shown, self._records_in(cells), self._fields_in(cells)

    def _by_word(self, place: int, text: str) -> bool:
        return place in self.forming or self._is_open(place, text)

    def _is_open(self, place: int, text: str) -> bool:
        return self.portfolio.columns[place].is_open(text)

    def quiet_in(self, row: int) -> frozenset[int]:
        """The columns that are quiet in a row. (Where a fact means nothing, giving it is ignored, with a warning.)"""
        cells = self.portfolio.cells[row]
        gates = tuple(cells[gate] for gate in self._gates)
        if gates not in self._quiet_by_gate:
            open_ = {None, *(gate for gate in self._gates if self._opens(gate, cells[gate]))}
            self._quiet_by_gate[gates] = frozenset(p for p, gate in self._quiet.items() if gate in open_)
        return self._quiet_by_gate[gates]

    def closed_in(self, row: int) -> frozenset[int]:
        """The columns of facts that mean nothing in a row."""
        cells = self.portfolio.cells[row]
        gates = tuple(cells[gate] for gate in self._gates)
        if gates not in self._closed_by_gate:
            shut = {gate for gate in self._gates if self._known(gate, cells[gate]) == 0}
            self._closed_by_gate[gates] = frozenset(p for p, gate in self._gated.items() if gate in shut)
        return self._closed_by_gate[gates]

    def _known(self, place: int, text: str) -> int | None:
        return value_of(text, self.portfolio.columns[place])

    def _opens(self, gate: int, text: str) -> bool:
        return self._known(gate, text) == 1

    def _records_in(self, cells: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The records that a row has, in their order."""
        first = {
            record: min((place for place in places if cells[place] not in UNKNOWN), default=-1)
            for record, places in self._records.items()
        }
        return tuple(record for record in sorted(first, key=lambda r: first[r]) if first[record] >= 0)

    def _fields_in(self, cells: tuple[str, ...]) -> tuple[bool, ...]:
        """Of which quiet fields a row says nothing for any record: a measure over it then stands open."""
        return tuple(all(cells[place] in UNKNOWN for place in places) for places in self._fields.values())

    # --- columns ----------------------------------------------------------------------------------------------
    def _settled_by_words(self) -> Iterator[int]:
        """Columns of yes or no and of choices, that are no field: each value may form a case otherwise."""
        for place, column in enumerate(self.portfolio.columns):
            if not isinstance(column.type, NumberType) and column.type.unit != "text" and not column.field:
                yield place

    def _is_read(self, place: int) -> bool:
        fact = self.portfolio.columns[place].fact
        gates = {known.applies_when for known in self.book.facts.values() if known.applies_when}
        return fact in gates or fact in self._assuming or fact in self._evidence

    @cached_property
    def _assuming(self) -> set[str]:
        """The names that assumptions read."""
        return {
            name
            for fact in self.book.facts.values()
            for assumption in fact.assume
            if assumption.when
            for name in names_read(assumption.when.node)
        }

    @cached_property
    def _evidence(self) -> set[str]:
        """The names that the evidence chapter reads of the case as a whole."""
        return set(ground(self.book, "evidence", Shape()).inputs)

    @cached_property
    def _stood_on(self) -> tuple[set[str], set[str]]:
        """The names and the fields that anything read while a case is formed stands on, through measures."""
        names, fields, waiting = set[str](), set[str](), [*self._assuming, *self._evidence]
        while waiting:
            name = waiting.pop()
            if name in names:
                continue
            names.add(name)
            measure = self.book.measures.get(name)
            if measure is None:
                continue
            if isinstance(measure.formula, Picked):
                names.add(measure.formula.list)
                fields |= {measure.formula.field, measure.formula.most}
                continue
            waiting += names_read(measure.formula.node)
            fields |= {part.field for part in e.walk(measure.formula.node) if isinstance(part, e.FieldOf)}
        return names, fields

    def _is_quiet(self, column: Column) -> bool:
        fact, book = self.book.facts[column.fact], self.book
        names, fields = self._stood_on
        if not isinstance(column.type, NumberType | YesNo | ChoiceType) or column.entry or fact.required:
            return False
        if column.field:
            assert isinstance(fact.type, RecordsType)
            spec = fact.type.field(column.field)
            return spec is not None and spec.default is None and column.field not in fields
        touched = {effect.fact for rule in book.rules.values() for b in rule.blocks for effect in b.effects}
        gates = {known.applies_when for known in book.facts.values()}
        return not (
            fact.assume or self._may_be_worked_out(column.fact) or column.fact in names | touched | gates
        )

    def _may_be_worked_out(self, name: str) -> bool:
        """Whether a measure can follow from a list that the table has columns for; else it stands open where it is blank."""
        measure = self.book.measures.get(name)
        if measure is None:
            return False
        lists = measure.lists
        if isinstance(measure.formula, Picked):
            return lists <= self._lists
        node = measure.formula.node
        below = [n for n in names_read(node) if n in self.book.measures and n not in self.book.facts]
        return (lists <= self._lists) and (
            bool(lists) or not below or any(map(self._may_be_worked_out, below))
        )

    @cached_property
    def _lists(self) -> set[str]:
        """The lists that the table has columns for."""
        return {column.fact for column in self.portfolio.columns if column.field}

    def _gate_of(self, column: Column) -> int | None:
        """The column of the fact without which this one means nothing; None for none, -1 where the table lacks it."""
        gate = self.book.facts[column.fact].applies_when
        if gate is None:
            return None
        return next((place for place, c in enumerate(self.portfolio.columns) if c.fact == gate), -1)
