"""Cells and headings of a table as people write them: what is shown counts, and nothing is skipped in silence."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import scenarios_folder
from sharedvalue.engine.language.scenario import load_scenario, with_values
from sharedvalue.engine.questions.portfolio import decide_table
from sharedvalue.engine.questions.portfolio_rows import read_portfolio
from sharedvalue.engine.questions.sweep import plan
from sharedvalue.engine.readings.sweep import write_rows
from sharedvalue.engine.worlds import form
from tests.rules.cases import default

BOOK = load()
CASE = load_scenario(scenarios_folder() / "neophytes-and-experts.yaml", BOOK)
FACTS = {
    name: str(value).lower() if isinstance(value, bool) else str(value)
    for name, value in default().items()
    if not isinstance(value, list | dict)
}


def columns(group: str = "experts") -> dict[str, str]:
    """The article's own case as one row: heading and cell, its experts called `group`."""
    from sharedvalue.engine.language.scenario_writer import written_value

    found = {}
    for name, stated in CASE.stated.items():
        address = CASE.address(name).replace("[experts]", f"[{group}]")
        found[address] = written_value(stated.values[0], CASE.types[name])
    return found


def table(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def workbook(path: Path, rows: Sequence[Sequence[object]], formats: dict[str, str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, kind in formats.items():
        sheet[place].number_format = kind
    book.save(path)
    return path


# --- names of records -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "experts",
        "tier [1]",
        '"tier [1]"',
        "senior  experts",
        " experts",
        "²",
        "A = b",
        "x].overlap",
        "3",
        "é",
    ],
)
def test_a_group_may_be_called_anything(tmp_path: Path, name: str) -> None:
    """Row B differs from row A in one cell of the group, and is decided by its own value."""
    one, overlap = columns(name), f"segments[{name}].overlap"
    assert overlap in one
    path = table(tmp_path / "t.csv", [one, {**one, overlap: "40"}])
    found = decide_table(path, BOOK)
    assert [row.outcome for row in found.rows] == ["RESTRICT_MEMBERSHIP", "KEEP_COURSE"]
    alone = decide_table(table(tmp_path / "alone.csv", [{**one, overlap: "40"}]), BOOK)
    assert alone.rows[0].outcome == "KEEP_COURSE"


def test_a_group_of_one_row_only(tmp_path: Path) -> None:
    """A column for a group that a row does not have is no value of another group, whatever it is called."""
    extra = {"segments[1].overlap": "", "segments[²].overlap": "", "segments[0].count": ""}
    one = {**columns(), **extra}
    path = table(tmp_path / "t.csv", [one, {**one, "openness_to_realign": "10"}])
    assert [row.outcome for row in decide_table(path, BOOK).rows] == ["RESTRICT_MEMBERSHIP"] * 2


@pytest.mark.parametrize(
    "twin",
    [
        "segments[experts].overlap",
        "segments[Experts ].overlap",
        'segments["experts"].overlap',
        "contribution",
    ],
)
def test_two_columns_for_one_value(tmp_path: Path, twin: str) -> None:
    one = columns()
    path = tmp_path / "t.csv"
    path.write_text(
        ",".join([*one, f'"{twin.replace(chr(34), chr(34) * 2)}"'])
        + "\n"
        + ",".join([*one.values(), "40"])
        + "\n"
    )
    with pytest.raises(UserError) as caught:
        read_portfolio(path, BOOK)
    assert [p.code for p in caught.value.problems] == ["SV206"]


def test_two_spellings_of_one_group_are_one_group(tmp_path: Path) -> None:
    one = {k.replace("[experts].stay", "[EXPERTS].stay"): v for k, v in columns().items()}
    found = decide_table(table(tmp_path / "t.csv", [one]), BOOK)
    assert found.rows[0].outcome == "RESTRICT_MEMBERSHIP"


@pytest.mark.parametrize(
    "heading",
    [
        "segments[a].nothing",
        "segments[a]",
        "segments",
        "contribution[a].x",
        "segments[].count",
        "segments[a\ufffe].count",
    ],
)
def test_headings_that_are_no_value(tmp_path: Path, heading: str) -> None:
    with pytest.raises(UserError):
        read_portfolio(table(tmp_path / "t.csv", [{**columns(), heading: "1"}]), BOOK)


# --- cells of a spreadsheet ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "style", "shown"),
    [
        (0.6, "0%", "60%"),
        (0.6, "0.00%", "60%"),
        (0.075, '0.0"of"%', "7.5%"),
        (60, "0", "60"),
        (0.6, '0.0"%"', "0.6"),
        (1, "0%", "100%"),
        (0.07, "0%", "7%"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(tmp_path: Path, cell: float, style: str, shown: str) -> None:
    path = workbook(
        tmp_path / "t.xlsx", [["has_sponsor", "openness_to_realign"], [True, cell]], {"B2": style}
    )
    assert read_portfolio(path, BOOK).cells == [("TRUE", shown)]


def test_percent_decides_as_the_number_does(tmp_path: Path) -> None:
    one = columns()
    place = list(one).index("openness_to_realign")
    rows = []
    for share in (0.6, 0.2):
        cells: list[object] = list(one.values())
        cells[place] = share
        rows.append(cells)
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(place + 1)
    path = workbook(tmp_path / "t.xlsx", [list(one), *rows], {f"{letter}2": "0%", f"{letter}3": "0%"})
    cases = [with_values(CASE, BOOK, {"openness_to_realign": points}) for points in ("60", "20")]
    assert [r.outcome for r in decide_table(path, BOOK).rows] == [
        decide(form(BOOK, c)).outcome for c in cases
    ]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_an_error_is_no_unknown(tmp_path: Path, error: str) -> None:
    path = workbook(tmp_path / "t.xlsx", [["has_sponsor", "contribution"], [True, error], [True, None]], {})
    found = read_portfolio(path, BOOK)
    assert [p.code for p in found.bad[0]] == ["SV205"]
    assert "error of a spreadsheet" in found.bad[0][0].mend
    assert 1 not in found.bad, "an empty cell is unknown"


def test_a_formula_that_was_never_computed_is_no_unknown(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["has_sponsor", "contribution"], [True, "=30+20"]], {})
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" in archive.read("xl/worksheets/sheet1.xml")
    with pytest.raises(UserError) as caught:
        read_portfolio(path, BOOK)
    assert "save it" in caught.value.problems[0].mend


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@x", "\tx", "-12", "plain", "1-2"])
def test_a_cell_that_we_write_is_no_formula(tmp_path: Path, cell: str) -> None:
    write_rows(tmp_path / "t.csv", {"community": [cell], "n": [-3]})
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert row["n"] == "-3"
    assert row["community"] == (cell if cell in ("-12", "plain", "1-2") else f"'{cell}")


# --- the values that a map may have -------------------------------------------------------------------------------------
SERVES = """scenario: 1
facts:
  has_sponsor: true
  needs:
    - {label: n1, cited_by: 60, satisfied: 50, within_purpose: true, serves: {u: 0, v: 0.5}}
  sponsors:
    - {name: u, weight: 0.5, value_now: 65, value_outlook: 65, stance: negotiable, need_kind: other, contribution: 60}
    - {name: v, weight: 0.5, value_now: 65, value_outlook: 65, stance: negotiable, need_kind: other, contribution: 60}
"""


def test_what_a_need_serves_has_three_values_at_every_door(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(SERVES)
    case = load_scenario(file, BOOK)
    assert plan(BOOK, case, ["needs[n1].serves[v]"], vary_unknown=True).varied[0].domain.values() == (
        0,
        500,
        1000,
    )
    assert plan(BOOK, case, ["needs[n1].serves[v]=0..0.5"], vary_unknown=True).varied[0].domain.values() == (
        0,
        500,
    )
    for bad in ({"needs[n1].serves[v]": "0.7"}, {"needs[n1].serves[v]": "0.5|0.7"}):
        with pytest.raises(UserError):
            with_values(case, BOOK, bad)
    with pytest.raises(UserError):
        load_scenario(_changed(file, "v: 0.5", "v: 0.7"), BOOK)
    portfolio = read_portfolio(
        table(
            tmp_path / "t.csv",
            [{"has_sponsor": "true", "needs[n].cited_by": "60", "needs[n].serves[u]": "0.7"}],
        ),
        BOOK,
    )
    assert [p.code for p in portfolio.bad[0]] == ["SV205"]


def _changed(file: Path, old: str, new: str) -> Path:
    file.write_text(file.read_text().replace(old, new))
    return file
