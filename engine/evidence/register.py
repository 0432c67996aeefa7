"""A register of members becomes counts: how many there are, who left, who was active, and how the groups divide."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from sharedvalue.engine.errors import Problems
from sharedvalue.engine.evidence import dates
from sharedvalue.engine.evidence.asked import (
    Columns,
    Counting,
    Naming,
    Row,
    filled,
    folded_set,
    number_of,
    short,
)
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Mapping, Use

DAYS_90 = dt.timedelta(days=90)
DAYS_YEAR = dt.timedelta(days=365)
YES = frozenset({"true", "yes", "1", "x"})


@dataclass
class Part:
    """Members of one group: how many, of which level, and how many of those with a last day were active in 90 days."""

    count: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    active: int = 0
    active_base: int = 0


@dataclass(frozen=True)
class Register:
    """What a register says on one day. `began` counts who was a member a year before, `gone` who of them has left since."""

    export: Export
    mapping: Mapping
    as_of: dt.date
    all: Part
    began: int
    gone: int
    core: int | None
    parts: dict[str, Part]
    has_last: bool
    has_left: bool
    taking_part: Part | None
    columns: dict[str, str]
    notes: tuple[str, ...]


def read_register(export: Export, mapping: Mapping, as_of: dt.date) -> Register:
    """Counts the members of a register.

    Raises:
        UserError: SV452 for columns that are not there, SV454 for days that cannot be read.
    """
    return _Count(export, mapping, as_of).run()


class _Count:
    def __init__(self, export: Export, mapping: Mapping, as_of: dt.date) -> None:
        self.export, self.mapping = export, mapping
        self.as_of = dt.date.fromisoformat(mapping.date) if mapping.date else as_of
        self.problems = Problems()
        self.columns = Columns(export, self.problems)
        self.uses = {use.role: use for use in mapping.columns}
        self.places = {role: self.columns.of(use) for role, use in self.uses.items()}
        self.problems.stop_if_any()
        self.no_answer = folded_set(mapping.no_answer)
        self.order = mapping.date_order if mapping.date_order != "year first" else ""
        self.unread: Counter[str] = Counter()
        self.future: Counter[str] = Counter()

    def cell(self, row: Row, role: str) -> str:
        return filled(row, self.places[role], self.no_answer) if role in self.places else ""

    def day(self, row: Row, role: str) -> dt.date | None:
        cell = self.cell(row, role)
        found = dates.parse(cell, self.order) if cell else None
        if cell and found is None:
            self.unread[role] += 1
        if found is not None and found > self.as_of:
            self.future[role] += 1
        return found

    def run(self) -> Register:
        rows = list(self.export.rows())
        if not self.order:
            named = [
                self.cell(row, role) for role in ("joined", "left", "last_active", "posted") for row in rows
            ]
            self.order = dates.order_of(cell for cell in named if cell)
        total, parts = Part(), dict[str, Part]()
        began = gone = core = 0
        core_use = self.uses.get("core")
        is_core = (
            Counting(core_use) if core_use and (core_use.counts or core_use.but or core_use.scale) else None
        )
        segment, level = (
            Naming(u, u.separator) if (u := self.uses.get(r)) else None for r in ("segment", "level")
        )
        part_use = self.uses.get("participation")
        takes_part = Counting(part_use) if part_use else None
        taking_part = Part() if part_use or "posted" in self.places else None
        year_ago = self.as_of - DAYS_YEAR
        for row in rows:
            joined, left, last = (self.day(row, role) for role in ("joined", "left", "last_active"))
            many = number_of(self.cell(row, "members")) if "members" in self.places else 1
            people = int(many) if many is not None and many >= 0 else 0
            if joined is not None and joined <= year_ago and (left is None or left > year_ago):
                began += people
                gone += people if left is not None and left <= self.as_of else 0
            if left is not None and left <= self.as_of:
                continue
            flag = self.cell(row, "core")
            core += people if flag and (is_core(flag) if is_core else folded(flag) in YES) else 0
            if taking_part is not None:
                posted = self.day(row, "posted")
                wrote = (
                    takes_part(self.cell(row, "participation"))
                    if takes_part
                    else posted is not None and posted >= self.as_of - DAYS_90
                )
                taking_part.count += people
                taking_part.active += people if wrote else 0
            levels = level(self.cell(row, "level"))[:1] if level else ()
            for part in (
                total,
                *(
                    parts.setdefault(n, Part())
                    for n in (segment(self.cell(row, "segment")) if segment else ())
                ),
            ):
                part.count += people
                for name in levels:
                    part.levels[name] += people
                if last is not None or "last_active" in self.places:
                    part.active_base += people
                    part.active += people if last is not None and last >= self.as_of - DAYS_90 else 0
        self.check()
        named_columns = {role: self.columns.name(places[0]) for role, places in self.places.items()}
        return Register(
            self.export, self.mapping, self.as_of, total, began, gone, core if core_use else None, parts,
            "last_active" in self.places, "left" in self.places and "joined" in self.places, taking_part, named_columns,
            (*self.export.notes, *self.columns.moved),
        )  # fmt: skip

    def check(self) -> None:
        for role, n in self.unread.items():
            use: Use = self.uses[role]
            self.problems.add("SV454", use.place, f"{n} days in '{short(use.named)}' of {self.export.file.name} cannot be read",
                              "Write them as 2026-05-31, or say in the mapping: date_order: day first")  # fmt: skip
        for role, n in self.future.items():
            use = self.uses[role]
            self.problems.add("SV454", use.place, f"{n} days in '{short(use.named)}' of {self.export.file.name} lie after {self.as_of}",
                              "Correct them, or give the day of the register in the mapping: date: 2026-05-31")  # fmt: skip
        self.problems.stop_if_any()
