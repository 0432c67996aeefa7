"""The door: who may ask (Host, Origin), how much may be sent, what a browser may load, and proof that a form is ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD")
UNSAFE = ("POST",)
MOST_BODY = 1_000_000  # bytes of a form
MOST_UPLOAD = 50_000_000  # bytes of a form with files, where a room takes files
MOST_TARGET = 8_000  # characters of an address
MOST_HEADERS = 32_000
COOKIE = "sharedvalue"
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class TooMuch(Exception):
    """More was sent than is taken."""


class Door:
    """ASGI middleware around the whole page."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], uploads: Iterable[str] = (), secure: bool = False
    ) -> None:
        self.app, self.hosts, self.secure = app, frozenset(hosts), secure
        self.uploads = tuple(uploads)  # beginnings or ends of paths that take files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no web sockets here
        refused = self.refusal(scope)
        if refused is not None:
            await refused(scope, receive, self.guarded(scope, send))
            return
        await self.app(scope, self.bounded(scope, receive), self.guarded(scope, send))

    def refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").casefold()
        if host not in self.hosts or len(headers.getlist("host")) != 1:
            return _plain(421, "This page answers under its own address only.")
        if scope["method"] not in (*SAFE, *UNSAFE):
            return _plain(405, "This page knows GET and POST only.", {"allow": "GET, HEAD, POST"})
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > MOST_TARGET:
            return _plain(414, "The address is too long.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return _plain(431, "Too much is said in the headers.")
        if scope["method"] in UNSAFE:
            length = headers.get("content-length", "")
            if length and (not length.isdigit() or int(length) > self.most(scope)):
                return _plain(413, "More was sent than this page takes.")
            origin = headers.get("origin")
            if origin is not None and _host_of(origin) != host:
                return _plain(403, "This was sent by another page.")
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return _plain(403, "This was sent by another page.")
        return None

    def most(self, scope: Scope) -> int:
        return MOST_UPLOAD if any(scope["path"].endswith(end) for end in self.uploads) else MOST_BODY

    def bounded(self, scope: Scope, receive: Receive) -> Receive:
        """What a client sends, cut off where it is more than it may be, whatever it announced."""
        left = self.most(scope)

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooMuch
            return message

        return bounded

    def guarded(self, scope: Scope, send: Send) -> Send:
        """Every answer carries what a browser must hold to."""
        kept = scope["path"].startswith("/static/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self.secure:
                    headers["strict-transport-security"] = "max-age=31536000"
                if not kept:
                    headers.setdefault("cache-control", "no-store")
                    headers["vary"] = "HX-Request, Cookie"
            await send(message)

        return guarded


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:  # half an address
        return ""


def _plain(status: int, words: str, headers: dict[str, str] | None = None) -> PlainTextResponse:
    return PlainTextResponse(f"{words}\n", status, headers)


class Tokens:
    """Tokens bound to the session of a browser. The key lives as long as the program runs."""

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)

    def of(self, session: str) -> str:
        return hmac.new(self.key, session.encode(), hashlib.sha256).hexdigest()

    def fits(self, session: str, token: str) -> bool:
        return bool(session) and hmac.compare_digest(
            self.of(session).encode(), token.encode("utf-8", "replace")
        )


def new_session() -> str:
    return secrets.token_urlsafe(32)
