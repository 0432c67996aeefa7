"""`import FILE --inspect`: what a person and a program are told, and that nobody is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sharedvalue.cli.export_words import RECORDS, TITLES
from sharedvalue.cli.main import run, sharedvalue
from sharedvalue.engine.evidence.recognise import formats
from tests.schemas import fits

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = Path(__file__).parent / "exports"
SPACK = Path(__file__).parent / "data/spack-user-survey/spack-user-survey-2021-responses.csv"
SAMPLES = sorted(EXPORTS.iterdir())


def inspect(*words: str) -> Result:
    return CliRunner().invoke(sharedvalue, ["import", *words, "--inspect"], catch_exceptions=False)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_json_fits_its_schema(path: Path) -> None:
    fits(json.loads(inspect(str(path), "--json").stdout), "inspect-1")


@pytest.mark.parametrize("path", [*SAMPLES, SPACK], ids=lambda path: path.name)
@pytest.mark.parametrize("every", [[], ["--all"]], ids=["top", "all"])
def test_page_fits_eighty_columns_and_names_nobody(path: Path, every: list[str]) -> None:
    page = inspect(str(path), *every).stdout
    assert max(map(len, page.splitlines())) <= 80
    assert "@example" not in page
    assert "192.0.2" not in page
    assert "Member A" not in page


def test_page_says_what_it_is_first_then_counts_then_columns() -> None:
    lines = inspect(str(SPACK)).stdout.splitlines()
    assert lines[0] == "Answers of a Google form  (google-forms)"
    assert lines[1] == " because the first heading is 'Timestamp'"
    assert lines[3] == "179 responses, 2021-12-16 to 2022-01-08"
    assert any(line.split()[:4] == ["4", "choice", "179", "Are"] for line in lines)
    assert any("No: 113 (63 %); Yes: 66 (37 %)" in line for line in lines)
    assert "--into SCENARIO" in " ".join(lines[-3:])


def test_shares_are_fractions_of_those_who_answered_the_column() -> None:
    found: dict[str, Any] = json.loads(inspect(str(EXPORTS / "google-forms.csv"), "--json").stdout)
    assert found["schema"] == "sharedvalue/inspect/1"
    assert found["dropped"] == [{"reason": "blank rows", "count": 2}]
    needs = found["columns"][3]
    assert (needs["index"], needs["kind"], needs["answered"], needs["others"]) == (3, "multi-choice", 4, 1)
    assert needs["answers"] == [
        {"label": "Issues", "n": 3, "share": 0.75},
        {"label": "Packages", "n": 3, "share": 0.75},
    ]
    assert found["columns"][1] == {
        "index": 1, "name": "Email Address", "kind": "identity", "question": "Email Address", "part": "", "answered": 5,
        "others": 0, "separator": "", "numbers": None, "answers": [],
    }  # fmt: skip


def test_grid_headings_are_split_into_question_and_row() -> None:
    columns = json.loads(inspect(str(SPACK), "--json").stdout)["columns"]
    first = next(c for c in columns if c["kind"] == "grid-row")
    assert (first["question"], first["part"]) == (
        "Rank these TBD Spack features by importance",
        "Better error messages",
    )


def test_texts_are_counted_and_never_printed() -> None:
    whole = inspect(str(SPACK), "--all").stdout + inspect(str(SPACK), "--json").stdout
    rows = SPACK.read_text("utf-8-sig")
    for words in ("Great job!", "Concretize the features", "Install corner-case software"):
        assert words in rows
        assert words not in whole


@pytest.mark.parametrize(
    "words, code",
    [
        (["import", "nowhere.csv", "--inspect"], "SV101"),
        (["import", str(SPACK), "--inspect", "--into", "x.yaml"], "SV120"),
        (["import", str(SPACK), "--inspect", "--as", "typfrom"], "SV417"),
    ],
)
def test_mistakes_are_told_with_a_code(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    said = capsys.readouterr()
    assert code in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_heading_cannot_move_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Timestamp,\x1b[2JRole\u202e\n11/17/2020 18:23:58,Dev\x1b[1m\n11/18/2020 18:23:58,Dev\x1b[1m\n",
        "utf-8",
    )
    page = inspect(str(path)).stdout
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_every_format_has_a_title_and_is_named_by_help_and_in_the_guide() -> None:
    assert set(TITLES) == {each.name for each in formats()}
    assert set(RECORDS) <= {each.name for each in formats()}
    shown = "".join(CliRunner().invoke(sharedvalue, ["import", "--help"]).stdout.split())
    guide = (ROOT / "docs/how-to/export-from-your-tools.md").read_text("utf-8")
    for name in [each.name for each in formats()]:
        assert name in shown
        assert f"`{name}`" in guide
