"""The guided import of surveys in other languages: answers that say nothing, own words beside a grid, a way back, who answered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sharedvalue.cli.import_prompts import prompt, within
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.chosen import use_of
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import ENOUGH, candidates
from sharedvalue.engine.evidence.inspect import inspect_json
from sharedvalue.engine.evidence.mapping import Mapping
from tests.cli.calling import call
from tests.evidence.dialogue_here import counted, dialogue
from tests.evidence.exports_here import BOOK, export, mapping

AGREE = ("Tout à fait d'accord", "Plutôt d'accord", "Plutôt pas d'accord", "Pas du tout d'accord")
NEED = "De quoi avez-vous besoin ?"
DAY = "2026-04-01"


def at(minute: int) -> str:
    """When an answer came in; no two alike, as two alike are one that was sent twice."""
    return f"{DAY} {9 + minute // 60:02}:{minute % 60:02}:00"


def german(folder: Path) -> Export:
    said = [("Austausch;Vorlagen;", 9), ("Austausch;", 6), ("Keine Angabe;", 5), ("", 4)]
    rows = [[at(i), cell] for i, cell in enumerate(c for c, n in said for _ in range(n))]
    return export(folder, "umfrage.csv", ["Zeitstempel", "Was brauchen Sie?"], rows)


def french(folder: Path, other: str = "Autre") -> Export:
    heads = ["Horodateur", *(f"{NEED} [{part}]" for part in ("Échanges", "Modèles", "Experts", other))]
    rows: list[list[object]] = [
        [at(i), "Oui" if i % 2 else "Non", "Oui" if i % 3 else "Non", "Oui", ""] for i in range(24)
    ]
    rows[3][4], rows[7][4], rows[9][3] = "voir Amélie Mercier", "Thaïs Fournier", "Sans réponse"
    return export(folder, "enquete.csv", heads, rows)


@pytest.mark.parametrize("how", ["terminal", "page"])
def test_who_says_nothing_among_several_answers_leaves_the_base(how: str, tmp_path: Path) -> None:
    found = german(tmp_path)
    if how == "terminal":
        made, told = dialogue(found, "1", "", "", "y", "y", "", "")
        assert "Keine Angabe" in told.partition("not counted at all")[2]
    else:
        need = candidates(found, "needs", BOOK)[0]
        use = use_of(found, need, BOOK, {"need-0": ["yes"], "need-1": ["yes"], "nothing": ["Keine Angabe"]})
        assert use is not None
        made = Mapping("m.yaml", "m", "survey", (use,), DAY)
    needs = counted(found, made).needs
    assert (needs.named["Austausch"], needs.base["Austausch"]) == (15, 15)
    assert (needs.named["Vorlagen"], needs.base["Vorlagen"]) == (9, 15)


def test_who_says_nothing_and_something_is_counted_for_that(tmp_path: Path) -> None:
    rows = [[at(i), cell] for i, cell in enumerate(["A; B", "A; n/a", "n/a", "B; A"] * 5)]
    found = export(tmp_path, "a.csv", ["Timestamp", "What do you need?"], rows)
    use = "{column: 'What do you need?', role: needs, separator: ';', no_answer: [n/a], needs: {A: {answers: [A]}}}"
    needs = counted(found, mapping(f"mapping: 1\ndate: 2026-04-01\ncolumns: [{use}]")).needs
    assert (needs.named["A"], needs.base["A"]) == (15, 15)


@pytest.mark.parametrize(("nothing", "told"), [("", 1), ("no_answer: [keine Angabe], ", 0)])
def test_needs_with_answers_that_say_nothing_in_their_base_are_told(
    nothing: str, told: int, tmp_path: Path
) -> None:
    use = f"{{column: 'Was brauchen Sie?', role: needs, separator: ';', {nothing}needs: {{Austausch: {{answers: [Austausch]}}}}}}"
    made = counted(german(tmp_path), mapping(f"mapping: 1\ndate: {DAY}\ncolumns: [{use}]"))
    assert sum("'keine angabe' (5)" in note for note in made.notes) == told
    assert made.needs.base["Austausch"] == (20 if told else 15)


def test_own_words_beside_a_grid_are_shown_nowhere_and_no_need(tmp_path: Path) -> None:
    found = french(tmp_path)
    shown = json.dumps(inspect_json(found), ensure_ascii=False)
    assert "Mercier" not in shown
    assert "Fournier" not in shown
    made, told = dialogue(found, "1", "", "", "y", "y", "y", "1", "")
    assert "Autre" not in told
    needs = counted(found, made).needs
    assert (needs.named["Échanges"], needs.base["Échanges"]) == (12, 24)
    assert (needs.named["Experts"], needs.base["Experts"]) == (
        23,
        23,
    )  # one row of the grid holds an answer that the others lack


def test_a_grid_of_numbers_is_no_grid_of_own_words(tmp_path: Path) -> None:
    heads = ["Timestamp", *(f"How good? [{part}]" for part in "abc")]
    found = export(tmp_path, "a.csv", heads, [[at(i), 1 + i % 5, 1 + i % 2, 4] for i in range(20)])
    assert [c.kind for c in found.columns] == ["date", "grid-row", "grid-row", "grid-row"]


# needs, now, later, taking part, level, date, how many people
PLAIN = ("-", "1", "", "1", "", "-", "1", "n", "e", "1", "")


def agreeing(folder: Path) -> Export:
    heads = [
        "Horodateur",
        "La communauté répond à vos besoins",
        "Depuis combien de temps ?",
        "Et dans deux ans ?",
    ]
    years = ("Moins d'un an", "Plus de trois ans")
    rows = [
        [at(i), AGREE[i % 4], years[i % 2], "Oui" if i % 3 else "" if i % 2 else "Non"] for i in range(60)
    ]
    return export(folder, "accord.csv", heads, rows)


def test_a_person_goes_back_and_answers_again(tmp_path: Path) -> None:
    found = agreeing(tmp_path)
    plain, _ = dialogue(found, *PLAIN)
    again = [
        "-",
        "1",
        "b",
        "1",
        "1 2",
        "b",
        "-",
        "b",
        "1",
        "",
        "1",
        "",
        "-",
        "1",
        "n",
        "b",
        "1",
        "n",
        "e",
        "1",
        "b",
        "1",
        "",
    ]
    back, _ = dialogue(found, *again)
    assert [u.role for u in plain.columns] == ["value_now", "value_outlook", "level", "date"]
    assert back == plain


def test_agreement_is_offered_in_its_order_and_the_right_question_first(tmp_path: Path) -> None:
    found = agreeing(tmp_path)
    now, later = (candidates(found, role, BOOK)[0] for role in ("value_now", "value_outlook"))
    assert now.heading == "La communauté répond à vos besoins"
    assert now.answers == AGREE[::-1]
    assert now.offered.yes == ("Plutôt d'accord", "Tout à fait d'accord")
    assert later.heading == "Et dans deux ans ?"


def test_all_columns_are_listed_on_demand(tmp_path: Path) -> None:
    found = agreeing(tmp_path)
    _, told = dialogue(found, "-", "*", "1", "", *"----", "1", "")
    listed = told.partition("helps people now")[2].partition("3 of")[0]
    assert "Et dans deux ans ?" in listed


def test_how_likely_somebody_recommends_is_offered_from_nought(tmp_path: Path) -> None:
    rows = [[at(i), 3 + i % 8] for i in range(40)]
    heads = ["Zeitstempel", "Wie wahrscheinlich ist es, dass Sie uns empfehlen?"]
    asked = candidates(export(tmp_path, "a.csv", heads, rows), "value_now", BOOK)[0].offered.scale
    assert asked is not None
    assert (asked.low, asked.high) == (0, 10)


def test_who_answered_is_told_of_the_question_that_was_answered(tmp_path: Path) -> None:
    found = agreeing(tmp_path)
    made, _ = dialogue(found, *PLAIN)
    now, later = counted(found, made).questions
    assert (now.share.n, dict(now.levels)) == (60, {"novice": 30, "expert": 30})
    assert (later.share.n, dict(later.levels)) == (50, {"novice": 30, "expert": 20})


def test_one_of_several_answers_is_enough_to_take_part(tmp_path: Path) -> None:
    said = ["I read, I write", "I read", "I write, I speak, I read", "n/a", "I speak"] * 6
    rows = [[at(i), each, "Yes"] for i, each in enumerate(said)]
    found = export(tmp_path, "a.csv", ["Timestamp", "How do you take part?", "Useful?"], rows)
    part = (
        "{column: 'How do you take part?', role: participation, counts: [I write, I speak], no_answer: [n/a]}"
    )
    uses = f"[{part}, {{column: 'Useful?', role: value_now, counts: ['Yes']}}]"
    share = counted(found, mapping(f"mapping: 1\ndate: 2026-04-01\ncolumns: {uses}")).participation
    assert share is not None
    assert (share.count, share.n) == (18, 24)


def test_a_survey_before_any_scenario_is_told_how_to_begin(tmp_path: Path) -> None:
    german(tmp_path)
    done = call("import", str(tmp_path / "umfrage.csv"), "--into", str(tmp_path / "neu.yaml"))
    assert done.code == 2
    assert "there is no such scenario yet" in done.err
    assert "scenario new" in done.err


def test_a_group_is_a_share_of_those_who_said_which(tmp_path: Path) -> None:
    """Who left it open, and who says nothing, is in no base, and makes no group."""
    said = ["Sí"] * 20 + ["No"] * 15 + ["A veces"] * 5 + ["Prefiero no decirlo"] * 6 + [""] * 4
    rows = [[at(i), cell] for i, cell in enumerate(said)]
    found = export(tmp_path, "a.csv", ["Marca temporal", "¿Participaste?"], rows)
    use = "{column: '¿Participaste?', role: segment}"
    text = f"mapping: 1\ndate: {DAY}\npopulation: 100\ndrawn_from_all: true\ncolumns: [{use}]"
    made = counted(found, mapping(text))
    assert {name: group.n for name, group in made.segments.items()} == {"Sí": 20, "No": 15, "A veces": 5}
    assert (made.segment_base, made.answers) == (40, 50)
    assert any("6 answers say nothing, so they make no group" in note for note in made.notes)
    (tmp_path / "s.yaml").write_text("scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n")
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    into = ("import", str(tmp_path / "a.csv"), "--into", str(tmp_path / "s.yaml"), "--mapping")
    told = " ".join(call(*into, str(tmp_path / "m.yaml")).out.split())
    assert "20 of 40 (50 %) of those who said which" in told
    (tmp_path / "m2.yaml").write_text(
        text.replace("segment}", "participation, counts: [Sí]}"), encoding="utf-8"
    )
    later = " ".join(call(*into, str(tmp_path / "m2.yaml"), "--dry-run").out.split())
    assert "from an earlier import of this file" in later
    assert "group Sí; group No; group A veces" in later


def test_what_an_earlier_mapping_of_the_same_file_wrote_is_told(tmp_path: Path) -> None:
    rows = [[at(i), "Yes" if i % 2 else "No", "Yes" if i % 3 else "No"] for i in range(30)]
    export(tmp_path, "a.csv", ["Timestamp", "Useful?", "Recommend?"], rows)
    (tmp_path / "s.yaml").write_text("scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n")

    def imported(*uses: str) -> str:
        text = f"mapping: 1\ndate: {DAY}\ncolumns:\n" + "".join(f"  - {use}\n" for use in uses)
        (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
        into = ("import", str(tmp_path / "a.csv"), "--into", str(tmp_path / "s.yaml"))
        return " ".join(call(*into, "--mapping", str(tmp_path / "m.yaml")).out.split())

    now = "{column: 'Useful?', role: value_now, counts: ['Yes']}"
    ahead = "{column: 'Recommend?', role: value_outlook, counts: ['Yes']}"
    assert "earlier import" not in imported(now, ahead)
    again = imported(now)
    assert "still holds, from an earlier import of this file" in again
    assert "evidence on member_value_outlook (reading 67)" in again
    assert "member_value_now (" not in again


def test_what_says_nothing_or_names_no_need_is_neither_asked_nor_counted(tmp_path: Path) -> None:
    said = [("同伴建议", "是", 12), ("模板", "否", 9), ("以上都不是", "不便回答", 6), ("模板", "说不上", 3)]
    rows = [[at(i), *cells] for i, cells in enumerate((n, y) for n, y, k in said for _ in range(k))]
    found = export(tmp_path, "a.csv", ["时间戳记", "您最需要什么？", "您参加过活动吗？"], rows)
    made, told = dialogue(found, "1", "y", "y", "", "", "", "", "", "1", "", "1 0 3", "", "")
    assert "以上都不是" in told.partition("no need is named by")[2].partition(".")[0]
    needs, part = counted(found, made).needs, counted(found, made).participation
    assert (needs.named["同伴建议"], needs.base["同伴建议"]) == (12, 30)
    assert part is not None
    assert (part.count, part.n) == (12, 21)


@pytest.mark.parametrize(
    ("heading", "best", "said"),
    [
        ("ما مدى صعوبة ذلك؟ (1 = سهل جدا، 5 = صعب جدا)", "low", "1 = سهل جدا; 5 = صعب جدا"),
        ("Wie ist es? (1 = blau, 5 = grün)", "", "1 = blau; 5 = grün"),
        ("有多难？（1 = 非常容易，5 = 非常困难）", "low", "1 = 非常容易; 5 = 非常困难"),
    ],
)
def test_what_the_ends_of_a_scale_are_called_is_said(
    heading: str, best: str, said: str, tmp_path: Path
) -> None:
    found = export(tmp_path, "a.csv", ["When", heading], [[at(i), 1 + i % 5] for i in range(30)])
    need = next(c for c in candidates(found, "value_now", BOOK) if c.heading == heading)
    scale = need.offered.scale
    assert scale is not None
    assert (scale.best, scale.said) == (best, said)
    low = {"low": ["1"], "high": ["5"], "from": ["4"]}
    if not best:
        with pytest.raises(UserError, match="which end of its scale"):
            use_of(found, need, BOOK, low)


def test_who_goes_back_finds_what_was_said(tmp_path: Path) -> None:
    rows = [[at(i), "Advice" if i % 2 else "Events", 1 + i % 5] for i in range(30)]
    found = export(tmp_path, "a.csv", ["Timestamp", "What do you need?", "How useful is it?"], rows)
    made, _ = dialogue(found, "1", "y", "y", "b", "", "y", "y", "1", "", "", "", "", "", "")
    assert [use.role for use in made.columns][:2] == ["needs", "value_now"]


def test_the_future_and_the_past_are_not_offered_as_now(tmp_path: Path) -> None:
    heads = [
        "Marca temporal",
        "¿Crees que te seguirá siendo útil dentro de dos años?",
        "¿En qué medida cubre hoy lo que necesitas?",
    ]
    rows = [[at(i), 1 + i % 5, 1 + i % 4] for i in range(30)]
    found = export(tmp_path, "a.csv", heads, rows)
    assert candidates(found, "value_now", BOOK)[0].heading == heads[2]
    past = export(
        tmp_path,
        "b.csv",
        ["时间戳记", "过去12个月您参加过社区活动吗？"],
        [[at(i), "是否"[i % 2]] for i in range(30)],
    )
    assert candidates(past, "openness", BOOK)[0].likely < candidates(past, "participation", BOOK)[0].likely


def test_letters_may_be_said_in_other_languages(tmp_path: Path) -> None:
    rows = [[at(i), "Advice" if i % 2 else "Events"] for i in range(30)]
    found = export(tmp_path, "a.csv", ["Timestamp", "What do you need?"], rows)
    made, _ = dialogue(found, "sí", "sí", "нет", "", "-")
    assert [g.within_purpose for g in made.columns[0].groups] == [True, False]


@pytest.mark.parametrize(
    ("slip", "told"),
    [("-", "A number is needed here"), ("1", "1 is too low: 2 or more"), ("9", "9 is too high: 7 or less")],
)
def test_an_end_of_a_scale_is_asked_until_it_can_be_one(slip: str, told: str) -> None:
    """A dash was taken for nought, and the scale then ran from 1 to 0: every answer was refused afterwards."""

    @click.command()
    def ask() -> None:
        click.echo(f"so it is {within('Highest', 5, least=2, most=7)}")

    found = CliRunner().invoke(ask, input=f"{slip}\n2\n")
    assert told in found.output
    assert "so it is 2" in found.output
    assert "so it is 5" in CliRunner().invoke(ask, input="\n").output


def test_what_was_said_of_each_need_stands_in_the_brackets_after_going_back(tmp_path: Path) -> None:
    rows = [[at(i), ("Advice", "Events", "Tools")[i % 3]] for i in range(30)]
    found = export(tmp_path, "a.csv", ["Timestamp", "What do you need?"], rows)
    made, told = dialogue(found, "1", "y", "n", "b", "", "", "", "?", "-", "")
    assert [g.within_purpose for g in made.columns[0].groups] == [True, False, None]
    assert told.count("1 of 8. Which column asks what people need most?") == 2


def test_an_answer_that_no_list_knows_is_no_silent_no(tmp_path: Path) -> None:
    """Whoever would rather not say, in whatever words, is asked about; and what counts as a no is told."""
    rows = [[at(i), ("Yes", "No", "My lips are sealed")[i % 3]] for i in range(60)]
    found = export(tmp_path, "a.csv", ["Timestamp", "Would you take part in a programme?"], rows)
    made, told = dialogue(found, "-", "-", "-", "1", "", "1", "-", "")
    assert "Do some of them say nothing" in told
    (use,) = (use for use in made.columns if use.role == "openness")
    assert use.no_answer == ("My lips are sealed",)
    assert counted(found, made).questions[0].share.n == 40
    made, _ = dialogue(found, "-", "-", "-", "1", "", "", "-", "")
    (note,) = (n for n in counted(found, made).notes if "counted as a no" in n)
    assert "'my lips are sealed' (20)" in note


def test_a_plain_question_is_asked_once(tmp_path: Path) -> None:
    rows = [[at(i), ("Yes", "No")[i % 2]] for i in range(60)]
    found = export(tmp_path, "a.csv", ["Timestamp", "Would you take part in a programme?"], rows)
    made, told = dialogue(found, "-", "-", "-", "1", "", "-", "")
    assert "Do some of them say nothing" not in told
    assert not [n for n in counted(found, made).notes if "counted as a no" in n]


def test_an_empty_enter_with_nothing_in_brackets_is_refused_in_words() -> None:
    @click.command()
    def ask() -> None:
        click.echo(f"so it is {prompt('Number')}")

    found = CliRunner().invoke(ask, input="\n7\n")
    assert "Enter takes nothing" in found.output
    assert "so it is 7" in found.output


def test_what_was_written_in_and_a_strange_answer_of_a_grid_are_told(tmp_path: Path) -> None:
    heads = [
        "id",
        "Date submitted",
        "Last page",
        *(f"What do you need? [{p}]" for p in ("Advice", "Tools", "Other")),
    ]
    answers = ("Yes", "No", "My lips are sealed")
    rows = [
        [i, f"{DAY} 10:00:00", 5, answers[i % 3], answers[(i + 1) % 3], "Mine" * (i < 2)] for i in range(60)
    ]
    found = export(tmp_path, "results-survey.csv", heads, rows)
    made, _ = dialogue(found, "1", "", "", "", "", "", "")
    assert made.columns[0].counts == ("Yes",)
    told = " ".join(counted(found, made).notes)
    assert "what 2 people wrote in under 'Other' is not counted as a need" in told
    assert "counted as a no: 'my lips are sealed' (40)" in told
    silent, _ = dialogue(found, "1", "", "1", "", "", "", "")
    assert counted(found, silent).needs.base == {"Advice": 40, "Tools": 40}


@pytest.mark.parametrize(("made", "not_made"), [("Y", ""), ("Yes", "No"), ("是", "否")])
def test_of_a_question_with_a_column_a_choice_all_are_needs(made: str, not_made: str, tmp_path: Path) -> None:
    """Each is a share of those who ticked one, also where a choice that was not made is left blank."""
    heads = ["id", "Date submitted", "Last page", "What do you need? [Advice]", "What do you need? [Tools]"]
    rows = [
        [i, f"{DAY} 10:00:00", 5, made if i % 2 else not_made, made if i % 3 == 0 else not_made]
        for i in range(60)
    ]
    found = export(tmp_path, "results-survey.csv", heads, rows)
    said, told = dialogue(found, "1", "y", "n", "", "")
    assert [g.name for g in said.columns[0].groups] == ["Advice", "Tools"]
    assert "Which of these answers mean" not in told
    needs = counted(found, said).needs
    assert (needs.named, needs.base) == ({"Advice": 30, "Tools": 20}, {"Advice": 40, "Tools": 40})
    need = next(c for c in candidates(found, "needs", BOOK) if c.question)
    assert use_of(found, need, BOOK, {"need-0": ["yes"], "need-1": ["no"]}) == said.columns[0]


def test_own_words_beside_choices_are_no_question_of_needs(tmp_path: Path) -> None:
    heads = ["Respondent ID", "Collector ID", "Start Date", "End Date", NEED, "", ""]
    rows: list[list[object]] = [["", "", "", "", "Advice", "Tools", "Other (please specify)"]]
    rows += [[118001 + i, 99, at(i), at(i), "Advice" * (i % 2), "Tools" * (i % 3 == 0), "mine" * (i == 4)] for i in range(30)]  # fmt: skip
    found = export(tmp_path, "a.csv", heads, rows)
    assert [c.heading for c in candidates(found, "needs", BOOK)] == [NEED]


def test_of_all_but_some_what_is_no_plain_yes_is_told(tmp_path: Path) -> None:
    rows = [[at(i), ("Yes", "No", "My lips are sealed")[i % 3]] for i in range(60)]
    found = export(tmp_path, "a.csv", ["Timestamp", "Would you take part in a programme?"], rows)
    made, _ = dialogue(found, "-", "-", "-", "1", "", "", "-", "")
    (use,) = (use for use in made.columns if use.role == "openness")
    but = replace(made, columns=(replace(use, counts=(), known=(), but=("No",)),))
    (note,) = (n for n in counted(found, but).notes if "counted as a yes" in n)
    assert "'my lips are sealed' (20)" in note


def test_heads_of_openness_are_known_by_other_words(tmp_path: Path) -> None:
    for heading in (
        "Prendriez-vous part à un programme ?",
        "Faria parte de um programa?",
        "Seriez-vous partant ?",
    ):
        rows = [[at(i), ("Oui", "Non")[i % 2]] for i in range(30)]
        found = export(tmp_path, "a.csv", ["Timestamp", heading], rows)
        assert candidates(found, "openness", BOOK)[0].likely >= ENOUGH, heading
