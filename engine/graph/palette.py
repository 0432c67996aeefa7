"""Every colour of pictures and page, light and dark, in one place; told apart by the colour-blind, and never the only sign.

The colours of outcomes are tints of the palette of Okabe and Ito. Each has a strong tone, for lines and words on paper, and
a soft one, to stand behind words. Members and sponsor have colours that no outcome has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tones:
    """One theme: ink on paper, and named colours as (strong, soft)."""

    ink: str
    quiet: str
    paper: str
    soft: str
    line: str
    edge: str
    colours: Mapping[str, tuple[str, str]]


LIGHT = Tones(
    ink="#1b1f24",
    quiet="#4a5159",
    paper="#ffffff",
    soft="#f4f6f8",
    line="#cdd4da",
    edge="#5d6670",
    colours={
        "green": ("#00694b", "#dff2ea"),
        "blue": ("#0a5f96", "#e0eff9"),
        "orange": ("#a33a0a", "#fbe7df"),
        "yellow": ("#6f5d00", "#fbf3cc"),
        "grey": ("#3c4046", "#e6e8eb"),
        "violet": ("#8c3f70", "#f6e3ee"),
        "members": ("#5b45a8", "#ece8f8"),
        "sponsor": ("#0b6f7b", "#dff0f2"),
    },
)
DARK = Tones(
    ink="#eef1f4",
    quiet="#bfc6ce",
    paper="#16191d",
    soft="#20252b",
    line="#3e464e",
    edge="#9aa3ad",
    colours={
        "green": ("#62cfa8", "#0f3027"),
        "blue": ("#7cc0ee", "#122f45"),
        "orange": ("#f3a184", "#3d1d11"),
        "yellow": ("#e3cf5c", "#2f2a0c"),
        "grey": ("#c3c8ce", "#2c3036"),
        "violet": ("#e7a3cb", "#371f2e"),
        "members": ("#b9a9f2", "#2a2342"),
        "sponsor": ("#66c9d4", "#0f3136"),
    },
)
