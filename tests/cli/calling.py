"""Calls the command line: inside this process for its answers, as a process of its own for what only a process shows."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sharedvalue.cli.main import run
from sharedvalue.engine.language import loading
from sharedvalue.engine.language.rulebook import RuleBook

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
GOLDEN = Path(__file__).parent / "golden"
RENEW = "SHAREDVALUE_GOLDEN"


load = lru_cache(maxsize=1)(loading.load)  # the rule book as it comes is read once for all calls


def _load(*asked: Any, **more: Any) -> RuleBook:
    return REAL(*asked, **more) if more or asked not in ((), ((),)) else load()


REAL = loading.load


@dataclass(frozen=True)
class Answered:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def call(*arguments: str, stdin: str = "", folder: Path | None = None) -> Answered:
    """One call, as from the checkout's own directory, or from another."""
    out, err = io.StringIO(), io.StringIO()
    before, told, fed = Path.cwd(), sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    os.chdir(folder or ROOT)
    sys.stdin = fed
    try:
        with redirect_stdout(out), redirect_stderr(err), patch.object(loading, "load", _load):
            code = run(list(arguments))
    finally:
        os.chdir(before)
        sys.stdin = told
    return Answered(code, out.getvalue(), err.getvalue())


def refused(*arguments: str, stdin: str = "") -> str:
    """The code of the one mistake that a call is refused with, once it is sure that nothing else was told."""
    answered = call(*arguments, stdin=stdin)
    assert (answered.code, answered.out) == (2, ""), answered
    (code,) = {line.split()[0] for line in answered.err.splitlines() if line.startswith("SV")}
    return code


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sharedvalue", *arguments]


def process(*arguments: str, stdin: str = "", folder: Path = ROOT, **more: str) -> Answered:
    """The same as a process, with more in its environment."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    return Answered(done.returncode, done.stdout, done.stderr)


def scenario(name: str) -> str:
    return f"scenarios/{name}.yaml"


def golden(name: str, text: str) -> str:
    """What is kept under a name; with SHAREDVALUE_GOLDEN=1 in the environment the text is kept instead."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get(RENEW) == "1":
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8")
