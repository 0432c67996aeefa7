"""Decision: the answer first, then why; its picture, what alone settles it, what would change it, and how far it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import UserError
from sharedvalue.web.cases import Opened
from sharedvalue.web.visit import Room, Visit, shows, soon
from sharedvalue.web.words import later
from sharedvalue.web.work import SLOW

VIEWS: Mapping[str, str] = {  # address -> what it is called
    "": later("In brief"),
    "picture": later("The reasoning as a picture"),
    "chain": later("Step by step"),
    "changes": later("What would change it"),
    "borders": later("How far it holds"),
    "reasons": later("What alone settles it"),
}


async def shown(visit: Visit, opened: Opened, view: str, template: str, **values: Any) -> Response:
    title = values.pop("case_title", None)
    if title is None:
        title = (await visit.about("questions:asked", opened))["title"]
    return visit.render(
        f"decision/{template}.html",
        room="decision",
        opened=opened,
        case_title=title,
        views=VIEWS,
        view=view,
        **values,
    )


async def decision(visit: Visit) -> Response:
    """What is quick at once; where weighing the open questions takes long, what to ask follows."""
    opened = visit.opened()
    whole = visit.by_htmx or visit.request.query_params.get("whole") == "1"
    try:
        found = await visit.about("decision:answer", opened, weigh=False)
        if not found["weighed"]:
            weighed = visit.about("decision:answer", opened, lane=SLOW, weigh=True)
            found = await (weighed if whole else soon(weighed, found))
    except UserError as error:
        return visit.render(
            "decision/unreadable.html",
            422,
            room="decision",
            opened=opened,
            case_title=opened.case.name,
            problems=error.problems,
        )
    if visit.by_htmx:
        return visit.render("decision/asked.html", opened=opened, found=found)
    return await shown(visit, opened, "", "answer", case_title=found["title"], found=found)


async def chain(visit: Visit) -> Response:
    opened = visit.opened()
    target = visit.request.query_params.get("of", "")[:200]
    return await shown(
        visit, opened, "chain", "chain", found=await visit.about("decision:chain", opened, target=target)
    )


async def picture(visit: Visit) -> Response:
    opened = visit.opened()
    return await shown(
        visit, opened, "picture", "picture", found=await visit.about("decision:picture", opened)
    )


async def picture_style(visit: Visit) -> Response:
    style = await visit.work("decision:picture_style")
    return Response(style, media_type="text/css", headers={"cache-control": "max-age=600"})


async def picture_script(visit: Visit) -> Response:
    script = await visit.work("decision:picture_script")
    return Response(script, media_type="text/javascript", headers={"cache-control": "max-age=600"})


async def changes(visit: Visit) -> Response:
    opened = visit.opened()
    return await shown(
        visit, opened, "changes", "changes", found=await visit.about("decision:flips", opened, lane=SLOW)
    )


async def borders(visit: Visit) -> Response:
    opened = visit.opened()
    return await shown(
        visit, opened, "borders", "borders", found=await visit.about("decision:borders", opened, lane=SLOW)
    )


async def reasons(visit: Visit) -> Response:
    """A long search: the page comes at once, and what was found follows."""
    opened = visit.opened()
    now = visit.by_htmx or visit.request.query_params.get("whole") == "1"
    found = (
        await visit.about("decision:sets", opened, lane=SLOW, budget=visit.place.settings.search_seconds)
        if now
        else None
    )
    if visit.by_htmx:
        return visit.render("decision/sets.html", opened=opened, found=found)
    return await shown(
        visit, opened, "reasons", "reasons", found=found, seconds=round(visit.place.settings.search_seconds)
    )


async def why_not(visit: Visit) -> Response:
    opened = visit.opened()
    target = visit.request.path_params["target"][:200].upper()
    return await shown(
        visit,
        opened,
        "why-not",
        "why_not",
        found=await visit.about("decision:against", opened, target=target),
    )


ROOM = Room(
    "decision",
    later("Decision"),
    "decision",
    (
        shows("/picture.css", picture_style, needs=""),
        shows("/picture.js", picture_script, needs=""),
        shows("/s/{slug}/decision", decision),
        shows("/s/{slug}/decision/chain", chain),
        shows("/s/{slug}/decision/picture", picture),
        shows("/s/{slug}/decision/changes", changes),
        shows("/s/{slug}/decision/borders", borders),
        shows("/s/{slug}/decision/reasons", reasons),
        shows("/s/{slug}/decision/why-not/{target}", why_not),
    ),
    of_case=True,
)
