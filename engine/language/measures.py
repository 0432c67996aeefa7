"""Arithmetic over facts, defined once for all readings; the words that texts take from lists; what the engine provides."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.expressions import Aggregate, Written, read, walk
from sharedvalue.engine.language.facts import read_type
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.types import ChoiceType, NumberType, ValueType, YesNo

STAGES = ("evidence", "world", "decision")


@dataclass(frozen=True)
class Picked:
    """A field of the record in which another field is greatest (ties: the first listed)."""

    list: str
    most: str
    field: str


@dataclass(frozen=True)
class Measure:
    """A computed value. `unknown` (scaled) is its range when a list that it reads is left out."""

    name: str
    title: str
    type: ValueType
    formula: Written | Picked
    unknown: tuple[int, int] | None
    stage: str
    cites: tuple[str, ...]
    place: Place

    @property
    def lists(self) -> frozenset[str]:
        """The lists that it reads."""
        if isinstance(self.formula, Picked):
            return frozenset({self.formula.list})
        return frozenset(part.list for part in walk(self.formula.node) if isinstance(part, Aggregate))


@dataclass(frozen=True)
class Words:
    """A text taken from a list: the names of the records where a condition holds, or of the one with the most of a field.

    Of the one with the most: where the list holds several and `speaks_alone` does not hold, `several` is said of them all.
    """

    name: str
    list: str
    variable: str
    where: Written | None
    most: str
    field: str
    none: str
    several: str
    speaks_alone: Written | None
    place: Place


@dataclass(frozen=True)
class Provided:
    """A value that the engine gives to the rules of one stage."""

    name: str
    type: ValueType
    stage: str
    about: str
    place: Place


def read_measure(name: str, reader: Reader, levels: tuple[str, ...]) -> Measure | None:
    """One entry of `measures:`."""
    kind = read_type(reader.node("type"), reader, levels)
    formula: Written | Picked | None = None
    picked = reader.reader("pick")
    if picked is not None:
        formula = Picked(
            picked.text("list", required=True),
            picked.text("most", required=True),
            picked.text("field", required=True),
        )
        picked.done()
    else:
        formula = _parsed(reader.scalar("is", required=True), reader)
    is_choice = isinstance(kind, ChoiceType)
    bounds = [] if is_choice else [as_number(text) for text in reader.texts("unknown")]
    title = reader.text("title", required=True)
    stage = reader.word("stage", STAGES, default="world")
    cites = reader.words("cites")
    options = reader.words("unknown")
    reader.done()
    if not isinstance(kind, NumberType | YesNo | ChoiceType) or formula is None:
        return None
    unknown = (kind.lo, kind.hi) if is_choice and options else None
    if bounds:
        if len(bounds) != 2 or bounds[0] is None or bounds[1] is None:
            reader.wrong("unknown", "a range [lowest, highest]")
        else:
            scale = kind.scale if isinstance(kind, NumberType) else 1
            unknown = (int(bounds[0] * scale), int(bounds[1] * scale))
    return Measure(name, title, kind, formula, unknown, stage, cites, reader.table.place)


def read_words(name: str, reader: Reader) -> Words:
    """One entry of `words:`."""
    where = reader.scalar("where")
    words = Words(
        name,
        reader.text("list", required=True),
        reader.text("as", default="s"),
        _parsed(where, reader),
        reader.text("most"),
        reader.text("field", required=True),
        reader.text("none", required=True),
        reader.text("several"),
        _parsed(reader.scalar("speaks_alone"), reader),
        reader.table.place,
    )
    reader.done()
    return words


def read_provided(name: str, reader: Reader, levels: tuple[str, ...]) -> Provided | None:
    """One entry of `provided:`."""
    kind = read_type(reader.node("type"), reader, levels)
    provided = (
        Provided(
            name,
            kind,
            reader.word("stage", STAGES, required=True, default="decision"),
            reader.text("about"),
            reader.table.place,
        )
        if isinstance(kind, NumberType | YesNo | ChoiceType)
        else None
    )
    if provided is None:
        reader.text("about"), reader.text("stage")
    reader.done()
    return provided


def _parsed(source: Text | None, reader: Reader) -> Written | None:
    if source is None:
        return None
    try:
        return read(source)
    except UserError as error:
        reader.problems.extend(error)
        return None
