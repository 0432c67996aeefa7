"""Attacks on the page, over sockets on this machine: wrong sign-ins, half-sent requests, scripts in every text, other roles, other hosts."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.types import MapType, RecordsType, TextType
from sharedvalue.web.people import ROLES, add_person
from sharedvalue.web.settings import Settings
from tests.web.rooms_here import hidden, minutes
from tests.web.serving import Client, served
from tests.web.test_records import SPONSOR
from tests.web.test_roles import WHO, routes, table

Found = tuple[str, bool]  # what is told of an attack, and whether all held
SECRET = "a-secret-for-all-of-them"


def sign_ins(folder: Path, count: int) -> Found:
    people = folder / "people.json"
    add_person(people, "lea", "leader", "leader-secret-1")
    page = served(folder, Settings(folder, people=people, workers=1))
    try:
        client, right = page.client(), {"name": "lea", "secret": "leader-secret-1"}
        client.post("/sign-in", right)

        def wrong(number: int) -> None:
            other = page.client()
            other.post("/sign-in", {"name": f"n{number}", "secret": "wrong-secret"})

        crowd = [threading.Thread(target=wrong, args=(number,)) for number in range(count)]
        for one in crowd:
            one.start()
        begun = time.monotonic()
        status = client.post("/sign-in", right).status
        took = time.monotonic() - begun
        for one in crowd:
            one.join()
        return f"{count} wrong sign-ins at once: one whose browser is known comes in after {took:.1f} s", status == 303 and took < 15  # fmt: skip
    finally:
        page.stop()


def half_sent(folder: Path, count: int) -> Found:
    page = served(folder)
    try:
        with ExitStack() as stack:
            for _ in range(count):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", page.port), timeout=10))
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
            begun = time.monotonic()
            status = page.client().get("/").status
            took = time.monotonic() - begun
        return f"{count} half-sent requests held open: the page answers after {took:.1f} s", status == 200 and took < 15  # fmt: skip
    finally:
        page.stop()


# --- scripts in every text --------------------------------------------------------------------------------------------
MARKS = (
    "<script>mark()</script><x-mark onmark=1>", "\"><x-mark onmark=1>", "'><x-mark>", "\" onmark=\"1", "' onmark='1", "javascript:mark()",
    "</script></textarea></title></style><x-mark>", "]]>--><x-mark>{{ 7 * 191 }}",
)  # fmt: skip
CASE = """
scenario: 1
title: Title
story: Story
facts:
  has_sponsor: true
  original_purpose: Purpose
  sponsor_problem: Problem
  member_value_now: 69
  member_value_outlook: 66
  needs_shift: 35
  shift_durable: false
  sponsor_value_now: 70
  sponsor_value_outlook: 65
  contribution: 60
  sponsor_stance: negotiable
  sponsor_engaged: in_dialogue
  strategic_potential: 30
  support_at_risk: false
  sponsor_need_moved: false
  focus_changed_without_sponsor: false
  overlap_short: 15
  overlap_long: 20
  sponsors:
  - {name: Ministry, unit: Library, weight: 0.7, value_now: 55, stance: fixed}
  - {name: Foundation, weight: 0.3, value_now: 40, stance: negotiable, incompatible_with: {Ministry: false}}
  segments:
  - {name: Novices, count: 40, level: novice, overlap: 20}
  - {name: Experts, count: 10, level: expert, overlap: 60}
  needs:
  - {label: Letters, satisfied: 60, serves: {Ministry: 1, Foundation: 0.5}}
"""
WORTH = {"slug": "bad", "record": "R1", "target": "keep_course", "question": "decide", "name": "contribution", "file": "report.html"}  # fmt: skip


class Marks(HTMLParser):
    """What of a page would act as a script that was written into a text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        acts = [name for name, value in attrs if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")]  # fmt: skip
        own = tag == "script" and not {"src", "type"} & {name for name, _ in attrs}
        if tag == "x-mark" or acts or own:
            self.found.append(f"<{tag} {acts}>")


def marked(tree: Any, mark: str) -> Any:
    """A scenario in whose every text the mark stands."""
    book, facts = load(()), tree["facts"]

    def said(value: Any) -> str:
        return f"{value} {mark}"

    for name, value in facts.items():
        kind = book.facts[name].type
        if isinstance(kind, TextType):
            facts[name] = said(value)
        elif isinstance(kind, RecordsType):
            for row in value:
                for spec in kind.fields:
                    if spec.name in row and isinstance(spec.type, TextType):
                        row[spec.name] = said(row[spec.name])
                    elif isinstance(spec.type, MapType) and isinstance(row.get(spec.name), dict):
                        row[spec.name] = {said(of): worth for of, worth in row[spec.name].items()}
    return tree | {"title": said("Title"), "story": said("Story")}


def filled(path: str, worth: Mapping[str, str], otherwise: str) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda at: quote(worth.get(at[1], otherwise), safe=""), path)


