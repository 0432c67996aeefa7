"""The cheapest worlds in which something holds: best first, by what stands against it.

A world is tried; where it fails, the circuit gives comparisons that together make it fail (a core). Every better world
breaks one of them, so the search branches over these. Cores are kept, as they hold for every search of one goal. The
cheapest unexplored branch is always next, so the first world that holds is the cheapest: no solver is needed.

Values that are open hold against the goal: it must hold in every world that they allow. Worlds of theirs that spoil a
candidate are collected, and the core of each counts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, AtLeast
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.least_cost import LeastCost, Node
from sharedvalue.engine.readings.prove.points import Point

BLOCKED = 0  # begins a core that lists values (by position) which may not all move
Core = tuple[
    int, ...
]  # comparisons (signed atoms of the values that move) that cannot all hold with the goal


@dataclass(frozen=True)
class Found:
    """A world of the values that move. `minimal`: no cheaper one exists (of those not yet found)."""

    world: World
    cost: int
    minimal: bool


class Goal:
    """One literal that is to hold in every world of the open values. Its cores are shared by all searches for it.

    `like` is a goal that this one implies: what stands against that stands against this.
    """

    def __init__(self, of: LeastCost, literal: int, like: Goal | None = None) -> None:
        self.of = of
        self.literal = literal
        self.cone = of.circuit.cone([literal])
        self.cores: list[Core] = list(like.cores) if like is not None else []
        self._known: set[Core] = set(self.cores)

    def search(
        self,
        bounds: Sequence[tuple[int, int]],
        budget: Budget,
        confirm: Callable[[World], World | frozenset[str] | None] | None = None,
        most: int | None = None,
    ) -> Iterator[Found]:
        """The cheapest worlds within bounds, cheapest first; none pays for all the moves of an earlier one.

        `confirm` tells of a world what speaks against it: a world of the open values in which the goal fails, or the values
        with which no world exists, whatever the open ones are.

        Ends when there are no more (up to a cost of `most`).

        Raises:
            OutOfBudget: what comes next is not known.
        """
        of = self.of
        if self.literal == FALSE:
            return
        first = of.node(tuple(bounds), frozenset(), budget)
        assert first is not None
        tick = count()
        queue = [(first.cost, -next(tick), first)]
        seen = {(first.bounds, first.joint)}
        blocked: list[tuple[int, ...]] = []
        while queue:
            estimate, _, node = heapq.heappop(queue)
            if most is not None and estimate > most:
                return
            known = len(self.cores)
            budget.charge(300 + 2 * known)
            if budget.spent:
                raise OutOfBudget
            core = self._core(node, blocked)
            if len(self.cores) > known:  # the whole circuit was gone through
                budget.charge((2 + len(self.of.pool)) * len(self.cone))
            if (
                core is not None
                and core[:1] != (BLOCKED,)
                and not any(self._breakable(lit, node) for lit in core)
            ):
                continue
            if core is None:
                world = of.world(node.places)
                against = confirm(world) if confirm is not None else None
                if against is not None:
                    if isinstance(against, frozenset):
                        self._rule_out(world, against)
                    else:
                        of.pool.append(against)
                    heapq.heappush(queue, (estimate, -next(tick), node))
                    continue
                yield Found(world, node.cost, not of.inexact)
                blocked.append(
                    tuple(i for i, place in enumerate(node.places) if of.moves[i].cost(of.points[i][place]))
                )
                heapq.heappush(queue, (estimate, -next(tick), node))
                continue
            better = node.cost + self._ahead(node)
            if better > estimate:
                heapq.heappush(queue, (better, -next(tick), node))
                continue
            for child in self._children(node, core, budget):
                if (child.bounds, child.joint) not in seen:
                    seen.add((child.bounds, child.joint))
                    heapq.heappush(queue, (max(child.cost, estimate), -next(tick), child))

    def _rule_out(self, world: World, names: frozenset[str]) -> None:
        """Some values, as they are in a world, cannot be together."""
        circuit = self.of.circuit
        found = [
            literal
            for name in names
            for literal in (circuit.at_least(name, world[name]), -circuit.at_least(name, world[name] + 1))
            if abs(literal) != TRUE
        ]
        self.cores.append(tuple(sorted(found, key=abs)))

    # --- branching --------------------------------------------------------------------------------------------
    def _children(self, node: Node, core: Core, budget: Budget) -> Iterator[Node]:
        of = self.of
        if core and core[0] == BLOCKED:
            for i in core[1:]:
                start = of.starts[i]
                lo, hi = node.bounds[i]
                if lo <= start <= hi and (lo, hi) != (start, start):
                    bounds = (*node.bounds[:i], (start, start), *node.bounds[i + 1 :])
                    child = of.node(bounds, node.joint, budget)
                    if child is not None:
                        yield child
            return
        kept = list(node.bounds)
        for literal in core:
            atom = of.circuit.nodes[abs(literal)]
            if isinstance(atom, AtLeast):
                i = of.index[atom.name]
                lo, hi = kept[i]
                inside = (lo, min(hi, atom.place - 1)) if literal > 0 else (max(lo, atom.place), hi)
                if inside[0] > inside[1]:
                    continue
                child = of.node((*kept[:i], inside, *kept[i + 1 :]), node.joint, budget)
                kept[i] = (max(lo, atom.place), hi) if literal > 0 else (lo, min(hi, atom.place - 1))
            else:
                if literal in node.joint:
                    continue
                child = of.node(tuple(kept), node.joint | {-literal}, budget)
            if child is not None:
                yield child

    def _breakable(self, literal: int, node: Node) -> bool:
        atom = self.of.circuit.nodes[abs(literal)]
        if isinstance(atom, AtLeast):
            lo, hi = node.bounds[self.of.index[atom.name]]
            return lo < atom.place if literal > 0 else hi >= atom.place
        return literal not in node.joint

    def _core(self, node: Node, blocked: Sequence[tuple[int, ...]]) -> Core | None:
        """What stands against the cheapest world of a node, as few breakable comparisons as are known; None if nothing."""
        of = self.of
        for moved in blocked:
            if all(of.moves[i].cost(of.points[i][node.places[i]]) for i in moved):
                return (BLOCKED, *moved)
        world = of.world(node.places)
        here = Point(of.circuit, world)
        best: Core | None = None
        fewest = 1 << 30
        for core in self.cores:
            if all(of.holds(literal, node.places, here) for literal in core):
                size = sum(self._breakable(literal, node) for literal in core)
                if size < fewest:
                    best, fewest = core, size
                    if size < 2:
                        return best
        return best if best is not None else self._explain(node, world)

    def _ahead(self, node: Node) -> int:
        """What is still to be paid at least: cores that hold and share no values must each be broken."""
        of = self.of
        used = 0
        for literal in node.joint:
            used |= of.circuit.support[abs(literal)]
        total = 0
        here = Point(of.circuit, of.world(node.places))
        found = []
        for core in self.cores:
            support, least = 0, 1 << 60
            for literal in core:
                if not of.holds(literal, node.places, here):
                    least = 0
                    break
                if self._breakable(literal, node):
                    support |= of.circuit.support[abs(literal)]
                    least = min(least, self._extra(literal, node))
                    if not least or support & used:
                        break
            if least and not support & used:
                found.append((least, support))
        for least, support in sorted(found, reverse=True):
            if not support & used:
                used |= support
                total += least
        return total

    def _extra(self, literal: int, node: Node) -> int:
        """What breaking a comparison adds at least."""
        of = self.of
        atom = of.circuit.nodes[abs(literal)]
        if isinstance(atom, AtLeast):
            i = of.index[atom.name]
            place = atom.place - 1 if literal > 0 else atom.place
            return of.moves[i].cost(of.points[i][place]) - of.price(i, node.bounds[i])
        names = of.circuit.names(of.circuit.support[abs(literal)])
        near = of._near.get(
            (tuple(names), frozenset((-literal,)), tuple(node.bounds[of.index[n]] for n in names))
        )
        if near is None or near.cost is None or not near.exact:
            return 0
        return near.cost - sum(of.price(of.index[n], node.bounds[of.index[n]]) for n in names)

    # --- explaining -------------------------------------------------------------------------------------------
    def _explain(self, node: Node, world: World) -> Core | None:
        """The goal in the cheapest world of a node, with every world of the pool: a core where it fails in one."""
        of = self.of
        circuit, full = of.circuit, (1 << len(of.pool)) - 1
        here = Point(circuit, world)
        points = [Point(circuit, {**other, **world}) for other in of.pool]
        atoms: dict[int, int] = {}
        for number in self.cone:
            atom = circuit.nodes[number]
            if isinstance(atom, tuple):
                continue
            if isinstance(atom, AtLeast) and atom.name in of.index:
                atoms[number] = full if node.places[of.index[atom.name]] >= atom.place else 0
            elif not circuit.support[number] & ~of.moving:
                atoms[number] = full if here.node(number) else 0
            else:
                circuit.meter.charge(2 * len(points))
                atoms[number] = sum(point.node(number) << at for at, point in enumerate(points))
        bits = circuit.spread(self.cone, atoms, full)
        goal = bits[self.literal] if self.literal > 0 else full ^ bits[-self.literal]
        fails = full & ~goal
        if not fails:
            return None
        at = (fails & -fails).bit_length() - 1
        core = self._because({number: worlds >> at & 1 for number, worlds in bits.items()}, at, node)
        if core not in self._known:
            self._known.add(core)
            self.cores.append(core)
        return core

    def _because(self, values: Mapping[int, int], at: int, node: Node) -> Core:
        """The fewest breakable comparisons, as far as sums over shared parts tell, that make the goal fail."""
        of = self.of
        circuit = of.circuit
        weight: dict[int, int] = {1: 0}
        chosen: dict[int, int] = {}
        local: dict[int, int] = {}
        for number in self.cone:
            parts = circuit.nodes[number]
            if number == 1:
                continue
            if not isinstance(parts, tuple):
                literal = of.local(number, at)
                local[number] = literal if values[number] else -literal
                weight[number] = (
                    0 if abs(literal) == 1 else int(self._breakable(local[number], node)) * 1000 + 1
                )
            elif values[number]:
                weight[number] = sum([weight[abs(part)] for part in parts])
            else:
                weight[number], chosen[number] = min(
                    (weight[abs(part)], part) for part in parts if bool(values[abs(part)]) is not (part > 0)
                )
        found: set[int] = set()
        waiting = [abs(self.literal)]
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in seen or number == 1:
                continue
            seen.add(number)
            parts = circuit.nodes[number]
            if not isinstance(parts, tuple):
                if abs(local[number]) != 1:
                    found.add(local[number])
            elif values[number]:
                waiting += [abs(part) for part in parts]
            else:
                waiting.append(abs(chosen[number]))
        return self._without_weaker(found)

    def _without_weaker(self, literals: set[int]) -> Core:
        """Of several bounds of one value on one side, the strictest."""
        strictest: dict[tuple[str, bool], tuple[int, int]] = {}
        kept: list[int] = []
        for literal in literals:
            atom = self.of.circuit.nodes[abs(literal)]
            if not isinstance(atom, AtLeast):
                kept.append(literal)
                continue
            key = (atom.name, literal > 0)
            rank = atom.place if literal > 0 else -atom.place
            if key not in strictest or rank > strictest[key][0]:
                strictest[key] = (rank, literal)
        return tuple(sorted([*kept, *(literal for _, literal in strictest.values())], key=abs))
