"""Arithmetic with numbers that depend on unknowns; comparing two of them gives a literal of the circuit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import gcd

from sharedvalue.engine.readings.prove.budget import OutOfBudget
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, Circuit
from sharedvalue.engine.readings.prove.evaluate import picked
from sharedvalue.engine.readings.prove.numbers import (
    Cases,
    Extreme,
    Factor,
    Polynomial,
    Ratio,
    Sym,
    Times,
    Whole,
    factor_order,
    highest,
    lowest,
    product_range,
    size,
    term_order,
)

LARGEST = 1 << 4096  # beyond this a product is not followed
MOST_CASES = 64  # beyond this a number is kept whole instead of case by case
MOST_PAIRS = 512  # likewise for the comparison of two numbers, part by part
MOST_TERMS = 64  # likewise for the terms of a polynomial


class Arithmetic:
    """Sums, products, ratios, choices and comparisons over one circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self._wholes: dict[Sym, Whole] = {}

    def unknown(self, name: str) -> Sym:
        domain = self.circuit.unknowns[name]
        return Polynomial((((name,), 1),), 0, domain.lo, domain.hi)

    # --- making numbers ---------------------------------------------------------------------------------------
    def add(self, a: Sym, b: Sym) -> Sym:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0 or b == 0:
            return b if a == 0 else a
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Cases) and len(one.cases) * self._width(other) <= MOST_CASES:
                return self.cases([(when, self.add(case, other)) for when, case in one.cases])
            if (
                isinstance(one, Extreme)
                and one.kind != "middle"
                and len(one.items) * self._width(other) <= MOST_CASES
            ):
                return self._each(one, one.kind, self.add, other)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Ratio) and isinstance(one.bottom, int) and isinstance(other, int | Polynomial):
                return self.divide(self.add(one.top, self.times(other, one.bottom)), one.bottom)
        return self._polynomial_sum(self._polynomial(a), self._polynomial(b), 1)

    def times(self, a: Sym, b: Sym) -> Sym:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        if a == 1 or b == 1:
            return b if a == 1 else a
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Cases) and len(one.cases) * self._width(other) <= MOST_CASES:
                return self.cases([(when, self.times(case, other)) for when, case in one.cases])
            if isinstance(one, Extreme) and one.kind != "middle" and isinstance(other, int):
                kind = one.kind if other > 0 else "greatest" if one.kind == "least" else "least"
                return self._each(one, kind, self.times, other)
            if (
                isinstance(one, Ratio) and isinstance(one.bottom, int) and other == -1
            ):  # -(t // b) = (b - 1 - t) // b
                return self.divide(self.add(self.times(one.top, -1), one.bottom - 1), one.bottom)
        first, second = self._polynomial(a), self._polynomial(b)
        if len(first.terms) * len(second.terms) > MOST_TERMS or any(
            len(f) > 8 for f, _ in first.terms + second.terms
        ):
            lo, hi = product_range((first.lo, first.hi), (second.lo, second.hi))
            if max(-lo, hi) > LARGEST:
                raise OutOfBudget
            return self._polynomial(Times(first, second, lo, hi))
        self.circuit.budget.tick()
        total: dict[tuple[Factor, ...], int] = {}
        for factors, count in (*first.terms, ((), first.constant)):
            for others, times in (*second.terms, ((), second.constant)):
                key = (
                    tuple(sorted(factors + others, key=factor_order))
                    if factors and others
                    else factors or others
                )
                total[key] = total.get(key, 0) + count * times
        return self._made(total, total.pop((), 0))

    def divide(self, top: Sym, bottom: Sym) -> Sym:
        if isinstance(bottom, int):
            if bottom <= 0:
                return 0
            if isinstance(top, int):
                return top // bottom
            if isinstance(top, Cases):
                return self.cases([(when, self.divide(case, bottom)) for when, case in top.cases])
            return (
                self._sized(Ratio(top, bottom, top.lo // bottom, top.hi // bottom, size(top)))
                if bottom > 1
                else top
            )
        if isinstance(bottom, Cases) and len(bottom.cases) * self._width(top) <= MOST_CASES:
            return self.cases([(when, self.divide(top, case)) for when, case in bottom.cases])
        if bottom.hi <= 0:
            return 0
        ends = [lowest(top), highest(top)]
        least, most = max(1, bottom.lo), bottom.hi
        found = [end // below for end in ends for below in (least, most)] + ([0] if bottom.lo <= 0 else [])
        return self._sized(Ratio(top, bottom, min(found), max(found), size(top) * size(bottom)))

    def cases(self, cases: Iterable[tuple[int, Sym]]) -> Sym:
        """One of several numbers whose literals exclude each other, one of which holds."""
        merged: dict[Sym, list[int]] = {}
        for when, case in cases:
            if when == TRUE:
                return case
            if when != FALSE:
                for inner, number in case.cases if isinstance(case, Cases) else ((TRUE, case),):
                    merged.setdefault(number, []).append(self.circuit.all((when, inner)))
        found = tuple((self.circuit.any(whens), number) for number, whens in merged.items())
        found = tuple((when, number) for when, number in found if when != FALSE)
        if len(found) == 1:
            return found[0][1]
        lo, hi = min(lowest(n) for _, n in found), max(highest(n) for _, n in found)
        return self._sized(Cases(found, lo, hi, sum(size(n) for _, n in found)))

    def choose(self, when: int, then: Sym, otherwise: Sym) -> Sym:
        return self.cases(((when, then), (-when, otherwise)))

    def pick(self, kind: str, items: Iterable[tuple[int, Sym]], default: Sym) -> Sym:
        found = [(when, item) for when, item in items if when != FALSE]
        if any(when == TRUE for when, _ in found):
            default = 0  # never used
        if not found:
            return default
        numbers = [item for _, item in found]
        if all(isinstance(n, int) for n in numbers):
            if all(when == TRUE for when, _ in found):
                return picked(kind, [lowest(n) for n in numbers])
            if kind != "middle":
                return self._first(
                    sorted(found, key=lambda i: lowest(i[1]), reverse=kind == "greatest"), default
                )
        if len(found) == 1:
            return self.choose(found[0][0], found[0][1], default)
        sure = [item for when, item in found if when == TRUE]
        ends = numbers if sure else [*numbers, default]
        lo, hi = min(map(lowest, ends)), max(map(highest, ends))
        if sure and kind == "least":
            hi = min(map(highest, sure))
        elif sure and kind == "greatest":
            lo = max(map(lowest, sure))
        return self._sized(
            Extreme(kind, tuple(found), default, lo, hi, sum(map(size, numbers)) + size(default))
        )

    def _each(self, number: Extreme, kind: str, change: Callable[[Sym, Sym], Sym], by: Sym) -> Sym:
        """An extreme whose items are changed in a way that keeps their order, or (with the other kind) turns it."""
        items = [(when, change(item, by)) for when, item in number.items]
        return self.pick(kind, items, change(number.default, by))

    def _first(self, items: list[tuple[int, Sym]], default: Sym) -> Sym:
        left, cases = TRUE, []
        for when, item in items:
            cases.append((self.circuit.all((left, when)), item))
            left = self.circuit.all((left, -when))
        return self.cases([*cases, (left, default)])

    # --- comparing --------------------------------------------------------------------------------------------
    def compare(self, a: Sym, op: str, b: Sym) -> int:
        match op:
            case ">=":
                return self.at_least(a, b)
            case "<=":
                return self.at_least(b, a)
            case "<":
                return -self.at_least(a, b)
            case ">":
                return -self.at_least(b, a)
            case "==":
                return self.circuit.all((self.at_least(a, b), self.at_least(b, a)))
            case _:
                return self.circuit.any((-self.at_least(a, b), -self.at_least(b, a)))

    def at_least(self, a: Sym, b: Sym) -> int:
        """The literal that a >= b."""
        self.circuit.budget.tick()
        if lowest(a) >= highest(b):
            return TRUE
        if highest(a) < lowest(b):
            return FALSE
        circuit = self.circuit
        if size(a) * size(b) > MOST_PAIRS:
            return self._not_negative(self._polynomial_sum(self._polynomial(a), self._polynomial(b), -1))
        if isinstance(a, Cases):
            return circuit.any([circuit.all((when, self.at_least(case, b))) for when, case in a.cases])
        if isinstance(a, Extreme) and a.kind != "middle":
            found = [(when, self.at_least(item, b)) for when, item in a.items]
            nothing = circuit.all([-when for when, _ in a.items])
            by_default = circuit.all((nothing, self.at_least(a.default, b))) if nothing != FALSE else FALSE
            if a.kind == "greatest":
                return circuit.any([by_default, *[circuit.all(pair) for pair in found]])
            every = circuit.all([circuit.any((-when, passes)) for when, passes in found])
            return circuit.any((by_default, circuit.all((-nothing, every))))
        if isinstance(a, Ratio):
            positive = self.at_least(a.bottom, 1)
            above = circuit.all((positive, self.at_least(a.top, self.times(b, a.bottom))))
            return circuit.any((above, circuit.all((-positive, self.at_least(0, b)))))
        if isinstance(a, int | Polynomial) and isinstance(b, int | Polynomial):
            return self._not_negative(self._polynomial_sum(self._polynomial(a), self._polynomial(b), -1))
        if isinstance(b, Cases | Ratio) or (isinstance(b, Extreme) and b.kind != "middle"):
            return -self.at_least(b, self.add(a, 1))
        return self._not_negative(self._polynomial_sum(self._polynomial(a), self._polynomial(b), -1))

    def _not_negative(self, number: Sym) -> int:
        if lowest(number) >= 0:
            return TRUE
        if highest(number) < 0:
            return FALSE
        assert isinstance(number, Polynomial)
        divisor = gcd(*(count for _, count in number.terms))
        if number.terms[0][1] < 0:  # one form for a comparison and its opposite
            flipped = self._made({factors: -count for factors, count in number.terms}, -number.constant - 1)
            return -self._not_negative(flipped)
        constant = number.constant // divisor
        (factors, _), *more = number.terms
        if not more and len(factors) == 1 and isinstance(factors[0], str):
            return self.circuit.at_least(factors[0], -constant)
        reduced = self._made({factors: count // divisor for factors, count in number.terms}, constant)
        assert isinstance(reduced, Polynomial)
        return self.circuit.not_negative(reduced, self.support(reduced))

    def support(self, number: Sym) -> int:
        """The unknowns in a number, as bits."""
        found = 0
        match number:
            case Polynomial(terms):
                for factors, _ in terms:
                    for factor in factors:
                        found |= self.circuit.bit[factor] if isinstance(factor, str) else factor.support
            case Cases(cases):
                for when, case in cases:
                    found |= self.circuit.supports(when) | self.support(case)
            case Extreme(_, items, default):
                found = self.support(default)
                for when, item in items:
                    found |= self.circuit.supports(when) | self.support(item)
            case Ratio(first, second) | Times(first, second):
                found = self.support(first) | self.support(second)
        return found

    def _sized(self, number: Cases | Extreme | Ratio) -> Sym:
        """The number, kept whole when it is made of too many parts to be taken apart again and again."""
        return self._polynomial(number) if number.size > MOST_PAIRS else number

    @property
    def weight(self) -> int:
        """How many parts there are in all numbers that are kept whole."""
        return sum(size(number) for number in self._wholes)

    # --- polynomials ------------------------------------------------------------------------------------------
    def _width(self, number: Sym) -> int:
        """How many cases taking a number apart makes; with a number kept whole nothing is taken apart any more."""
        if isinstance(number, Polynomial):
            return (
                MOST_CASES if any(isinstance(f, Whole) for factors, _ in number.terms for f in factors) else 1
            )
        if isinstance(number, Cases | Extreme):
            return len(number.cases if isinstance(number, Cases) else number.items)
        return 1

    def _polynomial(self, number: Sym) -> Polynomial:
        if isinstance(number, Polynomial):
            return number
        if isinstance(number, int):
            return Polynomial((), number, number, number)
        whole = self._wholes.get(number)
        if whole is None:
            whole = self._wholes[number] = Whole(f"~{len(self._wholes)}", number, self.support(number))
        return Polynomial((((whole,), 1),), 0, number.lo, number.hi)

    def _polynomial_sum(self, a: Polynomial, b: Polynomial, sign: int) -> Sym:
        total = dict(a.terms)
        for factors, count in b.terms:
            total[factors] = total.get(factors, 0) + sign * count
        return self._made(total, a.constant + sign * b.constant)

    def _made(self, total: Mapping[tuple[Factor, ...], int], constant: int) -> Sym:
        terms = tuple(sorted(((f, n) for f, n in total.items() if n), key=term_order))
        lo = hi = constant
        for factors, count in terms:
            low, high = count, count
            for factor in factors:
                low, high = product_range((low, high), self._range(factor))
            lo, hi = lo + min(low, high), hi + max(low, high)
        return Polynomial(terms, constant, lo, hi) if terms else constant

    def _range(self, factor: Factor) -> tuple[int, int]:
        if isinstance(factor, str):
            return self.circuit.unknowns[factor].lo, self.circuit.unknowns[factor].hi
        return factor.number.lo, factor.number.hi