def addresses(mark: str) -> Iterator[str]:
    """Every page that is shown: with what is there, and with the mark in each part of its address."""
    asked = urlencode(dict.fromkeys(("x", "y", "of", "on", "to", "fact", "value", "set.contribution"), mark))
    for method, path in routes():
        if method == "GET" and not path.startswith("/picture."):
            yield filled(path, WORTH, "1")
            yield f"{filled(path, {}, mark)}?{asked}"


def recorded(client: Client, mark: str) -> None:
    form = client.get("/s/bad/record").text
    said = minutes(by=f"board {mark}", dissent=mark, **SPONSOR | {"sponsor_role": mark})
    fields = {**said, "version": hidden(form, "version")}
    shown = client.post("/s/bad/record/look", fields).text
    assert client.post("/s/bad/record/keep", fields | {"once": hidden(shown, "once")}).status == 303


def scripts(folder: Path) -> Found:
    """Pages in whose every text stands what would act as a script."""
    shown, ended = 0, set[int]()
    for number, mark in enumerate(MARKS):
        own = folder / str(number)
        (own / "house-rules").mkdir(parents=True)
        tree = yaml.safe_load(CASE)
        (own / "bad.yaml").write_text(
            yaml.safe_dump(marked(tree, mark), allow_unicode=True), encoding="utf-8"
        )
        (own / f"{quote(mark, safe='')}.yaml").write_text(f"{mark}: [", encoding="utf-8")
        house = {"thresholds": {"value_met": {"value": 65, "because": mark.replace("{", "(")}}}
        (own / "house-rules" / "own.yaml").write_text(yaml.safe_dump(house), encoding="utf-8")
        page = served(own)
        try:
            client = page.client()
            recorded(client, mark)
            for address in islice(addresses(mark), number % 4, None, 4):  # each address with two of the marks
                found, read = client.get(address), Marks()
                if "html" in found.headers.get("content-type", "") or "svg" in found.headers.get(
                    "content-type", ""
                ):
                    read.feed(found.text)
                    shown += 1
                    ended.add(found.status)
                if read.found or "1337" in found.text or found.status == 500:
                    return f"{mark} on {address}: {found.status} {read.found}", False
        finally:
            page.stop()
    return f"{shown} pages with a script in every text, ended with {sorted(ended)}: it is text on each", True


# --- other roles ------------------------------------------------------------------------------------------------------
def kept(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.startswith("practice")}  # fmt: skip


def other_roles(folder: Path) -> Found:
    """Every post that a role may not make, to a scenario and a record that are there; all of it refused, nothing changed."""
    for role in ROLES:
        add_person(folder / "people.json", role, role, SECRET)
    page = served(folder, Settings(folder, people=folder / "people.json", workers=1), ("silent-drift",))
    try:
        clients = {who: page.stranger() for who in WHO}
        for role in ROLES:
            clients[role].post("/sign-in", {"name": role, "secret": SECRET})
        before, count = kept(folder), 0
        for (method, path), may in table().items():
            for who in (who for who, yes in zip(WHO, may, strict=True) if yes == "no" and method == "POST"):
                address = filled(path, WORTH | {"slug": "silent-drift"}, "1")
                fields = {"title": "Taken", "name": "contribution", "value": "1", "why": "x", "by": "the board", "slug": "silent-drift"}  # fmt: skip
                found = clients[who].post(address, fields)
                count += 1
                if not (found.status in (401, 403) or found.headers.get("location") == "/sign-in"):
                    return f"{who} posts to {path}: {found.status}", False
        same = kept(folder) == before
        return (
            f"{count} posts of roles that may not: each refused, {'nothing' if same else 'something'} changed",
            same,
        )
    finally:
        page.stop()


