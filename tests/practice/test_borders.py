"""What practice counts, at its borders: groups of confidence, splits of a group, what a kept answer may hold, words that name an outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.practice.agreement import Label, shares
from sharedvalue.engine.practice.calibration import FEW, Share, calibration, skill
from sharedvalue.engine.practice.debrief import Split, splits
from sharedvalue.engine.practice.session import outcome_named
from sharedvalue.engine.practice.store import MOST_REASON, Answer, answer_json, answer_of
from tests.governance.common import book
from tests.practice.test_store import ANSWER


@pytest.mark.parametrize("confidence", range(101))
def test_each_confidence_belongs_to_one_group_of_the_curve(confidence: int) -> None:
    (one,) = calibration([(confidence, True)]).curve
    assert one.lo <= confidence <= one.hi
    assert (one.said, one.share.hits, one.share.n) == (confidence, 1, 1)


def test_a_share_of_few_answers_says_nothing_and_one_of_enough_does() -> None:
    assert [Share(1, n).few for n in (FEW - 1, FEW)] == [True, False]
    assert [calibration([(50, True)] * n).few for n in (FEW - 1, FEW)] == [True, False]
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))


def test_skill_is_none_where_the_commonest_gets_all() -> None:
    assert skill([("A", True), ("A", False)]).score is None
    assert skill([("A", True), ("A", False), ("B", False)]).score == -1
    assert skill([]).score is None


@pytest.mark.parametrize(
    "given, apart", [({"A": 3}, 0), ({"A": 1}, 0), ({"A": 1, "B": 1}, 1), ({"A": 2, "B": 2}, 2 / 3)]
)
def test_how_far_a_group_is_apart_is_the_chance_that_two_differ(given: dict[str, int], apart: float) -> None:
    assert Split("case", given).apart == pytest.approx(apart)


def said(case: str, outcome: str, kind: str = "case") -> Answer:
    return replace(ANSWER, case=case, answered=outcome, kind=kind)


def test_only_first_answers_split_a_group_the_most_split_case_first() -> None:
    ana = [said("a", "KEEP"), said("b", "KEEP"), said("c", "KEEP"), said("a", "SHIFT")]
    bo = [said("a", "KEEP"), said("b", "SHIFT"), said("c", "KEEP", "second"), said("c", "SHIFT")]
    cy = [said("b", "KEEP"), said("c", "KEEP")]
    found = splits([("Ana", ana), ("Bo", bo), ("Cy", cy)])
    assert [(one.case, dict(one.given)) for one in found] == [
        ("b", {"KEEP": 2, "SHIFT": 1}),
        ("c", {"KEEP": 2, "SHIFT": 1}),
    ]


def test_what_a_label_is_not_sure_of_goes_to_the_others_alike() -> None:
    names = ("A", "B", "C")
    assert shares(Label("B", 100), names) == (0, 200, 0)
    assert shares(Label("B", None), names) == (0, 200, 0)
    assert shares(Label("B", 60), names) == (40, 120, 40)


@pytest.mark.parametrize(
    "written, outcome", [("keep", "KEEP_COURSE"), ("Keep course", "KEEP_COURSE"), ("shift-focus", "SHIFT_FOCUS"), ("1", 0), ("5", 4)]
)  # fmt: skip
def test_an_outcome_is_named_by_its_beginning_or_number(written: str, outcome: str | int) -> None:
    wanted = book().outcome_names[outcome] if isinstance(outcome, int) else outcome
    assert outcome_named(written, book()) == wanted


@pytest.mark.parametrize("written", ["", "0", "6", "n", "keep it"])
def test_what_names_no_outcome_or_several_is_told(written: str) -> None:
    with pytest.raises(UserError, match="SV561"):
        outcome_named(written, book())


FITS: dict[str, list[object]] = {  # what an answer may hold, at the ends of it
    "confidence": [0, 100],
    "intervals": [[0, 0, 0], [3, 3, 300], [0, 3, 0]],
    "credit": [[0, 0], [300, 3]],
    "tells": [-1, 0],
    "reason": ["", "x" * MOST_REASON],
}
DOES_NOT: dict[str, list[object]] = {
    "confidence": [-1, 101, True, "50"],
    "intervals": [[4, 3, 0], [0, 3, 301], [-1, 3, 0], [1, 3], [0, 0, 0, 0], [0, "3", 0]],
    "credit": [[301, 3], [-1, 3], [1], [0, 0, 0]],
    "tells": [-2, 50],
    "reason": ["x" * (MOST_REASON + 1), 5],
    "named": [-1],
    "right_cues": [ANSWER.named + 1],
    "hit": [ANSWER.best + 1],
    "at": ["soon"],
}


@pytest.mark.parametrize("name, value", [(name, value) for name, values in FITS.items() for value in values])
def test_a_kept_answer_may_hold_the_ends_of_what_can_be(name: str, value: object) -> None:
    found = answer_json(answer_of({**answer_json(ANSWER), name: value}, "here"))
    assert found[name] == value


@pytest.mark.parametrize("name, value", [(n, v) for n, values in DOES_NOT.items() for v in values])
def test_a_kept_answer_that_cannot_be_is_told(name: str, value: object) -> None:
    with pytest.raises(UserError, match="SV551"):
        answer_of({**answer_json(ANSWER), name: value}, "here")
