"""What tells an answer from the one that tempts: the facts in which the two differ, and what would make the other one right.

The tempting answer is the trainee's own where it is not the book's; else what a popular rule would say here, or the outcome
that is nearest. Facts tell the two apart where changing them, in the fewest ways that do it, turns one into the other. A
guard that holds as well for both tells nothing, and nobody is asked to name it.
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
    """`ways`: each a set of facts that together turn the answer into the `tempting` one, the fewest and cheapest first.

    `cheapest` is the change that would make the tempting answer right, or possible (see Flip.certain). Where none does it is
    None, and `ways` holds the facts that rule that answer out, or nothing where those were not found in the time.
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


def contrast(decision: Decision, tempting: str) -> Contrast:
    """What tells a decision from a tempting outcome, by the changes after which that one is certain, or else possible."""
    flips = flip(decision, tempting, budget=FLIPPING)
    changing = fitting(decision, flips.flips) or fitting(decision, flips.openings)
    if not changing:
        ruling = frozenset(fact_of(name) for name in flips.against(tempting))
        return Contrast(tempting, (ruling,) if ruling else (), None)
    cheapest = min(changing, key=lambda one: (len(one.changes), one.cost))
    first = frozenset(fact_of(change.name) for change in cheapest.changes)
    ways = {frozenset(fact_of(change.name) for change in one.changes) for one in changing}
    least = [way for way in ways if not any(other < way for other in ways)]
    return Contrast(
        tempting, tuple(sorted(least, key=lambda way: (len(way), way != first, sorted(way)))), cheapest
    )
