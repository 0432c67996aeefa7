"""The sweet spot of a case: how far each side's values are met, how far they overlap, now and ahead, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.pictures import Scale, SweetSpotSpec
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import NumberType, say

WHOLE = 100


@dataclass(frozen=True)
class Reading:
    """One value, 0 to 100: between what it lies (the same twice where it is known), None where nothing is known of it.

    `lines` are the numbers that count with the word from each on; `bands` the words that the value may have.
    """

    title: str
    short: str
    ends: tuple[float, float] | None
    bands: tuple[str, ...]
    lines: Mapping[float, str]
    marks: Mapping[float, str]

    @property
    def is_known(self) -> bool:
        return self.ends is not None and self.ends[0] == self.ends[1]

    @property
    def said(self) -> str:
        """The number or the range."""
        if self.ends is None:
            return "not known"
        low, high = (f"{end:g}" for end in self.ends)
        return low if low == high else f"{low} to {high}"

    @property
    def band(self) -> str:
        """The word for it, or the words that it may be."""
        return " or ".join(self.bands) if len(self.bands) < 3 else f"{self.bands[0]} to {self.bands[-1]}"

    @property
    def words(self) -> str:
        return f"{self.said}, {self.band}" if self.ends is not None else self.said


@dataclass(frozen=True)
class Moment:
    """The picture at one time. Without a sponsor there is one shape only."""

    time: str
    members: Reading
    sponsor: Reading | None
    overlap: Reading | None

    @property
    def text(self) -> str:
        """The picture in one sentence."""
        told = [f"{r.title}: {r.words}" for r in (self.members, self.sponsor, self.overlap) if r is not None]
        return f"{self.time[:1].upper()}{self.time[1:]}. {'. '.join(told)}."


@dataclass(frozen=True)
class SweetSpot:
    """All that is drawn of one case. `stars` says whether a line is a default of the house."""

    moments: tuple[Moment, ...]
    bridge: Reading | None

    @property
    def text(self) -> str:
        bridge = f" {self.bridge.title}: {self.bridge.words}." if self.bridge is not None else ""
        return " ".join(m.text for m in self.moments) + bridge

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The picture as a table: a row a part, its words at each time, and the lines that count."""
        found = []
        for part in ("members", "sponsor", "overlap"):
            readings = [getattr(m, part) for m in self.moments]
            if readings[0] is not None:
                found.append((readings[0].title, *(r.words for r in readings), lines_in_words(readings[0])))
        if self.bridge is not None:
            blank = ("",) * (len(self.moments) - 1)
            found.append((self.bridge.title, self.bridge.words, *blank, lines_in_words(self.bridge)))
        return tuple(found)


def lines_in_words(reading: Reading) -> str:
    """'met from 60*, partly met from 40*'."""
    return ", ".join(f"{word} from {reading.marks[at]}" for at, word in reversed(list(reading.lines.items())))


def sweet_spot(decision: Decision) -> SweetSpot | None:
    """The sweet spot of a decided case; None where the rule book does not say what to draw."""
    spec = decision.worlds.book.outcomes.pictures.sweet_spot
    return None if spec is None else _drawn(decision, spec)


def _drawn(decision: Decision, spec: SweetSpotSpec) -> SweetSpot:
    alone = _is_alone(decision, spec.sponsor)
    moments = tuple(
        Moment(
            time,
            _reading(decision, spec.members, place),
            None if alone else _reading(decision, spec.sponsor, place),
            None if alone else _reading(decision, spec.overlap, place),
        )
        for place, time in enumerate(spec.times)
    )
    return SweetSpot(moments, None if alone else _reading(decision, spec.bridge, 0))


def _is_alone(decision: Decision, sponsor: Scale) -> bool:
    return bool(sponsor.only_with) and decision.wording.span(sponsor.only_with) == (0, 0)


def _reading(decision: Decision, scale: Scale, place: int) -> Reading:
    book, name = decision.worlds.book, scale.at[place]
    span = decision.wording.span(name)
    unit = _scale_of(book, name)
    ends = None if span is None else (span[0] / unit, span[1] / unit)
    lines, marks = {}, {}
    for threshold, word in scale.lines.items():
        one = book.thresholds[threshold]
        at = one.value / one.type.scale
        lines[at], marks[at] = word, f"{say(one.value, one.type)}{'*' if one.is_house else ''}"
    return Reading(scale.title, scale.short, ends, _bands(ends, scale.below, lines), lines, marks)


def _scale_of(book: RuleBook, name: str) -> int:
    kind = book.facts[name].type if name in book.facts else book.measures[name].type
    return kind.scale if isinstance(kind, NumberType) else 1


def _bands(ends: tuple[float, float] | None, below: str, lines: Mapping[float, str]) -> tuple[str, ...]:
    """The words of every band that a value may lie in, lowest first."""
    low, high = ends if ends is not None else (0.0, float(WHOLE))
    starts = [(float("-inf"), below), *sorted(lines.items())]
    found = []
    for (start, word), after in zip(starts, [*starts[1:], (float("inf"), "")], strict=True):
        if start <= high and low < after[0]:
            found.append(word)
    return tuple(found)
