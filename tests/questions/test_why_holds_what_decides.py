"""What an answer rests on holds every number that decides: each that, moved alone, changes the answer and is read on the way to it."""

from __future__ import annotations

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.graph.parts import of_nodes
from sharedvalue.engine.graph.truth import is_conclusion
from sharedvalue.engine.graph.view import View
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.language.types import NumberType
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


@pytest.mark.parametrize(
    "case",
    [
        "customs-officers-two-months-in",  # a rule that reads five values
        "stacks-members-want-a-say",  # ranges that settle what they are held against
        "hospital-pharmacists-the-third-repair",
        "neophytes-and-experts",
    ],
)
def test_the_picture_holds_every_number_of_the_conditions_that_decide(case: str) -> None:
    """Each value whose border lies in the conditions of a rule on the way has a node of its own, or stands within the rule."""
    decision = decide(form(BOOK, load_scenario(f"scenarios/{case}.yaml", BOOK)))
    view = View(decision)
    drawn, truth = view.draw().graph, view.truth
    tests = [test for firing in decision.path for way in firing.matched for test in way]
    sides = [side for test in tests for side in (test.left, test.right) if isinstance(side, str)]
    read = {leaf for side in sides if not is_conclusion(truth.grounded, side) for leaf in truth.leaves(side)}
    deciding = {
        one.name
        for one in sensitivity(decision, thresholds=False).facts
        if one.matters and one.name in read and isinstance(one.type, NumberType)
    }
    labels = " ".join(label.lower() for _, label in of_nodes(drawn, "label"))
    assert deciding
    missing = {
        n
        for n in deciding
        if view.pencil.value_id(n) not in drawn and view.words.title(n).lower() not in labels
    }
    assert not missing
