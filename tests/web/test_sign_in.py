"""Where others can reach the page: who may sign in, what each role may do, and that secrets are kept hashed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.web.people import TRIES, Sessions, add_person, fits, hashed, read_people
from sharedvalue.web.settings import Settings, checked
from tests.web.serving import Client, Served, served

SECRETS = {"vera": "viewer-secret-1", "lea": "leader-secret-1", "bo": "board-secret-11"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    people = folder / "people.json"
    for name, role in (("vera", "viewer"), ("lea", "leader"), ("bo", "board")):
        add_person(people, name, role, SECRETS[name])
    found = served(folder, Settings(folder, people=people, workers=1), ("silent-drift",))
    yield found
    found.stop()


def signed_in(guarded: Served, name: str) -> Client:
    client = guarded.client()
    found = client.post("/sign-in", {"name": name, "secret": SECRETS[name]})
    assert found.status == 303
    return client


def test_nobody_comes_in_without_signing_in(guarded: Served) -> None:
    client = guarded.client()
    for path in ("/", "/s/silent-drift/decision", "/rules", "/rules/thresholds"):
        found = client.get(path)
        assert (found.status, found.headers.get("location")) == (303, "/sign-in")
        assert "drift" not in found.text.lower()
    assert client.get("/api/scenarios").status == 401
    assert client.post("/begin", {"title": "x", "has_sponsor": "no"}).headers["location"] == "/sign-in"


def test_each_role_may_do_what_it_may_and_no_more(guarded: Served) -> None:
    threshold = {"name": "restrict_gain", "value": "20", "why": "x", "version": ""}
    for name, may_write, may_agree in (("vera", False, False), ("lea", True, False), ("bo", True, True)):
        client = signed_in(guarded, name)
        assert client.get("/s/silent-drift/decision").status == 200
        begun = client.post("/begin", {"title": f"of {name}", "has_sponsor": "no"})
        assert (begun.status == 303) is may_write
        assert (guarded.folder / f"of-{name}.yaml").exists() is may_write
        asked = client.post("/rules/thresholds/ahead", threshold)
        assert (asked.status != 403) is may_agree


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(guarded: Served) -> None:
    client = guarded.client()
    client.get("/sign-in")
    before = dict(client.cookies)
    client.post("/sign-in", {"name": "lea", "secret": SECRETS["lea"]})
    assert client.cookies != before
    kept = dict(client.cookies)
    client.post("/sign-out", {})
    client.cookies = kept
    assert client.get("/").status == 303


def test_a_wrong_secret_is_told_without_saying_whether_the_name_is_known(guarded: Served) -> None:
    texts = set()
    for name in ("lea", "nobody"):
        found = guarded.client().post("/sign-in", {"name": name, "secret": "wrong-secret-1"})
        assert found.status == 403
        texts.add(found.text.split("<main")[1].split('name="csrf"')[0])
    assert len(texts) == 1


def test_after_several_wrong_tries_even_the_right_secret_waits(tmp_path: Path) -> None:
    add_person(tmp_path / "p.json", "ada", "leader", "right-secret-1")
    sessions = Sessions(read_people(tmp_path / "p.json"))
    assert sessions.check("ada", "right-secret-1") is not None
    for _ in range(TRIES):
        assert sessions.check("ada", "wrong") is None
    assert sessions.check("ada", "right-secret-1") is None


def test_secrets_are_kept_hashed_with_a_salt_each_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    for name in ("ada", "bea"):
        add_person(path, name, "viewer", "one and the same secret")
    text = path.read_text()
    assert "same secret" not in text
    kept = [known.secret for known in read_people(path).values()]
    assert len(set(kept)) == 2
    assert all(fits("one and the same secret", one) for one in kept)
    assert not fits("another secret", hashed("one and the same secret"))
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"people": []}', '{"people": {"a": {"role": "king", "secret": "x"}}}']
)
def test_a_file_that_is_none_of_people_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "people.json").write_text(text)
    with pytest.raises(UserError):
        read_people(tmp_path / "people.json")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_another_address_needs_people_and_tls_in_front(tmp_path: Path, address: str) -> None:
    people = tmp_path / "people.json"
    add_person(people, "ada", "leader", "right-secret-1")
    for unsafe in (
        Settings(tmp_path, address=address),
        Settings(tmp_path, address=address, people=people),
        Settings(tmp_path, address=address, public="https://page.example.org"),
        Settings(tmp_path, address=address, people=people, public="http://page.example.org"),
    ):
        with pytest.raises(UserError):
            checked(unsafe)
    safe = Settings(tmp_path, address=address, people=people, public="https://page.example.org")
    assert checked(safe).hosts == {"page.example.org"}
    assert checked(safe).secure


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_none(tmp_path: Path, address: str) -> None:
    assert checked(Settings(tmp_path, address=address)).local
