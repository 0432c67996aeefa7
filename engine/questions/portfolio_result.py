"""What was decided of the communities of a table: row by row, and shared out by outcome and deciding rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.errors import Problem
from sharedvalue.engine.language.rulebook import RuleBook

TIME_RAN_OUT = "SV911"
FIRST_ROW = 2  # below the names of the columns, as spreadsheets count
ROW = (
    "row",
    "community",
    "outcome",
    "modes",
    "rule",
    "certain",
    "rules",
    "conclusions",
    "asks",
    "complete",
    "mistakes",
)


@dataclass(frozen=True)
class Decided:
    """One row. `rule` decides; `rules` and `conclusions` led there, nearest first.

    `asks` are the open facts on which it hangs; `complete` is False where the budget of a decision ran out before all of that
    was proven. A row that could not be decided has `problems`, and nothing else.
    """

    row: int
    name: str
    outcome: str = ""
    modes: tuple[str, ...] = ()
    rule: str = ""
    certain: bool = True
    rules: tuple[str, ...] = ()
    conclusions: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    complete: bool = True
    problems: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        """The row as spreadsheets count."""
        return self.row + FIRST_ROW

    def as_row(self) -> dict[str, object]:
        """The row as it is written to a table."""
        bad = bool(self.problems)
        return {
            "row": self.number,
            "community": self.name,
            "outcome": self.outcome or None,
            "modes": None if bad else " + ".join(self.modes),
            "rule": self.rule or None,
            "certain": None if bad else self.certain,
            "rules": None if bad else " ".join(self.rules),
            "conclusions": None if bad else " ".join(self.conclusions),
            "asks": None if bad else " ".join(self.asks),
            "complete": None if bad else self.complete,
            "mistakes": "; ".join(f"{p.code} {p.what}" for p in self.problems) or None,
        }

    def as_json(self) -> dict[str, object]:
        found: dict[str, object] = {"row": self.number, "name": self.name}
        if self.problems:
            return {**found, "problems": [problem.as_json() for problem in self.problems]}
        return {
            **found,
            "outcome": self.outcome,
            "modes": list(self.modes),
            "rule": self.rule,
            "certain": self.certain,
            "rules": list(self.rules),
            "conclusions": list(self.conclusions),
            "asks": list(self.asks),
            "complete": self.complete,
        }


@dataclass(frozen=True)
class Result:
    """All rows in their order."""

    book: RuleBook
    file: str
    rows: tuple[Decided, ...]
    seconds: float

    @cached_property
    def decided(self) -> tuple[Decided, ...]:
        return tuple(row for row in self.rows if not row.problems)

    @cached_property
    def incomplete(self) -> tuple[Decided, ...]:
        """The rows of which not all was proven within the budget of a decision."""
        return tuple(row for row in self.decided if not row.complete)

    @cached_property
    def left(self) -> tuple[Decided, ...]:
        """The rows for which the time ran out; the others that are not decided have mistakes."""
        return tuple(row for row in self.rows if any(p.code == TIME_RAN_OUT for p in row.problems))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)

    @cached_property
    def outcomes(self) -> Mapping[str, Mapping[str, int]]:
        """How many rows end in each outcome by each rule, the most frequent first."""
        found: dict[str, dict[str, int]] = {}
        for row in self.decided:
            rules = found.setdefault(row.outcome, {})
            rules[row.rule] = rules.get(row.rule, 0) + 1
        ordered = sorted(found.items(), key=lambda item: -sum(item[1].values()))
        return {outcome: dict(sorted(rules.items(), key=lambda item: -item[1])) for outcome, rules in ordered}

    def columns(self) -> dict[str, list[object]]:
        """A row a community, as it is written to a table: lists are joined, and what was not decided is empty."""
        rows = [row.as_row() for row in self.rows]
        return {name: [row[name] for row in rows] for name in ROW}

    def as_json(self) -> dict[str, object]:
        return {
            "schema": "sharedvalue/portfolio/1",
            "file": self.file,
            "rulebook": self.book.identity(),
            "communities": len(self.rows),
            "decided": len(self.decided),
            "incomplete": len(self.incomplete),
            "left": len(self.left),
            "outcomes": [
                {
                    "outcome": outcome,
                    "communities": sum(rules.values()),
                    "share": sum(rules.values()) / len(self.decided),
                    "rules": dict(rules),
                }
                for outcome, rules in self.outcomes.items()
            ],
            "rows": [row.as_json() for row in self.rows],
        }
