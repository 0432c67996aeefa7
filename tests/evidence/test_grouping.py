"""Free texts are put together by spelling alone, the file can be changed by hand, and no address is written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.grouping import (
    cleaned,
    grouping_text,
    labels,
    put_together,
    read_grouping,
    ungrouped,
    without_people,
)
from tests.evidence.exports_here import BOOK

TEXTS = Counter(
    {
        "Better docs": 3,
        "better docs!": 2,
        "docs, better": 1,
        "Bettr docs": 1,
        "Faster builds": 2,
        "write to ann@x.org or +49 170 1234567": 1,
    }
)


def test_texts_that_differ_in_spelling_or_order_stand_together() -> None:
    themes = put_together(TEXTS, BOOK)
    assert [(t.label, t.people) for t in themes[:2]] == [("Better docs", 7), ("Faster builds", 2)]
    assert set(themes[0].texts) == {"Better docs", "better docs!", "docs, better", "Bettr docs"}


def test_a_person_can_rename_join_and_set_aside_and_the_file_holds_no_address(tmp_path: Path) -> None:
    path = tmp_path / "needs.yaml"
    text = grouping_text(put_together(TEXTS, BOOK), "What do you need?")
    assert "ann@x.org" not in text
    assert "1234567" not in text
    assert "[left out]" in text
    assert labels(TEXTS, _read(path, text))["write to ann@x.org or +49 170 1234567"].startswith("write to")
    changed = text.replace("  Better docs:", "  documentation:").replace("  Faster builds:", "  no need:")
    found = labels(TEXTS, _read(path, changed))
    assert found["bettr docs"] == "documentation"
    assert "faster builds" not in found
    assert ungrouped(Counter({"Better docs": 1, "more tests": 2}), _read(path, changed)) == {"more tests": 2}


def _read(path: Path, text: str) -> dict[str, str]:
    path.write_text(text, "utf-8")
    return dict(read_grouping(path))


def test_a_text_under_two_labels_or_another_file_is_refused(tmp_path: Path) -> None:
    for text in ("grouping: 1\nthemes:\n  a: [x]\n  b: [X!]\n", "mapping: 1\n"):
        with pytest.raises(UserError) as error:
            _read(tmp_path / "g.yaml", text)
        assert error.value.problems[0].code == "SV458"


@given(st.dictionaries(st.text(max_size=30), st.integers(1, 9), max_size=25))
def test_every_text_stands_in_exactly_one_theme_and_nobody_is_lost(texts: dict[str, int]) -> None:
    counted = Counter(texts)
    themes = put_together(counted, BOOK)
    held = [text for theme in themes for text in theme.texts]
    meant = [text for text in texts if cleaned(text)]
    assert sorted(held) == sorted(meant)
    assert sum(theme.people for theme in themes) == sum(texts[text] for text in meant)
    assert put_together(counted, BOOK) == themes


@pytest.mark.parametrize(
    "text", ["mail me: a.b@c.example", "see https://x.example/me", "I am @someone there", "+1 (555) 010-9999"]
)
def test_addresses_are_left_out(text: str) -> None:
    assert "[left out]" in without_people(text)
    assert without_people("gcc @ 9.3 works on day 1") == "gcc @ 9.3 works on day 1"


def test_full_names_are_left_out_of_the_file_of_texts_and_are_matched_without() -> None:
    texts = Counter({"Merci à Marie Duvernoix pour les modèles": 2, "Des modèles": 3})
    written = grouping_text(put_together(texts, BOOK), "Besoins")
    assert "Marie" not in written
    assert "Duvernoix" not in written
    assert not ungrouped(texts, {cleaned(without_people(text)): "models" for text in texts})
