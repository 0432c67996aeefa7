"""What it costs to be in a part of the search: values that may move, within bounds, where comparisons of theirs hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.readings.prove.axes import joined
from sharedvalue.engine.readings.prove.bounded import Bounded, Near, opposite, plain
from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, AtLeast, NotNegative
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.nearest import nearest
from sharedvalue.engine.readings.prove.numbers import Whole
from sharedvalue.engine.readings.prove.points import Point
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.session import Move, Session

FALLBACK_SECONDS = 0.5


@dataclass(frozen=True)
class Node:
    """Part of the search: bounds (as places) for each value, and comparisons of several values that must hold."""

    bounds: tuple[tuple[int, int], ...]
    joint: frozenset[int]
    cost: int
    places: tuple[int, ...]


class LeastCost:
    """Searches of one residual. `moves` are the values that may move; the other unknowns of the residual stand open.

    `pool` are worlds of the open values in which the goal must hold; `confirm` gives for a world of the moved values
    one in which the goal fails, or None when it holds in all of them.
    """

    def __init__(self, residual: Residual, moves: Mapping[str, Move], pool: Sequence[World] = ()) -> None:
        self.residual = residual
        self.circuit = residual.circuit
        self.names = [name for name in residual.unknowns if name in moves]
        self.index = {name: i for i, name in enumerate(self.names)}
        self.points = [residual.unknowns[name].points for name in self.names]
        self.moves = [moves[name] for name in self.names]
        self.starts = [residual.unknowns[name].place(moves[name].start) for name in self.names]
        self.moving = sum(self.circuit.bit[name] for name in self.names)
        self.pool: list[World] = [dict(world) for world in pool] or [{}]
        self.inexact = False
        self._near: dict[object, Near] = {}
        self._open: dict[int, int] = {}
        self._mixed: dict[tuple[int, int], int] = {}
        self._session: Session | None = None

    def span(self, name: str, lo: int, hi: int) -> tuple[int, int]:
        """The places of a value between two values of its domain."""
        domain = self.residual.unknowns[name]
        return domain.place(lo), domain.place(hi)

    # --- atoms ------------------------------------------------------------------------------------------------
    def local(self, number: int, at: int) -> int:
        """An atom with the open values of one world of the pool put in: a literal over values that move."""
        key = (number, at)
        found = self._mixed.get(key)
        if found is None:
            found = self._mixed[key] = self._put_in(number, self.pool[at])
        return found

    def _put_in(self, number: int, world: World) -> int:
        circuit = self.circuit
        if not circuit.support[number] & self.moving:
            return TRUE if Point(circuit, world).node(number) else FALSE
        if not circuit.support[number] & ~self.moving:
            return number
        node = circuit.nodes[number]
        assert isinstance(node, NotNegative)
        total: dict[tuple[str | Whole, ...], int] = {}
        for factors, times in node.number.terms:
            kept: list[str | Whole] = []
            for factor in factors:
                support = circuit.bit[factor] if isinstance(factor, str) else factor.support
                if not support & self.moving:
                    times *= (
                        world[factor]
                        if isinstance(factor, str)
                        else Point(circuit, world).number(factor.number)
                    )
                elif isinstance(factor, Whole) and support & ~self.moving:
                    raise OutOfBudget  # a number kept whole over both kinds of values: not taken apart
                else:
                    kept.append(factor)
            total[tuple(kept)] = total.get(tuple(kept), 0) + times
        constant = node.number.constant + total.pop((), 0)
        return self.residual.arithmetic.at_least(self.residual.arithmetic._made(total, constant), 0)

    def terms(self, literal: int) -> dict[tuple[str, ...], int] | None:
        node = self.circuit.nodes[abs(literal)]
        assert isinstance(node, NotNegative)
        found = plain(node.number)
        return opposite(found) if found is not None and literal < 0 else found

    def holds(self, literal: int, places: Sequence[int], here: Point) -> bool:
        node = self.circuit.nodes[abs(literal)]
        if isinstance(node, AtLeast):
            return (places[self.index[node.name]] >= node.place) is (literal > 0)
        return here.holds(literal)

    def world(self, places: Sequence[int]) -> World:
        return {name: self.points[i][places[i]] for i, name in enumerate(self.names)}

    # --- what it costs to be somewhere -----------------------------------------------------------------------------
    def rest(self, i: int, bounds: tuple[int, int]) -> int:
        return min(max(self.starts[i], bounds[0]), bounds[1])

    def price(self, i: int, bounds: tuple[int, int]) -> int:
        return self.moves[i].cost(self.points[i][self.rest(i, bounds)])

    def node(self, bounds: tuple[tuple[int, int], ...], joint: frozenset[int], budget: Budget) -> Node | None:
        """The part of the search with its cheapest world; None when it is empty."""
        budget.charge(len(bounds))
        places = [self.rest(i, b) for i, b in enumerate(bounds)]
        cost = sum([self.moves[i].cost(self.points[i][p]) for i, p in enumerate(places)])
        for group in joined(self.circuit.support[abs(lit)] for lit in joint) if joint else ():
            names = self.circuit.names(group)
            near = self.near(
                names, [lit for lit in joint if self.circuit.support[abs(lit)] & group], bounds, budget
            )
            if near.cost is None:
                if near.exact:
                    return None
                raise OutOfBudget
            cost += near.cost - sum(self.price(self.index[n], bounds[self.index[n]]) for n in names)
            for name, place in near.places.items():
                places[self.index[name]] = place
        return Node(bounds, joint, cost, tuple(places))

    def near(
        self, names: Sequence[str], literals: Sequence[int], bounds: Sequence[tuple[int, int]], budget: Budget
    ) -> Near:
        within = [bounds[self.index[name]] for name in names]
        key = (tuple(names), frozenset(literals), tuple(within))
        found = self._near.get(key)
        if found is None:
            found = self._near[key] = self._nearest(names, literals, within, budget)
            self.inexact = self.inexact or not found.exact
        return found

    def _nearest(
        self, names: Sequence[str], literals: Sequence[int], within: Sequence[tuple[int, int]], budget: Budget
    ) -> Near:
        values = {
            name: Bounded(self.points[i], lo, hi, self.moves[i], self.starts[i])
            for name, (lo, hi) in zip(names, within, strict=True)
            for i in [self.index[name]]
        }
        rest = {name: value.rest for name, value in values.items()}
        base = Near(sum(value.cost(value.rest) for value in values.values()), rest)
        if self._all(literals, values, base):
            return base
        wanted = []
        best: Near | None = None
        for literal in literals:
            terms = self.terms(literal)
            if terms is None:
                continue
            wanted.append(terms)
            near = nearest(
                [terms],
                {n: values[n] for n in self.circuit.names(self.circuit.support[abs(literal)])},
                budget,
            )
            if near.cost is None:
                return near
            cost = near.cost + sum(
                value.cost(value.rest) for n, value in values.items() if n not in near.places
            )
            if best is None or cost > (best.cost or 0):
                best = Near(cost, {**rest, **near.places}, near.exact)
        if best is not None and best.exact and self._all(literals, values, best):
            return best
        if len(wanted) == len(literals):
            near = nearest(wanted, values, budget)
            if near.exact:
                return near
        return self._fallback(names, literals, values)

    def _all(self, literals: Sequence[int], values: Mapping[str, Bounded], near: Near) -> bool:
        here = Point(self.circuit, {name: values[name].points[place] for name, place in near.places.items()})
        return all(here.holds(literal) for literal in literals)

    def _fallback(self, names: Sequence[str], literals: Sequence[int], values: Mapping[str, Bounded]) -> Near:
        """By the solver, where several comparisons share values or a number was kept whole."""
        if self._session is None:
            self._session = Session(self.residual, self.circuit.meter.part(FALLBACK_SECONDS))
            self._session.pop()  # only the comparisons count here, not which worlds exist
            self._session.push()
        self._session.budget = self.circuit.meter.part(FALLBACK_SECONDS)
        bounds = []
        for name, value in values.items():
            bounds.append(self.circuit.at_least(name, value.points[value.lo]))
            if value.hi + 1 < len(value.points):
                bounds.append(-self.circuit.at_least(name, value.points[value.hi + 1]))
        moves = {name: value.move for name, value in values.items()}
        best = self._session.cheapest(moves, *literals, *bounds)
        if best.world is None:
            return Near(None, {}, best.cannot)
        return Near(
            best.cost, {n: self.residual.unknowns[n].place(best.world[n]) for n in names}, best.minimal
        )
