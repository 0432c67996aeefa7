"""Cases to read: every answer is what the rule book says, at every step, and nothing of it is told before the commitment."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from sharedvalue.cli.practice_pages import case_lines
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import scenarios_folder
from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.course import Course, sheet_text
from sharedvalue.engine.practice.documents import chart_svg, document_lines
from sharedvalue.engine.practice.progress import progress
from sharedvalue.engine.practice.reveal import reveal
from sharedvalue.engine.practice.session import Sitting, outcome_named
from sharedvalue.engine.practice.words import revealed
from sharedvalue.engine.practice.written import load_written
from tests.practice.test_store import ANSWER

BOOK = load()
GHANA = scenarios_folder() / "practice" / "market-inspectors-ghana.yaml"


@lru_cache(maxsize=1)
def cases() -> Cases:
    return Cases(BOOK)


def steps() -> list[str]:
    found = []
    for name in cases().written:
        while name:
            found.append(name)
            name = cases().get(name).follows
    return found


@pytest.mark.parametrize("name", steps())
def test_the_rule_book_says_what_the_case_expects_at_every_step(name: str) -> None:
    case = cases().get(name)
    expected = case.scenario.expect
    assert expected is not None
    assert case.decision.outcome == expected.outcome
    assert frozenset(case.decision.modes) == expected.modes
    assert not case.decision.worlds.warnings  # nothing that the rule book calls unlikely
    assert case.step is not None
    assert not case.step.where.keys() - Sitting(case).cues.keys()


def said_in(case: Case) -> str:
    """All words of the papers that lie there by then."""
    assert case.step is not None
    papers = (*case.step.earlier, *case.step.papers)
    parts = [part for one in papers for part in (one.title, one.text, one.note, *one.bars)]
    return " ".join(re.sub('[*"]', "", " ".join(parts)).casefold().split())


@pytest.mark.parametrize("name", steps())
def test_what_is_quoted_stands_in_the_papers(name: str) -> None:
    case = cases().get(name)
    assert case.step is not None
    assert all('"' in said for said in case.step.where.values())
    papers = said_in(case)
    for text in (*case.step.where.values(), *case.step.thinking):
        for quoted in re.findall('"([^"]+)"', text):
            assert quoted.casefold().rstrip(".,") in papers, quoted


def test_every_outcome_comes_up_among_the_first_ten_cases() -> None:
    met, seen = set(), list[str]()
    for name in steps()[:10]:
        seen.append(name)
        met.add(cases().get(name).decision.outcome)
    assert met == set(BOOK.outcome_names), seen


def test_there_are_twelve_or_more_some_of_which_unfold() -> None:
    assert len(cases().written) >= 12
    assert len(steps()) >= len(cases().written) + 3
    assert cases().saved[: len(cases().written)] == cases().written
    kinds = {one.kind for name in steps() for one in cases().get(name).step.papers}  # type: ignore[union-attr]
    assert kinds == {"mail", "minutes", "note", "comments", "chart"}


def test_values_and_the_expert_are_shown_only_after_the_commitment() -> None:
    sitting = Sitting(cases().get("housing-officers-canada"))
    table = "\n".join(case_lines(sitting))
    assert "FACTS TO DRAW FROM IT" in table
    assert not re.search(r"\d  ?openness[^:\n]*: 35", table)
    assert not sitting.shown
    found = reveal(sitting.commit("keep", 60, ["overlap_long"]))
    told = "\n".join(revealed(found).lines())
    for heading in ("WHERE IT STANDS", "AN EXPERT THINKS ALOUD", "WHAT FOLLOWED", "WHAT IT TEACHES"):
        assert heading in told
        assert heading not in table


def test_a_case_that_unfolds_tells_what_followed_at_its_end_only() -> None:
    first, second = cases().get("port-safety-philippines"), cases().get("port-safety-philippines-2")
    assert first.follows == second.id
    assert first.step is not None
    assert second.step is not None
    assert (first.step.followed, first.step.teaches) == ("", "")
    assert second.step.followed
    assert second.step.earlier == first.step.papers
    with pytest.raises(UserError):
        cases().get("port-safety-philippines-3")


def test_the_expert_is_whole_in_the_first_cases_and_fades() -> None:
    def share(name: str) -> float:
        case = cases().get(name)
        assert case.step is not None
        return min(case.thoughts, len(case.step.thinking)) / len(case.step.thinking)

    shown = [share(name) for name in cases().written]
    assert shown[:3] == [1, 1, 1]
    assert shown[-1] == 0
    assert sum(shown[:4]) > sum(shown[4:8]) > sum(shown[8:12])
    told = "\n".join(revealed(reveal(Sitting(cases().get("conservators-japan")).commit("5", 60, []))).lines())
    assert "more thought" in told


def test_a_chart_says_the_same_as_text_as_picture_and_in_its_label() -> None:
    chart = next(one for one in cases().get("housing-officers-canada").step.papers if one.bars)  # type: ignore[union-attr]
    drawn, lines = chart_svg(chart), "\n".join(document_lines(chart))
    for label, share in chart.bars.items():
        assert f"{label}: {share} of 100" in drawn
        assert f"{share} of 100" in lines
    widths = [int(w) for w in re.findall(r'class="bar" x="0" y="\d+" width="(\d+)"', drawn)]
    assert widths == [3 * share for share in chart.bars.values()]
    assert max(map(len, lines.splitlines())) <= 80


@pytest.mark.parametrize(
    "old,new,code",
    [
        ("kind: chart", "kind: picture", "SV304"),
        ("agree or strongly agree: 71", "agree or strongly agree: 171", "SV302"),
        ("date: 2026-02-15", "date: February", "SV302"),
        ("member_value_now: 71", "member_value_now: 171", "SV205"),
        ("expect: {outcome: KEEP_COURSE, modes: [as_is]}", "", "SV302"),
        ("case: 1", "case: 2", "SV304"),
        ("  active_share_90d: 'Mail", "  leave_rate: 'Mail", "SV204"),
    ],
)
def test_a_case_file_that_cannot_be_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = GHANA.read_text("utf-8")
    assert old in text
    (tmp_path / "case.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UserError) as told:
        load_written(tmp_path / "case.yaml", BOOK)
    assert code in [problem.code for problem in told.value.problems]


# --- nothing gives the answer away ------------------------------------------------------------------------------


def telling() -> set[str]:
    """Words by which an answer could be guessed: of outcomes, of their modes, of rules and of popular rules."""
    outcomes = BOOK.outcomes
    phrases = [entry.title for entry in outcomes.outcomes.values()]
    phrases += [
        name.replace("_", " ") for name in (*BOOK.outcome_names, *outcomes.modes, *cases().about.popular)
    ]
    phrases += [mode.title for mode in outcomes.modes.values()]
    phrases += [popular.title for popular in cases().about.popular.values()]
    return {phrase.lower() for phrase in phrases} - {"full"}


def gives_away(text: str) -> list[str]:
    plain = " ".join(re.findall(r"[a-z0-9']+", text.lower()))
    found = [
        phrase for phrase in telling() if f" {' '.join(re.findall(r'[a-z0-9]+', phrase))} " in f" {plain} "
    ]
    return found + [rule for rule in BOOK.rules if re.search(rf"\b{rule}\b", text, re.I)]


def test_the_words_are_found_where_they_stand() -> None:
    assert gives_away("restrict-the-membership")
    assert gives_away("popular-popular_content-4")
    assert gives_away("rule-V05-1")
    assert not gives_away("market-inspectors-ghana")


def test_no_id_title_or_story_of_what_is_offered_gives_the_answer_away() -> None:
    files = {path.stem for path in scenarios_folder().glob("*.yaml")}
    for name in (*cases().saved, *steps()):
        case = cases().get(name)
        assert name not in files
        assert case.id == name
        assert gives_away(f"{case.id} {case.scenario.title} {case.scenario.story}") == [], name


def test_a_blind_sheet_names_cases_by_trade_and_place_only() -> None:
    found = [cases().get(name) for name in ("neophytes-and-experts", "popular-sponsor_prefers-3")]
    text = sheet_text(Course("First", ()), found, "Ana", {})
    below = text[text.index("\ncases:") :]
    assert [case.id for case in found] == re.findall(r"^  ([a-z0-9-]+):$", below, re.M)
    assert gives_away(below) == []


def test_no_sentence_of_a_story_gives_the_answer_away() -> None:
    about = cases().about
    sentences = [said for entry in about.story for line in entry for said in line.say]
    sentences += [said for popular in about.popular.values() for said in popular.colour]
    for said in (*sentences, *(words for tale in about.tales for words in tale.words.values())):
        assert gives_away(said) == [], said


@pytest.mark.parametrize("recipe", ["popular-sponsor_prefers-3", "twin-3-b"])
def test_a_made_up_case_is_found_again_by_a_name_that_does_not_tell_what_it_is_about(recipe: str) -> None:
    case = cases().get(recipe)
    assert gives_away(f"{case.id} {case.scenario.title} {case.scenario.story}") == []
    assert recipe.split("-")[0] not in case.id
    assert cases().get(case.id) == case
    with pytest.raises(UserError):
        cases().get(f"not-{case.id}")


# --- what is on the screen is an answer; a group is counted person by person ---------------------------------------


def test_every_title_of_an_outcome_and_every_label_of_a_fact_is_accepted() -> None:
    for name, entry in BOOK.outcomes.outcomes.items():
        assert outcome_named(entry.title, BOOK) == outcome_named(entry.title.upper(), BOOK) == name
    sitting = Sitting(cases().get("market-inspectors-ghana"))
    for number, cue in enumerate(sitting.cues.values(), 1):
        assert sitting.cue(cue.short) == sitting.cue(cue.title) == sitting.cue(str(number)) == cue
        assert sitting.named(f"{number} {cue.name}, {cue.short}") == (cue.name,) * 3
    with pytest.raises(UserError) as told:
        sitting.cue("membres active in the last 90 days")
    assert "members active" in told.value.problems[0].mend


def test_two_trainees_of_five_first_answers_are_ten() -> None:
    five = [replace(ANSWER, case=f"case {n}", outcome="A", answered="A" if n else "B") for n in range(5)]
    again = replace(five[0], answered="A")
    for mine in (five, [*five, again]):
        found = progress(five, mine)
        assert (found.first.hits, found.first.n) == (8, 10)
    pair = [replace(ANSWER, pair="twin-1", case=f"t {n}") for n in range(2)]
    assert progress(pair, pair).twins.n == 2
    assert progress(pair[:1], pair[1:]).twins.n == 0
