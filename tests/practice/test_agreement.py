"""Krippendorff's alpha against published values and its definition, of names and with how sure; sheets with both."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.practice.agreement import Label, against_book, agreement, alpha, shares
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.course import Course, label_of, load_sheet, sheet_text

BOOK = load()
NAMES = "abcde12345xy"


def names(units: Sequence[Sequence[str]]) -> float | None:
    return alpha([[shares(Label(one), NAMES) for one in unit] for unit in units])


def test_alpha_of_the_published_example_of_two_observers() -> None:
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), B: nominal data, two observers: 0.692."""
    one = ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"]
    two = ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"]
    assert names(list(zip(one, two, strict=True))) == pytest.approx(0.692, abs=0.0005)


def test_alpha_of_the_published_example_with_four_observers_and_gaps() -> None:
    """The same, C: nominal data, any number of observers, missing data: 0.743."""
    rows = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    units = [[v for v in column if v != "."] for column in zip(*(row.split() for row in rows), strict=True)]
    assert names(units) == pytest.approx(0.743, abs=0.0005)


def apart(one: Label, other: Label) -> Fraction:
    """Half the sum of squared differences of what each gives to every outcome, in the letters abc."""

    def share(label: Label, name: str) -> Fraction:
        assert label.sure is not None
        sure = Fraction(label.sure, 100)
        return sure if name == label.outcome else (1 - sure) / 2

    return sum((share(one, name) - share(other, name)) ** 2 for name in "abc") / Fraction(2)


def by_definition(units: list[list[Label]]) -> Fraction | None:
    """Alpha from its definition, pair by pair: 1 - disagreement within cases / disagreement between any two labels."""
    pairable = [unit for unit in units if len(unit) > 1]
    labels = [label for unit in pairable for label in unit]
    n = len(labels)
    within = sum(
        (apart(one, other) / (len(unit) - 1) for unit in pairable for one, other in permutations(unit, 2)),
        Fraction(0),
    )
    between = sum((apart(one, other) for one, other in permutations(labels, 2)), Fraction(0))
    return 1 - (within / n) / (between / (n * (n - 1))) if between else None


LABELS = st.builds(Label, st.sampled_from("abc"), st.sampled_from([0, 34, 70, 100]))


@given(st.lists(st.lists(LABELS, max_size=4), max_size=5))
def test_alpha_is_what_its_definition_says_pair_by_pair(units: list[list[Label]]) -> None:
    expected = by_definition(units)
    found = alpha([[shares(one, "abc") for one in unit] for unit in units])
    assert found == (None if expected is None else pytest.approx(float(expected), abs=1e-9))


def test_labels_that_are_certain_are_as_far_apart_as_names() -> None:
    assert apart(Label("a", 100), Label("b", 100)) == 1
    assert apart(Label("a", 100), Label("a", 100)) == 0
    assert apart(Label("a", 50), Label("b", 50)) < apart(Label("a", 90), Label("b", 90)) < 1


def test_alpha_is_one_where_all_agree_and_undefined_without_difference() -> None:
    assert names(["xx", "yy"]) == 1
    assert names(["xx", "xx"]) is None
    assert names(["x"]) is None


def test_the_interval_is_the_same_every_time_and_holds_the_value() -> None:
    labels = {
        "ana": {str(n): Label("xyxyxxyyxy"[n], 90) for n in range(10)},
        "ben": {str(n): Label("xyxyxyyyxx"[n], 60 if n < 6 else None) for n in range(10)},
    }
    first = agreement(labels, "xyz")
    assert first == agreement(labels, "xyz")
    for found, cases in ((first.names, 10), (first.sure, 6)):
        assert found.cases == cases  # of the second, those that two say how sure they are of
        assert found.interval is not None
        assert found.value is not None
        assert found.interval[0] <= found.value <= found.interval[1]
    few = agreement({"ana": {"1": Label("x")}, "ben": {"1": Label("x")}}, "xyz")
    assert few.few
    assert few.names.interval is None


def test_every_case_says_how_far_people_agree_on_it_and_the_most_against_the_book_comes_first() -> None:
    labels = {
        "ana": {"one": Label("x", 90), "two": Label("x")},
        "ben": {"one": Label("x", 70), "two": Label("y")},
        "chi": {"one": Label("y"), "two": Label("y")},
    }
    found = against_book(labels, {"one": "x", "two": "x"})
    assert [row.case for row in found] == ["two", "one"]
    assert [row.agreed for row in found] == pytest.approx([1 / 3, 1 / 3])
    assert [row.sure for row in found] == [None, 80]


def test_a_label_says_an_outcome_and_after_it_how_sure() -> None:
    for written in ("NOT_YET, 70 %", "not yet 70", "Not yet; 70%"):
        assert label_of(written, BOOK) == Label("NOT_YET", 70)
    assert label_of("not yet", BOOK) == Label("NOT_YET")
    assert label_of("1", BOOK) == Label(BOOK.outcome_names[0])
    for wrong in ("not yet 101", "perhaps 70", "70 %"):
        with pytest.raises(UserError):
            label_of(wrong, BOOK)


def test_a_sheet_reads_back_with_how_sure(tmp_path: Path) -> None:
    cases = Cases(BOOK)
    found = [cases.get(name) for name in ("silent-drift", "seed-keepers-kenya")]
    labels = {found[0].id: Label("NOT_YET", 70), found[1].id: Label("KEEP_COURSE")}
    path = tmp_path / "sheet.yaml"
    path.write_text(sheet_text(Course("First", ()), found, "Ana", labels), "utf-8")
    assert load_sheet(str(path), cases).labels == labels
