"""How many worlds lead to each outcome: counted exactly, class by class, where the classes are few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from sharedvalue.engine.readings.prove.axes import Axis, joined
from sharedvalue.engine.readings.prove.circuit import AtLeast
from sharedvalue.engine.readings.prove.points import Point
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.worlds_table import WorldsTable

MOST_CLASSES = 1 << 15  # combinations of classes that are counted
MOST_POINTS = 12_000  # joint values of unknowns that are compared with each other: counted one by one


@dataclass(frozen=True)
class Counted:
    """Worlds that can be, by outcome. `names` are the unknowns that are counted: all others have no part in the outcome."""

    names: tuple[str, ...]
    worlds: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.worlds.values())


def count_worlds(residual: Residual) -> Counted | None:
    """The number of worlds with each outcome, over the unknowns that matter to it; None where that takes too long."""
    circuit = residual.circuit
    never = [literal for _, literal in residual.never]
    support = 0
    for literal in residual.outcomes.values():
        support |= circuit.supports(literal)
    for tie in joined(circuit.supports(literal) for literal in never):
        support |= tie if tie & support else 0
    tied = [-literal for literal in never if circuit.supports(literal) & support]
    roots = [*residual.outcomes.values(), *tied]
    table = WorldsTable.of(residual.axes, roots, MOST_CLASSES)
    if table is None:
        return None
    sizes = []
    for axis in table.axes:
        found = _sizes(residual, axis)
        if found is None:
            return None
        sizes.append(found)
    exist = table.full
    for literal in tied:
        exist &= table.where(literal)
    counts = {
        outcome: _weigh(table.where(literal) & exist, table, sizes)
        for outcome, literal in residual.outcomes.items()
    }
    names = tuple(name for name in residual.unknowns if any(name in axis.names for axis in table.axes))
    return Counted(names, {outcome: count for outcome, count in counts.items() if count})


def _sizes(residual: Residual, axis: Axis) -> list[int] | None:
    """How many values each class of an axis has; None where they are too many to go through."""
    circuit = residual.circuit
    atoms = {number: circuit.nodes[number] for number in axis.holds}
    domains = [residual.unknowns[name] for name in axis.names]
    if all(isinstance(atom, AtLeast) for atom in atoms.values()) and len(domains) == 1:
        places = sorted(atom.place for atom in atoms.values() if isinstance(atom, AtLeast))
        return [end - start for start, end in zip([0, *places], [*places, domains[0].size], strict=True)]
    if prod(domain.size for domain in domains) > MOST_POINTS:
        return None
    classes = {
        tuple([holds >> at & 1 for holds in axis.holds.values()]): at for at in range(len(axis.points))
    }
    found = [0] * len(axis.points)
    for values in product(*(domain.points for domain in domains)):
        here = Point(circuit, dict(zip(axis.names, values, strict=True)))
        found[classes[tuple([int(here.node(number)) for number in axis.holds])]] += 1
    return found


def _weigh(worlds: int, table: WorldsTable, sizes: list[list[int]]) -> int:
    """The number of values behind some combinations of classes."""
    met: dict[tuple[int, int], int] = {}

    def below(axes: int, some: int) -> int:
        if not some or not axes:
            return some
        key = (axes, some)
        if key not in met:
            stride = table.strides[axes - 1]
            ones = (1 << stride) - 1
            met[key] = sum(
                size * below(axes - 1, some >> at * stride & ones) for at, size in enumerate(sizes[axes - 1])
            )
        return met[key]

    return below(len(sizes), worlds)
