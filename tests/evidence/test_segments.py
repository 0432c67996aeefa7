"""Groups: the rule book's own overlap with the group's shares, intervals for few answers, and nothing about a handful."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.imports import prepare
from sharedvalue.engine.evidence.proportions import Method, Share
from sharedvalue.engine.evidence.register import read_register
from sharedvalue.engine.evidence.segments import overlap_of
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from tests.evidence.exports_here import BOOK, export, mapping

TODAY = dt.date(2026, 6, 1)


def case(serves: list[list[float]], weights: list[float]) -> Scenario:
    sponsors = "".join(f"    - {{name: s{j}, weight: {w}}}\n" for j, w in enumerate(weights))
    needs = ""
    for i, row in enumerate(serves):
        cells = ", ".join(f"s{j}: {v}" for j, v in enumerate(row))
        needs += (
            f"    - {{label: n{i}, cited_by: 50, satisfied: 50, within_purpose: true, serves: {{{cells}}}}}\n"
        )
    text = f"scenario: 1\nfacts:\n  has_sponsor: true\n  sponsors:\n{sponsors}  needs:\n{needs}"
    return read_scenario(parse(text, "case"), BOOK, "case")


def by_hand(percents: list[int], serves: list[list[float]], weights: list[float]) -> float:
    """decision-model.md, Overlap computed: 100 * min(Om, Os)."""
    members = (
        sum(d * max(row) for d, row in zip(percents, serves, strict=True)) / sum(percents)
        if sum(percents)
        else 0
    )
    counted = [
        max([row[j] for d, row in zip(percents, serves, strict=True) if d >= 20] or [0])
        for j in range(len(weights))
    ]
    return 100 * min(members, sum(w * c for w, c in zip(weights, counted, strict=True)) / sum(weights))


@given(st.data())
def test_overlap_is_that_of_the_decision_model_and_lies_within_its_bounds(data: st.DataObject) -> None:
    many, sponsors = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 2))
    serves = [[data.draw(st.sampled_from([0, 0.5, 1])) for _ in range(sponsors)] for _ in range(many)]
    weights = [data.draw(st.sampled_from([0.3, 0.5, 1])) for _ in range(sponsors)]
    n = data.draw(st.integers(8, 90))
    shares = {f"n{i}": Share(data.draw(st.integers(0, n)), n) for i in range(many)}
    found = overlap_of(shares, case(serves, weights), BOOK)
    assert found is not None
    wanted = by_hand([shares[f"n{i}"].percent for i in range(many)], serves, weights)
    assert abs(found.percent - wanted) <= 0.6
    assert found.low <= found.percent <= found.high
    method, pick = Method.of(BOOK), random.Random(n)
    for _ in range(10):  # any shares within their intervals give an overlap within the bounds
        drawn = [pick.randint(*shares[f"n{i}"].points(method)) for i in range(many)]
        assert found.low - 0.6 <= by_hand(drawn, serves, weights) <= found.high + 0.6


SURVEY = """
mapping: 1
date: 2026-05-01
columns:
  - {column: Role, role: segment}
  - {column: Years, role: level, levels: {novice: {from: 0, to: 1}, practitioner: {from: 2, to: 5}, expert: {from: 6}}}
  - column: Needs
    role: needs
    separator: "; "
    needs: {talks: {answers: [Talks], within_purpose: true}, tools: {answers: [Tools], within_purpose: false}}
"""
SCENARIO = """scenario: 1
as_of: 2026-06-01
facts:
  has_sponsor: true
  sponsors: [{name: us, weight: 1}]
  needs:
    - {label: talks, cited_by: 10, satisfied: 50, within_purpose: true, serves: 1}
    - {label: tools, cited_by: 10, satisfied: 50, within_purpose: false, serves: 0}
"""


def survey(folder: Path) -> list[list[object]]:
    rows: list[list[object]] = [["teachers", 1, "Talks" if i < 30 else "Talks; Tools"] for i in range(40)]
    rows += [["heads", 7, "Tools"] for _ in range(12)]
    return [*rows, *(["Ann Example", 3, "Tools"] for _ in range(3))]


def test_a_survey_tells_groups_apart_and_leaves_out_a_handful(tmp_path: Path) -> None:
    found = export(tmp_path, "answers.csv", ["Role", "Years", "Needs"], survey(tmp_path))
    done = prepare([(found, mapping(SURVEY))], "case.yaml", SCENARIO, BOOK, TODAY)
    facts = yaml.safe_load(done.plan.text)["facts"]
    groups = {s["name"]: s for s in facts["segments"]}
    assert set(groups) == {"teachers", "heads"}
    assert "Ann" not in done.plan.text
    assert any("fewer than 5" in note for note in done.plan.notes)
    assert groups["teachers"]["level"] == "novice"
    assert groups["heads"]["level"] == "expert"
    # teachers: talks 40 of 40, tools 10 of 40 -> 100 / 125 of what they want serves us
    wide = groups["teachers"]["overlap"]
    value = wide if isinstance(wide, int) else sum(wide["between"]) / 2
    assert abs(value - 80) <= 12
    assert groups["heads"]["overlap"] in (
        0,
        {"between": [0, groups["heads"]["overlap"]["between"][1]]}
        if isinstance(groups["heads"]["overlap"], dict)
        else 0,
    )
    assert groups["heads"]["count"] == "unknown"  # who answered is not who belongs


def test_a_register_gives_members_leavers_activity_and_groups(tmp_path: Path) -> None:
    rows: list[list[object]] = []
    for i in range(50):
        left = "2026-02-01" if i < 5 else ""
        rows.append(
            [
                f"m{i}",
                "2020-01-01",
                left,
                "north" if i < 30 else "south",
                "expert" if i < 30 else "novice",
                "2026-05-20" if i % 2 else "2025-01-01",
                "yes" if i > 45 else "",
            ]
        )
    rows += [[f"n{i}", "2026-05-01", "", "tiny", "novice", "2026-05-02", ""] for i in range(3)]
    heads = ["member_id", "joined", "left", "segment", "level", "last_active", "is_core"]
    found = export(tmp_path, "register.csv", heads, rows)
    from sharedvalue.engine.evidence.built_in import built_in

    known = built_in(found)
    assert known is not None
    done = prepare(
        [(found, known)],
        "case.yaml",
        "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n",
        BOOK,
        TODAY,
    )
    facts = yaml.safe_load(done.plan.text)["facts"]
    members = [r for r in rows if not r[2]]
    seen = sum(str(r[5]) >= "2026-03-03" for r in members)
    assert facts["members_total"] == len(members) == 48
    assert facts["leave_rate_12m"] == 10  # 5 of the 50 of a year ago
    assert facts["active_share_90d"] == round(100 * seen / len(members))
    assert facts["core_group_size"] == 4
    groups = {s["name"]: s for s in facts["segments"]}
    assert {n: (g["count"], g["level"]) for n, g in groups.items()} == {
        "north": (25, "expert"),
        "south": (20, "novice"),
    }
    assert "m12" not in done.plan.text


def test_days_of_a_register_after_its_date_are_told(tmp_path: Path) -> None:
    rows = [["a1", "2020-01-01", "2031-01-01"], ["a2", "2020-01-01", ""]]
    found = export(tmp_path, "register.csv", ["member_id", "joined", "left"], rows)
    use = mapping("mapping: 1\ncolumns: [{column: joined, role: joined}, {column: left, role: left}]")
    with pytest.raises(UserError) as error:
        read_register(found, use, TODAY)
    assert error.value.problems[0].code == "SV454"
