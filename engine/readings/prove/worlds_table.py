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
        self.circuit, self.axes = circuit, found
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

    def world(self, worlds: int, like: Mapping[str, int] | None = None) -> dict[str, int]:
        """The unknowns' values in one of some worlds: the first, or one that is as some values are, as far as that can be.

        Of several values, those that stand first in `like` are kept first.
        """
        if like is None:
            index = (worlds & -worlds).bit_length() - 1
            return self._at(index)
        order = {name: place for place, name in enumerate(like)}
        found: dict[str, int] = {}
        for at in sorted(
            range(len(self.axes)), key=lambda i: min(order.get(n, 0) for n in self.axes[i].names)
        ):
            axis = self.axes[at]
            for place, values in self._near(axis, like):
                part = worlds & self.slice(at, place)
                if part:
                    worlds = part
                    found.update(zip(axis.names, values, strict=True))
                    break
        return found

    def _at(self, index: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for axis in self.axes:
            index, at = divmod(index, len(axis.points))
            found.update(zip(axis.names, axis.points[at], strict=True))
        return found

    def _near(self, axis: Axis, like: Mapping[str, int]) -> list[tuple[int, tuple[int, ...]]]:
        """The classes of an axis, each with values in it, those nearest to some values first."""
        if len(axis.names) > 1:
            wanted = [like.get(name, 0) for name in axis.names]
            order = sorted(
                range(len(axis.points)),
                key=lambda i: sum(abs(v - w) for v, w in zip(axis.points[i], wanted, strict=True)),
            )
            return [(place, axis.points[place]) for place in order]
        (name,) = axis.names
        domain = self.circuit.unknowns[name]
        cuts = sorted(self.circuit.nodes[atom].place for atom in axis.holds)  # type: ignore[union-attr]  # no joint axis
        starts, ends = [0, *cuts], [*(cut - 1 for cut in cuts), domain.size - 1]
        here = min(domain.place(like.get(name, domain.middle)), domain.size - 1)
        nearest = [min(max(here, start), end) for start, end in zip(starts, ends, strict=True)]
        order = sorted(range(len(starts)), key=lambda i: abs(nearest[i] - here))
        return [(place, (domain.points[nearest[place]],)) for place in order]

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
