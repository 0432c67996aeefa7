"""What is asked first, and the nearest changes, at their borders: a worth for its effort, whole steps, points apart from counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario, with_values
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.along import Stretch
from sharedvalue.engine.questions.meaning import Standing
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.sensitivity import Border, Sensitivity, _Numbered, _order, sensitivity
from sharedvalue.engine.questions.worth import ask_next, in_steps
from sharedvalue.engine.worlds import form
from tests.cli.calling import ROOT

BOOK = load()
POINTS = NumberType.of("percent")
COUNT = NumberType.of("count")


def decided(name: str, **facts: str) -> Decision:
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.yaml", BOOK)
    return decide(form(BOOK, with_values(scenario, BOOK, facts) if facts else scenario))


def test_what_costs_less_to_learn_is_asked_before_what_rules_out_a_little_more() -> None:
    first, second = ask_next(
        decided("content-with-something-else", sponsor_stance="unknown", member_value_now="unknown")
    )
    assert (first.name, second.name) == ("sponsor_stance", "member_value_now")
    assert first.worth < second.worth, "by worth alone the other would come first"
    assert first.worth / first.effort > second.worth / second.effort


def test_where_a_question_stands_is_its_step_and_then_its_place() -> None:
    steps = BOOK.asking.steps
    for fact in BOOK.facts.values():
        if fact.ask is not None and fact.ask.step in steps:
            assert in_steps(BOOK, fact.name) == (steps.index(fact.ask.step), fact.ask.place, fact.name)
    assert in_steps(BOOK, "decision_log")[0] == len(steps), "what has no question comes last"


def other(lo: int, hi: int) -> Stretch:
    return Stretch(lo, hi, Standing(("SOMETHING_ELSE",)))


STEPS = [  # from where a stretch is entered; the stretch, in tenths of a point; upward; the first whole step in it
    (504, (0, 504), False, 500),
    (500, (0, 500), False, 500),
    (499, (0, 499), False, 490),
    (506, (506, 1000), True, 510),
    (510, (510, 1000), True, 510),
    (511, (511, 1000), True, 520),
    (504, (501, 504), False, 504),  # no whole step lies in it
    (506, (506, 509), True, 506),
    (510, (506, 510), True, 510),
]


@pytest.fixture(scope="module")
def moves() -> Moves:
    return Moves(decided("neophytes-and-experts"))


@pytest.mark.parametrize("end, stretch, upward, whole", STEPS)
def test_a_change_goes_to_the_first_whole_step(
    moves: Moves, end: int, stretch: tuple[int, int], upward: bool, whole: int
) -> None:
    name = next(n for n in moves.names if moves.worlds.grounded.variables[n].type == POINTS)
    assert moves.whole(name, end, other(*stretch), upward) == whole
    own = Domain.known(505)
    numbered = _Numbered(name, POINTS, own, (other(*stretch),), Standing(("NOW",)))
    far = stretch[1] if upward else stretch[0]
    assert numbered.whole(end, far, up=upward) == whole


@pytest.mark.parametrize("now, below, above", [(505, 500, 510), (500, 490, 510), (509, 500, 510)])
def test_the_nearest_change_from_between_two_steps_is_the_step_beside_it(
    now: int, below: int, above: int
) -> None:
    decision = decided("neophytes-and-experts")
    name = next(n for n in Moves(decision).names if decision.worlds.grounded.variables[n].type == POINTS)
    there = replace(decision.worlds, domains={**decision.worlds.domains, name: Domain.known(now)})
    found = Moves(replace(decision, worlds=there))
    down = found.nearest(name, (other(0, 1000),), upward=False)
    up = found.nearest(name, (other(0, 1000),), upward=True)
    assert down is not None
    assert up is not None
    assert (down.to, down.distance) == (below, now - below)
    assert (up.to, up.distance) == (above, above - now)


def near(name: str, kind: NumberType, distance: int) -> Sensitivity:
    return Sensitivity(
        name, kind, Domain.known(500), (), 0, 500 + distance - 1, None, Border(500 + distance, ("OTHER",))
    )


def test_the_nearest_border_comes_first_each_in_its_own_unit() -> None:
    five_points, three_people, two_points = (
        near("a", POINTS, 50),
        near("b", COUNT, 3),
        near("c", POINTS, 20),
    )
    assert [s.name for s in sorted((five_points, three_people, two_points), key=_order)] == ["c", "b", "a"]


def test_a_distance_is_to_the_nearer_border_on_either_side() -> None:
    above = near("a", POINTS, 50)
    both = replace(above, below=Border(480, ("OTHER",)))
    assert (above.distance, both.distance) == (50, 20)
    assert replace(both, below=Border(400, ("OTHER",))).distance == 50
    assert replace(above, above=None).distance is None


def test_points_and_counts_of_a_case_are_told_in_the_order_of_their_steps() -> None:
    found = sensitivity(decided("neophytes-and-experts"), thresholds=False).facts
    steps = [
        Fraction(s.distance, s.type.scale)
        for s in found
        if s.distance is not None and isinstance(s.type, NumberType)
    ]
    assert len({s.type.scale for s in found if isinstance(s.type, NumberType)}) > 1
    assert steps == sorted(steps)


def test_what_means_nothing_in_a_case_is_not_moved(moves: Moves) -> None:
    assert "sponsors_conflict" in moves.worlds.meaningless, "one sponsor is not in conflict with itself"
    assert not moves.worlds.meaningless & set(moves.names)
    assert all(moves.worlds.beliefs[name].value is not None for name in moves.names)
