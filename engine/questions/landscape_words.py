"""A map in words: what stands on a picture of it, and what other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.graph.map_parts import Map, MapAxis, MapBorder, MapRegion
from sharedvalue.engine.language.pictures import Look
from sharedvalue.engine.language.types import ChoiceType, NumberType, say
from sharedvalue.engine.questions.landscape import answer_of
from sharedvalue.engine.questions.landscape_axes import Axis
from sharedvalue.engine.questions.landscape_parts import Answer, Area, Landscape, Region, Side
from sharedvalue.engine.questions.naming import Naming

SCHEMA = "sharedvalue/map/1"
UNITS = {"percent": "points of 100", "months": "months", "weight": "from 0 to 1"}
MOST_NAMED = 4


@dataclass(frozen=True)
class Words:
    """Speaks of one map."""

    found: Landscape

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.found.worlds)

    # --- values -------------------------------------------------------------------------------------------------
    def value(self, axis: Axis, place: int) -> str:
        return said(axis, axis.value(place))

    def span(self, axis: Axis, first: int, last: int) -> str:
        """Some places in a row: '40 to 65', 'fixed'."""
        one, other = self.value(axis, first), self.value(axis, last)
        if first == last:
            return one
        if not axis.is_number:
            return ", ".join(self.value(axis, place) for place in range(first, last + 1))
        return f"{one} to {other}"

    def where(self, region: Region) -> str:
        """The bounds of a region: the axes on which it does not cover everything."""
        a, b, c, d = region.bounds
        parts = []
        for axis, first, last in ((self.found.x, a, b), (self.found.y, c, d)):
            if first > 0 or last < axis.domain.size - 1:
                parts.append(f"{axis.title} {self.span(axis, first, last)}")
        if not parts:
            return "all over the map" if len(region.rectangles) > 1 else "the whole map"
        return ", ".join(parts) + (" (not all of it)" if len(region.rectangles) > 1 else "")

    # --- answers ------------------------------------------------------------------------------------------------
    def heading(self, answer: Answer) -> str:
        if not answer.seen:
            return "Not looked at: the budget ran out"
        if answer.outcome is None:
            return "Cannot be"
        return self.found.worlds.book.outcomes.outcomes[answer.outcome].title

    def modes(self, answer: Answer) -> str:
        table = self.found.worlds.book.outcomes.modes
        sure = [plain(table[mode].title) for mode in answer.modes]
        perhaps = [f"perhaps {plain(table[mode].title)}" for mode in answer.open_modes]
        return ", ".join([*sure, *perhaps])

    def detail(self, region: Region) -> str:
        answer = region.answer
        if not answer.seen or answer.outcome is None:
            return "" if answer.seen else "it takes more time"
        parts = [self.modes(answer)]
        if answer.possible:
            titles = [plain(self.found.worlds.book.outcomes.outcomes[o].title) for o in answer.possible]
            parts.append(f"not settled: {one_of(titles)}")
            if region.hangs_on:
                parts.append(f"hangs on {self.listed(region.hangs_on)}")
        return "; ".join(part for part in parts if part)

    def listed(self, names: Sequence[str]) -> str:
        shown = [self.naming.title(name) for name in names[:MOST_NAMED]]
        more = len(names) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more else "")

    def share(self, region: Region) -> str:
        percent = 100 * region.points / self.found.points
        shown = f"{percent:.0f}" if percent >= 10 else f"{percent:.1f}" if percent >= 0.1 else "under 0.1"
        return f"{shown} % of the points"

    # --- borders ------------------------------------------------------------------------------------------------
    def threshold(self, name: str) -> str:
        threshold = self.found.worlds.book.thresholds[name]
        return f"{name.replace('_', ' ')} {say(threshold.value, threshold.type)}{'*' if threshold.is_house else ''}"

    def thresholds(self, side: Side) -> str:
        return ", ".join(self.threshold(name) for name in side.thresholds)

    def border(self, side: Side) -> str:
        """Where a border runs: 'contribution 66', or from where to where it slopes."""
        if side.straight:
            edge = side.edges[0]
            axis = self.axis(edge.axis)
            if axis.is_number:
                return f"{axis.title} {self.value(axis, edge.at)}"
            return f"{axis.title} {self.value(axis, edge.at - 1)} / {self.value(axis, edge.at)}"
        x = [e.at for e in side.edges if e.axis == "x"] + [
            p for e in side.edges if e.axis == "y" for p in (e.from_, e.to)
        ]
        y = [e.at for e in side.edges if e.axis == "y"] + [
            p for e in side.edges if e.axis == "x" for p in (e.from_, e.to)
        ]
        return (
            f"in steps, {self.found.x.title} {self.span(self.found.x, min(x), max(x))}, "
            f"{self.found.y.title} {self.span(self.found.y, min(y), max(y))}"
        )

    def axis(self, letter: str) -> Axis:
        return self.found.x if letter == "x" else self.found.y

    # --- the case itself ----------------------------------------------------------------------------------------
    @cached_property
    def here(self) -> Area | None:
        x, y = self.found.place(self.found.x), self.found.place(self.found.y)
        return None if x is None or y is None else (*x, *y)

    def here_said(self) -> str:
        answer = self.heading(answer_of(self.found.here))
        where = self.here
        if where is None:
            return f"The case itself is not on this map; there the answer is: {plain(answer)}."
        a, b, c, d = where
        at = f"{self.found.x.title} {self.span(self.found.x, a, b)}, {self.found.y.title} {self.span(self.found.y, c, d)}"
        return f"You are here: {at}: {plain(answer)}."


def said(axis: Axis, value: int) -> str:
    if isinstance(axis.type, ChoiceType):
        return axis.type.option(value).replace("_", " ")
    if isinstance(axis.type, NumberType) and axis.type.unit == "count":
        return f"{value:,}"
    return say(value, axis.type)


def plain(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def letter(place: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def basis(found: Landscape) -> str:
    """How the map was made, in a sentence."""
    if not found.complete:
        done = found.points - sum(r.points for r in found.regions if not r.answer.seen)
        return f"INCOMPLETE: the budget ran out after {done:,} of {found.points:,} points; the rest is marked as not looked at."
    open_facts = (
        f" {len(found.open)} other fact{'s are' if len(found.open) > 1 else ' is'} open: each point is decided for all that may be."
        if found.open
        else ""
    )
    return f"Exact: every one of {found.points:,} whole points is decided, none is guessed.{open_facts}"


def taken_exactly(found: Landscape) -> list[str]:
    """What is said where the case holds one of the two facts for less than certain: a point of the map does not."""
    beliefs = found.here.worlds.beliefs
    doubted = [a.title for a in (found.x, found.y) if a.name in beliefs and beliefs[a.name].widened]
    if not doubted:
        return []
    return [
        f"The case does not know {' and '.join(doubted)} to a point; a point of the map takes both facts as known exactly."
    ]


# --- the picture ------------------------------------------------------------------------------------------------
def as_map(found: Landscape) -> Map:
    """What is drawn."""
    words, book = Words(found), found.worlds.book
    looks = {name: book.outcomes.look(name) for name in book.outcomes.outcomes}
    none = Look("grey", "")
    regions = tuple(
        MapRegion(
            letter(i),
            words.heading(region.answer),
            words.detail(region),
            " or ".join(region.answer.rules),
            words.share(region),
            looks.get(region.answer.outcome or "", none).colour,
            looks.get(region.answer.outcome or "", none).sign,
            region.rectangles,
            "not_covered"
            if not region.answer.seen
            else "cannot_be"
            if region.answer.outcome is None
            else "answer",
            words.where(region),
        )
        for i, region in enumerate(found.regions)
    )
    borders = tuple(
        MapBorder(
            tuple((e.axis, e.at, e.from_, e.to) for e in side.edges),
            words.value(words.axis(side.edges[0].axis), side.edges[0].at)
            if side.straight and words.axis(side.edges[0].axis).is_number
            else "",
            words.thresholds(side),
            " and ".join(letter(r) for r in side.regions),
            words.border(side),
        )
        for side in _apart(found.sides)
    )
    notes = [basis(found), *taken_exactly(found)]
    if any(found.worlds.book.thresholds[n].is_house for side in found.sides for n in side.thresholds):
        notes.append("* house default. A border belongs to the side with the higher value.")
    return Map(
        f"Which answer where: {found.x.title} and {found.y.title}",
        f"{found.worlds.scenario.title}. All other facts stay as they are.",
        _axis(found.x),
        _axis(found.y),
        regions,
        borders,
        words.here,
        words.here_said(),
        tuple(notes),
        f"Rule book {book.version}, {book.hash[:19]}",
    )


def _apart(sides: Sequence[Side]) -> list[Side]:
    """Borders made of a few straight lines, one a line; those with many stay whole."""
    found: list[Side] = []
    for side in sides:
        lines = dict.fromkeys((edge.axis, edge.at) for edge in side.edges)
        if len(lines) > 4:
            found.append(side)
            continue
        for line in lines:
            found.append(
                Side(side.regions, tuple(e for e in side.edges if (e.axis, e.at) == line), side.thresholds)
            )
    return found


def _axis(axis: Axis) -> MapAxis:
    if isinstance(axis.type, NumberType):
        scale = axis.type.scale
        values = axis.domain.values()
        step = (values[1] - values[0]) / scale if len(values) > 1 else 1.0
        if not isinstance(values, range) and len(values) > 1:
            return MapAxis(
                axis.title,
                UNITS.get(axis.type.unit, ""),
                len(values),
                bands=tuple(said(axis, v) for v in values),
            )
        return MapAxis(axis.title, UNITS.get(axis.type.unit, ""), len(values), values[0] / scale, step)
    return MapAxis(
        axis.title, "", axis.domain.size, bands=tuple(said(axis, value) for value in axis.domain.values())
    )


# --- for other programs -----------------------------------------------------------------------------------------
def map_json(found: Landscape) -> dict[str, object]:
    """The map as other programs read it: sharedvalue/map/1. Rectangles share no point, and cover the whole."""
    words, worlds = Words(found), found.worlds
    x, y, address = found.x, found.y, worlds.scenario.address

    def area(area: Area) -> list[object]:
        a, b, c, d = area
        return [x.shown(a), x.shown(b), y.shown(c), y.shown(d)]

    def region(one: Region) -> dict[str, object]:
        a, b, c, d = one.bounds
        answer = one.answer
        kind = "not_covered" if not answer.seen else "cannot_be" if answer.outcome is None else "answer"
        return {
            "kind": kind,
            "outcome": answer.outcome,
            "modes": list(answer.modes),
            "open_modes": list(answer.open_modes),
            "rule": answer.rules[0] if len(answer.rules) == 1 else None,
            "rules": list(answer.rules),
            "certain": answer.certain,
            "possible": list(answer.possible),
            "hangs_on": [address(name) for name in one.hangs_on],
            "points": one.points,
            "share": one.points / found.points,
            "x_from": x.shown(a),
            "x_to": x.shown(b),
            "y_from": y.shown(c),
            "y_to": y.shown(d),
            "rectangles": [area(r) for r in one.rectangles],
        }

    def border(side: Side) -> dict[str, object]:
        first = words.axis(side.edges[0].axis)
        return {
            "between": list(side.regions),
            "outcomes": [found.regions[r].answer.outcome for r in side.regions],
            "fact": first.address if side.straight else None,
            "at": first.shown(side.edges[0].at) if side.straight else None,
            "thresholds": [
                {"name": n, "value": say_number(found, n), "house": worlds.book.thresholds[n].is_house}
                for n in side.thresholds
            ],
            "edges": [
                {
                    "axis": e.axis,
                    "below": words.axis(e.axis).shown(e.at - 1),
                    "at": words.axis(e.axis).shown(e.at),
                    "from": words.axis("y" if e.axis == "x" else "x").shown(e.from_),
                    "to": words.axis("y" if e.axis == "x" else "x").shown(e.to),
                }
                for e in side.edges
            ],
        }

    def axis(one: Axis) -> dict[str, object]:
        return {
            "fact": one.address,
            "title": one.title,
            "unit": one.type.unit,
            "from": one.shown(0),
            "to": one.shown(one.domain.size - 1),
            "values": one.domain.size,
            "whole": one.whole,
        }

    own = answer_of(found.here)
    return {
        "schema": SCHEMA,
        "scenario": worlds.scenario.title,
        "rulebook": worlds.book.identity(),
        "x": axis(x),
        "y": axis(y),
        "here": {
            "area": None if words.here is None else area(words.here),
            "outcome": own.outcome,
            "modes": list(own.modes),
            "rules": list(own.rules),
            "certain": own.certain,
        },
        "exact": found.complete,
        "incomplete": not found.complete,
        "basis": " ".join([basis(found), *taken_exactly(found)]),
        "open": [address(name) for name in found.open],
        "points": found.points,
        "regions": [region(one) for one in found.regions],
        "borders": [border(side) for side in _apart(found.sides)],
    }


def say_number(found: Landscape, name: str) -> object:
    from sharedvalue.engine.language.types import show

    threshold = found.worlds.book.thresholds[name]
    return show(threshold.value, threshold.type)


def one_of(titles: Sequence[str]) -> str:
    """What is open between several: a, b or c."""
    return " or ".join(part for part in (", ".join(titles[:-1]), titles[-1]) if part)
