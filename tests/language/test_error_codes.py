"""The catalogue of codes and the source hold each other: every code that is raised is explained, and the reverse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedvalue.engine.error_codes import BLOCKS, CODES
from tests.cli.calling import ROOT, call

RAISED = re.compile(r"[\"'](SV[0-9]{3})[\"']")


def raised() -> set[str]:
    files = [
        p for folder in ("engine", "cli") for p in (ROOT / folder).rglob("*.py") if p.name != "error_codes.py"
    ]
    return {code for file in files for code in RAISED.findall(file.read_text(encoding="utf-8"))}


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    assert raised() - set(CODES) == set()


def test_every_code_of_the_catalogue_is_raised() -> None:
    assert set(CODES) - raised() == set()


def test_codes_stand_in_their_blocks_and_in_order() -> None:
    assert list(CODES) == sorted(CODES)
    assert all(code[2] in BLOCKS for code in CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda c: c.code)
def test_every_code_is_explained(code: object) -> None:
    from sharedvalue.engine.error_codes import ErrorCode

    assert isinstance(code, ErrorCode)
    assert code.title[:1].isupper()
    assert not code.title.endswith(".")
    assert code.means.endswith(".")
    assert code.why.endswith(".")
    assert bool(code.wrong) <= bool(code.mended), "what is wrong has its mend"
    answered = call("explain", code.code.lower())
    assert answered.code == 0
    assert code.title in answered.out
    assert all(len(line) <= 80 or line.startswith("  ") for line in answered.lines)


def test_codes_in_the_docs_are_known() -> None:
    pages: list[Path] = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert {
        code
        for page in pages
        for code in re.findall(r"\bSV[1-9][0-9]{2}\b", page.read_text(encoding="utf-8"))
    } <= set(CODES)
