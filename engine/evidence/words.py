"""What tools call their columns and what people answer, in many languages: read from `rules/exports/`, one file a tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.evidence.layout import folded, folded_row
from sharedvalue.engine.evidence.tool_files import kept, trees
from sharedvalue.engine.language.source import Items, Node, Table, Text

LANGUAGES = {
    "en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese", "de": "German", "ar": "Arabic", "ru": "Russian",
    "zh": "Chinese", "it": "Italian", "nl": "Dutch", "pl": "Polish", "tr": "Turkish", "ja": "Japanese", "ko": "Korean",
}  # fmt: skip
FIRST_WITHOUT_BLANKS = 0x2E80  # from here on: Chinese and Japanese


@dataclass(frozen=True)
class Tool:
    """What one tool writes. `headings` holds, for each of its own columns, all ways to write it, folded, with its languages;
    `lists` what else the file lists, folded, all languages together."""

    headings: Mapping[str, Mapping[str, tuple[str, ...]]]
    lists: Mapping[str, frozenset[str]]

    def place(self, names: Sequence[str], *keys: str) -> int | None:
        """The position of the first of these columns that is there."""
        have = folded_row(names)
        for key in keys:
            found = [i for i, name in enumerate(have) if name in self.headings.get(key, ())]
            if found:
                return found[0]
        return None

    def met(self, names: Sequence[str]) -> dict[int, str]:
        """Which of the tool's own columns stands where. A heading that may be several is the first that is not met yet."""
        found: dict[int, str] = {}
        for i, name in enumerate(folded_row(names)):
            for key, written in self.headings.items():
                if name in written and key not in found.values():
                    found[i] = key
                    break
        return found

    def is_heading(self, cell: str, key: str) -> bool:
        return folded(cell) in self.headings.get(key, ())

    def language(self, names: Sequence[str]) -> str:
        """The language that most of these headings are written in, as an English word; empty for none."""
        votes: dict[str, int] = {}
        for i, key in self.met(names).items():
            for language in self.headings[key].get(folded(names[i]), ()):
                votes[language] = votes.get(language, 0) + 1
        best = max(votes, key=lambda each: (votes[each], each == "en"), default="")
        return LANGUAGES.get(best, "")


@dataclass(frozen=True)
class Scale:
    """An ordered scale of one language, worst to best; `yes` are those that say yes."""

    answers: tuple[str, ...]
    yes: frozenset[str]


@kept
def tool(name: str) -> Tool:
    """The words of a tool, with those that a house adds."""
    headings: dict[str, dict[str, tuple[str, ...]]] = {}
    lists: dict[str, frozenset[str]] = {}
    for key, node in _entries(name):
        if key == "headings" and isinstance(node, Table):
            for column, languages in node.entries.items():
                written = headings.setdefault(column, {})
                for language, words in _by_language(languages).items():
                    for word in words:
                        written[folded(word)] = (*written.get(folded(word), ()), language)
        elif key != "tool":
            said = frozenset(folded(word) for words in _by_language(node).values() for word in words)
            lists[key] = lists.get(key, frozenset()) | said
    return Tool(headings, lists)


@kept
def scales() -> tuple[Scale, ...]:
    """All ordered scales of answers, each in one language."""
    found = []
    for key, node in _entries("answers"):
        for languages in node.entries.values() if key == "scales" and isinstance(node, Table) else ():
            for inner in languages.entries.values() if isinstance(languages, Table) else ():
                ends = _by_language(inner)
                no, yes = ([folded(word) for word in ends.get(each, ())] for each in ("no", "yes"))
                found.append(Scale((*no, *yes), frozenset(yes)))
    return tuple(found)


@kept
def plain_words_for(end: str) -> frozenset[str]:
    """A plain "yes", or a plain "no", in every language."""
    said = [
        _by_language(inner).get(end, ())
        for key, node in _entries("answers")
        for inner in (node.entries.values() if key == "yes_or_no" and isinstance(node, Table) else ())
    ]
    return frozenset(folded(word) for words in said for word in words)


