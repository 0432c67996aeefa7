"""Editing a scenario in place: what changes is what was asked for, and every other byte stays."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.language.scenario_edit import Changes, Value, edited
from sharedvalue.engine.language.scenario_file import read_text, save

BOOK = load()
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))
TEXTS = {path.stem: path.read_text("utf-8") for path in SCENARIOS}


def plain(text: str) -> Any:
    """The text as PyYAML reads it, every scalar left as a text: another reader than the one that is edited with."""
    return yaml.load(text, yaml.BaseLoader)


def lines_touched(old: str, new: str) -> tuple[list[str], list[str]]:
    found = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return [d[2:] for d in found if d.startswith("- ")], [d[2:] for d in found if d.startswith("+ ")]


@given(st.data())
def test_any_fact_of_any_scenario_can_be_set_and_only_it_changes(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    before = plain(text)
    fact: str = data.draw(
        st.sampled_from([*before["facts"], "active_share_90d", "leave_rate_12m", "alternative_home"])
    )
    values: list[Value] = [0, 57, "unknown", True, {"between": [20, 50]}, {"value": 60, "confidence": "low"}]
    value = data.draw(st.sampled_from(values))
    after = edited(text, Changes(set={fact: value}), BOOK)
    wanted = {**before, "facts": {**before["facts"], fact: plain(yaml.safe_dump(value))}}
    assert plain(after) == wanted
    if not isinstance(before["facts"].get(fact), list):
        removed, added = lines_touched(text, after)
        assert len(removed) <= 1 + str(before["facts"].get(fact)).count(" ")
        assert len(added) <= 1


@given(st.data())
def test_any_record_field_can_be_set_and_comments_stay(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    before = plain(text)
    choices = [
        (listed, record[key], name)
        for listed, key, names in (
            ("needs", "label", ("cited_by", "satisfied")),
            ("segments", "name", ("count", "overlap")),
            ("sponsors", "name", ("weight",)),
        )
        for record in (before["facts"].get(listed) or [])
        if isinstance(record, dict)
        for name in names
    ]
    if not choices:
        return
    listed, key, name = data.draw(st.sampled_from(choices))
    after = plain(edited(text, Changes(set={(listed, key, name): 41}), BOOK))
    for old, new in zip(before["facts"][listed], after["facts"][listed], strict=True):
        mine = key in (old.get("label"), old.get("name"))
        assert new == ({**old, name: "41"} if mine else old)
    comments = [line.split(" #", 1)[1] for line in text.splitlines() if " #" in line]
    assert all(comment in edited(text, Changes(set={(listed, key, name): 41}), BOOK) for comment in comments)


@given(st.sampled_from(sorted(TEXTS)), st.integers(1, 3))
def test_evidence_is_appended_below_what_is_there(name: str, count: int) -> None:
    text = TEXTS[name]
    items = [
        {"fact": "member_value_now", "source": "survey", "date": f"2022-01-0{i + 1}"} for i in range(count)
    ]
    after = edited(text, Changes(append={"evidence": items}, notes={("evidence", "+0"): "column 4"}), BOOK)
    before = plain(text)
    assert plain(after) == {**before, "evidence": [*(before.get("evidence") or []), *items]}
    assert "# column 4" in after
    removed, _ = lines_touched(text, after)
    assert removed in ([], ["evidence: []"])


@given(st.data())
def test_what_was_set_anew_and_is_removed_leaves_the_text_as_it_was(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    fact = data.draw(
        st.sampled_from(["active_share_90d", "leave_rate_12m", "alternative_home", "cross_level_exchange"])
    )
    if fact in plain(text)["facts"]:
        return
    there = edited(text, Changes(set={fact: 12}), BOOK)
    assert edited(there, Changes(remove=[fact]), BOOK) == text


@given(st.data())
def test_any_fact_can_be_removed(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    before = plain(text)
    fact = data.draw(st.sampled_from(list(before["facts"])))
    after = plain(edited(text, Changes(remove=[fact]), BOOK))
    assert after == {**before, "facts": {k: v for k, v in before["facts"].items() if k != fact}}


@pytest.mark.parametrize(
    "text",
    [
        "scenario: 1\nfacts: {has_sponsor: true}\n",
        "scenario: 1\nfacts: {has_sponsor: true,}   # all\nevidence: []   # none yet\n",
        "scenario: 1\r\nfacts:\r\n  has_sponsor: true\r\nevidence: []\r\n",
        "scenario: 1\nfacts:\n  has_sponsor: true",
        "scenario: 1\nevidence:\nfacts:\n  has_sponsor: true\n  member_value_now:\n",
        '{"scenario": 1, "facts": {"has_sponsor": true}}',
        "scenario: 1\nfacts:\n  has_sponsor: true\n  original_purpose: >-\n    one\n    two\n\n# end\n",
        "scenario: 1\nfacts:\n  has_sponsor: true\n  segments:\n  - name: a\n    count: 3   # three\n\n  - {name: b,\n     count: 4}\n",
    ],
)
def test_every_way_of_writing_a_file_is_met(text: str) -> None:
    item = {
        "fact": "member_value_now",
        "source": "survey",
        "date": "2022-01-01",
        "column": 'a "quoted": {one}, #2',
    }
    changes = Changes(
        set={"member_value_now": {"between": [20, 50]}, "as_of": "2022-03-01"},
        append={"evidence": [item], "segments": [{"name": "c: ü", "count": 5}]},
        notes={"member_value_now": "of 9\nanswers"},
    )
    after = edited(text, changes, BOOK)
    found, before = plain(after), plain(text)
    assert found["facts"]["member_value_now"] == {"between": ["20", "50"]}
    assert found["evidence"] == [item]
    assert found["as_of"] == "2022-03-01"
    assert found["facts"]["segments"] == [
        *(before["facts"].get("segments") or []),
        {"name": "c: ü", "count": "5"},
    ]
    assert found["facts"]["has_sponsor"] == "true"
    if text.startswith("{"):
        json.loads(after)
    assert after.count("\r\n") == after.count("\n") or "\r" not in after
    assert "# end" in after or "# end" not in text


def test_a_persons_comment_stays_and_ours_is_replaced() -> None:
    text = "scenario: 1\nfacts:\n  has_sponsor: true\n  member_value_now: 60   # my guess\n"
    once = edited(text, Changes(set={"member_value_now": 61}, notes={"member_value_now": "61 of 100"}), BOOK)
    twice = edited(once, Changes(set={"member_value_now": 62}, notes={"member_value_now": "31 of 50"}), BOOK)
    assert "# my guess" in twice
    assert "# import: 31 of 50" in twice
    assert "61 of 100" not in twice


def test_unknown_names_are_told_with_the_nearest_one() -> None:
    text = "scenario: 1\nfacts:\n  has_sponsor: true\n"
    with pytest.raises(UserError) as error:
        edited(text, Changes(set={"member_valu_now": 1}), BOOK)
    assert error.value.problems[0].code == "SV204"
    assert "member_value_now" in error.value.problems[0].mend
    with pytest.raises(UserError) as error:
        edited(text, Changes(set={("segments", "experts", "count"): 1}), BOOK)
    assert error.value.problems[0].code == "SV204"


def test_a_file_is_replaced_whole_and_the_former_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbfscenario: 1\r\nfacts:\r\n  has_sponsor: true\r\n")
    before = read_text(path)
    after = edited(before, Changes(set={"member_value_now": 60}), BOOK)
    kept = save(path, before, after)
    assert (
        path.read_bytes()
        == b"\xef\xbb\xbfscenario: 1\r\nfacts:\r\n  has_sponsor: true\r\n  member_value_now: 60\r\n"
    )
    assert kept.read_bytes() == b"\xef\xbb\xbfscenario: 1\r\nfacts:\r\n  has_sponsor: true\r\n"
    assert load_scenario(path, BOOK).stated["member_value_now"].values == (600,)


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("scenario: 1\nfacts:\n  has_sponsor: true\n")
    before = read_text(path)
    path.write_text("scenario: 1\nfacts:\n  has_sponsor: false\n")
    with pytest.raises(UserError) as error:
        save(path, before, edited(before, Changes(set={"member_value_now": 60}), BOOK))
    assert error.value.problems[0].code == "SV243"
    assert "false" in path.read_text()
