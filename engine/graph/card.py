"""A node as a card: its lines of text, how large it is, and the outline that belongs to its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharedvalue.engine.graph.fonts import wrap
from sharedvalue.engine.graph.parts import KINDS, heading, short

SIZE, SMALL = 12.0, 9.5
LEADING, SMALL_LEADING = 15.5, 12.0
BADGE = 15.0
PAD = 9.0
TEXT_WIDTH = {"decision": 160.0, "candidate": 150.0, "claim": 150.0, "rule": 150.0, "conclusion": 142.0}
USUAL_WIDTH = 130.0
# What an outline takes away on the left and on the right.
INSET: Mapping[str, tuple[float, float]] = {
    "measure": (8, 8),
    "fork": (12, 12),
    "candidate": (2, 12),
    "conclusion": (6, 6),
    "action": (8, 0),
    "decision": (4, 4),
}


@dataclass(frozen=True)
class Line:
    text: str
    bold: bool


@dataclass(frozen=True)
class Card:
    """One node, ready to be placed. Sizes are in pixels."""

    kind: str
    state: str
    letter: str
    heading: tuple[str, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    head: float  # from the top of the heading to the label
    sign: str = ""

    @property
    def left(self) -> float:
        return PAD + INSET.get(self.kind, (0, 0))[0]


def card(attributes: Mapping[str, Any]) -> Card:
    """The card of a node."""
    kind = attributes["kind"]
    room = TEXT_WIDTH.get(kind, USUAL_WIDTH)
    lines = [Line(text, bold) for part, bold in _parts(attributes) for text in wrap(part, SIZE, room, bold)]
    top = tuple(wrap(heading(attributes), SMALL, room - BADGE - 5, True))
    head = max(BADGE, SMALL_LEADING * len(top)) + (4 if len(top) == 1 else 6)
    inset = INSET.get(kind, (0.0, 0.0))
    below = 4.0 if kind in ("threshold", "decision") else 0.0
    height = PAD + head + LEADING * len(lines) + PAD - 3 + below
    width = room + 2 * PAD + sum(inset)
    state = attributes.get("state", "holds")
    return Card(
        kind,
        state,
        KINDS[kind].letter,
        top,
        tuple(lines),
        width,
        round(height, 1),
        head,
        attributes.get("sign", ""),
    )


def _parts(attributes: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The label in parts, with what of it stands out; of what changed, also how it was."""
    parts = _label(attributes)
    if attributes.get("was") and attributes["kind"] in ("fact", "unknown", "measure", "decision"):
        was = str(attributes["was"]).removeprefix(f"{attributes.get('title', '')}: ")
        parts.append((f"before: {short(was, 80)}", False))
    return parts


def _label(attributes: Mapping[str, Any]) -> list[tuple[str, bool]]:
    title, label = attributes.get("title", ""), attributes["label"]
    if attributes.get("why") and title and len(label) < 140:
        return [(title, True), (attributes["why"], False)]
    value = attributes.get("value", "")
    if (
        attributes["kind"] in ("fact", "unknown", "measure")
        and title
        and isinstance(value, str)
        and label == f"{title}: {value}"
    ):
        record = "numbers" in attributes
        return [(title, record), (value, not record)]
    return [(label, attributes["kind"] == "decision")]


def outline(kind: str, x: float, y: float, w: float, h: float) -> str:
    """The path of a kind's outline."""
    if kind == "measure":
        return _polygon((x + 8, y), (x + w, y), (x + w - 8, y + h), (x, y + h))
    if kind == "fork":
        return _polygon(
            (x + 12, y),
            (x + w - 12, y),
            (x + w, y + h / 2),
            (x + w - 12, y + h),
            (x + 12, y + h),
            (x, y + h / 2),
        )
    if kind == "candidate":
        return _polygon((x, y), (x + w - 12, y), (x + w, y + h / 2), (x + w - 12, y + h), (x, y + h))
    if kind == "claim":
        return _polygon((x, y), (x + w - 12, y), (x + w, y + 12), (x + w, y + h), (x, y + h))
    if kind == "risk":
        return _polygon(
            (x + 8, y),
            (x + w - 8, y),
            (x + w, y + 8),
            (x + w, y + h - 8),
            (x + w - 8, y + h),
            (x + 8, y + h),
            (x, y + h - 8),
            (x, y + 8),
        )
    radius = {"rule": 9.0, "conclusion": 17.0, "decision": 5.0}.get(kind, 1.5)
    return _rounded(x, y, w, h, min(radius, h / 2))


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points) + " Z"


def _rounded(x: float, y: float, w: float, h: float, r: float) -> str:
    n = number
    return (
        f"M{n(x + r)} {n(y)} H{n(x + w - r)} A{n(r)} {n(r)} 0 0 1 {n(x + w)} {n(y + r)} V{n(y + h - r)} "
        f"A{n(r)} {n(r)} 0 0 1 {n(x + w - r)} {n(y + h)} H{n(x + r)} A{n(r)} {n(r)} 0 0 1 {n(x)} {n(y + h - r)} "
        f"V{n(y + r)} A{n(r)} {n(r)} 0 0 1 {n(x + r)} {n(y)} Z"
    )


def number(value: float) -> str:
    """A length for SVG: at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
