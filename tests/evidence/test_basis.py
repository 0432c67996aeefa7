"""What a fact is said to be, where it is not known."""

from __future__ import annotations

import pytest

from sharedvalue.engine.evidence.basis import basis
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{one_of: [20, 50]}", "20 or 50"),  # 35 is not meant
        ("{one_of: [20, 50, 80]}", "20, 50 or 80"),
        ("{one_of: [10, 20, 30, 40, 50, 60]}", "10 to 60"),
        ("{between: [20, 50]}", "20 to 50"),
        ("35", "35"),
    ],
)
def test_listed_values_are_named_and_ranges_are_ranges(written: str, said: str) -> None:
    book = load()
    text = f"scenario: 1\ntitle: Said\nfacts:\n  has_sponsor: true\n  sponsor_value_now: {written}\n"
    found = basis(form(book, read_scenario(parse(text, "said.yaml"), book, "said.yaml")))
    assert [f.said for f in found.facts if f.name == "sponsor_value_now"] == [said]
