"""Files that are no tables, read as rows: Posts.xml as a stream, JSON of two tools; notes of interviews are in notes.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.chats import discord, is_discord
from sharedvalue.engine.evidence.files import CHUNK, File, Progress, damaged
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet
from sharedvalue.engine.evidence.notes import is_notes, notes_file

MOST_JSON = 200_000_000
POST = (
    "Id", "PostTypeId", "AcceptedAnswerId", "ParentId", "CreationDate", "Score", "ViewCount", "OwnerUserId", "OwnerDisplayName",
    "LastEditDate", "LastActivityDate", "Title", "Tags", "AnswerCount", "CommentCount", "FavoriteCount", "ClosedDate",
    "CommunityOwnedDate", "ContentLicense",
)  # fmt: skip


def sheet_of_document(file: File, progress: Progress | None = None, as_format: str = "") -> Sheet | None:
    """The rows of an XML, JSON or Markdown file; None where it is none of these, or where a person says that it is a table."""
    start = file.head.decode(file.codec, "ignore").lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _xml(file, progress)
    if start.startswith(("{", "[")):
        return _json(file)
    if as_format not in ("", "interview-notes"):
        return None
    return notes_file(file) if is_notes(start) else None


# ---- XML ------------------------------------------------------------------------------------------------------------


def _xml(file: File, progress: Progress | None) -> Sheet:
    name = str(file.path)

    def rows(watch: Progress | None = progress) -> Iterator[list[str]]:
        yield list(POST)
        yield from _posts(file, watch)

    head = tuple(tuple(row) for row in islice(rows(None), HEAD_ROWS))
    return Sheet(
        name,
        file.encoding,
        "",
        head,
        rows,
        "posts",
        file.codec,
        (*file.notes, "The texts of posts are not read."),
    )


def _posts(file: File, progress: Progress | None) -> Iterator[list[str]]:
    """One row a post, as they come; entities, document types and outside references are refused."""
    from xml.sax.handler import ContentHandler
    from xml.sax.xmlreader import AttributesImpl

    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import create_parser

    waiting: list[list[str]] = []

    class Posts(ContentHandler):
        depth = 0

        def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX calls it so
            if self.depth == 0 and name == "document" and b"<LimeSurveyDocType>" in file.head:
                raise mistake(
                    "SV410",
                    str(file.path),
                    "this is the structure of a LimeSurvey survey (.lss): its questions, and nobody's answers",
                    "In LimeSurvey: Responses, Export, Export responses, as CSV or Excel.",
                )
            if self.depth == 0 and name != "posts":
                raise mistake(
                    "SV410",
                    str(file.path),
                    f"the root of this XML is '{name[:40]}', not 'posts'",
                    "Of a Stack Exchange dump, Posts.xml is read. Export others as CSV.",
                )
            self.depth += 1
            if self.depth > 50:
                raise mistake(
                    "SV415", str(file.path), "elements nested more than 50 deep", "Is it the right file?"
                )
            if name == "row":
                get = attrs.get
                waiting.append([get(key, "") for key in POST])

        def endElement(self, name: str) -> None:  # noqa: ARG002, N802  # SAX calls it so
            self.depth -= 1

    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(Posts())
    done = 0
    from xml.sax import SAXException

    try:
        with file.open() as stream:
            while chunk := stream.read(CHUNK >> 2):
                parser.feed(chunk)
                done += len(chunk)
                if progress:
                    progress(done, file.size)
                yield from waiting
                waiting.clear()
            parser.close()
        yield from waiting
    except DefusedXmlException:
        raise mistake(
            "SV414",
            str(file.path),
            "the XML declares a document type or entities, which no dump does",
            "Do not open it: it may be made to fill the memory. Get the dump from its publisher.",
        ) from None
    except (LookupError, ValueError):
        raise mistake(
            "SV412",
            str(file.path),
            "the XML declares an encoding that is not known, or not its own",
            'Save it as UTF-8, with encoding="UTF-8" in its first line.',
        ) from None
    except SAXException as error:
        words = error.getMessage()
        line = getattr(error, "getLineNumber", lambda: 0)() or 0
        raise damaged(
            f"{file.path}:{line}" if line else str(file.path), f"this is no whole XML ({words})"
        ) from None


# ---- JSON -----------------------------------------------------------------------------------------------------------


def _json(file: File) -> Sheet:
    name = str(file.path)
    if file.size > MOST_JSON:
        raise mistake(
            "SV415", name, f"JSON of more than {MOST_JSON:,} bytes", "Export it as CSV, or in parts."
        )
    documents, decoder, at = [], json.JSONDecoder(), 0
    with file.text() as stream:
        text = stream.read(MOST_JSON + 1).lstrip("\ufeff")
    try:
        while at < len(text):
            while at < len(text) and text[at].isspace():
                at += 1
            if at < len(text):
                document, at = decoder.raw_decode(text, at)
                documents.append(document)
    except RecursionError:
        raise mistake("SV415", name, "the JSON is nested too deep", "Is it the right file?") from None
    except ValueError as error:
        raise damaged(name, f"this is no whole JSON ({error})") from None
    flat = [
        page for document in documents for page in (document if isinstance(document, list) else [document])
    ]
    if channels := [page for page in flat if is_discord(page)]:
        return discord(name, channels)
    if found := [d for page in flat if (d := _discussions(page)) is not None]:
        return _github(file, found)
    if (
        len(documents) == 1
        and isinstance(query := documents[0], dict)
        and {"columns", "rows"} <= query.keys()
    ):
        return _query(file, query)
    keys = (
        ", ".join(sorted(str(key)[:30] for key in documents[0])[:8])
        if isinstance(documents[0], dict)
        else "a list"
    )
    raise mistake(
        "SV411",
        name,
        f"this JSON holds neither discussions, nor columns and rows, nor messages of a channel; found: {keys}",
        "GitHub Discussions, Discourse queries and channels of Discord are read as JSON; export others as CSV.",
    )


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _discussions(page: Any) -> dict[str, Any] | None:
    """The discussions of a query's answer, with or without what stands around them; or a bare list of them."""
    for way in (("data", "repository"), ("data", "organization"), ("repository",), ("data",), ()):
        found = _at(page, *way, "discussions")
        if isinstance(found, dict):
            return found
    bare = isinstance(page, dict) and {"number", "title", "category"} <= page.keys() and "createdAt" in page
    return {"nodes": [page], "pageInfo": {}} if bare else None


