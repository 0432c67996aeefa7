"""Which points of a map are alike: in all their worlds the same is decided, so one of them is decided for all.

The case in which both facts may be stated to be anything is one circuit of comparisons (see worlds/restated.py). At a point,
each comparison is true, or false, or a cut through what some other fact may be. Two points at which these are the same, and
lie in the same order along each open fact, have worlds that go with one another.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.questions.landscape_axes import Axis
from sharedvalue.engine.readings.prove import AtLeast, Budget, NotNegative, Point, Polynomial
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.restated import restated


@dataclass(frozen=True)
class _Cut:
    """At a point: another unknown is at or beyond a place of what it may be, or (`above` False) before it."""

    name: str
    place: int
    above: bool


class Alike:
    """Tells the kind of each point of a map: points of one kind have one answer."""

    def __init__(
        self, worlds: Worlds, x: Axis, y: Axis, asked: Sequence[Test], budget: Budget | None = None
    ) -> None:
        """`asked` are comparisons that the rules about the decision itself make.

        Raises:
            OutOfBudget: the case could not be put into one circuit in time.
        """
        self.x, self.y = x, y
        made = restated(worlds, {x.name: x.domain, y.name: y.domain}, budget)
        residual, grounded = made.residual, made.worlds.grounded
        self.circuit, self.arithmetic = residual.circuit, residual.arithmetic
        told = [
            literal
            for name, literal in residual.conclusions.items()
            if name.startswith("mode:") or name in {branch.candidate for branch in grounded.branches}
        ]
        roots = [
            *told,
            *residual.outcomes.values(),
            *residual.places.values(),
            residual.exists,
            *made.hangs_on,
            *(residual.condition(test) for test in asked),
        ]
        cone = self.circuit.cone(roots)
        self.own = self.circuit.bit.get(x.name, 0) | self.circuit.bit.get(y.name, 0)
        self.bits = {axis.name: self.circuit.bit.get(axis.name, 0) for axis in (x, y)}
        atoms = [n for n in cone if not isinstance(self.circuit.nodes[n], tuple)]
        self.moving = [n for n in atoms if self.circuit.support[n] & self.own]
        self.knotted: set[str] = set()  # unknowns that are compared with one another: no single cut says how
        self.still: dict[str, set[int]] = {}
        for number in atoms:
            if number not in set(self.moving):
                self._stand(number)

    def _stand(self, number: int) -> None:
        node = self.circuit.nodes[number]
        if isinstance(node, AtLeast):
            self.still.setdefault(node.name, set()).add(node.place)
        else:
            self.knotted |= set(self.circuit.names(self.circuit.support[number]))

    def starts(self, axis: Axis) -> tuple[int, ...]:
        """Where classes of places begin on an axis: no comparison parts the places of one."""
        touching = [n for n in self.moving if self.circuit.support[n] & self.bits[axis.name]]
        nodes = [self.circuit.nodes[n] for n in touching]
        if not all(isinstance(node, AtLeast) for node in nodes):
            return tuple(range(axis.domain.size))
        cuts = {node.place for node in nodes if isinstance(node, AtLeast)}
        return tuple(sorted({0, *(cut for cut in cuts if 0 < cut < axis.domain.size)}))

    def kind(self, x: int, y: int) -> Hashable:
        """What tells a point from those that are not alike."""
        point = {self.x.name: self.x.value(x), self.y.name: self.y.value(y)}
        said = [self._at(number, point) for number in self.moving]
        cuts: dict[str, set[int]] = {}
        knotted = set(self.knotted)
        for one in said:
            if isinstance(one, _Cut):
                cuts.setdefault(one.name, set()).add(one.place)
            elif not isinstance(one, bool):
                knotted |= one[0]
        order = {name: self._order(name, places) for name, places in cuts.items() if name not in knotted}
        return (
            tuple(
                (one.above, order[one.name][0][one.place])
                if isinstance(one, _Cut) and one.name in order
                else one
                for one in said
            ),
            tuple((name, steps) for name, (_, steps) in order.items()),
        )

    def _order(self, name: str, places: set[int]) -> tuple[Mapping[int, int], tuple[bool, ...]]:
        """The turn of each cut among all cuts of an unknown, and between which of them lies one value only."""
        ends = {0, self.circuit.unknowns[name].size}
        line = sorted(places | self.still.get(name, set()) | ends)
        return (
            {place: turn for turn, place in enumerate(line)},
            tuple(after - before == 1 for before, after in pairwise(line)),
        )

    def _at(self, number: int, point: Mapping[str, int]) -> bool | _Cut | tuple[frozenset[str], Hashable]:
        """A comparison at a point; where several unknowns are left in it, their names and what is left."""
        node = self.circuit.nodes[number]
        if isinstance(node, AtLeast) or not self.circuit.support[number] & ~self.own:
            return Point(self.circuit, point).node(number)
        assert isinstance(node, NotNegative)
        left = self._left(node.number, point)
        if left is None:
            names = frozenset(self.circuit.names(self.circuit.support[number] & ~self.own))
            own = tuple(v for n, v in point.items() if self.circuit.support[number] & self.bits[n])
            return names, (number, own)
        terms, constant = left
        if not terms:
            return constant >= 0
        if len(terms) > 1 or len(next(iter(terms))) > 1:
            return frozenset(n for factors in terms for n in factors), (
                tuple(sorted(terms.items())),
                constant,
            )
        ((name,), slope) = next(iter(terms.items()))
        return self._cut(name, slope, constant)

    def _cut(self, name: str, slope: int, constant: int) -> bool | _Cut:
        """Where slope * unknown + constant >= 0 turns along the unknown."""
        domain = self.circuit.unknowns[name]
        above = slope > 0
        place = domain.place(-(constant // slope) if above else constant // -slope + 1)
        if place <= 0:
            return above
        if place >= domain.size:
            return not above
        return _Cut(name, place, above)

    def _left(
        self, number: Polynomial, point: Mapping[str, int]
    ) -> tuple[dict[tuple[str, ...], int], int] | None:
        """A polynomial once the two facts are put in; None where what is kept whole mixes them with others."""
        here = Point(self.circuit, point)
        terms: dict[tuple[str, ...], int] = {}
        constant = number.constant
        for factors, count in number.terms:
            others: list[str] = []
            for factor in factors:
                if isinstance(factor, str):
                    if factor in point:
                        count *= point[factor]
                    else:
                        others.append(factor)
                elif not factor.support & ~self.own:
                    count *= here.number(factor.number)
                else:
                    return None
            if not others:
                constant += count
            elif count:
                key = tuple(sorted(others))
                terms[key] = terms.get(key, 0) + count
        return {key: count for key, count in terms.items() if count}, constant
