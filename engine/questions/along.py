"""One fact moved through all that a file may state of it: where which outcomes are possible, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from sharedvalue.engine.kept import KeptOf
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.questions.meaning import NOWHERE, Standing, standing
from sharedvalue.engine.questions.ranges import every_value
from sharedvalue.engine.readings.prove import (
    AtLeast,
    Budget,
    NotNegative,
    OutOfBudget,
    Polynomial,
    Ratio,
    Residual,
    Steps,
    Sym,
    WorldsTable,
)
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.restated import restated

PLACES = 100  # pieces of an unknown where it cannot be said where a comparison turns
LONG = 10_000  # points beyond which such pieces grow by doubling: a count may be 100 million, and turns among the small ones
CORNERS = 256  # joint values of other unknowns at which a comparison of several is cut


@dataclass(frozen=True)
class Stretch:
    """The values from `lo` to `hi` (scaled, both included) at which the same outcomes are possible."""

    lo: int
    hi: int
    standing: Standing


def along(
    residual: Residual,
    name: str,
    domain: Domain,
    outcomes: Sequence[str],
    at: Callable[[int], Standing],
    budget: Budget,
) -> tuple[Stretch, ...]:
    """The stretches of one unknown of a residual, over all that the other unknowns may be.

    `outcomes` are the names by the residual's codes. `at` tells what is possible at one value, where a table cannot.

    Raises:
        OutOfBudget: that is not known.
    """
    return _Along(residual, name, domain, outcomes, at, budget).run()


class _Along:
    def __init__(
        self,
        residual: Residual,
        name: str,
        domain: Domain,
        outcomes: Sequence[str],
        at: Callable[[int], Standing],
        budget: Budget,
    ) -> None:
        self.residual, self.name, self.points = residual, name, domain.points
        self.outcomes, self.at, self.budget = outcomes, at, budget
        self.met: dict[int, Standing] = {}
        circuit = residual.circuit
        self.roots = [lit for code, lit in residual.outcomes.items() if code >= 0] + [residual.exists]
        self.cone = circuit.cone(self.roots)
        self.bit = circuit.bit.get(name, 0)
        self.atoms = [
            n for n in self.cone if circuit.support[n] & self.bit and not isinstance(circuit.nodes[n], tuple)
        ]
        self.joint = [n for n in self.atoms if isinstance(circuit.nodes[n], NotNegative)]

    def run(self) -> tuple[Stretch, ...]:
        pieces = list(self.pieces())
        if self.joint:
            found = [stretch for lo, hi in pieces for stretch in self.between(lo, hi)]
        else:
            table = WorldsTable.of(self.residual.axes, self.roots)
            found = list(self.by_table(table, pieces) if table is not None else map(self.alike, pieces))
        return tuple(self.joined(found))

    def pieces(self) -> Iterator[tuple[int, int]]:
        """The places from and to between which no comparison turns."""
        cuts = {0, len(self.points)}
        for number in self.atoms:
            node = self.residual.circuit.nodes[number]
            if isinstance(node, AtLeast):
                cuts.add(node.place)
            elif isinstance(node, NotNegative):
                cuts |= self.corners(node)
        for start, end in pairwise(sorted(cut for cut in cuts if 0 <= cut <= len(self.points))):
            yield start, end - 1

    def corners(self, node: NotNegative) -> set[int]:
        """Where a comparison of several unknowns turns along this one, with the others where they turn themselves."""
        circuit = self.residual.circuit
        support = self.residual.arithmetic.support(node.number) & ~self.bit
        others = circuit.names(support)
        ends = [self.ends(other) for other in others]
        every = anywhere(len(self.points))
        terms = node.number.terms
        if any(not isinstance(f, str) for factors, _ in terms for f in factors):
            return every if others else self.turns(node, every)
        if any(factors.count(self.name) > 1 for factors, _ in terms):
            return every
        size = 1
        for end in ends:
            size *= len(end)
        if size > CORNERS:
            return every
        cuts: set[int] = set()
        domain = Domain(tuple(self.points)) if not isinstance(self.points, range) else Domain(self.points)
        for values in product(*ends):
            point = dict(zip(others, values, strict=True))
            slope, rest = 0, node.number.constant
            for factors, count in terms:
                for factor in factors:
                    if factor != self.name:
                        count *= point[str(factor)]
                if self.name in factors:
                    slope += count
                else:
                    rest += count
            if slope > 0:
                cuts.add(domain.place(-(rest // slope)))
            elif slope < 0:
                cuts.add(domain.place(rest // -slope + 1))
        return cuts

    def turns(self, node: NotNegative, every: set[int]) -> set[int]:
        """Where a comparison with one ratio turns, and nothing else of which moves: on either side of where the bottom of the
        ratio is nothing, it goes one way only, so the turn is found by halving."""
        whole = [f for factors, _ in node.number.terms for f in factors]
        ratio = whole[0].number if len(whole) == 1 and not isinstance(whole[0], str) else None
        top, bottom = (
            (straight(part) for part in (ratio.top, ratio.bottom))
            if isinstance(ratio, Ratio)
            else (None, None)
        )
        if top is None or bottom is None:
            return every
        count = node.number.terms[0][1]

        def below(place: int) -> bool:
            return bottom[0] * self.points[place] + bottom[1] <= 0

        def holds(place: int) -> bool:
            x = self.points[place]
            value = 0 if below(place) else (top[0] * x + top[1]) // (bottom[0] * x + bottom[1])
            return count * value + node.number.constant >= 0

        last = len(self.points) - 1
        first = turn(below, 0, last)
        return {first, turn(holds, 0, first - 1), turn(holds, first, last)}

    def ends(self, other: str) -> list[int]:
        """The values of another unknown on both sides of each of its own turns."""
        circuit = self.residual.circuit
        points = circuit.unknowns[other].points
        places = {0, len(points) - 1}
        for number in self.cone:
            node = circuit.nodes[number]
            if isinstance(node, AtLeast) and node.name == other:
                places |= {node.place - 1, node.place}
        return [points[place] for place in sorted(places)]

    # --- what is possible ------------------------------------------------------------------------------------------
    def by_table(self, table: WorldsTable, pieces: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
        """All pieces at once: this unknown is an axis of its own."""
        real = table.where(self.residual.exists)
        where = {code: table.where(lit) & real for code, lit in self.residual.outcomes.items()}
        axis = next((i for i, one in enumerate(table.axes) if one.names == (self.name,)), None)
        for place, (lo, hi) in enumerate(pieces):
            part = table.full if axis is None else table.slice(axis, place)
            names = tuple(
                self.outcomes[code] for code, worlds in sorted(where.items()) if code >= 0 and worlds & part
            )
            yield Stretch(self.points[lo], self.points[hi], Standing(names) if names else NOWHERE)

    def alike(self, piece: tuple[int, int]) -> Stretch:
        lo, hi = (self.points[place] for place in piece)
        return Stretch(lo, hi, self.at(lo))

    def between(self, lo: int, hi: int) -> Iterator[Stretch]:
        """The stretches from one place to another, where the same is possible at both ends of each."""
        if self.budget.spent:
            raise OutOfBudget
        first, last = self.known(lo), self.known(hi)
        if first == last:
            yield Stretch(self.points[lo], self.points[hi], first)
            return
        middle = (lo + hi) // 2
        yield from self.between(lo, middle)
        yield from self.between(middle + 1, hi)

    def known(self, place: int) -> Standing:
        if place not in self.met:
            self.met[place] = self.at(self.points[place])
        return self.met[place]

    @staticmethod
    def joined(found: Sequence[Stretch]) -> Iterator[Stretch]:
        """Stretches that touch and say the same become one."""
        last: Stretch | None = None
        for one in found:
            if last is not None and last.standing == one.standing:
                last = Stretch(last.lo, one.hi, one.standing)
                continue
            if last is not None:
                yield last
            last = one
        if last is not None:
            yield last


def straight(number: Sym) -> tuple[int, int] | None:
    """A number as slope and constant of the one unknown that it is made of; None where it is anything else."""
    if isinstance(number, int):
        return 0, number
    if not isinstance(number, Polynomial) or any(len(factors) > 1 for factors, _ in number.terms):
        return None
    if len(number.terms) > 1 or any(not isinstance(f, str) for factors, _ in number.terms for f in factors):
        return None
    return sum(count for _, count in number.terms), number.constant


def turn(holds: Callable[[int], bool], first: int, last: int) -> int:
    """The place from which on a condition is otherwise than at the first, where it changes once at most; `last` + 1 if never."""
    if first > last or holds(first) == holds(last):
        return max(first, last + 1)
    start, low, high = holds(first), first, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) == start else (low, middle)
    return high


def anywhere(points: int) -> set[int]:
    """Places at which to look where it cannot be said where a comparison turns."""
    if points > LONG:
        return {0, points, *(1 << power for power in range(points.bit_length() - 1))}
    return set(range(0, points + 1, -(-points // PLACES)))


# by case; with the steps that each took
_stretches: KeptOf[dict[str, tuple[tuple[Stretch, ...], int]]] = KeptOf(16)


def along_fact(worlds: Worlds, name: str, budget: Budget) -> tuple[Stretch, ...]:
    """The stretches of one fact of a case: it is stated to be each value in turn, and the case formed anew.

    Several questions ask this of one case. What is kept counts as many steps as it took, so that what is found within a
    budget does not hang on what was asked before.

    Raises:
        OutOfBudget: that is not known.
    """
    if budget.spent:
        raise OutOfBudget
    if not isinstance(budget, Steps):
        return _along_fact(worlds, name, budget)
    known = _stretches.of(worlds, dict)
    if name in known:
        found, steps = known[name]
        budget.charge(steps)
        if budget.spent:
            raise OutOfBudget
        return found
    before = budget.steps
    found = _along_fact(worlds, name, budget)
    known[name] = found, before - budget.steps
    return found


def _along_fact(worlds: Worlds, name: str, budget: Budget) -> tuple[Stretch, ...]:
    domain = every_value(worlds, name)
    residual = restated(worlds, {name: domain}, budget).residual
    return along(
        residual,
        name,
        domain,
        worlds.book.outcome_names,
        lambda value: standing(worlds, {name: value}, budget),
        budget,
    )
