"""Puts together all that is said of one case: decision, firmness, questions, actions and risks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sharedvalue.engine.decision import Decider, Decision
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.library import Advice as Written
from sharedvalue.engine.language.outcomes import Mode, Outcome
from sharedvalue.engine.language.rules import When
from sharedvalue.engine.questions.moves import Move, Moves, cheapest
from sharedvalue.engine.questions.worth import Ask, ask_next
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.prove import Steps, steps_of
from sharedvalue.engine.worlds import Worlds

MOST_ACTIONS = 6
SECONDS = 8.0  # as steps: one budget for all that is said of a case, handed down
DECIDING, MOVING, ASKING = 4.0, 3.0, 2.0  # of it, at most


@dataclass(frozen=True)
class Chosen:
    """An action or a risk that goes with the decision, with its words for this case.

    `mode` is the open branch under which it stands: it is to be done only if that is how it turns out; '' for all others.
    """

    id: str
    text: str
    detail: str
    mode: str = ""


@dataclass(frozen=True)
class Advice:
    """What is said of one case.

    `nearest` is the smallest single change that flips the outcome, if it lies below the book's threshold; `avoid` are
    the improving single changes to another outcome, cheapest first, none that leads to a hard one alone (nobody is sent to
    look for people to exclude); `undo` the others, cheapest first; `unsaid` those of values that were assumed, one a value.
    `cut_short` is whether the budget ran out before all changes and questions were weighed.
    `margin_outcomes` are the outcomes that the margins of trusted facts leave possible (empty: none was tested).
    """

    decision: Decision
    provisional: bool
    nearest: Move | None
    avoid: tuple[Move, ...]
    undo: tuple[Move, ...]
    unsaid: tuple[Move, ...]
    ask_next: tuple[Ask, ...]
    actions: tuple[Chosen, ...]
    risks: tuple[Chosen, ...]
    margin_outcomes: tuple[str, ...]
    cut_short: bool = False

    @property
    def margin_holds(self) -> bool:
        return all(outcome == self.decision.outcome for outcome in self.margin_outcomes)


def advise(worlds: Worlds, weigh: bool = True, budget: Steps | float = SECONDS) -> Advice:
    """Everything that `decide` says of a case. Raises UserError when no world fits what is given.

    `weigh` is whether the open questions are weighed: where nearly all is open, that takes seconds.
    """
    budget = steps_of(budget).part(SECONDS)
    moving, asking = budget.part(MOVING), budget.part(ASKING)
    decider = Decider(worlds, budget.part(DECIDING))
    decision = decider.decide()
    nearest, avoid, undo, unsaid = _moves(decision, moving)
    if nearest is not None and nearest.distance is not None:
        decision = decider.decide(nearest.distance)
    outcome, modes = worlds.book.outcomes.outcomes[decision.outcome], worlds.book.outcomes.modes
    settled: list[Outcome | Mode] = [outcome, *(modes[name] for name in decision.modes)]
    entries = [*settled, *(modes[name] for name in decision.open_modes)]
    asks = ask_next(decision, budget=asking) if weigh and decision.pivotal else ()
    margin_outcomes = _within_margins(decision, budget)
    return Advice(
        decision=decision,
        provisional=decision.after.holds("provisional"),
        nearest=nearest,
        avoid=avoid,
        undo=undo,
        unsaid=unsaid,
        ask_next=asks,
        actions=_actions(decision, settled),
        risks=_chosen((w for e in entries for w in e.risks), worlds.book.risks, decision),
        margin_outcomes=margin_outcomes,
        cut_short=moving.spent or asking.spent or budget.spent,
    )


def _moves(
    decision: Decision, budget: Steps
) -> tuple[Move | None, tuple[Move, ...], tuple[Move, ...], tuple[Move, ...]]:
    if decision.by_open_facts:
        return None, (), (), ()
    moves = Moves(decision, budget)
    threshold = decision.worlds.book.thresholds.get("provisional_points")
    found = [move for move in moves.all() if move.outcomes]  # none where the budget ran out
    near = [
        m for m in found if threshold is not None and m.distance is not None and m.distance < threshold.value
    ]
    nearest = min(near, key=lambda m: (m.distance or 0, m.name), default=None)
    hard = {name for name, outcome in decision.worlds.book.outcomes.outcomes.items() if outcome.hard}
    avoid = [
        m for m in cheapest(found) if not hard.issuperset(o for o in m.outcomes if o != decision.outcome)
    ]
    given = (m for m in found if not moves.written(m.name)[0].required)  # without what every case must state
    stated = (
        m for m in given if m.name not in decision.worlds.assumed
    )  # what was assumed is asked, not undone
    came = (
        m for m in stated if moves.written(m.name)[0].may_go(m.start, m.to)
    )  # a talk that was had was had
    undo = sorted((m for m in came if not m.improving), key=lambda m: (m.cost, m.name))
    assumed = decision.worlds.assumed
    unsaid = {m.name: m for m in sorted(found, key=lambda m: -m.cost) if assumed.get(m.name) == m.start}
    return nearest, tuple(avoid), tuple(undo), tuple(unsaid[name] for name in assumed if name in unsaid)


def _actions(decision: Decision, settled: Iterable[Outcome | Mode]) -> tuple[Chosen, ...]:
    """What to do in any case; then, under each mode that is still open, what only that asks for."""
    book = decision.worlds.book
    found = _chosen(_named_first(decision, settled), book.actions, decision)[:MOST_ACTIONS]
    told = {action.id for action in found}
    for mode in decision.open_modes:
        under = _chosen(book.outcomes.modes[mode].actions, book.actions, decision)
        found += tuple(replace(action, mode=mode) for action in under if action.id not in told)
    return found


def _named_first(decision: Decision, entries: Iterable[Outcome | Mode]) -> Iterator[When]:
    """Actions in the order in which they are told: of the rule that decided, of the modes, of the rules whose line follows the
    headline, of the rules that led there."""
    deciding = decision.after.chosen or decision.trace.chosen
    trace = decision.trace if decision.after.chosen is None else decision.after
    if deciding is not None:
        for firing in trace.concluded_by.get(deciding.candidate, ()):
            yield from decision.wording.block(firing.rule).advise
    yield from (action for entry in entries for action in entry.actions)
    first = {ref.partition(".")[0] for ref in decision.worlds.book.outcomes.say_first}
    said = [f for f in decision.trace.firings if f.rule.rule in first and decision.holds_everywhere(f)]
    yield from (
        action for firing in (*said, *decision.path) for action in decision.wording.block(firing.rule).advise
    )


def _chosen(entries: Iterable[When], table: Mapping[str, Written], decision: Decision) -> tuple[Chosen, ...]:
    """Each entry once; one whose condition is open is kept, since leaving it out could harm."""
    found: dict[str, Chosen] = {}
    passes = decision.wording.certainty.passes
    for entry in entries:
        written = table[entry.name]
        fits = [condition.node for condition in (entry.when, written.when) if condition is not None]
        if entry.name not in found and all(passes(condition) is not False for condition in fits):
            say = decision.wording.say
            found[entry.name] = Chosen(entry.name, say(entry.words or written.text), say(written.detail))
    return tuple(found.values())


def _within_margins(decision: Decision, budget: Steps) -> tuple[str, ...]:
    """The outcomes that are possible when every trusted value may lie anywhere within its margin."""
    worlds = decision.worlds
    if not worlds.margins or decision.by_open_facts:
        return ()
    try:
        found = Prover.from_grounded(worlds.grounded).possible({**worlds.domains, **worlds.margins}, budget)
    except UserError:
        return ()
    return tuple(worlds.book.outcome_names[p.outcome] for p in found.outcomes)
