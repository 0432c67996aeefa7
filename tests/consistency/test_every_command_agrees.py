"""No two statements about a case that is not wholly known contradict each other: generated cases, every command."""

from __future__ import annotations

import random

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.worlds import form
from tests.consistency.cases import evidence_for, half_known, scenario_of
from tests.consistency.statements import CHECKS, contradictions

BOOK = load()
PART = 10  # cases of one test
IN_CI, DEEP = 300, 20_000
HEAVY = 3  # of the checks run on one case in CI, in turn: all of them on some


def held(first: int, count: int, every: bool) -> None:
    for number in range(first, first + count):
        rng = random.Random(f"case {number}")
        facts = half_known(BOOK, rng)
        evidence = evidence_for(facts, BOOK, rng)
        try:
            decision = decide(form(BOOK, scenario_of(facts, BOOK, evidence)))
        except UserError:
            continue  # it cannot be
        if not decision.complete:
            continue
        checks = CHECKS if every else tuple(CHECKS[(number + i) % len(CHECKS)] for i in range(HEAVY))
        found = contradictions(decision, rng, checks)
        assert not found, f"case {number}: {found}\n{facts}\n{evidence}"


@pytest.mark.parametrize("first", range(0, IN_CI, PART))
def test_no_statement_contradicts_another(first: int) -> None:
    held(first, PART, every=False)


@pytest.mark.deep
@pytest.mark.parametrize("first", range(0, DEEP, 10 * PART))
def test_no_statement_contradicts_another_in_many_cases(first: int) -> None:
    held(first, 10 * PART, every=True)


@pytest.mark.parametrize(
    "number",
    [
        331,  # a fact that nobody gave is doubted once it is stated: sensitivity took it exactly
        1497,  # a reason held the middle of two readings in conflict, and not all that lies between them
    ],
)
def test_no_statement_contradicts_another_where_one_did(number: int) -> None:
    held(number, 1, every=True)
