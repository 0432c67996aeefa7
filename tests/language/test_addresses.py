"""Whatever a record is called, its values can be addressed, and an address means one value or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.language.addresses import (
    Address,
    Name,
    addresses,
    fact_of,
    known_as,
    name_of,
    place_of,
    resolved,
    setting,
)

ENTRIES = {"needs.serves": "sponsors"}
NAMES = (
    st.text(st.sampled_from('ab []"=.²é '), min_size=1, max_size=8)
    .map(lambda n: " ".join(n.split()))
    .filter(bool)
)


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique_by=known_as),
    st.lists(NAMES, min_size=1, max_size=3, unique_by=known_as),
)
def test_every_record_can_be_addressed(needs: list[str], sponsors: list[str]) -> None:
    records = {"needs": needs, "sponsors": sponsors}
    for i, need in enumerate(needs):
        assert resolved(str(Address("needs", need, "cited_by")), records, ENTRIES) == Name(
            "needs", i, "cited_by"
        )
        for j, sponsor in enumerate(sponsors):
            written = str(Address("needs", need, "serves", sponsor))
            assert resolved(written, records, ENTRIES) == Name("needs", i, "serves", j), written
            assert setting(f"{written}=0.5") == (written, "=", "0.5")


@pytest.mark.parametrize(
    "written",
    [
        "segments[tier [1]].overlap",
        'segments["tier [1]"].overlap',
        "segments[ TIER  [1] ].overlap",
        "segments[1].overlap",
    ],
)
def test_ways_to_write_one_address(written: str) -> None:
    records = {"segments": ["novices", "tier [1]"]}
    assert resolved(written, records, {}) == Name("segments", 1, "overlap")


def test_a_name_comes_before_a_place() -> None:
    assert place_of("0", ["1", "0"]) == 1
    assert place_of("0", ["a", "b"]) == 0
    assert place_of("2", ["a", "b"]) is None
    assert place_of("²", ["a", "b", "c"]) is None, "a superscript digit is no place"
    assert place_of("٠", ["a"]) is None
    assert place_of("²", ["2", "²"]) == 1


def test_composed_letters_are_the_same_name() -> None:
    assert place_of("e\u0301cole", ["x", "\u00c9cole"]) == 1


@pytest.mark.parametrize(
    "written",
    [
        "segments[nobody].overlap",
        "segments[].overlap",
        "Segments[a].overlap",
        "needs[a].serves[x]",
        "segments[a]overlap",
        "",
    ],
)
def test_what_names_nothing(written: str) -> None:
    records = {"segments": ["a"], "needs": ["a"], "sponsors": ["s"]}
    assert resolved(written, records, ENTRIES) is None


def test_brackets_that_can_be_read_in_two_ways() -> None:
    text = "needs[a].serves[b].serves[c]"
    assert len(list(addresses(text))) > 1
    assert resolved(text, {"needs": ["a].serves[b"], "sponsors": ["c"]}, ENTRIES) == Name(
        "needs", 0, "serves", 0
    )
    assert resolved(text, {"needs": ["a"], "sponsors": ["b].serves[c"]}, ENTRIES) == Name(
        "needs", 0, "serves", 0
    )


@pytest.mark.parametrize(
    ("written", "address", "value"),
    [
        ("contribution=40", "contribution", "40"),
        (" contribution = 40 ", "contribution", "40"),
        ("sponsors[A = b].contribution=25", "sponsors[A = b].contribution", "25"),
        ('segments["a]=""b"].overlap=1..2', 'segments["a]=""b"].overlap', "1..2"),
        ("no name=at all=here", "no name", "at all=here"),
    ],
)
def test_an_equals_sign_within_a_name(written: str, address: str, value: str) -> None:
    assert setting(written) == (address, "=", value)
    assert setting(address)[1:] == ("", "") or "=" in address


def test_parts_of_a_name() -> None:
    assert name_of("needs[0].serves[1]") == Name("needs", 0, "serves", 1)
    assert str(name_of("segments[2].overlap")) == "segments[2].overlap"
    assert name_of("qualifies(segments[0])") is None
    assert fact_of("segments[2].overlap") == fact_of('segments["x"].overlap') == "segments"
    assert fact_of("qualifies(segments[0])") == "qualifies(segments[0])"
