"""Records: the decisions of the ledger, what is due, whether all is sound; each one read, decided again, and downloaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import Problem, UserError, mistake
from sharedvalue.web.jobs.records import NO_LEDGER
from sharedvalue.web.visit import HTTPException, Room, Visit, shows
from sharedvalue.web.work import SLOW

FORMATS: Mapping[str, tuple[str, str, str]] = {  # suffix -> (media type, what it is called, for whom)
    "html": ("text/html", "HTML", "to read in a browser, and to print"),
    "pdf": ("application/pdf", "PDF", "to send and to print"),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "DOCX",
        "to edit in Word",
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
        "its tables, for a spreadsheet",
    ),
    "md": ("text/markdown", "MADR", "a decision record for a repository"),
    "json": ("application/json", "PROV-JSON", "where it comes from, for programs"),
    "provn": ("text/provenance-notation", "PROV-N", "the same, to read"),
}
FOR_MEMBERS = (
    "html",
    "pdf",
    "docx",
)  # the formats of the page for members, and then of the transparency record
TRANSPARENCY = ("html", "json")
FILES: Mapping[
    str, tuple[str, bool, tuple[str, ...]]
] = {  # its name -> what it is, for others, in which formats
    "report": ("report", False, tuple(FORMATS)),
    "report-for-others": ("report", True, tuple(FORMATS)),
    "summary": ("summary", True, FOR_MEMBERS),
    "transparency": ("transparency", True, TRANSPARENCY),
}
MOST_RECEIPT = 200


async def of_ledger(visit: Visit, job: str, **given: Any) -> Any:
    """What a job answers about the ledger as it is now."""
    return await visit.work(f"records:{job}", kept=False, ledger=visit.place.settings.ledger, **given)


async def listing(visit: Visit) -> Response:
    return visit.render("records/records.html", room="records", found=await of_ledger(visit, "listing"))


async def due(visit: Visit) -> Response:
    """What is due decides every record again: the page comes at once, and what was found follows."""
    text = visit.request.query_params.get("on", "")[:40].strip()
    on = _day(text) if text else dt.date.today()
    found = None
    if visit.by_htmx or visit.request.query_params.get("whole") == "1":
        found = await _there(visit, "due", today=str(on), others=others(visit), lane=SLOW)
    if visit.by_htmx:
        return visit.render("records/due_found.html", found=found)
    return visit.render("records/due.html", room="records", found=found, on=str(on))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise mistake(
            "SV508", "on", f"'{text}' is not a date", "Write it as year-month-day: 2027-03-01."
        ) from None


async def _there(visit: Visit, job: str, **given: Any) -> Any:
    """What a job answers; None where there is no ledger yet."""
    try:
        return await of_ledger(visit, job, **given)
    except UserError as error:
        if error.problems[0].code == NO_LEDGER:
            return None
        raise


async def check(visit: Visit) -> Response:
    """Whether every record is there, unchanged, and in its place."""
    said = visit.request.query_params.get("receipt", "")[:MOST_RECEIPT].strip()
    problems: tuple[Problem, ...] = ()
    try:
        found = await _there(visit, "checked", receipts=[said] if said else [], lane=SLOW)
    except UserError as error:
        if error.problems[0].code != "SV508":
            raise
        found, problems = await _there(visit, "checked", receipts=[], lane=SLOW), error.problems
    return visit.render(
        "records/check.html",
        422 if problems else 200,
        room="records",
        found=found,
        receipt=said,
        problems=problems,
    )


async def record(visit: Visit) -> Response:
    found = await one(visit, "record", others=others(visit))
    return visit.render(
        "records/record.html",
        room="records",
        found=found,
        formats=FORMATS,
        for_members=FOR_MEMBERS,
        transparency=TRANSPARENCY,
        fresh=visit.request.query_params.get("new") == "1",
        replay=None,
    )


async def replay(visit: Visit) -> Response:
    """The record decided again, by the rule book as it was."""
    again = await one(visit, "replayed", others=others(visit), lane=SLOW)
    if visit.by_htmx:
        return visit.render("records/replay.html", replay=again)
    return visit.render(
        "records/record.html",
        room="records",
        found=await one(visit, "record", others=others(visit)),
        formats=FORMATS,
        for_members=FOR_MEMBERS,
        transparency=TRANSPARENCY,
        fresh=False,
        replay=again,
    )


def others(visit: Visit) -> bool:
    """Whether whoever asks sees records as others do: without what people said in their own words."""
    return not visit.person.may("see it whole")


async def one(visit: Visit, job: str, **given: Any) -> Any:
    """What a job answers about the record of the address; 404 where there is none."""
    try:
        return await of_ledger(visit, job, wanted=visit.request.path_params["record"][:80], **given)
    except UserError as error:
        if error.problems[0].code in ("SV501", NO_LEDGER):
            raise HTTPException(404) from None
        raise


async def report(visit: Visit) -> Response:
    """A record as a file to download; the whole of it, or a copy for others."""
    name, _, suffix = visit.request.path_params["file"].rpartition(".")
    kind, for_others, formats = FILES.get(name, ("", True, ()))
    if suffix not in formats:
        raise HTTPException(404)
    if others(visit) and not for_others:
        return visit.render(
            "told.html",
            403,
            title=visit.words("Your role may not do this"),
            words=visit.words("You may download the copy for others: it leaves out personal words."),
        )
    wanted = visit.request.path_params["record"][:80]
    content = await one(visit, "report", suffix=f".{suffix}", others=for_others, kind=kind, lane=SLOW)
    file = "".join(sign for sign in wanted if sign.isalnum() and sign.isascii()) or "record"
    more = name.removeprefix("report").strip("-")
    return visit.marked(
        Response(
            content,
            media_type=FORMATS[suffix][0],
            headers={
                "content-disposition": f'attachment; filename="{file}{"-" if more else ""}{more}.{suffix}"'
            },
        )
    )


ROOM = Room(
    "records",
    "Records",
    "/records",
    (
        shows("/records", listing),
        shows("/records/due", due),
        shows("/records/check", check),
        shows("/records/{record}", record),
        shows("/records/{record}/replay", replay),
        shows("/records/{record}/{file}", report),
    ),
)
