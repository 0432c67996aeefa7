"""From counts to a scenario: which facts and which evidence are written, where each number comes from, and what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.evidence.attendance import Attendance
from engine.evidence.layout import folded
from engine.evidence.proportions import Method, Share
from engine.evidence.register import Register
from engine.evidence.resonance import Resonance
from engine.evidence.segments import Cells, cells, limit_of
from engine.evidence.survey import Counted, Question
from engine.evidence.two_readings import Trend, compare
from engine.language.rulebook import RuleBook
from engine.language.scenario import Scenario, read_scenario
from engine.language.scenario_edit import Address, Changes, Value, as_plain, edited, written
from engine.language.source import parse, plain

MOST_NEEDS = 9  # F13 asks for three to nine


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
    def of_survey(counted: Counted, n: int) -> Origin:
        mapping, active = counted.mapping, counted.participation
        known = active is not None and active.n > 0
        return Origin(
            mapping.source, counted.last, n, counted.export.file.name, counted.export.sha256, counted.rows_said,
            counted.first if counted.dated and counted.first != counted.last else None,
            mapping.population, mapping.drawn_from_all, active if known else None, _answered_by(counted) if known else "",
        )  # fmt: skip

    @staticmethod
    def of_resonance(found: Resonance) -> Origin:
        first = found.first if found.first != found.last else None
        rows = f"{found.total} items counted, the first {len(found.items)} compared with the needs"
        export = found.export
        return Origin(
            found.source, found.last, len(found.items), export.file.name, export.sha256, rows, first
        )


@dataclass(frozen=True)
class Plan:
    """What an import would do to a scenario. `text` is the scenario as it would stand."""

    scenario: Scenario
    before: str
    text: str
    written: tuple[Written, ...]
    counted: tuple[Counted, ...]
    trend: Trend | None
    groups: Cells | None
    notes: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        return self.before == self.text


def plan(
    counted: Sequence[Counted],
    scenario: Scenario,
    text: str,
    book: RuleBook,
    today: dt.date,
    registers: Sequence[Register] = (),
    resonances: Sequence[Resonance] = (),
    came: Attendance | None = None,
) -> Plan:
    """Puts counts into a scenario; nothing is written to any file.

    Raises:
        UserError: whatever the resulting scenario would be refused for.
    """
    ordered = sorted(counted, key=lambda c: c.last)
    planned = _Plan(ordered, scenario, text, book, today)
    return planned.run(registers, resonances, came)


@dataclass
class _Plan:
    counted: Sequence[Counted]
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

    def run(
        self, registers: Sequence[Register], resonances: Sequence[Resonance], came: Attendance | None
    ) -> Plan:
        trend = compare(self.counted[-2], self.counted[-1], self.book) if len(self.counted) > 1 else None
        if len(self.counted) > 2:
            self.notes.append("More than two exports: the two newest are compared.")
        if self.scenario.as_of is None:
            self.put(
                ("as_of",),
                self.today.isoformat(),
                "the day of this import: ages are counted from here",
                "",
                "",
            )
        for register in registers:
            self.register(register)
        for fact in dict.fromkeys(q.fact for c in self.counted for q in c.questions):
            newest = next(c for c in reversed(self.counted) if any(q.fact == fact for q in c.questions))
            self.evidence(newest, next(q for q in newest.questions if q.fact == fact))
        asked = [c for c in self.counted if c.needs.base]
        if asked:
            self.needs(asked[-1])
        if trend is not None:
            self.shift(trend)
        groups = self.groups()
        for found in resonances:
            self.resonance(found)
        if came is not None:
            self.came(came)
        records: dict[Address, str] = {a: "; ".join(said) for a, said in self.beside.items()}
        changes = Changes(self.set, self.append, notes={**records, **self.comments})
        text = edited(self.text, changes, self.book, self.scenario.file) if changes else self.text
        read_scenario(parse(text, self.scenario.file), self.book, self.scenario.file)
        notes = [*self.notes, *(f"{c.export.file.name}: {note}" for c in self.counted for note in c.notes)]
        return Plan(
            self.scenario,
            self.text,
            text,
            tuple(self.found),
            tuple(self.counted),
            trend,
            groups,
            tuple(notes),
        )

    # --- writing ------------------------------------------------------------------------------------------------------
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
                    if part.isdigit() and int(part) < len(node)
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

    # --- evidence -----------------------------------------------------------------------------------------------------
    def evidence(self, counted: Counted, question: Question) -> None:
        share = question.share
        origin = Origin.of_survey(counted, share.n)
        self.item(
            origin, question.fact, share.percent, question.counted, question.column, self.interval(share)
        )

    def item(self, origin: Origin, fact: str, reading: int, said: str, column: str, interval: str) -> None:
        """One piece of evidence. One question has one reading, the newest: an earlier one of it gives way."""
        record: dict[str, Value] = {"fact": fact, "source": origin.source, "date": origin.date, "n": origin.n}
        if origin.population:
            record["population"] = origin.population
        record["reading"] = reading
        if origin.drawn_from_all:
            record["drawn_from_all"] = True
        if origin.active is not None:
            record |= {"from_core_and_active": origin.active.percent, "answered_by": origin.answered_by}
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

    def interval(self, share: Share) -> str:
        low, high = share.points(self.method)
        return f"{low} to {high}, {self.method.level} % sure" + (
            f", of {share.population} people" if share.population else ""
        )

    # --- needs --------------------------------------------------------------------------------------------------------
    def needs(self, counted: Counted) -> None:
        population, limit = counted.mapping.population, limit_of(self.book)
        line = self.book.thresholds["need_counted"]
        there = {folded(label): label for label in self.scenario.records.get("needs", ())}
        shares = {
            need: counted.needs.share(need, population)
            for need in counted.needs.base
            if counted.needs.base[need]
        }
        few = [need for need, share in shares.items() if share.count < limit]
        new = [need for need in shares if need not in few and folded(need) not in there and counted.listed.get(need, True)
               and shares[need].percent * line.type.scale >= line.value]  # fmt: skip
        new = sorted(new, key=lambda need: -shares[need].percent)[: max(0, MOST_NEEDS - len(there))]
        for need, share in shares.items():
            if folded(need) in there and need not in few:
                self.known_need(there[folded(need)], need, share, counted)
        for need in new:
            self.new_need(need, shares[need], counted)
        if few:
            self.notes.append(
                f"{len(few)} needs were named by fewer than {limit} people and are left out (threshold small_cell)"
            )
        rest = [need for need in shares if need not in few and need not in new and folded(need) not in there]
        if rest:
            self.notes.append(
                f"counted and not listed (below {line} % or not marked to be listed): {', '.join(rest)}"
            )
        kept = [label for key, label in there.items() if key not in {folded(need) for need in shares}]
        if kept:
            self.notes.append(
                f"kept as they stand, as {counted.export.file.name} does not ask for them: {', '.join(kept)}"
            )

    def known_need(self, label: str, need: str, share: Share, counted: Counted) -> None:
        file, column = counted.export.file.name, counted.need_columns.get(need, "")
        self.put(("needs", label, "cited_by"), self.cited(share), share.said(), column, file, "field")
        if (met := counted.satisfied.get(need)) is not None:
            self.put(
                ("needs", label, "satisfied"), self.cited(met.share), met.counted, met.column, file, "field"
            )
        within, stated = counted.within.get(need), self.stands(("needs", label, "within_purpose"))
        if within is not None and stated in ("", "unknown"):
            self.put(("needs", label, "within_purpose"), within, "as the mapping says", "", file, "field")
        elif within is not None and stated != written(within):
            self.notes.append(
                f"'{label}': the scenario says within_purpose {stated}, the mapping {written(within)}; the scenario's stays"
            )

    def new_need(self, need: str, share: Share, counted: Counted) -> None:
        met, within = counted.satisfied.get(need), counted.within.get(need)
        record: dict[str, Value] = {"label": need, "cited_by": self.cited(share)}
        record["satisfied"] = self.cited(met.share) if met else "unknown"
        record["within_purpose"] = "unknown" if within is None else within
        self.add(
            "needs",
            record,
            need,
            share.said(),
            counted.need_columns.get(need, ""),
            counted.export.file.name,
            "record",
        )

    def cited(self, share: Share) -> Value:
        """A share, or its interval where so few answered that it reaches beyond what high confidence allows."""
        margin = self.book.thresholds["margin_high"]
        low, high = share.points(self.method)
        if max(share.percent - low, high - share.percent) * margin.type.scale > margin.value:
            return {"between": [low, high]}
        return share.percent

    # --- two readings -------------------------------------------------------------------------------------------------
    def shift(self, trend: Trend) -> None:
        files = f"{trend.before.export.file.name} and {trend.after.export.file.name}"
        if trend.durable is not None:
            self.put(
                ("shift_durable",), trend.durable, f"{trend.why}, {trend.months} months apart", "", files
            )
        else:
            self.notes.append(f"whether a shift lasts stays open: {trend.why}")
        shift = trend.shift_after
        if shift is not None:
            said = f"outside the purpose: {shift.outside} of {shift.named} times that a need was named, over {len(trend.needs)} needs asked for twice"
            interval = f"{int(shift.low)} to {-int(-shift.high // 1)}, {trend.level} % sure"
            column = "all columns with needs that are in both files (shift)"
            origin = Origin.of_survey(trend.after, trend.after.answers)
            self.item(origin, "needs_shift", shift.percent, said, column, interval)

    # --- registers, what resonates, who came ----------------------------------------------------------------------------
    def register(self, register: Register) -> None:
        file, total = register.export.file.name, register.all
        self.put(("members_total",), total.count, f"{total.count} members on {register.as_of}", "", file)
        if register.has_left and register.began:
            left = Share(register.gone, register.began)
            self.put(
                ("leave_rate_12m",),
                left.percent,
                f"{left.said()} of the members of a year ago left",
                register.columns["left"],
                file,
            )
        if register.has_last and total.active_base:
            active = Share(total.active, total.active_base)
            said = f"{active.said()} seen within 90 days of {register.as_of}"
            self.put(("active_share_90d",), active.percent, said, register.columns["last_active"], file)
        if register.core is not None:
            self.put(
                ("core_group_size",),
                register.core,
                f"{register.core} of {total.count}",
                register.columns["core"],
                file,
            )
        there = {folded(name): name for name in self.scenario.records.get("segments", ())}
        limit, column, small = limit_of(self.book), register.columns.get("segment", ""), 0
        for name, part in register.parts.items():
            if part.count < limit:
                small += 1
                continue
            level, most = (part.levels.most_common(1) or [("", 0)])[0]
            values: dict[str, Value] = {"count": part.count}
            if level and 2 * most > part.levels.total():
                values["level"] = level
            if part.active_base:
                values["active"] = Share(part.active, part.active_base).percent
            said = f"{part.count} of {total.count} members"
            if folded(name) in there:
                for key, value in values.items():
                    self.put(("segments", there[folded(name)], key), value, said, column, file, "field")
            else:
                unknown: dict[str, Value] = dict.fromkeys(
                    ("count", "level", "overlap", "stay", "active"), "unknown"
                )
                self.add("segments", {"name": name, **unknown, **values}, name, said, column, file, "record")
        if small:
            self.notes.append(
                f"{file}: groups of fewer than {limit} members left out: {small} (threshold small_cell)"
            )
        self.notes += [f"{file}: {note}" for note in register.notes]

    def resonance(self, found: Resonance) -> None:
        file = found.export.file.name
        if found.matched is None:
            self.notes.append(f"{file}: no need is listed that the items could match; import the needs first")
        elif found.matched.n:
            said = (
                f"{found.matched.count} of the {found.matched.n} items that resonate most match a named need"
            )
            use = found.mapping_use
            self.item(Origin.of_resonance(found), "member_value_now", found.matched.percent, said, use, "")
        self.notes += [f"{file}: {note}" for note in found.notes]

    def came(self, came: Attendance) -> None:
        """Who came is the least of who was active: others may have read or written."""
        percent, files = came.percent, ", ".join(m.export.file.name for m in came.meetings)
        if percent is None:
            self.notes.append(f"{came.people} people came; members_total is not known, so no share follows")
        elif self.stands(("active_share_90d",)) in ("", "unknown") and ("active_share_90d",) not in self.set:
            said = (
                f"{came.people} of {came.members} members came to a meeting; others may have read or written"
            )
            self.put(("active_share_90d",), {"between": [percent, 100]}, said, "", files)

    # --- groups -------------------------------------------------------------------------------------------------------
    def groups(self) -> Cells | None:
        asked = [c for c in self.counted if c.segments]
        if not asked:
            return None
        counted = asked[-1]
        after = self.with_needs()
        found = cells(counted, after, self.book)
        there = {folded(name): name for name in self.scenario.records.get("segments", ())}
        file, column = counted.export.file.name, counted.segment_column
        for cell in found.cells:
            said = f"{cell.n} of {cell.of} who answered"
            values: dict[str, Value] = {}
            if counted.mapping.population and counted.mapping.drawn_from_all:
                low, high = Share(cell.n, cell.of, counted.mapping.population).interval(self.method)
                people = counted.mapping.population
                values["count"] = {"between": [int(low * people / 100), -int(-high * people // 100)]}
            if cell.level:
                values["level"] = cell.level
            if cell.overlap is not None:
                low, high, margin = cell.overlap.low, cell.overlap.high, self.book.thresholds["margin_high"]
                wide = (high - low) * margin.type.scale > 2 * margin.value
                values["overlap"] = {"between": [low, high]} if wide else cell.overlap.percent
            if folded(cell.name) in there:
                for name, value in values.items():
                    self.put(("segments", there[folded(cell.name)], name), value, said, column, file, "field")
            elif values:
                unknown: dict[str, Value] = dict.fromkeys(
                    ("count", "level", "overlap", "stay", "active"), "unknown"
                )
                self.add(
                    "segments",
                    {"name": cell.name, **unknown, **values},
                    cell.name,
                    said,
                    column,
                    file,
                    "record",
                )
        if found.small:
            self.notes.append(
                f"groups of fewer than {found.limit} people left out: {found.small} (threshold small_cell)"
            )
        if found.cells and all(cell.overlap is None for cell in found.cells):
            self.notes.append("the groups' overlap stays open: no need in the scenario says whom it serves")
        return found

    def with_needs(self) -> Scenario:
        """The scenario with the needs as they will stand, so that groups are measured against these."""
        changes = Changes(self.set, self.append)
        text = edited(self.text, changes, self.book, self.scenario.file) if changes else self.text
        return read_scenario(parse(text, self.scenario.file), self.book, self.scenario.file)


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


def _answered_by(counted: Counted) -> str:
    share = counted.participation
    assert share is not None
    levels = "; ".join(f"{name} {n}" for name, n in counted.levels.most_common())
    return f"{share.said()} core or active, {share.n - share.count} others" + (
        f"; {levels}" if levels else ""
    )


def dropped(counted: Sequence[Counted]) -> Iterator[tuple[str, str, int]]:
    """Every reason for which rows were left out, with the file and how many."""
    for each in counted:
        for drop in each.dropped:
            yield each.export.file.name, drop.reason, drop.count
