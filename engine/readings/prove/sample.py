"""Some worlds at once, to find examples before anything is proven: what is found here needs no solver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from sharedvalue.engine.readings.prove.axes import Axis, AxisMaker
from sharedvalue.engine.readings.prove.circuit import taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.points import Point


class Sampler:
    """Draws worlds over the unknowns that some literals depend on: on each axis one class, all as likely."""

    def __init__(self, maker: AxisMaker, roots: Iterable[int], seed: int = 0) -> None:
        self.circuit = maker.arithmetic.circuit
        self.cone = self.circuit.cone(roots)
        self.axes = maker.axes(self.cone, draw=True) or []
        self._random = random.Random(seed)

    def draw(self, count: int) -> Sample:
        """Worlds that are drawn."""
        drawn = self._random.random
        picked = [[int(drawn() * size) for _ in range(count)] for size in (len(a.points) for a in self.axes)]
        return Sample(self, count, picked)

    def near(self, worlds: Iterable[World]) -> Sample:
        """The classes in which some worlds lie (or any class, on an axis that is not known whole)."""
        found = list(worlds)
        return Sample(self, len(found), [[self._class(axis, world) for world in found] for axis in self.axes])

    def _class(self, axis: Axis, world: World) -> int:
        every = (1 << len(axis.points)) - 1
        here = Point(self.circuit, world)
        for number, classes in axis.holds.items():
            every &= classes if here.node(number) else ~classes
        return max(every.bit_length() - 1, 0)

    def shows(self, world: World) -> dict[int, int]:
        """Each node of the cone in one world, as 1 or 0."""
        here = Point(self.circuit, world)
        self.circuit.meter.charge(3 * len(self.cone))
        return {number: int(here.node(number)) for number in self.cone}


class Sample:
    """Worlds by their class on each axis, with every node of the cone in each: one bit a world."""

    def __init__(self, sampler: Sampler, count: int, picked: list[list[int]]) -> None:
        self.sampler = sampler
        self.count = count
        self.full = (1 << count) - 1
        self._picked = picked
        atoms: dict[int, int] = {}
        for axis, classes in zip(sampler.axes, picked, strict=True):
            where = [0] * len(axis.points)
            bit = 1
            for at in classes:
                where[at] |= bit
                bit <<= 1
            for number, holds in axis.holds.items():
                atoms[number] = sum(worlds for at, worlds in enumerate(where) if holds >> at & 1)
        sampler.circuit.meter.charge(len(sampler.cone) * (1 + count // 256))
        self.bits = sampler.circuit.spread(sampler.cone, atoms, self.full)

    def first(self, worlds: int) -> World:
        """The unknowns' values in the first of some worlds."""
        at = (worlds & -worlds).bit_length() - 1
        found: World = {}
        for axis, classes in zip(self.sampler.axes, self._picked, strict=True):
            found.update(zip(axis.names, axis.points[classes[at]], strict=True))
        return found

    def pivotal(self, outcomes: Mapping[int, int], exists: int, wanted: set[str]) -> set[str]:
        """The unknowns that, moved alone in one of these worlds, lead from one outcome to another."""
        found: set[str] = set()
        cone = self.sampler.circuit.cone([*outcomes.values(), exists])
        for axis in self.sampler.axes:
            if wanted.isdisjoint(axis.names):
                continue
            moved = _Moved(self, axis, cone)
            for name in wanted.intersection(axis.names):
                if any(moved.differs(line, outcomes, exists) for line in axis.lines[name]):
                    found.add(name)
        return found


class _Moved:
    """The worlds of a sample with the class on one axis put in the place of theirs."""

    def __init__(self, sample: Sample, axis: Axis, cone: list[int]) -> None:
        self.sample = sample
        self.axis = axis
        circuit = sample.sampler.circuit
        support = 0
        for name in axis.names:
            support |= circuit.bit[name]
        self._nodes = [number for number in cone if circuit.support[number] & support]
        self._bits: dict[int, dict[int, int]] = {}

    def _at(self, at: int) -> Mapping[int, int]:
        if at not in self._bits:
            circuit, full = self.sample.sampler.circuit, self.sample.full
            bits = dict(self.sample.bits)
            circuit.meter.charge(len(self._nodes) * (1 + self.sample.count // 256))
            for number in self._nodes:
                node = circuit.nodes[number]
                if isinstance(node, tuple):
                    worlds = full
                    for part in node:
                        worlds &= bits[part] if part > 0 else full ^ bits[-part]
                    bits[number] = worlds
                else:
                    bits[number] = full if self.axis.holds[number] >> at & 1 else 0
            self._bits[at] = bits
        return self._bits[at]

    def differs(self, line: tuple[int, ...], outcomes: Mapping[int, int], exists: int) -> bool:
        """Whether some world has different outcomes in the classes of a line."""
        full = self.sample.full
        met: dict[int, int] = {}
        for at in line:
            bits = self._at(at)
            real = taken(bits, exists, full)
            for outcome, literal in outcomes.items():
                met[outcome] = met.get(outcome, 0) | taken(bits, literal, full) & real
        seen = 0
        for worlds in met.values():
            if seen & worlds:
                return True
            seen |= worlds
        return False