# --- other hosts and origins ------------------------------------------------------------------------------------------
def tricks(port: int) -> Iterator[tuple[bytes, dict[str, str]]]:
    """The first line and headers of requests that claim to be for, or from, this page."""
    own = f"127.0.0.1:{port}"
    hosts = (
        "", " ", "127.0.0.1", "127.0.0.1:", "null", "a" * 3000, f"127.0.0.1:{port}0", f"127.0.0.2:{port}", f"0.0.0.0:{port}",
        f"[::1]:{port + 1}", f"[::1:{port}", f"[::ffff:127.0.0.1]:{port}", f"2130706433:{port}", f"0x7f.1:{port}", f"017700000001:{port}",
        f"127.1:{port}", f"①27.0.0.1:{port}", f"%31%32%37.0.0.1:{port}", f"127.0.0.1.nip.io:{port}", f"localhost.:{port}", f"*:{port}",
        f"localhost.evil.example:{port}", f"evil.example:{port}", f"evil.example#{own}", f"evil.example@{own}", f"{own}@evil.example",
        f"{own}/evil.example", f"{own}, evil.example", f"{own} evil.example", f"{own}\tevil", f"http://{own}", f"{own}?x", f"{own}.",
        f"{own}\\@evil.example",
    )  # fmt: skip
    for host in hosts:
        yield b"GET / HTTP/1.1", {"Host": host}
    origins = (
        "", "null", "*", "file://", "://", "http://", "http://[::1", "http://127.0.0.1", "http://evil.example", "chrome-extension://x", own,
        f"http:{own}", f"http://evil.example:{port}", f"http://{own}.evil.example", f"http://{own}@evil.example", f"http://evil.example@{own}",
        f"http://{own}:80", f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:0{port}", f"http://0.0.0.0:{port}", f"http://127.1:{port}",
        f"http://localhost:{port}", f"http://[::1]:{port}", f"http:\\\\{own}", f"http://{own}\\", f"http://{own}, http://evil.example",
        f"http://evil.example, http://{own}", f"http://{own} http://evil.example", f"javascript://{own}.x", f"http://%31%32%37.0.0.1:{port}",
        f"http://①27.0.0.1:{port}",
    )  # fmt: skip
    for origin in origins:
        yield b"POST /begin HTTP/1.1", {"Host": own, "Origin": origin}
    for site in ("cross-site", "same-site", "", "CROSS-SITE", "x", "same-origin, cross-site", "none, none"):
        yield b"POST /begin HTTP/1.1", {"Host": own, "Sec-Fetch-Site": site}
    evil = {"Host": "evil.example"}
    for more in (
        "X-Forwarded-Host",
        "X-Host",
        "X-Original-Host",
        "Forwarded",
        "X-HTTP-Host-Override",
        "X-Forwarded-Server",
    ):
        yield b"GET / HTTP/1.1", {**evil, more: own if more != "Forwarded" else f"host={own}"}
    yield f"GET http://{own}/ HTTP/1.1".encode(), evil
    yield b"GET http://evil.example/ HTTP/1.1", evil
    yield b"GET / HTTP/1.1", {"Host": own, "host": "evil.example"}
    yield b"GET / HTTP/1.1", {"Host": "evil.example", "host": own}
    yield b"GET / HTTP/1.1", {"Host": own, "host": own, "HOST": own}
    yield b"GET / HTTP/1.0", {}
    yield b"GET / HTTP/1.1", {}


def raw(port: int, head: bytes, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The first line of an answer; b'' where the door was closed."""
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("utf-8")
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        try:
            line.sendall(head + b"\r\n" + said + b"Connection: close\r\n\r\n" + body)
            return line.recv(4000).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


def hosts_and_origins(folder: Path) -> Found:
    """Requests under another name, and forms from elsewhere, of a browser that is signed in: none is answered."""
    page = served(folder)
    try:
        client = page.client()
        form = urlencode({"csrf": client.token(), "title": "Taken", "has_sponsor": "yes"}).encode()
        count, ended = 0, set[bytes]()
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
        typed = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form))}
        for head, headers in tricks(page.port):
            posts = head.startswith(b"POST")
            answer = raw(
                page.port, head, {**headers, **cookie, **(typed if posts else {})}, form if posts else b""
            )
            count += 1
            ended.add(answer[9:12])
            if answer and answer[9:12] not in (b"400", b"403", b"421", b"431"):
                return f"{head!r} {headers}: {answer!r}", False
        refused = not list(folder.glob("*.yaml"))
        own = {"Host": f"127.0.0.1:{page.port}", "Origin": page.url}
        taken = raw(page.port, b"POST /begin HTTP/1.1", {**own, **cookie, **typed}, form)[9:12] == b"303"
        return (
            f"{count} requests under other hosts and origins: {sorted(ended)}; that of the page itself is taken",
            refused and taken,
        )
    finally:
        page.stop()
