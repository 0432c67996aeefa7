"""Damaged, hostile and merely odd files: one clear message with a code, or a clear count; never a guess, never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.read import read

EXPORTS = Path(__file__).parent / "exports"
GOOGLE = b"Timestamp,Role\n11/17/2020 18:23:58,Researcher\n11/18/2020 9:15:39,Developer\n"
MEMBER_TWICE = b"member_id,level\nm1,novice\nm2,expert\nm1,expert\n"
BOMB = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><posts><row Id="&b;"/></posts>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><posts><row Id="&a;"/></posts>'


def workbook(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(out)
    return out.getvalue()


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def far_cell(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "Timestamp", "far"


def lying(data: bytes) -> bytes:
    """A zip whose directory declares ten bytes for each entry."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            data = data.replace(entry.file_size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    return data


REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {  # what is large is made when its turn comes
    "empty": (b"", "SV105"),
    "headings only": (b"Timestamp,Role\n", "SV419"),
    "blank rows only": (b"Timestamp,Role\n,\n,\n", "SV419"),
    "blank lines": (b"\n\n\n", "SV419"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "SV410"),
    "a PDF": (b"%PDF-1.7\n", "SV410"),
    "an old or protected workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "SV410"),
    "binary": (bytes(range(256)) * 20, "SV410"),
    "no encoding": (b"Timestamp,Role\n11/17/2020 18:23:58," + bytes(range(128, 256)) * 3 + b"\n", "SV412"),
    "UTF-16 that breaks off": (
        b"\xff\xfe" + "Timestamp,Role\n".encode("utf-16-le") + b"\x00\xd8\x00\x00\x41",
        "SV412",
    ),
    "gzip that breaks off": (gzip.compress(GOOGLE * 500)[:-60], "SV413"),
    "zip that breaks off": (zipped(a_dot_csv=GOOGLE * 500)[:-60], "SV413"),
    "zip with two exports": (zipped(a_dot_csv=GOOGLE, b_dot_csv=GOOGLE), "SV410"),
    "a document of an office program": (zipped(word__document_dot_xml=b"<w/>"), "SV410"),
    "gzip bomb": (lambda: gzip.compress(b"\n" * 120_000_000), "SV414"),
    "zip bomb": (lambda: zipped(a_dot_csv=b"\n" * 120_000_000), "SV414"),
    "workbook bomb": (
        lambda: zipped(
            xl__workbook_dot_xml=b"<w/>",
            xl___rels__workbook_dot_xml_dot_rels=b'<R><Relationship Id="1" Type="x/sharedStrings" Target="s.xml"/></R>',
            xl__s_dot_xml=b"<sst>" + b" " * 90_000_000,
        ),
        "SV414",
    ),
    "zip bomb that lies about its size": (lambda: lying(zipped(a_dot_csv=b"\n" * 120_000_000)), "SV414"),
    "workbook with a cell in the last corner": (lambda: workbook(far_cell), "SV414"),
    "workbook without anything": (lambda: workbook(lambda book: None), "SV419"),
    "workbook that is none": (zipped(xl__workbook_dot_xml=b"<workbook>"), "SV413"),
    "entity bomb": (BOMB.encode(), "SV414"),
    "entity from outside": (OUTSIDE.encode(), "SV414"),
    "XML of something else": (b"<users><row Id='1'/></users>", "SV410"),
    "XML that breaks off": (
        b'<posts><row Id="1" PostTypeId="1" CreationDate="2026-01-01T00:00:00"/><row Id="2"',
        "SV413",
    ),
    "XML nested deep": (b"<posts>" + b"<a>" * 5_000, "SV415"),
    "XML of an encoding that nobody knows": (
        b'<?xml version="1.0" encoding="utf-ninety"?><posts><row Id="1" PostTypeId="1"/></posts>',
        "SV412",
    ),
    "XML of an encoding that is not its own": (
        b'<?xml version="1.0" encoding="utf-16"?><posts><row Id="1" PostTypeId="1"/></posts>',
        "SV413",
    ),
    "XML of an encoding of several bytes": (
        b'<?xml version="1.0" encoding="shift_jis"?><posts><row Id="1" PostTypeId="1"/></posts>',
        "SV412",
    ),
    "JSON that breaks off": (b'{"columns": ["a"], "rows": [[1], [2', "SV413"),
    "JSON nested deep": (b"[" * 200_000, "SV415"),
    "JSON of something else": (json.dumps({"messages": []}).encode(), "SV411"),
    "rows separated otherwise than the headings": (b"a;b;c;d\n" + b"1,2,3,4\n" * 5, "SV416"),
    "quote that is never closed, early in a large file": (
        b'Timestamp,Role\n1,"open\n' + b"x" * 2_100_000,
        "SV413",
    ),
    "one endless line": (lambda: b"Timestamp,Role,a" * 5_000_000, "SV415"),
    "20,000 columns": (b"Timestamp" + b",a" * 20_000 + b"\n1\n", "SV415"),
    "member twice": (MEMBER_TWICE, "SV418"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_a_code_and_a_mend(what: str, tmp_path: Path) -> None:
    data, code = REFUSED[what]
    path = tmp_path / "export"
    path.write_bytes(data if isinstance(data, bytes) else data())
    with pytest.raises(UserError) as error:
        read(path)
    problem = error.value.problems[0]
    assert problem.code == code, problem
    assert problem.mend
    assert str(path) in problem.place.file
    assert "passwd" not in problem.what


@pytest.mark.parametrize("code, path", [("SV101", "nowhere.csv"), ("SV102", ".")])
def test_path_that_leads_to_no_file(code: str, path: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=code):
        read(tmp_path / path)


def test_member_twice_is_told_with_both_rows_and_without_the_id(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(MEMBER_TWICE)
    with pytest.raises(UserError, match=r"row 4.*stands in row 2 already") as error:
        read(path)
    assert "m1" not in str(error.value)


def test_file_that_ends_within_a_quoted_cell_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_bytes(GOOGLE + b'11/19/2020 9:15:39,"Dev')
    export = read(path)
    assert export.records == 2
    assert [(d.reason[:7], d.count) for d in export.dropped] == [("cut off", 1)]


def test_quote_within_an_unquoted_cell_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "inch.csv"
    path.write_bytes(GOOGLE + b'11/19/2020 9:15:39,a 5" disk\n')
    export = read(path)
    assert (export.records, export.dropped) == (3, ())


def test_file_that_ends_within_a_character_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_bytes(GOOGLE + "11/19/2020 9:15:39,é".encode()[:-1])
    export = read(path)
    assert export.encoding == "utf-8"
    assert any("cut off" in note for note in export.notes)


def test_windows_1252_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("member_id;unit\nm1;Führung\nm2;Führung\nm3;Führung\n".encode("cp1252"))
    export = read(path)
    assert (export.encoding, export.delimiter) == ("windows-1252", ";")
    assert export.columns[1].answers[0].label == "Führung"
    assert any("Windows-1252" in note for note in export.notes)


@pytest.mark.parametrize(
    "codec, mark",
    [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-8", b"\xef\xbb\xbf")],
)
def test_encoding_is_found_by_its_mark_or_its_zeros(codec: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(mark + GOOGLE.decode().encode(codec))
    export = read(path)
    assert (export.format, export.records) == ("google-forms", 2)
    assert export.columns[0].name == "Timestamp"


def test_line_in_which_excel_names_the_separator_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"sep=;\r\nTimestamp;Role, or task\r\n11/17/2020 18:23:58;Researcher\r\n")
    export = read(path)
    assert (export.format, export.delimiter, export.columns[1].name) == ("google-forms", ";", "Role, or task")


def test_gzip_and_zip_are_unpacked(tmp_path: Path) -> None:
    for data in (gzip.compress(GOOGLE), zipped(users_dot_csv=GOOGLE)):
        path = tmp_path / "x"
        path.write_bytes(data)
        assert (read(path).format, read(path).records) == ("google-forms", 2)


def test_rows_that_are_longer_or_shorter_than_the_headings_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(
        GOOGLE + b"11/19/2020 9:15:39,Lab, with a comma\n11/19/2020 9:15:40\n11/19/2020 9:15:41,Manager,,\n"
    )
    export = read(path)
    assert export.records == 4
    assert sum(d.count for d in export.dropped) == 1
    assert any("1 row is shorter" in note for note in export.notes)


def test_the_same_response_twice_is_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(GOOGLE + GOOGLE.split(b"\n", 1)[1])
    export = read(path)
    assert export.records == 2
    assert [(d.reason, d.count) for d in export.dropped] == [("the same record again", 2)]


def test_days_in_the_future_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(GOOGLE + b"12/31/2093 9:15:39,Developer\n")
    assert any("1 of 'Timestamp' are after today" in note for note in read(path).notes)


def test_formulas_are_read_as_values_and_those_without_are_counted(tmp_path: Path) -> None:
    export = read(EXPORTS / "google-forms.xlsx")
    assert any(note.startswith("4 formulas hold no computed value") for note in export.notes)
    assert any("merged cell" in note for note in export.notes)
    assert any("'Form Responses 1'" in note and "Notes" in note for note in export.notes)


def test_many_columns_and_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    line = ",".join(str(i % 5 + 1) for i in range(1_999))
    path.write_text(
        "\n".join(
            ["Timestamp," + ",".join(f"Q{i}" for i in range(1_999))]
            + [f"11/17/2020 18:23:58,{line}"]
            + [f"11/18/2020 9:{i // 60 % 60:02}:{i % 60:02},{line}" for i in range(200)]
        )
    )
    export = read(path)
    assert (len(export.columns), export.records) == (2_000, 201)


def test_trailing_columns_without_heading_and_values_are_dropped_and_others_stay_in_place(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"Timestamp,,Role,,\n11/17/2020 18:23:58,,Researcher,,\n")
    export = read(path)
    assert [(c.index, c.name, c.kind) for c in export.columns] == [
        (0, "Timestamp", "date"),
        (1, "", "empty"),
        (2, "Role", "text"),
    ]


@pytest.mark.parametrize("heading", ["[]" * 60_000 + "x]", "[a" * 60_000 + "]", "a" * 300_000])
def test_heading_made_to_keep_the_reader_busy_does_not(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(
        f"Timestamp,{heading}\n11/17/2020 18:23:58,{'a' * 300_000}\n11/18/2020 18:23:58,{'a' * 300_000}\n"
    )
    assert read(path).records == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(sorted(path for path in EXPORTS.iterdir() if path.is_file())),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=4)), max_size=4),
)
def test_a_file_with_bytes_changed_is_read_or_refused(
    path: Path, changes: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    data = bytearray(path.read_bytes())
    for where, long, what in changes:
        at = int(where * len(data))
        data[at : at + long] = what
    changed = tmp_path / "changed"
    changed.write_bytes(data)
    try:
        export = read(changed)
    except UserError as error:
        assert all(problem.code and problem.mend for problem in error.problems)
    else:
        assert len(list(export.rows())) == export.records


def test_rows_with_another_separator_are_told_even_where_all_are_alike(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text("Timestamp,Q,R\n" + "3/13/2026 10:00:00;a;b\n" * 9, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read(path)
    assert [problem.code for problem in refused.value.problems] == ["SV416"]
