"""The practice room: nothing of an answer before a commitment, facts at a cost, what the reveal names, trainers, hostile input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.panel import begun, panel_text
from sharedvalue.engine.practice.reveal import reveal
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.store import Store
from sharedvalue.engine.practice.turning import turning
from sharedvalue.engine.practice.words import revealed
from sharedvalue.web.settings import Settings
from tests.web.rooms_here import SIZES, fresh, temporary, upload, words
from tests.web.serving import Client, Served, served
from tests.web.test_in_browser import Browser

CASE = "/practice/case/beginners-and-specialists-one-network"
SAID = {"outcome": "KEEP_COURSE", "confidence": "70", "facts": "contribution"}


@pytest.fixture(scope="module")
def page_of_practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("practice")
    found = served(folder, Settings(folder, workers=1))
    yield found
    found.stop()


@pytest.fixture
def client(page_of_practice: Served) -> Client:
    return fresh(page_of_practice)


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases(load())


def store_of(page: Served) -> Store:
    return Store(page.folder / ".own" / "practice.sqlite")


def test_nothing_of_the_answer_is_shown_before_the_trainee_committed(
    client: Client, page_of_practice: Served
) -> None:
    for path in ("answer", "likely"):
        assert client.get(f"{CASE}/{path}").headers["location"] == CASE
    shown = words(client.get(CASE).text)
    assert "Beginners and specialists in one network" in shown
    assert "Nearest flip" not in shown
    assert "house default" not in shown
    assert not store_of(page_of_practice).path.exists()


def test_the_answer_is_word_for_word_that_of_the_command(
    client: Client, cases: Cases, page_of_practice: Served
) -> None:
    client.post(f"{CASE}/commit", SAID)
    once = words(client.get(f"{CASE}/answer").text)
    assert "Look once more at" in once
    assert "Nearest flip" not in once
    client.post(f"{CASE}/second", {"outcome": "NOT_YET"})
    shown = client.get(f"{CASE}/answer").text
    assert "&amp;quot;" not in shown  # nothing is escaped twice
    told = words(shown)
    sitting = Sitting(cases.get("neophytes-and-experts")).commit("KEEP_COURSE", 70, ["contribution"])
    sitting = sitting.try_again("not yet")
    for section in revealed(reveal(sitting)).sections:
        for entry in section.entries:
            if not entry.text.startswith("*"):
                assert entry.text in told, entry.text
    client.post(f"{CASE}/otherwise", {"reason": "The newcomers are who it is for."})
    client.post(f"{CASE}/otherwise", {"reason": "Sent twice, it counts once."})
    assert "Your reason is kept" in words(client.get(f"{CASE}/answer").text)
    kept = store_of(page_of_practice).answers()
    assert [(a.kind, a.answered) for a in kept[1:]] == [("second", "NOT_YET"), ("disagreement", "NOT_YET")]
    assert kept[2].reason == "The newcomers are who it is for."


def test_an_answer_cannot_be_changed_and_counts_once(client: Client, page_of_practice: Served) -> None:
    for outcome in ("KEEP_COURSE", "RESTRICT_MEMBERSHIP", "KEEP_COURSE"):
        assert client.post(f"{CASE}/commit", {**SAID, "outcome": outcome}).status == 303
    answers = store_of(page_of_practice).answers()
    assert [a.answered for a in answers] == ["KEEP_COURSE"]
    assert "The rule book says otherwise" in words(client.get(f"{CASE}/answer").text)
    assert client.get(CASE).headers["location"] == f"{CASE}/answer"


def test_a_fact_that_was_asked_for_is_paid_for_even_after_going_back(
    client: Client, page_of_practice: Served
) -> None:
    client.post(f"{CASE}/hide", {"ask": "yes"})
    shown = client.get(CASE).text
    assert words(shown).count("Ask (") == len(re.findall(r'name="fact"', shown)) > 10
    client.post(f"{CASE}/ask", {"fact": "contribution"})
    client.post(f"{CASE}/hide", {"ask": "no"})
    client.post("/practice/choose", {"case": "neophytes-and-experts", "ask": "no"})
    assert "Spent so far: 20" in words(client.get(CASE).text)
    client.post(f"{CASE}/commit", SAID)
    kept = store_of(page_of_practice).answers()[0]
    assert (kept.asked, kept.effort) == (("contribution",), 20)


@pytest.mark.parametrize(
    "said,told",
    [
        ({"outcome": ""}, "No outcome is chosen"),
        ({"confidence": ""}, "That is not a percentage"),
        ({"confidence": "101"}, "That is not a percentage"),
        ({"confidence": "١٢"}, "That is not a percentage"),
        ({"outcome": "NO_SUCH"}, "There is no outcome"),
        ({"facts": "../../etc/passwd"}, "has no such fact"),
    ],
)
def test_what_is_no_answer_is_told_and_not_kept(
    client: Client, page_of_practice: Served, said: dict[str, str], told: str
) -> None:
    found = client.post(f"{CASE}/commit", {**SAID, **said})
    assert found.status == 422
    assert told in words(found.text)
    assert not store_of(page_of_practice).path.exists()
    assert client.get(f"{CASE}/answer").headers["location"] == CASE


def test_a_near_miss_names_the_one_fact_it_turns_on(client: Client, cases: Cases) -> None:
    for name in ("near-Z06-2",):
        case, turn = cases.get(name), turning(cases.get(name))
        assert turn is not None
        assert case.scenario.stated[turn.fact].value is not None
        client.post(f"/practice/case/{name}/commit", SAID)
        client.post(f"/practice/case/{name}/second", {})
        told = words(client.get(f"/practice/case/{name}/answer").text)
        assert f"The one fact {turn.words}" in told


def test_more_or_less_likely_is_scored_by_the_panel_of_the_folder_and_else_not_at_all(
    client: Client, cases: Cases, page_of_practice: Served
) -> None:
    client.post(f"{CASE}/commit", SAID)
    asked = client.get(f"{CASE}/likely").text
    assert len(set(re.findall(r'name="(item-\d)"', asked))) == 4
    assert "Proof by the rule book" not in words(asked)
    shown = words(client.post(f"{CASE}/likely", {f"item-{n}": "1" for n in range(4)}).text)
    assert "there is no score" in shown
    assert "Proof by the rule book (no opinion, no score)" in shown
    assert len(store_of(page_of_practice).answers()) == 1
    panel = begun("Ours", cases, ["neophytes-and-experts"], 2)
    panel = replace(panel, members={f"m{n}": (1 if n < 6 else 2, 0) for n in range(10)})
    file = page_of_practice.folder / "panel.yaml"
    file.write_text(panel_text(panel, cases.book), "utf-8")
    try:
        shown = words(client.post(f"{CASE}/likely", {"item-0": "2", "item-1": "-2"}).text)
        assert client.post(f"{CASE}/likely", {"item-0": "3", "item-1": "2"}).status == 422
    finally:
        file.unlink()
    assert "0.67 of a point" in shown
    assert "Scored against a panel: Ours" in shown
    assert store_of(page_of_practice).answers()[-1].credit == (67, 2)


def test_ranges_are_asked_after_the_answer_and_held_against_the_border(
    client: Client, page_of_practice: Served
) -> None:
    path = f"{CASE}/intervals"
    assert client.get(path).headers["location"] == CASE
    client.post(f"{CASE}/commit", SAID)
    count = len(re.findall(r'name="item-\d"', client.get(path).text))
    assert count == 3
    assert client.post(path, {f"item-{n}": "much" for n in range(count)}).status == 422
    shown = words(client.post(path, {f"item-{n}": "0-100" for n in range(count)}).text)
    assert shown.count("Yes: from") == 3
    assert store_of(page_of_practice).answers()[-1].intervals[:2] == (3, 3)


def test_progress_counts_what_was_kept_and_can_be_exported_and_forgotten(
    client: Client, page_of_practice: Served
) -> None:
    assert "No answers yet" in words(client.get("/practice/progress").text)
    client.post(f"{CASE}/commit", SAID)
    told = words(client.get("/practice/progress").text)
    assert "1 answer on 1 case" in told
    assert "too few" in told
    exported = client.post("/practice/progress/export", {"who": "Ana"})
    assert json.loads(exported.text)["who"] == "Ana"
    assert client.post("/practice/progress/forget", {}).status == 422
    assert store_of(page_of_practice).path.exists()
    client.post("/practice/progress/forget", {"sure": "yes"})
    assert not store_of(page_of_practice).path.exists()
    assert client.get(f"{CASE}/answer").headers["location"] == CASE


def test_the_next_case_is_a_new_one(client: Client) -> None:
    first = client.post("/practice/next", {}).headers["location"]
    assert first.startswith("/practice/case/")
    client.post(f"{first}/commit", SAID)
    assert client.post("/practice/next", {}).headers["location"] != first


def test_a_course_goes_from_case_to_case(client: Client) -> None:
    path = "/practice/course?title=First&c=neophytes-and-experts&more=the-sweet-spot,%20no-such-case"
    assert "0 of 3 cases answered" in words(client.get(path).text)
    client.post(f"{CASE}/commit", SAID)
    client.post(f"{CASE}/second", {})
    assert "Go on with the course" in words(client.get(f"{CASE}/answer").text)
    told = words(client.get(path).text)
    assert "1 of 3 cases answered" in told
    assert "There is no case of this name" in told
    file = b"course: 1\ntitle: From a file\ncases: [silent-drift, the-sweet-spot]\nask_for_facts: true\n"
    found = upload(client, "/practice/course/drop", [("c.yaml", file)])
    assert (
        found.headers["location"]
        == "/practice/course?title=From+a+file&c=silent-drift&c=the-sweet-spot&ask=1"
    )


def test_a_group_is_added_up_and_nothing_of_it_is_left(client: Client) -> None:
    client.post(f"{CASE}/commit", SAID)
    export = client.post("/practice/progress/export", {}).text.encode()
    before = temporary()
    found = upload(client, "/practice/group/drop", [("ana.json", export), ("../../b<b>en.json", export)])
    told = words(found.text)
    assert "2 people" in told
    assert "ana 0 of 1" in told
    assert "<b>" not in found.text
    assert "To talk over" not in told  # nobody differs
    other = json.loads(export)
    other["answers"][0]["answered"] = "NOT_YET"
    other["answers"].append({**other["answers"][0], "kind": "disagreement", "reason": "Ask <b>first</b>."})
    split = json.dumps(other).encode()
    shown = upload(client, "/practice/group/drop", [("ana.json", export), ("chi.json", split)]).text
    assert "1 keep course, 1 not yet" in words(shown)
    assert "Keep course would be right with" in words(shown)
    assert "chi on beginners-and-specialists-one-network: not yet. Ask" in words(shown)
    assert "<b>" not in shown
    assert upload(client, "/practice/group/drop", [("a.json", export), ("a.json", export)]).status == 422
    for name, content in (("a.json", b"{}"), ("a.json", b"[" * 100_000), ("a.exe", export), ("a.json", b"")):
        assert upload(client, "/practice/group/drop", [(name, content)]).status == 422
    assert upload(client, "/practice/group/drop", []).status == 422
    assert temporary() - before == set()


@pytest.mark.parametrize(
    "name",
    [
        "nope",
        "..%2f..%2fetc%2fpasswd",
        "a.yaml",
        "%2ftmp%2fx.yaml",
        "rule-V05-99999999",
        "x" * 100,
        "<script>",
    ],
)
def test_no_name_of_a_case_reaches_the_disk(client: Client, name: str) -> None:
    assert client.get(f"/practice/case/{name}").status in (400, 404)
    assert client.post(f"/practice/case/{name}/commit", SAID).status in (400, 404, 422)
    assert client.post("/practice/choose", {"case": name.replace("%2f", "/")}).status == 422


@pytest.mark.parametrize("width,scheme", SIZES)
def test_the_room_in_a_browser(
    chromium: Any, client: Client, page_of_practice: Served, width: int, scheme: str
) -> None:
    tab = Browser(chromium, page_of_practice, width, scheme)
    page = tab.go("/practice")

    def fine() -> None:
        assert tab.barriers() == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    fine()
    page.get_by_text("Or one that is made up").click()
    page.get_by_label("What kind?").select_option("near")
    page.get_by_label("Which rule?").select_option("Z06")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url("**/practice/case/*")
    page.get_by_role("button", name="Hide the facts").click()
    page.locator("#fact-contribution button").click()
    page.get_by_text("Spent so far: 20").wait_for()
    fine()
    page.get_by_role("button", name="Commit").click()
    page.get_by_text("No outcome is chosen").wait_for()
    fine()
    page.locator("input[name=outcome][value=KEEP_COURSE]").check()
    page.get_by_label("How sure, on a slider").fill("65")
    assert page.locator("#confidence").input_value() == "65"
    page.locator("input[name=facts][value=contribution]").check()
    page.get_by_role("button", name="Commit").click()
    page.wait_for_url("**/answer")
    if page.get_by_role("heading", name="Once more").count():
        fine()
        page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("heading", name="The one fact").wait_for()
    fine()
    page.locator("[data-show=full]").click()
    node = page.locator(".graph[data-stage=full] .node").first
    node.focus()
    page.keyboard.press("Enter")
    assert node.get_attribute("aria-pressed") == "true"
    if scheme == "dark":  # to work out the questions takes long: once
        page.get_by_role("link", name="More likely").click()
        for number in range(page.locator("fieldset.card").count()):
            page.locator(f"input[name=item-{number}]").first.check()
        page.get_by_role("button", name="See what is known of them").click()
        page.get_by_text("Proof by the rule book").first.wait_for()
        fine()
    for path in ("progress", "trainer", "course?title=One&c=silent-drift&c=near-Z06-1"):
        page.goto(f"{page_of_practice.url}/practice/{path}")
        fine()
    assert [text for text in tab.said if "422" not in text] == []
    tab.page.close()
