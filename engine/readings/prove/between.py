"""All worlds between two worlds at once: each of some parts is as in the one or as in the other; one bit a world."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, product

from sharedvalue.engine.readings.prove.circuit import AtLeast, Circuit, taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.points import Point

MOST_PARTS = 12
MOST_POINTS = 512  # comparisons of several values that are computed one by one


class Between:
    """Bit i is the world in which the parts whose bit is set in i are as in `there`, and the others as in `here`."""

    def __init__(self, circuit: Circuit, here: World, there: World, parts: Sequence[Sequence[str]]) -> None:
        self.circuit, self.here, self.there, self.parts = circuit, here, there, parts
        self.full = (1 << (1 << len(parts))) - 1
        self.moved = [self._pattern(1 << at) for at in range(len(parts))]
        self._points: dict[frozenset[int], Point] = {}
        self._part = {name: at for at, part in enumerate(parts) for name in part if name in circuit.bit}

    def _pattern(self, stride: int) -> int:
        pattern, width = ((1 << stride) - 1) << stride, 2 * stride
        while width < 1 << len(self.parts):
            pattern |= pattern << width
            width *= 2
        return pattern

    def where(self, literal: int, cone: Sequence[int] | None = None) -> int | None:
        """The worlds in which a literal holds; None where that takes too many comparisons one by one. `cone` is its cone."""
        cone = cone or self.circuit.cone([literal])
        atoms: dict[int, int] = {}
        points = 0
        for number in cone:
            node = self.circuit.nodes[number]
            if isinstance(node, tuple):
                continue
            names = [node.name] if isinstance(node, AtLeast) else self._names(number)
            turning = sorted({self._part[name] for name in names if name in self._part})
            points += 1 << len(turning) if len(turning) > 1 else 0
            if points > MOST_POINTS:
                return None
            atoms[number] = self._atom(number, turning)
        return taken(self.circuit.spread(cone, atoms, self.full), literal, self.full)

    def _names(self, number: int) -> list[str]:
        return self.circuit.names(self.circuit.support[number])

    def _atom(self, number: int, turning: Sequence[int]) -> int:
        """The worlds in which a comparison holds that only some of the parts can turn."""
        found = 0
        for chosen in product((False, True), repeat=len(turning)):
            if self._point(frozenset(compress(turning, chosen))).node(number):
                where = self.full
                for at, there in zip(turning, chosen, strict=True):
                    where &= self.moved[at] if there else ~self.moved[at]
                found |= where & self.full
        return found

    def _point(self, moved: frozenset[int]) -> Point:
        """The world in which these parts are moved."""
        if moved not in self._points:
            changed = {name: self.there[name] for at in moved for name in self.parts[at]}
            self._points[moved] = Point(self.circuit, {**self.here, **changed})
        return self._points[moved]

    def least(self, worlds: int) -> list[int]:
        """Of some worlds those in which no smaller set of parts is moved, by the parts that are (as bits)."""
        above, beyond = worlds, 0
        for at, moved in enumerate(self.moved):
            above |= (above & ~moved) << (1 << at)
        for at, moved in enumerate(self.moved):
            beyond |= (above & ~moved) << (1 << at)
        left, found = worlds & ~beyond, []
        while left:
            first = left & -left
            found.append(first.bit_length() - 1)
            left ^= first
        return found
