"""The Containerfile starts what there is: files that exist, and options that `serve` has. (It is built where a base image can be had.)"""

from __future__ import annotations

import json
import re
from pathlib import Path

from sharedvalue.cli.serve import serve

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_it_starts_the_page_with_options_that_exist() -> None:
    match = re.search(r"^ENTRYPOINT (.*)$", TEXT, re.M)
    assert match is not None
    program, command, *options = json.loads(match[1])
    assert (program, command) == ("sharedvalue", "serve")
    known = {name for option in serve.params for name in option.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_it_installs_from_the_lock_files_and_runs_as_nobody_in_particular() -> None:
    locks = set(re.findall(r"requirements[\w-]*\.lock", TEXT))
    assert locks == {"requirements-build.lock", "requirements.lock"}
    assert all((ROOT / lock).exists() for lock in locks)
    assert TEXT.count("--require-hashes") == 2
    assert re.search(r"^USER 10001$", TEXT, re.M)
