"""Which facts of a scenario rest on what: evidence with the rules that weighed it, bare estimates, assumptions, nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sharedvalue.engine.decision.wording import Wording
from sharedvalue.engine.language.addresses import fact_of, name_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import NumberType, ValueType, say, show
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import Belief, Worlds
from sharedvalue.engine.worlds.worlds import of_itself

MOST_LISTED = 5  # values that are named one by one


@dataclass(frozen=True)
class Item:
    """One piece of evidence."""

    source: str
    date: str
    age_months: int | None
    n: int
    population: int
    reading: object

    @property
    def said(self) -> str:
        """survey of 2026-09-01 (2 months old), 100 of 200: 47"""
        asked = f", {self.n} of {self.population}" if self.population else f", n {self.n}" if self.n else ""
        months = f"{self.age_months} month{'' if self.age_months == 1 else 's'}"
        age = "" if self.age_months is None else f" ({months} old)"
        reading = "" if self.reading is None else f": {self.reading}"
        return f"{self.source.replace('_', ' ')} of {self.date}{age}{asked}{reading}"


@dataclass(frozen=True)
class Weighed:
    """A rule of the evidence chapter that fired, with its sentence for this case."""

    rule: str
    line: str
    sentence: str


@dataclass(frozen=True)
class Beside:
    """A number of somebody's own and what the evidence reads, side by side. `decides` is evidence, estimate (then `against` is
    the reason) or both (a range of their own, in which the reading lies). `counts_for` is what the reading is worth."""

    estimate: str
    reading: object
    counts_for: object
    decides: str
    against: str
    said: str


@dataclass(frozen=True)
class FactBasis:
    """What one fact rests on.

    `rests_on` is evidence | estimate | stated confidence | range | assumption | nothing. `low` and `high` are what it may
    be in the worlds that are considered; `margin` what a trusted value might be.
    """

    name: str
    title: str
    rests_on: str
    value: object
    said: str
    low: object
    high: object
    margin: tuple[object, object] | None
    confidence: str
    widened: str
    items: tuple[Item, ...]
    weighed: tuple[Weighed, ...]
    decides: bool
    beside: Beside | None = None


@dataclass(frozen=True)
class Basis:
    """All facts of a case with what they rest on; `whole` are the rules that looked at the case as a whole."""

    facts: tuple[FactBasis, ...]
    whole: tuple[Weighed, ...]
    warnings: tuple[str, ...]

    def resting_on(self, *kinds: str) -> tuple[FactBasis, ...]:
        return tuple(fact for fact in self.facts if fact.rests_on in kinds)


def basis(worlds: Worlds) -> Basis:
    """What each fact of a case rests on: those that are stated or assumed, and those that the rules would need."""
    from sharedvalue.engine.language.dependencies import deciding_inputs

    deciding = deciding_inputs(worlds.grounded)
    names = dict.fromkeys([*worlds.beliefs, *worlds.domains])
    told = [n for n in names if fact_of(n) in worlds.book.facts and not of_itself(worlds.book, n)]
    facts = [_fact(worlds, name, name in deciding) for name in told]
    order = list(worlds.book.facts)
    facts.sort(key=lambda fact: order.index(fact_of(fact.name)))
    return Basis(tuple(facts), _weighed(worlds, worlds.whole, ""), worlds.warnings)


def _fact(worlds: Worlds, name: str, decides: bool) -> FactBasis:
    belief, scenario = worlds.beliefs.get(name), worlds.scenario
    stated = scenario.stated.get(name)
    fact = worlds.book.facts[fact_of(name)]
    domain = worlds.domains.get(name) or (belief.domain if belief else None)
    kind: ValueType = belief.type if belief else worlds.grounded.variables[name].type
    assert domain is not None
    group = worlds.evidence.get(name)
    items = items_of(worlds, belief) if belief else ()
    margin = (
        (show(belief.margin.lo, kind), show(belief.margin.hi, kind)) if belief and belief.margin else None
    )
    value = None if belief is None or belief.value is None else show(belief.value, kind)
    parts = name_of(name)
    spec = ""
    if parts is not None and parts.record is not None:
        listed = scenario.entry_lists.get(f"{parts.fact}.{parts.field}", "")
        whose = "" if parts.entry is None else f"[{scenario.called(listed, parts.entry)}]"
        spec = f", {parts.field}{whose} of {scenario.called(parts.fact, parts.record)}"
    return FactBasis(
        scenario.address(name),
        fact.title + spec,
        _rests_on(belief, fact.name in worlds.ignored, nobody_said=stated is not None and stated.by_default),
        value,
        _said(belief, kind, domain),
        show(domain.lo, kind),
        show(domain.hi, kind),
        margin,
        belief.confidence if belief else "",
        belief.widened if belief else "unknown",
        items,
        _weighed(worlds, group.trace, fact.title) if group else (),
        decides,
        beside_of(belief) if belief else None,
    )


def beside_of(belief: Belief) -> Beside | None:
    """What the evidence reads beside somebody's own number.

    None where there is no reading, or it counts in full and nobody gave a number of their own.
    """
    own, reading, counts, kind = belief.estimate, belief.reading, belief.counts_for, belief.type
    if reading is None or counts is None or (own is None and reading == counts):
        return None
    estimate = (
        ""
        if own is None
        else say(own.lo, kind)
        if own.is_known
        else f"{say(own.lo, kind)} to {say(own.hi, kind)}"
    )
    decides = "estimate" if belief.against else "evidence" if belief.origin == "evidence" else "both"
    worth = (
        ""
        if reading == counts
        else f", which counts for {say(counts, kind)}, as people say yes more often than they come"
    )
    said = f"the evidence reads {say(reading, kind)}{worth}"
    if own is not None and own.is_known and own.lo == counts:
        said += f"; that is your {estimate}"
    elif own is not None:
        apart = f", {belief.apart}" if belief.apart else ""
        stands = (
            f"your {estimate}{apart and apart + ','} stands: {belief.against.rstrip('.')}"
            if belief.against
            else f"you say {estimate}{apart}"
        )
        ends = {
            "estimate": "",
            "evidence": "; the evidence decides",
            "both": "; it lies in that, which stands",
        }
        said += f"; {stands}{ends[decides]}"
    return Beside(estimate, show(reading, kind), show(counts, kind), decides, belief.against, said)


def _rests_on(belief: Belief | None, ignored: bool, nobody_said: bool) -> str:
    if belief is None or (belief.value is None and belief.widened in ("unknown", "")) or ignored:
        return "nothing"
    if belief.items and not belief.against:
        return "evidence"
    if belief.origin == "assumed" or nobody_said:
        return "assumption"
    if belief.widened == "range":
        return "range"
    return "stated confidence" if belief.confidence else "estimate"


def _said(belief: Belief | None, kind: ValueType, domain: Domain) -> str:
    if domain.is_known:
        return say(domain.lo, kind)
    if belief is None or belief.widened in ("unknown", "evidence too old"):
        return "unknown"
    if not isinstance(kind, NumberType):
        return " or ".join(say(value, kind) for value in domain.values())
    if isinstance(domain.points, range) or domain.size > MOST_LISTED:
        said = f"{say(domain.lo, kind)} to {say(domain.hi, kind)}"
    else:  # a few values were listed: nothing between them is meant
        *first, last = (say(value, kind) for value in domain.values())
        said = f"{', '.join(first)} or {last}"
    nobody_found_it = belief.value is None or belief.widened == "conflicting evidence"
    return said if nobody_found_it or belief.value is None else f"{say(belief.value, kind)} ({said})"


def items_of(worlds: Worlds, belief: Belief) -> tuple[Item, ...]:
    """The pieces of evidence of a value."""
    return tuple(_item(worlds, position) for position in belief.items)


def _item(worlds: Worlds, position: int) -> Item:
    prefix, scenario = f"evidence[{position}].", worlds.scenario

    def shown(field: str) -> object:
        stated = scenario.stated.get(prefix + field)
        return (
            None
            if stated is None or stated.value is None
            else show(stated.value, scenario.types[prefix + field])
        )

    count = {field: shown(field) for field in ("age", "n", "population")}
    age = count["age"]
    return Item(
        str(shown("source") or "other"),
        scenario.texts.get(prefix + "date", ""),
        age if isinstance(age, int) else None,
        int(str(count["n"] or 0)),
        int(str(count["population"] or 0)),
        shown("reading"),
    )


def _weighed(worlds: Worlds, trace: Trace, title: str) -> tuple[Weighed, ...]:
    wording = Wording(worlds, trace, None)
    if title:
        wording = replace(wording, extra={"f": title})
    return tuple(Weighed(f.rule.rule, wording.line(f.rule), wording.because(f)) for f in trace.firings)
