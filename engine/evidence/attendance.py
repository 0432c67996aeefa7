"""Who came: distinct people over several meetings, counted by fingerprints in memory; names and addresses are never written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import Problems, mistake
from engine.evidence.asked import Columns, filled, folded_set
from engine.evidence.export import Export
from engine.evidence.mapping import Mapping
from engine.evidence.people import Seen


@dataclass(frozen=True)
class Meeting:
    """One list of people who came."""

    export: Export
    people: int
    unnamed: int
    date: dt.date | None


@dataclass(frozen=True)
class Attendance:
    """Several meetings. `came` says how many people came to how many of them; `share` is that of `members`, where they are known."""

    meetings: tuple[Meeting, ...]
    people: int
    came: tuple[tuple[int, int], ...]
    members: int

    @property
    def percent(self) -> int | None:
        return min(100, (200 * self.people + self.members) // (2 * self.members)) if self.members else None

    @property
    def last(self) -> dt.date | None:
        return max((m.date for m in self.meetings if m.date), default=None)


def attendance(lists: Sequence[tuple[Export, Mapping]], members: int) -> Attendance:
    """Distinct people of several meetings; the same file twice is counted once.

    Raises:
        UserError: SV452 where no column says who came, SV455 for the same file twice.
    """
    seen, visits, meetings = Seen(), Counter[int](), []
    hashes: dict[str, str] = {}
    places: dict[int, int] = {}
    for export, mapping in lists:
        if export.sha256 in hashes:
            raise mistake(
                "SV455",
                str(export.file),
                f"the same content as {hashes[export.sha256]}",
                "Give each meeting once.",
            )
        hashes[export.sha256] = export.file.name
        problems = Problems()
        person = mapping.one("person")
        columns = Columns(export, problems)
        where = columns.of(person) if person else ()
        problems.stop_if_any()
        if not where:
            raise mistake(
                "SV452", str(export.file), "no column says who came", "Mark one in the mapping: role: person."
            )
        here: set[int] = set()
        unnamed = 0
        for row in export.rows():
            cell = filled(row, where, folded_set(mapping.no_answer))
            if not cell:
                unnamed += 1
                continue
            before = seen.again(cell, len(places))
            number = places[before] if before is not None else len(visits) + len(here - set(visits))
            places[len(places)] = number
            here.add(number)
        for number in here:
            visits[number] += 1
        stated = mapping.date or export.period[1]
        meetings.append(
            Meeting(export, len(here), unnamed, dt.date.fromisoformat(stated) if stated else None)
        )
    came = Counter(visits.values())
    return Attendance(tuple(meetings), len(visits), tuple(sorted(came.items())), members)
