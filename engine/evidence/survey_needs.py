"""Which needs a person names: as rows of a grid, as one or several answers, or in their own words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sharedvalue.engine.errors import Problems
from sharedvalue.engine.evidence.asked import (
    Columns,
    Counting,
    Naming,
    Row,
    filled,
    folded_set,
    nearest,
    short,
)
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Use

Grouper = Callable[[str, Counter[str]], dict[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a reader of needs is told: the export, where its columns stand, what says nothing, and where mistakes go."""

    export: Export
    columns: Columns
    problems: Problems
    no_answer: frozenset[str]
    groups: Grouper | None


def need_reader(asked: Asked, use: Use, positions: tuple[int, ...]) -> NeedReader:
    """The reader for the way in which a use of needs is asked."""
    if use.question and any(asked.export.columns[p].is_tick for p in positions):
        return _Ticks(asked, use, positions)
    if use.question:
        return _Grid(asked, use, positions)
    if use.grouping or not use.groups:
        return _Free(asked, use, positions)
    return _Choices(asked, use, positions)


class NeedReader(ABC):
    """Which needs a row names that `n` people gave, and of which they were asked."""

    def __init__(self, asked: Asked, use: Use, positions: tuple[int, ...]) -> None:
        self.asked, self.use, self.positions = asked, use, positions
        self.nothing = asked.no_answer | folded_set(use.no_answer)
        self.checks: list[Counting | Naming] = []

    @abstractmethod
    def __call__(self, row: Row, n: int) -> tuple[list[str], list[str]]:
        """The needs that are named, and those that were asked for."""

    def cell(self, row: Row) -> str:
        return filled(row, self.positions, self.nothing)

    def columns(self) -> dict[str, str]:
        place = self.asked.columns.name(self.positions[0])
        return {group.name: place for group in self.use.groups}


class _Grid(NeedReader):
    """One column a need: the rows of a grid question. The answers that count are the same for all."""

    def __init__(self, asked: Asked, use: Use, positions: tuple[int, ...]) -> None:
        super().__init__(asked, use, positions)
        columns = asked.export.columns
        by_part = {folded(columns[p].part): p for p in positions}
        self.rows: list[tuple[str, int]] = []
        for group in use.groups:
            for answer in group.answers:
                if folded(answer) not in by_part:
                    asked.problems.add("SV452", group.place, f"'{short(use.question)}' in {asked.export.file.name} has no row '{short(answer)}'",
                                          nearest(answer, [columns[p].part for p in positions]) or "Take it out of the mapping.")  # fmt: skip
                else:
                    self.rows.append((group.name, by_part[folded(answer)]))
        self.counts = Counting(use)
        self.checks = [self.counts]

    def __call__(self, row: Row, n: int) -> tuple[list[str], list[str]]:
        named, base = dict[str, None](), dict[str, None]()
        for name, position in self.rows:
            said = self.counts(filled(row, (position,), self.nothing), n)
            if said is not None:
                base[name] = None
            if said:
                named[name] = None
        return list(named), list(base)

    def columns(self) -> dict[str, str]:
        return {name: self.asked.columns.name(position) for name, position in self.rows}


class _Ticks(_Grid):
    """One column a choice, ticked or not: whoever ticked one of them, or wrote something of their own, was asked for all."""

    def __call__(self, row: Row, n: int) -> tuple[list[str], list[str]]:
        columns = self.asked.export.columns
        given = [
            p for p in self.positions if columns[p].ticked(row[p]) and folded(row[p]) not in self.nothing
        ]
        if not given:
            return [], []
        named = {name: None for name, p in self.rows if p in given and self.counts(row[p], n)}
        return list(named), list(dict.fromkeys(name for name, _ in self.rows))


class _Choices(NeedReader):
    """Needs as the answers to one question, one or several in a cell."""

    def __init__(self, asked: Asked, use: Use, positions: tuple[int, ...]) -> None:
        super().__init__(asked, use, positions)
        column = asked.export.columns[positions[0]]
        self.naming = Naming(use, use.separator or column.separator, self.nothing)
        self.checks = [self.naming]
        self.all = [group.name for group in use.groups]

    def __call__(self, row: Row, n: int) -> tuple[list[str], list[str]]:
        cell = self.cell(row)
        return (list(self.naming(cell, n)), self.all) if self.naming.says(cell) else ([], [])


class _Free(NeedReader):
    """Needs in people's own words, put together by a grouping that a person can change."""

    def __init__(self, asked: Asked, use: Use, positions: tuple[int, ...]) -> None:
        super().__init__(asked, use, positions)
        texts: Counter[str] = Counter()
        for row in asked.export.rows():
            if cell := self.cell(row):
                texts[cell] += 1
        self.labels = asked.groups(use.grouping, texts) if asked.groups else {}
        self.all = list(dict.fromkeys(self.labels.values()))

    def __call__(self, row: Row, n: int) -> tuple[list[str], list[str]]:  # noqa: ARG002  # nothing is checked here
        cell = self.cell(row)
        label = self.labels.get(folded(cell), "")
        return ([label] if label else [], self.all) if cell else ([], [])

    def columns(self) -> dict[str, str]:
        return dict.fromkeys(self.all, self.asked.columns.name(self.positions[0]))
