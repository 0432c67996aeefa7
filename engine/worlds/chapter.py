"""The evidence chapter: read once, before any world is formed, on the evidence items and on what is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import Grounded, GroundRule
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Effect
from sharedvalue.engine.language.scenario import Scenario, type_of
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import ChoiceType, NumberType, ValueType
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds.belief import CONFIDENCES, UNRATED, Belief, between, settle


@dataclass(frozen=True)
class Group:
    """The evidence on one fact: the positions of its items, and how the chapter read them."""

    fact: str
    items: tuple[int, ...]
    trace: Trace


def groups(scenario: Scenario) -> Mapping[str, tuple[int, ...]]:
    """The positions of the evidence items by the fact that they bear on."""
    found: dict[str, list[int]] = {}
    for position in range(scenario.counts.get("evidence", 0)):
        found.setdefault(scenario.texts[f"evidence[{position}].fact"], []).append(position)
    return {fact: tuple(items) for fact, items in found.items()}


def read_group(
    book: RuleBook, scenario: Scenario, fact: str, items: tuple[int, ...], known: Mapping[str, int]
) -> Group:
    """Fires the rules of the chapter on the items that bear on one fact."""
    grounded = ground(book, "evidence", Shape((("items", len(items)),)))
    world = {name: value for name, value in known.items() if name in grounded.variables}
    world["f"] = list(book.facts).index(fact)
    kind = book.provided["fact_group"].type
    assert isinstance(kind, ChoiceType)
    world["fact_group"] = kind.code(book.facts[fact].group)
    for place, position in enumerate(items):
        prefix = f"evidence[{position}]."
        for name, stated in scenario.stated.items():
            if name.startswith(prefix) and stated.value is not None:
                world[f"items[{place}].{name.removeprefix(prefix)}"] = stated.value
    return Group(fact, items, Program.from_grounded(grounded).read(world))


def read_whole(book: RuleBook, shape: Shape, known: Mapping[str, int]) -> Trace:
    """Fires the rules of the chapter that look at the case as a whole."""
    grounded = ground(book, "evidence", shape)
    return Program.from_grounded(grounded).read({n: v for n, v in known.items() if n in grounded.inputs})


@dataclass(frozen=True)
class Reading:
    """What the items on a fact read, and what that counts for: stated intent alone counts for less."""

    value: int
    counts_for: int


def reading(book: RuleBook, scenario: Scenario, group: Group, kind: ValueType) -> Reading | None:
    """The value that the items give: the median over the kinds of source.

    Each kind of source counts once, by its own median (the chapter's measures); None where no item has a reading.
    """
    if not isinstance(kind, NumberType):
        return None
    by_source: dict[int, list[int]] = {}
    for position in group.items:
        stated = scenario.stated.get(f"evidence[{position}].reading")
        source = scenario.stated.get(f"evidence[{position}].source")
        if stated is not None and stated.value is not None:
            by_source.setdefault(source.value if source and source.value is not None else -1, []).append(
                stated.value
            )
    medians = [_median(values) for values in by_source.values()]
    if not medians:
        return None
    value = counts_for = _median(medians) * kind.scale // 1000
    discount = book.facts[group.fact].reading_discount
    source_type = type_of(book, "evidence[0].source")
    if discount and isinstance(source_type, ChoiceType) and set(by_source) == {source_type.code(discount[0])}:
        counts_for = value * book.thresholds[discount[1]].value // 1000  # a threshold in tenths of a percent
    return Reading(value, counts_for)


def _median(values: list[int]) -> int:
    found, half = sorted(values), len(values) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) // 2


def effects_of(book: RuleBook, rule: GroundRule) -> tuple[Effect, ...]:
    """What a rule of the chapter does to confidence when it fires."""
    block = next((b for b in book.rules[rule.rule].blocks if b.part == rule.part), None)
    return () if block is None else block.effects


def below(grounded: Grounded, name: str) -> frozenset[str]:
    """A value with all that it is made from."""
    return stands_on(grounded, name) | {name}


def bearing(grounded: Grounded, rule: GroundRule) -> frozenset[str]:
    """All that bears on whether a rule fires."""
    read = [*reads(rule.when), *(reads(rule.unless) if rule.unless is not None else ())]
    return frozenset[str]().union(*(below(grounded, name) for name in read))


def rated(
    book: RuleBook, belief: Belief, group: Group, fired: Collection[GroundRule] | None = None
) -> Belief:
    """The belief with the confidence that its evidence carries: the highest given, then caps, then lowered, then set.

    `fired` are the rules on its evidence that are taken to fire; None for those that do.
    """
    firing = [f.rule for f in group.trace.firings] if fired is None else fired
    found = [effect for rule in firing for effect in effects_of(book, rule)]
    given = [CONFIDENCES.index(e.values[0]) for e in found if e.kind == "gives"]
    level = max(given, default=CONFIDENCES.index(UNRATED))
    level = min([level, *(CONFIDENCES.index(e.values[0]) for e in found if e.kind == "caps")])
    level = max(1, level - sum(int(e.values[0]) for e in found if e.kind == "lowers"))
    if any(e.kind == "sets" for e in found):
        level = min(CONFIDENCES.index(e.values[0]) for e in found if e.kind == "sets")
    if any(e.kind == "unknown" for e in found):
        level = 0
    lower_by = sum(book.thresholds[e.values[0]].value for e in found if e.kind == "widens_down")
    rules = tuple(dict.fromkeys(rule.rule for rule in firing))
    settled = settle(
        book, replace(belief, confidence=CONFIDENCES[level], items=group.items, rules=rules), lower_by
    )
    for effect in found:
        if effect.kind == "spans" and settled.widened != "range" and level > 0:
            settled = spanned(settled, effect, group.trace)
    return settled


def spanned(belief: Belief, effect: Effect, trace: Trace) -> Belief:
    """The belief as a range that covers the readings that an effect names."""
    ends = [_converted(trace, name, belief.type) for name in effect.values]
    values = [value for value in ends if value is not None]
    if not values:
        return belief
    return replace(
        belief,
        domain=between(belief.type, min(values), max(values)),
        widened="conflicting evidence",
        confidence="low",
    )


def _converted(trace: Trace, name: str, kind: ValueType) -> int | None:
    value, variable = trace.values.get(name), trace.grounded.variables.get(name)
    if (
        value is None
        or variable is None
        or not isinstance(variable.type, NumberType)
        or not isinstance(kind, NumberType)
    ):
        return value
    return value * kind.scale // variable.type.scale


def touched(book: RuleBook, beliefs: Mapping[str, Belief], trace: Trace) -> dict[str, Belief]:
    """The beliefs after the rules that look at the case as a whole; an explicit range is kept."""
    found = dict(beliefs)
    for firing in trace.firings:
        for effect in effects_of(book, firing.rule):
            belief = found.get(effect.fact or "")
            if belief is None or belief.value is None or belief.widened == "range":
                continue
            belief = replace(belief, rules=(*belief.rules, firing.rule.rule))
            if effect.kind == "one_of" and isinstance(belief.type, ChoiceType):
                options = {*map(belief.type.code, effect.values), *belief.domain.values()}
                belief = replace(belief, domain=Domain.listed(options), widened="a guess until asked")
            elif effect.kind == "sets":
                belief = settle(book, replace(belief, confidence=effect.values[0], margin=None))
            elif effect.kind == "spans":
                belief = spanned(belief, effect, trace)
            found[belief.name] = belief
    return found


__all__ = [
    "Group",
    "bearing",
    "below",
    "effects_of",
    "groups",
    "rated",
    "read_group",
    "read_whole",
    "reading",
    "touched",
]
