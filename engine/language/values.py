"""What a person writes as a value: 72, 72 %, 60-80, 60..80, fixed|negotiable, in dialogue. One reader for every door.

What could mean two things is refused, and the message says which two: 0.7 of a percent may be 70 % or seven tenths of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from sharedvalue.engine.errors import did_you_mean
from sharedvalue.engine.language.reader import as_number, as_yes_no
from sharedvalue.engine.language.source import Items, Node, Table, Text
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    say,
)

UNKNOWN = ("", "unknown", "null", "~")
ERROR_CELLS = ("#N/A", "#NV", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_ABOUT = re.compile(r"^(?:about|around|some|roughly|circa|ca\.?|~)\s*(?=[-+.\d])", re.IGNORECASE)
_ONE = r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?\s*%?"
_RANGE = re.compile(
    rf"^(?:between\s+)?({_ONE})\s*(?:\.\.|-|\u2010|\u2011|\u2012|\u2013|\u2014|\u2212|\bto\b|\band\b)\s*({_ONE})$",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"^\d{1,3}(?:([.,'’\u00a0\u202f ])\d{3})(?:\1\d{3})*$", re.ASCII)
_DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$", re.ASCII)


def read_value(text: Text, kind: ValueType | TextType | MapType | RecordsType) -> int | str | None:
    """A written value as its scaled integer (a text stays text); None when it is not of the type or out of range.

    A judgement in a word is read as the middle of what the word can mean.
    """
    if isinstance(kind, MapType):
        return read_value(text, kind.of)
    if isinstance(kind, YesNo):
        answer = as_yes_no(text)
        return None if answer is None else int(answer)
    if isinstance(kind, ChoiceType):
        wanted = _word(text.value)
        if {"yes", "no"} <= set(kind.options) and (answer := as_yes_no(text)) is not None:
            wanted = "yes" if answer else "no"  # some programs write true and false for a plain yes and no
        return next(
            (code for option, code in zip(kind.options, kind.codes, strict=True) if _word(option) == wanted),
            None,
        )
    if isinstance(kind, NumberType):
        if (word := kind.word(text.value)) is not None:
            return word.middle
        number = _number(text, kind)
        scaled = None if number is None else number * kind.scale
        fits = scaled is not None and scaled.denominator == 1 and kind.lo <= scaled <= kind.hi
        allowed = not kind.values or scaled in kind.values
        return int(scaled) if scaled is not None and fits and allowed else None
    return text.value if isinstance(kind, TextType) else None


def _word(text: str) -> str:
    """A word of a choice without what people write differently: case, spaces, dashes."""
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def _number(text: Text, kind: NumberType) -> Fraction | None:
    """The number that is meant, in units of the type; None where it is none, or could be two."""
    written = _ABOUT.sub("", text.value.strip())
    if not written.endswith("%"):
        number = as_number(Text(written, text.place))
        return None if number is not None and maybe_a_share(number, kind) else number
    number = as_number(Text(written[:-1].rstrip(), text.place))
    if number is None or not (kind.unit == "percent" or _is_share(kind)):
        return None
    return number / 100 if _is_share(kind) else number


def _is_share(kind: NumberType) -> bool:
    """A number from 0 to 1, such as a weight."""
    return kind.lo == 0 and kind.hi == kind.scale


def maybe_a_share(number: Fraction, kind: NumberType) -> bool:
    """Whether a number without a percent sign could be a share of one: 0.7 where 70 % is meant."""
    return kind.unit == "percent" and 0 < abs(number) < 1


def in_full(text: Text, kind: ValueType) -> Node:
    """A range or a list that is written short, 20..50, 20-50, a|b, as {between: [20, 50]} or {one_of: [a, b]}."""
    if "|" in text.value:
        return _table("one_of", text.value.split("|"), text)
    if isinstance(kind, NumberType) and (match := _RANGE.match(text.value.strip())):
        return _table("between", match.groups(), text)
    if isinstance(kind, NumberType) and kind.words and len(ends := text.value.split(" to ")) == 2:
        return _table("between", ends, text)  # partly to largely
    if ".." in text.value:
        return _table("between", text.value.split(".."), text)
    return text


def _table(key: str, parts: Sequence[str], text: Text) -> Table:
    place = text.place
    return Table({key: Items(tuple(Text(part.strip(), place) for part in parts), place)}, place, {key: place})


def expected_of(kind: ValueType | TextType | MapType | RecordsType) -> str:
    """What a value of a type looks like, for messages."""
    if isinstance(kind, YesNo):
        return "true or false"
    if isinstance(kind, ChoiceType):
        return "one of: " + ", ".join(kind.options)
    if isinstance(kind, MapType):
        return expected_of(kind.of)
    if isinstance(kind, NumberType) and kind.values:
        return "one of: " + ", ".join(say(value, kind) for value in kind.values)
    if isinstance(kind, NumberType):
        words = f", or a word: {', '.join(word.name for word in kind.words)}" if kind.words else ""
        finest = {10: " with at most one decimal", 1000: " with at most three decimals"}.get(kind.scale, "")
        return f"a {'' if finest else 'whole '}number from {say(kind.lo, kind)} to {say(kind.hi, kind)}{finest}{words}"
    return "a text" if isinstance(kind, TextType) else "a list of records"


def mend_of(
    text: Text, kind: ValueType | TextType | MapType | RecordsType, otherwise: str = "; or write unknown"
) -> str:
    """What to write instead of a text that is no value of a type: what was likely meant, else what fits."""
    likely = _likely(text, kind.of if isinstance(kind, MapType) else kind)
    if likely:
        return likely
    known = kind.options if isinstance(kind, ChoiceType) else ()
    if isinstance(kind, NumberType):
        known = tuple(word.name for word in kind.words)
    near = did_you_mean(text.value, known)
    return f"{near} It must be {expected_of(kind)}{otherwise}.".strip()


def _likely(text: Text, kind: ValueType | TextType | RecordsType) -> str:
    written = text.value.strip()
    if written.upper() in ERROR_CELLS:
        return "This is an error of a spreadsheet: mend its formula, or leave it empty where the value is unknown."
    if not isinstance(kind, NumberType) or kind.values:
        return ""
    plain = "".join(
        sign if (digit := unicodedata.decimal(sign, None)) is None else str(digit) for sign in written
    )
    if plain != written and isinstance(read_value(Text(plain, text.place), kind), int):
        return f"Write it in plain digits: {plain}."
    if kind.scale == 1 and _THOUSANDS.match(written):
        whole = re.sub(r"\D", "", written)
        return f"If it is {int(whole):,}, write {whole}: without a mark for the thousands."
    if _DECIMAL_COMMA.match(written) and isinstance(
        read_value(Text(point := written.replace(",", "."), text.place), kind), int
    ):
        return f"Write {point}, with a point."
    number = as_number(Text(_ABOUT.sub("", written.removesuffix("%").rstrip()), text.place))
    if number is None:
        return ""
    if written.endswith("%") and kind.unit != "percent" and not _is_share(kind):
        return f"It is no share: write {expected_of(kind)}, without %."
    if maybe_a_share(number, kind) and not written.endswith("%"):
        return _either(number, kind)
    if _is_share(kind) and 1 < number <= 100:
        return f"If it is {_shown(number)} of 100, write {_shown(number / 100)}."
    if kind.scale > 1 and kind.lo <= number * kind.scale <= kind.hi:
        nearest = Fraction(int(number * kind.scale + Fraction(1, 2)), kind.scale)
        return f"Values are kept to 1/{kind.scale} of a unit: write {_shown(nearest)}{' %' if maybe_a_share(nearest, kind) else ''}."
    return ""


def _either(number: Fraction, kind: NumberType) -> str:
    """A number below one where percent are asked for: a share of one, or a part of one percent?"""
    share = number * 100
    first = (
        f"If it is {_shown(share)} %, write {_shown(share)}" if (share * kind.scale).denominator == 1 else ""
    )
    second = (
        f"if it is less than one percent, write '{_shown(number)} %'"
        if (number * kind.scale).denominator == 1
        else ""
    )
    both = "; ".join(part for part in (first, second) if part)
    return f"{both[:1].upper()}{both[1:]}." if both else ""


def _shown(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
