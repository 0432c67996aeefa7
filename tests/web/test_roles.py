"""One rule says who may see what: every route is asked as each role, and compared with the table in the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.web.app import rooms
from sharedvalue.web.people import ROLES, add_person
from sharedvalue.web.settings import Settings
from tests.cli.calling import ROOT
from tests.web.rooms_here import hidden, minutes, words
from tests.web.serving import Client, Served, served

TABLE = ROOT / "docs" / "reference" / "who-may-see-what.md"
ROW = re.compile(
    r"^\| (GET|POST) \| `([^`]+)` \| (yes|no) \| (yes|no) \| (yes|no) \| (yes|no) \|", re.MULTILINE
)
WHO = ("nobody", "viewer", "leader", "board")
SECRET = "a-secret-for-all-of-them"
DISSENT = "Wendelin would rather wait"


def table() -> dict[tuple[str, str], tuple[str, ...]]:
    return {(m[1], m[2]): (m[3], m[4], m[5], m[6]) for m in ROW.finditer(TABLE.read_text("utf-8"))}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("roles")
    for role in ROLES:
        add_person(folder / "people.json", role, role, SECRET)
    found = served(folder, Settings(folder, people=folder / "people.json", workers=2), ("silent-drift",))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def clients(guarded: Served) -> dict[str, Client]:
    found = {"nobody": guarded.stranger()}
    for role in ROLES:
        found[role] = guarded.stranger()
        assert found[role].post("/sign-in", {"name": role, "secret": SECRET}).status == 303
    return found


def routes() -> list[tuple[str, str]]:
    found = []
    for room in rooms():
        for route in room.routes:
            found += [(method, route.path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return found


def test_table_has_every_route_once() -> None:
    assert sorted(table()) == sorted(set(routes()))


@pytest.mark.parametrize("method, path", [r for r in routes() if r[1] != "/sign-out"])
def test_route_is_open_to_whom_the_table_says(method: str, path: str, clients: dict[str, Client]) -> None:
    address = path.replace("{slug}", "no-such-scenario").replace("{question}", "no-such-question")
    address = re.sub(r"\{record\}", "R9999", address)
    address = re.sub(r"\{[^}]*\}", "nothing.html" if path.endswith("{file}") else "nothing", address)
    for who, may in zip(WHO, table()[method, path], strict=True):
        client = clients[who]
        found = client.get(address) if method == "GET" else client.post(address, {})
        away = found.headers.get("location") == "/sign-in" and path != "/sign-out"
        refused = found.status in (401, 403) and path != "/sign-in"
        assert (away or refused) is (may == "no"), (who, found.status)
        assert found.status != 500, who


def test_dissent_is_for_those_who_may_see_a_record_whole(guarded: Served, clients: dict[str, Client]) -> None:
    leader = clients["leader"]
    form = leader.get("/s/silent-drift/record").text
    fields = {**minutes(by="the board", dissent=DISSENT), "version": hidden(form, "version")}
    shown = leader.post("/s/silent-drift/record/look", fields)
    kept = leader.post("/s/silent-drift/record/keep", fields | {"once": hidden(shown.text, "once")})
    assert kept.status == 303, words(kept.text)
    for who, sees in (("viewer", False), ("leader", True), ("board", True)):
        for path in (
            "/records/R0001",
            "/records/R0001/replay",
            "/records/due?whole=1&on=2031-01-01",
            "/records",
        ):
            text = clients[who].get(path).text
            if path == "/records/R0001":
                assert (DISSENT in text) is sees, (who, path)
                assert ("Entered by leader" in text) is sees, (who, path)
            assert sees or DISSENT not in text, (who, path)
        assert (clients[who].get("/records/R0001/report.md").status == 200) is sees
        copy = clients[who].get("/records/R0001/report-for-others.md")
        assert copy.status == 200
        assert DISSENT not in copy.text
    own = Path(guarded.folder) / ".own" / "ledger.sqlite"
    with open_ledger(str(own)) as ledger:
        assert ledger.record("R1").payload["entered_by"] == "leader"


def test_form_sent_again_to_a_page_that_was_started_anew_is_recorded_once(tmp_path: Path) -> None:
    """The key of a form is in the ledger with the record, so that neither a new page nor a new worker records it again."""
    from tests.governance.common import small

    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        first = ledger.append(small("one"), {}, sent="a key")
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        assert ledger.append(small("one"), {}, sent="a key") == first
        assert ledger.sent("a key") == first
        assert ledger.sent("another key") is None
        assert ledger.append(small("one"), {}, sent="another key").number == 2
        assert ledger.append(small("one"), {}).number == 3
        assert "a key" not in ledger.record("R1").raw.decode(), "the key itself is not kept"
