"""What the terminal around us is like: closed streams, and characters that take two columns."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[2]
TITLE = "新しい人と専門家のコミュニティ"


@pytest.mark.parametrize(
    ("redirect", "code"), [(">&-", "SV121"), ("<&- -", "SV105"), (">&- 2>&-", ""), ("< /dev/null -", "SV105")]
)
def test_closed_streams_are_no_mistake_of_ours(redirect: str, code: str) -> None:
    case = "" if redirect.endswith(" -") else "scenarios/silent-drift.yaml"
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m sharedvalue decide {case} {redirect}'],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr[:5] == code


def test_wide_characters_keep_the_columns_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "wide.yaml"
    shipped = (ROOT / "scenarios" / "neophytes-and-experts.yaml").read_text(encoding="utf-8")
    title = next(line for line in shipped.splitlines() if line.startswith("title:"))
    file.write_text(shipped.replace(title, f"title: {TITLE}"), encoding="utf-8")
    told = call("decide", str(file), "scenarios/silent-drift.yaml").out.splitlines()
    rule = next(line for line in told if line.startswith("---"))
    second = rule.index(" -") + 1
    for line in told[told.index(rule) + 1 :]:
        columns = "".join(sign * (2 if unicodedata.east_asian_width(sign) == "W" else 1) for sign in line)
        assert columns[second - 2 : second].strip() == "", line
    assert TITLE[:8] in "\n".join(told)
