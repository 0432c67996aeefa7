"""Whatever is sent: no mistake of ours, no trace of the program in an answer, and nothing outside the folder is touched."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from sharedvalue.web.app import rooms
from sharedvalue.web.settings import Settings
from tests.web.serving import Client, Served, served

ODD = (
    "", " ", "0", "-1", "1e999", "NaN", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "é" * 50,
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "a/../../b", "C:\\x", "<script>alert(1)</script>",
    "{{ 7 * 7 }}", "{% raw %}", "${x}", "'; drop table records; --", "a" * 5000, "!!python/object/apply:os.system [ls]",
    "&a [*a, *a]", "x: [" * 200, "{" * 3000, "\r\nSet-Cookie: x=1", "\u202e", "member_value_now", "has_sponsor", "segments[0]",
    "evidence[99999999999].n", "40-60", "60-40", "yes", "unknown", "RESTRICT_MEMBERSHIP", "R0001", "value_met", "sample--silent-drift",
)  # fmt: skip
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW")
NAMES = ("name", "value", "confidence", "title", "story", "version", "list", "key", "why", "by", "decision", "sponsor", "votes", "actions",
         "dissent", "review_date", "answers", "once", "outcome", "f.contribution", "f.nope", "x", "y", "of", "whole",
         "set.contribution", "facts", "on", "has_sponsor", "field_name", "field_count", "columns", "format")  # fmt: skip
TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json",
         "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16", "\xff")  # fmt: skip
OUTSIDE = "Outside, and nobody's business."
BOMB = "\n".join(
    [
        f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]" if n else "a0: &a0 [x, x]"
        for n in range(12)
    ]
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page on a folder inside another; what lies around the folder must stay as it is."""
    around = tmp_path_factory.mktemp("around")
    folder = around / "cases"
    folder.mkdir()
    (around / "secret.yaml").write_text(f"scenario: 1\ntitle: {OUTSIDE}\nfacts: {{has_sponsor: false}}\n")
    (folder / "way-out.yaml").symlink_to(around / "secret.yaml")
    (folder / "bomb.yaml").write_text(BOMB)
    (folder / "deep.yaml").write_text("[" * 5000)
    (folder / "binary.yaml").write_bytes(bytes(range(256)) * 20)
    (folder / "hostile.yaml").write_text(
        'scenario: 1\ntitle: "<img src=x onerror=alert(1)>{{ 7 * 7 }}"\nstory: "</script><script>alert(2)</script>"\n'
        'facts: {has_sponsor: true}\nsegments:\n- {name: "<b>\'\\"", count: 3}\n'
    )
    found = served(
        folder, Settings(folder, quick_seconds=3.0, slow_seconds=3.0, search_seconds=0.3), ("silent-drift",)
    )
    yield found
    found.stop()


def paths() -> list[tuple[str, bool]]:
    """Every address that the rooms answer, and whether it changes something."""
    return [(route.path, "POST" in (route.methods or ())) for room in rooms() for route in room.routes]


def around(served: Served) -> dict[str, bytes]:
    """What lies outside the folder, and must stay as it is."""
    files = (p for p in served.folder.parent.rglob("*") if p.is_file() and served.folder not in p.parents)
    return {str(p): p.read_bytes() for p in files}


def a_request(chance: random.Random, client: Client, token: str) -> tuple[str, str, bytes, dict[str, str]]:
    """One request that nobody should send: its method, its address, its body and its headers."""
    path, acts = chance.choice(ADDRESSES)
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        known = ["silent-drift", "hostile", "bomb", "deep", "binary", "way-out"] if name == "slug" else ODD
        path = (
            before
            + quote(chance.choice(known if chance.random() < 0.8 else ODD), safe=chance.choice(["", "/."]))
            + after
        )
    fields = [(chance.choice(NAMES), chance.choice(ODD)) for _ in range(chance.randrange(8))]
    method = ("POST" if acts else "GET") if chance.random() < 0.8 else chance.choice(METHODS)
    headers = {"Content-Type": chance.choice(TYPES) if chance.random() < 0.4 else TYPES[0]}
    if chance.random() < 0.5:
        headers["HX-Request"] = "true"
    if chance.random() < 0.85:
        fields.append(("csrf", token))
    if chance.random() < 0.6:
        fields += [
            ("version", client_version(chance, client)),
            ("name", chance.choice(["member_value_now", "value_met", "x"])),
        ]
    if chance.random() < 0.05:
        headers["Host"] = chance.choice(["evil.example", "", "127.0.0.1", "a" * 3000])
    if chance.random() < 0.05:
        headers["Origin"] = chance.choice(["https://evil.example", "null", "\xff"])
    if chance.random() < 0.05:
        headers["Accept-Language"] = chance.choice(["../../x", "de" * 400, ";;;,,,", "en_../.."])
    body = urlencode(fields).encode()
    if method == "GET":
        return method, f"{path}?{body.decode()}", b"", headers
    if chance.random() < 0.15:
        body = bytes(chance.randrange(256) for _ in range(chance.randrange(300)))
    if chance.random() < 0.1:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n'
            + token.encode()
            + b"\r\n--x\r\n"
            + body
        )
    return method, path, body, headers


