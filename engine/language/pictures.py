"""What pictures show and how, from outcomes.yaml: a colour and a sign for each outcome, and what the sweet spot is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.reader import Reader

COLOURS = ("green", "blue", "orange", "yellow", "grey", "violet")
SIGNS = ("ahead", "turn", "ring", "wait", "stop", "dot")


@dataclass(frozen=True)
class Look:
    """How an outcome looks wherever it is shown."""

    colour: str
    sign: str


@dataclass(frozen=True)
class Scale:
    """Something that is drawn by its size, 0 to 100: what it is called, the values it is read from, and its bands.

    `at` has a name for each time. `lines` are thresholds, lowest first, each with the word that holds from it on;
    `below` is the word before the first. `only_with` is a yes or no without which it is not drawn.
    """

    title: str
    short: str
    at: tuple[str, ...]
    below: str
    lines: Mapping[str, str]
    only_with: str = ""


@dataclass(frozen=True)
class SweetSpotSpec:
    """The picture of two values and their overlap: the times it is drawn for, and what each part reads."""

    times: tuple[str, ...]
    members: Scale
    sponsor: Scale
    overlap: Scale
    bridge: Scale
    place: Place

    @property
    def scales(self) -> tuple[Scale, ...]:
        return self.members, self.sponsor, self.overlap, self.bridge


@dataclass(frozen=True)
class Pictures:
    """All that pictures are told. `firm` are the statuses that stand; what has another is drawn as a proposal."""

    looks: Mapping[str, Look] = field(default_factory=dict)
    firm: tuple[str, ...] = ()
    sweet_spot: SweetSpotSpec | None = None
    place: Place = field(default_factory=lambda: Place("rules/outcomes.yaml"))

    def look(self, outcome: str, place: int = 0) -> Look:
        """The look of an outcome; by its place in the order where the rule book gives none."""
        return self.looks.get(outcome) or Look(COLOURS[place % len(COLOURS)], SIGNS[place % len(SIGNS)])


def read_pictures(reader: Reader | None) -> Pictures:
    """The part `pictures` of outcomes.yaml."""
    if reader is None:
        return Pictures()
    looks = {}
    for name, below in reader.each("outcomes", "look of an outcome"):
        looks[name] = Look(
            below.word("colour", COLOURS, required=True, default=COLOURS[0]),
            below.word("sign", SIGNS, required=True, default=SIGNS[0]),
        )
        below.done()
    found = Pictures(
        looks, reader.words("firm"), _sweet_spot(reader.reader("sweet_spot")), reader.table.place
    )
    reader.done()
    return found


def _sweet_spot(reader: Reader | None) -> SweetSpotSpec | None:
    if reader is None:
        return None
    times = reader.words("times")
    members, sponsor, overlap = (
        _scale(reader.reader(key, required=True), len(times)) for key in ("members", "sponsor", "overlap")
    )
    bridge = _scale(reader.reader("bridge", required=True), 1)
    reader.done()
    return SweetSpotSpec(times, members, sponsor, overlap, bridge, reader.table.place)


def _scale(reader: Reader | None, times: int) -> Scale:
    if reader is None:
        return Scale("", "", (), "", {})
    lines = reader.reader("lines", required=True)
    at = reader.words("at")
    if len(at) != times:
        reader.problems.add(
            "SV302", reader.place("at"), f"'at' names {len(at)} values for {times}", "Name one for each time."
        )
    scale = Scale(
        reader.text("title", required=True),
        reader.text("short", required=True),
        at,
        reader.text("below", required=True),
        {name: lines.text(name, required=True) for name in lines.table.entries} if lines else {},
        reader.text("only_with"),
    )
    reader.done()
    return scale
