"""What stays open of a rule book when some facts are unknown: a circuit of And and Not over comparisons.

A literal is an integer: a node's number, negative when the node is negated; 1 is true and -1 is false. Nodes are
shared, and a node's parts always come before it, so one pass over the nodes evaluates all of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.prove.budget import Budget

if TYPE_CHECKING:
    from sharedvalue.engine.readings.prove.numbers import Polynomial

TRUE, FALSE = 1, -1


@dataclass(frozen=True)
class AtLeast:
    """An unknown is at or beyond a position of its domain."""

    name: str
    place: int


@dataclass(frozen=True)
class NotNegative:
    """A polynomial over several unknowns (or one that no single cut decides) is 0 or more."""

    number: Polynomial


Atom = AtLeast | NotNegative


class Circuit:
    """Nodes over the unknowns. `support` of a node is a set of unknowns, as bits in the order of `unknowns`."""

    def __init__(self, unknowns: Mapping[str, Domain], budget: Budget) -> None:
        self.budget = budget
        self.meter = budget  # what work on the circuit counts against, also after it is made
        self.unknowns = dict(unknowns)
        self.bit = {name: 1 << i for i, name in enumerate(self.unknowns)}
        self.nodes: list[Atom | tuple[int, ...]] = [(), ()]  # nodes 0 (not used) and 1 (true)
        self.support: list[int] = [0, 0]
        self._number: dict[Atom | tuple[int, ...], int] = {}

    def _node(self, node: Atom | tuple[int, ...], support: int) -> int:
        self.nodes.append(node)
        self.support.append(support)
        number = self._number[node] = len(self.nodes) - 1
        self.meter.charge(10)
        return number

    def all(self, literals: Iterable[int]) -> int:
        found: set[int] = set()
        for literal in literals:
            if literal == FALSE or -literal in found:
                return FALSE
            if literal != TRUE:
                found.add(literal)
        if len(found) < 2:
            return found.pop() if found else TRUE
        parts = tuple(sorted(found))
        number = self._number.get(parts)
        if number is not None:
            return number
        support = 0
        for literal in parts:
            support |= self.support[abs(literal)]
        return self._node(parts, support)

    def any(self, literals: Iterable[int]) -> int:
        return -self.all([-literal for literal in literals])

    def at_least(self, name: str, value: int) -> int:
        """That an unknown is at least this value."""
        domain = self.unknowns[name]
        place = domain.place(value)
        if place <= 0:
            return TRUE
        if place >= domain.size:
            return FALSE
        atom = AtLeast(name, place)
        return self._number.get(atom) or self._node(atom, self.bit[name])

    def not_negative(self, number: Polynomial, support: int) -> int:
        atom = NotNegative(number)
        return self._number.get(atom) or self._node(atom, support)

    def supports(self, literal: int) -> int:
        return self.support[abs(literal)]

    def names(self, support: int) -> list[str]:
        return [name for name, bit in self.bit.items() if support & bit]

    def cone(self, roots: Iterable[int], known: Container[int] = ()) -> list[int]:
        """The nodes that these literals are made of, parts first; without those known, and what only those are made of."""
        seen = {1}
        waiting = [abs(root) for root in roots]
        while waiting:
            number = waiting.pop()
            if number in seen or number in known:
                continue
            seen.add(number)
            node = self.nodes[number]
            if isinstance(node, tuple):
                waiting.extend([abs(part) for part in node])
        return sorted(seen)

    def spread(self, cone: Iterable[int], atoms: Mapping[int, int], full: int) -> dict[int, int]:
        """Each node of a cone in many worlds at once, one bit a world; `atoms` gives those of the atoms."""
        bits = {1: full}
        for number in cone:
            node = self.nodes[number]
            if isinstance(node, tuple):
                value = full
                for part in node:
                    value &= bits[part] if part > 0 else full ^ bits[-part]
                bits[number] = value
            else:
                bits[number] = atoms[number]
        return bits


def taken(bits: Mapping[int, int], literal: int, full: int) -> int:
    """The worlds in which a literal holds."""
    return bits[literal] if literal > 0 else full ^ bits[-literal]
