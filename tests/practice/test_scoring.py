"""Scores and statistics, against examples worked out by hand or published; numbers are never said of too few answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice.calibration import Share, calibration, skill
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.curve import curve_svg
from sharedvalue.engine.practice.progress import progress
from sharedvalue.engine.practice.repetition import AGAIN, EASY, GOOD, HARD, grade, reviewed
from sharedvalue.engine.practice.reveal import EVERY, NONE, SOME, Key, Reveal, reveal
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.words import coming_back
from sharedvalue.engine.questions.flip import flip
from sharedvalue.engine.questions.reasons import reasons
from sharedvalue.engine.telling.flips import is_decision
from tests.practice.test_store import ANSWER

BOOK = load()
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)


@lru_cache(maxsize=1)
def cases() -> Cases:
    return Cases(BOOK)


# --- calibration ------------------------------------------------------------------------------------------------


def test_brier_score_by_hand() -> None:
    found = calibration([(80, True), (80, False), (50, True), (100, True)])
    assert found.brier == pytest.approx((0.04 + 0.64 + 0.25 + 0) / 4)
    assert found.few
    assert [(b.lo, b.share.n, b.share.hits) for b in found.curve] == [(40, 1, 1), (80, 2, 1), (95, 1, 1)]


def test_skill_is_told_against_always_saying_the_commonest() -> None:
    told = [("A", True)] * 6 + [("A", False)] * 2 + [("B", True)] * 1 + [("B", False)] * 3
    found = skill(told)  # 7 right of 12; always A gets 8
    assert (found.right, found.commonest) == (7, 8)
    assert found.score == pytest.approx(-0.25)
    assert skill([("A", True)] * 12).score is None
    assert skill([]).few


def test_the_curve_draws_each_group_where_it_stands() -> None:
    found = calibration([(90, True)] * 3 + [(90, False)] * 3 + [(20, False)])
    drawn = curve_svg(found)
    assert "said 80 to 94 %, right 3 of 6" in drawn
    assert 'cx="220.0" cy="105.0" r="4" fill="currentColor"' in drawn
    assert 'cx="80.0" cy="205.0" r="4" fill="none"' in drawn  # too few
    assert curve_svg(calibration([])) == ""


def test_what_comes_back_is_listed_by_when_and_a_made_up_case_is_not_named() -> None:
    due = {
        "near-V05": (NOW + dt.timedelta(days=3), 2),
        "conservators-japan": (NOW - dt.timedelta(hours=1), 1),
    }
    rows = coming_back(due, {"conservators-japan": "Museum conservators, Japan"}, NOW).rows
    assert rows == (
        ("Museum conservators, Japan", "now; practised 1 time"),
        ("A made-up case", "in 3 days; practised 2 times"),
    )


def test_wilson_interval_of_a_known_example() -> None:
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(9, 9).few
    assert not Share(9, 10).few


# --- the reveal -------------------------------------------------------------------------------------------------


def revealed(case: str, outcome: str, *cues: str) -> Reveal:
    return reveal(Sitting(cases().get(case)).commit(outcome, 80, cues))


def test_facts_are_placed_by_a_count_over_all_reasons() -> None:
    found = revealed(
        "neophytes-and-experts", "RESTRICT_MEMBERSHIP", "contribution", "shift_cause", "overlap_short"
    )
    assert found.right
    whole = reasons(found.decision)
    for verdict in found.verdicts:
        holding = [any(n.split("[")[0] == verdict.cue for n in reason) for reason in whole.reasons]
        assert verdict.stands == (EVERY if all(holding) else SOME if any(holding) else NONE)


def test_precision_counts_against_all_reasons_and_recall_against_the_best() -> None:
    key = Key((frozenset("ab"), frozenset("cde")), True, False)
    found = key.matching(("a", "c", "d", "x"))
    assert (found.named, found.right) == (4, 3)
    assert (found.best, found.hit) == (("c", "d", "e"), 2)
    assert key.matching(("a", "b")).best == ("a", "b")


def test_what_is_not_proven_either_way_counts_for_nothing() -> None:
    key = Key((frozenset("ab"),), False, False)
    assert (key.matching(("a", "x")).named, key.matching(("a", "x")).right) == (1, 1)
    assert not key.necessary


def test_in_an_open_case_the_pivotal_facts_count() -> None:
    found = revealed("silent-drift", "NOT_YET", "strategic_potential", "alt_sponsor")
    assert found.key.pivotal
    assert [v.stands for v in found.verdicts] == [EVERY, NONE]


def test_the_popular_rule_is_explained_to_whoever_followed_it() -> None:
    found = revealed("popular-low_activity-2", "NO_VIABLE_COURSE", "core_and_active_share")
    assert not found.right
    assert [popular.name for popular, why in found.popular if why] == ["low_activity"]
    assert found.verdicts[0].stands == NONE


def test_nothing_is_taken_back_and_nothing_shown_before() -> None:
    sitting = Sitting(cases().get("silent-drift"), hidden=True)
    assert not sitting.shown
    assert sitting.effort == 0
    asked = sitting.ask("member_value_now").ask("member_value_now")
    assert [cue.name for cue in asked.shown] == ["member_value_now"]
    assert asked.effort == BOOK.facts["member_value_now"].ask.effort  # type: ignore[union-attr]
    done = asked.commit("not yet", 60, [])
    with pytest.raises(UserError) as told:
        done.commit("KEEP_COURSE", 60, [])
    assert told.value.problems[0].code == "SV562"
    with pytest.raises(ValueError, match="before"):
        reveal(asked)


@pytest.mark.parametrize(
    "said", [("", 50, []), ("NO", 50, []), ("4", 101, []), ("4", -1, []), ("4", 5, ["0"])]
)
def test_what_is_no_answer_is_told(said: tuple[str, int, list[str]]) -> None:
    with pytest.raises(UserError) as told:
        Sitting(cases().get("silent-drift")).commit(*said)
    assert told.value.problems[0].code == "SV561"


def test_an_outcome_may_be_shortened_while_only_one_begins_so() -> None:
    sitting = Sitting(cases().get("silent-drift"))
    said = [sitting.commit(word, 50, []).commitment for word in ("keep", "not", "restrict", "1")]
    outcomes = [one.outcome for one in said if one is not None]
    assert outcomes == ["KEEP_COURSE", "NOT_YET", "RESTRICT_MEMBERSHIP", BOOK.outcome_names[0]]


def test_a_flip_by_what_the_sponsor_answers_is_called_a_decision() -> None:
    flips = flip(cases().get("nobody-asked-whether-it-is-fixed").decision)
    kinds = {one.changes[0].name: is_decision(flips, one) for one in flips.flips if len(one.changes) == 1}
    assert kinds["sponsor_engaged"]
    assert not kinds["core_group_size"]


def test_of_a_reason_with_a_dozen_facts_five_named_are_all_that_is_asked() -> None:
    many = [replace(ANSWER, named=5, right_cues=5, best=13, hit=5) for _ in range(10)]
    few = [replace(ANSWER, named=2, right_cues=2, best=13, hit=2) for _ in range(10)]
    whole = [replace(ANSWER, named=2, right_cues=2, best=2, hit=2) for _ in range(10)]
    shares = [progress(answers).cues.recall for answers in (many, few, whole)]
    assert [(share.hits, share.n) for share in shares] == [(50, 50), (20, 50), (20, 20)]


# --- repetition -------------------------------------------------------------------------------------------------


def test_what_was_missed_comes_back_before_what_was_known() -> None:
    dues = [reviewed("", rating, NOW)[1] for rating in (AGAIN, HARD, GOOD, EASY)]
    assert dues == sorted(dues)
    assert dues[0] < dues[-1]
    card, due = reviewed("", GOOD, NOW)
    later = reviewed(card, GOOD, due)[1]
    assert later - due > due - NOW
    assert reviewed("", GOOD, NOW) == reviewed("", GOOD, NOW)


def test_a_right_answer_counts_by_its_confidence_and_its_facts() -> None:
    assert grade(False, 100, 0) == AGAIN
    assert grade(True, 40, 0) == HARD
    assert grade(True, 90, 2) == HARD
    assert grade(True, 70, 0) == GOOD
    assert grade(True, 90, 0) == EASY