def _github(file: File, pages: Sequence[dict[str, Any]]) -> Sheet:
    names = (
        "number", "title", "url", "createdAt", "updatedAt", "author", "category", "isAnswerable", "answered", "upvotes",
        "comments", "reactions", "labels", "closed", "locked",
    )  # fmt: skip
    rows = [list(names)]
    for page in pages:
        nodes = page.get("nodes")
        if not isinstance(nodes, list):
            edges = page.get("edges")
            nodes = [_at(edge, "node") for edge in edges] if isinstance(edges, list) else []
        for node in nodes:
            if not isinstance(node, dict):
                continue
            labels = _at(node, "labels", "nodes")
            answered = node.get("isAnswered")
            if answered is None and "answerChosenAt" in node:
                answered = node["answerChosenAt"] is not None
            if answered is None and "answer" in node:
                answered = node["answer"] is not None
            rows.append(
                [
                    *(_said(node.get(key)) for key in ("number", "title", "url", "createdAt", "updatedAt")),
                    _said(_at(node, "author", "login")),
                    _said(_at(node, "category", "name")),
                    _said(_at(node, "category", "isAnswerable")),
                    _said(answered),
                    _said(node.get("upvoteCount")),
                    _said(_at(node, "comments", "totalCount")),
                    _said(_at(node, "reactions", "totalCount")),
                    ", ".join(_said(_at(label, "name")) for label in labels)
                    if isinstance(labels, list)
                    else "",
                    _said(node.get("closed")),
                    _said(node.get("locked")),
                ]
            )
    more = _at(pages[-1], "pageInfo", "hasNextPage")
    notes = [
        "Comments do not count replies to comments. Answered shares hold for categories that can be answered only."
    ]
    if more is True:
        notes.insert(
            0, "This is not all: hasNextPage is true. The newest discussions alone are a biased sample."
        )
    elif more is None:
        notes.insert(0, "The file does not say whether more pages follow (pageInfo.hasNextPage).")
    return _listed(file, rows, "discussions", notes)


def _query(file: File, query: dict[str, Any]) -> Sheet:
    columns, given = query["columns"], query["rows"]
    if not isinstance(columns, list) or not isinstance(given, list):
        raise damaged(str(file.path), "'columns' and 'rows' are no lists")
    rows = [[_said(c) for c in columns], *([_said(c) for c in row] for row in given if isinstance(row, list))]
    limit = query.get("default_limit")
    cut = isinstance(limit, int) and len(given) >= limit > 0
    notes = [f"The query may be cut: it has as many rows as its limit ({limit:,})."] if cut else []
    return _listed(file, rows, "query", notes)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        value.strip()
        if isinstance(value, str)
        else json.dumps(value)
        if isinstance(value, dict | list)
        else str(value)
    )


def _listed(file: File, rows: list[list[str]], root: str, notes: Sequence[str]) -> Sheet:
    head = tuple(tuple(row) for row in rows[:HEAD_ROWS])
    return Sheet(
        str(file.path),
        file.encoding,
        "",
        head,
        lambda: (list(row) for row in rows),
        root,
        file.codec,
        (*file.notes, *notes),
    )
