"""Many communities at once, one row each: the decision of every row, and how they are shared out.

Rows that end alike in all worlds that they allow are decided together (sweep); the others one by one (fire and prove).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import Problem, UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.portfolio_batches import Batch, Batches
from sharedvalue.engine.questions.portfolio_open import OpenRows, read_by_the_last_rules
from sharedvalue.engine.questions.portfolio_paths import Paths
from sharedvalue.engine.questions.portfolio_result import Decided, Result
from sharedvalue.engine.questions.portfolio_rows import Portfolio, read_portfolio
from sharedvalue.engine.readings.sweep import Apart, Program, Spread
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.belief import everything

SECONDS = 60.0  # for the rows that are decided one by one
MOST_IN_A_ROW = 256  # worlds of one row that are read together
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


def one_outcome_stands(book: RuleBook) -> bool:
    """Whether the rules about the decision itself leave a case as it is in which only one outcome is possible."""
    from sharedvalue.engine.language.grounding import ground
    from sharedvalue.engine.language.shape import Shape

    grounded = ground(book, "decision", Shape())
    domains = {name: everything(grounded.variables[name].type) for name in grounded.inputs}
    fixed = {"outcomes_possible": 1, "facts_pivotal": 0}
    domains |= {n: Domain.known(fixed.get(n, 0)) for n in domains if n in fixed or n.startswith("pivotal(")}
    return Program.from_grounded(grounded).of(domains).decides_nothing


class _Deciding:
    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio, self.book = portfolio, portfolio.book
        self.found: dict[int, Decided] = {}

    def _bad(self, row: int, problems: Iterable[Problem]) -> None:
        self.found[row] = Decided(row, self.portfolio.names[row], problems=tuple(problems))

    # --- together ---------------------------------------------------------------------------------------------
    def together(self) -> None:
        batches = Batches(self.portfolio)
        for row, problems in batches.bad.items():
            self._bad(row, problems)
        stands = one_outcome_stands(self.book)
        for batch in batches.found:
            self._batch(batch, stands)

    def _batch(self, batch: Batch, stands: bool) -> None:
        """Decides the rows that end alike in all their worlds; the others are left for the way that tells single cases."""
        grounded = batch.worlds.grounded
        read = read_by_the_last_rules(self.book)
        also = [n for n in grounded.variables if n in read and n in grounded.rules_for]
        paths = Paths(grounded, Naming(batch.worlds).address, also)
        reading = Program.from_grounded(grounded).of(batch.domains(), asked=paths.asked)
        open_rows = OpenRows(self.book, batch, paths)
        opens = {id(one): frozenset(one) for one in batch.open}
        for one in Spread(reading, batch.values, batch.open, MOST_IN_A_ROW).decided():
            if isinstance(one, Apart):
                self._apart(batch, open_rows, one)
                continue
            open_names = opens[id(batch.open[one.row])]
            if one.outcome < 0 or (open_names and not stands):
                continue
            path = paths.of(one.place, one.words, one.varying, open_names)
            if path is None:
                continue
            held, row = set(reading.modes_of(one.modes)), batch.rows[one.row]
            self.found[row] = Decided(
                row,
                self.portfolio.names[row],
                self.book.outcome_names[one.outcome],
                tuple(mode for mode in self.book.outcomes.modes if mode in held),
                paths.rule_of[one.place],
                True,
                path.rules,
                path.conclusions,
            )

    def _apart(self, batch: Batch, open_rows: OpenRows, one: Apart) -> None:
        """Decides a row whose worlds end in different outcomes, where that can be told from them."""
        decided, row = open_rows.decided(one), batch.rows[one.row]
        if decided is not None:
            ending, path, pivotal = decided
            self.found[row] = Decided(
                row,
                self.portfolio.names[row],
                ending.outcome,
                ending.modes,
                ending.rule,
                False,
                path.rules,
                path.conclusions,
                tuple(map(batch.worlds.scenario.address, pivotal)),
            )

    # --- one by one -------------------------------------------------------------------------------------------
    def one_by_one(self, seconds: float, progress: Progress | None) -> None:
        until = time.perf_counter() + seconds
        rows = [row for row in range(len(self.portfolio.cells)) if row not in self.found]
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
