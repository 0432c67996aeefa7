"""Interval questions: from which value on could the answer be another? Said as a range meant to hold it eight times in ten.

The borders are exact, by proof (engine.questions.sensitivity). What the reveal of the case shows anyway is not asked.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.contrast import FLIPPING, nearest
from sharedvalue.engine.practice.sense import contradicts
from sharedvalue.engine.questions.flip import flip
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.sensitivity import sensitivity

MEANT = 80  # percent of the ranges are meant to hold the value

ENDLESS = ("count", "months")  # units in which there is no highest value to speak of
_RANGE = re.compile(r"^\s*(\d{1,9})\s*%?\s*(?:-|–|to|\s)\s*(\d{1,9})\s*%?\s*$", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Border:
    """A question. The fact stands at `start`; moved towards `end`, at `truth` the answer could first be another.

    Scaled integers of the fact's type.
    """

    case: Case
    fact: str
    type: NumberType
    start: int
    end: int
    truth: int

    @property
    def asked(self) -> tuple[str, str]:
        """The question in words."""
        naming = Naming(self.case.decision.worlds)
        start, end = (naming.said(self.fact, value) for value in (self.start, self.end))
        way = "rose" if self.end > self.start else "fell"
        return (
            f"{naming.title(self.fact)[:1].upper()}{naming.title(self.fact)[1:]} is {start} here; it can go to {end}.",
            f"If it alone {way}, from which value on could the answer be another?",
        )

    def said(self, value: int) -> str:
        return Naming(self.case.decision.worlds).said(self.fact, value)


@dataclass(frozen=True)
class Range:
    """What somebody says: from `lo` to `hi`, scaled."""

    lo: int
    hi: int

    def holds(self, border: Border) -> bool:
        return self.lo <= border.truth <= self.hi

    def width(self, border: Border) -> Fraction:
        """How wide it is, in percent of all that could be said."""
        least, most = sorted((border.start, border.end))
        return Fraction(100 * (min(self.hi, most) - max(self.lo, least)), most - least)


def borders(case: Case, count: int, seed: int = 0) -> tuple[Border, ...]:
    """Up to `count` questions about different facts of a case; the same seed gives the same ones."""
    decision, rng = case.decision, random.Random(f"intervals {case.id} {seed}")
    shown = nearest(decision, flip(decision, budget=FLIPPING))
    told = {change.name for change in shown.changes} if shown is not None else set()
    found: list[Border] = []
    for one in sensitivity(decision, False).facts:
        kind = one.type
        if (
            not isinstance(kind, NumberType)
            or kind.unit in ENDLESS
            or one.name in told
            or not one.own.is_known
        ):
            continue
        sides = [
            (border.value, end) for border, end in ((one.below, kind.lo), (one.above, kind.hi)) if border
        ]
        sides = [side for side in sides if not contradicts(decision, {one.name: side[0]})]
        if sides:
            truth, end = sides[rng.randrange(len(sides))]
            found.append(Border(case, one.name, kind, one.value, end, truth))
    rng.shuffle(found)
    return tuple(found[:count])


def ranges_of(said: str, asked: Sequence[Border]) -> tuple[Range, ...]:
    """Ranges in one line, such as '30-50, 5-20'. UserError SV561 for what is none."""
    parts = said.split(",")
    if len(parts) != len(asked):
        raise _wrong(f"it needs {len(asked)} ranges, not {len(parts)}")
    return tuple(range_of(part, border) for part, border in zip(parts, asked, strict=True))


def range_of(said: str, border: Border) -> Range:
    """A range such as '30-50' or '30 to 50'. UserError SV561 for what is none."""
    match = _RANGE.match(said)
    if match is None:
        raise _wrong(f"'{said.strip()[:40]}' is not a range")
    lo, hi = sorted(int(part) * border.type.scale for part in match.groups())
    least, most = sorted((border.start, border.end))
    if hi < least or lo > most:
        raise _wrong(f"it can only lie from {border.said(least)} to {border.said(most)}")
    return Range(lo, hi)


def _wrong(what: str) -> UserError:
    return mistake("SV561", "range", what, "Give its lowest and highest value: 30-50.")
