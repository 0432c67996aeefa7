"""Reports: readable, printable, accessible, safe with hostile words, the same each time, and discreet where they must be."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from prov.model import ProvDocument

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.record import draft, propose
from sharedvalue.engine.governance.report.cells import as_csv, xlsx
from sharedvalue.engine.governance.report.closing import LEFT_OUT
from sharedvalue.engine.governance.report.document import Told, tell
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.report.madr import madr, plain
from sharedvalue.engine.governance.report.pdf import pdf
from sharedvalue.engine.governance.report.provenance import prov_json, prov_n
from sharedvalue.engine.governance.report.write import check, write
from tests.governance.common import TODAY, book, scenario

EVIL = (
    '=cmd|"/c calc"!A1 <script>alert(1)</script> #let x = panic() **bold** [x](javascript:1) {{ 7*7 }} & "é"'
)
HEADINGS = (
    "In short", "Why", "What the article says", "Who would be affected, and what they lose",
    "What else was considered, and why not", "How firm this is", "What the facts rest on", "What was not known",
    "What to do", "What was decided, by whom, and what the sponsor answered", "Where this comes from",
    "Annex: the reasons as a picture", "Annex: all facts, and what they rest on",
    "Annex: every course that was looked at",
)  # fmt: skip
ANSWERED: dict[str, Any] = {"sponsor": "agrees", "sponsor_role": "Unit manager", "sponsor_date": TODAY}
FEW = "two-specialists-are-not-a-circle"


def told(folder: Path, file: str, others: bool = False, **minutes: Any) -> Told:
    said = Form(**{"by": ("steering group",), "dissent": ("Two leads said: too early",), **minutes})
    done = draft(propose(book(), file), said, TODAY)
    with open_ledger(str(folder / "l"), writing=True) as ledger:
        return tell(ledger, ledger.append(done.payload, done.contents), others)


@pytest.fixture(scope="module")
def plain_report(tmp_path_factory: pytest.TempPathFactory) -> Told:
    part = {"decision": "RESTRICT_MEMBERSHIP", **ANSWERED}
    return told(tmp_path_factory.mktemp("report"), scenario("neophytes-and-experts"), False, **part)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("hostile")
    case = folder / "case.yaml"
    text = Path(scenario("neophytes-and-experts")).read_text("utf-8")
    title = json.dumps(EVIL, ensure_ascii=False)
    case.write_text(
        re.sub(r"^title:.*$", lambda _: f"title: {title}", text, flags=re.M).replace(
            "name: experts", f"name: {title}"
        )
    )
    return told(folder, str(case), by=(EVIL,), decision="other", in_words=EVIL, why=EVIL, dissent=(EVIL,))


def test_html_says_all_that_a_board_needs(plain_report: Told) -> None:
    page = html(plain_report)
    assert re.findall(r"<h2>(.*?)</h2>", page) == list(HEADINGS)
    for words in (
        "AGREED: restrict the membership to experts",
        "Two leads said: too early",
        "it agrees to the proposal (Unit manager, 2026-11-24)",
    ):
        assert words in page
    assert "Creative Commons Attribution 4.0" in page
    assert plain_report.record.receipt in page
    assert "<svg" in page
    assert "neophytes</th><td>900</td><td>Would lose their place" in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_hostile_words_stay_words(hostile: Told) -> None:
    page = html(hostile)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)[0]
    assert pdf(hostile).startswith(b"%PDF")
    text = madr(hostile)
    assert "<script>" not in text.replace("\\<", "")
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    for row in csv.reader(io.StringIO(as_csv(hostile))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(hostile)))
    cells = [
        cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_pdf_is_tagged_titled_and_the_same_each_time(plain_report: Told) -> None:
    one = pdf(plain_report)
    assert one == pdf(plain_report)
    for words in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert words in one
    assert b"DejaVu" in one


def test_every_format_is_the_same_each_time(plain_report: Told) -> None:
    for make in (html, xlsx, as_csv, madr, prov_json, prov_n):
        assert make(plain_report) == make(plain_report), make.__name__


def test_workbook_has_a_sheet_for_each_table(plain_report: Told) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(plain_report)))
    assert workbook.sheetnames[:2] == ["Decision", "Groups of members"]
    assert [c.value for c in workbook["Groups of members"][3]] == [
        "neophytes",
        "900",
        "Would lose their place",
    ]


def test_provenance_reads_back_and_names_no_person(plain_report: Told) -> None:
    made = ProvDocument.deserialize(content=prov_json(plain_report), format="json")
    named = {str(record.identifier) for record in made.get_records() if record.identifier is not None}
    assert {
        "sv:scenario",
        "sv:rulebook",
        "sv:decision",
        "sv:R0001",
        "sv:deciding",
        "sv:recording",
        "sv:role-1",
    } <= named
    assert "steering group" in prov_n(plain_report)
    for text in (prov_json(plain_report), prov_n(plain_report)):
        assert "3 May" not in text
        assert plain_report.record.hash in text
    assert prov_n(plain_report).startswith("document\n")


def test_markdown_escapes_what_would_be_markup() -> None:
    assert plain("# no heading") == "\\# no heading"
    assert plain("1. no list") == "1\\. no list"
    assert plain("- a | b *c* <d>") == "\\- a \\| b \\*c\\* \\<d>"
    assert plain("---\nstatus: x") == "\\--- status: x"


def test_copy_for_others_leaves_personal_words_out(tmp_path: Path) -> None:
    given = {**ANSWERED, "sponsor_said": "Jane Doe: yes", "dissent": ("Jim Poe: no",)}
    copy = told(tmp_path, scenario("neophytes-and-experts"), others=True, **given)
    for text in (html(copy), madr(copy), as_csv(copy), prov_json(copy)):
        for name in ("Jane", "Jim", str(tmp_path)):
            assert name not in text
    assert LEFT_OUT in html(copy)
    assert "900" in html(copy)  # no group here is small


def test_copy_for_others_tells_no_number_about_a_few_people(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("neophytes-and-experts")).read_text("utf-8")
    case.write_text(text.replace("count: 260", "count: 3").replace("name: experts", "name: heads"))
    whole, copy = told(tmp_path, str(case)), told(tmp_path, str(case), others=True)
    assert "<td>3</td>" in html(whole)
    page = re.sub(r"[0-9a-f]{64}", "", html(copy))  # a hash may hold any number
    assert "fewer than 5" in page
    assert "900" not in page  # with the total, it would tell the other
    assert "<svg" not in page
    assert "99.7" not in page


def test_small_answers_are_not_told_to_others(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    base = Path(scenario("the-sweet-spot")).read_text("utf-8").split("expect:")[0]
    case.write_text(
        base.replace("scenario: 1", "scenario: 1\nas_of: 2026-11-24")
        + "evidence:\n  - {fact: member_value_now, source: interview, date: 2026-10-01, n: 3, population: 220, reading: 77}\n"
    )
    assert "3 people" in html(told(tmp_path, str(case)))
    page = html(told(tmp_path, str(case), others=True))
    assert "fewer than 5 people" in page
    assert "reading 77" not in page
    assert "77" not in page.split("What the facts rest on")[1].split("Where this comes from")[0]


def test_count_of_a_few_people_is_not_told_to_others(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("silent-drift")).read_text("utf-8").split("expect:")[0]
    case.write_text(text.replace("core_group_size: 6", "core_group_size: 4"))
    row = r"People in the core group</th><td>(.*?)</td>"
    assert set(re.findall(row, html(told(tmp_path, str(case))))) == {"4"}
    assert set(re.findall(row, html(told(tmp_path, str(case), others=True)))) == {"left out"}


def test_proposal_says_that_it_is_one(tmp_path: Path) -> None:
    page = html(told(tmp_path, scenario("neophytes-and-experts")))
    assert "PROPOSED, NOT AGREED" in page
    assert "it waits for an answer" in page


@pytest.mark.parametrize(
    "name",
    ["silent-drift", "a-club-that-nobody-carries", "no-sponsor-at-all", FEW, "two-sponsors-pull-apart"],
)
def test_every_kind_of_answer_can_be_reported(tmp_path: Path, name: str) -> None:
    found = told(tmp_path, scenario(name))
    assert re.findall(r"<h2>(.*?)</h2>", html(found)) == [
        h for h in HEADINGS if h in {b.text for b in found.document.blocks}
    ]
    assert pdf(found).startswith(b"%PDF")


def test_files_are_written_whole_and_never_unasked_over_another(tmp_path: Path, plain_report: Told) -> None:
    for suffix in ("html", "pdf", "xlsx", "csv", "md", "json", "provn"):
        check(tmp_path / f"r.{suffix}")
        write(plain_report, tmp_path / f"r.{suffix}")
        assert (tmp_path / f"r.{suffix}").stat().st_size > 500
        with pytest.raises(UserError, match="SV112"):
            check(tmp_path / f"r.{suffix}")
    assert zipfile.is_zipfile(tmp_path / "r.xlsx")
    for wrong, code in (("r.docx", "SV120"), ("r", "SV120"), ("no/r.html", "SV121")):
        with pytest.raises(UserError, match=code):
            check(tmp_path / wrong)


def test_page_has_no_accessibility_violations_in_a_browser(
    tmp_path: Path, plain_report: Told, hostile: Told
) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium is installed here")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for number, one in enumerate((plain_report, hostile)):
            file = tmp_path / f"{number}.html"
            file.write_text(html(one), encoding="utf-8")
            page = browser.new_page(viewport={"width": 400, "height": 800})
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("dialog", lambda dialog: pytest.fail("a script ran"))
            page.goto(file.as_uri())
            assert axe.Axe().run(page).response["violations"] == []
            assert len(asked) == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= 400
        browser.close()


def test_counted_pages_are_no_people_and_open_facts_leave_other_answers_open(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        "scenario: 1\nas_of: 2026-06-30\nfacts: {has_sponsor: true}\nevidence:\n"
        "  - {fact: member_value_now, source: page_visits, date: 2026-05-20, n: 30, reading: 40}\n"
    )
    done = told(tmp_path, str(case))
    said = " ".join(html(done).split())
    assert "30 items" in said
    assert "30 people" not in said
    assert "1 month old" in said
    assert "No change that somebody could make" not in said
    assert "Some facts are not known." in said
