"""The report as a Word document, since boards edit their papers: headings, lists and tables that Word knows as such."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.governance.report.blocks import SIGNS, WIDE_SIGNS, Block
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.governance.report.tiles import cut, on_paper
from sharedvalue.engine.graph.png import png

if TYPE_CHECKING:
    from docx.document import Document as Word

WIDE, NARROW, MARGIN = 297, 210, 18  # of a sheet of A4, in mm
PIXELS = 2.5  # a unit of the picture
COVER_SIGNS, HEADING = (
    92,
    1.2,
)  # of a line of the first page, and how many lines a heading takes besides its own
SIZES = (
    (9.5, 50),
    (9.0, 56),
    (8.5, 62),
)  # the size of the letters, and how many lines of it stand on the first page
SIGNED = 12  # how high a row to sign in is, in mm
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # that a ZIP knows: the same report gives the same bytes


def docx(told: Told) -> bytes:
    """The bytes of the document."""
    from docx import Document
    from docx.shared import Mm, Pt

    made = Document()
    document = told.document
    style: Any = made.styles["Normal"]
    style.font.name, style.font.size = "DejaVu Sans", Pt(_size(document.blocks))
    style.paragraph_format.space_after = Pt(4)
    for name, size, before in (("Title", 18, 0), ("Heading 1", 12, 10)):
        shown: Any = made.styles[name]
        shown.font.size, shown.font.name = Pt(size), "DejaVu Sans"
        shown.paragraph_format.space_before, shown.paragraph_format.space_after = Pt(before), Pt(3)
    day = dt.datetime.fromisoformat(f"{document.date}T00:00:00")
    about = made.core_properties
    about.title, about.subject, about.language = document.title, document.headline, "en"
    about.comments = f"Record {document.record} of {document.date}"
    about.author, about.created, about.modified, about.revision = "sharedvalue", day, day, 1
    page = made.sections[0]
    page.page_width, page.page_height = Mm(NARROW), Mm(WIDE)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(page, side, Mm(MARGIN))
    _numbered(page)
    made.add_heading(document.title, 0)
    made.add_paragraph().add_run(document.headline).bold = True
    made.add_paragraph(f"Record {document.record} of {document.date}.")
    body, torn = made.element.body, 0
    for block in (*document.blocks, Block("page", joined=True)):
        if block.kind == "page" and torn:
            _keep_together(body[torn:-1])
        if block.kind == "page":
            torn = len(body) - 1 if block.joined else 0
        if not block.joined:
            _add(made, block)
    out = io.BytesIO()
    made.save(out)
    return _same_each_time(out.getvalue())


def _keep_together(elements: Sequence[Any]) -> None:
    """Paragraphs and tables that Word is to leave on one page, if they fit on one."""
    from docx.oxml.ns import qn

    found = [p for one in elements for p in one.iter(qn("w:p"))]
    for paragraph in found[:-1]:
        paragraph.get_or_add_pPr().get_or_add_keepNext()


def _size(blocks: Sequence[Block]) -> float:
    """The size of the letters, in points: smaller where the first page would else run over onto a second."""
    cover = list(takewhile(lambda block: block.kind != "page", blocks))
    texts = [text for block in cover for text in (block.items or (block.text,))]
    lines = sum(1 + len(text) // COVER_SIGNS for text in texts) + sum(
        HEADING for b in cover if b.kind == "heading"
    )
    return next((size for size, most in SIZES if lines <= most), SIZES[-1][0])


def _add(made: Word, block: Block) -> None:
    if block.kind == "heading":
        made.add_heading(block.text, 1)
    elif block.kind in ("paragraph", "note"):
        made.add_paragraph(block.text, "Intense Quote" if block.kind == "note" else None)
    elif block.kind == "bullets":
        for item in block.items:
            made.add_paragraph(item, "List Bullet")
    elif block.kind == "quote":
        made.add_paragraph(f"“{block.text}”", "Quote")
        made.add_paragraph(block.by)
    elif block.kind == "picture":
        _picture(made, block)
    elif block.kind == "signatures":
        room = replace(block, rows=tuple((item, "", "", "") for item in block.items))
        _table(made, room, SIGNED)
    elif block.kind == "table" and block.rows:
        _table(made, block)
    elif block.kind == "page":
        _page(made, block.wide)


def _numbered(page: Any) -> None:
    """The number of each page, in the middle of its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = page.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    line._p.append(number)


def _page(made: Word, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(WIDE), Mm(NARROW)) if wide else (Mm(NARROW), Mm(WIDE))


def _table(made: Word, block: Block, high: int = 0) -> None:
    """A table with its caption; its rows at least `high` mm."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    caption = made.add_paragraph()
    caption.add_run(block.text).bold = True
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=1, cols=len(block.head), style="Table Grid")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")  # the first row is the head, on every page
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in block.rows:
        added = table.add_row()
        added.height = Mm(high) if high else None
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(added.cells, row, strict=True):
            cell.text = text
    section = made.sections[-1]
    widths = block.widths(WIDE_SIGNS if section.orientation else SIGNS)
    room = (section.page_width or Mm(NARROW)) - 2 * Mm(MARGIN)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = room * width // sum(widths)
        for cell in column.cells:
            cell.width = column.width
    for one in (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs):
        one.paragraph_format.space_after = Pt(2)
        for run in one.runs:
            run.font.size = Pt(8)
    made.add_paragraph()


def _picture(made: Word, block: Block) -> None:
    """Each part of a picture on a page of its own, with a text for those who do not see it."""
    from docx.shared import Mm

    if block.by:
        made.add_paragraph(block.by)
    for number, (part, over) in enumerate(zip(block.parts, block.items, strict=True)):
        if over:
            made.add_paragraph(over).paragraph_format.keep_with_next = True
        drawn = png(cut(block.svg, part), PIXELS)
        shape = made.add_picture(io.BytesIO(drawn), width=Mm(on_paper(part, block.unit, block.wide)[0]))
        shape._inline.docPr.set("descr", said("picture_more") if number else block.text)


def _same_each_time(content: bytes) -> bytes:
    """The same archive without the hour at which it was packed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into,
    ):
        for entry in source.infolist():
            plain = zipfile.ZipInfo(entry.filename, FIRST_DAY)
            plain.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(plain, source.read(entry.filename))
    return out.getvalue()
