"""Some worlds at once, to find examples before anything is proven: what is found here needs no solver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from itertools import pairwise

from engine.readings.prove.circuit import AtLeast, NotNegative, taken
from engine.readings.prove.numbers import Arithmetic

Columns = dict[str, list[int]]  # for each unknown its value in each of the worlds


class Sampler:
    """Worlds over the unknowns that some literals depend on, drawn so that every side of every cut is met."""

    def __init__(self, arithmetic: Arithmetic, roots: Iterable[int], seed: int = 0) -> None:
        self.arithmetic = arithmetic
        self.circuit = arithmetic.circuit
        self.cone = self.circuit.cone(roots)
        self._random = random.Random(seed)
        self._plain: dict[str, list[int]] = {}  # unknown -> its AtLeast atoms
        self._joint: list[int] = []
        for number in self.cone:
            node = self.circuit.nodes[number]
            if isinstance(node, AtLeast):
                self._plain.setdefault(node.name, []).append(number)
            elif isinstance(node, NotNegative):
                self._joint.append(number)
        self.names = self.circuit.names(self._support())
        self.candidates = {name: self._candidates(name) for name in self.names}

    def _support(self) -> int:
        found = 0
        for number in self.cone:
            found |= self.circuit.support[number]
        return found

    def _candidates(self, name: str) -> list[int]:
        """A value for each piece between two cuts; both ends and some more where values are compared with others."""
        domain = self.circuit.unknowns[name]
        places = [self.circuit.nodes[number].place for number in self._plain.get(name, ())]  # type: ignore[union-attr]
        cuts = sorted({0, *places, domain.size})
        found = {domain.points[(start + end) // 2] for start, end in pairwise(cuts)}
        if any(self.circuit.support[number] & self.circuit.bit[name] for number in self._joint):
            found |= {domain.lo, domain.hi} | {domain.points[self._random.randrange(domain.size)] for _ in range(4)}
        return sorted(found)

    def draw(self, count: int) -> Columns:
        return {name: self._random.choices(values, k=count) for name, values in self.candidates.items()}

    def read(self, columns: Columns) -> Sample:
        return Sample(self, columns)


class Sample:
    """Worlds that were drawn, with every node of the cone in each: one bit a world."""

    def __init__(self, sampler: Sampler, columns: Columns) -> None:
        self.sampler = sampler
        self.columns = columns
        self.count = len(next(iter(columns.values()), [0]))
        self.full = (1 << self.count) - 1
        self.atoms: dict[int, int] = {}
        circuit = sampler.circuit
        for name, numbers in sampler._plain.items():
            where: dict[int, int] = {}
            bit = 1
            for value in columns[name]:
                where[value] = where.get(value, 0) | bit
                bit <<= 1
            for number in numbers:
                node = circuit.nodes[number]
                least = circuit.unknowns[name].points[node.place]  # type: ignore[union-attr]
                self.atoms[number] = sum(worlds for value, worlds in where.items() if value >= least)
        self.points = [self.point(i) for i in range(self.count)] if sampler._joint else []
        for number in sampler._joint:
            self.atoms[number] = self._joint_atom(number)
        self.bits = circuit.spread(sampler.cone, self.atoms, self.full)

    def _joint_atom(self, number: int) -> int:
        atom = self.sampler.arithmetic.atom
        return sum(1 << i for i, point in enumerate(self.points) if atom(number, point))

    def point(self, at: int) -> dict[str, int]:
        return {name: column[at] for name, column in self.columns.items()}

    def first(self, worlds: int) -> dict[str, int]:
        """The first of some worlds."""
        return self.point((worlds & -worlds).bit_length() - 1)

    def where(self, literal: int) -> int:
        return taken(self.bits, literal, self.full)

    def pivotal(self, name: str, outcomes: Mapping[int, int], exists: int) -> bool:
        """Whether moving one unknown, in any of these worlds, leads from one outcome to another."""
        seen: dict[int, int] = {}
        for value in self.sampler.candidates[name]:
            bits = self._moved(name, value)
            real = taken(bits, exists, self.full)
            for outcome, literal in outcomes.items():
                seen[outcome] = seen.get(outcome, 0) | taken(bits, literal, self.full) & real
        met = 0
        for worlds in seen.values():
            if met & worlds:
                return True
            met |= worlds
        return False

    def _moved(self, name: str, value: int) -> dict[int, int]:
        """The nodes when one unknown has this value in all of the worlds."""
        circuit = self.sampler.circuit
        bit, bits = circuit.bit[name], {1: self.full}
        kept = [point[name] for point in self.points]
        for point in self.points:
            point[name] = value
        for number in self.sampler.cone:
            if not circuit.support[number] & bit:
                bits[number] = self.bits[number]
                continue
            node = circuit.nodes[number]
            if isinstance(node, AtLeast):
                bits[number] = self.full if value >= circuit.unknowns[name].points[node.place] else 0
            elif isinstance(node, NotNegative):
                bits[number] = self._joint_atom(number)
            else:
                worlds = self.full
                for part in node:
                    worlds &= bits[part] if part > 0 else self.full ^ bits[-part]
                bits[number] = worlds
        for point, before in zip(self.points, kept, strict=True):
            point[name] = before
        return bits
