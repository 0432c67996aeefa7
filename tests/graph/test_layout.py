"""Nothing is cut off, nothing lies on anything else, whoever places it."""

from __future__ import annotations

import os
import shutil
import sys
from itertools import combinations
from pathlib import Path

import pytest

from sharedvalue.engine.graph import layout as placing
from sharedvalue.engine.graph.card import SIZE, SMALL, card
from sharedvalue.engine.graph.fonts import width, wrap
from sharedvalue.engine.graph.layout import Layout, layout
from tests.graph.cases import EXPERTS, NAMES, drawn, hostile


def overlapping(placed: Layout) -> list[tuple[str, str]]:
    found = []
    for one, other in combinations(placed.places, 2):
        (x1, y1), (x2, y2) = placed.places[one], placed.places[other]
        apart_x = abs(x1 - x2) >= (placed.cards[one].width + placed.cards[other].width) / 2
        apart_y = abs(y1 - y2) >= (placed.cards[one].height + placed.cards[other].height) / 2
        if not (apart_x or apart_y):
            found.append((one, other))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_cards_lie_apart_and_inside_the_picture(name: str) -> None:
    placed = layout(drawn(name))
    assert placed.by in ("graphviz-pure", "layers")
    assert set(placed.curves) == set(drawn(name).edges)
    assert not overlapping(placed)
    for node, (x, y) in placed.places.items():
        assert x - placed.cards[node].width / 2 >= -1
        assert x + placed.cards[node].width / 2 <= placed.width + 1
        assert y - placed.cards[node].height / 2 >= -1
        assert y + placed.cards[node].height / 2 <= placed.height + 1


@pytest.mark.parametrize("name", NAMES)
def test_causes_stand_left_of_their_consequences(name: str) -> None:
    placed = layout(drawn(name))
    assert all(placed.places[a][0] < placed.places[b][0] for a, b in placed.curves)


@pytest.mark.parametrize("name", [EXPERTS, "silent-drift"])
def test_without_graphviz_plain_layers_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "PROGRAM", "no-such-wheel")
    placed = layout(drawn(name))
    assert placed.by == "layers"
    assert not overlapping(placed)
    assert all(placed.places[a][0] < placed.places[b][0] for a, b in placed.curves)


@pytest.mark.parametrize("program", ["true", "false", "/no/such/program"])
def test_a_graphviz_that_fails_is_done_without(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "_program", lambda: program)
    assert layout(drawn(EXPERTS)).by == "layers"


@pytest.mark.skipif(sys.platform == "win32", reason="a script without a suffix is no program there")
def test_what_happens_to_be_on_the_path_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dot", "graphviz-pure"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch '{tmp_path}/was-run'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert shutil.which("dot") == str(tmp_path / "dot")
    layout(drawn(EXPERTS))
    monkeypatch.setattr(placing, "PROGRAM", "no-such-wheel")
    layout(drawn(EXPERTS))
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("name", [*NAMES, "hostile"])
def test_every_line_fits_its_card(name: str) -> None:
    graph = hostile() if name == "hostile" else drawn(name)
    for _, told in graph.nodes(data=True):
        one = card(told)
        for line in one.lines:
            assert one.left + width(line.text, SIZE, line.bold) <= one.width - 4, line
        for words in one.heading:
            assert one.left + 20 + width(words, SMALL, True) <= one.width - 4, words


def test_lines_break_at_spaces_and_long_words_break_where_they_must() -> None:
    assert wrap("one two three", 12, width("one two", 12) + 1) == ["one two", "three"]
    assert "".join(wrap("W" * 100, 12, 60)) == "W" * 100
    assert all(width(line, 12) <= 60 for line in wrap("W" * 100, 12, 60))
    assert width("i", 12) < width("W", 12) < width("漢", 12) + 1
