"""The door: who may ask, how much may be sent, what is refused, and what a browser is told to hold to."""

from __future__ import annotations

import pytest

from sharedvalue.web.app import rooms
from sharedvalue.web.guard import MOST_BODY
from sharedvalue.web.visit import acts
from tests.web.serving import Client, Served


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.example"]
)
def test_another_host_name_is_refused(client: Client, host: str) -> None:
    found = client.send("GET", "/", headers={"Host": host})
    assert found.status == 421
    assert "silent" not in found.text.lower()


def test_names_of_this_machine_are_taken(client: Client) -> None:
    for host in ("127.0.0.1", "localhost"):
        assert client.send("GET", "/", headers={"Host": f"{host}:{client.port}"}).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/rules", "/s/silent-drift/decision", "/static/style.css", "/api/scenarios"]
)
def test_every_answer_carries_a_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_nothing_is_loaded_from_elsewhere_and_no_style_or_script_stands_in_a_page(client: Client) -> None:
    paths = ["/", "/rules", "/rules/S08", "/rules/claims", "/rules/thresholds"]
    for view in ("questions", "decision", "decision/chain", "decision/picture", "decision/changes", "decision/borders",
                 "decision/why-not/keep_course", "what-if", "what-if/map"):  # fmt: skip
        paths.append(f"/s/neophytes-and-experts/{view}")
    for path in paths:
        text = client.get(path).text
        assert "style=" not in text, path
        assert "<style" not in text, path
        assert "<script>" not in text, path
        assert " onclick" not in text, path
        assert 'src="http' not in text, path
        assert 'href="http' not in text, path


def test_every_room_acts_through_the_guard() -> None:
    async def handler(_: object) -> object:
        return None

    guarded = acts("/x", handler).endpoint.__code__  # type: ignore[arg-type]
    for room in rooms():
        for route in room.routes:
            if "POST" in (route.methods or ()):
                assert route.endpoint.__code__ is guarded, route.path


def test_what_changes_something_needs_a_token_of_this_session(page: Served, client: Client) -> None:
    fields = {"title": "Ours", "has_sponsor": "yes"}
    other = page.client().token()
    client.get("/")
    for token in ("", "x", other, "é"):
        assert client.post("/begin", fields, token=token).status == 403
    assert not (page.folder / "ours.yaml").exists()


def test_a_token_without_its_cookie_is_worth_nothing(page: Served) -> None:
    token = page.client().token()
    fresh = page.client()
    fresh.cookies.clear()
    body = f"csrf={token}&title=Ours&has_sponsor=yes".encode()
    said = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Bearer {page.token}"}
    assert fresh.send("POST", "/begin", body, said).status == 403


def test_a_form_of_another_page_is_refused(client: Client) -> None:
    body = f"csrf={client.token()}&title=Ours&has_sponsor=yes".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for foreign in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert client.send("POST", "/begin", body, kind | foreign).status == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_pages(page: Served) -> None:
    said = page.stranger().get(f"/?token={page.token}").headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "FOO"])
def test_other_methods_are_not_known(client: Client, method: str) -> None:
    assert client.send(method, "/").status == 405


def test_too_much_is_refused_whatever_is_announced(client: Client) -> None:
    token = client.token()
    big = b"csrf=" + token.encode() + b"&title=" + b"a" * (MOST_BODY + 10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.send("POST", "/begin", big, kind).status == 413
    pieces = (big[:600_000], big[600_000:])
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    found = client.send("POST", "/begin", chunked, kind | {"Transfer-Encoding": "chunked"})
    assert found.status == 413


def test_a_long_address_and_long_headers_are_refused(client: Client) -> None:
    assert client.get("/?" + "a" * 9000).status == 414
    assert client.send("GET", "/", headers={"X-Long": "a" * 40_000}).status in (400, 431)


@pytest.mark.parametrize(
    "path",
    ["/s/..%2F..%2Fetc%2Fpasswd/decision", "/s/%2e%2e/decision", "/s/silent-drift.yaml/decision", "/static/../app.py",
     "/static/%2e%2e/app.py", "/static/..%5capp.py", "/s/a%00b/decision", "/s//decision", "/rules/..%2f..%2fx"],
)  # fmt: skip
def test_no_path_of_a_request_reaches_the_disk(client: Client, path: str) -> None:
    found = client.get(path)
    assert found.status in (400, 404)
    assert "root:" not in found.text
    assert "import" not in found.text
