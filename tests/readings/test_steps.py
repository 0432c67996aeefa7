"""Budgets that count steps: what is recorded comes out the same at any time and on any machine, also where they run out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sharedvalue.engine.governance.case import decided, read_case
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.readings.prove import Move, OutOfBudget, Steps
from sharedvalue.engine.readings.prove.bounded import Bounded
from sharedvalue.engine.readings.prove.nearest import nearest
from tests.cli.calling import ROOT

HARD = Path(__file__).parent / "hard"
FINGERPRINT = """
import hashlib, sys
from sharedvalue.engine.governance.case import decided, read_case
from sharedvalue.engine.governance.chain import canonical
from sharedvalue.engine.language.loading import load
case = decided(read_case(open(sys.argv[1]).read(), "hard.yaml", load(()), ()), load(()))
cut_short = case.advice.cut_short or not case.advice.decision.complete
print(cut_short, hashlib.sha256(canonical(case.parts)).hexdigest())
"""


def test_a_part_is_no_more_than_what_is_left_of_the_whole() -> None:
    whole = Steps(1)
    part = whole.part(5)
    assert part.left == 1
    part.charge(600_000)
    assert (whole.left, part.left) == (0.4, 0.4)
    small = whole.part(0.1)
    small.charge(200_000)
    assert small.spent
    assert not whole.spent
    with pytest.raises(OutOfBudget):
        small.tick()


def test_time_that_passes_costs_no_steps() -> None:
    budget = Steps(1)
    time.sleep(0.02)
    assert budget.left == 1


def test_a_value_of_a_hundred_million_places_is_left_when_the_budget_is_spent() -> None:
    counts = {n: Bounded(range(100_000_001), 0, 100_000_000, Move(0, 1), 0) for n in "abc"}
    never = [
        {("a", "b"): 1, ("c",): -1, (): -(10**9)},
        {("a",): -1, ("b",): 3, ("c",): -2, (): -7},
        {("a", "b"): -1, (): 10**8},
    ]
    before = time.process_time()
    assert not nearest(never, counts, Steps(0.02)).exact
    assert time.process_time() - before < 5


def of_hard(*always: str) -> pytest.MarkDecorator:
    """The cases whose budget runs out: these always, the others in the deep run."""
    cases = [
        pytest.param(path, id=path.stem, marks=() if path.stem in always else pytest.mark.deep)
        for path in sorted(HARD.glob("*.yaml"))
    ]
    return pytest.mark.parametrize("path", cases)


@of_hard("sixty-sponsors")
def test_what_is_recorded_of_an_answer_cut_short_comes_out_the_same_again(path: Path) -> None:
    """In two processes beside each other that order their sets otherwise."""
    environments = [{**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    command = [sys.executable, "-c", FINGERPRINT, str(path)]
    together = [subprocess.Popen(command, env=one, stdout=subprocess.PIPE, text=True) for one in environments]
    said = {process.communicate(timeout=300)[0] for process in together}
    assert len(said) == 1
    assert next(iter(said)).startswith("True "), "the case is one whose budget runs out"


@of_hard("unknown-weights-2", "many-lines-of-two")
def test_one_budget_bounds_all_that_is_recorded(path: Path) -> None:
    book = load(())
    before = time.process_time()
    advice = decided(read_case(path.read_text("utf-8"), path.name, book, ()), book).advice
    assert advice.cut_short or not advice.decision.complete
    assert time.process_time() - before < 15
