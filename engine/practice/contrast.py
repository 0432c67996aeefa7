"""What tells an answer from the one that tempts: the facts in which the two differ, and what would make the other one right.

The tempting answer is the trainee's own where it is not the book's; else what a popular rule would say here, or the outcome
that is nearest. What tells the two apart is what stands in the way of the tempting one, in the sentences that say why it is
not the answer; then the facts of changes with sense that turn one into the other: things get worse towards what nobody wants,
and never towards a course. A guard that holds as well for both tells nothing, and nobody is asked to name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.practice.sense import contradicts
from sharedvalue.engine.questions.flip import Flip, Flips, flip

FLIPPING = 20.0  # seconds, as steps: the same comes out on every machine


@dataclass(frozen=True)
class Contrast:
    """`ways`: each a set of facts that tells the answer from the `tempting` one: first what stands in its way, fact by fact,
    then what together turns one into the other, the fewest and cheapest first.

    `cheapest` is a change of something that stands in its way, and in a direction with sense, that would make the tempting
    answer right, or possible (see Flip.certain); None where there is no such change.
    """

    tempting: str
    ways: tuple[frozenset[str], ...]
    cheapest: Flip | None

    @property
    def facts(self) -> frozenset[str]:
        """All facts that tell the two apart."""
        return frozenset().union(*self.ways)

    def best(self, named: Iterable[str]) -> frozenset[str]:
        """The way that fits best what was named; of equals the first."""
        chosen = set(named)
        return min(
            self.ways,
            key=lambda way: (-len(way & chosen) / len(way), len(way)),
            default=frozenset(),
        )


def fitting(decision: Decision, flips: Iterable[Flip]) -> tuple[Flip, ...]:
    """The flips after which the case does not contradict itself."""
    return tuple(
        f for f in flips if f.changes and not contradicts(decision, {c.name: c.to for c in f.changes})
    )


def nearest(decision: Decision, flips: Flips) -> Flip | None:
    """The cheapest change that leads to another outcome; one of a single fact, and all in one direction, if there is one."""
    return min(
        fitting(decision, flips.flips),
        key=lambda f: (len(f.changes) > 1, f.direction == "mixed", f.cost),
        default=None,
    )


def contrast(decision: Decision, tempting: str, barring: Iterable[str] = ()) -> Contrast:
    """What tells a decision from a tempting outcome, in whose way the facts `barring` stand, in the order of their weight."""
    flips, bars = flip(decision, tempting, budget=FLIPPING), tuple(dict.fromkeys(barring))
    entry = decision.worlds.book.outcomes.outcomes[tempting]
    way_there = "undo" if entry.hard or not entry.why_not.needs else "improve"

    def sound(found: Iterable[Flip]) -> list[Flip]:
        fits = [one for one in fitting(decision, found) if one.direction == way_there]
        return [one for one in fits if not bars or facts_in(one) & set(bars)]

    changing = sound(flips.flips) or sound(flips.openings)
    ways = [frozenset({name}) for name in bars]
    changing.sort(key=lambda one: (len(one.changes), one.cost))
    ways += [facts_in(one) for one in changing if not any(way <= facts_in(one) for way in ways)]
    if not ways and (ruling := frozenset(fact_of(name) for name in flips.against(tempting))):
        ways = [ruling]
    return Contrast(tempting, tuple(ways), changing[0] if changing else None)


def facts_in(found: Flip) -> frozenset[str]:
    """The facts that a flip changes."""
    return frozenset(fact_of(change.name) for change in found.changes)
