"""Start: every community with its answer, found, sorted, duplicated, renamed, put away and brought back; two compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.web.cases import version_of
from tests.web.rooms_here import fresh, minutes, words
from tests.web.serving import Client, Served, served

NAMES = ("silent-drift", "neophytes-and-experts", "the-sweet-spot")
TITLES = ("Silent drift", "Neophytes and experts, sponsor demands the cutting edge", "The sweet spot")


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = served(tmp_path_factory.mktemp("home"))
    yield found
    found.stop()


@pytest.fixture
def client(writing: Served) -> Client:
    return fresh(writing, *NAMES)


def listed(client: Client, query: str = "?whole=1") -> list[str]:
    page = client.get(f"/{query}").text
    part = page[page.index('id="cases"') :]
    return re.findall(r'class="case-title"[^>]*>([^<]+)<', part)


def version(writing: Served, name: str) -> str:
    return version_of((writing.folder / f"{name}.yaml").read_text())


def test_each_community_stands_with_its_answer_sign_and_sweet_spot(client: Client) -> None:
    page = client.get("/?whole=1").text
    told = words(page)
    for said in (
        "Not yet: ask the sponsor first",
        "Restrict the membership to experts",
        "Keep course: as it is",
    ):
        assert said in told
    assert page.count("small-spot") == page.count('class="case-title"') == 3
    assert page.count("outcome-sign o-green firm") == 1
    assert page.count("outcome-sign o-orange proposal") == 1


def test_the_list_is_sorted_and_sifted(client: Client) -> None:
    assert listed(client, "?by=title") == sorted(TITLES, key=str.casefold)
    assert listed(client, "?answer=keep_course") == ["The sweet spot"]
    assert listed(client, "?find=EXPERTS") == ["Neophytes and experts, sponsor demands the cutting edge"]
    assert listed(client, "?find=nobody+calls+it+so") == []
    assert "Show all" in client.get("/?find=nobody+calls+it+so").text


def test_what_is_due_comes_from_the_last_record(writing: Served, client: Client) -> None:
    said = minutes(by="Leader", agreed="", review_date="2027-03-01")
    fields = {**said, "version": version(writing, "the-sweet-spot")}
    shown = client.post("/s/the-sweet-spot/record/look", fields)
    assert shown.status == 200
    once = re.search(r'name="once" value="([^"]+)"', shown.text)
    assert once is not None
    assert client.post("/s/the-sweet-spot/record/keep", {**fields, "once": once[1]}).status == 303
    assert "Due 2027-03-01" in words(client.get("/?whole=1").text)
    assert listed(client, "?by=due")[0] == "The sweet spot"


def test_a_community_is_renamed_and_duplicated(writing: Served, client: Client) -> None:
    path = writing.folder / "silent-drift.yaml"
    story = load_scenario(path, load()).story
    fields = {"title": "Loud drift", "version": version(writing, "silent-drift")}
    assert client.post("/s/silent-drift/rename", fields).status == 303
    assert client.post("/s/silent-drift/rename", fields).status == 409
    after = load_scenario(path, load())
    assert (after.title, after.story) == ("Loud drift", story)
    assert client.post("/s/silent-drift/copy", {}).status == 303
    assert listed(client).count("Loud drift") == 2


def test_what_is_put_away_is_not_listed_and_comes_back_whole(writing: Served, client: Client) -> None:
    path = writing.folder / "silent-drift.yaml"
    before = path.read_bytes()
    assert client.post("/s/silent-drift/archive", {"version": "0"}).status == 409
    assert client.post("/s/silent-drift/archive", {"version": version(writing, "silent-drift")}).status == 303
    assert not path.exists()
    assert listed(client)
    assert "Silent drift" not in listed(client)
    assert client.get("/s/silent-drift/decision").status == 404
    assert "1 put away" in words(client.get("/?whole=1").text)
    assert client.post("/restore", {"slug": "../../etc/passwd"}).status == 404
    assert client.post("/restore", {"slug": "silent-drift"}).status == 303
    assert path.read_bytes() == before
    assert (
        client.post(
            "/s/sample--the-sweet-spot/archive", {"version": version(writing, "the-sweet-spot")}
        ).status
        == 422
    )


def test_two_people_are_compared_where_they_differ_and_whether_it_matters(
    writing: Served, client: Client
) -> None:
    first = writing.folder / "neophytes-and-experts.yaml"
    other = first.read_text().replace("contribution: 50", "contribution: 80")
    assert other != first.read_text()
    Path(writing.folder / "as-the-sponsor-sees-it.yaml").write_text(
        other.replace("member_value_now: 65", "member_value_now: 66").replace(
            "title: ", "title: Sponsor's view of ", 1
        )
    )
    page = client.get("/compare?one=neophytes-and-experts&other=as-the-sponsor-sees-it").text
    rows = [words(row) for row in page[page.index("Where they differ</h2>") :].split("<tr>")[2:]]
    assert len(rows) == 2
    assert re.search(
        r"How far the community can ease the problem 50 80 turns the answer turns the answer", rows[0]
    )
    assert re.search(r"Value to members now 65 66 not by itself not by itself", rows[1])
    assert "They come to different courses." in words(page)
    same = client.get("/compare?one=neophytes-and-experts&other=neophytes-and-experts")
    assert "not the same" in words(same.text)
    assert client.get("/compare?one=nope&other=../x").status == 200
