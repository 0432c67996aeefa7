"""What members may need, proposed from what resonates: titles that share their words, grouped and counted. A person names them.

Nothing is invented: a proposal is words that stand in the titles, and what was counted of those. What resonates is no need until
somebody says so; how many have it, no count of visits says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.resonance import Item
from sharedvalue.engine.evidence.words import plain_words, spaced

MOST = 9  # proposals shown
FEWEST_LETTERS = 3
COMMON = 0.5  # a word in more of the titles than this says nothing of any


@dataclass(frozen=True)
class Proposal:
    """Words as a title has them, the titles that hold them, and how often those were viewed, asked or attended."""

    words: str
    items: tuple[str, ...]
    times: int


def proposals(items: Sequence[Item]) -> tuple[Proposal, ...]:
    """Titles that match no need yet, put together by the two neighbouring words, else by the word, that most of their visits share.

    A title that shares nothing is a proposal of its own. The most visited come first.
    """
    left = [item for item in items if not item.need]
    said = {item.label: _phrases(item.label) for item in left}
    spread = Counter(phrase for phrases in said.values() for phrase in phrases)
    dull = {phrase for phrase, n in spread.items() if " " not in phrase and n > max(2, COMMON * len(left))}
    found: list[Proposal] = []
    while left:
        weight: Counter[str] = Counter()
        for item in left:
            for phrase in said[item.label] - dull:
                weight[phrase] += item.times
        several = {
            p for p, n in Counter(p for item in left for p in said[item.label] - dull).items() if n > 1
        }
        shared = max(several, key=lambda p: (" " in p, weight[p], len(p), p), default="")
        mine = [item for item in left if shared in said[item.label]] if shared else left[:1]
        words = _as_written(shared, mine[0].label) if shared else _title(mine[0].label)
        found.append(Proposal(words, tuple(item.label for item in mine), sum(item.times for item in mine)))
        left = [item for item in left if item not in mine]
    found.sort(key=lambda each: (-each.times, each.words))
    return tuple(found[:MOST])


def _phrases(label: str) -> set[str]:
    """The words of a title, and each two that stand side by side."""
    words = plain_words(label).split()
    long = {
        word for word in words if (len(word) >= FEWEST_LETTERS or not spaced(word)) and not word.isdigit()
    }
    whole = {word for word in long if len(word) > FEWEST_LETTERS or not spaced(word)}
    return long | {f"{a} {b}" for a, b in pairwise(words) if a in whole and b in whole}


def _as_written(phrase: str, label: str) -> str:
    """A phrase with the capitals that it has in a title."""
    words = [
        word.strip(".,:;!?()[]\"'")
        for word in label.replace("/", " ").replace("-", " ").replace("_", " ").split()
    ]
    wanted = phrase.split()
    for i in range(len(words) - len(wanted) + 1):
        if [plain_words(word) for word in words[i : i + len(wanted)]] == wanted:
            return " ".join(words[i : i + len(wanted)])
    return phrase


def _title(label: str) -> str:
    """A title without what an address adds to it."""
    return " ".join(label.replace("/", " ").replace("-", " ").replace("_", " ").split()) or folded(label)
