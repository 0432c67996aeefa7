"""Where comparisons turn, and what spans say of them: held against every value and against worlds that are drawn."""

from __future__ import annotations

import random

import polars as pl
import pytest

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.sweep.bounds import Bounds, Compared
from sharedvalue.engine.readings.sweep.circuit import AtLeast, Circuit, Equals, Node, NoLess, Num, Same
from sharedvalue.engine.readings.sweep.products import always
from sharedvalue.engine.readings.sweep.translate import Translator, dtype_of
from sharedvalue.engine.readings.sweep.turning import Turning

NAMES = ("x", "y", "z")
ALL = Domain.span(-9, 9)


def drawn(circuit: Circuit, rng: random.Random, flag: int, depth: int = 2) -> Num:
    """A number over the names, made at random."""
    if not depth:
        return circuit.column(rng.choice(NAMES), -9, 9) if rng.random() < 0.7 else rng.randint(-4, 4)
    below = [drawn(circuit, rng, flag, depth - 1) for _ in range(2)]
    match rng.randrange(6):
        case 0 | 1:
            return circuit.total(below)
        case 2:
            return circuit.times((below[0], rng.choice((-2, -1, 2, 3))))
        case 3:
            return circuit.chosen(flag, *below)
        case 4:
            return circuit.divided(below[0], below[1])
        case _:
            kind = rng.choice(("least", "greatest", "middle"))
            return circuit.picked(kind, [(flag, below[0]), (1, below[1])], rng.randint(-3, 3))


def compared(rng: random.Random) -> tuple[Circuit, Compared] | None:
    circuit = Circuit()
    flag = circuit.at_least(circuit.column("f", 0, 1), 1)
    one, other = (drawn(circuit, rng, flag) for _ in range(2))
    if not isinstance(one, Node):
        return None
    if not isinstance(other, Node):
        return circuit, (AtLeast if rng.random() < 0.6 else Equals)(one, rng.randint(-9, 9))
    return circuit, (NoLess if rng.random() < 0.6 else Same)(one, other)


def bounds_of(
    circuit: Circuit, node: Compared, known: list[dict[str, int]], opened: list[dict[str, Domain]]
) -> tuple[list[bool], list[bool]]:
    """Whether it surely and perhaps holds in each case."""
    place = circuit.place(node)
    order = Translator(circuit, [place], []).order
    bounds = Bounds(lambda key: circuit.nodes[key] if isinstance(key, int) else key, order, known, opened)
    surely, perhaps = (bounds.by_case(mask) for mask in (bounds.surely(place), bounds.perhaps(place)))
    return list(map(bool, surely)), list(map(bool, perhaps))


def truths(circuit: Circuit, node: Compared, worlds: list[dict[str, int]]) -> list[bool]:
    """Whether it holds in each world, as the sweep reads it."""
    place = circuit.place(node)
    to = Translator(circuit, [place], [])
    frame = pl.DataFrame(worlds).select(pl.col(n).cast(dtype_of(*ends)) for n, ends in to.inputs.items())
    for layer in to.layers:
        frame = frame.with_columns(layer)
    return frame.select(to.literal(place).alias("held"))["held"].to_list()


@pytest.mark.parametrize("seed", range(12))
def test_between_two_cuts_a_comparison_stays_as_it_is(seed: int) -> None:
    rng = random.Random(seed)
    made = compared(rng)
    if made is None:
        return
    circuit, node = made
    known = {name: rng.randint(-9, 9) for name in NAMES} | {"f": 0}
    for holds in (True, False, None):
        cuts = Turning(node, "x", known, lambda literal, holds=holds: holds).cuts(ALL)  # type: ignore[misc]
        if cuts is None:
            continue
        for flag in (0, 1) if holds is None else (int(holds),):
            answers = truths(circuit, node, [{**known, "f": flag, "x": x} for x in ALL.values()])
            turns = {x for x, a, b in zip(ALL.values()[1:], answers, answers[1:], strict=False) if a is not b}
            assert turns <= cuts, (node, known, flag)


@pytest.mark.parametrize("seed", range(12))
def test_what_spans_say_holds_in_every_world_that_is_drawn(seed: int) -> None:
    rng = random.Random(seed)
    made = compared(rng)
    if made is None:
        return
    circuit, node = made
    known = {name: rng.randint(-9, 9) for name in NAMES} | {"f": rng.randint(0, 1)}
    opened = {"x": Domain.span(-3, 4), "f": Domain.span(0, 1)}
    (surely, surely_one), (perhaps, perhaps_one) = bounds_of(circuit, node, [known, known], [opened, {}])
    one = truths(circuit, node, [known])
    assert surely_one in (False, *one)
    assert perhaps_one in (True, *one)
    met = set(truths(circuit, node, [{**known, "f": f, "x": x} for f in (0, 1) for x in range(-3, 5)]))
    assert perhaps or met == {False}
    assert not surely or met == {True}


def members_and_stayers(circuit: Circuit, most: int) -> NoLess:
    """Are there no more that stay than members, where a share of up to `most` thousandths of each counted group does?"""
    groups, stayers = list[Num](), list[Num]()
    for name in ("one", "other"):
        counted = circuit.at_least(circuit.column(f"counts {name}", 0, 1), 1)
        members, share = circuit.column(f"members {name}", 0, 900), circuit.column(f"share {name}", 0, most)
        groups.append(circuit.chosen(counted, members, 0))
        stayers.append(circuit.chosen(counted, circuit.times((members, share)), 0))
    node = circuit.nodes[
        circuit.no_less(circuit.total(groups), circuit.divided(circuit.total(stayers), 1000))
    ]
    assert isinstance(node, NoLess)
    return node


def test_a_part_is_never_more_than_the_whole() -> None:
    assert always(members_and_stayers(Circuit(), 1000))
    assert not always(members_and_stayers(Circuit(), 1002))


@pytest.mark.parametrize("seed", range(12))
def test_what_always_holds_holds_in_worlds_that_are_drawn(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        circuit = Circuit()
        flag = circuit.at_least(circuit.column("f", 0, 1), 1)
        one = circuit.total((drawn(circuit, rng, flag), rng.randint(0, 60)))
        made = drawn(circuit, rng, flag, 1), circuit.divided(drawn(circuit, rng, flag), 3)
        other = made[rng.randrange(2)]
        if isinstance(one, Node) and isinstance(other, Node) and always(node := NoLess(one, other)):
            worlds = [{n: rng.randint(-9, 9) for n in NAMES} | {"f": rng.randint(0, 1)} for _ in range(30)]
            assert all(truths(circuit, node, worlds))
