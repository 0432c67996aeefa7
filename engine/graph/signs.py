"""The sign of an outcome: a small drawing that tells it apart without its colour, the same on page, graph, map and report."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.graph.card import number as n
from sharedvalue.engine.graph.ink import esc

BOX = 16.0
# strokes in a box of 16 by 16
SIGNS: Mapping[str, str] = {
    "ahead": "M1.5 8H14M9 3l5 5l-5 5",
    "turn": "M3 14V9.5a4 4 0 0 1 4 -4H13.5M9.5 1.5l4 4l-4 4",
    "ring": "M8 1.5a6.5 6.5 0 1 0 0.01 0ZM8 6a2 2 0 1 0 0.01 0Z",
    "wait": "M4 1.5H12M4 14.5H12M5 1.5c0 4 6 9 6 13M11 1.5c0 4 -6 9 -6 13",
    "stop": "M2.5 2.5L13.5 13.5M13.5 2.5L2.5 13.5",
    "dot": "M8 5a3 3 0 1 0 0.01 0Z",
}


def placed(sign: str, x: float, y: float, side: float, style: str = "sign") -> str:
    """A sign with its upper left corner at a place of a picture."""
    zoom = side / BOX
    return f'<path class="{style}" transform="translate({n(x)} {n(y)}) scale({zoom:.3g})" d="{SIGNS[sign]}"/>'


def alone(sign: str, colour: str, firm: bool, told: str = "") -> str:
    """A sign as a picture of its own, for a page that has the style: on its colour where the outcome stands, else in outline."""
    words = f'role="img" aria-label="{esc(told)}"' if told else 'aria-hidden="true" focusable="false"'
    kind = "firm" if firm else "proposal"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="outcome-sign o-{colour} {kind}" viewBox="-5 -5 26 26" width="26" '
        f'height="26" {words}><rect class="plate" x="-4" y="-4" width="24" height="24" rx="6"/>'
        f'<path class="sign" d="{SIGNS[sign]}"/></svg>'
    )
