"""Unknowns cut into classes: values (or joint values) that no comparison in the circuit tells apart.

Unknowns that are compared with each other share an axis. A class is known by which comparisons hold in it.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.prove.arithmetic import Arithmetic
from sharedvalue.engine.readings.prove.circuit import AtLeast, Circuit
from sharedvalue.engine.readings.prove.lines import Cutter, cutters, ordered_points
from sharedvalue.engine.readings.prove.points import Point

MOST_STEPS = 20_000  # comparisons made along the lines of a joint axis
LINES_DRAWN = 60  # lines walked where all of them would be too many
VALUES_DRAWN = 6  # values looked at on such a line, where an atom turns more than once on it
CLASSES_DRAWN = 128  # classes with which such a walk stops
CUTTERS_DRAWN = 2_000  # unknowns times atoms up to which such a walk finds where atoms turn


@dataclass(frozen=True)
class Axis:
    """`points` has one joint value a class; `holds` gives each atom the classes in which it holds, as bits.

    `lines` gives each unknown sets of classes that it can move between while everything else stays. Where `exact` is
    False, there are more classes and lines than were found.
    """

    names: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]
    holds: Mapping[int, int]
    lines: Mapping[str, tuple[tuple[int, ...], ...]]
    exact: bool = True

    def only(self, atoms: Sequence[int]) -> Axis:
        """The axis for some of its atoms: classes that these do not tell apart are one."""
        if len(atoms) == len(self.holds):
            return self
        classes = _Classes()
        new = [
            classes.at(sum((self.holds[number] >> old & 1) << i for i, number in enumerate(atoms)), point)
            for old, point in enumerate(self.points)
        ]
        lines = {
            name: tuple(sorted({tuple(sorted({new[old] for old in line})) for line in lines}))
            for name, lines in self.lines.items()
        }
        return Axis(self.names, tuple(classes.points), classes.holds(atoms), lines, self.exact)


class AxisMaker:
    """Makes the axes of one circuit, and keeps those that take long."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self._kept: dict[tuple[int, tuple[int, ...]], Axis] = {}

    def axes(self, cone: Iterable[int], draw: bool = False) -> list[Axis] | None:
        """The axes of all atoms in a cone. Where one has too many lines to walk: None, or with `draw` some of them."""
        circuit = self.arithmetic.circuit
        atoms = [number for number in cone if not isinstance(circuit.nodes[number], tuple)]
        found = []
        for block in joined(circuit.support[number] for number in atoms):
            mine = [number for number in atoms if circuit.support[number] & block]
            if all(isinstance(circuit.nodes[number], AtLeast) for number in mine):
                found.append(_single(circuit, mine))
                continue
            axis = self._joint(block, draw)
            if axis is None:
                return None
            found.append(axis.only(mine))
        return found

    def _joint(self, block: int, draw: bool) -> Axis | None:
        """The axis of some unknowns for all atoms of the circuit over just these."""
        circuit = self.arithmetic.circuit
        atoms = [
            number
            for number, support in enumerate(circuit.support)
            if support and not support & ~block and not isinstance(circuit.nodes[number], tuple)
        ]
        key = (block, tuple(atoms))
        if key not in self._kept:
            found = joint(self.arithmetic, circuit.names(block), atoms, draw)
            if found is None:
                return None
            self._kept[key] = found
        found = self._kept[key]
        return found if found.exact or draw else None


FAR_INSIDE = 300  # integers from where a class begins: thirty points of a percent
ROUND = (50, 10, 5)  # integers that a person would call round, the roundest first


