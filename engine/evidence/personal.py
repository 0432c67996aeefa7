"""Whether a column names people: by its heading, in many languages, and by what stands in it. In doubt it is held back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

from sharedvalue.engine.evidence.dates import is_date, parse
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.tool_files import kept
from sharedvalue.engine.evidence.words import (
    cued,
    people,
    phrases,
    plain_words,
    says_nothing,
    scale_words,
    spaced,
    yes_words,
)

SURELY, MAYBE = "surely", "maybe"
ARTICLE = "ال"  # in Arabic: with it a word is a thing's, and rarely a name's first
SHORT_HEADING = 6  # words; a longer heading that holds the word "name" is a question about something else
SOME = 2_000
AROUND = 80  # characters before and after an @ that can be part of an address
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
WHOLE_EMAIL = re.compile(rf"(?:mailto:)?{EMAIL.pattern}")
IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}")
PHONE = re.compile(
    r"(?<![\w.,/])(?:\+|00?)\d(?:[ ().\-/]{0,2}\d){6,13}(?![\w])|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)"
)
WHOLE_PHONE = re.compile(r"\+?\(?\d[\d ().\-/]{6,22}")
UUID = re.compile(r"(?:uuid:)?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
HANDLE = re.compile(r"@[\w.-]{2,40}(?:#\d{4})?|[\w.]{2,32}#\d{4}")
PROFILE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:linkedin\.com/in|github\.com|gitlab\.com|twitter\.com|x\.com|facebook\.com|t\.me|orcid\.org)/\S+",
    re.IGNORECASE,
)
IDENT = re.compile(r"(?=\S*\d)[A-Z]{0,4}-?\d{5,14}")
WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?")
MOST_WORDS, LONGEST_NAME = 5, 60
FEWEST_FIRST, MANY_FIRST = (
    3,
    8,
)  # different answers, from which on they may be first names; or are, unless something speaks against it
KNOWN_FIRST = 0.2  # a share of frequent ones among them
OTHERWISE = ("needs", "value_now", "value_outlook", "openness", "segment", "level", "participation", "choice")
YEARS_OLD, YEARS_APART = (
    12,
    15,
)  # of dates that are birthdays: how long ago the middle one lies, and how far they spread


@kept
def by_heading(heading: str) -> str:
    """surely, maybe, or nothing."""
    words = f" {plain_words(heading)} "
    blanks = spaced(words)
    found = [phrase for phrase in phrases(SURELY) if _holds(words, phrase)]
    if found and (len(words.split()) <= 2 * SHORT_HEADING or not blanks or max(map(len, found)) > 8):
        return SURELY
    if words.strip() in people(MAYBE):
        return SURELY
    short = len(words.split()) <= SHORT_HEADING if blanks else len(words) <= 16
    if short and not any(_holds(words, word) for word in phrases("not_with")):
        return MAYBE if any(_holds(words, word) for word in phrases(MAYBE)) else ""
    return ""


def _holds(words: str, phrase: str) -> bool:
    """Whether a heading holds a phrase as whole words; in scripts without blanks, as a part of it."""
    if spaced(phrase):
        return f" {phrase} " in words
    return words.strip() == phrase if len(phrase) == 1 else phrase in words


def by_content(counts: Mapping[str, int], answered: int) -> str:
    """surely where most cells are addresses, numbers to call, accounts, birthdays; maybe where they look like names or ids."""
    some = list(counts)[:SOME]
    if not some:
        return ""
    for test in (_is_address, HANDLE.fullmatch, PROFILE.fullmatch, _is_phone):
        if _share(some, test) >= 0.5:
            return SURELY
    if _are_birthdays(some):
        return SURELY
    distinct = len(counts) / answered
    if distinct >= 0.8 and len(some) >= 3 and _share(some, IDENT.fullmatch) >= 0.9:
        return MAYBE
    if len(some) >= 3 and (_share(some, could_be_name) >= 0.8 or _are_short_names(some)):
        return MAYBE
    return ""


def by_first_names(heading: str, counts: Mapping[str, int]) -> bool:
    """Whether the answers look like first names: several frequent ones are among them; or they are many, and single words that
    begin large, under a heading that asks for nothing which such words may be (a place, a role, a need)."""
    some = list(counts)[:SOME]
    if len(some) < FEWEST_FIRST or _share(some, _could_be_first_name) < 0.8 or _asks_for_something(heading):
        return False
    known = sum(any(folded(word) in people("given") for word in cell.split()) for cell in some)
    if known >= max(2, KNOWN_FIRST * len(some)):
        return True
    return len(some) >= MANY_FIRST and all(map(spaced, some))


def _could_be_first_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 2 or not all(map(WORD.fullmatch, map(_without_marks, words))):
        return False
    said = folded(text)
    if said in scale_words() | yes_words() | says_nothing() or any(
        folded(w) in people("no_names") for w in words
    ):
        return False
    if text.upper() == text.lower():
        return not words[0].startswith(ARTICLE)
    return all(word[0].isupper() and not (word.isupper() and len(word) > 1) for word in words)


def _asks_for_something(heading: str) -> bool:
    words = f" {plain_words(heading)} "
    return any(_holds(words, word) for word in phrases("not_with")) or any(
        cued(heading, role) for role in OTHERWISE
    )


def _without_marks(text: str) -> str:
    """Vowel signs and accents that stand alone are no letters to a pattern."""
    return text if text.isascii() else "".join(c for c in text if unicodedata.category(c)[0] != "M")


def _share(cells: Collection[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def _is_address(cell: str) -> bool:
    return bool(WHOLE_EMAIL.fullmatch(cell) or IP.fullmatch(cell) or UUID.fullmatch(cell))


def _is_phone(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    marked = cell[:1] in "+0(" or " " in cell or "-" in cell
    return 7 <= digits <= 15 and marked and WHOLE_PHONE.fullmatch(cell) is not None and not is_date(cell)


def _are_birthdays(cells: Collection[str]) -> bool:
    import datetime as dt

    days = [day for cell in cells if (day := parse(cell, "day first") or parse(cell, "month first"))]
    if len(days) < 3 or len(days) < 0.8 * len(cells):
        return False
    days.sort()
    old = dt.date.today().year - days[len(days) // 2].year
    return old >= YEARS_OLD and days[-1].year - days[0].year >= YEARS_APART


def could_be_name(text: str) -> bool:
    """Whether an answer has the form of a person's name: two to five words that all begin large, none of them of another kind.

    In a script without large letters: two to four words, or two to five signs of which the first begins many names.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_NAME or folded(text) in scale_words():
        return False
    text = _without_marks(text)
    words = text.replace(",", " ").split()
    if not words or not all(WORD.fullmatch(word) for word in words) or len(words) > MOST_WORDS:
        return False
    if any(folded(word.rstrip(".")) in people("no_names") for word in words):
        return False
    if text.upper() == text.lower():  # no letter of this script is large or small
        return _caseless_name(words)
    return len(words) > 1 and all(word[0].isupper() or folded(word) in people("whose") for word in words)


