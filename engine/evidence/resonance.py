"""What resonates: what was viewed, asked or attended most, for its age and reach, and how much of it matches a named need.

What resonates is never called a need. It stands beside what people say: where both agree, and where they do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from pathlib import Path

from sharedvalue.engine.errors import Problems, mistake
from sharedvalue.engine.evidence import dates
from sharedvalue.engine.evidence.asked import Columns, filled, folded_set, harmless, number_of
from sharedvalue.engine.evidence.attendance import Attendance
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.grouping import cleaned
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Group, Mapping
from sharedvalue.engine.evidence.proportions import Share
from sharedvalue.engine.evidence.titles import Names, without_names
from sharedvalue.engine.language.rulebook import RuleBook

NOBODY = Names()
DAYS_A_MONTH = 365.25 / 12
FEWEST_EVENTS = 2
MOST_DIGITS = 15  # of a count; what is longer is none


@dataclass(frozen=True)
class Item:
    """One page, topic or event. `times` as counted; `full` what it would come to in the end; `rate` that in a hundred people."""

    label: str
    times: int
    age_months: float | None
    reached: int
    full: float
    rate: float | None
    need: str = ""


@dataclass(frozen=True)
class Resonance:
    """The items that resonate most, and the share of them that matches a need which members name."""

    export: Export
    source: str
    items: tuple[Item, ...]
    total: int
    first: dt.date
    last: dt.date
    by_age: bool
    by_reach: bool
    matched: Share | None
    notes: tuple[str, ...]
    mapping_use: str = ""  # the columns that were counted
    named: tuple[Group, ...] = ()  # the needs that a person named for some of the items


def resonance(
    export: Export,
    mapping: Mapping,
    needs: Sequence[str],
    matches: Table[str, str],
    as_of: dt.date,
    book: RuleBook,
    names: Names = NOBODY,
) -> Resonance:
    """The top items of an export of pages, topics or events, without the `names` in their titles.

    `matches` says which need an item is about, by its folded label, and comes from a file that a person wrote; an item that
    it does not hold matches a need only where its label holds all words of it.

    Raises:
        UserError: SV452 for columns that are not there, SV456 where nothing was counted.
    """
    problems = Problems()
    columns = Columns(export, problems)
    uses = {role: mapping.one(role) for role in ("item", "times", "reached", "created", "date")}
    places = {role: columns.of(use) for role, use in uses.items() if use is not None}
    problems.stop_if_any()
    met = _met(export, mapping, places, folded_set(mapping.no_answer), as_of)
    if not met.times or not any(met.times.values()):
        raise mistake(
            "SV456",
            str(export.file),
            "nothing was viewed, asked or attended in this file",
            "Check that it is the right file and the right mapping.",
        )
    end = _last(export, mapping, as_of)
    by_reach = len(met.reached) == len(met.times) and all(met.reached.values())
    half = _Growth(end, book)

    def worth(key: str) -> float:
        full = half.full(met.times[key], met.created.get(key))
        return 100 * full / met.reached[key] if by_reach else full

    most = book.thresholds["resonance_top"]
    best = nsmallest(
        most.value // most.type.scale, met.times, key=lambda key: (-worth(key), met.written.get(key, key))
    )
    found = [
        _item(
            harmless(met.written.get(key, key)),
            met.times[key],
            met.created.get(key),
            met.reached.get(key, 0),
            half,
        )
        for key in best
    ]
    shown = without_names([item.label for item in found], names)
    top = [
        replace(_matched(item, needs, matches, folded(label)), label=label)
        for item, label in zip(found, shown, strict=True)
    ]
    rows = "1 row" if met.skipped == 1 else f"{met.skipped:,} rows"
    notes = [f"{rows} without a label or a number left out"] if met.skipped else []
    if met.future:
        notes.append(f"{met.future} items are dated after {as_of}: their age was not counted")
    share = Share(sum(bool(item.need) for item in top), len(top)) if needs else None
    used = " by ".join(
        columns.name(places[role][0]) for role in ("item", "times", "reached") if role in places
    )
    first = dt.date.fromisoformat(export.period[0]) if export.period[0] else end
    return Resonance(
        export,
        mapping.source,
        tuple(top),
        len(met.times),
        min(first, end),
        end,
        bool(met.created),
        by_reach,
        share,
        tuple(notes),
        used,
    )


def events(came: Attendance, needs: Sequence[str], as_of: dt.date, book: RuleBook) -> Resonance | None:
    """Several meetings as items: those of one title are one event, attended by all who came to it. None for a single event."""
    times: dict[str, int] = {}
    written: dict[str, str] = {}
    for meeting in came.meetings:
        key = folded(meeting.title)
        written.setdefault(key, meeting.title)
        times[key] = times.get(key, 0) + meeting.people
    if len(times) < FEWEST_EVENTS:
        return None
    end = came.last or as_of
    growth = _Growth(end, book)
    most = book.thresholds["resonance_top"]
    best = nsmallest(most.value // most.type.scale, times, key=lambda key: (-times[key], key))
    items = [_matched(_item(harmless(written[key]), times[key], None, 0, growth), needs, {}) for key in best]
    exports = [meeting.export for meeting in came.meetings]
    days = [meeting.date for meeting in came.meetings if meeting.date]
    return Resonance(
        replace(exports[-1], file=Path(", ".join(e.file.name for e in exports)), sha256=" ".join(e.sha256 for e in exports)),
        "attendance", tuple(items), len(times), min(days, default=end), end, False, False,
        Share(sum(bool(item.need) for item in items), len(items)) if needs else None, (), "title of the meeting by people",
    )  # fmt: skip


@dataclass
class _Met:
    """What a file says of its items, by their folded label. `written` holds the labels that folding changes."""

    times: dict[str, int]
    reached: dict[str, int]
    created: dict[str, dt.date]
    written: dict[str, str]
    skipped: int = 0
    future: int = 0


def _met(
    export: Export,
    mapping: Mapping,
    places: Table[str, tuple[int, ...]],
    no_answer: frozenset[str],
    as_of: dt.date,
) -> _Met:
    """One pass over the rows: a million pages are read in a few seconds."""
    met = _Met({}, {}, {}, {})
    order = mapping.date_order if mapping.date_order != "year first" else ""
    if "created" in places and not order:
        order = dates.order_of(filled(row, places["created"], no_answer) for row in export.rows())
    is_page, item = mapping.source == "page_visits", places["item"]
    for row in export.rows():
        label = filled(row, item, no_answer)
        amount = _whole(filled(row, places["times"], no_answer)) if "times" in places else 1
        if not label or amount is None or amount < 0:
            met.skipped += 1
            continue
        if is_page:
            label = _page(label)
        key = folded(label)
        if key != label:
            met.written.setdefault(key, label)
        met.times[key] = met.times.get(key, 0) + amount
        if "reached" in places and (crowd := _whole(filled(row, places["reached"], no_answer))) is not None:
            met.reached[key] = met.reached.get(key, 0) + crowd
        day = dates.parse(filled(row, places["created"], no_answer), order) if "created" in places else None
        if day is not None and day > as_of:
            met.future += 1
        elif day is not None and day < met.created.get(key, dt.date.max):
            met.created[key] = day
    return met


def _whole(cell: str) -> int | None:
    """A count, also one with marks at its thousands."""
    if cell.isascii() and cell.isdigit() and len(cell) < MOST_DIGITS:
        return int(cell)
    number = number_of(cell.replace(",", "")[:MOST_DIGITS])
    return None if number is None else int(number)


def _page(label: str) -> str:
    """One page, however it was called up: without what follows a question mark or a hash, and without a slash at its end."""
    if "?" in label or "#" in label:
        label = label.partition("?")[0].partition("#")[0] or label
    return label.rstrip("/") or label


def _last(export: Export, mapping: Mapping, as_of: dt.date) -> dt.date:
    stated = mapping.date or export.period[1]
    try:
        last = dt.date.fromisoformat(stated)
    except ValueError:
        raise mistake(
            "SV454",
            str(export.file),
            "nothing says up to which day was counted",
            "Say it: --date 2026-05-31, or date: 2026-05-31 in the mapping.",
        ) from None
    if last > as_of:
        raise mistake(
            "SV454",
            str(export.file),
            f"it counts up to {last}, after {as_of}",
            "Ages are counted back from as_of. Move as_of of the scenario, or check --date and the order of dates.",
        )
    return last


class _Growth:
    """What counts would come to in the end, with the days of one age worked out once."""

    def __init__(self, end: dt.date, book: RuleBook) -> None:
        self.end, self.book = end, book
        self.factors: dict[dt.date | None, float] = {None: 1.0}

    def full(self, times: int, created: dt.date | None) -> float:
        factor = self.factors.get(created)
        if factor is None:
            factor = self.factors[created] = full_count(1, self.age(created), self.book)
        return times * factor

    def age(self, created: dt.date | None) -> float | None:
        return None if created is None else max(1, (self.end - created).days) / DAYS_A_MONTH


def _item(label: str, times: int, created: dt.date | None, reached: int, growth: _Growth) -> Item:
    full = growth.full(times, created)
    return Item(label, times, growth.age(created), reached, full, 100 * full / reached if reached else None)


def full_count(times: int, age_months: float | None, book: RuleBook) -> float:
    """What a count would come to in the end, if half of it comes in each half-life: at most twice as much. Unchanged without an age."""
    if age_months is None:
        return float(times)
    threshold = book.thresholds["resonance_half_life"]
    half_life = threshold.value / threshold.type.scale
    return times / (1 - 0.5 ** max(1.0, age_months / half_life)) if half_life else float(times)


def _matched(item: Item, needs: Sequence[str], matches: Table[str, str], as_shown: str = "") -> Item:
    stated = matches.get(folded(item.label), matches.get(as_shown))
    if stated is not None:
        return replace(item, need="" if stated == "no need" else stated)
    words = set(_words(item.label))
    return replace(item, need=next((need for need in needs if set(_words(need)) <= words), ""))


def _words(text: str) -> list[str]:
    return cleaned(text).split()
