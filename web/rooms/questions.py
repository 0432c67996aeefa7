"""Questions: everything that may be said of a case, saved as it is said; undo, redo, and what the answer is so far."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import UserError
from sharedvalue.web.cases import Changed, Opened
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import anchor, later

SURE = (  # what `confidence` of a value may be, in plain words
    ("", later("not said: taken as it is")),
    ("high", later("well known (high)")),
    ("medium", later("fairly sure (medium)")),
    ("low", later("a guess (low): nearby values count as possible")),
)
FRESH_FIELD = "field_"  # what the fields of a new record are called in its form


async def questions(visit: Visit) -> Response:
    opened = visit.opened()
    return await shown(visit, opened)


async def shown(visit: Visit, opened: Opened, **more: Any) -> Response:
    asked = await visit.about("questions:asked", opened)
    undo, redo = visit.place.folder.can_step(opened)
    return visit.render(
        "questions/questions.html",
        room="questions",
        opened=opened,
        case_title=asked["title"],
        asked=asked,
        sure=SURE,
        can_undo=undo,
        can_redo=redo,
        can_write=visit.person.may("write") and not opened.case.sample,
        **more,
    )


async def standing(visit: Visit, opened: Opened, saved: str = "") -> Response:
    """What is said after a step by htmx: how things stand now, and what else of the page changes."""
    asked = await visit.about("questions:asked", opened)
    undo, redo = visit.place.folder.can_step(opened)
    return visit.render(
        "questions/after.html",
        opened=opened,
        asked=asked,
        can_undo=undo,
        can_redo=redo,
        can_write=True,
        saved=saved,
    )


async def answer(visit: Visit) -> Response:
    """One answer, saved at once."""
    opened = form_of(visit)
    name, value = visit.said("name", 300), visit.said("value", 4000)
    try:
        text = await visit.about(
            "questions:answered", opened, name=name, value=value, confidence=visit.said("confidence", 20)
        )
    except UserError as error:
        if not visit.by_htmx:
            raise
        return visit.render(
            "questions/wrong.html",
            422,
            headers={"HX-Retarget": f"#wrong-{anchor(name)}", "HX-Reswap": "innerHTML"},
            problems=error.problems,
        )
    now = await visit.place.folder.write(opened, text)
    if visit.by_htmx and await asked_of(visit, opened) != await asked_of(visit, now):
        return visit.go(f"/s/{opened.case.slug}/questions")  # other questions mean something now
    return await after(visit, now, f"#q-{anchor(name)}", name)


async def asked_of(visit: Visit, opened: Opened) -> list[str]:
    """The questions that stand on the page."""
    asked = await visit.about("questions:asked", opened)
    return [
        one["name"]
        for group in asked["groups"]
        for one in (*group["asked"], *group["further"], *group["lists"])
    ]


async def rename(visit: Visit) -> Response:
    opened = form_of(visit)
    text = await visit.about(
        "questions:titled", opened, title=visit.said("title", 200), story=visit.said("story", 4000)
    )
    return await after(visit, await visit.place.folder.write(opened, text), "", "title")


async def add(visit: Visit) -> Response:
    """One record more."""
    opened = form_of(visit)
    values = {
        n.removeprefix(FRESH_FIELD): visit.said(n, 300) for n in visit.form if n.startswith(FRESH_FIELD)
    }
    text = await visit.about("questions:added", opened, listed=visit.said("list", 100), values=values)
    await visit.place.folder.write(opened, text)
    return visit.go(f"/s/{opened.case.slug}/questions")


async def remove(visit: Visit) -> Response:
    """One record less."""
    opened = form_of(visit)
    text = await visit.about(
        "questions:removed", opened, listed=visit.said("list", 100), key=visit.said("key", 300)
    )
    await visit.place.folder.write(opened, text)
    return visit.go(f"/s/{opened.case.slug}/questions")


async def undo(visit: Visit) -> Response:
    opened = form_of(visit)
    await visit.place.folder.step(opened, -1)
    return visit.go(f"/s/{opened.case.slug}/questions")


async def redo(visit: Visit) -> Response:
    opened = form_of(visit)
    await visit.place.folder.step(opened, 1)
    return visit.go(f"/s/{opened.case.slug}/questions")


def form_of(visit: Visit) -> Opened:
    """The scenario, if it is still what the form was made from. Raises Changed where it is not."""
    opened = visit.opened()
    if visit.said("version", 100) != opened.version:
        raise Changed(opened)
    return opened


async def after(visit: Visit, opened: Opened, mark: str, saved: str) -> Response:
    if visit.by_htmx:
        return await standing(visit, opened, saved)
    return visit.go(f"/s/{opened.case.slug}/questions{mark}")


ROOM = Room(
    "questions",
    later("Questions"),
    "questions",
    (
        shows("/s/{slug}/questions", questions),
        acts("/s/{slug}/answer", answer),
        acts("/s/{slug}/title", rename),
        acts("/s/{slug}/records/add", add),
        acts("/s/{slug}/records/remove", remove),
        acts("/s/{slug}/undo", undo),
        acts("/s/{slug}/redo", redo),
    ),
    of_case=True,
)
