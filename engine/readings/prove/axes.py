"""Unknowns cut into classes: values (or joint values) that no comparison in the circuit tells apart.

Unknowns that are compared with each other share an axis. A class is known by which comparisons hold in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from engine.readings.prove.circuit import AtLeast, Circuit, NotNegative
from engine.readings.prove.numbers import Arithmetic, Polynomial

MOST_LINES = 4_000  # lines walked through a joint axis, counted with the pieces on them


@dataclass(frozen=True)
class Axis:
    """`points` has one joint value a class; `holds` gives each atom the classes in which it holds, as bits.

    `lines` gives each unknown the sets of classes that it can move between while everything else stays.
    """

    names: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]
    holds: Mapping[int, int]
    lines: Mapping[str, tuple[tuple[int, ...], ...]]


def axes(arithmetic: Arithmetic, cone: Iterable[int]) -> list[Axis] | None:
    """The axes of all atoms in a cone; None when one of them has too many points to walk."""
    circuit = arithmetic.circuit
    atoms = [number for number in cone if not isinstance(circuit.nodes[number], tuple)]
    found = []
    for block in joined(circuit.support[number] for number in atoms):
        mine = [number for number in atoms if circuit.support[number] & block]
        if all(isinstance(circuit.nodes[number], AtLeast) for number in mine):
            found.append(_single(circuit, mine))
        else:
            axis = _joint(arithmetic, circuit.names(block), mine)
            if axis is None:
                return None
            found.append(axis)
    return found


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
    cuts = {circuit.nodes[number].place: number for number in atoms}  # type: ignore[union-attr]
    name = circuit.nodes[atoms[0]].name  # type: ignore[union-attr]
    places = sorted(cuts)
    domain = circuit.unknowns[name]
    starts = [0, *places]
    ends = [*places, domain.size]
    points = tuple((domain.points[(start + end) // 2],) for start, end in zip(starts, ends, strict=True))
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


def _joint(arithmetic: Arithmetic, names: list[str], atoms: Sequence[int]) -> Axis | None:
    """Classes of joint values, found by walking every line along every unknown from cut to cut."""
    domains = {name: arithmetic.circuit.unknowns[name] for name in names}
    size = prod(domain.size for domain in domains.values())
    walks = {name: _cutters(arithmetic, name, atoms) for name in names}
    steps = sum(
        size // domains[name].size * (len(atoms) if walks[name] is not None else domains[name].size * 2) for name in names
    )
    if steps > MOST_LINES:
        return None
    classes = _Classes()
    lines: dict[str, tuple[tuple[int, ...], ...]] = {}
    for name in names:
        others = [other for other in names if other != name]
        met: set[tuple[int, ...]] = set()
        for values in product(*(domains[other].points for other in others)):
            point = dict(zip(others, values, strict=True))
            met.add(_line(arithmetic, classes, names, name, point, atoms, walks[name]))
        lines[name] = tuple(sorted(line for line in met if len(line) > 1))
    holds = {
        number: sum(1 << at for signature, at in classes.of.items() if signature >> i & 1) for i, number in enumerate(atoms)
    }
    return Axis(tuple(names), tuple(classes.points), holds, lines)


def _line(
    arithmetic: Arithmetic,
    classes: _Classes,
    names: list[str],
    name: str,
    point: dict[str, int],
    atoms: Sequence[int],
    cutters: list[_Cutter] | None,
) -> tuple[int, ...]:
    """The classes on the line through a point along one unknown."""
    domain = arithmetic.circuit.unknowns[name]
    if cutters is None:
        met = set()
        for value in domain.points:
            point[name] = value
            signature = sum(1 << i for i, number in enumerate(atoms) if arithmetic.atom(number, point))
            met.add(classes.at(signature, tuple(point[n] for n in names)))
        return tuple(sorted(met))
    signature = 0
    turns: dict[int, int] = {}
    for i, cutter in enumerate(cutters):
        holds, place = cutter.along(point)
        if holds:
            signature |= 1 << i
        if 0 < place < domain.size:
            turns[place] = turns.get(place, 0) ^ 1 << i
    found = set()
    start = 0
    for end in [*sorted(turns), domain.size]:
        point[name] = domain.points[(start + end) // 2]
        found.add(classes.at(signature, tuple([point[n] for n in names])))
        signature ^= turns.get(end, 0)
        start = end
    return tuple(sorted(found))


class _Cutter:
    """Where one atom turns along a line, for an atom that is linear in the unknown that moves."""

    def __init__(self, arithmetic: Arithmetic, name: str, number: int) -> None:
        self.arithmetic = arithmetic
        self.domain = arithmetic.circuit.unknowns[name]
        self.number = number
        node = arithmetic.circuit.nodes[number]
        self.slope: list[tuple[int, tuple[str, ...]]] = []
        self.rest: list[tuple[int, tuple[str, ...]]] = []
        self.constant = 0
        self.fixed = False
        if isinstance(node, NotNegative):
            self.constant = node.number.constant
            for factors, count in node.number.terms:
                plain = tuple(f for f in factors if isinstance(f, str))
                if name in plain:
                    self.slope.append((count, tuple(f for f in plain if f != name)))
                else:
                    self.rest.append((count, plain))
        elif isinstance(node, AtLeast):
            self.constant = -arithmetic.circuit.unknowns[node.name].points[node.place]
            (self.slope if node.name == name else self.rest).append((1, () if node.name == name else (node.name,)))

    def along(self, point: Mapping[str, int]) -> tuple[bool, int]:
        """Whether the atom holds at the start of the line, and the place where that turns (0 or beyond: nowhere)."""
        slope, rest = 0, self.constant
        for count, factors in self.slope:
            for factor in factors:
                count *= point[factor]
            slope += count
        for count, factors in self.rest:
            for factor in factors:
                count *= point[factor]
            rest += count
        starts = slope * self.domain.lo + rest >= 0
        if slope > 0:
            return starts, self.domain.place(-(rest // slope))  # v >= -rest / slope, rounded up
        if slope < 0:
            return starts, self.domain.place(rest // -slope + 1)  # v <= rest / -slope, rounded down
        return starts, 0


def _cutters(arithmetic: Arithmetic, name: str, atoms: Sequence[int]) -> list[_Cutter] | None:
    """A cutter for each atom, or None when one of them is not linear in this unknown."""
    for number in atoms:
        node = arithmetic.circuit.nodes[number]
        if isinstance(node, NotNegative) and not _linear(node.number, name):
            return None
    return [_Cutter(arithmetic, name, number) for number in atoms]


def _linear(polynomial: Polynomial, name: str) -> bool:
    return all(
        all(isinstance(factor, str) for factor in factors) and factors.count(name) < 2 for factors, _ in polynomial.terms
    )
