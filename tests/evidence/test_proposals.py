"""Needs proposed from what resonates: words that stand in the titles, counted; named by a person; no number of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from sharedvalue.engine.evidence.proposals import proposals
from sharedvalue.engine.evidence.resonance import Item
from tests.cli.calling import call
from tests.evidence.test_import_whole import at_a_terminal

TOPICS = """topic_id,title,category,views,posts_count,like_count,created_at
12,Templates for a first meeting,Practice,940,18,7,2026-01-04 10:00:00 UTC
13,Who gives peer advice on budgets?,Practice,400,14,1,2026-05-04 10:00:00 UTC
14,Templates for budgets,Practice,300,4,1,2026-02-04 10:00:00 UTC
15,Peer advice on hiring,Practice,290,2,0,2025-02-04 10:00:00 UTC
16,New rooms,Practice,70,3,0,2026-05-06 10:00:00 UTC
"""
CASE = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  members_total: 60\n"


def item(label: str, times: int, need: str = "") -> Item:
    return Item(label, times, None, 0, float(times), None, need)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics.csv").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


def test_titles_are_put_together_by_the_words_that_most_of_their_visits_share() -> None:
    found = proposals([item("Templates for a first meeting", 940), item("Who gives peer advice on budgets?", 400),
                       item("Templates for budgets", 300), item("Peer advice on hiring", 290), item("New rooms", 70)])  # fmt: skip
    assert [(p.words, len(p.items), p.times) for p in found] == [
        ("Templates", 2, 1240),
        ("peer advice", 2, 690),
        ("New rooms", 1, 70),
    ]


def test_what_matches_a_need_is_not_proposed_again() -> None:
    assert [p.words for p in proposals([item("/peer-advice", 10, "peer advice"), item("/new-rooms", 5)])] == [
        "new rooms"
    ]


def test_words_of_any_script_are_put_together() -> None:
    found = proposals(
        [
            item("Шаблоны для встреч", 10),
            item("Шаблоны бюджетов", 5),
            item("同行建议", 3),
            item("طلب نماذج", 2),
        ]
    )
    assert next((p.words, p.times) for p in found) == ("Шаблоны", 15)
    assert all(any(word in title for title in p.items for word in p.words.split()) for p in found)


def test_every_visit_is_in_one_proposal_and_none_is_invented() -> None:
    items = [
        item(f"{a} {b} {i}", i)
        for i, (a, b) in enumerate(
            [("alpha", "beta"), ("beta", "gamma"), ("delta", "beta"), ("eps", "zeta")] * 2, 1
        )
    ]
    found = proposals(items)
    assert sum(p.times for p in found) == sum(i.times for i in items)
    assert sorted(label for p in found for label in p.items) == sorted(i.label for i in items)


def test_pages_alone_propose_needs(folder: Path) -> None:
    found = json.loads(
        call(
            "import", str(folder / "topics.csv"), "--into", str(folder / "s.yaml"), "--dry-run", "--json"
        ).out
    )
    assert [(p["words"], p["times"]) for p in found["proposed_needs"]] == [
        ("Templates", 1240),
        ("peer advice", 690),
        ("New rooms", 70),
    ]
    page = call("import", str(folder / "topics.csv"), "--into", str(folder / "s.yaml"), "--dry-run").out
    assert "WHAT MEMBERS MAY NEED" in page


def test_a_person_names_them_and_no_share_follows_from_naming(folder: Path) -> None:
    answers = ["forms to begin with", "y", "400", "40", "", "n", "", "-"]
    said = at_a_terminal(folder, ["import", "topics.csv", "--into", "s.yaml"], answers)
    facts = yaml.safe_load((folder / "s.yaml").read_text(encoding="utf-8"))
    assert [(n["label"], n["cited_by"], n["within_purpose"]) for n in facts["facts"]["needs"]] == [
        ("forms to begin with", {"value": 40, "confidence": "low"}, True), ("peer advice", "unknown", False),
    ]  # fmt: skip
    assert "from 0 to 100" in said
    assert "evidence" not in facts
    assert "no reading is written" in " ".join(said.split()), (
        "a judgement is no share of those who were asked"
    )


def test_a_file_of_proposals_is_named_and_taken(folder: Path) -> None:
    kept = folder / "m.yaml"
    call(
        "import",
        str(folder / "topics.csv"),
        "--into",
        str(folder / "s.yaml"),
        "--dry-run",
        "--write-mapping",
        str(kept),
    )
    text = kept.read_text(encoding="utf-8")
    block = [line[1:] for line in text.splitlines() if line.startswith(("#    needs:", "#      "))]
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    at = next(i for i, line in enumerate(lines) if "role: item" in line)
    kept.write_text("\n".join([*lines[: at + 1], *block[:2], *lines[at + 1 :]]) + "\n", encoding="utf-8")
    done = call(
        "import", str(folder / "topics.csv"), "--into", str(folder / "s.yaml"), "--mapping", str(kept)
    )
    assert done.code == 0, done.err
    facts = yaml.safe_load((folder / "s.yaml").read_text(encoding="utf-8"))["facts"]
    assert [n["label"] for n in facts["needs"]] == ["Templates"]


def test_a_need_that_a_survey_asked_for_still_counts(folder: Path) -> None:
    (folder / "s.yaml").write_text(
        CASE
        + "  needs:\n    - {label: peer advice, cited_by: 40, satisfied: unknown, within_purpose: true}\n",
        encoding="utf-8",
    )
    found = json.loads(
        call(
            "import", str(folder / "topics.csv"), "--into", str(folder / "s.yaml"), "--dry-run", "--json"
        ).out
    )
    assert [c["address"] for c in found["changes"]] == ["evidence[member_value_now]"]
