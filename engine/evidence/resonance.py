"""What resonates: what was viewed, asked or attended most, for its age and reach, and how much of it matches a named need.

What resonates is never called a need. It stands beside what people say: where both agree, and where they do not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import Problems, mistake
from engine.evidence import dates
from engine.evidence.asked import Columns, filled, folded_set, harmless, number_of
from engine.evidence.export import Export
from engine.evidence.grouping import cleaned
from engine.evidence.layout import folded
from engine.evidence.mapping import Mapping
from engine.evidence.proportions import Share
from engine.language.rulebook import RuleBook

DAYS_A_MONTH = 365.25 / 12


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


def resonance(
    export: Export,
    mapping: Mapping,
    needs: Sequence[str],
    matches: Table[str, str],
    as_of: dt.date,
    book: RuleBook,
) -> Resonance:
    """The top items of an export of pages, topics or events.

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
    no_answer = folded_set(mapping.no_answer)

    def cell(row: Sequence[str], role: str) -> str:
        return filled(row, places[role], no_answer) if role in places else ""

    rows = list(export.rows())
    order = mapping.date_order if mapping.date_order != "year first" else ""
    order = order or dates.order_of(cell(row, "created") for row in rows)
    times: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    created: dict[str, dt.date] = {}
    written: dict[str, str] = {}
    skipped = future = 0
    for row in rows:
        label = cell(row, "item")
        amount = number_of(cell(row, "times").replace(",", "")) if "times" in places else 1
        if not label or amount is None or amount < 0:
            skipped += 1
            continue
        key = folded(label)
        written.setdefault(key, label)
        times[key] += int(amount)
        if (crowd := number_of(cell(row, "reached").replace(",", ""))) is not None:
            reached[key] += int(crowd)
        day = dates.parse(cell(row, "created"), order) if "created" in places else None
        if day is not None and day > as_of:
            future += 1
        elif day is not None and day < created.get(key, dt.date.max):
            created[key] = day
    if not times or not times.total():
        raise mistake(
            "SV456",
            str(export.file),
            "nothing was viewed, asked or attended in this file",
            "Check that it is the right file and the right mapping.",
        )
    end = _last(export, mapping, as_of)
    found = [
        _item(harmless(written[key]), times[key], created.get(key), reached[key], end, book) for key in times
    ]
    by_reach = all(item.rate is not None for item in found)
    found.sort(key=lambda i: (-(i.rate if by_reach and i.rate is not None else i.full), i.label))
    threshold = book.thresholds["resonance_top"]
    top = [_matched(item, needs, matches) for item in found[: threshold.value // threshold.type.scale]]
    notes = [f"{skipped} rows without a label or a number left out"] if skipped else []
    notes += [f"{future} items are dated after {as_of}: their age was not counted"] if future else []
    share = Share(sum(bool(item.need) for item in top), len(top)) if needs else None
    used = " by ".join(
        columns.name(places[role][0]) for role in ("item", "times", "reached") if role in places
    )
    first = dt.date.fromisoformat(export.period[0]) if export.period[0] else end
    return Resonance(
        export,
        mapping.source,
        tuple(top),
        len(found),
        min(first, end),
        end,
        bool(created),
        by_reach,
        share,
        tuple(notes),
        used,
    )


def _last(export: Export, mapping: Mapping, as_of: dt.date) -> dt.date:
    stated = mapping.date or export.period[1]
    try:
        return min(dt.date.fromisoformat(stated), as_of)
    except ValueError:
        raise mistake(
            "SV454",
            str(export.file),
            "nothing says up to which day was counted",
            "Give it in the mapping: date: 2026-05-31",
        ) from None


def _item(
    label: str, times: int, created: dt.date | None, reached: int, end: dt.date, book: RuleBook
) -> Item:
    age = None if created is None else max(1, (end - created).days) / DAYS_A_MONTH
    full = full_count(times, age, book)
    return Item(label, times, age, reached, full, 100 * full / reached if reached else None)


def full_count(times: int, age_months: float | None, book: RuleBook) -> float:
    """What a count would come to in the end, if half of it comes in each half-life: at most twice as much. Unchanged without an age."""
    if age_months is None:
        return float(times)
    threshold = book.thresholds["resonance_half_life"]
    half_life = threshold.value / threshold.type.scale
    return times / (1 - 0.5 ** max(1.0, age_months / half_life)) if half_life else float(times)


def _matched(item: Item, needs: Sequence[str], matches: Table[str, str]) -> Item:
    stated = matches.get(folded(item.label))
    if stated is not None:
        return replace(item, need="" if stated == "no need" else stated)
    words = set(_words(item.label))
    return replace(item, need=next((need for need in needs if set(_words(need)) <= words), ""))


def _words(text: str) -> list[str]:
    return cleaned(text).split()
