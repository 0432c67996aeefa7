"""Workbooks from elsewhere: bounded whatever they say, the reader in a process that may not take more memory than it is given."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.readings.sweep import read_table
from sharedvalue.engine.sheets import read_workbook
from sharedvalue.engine.sheets.apart import ROOT, apart
from sharedvalue.engine.sheets.bounds import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS

WORKBOOK = (
    '<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets></workbook>',
    (
        '<Relationships><Relationship Id="a" Type="x/worksheet" Target="{sheet}"/>'
        '<Relationship Id="b" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
)


def packed(
    path: Path, rows: str, strings: str = "", sheet: str = "worksheets/sheet1.xml", more: bytes = b""
) -> Path:
    """A workbook of one sheet, its XML as it is given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK[0])
        archive.writestr("xl/_rels/workbook.xml.rels", WORKBOOK[1].format(sheet=sheet))
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        name = sheet.lstrip("/") if sheet.startswith("/") else f"xl/{sheet}"
        archive.writestr(name, f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode() + more)
    return path


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


TOP = row(1, '<c r="A1" t="str"><v>Timestamp</v></c><c r="B1" t="str"><v>Role</v></c>')
LONG = f"<si><t>{'x' * 32_000}</t></si>"
HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a far cell in small letters": (
        lambda p: packed(p, TOP + row(MOST_ROWS, f'<c r="xfd{MOST_ROWS}"><v>1</v></c>')),
        "SV414",
    ),
    "a far cell in a sheet elsewhere": (
        lambda p: packed(p, TOP + row(MOST_ROWS, f'<c r="XFD{MOST_ROWS}"><v>1</v></c>'), sheet="/a/B.xml"),
        "SV414",
    ),
    "a cell whose reference goes beyond": (
        lambda p: packed(p, TOP + row(9_999_999, '<c r="A9999999"><v>1</v></c>')),
        "SV414",
    ),
    "a column beyond": (lambda p: packed(p, TOP + row(2, '<c r="ZZZ2"><v>1</v></c>')), "SV414"),
    "a cell that says another row": (
        lambda p: packed(p, TOP + row(2, '<c r="A1048576"><v>1</v></c>')),
        "SV413",
    ),
    "rows without numbers, cells without references": (
        lambda p: packed(p, TOP + f"<row>{'<c/>' * (MOST_COLUMNS + 1)}</row>"),
        "SV414",
    ),
    "one text, referred to a million times": (
        lambda p: packed(p, TOP + "".join(row(n, '<c t="s"><v>0</v></c>') for n in range(2, 20_000)), LONG),
        "SV414",
    ),
    "a cell of megabytes": (
        lambda p: packed(p, TOP + row(2, f'<c t="str"><v>{"x" * 2_000_000}</v></c>')),
        "SV414",
    ),
    "a text that is not there": (lambda p: packed(p, TOP + row(2, '<c t="s"><v>7</v></c>')), "SV413"),
    "elements within each other": (lambda p: packed(p, TOP + "<x>" * 99), "SV414"),
    "elements as deep as may be, and broken off": (
        lambda p: packed(p, TOP + "<x>" * 98),
        "SV413",
    ),
    "rows that go back": (lambda p: packed(p, TOP + row(1, '<c r="A1"><v>1</v></c>')), "SV413"),
    "XML that breaks off": (lambda p: packed(p, TOP, more=b"<"), "SV413"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_workbook_is_told_in_bounded_memory(what: str, tmp_path: Path) -> None:
    make, code = HOSTILE[what]
    path = make(tmp_path / "a.xlsx")
    with pytest.raises(UserError) as error:
        read(path)
    assert error.value.problems[0].code == code
    assert error.value.problems[0].mend


def test_document_types_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>{WORKBOOK[0]}')
    with pytest.raises(UserError, match="SV414"):
        read_workbook(path)


@pytest.mark.parametrize("suffix", ["import", "portfolio"])
def test_commands_hold_within_a_limit_of_memory(suffix: str, tmp_path: Path) -> None:
    """As the attack was made: under a limit on the whole command, by a real process."""
    path = HOSTILE["a far cell in small letters"][0](tmp_path / "a.xlsx")
    command = ["import", str(path), "--inspect"] if suffix == "import" else ["portfolio", str(path)]
    script = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000,) * 2);"
        f"sys.argv = ['sharedvalue', *{command!r}]; runpy.run_module('sharedvalue', run_name='__main__')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done.stderr
    assert "SV414" in done.stderr
    assert "Traceback" not in done.stderr


