"""The reading `sweep`: on every row of a frame it says what the naive interpreter says of that world."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod

import polars as pl
import pytest
from hypothesis import assume, given

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import holds
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.readings.prove import NO_OUTCOME, evaluate
from sharedvalue.engine.readings.sweep import Axis, Draw, Grid, Program, Reading, Sample, Tally
from sharedvalue.engine.readings.sweep import program as sweep_program
from sharedvalue.engine.readings.sweep.fold import condition, number
from sharedvalue.engine.readings.sweep.translate import TooWide, expression
from sharedvalue.engine.worlds import Worlds, form
from sharedvalue.engine.worlds.belief import everything
from tests.conformance import flat_oracle
from tests.conformance.flat_tables import Domains, World, tables_with_domains, try_all
from tests.conformance.random_tables import tables_with_worlds
from tests.conformance.random_worlds import random_world
from tests.rules.cases import default


def domains_of(worlds: Sequence[World]) -> Domains:
    return {name: Domain.listed(world[name] for world in worlds) for name in worlds[0]}


def rows(reading: Reading, frame: pl.DataFrame) -> list[dict[str, int]]:
    """What the reading says of each world, with the names of the table; modes as they are."""
    found = []
    for row in reading.read(frame).rows(named=True):
        values = {name.removeprefix("="): int(value) for name, value in row.items() if name != "modes"}
        values |= {f"mode:{mode}": 1 for mode in reading.modes_of(row["modes"])}
        found.append(values)
    return found


def frame_of(domains: Domains, worlds: Sequence[World], reading: Reading, positions: bool) -> pl.DataFrame:
    columns = {}
    for name in reading.inputs:
        values = [world[name] for world in worlds]
        if positions:
            values = [list(domains[name].values()).index(value) for value in values]
        columns[name] = pl.Series(values, dtype=pl.Int64)
    return pl.DataFrame(columns) if columns else pl.DataFrame({"any": [0] * len(worlds)})


def says_the_same(grounded: Grounded, worlds: Sequence[World], domains: Domains, positions: bool) -> None:
    try:
        reading = Program.from_grounded(grounded).of(domains, everything=True, positions=positions)
    except TooWide:
        assume(False)
    found = rows(reading, frame_of(domains, worlds, reading, positions))
    assert len(found) == len(worlds)
    for world, got in zip(worlds, found, strict=True):
        proved = evaluate(grounded, world)
        expected = {name: value for name, value in proved.items() if name not in grounded.inputs}
        wanted = {"outcome": NO_OUTCOME, "decided_by": NO_OUTCOME, **expected}
        if (exists := got.pop("exists", 1)) is not None:
            assert exists == int(not any(holds(c.never, proved) for c in grounded.constraints))
        assert got == wanted
        if (
            not grounded.branches or proved["decided_by"] != NO_OUTCOME
        ):  # where one stands, the naive reading knows all
            read = flat_oracle.read(grounded, world)
            assert {name: got[name] for name in read.values if name not in grounded.inputs} == {
                name: value for name, value in read.values.items() if name not in grounded.inputs
            }
            assert read.decided_by in (None, got["decided_by"])


@pytest.mark.parametrize("positions", [False, True])
@given(sample=tables_with_worlds(worlds=12))
def test_says_what_the_naive_interpreter_says(positions: bool, sample: tuple[Grounded, list[World]]) -> None:
    grounded, worlds = sample
    says_the_same(grounded, worlds, domains_of(worlds), positions)


@pytest.mark.parametrize("positions", [False, True])
@given(sample=tables_with_domains())
def test_says_what_trying_every_world_says(positions: bool, sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    says_the_same(grounded, list(every_world(grounded, domains))[:200], domains, positions)


def every_world(grounded: Grounded, domains: Domains) -> list[World]:
    worlds: list[World] = [{}]
    for name in grounded.inputs:
        worlds = [{**world, name: value} for world in worlds for value in domains[name].values()]
    return worlds


@given(tables_with_domains())
def test_a_grid_counts_as_trying_every_world_does(sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    reading = Program.from_grounded(grounded).of(domains, positions=True)
    axes = [Axis(name, domain.size) for name, domain in domains.items() if not domain.is_known]
    tally = Tally({}, {}, 0)
    read = Tally({}, {}, 0)
    for block in Grid(axes, most=37).blocks():
        tally = tally.plus(reading.tally(block.frame), block.factor)
        read = read.plus(reading.tally_read(reading.read(block.frame)))
    tried = try_all(grounded, domains).worlds.values()
    assert tally.places == read.places == dict(Counter(world["decided_by"] for world in tried))
    modes = Counter(
        name for world in tried for name, value in world.items() if name.startswith("mode:") and value
    )
    assert tally.modes == read.modes == dict(modes)
    assert tally.forbidden == read.forbidden == prod(d.size for d in domains.values()) - len(tried)


@given(tables_with_domains())
def test_values_that_no_cut_parts_are_alike(sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    reading = Program.from_grounded(grounded).of(domains, positions=True)
    worlds = every_world(grounded, domains)[:200]
    if not worlds or not reading.inputs:
        return
    frame = frame_of(domains, worlds, reading, positions=True)
    moved = {
        name: [max([0, *(cut for cut in cuts if cut <= at)]) for at in frame[name].to_list()]
        for name, cuts in reading.cuts.items()
        if cuts is not None
    }
    assert reading.read(frame.with_columns(pl.Series(name, values) for name, values in moved.items())).equals(
        reading.read(frame)
    )


def test_a_long_frame_is_read_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = of_default()
    domains = {**worlds.domains, "member_value_now": Domain.span(0, 1000, 10)}
    reading = Program.from_grounded(worlds.grounded).of(domains)
    frame = pl.DataFrame({"member_value_now": [n % 101 * 10 for n in range(1000)]})
    whole = reading.read(frame)
    monkeypatch.setattr(sweep_program, "BLOCK", 64)
    assert reading.read(frame).equals(whole)


@pytest.mark.parametrize("sizes", [[3, 2, 5, 4], [7], [2, 2, 2], [11, 13, 1, 3], [5, 30]])
@pytest.mark.parametrize("most", [1, 4, 7, 20, 50, 1000])
def test_a_grid_holds_every_combination_in_order(sizes: list[int], most: int) -> None:
    axes = [Axis(f"a{place}", size) for place, size in enumerate(sizes)]
    found = [
        tuple(int(value) for value in row)
        for block in Grid(axes, most).blocks()
        for row in block.frame.rows()
    ]
    expected: list[list[int]] = [[]]
    for size in sizes:
        expected = [[*before, at] for before in expected for at in range(size)]
    assert found == [tuple(row) for row in expected]


@pytest.mark.parametrize("most", [1, 7, 50, 1000])
def test_the_weights_of_a_grid_add_up(most: int) -> None:
    axes = [Axis("a", 4, (1, 2, 3, 4)), Axis("b", 3), Axis("c", 5, (7, 1, 1, 1, 1)), Axis("d", 2, (5, 6))]
    found = sum(block.factor * block.frame["#weight"].sum() for block in Grid(axes, most).blocks())
    assert found == 10 * 3 * 11 * 11


def test_a_sample_does_not_hang_on_the_blocks() -> None:
    draws = [Draw("x", 101), Draw("y", 3, (1 << 30, 1 << 31, 1 << 32)), Draw("z", 2)]
    whole, other = (
        pl.concat(b.frame for b in Sample(draws, 20_000, 7, most).blocks()) for most in (20_000, 333)
    )
    assert whole.equals(other)
    shares = whole["y"].value_counts(normalize=True).sort("y")["proportion"].to_list()
    assert shares == pytest.approx([0.25, 0.25, 0.5], abs=0.02)
    assert whole["x"].mean() == pytest.approx(50, abs=1)
    assert not whole.equals(pl.concat(b.frame for b in Sample(draws, 20_000, 8).blocks()))


@pytest.mark.parametrize("function", [condition, number, expression])
def test_an_unknown_node_is_an_error(function: object) -> None:
    with pytest.raises(TypeError, match="the sweep knows no"):
        function("a text", None)  # type: ignore[operator]


# --- our own rule book ------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


def of_facts(facts: Mapping[str, object], book: RuleBook) -> Worlds:
    tree = {"scenario": 1, "facts": dict(facts)}
    return form(book, read_scenario(parse(json.dumps(tree, default=str), "case"), book, "case"))


def of_default() -> Worlds:
    return of_facts(default(), load())


def test_our_rule_book_on_random_worlds(book: RuleBook) -> None:
    """Shapes from random scenarios; in each, every input drawn: near the thresholds, or anywhere in its type."""
    rng = random.Random(11)
    seen: Counter[int] = Counter()
    for _ in range(50):
        worlds = of_facts(random_world(rng), book)
        grounded = worlds.grounded
        edges = sorted(
            {
                t.right
                for r in grounded.rules
                for way in r.alternatives
                for t in way
                if isinstance(t.right, int)
            }
        )
        points = {name: choices(grounded.variables[name].type, edges) for name in grounded.inputs}
        sample = [{name: rng.choice(points[name]) for name in grounded.inputs} for _ in range(400)]
        reading = Program.from_grounded(grounded).of(domains_of(sample), everything=True)
        for world, got in zip(
            sample, rows(reading, frame_of(domains_of(sample), sample, reading, False)), strict=True
        ):
            expected = {n: v for n, v in evaluate(grounded, world).items() if n not in grounded.inputs}
            got.pop("exists", None)
            assert got == expected
            seen[got["decided_by"]] += 1
    assert sum(seen.values()) == 20_000
    assert len(seen) >= 15


def choices(kind: object, edges: Sequence[int]) -> list[int]:
    """Whole steps of a type, those around the integers of the rules more often."""
    lo, hi = kind.lo, kind.hi  # type: ignore[attr-defined]
    if not isinstance(kind, NumberType):
        return list(range(lo, hi + 1))
    near = [edge + by * kind.step for edge in edges for by in (-1, 0, 1) if lo <= edge + by * kind.step <= hi]
    spread = everything(kind).values()
    return near + [spread[i * (len(spread) - 1) // 40] for i in range(41)]


def test_numbers_beyond_any_column_are_refused() -> None:
    from sharedvalue.engine.language import formulas as f
    from sharedvalue.engine.language.grounded import GroundMeasure, Stratum
    from tests.conformance.random_tables import table

    huge = f.Product(tuple(f.Value(name) for name in ("a", "b", "c", "d")))
    grounded = table((Stratum((GroundMeasure("m", huge),), ()),))
    domains = {name: Domain.span(-(2**40), 2**40) for name in grounded.inputs}
    with pytest.raises(TooWide):
        Program.from_grounded(grounded).of(domains, everything=True)
