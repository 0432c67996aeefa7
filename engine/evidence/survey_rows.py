"""The rows of an export as a mapping sees them: how many people gave each different row, nobody counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from sharedvalue.engine.evidence.asked import Row, filled
from sharedvalue.engine.evidence.dates import after_day
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.mapping import Mapping
from sharedvalue.engine.evidence.people import Seen


@dataclass
class Rows:
    """Different rows with their counts, the days on which they came in, and how many were left out as told twice."""

    kinds: dict[tuple[str, ...], int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    positions: tuple[int, ...] = ()
    width: int = 0
    days: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[tuple[Row, int]]:
        """Each different row, as wide as the file and blank where the mapping does not look."""
        for cells, number in self.kinds.items():
            if self.counts[number]:
                row = [""] * self.width
                for position, cell in zip(self.positions, cells, strict=True):
                    row[position] = cell
                yield row, self.counts[number]


def rows_of(
    export: Export, mapping: Mapping, places: Table[int, tuple[int, ...]], no_answer: frozenset[str]
) -> Rows:
    """One pass over an export. Memory grows with the different answers, and by a fingerprint for each person."""
    date, person = mapping.one("date"), mapping.one("person")
    when = places[id(date)] if date is not None else ()
    who = places[id(person)] if person is not None else ()
    used = sorted({p for u in mapping.columns if u.role not in ("date", "person") for p in places[id(u)]})
    found = Rows(positions=tuple(used), width=len(export.columns))
    kinds, counts, seen = found.kinds, found.counts, Seen()
    days: dict[str, int] = {}
    by_day: list[int] = []
    mark = ""
    last: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(export.rows()):
        identity = filled(row, who, no_answer) if who else ""
        if when and not who and seen.same(row, number) is not None:
            found.again["the same record again"] += 1
            continue
        cells = tuple([row[p] for p in used])
        kind = kinds.get(cells)
        if kind is None:
            kind = kinds[cells] = len(counts)
            counts.append(0)
        day = -1
        if when:
            said = filled(row, when, no_answer)
            mark = mark or after_day(said)
            said = said.partition(mark)[0] if mark else said
            day = days.setdefault(said, len(days))
            if day == len(by_day):
                by_day.append(0)
            by_day[day] += 1
        counts[kind] += 1
        if identity:
            before = seen.again(identity, number)
            if before is not None:
                old_kind, old_day = last.pop(before)
                counts[old_kind] -= 1
                if old_day >= 0:
                    by_day[old_day] -= 1
                found.again["the same person again, further down"] += 1
            last[number] = (kind, day)
    found.days = Counter({day: by_day[at] for day, at in days.items() if by_day[at]})
    return found
