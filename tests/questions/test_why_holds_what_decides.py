"""What an answer rests on holds every number that decides: each that, moved alone, changes the answer and is read on the way to it."""

from __future__ import annotations

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.questions.sensitivity import sensitivity
from sharedvalue.engine.questions.why import why
from sharedvalue.engine.worlds import form

BOOK = load()
CASES = (
    "shifted-needs-are-more-strategic",  # a gain that something read in `unless` could have stopped
    "shift-while-some-overlap-is-left",  # the same, with needs and sponsors in lists
    "drilling-engineers-the-vice-president-retires",
    "hospital-pharmacists-the-third-repair",
    "grid-operators-sworn-to-secrecy",
    "midwives-a-circle-within",
    "a-club-that-nobody-carries",
)


@pytest.mark.parametrize("case", CASES)
def test_what_it_rests_on_holds_every_number_that_decides(case: str) -> None:
    decision = decide(form(BOOK, load_scenario(f"scenarios/{case}.yaml", BOOK)))
    grounded, scenario = decision.trace.grounded, decision.worlds.scenario
    tests = [test for firing in decision.path for way in firing.matched for test in way]
    names = {side for test in tests for side in (test.left, test.right) if isinstance(side, str)}
    read = names | {below for name in names for below in stands_on(grounded, name)}
    deciding = {one.name for one in sensitivity(decision, thresholds=False).facts if one.matters} & read
    rests_on = {scenario.resolve(one.name) or one.name for one in why(decision).basis}
    assert deciding
    assert deciding <= rests_on, deciding - rests_on
