"""The evidence room: exports are recognised, mapped, seen before they are written, imported and taken back; and nothing of them stays."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from sharedvalue.engine.decision import decide
from sharedvalue.engine.evidence.built_in import Said, built_in
from sharedvalue.engine.evidence.imports import prepare
from sharedvalue.engine.evidence.mapping import read_mapping
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.telling.imports import PROPOSED, headline, imported
from sharedvalue.engine.worlds import form
from sharedvalue.web.drops import FOLDERS, safe_name
from sharedvalue.web.jobs.evidence_words import on_the_page
from sharedvalue.web.settings import Settings
from tests.evidence.test_names import names
from tests.web.rooms_here import SIZES, fresh, hidden, temporary, upload, words
from tests.web.serving import Client, Served, served
from tests.web.test_in_browser import Browser
from tests.web.test_plain_words import FLAG

HERE = Path(__file__).parents[1] / "evidence"
EXPORTS = HERE / "exports"
SPACK = HERE / "data" / "spack-user-survey" / "spack-user-survey-2020-responses.csv"
MAPPING = HERE / "data" / "mapping-spack-2020.yaml"
OURS = "scenario: 1\nas_of: 2026-07-01\ntitle: Ours\nfacts:\n  has_sponsor: true   # the agency\n"
NOTHING = dict.fromkeys(("members", "population", "date", "date_order"), "")


@pytest.fixture(scope="module")
def page_of_evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("evidence")
    found = served(folder, Settings(folder, workers=1))
    yield found
    found.stop()


@pytest.fixture
def client(page_of_evidence: Served) -> Client:
    found = fresh(page_of_evidence)
    (page_of_evidence.folder / "ours.yaml").write_text(OURS)
    return found


def ours(page: Served) -> str:
    return (page.folder / "ours.yaml").read_text()


def dropped(client: Client, *files: Path) -> str:
    found = upload(client, "/s/ours/evidence/drop", [(f.name, f.read_bytes()) for f in files])
    assert found.status == 303, words(found.text)
    return found.headers["location"]


def told(pairs: list[Any], said: Said) -> list[str]:
    """What the command says of the same import."""
    book = load()
    found = prepare(pairs, "ours.yaml", OURS, book, dt.date.today(), said)
    texts = (OURS, found.plan.text)
    before, after = (
        decide(form(book, read_scenario(parse(t, "ours.yaml"), book, "ours.yaml"))) for t in texts
    )
    lines = [entry.text for entry in headline(found, "ours.yaml", (before, after), False)]
    for part in imported(found, (before, after), False):
        if part.heading == PROPOSED:  # the page has a form for it
            continue
        lines += [entry.text.removeprefix("- ") for entry in (*part.entries, *part.after)]
        lines += [cell for row in part.rows for cell in row if cell]
    return [" ".join(on_the_page(line, book).split()) for line in lines]


def test_a_survey_with_its_mapping_says_what_the_command_says_and_is_written(
    client: Client, page_of_evidence: Served
) -> None:
    path = dropped(client, SPACK, MAPPING)
    shown = words(client.get(path).text)
    assert "Answers of a Google form (google-forms)" in shown
    assert "170 responses" in shown
    ahead = client.post(f"{path}/ahead", NOTHING)
    for line in told([(read(SPACK), read_mapping(MAPPING, load()))], Said()):
        assert line in words(ahead.text), line
    assert ours(page_of_evidence) == OURS, "a look writes nothing"
    done = client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    assert done.headers["location"] == "/s/ours/evidence?done=1"
    text = ours(page_of_evidence)
    assert "reading: 78" in text
    assert "n: 170" in text
    assert "# the agency" in text, "what else is in the file stays"
    assert (page_of_evidence.folder / "ours.yaml.bak").read_text() == OURS
    again = client.get("/s/ours/evidence").text
    client.post("/s/ours/evidence/back", {"version": hidden(again, "version")})
    assert ours(page_of_evidence) == OURS


def test_an_answer_is_no_import_that_could_be_taken_back(client: Client, page_of_evidence: Served) -> None:
    path = dropped(client, SPACK, MAPPING)
    ahead = client.post(f"{path}/ahead", NOTHING)
    client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    again = client.get("/s/ours/evidence").text
    assert "/evidence/back" in again
    fields = {"name": "openness_to_realign", "value": "33", "version": hidden(again, "version")}
    client.post("/s/ours/answer", fields)
    assert "33" in ours(page_of_evidence)
    assert "/evidence/back" not in client.get("/s/ours/evidence").text


@pytest.mark.parametrize(
    "name", ["zoom.csv", "register.csv", "ga4.csv", "discourse-topics.csv", "slack-members.csv"]
)
def test_an_export_whose_columns_are_known_needs_no_mapping(
    client: Client, page_of_evidence: Served, name: str
) -> None:
    path = dropped(client, EXPORTS / name)
    assert "Its columns are known" in words(client.get(path).text)
    ahead = client.post(f"{path}/ahead", {**NOTHING, "members": "400", "date": "2026-06-30"})
    assert ahead.status == 200, words(ahead.text)
    export = read(EXPORTS / name)
    for line in told([(export, built_in(export))], Said(date="2026-06-30", members=400)):
        assert line in words(ahead.text), line
    assert ours(page_of_evidence) == OURS
    bare = client.post(f"{path}/ahead", NOTHING)
    for shown in (ahead, bare):
        assert FLAG.findall(words(shown.text)) == [], "the page has fields, and no options of a command"
        assert not {name for name in load().facts if "_" in name and name in words(shown.text)}


def test_columns_are_guessed_chosen_and_mapped_in_a_form(client: Client, page_of_evidence: Served) -> None:
    path = dropped(client, SPACK)
    shown = client.get(path).text
    selects = re.findall(r'<select id="c-0-(\w+)"(.*?)</select>', shown, re.DOTALL)
    chosen = {role: re.findall(r'value="(\w+)" selected', options) for role, options in selects}
    assert chosen["date"] == ["c0"], "the time stamp is guessed"
    rated = next(c for c in read(SPACK).columns if "overall quality" in c.name and "[Spack]" in c.name)
    fields = {
        f"0.{role}": ""
        for role in ("needs", "openness", "value_outlook", "segment", "level", "participation")
    }
    found = client.post(f"{path}/columns", {**fields, "0.date": "c0", "0.value_now": f"c{rated.index}"})
    assert found.status == 303
    shown = client.get(path).text
    assert "Which of these answers count as a yes?" in words(shown)
    assert "Excellent" in shown
    none = client.post(f"{path}/ahead", NOTHING)
    assert "which of its answers count as a yes, is not said" in words(none.text)
    assert "no column was chosen" not in words(none.text).lower(), (
        "it names what is missing, and nothing else"
    )
    ahead = client.post(f"{path}/ahead", {**NOTHING, "0.value_now.counts": "Excellent", "population": "600"})
    assert ahead.status == 200, words(ahead.text)
    excellent = next(a.n for a in rated.answers if a.label == "Excellent")
    answered = sum(a.n for a in rated.answers)
    assert f"Excellent: {excellent} of {answered}" in words(ahead.text)
    assert 'value="Excellent" checked' in client.get(path).text, "a reload loses nothing"
    kept = client.get(f"{path}/mapping/0")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "counts: [Excellent]" in kept.text
    client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    assert "population: 600" in ours(page_of_evidence)


def test_a_file_is_read_again_as_a_person_says(client: Client) -> None:
    rows = "".join(f"{i},{name}\n" for i, name in enumerate(("Яна", "Ольга", "Пётр", "Яна") * 5))
    sent = upload(client, "/s/ours/evidence/drop", [("a.csv", f"№,Мой коллега\n{rows}".encode("cp1251"))])
    path = sent.headers["location"]
    shown = words(client.get(path).text)
    assert "Is it read rightly?" in shown
    assert "A table of no known tool" in shown
    held = re.findall(r'name="0.read.names_nobody" value="([^"]*)"', client.get(path).text)
    assert held == ["Мой коллега"], "held back, as it may name people"
    found = client.post(f"{path}/reading", {"0.read.names_nobody": held[0], "0.read.encoding": "cp1251"})
    assert found.status == 303
    again = client.get(path).text
    assert "Ольга" in again
    assert 'value="cp1251" selected' in again
    wrong = client.post(f"{path}/reading", {"0.read.format": "teams"})
    assert (wrong.status, "SV411" in wrong.text) == (422, True)
    assert "Ольга" in client.get(path).text, "what was read before stays"
    assert client.post(f"{path}/reading", {"0.read.encoding": "<b>"}).status == 422


def test_of_a_workbook_another_sheet_is_chosen(client: Client) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "About"
    book.worksheets[0].append(["Made by a tool"])
    book.worksheets[0].append(["on a day"])
    sheet = book.create_sheet("Answers")
    for row in (["Timestamp", "Need"], ["2026-04-01", "Advice"], ["2026-04-02", "Events"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    path = upload(client, "/s/ours/evidence/drop", [("a.xlsx", out.getvalue())]).headers["location"]
    assert "Timestamp" not in words(client.get(path).text)
    client.post(f"{path}/reading", {"0.read.sheet": "Answers"})
    assert "Timestamp" in words(client.get(path).text)


def test_what_stands_between_answers_can_be_overruled(client: Client) -> None:
    rows = "Timestamp,What do you need?\n" + "".join(
        f'2026-05-{1 + i % 28:02d} 10:{i:02d}:00,"{("Advice, Events", "Events", "Advice, Tools")[i % 3]}"\n'
        for i in range(30)
    )
    path = upload(client, "/s/ours/evidence/drop", [("a.csv", rows.encode())]).headers["location"]
    shown = words(client.get(path).text)
    assert "As it was read: a comma" in shown
    assert "Advice, Events" not in shown
    client.post(f"{path}/reading", {"0.read.between": "one"})
    assert "Advice, Events" in words(client.get(path).text)


def test_needs_are_proposed_named_and_weighed(client: Client, page_of_evidence: Served) -> None:
    rows = "topic_id,title,views,posts_count,like_count,created_at\n" + "".join(
        f"{i},{title},{views},4,1,2026-05-0{i} 10:00:00 UTC\n"
        for i, (title, views) in enumerate(
            [("Templates for a first meeting", 900), ("Templates for budgets", 300), ("New rooms", 70)], 1
        )
    )
    path = upload(client, "/s/ours/evidence/drop", [("topics.csv", rows.encode())]).headers["location"]
    ahead = client.post(f"{path}/ahead", NOTHING)
    assert "What members may need" in words(ahead.text)
    assert "Templates (1200 times)" in words(ahead.text)
    assert ours(page_of_evidence) == OURS
    take = {"0.named.take-0": "yes", "0.named.name-0": "forms to begin with", "0.named.within-0": "yes"}
    wrong = client.post(f"{path}/ahead", {**NOTHING, **take, "0.named.share-0": "many"})
    assert (wrong.status, "is no number of 100 members" in words(wrong.text)) == (422, True)
    ahead = client.post(f"{path}/ahead", {**NOTHING, **take, "0.named.share-0": "40"})
    assert "forms to begin with" in words(ahead.text)
    client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    (need,) = yaml.safe_load(ours(page_of_evidence))["facts"]["needs"]
    assert need["label"] == "forms to begin with"
    assert need["cited_by"] == {"value": 40, "confidence": "low"}
    assert need["within_purpose"] is True


SURVEYS = {
    "Spanish": (
        "Marca temporal,¿Qué necesita de la comunidad?,¿Qué tan satisfecho está?,¿Estaría dispuesto a participar?",
        ("Consejos", "Plantillas"), ("Satisfecho", "Insatisfecho"), ("Sí", "No"), "utf-8",
    ),
    "Russian": (
        "Отметка времени,Что вам нужно от сообщества?,Насколько вы довольны?,Готовы ли вы участвовать?",
        ("Советы", "Шаблоны"), ("Доволен", "Не доволен"), ("Да", "Нет"), "cp1251",
    ),
    "Arabic": (
        "طابع زمني,ماذا تحتاج من المجتمع؟,ما مدى رضاك؟,هل ترغب في المشاركة؟",
        ("نصائح", "قوالب"), ("راضٍ", "غير راضٍ"), ("نعم", "لا"), "utf-8",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", SURVEYS)
def test_a_survey_in_another_language_becomes_three_facts(
    client: Client, page_of_evidence: Served, language: str
) -> None:
    """By what the page shows alone: the columns that it puts first, and the answers that it ticks."""
    heads, needs, happy, willing, encoding = SURVEYS[language]
    rows = [
        f'{i % 28 + 1}/05/2026 9:{i:02d}:00,"{needs[0]}{f", {needs[1]}" if i % 3 else ""}",{happy[i % 5 == 0]},{willing[i % 4 == 0]}'
        for i in range(48)
    ]
    sent = upload(client, "/s/ours/evidence/drop", [("a.csv", "\n".join([heads, *rows]).encode(encoding))])
    path = sent.headers["location"]
    shown = client.get(path).text
    assert language in words(shown)
    first = {
        role: (re.findall(r'<option value="(c\d+)"', options) or [""])[0]
        for role, options in re.findall(r'<select id="c-0-(\w+)"(.*?)</select>', shown, re.DOTALL)
    }
    chosen = {f"0.{role}": "" for role in first}
    chosen |= {f"0.{role}": first[role] for role in ("needs", "value_now", "openness", "date")}
    client.post(f"{path}/columns", chosen)
    asked = client.get(path).text
    ticked = re.findall(r'name="(0\.\w+\.counts)" value="([^"]*)" checked', asked)
    assert dict(ticked) == {"0.value_now.counts": happy[0], "0.openness.counts": willing[0]}
    said = {**NOTHING, **dict(ticked), "0.needs.need-0": "yes", "0.needs.need-1": "unknown", "members": "60"}
    ahead = client.post(f"{path}/ahead", said)
    assert ahead.status == 200, words(ahead.text)
    client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    written = yaml.safe_load(ours(page_of_evidence))
    assert [n["label"] for n in written["facts"]["needs"]] == list(needs)
    readings = {e["fact"]: e["reading"] for e in written["evidence"]}
    assert readings == {
        "member_value_now": round(100 * sum(i % 5 != 0 for i in range(48)) / 48),
        "openness_to_realign": round(100 * sum(i % 4 != 0 for i in range(48)) / 48),
    }
    assert str(written["evidence"][0]["date"]) == "2026-05-28"


def test_no_name_of_two_hundred_is_on_the_page(client: Client, page_of_evidence: Served) -> None:
    rows = ["Timestamp,Your name (optional),Slack handle,Who helped you?,How useful is it?,Anything else?"]
    for i, name in enumerate(names()):
        rows.append(
            f"4/{13 + i % 15}/2026 09:00:{i % 60:02d},{name},@x{i},{names()[i % 7]},{i % 5 + 1},thank {name}"
        )
    path = upload(client, "/s/ours/evidence/drop", [("a.csv", "\n".join(rows).encode())]).headers["location"]
    client.post(f"{path}/columns", {"0.value_now": "c4", "0.date": "c0"})
    said = {
        **NOTHING,
        "0.value_now.low": "1",
        "0.value_now.high": "5",
        "0.value_now.from": "4",
        "0.value_now.best": "high",
    }
    wrong = client.post(f"{path}/ahead", {**said, "0.value_now.from": "much"})
    assert wrong.status == 422
    ahead = client.post(f"{path}/ahead", said)
    shown = [wrong.text, ahead.text, client.get(path).text, client.get(f"{path}/mapping/0").text]
    client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    shown += [client.get("/s/ours/decision").text, ours(page_of_evidence)]
    assert "reading: 40" in shown[-1]
    assert [name for name in names() for text in shown if name in text] == []


def test_guests_are_members_where_a_person_says_so(client: Client) -> None:
    path = dropped(client, HERE / "found" / "06-zoom-more-than-members.csv")
    said = {**NOTHING, "members": "20"}
    assert "came as guests, so not counted as members: 7" in words(client.post(f"{path}/ahead", said).text)
    again = client.post(f"{path}/ahead", {**said, "guests_are_members": "yes"})
    assert "7 people came within 90 days" in words(again.text)


def test_a_column_chosen_last_is_asked_about_and_not_forgotten(client: Client) -> None:
    path = dropped(client, EXPORTS / "google-forms.csv")
    selects = re.findall(r'<select id="c-0-(\w+)"(.*?)</select>', client.get(path).text, re.DOTALL)
    chosen = {f"0.{role}": (re.findall(r'value="(\w+)" selected', each) or [""])[0] for role, each in selects}
    role, other = next(
        (f"0.{role}", value)
        for role, each in selects
        for value in re.findall(r'value="(\w+)">', each)
        if value != chosen[f"0.{role}"]
    )
    said = {**NOTHING, **chosen, role: other, "population": "321"}
    found = client.post(f"{path}/ahead", said)
    assert found.status == 303, "what is asked of the other column comes before the change"
    shown = client.get(found.headers["location"].partition("#")[0]).text
    assert "You chose other columns" in words(shown)
    assert (
        f'value="{other}" selected'
        in dict(re.findall(r'<select id="c-(0-\w+)"(.*?)</select>', shown, re.DOTALL))[role.replace(".", "-")]
    )
    assert 'value="321"' in shown, "what was typed stays"
    assert client.post(f"{path}/ahead", said).status != 303


def test_a_column_that_cannot_have_a_role_is_refused(client: Client) -> None:
    path = dropped(client, EXPORTS / "google-forms.csv")
    for value in ("c999", "q0", "../x", "<script>"):
        found = client.post(f"{path}/columns", {"0.value_now": value})
        assert found.status == 422
        assert "<script>" not in found.text


def test_the_files_are_in_a_private_folder_and_go(client: Client, page_of_evidence: Served) -> None:
    def there() -> list[Path]:
        return [path for folder in temporary(FOLDERS) for path in folder.rglob("zoom*.csv")]

    before = there()
    path = dropped(client, EXPORTS / "zoom.csv")
    (new,) = set(there()) - set(before)
    assert new.parents[1].stat().st_mode & 0o077 == 0
    assert "@" not in words(client.get(path).text), "no address of a person is shown"
    client.post(f"{path}/forget", {})
    assert there() == before
    assert client.get(path).status == 404
    first = dropped(client, EXPORTS / "zoom.csv")
    dropped(client, EXPORTS / "meet.csv")
    assert client.get(first).status == 404, "a new drop takes the place of the one before"
    path = dropped(client, EXPORTS / "zoom.csv")
    assert page_of_evidence.client().get(path).status == 404, "another session sees nothing of it"


def test_what_changed_in_between_is_not_written_over(client: Client, page_of_evidence: Served) -> None:
    path = dropped(client, EXPORTS / "register.csv")
    ahead = client.post(f"{path}/ahead", NOTHING)
    file = page_of_evidence.folder / "ours.yaml"
    file.write_text(OURS + "  core_group_size: 7\n")
    found = client.post(f"{path}/keep", {"version": hidden(ahead.text, "version")})
    assert found.status == 409
    assert ours(page_of_evidence) == OURS + "  core_group_size: 7\n"
    client.post(f"{path}/keep", {"version": hidden(found.text, "version")})
    assert "core_group_size: 7" in ours(page_of_evidence)
    assert "members_total" in ours(page_of_evidence)


@pytest.mark.parametrize(
    "files",
    [
        [("a.csv", b"")],
        [("a.csv", b"\x00" * 500)],
        [("a.zip", b"PK\x03\x04nothing")],
        [("a.xlsx", b"PK\x03\x04nothing")],
        [("a.json", b"[" * 200_000)],
        [("a.xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><posts><row Id='&y;'/></posts>")],
        [("m.yaml", b"mapping: 9")],
        [("m.yaml", b"\xff\xfe\x00")],
        [("m.yaml", b"a: &a [*a]")],
        [],
    ],
)
def test_hostile_files_are_told_and_leave_nothing(client: Client, files: list[tuple[str, bytes]]) -> None:
    before = {path for folder in temporary(FOLDERS) for path in folder.rglob("*") if path.is_file()}
    found = upload(client, "/s/ours/evidence/drop", files)
    assert found.status == 422
    assert "root:" not in found.text
    assert {path for folder in temporary(FOLDERS) for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "sent,kept",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\answers.csv", "answers.csv"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("Umfrage März (1).csv", "Umfrage März (1).csv"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 80 + ".csv"),
        ("<script>.csv", "_script_.csv"),
    ],
)
def test_a_name_that_was_sent_means_nothing_to_a_disk(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_texts_of_an_export_are_escaped(client: Client) -> None:
    rows = b"Role <img src=x>,How <b>useful</b> is it?\n" + b"".join(
        b"a,<script>alert(%d)</script>\n" % (n % 2) for n in range(9)
    )
    sent = upload(client, "/s/ours/evidence/drop", [("<i>.csv", rows)])
    assert sent.status == 303, words(sent.text)
    path = sent.headers["location"]
    shown = client.get(path).text
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "&lt;b&gt;useful" in shown


def test_a_sample_takes_nothing_and_a_form_without_a_token_is_refused(client: Client) -> None:
    file = [("zoom.csv", (EXPORTS / "zoom.csv").read_bytes())]
    assert upload(client, "/s/sample--the-sweet-spot/evidence/drop", file).status == 422
    assert upload(client, "/s/ours/evidence/drop", file, token="x").status == 403
    assert client.get("/s/ours/evidence/0123456789abcdef").status == 404


@pytest.mark.parametrize("width,scheme", SIZES)
def test_the_room_in_a_browser(
    chromium: Any, client: Client, page_of_evidence: Served, width: int, scheme: str
) -> None:
    tab = Browser(chromium, page_of_evidence, width, scheme)
    page = tab.go("/s/ours/evidence")

    def fine() -> None:
        assert tab.barriers() == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    fine()
    page.locator("#files").set_input_files([SPACK])
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("heading", name="What was recognised").wait_for()
    fine()
    choose = page.get_by_label(re.compile("helps people now"))
    rated = choose.locator("option", has_text="overall quality").first.get_attribute("value")
    choose.select_option(rated)
    page.get_by_role("button", name="Take these columns").click()
    page.locator("input[value=Critical]").check()
    page.locator("input[value=Excellent]").first.check()
    page.get_by_label("How many members are there?").fill("many")
    page.get_by_role("button", name="See what would change").click()
    page.get_by_text("is no number of people").wait_for()
    fine()
    assert page.locator("input[value=Critical]").is_checked()
    page.get_by_label("How many members are there?").fill("600")
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Import it").wait_for()
    fine()
    page.get_by_role("button", name="Import it").click()
    page.get_by_role("heading", name="Imported").wait_for()
    fine()
    assert "members_total: 600" in ours(page_of_evidence)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/s/ours/evidence")
    assert ours(page_of_evidence) == OURS
    assert [text for text in tab.said if "422" not in text] == []
    tab.page.close()
