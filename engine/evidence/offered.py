"""What a question offered, as far as its column tells: its answers in their order, which say yes, which say nothing, its ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sharedvalue.engine.evidence.export import Column, Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.personal import names_someone
from sharedvalue.engine.evidence.splitting import RARE, split
from sharedvalue.engine.evidence.words import cued, ends, says_nothing, yes_words

FEW = 7  # up to so many answers, those that a file holds are all that were offered
MOST_OPTIONS = 60
FEWEST_HOLDING = 3
SLIDER = 20  # steps from which a scale of numbers is one to slide along
TEN = 10
HIGHEST = 100  # of a slider; whatever goes beyond counts something else
LOW, HIGH = "low", "high"
LABELLED = re.compile(r"(?P<number>\d{1,3})\s*[=:(–—-]\s*(?P<label>[^\d,;)/，、；،؛）]{2,60})")


@dataclass(frozen=True)
class Scale:
    """A scale of numbers. `best` is low or high, or empty where nothing says so; `said` is what the file calls its numbers."""

    low: int
    high: int
    best: str = ""
    said: str = ""

    @property
    def start(self) -> int:
        """From where on somebody agrees, as it is offered; counted from the better end."""
        steps = max(1, (self.high - self.low) // 4) if self.high - self.low >= SLIDER else 1
        return self.low + steps if self.best == LOW else self.high - steps


@dataclass(frozen=True)
class Offered:
    """`known` holds all answers that there may be, where they are few and none is hidden; `others` counts those that are."""

    answers: tuple[str, ...]
    yes: tuple[str, ...]
    nothing: tuple[str, ...]
    known: tuple[str, ...]
    others: int
    scale: Scale | None
    separator: str


def offered(column: Column) -> Offered:
    labels = tuple(a.label for a in column.answers)
    nothing = tuple(label for label in labels if folded(label) in says_nothing())
    answers = tuple(label for label in labels if label not in nothing)
    yes = tuple(label for label in answers if folded(label) in yes_words())
    known = answers if len(answers) <= FEW and not column.others else ()
    return Offered(answers, yes, nothing, known, column.others, _scale(column, answers), column.separator)


def options_under(export: Export, index: int, separator: str) -> tuple[str, ...]:
    """The options of a column where a person says what stands between several answers; the most frequent first."""
    place = next(p for p, c in enumerate(export.columns) if c.index == index)
    counts: Counter[str] = Counter()
    for row in export.rows():
        counts.update(set(split(row[place], separator)))
    shown = (label for label, n in counts.most_common() if n > RARE and not names_someone(label))
    return tuple(islice(shown, MOST_OPTIONS))


def within_one_another(labels: Sequence[str]) -> bool:
    """Whether answers hold other answers whole, several times over: what parts them was not recognised."""
    return sum(any(a != b and a in b for a in labels) for b in labels) >= FEWEST_HOLDING


def _scale(column: Column, answers: tuple[str, ...]) -> Scale | None:
    if column.kind == "number":
        spread = column.numbers
        if spread is None or not 0 <= spread.low <= spread.high <= HIGHEST:
            return None
        high = next(top for top in (10, 20, 50, HIGHEST) if spread.high <= top)
        return Scale(0, high, *_better(column))
    numbers = [_number(answer) for answer in answers]
    if not numbers or None in numbers:
        return None
    found = [number for number in numbers if number is not None]
    # Few choose the lowest answers, so that the lowest one seen may not be the first that was offered.
    lowest = 0 if max(found) == TEN and cued(column.name, "from_nought") else 1
    return Scale(min(lowest, min(found)), max(found), *_better(column))


def _number(answer: str) -> int | None:
    found = re.match(r"\s*(-?\d{1,3})(?!\d)", answer)
    return int(found[1]) if found else None


def _better(column: Column) -> tuple[str, str]:
    """Which end is the better one, by a label in the heading or in the answers (`1 = very satisfied`), and all such labels."""
    places: list[tuple[int, str]] = []
    for text in (column.name, *(a.label for a in column.answers)):
        places += [(int(found["number"]), found["label"].strip()) for found in LABELLED.finditer(text)]
    if not places:
        return "", ""
    said = "; ".join(f"{number} = {label}" for number, label in dict(places).items())
    lowest = min(number for number, _ in places)
    for number, label in places:
        if side := _side(label):
            at_low = number == lowest and number <= 1
            return LOW if (side > 0) == at_low else HIGH, said
    return "", said


def _side(label: str) -> int:
    """1 for the label of a better end, -1 for that of a worse one, 0 where it says neither. The longest words decide."""
    text = folded(label)
    better, worse = ends()
    up = max((len(words) for words in better if words in text), default=0)
    down = max((len(words) for words in worse if words in text), default=0)
    return (up > down) - (down > up)


__all__ = ["FEW", "HIGH", "LOW", "Offered", "Scale", "offered", "options_under", "within_one_another"]
