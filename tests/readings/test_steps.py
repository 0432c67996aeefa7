"""Budgets that count steps: what is recorded comes out the same at any time and on any machine, also where they run out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sharedvalue.engine.advice import advise
from sharedvalue.engine.language.rulebook import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.readings.prove import OutOfBudget, Steps
from sharedvalue.engine.worlds import form
from tests.cli.calling import ROOT

HARD = Path(__file__).parent / "hard"
FINGERPRINT = """
import hashlib, sys
from sharedvalue.engine.governance.case import decided, read_case
from sharedvalue.engine.governance.chain import canonical
from sharedvalue.engine.language.rulebook import load
case = decided(read_case(open(sys.argv[1]).read(), "hard.yaml", load(()), ()), load(()))
print(case.advice.decision.complete, hashlib.sha256(canonical(case.parts)).hexdigest())
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


@pytest.mark.parametrize("path", sorted(HARD.glob("*.yaml")), ids=lambda p: p.stem)
def test_what_is_recorded_of_an_answer_cut_short_comes_out_the_same_again(path: Path) -> None:
    """In two processes that order their sets otherwise, one of them beside another that takes the processor."""
    environments = [{**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    command = [sys.executable, "-c", FINGERPRINT, str(path)]
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        together = [
            subprocess.Popen(command, env=one, stdout=subprocess.PIPE, text=True) for one in environments
        ]
        said = {process.communicate(timeout=300)[0] for process in together}
    finally:
        busy.kill()
        busy.wait()
    assert len(said) == 1
    assert next(iter(said)).startswith("False "), "the case is one whose budget runs out"


@pytest.mark.parametrize("path", sorted(HARD.glob("*.yaml")), ids=lambda p: p.stem)
def test_one_budget_bounds_the_whole_answer(path: Path) -> None:
    book = load(())
    before = time.process_time()
    advice = advise(form(book, load_scenario(path, book)))
    assert not advice.decision.complete
    assert advice.decision.possible
    assert time.process_time() - before < 15
