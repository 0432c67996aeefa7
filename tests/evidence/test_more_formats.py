"""Chats, mails, events and pages: what each fills, held to counts made by hand; and files that are named for what they are."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.read import read
from tests.cli.calling import call

EXPORTS = Path(__file__).parent / "exports"
CASE = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  members_total: 20\n"


def taken(folder: Path, *args: object) -> dict[str, Any]:
    (folder / "s.yaml").write_text(CASE, encoding="utf-8")
    done = call("import", *map(str, args), "--into", str(folder / "s.yaml"), "--dry-run", "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def zipped(folder: Path, to: Path) -> Path:
    with zipfile.ZipFile(to, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return to


@pytest.mark.parametrize("packed", [False, True])
def test_messages_of_a_workspace_are_counted_by_public_channel(packed: bool, tmp_path: Path) -> None:
    path = zipped(EXPORTS / "slack-export", tmp_path / "a.zip") if packed else EXPORTS / "slack-export"
    found = taken(tmp_path, path)
    assert {item["label"]: item["times"] for item in found["resonance"][0]["top"]} == {
        "peer-advice": 2,
        "a channel named after somebody": 1,
    }
    shown = json.dumps(found) + call("import", str(path)).out + call("import", str(path), "--json").out
    for private in ("Ada", "ada-exempel", "Bo Muster", "secret", "U1"):
        assert private not in shown
    assert any("1 days of other conversations left alone" in note for note in read(path).notes)


def test_a_channel_of_discord_is_counted_without_bots_and_joins(tmp_path: Path) -> None:
    found = taken(tmp_path, EXPORTS / "discord.json")
    assert [(i["label"], i["times"]) for i in found["resonance"][0]["top"]] == [("peer-advice", 2)]
    shown = call("import", str(EXPORTS / "discord.json")).out
    assert "Anna" not in shown
    assert "Exempel" not in shown


def test_a_private_conversation_of_discord_is_refused(tmp_path: Path) -> None:
    document = json.loads((EXPORTS / "discord.json").read_text(encoding="utf-8"))
    document["channel"]["type"] = "DirectTextChat"
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UserError, match=r"SV410.*between persons"):
        read(tmp_path / "a.json")


def test_campaigns_resonate_by_clicks_of_those_who_got_them(tmp_path: Path) -> None:
    top = taken(tmp_path, EXPORTS / "mailchimp-campaigns.csv")["resonance"][0]["top"]
    assert [(i["label"], i["times"]) for i in top] == [
        ("Peer advice for heads", 40),
        ("Templates for budgets", 22),
    ]


def test_pages_of_plausible_are_read_from_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(EXPORTS / "plausible.csv", "pages.csv")
        archive.writestr("visitors.csv", "date,visitors\n2026-01-01,5\n")
        archive.writestr("sources.csv", "name,visitors\ndirect,5\n")
    found = read(tmp_path / "a.zip")
    assert (found.format, found.records) == ("plausible", 2)
    assert any("2 other tables are left alone" in note for note in found.notes)
    top = taken(tmp_path, tmp_path / "a.zip", "--date", "2026-05-31")["resonance"][0]["top"]
    assert [(i["label"], i["times"]) for i in top] == [("/peer-advice", 171), ("/templates", 95)]


def test_those_with_a_ticket_came_unless_it_says_who_checked_in(tmp_path: Path) -> None:
    text = (EXPORTS / "eventbrite.csv").read_text(encoding="utf-8")
    path = tmp_path / "tickets.csv"
    for written, came, share in (
        (text, 1, "{between: [5, 100]}"),
        (text.replace("Checked In", "Attending"), 2, "{between: [10, 100]}"),
    ):
        path.write_text(written, encoding="utf-8")
        found = taken(tmp_path, path)
        assert (found["files"][0]["counted"], found["files"][0]["last_date"]) == (came, "2026-05-20")
        assert [c["after"] for c in found["changes"] if c["address"] == "active_share_90d"] == [share]


def test_accounts_of_a_group_are_no_members_of_their_own(tmp_path: Path) -> None:
    found = taken(tmp_path, EXPORTS / "meetup-members.csv")
    assert "members_total" not in [c["address"] for c in found["changes"]]
    assert any("2 accounts, of 20 members" in note for note in found["notes"])


def test_whoever_said_yes_came_on_a_day_that_a_person_gives(tmp_path: Path) -> None:
    found = taken(tmp_path, EXPORTS / "meetup-event.csv", "--date", "2026-04-20")
    assert (found["files"][0]["counted"], found["files"][0]["last_date"]) == (2, "2026-04-20")


def test_a_usage_report_lists_meetings_as_events(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Topic,Meeting ID,User Name,User Email,Start Time,End Time,Duration (Minutes),Participants\n"
        "Peer hour,811,Host One,host@example.org,05/14/2026 03:00:00 PM,05/14/2026 04:00:00 PM,60,12\n"
        "Budget clinic,812,Host One,host@example.org,05/21/2026 03:00:00 PM,05/21/2026 04:00:00 PM,60,7\n"
        "Peer hour,811,Host One,host@example.org,05/28/2026 03:00:00 PM,05/28/2026 04:00:00 PM,60,10\n",
        encoding="utf-8",
    )
    found = taken(tmp_path, tmp_path / "a.csv")
    assert {i["label"]: i["times"] for i in found["resonance"][0]["top"]} == {
        "Peer hour": 22,
        "Budget clinic": 7,
    }
    assert "Host One" not in json.dumps(found) + call("import", str(tmp_path / "a.csv")).out


@pytest.mark.parametrize(
    "wrap",
    [
        lambda n: {"repository": {"discussions": {"nodes": n}}},
        lambda n: {"discussions": {"nodes": n}},
        lambda n: n,
    ],
)
def test_discussions_are_read_with_or_without_what_stands_around_them(wrap: Any, tmp_path: Path) -> None:
    whole = json.loads((EXPORTS / "github-discussions.json").read_text(encoding="utf-8"))
    nodes = whole["data"]["repository"]["discussions"]["nodes"]
    (tmp_path / "a.json").write_text(json.dumps(wrap(nodes)), encoding="utf-8")
    found = read(tmp_path / "a.json")
    assert (found.format, found.records) == ("github-discussions", len(nodes))


def test_the_structure_of_a_survey_is_named_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "limesurvey_survey_123.lss"
    path.write_text(
        '<?xml version="1.0"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n</document>\n',
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=r"SV410.*structure of a LimeSurvey survey"):
        read(path)


def test_of_a_workbook_any_sheet_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "About"
    book.worksheets[0].append(["Made by a tool"])
    sheet = book.create_sheet("Form Responses 1")
    for row in (["Timestamp", "Need"], ["2026-04-01", "Advice"], ["2026-04-02", "Events"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    assert read(path, of="form responses 1").records == 2
    with pytest.raises(UserError, match="SV419") as error:
        read(path, of="Form Response 1")
    assert "Form Responses 1" in error.value.problems[0].mend
    assert "Timestamp" in call("import", str(path), "--sheet", "Form Responses 1").out


def test_a_copy_of_the_folder_reads_alike(tmp_path: Path) -> None:
    shutil.copytree(EXPORTS / "slack-export", tmp_path / "other")
    assert read(tmp_path / "other").sha256 == read(EXPORTS / "slack-export").sha256


def test_what_a_file_does_not_say_is_told_where_it_is_imported_too(tmp_path: Path) -> None:
    for name, told in (
        ("meetup-event.csv", "Whoever said yes counts as having come"),
        ("mailchimp-campaigns.csv", "Opens are counted by a picture"),
    ):
        found = taken(tmp_path, EXPORTS / name, "--date", "2026-05-20")
        assert any(told in note for note in found["notes"])


def test_a_first_sheet_without_records_names_the_other_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Made by a tool"])
    sheet = book.create_sheet("Answers 2026")
    sheet.append(["Timestamp", "Need"])
    sheet.append(["2026-04-01", "Advice"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UserError, match="SV419") as error:
        read(tmp_path / "a.xlsx")
    assert "can be chosen: 'Answers 2026'" in error.value.problems[0].mend
