"""A deliberately naive interpreter of a grounded table: what every reading of it must agree with.

It spreads conditions into ways by its own recursion and checks each literal itself. Whether a rule fires, it
asks of the condition as it was written; the two must agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from sharedvalue.engine.language.formulas import And, Condition, Missing, Not, Or, Test, Truth, holds, number
from sharedvalue.engine.language.grounded import Grounded

Held = frozenset[frozenset[Test]]
Happened = tuple[str, Held]  # a rule's key, and the ways in which its condition held

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Read:
    """What a table gives in one world. `decided_by` is the place of the branch that was chosen."""

    values: Mapping[str, int]
    firings: tuple[Happened, ...]
    defeats: tuple[Happened, ...]
    decided_by: int | None


def read(grounded: Grounded, world: Mapping[str, int]) -> Read:
    """Interprets a table in one world, stratum by stratum."""
    values = dict(world)
    concludable = {name for rule in grounded.rules for name in rule.concludes}
    for name, variable in grounded.variables.items():
        if variable.origin == "conclusion" and name not in concludable:
            values.setdefault(name, 0)
    firings: list[Happened] = []
    defeats: list[Happened] = []
    decided_by: int | None = None
    for stratum in grounded.strata:
        for measure in stratum.measures:
            with suppress(Missing):
                values[measure.name] = number(measure.formula, values)
        if stratum.chooses:
            standing = [branch for branch in grounded.branches if values.get(branch.candidate, 0) == 1]
            if standing:
                first = min(standing, key=lambda branch: branch.place)
                values["outcome"], values["decided_by"], decided_by = first.outcome, first.place, first.place
        concluded: set[str] = set()
        for rule in stratum.rules:
            unless = Truth(False) if rule.unless is None else rule.unless
            if _happens(applies := And((rule.when, Not(unless))), values):
                firings.append((rule.key, _held(applies, values)))
                concluded |= set(rule.concludes)
            if _happens(defeated := And((rule.when, unless)), values):
                defeats.append((rule.key, _held(defeated, values)))
        for rule in stratum.rules:
            for name in rule.concludes:
                values[name] = int(name in concluded or values.get(name) == 1)
    return Read(values, tuple(firings), tuple(defeats), decided_by)


def _happens(condition: Condition, values: Mapping[str, int]) -> bool:
    try:
        true = holds(condition, values)
    except Missing:
        true = False
    assert true == bool(_held(condition, values)), condition
    return true


def _held(condition: Condition, values: Mapping[str, int]) -> Held:
    return frozenset(way for way in ways(condition) if all(_passes(test, values) for test in way))


def ways(condition: Condition, positive: bool = True) -> frozenset[frozenset[Test]]:
    """All combinations of literals that make a condition true (or false)."""
    if isinstance(condition, Truth):
        return frozenset([frozenset[Test]()]) if condition.value == positive else frozenset()
    if isinstance(condition, Test):
        op = condition.op if positive else OPPOSITE[condition.op]
        return frozenset([frozenset([Test(condition.left, op, condition.right)])])
    if isinstance(condition, Not):
        return ways(condition.part, not positive)
    if isinstance(condition, And | Or):
        parts = [ways(part, positive) for part in condition.parts]
        if isinstance(condition, And) == positive:
            return frozenset(frozenset[Test]().union(*chosen) for chosen in product(*parts))
        return frozenset[frozenset[Test]]().union(*parts)
    raise TypeError(condition)


def _passes(test: Test, values: Mapping[str, int]) -> bool:
    left = values.get(test.left)
    right = values.get(test.right) if isinstance(test.right, str) else test.right
    if left is None or right is None:
        return False
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[test.op]
