"""Who came: distinct people over several meetings, counted by fingerprints in memory; names and addresses are never written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sharedvalue.engine.errors import Problems, mistake
from sharedvalue.engine.evidence.asked import Columns, filled, folded_set
from sharedvalue.engine.evidence.attendees import (
    DEVICE,
    NOTE_TAKER,
    PERSON,
    Attendee,
    attendee,
    names_somebody,
    owner,
)
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Mapping
from sharedvalue.engine.evidence.people import fingerprint_of
from sharedvalue.engine.evidence.read import under_order
from sharedvalue.engine.evidence.words import tool

DAYS = dt.timedelta(days=90)  # active_share_90d looks back so far


@dataclass(frozen=True)
class Meeting:
    """One list of people who came. `nameless` were matched by their name alone, as no address stands beside it; `guests` came
    from outside, as the tool says. `devices` of nobody known, `second` devices of somebody who is in the list, and
    `note_takers` are no people and not counted among them."""

    export: Export
    people: int
    unnamed: int
    date: dt.date | None
    nameless: int = 0
    guests: int = 0
    devices: int = 0
    second: int = 0
    note_takers: int = 0
    named: str = ""

    @property
    def title(self) -> str:
        return self.named or (f"meeting of {self.date}" if self.date else self.export.file.stem)


@dataclass(frozen=True)
class Attendance:
    """Several meetings. `came` says how many people came to how many of them.

    `recent` are the people of the meetings within 90 days of `as_of`; `surely` those of them who surely are members: found in
    the register, or not guests. `percent` is their share of `members`, where they are known and not fewer.
    """

    meetings: tuple[Meeting, ...]
    people: int
    came: tuple[tuple[int, int], ...]
    members: int
    recent: int = 0
    old: int = 0
    surely: int = 0
    matched: bool = False

    @property
    def too_many(self) -> bool:
        return bool(self.members) and self.surely > self.members

    @property
    def percent(self) -> int | None:
        if not self.members or self.too_many:
            return None
        return (200 * self.surely + self.members) // (2 * self.members)

    @property
    def last(self) -> dt.date | None:
        return max((m.date for m in self.meetings if m.date), default=None)


@dataclass
class _List:
    """One list as it was read: fingerprints of those who came, with what is known of each."""

    came: dict[int, bool] = field(default_factory=dict)  # whether an address told who it is
    members: set[int] = field(default_factory=set)
    guests: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    unnamed: int = 0
    devices: int = 0
    second: int = 0
    note_takers: int = 0


def register_of(export: Export) -> frozenset[int]:
    """Fingerprints of the names and addresses in a register of members; none where it has only numbers of its own."""
    private = [i for i, c in enumerate(export.columns) if c.kind in ("identity", "held-back")]
    wanted = [i for i in private if folded(export.columns[i].name) != "member_id"]
    return frozenset(fingerprint_of(folded(row[i])) for row in export.rows() for i in wanted if row[i])


def attendance(
    lists: Sequence[tuple[Export, Mapping]],
    members: int,
    as_of: dt.date | None = None,
    register: Collection[int] = (),
    guests_too: bool = False,
) -> Attendance:
    """Distinct people of several meetings.

    Where there are several columns with role person, the first (an e-mail address) tells people apart; where it is empty, the
    others (the names) do. Somebody of the same name as one with an address is taken for the same, so that nobody counts twice.
    `register` holds the fingerprints of members; with `guests_too`, whoever came as a guest is taken for a member.

    Raises:
        UserError: SV452 where no column says who came, SV454 for a meeting after `as_of`, SV455 for the same file twice.
    """
    hashes: dict[str, str] = {}
    rows: list[tuple[Export, Mapping, list[_Row]]] = []
    for export, mapping in lists:
        if export.sha256 in hashes:
            raise mistake(
                "SV455",
                str(export.file),
                f"the same content as {hashes[export.sha256]}",
                "Give each meeting once.",
            )
        hashes[export.sha256] = export.file.name
        rows.append(
            (
                under_order(export, mapping.date_order, as_of or dt.date.today()),
                mapping,
                _rows(export, mapping),
            )
        )
    by_name = {
        r.who.name: r.address for _, _, each in rows for r in each if r.address and r.who.kind == PERSON
    }
    visits, recent, surely, meetings, old = Counter[int](), set[int](), set[int](), [], 0
    for export, mapping, each in rows:
        here = _counted(each, by_name, register, guests_too)
        visits.update(here.came.keys())
        day = _day(export, mapping, as_of)
        if as_of is None or day is None or day >= as_of - DAYS:
            recent |= here.came.keys()
            surely |= here.members
        else:
            old += 1
        nameless = (
            sum(not by_address for by_address in here.came.values()) if len(mapping.of("person")) > 1 else 0
        )
        named = "" if names_somebody(export.title, here.names) else export.title
        meetings.append(
            Meeting(
                export, len(here.came), here.unnamed, day, nameless, len(here.guests), here.devices, here.second,
                here.note_takers, named,
            )
        )  # fmt: skip
    came = Counter(visits.values())
    return Attendance(
        tuple(meetings),
        len(visits),
        tuple(sorted(came.items())),
        members,
        len(recent),
        old,
        len(surely),
        bool(register),
    )


@dataclass(frozen=True)
class _Row:
    """One row: an address (folded), a name as it is written, what that stands for, and whether it is a guest."""

    address: str
    name: str
    who: Attendee
    guest: bool


def _rows(export: Export, mapping: Mapping) -> list[_Row]:
    problems = Problems()
    columns = Columns(export, problems)
    places = [columns.of(use) for use in mapping.of("person")]
    problems.stop_if_any()
    if not places:
        raise mistake(
            "SV452", str(export.file), "no column says who came", "Mark one in the mapping: role: person."
        )
    no_answer = folded_set(mapping.no_answer)
    guest = tool("zoom").place([c.name for c in export.columns], "guest")
    by_name_alone = len(places) == 1 and "@" not in "".join(row[places[0][0]] for row in export.rows())
    found = []
    for row in export.rows():
        first, *others = (filled(row, where, no_answer) for where in places)
        name = " ".join(filter(None, [first, *others] if by_name_alone else others))
        is_guest = guest is not None and folded(row[guest]) in tool("zoom").lists["yes"]
        found.append(_Row("" if by_name_alone else folded(first), name, attendee(name), is_guest))
    return found


def _counted(
    rows: Sequence[_Row], by_name: dict[str, str], register: Collection[int], guests_too: bool
) -> _List:
    found = _List()
    present = {row.who.name for row in rows if row.who.kind == PERSON and row.who.name}
    devices, takers = set[str](), set[str]()
    for row in rows:
        each, name = row.who, row.who.name
        if each.kind == NOTE_TAKER and not row.address:
            takers.add(folded(row.name))
            continue
        if each.kind == DEVICE and not row.address:
            whose = owner(each.name, present)
            if whose:
                found.second += 1
            elif not each.name:
                devices.add(folded(row.name))
                continue
            name = whose or each.name
        found.names.update(filter(None, (name, row.name)))
        who = row.address or by_name.get(name, name)
        if not who:
            found.unnamed += 1
            continue
        key = fingerprint_of(who)
        found.came[key] = found.came.get(key, False) or bool(row.address)
        known = {fingerprint_of(text) for text in (row.address, name, folded(row.name)) if text}
        if known.intersection(register) if register else (guests_too or not row.guest):
            found.members.add(key)
        if row.guest:
            found.guests.add(key)
    found.devices, found.note_takers = len(devices), len(takers)
    found.guests -= found.members if not guests_too else set()
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
