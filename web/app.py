"""Puts the page together: the rooms, the door around them, and what is told when something goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sharedvalue.engine.errors import UserError
from sharedvalue.web.cases import Changed, Folder
from sharedvalue.web.guard import Door, Tokens, TooMuch
from sharedvalue.web.house import House
from sharedvalue.web.log import log
from sharedvalue.web.people import People
from sharedvalue.web.sessions import Sessions
from sharedvalue.web.settings import Settings, checked
from sharedvalue.web.visit import Place, Room, is_api, visit_of
from sharedvalue.web.words import later
from sharedvalue.web.work import Busy, Failed, OutOfTime, Pool
from sharedvalue.web.worker import where

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
ROOMS = (
    "start", "questions", "decision", "what_if", "evidence", "record", "happened", "records", "practice", "trainer", "rule_book", "api", "sign_in",
)  # fmt: skip
UPLOADS: tuple[str, ...] = ("/drop",)  # paths that take files end so


class Static(StaticFiles):
    """Files that a browser may keep: their addresses change with them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = (
            "max-age=31536000, immutable" if scope["query_string"] else "no-cache"
        )
        return response


def rooms() -> tuple[Room, ...]:
    return tuple(import_module(f"sharedvalue.web.rooms.{name}").ROOM for name in ROOMS)


def application(settings: Settings) -> ASGIApp:
    """The page as an ASGI application.

    Raises:
        UserError: where it would not be safe to serve so.
    """
    settings = checked(settings)
    people = None if settings.people is None else People(settings.people)
    sessions = Sessions(people, settings.token)
    pool = Pool(settings.workers, settings.quick_seconds, settings.slow_seconds)
    place = Place(
        settings,
        Folder(settings.folder, SCENARIOS),
        House(settings.rules, settings.folder.resolve()),
        pool,
        Tokens(),
        sessions,
        rooms(),
    )

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()
            place.drops.end_all()

    app = Starlette(
        routes=[
            *(route for room in place.rooms for route in room.routes),
            Mount("/static", Static(directory=HERE / "static")),
        ],
        lifespan=life,
        # A compressed answer may hold the token of a form beside what was asked; no other site can have it made (SameSite).
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={
            404: _not_there,
            405: _not_there,
            400: _not_there,
            HTTPException: _not_there,
            UserError: _mistake,
            Changed: _changed,
            OutOfTime: _out_of_time,
            Busy: _busy,
            Failed: _failed,
            TooMuch: _too_much,
            Exception: _unforeseen,
        },
    )
    app.state.place = place
    return Door(_Last(app), settings.hosts, UPLOADS, settings.secure)


class _Last:
    """Whatever nobody foresaw is logged without the words of the error: they may name people. It was told by then."""

    def __init__(self, app: Starlette) -> None:
        self.app, self.state = app, app.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:  # the page is being stopped, and this took longer than it waits
            if scope["type"] == "http" and not begun:
                await PlainTextResponse("The page was stopped.\n", 503)(scope, receive, send)
        except Exception as error:  # noqa: BLE001  # the last door
            log(where(error))


OURS = later(
    "Nothing that you wrote is lost. Load the page again; if it happens again, please report what you did."
)


def _told(request: Request, status: int, title: str, words: str) -> Response:
    visit = visit_of(request)
    title, words = visit.words(title), visit.words(words)
    if is_api(request):
        return visit.json({"error": f"{title}. {words}"}, status)
    if visit.by_htmx:
        return visit.render("parts/told.html", status, title=title, words=words, problems=[], headers=TO_TOLD)
    return visit.render("told.html", status, title=title, words=words)


TO_TOLD = {"HX-Retarget": "#told", "HX-Reswap": "innerHTML"}


async def _not_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 404:
        return _told(
            request,
            404,
            later("There is no such page"),
            later("It may have been renamed or removed. Begin at Start."),
        )
    return _told(
        request,
        status,
        later("This cannot be done so"),
        later("Go back, load the page again, and try once more."),
    )


async def _mistake(request: Request, error: Exception) -> Response:
    assert isinstance(error, UserError)
    visit = visit_of(request)
    if is_api(request):
        problems = [problem.as_json() for problem in error.problems]
        return visit.json({"schema": "sharedvalue/problems/1", "problems": problems}, 422)
    title = visit.words("This cannot be read or written so")
    template = "parts/told.html" if visit.by_htmx else "told.html"
    return visit.render(template, 422, title=title, words="", problems=error.problems, headers=TO_TOLD)


async def _changed(request: Request, error: Exception) -> Response:
    assert isinstance(error, Changed)
    visit = visit_of(request)
    if (
        request.method == "POST"
        and not visit.form
        and not request.headers.get("content-type", "").startswith("multipart")
    ):
        visit.form = await request.form()
    kept = [
        (n, v) for n, v in visit.form.multi_items() if n not in ("csrf", "version") and isinstance(v, str)
    ]
    template = "parts/changed.html" if visit.by_htmx else "changed.html"
    return visit.render(template, 409, headers=TO_TOLD, opened=error.now, kept=kept, path=request.url.path)


async def _out_of_time(request: Request, _: Exception) -> Response:
    return _told(
        request,
        503,
        later("Incomplete"),
        later("This took longer than its budget, and was stopped.")
        if request.method == "GET"
        else later(
            "This took longer than its budget, and was stopped. Look whether it was done before you send it again."
        ),
    )


async def _busy(request: Request, _: Exception) -> Response:
    return _told(
        request,
        503,
        later("Too many are asking at once"),
        later("Wait a moment, and try again. Nothing was changed."),
    )


async def _failed(request: Request, error: Exception) -> Response:
    log(str(error))
    return _told(request, 500, later("This is a mistake of sharedvalue itself, not yours"), OURS)


async def _unforeseen(request: Request, _: Exception) -> Response:
    return _told(request, 500, later("This is a mistake of sharedvalue itself, not yours"), OURS)


async def _too_much(request: Request, _: Exception) -> Response:
    return _told(
        request,
        413,
        later("Too much at once"),
        later("More was sent than this page takes. Send less, or smaller files."),
    )


__all__ = ["application", "rooms"]