@kept
def yes_words() -> frozenset[str]:
    """Answers that say yes: by themselves, or as the better part of a scale."""
    return plain_words_for("yes").union(*(scale.yes for scale in scales()))


@kept
def no_words() -> frozenset[str]:
    """Answers that say no: by themselves, or as another part of a scale than its better one."""
    return plain_words_for("no") | (scale_words() - yes_words())


@kept
def scale_words() -> frozenset[str]:
    return frozenset(word for scale in scales() for word in scale.answers)


def scale_of(answers: Sequence[str]) -> Scale | None:
    """The scale that holds all of some answers, besides those that say nothing; None where there is none."""
    said = {folded(a) for a in answers} - says_nothing()
    if said <= plain_words_for("yes") | plain_words_for("no"):
        return None  # a plain question is no scale
    return next((s for s in scales() if len(said) > 1 and said <= set(s.answers)), None)


@kept
def says_nothing() -> frozenset[str]:
    """Answers that are none: 'prefer not to say', folded."""
    return _all("answers", "says_nothing")


@kept
def names_nothing() -> frozenset[str]:
    """Free texts that name nothing, and whatever says nothing."""
    return _all("answers", "names_nothing") | says_nothing() | {""}


@kept
def ends() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What labels the better and the worse end of a scale of numbers, longest first."""
    better, worse = (sorted(_all("answers", key), key=len, reverse=True) for key in ("better", "worse"))
    return tuple(better), tuple(worse)


@kept
def people(key: str) -> frozenset[str]:
    """A list of people.yaml, folded, all languages together."""
    return _all("people", key)


@kept
def phrases(key: str) -> tuple[str, ...]:
    """A list of people.yaml without marks, to be looked for within a heading."""
    return tuple(sorted({plain_words(word) for word in people(key)}))


def _all(file: str, key: str) -> frozenset[str]:
    return frozenset(folded(word) for word in _words(file, key))


@kept
def cues(role: str) -> tuple[str, ...]:
    """Words by which the heading of a column that has a role gives itself away, without marks."""
    return tuple(plain_words(word) for word in _words("questions", role))


def cued(heading: str, role: str) -> int:
    """How many words of a role stand in a heading, each at the start of a word."""
    return len(_met(heading, role))


def cued_rather(heading: str, role: str, other: str) -> bool:
    """Whether a heading gives itself away for another role: by more words, or by longer ones that hold those of the role."""
    mine, others = set(_met(heading, role)), set(_met(heading, other))
    if not others or len(mine) > len(others):
        return False
    return len(mine) < len(others) or all(any(cue != long and cue in long for long in others) for cue in mine)


def _met(heading: str, role: str) -> list[str]:
    text = f" {plain_words(heading)}"
    return [cue for cue in cues(role) if (f" {cue}" in text if spaced(cue) else cue in text)]


def _words(file: str, key: str) -> list[str]:
    return [
        word
        for found, node in _entries(file)
        if found == key
        for words in _by_language(node).values()
        for word in words
    ]


def _entries(file: str) -> list[tuple[str, Node]]:
    return [entry for tree in trees(file) for entry in tree.entries.items()]


def plain_words(text: str) -> str:
    """Small letters and single blanks, without marks."""
    return " ".join("".join(c if c.isalnum() else " " for c in folded(text)).split())


def spaced(text: str) -> bool:
    """Whether a text is written in a script that parts its words by blanks."""
    return all(ord(c) < FIRST_WITHOUT_BLANKS for c in text)


def _by_language(node: Node) -> dict[str, list[str]]:
    """Words by language; a list without languages stands under ''."""
    if isinstance(node, Text):
        return {"": [node.value]}
    if isinstance(node, Items):
        return {"": [item.value for item in node.items if isinstance(item, Text)]}
    return {
        language: [word for words in _by_language(inner).values() for word in words]
        for language, inner in node.entries.items()
    }
