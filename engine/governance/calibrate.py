"""How recorded decisions fell on either side of each threshold, and what became of them. It changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sharedvalue.engine.governance.follow_up import Happened, happened_of
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.standing import FOLLOW_UP, kind_of
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import NumberType, say

Json = dict[str, Any]
ABOVE, BELOW = "at or above", "below"


@dataclass(frozen=True)
class Fallen:
    """One recorded decision beside one threshold: the value that was compared, its side, and what became of the decision."""

    record: str
    value: str
    side: str
    result: str


@dataclass(frozen=True)
class Calibrated:
    """One threshold as one value is compared with it. `nearest` are the values nearest to it, below and above."""

    threshold: str
    title: str
    line: str
    basis: str
    compared: str
    cases: tuple[Fallen, ...]
    nearest: tuple[str, str]

    def counted(self, side: str) -> Mapping[str, int]:
        """How many decisions on a side came to what."""
        return Counter(one.result for one in self.cases if one.side == side)


@dataclass(frozen=True)
class Calibration:
    """What the follow-ups of a ledger say of the thresholds of a rule book; `without` were followed by nothing yet."""

    ledger: str
    followed: int
    without: int
    thresholds: tuple[Calibrated, ...]

    def as_json(self) -> Json:
        return {
            "schema": "sharedvalue/rules-calibrate/1",
            "ledger": self.ledger,
            "followed": self.followed,
            "without": self.without,
            "thresholds": [
                {
                    **asdict(one),
                    "nearest": list(one.nearest),
                    "above": dict(one.counted(ABOVE)),
                    "below": dict(one.counted(BELOW)),
                }
                for one in self.thresholds
            ],
        }


def calibrate(ledger: Ledger, book: RuleBook) -> Calibration:
    """Every threshold of a rule book that a recorded value was compared with, where it is known what became of the decision.

    The values are those of the records; the thresholds those of `book`, so that a changed line is seen against old cases.
    """
    decisions: dict[int, Record] = {}
    happened: dict[int, Happened] = {}
    for record in ledger.records():
        payload = record.payload
        if kind_of(payload) == FOLLOW_UP:
            happened[payload["about"]] = happened_of(record)  # the latest word counts
        else:
            decisions[record.number] = record
    followed = [(decisions[number].payload, decisions[number].id, one) for number, one in happened.items()]
    found = [
        one
        for threshold, compared in _compared(book)
        if (one := _calibrated(book, threshold, compared, followed)) is not None
    ]
    return Calibration(ledger.shown, len(happened), len(decisions) - len(happened), tuple(found))


def _compared(book: RuleBook) -> Iterator[tuple[Threshold, str]]:
    """Every threshold with each fact or measure that a rule compares it with, once."""
    seen: dict[tuple[str, str], None] = {}
    for rule in book.rules.values():
        for block in rule.blocks:
            for written in (block.when, block.unless):
                for node in e.walk(written.node) if written is not None else ():
                    if isinstance(node, e.Comparison):
                        seen.update(dict.fromkeys(_pairs(book, node)))
    order = list(book.thresholds)
    for threshold, name in sorted(seen, key=lambda pair: order.index(pair[0])):
        yield book.thresholds[threshold], name


def _pairs(book: RuleBook, node: e.Comparison) -> Iterator[tuple[str, str]]:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if not (isinstance(one, e.Name) and isinstance(other, e.Name)):
            continue
        if one.name in book.thresholds and (other.name in book.facts or other.name in book.measures):
            yield one.name, other.name


def _calibrated(
    book: RuleBook, threshold: Threshold, name: str, followed: list[tuple[Json, str, Happened]]
) -> Calibrated | None:
    kind = book.facts[name].type if name in book.facts else book.measures[name].type
    if not isinstance(kind, NumberType) or kind.unit != threshold.type.unit:
        return None
    title = book.facts[name].title if name in book.facts else book.measures[name].title
    values: list[int] = []
    cases = []
    for payload, record, one in followed:
        value = payload["trace"]["world"]["values"].get(name)
        if value is None:
            continue
        values.append(value)
        side = ABOVE if value >= threshold.value else BELOW
        cases.append(Fallen(record, say(value, kind), side, one.result))
    if not cases:
        return None
    under, over = [v for v in values if v < threshold.value], [v for v in values if v >= threshold.value]
    nearest = (say(max(under), kind) if under else "", say(min(over), kind) if over else "")
    basis = "house default" if threshold.is_house else threshold.basis
    return Calibrated(threshold.name, threshold.title, str(threshold), basis, title, tuple(cases), nearest)
