"""Judgements in words: read as their middle, tested as far as they can mean, shown and written as words."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.advice import advise
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import Scenario, read_scenario, with_values
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.telling.answer import answer_lines
from sharedvalue.engine.telling.phrases import Phrases
from sharedvalue.engine.worlds import form

BOOK = load()
IN_WORDS = (
    "contribution",
    "contribution_to_shifted",
    "contribution_if_restricted",
    "sponsor_value_now",
    "sponsor_value_outlook",
    "strategic_potential",
    "overlap_short",
    "overlap_long",
)


def scenario(contribution: str) -> Scenario:
    text = f"""
scenario: 1
facts:
  has_sponsor: true
  core_group_size: 6
  member_value_now: 70
  member_value_outlook: 70
  needs_shift: 10
  sponsor_value_now: 50
  sponsor_value_outlook: 50
  sponsor_engaged: in_dialogue
  sponsor_stance: negotiable
  support_at_risk: false
  focus_changed_without_sponsor: false
  overlap_short: 60
  overlap_long: 60
  contribution: {contribution}
"""
    return read_scenario(parse(text, "words"), BOOK, "words")


@pytest.mark.parametrize("name", IN_WORDS)
def test_judgement_has_words_that_cover_its_whole_range(name: str) -> None:
    kind = BOOK.facts[name].type
    assert isinstance(kind, NumberType)
    assert kind.words
    assert (kind.words[0].lo, kind.words[-1].hi) == (kind.lo, kind.hi)
    for value in range(kind.lo, kind.hi + 1, kind.step):
        word = kind.word_at(value)
        assert word is not None
        assert word.lo <= value <= word.hi
    for word in kind.words:
        assert word.lo <= word.middle <= word.hi
        assert word.fits
        assert kind.word_at(word.middle) == word


@pytest.mark.parametrize("written", ["largely", "Largely", "{word: largely}", "{value: largely}", "65"])
def test_word_is_read_as_its_middle(written: str) -> None:
    assert scenario(written).stated["contribution"].value == 650


@pytest.mark.parametrize("written", ["almost_wholly", "almost wholly", "Almost-Wholly"])
def test_word_of_two_is_read_however_it_is_joined(written: str) -> None:
    assert scenario(written).stated["contribution"].word == "almost_wholly"


def test_band_is_a_margin_and_does_not_open_the_fact() -> None:
    worlds = form(BOOK, scenario("largely"))
    assert "contribution" not in worlds.open
    margin = worlds.margins["contribution"]
    assert (margin.lo, margin.hi) == (500, 790)


def test_band_and_confidence_are_tested_together() -> None:
    worlds = form(BOOK, scenario("{word: hardly, confidence: medium}"))
    margin = worlds.margins["contribution"]
    assert (margin.lo, margin.hi) == (0, 350)
    low = form(BOOK, scenario("{word: almost_wholly, confidence: low}"))
    assert (low.domains["contribution"].lo, low.domains["contribution"].hi) == (600, 1000)


def test_between_and_one_of_take_all_that_the_words_can_mean() -> None:
    between = scenario("{between: [partly, largely]}").stated["contribution"]
    assert between.values == (300, 790)
    either = scenario("{one_of: [hardly, largely]}").stated["contribution"]
    assert (min(either.values), max(either.values), 300 in either.values) == (0, 790, False)


def test_answer_says_that_it_holds_within_the_word_or_what_it_changes_to() -> None:
    holds = "\n".join(answer_lines(advise(form(BOOK, scenario("largely")))))
    assert "Within what 'largely' can mean the answer holds" in holds
    assert "in words" in holds
    off = with_values(scenario("40"), BOOK, {"sponsor_value_now": "some", "sponsor_value_outlook": "clear"})
    changes = advise(form(BOOK, off))
    assert not changes.margin_holds or set(changes.margin_outcomes) == {changes.decision.outcome}


def test_word_is_set_and_written_as_a_word() -> None:
    changed = with_values(scenario("40"), BOOK, {"contribution": "partly"})
    assert changed.stated["contribution"].word == "partly"
    again = write_scenario(changed, BOOK)
    assert "contribution: partly" in again
    assert read_scenario(parse(again, "again"), BOOK, "again").stated["contribution"].word == "partly"


def test_misspelt_word_is_told_with_the_word_that_was_meant() -> None:
    with pytest.raises(UserError) as caught:
        scenario("largly")
    assert "largely" in caught.value.problems[0].mend


def test_counted_share_takes_no_word() -> None:
    with pytest.raises(UserError):
        read_scenario(
            parse("scenario: 1\nfacts: {has_sponsor: true, member_value_now: largely}\n", "x"), BOOK, "x"
        )


def house(folder: Path, text: str) -> Path:
    (folder / "words.yaml").write_text(text, "utf-8")
    return folder


def test_house_changes_a_scale(tmp_path: Path) -> None:
    scale = """
word_scales:
  contribution:
    because: Our board speaks of little and much.
    little: {middle: 20, band: [0, 44], fits: Little of the problem.}
    much: {middle: 70, band: [45, 100], fits: Much of the problem.}
"""
    book = load([house(tmp_path, scale)])
    kind = book.facts["contribution"].type
    assert isinstance(kind, NumberType)
    assert [word.name for word in kind.words] == ["little", "much"]
    assert [change.kind for change in book.house_changes] == ["words"]
    assert book.facts["sponsor_value_now"].type == BOOK.facts["sponsor_value_now"].type


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        ("contribution: {because: x, a: {middle: 20, band: [0, 40], fits: x}}", "SV308"),
        ("contribution: {because: x, a: {middle: 50, band: [0, 40], fits: x}}", "SV302"),
        ("contribution: {because: x, a: {middle: 50, band: [0, 100]}}", "SV303"),
        ("contribution: {a: {middle: 50, band: [0, 100], fits: x}}", "SV303"),
        ("contribution: {because: x}", "SV303"),
        ("contributions: {because: x, a: {middle: 50, band: [0, 100], fits: x}}", "SV310"),
    ],
)
def test_scale_that_cannot_be_read_is_told(tmp_path: Path, scale: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        load([house(tmp_path, f"word_scales:\n  {scale}\n")])
    assert code in {problem.code for problem in caught.value.problems}


def test_headline_says_when_the_next_word_would_mean_another_answer() -> None:
    little = {"overlap_short": "some", "overlap_long": "some", "sponsor_value_now": "little"}
    near = Phrases(advise(form(BOOK, with_values(scenario("partly"), BOOK, little)))).headline()
    assert "contribution 'hardly' instead of 'partly' would mean" in near
    assert "instead of" not in Phrases(advise(form(BOOK, scenario("almost_wholly")))).headline()
