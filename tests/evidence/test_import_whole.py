"""`import FILE --into SCENARIO` as a person meets it: at a terminal, with a full disk, in the middle of writing, without names."""

from __future__ import annotations

import csv
import errno
import json
import os
import select
import sys
import time
from pathlib import Path

import pytest
import yaml

from sharedvalue.engine.evidence.mapping import read_mapping
from sharedvalue.engine.telling.imports import plain_address, plain_value
from tests.cli.calling import call
from tests.evidence.exports_here import BOOK, STACKS
from tests.schemas import fits

ROOT = Path(__file__).parents[2]
EXPORTS = Path(__file__).parent / "exports"
CASE = "scenario: 1\nas_of: 2026-11-24\nfacts:\n  has_sponsor: true   # agency\n  members_total: 400\n"


def run(*args: object) -> tuple[int, str]:
    done = call("import", *map(str, args))
    return done.code, done.out + done.err


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def at_a_terminal(folder: Path, args: list[str], answers: list[str]) -> str:
    """What a person sees who gives these answers, one after another, through a pseudo-terminal."""
    import pty

    child, handle = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "sharedvalue", *args],
            {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        )
    shown, waiting, end = b"", list(answers), time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([handle], [], [], 0.1)
        if ready:
            try:
                data = os.read(handle, 65_536)
            except OSError:  # the program has ended
                break
            if not data:
                break
            shown += data
        elif waiting and shown.rstrip(b" ").endswith(b":"):
            os.write(handle, f"{waiting.pop(0)}\n".encode())
            shown += b" "  # the same prompt is answered once
            time.sleep(0.02)
    os.close(handle)
    os.waitpid(child, 0)
    return shown.decode("utf-8", "replace").replace("\r\n", "\n")


def test_a_leader_maps_a_real_survey_in_few_answers(case: Path) -> None:
    answers = [
        *("1", "y", "n", "n", "?", "-"),  # needs: what is shown first, its separator; one answer is left out
        *("trust the CORE", "1", "1", "5", "5", "4"),  # value now, found by words of its heading
        "-", "-",  # nothing about a year ahead; nobody asked to take part
        "-", "-",  # no groups, no levels
        *("no such words", "previously", "1", "-"),  # who takes part: looked for, then left out
        "2020-06-30", "300", "n",
    ]  # fmt: skip
    said = at_a_terminal(case.parent, ["import", str(STACKS), "--into", "case.yaml"], answers + ["-"] * 6)
    kept = case.parent / "mapping-results-anonymized-randomized.yaml"
    assert kept.exists(), said
    mapping = read_mapping(kept, BOOK)
    needs, value = mapping.one("needs"), mapping.one("value_now")
    assert needs is not None
    assert needs.column == "What aspects of governance would you like to participate in?"
    assert value is not None
    assert value.index == 26
    assert "1 of 7. Which column asks what people need most?" in said
    assert max(map(len, said.splitlines())) <= 200


def test_at_a_terminal_the_day_and_the_members_are_asked_for(case: Path) -> None:
    case.write_text(CASE.replace("  members_total: 400\n", ""), encoding="utf-8")
    said = at_a_terminal(case.parent, ["import", str(EXPORTS / "meet.csv"), "--into", "case.yaml"], ["60"])
    assert "How many members are there?" in said
    assert yaml.safe_load(case.read_text())["facts"]["members_total"] == 60
    said = at_a_terminal(
        case.parent,
        ["import", str(EXPORTS / "matomo.csv"), "--into", "case.yaml", "--dry-run"],
        ["soon", "2026-05-31"],
    )
    assert "names no day" in said
    assert "Write it as year-month-day" in said
    assert "up to 2026-05-31" in said


def test_elsewhere_what_is_missing_is_named_with_its_option(case: Path) -> None:
    code, said = run(EXPORTS / "matomo.csv", "--into", case)
    assert (code, "--date" in said) == (2, True)
    code, said = run(EXPORTS / "interviews", "--into", case)
    assert (code, "--write-mapping" in said) == (2, True)
    assert case.read_text() == CASE


def test_notes_are_written_as_a_table_to_code_and_the_scenario_stays(case: Path) -> None:
    table = case.parent / "coding.csv"
    code, said = run(EXPORTS / "interviews", "--into", case, "--write-mapping", table)
    assert code == 2
    assert "nothing was written" in " ".join(said.split())
    assert table.read_text().startswith("interview_id,")
    assert case.read_text() == CASE


