"""Questions: one at a time, those that matter first; all of them as an overview; lists and grids in place; undo and redo."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import UserError
from sharedvalue.web.cases import Changed, Opened
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import later

SURE = (  # what `confidence` of a value may be, in plain words
    ("", later("not said: taken as it is")),
    ("high", later("well known (high)")),
    ("medium", later("fairly sure (medium)")),
    ("low", later("a guess (low): nearby values count as possible")),
)
FRESH_FIELD = "field_"  # what the fields of a record are called in its form
CELL = "cell_"  # and those of a grid
MOST_WORDS = 500  # of a reason
OVERVIEW, STAY, NEXT = "overview", "stay", "next"  # where to go after an answer


# --- showing ----------------------------------------------------------------------------------------------------
async def overview(visit: Visit) -> Response:
    opened = visit.opened()
    asked = await visit.about("questions:asked", opened)
    return page(visit, opened, "overview", asked)


async def question(visit: Visit) -> Response:
    """One question. Where it is not asked here (any longer), the overview is shown."""
    opened = visit.opened()
    name = visit.request.path_params["name"][:100]
    asked = await visit.about("questions:one", opened, name=name)
    return (
        visit.go(f"/s/{opened.case.slug}/questions") if asked is None else page(visit, opened, "one", asked)
    )


async def on(visit: Visit) -> Response:
    """The first question that matters, or the next after one; the end where none is left."""
    opened = visit.opened()
    return visit.go(await next_path(visit, opened, visit.request.query_params.get("after", "")[:100]))


async def end(visit: Visit) -> Response:
    opened = visit.opened()
    return page(visit, opened, "end", await visit.about("questions:asked", opened))


def page(visit: Visit, opened: Opened, template: str, asked: dict[str, Any], **more: Any) -> Response:
    return visit.render(f"questions/{template}.html", **values(visit, opened, asked), **more)


def values(visit: Visit, opened: Opened, asked: dict[str, Any]) -> dict[str, Any]:
    undo, redo = visit.place.folder.can_step(opened)
    return {
        "room": "questions",
        "opened": opened,
        "case_title": asked["title"],
        "asked": asked,
        "sure": SURE,
        "can_undo": undo,
        "can_redo": redo,
        "can_write": visit.person.may("write") and not opened.case.sample,
        "problems": [],
        "typed": None,
    }


async def next_path(visit: Visit, opened: Opened, after: str) -> str:
    name = await visit.about("questions:following", opened, after=after)
    return f"/s/{opened.case.slug}/questions/{name or 'end'}"


# --- changing ---------------------------------------------------------------------------------------------------
async def answer(visit: Visit) -> Response:
    """One answer, saved at once; then the next question that matters."""
    opened = form_of(visit)
    name = visit.said("name", 300)
    try:
        text = await visit.about(
            "answers:answered",
            opened,
            name=name,
            value=visit.said("value", 4000),
            confidence=visit.said("confidence", 20),
            against=visit.said("against", MOST_WORDS),
        )
    except UserError as error:
        return await wrong(visit, opened, name, error)
    return await after(visit, await visit.place.folder.write(opened, text), name)


async def record(visit: Visit) -> Response:
    """The fields of one record."""
    opened = form_of(visit)
    listed = visit.said("list", 100)
    given = {n.removeprefix(FRESH_FIELD): visit.said(n, 300) for n in visit.form if n.startswith(FRESH_FIELD)}
    try:
        text = await visit.about(
            "answers:recorded", opened, listed=listed, key=visit.said("key", 300), values=given
        )
    except UserError as error:
        return await wrong(visit, opened, listed, error)
    return await after(visit, await visit.place.folder.write(opened, text), listed, STAY)


async def grid(visit: Visit) -> Response:
    opened = form_of(visit)
    listed = visit.said("list", 100)
    cells = {n.removeprefix(CELL): visit.said(n, 20) for n in visit.form if n.startswith(CELL)}
    text = await visit.about("answers:filled_in", opened, listed=listed, cells=cells)
    return await after(visit, await visit.place.folder.write(opened, text), listed, STAY)


async def rename(visit: Visit) -> Response:
    opened = form_of(visit)
    text = await visit.about(
        "answers:titled", opened, title=visit.said("title", 200), story=visit.said("story", 4000)
    )
    return await after(visit, await visit.place.folder.write(opened, text), "", OVERVIEW)


async def add(visit: Visit) -> Response:
    """One record more."""
    opened = form_of(visit)
    listed = visit.said("list", 100)
    given = {n.removeprefix(FRESH_FIELD): visit.said(n, 300) for n in visit.form if n.startswith(FRESH_FIELD)}
    try:
        text = await visit.about("answers:added", opened, listed=listed, values=given)
    except UserError as error:
        return await wrong(visit, opened, listed, error)
    return await after(visit, await visit.place.folder.write(opened, text), listed, STAY)


async def remove(visit: Visit) -> Response:
    """One record less, or none to tell apart at all."""
    opened = form_of(visit)
    listed, key = visit.said("list", 100), visit.said("key", 300)
    text = await visit.about("answers:removed", opened, listed=listed, key=key)
    return await after(visit, await visit.place.folder.write(opened, text), listed, STAY if key else NEXT)


async def undo(visit: Visit) -> Response:
    return await step(visit, -1)


async def redo(visit: Visit) -> Response:
    return await step(visit, 1)


async def step(visit: Visit, by: int) -> Response:
    opened = form_of(visit)
    now = await visit.place.folder.step(opened, by)
    name = visit.said("name", 300)
    return await after(visit, now, name, STAY if name else OVERVIEW)


def form_of(visit: Visit) -> Opened:
    """The scenario, if it is still what the form was made from. Raises Changed where it is not."""
    opened = visit.opened()
    if visit.said("version", 100) != opened.version:
        raise Changed(opened)
    return opened


async def wrong(visit: Visit, opened: Opened, name: str, error: UserError) -> Response:
    """The question again, with what is wrong at the field and what was typed kept in it."""
    listed = name.partition("[")[0]
    asked = await visit.about("questions:one", opened, name=listed)
    if asked is None:
        raise error
    if visit.by_htmx:
        return visit.render(
            "questions/wrong.html",
            422,
            headers={"HX-Retarget": "#wrong", "HX-Reswap": "innerHTML"},
            problems=error.problems,
        )
    typed = visit.form.get("value", "")
    shown = values(visit, opened, asked) | {"problems": error.problems, "typed": str(typed)}
    return visit.render("questions/one.html", 422, **shown)


async def after(visit: Visit, now: Opened, name: str, then: str = "") -> Response:
    """Where one goes after a step: on to the next question, back to this one, or to the overview."""
    then = then or visit.said("then", 20) or NEXT
    path = f"/s/{now.case.slug}/questions"
    if then == NEXT:
        path = await next_path(visit, now, name)
    elif then == STAY and name:
        path = f"{path}/{name}"
    if not visit.by_htmx:
        return visit.go(path)
    asked = await visit.about("questions:one", now, name=path.rpartition("/")[2])
    template = "asking"
    if asked is None:
        asked, template = await visit.about("questions:asked", now), "end_asking"
        if then == OVERVIEW:
            return visit.go(path)
        path = f"/s/{now.case.slug}/questions/end"
    return visit.render(
        "questions/after.html",
        headers={"HX-Push-Url": path},
        part=f"questions/{template}.html",
        **values(visit, now, asked),
    )


ROOM = Room(
    "questions",
    later("Questions"),
    "questions",
    (
        shows("/s/{slug}/questions", overview),
        shows("/s/{slug}/questions/next", on),
        shows("/s/{slug}/questions/end", end),
        shows("/s/{slug}/questions/{name}", question),
        acts("/s/{slug}/answer", answer),
        acts("/s/{slug}/title", rename),
        acts("/s/{slug}/records/add", add),
        acts("/s/{slug}/records/save", record),
        acts("/s/{slug}/records/grid", grid),
        acts("/s/{slug}/records/remove", remove),
        acts("/s/{slug}/undo", undo),
        acts("/s/{slug}/redo", redo),
    ),
    of_case=True,
)
