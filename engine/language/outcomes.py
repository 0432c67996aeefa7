"""Outcomes, modes, statuses and risks: their plain words, their actions and their order, all from outcomes.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Place
from engine.language.expressions import Written
from engine.language.reader import Reader
from engine.language.rules import MODALITIES, When, expression, read_conditional


@dataclass(frozen=True)
class Keeps:
    """Which records an outcome keeps: those of a list for which a condition holds."""

    list: str
    variable: str
    where: Written
    place: Place


@dataclass(frozen=True)
class Outcome:
    name: str
    title: str
    headline: str
    means: str
    actions: tuple[When, ...]
    risks: tuple[When, ...]
    keeps: Keeps | None
    place: Place


@dataclass(frozen=True)
class Mode:
    """How an outcome is carried out. A mode with `joins_when` joins every mode of its outcomes then, by `rule`."""

    name: str
    outcomes: tuple[str, ...]
    title: str
    headline: str
    means: str
    actions: tuple[When, ...]
    risks: tuple[When, ...]
    joins_when: Written | None
    rule: str
    place: Place


@dataclass(frozen=True)
class Level:
    """A status or a risk level, or whether the sponsor must be told: what is said when its condition holds."""

    name: str
    when: Written | None
    words: str
    place: Place
    modality: str = "is"
    risk: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Outcomes:
    """All of outcomes.yaml, in its order."""

    outcomes: Mapping[str, Outcome]
    modes: Mapping[str, Mode]
    statuses: Mapping[str, Level]
    risk_levels: Mapping[str, Level]
    risk_routes: Mapping[str, Level]
    tell_sponsor: Level | None


def read_outcomes(reader: Reader) -> Outcomes:
    """The whole of outcomes.yaml."""
    outcomes = {name: _outcome(name, below) for name, below in reader.each("outcomes", "outcome")}
    modes = {name: _mode(name, below) for name, below in reader.each("modes", "mode")}
    levels = {key: {name: _level(name, below) for name, below in reader.each(key, what)}
              for key, what in (("statuses", "status"), ("risk_levels", "risk level"), ("risk_routes", "risk route"))}
    tell = reader.reader("tell_sponsor")
    result = Outcomes(outcomes, modes, levels["statuses"], levels["risk_levels"], levels["risk_routes"],
                      _level("tell_sponsor", tell) if tell else None)
    reader.done()
    return result


def _outcome(name: str, reader: Reader) -> Outcome:
    keeps = None
    below = reader.reader("keeps")
    if below is not None:
        where = expression(below, "where")
        if where is not None:
            keeps = Keeps(below.text("list", required=True), below.text("as", default="s"), where, below.table.place)
        below.done()
    outcome = Outcome(name, reader.text("title", required=True), reader.text("headline", required=True), reader.text("means"),
                      read_conditional(reader, "actions", "action"), read_conditional(reader, "risks", "risk"), keeps,
                      reader.table.place)
    reader.done()
    return outcome


def _mode(name: str, reader: Reader) -> Mode:
    mode = Mode(name, reader.words("outcome"), reader.text("title", required=True), reader.text("headline"), reader.text("means"),
                read_conditional(reader, "actions", "action"), read_conditional(reader, "risks", "risk"),
                expression(reader, "joins_when"), reader.text("rule"), reader.table.place)
    reader.done()
    return mode


def _level(name: str, reader: Reader) -> Level:
    level = Level(name, expression(reader, "when"), reader.text("words", required=True), reader.table.place,
                  reader.word("modality", MODALITIES, default="is"), reader.text("risk"), reader.text("lead"))
    reader.done()
    return level
