"""Reports: readable, printable, accessible, safe with hostile words, the same each time, and discreet where they must be."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from prov.model import ProvDocument

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.follow_up import Told as Happenings
from sharedvalue.engine.governance.follow_up import follow_up
from sharedvalue.engine.governance.form import Form, Votes
from sharedvalue.engine.governance.form_words import in_record
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.record import draft, propose
from sharedvalue.engine.governance.report.blocks import table
from sharedvalue.engine.governance.report.cells import as_csv, xlsx
from sharedvalue.engine.governance.report.document import REPORT, SUMMARY, TRANSPARENCY, Told, tell
from sharedvalue.engine.governance.report.docx import docx
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.report.madr import madr, plain
from sharedvalue.engine.governance.report.pdf import pdf
from sharedvalue.engine.governance.report.provenance import prov_json, prov_n
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.governance.report.transparency import transparency_html, transparency_json
from sharedvalue.engine.governance.report.write import check, write
from tests.governance import pdf_ua
from tests.governance.common import TODAY, book, proposed, scenario
from tests.governance.pdf_ua import faults

EVIL = (
    '=cmd|"/c calc"!A1 <script>alert(1)</script> #let x = panic() **bold** [x](javascript:1) {{ 7*7 }} & "é"'
)
COVER = ("The community", "The sponsor's problem", "The proposal, and how it stands", "Why", "Who would lose what",
         "What is not known", "What is asked of the board")  # fmt: skip
HEADINGS = (
    *COVER, "The options", "Groups of members", "The facts on which it rests",
    "What was not known, and what does not fit together", "Risks, and what to do", "The decision",
    "Annex A: the chain of rules", "Annex B: the reasons as a picture", "Annex C: what the article says",
    "Annex D: the numbers in force", "Annex E: what this is made for, and what it is not",
    "Annex F: how the rule book was checked", "Annex G: all facts", "Annex H: where this comes from",
)  # fmt: skip
ATRS = """
    0.1 0.2 0.3 0.4 0.5 1.1 1.2 1.3 1.4
    2.1.1 2.1.2 2.1.3 2.1.4 2.1.4.1 2.1.4.2 2.1.4.3 2.1.4.4 2.1.4.5 2.2.1 2.2.2 2.2.3 2.2.4
    2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.4.1.1 2.4.1.2 2.4.1.3 2.4.1.4 2.4.1.5
    2.4.2.1 2.4.2.2 2.4.2.3 2.4.2.4 2.4.2.5 2.4.2.6 2.4.2.7 2.4.2.8
    2.4.3.1 2.4.3.2 2.4.3.3 2.4.3.4 2.4.3.5 2.4.3.6 2.4.3.7 2.4.3.8 2.4.3.9
    2.4.4.1 2.4.4.2 2.4.4.3 2.4.4.4 2.4.4.5 2.5.1 2.5.2
