"""Start: all communities with their answers; sort, filter, begin, duplicate, rename, archive, restore; two compared."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.scenario_file import read_text
from sharedvalue.web.cases import MOST_TEXT, Case, Changed, Opened, version_of
from sharedvalue.web.rooms.records import of_ledger
from sharedvalue.web.visit import Room, Visit, acts, shows, soon
from sharedvalue.web.words import later

MOST_TITLE = 200
REVIEW = 5  # the cell of a record that holds its review date
ORDERS = {  # what the list may be sorted by
    "changed": later("last changed"),
    "title": later("name"),
    "answer": later("answer"),
    "due": later("what is due first"),
}


def text_of(case: Case) -> str:
    try:
        return read_text(case.path)
    except UserError:
        return ""


async def start(visit: Visit) -> Response:
    """The list at once; where deciding all of them takes long, the answers follow."""
    cases = list(visit.place.folder.listing().values())
    asked = {name: visit.request.query_params.get(name, "")[:100] for name in ("find", "answer", "by")}
    now = visit.by_htmx or visit.request.query_params.get("whole") == "1" or any(asked.values())
    own = [case for case in cases if not case.sample]
    work = rows(visit, own)
    found = await (work if now else soon(work, None))
    shown = None if found is None else chosen(found, asked)
    signs = await visit.work("home:signs")
    if visit.by_htmx:
        return visit.render(
            "start/cases.html", own=shown, asked=asked, orders=ORDERS, all=len(own), signs=signs
        )
    samples = [(case.slug, case.name, text_of(case)) for case in cases if case.sample]
    away = visit.place.folder.archived()
    return visit.render(
        "start/start.html",
        room="start",
        own=shown,
        all=len(own),
        asked=asked,
        orders=ORDERS,
        signs=signs,
        samples=await visit.work("home:titles", files=samples),
        away=await visit.work("home:titles", files=[(s, c.name, text_of(c)) for s, c in away.items()]),
        folder=visit.place.settings.folder.resolve().name,
    )


async def rows(visit: Visit, cases: list[Case]) -> list[dict[str, Any]]:
    texts = [text_of(case) for case in cases]
    found = await asyncio.gather(
        *(visit.work("home:row", text=text, file=case.name) for case, text in zip(cases, texts, strict=True))
    )
    due = await reviews(visit)
    return [
        {
            **row,
            "slug": case.slug,
            "version": version_of(text),
            "due": due.get(case.name, ""),
            "changed": changed(case),
        }
        for case, text, row in zip(cases, texts, found, strict=True)
    ]


async def reviews(visit: Visit) -> dict[str, str]:
    """The review date of the last record about each file."""
    listed = await of_ledger(visit, "listing")
    found: dict[str, str] = {}
    for row in listed["rows"]:
        if row["file"] not in found:
            found[row["file"]] = "" if row["answered"] else str(row["cells"][REVIEW])
    return found


def changed(case: Case) -> str:
    try:
        return dt.datetime.fromtimestamp(case.path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    except OSError:
        return ""


def chosen(found: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
    """The rows that were asked for, in the order that was asked for."""
    wanted = asked["find"].casefold()
    kept = [
        row
        for row in found
        if wanted in f"{row['title']} {row['story']}".casefold()
        and (
            not asked["answer"] or (row["look"] and row["look"]["outcome"].lower() == asked["answer"].lower())
        )
    ]
    by = asked["by"] or "changed"
    if by == "title":
        return sorted(kept, key=lambda row: row["title"].casefold())
    if by == "answer":
        return sorted(
            kept, key=lambda row: (row["look"]["title"] if row["look"] else "~", row["title"].casefold())
        )
    if by == "due":
        return sorted(kept, key=lambda row: (row["due"] or "9999", row["title"].casefold()))
    return sorted(kept, key=lambda row: row["changed"], reverse=True)


async def compare(visit: Visit) -> Response:
    """Two people's answers side by side."""
    listing = visit.place.folder.listing()
    cases = [case for case in listing.values() if not case.sample]
    titled = await visit.work("home:titles", files=[(c.slug, c.name, text_of(c)) for c in cases])
    one, other = (visit.request.query_params.get(name, "")[:200] for name in ("one", "other"))
    found = None
    if one in listing and other in listing and one != other:
        sides = [visit.place.folder.open(slug) for slug in (one, other)]
        assert sides[0] is not None
        assert sides[1] is not None
        found = await visit.work(
            "home:compared",
            one=sides[0].text,
            one_file=sides[0].case.name,
            other=sides[1].text,
            other_file=sides[1].case.name,
        )
    return visit.render("start/compare.html", room="start", cases=titled, one=one, other=other, found=found)


async def begin(visit: Visit) -> Response:
    title = " ".join(visit.said("title", MOST_TITLE).split())
    sponsor = visit.said("has_sponsor", 3)
    if not title or not title.isprintable():
        raise mistake(
            "SV205", "title", "a name is needed", "A few words are enough, and you can change them later."
        )
    if sponsor not in ("yes", "no"):
        raise mistake(
            "SV205",
            "sponsor",
            "it is not said whether there is a sponsor",
            "Say yes or no; all else may stay open.",
        )
    text = await visit.work("answers:begun", title=title, sponsor=sponsor)
    case = visit.place.folder.create(title, text)
    return visit.go(f"/s/{case.slug}/questions/next")


async def copy(visit: Visit) -> Response:
    """A scenario of one's own that begins as a copy."""
    opened = visit.opened()
    if len(opened.text) > MOST_TEXT:
        raise mistake(
            "SV104", opened.case.name, "the scenario is too long for the page", "Copy the file by hand."
        )
    case = visit.place.folder.create(opened.case.path.stem, opened.text)
    return visit.go(f"/s/{case.slug}/questions")


async def rename(visit: Visit) -> Response:
    opened = _form_of(visit)
    text = await visit.about("answers:titled", opened, title=visit.said("title", MOST_TITLE), story=None)
    await visit.place.folder.write(opened, text)
    return visit.go("/")


async def archive(visit: Visit) -> Response:
    await visit.place.folder.archive(_form_of(visit))
    return visit.go("/")


async def restore(visit: Visit) -> Response:
    if visit.place.folder.restore(visit.said("slug", 200)) is None:
        raise HTTPException(404)
    return visit.go("/")


def _form_of(visit: Visit) -> Opened:
    opened = visit.opened()
    if visit.said("version", 100) != opened.version:
        raise Changed(opened)
    return opened


async def scenario(visit: Visit) -> Response:
    return visit.go(f"/s/{visit.opened().case.slug}/decision")


ROOM = Room(
    "start",
    later("Start"),
    "/",
    (
        shows("/", start),
        shows("/compare", compare),
        acts("/begin", begin),
        acts("/restore", restore),
        shows("/s/{slug}", scenario),
        acts("/s/{slug}/copy", copy),
        acts("/s/{slug}/rename", rename),
        acts("/s/{slug}/archive", archive),
    ),
)