VERSIONS: dict[int, str] = {}
ADDRESSES = paths()


def client_version(chance: random.Random, client: Client) -> str:
    """Mostly the version of the file as it is, so that a form gets as far as it can; a file that was put away is brought back."""
    if client.port not in VERSIONS or chance.random() < 0.1:
        if client.get("/s/silent-drift/questions").status == 303:
            client.post("/restore", {"slug": "silent-drift"})
        VERSIONS[client.port] = client.version("silent-drift")
    return VERSIONS[client.port]


def hurl(served: Served, seed: int, count: int) -> dict[int, int]:
    """Sends requests, and checks every answer. How often which status came."""
    chance, client, counted = random.Random(seed), served.client(), dict[int, int]()
    client.get("/")
    token = client.token()
    for _ in range(count):
        method, path, body, headers = a_request(chance, client, token)
        try:
            found = client.send(method, path, body, headers)
        except (
            http.client.HTTPException,
            ValueError,
            UnicodeError,
            OSError,
        ):  # what no client sends so, or a closed door
            continue
        sent = (method, path[:300], body[:300], headers)
        assert found.status < 500 or found.status == 503, sent
        assert "Traceback" not in found.text, sent
        assert OUTSIDE not in found.text, sent
        assert "root:" not in found.text, sent
        assert not found.headers.get("set-cookie", "").startswith("x"), sent
        assert "<script>alert" not in found.text, sent
        assert "<img src=x" not in found.text, sent
        counted[found.status] = counted.get(found.status, 0) + 1
        if found.headers.get("location") == "/sign-in":  # the request has ended the session
            client.get(f"/?token={served.token}")
            token = client.token()
    return counted


def test_odd_requests_meet_words_and_nothing_else(ground: Served, capfd: pytest.CaptureFixture[str]) -> None:
    before = around(ground)
    counted = hurl(ground, 7, 300)
    assert counted.get(200, 0) > 25, counted
    assert counted.get(422, 0) > 10, counted
    assert around(ground) == before
    assert "Traceback" not in capfd.readouterr().err
    assert ground.client().get("/").status == 200


@pytest.mark.parametrize("text", [BOMB, "[" * 5000, "thresholds: &a {x: *a}", "\x00", "thresholds: [1]", "rules: {Z01: {when: 'a' }}",
                                  "thresholds:\n  value_met: {value: !!python/object/apply:os.getcwd [], because: x}"])  # fmt: skip
def test_a_hostile_house_rule_is_told_in_words(ground: Served, text: str) -> None:
    house = ground.folder / "house-rules"
    house.mkdir(exist_ok=True)
    (house / "from-the-page.yaml").write_text(text)
    try:
        for path in (
            "/s/silent-drift/decision",
            "/rules",
            "/rules/thresholds",
            "/api/scenarios/silent-drift/decide",
            "/",
        ):
            found = ground.client().get(path)
            assert found.status in (200, 422), path
            assert "Traceback" not in found.text
            assert found.status == 200 or "SV" in found.text
    finally:
        (house / "from-the-page.yaml").unlink()
    assert ground.client().get("/s/silent-drift/decision").status == 200


@pytest.mark.parametrize("raw", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
                                 b"POST /begin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
                                 b"POST /begin HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                 b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n"])  # fmt: skip
def test_what_is_no_request_closes_the_door_only(ground: Served, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", ground.port), timeout=20) as line:
        try:
            line.sendall(raw)
            with contextlib.suppress(OSError):  # the door may be closed already
                line.shutdown(socket.SHUT_WR)
            answer = line.recv(300)
        except ConnectionError:
            answer = b""
    assert b" 200 " not in answer
    assert b" 500 " not in answer
    assert ground.client().get("/").status == 200


def test_a_link_out_of_the_folder_is_not_followed(ground: Served) -> None:
    client = ground.client()
    assert client.get("/s/way-out/decision").status == 404
    listed: Any = json.loads(client.get("/api/scenarios").text)
    assert "way-out" not in [one["name"] for one in listed["scenarios"]]
    assert Path(ground.folder / "way-out.yaml").is_symlink()
