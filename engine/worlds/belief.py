"""What is believed of one value: its number, how far it is trusted, why, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import ChoiceType, NumberType, ValueType, say

CONFIDENCES = ("unknown", "low", "medium", "high")
UNRATED = "medium"  # evidence that no rule rates: kept as it is, and lowered or capped from here


@dataclass(frozen=True)
class Belief:
    """One value. `origin` is given | evidence | assumed | left out | not applicable.

    `confidence` is '' for a bare estimate. `widened` says why the value is a range, or is ''. `margin` is what a value of
    high or medium confidence might be; it is tested and reported, and does not widen. `rules` are the evidence rules. `word`
    is the word in which the value was given: what it can mean is a margin, too.

    Where there are a number of somebody's own and evidence, both are kept: `estimate` is the number, `reading` what the
    evidence reads, `counts_for` what that is worth (stated intent is worth less), `against` the reason why the number stands.
    """

    name: str
    type: ValueType
    value: int | None
    domain: Domain
    origin: str
    confidence: str = ""
    widened: str = ""
    margin: Domain | None = None
    items: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    word: str = ""
    estimate: Domain | None = None
    reading: int | None = None
    counts_for: int | None = None
    against: str = ""

    @property
    def apart(self) -> str:
        """How far somebody's own number lies from what the evidence counts for: '13 more', '13 less'; empty where it cannot be said."""
        own, counts = self.estimate, self.counts_for
        if own is None or counts is None or not own.is_known or not isinstance(self.type, NumberType):
            return ""
        more = own.lo - counts
        return f"{say(abs(more), self.type)} {'more' if more > 0 else 'less'}" if more else ""


def everything(kind: ValueType) -> Domain:
    """Every value that a file may state: a percent in tenths of a point."""
    return between(kind, kind.lo, kind.hi)


def between(kind: ValueType, lo: int, hi: int) -> Domain:
    """Every value that a file may state from one to another, both included, inside the type; of a choice, every value."""
    if isinstance(kind, ChoiceType):
        return Domain.listed(kind.codes)
    if isinstance(kind, NumberType):
        if kind.values:
            return Domain.listed([v for v in kind.values if lo <= v <= hi] or (lo, hi))
        return Domain.span(max(lo, kind.lo), min(hi, kind.hi))
    return Domain.listed((0, 1))


def whole_steps(kind: ValueType) -> Domain:
    """What a value takes when it is varied or changed: the whole steps of a number, every value of all else."""
    if not isinstance(kind, NumberType) or kind.values:
        return everything(kind)
    return Domain.span(kind.lo, kind.hi, kind.step)


def around(book: RuleBook, kind: ValueType, value: int, confidence: str, lower_by: int = 0) -> Domain:
    """What a value of this confidence may be: points around a percent, that many percent of any other number.

    The half-widths are the thresholds margin_high, margin_medium and margin_low; `lower_by` (tenths of a point) widens
    downward. Of a choice, low confidence leaves every value open.
    """
    if not isinstance(kind, NumberType):
        return everything(kind)
    margin = book.thresholds[f"margin_{confidence}"].value
    if kind.unit == "percent":
        return between(kind, value - margin - lower_by, value + margin)
    share = Fraction(margin, 1000)
    return between(
        kind,
        int(value - abs(value) * share - abs(value) * Fraction(lower_by, 1000)),
        -int(-(value + abs(value) * share) // 1),
    )


def settle(book: RuleBook, belief: Belief, lower_by: int = 0) -> Belief:
    """The belief with its domain and margin as its confidence asks; an explicit range is kept."""
    if belief.value is None or belief.widened == "range":
        return belief
    if belief.confidence == "unknown":
        return replace(belief, domain=everything(belief.type), widened="evidence too old", value=None)
    if belief.confidence == "low":
        domain = around(book, belief.type, belief.value, "low", lower_by)
        return replace(belief, domain=as_wide_as_its_word(belief, domain), widened="low confidence")
    if belief.confidence in ("medium", "high") and isinstance(belief.type, NumberType):
        margin = around(book, belief.type, belief.value, belief.confidence, lower_by)
        return replace(belief, margin=as_wide_as_its_word(belief, margin))
    return replace(belief, margin=as_wide_as_its_word(belief, belief.domain)) if belief.word else belief


def as_wide_as_its_word(belief: Belief, domain: Domain) -> Domain:
    """The domain, and all that the word in which the value was given can mean."""
    word = belief.type.word(belief.word) if isinstance(belief.type, NumberType) else None
    if word is None:
        return domain
    return between(belief.type, min(domain.lo, word.lo), max(domain.hi, word.hi))
