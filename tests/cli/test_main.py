"""The console script: exit codes, mistakes, pipes, colours, and what is not imported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sharedvalue.cli.main import COMMANDS, LazyGroup, run, sharedvalue
from tests.cli.calling import ROOT, call, command, process, scenario

CASE = scenario("the-sweet-spot")
HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
MINE = ("decide", "why", "why-not", "graph", "what-if")


def test_help_of_every_command_has_examples() -> None:
    for name in ("", *MINE):
        found = call(*filter(None, [name]), "--help")
        assert found.code == 0
        assert "Examples:" in found.out
        assert "sharedvalue" in found.out


def test_no_argument_is_help() -> None:
    assert call().out == call("--help").out


def test_every_listed_command_is_there() -> None:
    assert isinstance(sharedvalue, LazyGroup)
    for name in COMMANDS:
        assert call(name, "--help").code == 0, name


def test_version_says_the_rule_book_too() -> None:
    plain, told = call("--version"), json.loads(call("--version", "--json").out)
    assert plain.lines[0].startswith("sharedvalue ")
    assert told["rulebook"]["hash"] in plain.out
    assert told["schema"] == "sharedvalue/version/1"
    assert f"rules matched by {told['matched_by']}" in plain.lines


def test_without_durable_rules_the_same_is_decided_in_plain_python() -> None:
    """As where it could not be built: the module is kept from being imported."""
    hide = "import sys; sys.modules['durable_rules_engine'] = None; from sharedvalue.cli.main import main; main()"
    hidden = [sys.executable, "-c", hide]
    told = json.loads(subprocess.check_output([*hidden, "--version", "--json"], cwd=ROOT, env=HERE))
    assert told["matched_by"] == "plain Python"
    decided = subprocess.check_output([*hidden, "decide", CASE, "--json"], cwd=ROOT, env=HERE, text=True)
    assert decided == call("decide", CASE, "--json").out


def test_version_with_house_changes(tmp_path: Path) -> None:
    house = "thresholds: {value_unmet: {value: 30, because: Our line.}}\n"
    (tmp_path / "house.yaml").write_text(house, encoding="utf-8")
    found = call("--rules", str(tmp_path), "--version")
    assert "1 house change" in found.out
    assert found.out != call("--version").out


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["decied", CASE], "Did you mean decide"),
        (["decide", "--ful", CASE], "--full"),
        (["decide"], "Missing argument"),
        (["decide", "scenarios/the-sweet-pot.yaml"], "Did you mean the-sweet-spot.yaml"),
        (["decide", "scenarios"], "directory"),
        (["--rules", "no-such-house", "decide", CASE], "no-such-house"),
    ],
)
def test_wrong_use_and_bad_input(arguments: list[str], told: str) -> None:
    found = call(*arguments)
    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert "Traceback" not in found.err
    as_json = call(*arguments, "--json")
    assert (as_json.code, as_json.out) == (2, "")
    problems = json.loads(as_json.err)
    assert problems["schema"] == "sharedvalue/problems/1"
    assert set(problems["problems"][0]) == {"code", "file", "line", "column", "what", "mend"}


def test_mistake_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("sharedvalue.cli.decide.advise", broken)
    monkeypatch.delenv("SHAREDVALUE_DEBUG", raising=False)
    found = call("decide", CASE)
    assert (found.code, found.out) == (70, "")
    assert len(found.err.splitlines()) == 1
    assert "mistake of sharedvalue itself" in found.err
    assert "RuntimeError: first second" in found.err
    monkeypatch.setenv("SHAREDVALUE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["decide", CASE])


def test_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sharedvalue.cli.decide.advise", stopped)
    found = call("decide", CASE)
    assert (found.code, found.out, found.err) == (130, "", "Stopped.\n")


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_interrupt_of_a_process() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        command("decide", "-"),
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdin is not None
    running.stdin.write(b"scenario: 1\n")
    running.stdin.flush()
    another = command(
        "decide", "scenarios/silent-drift.yaml"
    )  # takes longer than to start, however busy the machine is
    subprocess.run(another, cwd=ROOT, env=env, capture_output=True, check=True)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, b"")
    assert err.decode().strip() == "Stopped."


@pytest.mark.skipif(os.name == "nt", reason="needs a pipe that closes")
def test_reader_that_leaves_is_no_mistake() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command("why", scenario("neophytes-and-experts")),
        cwd=ROOT,
        env=env,
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color, styled", [("", True), ("1", False)])
def test_headline_is_bold_on_a_terminal_only(no_color: str, styled: bool) -> None:
    import pty

    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": no_color, "TERM": "xterm"}
    main_end, terminal = pty.openpty()
    done = subprocess.run(command("decide", CASE), cwd=ROOT, env=env, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    text = b""
    try:
        while chunk := os.read(main_end, 4096):
            text += chunk
    except OSError:  # the other end is closed, and all is read
        pass
    os.close(main_end)
    assert done.returncode == 0
    assert (b"\x1b[" in text) is styled
    assert b"\x1b" not in process("decide", CASE).out.encode()


def test_terminal_that_knows_few_letters() -> None:
    found = process("why", scenario("silent-drift"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (found.code, found.err) == (0, "")


@pytest.mark.parametrize("arguments", [["decide", CASE], ["why", CASE], ["--help"], ["--version"]])
def test_what_is_not_used_is_not_imported(arguments: list[str]) -> None:
    program = (
        "import sys; from sharedvalue.cli.main import run; code = run(sys.argv[1:]);"
        "print(sorted({'networkx', 'z3', 'polars', 'tabulate', 'numpy', 'pygraphviz'} & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr.strip() == "[]"
