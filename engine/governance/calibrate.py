"""How recorded decisions fell on either side of each threshold, and what became of them. It changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.case import read_case
from sharedvalue.engine.governance.follow_up import happened_of
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import book_of, entries
from sharedvalue.engine.governance.standing import FOLLOW_UP, kind_of
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.ranges import Range
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import NumberType, say
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.applying import Given
from sharedvalue.engine.worlds.following import with_first_measures

Json = dict[str, Any]
ABOVE, BELOW = "at or above", "below"


@dataclass(frozen=True)
class Fallen:
    """One recorded decision beside one threshold: the value that was compared, its side, what became of the decision, and the
    value as it was measured again ('' where it was not, or came out the same) with the side on which that lies ('' where open)."""

    record: str
    value: str
    side: str
    result: str
    now: str = ""
    side_now: str = ""

    @property
    def crossed(self) -> bool:
        return self.side_now not in ("", self.side)


@dataclass(frozen=True)
class Calibrated:
    """One threshold as one value is compared with it. `nearest` are the values nearest to it, below and above;
    `open` are the records in which nobody said the value, or not on which side of the line it lies."""

    threshold: str
    title: str
    line: str
    basis: str
    compared: str
    cases: tuple[Fallen, ...]
    nearest: tuple[str, str]
    open: tuple[str, ...] = ()

    def counted(self, side: str) -> Mapping[str, int]:
        """How many decisions on a side came to what."""
        return Counter(one.result for one in self.cases if one.side == side)


@dataclass(frozen=True)
class Calibration:
    """What the follow-ups of a ledger say of the thresholds of a rule book; `without` were followed by nothing yet. `beside` are
    the thresholds that no recorded value was compared with by itself; `unread` the records that this release cannot read again."""

    ledger: str
    followed: int
    without: int
    thresholds: tuple[Calibrated, ...]
    beside: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def as_json(self) -> Json:
        return {
            "schema": "sharedvalue/rules-calibrate/1",
            "ledger": self.ledger,
            "followed": self.followed,
            "without": self.without,
            "beside": list(self.beside),
            "unread": list(self.unread),
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


@dataclass(frozen=True)
class _Stated:
    """What a recorded case states: exact values, with the measures that follow from them; of the others, a range."""

    values: Mapping[str, int]
    given: Given

    def range(self, name: str) -> Range | None:
        """The range of a value; None where the rule book of the record does not know it."""
        if name in self.values:
            return self.values[name], self.values[name]
        known = name in self.given.book.facts or name in self.given.book.measures
        return self.given.ranges(name) if known else None


@dataclass(frozen=True)
class _Followed:
    """A decision that was followed up: what its case said then, and what it says with what was measured again."""

    record: str
    then: _Stated
    now: _Stated
    result: str


def calibrate(ledger: Ledger, book: RuleBook) -> Calibration:
    """Every threshold of a rule book that a recorded value was compared with, where it is known what became of the decision.

    The values are those that the records state or count, and nothing that was assumed; the thresholds those of `book`, so that a
    changed line is seen against old cases.
    """
    decisions: dict[int, Record] = {}
    happened: dict[int, Record] = {}
    for record in ledger.records():
        payload = record.payload
        if kind_of(payload) == FOLLOW_UP:
            happened[payload["about"]] = record  # the latest word counts
        else:
            decisions[record.number] = record
    followed, unread = [], []
    for number, later in happened.items():
        first = decisions[number]
        try:
            then, now = _stated(ledger, first), _stated(ledger, later)
        except UserError as error:
            unread.append(f"{first.id}: {error.problems[0].code} {error.problems[0].what}")
            continue
        followed.append(_Followed(first.id, then, now, happened_of(later).result))
    found = [
        one
        for threshold, compared in _compared(book)
        if (one := _calibrated(book, threshold, compared, followed)) is not None
    ]
    seen = {one.threshold for one in found}
    beside = tuple(one.title for name, one in book.thresholds.items() if name not in seen) if followed else ()
    without = len(decisions) - len(happened)
    return Calibration(ledger.shown, len(happened), without, tuple(found), beside, tuple(unread))


def _stated(ledger: Ledger, record: Record) -> _Stated:
    """What a record states of its case; what was assumed is as open as if nobody had.

    Raises:
        UserError: SV507 where its rule book is gone, and whatever may be wrong with a case where it is read otherwise today.
    """
    payload = record.payload
    book = book_of(ledger, record)
    recorded = payload["scenario"]
    worlds = form(book, read_case(recorded["text"], recorded["file"], book, entries(payload)))
    said = {name: belief for name, belief in worlds.beliefs.items() if belief.origin != "assumed"}
    known = {name: value for name, value in worlds.known.items() if name in said}
    return _Stated(
        with_first_measures(known, worlds.grounded), Given(book, worlds.scenario, worlds.shape, said)
    )


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
    book: RuleBook, threshold: Threshold, name: str, followed: list[_Followed]
) -> Calibrated | None:
    kind = book.facts[name].type if name in book.facts else book.measures[name].type
    if not isinstance(kind, NumberType) or kind.unit != threshold.type.unit:
        return None
    title = book.facts[name].title if name in book.facts else book.measures[name].title
    values: dict[str, list[int]] = {ABOVE: [], BELOW: []}
    cases, undecided = [], []
    for one in followed:
        then, now = one.then.range(name), one.now.range(name)
        side = _side(then, threshold)
        if then is None or not side:
            undecided.append(one.record)
            continue
        values[side].append(then[0] if side == ABOVE else then[1])
        again = now if now is not None and now != then else None
        cases.append(
            Fallen(
                one.record,
                _shown(then, kind),
                side,
                one.result,
                _shown(again, kind) if again else "",
                _side(again, threshold) if again else "",
            )
        )
    if not cases:
        return None
    near = (max(values[BELOW], default=None), min(values[ABOVE], default=None))
    nearest = ["" if value is None else say(value, kind) for value in near]
    basis = "house default" if threshold.is_house else threshold.basis
    return Calibrated(
        threshold.name,
        threshold.title,
        str(threshold),
        basis,
        title,
        tuple(cases),
        (nearest[0], nearest[1]),
        tuple(undecided),
    )


def _side(found: Range | None, threshold: Threshold) -> str:
    """On which side of a line a range lies; '' where on both, or where it is not known."""
    if found is None or found[0] < threshold.value <= found[1]:
        return ""
    return ABOVE if found[0] >= threshold.value else BELOW


def _shown(found: Range, kind: NumberType) -> str:
    low, high = say(found[0], kind), say(found[1], kind)
    return low if low == high else f"{low} to {high}"
