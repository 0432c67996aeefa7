"""`practice` from the outside: commit before reveal, one line for teaching tools, trainers' files, and hostile input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.practice.store import ENVIRONMENT
from tests.cli.calling import Answered, call, refused
from tests.schemas import fits

FACTS = "contribution,sponsor_stance"


@pytest.fixture(autouse=True)
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "practice.sqlite"))
    return tmp_path / "practice.sqlite"


def read(done: Answered) -> Any:
    assert done.code == 0, done.err
    printed = json.loads(done.out)
    fits(printed)
    return printed


def answered(case: str, outcome: str, *more: str) -> Answered:
    return call(
        "practice", "answer", case, "--outcome", outcome, "--confidence", "80", "--facts", FACTS, *more
    )


def test_a_sitting_shows_nothing_of_the_answer_before_the_trainee_committed(own_file: Path) -> None:
    done = call("practice", "--case", "silent-drift", stdin="4\n70\n")
    assert done.code == 0
    assert "Programme staff, a research agency" in done.out
    assert "WHY" not in done.out
    assert "Nothing was kept" in done.err
    assert not own_file.exists()
    done = call("practice", "--case", "silent-drift", stdin="9\n4\nabc\n70\n25 nonsense\n25\n")
    assert "RIGHT" in done.out
    assert "There is no outcome '9'" in done.err
    assert "hat is not a percentage" in done.err
    assert own_file.exists()
    assert max(map(len, done.lines)) <= 80


def test_hidden_facts_cost_what_the_rule_book_says() -> None:
    done = call(
        "practice",
        "--case",
        "silent-drift",
        "--ask-for-facts",
        stdin="contribution\nmember value now\n\n4\n70\n\n",
    )
    assert "contribution: 45   (spent so far: 20)" in done.err
    assert "contribution [20]" in done.out
    assert "contribution: 45" not in done.out.split("RIGHT")[0]
    found = read(call("practice", "progress", "--json"))
    assert found["economy"] == {"n": 1, "spent": 50, "least": found["economy"]["least"]}


def test_one_line_answers_and_is_kept(own_file: Path) -> None:
    found = read(answered("neophytes-and-experts", "keep-course", "--json"))
    assert found["outcome"] == "RESTRICT_MEMBERSHIP"
    assert not found["right"]
    assert found["brier"] == 0.64
    assert {f["fact"]: f["stands"] for f in found["facts"]} == dict.fromkeys(FACTS.split(","), "every")
    assert found["quote"].endswith("CC BY 4.0")
    progress = read(call("practice", "progress", "--json"))
    assert (progress["answers"], progress["right"]["share"], progress["calibration"]["brier"]) == (
        1,
        None,
        None,
    )
    read(answered("neophytes-and-experts", "keep-course", "--json", "--no-save"))
    assert read(call("practice", "progress", "--json"))["answers"] == 1
    assert "too few" in call("practice", "progress").out


def test_what_is_due_comes_before_what_is_new() -> None:
    first = call("practice", stdin="q\n").lines[0]
    answered("market-inspectors-ghana", "keep-course")
    assert call("practice", stdin="q\n").lines[0] != first


def test_export_group_and_forget(own_file: Path, tmp_path: Path) -> None:
    for case in ("silent-drift", "the-sweet-spot"):
        answered(case, "keep-course")
    for who in ("Ana", "Ben"):
        call("practice", "export", str(tmp_path / f"{who}.json"), "--who", who)
    read(call("practice", "export", "-", "--json"))
    files = [str(tmp_path / "Ana.json"), str(tmp_path / "Ben.json")]
    found = read(call("practice", "group", *files, "--json"))
    assert set(found["people"]) == {"Ana", "Ben"}
    assert found["all"]["answers"] == 4
    assert found["all"]["right_at_first"] == {"n": 4, "right": 2, "share": None, "interval_95": None}
    assert next(iter(found["cases"])) == "programme-staff-research-agency"
    assert call("practice", "group", *files).code == 0
    assert refused("practice", "group", files[0], files[0]) == "SV563"
    assert refused("practice", "forget") == "SV120"
    assert own_file.exists()
    assert read(call("practice", "forget", "--yes", "--json"))["deleted"]
    assert not own_file.exists()


def test_the_rule_book_is_held_against_who_disagreed_in_practice(tmp_path: Path) -> None:
    answered("neophytes-and-experts", "keep-course", "--otherwise", "The newcomers are who it is for.")
    file, none = str(tmp_path / "ana.json"), str(tmp_path / "none.sqlite")
    call("practice", "export", file, "--who", "Ana")
    found = read(call("rules", "calibrate", "--ledger", none, "--practice", file, "--json"))
    (said,) = found["practice"]
    assert (said["who"], said["rule"], said["book"]) == ("Ana", "Z06", "RESTRICT_MEMBERSHIP")
    told = call("rules", "calibrate", "--ledger", none, "--practice", file).out
    assert "Z06 Restrict the membership: 1 disagreement" in told
    assert "The newcomers are" in told
    assert refused("rules", "calibrate", "--ledger", none) == "SV511"
    assert "SV101" in call("rules", "calibrate", "--ledger", none, "--practice", f"{file}x").err


@pytest.mark.parametrize(
    "text,code",
    [
        ("{", "SV551"),
        ("[]", "SV551"),
        ('{"schema": "sharedvalue/practice-export/1", "answers": [{"at": 1}]}', "SV551"),
        ('{"schema": "sharedvalue/practice-export/9", "answers": []}', "SV552"),
        ('{"schema": "sharedvalue/decision/1"}', "SV551"),
        ("[" * 100_000, "SV551"),
    ],
)
def test_an_export_edited_by_hand_is_told(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "x.json").write_text(text)
    done = call("practice", "group", str(tmp_path / "x.json"))
    assert (done.code, done.out) == (2, "")
    assert code in done.err


def course(tmp_path: Path, text: str) -> str:
    (tmp_path / "course.yaml").write_text(text)
    return str(tmp_path / "course.yaml")


def test_a_course_goes_on_where_it_was_left(tmp_path: Path) -> None:
    file = course(tmp_path, "course: 1\ntitle: First\ncases: [the-sweet-spot, silent-drift]\n")
    assert read(call("practice", "course", file, "--check", "--json"))["cases"] == [
        "the-sweet-spot",
        "silent-drift",
    ]
    done = call("practice", "course", file, stdin="1\n90\n1\nq\n")
    assert "Go on with" in done.err
    done = call("practice", "course", file, stdin="4\n90\n1\n")
    assert "1 of 2 cases to go" in done.err
    assert "Programme staff, a research agency" in done.out
    assert "That was the last case" in done.err


@pytest.mark.parametrize(
    "text,code",
    [
        ("cases: [silent-drift]\n", "SV563"),
        ("course: 2\ncases: [silent-drift]\n", "SV563"),
        ("course: 1\ncases: []\n", "SV563"),
        ("course: 1\ncases: [silent-drift, silent-drift]\n", "SV563"),
        ("course: 1\ncases: [silent-drit]\n", "SV560"),
        ("course: 1\ncases: {a: b}\n", "SV302"),
        ("- a\n", "SV302"),
    ],
)
def test_a_course_that_cannot_be_is_told(tmp_path: Path, text: str, code: str) -> None:
    done = call("practice", "course", course(tmp_path, text), "--check")
    assert done.code == 2
    assert code in done.err


def test_blind_labels_show_no_answer_and_agree(tmp_path: Path) -> None:
    cases = [
        "the-sweet-spot",
        "silent-drift",
        "valued-but-not-seen",
        "no-sponsor-at-all",
        "neophytes-and-experts",
    ]
    file = course(tmp_path, f"course: 1\ncases: [{', '.join(cases)}]\n")
    sheets = []
    for who, typed in (
        ("Ana", "1 80 4 90 1 70 1 80 3 60"),
        ("Ben", "1 80 2 60 1 70 - 3 60"),
        ("Chi", "1 50 4 90 1 70 1 80 1 60"),
    ):
        sheets.append(str(tmp_path / f"{who}.yaml"))
        done = call(
            "practice", "label", file, "--rater", who, "-o", sheets[-1], stdin="\n".join(typed.split()) + "\n"
        )
        assert done.code == 0, done.err
        assert "WHY" not in done.out
    found = read(call("practice", "agreement", *sheets, "--json"))
    assert (found["cases"], found["labels"]) == (5, 14)
    # By hand: values K 9, N 2, S 1, R 2 of 14; unlike pairs within cases, over one less than the labels of the case.
    within = 0 + 4 / 2 + 0 + 0 + 4 / 2
    expected = 14**2 - (9**2 + 2**2 + 1**2 + 2**2)
    assert found["alpha"] == pytest.approx(1 - 13 * within / expected, abs=0.0001)
    assert found["with_confidence"]["cases"] == 5
    assert found["with_confidence"]["alpha"] > found["alpha"]  # who differed was less sure
    assert [
        row["confidence"] for row in found["against_book"] if row["case"] == "country-offices-worldwide"
    ] == [70]
    assert {row["case"] for row in found["against_book"][:2]} == {
        "programme-staff-research-agency",
        "beginners-and-specialists-one-network",
    }
    assert call("practice", "agreement", *sheets).code == 0
    assert refused("practice", "agreement", sheets[0], sheets[0]) == "SV563"


def test_a_blank_sheet_filled_in_by_hand(tmp_path: Path) -> None:
    file = course(tmp_path, "course: 1\ncases: [silent-drift]\n")
    sheet = tmp_path / "sheet.yaml"
    assert read(call("practice", "label", file, "--blank", "-o", str(sheet), "--json"))["labelled"] == 0
    assert call("practice", "agreement", str(sheet)).code == 0
    sheet.write_text(sheet.read_text().replace("-research-agency:", "-research-agency: maybe"))
    done = call("practice", "agreement", str(sheet))
    assert done.code == 2
    assert "'maybe' is not an outcome" in done.err


def test_generated_cases_are_scenarios_that_decide(tmp_path: Path) -> None:
    file = tmp_path / "near.yaml"
    done = call("practice", "generate", "--rule", "z06", "--near-miss", "-o", str(file))
    assert done.code == 0, done.err
    assert json.loads(call("decide", str(file), "--json").out)["outcome"] != "RESTRICT_MEMBERSHIP"
    found = read(call("practice", "twins", "--json"))
    assert len({case["outcome"] for case in found["cases"]}) == 2
    for more in ([], ["--near-miss"]):
        made = read(call("practice", "generate", "--rule", "z06", *more, "--json"))
        assert [case["rule"] for case in made["cases"]] == ["Z06"]
    assert refused("practice", "generate") == "SV120"
    assert refused("practice", "generate", "--near-miss", "--popular", "low_activity") == "SV120"


def test_without_a_panel_concordance_has_no_score_and_nothing_is_kept(own_file: Path) -> None:
    asked = read(call("practice", "concordance", "silent-drift", "--json"))
    assert "proof" not in json.dumps(asked)
    said = ["practice", "concordance", "silent-drift", "--answers", "2,-2,0,1"]
    found = read(call(*said, "--json"))
    assert [(item["answered"], item["credit"]) for item in found["items"]] == [
        (n, None) for n in (2, -2, 0, 1)
    ]
    assert found["points"] is None
    told = call(*said).out
    assert "No score" in told
    assert "Proof by the rule book (no opinion, no score)" in told
    assert not own_file.exists()
    assert refused("practice", "concordance", "silent-drift", "--answers", "2") == "SV561"


def test_a_panel_is_collected_blind_and_scores_what_others_answer(tmp_path: Path) -> None:
    plan = course(tmp_path, "course: 1\ntitle: First\ncases: [silent-drift]\n")
    file = str(tmp_path / "panel.yaml")
    assert read(call("practice", "panel", file, "--course", plan, "-n", "2", "--json"))["questions"] == 2
    assert refused("practice", "panel", file, "--course", plan) == "SV112"  # one is there
    for number in range(9):
        call("practice", "panel", file, "--who", f"m{number}", "--answers", "2,-1" if number else "1,-1")
    copy = tmp_path / "copy.yaml"
    copy.write_text(Path(file).read_text("utf-8"), "utf-8")
    asked = call("practice", "panel", str(copy), "--who", "Ana", stdin="1\nq\n")
    assert "Programme staff, a research agency" in asked.err
    assert "Proof" not in asked.err + asked.out
    assert "Ana                        1 of 2 answered" in asked.out
    found = read(call("practice", "panel", file, "--add", str(copy), "--json"))
    assert (found["members"]["Ana"], found["can_be_scored"]) == (1, 1)
    scored = read(
        call("practice", "concordance", "silent-drift", "--panel", file, "--answers", "1,-1", "--json")
    )
    assert [item["credit"] for item in scored["items"]] == [0.25, None]  # 2 of 8; nine answered the second
    assert read(call("practice", "progress", "--json"))["against_panel"] == {"n": 1, "points": 0.25}


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.yaml"],
        ["empty.yaml"],
        ["empty.yaml", "--who", "Ana"],
        ["panel.yaml", "--answers", "2"],
        ["panel.yaml", "--who", " "],
        ["panel.yaml", "--who", "Ana", "--answers", "much"],
        ["panel.yaml", "--add", "empty.yaml"],
        ["new.yaml", "--course", "empty.yaml"],
        ["new.yaml", "--course", "course.yaml", "--who", "Ana"],
    ],
)
def test_mistakes_with_a_panel_are_told(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "empty.yaml").touch()
    plan = course(tmp_path, "course: 1\ntitle: First\ncases: [silent-drift]\n")
    call("practice", "panel", str(tmp_path / "panel.yaml"), "--course", plan, "-n", "1")
    arguments = [str(tmp_path / one) if one.endswith(".yaml") else one for one in arguments]
    done = call("practice", "panel", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "SV" in done.err
    assert "Traceback" not in done.err


def test_ranges_in_one_line(own_file: Path) -> None:
    case = "housing-officers-canada"
    asked = read(call("practice", "intervals", case, "--json"))
    assert "held" not in json.dumps(asked)
    assert not own_file.exists()
    found = read(call("practice", "intervals", case, "--answers", "0-100,0-100,0-100", "--json"))
    assert [item["held"] for item in found["items"]] == [True] * 3
    assert read(call("practice", "progress", "--json"))["intervals"] == {
        "n": 3,
        "held": 3,
        "meant": 0.8,
        "width": None,
    }
    for wrong in ("50", "a-b,1-2,3-4", "0-100"):
        assert refused("practice", "intervals", case, "--answers", wrong) == "SV561"
    assert refused("practice", "intervals", "market-inspectors-ghana") == "SV560"  # nothing turns it alone


def test_other_answers_fit_their_schemas() -> None:
    read(call("practice", "cases", "--json"))
    shown = read(call("practice", "show", "silent-drift", "--json"))
    assert "NOT YET" not in json.dumps(shown)
    hidden = read(call("practice", "show", "silent-drift", "--ask", "contribution", "--json"))
    assert [f["fact"] for f in hidden["facts"] if f["says"] is not None] == ["contribution"]
    sat = call("practice", "--case", "silent-drift", "--json", stdin="4\n70\n\n")
    assert read(sat)["schema"] == "sharedvalue/practice-reveal/1"


def test_the_graph_is_drawn_only_with_the_answer(tmp_path: Path) -> None:
    target = tmp_path / "why.svg"
    assert answered("silent-drift", "not-yet", "--graph", str(target)).code == 0
    assert target.read_text("utf-8").startswith("<?xml")
    assert refused("practice", "--case", "silent-drift", "--graph", "x.nope", stdin="4\n") == "SV120"
