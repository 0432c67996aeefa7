"""Titles of posts name nobody: not who wrote in the same file, not who is in the register beside it, not who looks like a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.evidence.titles import Names, holds_a_name, without_names
from tests.cli.calling import call
from tests.evidence.exports_here import export
from tests.evidence.test_names import names

CASE = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n"
HEADS = ["topic_id", "title", "name", "category", "views", "posts_count", "created_at"]


def topics(folder: Path, titles: list[str], people: list[str]) -> Path:
    rows = [
        [i, title, name, "Practice", 400 - i, 3, "2026-03-04 10:00:00 UTC"]
        for i, (title, name) in enumerate(zip(titles, people, strict=True))
    ]
    return export(folder, "topics.csv", HEADS, rows).file


def test_no_name_of_those_who_wrote_is_in_any_output(tmp_path: Path) -> None:
    """Twenty of the two hundred, from every script, on their way through the command."""
    people = list(names()[::10])
    file = topics(tmp_path, [f"Thanks to {name}, and templates" for name in people], people)
    (tmp_path / "s.yaml").write_text(CASE, encoding="utf-8")
    kept = tmp_path / "m.yaml"
    done = call(
        "import", str(file), "--into", str(tmp_path / "s.yaml"), "--json", "--write-mapping", str(kept)
    )
    told = " ".join((done.out + done.err + kept.read_text(encoding="utf-8")).split())
    assert "templates" in told
    assert not [name for name in people if name in told]


def test_no_name_of_two_hundred_stays_in_a_title(tmp_path: Path) -> None:
    people = list(names())
    known = Names.of([export(tmp_path, "a.csv", ["Full name", "Team"], [[name, "A"] for name in people])])
    shown = without_names([f"Thanks to {name}, and templates" for name in people], known)
    assert {*shown} == {"Thanks to ..., and templates"}


def test_a_member_of_the_register_beside_it_is_named_in_no_title(tmp_path: Path) -> None:
    register = export(tmp_path, "r.csv", ["member_id", "Full name", "joined"],
                      [["1", "Zsuzsa Example-Kiss", "2024-01-01"], ["2", "Grant Ashworth", "2024-01-01"]])  # fmt: skip
    known = Names.of([register])
    titles = ["Zsuzsa asks for help", "How to write a grant?", "Grant proposals", "Ask Example-Kiss"]
    assert without_names(titles, known) == [
        "... asks for help",
        "How to write a grant?",
        "Grant proposals",
        "Ask ...",
    ]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Meeting with Amélie Mercier on templates", "Meeting with ... on templates"),
        ("A Guide For Grace Periods And Other Delays", "A Guide For Grace Periods And Other Delays"),
        ("Data protection for patient records", "Data protection for patient records"),
        ("Job offers in Paris", "Job offers in Paris"),
    ],
)
def test_who_looks_like_a_person_is_left_out(title: str, shown: str) -> None:
    assert without_names([title], Names()) == [shown]


def test_a_need_that_was_named_for_a_title_is_found_again(tmp_path: Path) -> None:
    file = topics(
        tmp_path,
        ["Thanks to Ada Example", "Templates", "Events"],
        ["Ada Example", "Bo Example", "Cy Example"],
    )
    (tmp_path / "s.yaml").write_text(CASE, encoding="utf-8")
    mapping = tmp_path / "m.yaml"
    into = ("import", str(file), "--into", str(tmp_path / "s.yaml"))
    call(*into, "--write-mapping", str(mapping))
    text = "\n".join(
        line for line in mapping.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    named = "    needs:\n      thanks: {answers: [Thanks to ...], within_purpose: true}\n"
    mapping.write_text(text.replace("role: item\n", f"role: item\n{named}", 1) + "\n", encoding="utf-8")
    told = " ".join(call(*into, "--mapping", str(mapping)).out.split())
    assert 'need "thanks"' in told
    assert "1 of 3 (33 %) match a named need" in told


def test_a_sentence_that_names_somebody_is_no_option(tmp_path: Path) -> None:
    """Though it came in more than once, as when a form is sent again."""
    said = ["Nothing"] * 12 + ["Shorter meetings"] * 10 + ["That Lucía Fernández leads it less"] * 3
    said += ["Call me on 612 345 678"] * 3 + ["More examples"] * 10 + ["Fewer mails"] * 10
    found = export(tmp_path, "a.csv", ["No", "What would you change?"], list(enumerate(said)))
    shown = [a.label for a in found.columns[1].answers]
    assert "Shorter meetings" in shown
    assert not [label for label in shown if "Lucía" in label or "612" in label]
    assert holds_a_name("That Lucía Fernández leads it less")
