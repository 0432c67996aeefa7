"""The types of values. In every reading a value is one integer: this file says which.

A percent is kept in tenths of a point, a weight or plain number in thousandths, a count or months as it is,
yes and no as 1 and 0, a choice as its position among the options, a level as its position in the book's order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

# unit -> (integers per unit, integers per step when varied, lowest, highest)
UNITS: dict[str, tuple[int, int, int, int]] = {
    "percent": (10, 10, 0, 100),
    "count": (1, 1, 0, 100_000_000),
    "months": (1, 1, 0, 600),
    "weight": (1000, 1, 0, 1),
    "number": (1000, 1, -1_000_000, 1_000_000),
}


@dataclass(frozen=True)
class Word:
    """A judgement in a word: `middle` is what it is read as, `lo` to `hi` (scaled integers, both included) what it can
    mean, and `fits` the sentence that says when it fits."""

    name: str
    middle: int
    lo: int
    hi: int
    fits: str = ""

    @property
    def said(self) -> str:
        """The word as a person reads it: almost wholly."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class NumberType:
    """A number of one unit. `lo` and `hi` are in scaled integers; a varied value moves by `step` of them.

    `words` are the words that a judgement may be given in, lowest first; none for what is counted.
    Where only some values are allowed, as 0, 0.5 and 1 are of what a need serves, `values` lists them.
    """

    unit: str
    lo: int
    hi: int
    words: tuple[Word, ...] = ()
    values: tuple[int, ...] = ()

    @property
    def scale(self) -> int:
        return UNITS[self.unit][0]

    @property
    def step(self) -> int:
        return UNITS[self.unit][1]

    def word(self, written: str) -> Word | None:
        """The word that somebody wrote: 'partly', 'almost wholly', 'Almost-wholly'."""
        plain = "_".join(written.casefold().replace("-", " ").replace("_", " ").split())
        return next((word for word in self.words if word.name == plain), None)

    def word_at(self, value: int) -> Word | None:
        """The word that a value falls in."""
        return next((word for word in reversed(self.words) if value >= word.lo), None)

    @staticmethod
    def of(unit: str, lo: Fraction | int | None = None, hi: Fraction | int | None = None) -> NumberType:
        scale, _, low, high = UNITS[unit]
        return NumberType(
            unit, int((low if lo is None else lo) * scale), int((high if hi is None else hi) * scale)
        )


@dataclass(frozen=True)
class YesNo:
    unit: str = "yes_no"
    lo: int = 0
    hi: int = 1


@dataclass(frozen=True)
class ChoiceType:
    """One of some words. `codes` gives each option its integer; a level's codes follow the book's order."""

    options: tuple[str, ...]
    codes: tuple[int, ...]
    ordered: bool = False

    @property
    def unit(self) -> str:
        return "level" if self.ordered else "choice"

    @property
    def lo(self) -> int:
        return min(self.codes)

    @property
    def hi(self) -> int:
        return max(self.codes)

    def code(self, option: str) -> int:
        return self.codes[self.options.index(option)]

    def option(self, code: int) -> str:
        return self.options[self.codes.index(code)]

    @staticmethod
    def of(options: tuple[str, ...]) -> ChoiceType:
        return ChoiceType(options, tuple(range(len(options))))


@dataclass(frozen=True)
class TextType:
    """Words for people: a text, or a date. No condition reads them."""

    unit: str = "text"


@dataclass(frozen=True)
class MapType:
    """A value for each record of another list, such as what a need serves for each sponsor."""

    list: str
    of: NumberType | YesNo
    unit: str = "map"


@dataclass(frozen=True)
class FieldSpec:
    """A field of a record. `default` is a scaled integer or a text; an optional field without one may be unknown.

    `words` names the scale of words that it may be given in; `title` is what it is called where its values are told.
    """

    name: str
    type: ValueType | TextType | MapType
    key: bool = False
    optional: bool = False
    default: int | str | None = None
    how: str = ""
    owner: str = "nobody"
    improves: tuple[str, ...] = ()
    moves: str = ""
    cost: tuple[str, int] = ("once", 20)
    words: str = ""
    typical: int | None = None  # what an example takes where nothing is known
    title: str = ""


@dataclass(frozen=True)
class RecordsType:
    """A list of records; one field is the key by which people name a record."""

    fields: tuple[FieldSpec, ...]
    unit: str = "records"

    @property
    def key(self) -> str:
        return next((f.name for f in self.fields if f.key), "")

    def field(self, name: str) -> FieldSpec | None:
        return next((f for f in self.fields if f.name == name), None)


ValueType = NumberType | YesNo | ChoiceType
FactType = ValueType | TextType | RecordsType


def show(value: int, kind: ValueType) -> object:
    """A scaled integer as what a person writes: 30, 33.3, True, 'fixed'."""
    if isinstance(kind, YesNo):
        return bool(value)
    if isinstance(kind, ChoiceType):
        return kind.option(value) if value in kind.codes else value
    exact = Fraction(value, kind.scale)
    return int(exact) if exact.denominator == 1 else float(exact)


def say(value: int, kind: ValueType) -> str:
    """A scaled integer as a text reads it: '30', '33.3', 'yes', 'in dialogue'."""
    shown = show(value, kind)
    if isinstance(shown, bool):
        return "yes" if shown else "no"
    return (
        str(shown).replace("_", " ")
        if isinstance(kind, ChoiceType)
        else f"{shown:g}"
        if isinstance(shown, float)
        else str(shown)
    )
