"""Installs and decides on every other Python of this machine: the same answers on each, with and without a C compiler.

    python -m tools.other_pythons

Pythons are looked for on PATH and where pyenv and uv keep theirs, one of each minor version. On every second one the
compiler is hidden, so that rules are matched in plain Python there. Nothing is left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = ("neophytes-and-experts", "silent-drift", "the-sweet-spot")
MINORS = range(10, 16)
KEPT_BY_TOOLS = (".pyenv/versions/{}.*/bin/python", ".local/share/uv/python/cpython-{}.*/bin/python3")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".nox", "__pycache__", ".*_cache", "tests", "docs", "*.egg-info"
)


def others() -> Iterator[str]:
    """A Python of each minor version other than this one."""
    for minor in MINORS:
        version = f"3.{minor}"
        if minor == sys.version_info.minor:
            continue
        kept = [
            str(path) for where in KEPT_BY_TOOLS for path in sorted(Path.home().glob(where.format(version)))
        ]
        for path in (*kept, shutil.which(f"python{version}")):
            if (
                path
                and subprocess.run(
                    [path, "-c", "import venv, ensurepip"], capture_output=True, check=False
                ).returncode
                == 0
            ):
                yield path
                break


def decided(command: list[str], where: Path) -> object:
    """The cases as a command decides them, without what the machine adds."""
    files = [str(ROOT / "scenarios" / f"{name}.yaml") for name in CASES]
    done = subprocess.run(
        [*command, "decide", "--json", *files], cwd=where, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def tried(python: str, hidden: bool, expected: object) -> str:
    """Installs from a copy of this folder and decides; what came of it, in a line."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sharedvalue"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        environment = {**os.environ, "PIP_NO_COMPILE": "1"}
        environment.pop("PYTHONPATH", None)
        if hidden:
            environment.pop("CC", None)
            environment["PATH"] = folder
        started = time.perf_counter()
        install = [python, str(copy / "install.py"), "--python", python]
        done = subprocess.run(install, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{python}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        inside = str(copy / ".venv" / "bin" / "sharedvalue")
        same = decided([inside], copy) == expected
        seconds = time.perf_counter() - started
        told = json.loads(subprocess.check_output([inside, "--version", "--json"], cwd=copy, text=True))
        if not same:
            raise SystemExit(f"{python}: the decisions are not those of Python {sys.version.split()[0]}")
        if hidden != (told["matched_by"] == "plain Python"):
            raise SystemExit(f"{python}: rules are matched by {told['matched_by']}\n{done.stdout}")
        return f"{python}: {seconds:.0f} s to the first decisions, the same; rules matched by {told['matched_by']}"


def main() -> None:
    found = list(others())
    expected = decided([sys.executable, "-m", "sharedvalue"], ROOT)
    hidden = [place % 2 == 0 for place in range(len(found))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for told in pool.map(tried, found, hidden, [expected] * len(found)):
            print(told, flush=True)
    print(f"{len(found)} other Pythons" if found else "no other Python from 3.10 on is on this machine")


if __name__ == "__main__":
    main()
