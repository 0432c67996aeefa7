"""On this machine only: the page opens with the token in the address that was printed, and to nobody without it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sharedvalue.web.serve import _way_in
from sharedvalue.web.settings import Settings
from tests.cli.calling import ROOT
from tests.web.serving import Client, Served, served


def test_without_the_token_nothing_is_shown_or_changed(page: Served) -> None:
    stranger = page.stranger()
    for path in ("/", "/s/silent-drift/decision", "/rules", "/records", "/practice"):
        found = stranger.get(path)
        assert (found.status, found.headers.get("location")) == (303, "/sign-in")
    assert stranger.get("/api/scenarios").status == 401
    assert stranger.post("/begin", {"title": "Theirs", "has_sponsor": "no"}).headers["location"] == "/sign-in"
    assert not (page.folder / "theirs.yaml").exists()


@pytest.mark.parametrize("wrong", ["", "x", "é", "a" * 32])
def test_another_token_opens_nothing(page: Served, wrong: str) -> None:
    stranger = page.stranger()
    assert stranger.get(f"/?token={'%C3%A9' if wrong == 'é' else wrong}").headers["location"] == "/sign-in"
    assert (
        stranger.get("/api/scenarios", Authorization=f"Bearer {wrong}".encode().decode("latin-1")).status
        == 401
    )
    if wrong:
        assert stranger.post("/sign-in", {"token": wrong}).status == 403


def test_the_token_opens_the_page_and_goes_from_the_address(page: Served) -> None:
    client = page.stranger()
    found = client.get(f"/rules?claim=x&token={page.token}")
    assert (found.status, found.headers["location"]) == (303, "/rules?claim=x")
    assert client.get("/rules").status == 200
    assert page.token not in client.get("/rules").text


def test_the_token_may_be_typed(page: Served) -> None:
    client = page.stranger()
    assert client.post("/sign-in", {"token": page.token}).status == 303
    assert client.get("/").status == 200


def test_programs_say_it_in_a_header(page: Served) -> None:
    assert page.stranger().get("/api/scenarios", Authorization=f"Bearer {page.token}").status == 200


def test_two_pages_on_one_machine_have_two_cookies(page: Served, tmp_path: Path) -> None:
    other = served(tmp_path)
    try:
        client = page.client()
        theirs = other.client()
        theirs.cookies |= client.cookies
        assert theirs.get("/").status == 200
        assert not set(client.cookies) & set(other.client().cookies)
        assert other.token != page.token
    finally:
        other.stop()


def test_a_browser_is_led_in_by_a_file_that_only_this_user_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = Settings(tmp_path)
    with _way_in(settings, True) as address:
        assert settings.token not in address
        if sys.platform.startswith("linux"):
            file = Path(address.removeprefix("file://"))
            assert settings.entry in file.read_text()
            assert file.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.rglob("open-*"))
    with _way_in(replace(settings, token=""), True) as address:
        assert address == settings.url


def test_no_token_says_what_it_gives_up(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sharedvalue", "serve", "--folder", str(tmp_path), "--port", "0", "--no-browser", "--no-token"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = [process.stderr.readline(), process.stderr.readline()]
    assert "token=" not in said[0]
    assert "can open it, read everything, and change it" in said[1]
    assert Client(int(said[0].split("127.0.0.1:")[1].split("/")[0])).get("/").status == 200
    process.send_signal(signal.SIGINT)
    process.wait(20)
    process.stderr.close()
