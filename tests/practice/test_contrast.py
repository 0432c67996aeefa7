"""Feedback on judgement: what tells the answer from the one that tempts, proven by changing it; a second try; disagreement."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice.answering import keep, keep_disagreement
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.debrief import disagreements, splits, talks
from sharedvalue.engine.practice.progress import progress
from sharedvalue.engine.practice.reveal import Reveal, reveal
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.store import Store
from sharedvalue.engine.practice.turning import turning
from sharedvalue.engine.practice.words import STANDS, once_more, revealed
from sharedvalue.engine.questions.meaning import standing
from sharedvalue.engine.readings.prove import Steps
from tests.practice.test_store import ANSWER

BOOK = load()
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)


@lru_cache(maxsize=1)
def cases() -> Cases:
    return Cases(BOOK)


@lru_cache(maxsize=8)
def answered(case: str, outcome: str, *cues: str) -> Reveal:
    return reveal(Sitting(cases().get(case)).commit(outcome, 80, cues))


@pytest.mark.parametrize(
    "case,outcome", [("conservators-japan", "keep course"), ("irrigation-engineers-morocco-2", "not yet")]
)
def test_what_would_have_made_the_answer_right_does(case: str, outcome: str) -> None:
    found = answered(case, outcome)
    apart = found.contrast
    assert apart is not None
    assert apart.tempting == found.commitment.outcome
    assert apart.cheapest is not None
    changes = {change.name: change.to for change in apart.cheapest.changes}
    assert standing(found.decision.worlds, changes, Steps(30)).outcomes == (apart.tempting,)
    assert apart.facts & set(map(fact_of, changes))
    assert f"{BOOK.outcomes.outcomes[apart.tempting].title} would follow if" in "\n".join(
        revealed(found).lines()
    )


def test_only_what_tells_the_two_apart_is_missed_and_only_where_nothing_of_it_was_named() -> None:
    found = answered("irrigation-engineers-morocco-2", "not yet")
    assert found.contrast is not None
    assert found.contrast.cheapest is not None
    # What is to be looked at is what stands in the way of the answer that was given.
    assert set(found.missed) <= set(found.barring("NOT_YET"))
    named = answered("irrigation-engineers-morocco-2", "not yet", found.missed[0])
    assert (named.telling, named.missed) == ((found.missed[0],), ())
    guard = next(name for name in found.sitting.cues if name not in found.contrast.facts)
    assert answered("irrigation-engineers-morocco-2", "not yet", guard).telling == ()


def test_the_one_fact_that_a_case_turns_on_is_never_missed() -> None:
    case = cases().get("twin-3-a")
    said = next(name for name in BOOK.outcome_names if name != case.decision.outcome)
    named = reveal(Sitting(case, twin_judged=True).commit(said, 80, [case.changed]))
    assert named.turned
    assert named.missed == ()
    assert "You named it." in "\n".join(revealed(named).lines())
    turn = turning(case, True)
    assert turn is not None
    assert turn.words in " ".join(" ".join(revealed(named).lines()).split())
    other = reveal(Sitting(case).commit(said, 80, []))
    assert "twin" not in "\n".join(revealed(other).lines())  # the other one is not judged yet
    assert not other.turned
    assert "Look once more at" in once_more(other)


def test_the_hint_of_the_second_try_does_not_tell_the_answer_and_the_first_counts() -> None:
    found = answered("irrigation-engineers-morocco-2", "not yet")
    hint = once_more(found).lower()
    assert not [entry.title for entry in BOOK.outcomes.outcomes.values() if entry.title.lower() in hint]
    second = replace(found, sitting=found.sitting.try_again("Shift the focus"))
    assert not second.right
    assert "RIGHT at the second try" in revealed(second).sections[0].entries[0].text


def test_a_second_try_and_a_disagreement_are_kept_beside_the_first_answer(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite")
    found = answered("irrigation-engineers-morocco-2", "not yet")
    keep(store, replace(found, sitting=found.sitting.try_again("2")), NOW)
    keep_disagreement(store, found.sitting.case, "NOT_YET", "The director  speaks\nfor herself.", NOW)
    first, second, third = store.answers()
    assert (first.right, first.tells, first.judged) == (False, 0, True)
    assert (second.kind, second.answered, second.judged) == ("second", "SHIFT_FOCUS", False)
    assert (third.kind, third.reason, third.judged) == (
        "disagreement",
        "The director speaks for herself.",
        False,
    )
    added = progress(store.answers())
    assert (added.answers, added.telling.hits, added.telling.n) == (1, 0, 1)
    said = list(disagreements([("Ana", store.answers())]))
    assert [(one.who, one.outcome) for one in said] == [("Ana", "NOT_YET")]


def test_the_debrief_begins_with_what_split_the_group_most_and_leaves_out_agreement() -> None:
    def said(case: str, answers: str) -> list[object]:
        return [replace(ANSWER, case=case, answered=word) for word in answers.split()]

    columns = [
        said("irrigation-engineers-morocco-2", "SHIFT_FOCUS SHIFT_FOCUS NOT_YET NOT_YET"),
        said("market-inspectors-ghana", "KEEP_COURSE KEEP_COURSE KEEP_COURSE NOT_YET"),
        said("conservators-japan", "NOT_YET NOT_YET NOT_YET NOT_YET"),
        said("my-own.yaml", "NOT_YET KEEP_COURSE NOT_YET KEEP_COURSE"),
    ]
    exports = [(f"person {n}", [column[n] for column in columns]) for n in range(4)]
    found = splits(exports)  # type: ignore[arg-type]
    assert [one.case for one in found] == [
        "irrigation-engineers-morocco-2",
        "my-own.yaml",
        "market-inspectors-ghana",
    ]
    assert [round(one.apart, 3) for one in found] == [
        0.667,
        0.667,
        0.5,
    ]  # by hand: 1 - 4/12, 1 - 4/12, 1 - 6/12
    (talk,) = talks(cases(), found, 1)
    assert (talk.outcome, talk.other) == ("SHIFT_FOCUS", "NOT_YET")
    assert talk.facts
    assert talk.change


def test_the_hint_is_what_stands_in_the_way_of_the_answer_that_was_given() -> None:
    """Who would repair again is told of the repairs that failed, and never that the community should be worth less."""
    found = answered("port-safety-philippines", "keep course")
    assert found.barring("KEEP_COURSE")[0] == "failed_repairs"
    assert "failed repairs" in once_more(found)
    assert "You named what matters" in once_more(
        answered("port-safety-philippines", "keep course", "failed_repairs")
    )
    assert found.contrast is not None
    assert found.contrast.cheapest is None or found.contrast.cheapest.direction == "improve"


@pytest.mark.parametrize(
    "case", ["district-nurses-scotland", "seed-keepers-kenya", "irrigation-engineers-morocco"]
)
def test_no_fact_of_which_the_expert_speaks_is_called_idle(case: str) -> None:
    step = cases().get(case).step
    assert step is not None  # it is told in papers
    found = answered(case, "keep course", *step.where)
    assert STANDS["none"] not in "\n".join(revealed(found).lines())
