"""The drawn map: nothing leaves the picture, every region has its letter and words, and the page says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.graph.fonts import width
from sharedvalue.engine.graph.map_html import map_page
from sharedvalue.engine.graph.map_labels import free_rectangles
from sharedvalue.engine.graph.map_parts import Map, MapAxis, MapBorder, MapRegion
from sharedvalue.engine.graph.map_svg import WIDE, picture, ticks
from sharedvalue.engine.graph.map_write import check_map, write_map

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("x")</script> & "quoted" ' + "long " * 40


def region(
    letter: str, area: tuple[int, int, int, int], heading: str = "Keep course", kind: str = "answer"
) -> MapRegion:
    return MapRegion(
        letter, heading, "as it is", "Z01", "25 % of the points", "green", "ahead", (area,), kind, "somewhere"
    )


def drawn(heading: str = "Keep course", bands: bool = False) -> Map:
    y = (
        MapAxis("stance", "", 2, bands=("fixed", "negotiable"))
        if bands
        else MapAxis("openness", "points of 100", 101)
    )
    top = y.count - 1
    half = top // 2
    return Map(
        f"Which answer where: {heading}",
        "A case. All other facts stay as they are.",
        MapAxis("overlap", "points of 100", 101),
        y,
        (
            region("A", (0, 49, 0, top), heading),
            region("B", (50, 100, half + 1, top), "Shift the focus"),
            region("C", (50, 99, 0, half), "", "cannot_be"),
            region("D", (100, 100, 0, half), "Not looked at", "not_covered"),
        ),
        (
            MapBorder((("x", 50, 0, top),), "50", "overlap_strong 50*", "A and B", "overlap 50"),
            MapBorder(
                (("x", 52, 0, top),), "52", "another_threshold_with_a_long_name 52*", "A and B", "overlap 52"
            ),
            MapBorder((("y", half + 1, 50, 100),), "51", "realign_open 51*", "B and C", "openness 51"),
        ),
        (80, 80, 0, 0),
        "You are here: overlap 80.",
        ("Exact.",),
        "Rule book 1",
    )


@pytest.mark.parametrize(
    "made", [drawn(), drawn(HOSTILE), drawn(bands=True)], ids=["plain", "hostile", "bands"]
)
def test_the_picture_is_sound_and_no_text_leaves_it(made: Map) -> None:
    root = ElementTree.fromstring(picture(made))
    high = float(root.attrib["height"])
    for one in root.iter(f"{SVG}text"):
        x, y, size = (float(one.attrib[k]) for k in ("x", "y", "font-size"))
        said = one.text or ""
        wide = width(said, size, "strong" in one.attrib.get("class", ""))
        start = x - {"middle": wide / 2, "end": wide}.get(one.attrib.get("text-anchor", ""), 0.0)
        if (x, y) != (0, 0):  # the title of the y axis is turned
            assert start >= 0, said
            assert start + wide <= WIDE + 1, said
            assert 0 < y < high, said
    assert not list(root.iter("script"))
    assert root.find(f"{SVG}title") is not None
    assert "A: " in (root.findtext(f"{SVG}desc") or "")


def test_the_words_of_borders_do_not_touch() -> None:
    root = ElementTree.fromstring(picture(drawn()))
    lines = [t for t in root.iter(f"{SVG}text") if (t.text or "").startswith("at 5")]
    boxes = [(float(t.attrib["x"]), float(t.attrib["y"]), width(t.text or "", 10.5)) for t in lines]
    for i, (x, y, wide) in enumerate(boxes):
        for ox, oy, other in boxes[:i]:
            assert x + wide <= ox or ox + other <= x or abs(y - oy) >= 11


def test_every_region_has_its_letter_in_a_place_of_its_own() -> None:
    made = drawn()
    for one, (left, top, right, low) in free_rectangles(made):
        a, b, c, d = one.rectangles[0]
        assert a / 101 - 0.011 <= left <= right <= (b + 1) / 101 + 0.011
        assert 1 - (d + 1) / 101 - 0.011 <= top <= low <= 1 - c / 101 + 0.011
    assert [one.letter for one, _ in free_rectangles(made)] == ["A", "B", "C", "D"]


def test_two_regions_of_one_colour_have_different_patterns() -> None:
    patterns = re.findall(r'<pattern id="map-\d"[^>]*>(.*?)</pattern>', picture(drawn()))
    assert len(patterns) == len(set(patterns)) == 4


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        (MapAxis("a", "", 101), ["0", "20", "40", "60", "80", "100"]),
        (MapAxis("a", "", 31, start=30), ["30", "35", "40", "45", "50", "55", "60"]),
        (MapAxis("a", "", 1001, start=0, step=0.001), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (MapAxis("a", "", 1, start=7), ["7"]),
        (MapAxis("a", "", 2, bands=("no", "yes")), ["no", "yes"]),
        (MapAxis("a", "", 3001), ["0", "500", "1,000", "1,500", "2,000", "2,500", "3,000"]),
    ],
)
def test_ticks_are_round_numbers(axis: MapAxis, said: list[str]) -> None:
    assert [axis.said(place) for place in ticks(axis)] == said


def test_the_page_loads_nothing_escapes_everything_and_has_the_tables() -> None:
    page = map_page(drawn(HOSTILE))
    assert "<script>alert" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert page.count("<tr>") == 2 + 4 + 3
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)[0])
    assert [r["areas"] for r in data["regions"]] == [[list(r.rectangles[0])] for r in drawn().regions]
    assert data["x"]["count"] == 101


def test_a_map_is_written_as_its_suffix_says(tmp_path: Path) -> None:
    for suffix, start in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".html", b"<!doctype html>")):
        write_map(drawn(), tmp_path / f"map{suffix}")
        assert (tmp_path / f"map{suffix}").read_bytes().startswith(start)
    for name, code in (("map.pdf", "SV120"), ("map", "SV120"), ("nowhere/map.svg", "SV121")):
        with pytest.raises(UserError) as caught:
            check_map(tmp_path / name)
        assert caught.value.problems[0].code == code
