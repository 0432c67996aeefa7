"""What of PDF/UA-1 a machine can tell of a file, after the checkpoints of the Matterhorn protocol that it names beside each.

It is no validator: veraPDF is one, and stands in no registry that this project installs from. What needs eyes (whether an
alternative text says what is seen, whether the order makes sense) is not told here either.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private", "P", "H",
    "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span",
    "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure", "Formula", "Form",
}  # fmt: skip
SHOWS = {
    b"Tj",
    b"TJ",
    b"'",
    b'"',
    b"f",
    b"F",
    b"f*",
    b"S",
    b"s",
    b"B",
    b"B*",
    b"b",
    b"b*",
    b"Do",
    b"sh",
    b"EI",
}
SCOPES = {"/Row", "/Column", "/Both"}


def faults(content: bytes) -> list[str]:
    """What does not hold; nothing where all does."""
    reader = PdfReader(io.BytesIO(content), strict=True)
    return [*_document(reader), *_structure(reader), *_pages(reader)]


def _document(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    if reader.is_encrypted:
        yield "26: it is encrypted"
    if not _true(root.get("/MarkInfo", {}).get("/Marked")):
        yield "06: it does not say that it is tagged"
    if _true(root.get("/MarkInfo", {}).get("/Suspects")):
        yield "02: it says that its tags are suspect"
    if not root.get("/Lang"):
        yield "11: it names no language"
    if not _true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        yield "07: a viewer shows the name of the file, not the title"
    told = root["/Metadata"].get_data().decode("utf-8") if "/Metadata" in root else ""
    if not re.search(r"pdfuaid:part(?:=\"|>)1", told):
        yield "05: its metadata do not say PDF/UA-1"
    if not re.search(r"<dc:title>.*?<rdf:li[^>]*>[^<]+<", told, re.DOTALL):
        yield "06: its metadata name no title"


def _true(value: Any) -> bool:
    return bool(getattr(value, "value", value))


def _children(node: Any) -> Iterator[Any]:
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found


def _structure(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    tree = root.get("/StructTreeRoot")
    if tree is None:
        yield "06: there is no tree of tags"
        return
    if "/ParentTree" not in tree:
        yield "06: no way leads from the pages to the tags"
    roles = {str(k)[1:]: str(v)[1:] for k, v in tree.get("/RoleMap", {}).items()}
    level = 0
    for node, above in _walk(tree, ()):
        kind = str(node["/S"])[1:]
        kind = roles.get(kind, kind)
        if kind not in STANDARD:
            yield f"02: the tag {kind} is none of the standard"
        if kind == "Figure" and not (node.get("/Alt") or node.get("/ActualText")):
            yield "13: a picture has no text for those who do not see it"
        if re.fullmatch(r"H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"14: a heading {kind} comes after level {level}"
            level = int(kind[1])
        if kind == "TH" and _scope(node) not in SCOPES:
            yield "15: a head of a table does not say of what it is the head"
        if kind in ("TH", "TD") and "TR" not in above:
            yield f"09: a {kind} stands in no row"
        if kind == "TR" and "Table" not in above:
            yield "09: a row stands in no table"
        if kind == "LI" and "L" not in above:
            yield "09: an item stands in no list"


def _walk(node: Any, above: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for kid in _children(node):
        yield kid, above
        yield from _walk(kid, (*above, str(kid["/S"])[1:]))


def _scope(node: Any) -> str:
    given = node.get("/A", [])
    for one in given if isinstance(given, list) else [given]:
        found = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(found, DictionaryObject) and "/Scope" in found:
            return str(found["/Scope"])
    return ""


def _pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, start=1):
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"28: on page {number} the tab order is not that of the tags"
        if "/StructParents" not in page:
            yield f"06: page {number} is not joined to the tags"
        resources: Any = page["/Resources"]
        for name, font in resources.get("/Font", {}).items():
            if not _embedded(font.get_object()):
                yield f"31: the font {name} of page {number} is not in the file"
        yield from _marked(reader, page, number)


def _embedded(font: Any) -> bool:
    inner: Any = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    about: Any = inner.get("/FontDescriptor", {})
    about = about.get_object() if isinstance(about, IndirectObject) else about
    return any(key in about for key in ("/FontFile", "/FontFile2", "/FontFile3")) and "/ToUnicode" in font


def _marked(reader: PdfReader, page: Any, number: int) -> Iterator[str]:
    """All that is shown is tagged, or marked as beside the content."""
    depth = 0
    for _, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BMC", b"BDC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in SHOWS and depth == 0:
            yield f"01: something on page {number} is neither content nor beside it"
            return
