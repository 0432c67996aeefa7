"""What the courses would cost, in money and in work, as the leader of a community gives it. It bears on no rule.

In words, or as a number with its unit, what it rests on, and the day it is of: a bare number is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sharedvalue.engine.errors import Place, Problems, did_you_mean
from sharedvalue.engine.language.outcomes import Outcomes
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.source import Node, Table, Text

KINDS = {"cost": "Cost", "effort": "Effort"}
MEND = (
    "Write {amount: 12000, unit: EUR a year, basis: offer of the host, date: 2026-11-01}, or say it in words."
)


@dataclass(frozen=True)
class Amount:
    """A cost or an effort: in `words`, or an `amount` with unit, basis and day."""

    words: str = ""
    amount: str = ""
    unit: str = ""
    basis: str = ""
    date: dt.date | None = None

    def __str__(self) -> str:
        return self.words or f"{self.amount} {self.unit} ({self.basis}, {self.date})"


@dataclass(frozen=True)
class Costs:
    """What one course would cost; none of it has to be given."""

    cost: Amount | None = None
    effort: Amount | None = None

    def __iter__(self) -> Iterator[tuple[str, Amount]]:
        """What is given, by its key in a scenario file."""
        for kind, amount in zip(KINDS, (self.cost, self.effort), strict=True):
            if amount is not None:
                yield kind, amount

    def __str__(self) -> str:
        return " ".join(f"{KINDS[kind]}: {str(amount).rstrip('.')}." for kind, amount in self)


def costs_of(costs: Mapping[str, Costs], outcome: str, modes: Iterable[str]) -> str:
    """What was given for a course: for the ways in which it is carried out, else for the course as such; '' for nothing."""
    ways = [str(costs[name]) for mode in modes if (name := f"{outcome}.{mode}") in costs]
    return " ".join(ways) or str(costs.get(outcome, ""))


def read_costs(reader: Reader | None, outcomes: Outcomes) -> dict[str, Costs]:
    """The costs of a scenario, by OUTCOME or OUTCOME.mode; what is wrong is noted in the reader's problems."""
    if reader is None:
        return {}
    known = [*outcomes.outcomes, *(f"{o}.{m.name}" for m in outcomes.modes.values() for o in m.outcomes)]
    found = {}
    for name in reader.table.entries:
        node = reader.node(name)
        if name not in known:
            mend = did_you_mean(name, known) or f"Use one of {', '.join(outcomes.outcomes)}, or OUTCOME.mode."
            reader.problems.add(
                "SV204", reader.key_place(name), f"the rule book has no course '{name[:60]}'", mend
            )
        elif str(one := _costs(node, f"'{name}' of costs", reader.problems)):
            found[name] = one
    return found


def _costs(node: Node | None, what: str, problems: Problems) -> Costs:
    """In short, a text is the cost; a list is told as no table."""
    if isinstance(node, Text):
        return Costs(_amount(node, what, problems))
    below = Reader.of(node, problems, what, Place(""))
    found = Costs(*(_amount(below.node(kind), f"{kind} of {what}", problems) for kind in KINDS))
    below.done()
    return found


def _amount(node: Node | None, what: str, problems: Problems) -> Amount | None:
    if isinstance(node, Table):
        return _number(Reader(node, problems, what))
    if not isinstance(node, Text) or not node.value.strip():
        return None
    words = " ".join(node.value.split())
    if as_number(Text(words.replace(",", ""), node.place)) is not None:
        problems.add("SV205", node.place, f"{what} is a number without unit, basis and date", MEND)
        return None
    return Amount(words)


def _number(reader: Reader) -> Amount | None:
    written = reader.scalar("amount", required=True)
    unit, basis = reader.text("unit", required=True), reader.text("basis", required=True)
    date = reader.scalar("date", required=True)
    reader.done()
    value = as_number(written) if written is not None else None
    if written is not None and (value is None or value < 0):
        reader.problems.add("SV205", written.place, f"'{written.value[:40]}' is no amount", MEND)
    try:
        day = dt.date.fromisoformat(date.value) if date is not None else None
    except ValueError:
        day = None
        reader.problems.add(
            "SV205", reader.place("date"), f"'{reader.text('date')[:40]}' is not a date", MEND
        )
    if value is None or value < 0 or day is None or not unit or not basis:
        return None
    shown = f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"
    return Amount("", shown, unit, basis, day)
