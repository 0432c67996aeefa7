"""Budgets that count steps: what is recorded comes out the same at any time and on any machine, also where they run out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sharedvalue.engine.readings.prove import OutOfBudget, Steps
from tests.cli.calling import ROOT

HARD = Path(__file__).parent / "hard"
FINGERPRINT = """
import hashlib, sys, time
from sharedvalue.engine.governance.case import decided, read_case
from sharedvalue.engine.governance.chain import canonical
before = time.process_time()
case = decided(read_case(open(sys.argv[1]).read(), "hard.yaml", load(()), ()), load(()))
taken = time.process_time() - before
print(taken, case.advice.decision.complete, case.advice.cut_short, hashlib.sha256(canonical(case.parts)).hexdigest())
"""
MOST_SECONDS = 15.0  # of the processor, for all that is said and kept of one case


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
def test_an_answer_cut_short_is_bounded_and_comes_out_the_same_again(path: Path) -> None:
    """All that is recorded of it, in two processes beside each other that order their sets otherwise."""
    environments = [{**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    command = [sys.executable, "-c", FINGERPRINT, str(path)]
    together = [subprocess.Popen(command, env=one, stdout=subprocess.PIPE, text=True) for one in environments]
    said = [process.communicate(timeout=300)[0].split() for process in together]
    assert len({tuple(rest) for _, *rest in said}) == 1
    _, complete, cut_short, _ = said[0]
    assert (complete, cut_short) != ("True", "False"), "the case is one whose budget runs out"
    assert all(float(taken) < MOST_SECONDS for taken, *_ in said)
