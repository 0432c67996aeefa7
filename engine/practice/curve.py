"""The calibration curve as a picture: how often what was said with a confidence turned out right."""

from __future__ import annotations

from collections.abc import Iterator

from sharedvalue.engine.practice.calibration import Calibration

SIDE, LEFT, DEEP = 200, 40, 34  # pixels: of the square of the curve, and of the margins left of it and below


def curve_svg(found: Calibration) -> str:
    """A dot for each group of answers, with its 95 % interval, beside the line of who is exactly as sure as right.

    A group of too few answers is drawn hollow. Empty where there are no answers.
    """
    if not found.curve:
        return ""
    said = "; ".join(
        f"said {one.lo} to {one.hi} %, right {one.share.hits} of {one.share.n}" for one in found.curve
    )
    wide, high = LEFT + SIDE + 10, SIDE + DEEP + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" aria-label="How sure and how often right: {said}.">{"".join(_parts(found))}</svg>'
    )


def _x(percent: float) -> float:
    return round(LEFT + SIDE * percent / 100, 1)


def _y(percent: float) -> float:
    return round(5 + SIDE * (1 - percent / 100), 1)


def _parts(found: Calibration) -> Iterator[str]:
    yield f'<rect class="of" x="{LEFT}" y="5" width="{SIDE}" height="{SIDE}" fill="none" stroke="currentColor" opacity=".4"/>'
    yield (
        f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(100)}" y2="{_y(100)}" stroke="currentColor" '
        f'stroke-dasharray="4 4" opacity=".6"/>'
    )
    for percent in (0, 50, 100):
        anchor = "end" if percent == 100 else "middle"
        yield f'<text x="{_x(percent)}" y="{SIDE + 21}" font-size="11" text-anchor="{anchor}" fill="currentColor">{percent} %</text>'
        yield f'<text x="{LEFT - 4}" y="{_y(percent) + 3}" font-size="11" text-anchor="end" fill="currentColor">{percent} %</text>'
    middle = LEFT + SIDE / 2
    yield f'<text x="{middle}" y="{SIDE + 36}" font-size="12" text-anchor="middle" fill="currentColor">said (across), right (up)</text>'
    for one in found.curve:
        low, high = one.share.interval
        x, fill = _x(one.said), "none" if one.share.few else "currentColor"
        yield f'<line class="interval" x1="{x}" y1="{_y(100 * low)}" x2="{x}" y2="{_y(100 * high)}" stroke="currentColor"/>'
        yield (
            f'<circle class="dot" cx="{x}" cy="{_y(100 * one.share.value)}" r="4" fill="{fill}" stroke="currentColor"/>'
        )
