"""Where a comparison turns along the one input that is open in it, all else being known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.sweep.circuit import (
    FALSE,
    TRUE,
    AtLeast,
    Cases,
    Chosen,
    Column,
    Divided,
    Equals,
    Node,
    NoLess,
    Num,
    Picked,
    Same,
    Times,
    Total,
    picked,
)
from sharedvalue.engine.readings.sweep.translate import parts

MOST_CONDITIONS = 4  # open ones inside a comparison: it is looked at with each of their combinations
Literals = Callable[[int], bool | None]


class NotInPieces(Exception):
    """A number that is not made of straight pieces along the input."""


class Turning:
    """One comparison along one input. `known` are the other values, `literal` says what holds (None: open)."""

    def __init__(
        self, node: AtLeast | Equals | NoLess | Same, name: str, known: Mapping[str, int], literal: Literals
    ) -> None:
        self.node, self.name, self.known, self._settled = node, name, known, literal
        self._assumed: dict[int, bool] = {}
        self._above: Num
        self._below: Num
        match node:
            case AtLeast(number, bound):
                self._above, self._below = number, bound
            case Equals(number, value):
                self._above, self._below = number, value
            case NoLess(one, other) | Same(one, other):
                self._above, self._below = one, other

    def cuts(self, domain: Domain) -> frozenset[int] | None:
        """Values of the input at which the comparison may turn; None where that cannot be told."""
        plain = self._plain()
        if plain is not None:
            return plain
        unsure = sorted({abs(lit) for lit in self._literals() if self._settled(abs(lit)) is None})
        if len(unsure) > MOST_CONDITIONS:
            return None
        found: set[int] = set()
        try:
            for held in product((False, True), repeat=len(unsure)):
                self._assumed = dict(zip(unsure, held, strict=True))
                found |= self._turns(domain)
        except NotInPieces:
            return None
        return frozenset(found)

    def _plain(self) -> frozenset[int] | None:
        """The cuts where a column is compared with a column."""
        if not (isinstance(self._above, Column) and isinstance(self._below, Column)):
            return None
        at = self.known[self._below.name if self._above.name == self.name else self._above.name]
        return frozenset((at, at + 1))

    def _literals(self) -> Iterator[int]:
        waiting: list[Num] = [self._above, self._below]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Node):
                literals, numbers = parts(node)
                yield from (literal for literal in literals if literal not in (TRUE, FALSE))
                waiting += numbers

    def _turns(self, domain: Domain) -> set[int]:
        """Between two corners the difference is straight: it passes zero at most once, upwards or downwards."""
        corners: set[int] = set()
        for side in (self._above, self._below):
            self._corners(side, corners)
        places = sorted({0, domain.size, *(p for c in corners if 0 < (p := domain.place(c)) < domain.size)})
        found = {domain.values()[place] for place in places[1:-1]}
        for start, end in pairwise(places):
            for wanted in (0, 1):  # the difference is at least this
                place = self._first_other(domain, start, end, wanted)
                if place is not None:
                    found.add(domain.values()[place])
        return found

    def _first_other(self, domain: Domain, start: int, end: int, wanted: int) -> int | None:
        """The first place of a straight piece at which it is answered otherwise than at its start; None for none."""
        first = self._difference(domain.values()[start]) >= wanted
        if (self._difference(domain.values()[end - 1]) >= wanted) is first:
            return None
        low, high = start, end - 1
        while high - low > 1:
            middle = (low + high) // 2
            if (self._difference(domain.values()[middle]) >= wanted) is first:
                low = middle
            else:
                high = middle
        return high

    def _difference(self, value: int) -> int:
        return self._value(self._above, value) - self._value(self._below, value)

    def _holds(self, literal: int) -> bool:
        if literal in (TRUE, FALSE):
            return literal == TRUE
        held = self._settled(abs(literal))
        return (self._assumed[abs(literal)] if held is None else held) is (literal > 0)

    def _value(self, number: Num, value: int) -> int:
        """A number where the input has a value."""
        match number:
            case int():
                return number
            case Column(name=name):
                return value if name == self.name else self.known[name]
            case Total(_, _, numbers, constant):
                return sum(self._value(part, value) for part in numbers) + constant
            case Times(_, _, numbers, factor):
                for part in numbers:
                    factor *= self._value(part, value)
                return factor
            case Divided(_, _, top, bottom):
                below = self._value(bottom, value)
                return self._value(top, value) // below if below > 0 else 0
            case Chosen(_, _, literal, then, otherwise):
                return self._value(then if self._holds(literal) else otherwise, value)
            case Cases(_, _, cases):
                return next((case for literal, case in cases if self._holds(literal)), 0)
            case Picked(_, _, kind, items, default):
                among = [self._value(item, value) for literal, item in items if self._holds(literal)]
                return picked(kind, among) if among else self._value(default, value)
        raise TypeError(f"no value for {type(number).__name__}")

    def _corners(self, number: Num, found: set[int]) -> bool:
        """Adds the values at which a number bends; whether it changes along the input at all.

        Raises:
            NotInPieces: it is not straight between such values.
        """
        match number:
            case int() | Cases():
                return False
            case Column(name=name):
                return name == self.name
            case Total(_, _, numbers, _):
                return sum(self._corners(part, found) for part in numbers) > 0
            case Times(_, _, numbers, _):
                changing = sum(self._corners(part, found) for part in numbers)
                if changing > 1:
                    raise NotInPieces
                return changing == 1
            case Chosen(_, _, literal, then, otherwise):
                return self._corners(then if self._holds(literal) else otherwise, found)
            case Divided(_, _, top, bottom) if not (self._changes(top) or self._changes(bottom)):
                return False
            case Picked(_, _, kind, items, default):
                among = [item for literal, item in items if self._holds(literal)]
                return self._corners_picked(kind, among, found) if among else self._corners(default, found)
        raise NotInPieces

    def _changes(self, number: Num) -> bool:
        return self._corners(number, set())

    def _corners_picked(self, kind: str, items: list[Num], found: set[int]) -> bool:
        """The least or greatest of the input and other numbers bends where the input passes one of them."""
        changing = [item for item in items if self._changes(item)]
        if changing and (kind == "middle" or any(not isinstance(item, Column) for item in changing)):
            raise NotInPieces
        for item in items if changing else ():
            if item not in changing:
                at = self._value(item, 0)
                found |= {at, at + 1}
        return bool(changing)
