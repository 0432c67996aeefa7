"""Many at once: half-sent requests, slow senders and one who asks much keep nobody else out."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sharedvalue.web import connections
from sharedvalue.web.turns import MOST_WAITING, Full, Turns
from tests.web.serving import Served, served


@pytest.fixture
def hurried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A page whose patience is short."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(connections, "BODY_SECONDS", 1.5)
    monkeypatch.setattr(connections, "MOST", 60)
    found = served(tmp_path)
    yield found
    found.stop()


def opened(page: Served, said: bytes = b"") -> socket.socket:
    found = socket.create_connection(("127.0.0.1", page.port), timeout=10)
    found.sendall(said)
    return found


def until_closed(connection: socket.socket) -> float:
    begun = time.monotonic()
    connection.settimeout(20)
    try:
        while connection.recv(1000):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - begun


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_crowd_of_half_sent_requests_keeps_nobody_out(hurried: Served, said: bytes) -> None:
    client = hurried.client()
    client.get("/")  # its workers have started, however long that takes here
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(opened(hurried, said))
        begun = time.monotonic()
        assert client.get("/").status == 200
        assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "said, drips",
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\n", b"X"),
        (b"POST /begin HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n", b"x"),
    ],
)
def test_who_sends_slowly_is_cut_off(hurried: Served, said: bytes, drips: bytes) -> None:
    host = f"127.0.0.1:{hurried.port}".encode()
    with opened(hurried, said.replace(b"{host}", host)) as connection:
        begun = time.monotonic()
        connection.settimeout(0.3)
        try:
            while time.monotonic() - begun < 15:
                try:
                    if not connection.recv(1000):
                        break
                except TimeoutError:
                    connection.sendall(drips)
        except ConnectionError:
            pass
        assert time.monotonic() - begun < 10


def test_who_waits_between_two_requests_is_let_be(hurried: Served) -> None:
    request = f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{hurried.port}\r\n\r\n".encode()
    with opened(hurried, request) as connection:
        assert connection.recv(100_000).startswith(b"HTTP/1.1 200")
        time.sleep(2)
        connection.setblocking(False)
        try:
            while connection.recv(100_000):
                pass
        except BlockingIOError:
            pass
        connection.setblocking(True)
        connection.sendall(request)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_each_person_has_a_turn_and_nobody_all_workers() -> None:
    async def crowd() -> list[str]:
        turns: Turns[str] = Turns(1)
        for name in ("one", "two"):
            turns.ready(name)
        got: list[str] = []

        async def asks(who: str) -> None:
            worker = await turns.take(who, 5)
            got.append(who)
            await asyncio.sleep(0.01)
            turns.back(who, worker)

        many = [asyncio.ensure_future(asks("viewer")) for _ in range(20)]
        await asyncio.sleep(0.03)
        await asyncio.gather(asks("leader"), asks("leader"))
        ended = len(got)
        await asyncio.gather(*many)
        assert len(turns.idle) == 2
        assert not turns.held
        assert not turns.waiting
        return got[:ended]

    before_the_leader_was_done = asyncio.run(crowd())
    assert before_the_leader_was_done.count("leader") == 2
    assert len(before_the_leader_was_done) < 12


def test_one_person_may_not_fill_the_queue_and_who_gives_up_leaves_it() -> None:
    async def full() -> None:
        turns: Turns[str] = Turns(1)
        waiting = [asyncio.ensure_future(turns.take("viewer", 60)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await turns.take("viewer", 1)
        with pytest.raises((TimeoutError, asyncio.TimeoutError)):
            await turns.take("leader", 0.01)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        turns.ready("one")
        assert await turns.take("leader", 1) == "one"

    asyncio.run(full())
