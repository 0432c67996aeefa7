"""Starts the page: the socket first, so that a taken port is told in words; then the browser, once it answers."""

from __future__ import annotations

import errno
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.whole_file import write_whole
from sharedvalue.web.settings import Settings, checked

if TYPE_CHECKING:
    import uvicorn


def bound(settings: Settings) -> socket.socket:
    """A socket at the address.

    Raises:
        UserError: SV121 where the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((settings.address, settings.port))
    except OSError as error:
        found.close()
        taken = error.errno == errno.EADDRINUSE
        what = (
            "something else answers there already"
            if taken
            else f"it cannot be used: {error.strerror or error}"
        )
        mend = (
            f"Take another port: --port {settings.port + 1}."
            if taken
            else "Take 127.0.0.1, and another port."
        )
        raise mistake("SV121", f"{settings.address}:{settings.port}", what, mend) from None
    return found


def configured(settings: Settings) -> uvicorn.Config:
    """The page and how it is served."""
    import logging

    import uvicorn

    from sharedvalue.web.app import application
    from sharedvalue.web.connections import Connection

    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it would log bytes of what was sent
    return uvicorn.Config(
        application(settings),
        log_level="critical",  # what goes wrong is told by web.app, without the words of the error
        access_log=False,  # an access log would hold what people said, in addresses
        server_header=False,
        date_header=False,
        ws="none",
        timeout_keep_alive=60,
        timeout_graceful_shutdown=5,
        http=Connection,
        h11_max_incomplete_event_size=64_000,
        proxy_headers=bool(settings.public),
        forwarded_allow_ips=settings.proxy,
    )


def serve(settings: Settings, browser: bool, say: Callable[[str], None]) -> None:
    """Serves until it is stopped (Ctrl-C), and lets what is being written be written whole."""
    settings = checked(settings)
    listening = bound(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            say(f"The page is at {settings.entry}  Stop it with Ctrl-C.")
            if settings.people is None and not settings.token:
                say("Whoever uses this machine can open it, read everything, and change it (--no-token).")
            if browser:
                threading.Thread(target=webbrowser.open, args=(way_in,), daemon=True).start()

    with listening, _way_in(settings, browser) as way_in:
        Server(configured(settings)).run(sockets=[listening])


@contextmanager
def _way_in(settings: Settings, browser: bool) -> Iterator[str]:
    """What a browser is told to open. A token in the command that starts it could be seen by every user of the machine:
    so it opens a file that only this user may read, which leads on."""
    if not browser or settings.entry == settings.url:
        yield settings.url
        return
    import platformdirs

    file = platformdirs.user_data_path("sharedvalue") / f"open-{settings.port}.html"
    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(settings.entry)}"><title>sharedvalue</title>'
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, page.encode(), 0o600)
    except OSError:
        yield settings.url  # the page then asks for the token
        return
    try:
        yield file.as_uri()
    finally:
        file.unlink(missing_ok=True)
