"""Every broken file gets its message, in full and nothing else: NAME.yaml with NAME.txt beside it; exit 2, no traceback.

SHAREDVALUE_GOLDEN=1 writes the messages anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sharedvalue.engine.error_codes import CODES
from tests.cli.calling import RENEW, Answered, call

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCENARIOS = sorted(HERE.glob("*.yaml"))
HOUSES = sorted(p for p in (HERE / "rules").iterdir() if p.is_dir())


def told(answered: Answered) -> str:
    """What was told, once it is sure that nothing else was."""
    assert answered.code == 2, answered
    assert answered.out == "", "a partial answer"
    assert "Traceback" not in answered.err
    assert all(len(line) <= 100 for line in answered.err.splitlines()), "a line that no screen holds"
    assert answered.err.split()[0] in CODES
    return answered.err


def compare(file: Path, text: str) -> None:
    if os.environ.get(RENEW) == "1":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_broken_scenario(path: Path) -> None:
    compare(path.with_suffix(".txt"), told(call("decide", str(path.relative_to(ROOT)))))


@pytest.mark.parametrize("path", HOUSES, ids=lambda p: p.name)
def test_broken_house_rules(path: Path) -> None:
    """Told when the rule book is checked, and told alike when a case is decided."""
    folder = str(path.relative_to(ROOT))
    message = told(call("rules", "check", "--rules", folder))
    compare(path.parent / f"{path.name}.txt", message)
    assert told(call("decide", "--rules", folder, "scenarios/the-sweet-spot.yaml")) == message


def test_one_message_for_each_mistake() -> None:
    """A file with one mistake is told one; the few with more say so in their name."""
    for file in [*HERE.glob("*.txt"), *(HERE / "rules").glob("*.txt")]:
        lines = file.read_text(encoding="utf-8").splitlines()
        mistakes = sum(line.startswith("SV") for line in lines)
        assert mistakes == 1 or "mistakes" in file.stem, f"{file.stem}: {mistakes} mistakes told"


def test_every_message_has_its_file() -> None:
    """No message is left over from a broken file that is gone."""
    assert {p.stem for p in HERE.glob("*.txt")} == {p.stem for p in SCENARIOS}
    assert {p.stem for p in (HERE / "rules").glob("*.txt")} == {p.name for p in HOUSES}
