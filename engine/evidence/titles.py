"""Titles of pages, posts and questions without the names in them: of people whom the files know, and of those who look like one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sharedvalue.engine.evidence.attendees import FEWEST_LETTERS
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.personal import could_be_name
from sharedvalue.engine.evidence.words import people

SOMEBODY = "..."
MOST_PEOPLE = 200_000
SIGNS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d"  # of vowels
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{SIGNS}]|[-'’](?=[^\W\d_]))*")
LONGEST_SHORT = 6  # signs of a name that is written without blanks
SELDOM = 2  # titles up to which a word in letters without case may be a name
JOINED = re.compile(r"[.…]{3,}(?:[\s,&]+[.…]{3,})*")


@dataclass(frozen=True)
class Names:
    """Names that the files of an import hold, folded: whole ones, and the words that they are made of."""

    whole: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, exports: Iterable[Export]) -> Names:
        """Those in the columns that name people: authors, members, who came."""
        found: dict[str, None] = {}
        for export in exports:
            places = [
                i for i, column in enumerate(export.columns) if column.kind in ("identity", "held-back")
            ]
            for row in export.rows() if places else ():
                for i in places:
                    if i < len(row) and len(found) < MOST_PEOPLE and _is_name(row[i]):
                        found[folded(row[i])] = None
        words = {word for name in found for word in WORD.findall(name) if len(word) >= FEWEST_LETTERS}
        return cls(frozenset(found), frozenset(words - people("no_names")))


def without_names(titles: Sequence[str], names: Names) -> list[str]:
    """Titles in which names are left out. A word of a name is one where it begins large and is written small in no title: somebody
    called Grant makes no name of each grant. In letters without case, where few titles hold it."""
    of = Counter(word for title in titles for word in set(WORD.findall(title)))
    small = {word for word, n in of.items() if word[0].islower() or (_caseless(word) and n > SELDOM)}
    return [_without(title, names, small) for title in titles]


def _is_name(cell: str) -> bool:
    """Whether a cell of a column that names people is a name, and no address or number."""
    return could_be_name(cell) or (
        2 <= len(cell) <= LONGEST_SHORT and _caseless(cell) and bool(WORD.fullmatch(cell))
    )


def _caseless(word: str) -> bool:
    return word.upper() == word.lower()


def holds_a_name(text: str) -> bool:
    """Whether a text holds a frequent first name, with a word behind it that begins large: a name, most likely."""
    return next(iter(_pairs(text)), None) is not None


def without_full_names(text: str, mark: str) -> str:
    """A text with a mark in the place of each frequent first name with a last name behind it."""
    for start, end in sorted(_pairs(text), reverse=True):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _without(title: str, names: Names, small: Collection[str]) -> str:
    gone: list[tuple[int, int]] = list(_pairs(title)) if not _all_large(title) else []
    text = title.casefold()
    if len(text) == len(title):
        for name in names.whole:
            if name in text and (start := _place(text, name)) >= 0:
                gone.append((start, start + len(name)))
    for found in WORD.finditer(title):
        word = found[0]
        large = word[0].isupper() or _caseless(word)
        if large and folded(word) in names.words and folded(word) not in small:
            gone.append(found.span())
    return _cut(title, gone) if gone else title


def _place(text: str, name: str) -> int:
    """Where a name stands as whole words; in scripts without blanks, anywhere."""
    if name.isascii() or name.upper() != name.lower() or " " in name:
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        return found.start() if found else -1
    return text.find(name)


def _pairs(text: str) -> Iterable[tuple[int, int]]:
    """Where a frequent first name stands with a word behind it that begins large, as a name is written."""
    words = list(WORD.finditer(text))
    for one, other in pairwise(words):
        first, last = one[0], other[0]
        between = text[one.end() : other.start()]
        if not (first[0].isupper() and last[0].isupper() and between == " "):
            continue
        if folded(first) in people("given") and folded(last) not in people("no_names"):
            yield one.start(), other.end()


def _all_large(title: str) -> bool:
    """Whether nearly all words begin large, so that a large letter says nothing."""
    words = WORD.findall(title)[1:]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.75 * len(words)


def _cut(title: str, gone: Iterable[tuple[int, int]]) -> str:
    kept, at = "", 0
    for start, end in sorted(gone):
        if end > at:
            kept += title[at : max(at, start)] + SOMEBODY
            at = end
    return JOINED.sub(SOMEBODY, kept + title[at:])
