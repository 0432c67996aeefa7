"""Record: a decision goes into the ledger, from a scenario or as an answer to an earlier record; first shown, then written."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import Problem, UserError
from sharedvalue.engine.governance.form import option
from sharedvalue.engine.kept import Kept
from sharedvalue.web.cases import Changed, Opened
from sharedvalue.web.rooms.records import of_ledger, one
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.work import QUICK, SLOW, Failed, OutOfTime

MOST_WORDS = 4000
MOST_LINES = 30
KEPT, SHOWN = (
    500,
    50,
)  # drafts and written records that are remembered; and what was shown, which takes more room
LINES = ("by", "modes", "dissent", "heard", "actions")
NAMES = (
    *LINES, "decision", "in_words", "for_members", "why", "votes", "sponsor", "sponsor_to", "sponsor_role", "sponsor_date", "sponsor_said",
    "review_date", "objection", "object_to", "object_until", "risks_with",
)  # fmt: skip
FIELDS = {option(name): name for name in NAMES}  # the option that a mistake names -> the field of the form


@dataclass(frozen=True)
class About:
    """What a form is about: a scenario of the folder, or the record that is answered."""

    path: str
    title: str
    proposed: str
    opened: Opened | None = None
    answers: str = ""


_drafts: Kept[dict[str, str]] = Kept(KEPT)  # what was typed, until it is recorded
_shown: Kept[bytes] = Kept(SHOWN)  # what was shown is what is recorded, without deciding again
_written: Kept[str] = Kept(KEPT)  # a form that was sent twice records once
_locks: dict[str, asyncio.Lock] = {}


async def of_scenario(visit: Visit) -> Response:
    return await _form(visit, await _scenario(visit))


async def of_record(visit: Visit) -> Response:
    return await _form(visit, await _answering(visit))


async def look_at_scenario(visit: Visit) -> Response:
    return await _look(visit, await _scenario(visit))


async def look_at_record(visit: Visit) -> Response:
    return await _look(visit, await _answering(visit))


async def keep_scenario(visit: Visit) -> Response:
    return await _keep(visit, await _scenario(visit))


async def keep_record(visit: Visit) -> Response:
    return await _keep(visit, await _answering(visit))


async def _scenario(visit: Visit) -> About:
    opened = visit.opened()
    found = await visit.about("decision:answer", opened)
    return About(f"/s/{opened.case.slug}/record", found["title"], found["proposed"], opened)


async def _answering(visit: Visit) -> About:
    found = await one(visit, "record", others=False)
    return About(f"/records/{found['id']}/answer", found["title"], found["proposed"], None, found["id"])


def _typed(visit: Visit) -> dict[str, str]:
    """What the form says, as it was typed."""
    typed = {name: visit.said(name, MOST_WORDS + 500).replace("\r\n", "\n") for name in (*NAMES, "answers")}
    modes = [one for one in visit.form.getlist("modes") if isinstance(one, str)][:MOST_LINES]
    return {**typed, "modes": "\n".join(modes)}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:MOST_LINES]


async def _form(
    visit: Visit, about: About, shown: Any = None, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    typed = _drafts.get((visit.session, about.path)) or {}
    earlier = await of_ledger(visit, "listing") if about.opened else {"rows": []}
    return visit.render(
        "records/form.html",
        status,
        room="record" if about.opened else "records",
        opened=about.opened,
        case_title=about.title,
        about=about,
        typed={name: typed.get(name, "") for name in (*NAMES, "answers")},
        asked=await of_ledger(visit, "form"),
        earlier=[row for row in earlier["rows"] if not row["answered"]],
        shown=shown,
        wrong={FIELDS[p.place.file]: (p.what, p.mend) for p in problems},
        first_wrong=FIELDS[problems[0].place.file] if problems else "",
        once=secrets.token_urlsafe(16),
    )  # fmt: skip


def _named(visit: Visit, about: About, typed: dict[str, str]) -> tuple[str, ...]:
    """By what the same form about the same facts, on the same day, is known again."""
    version = about.opened.version if about.opened else ""
    return visit.session, about.path, version, str(dt.date.today()), *typed.values()


async def _drafted(visit: Visit, about: About, write: bool, sent: str = "") -> Any:
    typed = _typed(visit)
    named = _named(visit, about, typed)
    if about.opened is not None and visit.said("version", 100) != about.opened.version:
        raise Changed(about.opened)
    fields = {name: lines(typed[name]) if name in LINES else typed[name].strip() for name in NAMES}
    found = await of_ledger(
        visit,
        "drafted",
        scenario=str(about.opened.case.path) if about.opened else "",
        text=about.opened.text if about.opened else "",
        file=about.opened.case.name if about.opened else "",
        answers=about.answers or typed["answers"][:20],
        fields=fields,
        write=write,
        shown=(_shown.get(named) or b"") if write else b"",
        today=str(dt.date.today()),
        sent=sent,
        entered_by=visit.person.name,
        lane=SLOW
        if write
        else QUICK,  # longer than a ledger waits for whoever writes before: the inner wait ends first
    )
    if not write:
        _shown.put(named, found.pop("packed"))
    return found


async def _look(visit: Visit, about: About) -> Response:
    """What would be recorded; nothing is."""
    _drafts.put((visit.session, about.path), _typed(visit))
    try:
        shown = await _drafted(visit, about, False)
    except UserError as error:
        if any(p.place.file not in FIELDS for p in error.problems):
            raise
        return await _form(visit, about, None, tuple(error.problems), 422)
    return await _form(visit, about, shown)


async def _keep(visit: Visit, about: About) -> Response:
    """Records what was shown."""

    async def write(once: str) -> str:
        return str((await _drafted(visit, about, True, once))["id"])

    name = await once_only(visit, write)
    _drafts.drop((visit.session, about.path))
    return visit.go(f"/records/{name}?new=1")


async def once_only(visit: Visit, write: Callable[[str], Awaitable[str]]) -> str:
    """The record that a form makes; sent twice, it is made once, also if the page or its worker ended in between.

    Of a worker that was stopped nobody knows how far it came: the ledger is asked before anything is said.
    """
    once = f"{visit.session} {visit.said('once', 60)}"
    lock = _locks.setdefault(once, asyncio.Lock())
    try:
        async with lock:
            name = _written.get(once) or ""
            if not name:
                try:
                    name = await write(once)
                except (OutOfTime, Failed):
                    name = str((await of_ledger(visit, "sent", key=once, lane=SLOW))["id"])
                    if not name:
                        raise
                _written.put(once, name)
    finally:
        _locks.pop(once, None)
    return name


ROOM = Room(
    "record",
    "Record",
    "record",
    (
        shows("/s/{slug}/record", of_scenario, needs="write"),
        acts("/s/{slug}/record/look", look_at_scenario),
        acts("/s/{slug}/record/keep", keep_scenario),
        shows("/records/{record}/answer", of_record, needs="write"),
        acts("/records/{record}/answer/look", look_at_record),
        acts("/records/{record}/answer/keep", keep_record),
    ),
    of_case=True,
)
