"""Counts an export under its mapping, in one pass: shares, needs, groups with their own needs, who answered, and when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sharedvalue.engine.errors import Problems, mistake
from sharedvalue.engine.evidence import dates
from sharedvalue.engine.evidence.asked import (
    Columns,
    Counting,
    Naming,
    Row,
    filled,
    folded_set,
    short,
    unforeseen_words,
)
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Mapping, Use
from sharedvalue.engine.evidence.proportions import Share
from sharedvalue.engine.evidence.survey_needs import Asked, Grouper, need_reader
from sharedvalue.engine.evidence.survey_rows import rows_of
from sharedvalue.engine.evidence.words import no_words, says_nothing, yes_words


@dataclass
class Needs:
    """How many named each need, overall or within one group: `named` of `base` who answered that question."""

    named: Counter[str] = field(default_factory=Counter)
    base: Counter[str] = field(default_factory=Counter)

    def share(self, need: str, population: int = 0) -> Share:
        return Share(self.named[need], self.base[need], population)


@dataclass
class Segment:
    """One group of those who answered: how many, of which level, how many of them core or active, and what they need."""

    n: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    active: int = 0
    active_base: int = 0
    needs: Needs = field(default_factory=Needs)


@dataclass(frozen=True)
class Question:
    """A share: what it fills, where it stands, and what counted; of those who answered it, the levels, and how many are active."""

    use: Use
    fact: str
    share: Share
    column: str
    what: str
    levels: Counter[str] = field(default_factory=Counter)
    active: Share | None = None


@dataclass
class _Asked:
    """One share while it is counted."""

    use: Use
    counting: Counting
    yes: int = 0
    n: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    active: int = 0
    active_base: int = 0

    def add(self, said: bool, n: int, level: tuple[str, ...], active: bool | None) -> None:
        self.yes += n * said
        self.n += n
        for name in level:
            self.levels[name] += n
        if active is not None:
            self.active += n * active
            self.active_base += n


@dataclass(frozen=True)
class Dropped:
    reason: str
    count: int


@dataclass(frozen=True)
class Counted:
    """All that an export says under its mapping. `answers` are the people (or rows) that were counted."""

    export: Export
    mapping: Mapping
    answers: int
    dropped: tuple[Dropped, ...]
    first: dt.date
    last: dt.date
    dated: bool
    questions: tuple[Question, ...]
    needs: Needs
    need_columns: dict[str, str]
    satisfied: dict[str, Question]
    segments: dict[str, Segment]
    levels: Counter[str]
    participation: Share | None
    participation_column: str
    segment_column: str
    segment_base: int
    named_by: tuple[frozenset[str], ...]
    notes: tuple[str, ...]

    @property
    def within(self) -> dict[str, bool | None]:
        return {g.name: g.within_purpose for use in self.mapping.of("needs") for g in use.groups}

    @property
    def listed(self) -> dict[str, bool]:
        return {g.name: g.listed for use in self.mapping.of("needs") for g in use.groups}

    def outside_of(self, labels: set[str]) -> list[tuple[int, int]]:
        """For each person: how many of these needs they named outside the purpose, and how many whose place is known."""
        within = {
            label: inside for label, inside in self.within.items() if label in labels and inside is not None
        }
        known = [[within[label] for label in named if label in within] for named in self.named_by]
        return [(sum(not inside for inside in each), len(each)) for each in known]

    @property
    def rows_said(self) -> str:
        lost = "; ".join(f"{d.count} left out: {d.reason}" for d in self.dropped)
        total = self.answers + sum(d.count for d in self.dropped)
        return f"{total} read, {lost}" if lost else f"{total} read, none left out"


def count(
    export: Export,
    mapping: Mapping,
    as_of: dt.date,
    groups: Grouper | None = None,
) -> Counted:
    """Reads all rows once. `groups` turns the free texts of a column into labels (engine.evidence.grouping).

    Raises:
        UserError: SV452 for columns that are not there, SV453 for unforeseen answers, SV454 for dates, SV456 for no answers.
    """
    return _Count(export, mapping, as_of, groups).run()


class _Count:
    def __init__(
        self,
        export: Export,
        mapping: Mapping,
        as_of: dt.date,
        groups: Grouper | None,
    ) -> None:
        self.export, self.mapping, self.as_of, self.groups = export, mapping, as_of, groups
        self.problems = Problems()
        self.columns = Columns(export, self.problems)
        self.places = {id(use): self.columns.of(use) for use in mapping.columns}
        if len(mapping.columns) > 1 and not any(self.places.values()):
            raise mistake(
                "SV452",
                mapping.file,
                f"not one of the headings in this mapping is in {export.file.name}: it seems to be the mapping of another file",
                f"Look at the headings with: sharedvalue import {export.file} --inspect",
            )
        self.problems.stop_if_any()
        self.no_answer = folded_set(mapping.no_answer)
        self.nothing = {id(use): self.no_answer | folded_set(use.no_answer) for use in mapping.columns}
        self.shares = [
            _Asked(u, Counting(u, self.separator(u), self.nothing[id(u)]))
            for u in mapping.columns
            if u.fact or u.role in ("satisfied", "participation")
        ]
        self.needs, self.segments, self.levels = Needs(), dict[str, Segment](), Counter[str]()
        self.named_by: list[frozenset[str]] = []
        self.drops: Counter[str] = Counter({d.reason: d.count for d in export.dropped})
        self.days: Counter[str] = Counter()
        self.answers = 0
        asked = Asked(export, self.columns, self.problems, self.no_answer, groups)
        self.readers = [need_reader(asked, use, self.places[id(use)]) for use in mapping.of("needs")]
        self.segment, self.level = mapping.one("segment"), mapping.one("level")
        self.namings = {
            id(u): Naming(u, self.separator(u), self.silent(u))
            for u in (self.segment, self.level)
            if u is not None
        }
        self.segment_base = self.no_group = 0

    def silent(self, use: Use) -> frozenset[str]:
        """Answers that make no group: those that the mapping says, and where it lists no groups, all that say nothing."""
        return self.nothing[id(use)] if use.groups else self.nothing[id(use)] | says_nothing()

    def separator(self, use: Use) -> str:
        """What stands between several answers in a cell: as the mapping says, or as the file shows."""
        return use.separator or self.export.columns[self.places[id(use)][0]].separator

    def run(self) -> Counted:
        for row, n in self.people():
            self.answers += n
            self.row(row, n)
        if not self.answers:
            raise mistake(
                "SV456",
                str(self.export.file),
                "no answer is left to count",
                "Check that it is the right file and the right mapping.",
            )
        for asked in self.shares:
            asked.counting.check(self.problems, self.export.file.name)
            if not asked.n and not self.problems.found:
                self.problems.add(
                    "SV456",
                    asked.use.place,
                    f"nobody in {self.export.file.name} answered '{short(asked.use.named)}'",
                    "Leave the column out of the mapping.",
                )
        for checked in (*self.namings.values(), *(c for reader in self.readers for c in reader.checks)):
            checked.check(self.problems, self.export.file.name)
        first, last = self.period()
        self.problems.stop_if_any()
        return self.counted(first, last)

    # --- people -------------------------------------------------------------------------------------------------------
    def people(self) -> Iterator[tuple[Row, int]]:
        """Each different row, in the columns that the mapping uses, and how many gave it: a million answers are few of them.

        Of the same person only the newest counts, of the same record only one.
        """
        found = rows_of(self.export, self.mapping, self.places, self.no_answer)
        self.days = found.days
        for reason, n in found.again.items():
            self.drops[reason] += n
        return found.rows()

    def cell(self, row: Row, use: Use | None) -> str:
        return filled(row, self.places[id(use)], self.nothing[id(use)]) if use else ""

    def row(self, row: Row, n: int) -> None:
        said = [asked.counting(self.cell(row, asked.use), n) for asked in self.shares]
        active = next(
            (s for s, asked in zip(said, self.shares, strict=True) if asked.use.role == "participation"), None
        )
        level = self.named(row, self.level, n)[:1]
        for counts, asked in zip(said, self.shares, strict=True):
            if counts is not None:
                asked.add(counts, n, level, active)
        for name in level:
            self.levels[name] += n
        mine = [self.segments.setdefault(name, Segment()) for name in self.named(row, self.segment, n)]
        if self.segment is not None and (cell := filled(row, self.places[id(self.segment)], frozenset())):
            says = self.namings[id(self.segment)].says(cell)
            self.segment_base += n * says
            self.no_group += n * (not says)
        for segment in mine:
            segment.n += n
            for name in level:
                segment.levels[name] += n
            if active is not None:
                segment.active += n * active
                segment.active_base += n
        everything: list[str] = []
        for reader in self.readers:
            named, base = reader(row, n)
            for needs in (self.needs, *(s.needs for s in mine)):
                for need in named:
                    needs.named[need] += n
                for need in base:
                    needs.base[need] += n
            everything += named
        if self.readers:
            self.named_by += [frozenset(everything)] * n

    def named(self, row: Row, use: Use | None, n: int) -> tuple[str, ...]:
        return self.namings[id(use)](self.cell(row, use), n) if use else ()

    # --- when ---------------------------------------------------------------------------------------------------------
    def period(self) -> tuple[dt.date, dt.date]:
        order = self.mapping.date_order if self.mapping.date_order != "year first" else ""
        date = self.mapping.one("date")
        if date is not None:
            found = dates.read_days({d: n for d, n in self.days.items() if d}, self.as_of, order)
            if found.unread:
                why = (
                    "the day and the month cannot be told apart"
                    if found.order == "undecided"
                    else "they read as no date"
                )
                self.problems.add("SV454", date.place, f"{found.unread} dates in '{short(date.named)}' cannot be read: {why}",
                                  "Say --date-order 'month first' (or day first), or date_order: month first in the mapping.")  # fmt: skip
            elif found.first and found.last:
                self.future(found.last, found.future, date)
                return found.first, found.last
        stated = self.mapping.date or self.export.period[1]
        if self.mapping.is_register:
            stated = self.mapping.date or self.as_of.isoformat()
        try:
            last = dt.date.fromisoformat(stated)
        except ValueError:
            self.problems.add("SV454", (date or self.mapping.columns[0]).place, f"nothing says when {self.export.file.name} was answered",
                              "Give the last day: --date 2026-05-31, or date: 2026-05-31 in the mapping.")  # fmt: skip
            return self.as_of, self.as_of
        self.future(last, self.answers, self.mapping.columns[0])
        first = "" if self.mapping.date or self.mapping.is_register else self.export.period[0]
        return (dt.date.fromisoformat(first) if first else last), last

    def future(self, last: dt.date, how_many: int, use: Use) -> None:
        if last > self.as_of:
            self.problems.add(
                "SV454",
                use.place,
                f"{how_many} answers in {self.export.file.name} are dated after {self.as_of} (the last: {last})",
                "Ages are counted back from as_of. Check date_order in the mapping, or set as_of in the scenario to a "
                "later day.",
            )

    def counted_as_no(self) -> Iterator[str]:
        """Answers that count as a no, or where all but some count as a yes, and do not say so: whether somebody would rather not say,
        only a person can tell."""
        grids = [check for reader in self.readers for check in reader.checks if isinstance(check, Counting)]
        for counting in (*(asked.counting for asked in self.shares), *grids):
            use = counting.use
            sure = yes_words() if use.but else no_words()
            plain = counting.yes | counting.no | sure | says_nothing()
            doubtful = Counter({a: n for a, n in counting.met.items() if a not in plain})
            if doubtful and (use.counts or use.but):
                yield (
                    f"'{short(use.named, 50)}': counted as a {'yes' if use.but else 'no'}: {unforeseen_words(doubtful)}. What says "
                    "nothing belongs under no_answer"
                )

    def written_in(self) -> Iterator[str]:
        """Rows of a question in which people wrote something of their own: no share counts them."""
        for use in self.mapping.of("needs"):
            for column in self.export.columns if use.question else ():
                own = column.kind == "text" and folded(column.question) == folded(use.question)
                if own and column.answered and column.part not in {a for g in use.groups for a in g.answers}:
                    people = "1 person" if column.answered == 1 else f"{column.answered} people"
                    yield f"'{short(use.named, 50)}': what {people} wrote in under '{short(column.part, 40)}' is not counted as a need"

    def said_nothing(self) -> Iterator[str]:
        """Answers that say nothing and count all the same, as the mapping does not name them."""
        for asked in self.shares:
            use, counting = asked.use, asked.counting
            given = counting.yes | counting.no
            silent = {a: n for a, n in counting.met.items() if a in says_nothing() and a not in given}
            if silent:
                told = ", ".join(f"'{answer}' ({n})" for answer, n in silent.items())
                yield (
                    f"'{short(use.named, 50)}': {told} count as a {'yes' if use.but else 'no'}. If they say nothing, write no_answer: "
                    f"[{', '.join(silent)}] below the column"
                )
        for reader in self.readers:
            for check in reader.checks:
                counts = check.yes if isinstance(check, Counting) else check.by_answer.keys() | check.none
                silent = {a: n for a, n in check.met.items() if a in says_nothing() and a not in counts}
                if silent:
                    told = ", ".join(f"'{answer}' ({n})" for answer, n in silent.items())
                    yield (
                        f"'{short(reader.use.named, 50)}': who answered {told} is among those of whom the shares of needs are. If they say "
                        f"nothing, write no_answer: [{', '.join(silent)}] below the column"
                    )

    # --- result -------------------------------------------------------------------------------------------------------
    def counted(self, first: dt.date, last: dt.date) -> Counted:
        population = self.mapping.population
        if population and population < self.answers:
            raise mistake(
                "SV456",
                self.mapping.file,
                f"{self.answers} people answered, of a population of {population}",
                "Correct 'population' in the mapping.",
            )
        questions, satisfied, participation, participation_column = [], {}, None, ""
        for asked in self.shares:
            use, column = asked.use, self.columns.name(self.places[id(asked.use)][0])
            active = Share(asked.active, asked.active_base, population) if asked.active_base else None
            share = Share(asked.yes, asked.n, population)
            found = Question(use, use.fact, share, column, _what(use), asked.levels, active)
            if use.role == "participation":
                participation, participation_column = found.share, column
            elif use.role == "satisfied":
                satisfied.update({group.name: found for group in use.groups})
            else:
                questions.append(found)
        columns = {}
        for reader in self.readers:
            columns.update(reader.columns())
        notes = [
            *self.export.notes,
            *self.columns.moved,
            *self.said_nothing(),
            *self.counted_as_no(),
            *self.written_in(),
        ]
        if self.segment is not None and self.no_group:
            notes.append(
                f"'{short(self.segment.named, 50)}': {self.no_group} answers say nothing, so they make no group"
            )
        for naming in self.namings.values():
            if naming.others:
                few = ", ".join(
                    f"{n} times a rare answer" if n < 3 else f"'{short(a, 40)}' ({n})"
                    for a, n in naming.others.most_common(3)
                )
                notes.append(
                    f"{naming.others.total()} answers to '{short(naming.use.named)}' belong to no group of the mapping: {few}"
                )
        return Counted(
            self.export, self.mapping, self.answers, tuple(Dropped(r, n) for r, n in self.drops.items() if n), first, last,
            self.mapping.one("date") is not None, tuple(questions), self.needs, columns, satisfied, self.segments, self.levels,
            participation, participation_column,
            self.columns.name(self.places[id(self.segment)][0]) if self.segment else "", self.segment_base,
            tuple(self.named_by), tuple(notes),
        )  # fmt: skip


def _what(use: Use) -> str:
    if use.counts:
        return " or ".join(use.counts)
    if use.but:
        return f"all but {' and '.join(use.but)}"
    if not use.scale:
        return "named"
    ends = f"on {float(use.scale[0]):g} to {float(use.scale[1]):g}"
    if use.at_most is not None:
        return f"{float(use.at_most):g} or less {ends}, where {float(use.scale[0]):g} is best"
    return f"{float(use.at_least or 0):g} or more {ends}"
