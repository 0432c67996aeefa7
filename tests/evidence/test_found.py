"""Exports of kinds that were once read wrongly, without a word: each with the right value beside it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.asked import nearest
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.evidence.tally import ColumnTally, _add
from tests.cli.calling import call
from tests.evidence.dialogue_here import counted, dialogue
from tests.evidence.exports_here import export, mapping
from tests.evidence.test_import_whole import at_a_terminal

FOUND = Path(__file__).parent / "found"
CASE = "scenario: 1\nas_of: 2026-06-01\ntitle: Our community\nfacts:\n  has_sponsor: true\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOUND.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "s.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


def taken(*args: object) -> dict[str, Any]:
    done = call("import", *map(str, args), "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def answered(name: str, column: int) -> dict[str, int]:
    return {a.label: a.n for a in read(FOUND / name).columns[column].answers}


def kinds(found: Export) -> dict[str, str]:
    return {c.name: c.kind for c in found.columns}


# ---- 1 to 6: answers ---------------------------------------------------------------------------------------------------


def test_long_cells_are_counted_whole() -> None:
    with (FOUND / "01-long-multiselect.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    needed = [row["What do you need most?"].split(", ") for row in rows]
    found = answered("01-long-multiselect.csv", 1)
    assert found["Peer advice"] == sum("Peer advice" in each for each in needed) == 48
    assert found == {option: sum(option in each for each in needed) for option in found}
    assert len(found) == len({option for each in needed for option in each})


def test_a_bound_on_text_is_met_with_a_word() -> None:
    column = ColumnTally()
    _add(column, tuple(f"{i} {'x' * 1_000}" for i in range(50)), 100, 20_000)
    assert column.bound
    assert column.many


def test_leaving_a_grid_out_counts_nobody(folder: Path) -> None:
    said = at_a_terminal(
        folder, ["import", "13-grid-dash.csv", "--into", "s.yaml"], ["1", "-", "-", "-", "-"]
    )
    assert "no column was chosen" in said
    assert (folder / "s.yaml").read_text(encoding="utf-8") == CASE


def test_a_grid_needs_to_know_which_answers_count() -> None:
    with pytest.raises(UserError, match=r"SV451.*which answers count"):
        mapping(
            "mapping: 1\ncolumns:\n  - {question: How important is it, role: needs, needs: [Peer advice]}\n"
        )
    ranked = mapping(
        "mapping: 1\ncolumns:\n  - {question: Rank them, role: needs, top: 3, needs: [Peer advice]}\n"
    )
    assert ranked.columns[0].top == 3


@pytest.mark.parametrize(
    "name, finished, left_out", [("14-limesurvey-fulltext.csv", 3, 3), ("15-limesurvey-vv.csv", 1, 1)]
)
def test_responses_that_were_not_finished_do_not_count(name: str, finished: int, left_out: int) -> None:
    found = read(FOUND / name)
    assert (found.format, found.records) == ("limesurvey", finished)
    assert [(d.reason, d.count) for d in found.dropped] == [
        ("not finished (no date of submission)", left_out)
    ]


def test_a_file_with_codes_above_its_questions_shows_the_questions() -> None:
    assert read(FOUND / "15-limesurvey-vv.csv").columns[5].name == "What do you need?"


def test_the_separator_is_what_makes_the_fewest_options() -> None:
    found = read(FOUND / "17-semicolons-in-a-plain-table.csv").columns[1]
    assert found.separator == ";"
    told = {a.label: a.n for a in found.answers}
    assert told == {"Reusing code": 5, "Using R or Python, or the command line": 5, "NA": 2}
    page = call("import", str(FOUND / "17-semicolons-in-a-plain-table.csv")).out
    assert "a semicolon between them" in " ".join(page.split())


@pytest.mark.parametrize("mark", ["\n", "|", "/", ";", ", ", ";#", "，", "、", "；", "・", "، ", "؛ "])
def test_any_separator_is_found(mark: str, tmp_path: Path) -> None:
    cells = [
        mark.join(pair) for pair in (("Advice", "Events"), ("Events", "Library"), ("Advice", "Library"))
    ] * 6
    found = export(
        tmp_path, "a.csv", ["No", "What do you need?"], list(enumerate([*cells, "Advice", "Events"]))
    )
    assert {a.label: a.n for a in found.columns[1].answers} == {"Advice": 13, "Events": 13, "Library": 12}
    assert found.columns[1].separator.strip(" ") == mark.strip(" ")


def test_a_list_in_a_cell_is_counted_without_its_bullets(tmp_path: Path) -> None:
    cells = ["• Advice\n• Events", "• Advice", "• Events\n• Library", "• Library"] * 5
    found = export(tmp_path, "a.csv", ["No", "What do you need?"], list(enumerate(cells)))
    assert {a.label: a.n for a in found.columns[1].answers} == {"Advice": 10, "Events": 10, "Library": 10}


def test_a_stroke_within_an_answer_parts_nothing(tmp_path: Path) -> None:
    cells = ["Head/Deputy"] * 8 + ["Teacher"] * 9 + ["N/A"] * 4
    found = export(tmp_path, "a.csv", ["No", "Role"], list(enumerate(cells)))
    assert found.columns[1].kind == "choice"


def test_answers_that_say_nothing_leave_the_base() -> None:
    found = read(FOUND / "20-prefer-not-to-say.csv")
    made, _ = dialogue(found, "-", "1", "y", "2", "-", "-", "-", "-", "1", "0")
    assert made.columns[0].no_answer == ("Prefer not to say",)
    share = counted(found, made).questions[0].share
    assert (share.count, share.n) == (5, 10)


def test_a_mapping_that_counts_them_all_the_same_is_told(folder: Path) -> None:
    (folder / "m.yaml").write_text(
        "mapping: 1\ncolumns:\n  - {column: How satisfied are you?, role: value_now, counts: [Satisfied]}\n"
        "  - {column: Timestamp, role: date}\n", encoding="utf-8"
    )  # fmt: skip
    found = taken(
        folder / "20-prefer-not-to-say.csv",
        "--into",
        folder / "s.yaml",
        "--mapping",
        folder / "m.yaml",
        "--dry-run",
    )
    assert any("'prefer not to say' (10) count as a no" in note for note in found["notes"])


def test_a_scale_whose_low_end_is_best_counts_its_low_numbers() -> None:
    found = read(FOUND / "19-reverse-scale.csv")
    made, said = dialogue(found, "1", "", "", "", "", "1", "0")
    assert "The file says: 1 = very satisfied" in said
    assert (str(made.columns[0].at_most), made.columns[0].at_least) == ("2", None)
    assert counted(found, made).questions[0].what == "2 or less on 1 to 5, where 1 is best"


@pytest.mark.parametrize(
    "heading, best",
    [
        ("Zufrieden? (1 = sehr zufrieden, 6 = sehr unzufrieden)", "low"),
        ("Satisfait ? (1 = pas du tout satisfait, 5 = très satisfait)", "high"),
        ("How useful? 5: very useful, 1: not at all useful", "high"),
        ("满意吗？(1=非常满意, 5=非常不满意)", "low"),
        ("How satisfied are you?", ""),
    ],
)
def test_the_better_end_is_told_by_its_label(heading: str, best: str, tmp_path: Path) -> None:
    from sharedvalue.engine.evidence.offered import offered

    found = export(tmp_path, "a.csv", ["No", heading], [(i, i % 5 + 1) for i in range(20)])
    scale = offered(found.columns[1]).scale
    assert scale is not None
    assert scale.best == best


# ---- 7: who came -------------------------------------------------------------------------------------------------------


def test_a_person_says_which_part_of_a_meetings_date_stands_first(folder: Path) -> None:
    file, into = (
        folder / "05-zoom-old-meeting.csv",
        ("--into", folder / "s.yaml", "--members", 10, "--dry-run"),
    )
    assert any("no day can be read" in note for note in taken(file, *into)["notes"])
    for order, day in (("month first", "2021-06-05"), ("day first", "2021-05-06")):
        assert taken(file, *into, "--date-order", order)["files"][0]["last_date"] == day


def test_more_guests_than_members_write_no_share(folder: Path) -> None:
    found = taken(
        folder / "06-zoom-more-than-members.csv", "--into", folder / "s.yaml", "--members", 6, "--dry-run"
    )
    assert [c["address"] for c in found["changes"]] == ["members_total"]
    notes = " | ".join(found["notes"])
    assert "came as guests, so not counted as members: 7" in notes
    assert "devices that name nobody, not counted (somebody may sit behind each): 1" in notes
    assert "note-taking programs, not counted: 1" in notes
    assert found["files"][0]["counted"] == 7


def test_more_members_came_than_there_are_is_said(folder: Path) -> None:
    file, into = folder / "06-zoom-more-than-members.csv", ("--into", folder / "s.yaml", "--dry-run")
    over = taken(file, *into, "--members", 6, "--guests-are-members")
    assert "active_share_90d" not in [c["address"] for c in over["changes"]]
    assert any("7 people came within 90 days, and there are 6 members" in note for note in over["notes"])
    fits = taken(file, *into, "--members", 7, "--guests-are-members")
    assert [c["after"] for c in fits["changes"] if c["address"] == "active_share_90d"] == [
        "{between: [100, 100]}"
    ]


ZOOM = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest"
AT = '"05/20/2026 03:05:00 PM","05/20/2026 04:00:00 PM",55'


def zoom(folder: Path, *people: tuple[str, str, str]) -> Path:
    path = folder / "zoom.csv"
    rows = [f'"{name}",{address},{AT},{guest}' for name, address, guest in people]
    path.write_text("\n".join([ZOOM, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_second_device_of_somebody_who_came_is_nobody_else(folder: Path) -> None:
    path = zoom(
        folder, ("Ada Exempel", "ada@example.org", "No"), ("Ada's iPhone", "", "No"), ("iPad de Bo", "", "No"),
        ("Bo Exempel", "", "No"), ("Cy Exempel (2)", "", "No"), ("Cy Exempel", "", "No"), ("Jamie Bott", "", "No"),
        ("Fireflies.ai Notetaker Ada", "", "No"), ("Galaxy S21", "", "No"), ("Dee's iPhone", "", "No"),
    )  # fmt: skip
    found = taken(path, "--into", folder / "s.yaml", "--members", 20, "--dry-run")
    assert found["files"][0]["counted"] == 5  # Ada, Bo, Cy, Jamie, and Dee whose phone alone came
    assert any("second devices of somebody who came, not counted again: 2" in note for note in found["notes"])


def test_a_register_says_who_of_those_who_came_is_a_member(folder: Path) -> None:
    register = folder / "register.csv"
    register.write_text(
        "member_id,name,email\n"
        + "".join(f"m{i},Member {c},{c.lower()}@example.org\n" for i, c in enumerate("ABCDEFGHIJ")),
        encoding="utf-8",
    )
    path = zoom(
        folder, ("Somebody", "a@example.org", "Yes"), ("Member B", "", "Yes"), ("Member C", "c@example.org", "No"),
        ("A Visitor", "visitor@example.org", "No"),
    )  # fmt: skip
    found = taken(register, path, "--into", folder / "s.yaml", "--dry-run")
    assert [c["after"] for c in found["changes"] if c["address"] == "active_share_90d"] == [
        "{between: [30, 100]}"
    ]
    assert any("3 of 4 who came within 90 days are members" in note for note in found["notes"])


def test_reports_of_2021_and_in_french_are_read(folder: Path) -> None:
    for name, people in (("07-teams-2021.csv", 3), ("08-teams-french.csv", 2)):
        found = taken(folder / name, "--into", folder / "s.yaml", "--members", 20, "--dry-run")
        assert (found["files"][0]["counted"], found["files"][0]["last_date"]) == (people, "2026-04-13")


# ---- 9: forms of text and tables ------------------------------------------------------------------------------------------


def test_two_forms_of_a_letter_are_one_answer() -> None:
    assert answered("22-nfc-nfd.csv", 1) == {"Échanger": 20}


def test_days_as_a_spreadsheet_counts_them_are_days(folder: Path) -> None:
    assert read(FOUND / "23-serial-dates.csv").period == ("2026-04-13", "2026-05-02")
    args = ("--into", folder / "s.yaml", "--mapping", folder / "23-map.yaml", "--dry-run")
    assert taken(folder / "23-serial-dates.csv", *args)["files"][0]["last_date"] == "2026-05-02"


def test_merged_headings_belong_to_all_columns_below() -> None:
    found = read(FOUND / "18-merged-header.xlsx")
    assert found.records == 20
    assert [(c.question, c.part, c.kind) for c in found.columns[1:]] == [
        ("How useful is …", part, "grid-row") for part in ("Forum", "Meetings", "Library")
    ]


def test_headings_in_the_middle_are_no_answer(tmp_path: Path) -> None:
    rows = [["2026-04-01", "Advice"], ["2026-04-02", "Events"]]
    found = export(tmp_path, "a.csv", ["When", "Need"], [*rows, ["When", "Need"], *rows[:1]])
    assert ("the headings again", 1) in [(d.reason, d.count) for d in found.dropped]
    assert found.records == 3


def test_headings_in_two_languages_are_no_answer(tmp_path: Path) -> None:
    rows = [[f"2026-04-0{day}", "Advice" if day % 2 else "Events"] for day in range(1, 7)]
    found = export(tmp_path, "a.csv", ["When", "Need"], [["Wann", "Bedarf"], *rows])
    assert (found.records, found.header_lines) == (6, 2)
    undated = export(tmp_path, "b.csv", ["When", "Need"], [["soon", "Advice"], *rows])
    assert undated.records == 7  # what is answered again is an answer


@pytest.mark.parametrize("language", ["ar", "zh-Hans", "de-informal"])
def test_a_limesurvey_export_is_known_by_its_form(language: str, tmp_path: Path) -> None:
    """Under headings that nobody foresaw, those who did not finish leave the count all the same."""
    heads = ["一", "二", "三", "四", "What do you need?"]
    rows = [
        [n, f"2026-04-0{n} 10:00:00" if n % 3 else "", n % 4, language, "Advice" if n % 2 else "Events"]
        for n in range(1, 10)
    ]
    found = export(tmp_path, "a.csv", heads, rows)
    assert (found.format, found.records) == ("limesurvey", 6)
    assert [(d.reason, d.count) for d in found.dropped] == [("not finished (no date of submission)", 3)]
    assert [c.kind for c in found.columns[:2]] == ["identity", "date"]
    register = export(tmp_path, "b.csv", ["member_id", "joined", "left", "level", "last_active"],
                      [[n, "2026-04-01" if n % 3 else "", "", "novice", ""] for n in range(1, 10)])  # fmt: skip
    assert register.format == "register"


def test_an_id_that_comes_again_with_other_answers_is_told(tmp_path: Path) -> None:
    heads = ["ID", "Start time", "Completion time", "Email", "Name", "Need"]
    row = ["2026-04-01 10:00", "2026-04-01 10:01", "anonymous", "", "Advice"]
    found = export(
        tmp_path, "a.csv", heads, [["1", *row], ["1", *row], ["1", *row[:-1], "Events"], ["2", *row]]
    )
    assert {d.reason: d.count for d in found.dropped} == {
        "the same record again": 1,
        "its id stood above, with other answers: the first counts": 1,
    }


# ---- 10 and 11: handfuls, and numbers ---------------------------------------------------------------------------------------


def test_the_rest_gives_nobody_away(folder: Path) -> None:
    file = folder / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [("When", "Happy?"), *(("2026-04-01", "yes" if i else "no") for i in range(25))]
        )
    (folder / "m.yaml").write_text(
        "mapping: 1\ndate: 2026-04-01\ncolumns:\n  - {column: 'Happy?', role: value_now, counts: ['yes']}\n",
        encoding="utf-8",
    )
    done = call("import", str(file), "--into", str(folder / "s.yaml"), "--mapping", str(folder / "m.yaml"))
    text = done.out + (folder / "s.yaml").read_text(encoding="utf-8")
    assert "24 of 25" not in text
    assert "all but fewer than 5 of 25" in text
    assert "reading: 90" in text  # the middle of 21 and 24 of 25


def test_a_leaver_of_eight_is_not_told(folder: Path) -> None:
    register = folder / "register.csv"
    rows = [f"m{i},2020-01-01,{'2026-02-01' if i == 0 else ''}\n" for i in range(8)]
    register.write_text("member_id,joined,left\n" + "".join(rows), encoding="utf-8")
    found = taken(register, "--into", folder / "s.yaml", "--dry-run")
    left = next(c for c in found["changes"] if c["address"] == "leave_rate_12m")
    assert (left["after"], left["counted"]) == (
        "{between: [13, 50]}",
        "fewer than 5 of 8 of the members of a year ago left",
    )


def test_a_slider_is_offered_as_a_value_and_shown_as_it_spreads() -> None:
    found = read(FOUND / "21-slider-0-100.csv")
    numbers = found.columns[1].numbers
    assert numbers is not None
    cells = [0, 20, 55, 70, 80, 90, 100, 65, 75, 85] * 2
    assert (numbers.n, numbers.mean, numbers.low, numbers.half, numbers.high) == (
        20,
        sum(cells) / 20,
        0,
        70,
        100,
    )
    assert "mean 64; half of them from 55 to 85; all from 0 to 100" in " ".join(
        call("import", str(FOUND / "21-slider-0-100.csv")).out.split()
    )
    made, _ = dialogue(found, "1", "", "", "", "", "1", "0")
    question = counted(found, made).questions[0]
    assert question.what == "75 or more on 0 to 100"
    assert (question.share.count, question.share.n) == (10, 20)


# ---- names that leaked ------------------------------------------------------------------------------------------------------

NAMES = {
    "09-names-french.csv": ("Anne Exemple", "Bruno Modèle", "Claire Factice", "Denis Fictif", "membre0@example.org", "06 00 00 00 00"),
    "10-names-german.csv": ("Jürgen Muster", "Änne Beispiel", "Max Mustermann", "Erika Muster", "0170 0000000"),
    "11-names-english-24-3.csv": (
        "Anna Beispiel0", "Bea Muster0", "Carl Factice0", "Dora Modele0", "@handle0", "gh-user0", "linkedin.com", "Sample Street",
        "1970-01-01", "100234", "Emil Chef0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_a_file(name: str, folder: Path) -> None:
    copy, salt = folder / "out.csv", folder / "salt.txt"
    done = call("import", str(folder / name), "--pseudonyms", str(copy), "--salt", str(salt))
    shown = [call("import", str(folder / name), *flags) for flags in ((), ("--all",), ("--json",))]
    texts = [copy.read_text(encoding="utf-8"), done.out, *(each.out + each.err for each in shown)]
    for private in NAMES[name]:
        assert not any(private in text for text in texts), private


def test_a_meeting_that_is_titled_with_a_name_is_told_by_its_day(folder: Path) -> None:
    files = [folder / f"12-zoom-title-{letter}.csv" for letter in "ab"]
    args = (*files, "--into", folder / "s.yaml", "--members", 20, "--dry-run")
    text = json.dumps(taken(*args), ensure_ascii=False) + call("import", *map(str, args)).out
    assert "meeting of 2026-05-14" in text
    assert "Exempel" not in text
    assert "Personal" not in text


# ---- dead ends ----------------------------------------------------------------------------------------------------------------


def test_bullets_in_a_cell_make_no_interview() -> None:
    found = read(FOUND / "02-bullets-in-a-cell.csv")
    assert (found.format, found.records) == ("google-forms", 12)
    assert read(FOUND / "02-bullets-in-a-cell.csv", "plain").records == 12


def test_a_tab_in_a_heading_leaves_the_comma_what_it_is() -> None:
    found = read(FOUND / "03-tab-in-a-heading.csv")
    assert (found.delimiter, len(found.columns), found.records) == (",", 4, 4)


def test_rare_answers_of_a_known_scale_are_offered_and_accepted() -> None:
    found = read(FOUND / "04-rare-answers-guided.csv")
    made, said = dialogue(found, "-", "1", "y", "", "-", "-", "-", "-", "1", "0")
    assert "1  Very displeased" in said
    # 9 very pleased and 8 pleased are yes; 5 neither, 1 displeased, 1 very displeased are not; who cannot say is not counted
    share = counted(found, made).questions[0].share
    assert (share.count, share.n) == (17, 24)


def test_free_texts_are_written_to_the_file_that_the_page_names(folder: Path) -> None:
    args = (
        "import",
        str(folder / "24-free-text-needs.csv"),
        "--into",
        str(folder / "s.yaml"),
        "--mapping",
        str(folder / "24-map.yaml"),
    )
    done = call(*args)
    assert done.code == 0, done.err
    assert "24-needs.yaml is where free texts are put together" in " ".join(done.out.split())
    assert (folder / "24-needs.yaml").exists()
    assert (folder / "s.yaml").read_text(encoding="utf-8") == CASE


def test_headings_that_begin_alike_are_told_apart_by_their_ends() -> None:
    long = "Thinking of everything that happened in the community over the last twelve months, how useful was"
    said = nearest(f"{long} the forum", [f"{long} the library", f"{long} the meetings"])
    assert "the library" in said
    assert "the meetings" in said


def test_a_file_that_is_there_already_is_mended_by_another_name(folder: Path) -> None:
    (folder / "m.yaml").write_text("", encoding="utf-8")
    done = call(
        "import",
        str(folder / "20-prefer-not-to-say.csv"),
        "--into",
        str(folder / "s.yaml"),
        "--write-mapping",
        str(folder / "m.yaml"),
    )
    assert "SV112" in done.err
    assert "--force" not in done.err


def test_questions_are_numbered_without_a_gap(folder: Path) -> None:
    said = at_a_terminal(folder, ["import", "21-slider-0-100.csv", "--into", "s.yaml"], ["-"] * 8)
    numbers = [
        line.split(".")[0]
        for line in said.splitlines()
        if " of " in line and line[:1].isdigit() and "." in line
    ]
    count = len(numbers)
    assert numbers == [f"{i} of {count}" for i in range(1, count + 1)]
    assert "Not asked, as no column could be it" in said
