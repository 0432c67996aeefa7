"""What resonates: evened out for age and reach, set beside what people say, and never called a need."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.attendance import attendance
from sharedvalue.engine.evidence.basis import basis
from sharedvalue.engine.evidence.imports import prepare
from sharedvalue.engine.evidence.people import pseudonym, salt_of
from sharedvalue.engine.evidence.resonance import full_count, resonance
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
from tests.evidence.exports_here import BOOK, export, mapping

TODAY = dt.date(2026, 6, 1)
TOPICS = """
mapping: 1
source: views_comments
date: 2026-06-01
columns:
  - {column: title, role: item, needs: {onboarding: [Welcome kit]}}
  - {column: views, role: times}
  - {column: created_at, role: created}
"""
ROWS: list[list[object]] = [
    ["How to do onboarding", "1,000", "2024-06-01"],
    ["Welcome kit", 900, "2026-05-02"],
    ["Cat pictures", 1200, "2020-01-01"],
    ["nothing", "", "2026-01-01"],
]


def test_the_new_is_not_beaten_by_the_old_only_because_it_is_new(tmp_path: Path) -> None:
    found = resonance(
        export(tmp_path, "topics.csv", ["title", "views", "created_at"], ROWS),
        mapping(TOPICS),
        ["onboarding"],
        {"welcome kit": "onboarding"},
        TODAY,
        BOOK,
    )
    assert [i.label for i in found.items] == ["Welcome kit", "Cat pictures", "How to do onboarding"]
    assert found.items[0].full == pytest.approx(1800)  # a month old: not yet half of it
    assert full_count(100, 0.1, BOOK) == pytest.approx(200)  # the first days say little
    assert full_count(100, 6.0, BOOK) == pytest.approx(100 / 0.75)
    assert full_count(100, 3.0, BOOK) == pytest.approx(200)
    assert full_count(100, None, BOOK) == 100
    assert found.matched is not None
    assert (found.matched.count, found.matched.n) == (2, 3)
    assert found.notes
    assert found.by_age
    assert not found.by_reach


def test_reach_comes_before_plain_counts(tmp_path: Path) -> None:
    text = (
        "mapping: 1\nsource: attendance\ndate: 2026-05-01\ncolumns:\n  - {column: event, role: item}\n"
        "  - {column: came, role: times}\n  - {column: invited, role: reached}\n"
    )
    found = resonance(
        export(
            tmp_path, "events.csv", ["event", "came", "invited"], [["large", 50, 1000], ["small", 20, 40]]
        ),
        mapping(text),
        [],
        {},
        TODAY,
        BOOK,
    )
    assert [(i.label, i.rate) for i in found.items] == [("small", 50.0), ("large", 5.0)]
    assert found.matched is None


@pytest.mark.parametrize(("stated", "rule"), [(65, "E01"), (20, "E08"), (None, "E06")])
def test_said_and_done_agree_conflict_or_only_resonate(tmp_path: Path, stated: int | None, rule: str) -> None:
    said = (
        ""
        if stated is None
        else f"evidence:\n  - {{fact: member_value_now, source: survey, date: 2026-05-01, n: 50, reading: {stated}}}\n"
    )
    need = "{label: onboarding, cited_by: 60, satisfied: 50, within_purpose: true}"
    text = f"scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  needs:\n    - {need}\n{said}"
    more = [["onboarding for heads", 10, ""], ["onboarding at once", 9, ""], ["dogs", 5, ""]]
    found = export(tmp_path, "topics.csv", ["title", "views", "created_at"], [*ROWS, *more])
    done = prepare([(found, mapping(TOPICS))], "case.yaml", text, BOOK, TODAY)
    item = next(i for i in yaml.safe_load(done.plan.text)["evidence"] if i["source"] == "views_comments")
    assert (item["fact"], item["reading"], item["n"]) == ("member_value_now", 67, 6)
    worlds = form(BOOK, read_scenario(parse(done.plan.text, "case"), BOOK, "case"))
    fired = {w.rule for fact in basis(worlds).facts if fact.name == "member_value_now" for w in fact.weighed}
    assert rule in fired
    assert len(yaml.safe_load(done.plan.text)["facts"]["needs"]) == 1  # what resonates adds no need


ZOOM = "mapping: 1\nsource: attendance\ndate: 2026-05-0{}\ncolumns: [{{column: Who, role: person}}]\n"


def test_people_are_counted_once_over_meetings_and_no_name_is_written(tmp_path: Path) -> None:
    lists = [["Ann Ex", "Bob Ex", "ann ex"], ["Bob Ex", "Cy Ex"], ["Cy Ex", "Bob  Ex", "Dee Ex"]]
    pairs = [
        (
            export(tmp_path, f"m{i}.csv", ["Who", "Note"], [[name, i] for name in names]),
            mapping(ZOOM.format(i + 1)),
        )
        for i, names in enumerate(lists)
    ]
    came = attendance(pairs, 20)
    assert came.people == 4
    assert dict(came.came) == {1: 2, 2: 1, 3: 1}
    assert came.percent == 20
    assert [m.people for m in came.meetings] == [2, 2, 3]
    text = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  members_total: 20\n"
    done = prepare(pairs, "case.yaml", text, BOOK, TODAY)
    assert yaml.safe_load(done.plan.text)["facts"]["active_share_90d"] == {"between": [20, 100]}
    assert "Ann" not in repr(done.plan.written) + done.plan.text


def test_the_same_list_twice_is_refused(tmp_path: Path) -> None:
    one = export(tmp_path, "m.csv", ["Who", "Note"], [["Ann", 1], ["Bob", 2]])
    with pytest.raises(UserError) as error:
        attendance([(one, mapping(ZOOM.format(1)))] * 2, 10)
    assert error.value.problems[0].code == "SV455"


def test_a_pseudonym_stays_with_its_salt_and_the_salt_is_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "salt"
    salt = salt_of(path)
    assert salt_of(path) == salt
    assert path.stat().st_mode & 0o077 == 0
    assert pseudonym("Ann  Ex", salt) == pseudonym("ann ex", salt) != pseudonym("ann ex", bytes(32))
    assert "ann" not in pseudonym("ann", salt)
    path.write_text("hello")
    with pytest.raises(UserError) as error:
        salt_of(path)
    assert error.value.problems[0].code == "SV457"
