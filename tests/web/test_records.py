"""The records room: what is shown before it is recorded, what is kept, who may do what, and every page in a browser."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.verify import verify
from sharedvalue.web.people import add_person
from sharedvalue.web.settings import Settings
from tests.web.rooms_here import SIZES, fresh, hidden, minutes, words
from tests.web.serving import Client, Served, served
from tests.web.test_in_browser import Browser

CASE = "/s/neophytes-and-experts/record"
SAID = {
    "by": "community leader\nsteering group",
    "dissent": "Two leads: too early",
    "review_date": "2027-03-01",
}
SPONSOR = {"sponsor": "agrees", "sponsor_role": "unit manager", "sponsor_date": "2026-11-20"}


@pytest.fixture(scope="module")
def page_of_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("records")
    found = served(folder, Settings(folder, workers=1))
    yield found
    found.stop()


@pytest.fixture
def client(page_of_records: Served) -> Client:
    return fresh(page_of_records, "neophytes-and-experts", "silent-drift", "the-sweet-spot")


def ledger_of(page: Served) -> str:
    return str(page.folder / ".own" / "ledger.sqlite")


def looked(client: Client, path: str = CASE, **said: str) -> Any:
    form = client.get(path).text
    version = {"version": hidden(form, "version")} if path.startswith("/s/") else {}
    fields = {**minutes(**(said or SAID)), **version}
    return fields, client.post(f"{path}/look", fields)


def kept(client: Client, path: str = CASE, **said: str) -> str:
    fields, shown = looked(client, path, **said)
    found = client.post(f"{path}/keep", {**fields, "once": hidden(shown.text, "once")})
    assert found.status == 303, words(found.text)
    return found.headers["location"].removesuffix("?new=1").rpartition("/")[2]


def test_what_will_be_recorded_is_shown_and_nothing_is_written(
    client: Client, page_of_records: Served
) -> None:
    fields, shown = looked(client)
    told = words(shown.text)
    assert shown.status == 200
    assert client.post(f"{CASE}/keep", {**fields, "by": "", "once": "x"}).status == 422
    assert "PROPOSED, NOT AGREED: restrict the membership to experts" in told
    assert "Put on record by: community leader, steering group" in told  # nobody decided
    assert "Dissent: Two leads: too early" in told
    assert (
        "Still open Put it to the sponsor, and record the answer. Proposed until the sponsor took part and it is recorded (Z11)"
        in told
    )
    assert not (page_of_records.folder / ".own" / "ledger.sqlite").exists()


def test_what_was_shown_is_recorded_and_verifies_with_its_receipt(
    client: Client, page_of_records: Served
) -> None:
    name = kept(client)
    shown = client.get(f"/records/{name}?new=1").text
    with open_ledger(ledger_of(page_of_records)) as ledger:
        record = ledger.record(name)
        assert record.receipt in shown
        assert record.payload["form"]["by"] == ["community leader", "steering group"]
        assert record.payload["scenario"]["file"] == "neophytes-and-experts.yaml"
        assert verify(ledger, [record.receipt]).sound
    assert "R0001 is there, and all before it are as they were" in words(
        client.get(f"/records/check?receipt={record.receipt}").text
    )
    other = record.receipt[:-1] + ("0" if record.receipt[-1] != "0" else "1")
    assert "BROKEN" in words(client.get(f"/records/check?receipt={other}").text)
    assert client.get("/records/check?receipt=nonsense").status == 422


def test_a_form_sent_twice_is_recorded_once(client: Client, page_of_records: Served) -> None:
    fields, shown = looked(client)
    fields = {**fields, "once": hidden(shown.text, "once")}
    assert {client.post(f"{CASE}/keep", fields).headers["location"] for _ in range(3)} == {
        "/records/R0001?new=1"
    }
    with open_ledger(ledger_of(page_of_records)) as ledger:
        assert len(list(ledger.records())) == 1


def test_agreeing_later_answers_the_record_and_leaves_it_as_it_was(
    client: Client, page_of_records: Served
) -> None:
    first = kept(client)
    later = kept(
        client,
        f"/records/{first}/answer",
        by="steering group",
        decision="RESTRICT_MEMBERSHIP",
        **SPONSOR,
    )
    with open_ledger(ledger_of(page_of_records)) as ledger:
        records = [record.payload for record in ledger.records()]
    assert [r["answers"] for r in records] == [None, 1]
    assert [r["status"]["name"] for r in records] == ["proposed", "agreed"]
    assert f"Answered by {later}" in words(client.get(f"/records/{first}").text)
    listed = words(client.get("/records").text)
    assert "answered by R0002" in listed
    assert "waits for an answer" not in listed


@pytest.mark.parametrize(
    "said,told",
    [
        ({"by": ""}, "does not say who decided"),
        ({"by": "ana@example.org"}, "is an address of a person"),
        ({"by": "leader", "decision": "KEEP_COURSE"}, "the record does not say why"),
        ({"by": "leader", "decision": "other", "why": "x"}, "does not say what was decided"),
        ({"by": "leader", "sponsor": "agrees"}, "does not say who answered for the sponsor"),
        ({"by": "leader", "votes": "most of us"}, "is not a vote"),
        ({"by": "leader", "review_date": "soon"}, "is not a date"),
        ({"by": "leader", "dissent": "a\u202eb"}, "signs that cannot be shown"),
    ],
)
def test_what_cannot_be_recorded_is_told_at_its_field(
    client: Client, page_of_records: Served, said: dict[str, str], told: str
) -> None:
    _, shown = looked(client, CASE, **said)
    assert shown.status == 422
    assert told in words(shown.text)
    assert "--" not in words(shown.text)
    assert 'aria-invalid="true"' in shown.text
    assert not (page_of_records.folder / ".own" / "ledger.sqlite").exists()


def test_what_was_typed_is_still_there_after_a_reload_and_is_escaped(client: Client) -> None:
    looked(client, CASE, by="leader", dissent="<script>alert(1)</script>")
    again = client.get(CASE).text
    assert "&lt;script&gt;alert(1)" in again
    assert "<script>alert" not in again
    name = kept(client, CASE, by="leader", dissent="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/records/{name}").text
    assert "&lt;script&gt;" not in client.get(CASE).text, "a recorded draft is gone"


def test_a_scenario_that_changed_in_between_is_not_recorded(client: Client, page_of_records: Served) -> None:
    fields, shown = looked(client)
    client.answer("neophytes-and-experts", "contribution", "55")
    found = client.post(f"{CASE}/keep", {**fields, "once": hidden(shown.text, "once")})
    assert found.status == 409
    assert not (page_of_records.folder / ".own" / "ledger.sqlite").exists()


def test_what_is_due_says_what_the_review_says(client: Client) -> None:
    kept(client)
    kept(client, "/s/the-sweet-spot/record", by="leader", decision="KEEP_COURSE", review_date="2027-03-01")
    client.answer("the-sweet-spot", "member_value_now", "20")
    told = words(client.get("/records/due?whole=1&on=2027-03-01").text)
    assert "REVIEW of 2027-03-01: 2 of 2 need attention" in told
    assert "Due since 2027-03-01" in told
    assert "TODAY'S FACTS: comes out otherwise" in told
    assert client.get("/records/due?whole=1&on=1%27").status == 422


def test_a_record_is_decided_again_and_a_changed_one_is_found(
    client: Client, page_of_records: Served
) -> None:
    name = kept(client)
    assert "The same R0001 RESTRICT_MEMBERSHIP" in words(client.get(f"/records/{name}/replay").text)
    base = sqlite3.connect(ledger_of(page_of_records))
    for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {trigger}")
    base.execute("UPDATE records SET payload = replace(payload, 'too early', 'too later')")
    base.commit()
    base.close()
    assert "BROKEN at R0001" in words(client.get("/records/check").text)
    assert client.get(f"/records/{name}").status == 422


def test_reports_download_and_a_copy_for_others_leaves_out_personal_words(client: Client) -> None:
    name = kept(client)
    starts = {
        "html": "<!doctype html>",
        "md": "#",
        "provn": "document",
        "pdf": "%PDF",
        "xlsx": "PK",
        "json": "{",
    }
    for suffix, start in starts.items():
        found = client.get(f"/records/{name}/report.{suffix}")
        assert found.status == 200, suffix
        assert found.text.lstrip("\ufeff -\n").lower().startswith(start.lower()) or suffix == "md", suffix
        assert found.headers["content-disposition"] == f'attachment; filename="{name}.{suffix}"'
    assert json.loads(client.get(f"/records/{name}/report.json").text)["entity"]
    assert "too early" in client.get(f"/records/{name}/report.html").text
    assert "too early" not in client.get(f"/records/{name}/report-for-others.html").text
    for file, start in (
        ("summary.pdf", "%PDF"),
        ("summary.docx", "PK"),
        ("transparency.json", "{"),
        ("report.docx", "PK"),
    ):
        found = client.get(f"/records/{name}/{file}")
        assert found.status == 200, file
        assert found.text.startswith(start), file
        assert "too early" not in found.text
    for file in (
        "summary.xlsx",
        "transparency.pdf",
        "report.exe",
        "passwd",
        "report",
        "..%2freport.html",
        "report.csv",
    ):
        assert client.get(f"/records/{name}/{file}").status == 404


@pytest.mark.parametrize("name", ["R9999", "nope", "..%2f..", "R1%00", "<script>", "'; DROP TABLE records"])
def test_there_is_no_such_record(client: Client, name: str) -> None:
    kept(client)
    assert client.get(f"/records/{name.replace(' ', '%20')}").status in (400, 404)


def test_only_who_may_records(tmp_path: Any) -> None:
    people = tmp_path / "people.json"
    for person, role in (("vera", "viewer"), ("lena", "leader"), ("bo", "board")):
        add_person(people, person, role, "four words are enough")
    page = served(tmp_path, Settings(tmp_path, people=people, workers=1), ("neophytes-and-experts",))
    try:
        clients = {}
        for person in ("vera", "lena", "bo"):
            clients[person] = page.client()
            fields = {"name": person, "secret": "four words are enough"}
            assert clients[person].post("/sign-in", fields).status == 303
        assert page.client().get("/records").headers["location"] == "/sign-in"
        assert clients["vera"].get(CASE).status == 403
        assert clients["vera"].post(f"{CASE}/keep", minutes(**SAID)).status == 403
        name = kept(clients["lena"])
        for person, status in (("vera", 403), ("lena", 200), ("bo", 200)):
            assert clients[person].get(f"/records/{name}").status == 200
            assert clients[person].get(f"/records/{name}/report.md").status == status
            assert clients[person].get(f"/records/{name}/report-for-others.md").status == 200
    finally:
        page.stop()


@pytest.mark.parametrize("width,scheme", SIZES)
def test_the_room_in_a_browser(
    chromium: Any,
    client: Client,
    page_of_records: Served,
    width: int,
    scheme: str,
) -> None:
    tab = Browser(chromium, page_of_records, width, scheme)
    page = tab.go("/s/silent-drift/record")

    def fine() -> None:
        assert tab.barriers() == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.get_by_label("Who disagreed").fill("nobody")
    page.get_by_role("button", name="Look at what").click()
    page.get_by_text("does not say who decided").wait_for()
    fine()
    page.get_by_label("Who decided?").fill("community leader")
    page.get_by_label("Who disagreed").fill("")
    page.get_by_label("When will you look").fill("2026-01-01")
    page.get_by_role("button", name="Look at what").click()
    page.get_by_role("button", name="Record it").wait_for()
    fine()
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/records/R0001?new=1")
    fine()
    page.get_by_role("link", name="Decide it again").click()
    page.locator("#replay .answer").wait_for()
    fine()
    with page.expect_download() as download:
        page.get_by_role("link", name="MADR", exact=True).click()
    assert download.value.suggested_filename == "R0001.md"
    page.goto(f"{page_of_records.url}/records/due")
    page.get_by_role("link", name="Record what is decided now").click()
    page.wait_for_url("**/records/R0001/answer")
    page.get_by_label("Who decided?").fill("steering group")
    page.get_by_label("What was decided?", exact=True).select_option("NOT_YET")
    page.get_by_label("What did the sponsor answer").select_option("agrees")
    page.get_by_label("Who answered for the sponsor?").fill("unit manager")
    page.get_by_label("When did the sponsor answer?").fill("2026-11-20")
    page.get_by_role("button", name="Look at what").click()
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/records/R0002?new=1")
    for path in ("/records", "/records/due?whole=1", "/records/check", "/records/R0002/happened"):
        page.goto(page_of_records.url + path)
        fine()
    assert [text for text in tab.said if "422" not in text] == []
    tab.page.close()


def test_how_a_course_is_carried_out_is_asked_as_at_the_terminal(
    client: Client, page_of_records: Served
) -> None:
    form = client.get(CASE).text
    assert 'name="modes" value="tiered"' in form
    said = {**SAID, "decision": "RESTRICT_MEMBERSHIP", "why": "It is milder"}
    _, wrong = looked(client, CASE, **said, modes="as_is")
    assert wrong.status == 422
    assert "is no way to carry this out" in words(wrong.text)
    name = kept(client, CASE, **said, modes="tiered")
    with open_ledger(ledger_of(page_of_records)) as ledger:
        payload = ledger.record(name).payload
    assert payload["form"]["modes"] == ["tiered"]
    assert payload["follows"] is False  # in full was proposed
    assert payload["taken"] == "Restrict the membership: in tiers"
    assert "The same" in words(client.get(f"/records/{name}/replay").text)  # what was shown is what was kept


def test_what_became_of_a_decision_is_recorded_on_the_page(client: Client, page_of_records: Served) -> None:
    drift = "/s/silent-drift/record"
    name = kept(
        client, drift, by="leader", actions="ask the unit | leader | 2027-01-31\ntell members | leader |"
    )
    assert f'href="/records/{name}/happened"' in client.get(f"/records/{name}").text
    path = f"/records/{name}/happened"
    form = client.get(path).text
    assert "ask the unit (leader), by 2027-01-31" in words(form)
    assert "Expected: " in words(form)
    said = {
        "by": "leader",
        "result": "done",
        "words": "The unit agreed",
        "done": "1",
        "measured": "",
        "review_date": "",
    }
    mistakes = (
        ({"by": ""}, "does not say who decided"),
        ({"result": ""}, "does not say what became of it"),
        ({"measured": "contribution"}, "measures nothing"),
        ({"measured": "contributon = 40"}, "Did you mean contribution"),
        ({"fact.sponsor_value_now": "lots"}, "sponsor_value_now"),
        ({"review_date": "soon"}, "is not a date"),
    )
    for wrong, told in mistakes:
        shown = client.post(f"{path}/look", {**said, **wrong})
        assert (shown.status, told.lower() in words(shown.text).lower()) == (422, True), (
            told,
            words(shown.text),
        )
        assert "--" not in words(shown.text)
    fields = {**said, "fact.sponsor_value_now": "55", "measured": "contribution = 40"}
    shown = client.post(f"{path}/look", fields)
    assert "Done: ask the unit" in words(shown.text)
    fields["once"] = hidden(shown.text, "once")
    places = {client.post(f"{path}/keep", fields).headers["location"] for _ in range(2)}
    assert places == {"/records/R0002?new=1"}
    told = words(client.get("/records/R0002").text)
    assert "The unit agreed" in told
    assert "55 now" in told
    assert "R0002" in words(client.get(f"/records/{name}").text)
    due = words(client.get("/records/due?whole=1&on=2027-03-01").text)
    assert "What became of it" in due
    assert "OVERDUE" not in due.upper()  # the one that was due is done
    assert client.get("/records/R0002/happened").status == 200  # asked of the decision, not of a follow-up
    assert client.post("/records/R0002/happened/look", said).status == 422