TEXTS = ["Better docs", "better docs.", "Faster builds", "faster build", "More tea", "more tea"]


@pytest.fixture
def free(case: Path) -> tuple[Path, Path]:
    answers, mapping = case.parent / "free.csv", case.parent / "m.yaml"
    rows: list[list[object]] = [
        ["When", "Need", "Number"],
        *([f"2026-05-{1 + i % 28:02}", TEXTS[i % 6], i] for i in range(48)),
    ]
    with answers.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    mapping.write_text(
        "mapping: 1\ncolumns:\n  - {column: When, role: date}\n  - {column: Need, role: needs, grouping: g.yaml}\n"
    )
    return answers, mapping


def test_a_full_disk_leaves_neither_half_a_scenario_nor_a_grouping(
    case: Path, free: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sharedvalue.engine.language.whole_file.os.fsync", full)
    code, said = run(free[0], "--into", case, "--mapping", free[1])
    assert (code, "SV121" in said) == (2, True)
    assert case.read_text() == CASE
    assert sorted(p.name for p in case.parent.iterdir()) == ["case.yaml", "free.csv", "m.yaml"]
    monkeypatch.undo()
    code, _ = run(free[0], "--into", case, "--mapping", free[1])
    assert code == 0
    assert (case.parent / "g.yaml").exists()
    assert "# agency" in case.read_text()


def test_a_survey_in_russian_becomes_three_facts_in_few_answers(case: Path) -> None:
    heads = "Отметка времени;Что вам нужно?;Насколько вы довольны?;Готовы ли вы участвовать?"
    rows = [
        f"{i % 28 + 1:02d}.09.2026 9:{i:02d}:00;{'Советы' if i % 3 else 'Шаблоны'};{'Доволен' if i % 4 else 'Не доволен'};"
        f"{('Да', 'Скорее да', 'Скорее нет', 'Нет', 'Затрудняюсь ответить')[i % 5]}"
        for i in range(40)
    ]
    (case.parent / "опрос.csv").write_bytes("\n".join([heads, *rows]).encode("cp1251"))
    answers = [
        "1",
        "y",
        "n",
        "1",
        "",
        "-",
        "1",
        "y",
        "",
        "",
        "60",
        "y",
    ]  # one need each; the rest is not asked
    said = at_a_terminal(case.parent, ["import", "опрос.csv", "--into", "case.yaml"], answers)
    assert "4  Да" in said, "in their order, from no to yes"
    written = yaml.safe_load(case.read_text(encoding="utf-8"))
    assert {n["label"]: n["within_purpose"] for n in written["facts"]["needs"]} == {
        "Советы": True,
        "Шаблоны": False,
    }
    assert {e["fact"]: (e["n"], e["reading"]) for e in written["evidence"]} == {
        "member_value_now": (40, 75),
        "openness_to_realign": (32, 50),
    }


def test_interrupted_in_the_middle_nothing_is_half_written(
    case: Path, free: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sharedvalue.engine.language.whole_file.os.replace", stopped)
    code, _ = run(free[0], "--into", case, "--mapping", free[1])
    assert code != 0
    assert case.read_text() == CASE
    assert {p.name for p in case.parent.iterdir()} == {"case.yaml", "free.csv", "m.yaml"}


@pytest.mark.parametrize(
    "text", ["scenario: 1\nfacts: {has_sponsor: [", "scenario: 1\nfacts: {has_sponsor: 7}\n", ""]
)
def test_a_broken_scenario_is_told_and_stays(case: Path, text: str) -> None:
    case.write_text(text)
    code, said = run(EXPORTS / "ga4.csv", "--into", case)
    assert (code, said.startswith("SV")) == (2, True)
    assert case.read_text() == text


def test_the_built_in_mapping_is_kept_with_the_items_to_sort_and_serves_again(case: Path) -> None:
    kept = case.parent / "pages.yaml"
    code, _ = run(EXPORTS / "ga4.csv", "--into", case, "--write-mapping", kept, "--dry-run")
    assert code == 0
    assert '#  - "/start"' not in kept.read_text().split("columns:")[0]
    code, _ = run(EXPORTS / "ga4.csv", "--into", case, "--mapping", kept, "--dry-run")
    assert code == 0


def test_a_copy_for_others_has_pseudonyms_and_nothing_that_runs(tmp_path: Path) -> None:
    path, salt = tmp_path / "answers.csv", tmp_path / "salt.txt"
    rows = [["Timestamp", "Email Address", "Role", "Words"]]
    rows += [
        [
            f"5/{1 + i}/2026 09:00:00",
            f"P{i % 20}@x.example",
            "=Teacher" if i % 2 else "Head",
            f"I am Ann number {i}, -1 =x",
        ]
        for i in range(24)
    ]
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    code, said = run(path, "--pseudonyms", tmp_path / "copy.csv", "--salt", salt, "--json")
    assert code == 0, said
    fits(json.loads(said), "pseudonyms-1")
    copy = list(csv.DictReader((tmp_path / "copy.csv").read_text().splitlines()))
    assert list(copy[0]) == ["Timestamp", "Email Address", "Role"]  # free texts are left out
    assert len({row["Email Address"] for row in copy}) == 20
    assert all(row["Email Address"].startswith("p-") for row in copy)
    assert {row["Role"] for row in copy} == {"Teacher", "Head"}
    assert "example" not in (tmp_path / "copy.csv").read_text()
    assert salt.stat().st_mode & 0o077 == 0
    assert run(path, "--pseudonyms", tmp_path / "again.csv", "--salt", salt)[0] == 0
    assert (tmp_path / "again.csv").read_text() == (tmp_path / "copy.csv").read_text()
    assert run(path, "--pseudonyms", tmp_path / "copy.csv", "--salt", salt)[0] == 2  # never over another file


def test_small_groups_are_told_nowhere(case: Path) -> None:
    answers, mapping = case.parent / "a.csv", case.parent / "m.yaml"
    rows: list[list[object]] = [["When", "Level", "Group", "Part", "Helps", "Number"]]
    rows += [
        ["2026-05-01", "old hand" if i < 3 else "new", "board" if i < 4 else "teachers", "yes" if i < 2 else "no", 5, i]
        for i in range(30)
    ]  # fmt: skip
    with answers.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    mapping.write_text(
        "mapping: 1\ncolumns:\n  - {column: When, role: date}\n  - {column: Group, role: segment}\n"
        "  - {column: Level, role: level, levels: {expert: [old hand], novice: [new]}}\n"
        "  - {column: Part, role: participation, counts: ['yes']}\n"
        "  - {column: Helps, role: value_now, scale: [1, 5], from: 4}\n"
    )
    code, told = run(answers, "--into", case, "--mapping", mapping, "--dry-run")
    assert code == 0
    assert "fewer than 5" in told
    code, said = run(answers, "--into", case, "--mapping", mapping, "--json")
    assert code == 0
    (file,) = json.loads(said)["files"]
    assert file["levels"] == {"novice": 27}
    assert file["core_and_active"] is None
    for text in (told, said, case.read_text()):
        assert "board" not in text
        assert "expert 3" not in text
        assert "2 of 30" not in text
    (item,) = yaml.safe_load(case.read_text())["evidence"]
    assert "from_core_and_active" not in item
    assert item["answered_by"] == "fewer than 5 of 30 core or active; novice 27"


def groups_of(case: Path) -> dict[str, object]:
    return {s["name"]: s["count"] for s in yaml.safe_load(case.read_text())["facts"]["segments"]}


def test_a_survey_leaves_what_a_register_counted_in_one_import_and_in_two(case: Path) -> None:
    register, answers, mapping = (case.parent / n for n in ("register.csv", "answers.csv", "m.yaml"))
    with register.open("w", newline="") as out:
        rows = [[f"m{i}", "2024-01-01", "", "north" if i < 30 else "south"] for i in range(80)]
        csv.writer(out).writerows([["member_id", "joined", "left", "segment"], *rows])
    with answers.open("w", newline="") as out:
        said = [[f"2026-05-{1 + i % 28:02}", "north" if i < 25 else "south"] for i in range(40)]
        csv.writer(out).writerows([["When", "Group"], *said])
    mapping.write_text(
        "mapping: 1\npopulation: 80\ndrawn_from_all: true\ncolumns:\n"
        "  - {column: When, role: date}\n  - {column: Group, role: segment}\n"
    )
    known = case.parent / "r.yaml"
    known.write_text("mapping: 1\ncolumns:\n" + "".join(
        f"  - {{column: {column}, role: {role}}}\n"
        for column, role in (("member_id", "person"), ("joined", "joined"), ("left", "left"), ("segment", "segment"))
    ))  # fmt: skip
    text = case.read_text()
    code, told = run(register, answers, "--into", case, "--mapping", known, "--mapping", mapping)
    assert (code, groups_of(case)) == (0, {"north": 30, "south": 50}), told
    case.write_text(text)
    assert run(register, "--into", case)[0] == 0
    code, told = run(answers, "--into", case, "--mapping", mapping)
    assert (code, groups_of(case)) == (0, {"north": 30, "south": 50}), told
    assert "stays as counted" in " ".join(told.split())


def test_a_range_in_place_of_a_share_is_explained_once(case: Path, free: tuple[Path, Path]) -> None:
    code, said = run(free[0], "--into", case, "--mapping", free[1])
    assert code == 0
    assert "{between: [" in case.read_text(encoding="utf-8")
    assert "between" not in said, "a range is told in words"
    assert " ".join(said.split()).count("its range is written") == 1


def test_the_mapping_of_another_survey_is_told_once(case: Path, free: tuple[Path, Path]) -> None:
    code, said = run(EXPORTS / "google-forms.csv", "--into", case, "--mapping", free[1])
    assert code == 2
    assert said.count("SV452") == 2  # the mistake, and where to read more
    assert "the mapping of another file" in " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"),
        ("# ours\n\nscenario: 1\nfacts:\n", "a scenario belongs after --into"),
        ("mapping: 1\ncolumns: []\n", "a mapping after --mapping"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, text: str, told: str) -> None:
    wrong = tmp_path / "export.csv"
    wrong.write_text(text)
    code, said = run(wrong, "--inspect")
    assert (code, "SV410" in said) == (2, True)
    assert told in " ".join(said.split()).lower()


def test_a_mapping_that_is_there_is_offered_instead_of_asking_again(case: Path) -> None:
    (case.parent / "mapping-google-forms.yaml").write_text("mapping: 1\n")
    said = at_a_terminal(
        case.parent, ["import", str(EXPORTS / "google-forms.csv"), "--into", "case.yaml"], []
    )
    assert "SV112" in said
    assert "--mapping mapping-google-forms.yaml" in " ".join(said.split())
    assert "--force" not in said


@pytest.mark.parametrize(
    "address, words",
    [
        ("members_total", "members_total"),
        ("evidence[member_value_now]", "evidence on member_value_now"),
        ("needs[peer [advice]].cited_by", 'need "peer [advice]", named by'),
        ("segments[north].count", 'group "north", count'),
    ],
)
def test_a_preview_says_in_words_where_a_value_goes(address: str, words: str) -> None:
    assert plain_address(address) == words


@pytest.mark.parametrize(
    "value, words",
    [
        ("{between: [25, 75]}", "25 to 75"),
        (
            "label x, cited_by {between: [5, 40]}, within_purpose false",
            "label x, named by 5 to 40, outside the purpose",
        ),
        (
            "date 2026-04-27, n 12, population 60, reading 75",
            "date 2026-04-27, 12 counted, of 60 people, reading 75",
        ),
        ("unknown", "unknown"),
    ],
)
def test_a_preview_says_values_in_words(value: str, words: str) -> None:
    assert plain_value(value) == words


def test_a_survey_that_is_too_small_says_so_and_how_many_answers_are_enough(
    case: Path, tmp_path: Path
) -> None:
    answers, mapping = tmp_path / "a.csv", tmp_path / "a.yaml"
    mapping.write_text(
        "mapping: 1\npopulation: 60\ndrawn_from_all: true\ncolumns:\n  - {column: When, role: date}\n"
        "  - {column: Helped, role: value_now, scale: [1, 5], from: 4}\n"
    )
    for n, small in ((32, True), (33, False)):
        answers.write_text(
            "When,Helped\n" + "".join(f"2026-04-{1 + i % 28:02},{1 + i % 5}\n" for i in range(n))
        )
        code, said = run(answers, "--into", case, "--mapping", mapping, "--dry-run")
        said = " ".join(said.split())
        assert code == 0, said
        assert ("32 answers of 60 people are too few" in said) is small
        assert ("33 answers would be enough" in said) is small
