"""The rooms without a browser: what the page says is what the commands say, and what is written is what was meant."""

from __future__ import annotations

import html
import re
import shutil
import threading
from collections.abc import Iterator

import pytest

from sharedvalue.engine.advice import advise
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.telling.answer import answer_page
from sharedvalue.engine.telling.page import FOOTNOTE
from sharedvalue.engine.worlds import form
from sharedvalue.web.settings import Settings
from tests.web.serving import SCENARIOS, Served, served

SAMPLES = [
    "silent-drift",
    "neophytes-and-experts",
    "no-sponsor-at-all",
    "the-sweet-spot",
    "two-sponsors-pull-apart",
]


def words(text: str) -> str:
    """The text of a page, without its marks, in single spaces."""
    plain = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return re.sub(r"\s+", " ", plain.replace("→", "->"))


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("writing")
    found = served(folder, Settings(folder, search_seconds=2.0))
    yield found
    found.stop()


@pytest.fixture
def own(writing: Served) -> Served:
    """A page on a folder with two scenarios, as if nobody had been there before."""
    for path in writing.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in ("silent-drift", "neophytes-and-experts"):
        shutil.copy(SCENARIOS / f"{name}.yaml", writing.folder)
    return writing


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_says_word_for_word_what_decide_says(page: Served, name: str) -> None:
    told = words(page.client().get(f"/s/sample--{name}/decision?whole=1").text).lower()
    book = load()
    answer = answer_page(advise(form(book, load_scenario(SCENARIOS / f"{name}.yaml", book))), full=True)
    for section in answer.sections:
        for entry in section.entries:
            if entry.kind != FOOTNOTE:
                parts = f"{entry.lead}: {entry.text}" if entry.lead else entry.text
                status, _, sentence = parts.partition(": ")  # the page tells the status apart from the answer
                assert parts.lower() in told or (status.lower() in told and sentence.lower() in told), (
                    entry.text
                )


def test_what_to_ask_leads_to_the_question_itself(own: Served) -> None:
    client = own.client()
    shown = client.get("/s/silent-drift/decision?whole=1").text
    listed = shown[shown.index("<h2>Ask next</h2>") :]
    asked = re.findall(r'href="/s/silent-drift/questions/([^"#]+)"', listed[: listed.index("</section>")])
    book = load()
    scenario = load_scenario(SCENARIOS / "silent-drift.yaml", book)
    assert asked == [ask.name for ask in advise(form(book, scenario)).ask_next]
    for name in asked:
        assert f'name="name" value="{name}"' in client.get(f"/s/silent-drift/questions/{name}").text


def test_an_outcome_and_why_not_it_are_told_apart(own: Served) -> None:
    shown = own.client().get("/s/neophytes-and-experts/decision").text
    assert "<strong>Keep course:</strong>" in shown


def test_an_answer_is_saved_in_place_and_the_rest_of_the_file_stays(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    before = path.read_text()
    assert client.answer("silent-drift", "strategic_potential", "70").status == 200
    after = path.read_text()
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1].strip().startswith("strategic_potential: 70")


def test_a_range_and_not_known_are_answers_too(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    client.answer("silent-drift", "strategic_potential", "40-60")
    assert "strategic_potential: {between: [40, 60]}" in path.read_text()
    client.answer("silent-drift", "strategic_potential", "")
    assert "strategic_potential" not in path.read_text()


@pytest.mark.parametrize(
    "value", ["a lot", "101", "-3", "40-", "<script>alert(1)</script>", "9" * 60, "1e99", "60-40"]
)
def test_what_is_no_answer_is_told_and_writes_nothing(own: Served, value: str) -> None:
    path = own.folder / "silent-drift.yaml"
    before = path.read_bytes()
    found = own.client().answer("silent-drift", "strategic_potential", value)
    assert found.status == 422
    assert found.headers["hx-retarget"] == "#wrong"
    assert "<script>" not in found.text
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["nope", "../x", "has_sponsor; drop", "evidence[0].n", "segments[9].count", "title", ""]
)
def test_what_is_no_question_writes_nothing(own: Served, name: str) -> None:
    path = own.folder / "silent-drift.yaml"
    before = path.read_bytes()
    assert own.client().answer("silent-drift", name, "5").status == 422
    assert path.read_bytes() == before


