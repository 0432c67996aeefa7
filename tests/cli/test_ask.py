"""`ask` at the command line: questions to standard error, the decision to standard output, the scenario to a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.schemas import fits

TO_STANCE = "y\n70\n70\n20\n20\n10\n50\nin dialogue\n"
SWEET = "y\n70\n70\n60\n60\n60\n60\n60\n2\nn\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Calls run in an empty directory."""
    monkeypatch.setattr("tests.cli.calling.ROOT", tmp_path)
    return tmp_path


def test_to_a_saved_decision(elsewhere: Path) -> None:
    answered = call("ask", "-o", "ours.yaml", stdin=SWEET)
    assert answered.code == 0
    assert "keep course" in answered.lines[0].lower(), answered
    assert "1 of at most 15" in answered.err
    assert "Saved: ours.yaml" in answered.err
    assert len(answered.lines) <= 30
    again = call("decide", "ours.yaml")
    assert again.out == answered.out


def test_end_of_the_answers_saves_what_there_is(elsewhere: Path) -> None:
    answered = call("ask", stdin="y\n70\n")
    assert answered.code == 0
    assert answered.out.startswith("NOT YET")
    assert "The answers end here." in answered.err
    assert "Go on with: sharedvalue ask our-community.yaml" in answered.err
    assert "member_value_now: 70" in (elsewhere / "our-community.yaml").read_text()
    assert all(len(line) <= 80 for line in answered.lines), "no heading is too wide either"
    assert "A share is no chance" in " ".join(answered.lines[answered.lines.index("WHAT IS STILL OPEN") :])


def test_a_second_one_gets_a_name_of_its_own(elsewhere: Path) -> None:
    call("ask", stdin="n\n70\n")
    call("ask", stdin="n\n70\n")
    assert {p.name for p in elsewhere.iterdir()} == {"our-community.yaml", "our-community-2.yaml"}


def test_save_and_stop_then_go_on(elsewhere: Path) -> None:
    call("ask", "-o", "ours.yaml", stdin=TO_STANCE + "s\n")
    advised = json.loads(call("decide", "ours.yaml", "--json").out)["ask_next"][0]["question"]
    answered = call("ask", "ours.yaml", "--force", "--json", stdin="d\ns\n")
    assert answered.code == 0
    assert advised in " ".join(answered.err.split("2 of at most 15")[0].split()), (
        "what `decide` says to ask next comes first"
    )
    printed = json.loads(answered.out)
    fits(printed, "ask-1")
    shares = printed["shares"]
    assert shares["basis"] in ("counted", "sample")
    assert shares["worlds"] == sum(one["worlds"] for one in shares["outcomes"]) > 0
    assert all(one["low"] <= one["share"] <= one["high"] for one in shares["outcomes"])


def test_nothing_answered(elsewhere: Path) -> None:
    answered = call("ask", stdin="")
    assert answered.code == 2
    assert answered.err.splitlines()[-3].startswith("SV203")
    assert list(elsewhere.iterdir()) == []


def test_an_existing_file_is_not_replaced_unasked(elsewhere: Path) -> None:
    (elsewhere / "ours.yaml").write_text("mine")
    answered = call("ask", "-o", "ours.yaml", stdin=SWEET)
    assert answered.code == 2
    assert answered.err.startswith("SV112")
    assert (elsewhere / "ours.yaml").read_text() == "mine"
    assert call("ask", "-o", "ours.yaml", "--force", stdin=SWEET).code == 0


def test_nowhere_to_write() -> None:
    answered = call("ask", "-o", "no/such/directory/ours.yaml", stdin=SWEET)
    assert (answered.code, answered.err[:5]) == (2, "SV121")


def test_dry_run_prints_the_scenario_and_writes_nothing(elsewhere: Path) -> None:
    answered = call("ask", "--dry-run", stdin=SWEET)
    assert answered.code == 0
    assert answered.out.startswith("scenario: 1\n")
    assert "keep course, as it is" in answered.err
    assert list(elsewhere.iterdir()) == []
    assert "keep course" in call("decide", "-", stdin=answered.out).lines[0].lower()


def test_wrong_answers_help_back_and_dont_know(elsewhere: Path) -> None:
    answered = call("ask", "-o", "ours.yaml", stdin="maybe\ny\n150\n?\n70\nb\n65\nd\ns\n")
    assert answered.code == 0
    assert "Say yes or no, or that you do not know." in answered.err
    assert "'150' is no answer to this. Give a number from 0 to 100" in answered.err
    assert "How to find out:" in answered.err
    text = (elsewhere / "ours.yaml").read_text()
    assert "member_value_now: 65" in text
    assert "member_value_outlook: unknown" in text


def test_json_holds_the_decision(elsewhere: Path) -> None:
    found = json.loads(call("ask", "-o", "ours.yaml", "--json", stdin=SWEET).out)
    assert found["schema"] == "sharedvalue/ask/1"
    assert (found["file"], found["done"], found["done_because"]) == ("ours.yaml", True, "certain")
    assert found["decision"]["outcome"] == "KEEP_COURSE"
    fits(found, "ask-1")


def test_scenario_from_standard_input_is_refused() -> None:
    assert call("ask", "-").err.startswith("SV130")


def test_title_is_kept_and_made_harmless(elsewhere: Path) -> None:
    call(
        "ask", "-o", "ours.yaml", "--title", "Our \x1b[31mred\x1b[0m 'community': a case", stdin="n\n70\n70\n"
    )
    assert call("decide", "ours.yaml").code == 0
    assert "\x1b" not in (elsewhere / "ours.yaml").read_text()


def test_interrupted_in_a_pipe_saves_nothing(elsewhere: Path) -> None:
    import os
    import signal
    import subprocess
    import sys

    root = Path(__file__).resolve().parents[2]
    asked = subprocess.Popen(
        [sys.executable, "-m", "sharedvalue", "ask"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asked.stdin is not None
    assert asked.stderr is not None
    asked.stdin.write("y\n")
    asked.stdin.flush()
    while "2 of at most 15" not in asked.stderr.readline():
        pass
    asked.send_signal(signal.SIGINT)
    out, err = asked.communicate(timeout=60)
    assert asked.returncode == 130
    assert out == ""
    assert "Nothing was saved." in err
    assert "Traceback" not in err
    assert list(elsewhere.iterdir()) == []
