"""The reading `prove`: what it says is possible, pivotal and settled is what trying every world shows."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given

from engine.errors import UserError
from engine.language.domains import Domain
from engine.language.formulas import And, Test
from engine.language.grounded import Grounded
from engine.readings.prove import NO_OUTCOME, Move, Possibilities, Program, evaluate
from engine.readings.prove.worlds_table import WorldsTable
from tests.conformance import flat_tables
from tests.conformance.flat_tables import Domains, Tried, tables_with_domains, try_all


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
        patch.setattr("engine.readings.prove.hard.DRAWN", 1)
        check(*sample)


@pytest.mark.parametrize("seconds", [0.0, 1e-4, 2e-3])
@given(sample=tables_with_domains())
def test_a_tiny_budget_claims_nothing_wrong(seconds: float, sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    tried = try_all(grounded, domains)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorldsTable, "of", lambda *_: None)
        patch.setattr("engine.readings.prove.hard.DRAWN", 1)
        try:
            found = Program.from_grounded(grounded).possible(domains, seconds)
        except UserError:
            assert not tried.worlds
            return
    claims_nothing_wrong(grounded, found, tried)
