"""A sweep over every row of a table: in each community, how many of the variations end in which outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

from sharedvalue.engine.decision.apart import as_given
from sharedvalue.engine.errors import Problem, mistake
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario
from sharedvalue.engine.questions.portfolio_batches import Batch, Batches
from sharedvalue.engine.questions.portfolio_result import FIRST_ROW
from sharedvalue.engine.questions.portfolio_rows import Portfolio, read_portfolio
from sharedvalue.engine.questions.sweep import MOST_WORLDS, shares_of, with_varied
from sharedvalue.engine.questions.vary import Varied, read_varied
from sharedvalue.engine.readings.sweep import Program, Spread, Tally

SCHEMA = "sharedvalue/sweep-table/1"
MOST_IN_A_ROW = 100_000  # worlds that rules can tell apart
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SweptRow:
    """One community: how its worlds are shared out by outcome and rule. One that could not be swept has `problems`."""

    row: int
    name: str
    worlds: int = 0
    cannot_be: int = 0
    outcomes: Mapping[str, Mapping[str, int]] | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        """The row as spreadsheets count."""
        return self.row + FIRST_ROW

    def worlds_of(self, outcome: str) -> int:
        return sum((self.outcomes or {}).get(outcome, {}).values())

    def as_json(self) -> dict[str, object]:
        found: dict[str, object] = {"row": self.number, "name": self.name}
        if self.problems:
            return {**found, "problems": [problem.as_json() for problem in self.problems]}
        shares = [
            {
                "outcome": outcome,
                "worlds": sum(rules.values()),
                "share": sum(rules.values()) / self.worlds if self.worlds else 0.0,
                "rules": dict(rules),
            }
            for outcome, rules in (self.outcomes or {}).items()
        ]
        return {**found, "worlds": self.worlds, "cannot_be": self.cannot_be, "outcomes": shares}


@dataclass(frozen=True)
class SweptTable:
    """All rows in their order."""

    book: RuleBook
    file: str
    varied: tuple[Varied, ...]
    rows: tuple[SweptRow, ...]

    @property
    def swept(self) -> tuple[SweptRow, ...]:
        return tuple(row for row in self.rows if not row.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)

    def columns(self) -> dict[str, list[object]]:
        """A row a community, with the share of each outcome; empty where it could not be swept."""
        columns: dict[str, list[object]] = {
            "row": [row.number for row in self.rows],
            "community": [row.name for row in self.rows],
            "worlds": [None if row.problems else row.worlds for row in self.rows],
        }
        for outcome in self.book.outcome_names:
            columns[f"share_{outcome}"] = [
                None if row.problems or not row.worlds else row.worlds_of(outcome) / row.worlds
                for row in self.rows
            ]
        columns["mistakes"] = [
            "; ".join(f"{p.code} {p.what}" for p in row.problems) or None for row in self.rows
        ]
        return columns

    def as_json(self) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "file": self.file,
            "rulebook": self.book.identity(),
            "varied": [{"fact": v.address, "values": v.domain.size} for v in self.varied],
            "communities": len(self.rows),
            "swept": len(self.swept),
            "rows": [row.as_json() for row in self.rows],
        }


def sweep_table(
    path: Path,
    book: RuleBook,
    specs: Sequence[str],
    vary_unknown: bool = False,
    progress: Progress | None = None,
) -> SweptTable:
    """Varies some facts in every row of a table; in each row, every combination is a world and counts once.

    Raises:
        UserError: where the file cannot be read, a column is no fact, or `specs` say nothing that can be varied in a
            table. Mistakes in rows stand in the result.
    """
    return sweep_portfolio(read_portfolio(path, book), specs, vary_unknown, progress)


def sweep_portfolio(
    portfolio: Portfolio, specs: Sequence[str], vary_unknown: bool = False, progress: Progress | None = None
) -> SweptTable:
    """As `sweep_table`, of a table that was read."""
    sweeping = _Sweeping(portfolio, specs, vary_unknown, progress)
    rows = tuple(sweeping.found[row] for row in range(len(portfolio.cells)))
    return SweptTable(portfolio.book, portfolio.file, sweeping.varied, rows)


class _Sweeping:
    def __init__(
        self, portfolio: Portfolio, specs: Sequence[str], vary_unknown: bool, progress: Progress | None
    ) -> None:
        self.portfolio, self.book, self.vary_unknown = portfolio, portfolio.book, vary_unknown
        self.found: dict[int, SweptRow] = {}
        self._progress = progress
        self.varied = self._varied(specs)
        names = frozenset(v.name for v in self.varied)
        batches = Batches(portfolio, lambda scenario: with_varied(scenario, self.varied), names)
        for row, problems in batches.bad.items():
            self._bad(row, problems)
        for batch in batches.found:
            self._batch(batch)

    def _bad(self, row: int, problems: Iterable[Problem]) -> None:
        self.found[row] = SweptRow(row, self.portfolio.names[row], problems=tuple(problems))

    def _varied(self, specs: Sequence[str]) -> tuple[Varied, ...]:
        nobody = Scenario(
            "", "", "", None, self.portfolio.file, {}, {}, {}, {}, None, (), self.book.entry_lists
        )
        varied = read_varied(specs, nobody, self.book)
        for v in varied:
            if v.ends is not None:
                raise mistake(
                    "SV205",
                    f"--vary {v.written}",
                    "a distribution is drawn from one case, not from a table",
                    "Write a range or a list of values, or sweep one scenario.",
                )
        worlds = prod(v.domain.size for v in varied)
        if worlds > MOST_WORLDS:
            raise mistake(
                "SV910",
                self.portfolio.file,
                f"{worlds:,} worlds a row are more than the {MOST_WORLDS:,} that a sweep goes through",
                "Vary fewer facts, or take larger steps (0..100/5).",
            )
        return varied

    def _batch(self, batch: Batch) -> None:
        opens = [self._open(batch, i) for i in range(len(batch.rows))]
        batch = replace(batch, open=opens)
        reading = Program.from_grounded(batch.worlds.grounded).of(batch.domains())
        kept = []
        for i, domains in enumerate(opens):
            others = [name for name in domains if name in reading.inputs and not self._varies(name)]
            matter = self._matter(batch, i) & set(others) if others else set[str]()
            if matter and not self.vary_unknown:
                self._open_still(batch, i, [name for name in others if name in matter])
            else:
                opens[i] = {n: d for n, d in domains.items() if n in matter or self._varies(n)}
                kept.append(i)
        spread = Spread(
            reading, [batch.values[i] for i in kept], [opens[i] for i in kept], MOST_IN_A_ROW, counted=True
        )
        for position in spread.left:
            self._bad(batch.rows[kept[position]], [self._too_many(batch.rows[kept[position]])])
        for position, tally in spread.tallies():
            domains = opens[kept[position]]
            outside = prod(domain.size for name, domain in domains.items() if name not in reading.inputs)
            self._row(batch, batch.rows[kept[position]], tally, outside)
            if self._progress is not None:
                self._progress(len(self.found), len(self.portfolio.cells))

    def _varies(self, name: str) -> bool:
        return any(v.name == name for v in self.varied)

    def _open(self, batch: Batch, i: int) -> Mapping[str, Domain]:
        inputs, ignored = batch.worlds.grounded.inputs, batch.worlds.ignored
        apply = [v for v in self.varied if v.name in inputs and fact_of(v.name) not in ignored]
        return {**batch.open[i], **{v.name: v.domain for v in apply}}

    def _matter(self, batch: Batch, i: int) -> set[str]:
        """What the answer of one row can hang on, with what is known in it put in."""
        known = {name: Domain.known(value) for name, value in batch.values[i].items()}
        reading = Program.from_grounded(batch.worlds.grounded).of({**known, **batch.open[i]})
        return set(reading.inputs)

    def _open_still(self, batch: Batch, i: int, names: Sequence[str]) -> None:
        """Notes a row in which something else is open that the answer can hang on."""
        said = [batch.worlds.scenario.address(name) for name in as_given(self.book, names)]
        shown = ", ".join(said[:8]) + (" and more" if said[8:] else "")
        what = f"still open, and the answer can hang on it: {shown}"
        mend = "Fill in the cells, vary it with --vary, or let everything open vary: --vary-unknown."
        row = batch.rows[i]
        self._bad(row, [Problem("SV240", self.portfolio.place(row), what, mend)])

    def _too_many(self, row: int) -> Problem:
        return Problem(
            "SV910",
            self.portfolio.place(row),
            f"more than {MOST_IN_A_ROW:,} worlds that the rules tell apart in this row",
            "Vary fewer facts, take larger steps, or fill in what is unknown.",
        )

    def _row(self, batch: Batch, row: int, tally: Tally, outside: int) -> None:
        found = shares_of(batch.worlds.grounded, self.book, tally, outside)
        outcomes = {
            share.outcome: {" or ".join(rules): worlds for rules, worlds in share.rules.items()}
            for share in found
        }
        worlds = sum(share.worlds for share in found)
        self.found[row] = SweptRow(
            row, self.portfolio.names[row], worlds, tally.forbidden * outside, outcomes
        )


def write(found: SweptTable, path: Path) -> None:
    """A row a community, with a column of shares for each outcome; whole or not at all (CSV or Parquet)."""
    from sharedvalue.engine.readings.sweep import write_rows

    write_rows(path, found.columns())
