"""What to ask next: the open fact whose answer could settle most, against what it costs to learn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.decision import Decision
from engine.language.domains import Domain
from engine.questions.moves import Moves

PIECES = 6  # values of one fact that are tried; a sample where the fact has more


@dataclass(frozen=True)
class Ask:
    """An open fact to learn. `worth` is the mean number of outcomes that an answer rules out; `effort` a house default.

    `exact` is False where only some of the fact's values were tried.
    """

    name: str
    question: str
    how: str
    worth: Fraction
    effort: int
    exact: bool


def ask_next(decision: Decision, most: int = 5) -> tuple[Ask, ...]:
    """The pivotal facts, the one worth most for its effort first (house default)."""
    moves = Moves(decision)
    found = []
    for name in decision.pivotal:
        fact, spec = moves.written(name) if name.split("[")[0] in decision.worlds.book.facts else (None, None)
        worth, exact = _worth(moves, name, len(decision.possible))
        question = fact.ask if fact is not None and spec is None else None
        how = (
            spec.how
            if spec is not None
            else fact.how
            if fact is not None
            else decision.worlds.book.measures[name].title
        )
        found.append(
            Ask(
                name,
                question.question if question else "",
                how,
                worth,
                question.effort if question else 20,
                exact,
            )
        )
    found.sort(key=lambda ask: (-ask.worth / max(1, ask.effort), ask.effort, ask.name))
    return tuple(found[:most])


def _worth(moves: Moves, name: str, now: int) -> tuple[Fraction, bool]:
    """How many outcomes an answer rules out, on average over the values of the fact that are tried."""
    points = list(moves.worlds.domains[name].values())
    exact = len(points) <= PIECES
    if not exact:
        points = [points[i * (len(points) - 1) // (PIECES - 1)] for i in range(PIECES)]
    left = [len(outcomes) for point in points if (outcomes := moves.outcomes(name, Domain.known(point)))]
    return (Fraction(now) - Fraction(sum(left), len(left)) if left else Fraction(0)), exact