def _within(points: Sequence[int], start: int, end: int) -> int:
    """A place inside a class, well inside a short one, and at a round value where it holds one: examples stay plausible."""
    lo, hi = points[start], points[end - 1]
    middle = points[start + min((end - start) // 2, FAR_INSIDE)]
    for unit in ROUND:
        for value in (middle // unit * unit, -(-middle // unit) * unit):
            if lo <= value <= hi and points[at := bisect_left(points, value)] == value:
                return at
    return bisect_left(points, middle)


def joined(supports: Iterable[int]) -> list[int]:
    """Sets of unknowns (as bits), with those that overlap made one."""
    found: list[int] = []
    for support in dict.fromkeys(supports):
        apart = []
        for other in found:
            if other & support:
                support |= other
            else:
                apart.append(other)
        if support:
            apart.append(support)
        found = apart
    return sorted(found)


def _single(circuit: Circuit, atoms: Sequence[int]) -> Axis:
    cuts = {circuit.nodes[number].place: number for number in atoms}  # type: ignore[union-attr]  # atoms are no gates
    name = circuit.nodes[atoms[0]].name  # type: ignore[union-attr]  # atoms are no gates
    places = sorted(cuts)
    domain = circuit.unknowns[name]
    starts = [0, *places]
    ends = [*places, domain.size]
    points = tuple(
        (domain.points[_within(domain.points, start, end)],) for start, end in zip(starts, ends, strict=True)
    )
    every = (1 << len(points)) - 1
    holds = {cuts[place]: every >> (i + 1) << (i + 1) for i, place in enumerate(places)}
    return Axis((name,), points, holds, {name: (tuple(range(len(points))),)})


class _Classes:
    """Classes as they are met, each with its first point."""

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.points: list[tuple[int, ...]] = []

    def at(self, signature: int, point: tuple[int, ...]) -> int:
        found = self.of.get(signature)
        if found is None:
            found = self.of[signature] = len(self.points)
            self.points.append(point)
        return found

    def holds(self, atoms: Sequence[int]) -> dict[int, int]:
        return {
            number: sum(1 << at for signature, at in self.of.items() if signature >> i & 1)
            for i, number in enumerate(atoms)
        }


def joint(arithmetic: Arithmetic, names: Sequence[str], atoms: Sequence[int], draw: bool) -> Axis | None:
    """Classes of joint values, found by walking every line along every unknown from cut to cut."""
    domains = {name: arithmetic.circuit.unknowns[name] for name in names}
    fewer = ordered_points(arithmetic.circuit, domains, atoms)
    if fewer is not None:
        domains = fewer
    size = prod(domain.size for domain in domains.values())
    lines = {name: size // domain.size * len(atoms) for name, domain in domains.items()}
    exact = sum(lines.values()) <= MOST_STEPS
    walks: dict[str, list[Cutter] | None] = dict.fromkeys(names)
    if exact or len(names) * len(atoms) <= CUTTERS_DRAWN:
        walks = {name: cutters(arithmetic, name, domains[name], atoms) for name in names}
        steps = [n * (1 if walks[name] is not None else domains[name].size) for name, n in lines.items()]
        exact = exact and sum(steps) <= MOST_STEPS
    if not exact and not draw:
        return None
    walk = _Walk(arithmetic, tuple(names), domains, atoms)
    met: dict[str, set[tuple[int, ...]]] = {name: set() for name in names}
    for name, point in walk.every_line() if exact else walk.some_lines():
        met[name].add(walk.line(name, point, walks[name]))
    found = {name: tuple(sorted(line for line in some if len(line) > 1)) for name, some in met.items()}
    return Axis(tuple(names), tuple(walk.classes.points), walk.classes.holds(atoms), found, exact)


@dataclass
class _Walk:
    """Walks lines and keeps the classes on them."""

    arithmetic: Arithmetic
    names: tuple[str, ...]
    domains: Mapping[str, Domain]
    atoms: Sequence[int]

    def __post_init__(self) -> None:
        self.classes = _Classes()
        self._random: random.Random | None = None  # set where values are drawn

    def every_line(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each unknown with every joint value of the others."""
        for name in self.names:
            others = [other for other in self.names if other != name]
            for values in product(*(self.domains[other].points for other in others)):
                yield name, dict(zip(others, values, strict=True))

    def some_lines(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each unknown in turn with joint values of the others that are drawn, until enough was seen."""
        self._random = drawn = random.Random(0)
        a_value = len(self.atoms) + self.arithmetic.weight // 10
        lines = min(LINES_DRAWN, max(1, MOST_STEPS // (VALUES_DRAWN * a_value)))
        for turn in range(lines):
            if turn and len(self.classes.points) >= CLASSES_DRAWN:
                return
            point = {
                name: domain.points[drawn.randrange(domain.size)] for name, domain in self.domains.items()
            }
            yield self.names[turn % len(self.names)], point

    def line(self, name: str, point: dict[str, int], along: list[Cutter] | None) -> tuple[int, ...]:
        """The classes on the line through a point along one unknown."""
        found = self._cut(name, point, along) if along is not None else self._step(name, point)
        return tuple(sorted(found))

    def _step(self, name: str, point: dict[str, int]) -> set[int]:
        values: Sequence[int] = self.domains[name].points
        if self._random is not None and len(values) > VALUES_DRAWN:
            values = [values[self._random.randrange(len(values))] for _ in range(VALUES_DRAWN)]
        met = set()
        for value in values:
            point[name] = value
            here = Point(self.arithmetic.circuit, point)
            self.arithmetic.circuit.meter.charge(20 * len(self.atoms))
            signature = sum(1 << i for i, number in enumerate(self.atoms) if here.node(number))
            met.add(self.classes.at(signature, tuple([point[n] for n in self.names])))
        return met

    def _cut(self, name: str, point: dict[str, int], along: list[Cutter]) -> set[int]:
        domain = self.domains[name]
        self.arithmetic.circuit.meter.charge(5 + len(along))
        signature = 0
        turns: dict[int, int] = {}
        for i, cutter in enumerate(along):
            holds, place = cutter.along(point)
            if holds:
                signature |= 1 << i
            if 0 < place < domain.size:
                turns[place] = turns.get(place, 0) ^ 1 << i
        found = set()
        start = 0
        for end in [*sorted(turns), domain.size]:
            point[name] = domain.points[_within(domain.points, start, end)]
            found.add(self.classes.at(signature, tuple([point[n] for n in self.names])))
            signature ^= turns.get(end, 0)
            start = end
        return found
