"""Many communities at once, one row each: the decision of every row, and how they are shared out.

Rows in which everything that matters is known are decided together (sweep); the others one by one (fire and prove).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.decision import decide
from engine.errors import Problem, UserError
from engine.language.domains import Domain
from engine.language.formulas import And, Condition, Not, reads
from engine.language.grounded import Grounded
from engine.language.rulebook import RuleBook
from engine.language.types import NumberType
from engine.questions.naming import Naming
from engine.questions.portfolio_paths import Paths
from engine.questions.portfolio_result import Decided, Result
from engine.questions.portfolio_rows import UNKNOWN, Portfolio, is_open, read_portfolio, value_of
from engine.readings.sweep import Program, frame_of
from engine.worlds import Worlds, form

SECONDS = 60.0  # for the rows that are decided one by one
Progress = Callable[[int, int], None]


def decide_table(
    path: Path, book: RuleBook, seconds: float = SECONDS, progress: Progress | None = None
) -> Result:
    """The decision of every row of a table.

    Raises:
        UserError: where the file cannot be read, or a column is no fact. Mistakes in rows stand in the result.
    """
    return decide_portfolio(read_portfolio(path, book), seconds, progress)


def decide_portfolio(
    portfolio: Portfolio, seconds: float = SECONDS, progress: Progress | None = None
) -> Result:
    """The decision of every row of a portfolio."""
    started = time.perf_counter()
    deciding = _Deciding(portfolio)
    deciding.together()
    deciding.one_by_one(seconds, progress)
    rows = tuple(deciding.found[row] for row in range(len(portfolio.cells)))
    return Result(portfolio.book, portfolio.file, rows, time.perf_counter() - started)


@dataclass
class _Batch:
    """Rows that share a grounded table and what is open in it, with the world of each."""

    worlds: Worlds
    open: Mapping[str, Domain]
    rows: list[int] = field(default_factory=list)
    values: list[dict[str, int]] = field(default_factory=list)


class _Deciding:
    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio, self.book = portfolio, portfolio.book
        self.found: dict[int, Decided] = {}
        self.alone: list[int] = []
        self.batches: dict[object, _Batch] = {}
        self.known: list[list[int | None]] = self._known()
        for row, problems in portfolio.bad.items():
            self._bad(row, problems)

    def _known(self) -> list[list[int | None]]:
        columns = []
        for position, column in enumerate(self.portfolio.columns):
            texts = [cells[position] for cells in self.portfolio.cells]
            values = {text: value_of(text, column.type) for text in set(texts)}
            columns.append([values[text] for text in texts])
        return (
            [list(row) for row in zip(*columns, strict=True)]
            if columns
            else [[] for _ in self.portfolio.cells]
        )

    def _bad(self, row: int, problems: Iterable[Problem]) -> None:
        self.found[row] = Decided(row, self.portfolio.names[row], problems=tuple(problems))

    # --- together ---------------------------------------------------------------------------------------------
    def together(self) -> None:
        groups: dict[tuple[object, ...], list[int]] = {}
        forming = self._forming()
        for row, cells in enumerate(self.portfolio.cells):
            if row in self.found:
                continue
            if any(is_open(text) for text in cells):
                self.alone.append(row)
                continue
            key = tuple(
                text if position in forming else text in UNKNOWN for position, text in enumerate(cells)
            )
            groups.setdefault(key, []).append(row)
        for rows in groups.values():
            self._group(rows)
        for batch in self.batches.values():
            self._batch(batch)

    def _forming(self) -> set[int]:
        """The columns that decide which facts apply and what is assumed: yes or no, and choices; never a number."""
        return {
            place
            for place, column in enumerate(self.portfolio.columns)
            if not isinstance(column.type, NumberType) and column.type.unit != "text" and not column.field
        } & self._read_while_forming()

    def _read_while_forming(self) -> set[int]:
        from engine.language.grounding import Shape, ground
        from engine.language.strata import names_read

        names = {fact.applies_when for fact in self.book.facts.values() if fact.applies_when}
        names |= {
            name
            for fact in self.book.facts.values()
            for a in fact.assume
            if a.when
            for name in names_read(a.when.node)
        }
        names |= set(ground(self.book, "evidence", Shape()).inputs)
        return {place for place, column in enumerate(self.portfolio.columns) if column.fact in names}

    def _group(self, rows: list[int]) -> None:
        """Rows in which the same is known: the first one is formed, and the others differ from it in numbers only."""
        while rows:
            first = rows[0]
            try:
                scenario = self.portfolio.scenario(first)
                worlds = form(self.book, scenario)
            except UserError as error:
                self._bad(first, error.problems)
                rows = rows[1:]
                continue
            names = [scenario.resolve(column.heading) or "" for column in self.portfolio.columns]
            doubtful = self._doubtful(worlds, names, rows)
            self.alone += doubtful
            if first in doubtful:
                rows = [row for row in rows if row not in set(doubtful)]
                continue
            self._into_batches(worlds, names, [row for row in rows if row not in set(doubtful)])
            return

    def _doubtful(self, worlds: Worlds, names: Sequence[str], rows: Sequence[int]) -> list[int]:
        """The rows in which a rule of the evidence chapter doubts a number, so that it becomes a range."""
        grounded = worlds.whole.grounded
        given = {n for n, b in worlds.beliefs.items() if b.value is not None}
        asked: list[Condition] = []
        for rule in grounded.rules:
            stands_on = _inputs(grounded, rule.when if rule.unless is None else And((rule.when, rule.unless)))
            numbers = [n for n in stands_on if isinstance(grounded.variables[n].type, NumberType)]
            if numbers and stands_on <= given:
                asked.append(rule.when if rule.unless is None else And((rule.when, Not(rule.unless))))
        if not asked:
            return []
        values = [self._row_values(worlds, grounded, names, row) for row in rows]
        reading = Program.from_grounded(grounded).of(_domains(grounded, values), asked=asked)
        answers = reading.read(frame_of(reading, values))
        return [row for row, bits in zip(rows, answers["?0"].to_list(), strict=True) if bits]

    def _row_values(
        self, worlds: Worlds, grounded: Grounded, names: Sequence[str], row: int
    ) -> dict[str, int]:
        """Every input of a table in a row: from its cells, else as the rows of its group have it."""
        found = {}
        for name in grounded.inputs:
            belief = worlds.beliefs.get(name)
            domain = worlds.domains.get(name)
            value = belief.value if belief is not None else None
            found[name] = domain.lo if domain is not None else value if value is not None else 0
        for name, value in zip(names, self.known[row], strict=True):
            if value is not None and name in found and name.split("[")[0] not in worlds.ignored:
                found[name] = value
        return found

    def _into_batches(self, worlds: Worlds, names: Sequence[str], rows: Sequence[int]) -> None:
        cells = set(names)
        open_domains = {name: domain for name, domain in worlds.domains.items() if not domain.is_known}
        if any(name in cells and self.known[rows[0]][names.index(name)] is not None for name in open_domains):
            self.alone += rows  # a given value became a range: each row has its own
            return
        key = (id(worlds.grounded), tuple(open_domains.items()), tuple(worlds.scenario.records.items()))
        batch = self.batches.setdefault(key, _Batch(worlds, open_domains))
        batch.rows += rows
        base = self._row_values(worlds, worlds.grounded, names, rows[0])
        places = [
            (name, place)
            for place, name in enumerate(names)
            if name in base and name.split("[")[0] not in worlds.ignored
        ]
        for row in rows:
            known = self.known[row]
            batch.values.append(
                {**base, **{name: value for name, place in places if (value := known[place]) is not None}}
            )

    def _batch(self, batch: _Batch) -> None:
        grounded = batch.worlds.grounded
        domains = {**_domains(grounded, batch.values), **batch.open}
        paths = Paths(grounded, Naming(batch.worlds).address)
        reading = Program.from_grounded(grounded).of(domains, asked=paths.asked)
        if any(name in batch.open for name in reading.inputs):
            self.alone += batch.rows
            return
        answers = reading.read(frame_of(reading, batch.values))
        words = [name for name in answers.columns if name.startswith("?")]
        columns = [answers[name].to_list() for name in ("outcome", "decided_by", "modes", *words)]
        exists = answers["exists"].to_list() if "exists" in answers.columns else [1] * len(batch.rows)
        for row, fits, (outcome, place, modes, *bits) in zip(
            batch.rows, exists, zip(*columns, strict=True), strict=True
        ):
            if not fits or outcome < 0:
                self.alone.append(row)  # told by the way that tells single cases
                continue
            path = paths.of(place, tuple(bits))
            held = set(reading.modes_of(modes))
            self.found[row] = Decided(
                row,
                self.portfolio.names[row],
                self.book.outcome_names[outcome],
                tuple(mode for mode in self.book.outcomes.modes if mode in held),
                paths.rule_of[place],
                True,
                path.rules,
                path.conclusions,
            )

    # --- one by one -------------------------------------------------------------------------------------------
    def one_by_one(self, seconds: float, progress: Progress | None) -> None:
        until = time.perf_counter() + seconds
        rows = sorted(self.alone)
        for done, row in enumerate(rows):
            if time.perf_counter() > until:
                what = f"not decided: the {seconds:g} seconds for rows with open facts ran out"
                mend = f"{len(rows) - done:,} rows are left. Fill in cells, or give more time: --seconds."
                self._bad(row, [Problem("SV911", self.portfolio.place(row), what, mend)])
                continue
            try:
                self.found[row] = self._one(row)
            except UserError as error:
                self._bad(row, error.problems)
            if progress is not None:
                progress(done + 1, len(rows))

    def _one(self, row: int) -> Decided:
        decision = decide(form(self.book, self.portfolio.scenario(row)))
        chosen = decision.after.chosen or decision.trace.chosen
        conclusions = dict.fromkeys(
            name
            for firing in decision.path
            for name in firing.rule.concludes
            if not name.startswith("candidate:")
        )
        return Decided(
            row,
            self.portfolio.names[row],
            decision.outcome,
            decision.modes,
            chosen.rule if chosen else "",
            decision.certain,
            tuple(dict.fromkeys(firing.rule.rule for firing in decision.path)),
            tuple(map(Naming(decision.worlds).address, conclusions)),
            tuple(decision.worlds.scenario.address(name) for name in decision.pivotal),
        )


def _domains(grounded: Grounded, values: Sequence[Mapping[str, int]]) -> dict[str, Domain]:
    """What each input is, over some worlds: from its lowest to its highest."""
    found = {}
    for name in grounded.inputs:
        column = [world[name] for world in values]
        found[name] = Domain.span(min(column), max(column))
    return found


def _inputs(grounded: Grounded, condition: Condition) -> set[str]:
    """The inputs that a condition stands on, through measures."""
    found, waiting = set(), list(reads(condition))
    while waiting:
        name = waiting.pop()
        if name in grounded.measures:
            waiting += reads(grounded.measures[name])
        else:
            found.add(name)
    return found
