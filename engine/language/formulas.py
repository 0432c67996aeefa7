"""Flat formulas: what conditions and measures become once every record has its own name.

Values are integers (see types.py). Two kinds of node: conditions (true or false) and numbers. All three readings
translate just these nodes, one small function a node.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


# --- conditions -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Test:
    """A variable against an integer or another variable: the literal of every rule. A conclusion is tested against 1 or 0."""

    left: str
    op: str
    right: int | str

    __test__ = False

    def sort_key(self) -> tuple[str, str, str]:
        return (self.left, self.op, str(self.right))


@dataclass(frozen=True)
class Compare:
    """Two numbers compared; stands in measures only."""

    left: Number
    op: str
    right: Number


@dataclass(frozen=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


# --- numbers ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Const:
    value: int


@dataclass(frozen=True)
class Value:
    """The integer of a variable: a fact, a measure, or a conclusion (1 or 0)."""

    name: str


@dataclass(frozen=True)
class Sum:
    parts: tuple[Number, ...]


@dataclass(frozen=True)
class Product:
    parts: tuple[Number, ...]


@dataclass(frozen=True)
class Quotient:
    """Floor of top / bottom; 0 when the bottom is 0 or less."""

    top: Number
    bottom: Number


@dataclass(frozen=True)
class Pick:
    """The least, greatest or middle ('least' | 'greatest' | 'middle') of the items whose condition holds, else `default`.

    The middle of an even number is the floor of the mean of the two in the middle.
    """

    kind: str
    items: tuple[tuple[Condition, Number], ...]
    default: Number


@dataclass(frozen=True)
class Choose:
    condition: Condition
    then: Number
    otherwise: Number


Way = tuple[Test, ...]  # literals that must all hold: one alternative of a rule
Condition = Truth | Test | Compare | And | Or | Not
Number = Const | Value | Sum | Product | Quotient | Pick | Choose
Formula = Condition | Number


class Missing(Exception):
    """A value that this world does not have (evidence stage only)."""


def reads(formula: Formula) -> Iterator[str]:
    """The names of all variables in a formula, with repeats."""
    match formula:
        case Truth() | Const():
            return
        case Test(left, _, right):
            yield left
            if isinstance(right, str):
                yield right
        case Value(name):
            yield name
        case Compare(left_number, _, right_number):
            yield from reads(left_number)
            yield from reads(right_number)
        case Not(part):
            yield from reads(part)
        case And(parts) | Or(parts):
            for condition in parts:
                yield from reads(condition)
        case Sum(parts) | Product(parts):
            for number in parts:
                yield from reads(number)
        case Quotient(top, bottom):
            yield from reads(top)
            yield from reads(bottom)
        case Pick(_, items, default):
            for condition, number in items:
                yield from reads(condition)
                yield from reads(number)
            yield from reads(default)
        case Choose(condition, then, otherwise):
            yield from reads(condition)
            yield from reads(then)
            yield from reads(otherwise)


def compare(left: int, op: str, right: int) -> bool:
    return COMPARE[op](left, right)


# The two functions below are the hottest of all: the forms that are met most often come first, and `match` would
# take twice as long.
def holds(condition: Condition, world: Mapping[str, int]) -> bool:
    """Whether a condition is true in a world. A missing value raises Missing, unless the rest decides without it."""
    if isinstance(condition, Test):
        right = condition.right
        try:
            return COMPARE[condition.op](
                world[condition.left], world[right] if isinstance(right, str) else right
            )
        except KeyError as error:
            raise Missing(error.args[0]) from None
    if isinstance(condition, And):
        return _all(condition.parts, world, False)
    if isinstance(condition, Or):
        return _all(condition.parts, world, True)
    if isinstance(condition, Not):
        return not holds(condition.part, world)
    if isinstance(condition, Truth):
        return condition.value
    return COMPARE[condition.op](number(condition.left, world), number(condition.right, world))


def surely_holds(condition: Condition, world: Mapping[str, int]) -> bool:
    """Whether a condition is true of what is known; False where something that is missing leaves it open."""
    try:
        return holds(condition, world)
    except Missing:
        return False


def _all(parts: tuple[Condition, ...], world: Mapping[str, int], decisive: bool) -> bool:
    missing: Missing | None = None
    for part in parts:
        try:
            if holds(part, world) is decisive:
                return decisive
        except Missing as error:
            missing = error
    if missing:
        raise missing
    return not decisive


def number(formula: Number, world: Mapping[str, int]) -> int:
    """The value of a number in a world. A missing value raises Missing."""
    if isinstance(formula, Value):
        try:
            return world[formula.name]
        except KeyError:
            raise Missing(formula.name) from None
    if isinstance(formula, Const):
        return formula.value
    if isinstance(formula, Choose):
        return number(formula.then if holds(formula.condition, world) else formula.otherwise, world)
    if isinstance(formula, Sum):
        return sum([number(part, world) for part in formula.parts])
    if isinstance(formula, Product):
        result = 1
        for part in formula.parts:
            result *= number(part, world)
        return result
    if isinstance(formula, Quotient):
        below = number(formula.bottom, world)
        return number(formula.top, world) // below if below > 0 else 0
    found = sorted([number(item, world) for condition, item in formula.items if holds(condition, world)])
    if not found:
        return number(formula.default, world)
    if formula.kind == "least":
        return found[0]
    if formula.kind == "greatest":
        return found[-1]
    half = len(found) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) // 2


class TooManyAlternatives(Exception):
    """A condition whose alternatives, written out, pass the limit."""


def alternatives(condition: Condition, limit: int = 64) -> tuple[tuple[Test, ...], ...]:
    """The condition as alternatives of literals (disjunctive normal form), each sorted, none repeated.

    An alternative that contradicts itself (x == 1 and x == 0) is dropped; one that another makes needless is kept, so
    that a firing names every way in which its condition held.
    """
    found: dict[tuple[Test, ...], None] = {}
    for tests in _spread(condition, False, limit):
        found.setdefault(tuple(sorted(tests, key=Test.sort_key)))
    return tuple(found)


def _spread(condition: Condition, negated: bool, limit: int) -> list[frozenset[Test]]:
    match condition:
        case Truth(value):
            return [frozenset()] if value is not negated else []
        case Test(left, op, right):
            return [frozenset({Test(left, NEGATED[op] if negated else op, right)})]
        case Not(part):
            return _spread(part, not negated, limit)
        case And(parts) | Or(parts):
            spread = [_spread(part, negated, limit) for part in parts]
            if isinstance(condition, And) is negated:
                return list(dict.fromkeys(tests for ways in spread for tests in ways))
            product: list[frozenset[Test]] = [frozenset()]
            for ways in spread:
                product = list(dict.fromkeys(a | b for a in product for b in ways if not _contradict(a, b)))
                if len(product) > limit:
                    raise TooManyAlternatives
            return product
        case Compare():
            raise TypeError("arithmetic stands in measures, not in rules")


def _contradict(a: frozenset[Test], b: frozenset[Test]) -> bool:
    return any(Test(t.left, NEGATED[t.op], t.right) in a for t in b)
