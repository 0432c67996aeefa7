"""Where others can reach the page: who may sign in, what each role may do, and that secrets are kept hashed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.web.people import People, add_person, fits, hashed, read_people
from sharedvalue.web.sessions import Sessions
from sharedvalue.web.settings import Settings, checked
from sharedvalue.web.tries import Tries, Try, network_of
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


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


ADA = Try("10.0.0.7", "ada", known_name=True, known_browser=False)


def wrong(tries: Tries, one: Try) -> bool:
    """One wrong try, if it is allowed."""
    if tries.wait(one):
        return False
    tries.begin(one)
    return True


def test_tries_from_one_address_are_few_and_are_forgotten_little_by_little() -> None:
    clock = Clock()
    tries = Tries(clock)
    assert sum(wrong(tries, replace(ADA, name=f"n{number}", known_name=False)) for number in range(50)) == 10
    assert 0 < tries.wait(ADA) <= 6
    clock.now += 6
    assert wrong(tries, ADA)
    assert not wrong(tries, ADA)
    clock.now += 3600
    assert sum(wrong(tries, ADA) for _ in range(50)) == 10


def test_tries_for_one_name_from_many_addresses_are_few() -> None:
    clock = Clock()
    tries = Tries(clock)
    assert sum(wrong(tries, replace(ADA, address=f"10.0.{n // 200}.{n % 200}")) for n in range(2_000)) == 20
    clock.now += 60
    assert sum(wrong(tries, replace(ADA, address=f"10.1.{n // 200}.{n % 200}")) for n in range(2_000)) == 4


def test_a_thousand_invented_names_neither_fill_the_table_nor_switch_the_limit_off() -> None:
    tries = Tries(Clock())
    for number in range(30_000):
        tries.begin(Try(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", f"n{number}", False, False))
    assert all(
        len(limit.levels) <= limit.most for limit in (tries.by_address, tries.by_name, tries.by_browser)
    )
    assert len(tries.by_name.levels) <= Tries.SLOTS
    assert not tries.wait(ADA), "somebody whose name nobody tried is not kept waiting"
    assert sum(wrong(tries, replace(ADA, address=f"172.16.{n // 200}.{n % 200}")) for n in range(100)) == 20


def test_whoever_has_signed_in_here_before_is_not_kept_out_by_strangers() -> None:
    tries = Tries(Clock())
    while wrong(tries, replace(ADA, address=f"10.0.0.{len(tries.by_address.levels)}")):
        pass
    assert tries.wait(ADA)
    own = replace(ADA, known_browser=True)
    assert not tries.wait(own)
    assert sum(wrong(tries, own) for _ in range(50)) == 10, "nor may a known browser try without end"


def test_a_try_that_fits_does_not_count() -> None:
    tries = Tries(Clock())
    for _ in range(100):
        assert wrong(tries, ADA)
        tries.fitted(ADA)


def test_addresses_of_one_network_count_together() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("10.0.0.1") != network_of("10.0.0.2")


def test_a_browser_is_known_for_one_person_until_the_secret_is_another(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    add_person(path, "ada", "leader", "right-secret-1")
    add_person(path, "bea", "leader", "right-secret-2")
    sessions = Sessions(People(path))
    mark = sessions.mark_of("ada")
    assert sessions.is_known("ada", mark)
    assert not sessions.is_known("bea", mark)
    assert not sessions.is_known("nobody", "")
    add_person(path, "ada", "leader", "another-secret-1")
    assert not sessions.is_known("ada", mark)


def test_a_session_ends_with_a_new_secret_and_a_new_role_holds_at_once(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    add_person(path, "ada", "leader", "right-secret-1")
    sessions = Sessions(People(path))
    sessions.begin("one", "ada")
    assert sessions.person("one").role == "leader"
    add_person(path, "ada", "viewer", "another-secret-1")
    assert not sessions.person("one").may("read")
    assert not sessions.people.fits("ada", "right-secret-1") if sessions.people else False
    sessions.begin("two", "ada")
    assert sessions.person("two").role == "viewer"
    path.write_text("{")
    assert sessions.person("two").role == "viewer", "a file that breaks meanwhile locks nobody out"
    path.write_text('{"people": {}}')
    assert not sessions.person("two").may("read"), "who was taken out is out"


def test_who_tried_is_logged_without_what_was_typed(
    guarded: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    client = guarded.client()
    client.post("/sign-in", {"name": "lea", "secret": "a-wrong-secret"})
    client.post("/sign-in", {"name": "my-secret-typed-as-a-name", "secret": "a-wrong-secret"})
    signed_in(guarded, "lea")
    said = capfd.readouterr().err
    assert "wrong secret for 'lea' from 127.0.0.1" in said
    assert "wrong secret for a name that nobody has from 127.0.0.1" in said
    assert "sign-in: 'lea' from 127.0.0.1" in said
    assert "typed" not in said
    assert "a-wrong" not in said


def test_three_hundred_at_once_delay_a_known_person_little(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    add_person(people, "lea", "leader", SECRETS["lea"])
    found = served(tmp_path, Settings(tmp_path, people=people, workers=1))
    try:
        client = found.client()
        assert client.post("/sign-in", {"name": "lea", "secret": SECRETS["lea"]}).status == 303
        token = found.client().token()
        statuses: list[int] = []

        def tries(number: int) -> None:
            other = found.client()
            other.token()
            statuses.append(other.post("/sign-in", {"name": f"n{number}", "secret": "wrong-secret"}).status)

        crowd = [threading.Thread(target=tries, args=(number,)) for number in range(300)]
        for one in crowd:
            one.start()
        begun = time.monotonic()
        again = client.post("/sign-in", {"name": "lea", "secret": SECRETS["lea"]})
        took = time.monotonic() - begun
        for one in crowd:
            one.join()
        assert again.status == 303
        assert took < 15
        assert statuses.count(403) <= 10 + took / 6 + 5, "the secrets of few of them were looked at"
        assert token
    finally:
        found.stop()


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
        Settings(tmp_path, public="https://page.example.org"),
        Settings(tmp_path, people=people, public="http://page.example.org"),
        Settings(tmp_path, people=people, public="http://localhost:8765"),
    ):
        with pytest.raises(UserError):
            checked(unsafe)
    safe = Settings(tmp_path, address=address, people=people, public="https://page.example.org")
    assert checked(safe).hosts == {"page.example.org"}
    assert checked(safe).secure


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_none(tmp_path: Path, address: str) -> None:
    assert checked(Settings(tmp_path, address=address)).local
