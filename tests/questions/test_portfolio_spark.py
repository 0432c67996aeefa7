"""A table on a local Spark cluster, by the command: the same decisions as without it, also when a worker is killed."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.portfolio import decide_table
from sharedvalue.engine.questions.sweep_table import sweep_table
from tests.questions.test_portfolio import rows_like_ours, written

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("pyspark", "pyarrow", "pandas")  # Spark wants pandas for its Arrow functions
ABSENT = [name for name in NEEDED if importlib.util.find_spec(name) is None]
MISSING = (
    f"not installed: {', '.join(ABSENT)} (nox -s spark)"
    if ABSENT
    else "there is no Java on this machine"
    if shutil.which("java") is None
    else ""
)
needs_spark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
ROWS = int(os.environ.get("SHAREDVALUE_SPARK_ROWS", "2000"))
MASTER = "local[2,4]"  # two cores; a part may fail three times before all is given up
HOUSE = "thresholds: {value_unmet: {value: 30, because: Our line.}}\n"


def started(arguments: Sequence[str]) -> subprocess.Popen[str]:
    """The command in a process of its own, from a folder in which none of our code lies."""
    return subprocess.Popen(
        [sys.executable, "-m", "sharedvalue", *arguments, "--engine", "spark", "--master", MASTER],
        cwd=Path.home(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> str:
    out, error = process.communicate(timeout=600)
    assert process.returncode == 1, error[-2000:]  # there is a row with a mistake
    return out


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = rows_like_ours(ROWS, random.Random(11))
    rows[5]["member_value_now"] = "140"
    for row in rows[::50]:
        row["sponsor_stance"] = ""
    return written(tmp_path_factory.mktemp("table") / "many.csv", rows)


def same(output: Path, expected: dict[str, list[object]]) -> None:
    """Nothing lost, nothing doubled, and each row as it is decided here."""
    here = pl.DataFrame(expected, strict=False).drop("row").sort("community")
    there = pl.read_parquet(output / "*.parquet").sort("community")
    assert there.height == here.height == ROWS
    for name in here.columns:
        assert there[name].to_list() == here[name].to_list(), name


@needs_spark
def test_a_killed_worker_loses_and_doubles_nothing(table: Path, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "house.yaml").write_text(HOUSE, encoding="utf-8")
    output = tmp_path / "decided.parquet"
    process = started(["--rules", str(tmp_path / "house"), "portfolio", str(table), "-o", str(output)])
    killed = 0
    while process.poll() is None and killed < 2:
        for worker in working(process.pid):
            time.sleep(0.5)
            os.kill(worker, signal.SIGKILL)
            killed += 1
            break
        time.sleep(0.2)
    out = told(process)
    assert killed, "no worker was seen at work"
    assert f"{ROWS:,} communities, 1 of them with mistakes" in out
    same(output, decide_table(table, load([tmp_path / "house"])).columns())


def working(parent: int) -> Iterator[int]:
    """The Python processes that decide: the forks of the daemon that Spark starts below a process."""
    parents = {int(path.name): _parent_of(path) for path in Path("/proc").iterdir() if path.name.isdigit()}

    def is_below(process: int) -> bool:
        while process:
            process = parents.get(process, 0)
            if process == parent:
                return True
        return False

    for process, above in parents.items():
        if (
            is_below(process)
            and "pyspark.daemon" in _command(process)
            and "pyspark.daemon" in _command(above)
        ):
            yield process


def _parent_of(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@needs_spark
def test_a_table_is_swept_as_here(table: Path, tmp_path: Path) -> None:
    output, vary = tmp_path / "swept.parquet", "contribution=0..100/10"
    told(started(["sweep", str(table), "--vary", vary, "--vary-unknown", "-o", str(output)]))
    same(output, sweep_table(table, load(), [vary], vary_unknown=True).columns())


def test_what_is_wrong_is_told_before_anything_is_started(tmp_path: Path) -> None:
    from tests.cli.calling import call

    found: Any = call("portfolio", "t.csv", "--engine", "spark")
    assert (found.code, "-o OUT.parquet" in found.err) == (2, True)
    found = call("sweep", "case.yaml", "--engine", "spark", "--vary", "contribution")
    assert (found.code, "sweeps a table" in found.err) == (2, True)
