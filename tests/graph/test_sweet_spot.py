"""The sweet spot: areas in proportion (counted in pixels), lines where they belong, what is not known drawn as that, and words."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.graph.circles import APART, distance, filled, lens, level, segment, shared
from sharedvalue.engine.graph.png import png
from sharedvalue.engine.graph.sweet_spot import SweetSpot, sweet_spot
from sharedvalue.engine.graph.sweet_spot_svg import bridge, css, dark_css, panel, small, whole
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import scenarios_folder
from sharedvalue.engine.language.scenario import load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form

SIDE, RADIUS = 400, 90
SHARES = [0.01, 0.15, 0.4, 0.5, 0.6, 0.85, 0.99]


def decided(**facts: object) -> Decision:
    given = {"has_sponsor": "true", "sponsors_conflict": "false", **facts}
    lines = "".join(f"  {name}: {value}\n" for name, value in given.items())
    book = load()
    text = f"scenario: 1\ntitle: Drawn\nfacts:\n{lines}"
    return decide(form(book, read_scenario(parse(text, "drawn.yaml"), book, "drawn.yaml")))


def drawn(**facts: object) -> SweetSpot:
    found = sweet_spot(decided(**facts))
    assert found is not None
    return found


def colours(svg: str) -> Counter[tuple[int, int, int]]:
    """How many pixels of each colour a picture has."""
    data, at, packed, wide = png(svg, 1.0), 8, b"", 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            wide, depth, colour = struct.unpack(">I", body[:4])[0], body[8], body[9]
            assert (depth, colour) == (8, 6)
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    raw, found, before = zlib.decompress(packed), Counter[tuple[int, int, int]](), bytes(4 * wide)
    for start in range(0, len(raw), 4 * wide + 1):
        line = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + 4 * wide]), before)
        found.update((line[i], line[i + 1], line[i + 2]) for i in range(0, len(line), 4))
        before = line
    return found


def unfiltered(kind: int, line: bytearray, before: bytes) -> bytes:
    for i in range(len(line)):
        left, up, corner = (line[i - 4] if i > 3 else 0), before[i], (before[i - 4] if i > 3 else 0)
        if kind == 4:
            guess = left + up - corner
            near = min((left, up, corner), key=lambda one: abs(guess - one))
        else:
            near = (0, left, up, (left + up) // 2)[kind]
        line[i] = (line[i] + near) % 256
    return bytes(line)


def picture(*paths: str) -> str:
    size = f'viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" role="img"'
    body = "".join(
        f'<path d="{d}" fill="{fill}"/>' for d, fill in zip(paths, ("#ff0000", "#0000ff"), strict=False)
    )
    paper = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} shape-rendering="crispEdges">{paper}{body}</svg>'


@pytest.mark.parametrize("share", SHARES)
def test_a_circle_is_filled_by_its_share_of_pixels(share: float) -> None:
    count = colours(
        picture(segment(SIDE / 2, SIDE / 2, RADIUS, 1), segment(SIDE / 2, SIDE / 2, RADIUS, share))
    )
    red, blue = count[255, 0, 0], count[0, 0, 255]
    assert blue / (red + blue) == pytest.approx(share, abs=0.012)


@pytest.mark.parametrize("share", SHARES)
def test_two_circles_share_their_share_of_pixels(share: float) -> None:
    circle = colours(picture(segment(SIDE / 2, SIDE / 2, RADIUS, 1)))[255, 0, 0]
    both = colours(picture(lens(SIDE / 2, SIDE / 2, RADIUS, share)))[255, 0, 0]
    assert both / circle == pytest.approx(share, abs=0.012)


@given(st.floats(0, 1))
def test_level_and_distance_are_found_exactly(share: float) -> None:
    assert filled(level(share)) == pytest.approx(share, abs=1e-9)
    if share > 0:
        assert shared(distance(share)) == pytest.approx(share, abs=1e-9)


def test_nothing_shared_is_a_gap_and_all_is_one_circle() -> None:
    assert distance(0) == APART > 2
    assert distance(1) == pytest.approx(0, abs=1e-6)
    assert level(0) == pytest.approx(0, abs=1e-9)
    assert level(1) == pytest.approx(2, abs=1e-4)


VALUES = {"member_value_now": 60, "member_value_outlook": 59, "sponsor_value_now": 40, "sponsor_value_outlook": 39,
          "overlap_short": 25, "overlap_long": 24, "contribution": 50}  # fmt: skip


def test_the_words_change_at_the_lines_of_the_rule_book() -> None:
    now, ahead = drawn(**VALUES).moments
    assert now.sponsor is not None
    assert now.overlap is not None
    assert ahead.sponsor is not None
    assert ahead.overlap is not None
    assert [r.words for r in (now.members, now.sponsor, now.overlap)] == [
        "60, met",
        "40, partly",
        "25, partial",
    ]
    assert [r.words for r in (ahead.members, ahead.sponsor, ahead.overlap)] == [
        "59, partly",
        "39, unmet",
        "24, none",
    ]


def test_the_lines_are_those_of_a_house() -> None:
    book = load()
    lines = drawn(**VALUES).moments[0].members.lines
    assert list(lines) == [book.thresholds["value_unmet"].value / 10, book.thresholds["value_met"].value / 10]


def test_a_range_is_drawn_as_sure_and_perhaps_and_what_is_not_known_as_a_dashed_rim() -> None:
    values = {**VALUES, "sponsor_value_now": "{between: [20, 50]}"}
    del values["member_value_now"], values["overlap_short"]
    now = drawn(**values).moments[0]
    assert now.sponsor is not None
    assert now.sponsor.words == "20 to 50, unmet or partly"
    told = panel(now)
    assert "s damp" in told
    assert "rim m-rim unknown" in told
    assert ">?</text>" in told
    assert ">Members</text>" in told
    assert ">not known</text>" in told
    assert now.text.count("not known") == 2


def test_without_a_sponsor_there_is_one_circle_and_no_bridge() -> None:
    found = drawn(has_sponsor="false", member_value_now=70, member_value_outlook=65)
    assert found.bridge is None
    assert panel(found.moments[0]).count("<circle") == 2  # the shape and its rim
    assert "Sponsor" not in panel(found.moments[0])


def test_the_table_says_what_the_picture_says() -> None:
    found = drawn(**VALUES)
    assert [row[1:3] for row in found.rows] == [
        ("60, met", "59, partly"), ("40, partly", "39, unmet"), ("25, partial", "24, none"), ("50, substantial", ""),
    ]  # fmt: skip
    assert found.rows[0][-1] == "met from 60*, partly from 40*"


def test_the_deck_of_the_bridge_is_as_long_as_its_share() -> None:
    found = drawn(**VALUES)
    assert found.bridge is not None
    gap = re.search(r'class="gap" d="M([\d.]+) [\d.]+H([\d.]+)"', bridge(found.bridge))
    deck = re.search(r'class="deck" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', bridge(found.bridge))
    assert gap is not None
    assert deck is not None
    assert float(deck[2]) / (float(gap[2]) - float(gap[1])) == pytest.approx(0.5, abs=0.005)


def test_a_picture_tells_in_words_and_draws_twice_alike() -> None:
    found = drawn(**VALUES)
    made = whole(found, 'A & B "C"')
    assert 'aria-label="A &amp; B &quot;C&quot;. Now. What members value: 60, met.' in made
    assert made == whole(found, 'A & B "C"')
    assert small(found.moments[0]).count("<text") == 0
    assert css() in made
    assert "html .spot" in dark_css()


def test_the_picture_of_the_readme_is_what_is_drawn_today() -> None:
    book = load()
    case = decide(form(book, load_scenario(scenarios_folder() / "neophytes-and-experts.yaml", book)))
    found = sweet_spot(case)
    assert found is not None
    image = Path(__file__).parents[2] / "docs" / "images" / "sweet-spot.svg"
    assert image.read_text("utf-8") == whole(found, case.worlds.scenario.title) + "\n"
