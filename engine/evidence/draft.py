"""A scenario while an import writes into it: what is set and appended, in which words it is told, and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.proportions import Method, Share
from sharedvalue.engine.evidence.resonance import Resonance
from sharedvalue.engine.evidence.small_cells import ends, large_enough, limit_of, share_told
from sharedvalue.engine.evidence.survey import Counted, Question
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.scenario_edit import Address, Changes, Value, as_plain, edited, written
from sharedvalue.engine.language.source import parse, plain

SHOWN = (
    "reading",
    "n",
    "population",
    "date",
    "cited_by",
    "satisfied",
    "within_purpose",
    "count",
    "level",
    "overlap",
)


@dataclass(frozen=True)
class Written:
    """One value that would be written: before (empty where there was none), after, and where the number comes from."""

    address: str
    before: str
    after: str
    counted: str = ""
    column: str = ""
    file: str = ""
    kind: str = "fact"


@dataclass(frozen=True)
class Origin:
    """Where a reading comes from, as an item of evidence says it."""

    source: str
    date: dt.date
    n: int
    file: str
    sha256: str
    rows: str
    first: dt.date | None = None
    population: int = 0
    drawn_from_all: bool = False
    active: Share | None = None
    answered_by: str = ""

    @staticmethod
    def of_survey(counted: Counted, limit: int, question: Question | None = None) -> Origin:
        """Of one question, or of all that was answered."""
        mapping = counted.mapping
        n = question.share.n if question else counted.answers
        levels = question.levels if question else counted.levels
        active = question.active if question else counted.participation
        known = (
            active is not None and active.n > 0 and active.count >= limit and ends(active, limit)[0] == active
        )
        return Origin(
            mapping.source, counted.last, n, counted.export.file.name, counted.export.sha256, counted.rows_said,
            counted.first if counted.dated and counted.first != counted.last else None,
            mapping.population, mapping.drawn_from_all, active if known else None, _answered_by(active, levels, limit),
        )  # fmt: skip

    @staticmethod
    def of_resonance(found: Resonance) -> Origin:
        first = found.first if found.first != found.last else None
        rows = f"{found.total} items counted, the first {len(found.items)} compared with the needs"
        export = found.export
        return Origin(
            found.source, found.last, len(found.items), export.file.name, export.sha256, rows, first
        )


@dataclass
class Draft:
    """A scenario with changes that are not written yet."""

    scenario: Scenario
    text: str
    book: RuleBook
    today: dt.date
    set: dict[Address, Value] = field(default_factory=dict)
    append: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    comments: dict[Address, str] = field(default_factory=dict)
    found: list[Written] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    beside: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    @cached_property
    def tree(self) -> dict[str, object]:
        tree = plain(parse(self.text, self.scenario.file))
        assert isinstance(tree, dict)
        return tree

    @cached_property
    def method(self) -> Method:
        return Method.of(self.book)

    def put(
        self, address: tuple[str, ...], value: Value, counted: str, column: str, file: str, kind: str = "fact"
    ) -> None:
        """Sets a value that there is a place for, unless it is there already."""
        if self.node(address) == as_plain(value):
            return
        before, after = self.stands(address), written(value)
        self.set[address] = value
        if len(address) == 1:
            self.comments[address] = _said(counted, column, file)
        else:
            beside = self.beside.setdefault(address[:2], [])
            beside.append(f"{address[2]} {_said(counted, column, '')}")
        self.found.append(Written(_spoken(address), before, after, counted, column, file, kind))

    def stands(self, address: tuple[str, ...]) -> str:
        """What the scenario says there now, as it would be written; empty where it says nothing."""
        node = self.node(address)
        return "" if node is None else _plainly(node)

    def node(self, address: tuple[str, ...]) -> object:
        """What stands there in the plain tree; None where nothing does."""
        node: object = self.tree if address[0] in self.tree else self.tree.get("facts")
        for part in address:
            if isinstance(node, list):
                named = [
                    i
                    for i in node
                    if isinstance(i, dict) and folded(str(i.get("label", i.get("name", "")))) == folded(part)
                ]
                node = (
                    named[0]
                    if named
                    else node[int(part)]
                    if part.isdecimal() and int(part) < len(node)
                    else None
                )
            else:
                node = node.get(part) if isinstance(node, dict) else None
        return node

    def add(
        self,
        listed: str,
        record: dict[str, Value],
        name: str,
        counted: str,
        column: str,
        file: str,
        kind: str,
    ) -> None:
        records = self.append.setdefault(listed, [])
        if kind == "record":
            self.comments[(listed, f"+{len(records)}")] = _said(counted, column, file)
        records.append(record)
        shown = ", ".join(f"{k} {written(v)}" for k, v in record.items() if k in SHOWN)
        self.found.append(Written(f"{listed}[{name}]", "", shown, counted, column, file, kind))

    def item(self, origin: Origin, fact: str, reading: int, said: str, column: str, interval: str) -> None:
        """One piece of evidence. One question has one reading, the newest: an earlier one of it gives way."""
        record: dict[str, Value] = {"fact": fact, "source": origin.source, "date": origin.date, "n": origin.n}
        if origin.population:
            record["population"] = origin.population
        record["reading"] = reading
        if origin.drawn_from_all:
            record["drawn_from_all"] = True
        if origin.active is not None:
            record["from_core_and_active"] = origin.active.percent
        record["answered_by"] = origin.answered_by
        if origin.first is not None:
            record["first_date"] = origin.first.isoformat()
        record |= {"counted": said, "interval": interval, "column": column}
        record |= {"file": origin.file, "sha256": origin.sha256, "rows": origin.rows}
        record = {key: value for key, value in record.items() if value != ""}
        position = self.earlier(record)
        if position is None:
            self.add("evidence", record, fact, said, column, origin.file, "evidence")
            return
        there = self.items[position]
        if str(there.get("date", "")) > origin.date.isoformat():
            self.notes.append(
                f"{fact}: the evidence of {there.get('date')} in the scenario is newer than {origin.file} and stays"
            )
            return
        fresh = {k: v for k, v in record.items() if there.get(k) != as_plain(v)}
        for key, value in fresh.items():
            self.set[("evidence", str(position), key)] = value
        if fresh:
            was = f"{there.get('date')}: {there.get('reading', 'no reading')}"
            shown = ", ".join(f"{k} {written(v)}" for k, v in record.items() if k in SHOWN)
            self.found.append(Written(f"evidence[{fact}]", was, shown, said, column, origin.file, "evidence"))

    @cached_property
    def items(self) -> list[dict[str, object]]:
        listed = self.tree.get("evidence")
        return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []

    def earlier(self, record: dict[str, Value]) -> int | None:
        """The item of the same question, or the same item written by hand (same fact, source, day and number)."""
        heading = str(record["column"]).rsplit(" (", 1)[0]
        for position, item in enumerate(self.items):
            if item.get("fact") != record["fact"] or item.get("source") != record["source"]:
                continue
            column = str(item.get("column", "")).rsplit(" (", 1)[0]
            by_hand = (
                not column
                and str(item.get("date")) == written(record["date"])
                and str(item.get("n")) == str(record["n"])
            )
            if by_hand or (column and folded(column) == folded(heading)):
                return position
        return None

    @cached_property
    def limit(self) -> int:
        return limit_of(self.book)

    def interval(self, share: Share) -> str:
        lowest, highest = ends(share, self.limit)
        low, high = lowest.points(self.method)[0], highest.points(self.method)[1]
        return f"{low} to {high}, {self.method.level} % sure" + (
            f", of {share.population} people" if share.population else ""
        )

    def said(self, share: Share) -> str:
        """A share in words, without a number about a handful of people."""
        return share_told(share, self.limit)

    def exactly(self, share: Share) -> Value:
        """The share of people who were all counted; its range where a handful would be given away."""
        low, high = ends(share, self.limit)
        return share.percent if low == high else {"between": [low.percent, high.percent]}

    def cited(self, share: Share) -> Value:
        """A share, or its interval where so few answered that it reaches beyond what high confidence allows, or where a handful
        of people would be given away."""
        margin = self.book.thresholds["margin_high"]
        lowest, highest = ends(share, self.limit)
        low, high = lowest.points(self.method)[0], highest.points(self.method)[1]
        exact = 100 * share.count / share.n if share.n else 0.0
        lower, upper = lowest.interval(self.method)[0], highest.interval(self.method)[1]
        if max(exact - lower, upper - exact) * margin.type.scale > margin.value:
            note = f"where so few answered that a share is not sure to {margin} points, its range is written"
            if note not in self.notes:
                self.notes.append(note)
            return {"between": [low, high]}
        return self.exactly(share)

    def as_it_stands(self) -> Scenario:
        """The scenario with what was set so far."""
        changes = Changes(self.set, self.append)
        text = edited(self.text, changes, self.book, self.scenario.file) if changes else self.text
        return read_scenario(parse(text, self.scenario.file), self.book, self.scenario.file)


def _plainly(node: object) -> str:
    """A part of the plain tree as `written` writes it."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{k}: {_plainly(v)}" for k, v in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(_plainly(v) for v in node) + "]"
    text = str(node) if node is not None else ""
    return {"yes": "true", "no": "false"}.get(text, text) if _is_word(text) else written(text)


def _is_word(text: str) -> bool:
    return (
        text in ("true", "false", "yes", "no", "unknown") or text.replace("-", "").replace(".", "").isdigit()
    )


def _spoken(address: tuple[str, ...]) -> str:
    return (
        address[0]
        if len(address) == 1
        else f"{address[0]}[{address[1]}]" + "".join(f".{part}" for part in address[2:])
    )


def _said(counted: str, column: str, file: str) -> str:
    return ", ".join(part for part in (counted, f"column {column}" if column else "", file) if part)


def _answered_by(active: Share | None, levels: Counter[str], limit: int) -> str:
    """Who answered, without the groups that are too small to be told of."""
    parts = [f"{share_told(active, limit)} core or active"] if active is not None and active.n else []
    large = large_enough(levels, limit)
    return "; ".join(
        [*parts, *(f"{name} {n}" for name, n in sorted(large.items(), key=lambda each: -each[1]))]
    )
