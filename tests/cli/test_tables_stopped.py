"""Tables at the command line when something stops them: Ctrl-C, and a file that cannot grow. An older file stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sharedvalue.engine.readings.sweep import tables
from tests.cli.calling import call
from tests.questions.test_portfolio import rows_like_ours, written

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")
STARTED = "import sys, os; from sharedvalue.cli.main import main; sys.stderr.write('here\\n'); sys.stderr.flush(); main()"
SMALL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); from sharedvalue.cli.main import main; main()"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("t") / "many.csv", rows_like_ours(1500, random.Random(41), 0.3))


def arguments(command: str, table: Path, output: Path) -> list[str]:
    varied = ["--vary", "contribution=0..100", "--vary-unknown"] if command == "sweep" else []
    return [command, str(table), *varied, "-o", str(output)]


@pytest.mark.parametrize("command", ["portfolio", "decide", "sweep"])
def test_ctrl_c_says_so_and_changes_no_file(command: str, table: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older")
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED, *arguments(command, table, output)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "here\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.7)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "Stopped.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert output.read_text() == "older"


def test_ctrl_c_while_a_table_is_written_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(writing: tables.Writing) -> Path:
        writing.stop.set()
        return run(writing)

    run = tables.Writing.run
    monkeypatch.setattr(tables.Writing, "run", stopped)
    target = tmp_path / "out.csv"
    target.write_text("older")
    with pytest.raises(KeyboardInterrupt):
        tables.write_rows(target, {"a": [1, 2]})
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text() == "older"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_that_cannot_grow_is_told_and_an_older_one_stays(tmp_path: Path, suffix: str) -> None:
    table = written(tmp_path / "many.csv", rows_like_ours(300, random.Random(42)))
    output = tmp_path / f"out{suffix}"
    output.write_text("older")
    done = subprocess.run(
        [sys.executable, "-c", SMALL, *arguments("portfolio", table, output)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"SV121 {output}"[:40])
    assert "Nothing was kept, and an older file of this name is as it was." in " ".join(done.stderr.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many.csv", output.name]
    assert output.read_text() == "older"


def test_rows_with_one_outcome_and_with_several_stand_in_one_table(tmp_path: Path) -> None:
    rows = rows_like_ours(12, random.Random(43))
    for row in rows:
        row |= {"has_sponsor": "true", "stance_source": "sponsor_said", "sponsors_conflict": "false"}
    path = written(tmp_path / "many.csv", rows)
    found = call("sweep", str(path), "--vary", "contribution=0..100")
    shown = [line for line in found.out.splitlines() if " c" in line and "101" in line]
    assert len(shown) == 12
    assert {line.count("%") for line in shown} == {1, 2}
