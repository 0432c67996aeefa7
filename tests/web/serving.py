"""The page served for real on a free port, and a small client that keeps cookies as a browser does."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn

from sharedvalue.web.serve import configured
from sharedvalue.web.settings import QUICK_SECONDS, SLOW_SECONDS, Settings

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PATIENT = 300.0  # seconds of the clock for a job: a busy machine takes long, and what runs out of time is tested where its time is set


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Client:
    """Speaks to the page. `send` says everything itself; `get` and `post` behave as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENT)
        said = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if self.cookies and "Cookie" not in said:
            said["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in said.items():
            connection.putheader(name, value)
        if body and not {"Content-Length", "Transfer-Encoding"} & set(said):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        found = connection.getresponse()
        text = found.read().decode("utf-8", "replace")
        for name, value in found.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        answer = Answer(found.status, {n.lower(): v for n, v in found.getheaders()}, text)
        connection.close()
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})

    def token(self) -> str:
        found: str = self.get("/api/token").json["token"]
        return found

    def post(
        self, path: str, fields: Mapping[str, str], htmx: bool = False, token: str | None = None
    ) -> Answer:
        body = urlencode({"csrf": self.token() if token is None else token, **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | (
            {"HX-Request": "true"} if htmx else {}
        )
        return self.send("POST", path, body, headers)

    def version(self, slug: str) -> str:
        shown = self.get(f"/s/{slug}/questions")
        found = re.search(r'id="version" name="version" value="(\w+)"', shown.text)
        assert found is not None, (shown.status, shown.headers.get("location"))
        return found[1]

    def answer(self, slug: str, name: str, value: str, version: str | None = None) -> Answer:
        fields = {"name": name, "value": value, "version": version or self.version(slug)}
        return self.post(f"/s/{slug}/answer", fields, htmx=True)


@dataclass
class Served:
    """A page that is running."""

    folder: Path
    port: int
    server: uvicorn.Server
    thread: threading.Thread
    listening: socket.socket
    token: str

    def client(self) -> Client:
        """A browser that has opened the address with the token, where there is one."""
        found = self.stranger()
        if self.token:
            found.get(f"/?token={self.token}")
        return found

    def stranger(self) -> Client:
        return Client(self.port)

    @property
    def entry(self) -> str:
        return f"{self.url}/?token={self.token}" if self.token else self.url

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.listening.close()


def served(folder: Path, settings: Settings | None = None, scenarios: tuple[str, ...] = ()) -> Served:
    """Starts the page on a folder with copies of some scenarios."""
    for name in scenarios:
        shutil.copy(SCENARIOS / f"{name}.yaml", folder)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    chosen = replace(settings or Settings(folder), folder=folder, port=port)
    own = folder / ".own"  # never what belongs to whoever runs the tests
    chosen = replace(
        chosen,
        ledger=chosen.ledger or str(own / "ledger.sqlite"),
        practice=chosen.practice or own / "practice.sqlite",
        quick_seconds=PATIENT if chosen.quick_seconds == QUICK_SECONDS else chosen.quick_seconds,
        slow_seconds=PATIENT if chosen.slow_seconds == SLOW_SECONDS else chosen.slow_seconds,
    )
    server = uvicorn.Server(configured(chosen))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    return Served(folder, port, server, thread, listening, "" if chosen.people else chosen.token)
