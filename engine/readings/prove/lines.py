"""Moving one unknown while everything else stays: where comparisons turn, and which values are enough to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.prove.arithmetic import Arithmetic
from sharedvalue.engine.readings.prove.circuit import AtLeast, Circuit, NotNegative
from sharedvalue.engine.readings.prove.numbers import Polynomial


class Cutter:
    """Where one atom turns along a line, for an atom that is linear in the unknown that moves."""

    def __init__(self, circuit: Circuit, name: str, domain: Domain, number: int) -> None:
        self.domain = domain
        node = circuit.nodes[number]
        self.slope: list[tuple[int, tuple[str, ...]]] = []
        self.rest: list[tuple[int, tuple[str, ...]]] = []
        self.constant = 0
        if isinstance(node, NotNegative):
            self.constant = node.number.constant
            for factors, count in node.number.terms:
                plain = tuple(f for f in factors if isinstance(f, str))
                if name in plain:
                    self.slope.append((count, tuple(f for f in plain if f != name)))
                else:
                    self.rest.append((count, plain))
        elif isinstance(node, AtLeast):
            self.constant = -circuit.unknowns[node.name].points[node.place]
            if node.name == name:
                self.slope.append((1, ()))
            else:
                self.rest.append((1, (node.name,)))

    def along(self, point: Mapping[str, int]) -> tuple[bool, int]:
        """Whether the atom holds where the line starts, and the place where that turns (0 or beyond: nowhere)."""
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


def cutters(arithmetic: Arithmetic, name: str, domain: Domain, atoms: Sequence[int]) -> list[Cutter] | None:
    """A cutter for each atom, or None when one of them is not linear in this unknown."""
    circuit = arithmetic.circuit
    for number in atoms:
        node = circuit.nodes[number]
        if isinstance(node, NotNegative) and not _linear(node.number, name):
            return None
    return [Cutter(circuit, name, domain, number) for number in atoms]


def _linear(polynomial: Polynomial, name: str) -> bool:
    return all(
        all(isinstance(factor, str) for factor in factors) and factors.count(name) < 2
        for factors, _ in polynomial.terms
    )


def ordered_points(
    circuit: Circuit, domains: Mapping[str, Domain], atoms: Sequence[int]
) -> dict[str, Domain] | None:
    """A few values for each unknown that show every class, where all that is asked is how they are ordered.

    That is so when each joint atom is x - y >= c with one c a pair (or it and the next step), and the unknowns move on
    one grid. Shift each unknown so that every c is 0. Between two cuts (of any of the n unknowns) only the order of
    those that lie there counts, so the first n + 1 values show every class and every pair of classes that differ in
    one unknown. None when that is not so.
    """
    grids = [domain.points for domain in domains.values() if isinstance(domain.points, range)]
    step = grids[0].step if grids else 1
    bounds = (1 - step, step) if len(grids) == len(domains) else (0, 1)  # of x - y, when all is shifted
    shifts = _shifts(circuit, list(domains), atoms, *bounds)
    if (
        shifts is None
        or len({(grid.step, (grid.start - shifts[n]) % step) for n, grid in _ranges(domains)}) > 1
    ):
        return None
    cuts: set[int] = set()
    for name, domain in domains.items():
        if isinstance(domain.points, range):
            cuts |= {domain.lo - shifts[name], domain.hi + step - shifts[name]}
        else:
            cuts |= {end - shifts[name] for value in domain.points for end in (value, value + 1)}
    for number in atoms:
        node = circuit.nodes[number]
        if isinstance(node, AtLeast):
            cuts.add(domains[node.name].points[node.place] - shifts[node.name])
    pieces = list(pairwise(sorted(cuts)))
    few = len(domains) + 1
    found = dict(domains)
    for name, grid in _ranges(domains):
        values: set[int] = set()
        for start, end in pieces:
            first = grid.start - shifts[name]
            first += max(0, -(-(start - first) // step)) * step
            values |= set(range(first, min(end, first + few * step), step))
        found[name] = Domain.listed(v + shifts[name] for v in values if v + shifts[name] in grid)
    return found


def _ranges(domains: Mapping[str, Domain]) -> list[tuple[str, range]]:
    return [(name, domain.points) for name, domain in domains.items() if isinstance(domain.points, range)]


def _shifts(
    circuit: Circuit, names: list[str], atoms: Sequence[int], lowest: int, highest: int
) -> dict[str, int] | None:
    """How far to move each unknown so that the joint atoms only compare their order; None when that cannot be."""
    least: dict[tuple[str, str], set[int]] = {}
    for number in atoms:
        node = circuit.nodes[number]
        if isinstance(node, NotNegative):
            match node.number.terms:
                case (((str(x),), 1), ((str(y),), -1)):
                    least.setdefault((x, y), set()).add(-node.number.constant)  # x - y >= this
                case _:
                    return None
    shifts = {names[0]: 0}
    while len(shifts) < len(names):
        before = len(shifts)
        for (x, y), bounds in least.items():
            if x in shifts and y not in shifts:
                shifts[y] = shifts[x] - min(bounds)
            elif y in shifts and x not in shifts:
                shifts[x] = shifts[y] + min(bounds)
        if len(shifts) == before:
            return None
    left = [bound - shifts[x] + shifts[y] for (x, y), bounds in least.items() for bound in bounds]
    return shifts if all(lowest <= bound <= highest for bound in left) else None
