"""The search for the cheapest world: its cost is what trying every world shows, for values that move and that stand open."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.readings.prove import (
    FALSE,
    Found,
    Goal,
    LeastCost,
    Move,
    OutOfBudget,
    Program,
    Steps,
    anywhere,
)
from sharedvalue.engine.readings.prove.bounded import Bounded, Terms
from sharedvalue.engine.readings.prove.nearest import nearest
from sharedvalue.engine.readings.prove.residual import Residual
from tests.conformance.flat_tables import Domains, tables_with_domains, try_all

World = dict[str, int]


def moves_for(draw: st.DataObject, names: Iterable[str], domains: Domains) -> dict[str, Move]:
    found = {}
    for name in names:
        start = draw.draw(st.sampled_from(list(domains[name].values())))
        each = draw.draw(st.integers(0, 3))
        found[name] = Move(start, each, draw.draw(st.integers(0 if each else 1, 4)))
    return found


def exact_cost(moves: dict[str, Move], worlds: Iterable[World]) -> int | None:
    return min(
        (sum(move.cost(world[name]) for name, move in moves.items()) for world in worlds), default=None
    )


@given(tables_with_domains(), st.data())
def test_the_cheapest_world_is_that_of_trying_every_world(
    sample: tuple[Grounded, Domains], data: st.DataObject
) -> None:
    grounded, domains = sample
    tried = try_all(grounded, domains)
    residual = Program.from_grounded(grounded).residual(domains, Steps(60))
    moves = moves_for(data, residual.unknowns, domains)
    search = LeastCost(residual, moves)
    for outcome, literal in residual.outcomes.items():
        worlds = [
            dict(zip(grounded.inputs, p, strict=True))
            for p, v in tried.worlds.items()
            if v.get("outcome") == outcome
        ]
        goal = Goal(search, residual.circuit.all([literal, residual.exists]))
        found = list(islice(goal.search([(0, len(p) - 1) for p in search.points], Steps(60)), 3))
        best = exact_cost(moves, worlds)
        assert best == (found[0].cost if found else None)
        for earlier, later in pairwise(found):
            assert earlier.minimal
            assert earlier.cost <= later.cost
        for one in found:
            assert {**residual.given, **one.world} in worlds
            assert one.cost == sum(move.cost(one.world[n]) for n, move in moves.items())
        if found:
            the_next_moves_other_values(moves, found, worlds)


def the_next_moves_other_values(moves: dict[str, Move], found: list[Found], worlds: list[World]) -> None:
    """Each further world is the cheapest of those that do not move all the values of an earlier one."""
    left = worlds
    for one, following in zip(found, [*found[1:], None], strict=True):
        moved = [n for n, move in moves.items() if one.world[n] != move.start]
        left = [world for world in left if not all(world[n] != moves[n].start for n in moved)]
        if following is not None or len(found) < 3:
            assert exact_cost(moves, left) == (following.cost if following else None)


@given(tables_with_domains(), st.data())
def test_open_values_must_not_matter(sample: tuple[Grounded, Domains], data: st.DataObject) -> None:
    grounded, domains = sample
    program = Program.from_grounded(grounded)
    residual = program.residual(domains, Steps(60))
    names = list(residual.unknowns)
    moving = [name for name in names if data.draw(st.booleans())]
    standing = [name for name in names if name not in moving]
    moves = moves_for(data, moving, domains)
    tried = try_all(grounded, domains)
    worlds = [(dict(zip(grounded.inputs, p, strict=True)), v) for p, v in tried.worlds.items()]
    search = LeastCost(residual, moves, [{name: domains[name].lo for name in standing}])
    for outcome, literal in residual.outcomes.items():
        goal = Goal(search, residual.circuit.any([literal, -residual.exists]))

        def confirm(moved: World, outcome: int = outcome) -> World | None:
            here = [(w, v) for w, v in worlds if all(w[n] == moved[n] for n in moving)]
            return next((w for w, v in here if v.get("outcome") != outcome), None)

        try:
            found = next(goal.search([(0, len(p) - 1) for p in search.points], Steps(60), confirm), None)
        except OutOfBudget:
            continue  # a number that is kept whole over both kinds of values: it says that it does not know
        good = [
            dict(zip(moving, point, strict=True))
            for point in product(*(domains[name].values() for name in moving))
            if confirm(dict(zip(moving, point, strict=True))) is None
        ]
        assert exact_cost(moves, good) == (found.cost if found else None)


@given(tables_with_domains())
def test_anywhere_finds_a_world_or_there_is_none(sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    tried = try_all(grounded, domains)
    residual = Program.from_grounded(grounded).residual(domains, Steps(60))
    for outcome in range(-1, 3):
        literal = residual.circuit.all([residual.outcomes.get(outcome, FALSE), residual.exists])
        for most in (1 << 14, 0):
            answer = _anywhere(residual, literal, most)
            if answer is None:
                assert outcome not in {v.get("outcome") for v in tried.worlds.values()}
            else:
                assert tried.worlds[tuple(answer[name] for name in grounded.inputs)]["outcome"] == outcome


def _anywhere(residual: Residual, literal: int, most: int) -> World | None:
    answer = anywhere(residual, literal, Steps(60), most)
    assert answer.sure
    return answer.world


@given(st.data())
def test_the_nearest_point_is_that_of_trying_every_point(data: st.DataObject) -> None:
    draw = data.draw
    names = "uvwxyz"[: draw(st.integers(1, 4))]
    values = {}
    for name in names:
        lo = draw(st.integers(-4, 3))
        points = Domain.span(lo, lo + draw(st.integers(0, 5)), draw(st.integers(1, 2))).points
        start, low = draw(st.integers(0, len(points) - 1)), draw(st.integers(0, len(points) - 1))
        each = draw(st.integers(0, 3))
        move = Move(points[start], each, draw(st.integers(0 if each else 1, 4)))
        values[name] = Bounded(points, low, draw(st.integers(low, len(points) - 1)), move, start)
    wanted: list[Terms] = []
    for _ in range(draw(st.integers(1, 2))):
        terms: Terms = {(): draw(st.integers(-12, 12))}
        for _ in range(draw(st.integers(1, 4))):
            factors = tuple(
                sorted(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)))
            )
            terms[factors] = draw(st.integers(-3, 3))
        wanted.append(terms)
    best = None
    for places in product(*(range(value.lo, value.hi + 1) for value in values.values())):
        point = {name: values[name].points[place] for name, place in zip(names, places, strict=True)}
        if all(total(terms, point) >= 0 for terms in wanted):
            cost = sum(values[name].cost(place) for name, place in zip(names, places, strict=True))
            best = cost if best is None else min(best, cost)
    near = nearest(wanted, values, Steps(60))
    assert near.exact
    assert near.cost == best
    if best is not None:
        point = {name: values[name].points[near.places[name]] for name in names}
        assert all(total(terms, point) >= 0 for terms in wanted)
        assert sum(values[name].cost(near.places[name]) for name in names) == best


def total(terms: Terms, point: World) -> int:
    found = 0
    for factors, count in terms.items():
        for factor in factors:
            count *= point[factor]
        found += count
    return found
