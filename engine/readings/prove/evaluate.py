"""The values of one complete world, fast and without a trace: conditions and numbers as closures, made once a table."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cached_property

from sharedvalue.engine.kept import KeptOf
from sharedvalue.engine.language.formulas import (
    And,
    Choose,
    Compare,
    Condition,
    Const,
    Formula,
    Not,
    Number,
    Or,
    Pick,
    Product,
    Quotient,
    Sum,
    Test,
    Truth,
    Value,
    reads,
)
from sharedvalue.engine.language.grounded import Grounded, GroundRule

World = dict[str, int]
TABLES_KEPT = 32
NO_OUTCOME = (
    -1
)  # the outcome and the deciding place of a world in which no branch stands: a hole in the rule book

COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def condition(formula: Condition) -> Callable[[World], bool]:
    """A function that says whether the condition holds in a world that has every value it reads."""
    match formula:
        case Truth(value):
            return lambda world: value
        case Test(left, op, right):
            return _test(left, op, right)
        case Not(part):
            inner = condition(part)
            return lambda world: not inner(world)
        case And(parts) | Or(parts):
            return _several([condition(part) for part in parts], isinstance(formula, And))
        case Compare(left_number, op, right_number):
            first, second, compare = number(left_number), number(right_number), COMPARE[op]
            return lambda world: compare(first(world), second(world))


def _test(left: str, op: str, right: int | str) -> Callable[[World], bool]:
    if isinstance(right, str):
        compare, other = COMPARE[op], right
        return lambda world: compare(world[left], world[other])
    match op:
        case "==":
            return lambda world: world[left] == right
        case "!=":
            return lambda world: world[left] != right
        case "<":
            return lambda world: world[left] < right
        case "<=":
            return lambda world: world[left] <= right
        case ">":
            return lambda world: world[left] > right
        case _:
            return lambda world: world[left] >= right


def _several(parts: list[Callable[[World], bool]], both: bool) -> Callable[[World], bool]:
    if len(parts) == 2:
        first, second = parts
        if both:
            return lambda world: first(world) and second(world)
        return lambda world: first(world) or second(world)
    found = tuple(parts)
    decisive = not both

    def run(world: World) -> bool:
        for part in found:
            if part(world) is decisive:
                return decisive
        return both

    return run


def number(formula: Number) -> Callable[[World], int]:
    """A function that gives the number's value in a world that has every value it reads."""
    match formula:
        case Const(value):
            return lambda world: value
        case Value(name):
            return lambda world: world[name]
        case Sum(parts):
            added = [number(part) for part in parts]
            return lambda world: sum([part(world) for part in added])
        case Product(parts):
            return _product([number(part) for part in parts])
        case Quotient(top, bottom):
            return _quotient(number(top), number(bottom))
        case Choose(when, then, otherwise):
            chosen, yes, no = condition(when), number(then), number(otherwise)
            return lambda world: yes(world) if chosen(world) else no(world)
        case Pick(kind, items, default):
            return _pick(kind, [(condition(when), number(item)) for when, item in items], number(default))


def _product(parts: list[Callable[[World], int]]) -> Callable[[World], int]:
    def run(world: World) -> int:
        result = 1
        for part in parts:
            result *= part(world)
        return result

    return run


def _quotient(top: Callable[[World], int], bottom: Callable[[World], int]) -> Callable[[World], int]:
    def run(world: World) -> int:
        below = bottom(world)
        return top(world) // below if below > 0 else 0

    return run


Items = list[tuple[Callable[[World], bool], Callable[[World], int]]]


def _pick(kind: str, items: Items, default: Callable[[World], int]) -> Callable[[World], int]:
    def run(world: World) -> int:
        found = [item(world) for when, item in items if when(world)]
        return picked(kind, found) if found else default(world)

    return run


def picked(kind: str, found: list[int]) -> int:
    """The least, greatest or middle of some numbers; the floor of the mean of two middle ones."""
    if kind == "least":
        return min(found)
    if kind == "greatest":
        return max(found)
    found.sort()
    half = len(found) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) // 2


class Formed:
    """A formula with what it reads and its function."""

    __slots__ = ("formula", "reads", "run")

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.reads = frozenset(reads(formula))
        is_number = isinstance(formula, Const | Value | Sum | Product | Quotient | Pick | Choose)
        self.run: Callable[[World], int] = number(formula) if is_number else condition(formula)  # type: ignore[arg-type]  # what is no number is a condition


class FormedRule:
    """A rule: its condition, what defeats it, and what it concludes."""

    __slots__ = ("concludes", "rule", "unless", "when")

    def __init__(self, rule: GroundRule) -> None:
        self.rule = rule
        self.when = Formed(rule.when)
        self.unless = None if rule.unless is None else Formed(rule.unless)
        self.concludes = rule.concludes


class FormedTable:
    """All formulas of a grounded table as functions, stratum by stratum; shared by everything in this package."""

    def __init__(self, grounded: Grounded) -> None:
        self.grounded = grounded
        self.strata = [
            (
                [(measure.name, Formed(measure.formula)) for measure in stratum.measures],
                stratum.chooses,
                [FormedRule(rule) for rule in stratum.rules],
            )
            for stratum in grounded.strata
        ]
        self.branches = sorted(grounded.branches, key=lambda branch: branch.place)
        concluded = [name for stratum in grounded.strata for name in stratum.conclusions]
        declared = [
            variable.name for variable in grounded.variables.values() if variable.origin == "conclusion"
        ]
        self.conclusions = tuple(dict.fromkeys(concluded + declared))
        self.nothing_holds = dict.fromkeys(self.conclusions, 0)

    @cached_property
    def constraints(self) -> list[tuple[str, Formed]]:
        return [(constraint.name, Formed(constraint.never)) for constraint in self.grounded.constraints]

    def run(self, world: Mapping[str, int]) -> World:
        """Every value in this world. A conclusion that is not reached is 0."""
        values = {**self.nothing_holds, **world}
        for measures, chooses, rules in self.strata:
            for name, measure in measures:
                values[name] = measure.run(values)
            if chooses:
                values["outcome"] = values["decided_by"] = NO_OUTCOME
                for branch in self.branches:
                    if values[branch.candidate]:
                        values["outcome"], values["decided_by"] = branch.outcome, branch.place
                        break
            fired = [
                r for r in rules if r.when.run(values) and not (r.unless is not None and r.unless.run(values))
            ]
            for rule in fired:
                for name in rule.concludes:
                    values[name] = 1
        return values

    def exists(self, values: World) -> bool:
        """Whether no constraint forbids a world, given all its values."""
        return not any(never.run(values) for _, never in self.constraints)


_tables: KeptOf[FormedTable] = KeptOf(TABLES_KEPT)


def formed(grounded: Grounded) -> FormedTable:
    """The functions of this table: made once, and kept for the tables that were used last."""
    return _tables.of(grounded, lambda: FormedTable(grounded))


def evaluate(grounded: Grounded, world: Mapping[str, int]) -> World:
    """Every value of a complete world: measures, conclusions (1 or 0), `outcome` and `decided_by`."""
    return formed(grounded).run(world)
