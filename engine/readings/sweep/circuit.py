"""What is left of a rule book once the constants are in: conditions and numbers, each made once.

A condition is a literal: the position of its node, negative for "not". A number is an integer, or a node with a span.
Comparisons are pushed down to what varies, so that most of them end as one column against one integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TRUE, FALSE = 1, -1


# --- numbers ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Node:
    """A number that varies: no lower than `lo`, no higher than `hi`."""

    lo: int
    hi: int


@dataclass(frozen=True, eq=False)
class Column(Node):
    name: str


@dataclass(frozen=True, eq=False)
class Total(Node):
    parts: tuple[Node, ...]
    constant: int


@dataclass(frozen=True, eq=False)
class Times(Node):
    parts: tuple[Node, ...]
    factor: int


@dataclass(frozen=True, eq=False)
class Divided(Node):
    """Floor of top / bottom; 0 when the bottom is 0 or less."""

    top: Num
    bottom: Num


@dataclass(frozen=True, eq=False)
class Picked(Node):
    """The least, greatest or middle of the items whose literal holds, else `default`."""

    kind: str
    items: tuple[tuple[int, Num], ...]
    default: Num


@dataclass(frozen=True, eq=False)
class Chosen(Node):
    literal: int
    then: Num
    otherwise: Num


@dataclass(frozen=True, eq=False)
class Cases(Node):
    """One integer a literal; exactly one of the literals holds."""

    cases: tuple[tuple[int, int], ...]


Num = int | Node


def span(number: Num) -> tuple[int, int]:
    return (number, number) if isinstance(number, int) else (number.lo, number.hi)


# --- conditions -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Flag:
    """A column of yes and no."""

    name: str


@dataclass(frozen=True)
class AtLeast:
    number: Node
    bound: int


@dataclass(frozen=True)
class Equals:
    number: Node
    value: int


@dataclass(frozen=True)
class NoLess:
    """The one is at least the other."""

    one: Node
    other: Node


@dataclass(frozen=True)
class Same:
    one: Node
    other: Node


@dataclass(frozen=True)
class All:
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Any:
    parts: tuple[int, ...]


Gate = Flag | AtLeast | Equals | NoLess | Same | All | Any


class Circuit:
    """Conditions, each made once. `nodes[i]` is what literal i stands for; place 1 is the constant `true`."""

    def __init__(self) -> None:
        self.nodes: list[Gate | None] = [None, None]
        self._places: dict[Gate, int] = {}
        self._numbers: dict[tuple[object, ...], Node] = {}

    def place(self, gate: Gate) -> int:
        found = self._places.get(gate)
        if found is None:
            found = self._places[gate] = len(self.nodes)
            self.nodes.append(gate)
        return found

    def kept(self, node: Node, *key: object) -> Node:
        """The node made first of those with this key."""
        return self._numbers.setdefault((type(node), *key), node)

    # --- literals ---------------------------------------------------------------------------------------------
    def all(self, parts: Iterable[int]) -> int:
        return self._joined(parts, All)

    def any(self, parts: Iterable[int]) -> int:
        return self._joined(parts, Any)

    def _joined(self, parts: Iterable[int], kind: type[All] | type[Any]) -> int:
        neutral = TRUE if kind is All else FALSE
        found: dict[int, None] = {}
        for part in parts:
            if part == -neutral or -part in found:
                return -neutral
            if part != neutral:
                found[part] = None
        if len(found) < 2:
            return next(iter(found), neutral)
        return self.place(kind(tuple(sorted(found))))

    def either(self, literal: int, then: int, otherwise: int) -> int:
        return self.any((self.all((literal, then)), self.all((-literal, otherwise))))

    # --- comparisons ------------------------------------------------------------------------------------------
    def compare(self, left: Num, op: str, right: Num) -> int:
        match op:
            case ">=":
                return self.no_less(left, right)
            case "<":
                return -self.no_less(left, right)
            case "<=":
                return self.no_less(right, left)
            case ">":
                return -self.no_less(right, left)
            case "==":
                return self.same(left, right)
            case _:
                return -self.same(left, right)

    def no_less(self, left: Num, right: Num) -> int:
        if isinstance(left, int):
            if isinstance(right, int):
                return TRUE if left >= right else FALSE
            return -self.at_least(right, left + 1)
        if isinstance(right, int):
            return self.at_least(left, right)
        if left.lo >= right.hi or left is right:
            return TRUE
        return FALSE if left.hi < right.lo else self.place(NoLess(left, right))

    def same(self, left: Num, right: Num) -> int:
        if isinstance(left, int):
            left, right = right, left
        if isinstance(left, int):
            return TRUE if left == right else FALSE
        if isinstance(right, int):
            return self.equals(left, right)
        if left is right:
            return TRUE
        return FALSE if left.hi < right.lo or right.hi < left.lo else self.place(Same(left, right))

    def at_least(self, number: Num, bound: int) -> int:
        lo, hi = span(number)
        if lo >= bound:
            return TRUE
        if hi < bound:
            return FALSE
        match number:
            case Chosen(_, _, literal, then, otherwise):
                return self.either(literal, self.at_least(then, bound), self.at_least(otherwise, bound))
            case Cases(_, _, cases):
                return self.any(literal for literal, value in cases if value >= bound)
            case Total(_, _, (part,), constant):
                return self.at_least(part, bound - constant)
            case Times(_, _, (part,), factor):
                return (
                    self.at_least(part, -(-bound // factor))
                    if factor > 0
                    else -self.at_least(part, bound // factor + 1)
                )
            case Divided(_, _, top, bottom):
                reached = self.no_less(top, self.times((bottom, bound)))
                return self.either(self.at_least(bottom, 1), reached, TRUE if bound <= 0 else FALSE)
            case Picked(_, _, "least" | "greatest" as kind, items, default):
                return self._picked_at_least(kind, items, default, bound)
        assert isinstance(number, Node)
        return self.place(AtLeast(number, bound))

    def _picked_at_least(self, kind: str, items: Sequence[tuple[int, Num]], default: Num, bound: int) -> int:
        none = self.all(-literal for literal, _ in items)
        at_default = self.all((none, self.at_least(default, bound)))
        if kind == "greatest":
            return self.any(
                (*(self.all((lit, self.at_least(item, bound))) for lit, item in items), at_default)
            )
        every = self.all(self.any((-lit, self.at_least(item, bound))) for lit, item in items)
        return self.any((self.all((-none, every)), at_default))

    def equals(self, number: Num, value: int) -> int:
        lo, hi = span(number)
        if not lo <= value <= hi:
            return FALSE
        if lo == hi:
            return TRUE
        match number:
            case Chosen(_, _, literal, then, otherwise):
                return self.either(literal, self.equals(then, value), self.equals(otherwise, value))
            case Cases(_, _, cases):
                return self.any(literal for literal, case in cases if case == value)
            case Total(_, _, (part,), constant):
                return self.equals(part, value - constant)
            case Times(_, _, (part,), factor):
                return FALSE if value % factor else self.equals(part, value // factor)
            case Column():
                return (
                    self.place(Equals(number, value)) if lo < value < hi else self._at_an_end(number, value)
                )
        return self.all((self.at_least(number, value), -self.at_least(number, value + 1)))

    def _at_an_end(self, number: Column, value: int) -> int:
        return self.at_least(number, value) if value == number.hi else -self.at_least(number, value + 1)

    # --- arithmetic -------------------------------------------------------------------------------------------
    def column(self, name: str, lo: int, hi: int) -> Num:
        return lo if lo == hi else self.kept(Column(lo, hi, name), name)

    def total(self, parts: Iterable[Num]) -> Num:
        constant, open_parts = 0, []
        for part in parts:
            if isinstance(part, int):
                constant += part
            else:
                open_parts.append(part)
        if not open_parts or (len(open_parts) == 1 and not constant):
            return open_parts[0] if open_parts else constant
        found = tuple(open_parts)
        lo, hi = sum(part.lo for part in found) + constant, sum(part.hi for part in found) + constant
        return self.kept(Total(lo, hi, found, constant), found, constant)

    def times(self, parts: Iterable[Num]) -> Num:
        factor, open_parts = 1, []
        for part in parts:
            if isinstance(part, int):
                factor *= part
            else:
                open_parts.append(part)
        if not open_parts or factor == 0:
            return factor
        if len(open_parts) == 1 and factor == 1:
            return open_parts[0]
        ends = [factor]
        for part in open_parts:
            corners = [end * bound for end in ends for bound in (part.lo, part.hi)]
            ends = [min(corners), max(corners)]
        found = tuple(open_parts)
        return self.kept(Times(min(ends), max(ends), found, factor), found, factor)

    def divided(self, top: Num, bottom: Num) -> Num:
        (low, high), (lo, hi) = span(top), span(bottom)
        if hi <= 0:
            return 0
        if isinstance(top, int) and isinstance(bottom, int):
            return top // bottom
        if bottom == 1:
            return top
        ends = [end // by for end in (low, high) for by in (max(lo, 1), hi)] + ([0] if lo <= 0 else [])
        return self.kept(Divided(min(ends), max(ends), top, bottom), top, bottom)

    def chosen(self, literal: int, then: Num, otherwise: Num) -> Num:
        if literal in (TRUE, FALSE) or (isinstance(then, int) and then == otherwise) or then is otherwise:
            return otherwise if literal == FALSE else then
        if literal < 0:
            literal, then, otherwise = -literal, otherwise, then
        spans = span(then), span(otherwise)
        lo, hi = min(s[0] for s in spans), max(s[1] for s in spans)
        return self.kept(Chosen(lo, hi, literal, then, otherwise), literal, then, otherwise)

    def cases(self, cases: Sequence[tuple[int, int]]) -> Num:
        found = tuple((literal, value) for literal, value in cases if literal != FALSE)
        values = {value for _, value in found}
        if len(values) == 1:
            return values.pop()
        return self.kept(Cases(min(values), max(values), found), found)

    def picked(self, kind: str, items: Iterable[tuple[int, Num]], default: Num) -> Num:
        found = tuple(item for item in items if item[0] != FALSE)
        if not found:
            return default
        sure = [number for literal, number in found if literal == TRUE]
        if len(sure) == len(found):
            if len(found) == 1:
                return sure[0]
            if all(isinstance(number, int) for number in sure):
                return picked(kind, [number for number in sure if isinstance(number, int)])
        spans = [span(number) for _, number in found] + ([] if sure else [span(default)])
        lo, hi = min(s[0] for s in spans), max(s[1] for s in spans)
        if lo == hi:
            return lo
        return self.kept(Picked(lo, hi, kind, found, default), kind, found, default)


def picked(kind: str, values: list[int]) -> int:
    """The least, greatest or middle of some integers; the floor of the mean of two middle ones."""
    found, half = sorted(values), len(values) // 2
    if kind != "middle":
        return found[0] if kind == "least" else found[-1]
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) // 2
