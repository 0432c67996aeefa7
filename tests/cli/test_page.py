"""The page: folding, weights, and what goes first when it is too long."""

from __future__ import annotations

from sharedvalue.cli.tables import table
from sharedvalue.engine.telling.page import ALWAYS, Entry, Page, Section, fold, sentence


def page(*weights: int) -> Page:
    return Page((Section("HEAD", tuple(Entry(f"line {n}", weight=w) for n, w in enumerate(weights))),))


def test_lightest_goes_first_and_of_equals_the_last() -> None:
    assert page(5, 9, 5, 9).fitted(4).lines() == ["HEAD", " line 0", " line 1", " line 3"]


def test_what_is_never_dropped_stays_though_the_page_is_too_long() -> None:
    long = Page((Section("A", (Entry("one", weight=ALWAYS),)), Section("B", (Entry("two", weight=ALWAYS),))))
    assert long.fitted_lines(4) == ["A", " one", "B", " two"]


def test_section_without_entries_vanishes() -> None:
    assert Page((Section("A", ()), Section("B", (Entry("two"),)))).fitted(9).lines() == ["B", " two"]


def test_right_edge_is_kept() -> None:
    first, last = Entry("word " * 20, right="V11").lines(60)
    assert len(first) <= 55
    assert (len(last), last[-3:]) == (60, "V11")


def test_long_words_are_broken() -> None:
    assert max(map(len, fold("x" * 300, 80))) <= 80


def test_heading_beside_the_first_entry() -> None:
    assert Section("FIRM", (Entry("yes"), Entry("more")), beside=True).lines() == ["FIRM  yes", " more"]


def test_sentence_begins_and_ends_as_one() -> None:
    assert sentence("it holds") == "It holds."


def test_table_keeps_to_the_page() -> None:
    rows: list[list[object]] = [["a word " * 10, "another one " * 12, "x"], ["short", "", None]]
    lines = table(["First", "Second", "Third"], rows).splitlines()
    assert max(map(len, lines)) <= 80
    assert table(["First"], []) == "(none)"
