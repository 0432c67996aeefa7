"""One request, as a room sees it; and the routes of rooms, each guarded before its handler runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sharedvalue.engine.errors import mistake
from sharedvalue.web.cases import Folder, Opened
from sharedvalue.web.drops import Drops
from sharedvalue.web.guard import COOKIE, Tokens, new_session
from sharedvalue.web.house import House
from sharedvalue.web.people import Person
from sharedvalue.web.sessions import HOURS, Sessions
from sharedvalue.web.settings import Settings
from sharedvalue.web.words import rendered, translations, wanted
from sharedvalue.web.work import Pool

MOST_FIELDS, MOST_FILES = 400, 20
SIGN_IN = "/sign-in"
SOON = 0.4  # seconds that a page waits before it comes without what takes longer


@dataclass
class Place:
    """What all requests share."""

    settings: Settings
    folder: Folder
    house: House
    pool: Pool
    tokens: Tokens
    sessions: Sessions
    rooms: tuple[Room, ...] = ()
    drops: Drops = field(default_factory=Drops)

    @property
    def cookie(self) -> str:
        """The cookie of a session; browsers tell cookies apart by host and not by port."""
        return f"{COOKIE}-{self.settings.port}"


@dataclass(frozen=True)
class Room:
    """A room of the page. `of_case` rooms belong to a scenario, and stand in its navigation at `path` below it."""

    name: str
    title: str
    path: str
    routes: tuple[Route, ...]
    of_case: bool = False
    shown: bool = True


@dataclass
class Visit:
    """One request."""

    request: Request
    place: Place
    person: Person
    session: str
    fresh: bool
    form: FormData = field(default_factory=FormData)

    # --- what was asked -------------------------------------------------------------------------------------
    @property
    def by_htmx(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    @property
    def locale(self) -> str:
        return wanted(self.request.headers.get("accept-language", ""))

    @property
    def token(self) -> str:
        return self.place.tokens.of(self.session)

    def words(self, text: str) -> str:
        return translations(self.locale).gettext(text)

    def said(self, name: str, most: int = 2000) -> str:
        """A field of the form as text."""
        value = self.form.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise mistake("SV205", name, "this is longer than it may be", f"At most {most:,} characters.")
        return value

    def opened(self) -> Opened:
        """The scenario that the address names; 404 where there is none."""
        found = self.place.folder.open(self.request.path_params["slug"])
        if found is None:
            raise HTTPException(404)
        return found

    async def work(self, job: str, **given: Any) -> Any:
        """What a job answers, with the house rules in force."""
        return await self.place.pool.ask(
            job,
            who=self.person.name or self.session,
            house=self.place.house.paths,
            stamp=self.place.house.stamp(),
            **given,
        )

    async def about(self, job: str, opened: Opened, **given: Any) -> Any:
        """What a job answers about a scenario."""
        return await self.work(job, text=opened.text, file=opened.case.name, **given)

    # --- what is answered -----------------------------------------------------------------------------------
    def render(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
    ) -> Response:
        shown = {
            "visit": self,
            "person": self.person,
            "signed_in": bool(self.person.name),
            "csrf": self.token,
            "rooms": self.place.rooms,
            "opened": None,
            "room": "",
            "may": self.person.may,
        }
        body = rendered(template, self.locale, shown | values)
        return self.marked(HTMLResponse(body, status, dict(headers or {})))

    def json(self, value: object, status: int = 200) -> Response:
        text = json.dumps(value, indent=2, ensure_ascii=False)
        return self.marked(Response(text, status, media_type="application/json"))

    def go(self, path: str) -> Response:
        """Another page of ours; htmx is told to load it whole."""
        assert path.startswith("/")
        assert not path.startswith("//")
        if self.by_htmx:
            return self.marked(Response(None, 204, {"HX-Redirect": path}))
        return self.marked(RedirectResponse(path, 303))

    def entered(self, path: str) -> Response:
        """A page of ours, from now on with the rights of whoever is at this machine."""
        self.session, self.fresh = new_session(), True
        self.place.sessions.begin(self.session)
        return self.go(path)

    def marked(self, response: Response) -> Response:
        """With the cookie of the session, where the browser had none."""
        if self.fresh:
            signs_in = self.place.sessions.people is not None
            self.set_cookie(response, self.place.cookie, self.session, HOURS * 3600 if signs_in else None)
        return response

    def set_cookie(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        """A cookie out of reach of scripts and other pages."""
        secure = self.place.settings.secure
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure, path="/"
        )


Handler = Callable[[Visit], Awaitable[Response]]


def shows(path: str, handler: Handler, needs: str = "read") -> Route:
    """A page that only shows."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        return turned_away(visit, needs) or await handler(visit)

    return Route(path, endpoint, methods=["GET"], name=f"{handler.__module__}.{handler.__name__}")


