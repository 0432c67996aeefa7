"""Start: choose a scenario of the folder or a sample, or begin one."""

from __future__ import annotations

from starlette.responses import Response

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.scenario_file import read_text
from sharedvalue.web.cases import MOST_TEXT, Case
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import later

MOST_TITLE = 200


def text_of(case: Case) -> str:
    try:
        return read_text(case.path)
    except UserError:
        return ""


async def start(visit: Visit) -> Response:
    cases = list(visit.place.folder.listing().values())
    files = [(case.slug, case.name, text_of(case)) for case in cases]
    listed = await visit.work("decision:overview", files=files)
    samples = {case.slug for case in cases if case.sample}
    return visit.render(
        "start/start.html",
        room="start",
        own=[one for one in listed if one["slug"] not in samples],
        samples=[one for one in listed if one["slug"] in samples],
        folder=visit.place.settings.folder.resolve().name,
    )


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
            "has_sponsor",
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


async def scenario(visit: Visit) -> Response:
    return visit.go(f"/s/{visit.opened().case.slug}/decision")


ROOM = Room(
    "start",
    later("Start"),
    "/",
    (
        shows("/", start),
        acts("/begin", begin),
        shows("/s/{slug}", scenario),
        acts("/s/{slug}/copy", copy),
    ),
)
