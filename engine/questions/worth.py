"""What to ask next: the open fact whose answer could settle most, against what it costs to learn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.facts import Fact, Question
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import FieldSpec
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.readings.prove import Steps

LAST = 1000
EFFORT = 20  # of a question that says nothing of it
PIECES = 6  # values of one fact that are tried; a sample where the fact has more
FEW_PIECES = 3  # and where many facts are pivotal
IN_STEPS = 6  # pivotal facts: of more than these, the steps of the rule book say what is asked first
MANY = 12  # pivotal facts: of more than these, only those are weighed that cost least to learn


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


def ask_next(decision: Decision, most: int = 5, budget: Steps | None = None) -> tuple[Ask, ...]:
    """The pivotal facts, the one worth most for its effort first (house default); a list once for all that it decides.

    Ties, and cases with many pivotal facts, follow the steps of the rule book.
    """
    moves, book = Moves(decision, budget), decision.worlds.book
    found: dict[str, Ask] = {}

    def about(name: str) -> tuple[str, Fact, FieldSpec | None, Question | None, int]:
        asked = name if fact_of(name) in book.facts else min(book.measures[name].lists)
        fact, spec = (
            moves.written(asked) if asked in decision.worlds.grounded.variables else (book.facts[asked], None)
        )
        question = fact.ask if spec is None else None
        return asked, fact, spec, question, question.effort if question else EFFORT

    weighed = sorted(decision.pivotal, key=lambda name: about(name)[4])[:MANY]
    pieces = PIECES if 2 * len(decision.pivotal) <= MANY else FEW_PIECES
    for name in weighed:
        worth, exact = _worth(moves, name, len(decision.possible), pieces)
        asked, fact, spec, question, effort = about(name)
        ask = Ask(
            asked, question.question if question else "", spec.how if spec else fact.how, worth, effort, exact
        )
        if asked not in found or found[asked].worth < worth:
            found[asked] = ask
    many = len(decision.pivotal) > IN_STEPS

    def order(ask: Ask) -> tuple[Fraction, int, int, str]:
        return (Fraction(0) if many else -ask.worth / max(1, ask.effort), *in_steps(book, ask.name))

    return tuple(late_last(decision, sorted(found.values(), key=order))[:most])


def in_steps(book: RuleBook, name: str) -> tuple[int, int, str]:
    """Where a question stands: its step, and its place within."""
    asked = book.facts[name.split("[")[0]].ask
    steps = book.asking.steps
    step = steps.index(asked.step) if asked is not None and asked.step in steps else len(steps)
    return step, asked.place if asked is not None else LAST, name


def late_last(decision: Decision, asks: list[Ask]) -> list[Ask]:
    """The questions, none of the late step among the first unless it holds that it may be."""
    book = decision.worlds.book
    asking = book.asking
    if asking.unless is None or decision.wording.certainty.passes(asking.unless.node) is True:
        return asks

    def late(ask: Ask) -> bool:
        asked = book.facts[ask.name.split("[")[0]].ask
        return asked is not None and asked.step == asking.late

    first = [ask for ask in asks if not late(ask)][: asking.first]
    return (
        [*first, *(ask for ask in asks if ask not in first)]
        if len(first) == asking.first
        else [*first, *(ask for ask in asks if late(ask))]
    )


def _worth(moves: Moves, name: str, now: int, pieces: int) -> tuple[Fraction, bool]:
    """How many outcomes an answer rules out, on average over the values of the fact that are tried."""
    points = moves.worlds.domains[name].values()  # a range of a count may hold millions: never a list of it
    exact = len(points) <= pieces
    if not exact:
        points = [points[i * (len(points) - 1) // (pieces - 1)] for i in range(pieces)]
    left = [len(then.outcomes) for point in points if (then := moves.standing(name, point)).can_be]
    return (Fraction(now) - Fraction(sum(left), len(left)) if left else Fraction(0)), exact
