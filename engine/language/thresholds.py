"""Every number of the rule book: its value, unit, basis, source, date and reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.facts import read_type, scaled
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.types import NumberType, say
from sharedvalue.engine.language.values import maybe_a_share, mend_of, read_value

BASES = ("house", "rule of thumb", "study")


@dataclass(frozen=True)
class Threshold:
    """A number with its document. `value` is a scaled integer of `type`; `house_change` is the why of an overlay."""

    name: str
    title: str
    type: NumberType
    basis: str
    sources: tuple[str, ...]
    because: str
    value: int
    since: str
    place: Place
    house_change: str = ""

    @property
    def is_house(self) -> bool:
        """Whether it is our own default: no published number, and not what a house made of it."""
        return self.basis == "house" and not self.house_change

    def __str__(self) -> str:
        return say(self.value, self.type)


def read_threshold(name: str, reader: Reader, levels: tuple[str, ...]) -> Threshold | None:
    """One entry of thresholds.yaml."""
    kind = read_type(reader.node("type"), reader, levels)
    basis = reader.word("basis", BASES, required=True, default="house")
    sources = reader.words("sources")
    if basis != "house" and not sources:
        reader.problems.add(
            "SV307",
            reader.table.place,
            f"{reader.what} rests on a {basis} but names no source",
            "Add 'sources: [L..]', or make it 'basis: house'.",
        )
    because = reader.text("because", required=True)
    title = reader.text("title", required=True)
    values: list[tuple[str, Fraction]] = []
    for date, node in (reader.reader("values", required=True) or reader).table.entries.items():
        number = as_number(node) if isinstance(node, Text) else None
        if number is None or len(date) != 10:
            reader.problems.add(
                "SV302",
                node.place,
                f"'values' of {reader.what} must be dates with numbers",
                "For example: values: {2026-11-24: 40}.",
            )
        else:
            values.append((date, number))
    reader.done()
    if not isinstance(kind, NumberType):
        if kind is not None:
            reader.wrong("type", "percent, count, months, weight or number")
        return None
    if not values:
        return None
    since, newest = max(values)
    exact = newest * kind.scale
    if exact.denominator != 1 or not kind.lo <= exact <= kind.hi or maybe_a_share(newest, kind):
        reader.problems.add(
            "SV308",
            reader.place("values"),
            f"{newest} is not a value that {reader.what} may have",
            f"It must lie between {say(kind.lo, kind)} and {say(kind.hi, kind)}.",
        )
        return None
    return Threshold(
        name, title, kind, basis, sources, because, scaled(newest, kind), since, reader.table.place
    )


def changed(threshold: Threshold, reader: Reader) -> Threshold:
    """The threshold as a house overlay changes it."""
    written = reader.scalar("value", required=True)
    because = reader.text("because", required=True)
    reader.done()
    if written is None:
        return threshold
    value = read_value(written, threshold.type)
    if not isinstance(value, int):
        reader.problems.add(
            "SV308",
            written.place,
            f"'{written.value[:40]}' is not a value that threshold {threshold.name} may have",
            mend_of(written, threshold.type, ""),
        )
        return threshold
    return replace(
        threshold,
        value=value,
        basis="house",
        house_change=because or "no reason given",
        place=reader.table.place,
    )
