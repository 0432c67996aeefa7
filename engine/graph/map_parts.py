"""What a map is drawn from: two axes, regions made of rectangles, borders, and where the case itself lies."""

from __future__ import annotations

from dataclasses import dataclass

Area = tuple[int, int, int, int]  # x from, x to, y from, y to: places on the axes, the ends included


@dataclass(frozen=True)
class MapAxis:
    """An axis with `count` places. A number starts at `start` and goes up by `step` a place; else `bands` names each."""

    title: str
    unit: str
    count: int
    start: float = 0.0
    step: float = 1.0
    bands: tuple[str, ...] = ()

    def said(self, place: int) -> str:
        """The value at a place, as text."""
        if self.bands:
            return self.bands[place]
        value = round(self.start + self.step * place, 6)
        return f"{value:,.0f}" if value == int(value) else f"{value:,}"


@dataclass(frozen=True)
class MapRegion:
    """One answer and where it holds. `colour` and `sign` are those of its outcome; `kind` is answer | cannot_be | not_covered."""

    letter: str
    heading: str
    detail: str
    rule: str
    share: str
    colour: str
    sign: str
    rectangles: tuple[Area, ...]
    kind: str = "answer"
    where: str = ""

    @property
    def said(self) -> str:
        """The answer in one line."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.heading}{detail}{f' ({self.rule})' if self.rule else ''}"


@dataclass(frozen=True)
class MapBorder:
    """A border: its stretches (axis 'x' or 'y', the place at which it begins, from and to on the other axis) and its words.

    `value` is what is told at the axis of a straight border, and empty for a sloping one.
    """

    edges: tuple[tuple[str, int, int, int], ...]
    value: str
    label: str
    between: str
    where: str


@dataclass(frozen=True)
class Map:
    """All that is drawn. `here` is the area of the case itself, and `here_said` says it in words."""

    title: str
    subtitle: str
    x: MapAxis
    y: MapAxis
    regions: tuple[MapRegion, ...]
    borders: tuple[MapBorder, ...]
    here: Area | None
    here_said: str
    notes: tuple[str, ...]
    rulebook: str
