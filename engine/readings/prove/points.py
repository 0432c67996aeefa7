"""The residual at one point: numbers, comparisons and literals when every unknown has a value."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from sharedvalue.engine.readings.prove.circuit import AtLeast, Circuit, NotNegative
from sharedvalue.engine.readings.prove.evaluate import picked
from sharedvalue.engine.readings.prove.numbers import Cases, Extreme, Polynomial, Ratio, Sym, Times, Whole


class Point:
    """One value for each unknown that is asked about. Every node is computed once."""

    def __init__(self, circuit: Circuit, values: Mapping[str, int]) -> None:
        self.circuit = circuit
        self.values = values
        self._nodes: dict[int, bool] = {1: True}
        self._wholes: dict[str, int] = {}

    def moved(self, changed: Mapping[str, int]) -> Point:
        """The point with some values changed; what they do not bear on is not computed again."""
        moving = 0
        for name in changed:
            moving |= self.circuit.bit.get(name, 0)
        other = Point(self.circuit, {**self.values, **changed})
        support = self.circuit.support
        other._nodes = {
            number: holds for number, holds in self._nodes.items() if not support[number] & moving
        }
        return other

    def holds(self, literal: int) -> bool:
        return self.node(literal) if literal > 0 else not self.node(-literal)

    def node(self, number: int) -> bool:
        found = self._nodes.get(number)
        if found is None:
            node = self.circuit.nodes[number]
            if isinstance(node, AtLeast):
                found = self.values[node.name] >= self.circuit.unknowns[node.name].points[node.place]
            elif isinstance(node, NotNegative):
                found = self.number(node.number) >= 0
            else:
                found = all(self.holds(part) for part in node)
            self._nodes[number] = found
        return found

    def _whole(self, whole: Whole) -> int:
        found = self._wholes.get(whole.name)
        if found is None:
            found = self._wholes[whole.name] = self.number(whole.number)
        return found

    def number(self, number: Sym) -> int:
        match number:
            case int():
                return number
            case Polynomial(terms, constant):
                for factors, count in terms:
                    constant += count * prod(
                        self.values[factor] if isinstance(factor, str) else self._whole(factor)
                        for factor in factors
                    )
                return constant
            case Cases(cases):
                return next(self.number(case) for when, case in cases if self.holds(when))
            case Extreme(kind, items, default):
                found = [self.number(item) for when, item in items if self.holds(when)]
                return picked(kind, found) if found else self.number(default)
            case Ratio(top, bottom):
                below = self.number(bottom)
                return self.number(top) // below if below > 0 else 0
            case Times(first, second):
                return self.number(first) * self.number(second)
