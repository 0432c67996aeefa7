"""Sign in and out, where the page is served to more than this machine."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from sharedvalue.web.guard import new_session
from sharedvalue.web.people import MOST_NAME, MOST_SECRET
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import later

TRYING = asyncio.Semaphore(2)  # a try takes 32 MiB


async def form(visit: Visit) -> Response:
    if visit.place.sessions is None:
        return visit.go("/")
    return visit.render("sign_in/sign_in.html", wrong=False)


async def enter(visit: Visit) -> Response:
    sessions = visit.place.sessions
    if sessions is None:
        return visit.go("/")
    name, secret = visit.said("name", MOST_NAME), visit.said("secret", MOST_SECRET)
    async with TRYING:
        person = await asyncio.to_thread(sessions.check, name.strip(), secret)
    if person is None:
        return visit.render("sign_in/sign_in.html", 403, wrong=True)
    visit.session, visit.fresh = new_session(), True  # a session that was there before is worth nothing after
    sessions.begin(visit.session, person)
    return visit.go("/")


async def leave(visit: Visit) -> Response:
    if visit.place.sessions is not None:
        visit.place.sessions.close(visit.session)
    return visit.go("/sign-in" if visit.place.sessions is not None else "/")


ROOM = Room(
    "sign_in",
    later("Sign in"),
    "/sign-in",
    (
        shows("/sign-in", form, needs=""),
        acts("/sign-in", enter, needs=""),
        acts("/sign-out", leave, needs=""),
    ),
    shown=False,
)