def test_two_tabs_do_not_overwrite_each_other_silently(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    old = client.version("silent-drift")
    assert client.answer("silent-drift", "strategic_potential", "70", old).status == 200
    second = client.answer("silent-drift", "member_value_now", "10", old)
    assert second.status == 409
    assert "changed elsewhere" in second.text
    assert "member_value_now: 10" not in path.read_text()
    now = re.search(r'name="version" value="(\w+)"', second.text)
    assert now is not None
    again = client.post(
        "/s/silent-drift/answer", {"name": "member_value_now", "value": "10", "version": now[1]}
    )
    assert again.status == 303
    assert "member_value_now: 10" in path.read_text()
    assert "strategic_potential: 70" in path.read_text()


def test_another_program_that_writes_is_noticed(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    old = client.version("silent-drift")
    path.write_text(path.read_text() + "# a note by hand\n")
    assert client.answer("silent-drift", "strategic_potential", "70", old).status == 409
    assert path.read_text().endswith("# a note by hand\n")


def test_undo_and_redo_give_back_every_byte(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    texts = [path.read_bytes()]
    for value in ("10", "20", "30"):
        client.answer("silent-drift", "strategic_potential", value)
        texts.append(path.read_bytes())
    for text in reversed(texts[:-1]):
        client.post("/s/silent-drift/undo", {"version": client.version("silent-drift")})
        assert path.read_bytes() == text
    for text in texts[1:]:
        client.post("/s/silent-drift/redo", {"version": client.version("silent-drift")})
        assert path.read_bytes() == text


def test_groups_of_members_are_added_changed_and_removed(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    fields = {"field_name": "old hands", "field_count": "12", "field_level": "expert", "list": "segments"}
    found = client.post("/s/silent-drift/records/add", fields | {"version": client.version("silent-drift")})
    assert found.status == 303
    book = load()
    scenario = load_scenario(path, book)
    assert scenario.records["segments"] == ("old hands",)
    assert scenario.stated["segments[0].count"].value == 12
    assert client.answer("silent-drift", "segments[0].overlap", "35").status == 200
    assert load_scenario(path, book).stated["segments[0].overlap"].value == 350
    twice = client.post("/s/silent-drift/records/add", fields | {"version": client.version("silent-drift")})
    assert twice.status == 422
    gone = {"list": "segments", "key": "old hands", "version": client.version("silent-drift")}
    assert client.post("/s/silent-drift/records/remove", gone).status == 303
    assert load_scenario(path, book).records["segments"] == ()


def test_a_record_is_saved_whole_and_a_grid_cell_by_cell(own: Served) -> None:
    shutil.copy(SCENARIOS / "three-sponsors-one-purpose.yaml", own.folder)
    client, path = own.client(), own.folder / "three-sponsors-one-purpose.yaml"
    slug, before = "three-sponsors-one-purpose", load_scenario(path, load())
    fields = {
        "list": "needs",
        "key": "buying from local farms",
        "field_cited_by": "33",
        "version": client.version(slug),
    }
    assert client.post(f"/s/{slug}/records/save", fields).status == 303
    after = load_scenario(path, load())
    assert after.stated["needs[1].cited_by"].value == 330
    others = {n: s.values for n, s in before.stated.items() if n != "needs[1].cited_by"}
    assert {n: s.values for n, s in after.stated.items() if n != "needs[1].cited_by"} == others
    fields = {"list": "needs", "cell_1.0": "0.5", "version": client.version(slug)}
    assert client.post(f"/s/{slug}/records/grid", fields).status == 303
    after = load_scenario(path, load())
    assert [after.stated[f"needs[1].serves[{i}]"].value for i in range(3)] == [500, 0, 1000]
    fields = {"list": "sponsors", "cell_0.1": "yes", "version": client.version(slug)}
    assert client.post(f"/s/{slug}/records/grid", fields).status == 303
    assert load_scenario(path, load()).stated["sponsors[0].incompatible_with[1]"].value == 1
    text = path.read_text()
    fields = {"list": "needs", "cell_1.0": "0.7", "version": client.version(slug)}
    assert client.post(f"/s/{slug}/records/grid", fields).status == 422
    assert path.read_text() == text


def test_questions_come_in_the_order_of_the_rule_book_and_end(own: Served) -> None:
    (own.folder / "open.yaml").write_text(OPEN)
    client, book, order, after = own.client(), load(), [], ""
    while True:
        found = client.get(f"/s/open/questions/next?after={after}")
        after = found.headers["location"].rpartition("/")[2]
        if after == "end":
            break
        order.append(after)
    places = [book.facts[name].ask.place for name in order]  # type: ignore[union-attr]  # what is asked has a question
    assert len(order) > 5
    assert places == sorted(places)
    assert client.get("/s/open/questions/end").status == 200
    assert client.get("/s/open/questions/nope").status == 303


def test_an_assumption_is_answered_where_it_is_shown(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"
    shown = client.get("/s/silent-drift/questions").text
    assert len(shown) < 60_000
    part = shown[shown.index('id="assumed"') :]
    assert 'name="name" value="stance_source"' in part
    fields = {
        "name": "stance_source",
        "value": "document",
        "then": "overview",
        "version": client.version("silent-drift"),
    }
    assert client.post("/s/silent-drift/answer", fields).headers["location"] == "/s/silent-drift/questions"
    assert "stance_source: document" in path.read_text()
    assert 'value="stance_source"' not in client.get("/s/silent-drift/questions").text


def test_pages_are_sent_compressed_to_who_takes_it(own: Served) -> None:
    client = own.client()
    plain = client.get("/s/silent-drift/decision")
    assert "content-encoding" not in plain.headers
    packed = client.get("/s/silent-drift/decision", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.text) / 3


def test_a_scenario_is_begun_and_never_replaces_another(own: Served) -> None:
    client = own.client()
    for expected in ("our-club.yaml", "our-club-2.yaml"):
        found = client.post("/begin", {"title": "Our: club", "has_sponsor": "no"})
        assert found.status == 303
        assert load_scenario(own.folder / expected, load()).title == "Our: club"
    for title in ("", "   ", "a\nb" * 400, "x" * 201):
        assert client.post("/begin", {"title": title, "has_sponsor": "no"}).status == 422
    assert client.post("/begin", {"title": "../../etc/passwd", "has_sponsor": "no"}).status == 303
    assert (own.folder / "etc-passwd.yaml").exists()


def test_a_sample_stays_as_it_is_and_can_be_copied(own: Served) -> None:
    client = own.client()
    sample = SCENARIOS / "the-sweet-spot.yaml"
    before = sample.read_bytes()
    version = client.version("sample--the-sweet-spot")
    assert client.answer("sample--the-sweet-spot", "member_value_now", "1", version).status == 422
    assert sample.read_bytes() == before
    assert client.post("/s/sample--the-sweet-spot/copy", {}).status == 303
    assert (own.folder / "the-sweet-spot.yaml").read_bytes() == before


def test_what_if_follows_its_address_and_writes_nothing(own: Served) -> None:
    client, path = own.client(), own.folder / "neophytes-and-experts.yaml"
    before = path.read_bytes()
    found = client.get("/s/neophytes-and-experts/what-if?f.contribution=80&f.sponsor_stance=fixed&f.nope=3")
    assert "The answer changes." in found.text
    assert "contribution: 50 → 80" in html.unescape(found.text)
    live = client.get("/s/neophytes-and-experts/what-if/live?f.contribution=80&f.openness_to_realign=20")
    assert live.headers["hx-replace-url"] == "/s/neophytes-and-experts/what-if?f.contribution=80"
    assert client.get("/s/neophytes-and-experts/what-if?f.contribution=lots").status == 422
    assert path.read_bytes() == before


def test_variations_are_saved_as_what_if_reads_them(own: Served) -> None:
    from sharedvalue.engine.questions.variations_file import load_variations

    client = own.client()
    page = client.get("/s/neophytes-and-experts/what-if?f.contribution=80").text
    version = re.search(r'class="keep".*?name="version" value="(\w+)"', page, re.DOTALL)
    assert version is not None
    fields = {"name": "More: help", "f.contribution": "80", "version": version[1]}
    assert client.post("/s/neophytes-and-experts/what-if/keep", fields).status == 303
    assert client.post("/s/neophytes-and-experts/what-if/keep", fields).status == 409
    path = own.folder / "variations" / "neophytes-and-experts.yaml"
    found = load_variations(path, load())
    assert [(v.name, v.scenario.stated["contribution"].value) for v in found.variations] == [
        ("More: help", 800)
    ]
    shown = client.get("/s/neophytes-and-experts/what-if").text
    assert "More: help" in shown
    now = re.search(r'what-if/forget">.*?name="version" value="(\w+)"', shown, re.DOTALL)
    assert now is not None
    assert (
        client.post(
            "/s/neophytes-and-experts/what-if/forget", {"name": "More: help", "version": now[1]}
        ).status
        == 303
    )
    assert not path.exists()


def test_of_two_who_change_thresholds_at_once_each_hears_what_was_kept(own: Served) -> None:
    page = own.client().get("/rules/thresholds").text
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version is not None
    said: dict[str, int] = {}

    def changes(name: str, value: str) -> None:
        fields = {"name": name, "value": value, "why": "ours", "version": version[1]}
        said[name] = own.client().post("/rules/thresholds/change", fields).status

    both = [
        threading.Thread(target=changes, args=one)
        for one in (("restrict_gain", "60"), ("overlap_strong", "70"))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    kept = (own.folder / "house-rules" / "from-the-page.yaml").read_text()
    assert sorted(said.values()) == [303, 422]
    assert [name for name, status in said.items() if status == 303] == [n for n in said if n in kept]


def test_a_threshold_is_changed_after_a_look_ahead_and_counts_then(own: Served) -> None:
    client = own.client()
    shown = client.get("/rules/thresholds").text
    version = re.search(r'name="version" value="(\w+)"', shown)
    assert version is not None
    change = {
        "name": "restrict_gain",
        "value": "60",
        "why": "our <b>house</b> asks for more",
        "version": version[1],
    }
    ahead = client.post("/rules/thresholds/ahead", change)
    assert ahead.status == 200
    assert "Neophytes and experts" in ahead.text
    assert "<b>house</b>" not in ahead.text
    proven = client.post("/rules/thresholds/proofs", change)
    assert "exactly one outcome" in proven.text
    assert not (own.folder / "house-rules").exists()
    before = client.get("/s/neophytes-and-experts/decision").text
    assert client.post("/rules/thresholds/change", change).status == 303
    after = client.get("/s/neophytes-and-experts/decision").text
    assert "House changes in force: restrict_gain 10" in html.unescape(after)
    assert words(before)[:400] != words(after)[:400]
    book = load([own.folder / "house-rules"])
    assert str(book.thresholds["restrict_gain"]) == "60"
    for bad in ({"why": " "}, {"value": "many"}, {"name": "nope"}, {"value": "5000"}):
        page = client.get("/rules/thresholds").text
        now = re.search(r'name="version" value="(\w+)"', page)
        assert now is not None
        assert client.post("/rules/thresholds/change", change | {"version": now[1]} | bad).status == 422
    assert client.post("/rules/thresholds/change", change).status == 422  # made from an older form


HOSTILE = """scenario: 1
title: '<img src=x onerror=alert(1)>"''&{{ 7*7 }}'
story: '</textarea><script>alert(2)</script>'
facts:
  has_sponsor: true
  original_purpose: '"><svg onload=alert(3)>'
  segments:
    - {name: '<b>x</b>"]', count: 5, level: expert, overlap: 50, stay: 50, active: 50}
    - {name: "javascript:alert(4)", count: 5, level: novice, overlap: 10, stay: 50, active: 50}
"""


def test_hostile_text_is_text_on_every_page(own: Served) -> None:
    (own.folder / "bad.yaml").write_text(HOSTILE)
    (own.folder / "broken.yaml").write_text("<script>alert(5)</script>: [")
    (own.folder / "not-utf8.yaml").write_bytes(b"\xff\xfe\x00\xd8title")
    client = own.client()
    views = ["questions", "decision", "decision/chain", "decision/picture", "decision/changes", "decision/borders",
             "decision/reasons?whole=1", "decision/why-not/keep_course", "what-if", "what-if/map"]  # fmt: skip
    for path in [
        "/",
        *(f"/s/bad/{view}" for view in views),
        "/s/broken/decision",
        "/s/broken/questions",
        "/s/not-utf8/decision",
    ]:
        found = client.get(path)
        assert found.status in (200, 422), path
        for mark in ("<img", "<script>", "<svg onload", "<b>x", "</textarea><script"):
            assert mark not in found.text, (path, mark)
        assert "49" not in re.findall(r"<title>(.*?)</title>", found.text)[0]


def test_links_out_of_the_folder_and_odd_files_are_left_alone(
    own: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    away = tmp_path_factory.mktemp("away") / "secret.yaml"
    away.write_text("scenario: 1\ntitle: Secret\nfacts: {has_sponsor: true}\n")
    (own.folder / "secret.yaml").symlink_to(away)
    (own.folder / "folder.yaml").mkdir()
    (own.folder / ".hidden.yaml").write_text(away.read_text())
    text = own.client().get("/").text
    assert "Secret" not in text
    assert own.client().get("/s/secret/decision").status == 404
    assert own.client().get("/s/hidden/decision").status == 404


OPEN = "scenario: 1\ntitle: Nearly nothing\nfacts:\n  has_sponsor: true\n"


def test_where_much_is_open_the_answer_comes_first_and_what_to_ask_follows(own: Served) -> None:
    (own.folder / "open.yaml").write_text(OPEN)
    client = own.client()
    first = client.get("/s/open/decision").text
    assert "Not yet: ask the sponsor first" in first
    asked = words(client.get("/s/open/decision", HX_Request="true").text)
    assert "<h1" not in client.get("/s/open/decision", HX_Request="true").text
    told = [question for question in asked.split("?") if len(question) > 20]
    assert len(told) >= 3
    if "Weighing" in first:
        assert told[0].strip() not in words(first)
    whole = words(client.get("/s/open/decision?whole=1").text)
    assert asked.strip() in whole


def test_a_map_that_takes_long_is_told_as_incomplete(own: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharedvalue.web.rooms.what_if.MAP_SECONDS", 0.5)
    (own.folder / "open.yaml").write_text(OPEN)
    query = "?x=member_value_now&y=contribution"
    found = own.client().get(f"/s/open/what-if/map{query}", HX_Request="true")
    assert found.status == 200
    assert "Incomplete: the time ran out" in found.text
    assert "<h1" not in found.text


def test_how_sure_one_is_goes_with_the_value(own: Served) -> None:
    client, path = own.client(), own.folder / "silent-drift.yaml"

    def say(value: str, sure: str) -> None:
        fields = {"name": "strategic_potential", "value": value, "confidence": sure,
                  "version": client.version("silent-drift")}  # fmt: skip
        assert client.post("/s/silent-drift/answer", fields, htmx=True).status in (200, 204)

    say("70", "low")
    assert "strategic_potential: {value: 70, confidence: low}" in path.read_text()
    page = client.get("/s/silent-drift/questions/strategic_potential").text
    assert re.search(r'id="sure".*?<option value="low" selected', page, re.DOTALL)
    say("40-60", "high")
    assert "strategic_potential: {between: [40, 60], confidence: high}" in path.read_text()
    say("70", "surely")
    assert re.search(r"strategic_potential: 70\b", path.read_text())
    say("", "low")
    assert "strategic_potential" not in path.read_text()


def test_a_number_stands_against_its_evidence_for_a_reason_that_is_kept(own: Served) -> None:
    """The overview and the question show what counts and what was said; the reason is written, and stays with another number."""
    path = own.folder / "ours.yaml"
    survey = "{fact: member_value_now, source: survey, date: 2026-10-01, n: 90, population: 600, reading: 47, drawn_from_all: true}"
    facts = "  has_sponsor: true\n  member_value_now: 60\n"
    path.write_text(
        f"scenario: 1\nas_of: 2026-11-24\nfacts:\n{facts}evidence:\n  - {survey}\n", encoding="utf-8"
    )
    client = own.client()
    assert "Value to members now 47 by evidence; you say 60" in words(client.get("/s/ours/questions").text)
    here = "/s/ours/questions/member_value_now"
    shown = client.get(here).text
    assert "The evidence reads 47; you say 60, 13 more; the evidence decides." in words(shown)
    reason = "It came before the merger."
    for number in ("60", "62"):
        said = {
            "name": "member_value_now",
            "value": number,
            "against": reason,
            "version": client.version("ours"),
        }
        client.post("/s/ours/answer", said)
        written = f"member_value_now: {{value: {number}, against_evidence: {reason}}}"
        assert written in path.read_text(encoding="utf-8").replace('"', "")
        assert f'value="{reason}"' in client.get(here).text
    assert "62 against the evidence" in words(client.get("/s/ours/questions").text)


def test_a_rule_is_shown_in_words_that_people_read(page: Served) -> None:
    for name in load().rules:
        text = page.client().get(f"/rules/{name}").text
        shown = words(text)
        assert "Text(" not in shown, name
        assert "Place(" not in shown, name
        assert "{" not in shown.partition("Because")[2].partition("Thresholds")[0], name
    shown = words(page.client().get("/rules/S08").text)
    assert "Enough contribution to propose a shift : 40* ." in shown
    assert "The need of sponsor has to remain fixed" in shown