"""
ATRS_NAMES = {  # of version 4.0, as it is published
    "0.1": "Title", "0.2": "Organisation name", "0.3": "Phase", "0.4": "Region", "0.5": "One sentence description",
    "1.1": "Name", "1.2": "Description", "1.3": "Website URL", "1.4": "Contact email",
    "2.1.1": "Organisation or department", "2.1.2": "Team", "2.1.3": "Senior responsible owner",
    "2.1.4": "Third party involvement", "2.2.1": "Detailed description", "2.3.2": "Human review",
    "2.4.1.2": "System-level input", "2.4.1.3": "System-level output", "2.4.1.5": "Models", "2.4.2.2": "Model version",
    "2.4.3.1": "Development data description", "2.4.3.4": "Sensitive attributes", "2.4.4.2": "Sensitive attributes",
    "2.5.1": "Impact assessments", "2.5.2": "Risks and mitigations",
}  # fmt: skip
ANSWERED: dict[str, Any] = {"sponsor": "agrees", "sponsor_role": "Unit manager", "sponsor_date": TODAY}
FEW = "two-specialists-are-not-a-circle"


def told(folder: Path, file: str, others: bool = False, kind: str = REPORT, **minutes: Any) -> Told:
    said = Form(**{"by": ("steering group",), "dissent": ("Two leads said: too early",), **minutes})
    ours = Path(file).parent == Path(scenario("x")).parent
    done = draft(proposed(Path(file).stem) if ours else propose(book(), file), said, TODAY)
    with open_ledger(str(folder / "l"), writing=True) as ledger:
        return tell(ledger, ledger.append(done.payload, done.contents), others, kind)


def both(folder: Path, file: str) -> tuple[Told, Told]:
    """The whole report of a case, and the copy of it for others."""
    done = draft(propose(book(), file), Form(("steering group",)), TODAY)
    with open_ledger(str(folder / "l"), writing=True) as ledger:
        record = ledger.append(done.payload, done.contents)
        return tell(ledger, record), tell(ledger, record, True)


def headings(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<h2>(.*?)</h2>", page)]


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
    assert headings(page) == list(HEADINGS)
    for words in (
        "Agreed: restrict the membership to experts",
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
        risky = [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert all(re.fullmatch(r"-\d+", cell) for cell in risky)  # a number below zero runs nothing
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(hostile)))
    cells = [
        cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}  # never a formula
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_pdf_is_tagged_titled_and_the_same_each_time(plain_report: Told) -> None:
    one = pdf(plain_report)
    assert one == pdf(plain_report)
    assert faults(one) == []
    assert b"DejaVu" in one


def test_what_breaks_accessibility_of_a_pdf_would_be_found(plain_report: Told) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(plain_report))))
    root: Any = writer.root_object
    for key in ("/Lang", "/MarkInfo", "/ViewerPreferences", "/Metadata"):
        del root[key]
    for node, _ in pdf_ua._walk(root["/StructTreeRoot"], ()):
        node.pop("/Alt", None)
        if node["/S"] == "/TH":
            node.pop("/A", None)
        if node["/S"] == "/H2":
            node[NameObject("/S")] = NameObject("/H5")
    out = io.BytesIO()
    writer.write(out)
    told = {fault.split(":")[0] for fault in faults(out.getvalue())}
    assert {"05", "06", "07", "11", "13", "14", "15"} <= told


def test_every_format_is_the_same_each_time(plain_report: Told) -> None:
    for make in (html, docx, xlsx, as_csv, madr, prov_json, prov_n):
        assert make(plain_report) == make(plain_report), make.__name__


def test_workbook_has_a_sheet_for_each_table(plain_report: Told) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(plain_report)))
    sheets = [b.sheet for b in plain_report.document.blocks if b.kind == "table" and b.rows]
    assert [sheet.title for sheet in workbook] == ["Decision", *sheets]  # whole names, none cut in a word
    groups = workbook["Groups"]
    assert [c.value for c in groups[3]] == ["neophytes", 900, "Would lose their place"]
    facts = workbook["Facts that turn the outcome"]
    assert facts[4][1].number_format.startswith("General")
    row = next(row for row in facts.iter_rows() if row[0].value == "Value to members now")
    assert (row[1].value, row[1].data_type, row[3].value) == (
        65,
        "n",
        said("no_day"),
    )  # its file names no day
    signed = replace(
        plain_report.document, blocks=(table("", ("What", "By"), [("tell", "2027-01-31")], "Days"),)
    )
    days = openpyxl.load_workbook(io.BytesIO(xlsx(replace(plain_report, document=signed))))["Days"]
    assert days[2][1].value == dt.datetime(2027, 1, 31)


def test_provenance_reads_back_and_names_no_person(plain_report: Told) -> None:
    made = ProvDocument.deserialize(content=prov_json(plain_report), format="json")
    named = {str(record.identifier) for record in made.get_records() if record.identifier is not None}
    assert {
        "sv:scenario",
        "sv:proposal",
        "sv:sponsors-answer",
        "sv:rulebook",
        "sv:decision",
        "sv:R0001",
        "sv:deciding",
        "sv:recording",
        "sv:role-1",
    } <= named
    assert "steering group" in prov_n(plain_report)
    for text in (prov_json(plain_report), prov_n(plain_report)):
        assert "too early" not in text
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
    assert in_record("left_out") in html(copy)
    assert "900" in html(copy)  # no group here is small


def test_copy_for_others_tells_no_number_about_a_few_people(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("neophytes-and-experts")).read_text("utf-8")
    case.write_text(text.replace("count: 260", "count: 3").replace("name: experts", "name: heads"))
    whole, copy = both(tmp_path, str(case))
    assert "<td>3</td>" in html(whole)
    page = re.sub(r"[0-9a-f]{64}", "", html(copy))  # a hash may hold any number
    assert "fewer than 5" in page
    assert "900" not in page  # with the total, it would tell the other
    assert "<svg" not in page
    assert "99.7" not in page


def test_copy_for_others_does_not_deny_what_it_leaves_out(tmp_path: Path) -> None:
    """Neither what the rules have against the evidence, nor that costs were given."""
    case = tmp_path / "case.yaml"
    text = Path(scenario("the-survey-is-three-years-old")).read_text("utf-8").split("expect:")[0]
    case.write_text(f"{text}costs:\n  KEEP_COURSE: half a day a week of two facilitators\n", "utf-8")
    whole, copy = both(tmp_path, str(case))
    assert "half a day a week" in html(whole)
    page = " ".join(html(copy).split())
    for denied in (
        "No evidence was found to be in conflict",
        "Nobody has said yet what the courses would cost",
    ):
        assert denied not in page
    assert "What the courses would cost is on record" in page


def test_small_answers_are_not_told_to_others(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    base = Path(scenario("the-sweet-spot")).read_text("utf-8").split("expect:")[0]
    case.write_text(
        base.replace("scenario: 1", "scenario: 1\nas_of: 2026-11-24")
        + "evidence:\n  - {fact: member_value_now, source: interview, date: 2026-10-01, n: 3, population: 220, reading: 77}\n"
    )
    whole, copy = both(tmp_path, str(case))
    assert "3 people" in html(whole)
    page = html(copy)
    assert "fewer than 5 people" in page
    assert "reading 77" not in page
    assert "77" not in page.split("The facts on which it rests")[1].split("Annex A")[0]


def test_share_of_a_small_group_and_single_votes_are_not_told_to_others(tmp_path: Path) -> None:
    given = {
        "decision": "NO_VIABLE_COURSE",
        "sponsor_said": "",
        **ANSWERED,
        "sponsor": "agrees_to_other",
        "sponsor_to": "a merger",
    }
    whole, copy = (
        told(tmp_path / str(others), scenario(FEW), others, votes=Votes(2, 1, 0), **given)
        for others in (False, True)
    )
    assert "5 needed" in html(whole)
    assert "2 for, 1 against" in html(whole)
    for page in (html(copy), madr(copy)):
        for words in ("5 needed", "of them are active (", "2 for", "a merger", "SV"):
            assert words not in page


def test_report_tells_first_what_became_of_it_and_what_answered_it(tmp_path: Path) -> None:
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        first = draft(proposed("the-sweet-spot"), Form(("board",), "KEEP_COURSE"), TODAY)
        record = ledger.append(first.payload, first.contents)
        said_later = Happenings(("secretary",), "otherwise", "Nobody came")
        later = follow_up(ledger, record, book(), said_later, "", {"sponsor_value_now": "50"})
        ledger.append(later.payload, later.contents)
        answer = draft(propose(book(), "", record), Form(("board",), "postponed"), TODAY, record)
        ledger.append(answer.payload, answer.contents)
        both_told = [tell(ledger, ledger.record(name)) for name in ("R1", "R2")]
        copy = html(tell(ledger, record, others=True))
    for one in both_told:
        page = html(one)
        assert headings(page)[0] == "What became of it"
        for words in (
            "told by secretary: it turned out otherwise. Nobody came.",
            "Record R0003 of",
            "Measured again",
            "<td>50</td>",
        ):
            assert words in page
        assert one.record.id == "R0001"
    assert "Nobody came" not in copy


def test_count_of_a_few_people_is_not_told_to_others(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = Path(scenario("silent-drift")).read_text("utf-8").split("expect:")[0]
    case.write_text(text.replace("core_group_size: 6", "core_group_size: 4"))
    row = r"People in the core group</th><td>(.*?)</td>"
    whole, copy = both(tmp_path, str(case))
    assert set(re.findall(row, html(whole))) == {"4"}
    assert set(re.findall(row, html(copy))) == {"left out"}


def test_proposal_says_that_it_is_one(tmp_path: Path) -> None:
    page = html(told(tmp_path, scenario("neophytes-and-experts")))
    assert "Proposed, not agreed: restrict the membership" in page
    assert "Put this proposal to the sponsor" in page


@pytest.mark.parametrize(
    "name",
    ["silent-drift", "a-club-that-nobody-carries", "no-sponsor-at-all", FEW, "two-sponsors-pull-apart"],
)
def test_every_kind_of_answer_can_be_reported(tmp_path: Path, name: str) -> None:
    found = told(tmp_path, scenario(name))
    assert headings(html(found)) == [h for h in HEADINGS if h in {b.text for b in found.document.blocks}]
    assert pdf(found).startswith(b"%PDF")


def test_files_are_written_whole_and_never_unasked_over_another(tmp_path: Path, plain_report: Told) -> None:
    for suffix in ("html", "pdf", "docx", "xlsx", "csv", "md", "json", "provn"):
        check(tmp_path / f"r.{suffix}")
        write(plain_report, tmp_path / f"r.{suffix}")
        assert (tmp_path / f"r.{suffix}").stat().st_size > 500
        with pytest.raises(UserError, match="SV112"):
            check(tmp_path / f"r.{suffix}")
    assert zipfile.is_zipfile(tmp_path / "r.xlsx")
    for wrong, code in (("r.doc", "SV120"), ("r", "SV120"), ("no/r.html", "SV121")):
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
    assert "Not known, and may change the proposal:" in said


def text_of(blocks: list[Any]) -> str:
    return " ".join(" ".join([b.text, *b.items, *(cell for row in b.rows for cell in row)]) for b in blocks)


def cover_of(found: Told) -> list[Any]:
    return list(
        found.document.blocks[: next(i for i, b in enumerate(found.document.blocks) if b.kind == "page")]
    )


def test_cover_page_speaks_in_sentences_without_names_of_rules(plain_report: Told) -> None:
    said = text_of(cover_of(plain_report))
    assert not re.findall(r"\b[A-Z]\d\d\b", said)
    assert not re.findall(r"[*]|->|_", said)
    for block in cover_of(plain_report):
        for text in (block.text, *block.items) if block.kind != "heading" else ():
            assert not text or text.rstrip("”").endswith((".", "?", "!")), text


def test_options_hold_every_course_and_the_inner_circle(plain_report: Told) -> None:
    table = next(b for b in plain_report.document.blocks if b.text.startswith("Every course"))
    titles = [row[0] for row in table.rows]
    assert titles[0] == "Restrict the membership: in full (proposed)"
    assert {
        "Keep course: as it is",
        "Keep course: an inner circle",
        "Shift the focus",
        "Not yet",
        "No viable course",
    } <= set(titles)
    assert all(cell.strip() for row in table.rows for cell in row)


def test_guild_is_told_as_the_decision_and_never_as_an_agreed_removal(tmp_path: Path) -> None:
    said = {"decision": "other", "in_words": "No exclusion; a guild inside", "why": "Nobody is to leave",
            "sponsor_to": "accepts the guild, not the removal", **ANSWERED, "sponsor": "agrees_to_other"}  # fmt: skip
    found = told(tmp_path, scenario("neophytes-and-experts"), **said)
    assert found.document.headline == "Decided otherwise: No exclusion; a guild inside."
    text = text_of(list(found.document.blocks))
    assert "Nobody is to leave" in text
    assert "accepts the guild, not the removal" in text
    assert "; the sponsor agreed to what was decided" not in text
    assert not re.search(r"\bAgreed:", text)


def test_refusal_is_told_as_one_on_every_page_that_says_how_it_stands(tmp_path: Path) -> None:
    said = {
        "decision": "RESTRICT_MEMBERSHIP",
        **ANSWERED,
        "sponsor": "refuses",
        "sponsor_said": "refuses outright",
    }
    found = told(tmp_path, scenario("neophytes-and-experts"), **said)
    assert found.document.headline.startswith("Proposed, refused by the sponsor: restrict")
    assert "agreed to what was decided" not in text_of(list(found.document.blocks))


def test_open_outer_space_is_not_told_as_the_loss_of_a_place(tmp_path: Path) -> None:
    found = told(tmp_path, scenario("laboratories-in-two-tiers"))
    groups = next(b for b in found.document.blocks if b.text.startswith("What the proposal means"))
    fates = {row[0]: row[2] for row in groups.rows}
    assert (
        fates["district laboratories"]
        == "Would lose their place in the main space; an open outer space stays for them"
    )
    assert "open outer space stays" in text_of(cover_of(found))


def test_estimates_are_never_called_firm(plain_report: Told) -> None:
    said = text_of(list(plain_report.document.blocks))
    assert "not provisional" not in said
    assert "not rated" not in said
    assert "None of the facts on which this rests comes from evidence" in said
    assert "the leader's estimate" in said


def test_facts_that_turn_the_answer_are_those_of_the_reasons(plain_report: Told) -> None:
    from sharedvalue.engine.questions.reasons import reasons

    found = reasons(plain_report.case.decision)
    assert found.complete
    scenario_of = plain_report.case.decision.worlds.scenario
    wanted = {scenario_of.address(v) for one in found.reasons for n in one for v in found.lists.get(n, (n,))}
    facts = plain_report.facts
    assert {f["name"] for f in facts.told if facts.turns(f)} == wanted & {f["name"] for f in facts.told}
    made = ProvDocument.deserialize(content=prov_json(plain_report), format="json")
    derived = [r for r in made.get_records() if "proposal" in str(r) and "Derivation" in type(r).__name__]
    rests = {str(r.args[1]) for r in derived if str(r.args[0]) == "sv:proposal"} - {
        "sv:scenario",
        "sv:rulebook",
    }
    assert len(rests) == len([f for f in facts.told if facts.turns(f) and f["rests_on"] != "nothing"])


def test_word_document_reads_back_with_headings_tables_and_the_picture(plain_report: Told) -> None:
    from docx import Document

    made = Document(io.BytesIO(docx(plain_report)))
    heads = [p.text for p in made.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert heads == [h for h in HEADINGS if h in {b.text for b in plain_report.document.blocks}]
    tables = [
        b for b in plain_report.document.blocks if b.kind in ("table", "signatures") and (b.rows or b.items)
    ]
    assert len(made.tables) == len(tables)
    picture = next(b for b in plain_report.document.blocks if b.kind == "picture")
    assert len(made.inline_shapes) == len(picture.parts)
    assert made.core_properties.title == plain_report.document.title


def test_picture_is_cut_into_parts_that_a_page_holds(plain_report: Told) -> None:
    from sharedvalue.engine.governance.report.tiles import (
        LARGEST,
        LYING,
        POINT,
        SMALLEST,
        UPRIGHT,
        VIEW,
        _cards,
        on_paper,
    )

    block = next(b for b in plain_report.document.blocks if b.kind == "picture")
    assert SMALLEST * POINT <= block.unit <= LARGEST * POINT
    for part in block.parts:
        wide, high = on_paper(part, block.unit, block.wide)
        room = LYING if block.wide else UPRIGHT
        assert wide <= room[0] + 0.01
        assert high <= room[1] + 0.01
    *parts, legend = block.parts
    size = VIEW.search(block.svg)
    assert size is not None
    assert legend[1] + legend[3] == pytest.approx(float(size[2]))
    cards = _cards(block.svg)
    assert len(cards) > 10
    for x, y, w, h in cards:  # what an edge cuts stands whole on another part, and none in the legend
        assert y + h < legend[1]
        assert any(
            left <= x and top <= y and x + w <= left + wide and y + h <= top + high
            for left, top, wide, high in parts
        )


@pytest.mark.parametrize("name", ["beekeepers-read-the-printed-letter", "silent-drift", "the-sweet-spot"])
def test_legend_of_a_picture_never_stands_alone_on_a_page(name: str) -> None:
    from sharedvalue.engine.governance.report.tiles import LYING, OVER, UPRIGHT, on_paper, tiles
    from sharedvalue.engine.graph import explanation
    from sharedvalue.engine.graph.svg import picture

    found = tiles(picture(explanation(proposed(name).case.decision)))
    room = (LYING if found.wide else UPRIGHT)[1]
    used, on_page = 0.0, 0
    for part in found.parts:
        high = on_paper(part, found.unit, found.wide)[1]
        fits = bool(used) and used + OVER + high <= room
        used, on_page = (used + OVER + high, on_page + 1) if fits else (high, 1)
    assert on_page > 1


def test_columns_are_as_wide_as_their_words_and_as_few_lines_need(plain_report: Told) -> None:
    from sharedvalue.engine.governance.report.blocks import LONGEST_WORD, SIGNS

    long = "words that go on and on " * 9
    assert table("", ("Rule", "Day"), (), "").widths()  # of no row: as wide as the heads need
    widths = table("", ("Rule", "What", "Day"), [("Z01", long, "2026-11-30")] * 3, "").widths()
    assert widths[0] < widths[2] < widths[1]
    assert sum(widths) <= SIGNS
    for block in plain_report.document.blocks:
        for width, column in (
            zip(block.widths(), zip(*block.rows, strict=True), strict=True) if block.rows else ()
        ):
            assert width > min(
                LONGEST_WORD, max(len(word) for cell in column for word in cell.split() or [""])
            )


def test_summary_for_members_is_one_page_and_tells_no_own_words(tmp_path: Path) -> None:
    given = {"decision": "RESTRICT_MEMBERSHIP", **ANSWERED, "sponsor_said": "Jane: yes", "dissent": ("Jim: no",),
             "objection": "By letter", "object_to": "head of programmes"}  # fmt: skip
    found = told(tmp_path, scenario("neophytes-and-experts"), False, SUMMARY, **given)
    said = text_of(list(found.document.blocks))
    assert "Jane" not in said
    assert "Jim" not in said
    assert "By letter, to head of programmes." in said
    assert "neophytes" in said.lower()
    assert pdf(found).count(b"/Type /Page\n") + pdf(found).count(b"/Type/Page\n") <= 1
    with pytest.raises(UserError, match=r"SV120.*summary for members"):
        check(tmp_path / "s.xlsx", kind=SUMMARY)


def test_transparency_record_says_what_it_knows_and_asks_for_the_rest(tmp_path: Path) -> None:
    found = told(tmp_path, scenario("neophytes-and-experts"), False, TRANSPARENCY, **ANSWERED)
    made = json.loads(transparency_json(found))
    fields = {one["field"]: one for one in made["fields"]}
    assert [one["field"] for one in made["fields"]] == ATRS.split()
    assert {number: fields[number]["name"] for number in ATRS_NAMES} == ATRS_NAMES
    assert "Jane" not in str(made)
    assert fields["1.2"]["filled"]
    assert not fields["2.1.1"]["filled"]
    assert not fields["2.3.5"]["filled"]  # the record does not say how to object
    page = html(found) and transparency_html(found)
    assert page.count("<tr>") >= len(fields)
    assert "Tier 2 - Deployment Context" in page
    assert "To be filled in" not in fields["2.4.2.1"]["answer"]
    assert fields["2.1.2"]["answer"] == "Put on record by: steering group."
    assert fields["2.1.4.1"]["answer"].startswith("To be filled in by the organisation")
    assert "agreed" not in fields["1.2"]["answer"].replace("not agreed", "")  # nothing was decided


def test_changed_thresholds_stand_first(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "h.yaml").write_text("thresholds: {value_unmet: {value: 20, because: ours is lower}}\n")
    from sharedvalue.engine.language.loading import load

    done = draft(propose(load([house]), scenario("the-sweet-spot")), Form(("leader",)), TODAY)
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        found = tell(ledger, ledger.append(done.payload, done.contents))
    table = next(b for b in found.document.blocks if b.text == "All thresholds")
    assert table.rows[0][0] == load().thresholds["value_unmet"].title
    assert re.search(r"\d+ of \d+ thresholds are house defaults", text_of(list(found.document.blocks)))
