"""What is shown of the example of an outcome: what tells it from the others first, and nothing of lists that nobody gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharedvalue.engine.decision.decide import Decision, PossibleOutcome
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.rulebook import RuleBook


@dataclass(frozen=True)
class Example:
    """The facts of one world that are shown, what tells it from the others first; and the lists that nobody gave on which it
    hangs too, where the facts alone would leave it looking like the world of another outcome."""

    facts: tuple[str, ...]
    lists: tuple[str, ...]


def example_of(decision: Decision, possible: PossibleOutcome) -> Example:
    """What to show of the world of one possible outcome."""
    book, here = decision.worlds.book, possible.example
    facts = [n for n in decision.pivotal if n in here and fact_of(n) in book.facts]
    others = [one for one in decision.possible if one is not possible]
    alike, first = list(others), list[str]()
    while alike and (best := _best(possible, alike, [n for n in facts if n not in first])):
        first.append(best)
        alike = [one for one in alike if one.example.get(best) == here[best]]
    hidden = [n for n in here if n in book.measures]
    lists = dict.fromkeys(
        name
        for one in alike
        for n in hidden
        if one.example.get(n) != here[n]
        for name in sorted(book.measures[n].lists)
    )
    return Example((*first, *(n for n in facts if n not in first)), tuple(lists))


def hangs_on(decision: Decision) -> tuple[str, ...]:
    """The facts and lists that an answer hangs on, as people can give them: of a measure over a list, the list."""
    return as_given(decision.worlds.book, decision.pivotal)


def as_given(book: RuleBook, names: Iterable[str]) -> tuple[str, ...]:
    """Values as people can give them: for a measure over a list, the list."""
    found = dict[str, None]()
    for name in names:
        lists = () if fact_of(name) in book.facts else sorted(book.measures[name].lists)
        found.update(dict.fromkeys(lists or (name,)))
    return tuple(found)


def _best(possible: PossibleOutcome, alike: Sequence[PossibleOutcome], names: Sequence[str]) -> str | None:
    """The fact by which a world differs from most of some others; None where it differs by none."""
    apart = {n: sum(one.example.get(n) != possible.example[n] for one in alike) for n in names}
    best = max(apart, key=lambda n: apart[n], default=None)
    return best if best is not None and apart[best] else None


__all__ = ["Example", "as_given", "example_of", "hangs_on"]
