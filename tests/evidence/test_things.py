"""A table of no known tool that lists pages, questions or events: a person says what its columns are, and needs are proposed from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from sharedvalue.cli.import_things import ask_things
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import lists_things
from sharedvalue.engine.evidence.mapping import Mapping
from sharedvalue.engine.evidence.proposals import proposals
from sharedvalue.engine.evidence.resonance import resonance
from tests.evidence.exports_here import BOOK, export

EVENTS = [
    ["Grant proposal workshop", "2026-01-10", 40, 31],
    ["Grant proposal clinic", "2026-02-10", 30, 22],
    ["Mentor evening", "2026-03-10", 20, 12],
]


def asked(found: Export, *typed: str) -> Mapping | None:
    rest = iter(typed)

    def prompt(
        _: str, default: str | None = None, *, value_proc: Callable[[str], object], **__: object
    ) -> object:
        return value_proc(next(rest) or default or "")

    with patch("click.prompt", prompt), patch("click.echo"):
        return ask_things(found, "made.yaml")


def events(folder: Path) -> Export:
    return export(folder, "events.csv", ["Event", "Date", "Registered", "Attended"], EVENTS)


def test_a_list_of_events_yields_needs_to_name(tmp_path: Path) -> None:
    found = events(tmp_path)
    made = asked(found, "5", "", "2")
    assert made is not None
    assert (made.source, [(u.role, u.column) for u in made.columns]) == (
        "attendance",
        [("item", "Event"), ("times", "Attended")],
    )
    met = resonance(found, made, [], {}, dt.date(2026, 6, 1), BOOK) if made.date else None
    assert met is None  # no file says up to which day it counts; a person does
    met = resonance(
        found, Mapping("m", "", made.source, made.columns, "2026-04-30"), [], {}, dt.date(2026, 6, 1), BOOK
    )
    assert {(p.words, p.times) for p in proposals(met.items)} == {
        ("Grant proposal", 53),
        ("Mentor evening", 12),
    }
    assert [item.full for item in met.items] == [31, 22, 12]  # an event that is over draws no more people


@pytest.mark.parametrize("typed", [("1",), ("2", "-")])
def test_where_rows_are_answers_or_nothing_is_listed_the_other_questions_follow(
    typed: tuple[str, ...], tmp_path: Path
) -> None:
    assert asked(events(tmp_path), *typed, "-", "-") is None


def test_a_survey_is_not_taken_for_a_list(tmp_path: Path) -> None:
    rows = [[i % 5, "Advice" if i % 2 else "Events", 1 + i % 5] for i in range(20)]
    found = export(tmp_path, "a.csv", ["Team", "What do you need?", "How useful?"], rows)
    assert not lists_things(found)
    assert asked(found) is None