def acts(path: str, handler: Handler, needs: str = "write", files: bool = False) -> Route:
    """What changes something: the form must be ours, and the person must be one who may."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        if (away := turned_away(visit, needs)) is not None:
            return away
        token = request.headers.get("x-csrf-token", "")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            visit.form = await request.form(max_files=MOST_FILES if files else 0, max_fields=MOST_FIELDS)
            sent = visit.form.get("csrf", "")
            token = token or (sent if isinstance(sent, str) else "")
        try:
            if not visit.place.tokens.fits(visit.session if not visit.fresh else "", token):
                return refused(visit)
            return await handler(visit)
        finally:
            await visit.form.close()  # files that were sent are gone from the disk

    return Route(path, endpoint, methods=["POST"], name=f"{handler.__module__}.{handler.__name__}")


async def soon(work: Awaitable[Any], otherwise: Any) -> Any:
    """What is asked for, if it is there within a moment; it goes on being worked out, and is kept, if not."""
    try:
        return await asyncio.wait_for(work, SOON)
    except (TimeoutError, asyncio.TimeoutError):
        return otherwise


def visit_of(request: Request) -> Visit:
    place: Place = request.app.state.place
    session = request.cookies.get(place.cookie, "")
    fresh = not 20 <= len(session) <= 100
    if fresh:
        session = new_session()
    kind, _, bearer = request.headers.get("authorization", "").partition(" ")
    person = place.sessions.person(session, bearer.strip() if kind.casefold() == "bearer" else "")
    return Visit(request, place, person, session, fresh)


def turned_away(visit: Visit, needs: str) -> Response | None:
    """Whoever may not come in: sent to sign in, or told so. A token in the address opens the page, and goes from the address."""
    place = visit.place
    token = visit.request.query_params.get("token", "")
    if visit.request.method == "GET" and place.sessions.people is None and place.sessions.is_token(token):
        rest = [(n, v) for n, v in visit.request.query_params.multi_items() if n != "token"]
        return visit.entered(visit.request.url.path + (f"?{urlencode(rest)}" if rest else ""))
    if not needs:
        return None
    if not visit.person.role:
        if is_api(visit.request):
            return visit.json(
                {"error": "Sign in first." if place.sessions.people else "The token is missing."}, 401
            )
        return visit.go(SIGN_IN)
    if not visit.person.may(needs):
        if is_api(visit.request):
            return visit.json({"error": "Your role may not do this."}, 403)
        return visit.render(
            "told.html",
            403,
            title=visit.words("Your role may not do this"),
            words=visit.words(
                "You may look at everything here. What changes something is for leaders and the board."
            ),
        )
    return None


def refused(visit: Visit) -> Response:
    if is_api(visit.request):
        return visit.json({"error": "The token is missing or old. Ask for one: GET /api/token"}, 403)
    return visit.render(
        "told.html",
        403,
        headers={"HX-Retarget": "#told", "HX-Reswap": "innerHTML"},
        title=visit.words("This form is too old"),
        words=visit.words(
            "The page was started anew since you opened it. Nothing was changed. Load the page again, and repeat the last step."
        ),
    )


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def path_of(address: str) -> str:
    return urlsplit(address).path or "/"


__all__ = ["HTTPException", "Handler", "JSONResponse", "Place", "Room", "Visit", "acts", "shows", "soon"]
