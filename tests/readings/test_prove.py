"""The reading `prove`: what it says is possible, pivotal and settled is what trying every world shows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import (
    GroundBranch,
    GroundConstraint,
    Grounded,
    GroundMeasure,
    Stratum,
)
from sharedvalue.engine.readings.prove import (
    NO_OUTCOME,
    Budget,
    Move,
    OutOfBudget,
    Possibilities,
    Program,
    evaluate,
)
from sharedvalue.engine.readings.prove.worlds_table import WorldsTable
from tests.conformance.flat_tables import Domains, Tried, World, tables_with_domains, try_all
from tests.conformance.random_tables import Making, ground_rule, table


def agrees(found: Possibilities, tried: Tried) -> None:
    assert found.complete
    assert {p.outcome: frozenset(p.modes) for p in found.outcomes} == dict(tried.outcomes)
    assert [p.outcome for p in found.outcomes] == sorted(tried.outcomes)
    assert set(found.pivotal) == tried.pivotal
    assert {n: found.settled[n] for n in found.settled if n in tried.settled} == dict(tried.settled)
    assert set(found.settled) == set(tried.settled)


def examples_hold(grounded: Grounded, found: Possibilities, tried: Tried) -> None:
    for possible in found.outcomes:
        point = tuple(possible.example[name] for name in grounded.inputs)
        assert set(possible.example) == set(grounded.inputs)
        assert tried.worlds[point]["outcome"] == possible.outcome


def claims_nothing_wrong(grounded: Grounded, found: Possibilities, tried: Tried) -> None:
    """Nothing stated is wrong, and what may be missing is named."""
    outcomes = {p.outcome: p for p in found.outcomes}
    missing = set(tried.outcomes) - set(outcomes)
    assert missing <= set(found.unsure_outcomes) | {NO_OUTCOME}
    assert found.complete is False or not missing
    assert set(outcomes) <= set(tried.outcomes)
    for outcome, possible in outcomes.items():
        assert set(possible.modes) <= tried.outcomes[outcome]
        assert not possible.complete or set(possible.modes) == tried.outcomes[outcome]
    assert set(found.pivotal) <= tried.pivotal <= set(found.pivotal) | set(found.unsure_facts)
    assert all(tried.settled.get(name) is value for name, value in found.settled.items())
    assert set(tried.settled) <= set(found.settled) | set(found.unsure_conclusions)
    examples_hold(grounded, found, tried)


def check(grounded: Grounded, domains: Domains, seconds: float = 60.0) -> None:
    tried = try_all(grounded, domains)
    program = Program.from_grounded(grounded)
    for point, values in list(tried.worlds.items())[:20]:
        assert evaluate(grounded, dict(zip(grounded.inputs, point, strict=True))) == values
    if not tried.worlds:
        with pytest.raises(UserError):
            program.possible(domains, seconds)
        return
    found = program.possible(domains, seconds)
    agrees(found, tried)
    examples_hold(grounded, found, tried)


@given(tables_with_domains())
def test_agrees_with_trying_every_world(sample: tuple[Grounded, Domains]) -> None:
    check(*sample)


@given(tables_with_domains())
def test_the_solver_agrees_with_trying_every_world(sample: tuple[Grounded, Domains]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorldsTable, "of", lambda *_: None)
        check(*sample)


@given(tables_with_domains())
def test_the_solver_agrees_without_any_examples_drawn(sample: tuple[Grounded, Domains]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorldsTable, "of", lambda *_: None)
        patch.setattr("sharedvalue.engine.readings.prove.hard.DRAWN", 1)
        check(*sample)


@pytest.mark.parametrize("seconds", [0.0, 1e-4, 2e-3])
@given(sample=tables_with_domains())
def test_a_tiny_budget_claims_nothing_wrong(seconds: float, sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    tried = try_all(grounded, domains)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorldsTable, "of", lambda *_: None)
        patch.setattr("sharedvalue.engine.readings.prove.hard.DRAWN", 1)
        try:
            found = Program.from_grounded(grounded).possible(domains, seconds)
        except UserError:
            assert not tried.worlds
            return
    if tried.worlds:
        claims_nothing_wrong(grounded, found, tried)
    else:
        assert not found.complete
        assert not found.outcomes
        assert not found.pivotal


# --- unknowns that are compared with each other, over longer ranges ------------------------------------------------
@st.composite
def ordered_tables(draw: st.DrawFn) -> tuple[Grounded, Domains]:
    """Rules that only compare unknowns with numbers and with each other, so that a few values of each are enough."""
    making = Making(draw, huge=False, known=["a", "b", "c"])
    step = draw(st.sampled_from([1, 1, 2, 5]))

    def test() -> f.Condition:
        left, right = draw(st.permutations(["a", "b", "c"]))[:2]
        op = draw(st.sampled_from(["<", "<=", ">", ">=", "=="]))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            return f.Compare(
                f.Value(left), op, f.Sum((f.Value(right), f.Const(draw(st.integers(-3, 3)) * step)))
            )
        if kind == 1:
            return f.Compare(f.Value(left), op, f.Value(right))
        return f.Compare(f.Value(left), op, f.Const(draw(st.integers(-20, 40))))

    parts = [test() for _ in range(draw(st.integers(2, 5)))]
    measures = tuple(
        GroundMeasure(f"m{i}", f.Choose(part, f.Const(1), f.Const(0))) for i, part in enumerate(parts)
    )
    making.known = [measure.name for measure in measures]
    rules = tuple(ground_rule(f"R{i}", making.condition(2), (f"c{i}",)) for i in range(3))
    branches = tuple(GroundBranch(f"Z{i}", "", i, i, f"c{i}") for i in range(3))
    grounded = table((Stratum(measures, rules), Stratum((), (), True)), branches, ("a", "b", "c"))
    never = f.And(
        tuple(f.Test(name, "==", 1) for name in draw(st.lists(st.sampled_from(making.known), max_size=2)))
    )
    if never.parts:
        grounded = replace(grounded, constraints=(GroundConstraint("N", never),))
    domains = {}
    for name in ("a", "b", "c"):
        size = draw(st.integers(1, 24 if name != "c" else 4))
        lo = draw(st.integers(-2, 3)) * step + draw(st.sampled_from([0, 0, 0, 1]))
        domains[name] = Domain.span(lo, lo + size * step, step)
    if draw(st.booleans()):
        domains["c"] = Domain.listed(draw(st.lists(st.integers(-10, 40), min_size=1, max_size=4)))
    return grounded, domains


@given(ordered_tables())
def test_unknowns_compared_with_each_other(sample: tuple[Grounded, Domains]) -> None:
    check(*sample)


# --- single cases ----------------------------------------------------------------------------------------------------
A, B, TIE = "a", "b", f.Test("a", ">=", "b")


def two_outcomes(when: f.Condition, never: f.Condition | None = None) -> Grounded:
    """Outcome 1 when the condition holds, else 0; 'mode:calm' where a is below 10."""
    rules = (ground_rule("R1", when, ("yes",)), ground_rule("R2", f.Truth(True), ("else",)))
    calm = (ground_rule("R3", f.Test("a", "<", 10), ("mode:calm",)),)
    branches = (GroundBranch("Z1", "", 1, 1, "yes"), GroundBranch("Z2", "", 2, 0, "else"))
    grounded = table((Stratum((), rules), Stratum((), calm, True)), branches, (A, B))
    return grounded if never is None else replace(grounded, constraints=(GroundConstraint("tied", never),))


def possible(grounded: Grounded, seconds: float = 10.0, **domains: Domain) -> Possibilities:
    return Program.from_grounded(grounded).possible(domains, seconds)


def test_one_outcome_with_two_sets_of_modes() -> None:
    found = possible(two_outcomes(f.Test("b", ">", 5)), a=Domain.span(0, 100, 10), b=Domain.known(7))
    assert [(p.outcome, p.modes) for p in found.outcomes] == [(1, (frozenset(), frozenset({"mode:calm"})))]
    assert found.pivotal == ()
    assert found.settled == {"yes": True, "else": True}
    assert found.complete


def test_only_whole_steps_count() -> None:
    between = f.And((f.Test("a", ">", 10), f.Test("a", "<", 20)))
    assert [
        p.outcome
        for p in possible(two_outcomes(between), a=Domain.span(0, 100, 10), b=Domain.known(0)).outcomes
    ] == [0]
    assert [
        p.outcome
        for p in possible(two_outcomes(between), a=Domain.span(5, 95, 10), b=Domain.known(0)).outcomes
    ] == [0, 1]


def test_a_fact_that_constraints_hold_fast_is_not_pivotal() -> None:
    domain = Domain.span(0, 1)
    same = f.Or((f.Test("a", "<", "b"), f.Test("a", ">", "b")))
    free = possible(two_outcomes(f.Test("a", "==", 1)), a=domain, b=domain)
    tied = possible(two_outcomes(f.Test("a", "==", 1), never=same), a=domain, b=domain)
    assert (free.pivotal, tied.pivotal) == (("a",), ())
    assert [p.outcome for p in tied.outcomes] == [0, 1]


def test_facts_that_cannot_be_are_a_mistake_that_names_the_constraint() -> None:
    grounded = two_outcomes(TIE, never=f.Test("a", ">=", 0))
    for domain in (Domain.known(3), Domain.span(0, 5)):
        with pytest.raises(UserError, match=r"SV230.*tied"):
            possible(grounded, a=domain, b=Domain.span(0, 3))


def test_ranges_of_a_hundred_million_are_cut_not_tried() -> None:
    wide = Domain.span(0, 100_000_000)
    found = possible(two_outcomes(TIE, never=f.Test("b", ">", 99_999_999)), a=wide, b=wide)
    assert [p.outcome for p in found.outcomes] == [0, 1]
    assert found.pivotal == ("a", "b")


def test_a_variable_without_a_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="no domain for b"):
        possible(two_outcomes(TIE), a=Domain.known(1))


def test_a_world_in_which_no_branch_stands_is_said() -> None:
    grounded = table(
        (Stratum((), (ground_rule("R1", f.Test("a", ">", 3), ("c",)),)), Stratum((), (), True)),
        (GroundBranch("Z1", "", 1, 0, "c"),),
        ("a",),
    )
    assert [p.outcome for p in possible(grounded, a=Domain.span(0, 5)).outcomes] == [NO_OUTCOME, 0]
    assert evaluate(grounded, {"a": 2})["outcome"] == NO_OUTCOME


# --- budgets ---------------------------------------------------------------------------------------------------------
def product_of_measures(count: int) -> Grounded:
    """Measures that multiply each other, as a hostile rule book might have them."""
    measures = [GroundMeasure("m0", f.Sum((f.Value("a"), f.Value("b"))))]
    for i in range(count):
        last = f.Value(f"m{i}")
        measures.append(GroundMeasure(f"m{i + 1}", f.Product((last, f.Sum((last, f.Value("a")))))))
    return decided_by_last(measures)


def nest_of_measures(count: int) -> Grounded:
    """Measures that each read the one before four times."""
    measures = [GroundMeasure("m0", f.Sum((f.Value("a"), f.Value("b"))))]
    for i in range(count):
        last = f.Value(f"m{i}")
        low = f.Pick("least", ((TIE, last), (f.Truth(True), f.Sum((f.Value("a"), last)))), f.Const(0))
        both = f.Pick(
            "greatest",
            ((f.Truth(True), low), (f.Test("b", ">", i), f.Quotient(last, f.Const(2)))),
            f.Const(0),
        )
        measures.append(GroundMeasure(f"m{i + 1}", both))
    return decided_by_last(measures)


def decided_by_last(measures: list[GroundMeasure]) -> Grounded:
    rules = (
        ground_rule("R1", f.Test(measures[-1].name, ">", 1000), ("yes",)),
        ground_rule("R2", f.Truth(True), ("no",)),
    )
    branches = (GroundBranch("Z1", "", 1, 1, "yes"), GroundBranch("Z2", "", 2, 0, "no"))
    return table((Stratum(tuple(measures), rules), Stratum((), (), True)), branches, (A, B))


@pytest.mark.parametrize("made", [product_of_measures(12), product_of_measures(30), nest_of_measures(30)])
def test_a_hostile_rule_book_ends_in_time_and_in_no_claim(made: Grounded) -> None:
    started = monotonic()
    found = possible(made, 1.0, a=Domain.span(-50, 5000), b=Domain.span(0, 300))
    assert monotonic() - started < 10
    assert found.complete or found.unsure_outcomes or found.unsure_facts or found.unsure_conclusions


def test_a_session_without_time_claims_nothing() -> None:
    program = Program.from_grounded(two_outcomes(TIE))
    domains = {"a": Domain.span(0, 9), "b": Domain.span(0, 9)}
    session = program.session(domains, 0.0)
    answer = session.ask(session.residual.outcomes[1])
    assert not answer.sure
    assert not answer.cannot
    cheapest = session.cheapest({"a": Move(0, each=1)}, session.residual.outcomes[1])
    assert cheapest.world is None
    assert not cheapest.cannot
    with pytest.raises(OutOfBudget):
        tick_often(Budget(0.0))


def tick_often(budget: Budget) -> None:
    for _ in range(1000):
        budget.tick()


# --- sessions --------------------------------------------------------------------------------------------------------
def worlds_where(grounded: Grounded, domains: Domains, holds: Callable[[World], bool]) -> list[World]:
    """Every world in which something holds, by trying all."""
    tried = try_all(grounded, domains)
    return [values for values in tried.worlds.values() if holds(values)]


@given(tables_with_domains(), st.integers(0, 2), st.integers(0, 3), st.integers(0, 5))
def test_the_cheapest_world(sample: tuple[Grounded, Domains], outcome: int, each: int, once: int) -> None:
    grounded, domains = sample
    session = Program.from_grounded(grounded).session(domains, 60.0)
    moves = {name: Move(domain.points[0] + 1, each, once) for name, domain in domains.items()}
    wanted = session.condition(f.Test("outcome", "==", outcome))
    found = session.cheapest(moves, wanted)
    costs = [
        sum(move.cost(values[name]) for name, move in moves.items())
        for values in worlds_where(grounded, domains, lambda values: values["outcome"] == outcome)
    ]
    assert found.cannot is not bool(costs)
    if costs:
        assert found.world is not None
        assert found.minimal
        assert found.cost == min(costs) == sum(move.cost(found.world[name]) for name, move in moves.items())
        assert evaluate(grounded, found.world)["outcome"] == outcome
        assert session.cheapest(moves, wanted, most=found.cost - 1).cannot


@given(tables_with_domains(), st.integers(0, 2), st.data())
def test_given_values_and_which_of_them_suffice(
    sample: tuple[Grounded, Domains], outcome: int, data: st.DataObject
) -> None:
    grounded, domains = sample
    fixed = {name: data.draw(st.sampled_from(list(domain.values()))) for name, domain in domains.items()}
    session = Program.from_grounded(grounded).session(domains, 60.0)
    wanted = session.condition(f.Test("outcome", "==", outcome))
    answer = session.ask(wanted, given=fixed)
    assert answer.sure
    assert (answer.world is not None) == bool(
        worlds_where(
            grounded,
            {name: Domain.known(value) for name, value in fixed.items()},
            lambda w: w["outcome"] == outcome,
        )
    )
    if answer.cannot:
        less = {n: Domain.known(fixed[n]) if n in answer.because else domain for n, domain in domains.items()}
        assert not worlds_where(grounded, less, lambda values: values["outcome"] == outcome)


def test_what_is_required_holds_until_it_is_popped() -> None:
    session = Program.from_grounded(two_outcomes(TIE)).session(
        {"a": Domain.span(0, 9), "b": Domain.span(0, 9)}
    )
    session.require(session.condition(f.Test("a", ">", 4)))
    session.push()
    session.require(session.is_value("b", 3))
    assert session.ask(session.residual.outcomes[0]).cannot
    session.pop()
    answer = session.ask(session.residual.outcomes[0])
    assert answer.world is not None
    assert 4 < answer.world["a"] < answer.world["b"]


# --- what is imported ------------------------------------------------------------------------------------------------
CASE = """
import sys
from sharedvalue.engine.language.domains import Domain
from tests.readings.test_prove import A, B, TIE, possible, two_outcomes
for domain in (Domain.known(4), Domain.span(0, 9)):
    possible(two_outcomes(TIE), a=domain, b=Domain.known(5))
sys.exit("z3" in sys.modules)
"""


def test_small_questions_never_import_the_solver() -> None:
    subprocess.run([sys.executable, "-c", CASE], check=True, cwd=Path(__file__).parents[2])


# --- domains ---------------------------------------------------------------------------------------------------------
def test_domains() -> None:
    span = Domain.span(5, 40, 10)
    assert (span.lo, span.hi, span.size, list(span.values())) == (5, 35, 4, [5, 15, 25, 35])
    assert [span.contains(value) for value in (5, 10, 35, 45)] == [True, False, True, False]
    assert [span.place(value) for value in (0, 5, 6, 35, 36)] == [0, 0, 1, 3, 4]
    listed = Domain.listed([7, 2, 7])
    assert (listed.points, listed.place(3), listed.is_known) == ((2, 7), 1, False)
    assert Domain.span(3, 9, 10) == Domain.known(3)
    for values in ((3, 2, 1), (0, 9, 0)):
        with pytest.raises(ValueError, match="no values"):
            Domain.span(*values)
    with pytest.raises(ValueError, match="no values"):
        Domain.listed([])
