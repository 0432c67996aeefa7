"""Who came: distinct people over several meetings, counted by fingerprints in memory; names and addresses are never written."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sharedvalue.engine.errors import Problems, mistake
from sharedvalue.engine.evidence.asked import Columns, filled, folded_set
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.mapping import Mapping
from sharedvalue.engine.evidence.people import fingerprint_of

DAYS = dt.timedelta(days=90)  # active_share_90d looks back so far
ORIGINAL = "(original name)"
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True)
class Meeting:
    """One list of people who came. `nameless` were matched by their name alone, as no address stands beside it."""

    export: Export
    people: int
    unnamed: int
    date: dt.date | None
    nameless: int = 0

    @property
    def title(self) -> str:
        return self.export.title or self.export.file.stem


@dataclass(frozen=True)
class Attendance:
    """Several meetings. `came` says how many people came to how many of them.

    `recent` are the people of the meetings within 90 days of `as_of`; `percent` is their share of `members`, where they are known.
    """

    meetings: tuple[Meeting, ...]
    people: int
    came: tuple[tuple[int, int], ...]
    members: int
    recent: int = 0
    old: int = 0

    @property
    def percent(self) -> int | None:
        return min(100, (200 * self.recent + self.members) // (2 * self.members)) if self.members else None

    @property
    def last(self) -> dt.date | None:
        return max((m.date for m in self.meetings if m.date), default=None)


def attendance(
    lists: Sequence[tuple[Export, Mapping]], members: int, as_of: dt.date | None = None
) -> Attendance:
    """Distinct people of several meetings.

    Where there are several columns with role person, the first (an e-mail address) tells people apart; where it is empty, the
    others (the names) do. Somebody of the same name as one with an address is taken for the same, so that nobody counts twice.

    Raises:
        UserError: SV452 where no column says who came, SV454 for a meeting after `as_of`, SV455 for the same file twice.
    """
    hashes: dict[str, str] = {}
    met: list[tuple[Export, Mapping, list[tuple[int | None, int | None]]]] = []
    for export, mapping in lists:
        if export.sha256 in hashes:
            raise mistake(
                "SV455",
                str(export.file),
                f"the same content as {hashes[export.sha256]}",
                "Give each meeting once.",
            )
        hashes[export.sha256] = export.file.name
        met.append((export, mapping, _people(export, mapping)))
    by_name = {
        name: first for _, _, rows in met for first, name in rows if first is not None and name is not None
    }
    visits, recent, meetings, old = Counter[int](), set[int](), [], 0
    for export, mapping, rows in met:
        here: dict[int, bool] = {}
        for first, name in rows:
            who = first if first is not None else by_name.get(name, name) if name is not None else None
            if who is not None:
                here[who] = here.get(who, False) or first is not None
        visits.update(here.keys())
        day = _day(export, mapping, as_of)
        if as_of is None or day is None or day >= as_of - DAYS:
            recent |= here.keys()
        else:
            old += 1
        nameless = sum(not by_first for by_first in here.values()) if len(mapping.of("person")) > 1 else 0
        unnamed = sum(first is None and name is None for first, name in rows)
        meetings.append(Meeting(export, len(here), unnamed, day, nameless))
    came = Counter(visits.values())
    return Attendance(tuple(meetings), len(visits), tuple(sorted(came.items())), members, len(recent), old)


def _people(export: Export, mapping: Mapping) -> list[tuple[int | None, int | None]]:
    """For each row the fingerprint of its address and that of its name, as far as there are any."""
    problems = Problems()
    columns = Columns(export, problems)
    places = [columns.of(use) for use in mapping.of("person")]
    problems.stop_if_any()
    if not places:
        raise mistake(
            "SV452", str(export.file), "no column says who came", "Mark one in the mapping: role: person."
        )
    shown = {p for where in places for p in where if ORIGINAL in export.columns[p].name.casefold()}
    no_answer = folded_set(mapping.no_answer)

    def cell(row: Sequence[str], where: tuple[int, ...]) -> str:
        found = filled(row, where, no_answer)
        return IN_BRACKETS.sub("", found) if shown.intersection(where) else found

    found = []
    for row in export.rows():
        first, *others = (cell(row, where) for where in places)
        name = " ".join(filter(None, others))
        found.append((fingerprint_of(first) if first else None, fingerprint_of(name) if name else None))
    return found


def _day(export: Export, mapping: Mapping, as_of: dt.date | None) -> dt.date | None:
    stated = mapping.date or export.period[1]
    day = dt.date.fromisoformat(stated) if stated else None
    if day is not None and as_of is not None and day > as_of:
        raise mistake(
            "SV454",
            str(export.file),
            f"this meeting is dated {day}, after {as_of}",
            "Ages are counted back from as_of. Move as_of of the scenario, or give the day with --date.",
        )
    return day
