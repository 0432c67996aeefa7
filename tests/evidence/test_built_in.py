"""Exports whose columns are fixed go into a scenario without a mapping; each number is counted again by hand here."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.attendance import attendance
from sharedvalue.engine.evidence.built_in import Said, built_in
from sharedvalue.engine.evidence.guess import mapping_text
from sharedvalue.engine.evidence.imports import NOTHING_SAID, Import, prepare
from sharedvalue.engine.evidence.interviews import INTERVIEW_MAPPING, coding_table
from sharedvalue.engine.evidence.read import read
from tests.evidence.exports_here import BOOK, mapping

EXPORTS = Path(__file__).parent / "exports"
TODAY = dt.date(2026, 6, 30)
NEEDS = "\n".join(
    f"    - {{label: {label}, cited_by: 40, satisfied: 50, within_purpose: true}}"
    for label in ("peer advice", "templates")
)
CASE = (
    f"scenario: 1\nas_of: 2026-06-30\nfacts:\n  has_sponsor: true\n  members_total: 50\n  needs:\n{NEEDS}\n"
)
BARE = "scenario: 1\nas_of: 2026-06-30\nfacts:\n  has_sponsor: true\n"


def write(folder: Path, name: str, rows: Sequence[Sequence[object]], above: str = "") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(above)
        csv.writer(out).writerows(rows)
    return path


def taken(*paths: Path, case: str = CASE, said: Said = NOTHING_SAID) -> Import:
    pairs = []
    for path in paths:
        found = read(path)
        known = INTERVIEW_MAPPING if found.format == "interview-table" else built_in(found)
        assert known is not None
        pairs.append((found, known))
    return prepare(pairs, "case.yaml", case, BOOK, TODAY, said)


def facts(done: Import) -> dict[str, Any]:
    return dict(yaml.safe_load(done.plan.text)["facts"])


@pytest.mark.parametrize(
    "name",
    ["zoom.csv", "zoom-webinar.csv", "teams.csv", "meet.csv", "ga4.csv", "universal-analytics.csv", "matomo.csv", "discourse-users.csv",
     "discourse-topics.csv", "discourse-query.json", "github-discussions.json", "Posts.xml", "slack-members.csv", "slack-analytics.csv",
     "register.csv", "register-excel.csv"],
)  # fmt: skip
def test_a_built_in_mapping_reads_back_from_its_file(name: str) -> None:
    known = built_in(read(EXPORTS / name))
    assert known is not None
    again = mapping(mapping_text(known))
    assert [(u.role, u.column, u.index) for u in again.columns] == [
        (u.role, u.column, u.index) for u in known.columns
    ]
    assert (again.is_register, again.is_resonance, again.is_attendance) == (
        known.is_register, known.is_resonance, known.is_attendance,
    )  # fmt: skip
    assert known.is_register or known.is_resonance or known.is_attendance


def test_a_survey_has_no_built_in_mapping() -> None:
    for name in ("google-forms.csv", "microsoft-forms.xlsx", "plain.csv", "kobo.csv"):
        assert built_in(read(EXPORTS / name)) is None


ZOOM = ["Name (Original Name)", "User Email", "Join Time", "Duration (Minutes)"]
ABOVE = 'Topic,ID,Host,Duration (minutes),Start time,End time,Participants\n{},1,h,60,"{} 03:00:00 PM","{} 04:00:00 PM",9\n\n'


def zoom(folder: Path, name: str, topic: str, day: str, people: Sequence[tuple[str, str]]) -> Path:
    rows = [[who, mail, f"{day} 03:00:10 PM", 20] for who, mail in people]
    return write(folder, name, [ZOOM, *rows], ABOVE.format(topic, day, day))


def test_meetings_tell_people_apart_by_address_and_else_by_name(tmp_path: Path) -> None:
    one = zoom(tmp_path, "a.csv", "Open call", "06/16/2026", [
        ("Ann (Ann Ex)", "ann@x.example"), ("Ann", ""), ("Bob", "bob@x.example"), ("Bob", "bob2@x.example"), ("Cy", ""),
    ])  # fmt: skip
    two = zoom(
        tmp_path, "b.csv", "Open call", "06/23/2026", [("CY", ""), ("Dee", "ANN@x.example"), ("Eve", "")]
    )
    old = zoom(tmp_path, "c.csv", "Peer advice hour", "01/13/2026", [("Fay", "fay@x.example")])
    pairs = [(e, m) for e in map(read, (one, two, old)) if (m := built_in(e))]
    came = attendance(pairs, 50, TODAY)
    assert [m.people for m in came.meetings] == [4, 3, 1]  # ann, bob, bob2, cy | cy, ann, eve | fay
    assert (came.people, came.recent, came.old) == (6, 5, 1)
    assert [m.title for m in came.meetings] == ["Open call", "Open call", "Peer advice hour"]
    done = taken(one, two, old)
    assert facts(done)["active_share_90d"] == {"between": [10, 100]}
    (events,) = done.resonances
    assert [(i.label, i.times, i.need) for i in events.items] == [
        ("Open call", 7, ""),
        ("Peer advice hour", 1, "peer advice"),
    ]
    assert "evidence" not in yaml.safe_load(
        done.plan.text
    )  # two events are too few to be set beside what people say
    assert "Ann" not in done.plan.text + repr(done.plan.written)


def test_the_number_of_members_may_be_said_and_is_asked_for_where_nobody_knows_it(tmp_path: Path) -> None:
    one = zoom(tmp_path, "a.csv", "Call", "06/16/2026", [("Ann", "ann@x.example"), ("Bob", "bob@x.example")])
    open_ = taken(one, case=BARE)
    assert "active_share_90d" not in facts(open_)
    assert any("--members" in note for note in open_.plan.notes)
    assert facts(taken(one, case=BARE, said=Said(members=40))) == {
        "has_sponsor": True, "members_total": 40, "active_share_90d": {"between": [5, 100]},
    }  # fmt: skip


def test_a_meeting_after_the_day_of_the_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        taken(zoom(tmp_path, "a.csv", "Call", "07/16/2026", [("Ann", "ann@x.example")]))
    assert error.value.problems[0].code == "SV454"


def test_pages_that_differ_in_how_they_are_called_up_are_one_page(tmp_path: Path) -> None:
    above = "# ---\n# Start date: 20260401\n# End date: 20260531\n"
    pages = [
        ("/peer-advice/", 50),
        ("/peer-advice?x=1", 30),
        ("/peer-advice#top", 5),
        ("/a", 70),
        ("/b", 60),
        ("/templates", 40),
        ("/c", 1),
    ]
    path = write(
        tmp_path,
        "ga.csv",
        [["Page path and screen class", "Views", "Active users"], *([p, n, 1] for p, n in pages)],
        above,
    )
    done = taken(path)
    (found,) = done.resonances
    assert [(i.label, i.times) for i in found.items] == [
        ("/peer-advice", 85), ("/a", 70), ("/b", 60), ("/templates", 40), ("/c", 1),
    ]  # fmt: skip
    (item,) = yaml.safe_load(done.plan.text)["evidence"]
    assert (item["source"], item["reading"], item["n"]) == ("page_visits", 40, 5)  # two of five match a need
    assert len(facts(done)["needs"]) == 2  # what resonates adds no need


def test_a_file_without_a_period_needs_the_day(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        taken(EXPORTS / "matomo.csv")
    (problem,) = error.value.problems
    assert problem.code == "SV454"
    assert "--date" in problem.mend
    assert taken(EXPORTS / "matomo.csv", said=Said(date="2026-05-31")).resonances[0].last == dt.date(
        2026, 5, 31
    )


def test_a_forum_gives_who_reads_who_writes_and_its_groups_without_its_own(tmp_path: Path) -> None:
    heads = [
        "id",
        "username",
        "last_seen_at",
        "last_posted_at",
        "trust_level",
        "posts_read_count",
        "active",
        "staged",
        "group_names",
    ]
    rows: list[list[object]] = [
        [i + 1, f"u{i}", f"2026-06-{10 + i % 9} 00:21:07 UTC" if i < 12 else "2025-11-01 00:00:00 UTC",
         "2026-06-01 00:00:00 UTC" if i < 6 else "2025-06-01 00:00:00 UTC" if i < 14 else "", i % 4, 9, "true", "false",
         "trust_level_1;teachers" if i < 10 else "trust_level_0;heads" if i < 13 else "staff"]
        for i in range(20)
    ]  # fmt: skip
    path = write(tmp_path, "users.csv", [heads, *rows])
    found = facts(taken(path, case=BARE))
    assert found["members_total"] == 20
    assert found["active_share_90d"] == 60  # 12 of 20 were seen
    assert found["core_and_active_share"] == 30  # 6 of 20 wrote
    (teachers,) = found["segments"]  # three heads are too few, and the forum's own groups are none
    assert (teachers["name"], teachers["count"], teachers["active"]) == ("teachers", 10, 100)
    kept = taken(path)  # of 50 members, 20 have accounts
    assert facts(kept)["members_total"] == 50
    assert any("20 accounts, of 50 members" in note for note in kept.plan.notes)


def test_slack_numbers_and_a_bare_list_of_accounts(tmp_path: Path) -> None:
    heads = [
        "Name",
        "User ID",
        "Account type",
        "Deactivated date (UTC)",
        "Days active",
        "Messages posted",
        "Messages posted in channels",
        "Last active (UTC)",
    ]
    rows: list[list[object]] = [
        [f"M{i}", f"U{i}", "Member", "", i % 3, i, i % 4, "Jun 2, 2026" if i % 2 else "Jan 2, 2026"]
        for i in range(20)
    ]
    found = facts(taken(write(tmp_path, "slack.csv", [heads, *rows]), case=BARE))
    assert (found["active_share_90d"], found["core_and_active_share"]) == (50, 75)
    done = taken(EXPORTS / "slack-members.csv", case=BARE)
    assert facts(done) == {"has_sponsor": True, "members_total": 1}
    assert done.attendance is None


def test_discussions_and_questions_are_items_with_an_age(tmp_path: Path) -> None:
    nodes = [
        {"number": i, "title": title, "createdAt": "2026-03-24T10:00:00Z", "category": {"name": "Q&A", "isAnswerable": True},
         "comments": {"totalCount": n}}
        for i, (title, n) in enumerate([("Peer advice please", 9), ("Hello", 4), ("Templates?", 3), ("Rooms", 2), ("Tea", 1)])
    ]  # fmt: skip
    path = tmp_path / "d.json"
    path.write_text(
        json.dumps(
            {"data": {"repository": {"discussions": {"pageInfo": {"hasNextPage": False}, "nodes": nodes}}}}
        )
    )
    done = taken(path)
    (item,) = yaml.safe_load(done.plan.text)["evidence"]
    assert (item["source"], item["reading"], item["n"]) == ("views_comments", 40, 5)
    assert done.resonances[0].by_age
    posts = taken(EXPORTS / "Posts.xml").resonances[0]
    assert (posts.source, [(i.label, i.times) for i in posts.items]) == (
        "questions", [("How do you start a local group?", 130)],
    )  # fmt: skip


CODED = ["interview_id", "date", "segment", "level", "code", "kind", "quote"]


def coded(folder: Path, n: int, stories: int, advice: int) -> Path:
    rows: list[list[object]] = [[*CODED]]
    for i in range(n):
        base = [f"i{i}", "2026-05-01", "teachers", "novice"]
        if i < advice:
            rows += [[*base, "Peer advice", "need", "Ann said"], [*base, "peer  ADVICE", "need", "and again"]]
        if i < stories:
            rows += [[*base, "saved a week", "value_story", "x"], [*base, "saved a day", "value_story", "y"]]
        rows.append([*base, "money", "other", "z"])
    return write(folder, "coded.csv", rows)


def test_interviews_count_people_and_never_passages(tmp_path: Path) -> None:
    done = taken(coded(tmp_path, 12, 7, 6), case=BARE)
    (item,) = yaml.safe_load(done.plan.text)["evidence"]
    assert (item["fact"], item["source"], item["n"], item["reading"]) == (
        "member_value_now",
        "interview",
        12,
        58,
    )
    (need,) = facts(done)["needs"]
    low, high = need["cited_by"]["between"]
    assert need["label"] == "Peer advice"
    assert low < 50 < high
    assert need["within_purpose"] == "unknown"
    assert "Ann said" not in done.plan.text


def test_a_share_of_interviews_never_takes_the_place_of_what_stands(tmp_path: Path) -> None:
    done = taken(coded(tmp_path, 12, 7, 6))
    assert facts(done)["needs"][0]["cited_by"] == 40
    assert any("6 of 12" in note and "40 stands" in note for note in done.plan.notes)


def test_few_interviews_give_no_number_and_no_story_is_a_reading_of_none(tmp_path: Path) -> None:
    few = taken(coded(tmp_path, 4, 3, 4), case=BARE)
    assert "evidence" not in yaml.safe_load(few.plan.text)
    assert "needs" not in facts(few)
    none = taken(coded(tmp_path, 9, 0, 9), case=BARE)
    assert yaml.safe_load(none.plan.text)["evidence"][0]["reading"] == 0


def test_notes_become_a_table_to_code_that_reads_back(tmp_path: Path) -> None:
    text = coding_table(read(EXPORTS / "interviews"))
    rows = list(csv.DictReader(text.splitlines()))
    assert [(r["interview_id"], r["code"], r["quote"]) for r in rows] == [
        ("i1", "", "I advise schools"), ("i1", "", "Five years"), ("i1", "", "Peer advice"), ("i2", "", "I lead a school"),
    ]  # fmt: skip
    for row in rows:
        row.update(code="peer advice", kind="need", date="2026-05-01")
    path = write(tmp_path, "coded.csv", [CODED, *([r[h] for h in CODED] for r in rows)])
    assert read(path).format == "interview-table"
    assert taken(path, case=BARE).surveys[0].answers == 2