def test_border_of_cells_from_both_sides(tmp_path: Path) -> None:
    wide, high = 1_000, MOST_CELLS // 1_000
    letters = "ALL"  # the thousandth column
    last = row(high, f'<c r="{letters}{high}"><v>1</v></c>')
    assert read_workbook(packed(tmp_path / "a.xlsx", last)).wide == wide
    with pytest.raises(UserError, match="SV414"):
        read_workbook(packed(tmp_path / "b.xlsx", last.replace(str(high), str(high + 1))))
    longest = row(1, f'<c t="str"><v>{"x" * LONGEST_CELL}</v></c>')
    assert read_workbook(packed(tmp_path / "c.xlsx", longest)).height == 1


def test_formats_far_out_without_a_value_are_no_cells(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", TOP + row(MOST_ROWS, f'<c r="XFD{MOST_ROWS}" s="1"/>'))
    assert list(read_workbook(path).rows()) == [["Timestamp", "Role"]]


def test_values_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    said = [
        (1, "1"), (2.5, "2.5"), (1e20, "1e+20"), (True, "TRUE"), (None, ""), (" a ", "a"), ("ü", "ü"),
        (dt.datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30:00"), (dt.date(2026, 3, 2), "2026-03-02"),
        (dt.time(9, 30), "09:30:00"), (dt.timedelta(hours=30), "1 day, 6:00:00"), ("=1+1", ""), ("x", "x"),
    ]  # fmt: skip
    sheet.append([value for value, _ in said])
    sheet["A3"] = "after a blank row"
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.create_sheet("Other")
    book.save(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx")
    first, blank, third = found.rows()
    assert first == [text for _, text in said]
    assert blank == [""] * len(said)
    assert third[0] == "after a blank row"
    assert (found.title, found.others, found.bare) == ("Sheet", ("Other",), 1)
    assert [first, blank, third] == list(found.rows())  # the same again


def test_dates_from_1904_are_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append([dt.datetime(2026, 3, 2)])
    book.save(tmp_path / "a.xlsx")
    assert next(read_workbook(tmp_path / "a.xlsx").rows()) == ["2026-03-02"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds to RLIMIT_AS")
def test_process_that_takes_too_much_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", TOP, f"<si><t>{'x' * 19_000_000}</t></si>")
    with (tmp_path / "out").open("wb") as out, pytest.raises(UserError, match="SV903"):
        apart("sharedvalue.engine.sheets", path, out, 5_000_000)


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="there is no limit of processor time here")
def test_process_that_turns_in_circles_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "circles.py").write_text(
        "from sharedvalue.engine.sheets import apart\n"
        "apart.MOST_SECONDS = 1\n"
        "def work(path, out):\n    while True: pass\n"
        "apart.main(work)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        (tmp_path / "out").open("wb") as out,
        pytest.raises(UserError, match=r"SV903.*seconds of the processor"),
    ):
        apart("circles", tmp_path / "a.xlsx", out, 50_000_000)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_reader_ends_with_whoever_started_it(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", "".join(row(n, "<c><v>1</v></c>" * 50) for n in range(1, 60_000)))
    script = f"from pathlib import Path; from sharedvalue.engine.sheets import read_workbook; read_workbook(Path({str(path)!r}))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment)
    children: list[str] = []
    until = time.monotonic() + 20
    while not children and time.monotonic() < until:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        time.sleep(0.01)
    assert children
    process.kill()
    process.wait()
    while any(_runs(child) for child in children) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(_runs(child) for child in children)


def _runs(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_portfolio_in_cells_reads_as_one_in_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["community", "contribution"], ["a", 40], [], ["b", "20..50"]):
        book.worksheets[0].append(cells)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("community,contribution\na,40\nb,20..50\n")
    assert read_table(tmp_path / "a.xlsx") == read_table(tmp_path / "a.csv")


def test_parquet_that_unfolds_is_told(tmp_path: Path) -> None:
    import polars as pl

    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": pl.repeat("x" * 1_000, 300_000, eager=True)}).write_parquet(path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(UserError, match=r"SV110|SV903"):
        read_table(path)


def test_packed_csv_is_told(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.csv").write_bytes(gzip.compress(b"a\n1\n"))
    with pytest.raises(UserError, match="SV113"):
        read_table(tmp_path / "a.csv")
