"""What became of a decision: asked on a page of its own, first shown, then written as a record beside the one it is about."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import Problem, UserError, mistake
from sharedvalue.engine.governance.form import option
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.addresses import setting
from sharedvalue.web.rooms.record import KEPT, MOST_LINES, MOST_WORDS, lines, once_only
from sharedvalue.web.rooms.records import of_ledger, one
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.work import QUICK, SLOW

NAMES = ("by", "result", "words", "measured", "review_date")
OF_FACT = "fact."  # what stands before the name of a fact that has a field of its own
FIELDS = {**{option(name): name for name in (*NAMES, "done")}, option("why"): "words"}
_drafts: Kept[dict[str, Any]] = Kept(KEPT)  # what was typed, until it is recorded


async def form(visit: Visit) -> Response:
    return await _form(visit, await one(visit, "happened_form"))


async def look(visit: Visit) -> Response:
    """What would be recorded; nothing is."""
    asked = await one(visit, "happened_form")
    _drafts.put((visit.session, asked["id"]), _typed(visit, asked))
    try:
        shown = await _told(visit, asked, False)
    except UserError as error:
        return await _form(visit, asked, None, tuple(error.problems), 422)
    return await _form(visit, asked, shown)


async def keep(visit: Visit) -> Response:
    """Records what was shown."""
    asked = await one(visit, "happened_form")

    async def write(once: str) -> str:
        return str((await _told(visit, asked, True, once))["id"])

    name = await once_only(visit, write)
    _drafts.drop((visit.session, asked["id"]))
    return visit.go(f"/records/{name}?new=1")


def _typed(visit: Visit, asked: Any) -> dict[str, Any]:
    """What the form says, as it was typed."""
    typed: dict[str, Any] = {name: visit.said(name, MOST_WORDS + 500).replace("\r\n", "\n") for name in NAMES}
    typed["done"] = [text for text in visit.form.getlist("done") if isinstance(text, str)][:MOST_LINES]
    typed["facts"] = {fact["name"]: visit.said(OF_FACT + fact["name"], 100) for fact in asked["facts"]}
    return typed


async def _told(visit: Visit, asked: Any, write: bool, sent: str = "") -> Any:
    typed = _typed(visit, asked)
    return await of_ledger(
        visit,
        "happened",
        wanted=asked["id"],
        fields={
            "by": lines(typed["by"]),
            "result": typed["result"].strip(),
            "words": typed["words"].strip(),
            "done": typed["done"],
            "measured": _measured(typed),
            "review_date": typed["review_date"].strip(),
        },
        write=write,
        sent=sent,
        entered_by=visit.person.name,
        lane=SLOW if write else QUICK,
    )


def _measured(typed: dict[str, Any]) -> dict[str, str]:
    """The facts that were measured again: from their own fields, and from lines of FACT = VALUE."""
    found = {name: text.strip() for name, text in typed["facts"].items() if text.strip()}
    for line in lines(typed["measured"]):
        name, equals, value = setting(line)
        if not equals or not name or not value:
            raise mistake(
                "SV120",
                option("measured"),
                f"'{line[:60]}' measures nothing",
                "Write fact = value, one a line.",
            )
        if name in found:
            raise mistake("SV206", option("measured"), f"{name} is said twice", "Say once what it is.")
        found[name] = value
    return found


async def _form(
    visit: Visit, asked: Any, shown: Any = None, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    empty = {**dict.fromkeys(NAMES, ""), "done": [], "facts": {}}
    wrong: dict[str, tuple[str, str]] = {}
    for (
        problem
    ) in problems:  # a mistake in a value names the fact; its place is the case that it would change
        wrong.setdefault(FIELDS.get(problem.place.file, "measured"), (problem.what, problem.mend))
    return visit.render(
        "records/happened.html",
        status,
        room="records",
        asked=asked,
        typed=_drafts.get((visit.session, asked["id"])) or empty,
        of_fact=OF_FACT,
        shown=shown,
        wrong=wrong,
        first_wrong=next(iter(wrong), ""),
        once=secrets.token_urlsafe(16),
    )


ROOM = Room(
    "happened",
    "What became of it",
    "/records",
    (
        shows("/records/{record}/happened", form, needs="write"),
        acts("/records/{record}/happened/look", look),
        acts("/records/{record}/happened/keep", keep),
    ),
    shown=False,
)
