"""Questions of concordance: what is proven of them is so; a panel is collected blind, and earns others partial credit."""

from __future__ import annotations

import contextlib
import itertools
import random
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import Stated, type_of
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.concordance import Asked, Item, item_of, items
from sharedvalue.engine.practice.panel import (
    LEAST,
    Panel,
    Question,
    answers_of,
    begun,
    load_panel,
    panel_text,
    questions_of,
    save,
)
from sharedvalue.engine.practice.words import by_panel
from sharedvalue.engine.worlds import form

BOOK = load()
OPEN, SETTLED = "silent-drift", "neophytes-and-experts"
FEW = 6  # completions of a question


@lru_cache(maxsize=1)
def cases() -> Cases:
    return Cases(BOOK)


@lru_cache(maxsize=4)
def asked_of(name: str) -> tuple[Item, ...]:
    return items(cases().get(name), 4)


@pytest.mark.parametrize("name", [OPEN, SETTLED])
def test_what_is_proven_agrees_with_firing_sampled_completions(name: str) -> None:
    """Also of a case in which nothing is settled: then what is open anyway is not known."""
    assert asked_of(name) == items(cases().get(name), 4)
    assert {item.truth for item in asked_of(name)} == {"more", "less", "neither", "unsettled"}
    for item in asked_of(name):
        after, outcome = outcomes_of(item), item.asked.outcome
        assert len(item.possible) > 1
        assert outcome in item.possible
        if item.truth == "more":
            assert after == {outcome}
        elif item.truth == "less":
            assert outcome not in after
        else:
            assert after <= set(item.possible)
    if name == OPEN:
        assert asked_of(name)[0].asked.opened == cases().get(name).decision.pivotal


def outcomes_of(item: Item) -> set[str]:
    """What comes out when the facts that are not known take values over their ranges, one fact learned."""
    scenario, found = item.case.scenario, set()
    opened = {**dict.fromkeys(item.asked.opened), item.asked.fact: item.asked.value}
    kinds = {name: kind for name in opened if (kind := type_of(BOOK, name)) is not None}
    values = [
        [value] if value is not None else [kinds[n].lo, (kinds[n].lo + kinds[n].hi) // 2, kinds[n].hi]
        for n, value in opened.items()
    ]
    several = list(itertools.product(*values))
    for combination in random.Random(1).sample(several, min(FEW, len(several))):
        stated = {n: Stated("known", (v,), "", Place("x")) for n, v in zip(opened, combination, strict=True)}
        changed = replace(scenario, stated={**scenario.stated, **stated}, types={**scenario.types, **kinds})
        with contextlib.suppress(UserError):  # they do not fit each other
            found |= {possible.outcome for possible in decide(form(BOOK, changed)).possible}
    return found


# --- a panel ----------------------------------------------------------------------------------------------------


def panel_of(*columns: str) -> Panel:
    """A panel of one question, in which each sign of the answers is one member: 2, 1, 0, a = -1, b = -2."""
    numbers = {"2": 2, "1": 1, "0": 0, "a": -1, "b": -2, ".": None}
    members = {
        f"m{n}": tuple(numbers[sign] for sign in row) for n, row in enumerate(zip(*columns, strict=True))
    }
    question = Question(cases().get(OPEN).id, asked_of(OPEN)[0].asked)
    return Panel("Test", (question,) * len(columns), members)


def test_credit_is_the_share_in_what_most_said() -> None:
    found = panel_of("22222111a0")
    earned = [found.credit(0, said) for said in (2, 1, 0, -1, -2)]
    assert earned == [
        1,
        Fraction(3, 5),
        Fraction(1, 5),
        Fraction(1, 5),
        0,
    ]  # by hand: 5, 3, 1, 1 and none of 5
    assert "0.60 of a point" in by_panel(1, found.given(0), found.credit(0, 1))


def test_there_is_no_score_before_ten_have_answered_that_question() -> None:
    nine, ten = panel_of("2" * (LEAST - 1)), panel_of("2" * LEAST)
    assert nine.credit(0, 2) is None
    assert ten.credit(0, 2) == 1
    assert "No score" in by_panel(2, nine.given(0), None)
    gaps = panel_of("2" * LEAST, "2" * (LEAST - 1) + ".")
    assert gaps.credit(0, 2) == 1
    assert gaps.credit(1, 2) is None
    assert gaps.ready == 1


def test_a_panel_reads_back_and_asks_the_same_questions(tmp_path: Path) -> None:
    found = begun("First", cases(), [OPEN], 2)
    path = tmp_path / "panel.yaml"
    path.write_text(panel_text(found, BOOK), "utf-8")
    assert load_panel(str(path), BOOK) == found
    again = questions_of(found, cases(), range(len(found.questions)))
    assert [item.asked for item in again] == [one.asked for one in found.questions]
    assert [item.truth for item in again] == [item.truth for item in items(cases().get(OPEN), 2)]


def test_members_add_up_and_what_was_said_stays(tmp_path: Path) -> None:
    path = tmp_path / "panel.yaml"
    path.write_text(panel_text(panel_of("2", "1"), BOOK), "utf-8")
    save(path, {"Ana": (1, None)}, BOOK)
    found = save(path, {"Ana": (1, -1), "Ben: the second": (0, 0)}, BOOK)
    assert found == load_panel(str(path), BOOK)
    assert found.members == {"m0": (2, 1), "Ana": (1, -1), "Ben: the second": (0, 0)}
    before = path.read_bytes()
    with pytest.raises(UserError):
        save(path, {"Ana": (2, -1)}, BOOK)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "old,new",
    [
        ("panel: 1", "panel: 2"),
        ("panel: 1", "course: 1"),
        ("m0: [2]", "m0: [3]"),
        ("m0: [2]", "m0: [2, 1]"),
        ("m0: [2]", "m0: 2"),
        ("m0: [2]", "m0: [much]"),
        ("outcome: ", "outcome: NO"),
        ("learned: s", "learned: x"),
        ("value: ", "value: many "),
        ("questions:", "question:"),
    ],
)
def test_a_panel_that_cannot_be_is_told(tmp_path: Path, old: str, new: str) -> None:
    text = panel_text(panel_of("2"), BOOK)
    assert old in text
    path = tmp_path / "panel.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UserError) as told:
        load_panel(str(path), BOOK)
    assert all(problem.code.startswith("SV") and problem.place.line for problem in told.value.problems)


def test_a_question_that_the_rule_book_cannot_ask_is_told() -> None:
    asked = Asked(("launch_origin",), "launch_origin", 1, "NOT_YET")  # nothing turns on it
    assert item_of(cases().get(SETTLED), asked) is None
    panel = Panel("Old", (Question(SETTLED, asked),), {})
    with pytest.raises(UserError) as told:
        questions_of(panel, cases(), [0])
    assert told.value.problems[0].code == "SV563"


@pytest.mark.parametrize("said", ["", "2", "2,3", "2,-1,0", "2;1", "2,much"])
def test_answers_in_a_line_are_as_many_as_questions_and_on_the_scale(said: str) -> None:
    assert answers_of("+2, much less likely", 2) == (2, -2)
    with pytest.raises(UserError) as told:
        answers_of(said, 2)
    assert told.value.problems[0].code == "SV561"
