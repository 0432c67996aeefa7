"""The look of the page: one palette, in the pictures and in the sheet, with contrast enough in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedvalue.engine.graph.palette import DARK, LIGHT, Tones
from sharedvalue.engine.language.loading import load
from sharedvalue.web import words

SHEET = (Path(words.__file__).parent / "static" / "style.css").read_text("utf-8")
BLOCKS = re.findall(r":root \{(.*?)\}", SHEET, re.S)
THEMES = [pytest.param(BLOCKS[0], LIGHT, id="light"), pytest.param(BLOCKS[1], DARK, id="dark")]
TEXT, SIGNS = 4.5, 3.0  # WCAG 2.2, level AA


def values(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_counted_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("block", "tones"), THEMES)
def test_page_and_pictures_have_one_palette(block: str, tones: Tones) -> None:
    sheet = values(block)
    for name in ("ink", "quiet", "paper", "soft", "line", "edge"):
        assert sheet[name] == getattr(tones, name), name
    for name, (strong, soft) in tones.colours.items():
        assert (sheet[name], sheet[f"{name}-soft"]) == (strong, soft), name


@pytest.mark.parametrize(("block", "tones"), THEMES)
def test_words_stand_out_from_what_is_behind_them(block: str, tones: Tones) -> None:
    sheet = values(block)
    for behind in (tones.paper, tones.soft):
        for name in ("ink", "quiet", "link", "wrong"):
            assert contrast(sheet[name], behind) >= TEXT, (name, behind)
        assert contrast(tones.edge, behind) >= SIGNS
    for name, (strong, soft) in tones.colours.items():
        assert contrast(strong, tones.paper) >= TEXT, name
        assert contrast(strong, soft) >= TEXT, name
        assert contrast(tones.ink, soft) >= TEXT, name
    assert contrast(sheet["on-deep"], sheet["deep"]) >= TEXT


def test_no_colour_is_chosen_outside_the_first_block() -> None:
    without = re.sub(r":root \{.*?\}", "", SHEET, flags=re.S)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", without) == []


def test_every_outcome_has_a_colour_and_a_sign_of_its_own() -> None:
    outcomes = load().outcomes
    looks = [outcomes.look(name) for name in outcomes.outcomes]
    assert len({look.colour for look in looks}) == len({look.sign for look in looks}) == len(looks)
    assert not {look.colour for look in looks} & {"members", "sponsor"}
