"""Between the engine's integers and plain values: what the oracle and a reading say, made comparable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from re import compile as pattern

from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.types import ChoiceType, ValueType, YesNo
from sharedvalue.engine.readings.trace import Firing, Trace
from tests.conformance.oracle import Happened, Literal, Other, Reading, Value, World

_FIELD = pattern(r"^(\w+)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?$")


def plain_value(value: int, kind: ValueType) -> Value:
    """What an integer of the engine stands for."""
    if isinstance(kind, YesNo):
        return bool(value)
    if isinstance(kind, ChoiceType):
        return kind.option(value)
    return Fraction(value, kind.scale)


def world_of(counts: Mapping[str, int], values: Mapping[str, Value]) -> World:
    """A world from values by name: share, groups[0].size, works[1].helps[0]. `counts` gives the lists there are."""
    lists: dict[str, list[dict[str, Value | dict[int, Value]]]] = {
        n: [{} for _ in range(c)] for n, c in counts.items()
    }
    plain: dict[str, Value] = {}
    for name, value in values.items():
        match = _FIELD.match(name)
        if match is None:
            plain[name] = value
            continue
        where, position, spec, other = match.groups()
        record = lists[where][int(position)]
        if other is None:
            record[spec] = value
        else:
            entries = record.setdefault(spec, {})
            assert isinstance(entries, dict)
            entries[int(other)] = value
    return {**plain, **lists}


def plain_literal(grounded: Grounded, test: Test) -> Literal:
    """A literal of the engine in the oracle's form."""
    if isinstance(test.right, str):
        return Literal.of(test.left, test.op, Other(test.right))
    return Literal.of(test.left, test.op, plain_value(test.right, grounded.variables[test.left].type))


def plain_firings(grounded: Grounded, firings: tuple[Firing, ...]) -> Counter[Happened]:
    found: Counter[Happened] = Counter()
    for firing in firings:
        ways = frozenset(frozenset(plain_literal(grounded, test) for test in way) for way in firing.matched)
        found[Happened(firing.rule.rule, firing.rule.part, firing.rule.binding, ways)] += 1
    return found


def differences(trace: Trace, reading: Reading) -> list[str]:
    """Everything in which the engine's reading of a world and the oracle's differ."""
    grounded, found = trace.grounded, []
    for what, happened, expected in (
        ("fired", trace.firings, reading.fired),
        ("defeated", trace.defeats, reading.defeated),
    ):
        engine = plain_firings(grounded, happened)
        found += [f"only the engine says {what}: {item}" for item in engine - expected]
        found += [f"only the oracle says {what}: {item}" for item in expected - engine]
    for name, variable in grounded.variables.items():
        if variable.origin == "conclusion" and trace.holds(name) is not reading.conclusions.get(name, False):
            found.append(f"{name}: the engine says {trace.values.get(name)}")
    found += [
        f"{name}: the engine has no such conclusion"
        for name in reading.conclusions
        if name not in grounded.variables
    ]
    for name in grounded.measures:
        value = plain_value(trace.values[name], grounded.variables[name].type)
        if value != reading.measures[name]:
            found.append(f"{name}: {value} in the engine, {reading.measures[name]} by the oracle")
    decision = None
    if trace.chosen is not None:
        outcome = grounded.outcomes[trace.values["outcome"]]
        decision = (outcome, trace.chosen.rule, trace.chosen.part, trace.chosen.place)
    if decision != reading.decision:
        found.append(f"{decision} is the engine's decision, {reading.decision} the oracle's")
    return found