def _are_short_names(cells: Collection[str]) -> bool:
    """Whether answers without blanks are as short as names, and half of them begin as many names do."""
    short = _share(cells, lambda cell: 2 <= len(cell) <= 4 and not spaced(cell))
    return short >= 0.9 and _share(cells, could_be_name) >= 0.5


def _caseless_name(words: list[str]) -> bool:
    """A name in a script whose letters have no case. Two to four words may be one, unless the first has an article."""
    if len(words) == 1:
        sign = words[0]
        return 2 <= len(sign) <= 5 and any(sign.startswith(begin) for begin in people("begins"))
    return len(words) <= 4 and (
        any(word in people("given") for word in words) or not words[0].startswith(ARTICLE)
    )


def names_someone(text: str) -> bool:
    """Whether somebody can be reached by what a text holds: an e-mail address, a telephone number, an address on the net."""
    at = text.find("@")
    while at >= 0:
        if EMAIL.search(text[max(0, at - AROUND) : at + AROUND]):
            return True
        at = text.find("@", at + 1)
    if HANDLE.fullmatch(text) or PROFILE.fullmatch(text) or IP.fullmatch(text[:50]):
        return True
    if sum(map(str.isdigit, text[:LONG_TEXT])) < 7:
        return False
    return PHONE.search(text[:LONG_TEXT]) is not None or any(
        sum(map(str.isdigit, found[0])) >= DIGITS_TO_CALL and not is_date(found[0])
        for found in IN_GROUPS.finditer(text[:LONG_TEXT])
    )


LONG_TEXT = 20_000
IN_GROUPS = re.compile(r"(?<![\d.,/-])\d{2,4}(?:[ .-]\d{2,4}){2,4}(?![\d/-])")
DIGITS_TO_CALL = 9  # of a number that is written in groups, without the sign of a country
