"""All worlds of some unknowns at once: one bit a combination of classes, exact and without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from sharedvalue.engine.readings.prove.axes import Axis, AxisMaker
from sharedvalue.engine.readings.prove.circuit import Circuit, taken

MOST_WORLDS = 1 << 20
MOST_WORK = 1 << 28  # worlds times nodes


class WorldsTable:
    """Bit i is the world whose class on each axis is a digit of i."""

    def __init__(self, circuit: Circuit, cone: list[int], found: list[Axis]) -> None:
        self.axes = found
        self.strides: list[int] = []
        self.size = 1
        for axis in found:
            self.strides.append(self.size)
            self.size *= len(axis.points)
        self.full = (1 << self.size) - 1
        circuit.meter.charge(len(cone) * (1 + self.size // 4_096))
        atoms: dict[int, int] = {}
        for axis, stride in zip(found, self.strides, strict=True):
            for number, classes in axis.holds.items():
                atoms[number] = self._pattern(stride, len(axis.points), classes)
        self.bits = circuit.spread(cone, atoms, self.full)

    @staticmethod
    def of(maker: AxisMaker, roots: Iterable[int], most: int = MOST_WORLDS) -> WorldsTable | None:
        """The table of the worlds that matter to some literals; None when there are too many."""
        circuit = maker.arithmetic.circuit
        cone = circuit.cone(roots)
        found = maker.axes(cone)
        if found is None:
            return None
        size = prod(len(axis.points) for axis in found)
        if size > most or size * len(cone) > MOST_WORK:
            return None
        return WorldsTable(circuit, cone, found)

    def _pattern(self, stride: int, count: int, classes: int) -> int:
        """The worlds whose class on one axis is among these."""
        ones = (1 << stride) - 1
        pattern = 0
        for at in range(count):
            if classes >> at & 1:
                pattern |= ones << at * stride
        width = stride * count
        while width < self.size:
            pattern |= pattern << width
            width *= 2
        return pattern & self.full

    def slice(self, axis: int, place: int) -> int:
        """The worlds in one class of one axis."""
        return self._pattern(self.strides[axis], len(self.axes[axis].points), 1 << place)

    def where(self, literal: int) -> int:
        return taken(self.bits, literal, self.full)

    def world(self, worlds: int) -> dict[str, int]:
        """The unknowns' values in the first of some worlds."""
        index = (worlds & -worlds).bit_length() - 1
        found: dict[str, int] = {}
        for axis in self.axes:
            index, at = divmod(index, len(axis.points))
            found.update(zip(axis.names, axis.points[at], strict=True))
        return found

    def pivotal(self, outcomes: Mapping[int, int]) -> set[str]:
        """The unknowns that alone can change which of these sets of worlds one is in."""
        found = set()
        for axis, stride in zip(self.axes, self.strides, strict=True):
            slices = self._slices(list(outcomes.values()), stride, len(axis.points))
            for name in axis.names:
                if any(self._differs(slices, line) for line in axis.lines[name]):
                    found.add(name)
        return found

    def _slices(self, sets: list[int], stride: int, count: int) -> list[list[int]]:
        """For each set, its worlds in each class of one axis, moved to where class 0 stands."""
        first = self._pattern(stride, count, 1)
        return [[(worlds >> at * stride) & first for at in range(count)] for worlds in sets]

    @staticmethod
    def _differs(slices: list[list[int]], line: tuple[int, ...]) -> bool:
        seen = 0
        for worlds in slices:
            here = 0
            for at in line:
                here |= worlds[at]
            if seen & here:
                return True
            seen |= here
        return False
