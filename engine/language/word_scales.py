"""Judgements in words: scales such as hardly, partly, largely, almost wholly, and the facts that may be given in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from sharedvalue.engine.errors import Place, Problems, did_you_mean
from sharedvalue.engine.language.facts import Fact, scaled
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.types import FieldSpec, NumberType, RecordsType, Word, say

Scales = Mapping[str, "Scale"]
PERCENT = NumberType.of("percent")


@dataclass(frozen=True)
class Scale:
    """One scale. `house_change` is the why of an overlay."""

    name: str
    words: tuple[Word, ...]
    place: Place
    house_change: str = ""

    def __str__(self) -> str:
        return ", ".join(
            f"{word.said} {say(word.middle, PERCENT)} ({say(word.lo, PERCENT)} to {say(word.hi, PERCENT)})"
            for word in self.words
        )


def read_scale(name: str, reader: Reader) -> Scale | None:
    """One entry of `word_scales:` in facts.yaml, or of a house that changes it; None with a problem noted."""
    because = reader.text("because")
    words = [
        _word(word, Reader.of(node, reader.problems, f"word {word}", reader.key_place(word)))
        for word, node in reader.table.entries.items()
        if word != "because"
    ]
    found = tuple(word for word in words if word is not None)
    if len(found) < len(words) or not found:
        if not words:
            reader.problems.add(
                "SV303",
                reader.table.place,
                f"{reader.what} has no words",
                "Add one, with middle, band and fits.",
            )
        return None
    if (
        found[0].lo != PERCENT.lo
        or found[-1].hi != PERCENT.hi
        or any(later.lo != word.hi + PERCENT.step for word, later in pairwise(found))
    ):
        reader.problems.add(
            "SV308",
            reader.table.place,
            f"the bands of {reader.what} do not follow one another from 0 to 100",
            "Let each begin one point above the one before: [0, 29], [30, 49], ... up to 100.",
        )
        return None
    return Scale(name, found, reader.table.place, because)


def _word(name: str, reader: Reader) -> Word | None:
    middle = reader.number("middle", required=True)
    band = [as_number(text) for text in reader.texts("band")]
    fits = reader.text("fits", required=True)
    reader.done()
    if middle is None:
        return None
    ends = [end for end in band if end is not None]
    if len(band) != 2 or len(ends) != 2 or not ends[0] <= middle <= ends[1]:
        reader.wrong("band", "[lowest, highest] around its middle")
        return None
    return Word(name, scaled(middle, PERCENT), scaled(ends[0], PERCENT), scaled(ends[1], PERCENT), fits)


def in_words(facts: Mapping[str, Fact], scales: Scales, problems: Problems) -> dict[str, Fact]:
    """The facts, each that names a scale with its words; a scale that is not there is noted."""

    def worded(kind: NumberType, scale: str, at: Place, what: str) -> NumberType:
        if scale not in scales:
            problems.add(
                "SV310",
                at,
                f"{what} names the words '{scale}', which are not there",
                did_you_mean(scale, scales),
            )
            return kind
        return replace(kind, words=scales[scale].words)

    def field(spec: FieldSpec, fact: Fact) -> FieldSpec:
        if not spec.words or not isinstance(spec.type, NumberType):
            return spec
        return replace(
            spec, type=worded(spec.type, spec.words, fact.place, f"field {spec.name} of {fact.name}")
        )

    found = {}
    for name, fact in facts.items():
        kind = fact.type
        if isinstance(kind, RecordsType):
            kind = replace(kind, fields=tuple(field(spec, fact) for spec in kind.fields))
        elif fact.words and isinstance(kind, NumberType):
            kind = worded(kind, fact.words, fact.place, f"fact {name}")
        found[name] = replace(fact, type=kind)
    return found
