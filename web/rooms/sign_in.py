"""Sign in and out, where the page is served to more than this machine; and the token, where it is not."""

from __future__ import annotations

import asyncio
from math import ceil

from starlette.responses import Response

from sharedvalue.web.guard import new_session
from sharedvalue.web.log import log
from sharedvalue.web.people import MOST_NAME, MOST_SECRET
from sharedvalue.web.sessions import Sessions
from sharedvalue.web.tries import Try
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import later
from sharedvalue.web.work import Busy

HASHING = asyncio.Semaphore(2)  # to look at one secret takes 32 MiB and a tenth of a second
MOST_WAITING = 40
KNOWN, DAYS = "sharedvalue-known", 365  # the cookie of a browser that has signed in before
_waiting = 0


async def form(visit: Visit) -> Response:
    sessions = visit.place.sessions
    if visit.person.role and not visit.person.name:
        return visit.go("/")
    return visit.render("sign_in/sign_in.html" if sessions.people else "sign_in/token.html", wrong=False)


async def enter(visit: Visit) -> Response:
    sessions = visit.place.sessions
    if sessions.people is None:
        return _with_token(visit)
    name, secret = visit.said("name", MOST_NAME).strip(), visit.said("secret", MOST_SECRET)
    mark = visit.request.cookies.get(KNOWN, "")
    address = visit.request.client.host if visit.request.client else ""
    one = Try(address, name, sessions.people.find(name) is not None, sessions.is_known(name, mark))
    who = ascii(name) if one.known_name else "a name that nobody has"
    if (seconds := sessions.tries.wait(one)) > 0:
        log(f"sign-in: {who} from {address} has to wait {ceil(seconds)} s")
        return visit.render(
            "sign_in/sign_in.html",
            429,
            {"Retry-After": str(ceil(seconds))},
            wrong=True,
            seconds=ceil(seconds),
        )
    sessions.tries.begin(one)
    if not await _fits(sessions, name, secret):
        log(f"sign-in: wrong secret for {who} from {address}")
        return visit.render("sign_in/sign_in.html", 403, wrong=True)
    sessions.tries.fitted(one)
    log(f"sign-in: {who} from {address}")
    sessions.close(visit.session)
    visit.session, visit.fresh = new_session(), True  # a session that was there before is worth nothing after
    sessions.begin(visit.session, name)
    answer = visit.go("/")
    visit.set_cookie(answer, KNOWN, sessions.mark_of(name), DAYS * 86_400)
    return answer


async def _fits(sessions: Sessions, name: str, secret: str) -> bool:
    """Whether name and secret fit. Two are looked at at once, few wait, and the rest is turned away before it costs anything."""
    global _waiting
    assert sessions.people is not None
    if _waiting >= MOST_WAITING:
        raise Busy
    _waiting += 1
    try:
        async with HASHING:
            return await asyncio.to_thread(sessions.people.fits, name, secret)
    finally:
        _waiting -= 1


def _with_token(visit: Visit) -> Response:
    if not visit.place.sessions.is_token(visit.said("token", MOST_SECRET).strip()):
        return visit.render("sign_in/token.html", 403, wrong=True)
    return visit.entered("/")


async def leave(visit: Visit) -> Response:
    visit.place.sessions.close(visit.session)
    return visit.go("/sign-in")


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
