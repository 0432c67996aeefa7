"""Many communities at once, one row each: the decision of every row, and how they are shared out.

Rows that end alike in all worlds that they allow are decided together (sweep); the others one by one (fire and prove).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import Problem, UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.portfolio_batches import Batch, Batches
from sharedvalue.engine.questions.portfolio_open import OpenRows, read_by_the_last_rules
from sharedvalue.engine.questions.portfolio_paths import Paths
from sharedvalue.engine.questions.portfolio_patterns import Patterns
from sharedvalue.engine.questions.portfolio_processes import Progress, dealt, decide_on
from sharedvalue.engine.questions.portfolio_result import TIME_RAN_OUT, Decided, Result
from sharedvalue.engine.questions.portfolio_rows import Portfolio, read_portfolio
from sharedvalue.engine.readings.sweep import Cases, Endings, Ends, Program, Reading
from sharedvalue.engine.readings.sweep.bounds import Bounds
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.belief import everything

SECONDS = 60.0  # for the rows that are decided one by one
MOST_IN_A_ROW = 4096  # worlds of one row that are read together
GROUPS_A_PROCESS = (
    500  # ways in which rows are formed: with fewer, starting another process takes longer than it saves
)


def decide_table(
    path: Path, book: RuleBook, seconds: float = SECONDS, progress: Progress | None = None, processes: int = 1
) -> Result:
    """The decision of every row of a table.

    Raises:
        UserError: where the file cannot be read, or a column is no fact. Mistakes in rows stand in the result.
    """
    return decide_portfolio(read_portfolio(path, book), seconds, progress, processes)


def decide_portfolio(
    portfolio: Portfolio,
    seconds: float = SECONDS,
    progress: Progress | None = None,
    processes: int = 1,
) -> Result:
    """The decision of every row of a portfolio; of a long one with much open, by as many processes."""
    started, count = time.perf_counter(), len(portfolio.cells)
    hands: list[list[int]] = [list(range(count))]
    if processes > 1 and count > GROUPS_A_PROCESS:
        groups = Patterns(portfolio).groups(range(count))
        hands = dealt([*groups, list(portfolio.bad)], min(processes, 1 + len(groups) // GROUPS_A_PROCESS))
    rows = decide_on(hands, progress, partial(decide_rows, portfolio, seconds))
    rows.sort(key=lambda row: row.row)
    return Result(portfolio.book, portfolio.file, tuple(rows), time.perf_counter() - started)


def decide_rows(
    portfolio: Portfolio, seconds: float, rows: Sequence[int], progress: Progress | None
) -> Sequence[Decided]:
    """The decision of some rows of a portfolio."""
    deciding = _Deciding(portfolio, rows)
    deciding.together()
    deciding.one_by_one(seconds, progress)
    return list(deciding.found.values())


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
    def __init__(self, portfolio: Portfolio, rows: Sequence[int]) -> None:
        self.portfolio, self.book, self.rows = portfolio, portfolio.book, rows
        self.found: dict[int, Decided] = {}

    def _bad(self, row: int, problems: Iterable[Problem]) -> None:
        self.found[row] = Decided(row, self.portfolio.names[row], problems=tuple(problems))

    # --- together ---------------------------------------------------------------------------------------------
    def together(self) -> None:
        batches = Batches(self.portfolio, rows=self.rows)
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

        def wanted(bounds: Bounds, places: Mapping[int, int]) -> Mapping[int, int]:
            several = bounds.several([places[place] for place in places])
            return paths.wanted(
                places, lambda at: bounds.perhaps(reading.asked[at]), dict.fromkeys(also, several)
            )

        for one in Endings(Cases(reading, batch.values, batch.open), MOST_IN_A_ROW, wanted).ends():
            if len(one.outcomes) > 1:
                self._apart(batch, open_rows, one)
            elif len(one.ways) == 1:
                self._agreed(batch, reading, paths, one, stands)

    def _agreed(self, batch: Batch, reading: Reading, paths: Paths, one: Ends, stands: bool) -> None:
        """Decides a row whose worlds all end in one place."""
        (way,), row, open_names = one.ways, batch.rows[one.row], frozenset(batch.open[one.row])
        if way.outcome < 0 or (open_names and not stands):
            return
        path = paths.of(way.place, one.everywhere, one.varying, open_names)
        if path is None:
            return
        held = set(reading.modes_of(way.modes))
        self.found[row] = Decided(
            row,
            self.portfolio.names[row],
            self.book.outcome_names[way.outcome],
            tuple(mode for mode in self.book.outcomes.modes if mode in held),
            paths.rule_of[way.place],
            True,
            path.rules,
            path.conclusions,
        )

    def _apart(self, batch: Batch, open_rows: OpenRows, one: Ends) -> None:
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
        rows = [row for row in self.rows if row not in self.found]
        for done, row in enumerate(rows):
            if time.perf_counter() > until:
                what = f"not decided: the {seconds:g} seconds for rows with open facts ran out"
                mend = f"{len(rows) - done:,} rows are left. Fill in cells, or give more time: --seconds."
                self._bad(row, [Problem(TIME_RAN_OUT, self.portfolio.place(row), what, mend)])
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
            decision.complete,
        )
