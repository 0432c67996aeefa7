"""An answer on one page for a board: the sentence, why, who is affected, what it rests on, what would change it, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sharedvalue.engine.advice import Advice
from sharedvalue.engine.language.types import NumberType, TextType, say
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.telling.answer import Writer, upper
from sharedvalue.engine.telling.because import rules_that_may_decide, which_decides
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases, lower

WHY, TIPPING, STEPS = 3, 3, 3
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"])")


@dataclass(frozen=True)
class Told:
    """A sentence with the rule that it comes from."""

    text: str
    rule: str


@dataclass(frozen=True)
class Tipping:
    """One value that alone would change the answer: from where to where, who could move it, and what it would be then.

    `low`, `high`, `start` and `to` are numbers where the value is one, for a bar; None for a word.
    """

    name: str
    title: str
    start_said: str
    to_said: str
    owner: str
    leads_to: str
    outcome: str
    ends: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Assumed:
    """A fact that was assumed, and what another value of it would lead to; `otherwise` is empty where none alone changes it."""

    name: str
    title: str
    value: str
    otherwise: str


@dataclass(frozen=True)
class Brief:
    """All of it as plain texts. `open` is what is not settled of how it is done, and by which rule.

    `steps` are what to do first, or, where too much is open, what to ask."""

    lead: str
    sentence: str
    means: str
    open: tuple[str, ...]
    why: tuple[Told, ...]
    affected: tuple[Told, ...]
    rests_on: str
    assumed: tuple[Assumed, ...]
    tipping: tuple[Tipping, ...]
    steps_are_questions: bool
    steps: tuple[Told, ...]
    warnings: tuple[str, ...]


def brief(advice: Advice) -> Brief:
    return _Brief(advice).brief()


class _Brief:
    def __init__(self, advice: Advice) -> None:
        self.advice, self.decision = advice, advice.decision
        self.say, self.writer = Phrases(advice), Writer(advice, False)
        self.book = self.say.book

    def brief(self) -> Brief:
        open_facts = self.decision.by_open_facts
        meanings = self.writer.meanings()
        return Brief(
            self.say.lead() or (self.book.outcomes.statuses[self.decision.status].words.partition(";")[0]),
            self.say.sentence(),
            meanings[0] if meanings else "",
            tuple(self.open()),
            tuple(self.why()),
            tuple(self.affected()),
            upper(sentence(self.writer.rests_on())),
            tuple(self.assumed()),
            tuple(self.tipping()),
            bool(open_facts and self.advice.ask_next),
            tuple(self.steps()),
            self.say.worlds.warnings,
        )

    def open(self) -> Iterator[str]:
        yield from self.writer.still_open()
        if len(rules_that_may_decide(self.decision)) > 1:
            yield sentence(which_decides(self.say))

    def why(self) -> Iterator[Told]:
        """The weightiest reasons, each in its first sentence; what decided comes last."""
        first = {f.rule.key for f in self.writer.reasons.said_first()}
        weighed = [(f, w) for f, w in self.writer.reasons.weighed() if f.rule.key not in first]
        kept = sorted(weighed, key=lambda one: -one[1])[:WHY]
        for firing, _ in weighed:
            if any(firing is one for one, _ in kept):
                because = self.say.wording.because(firing)
                yield Told(_ENDS.split(because)[0], firing.rule.rule)

    def affected(self) -> Iterator[Told]:
        for firing in self.writer.reasons.said_first():
            yield Told(sentence(self.say.line(firing)), firing.rule.rule)
        yield Told(self.writer.risk(), "")

    def assumed(self) -> Iterator[Assumed]:
        """What was assumed, what the answer stands on first."""
        turns = {move.name: move for move in self.advice.unsaid}
        assumed = self.say.worlds.assumed
        for name in (*turns, *(name for name in assumed if name not in turns)):
            fact, move = self.book.facts.get(name), turns.get(name)
            if fact is not None and not isinstance(fact.type, TextType):
                otherwise = (
                    f"{self.say.naming.proposed(name, move.to)}: {self.say.leads_to(move)}" if move else ""
                )
                yield Assumed(
                    name,
                    upper(self.say.naming.title(name)),
                    self.say.assumed_value(name, assumed[name]),
                    otherwise,
                )

    def tipping(self) -> Iterator[Tipping]:
        """What someone could move first; then what would undo the answer."""
        found = dict.fromkeys((*self.advice.avoid, *self.advice.undo))
        for move in list(found)[:TIPPING]:
            yield Tipping(
                move.name,
                upper(self.say.naming.title(move.name)),
                self.say.naming.present(move.name, move.start),
                self.say.naming.said(move.name, move.to),
                self.say.owner(move),
                lower(self.say.leads_to(move)),
                next((o for o in move.outcomes if o != self.decision.outcome), move.outcomes[0]),
                self.ends(move),
            )

    def ends(self, move: Move) -> tuple[float, float, float, float] | None:
        variable = self.say.worlds.grounded.variables.get(move.name)
        if variable is None or not isinstance(variable.type, NumberType) or variable.type.unit != "percent":
            return None
        kind = variable.type
        low, high, start, to = (float(say(value, kind)) for value in (kind.lo, kind.hi, move.start, move.to))
        return low, high, start, to

    def steps(self) -> Iterator[Told]:
        if self.decision.by_open_facts and self.advice.ask_next:
            for ask in self.advice.ask_next[:STEPS]:
                yield Told(
                    ask.question or f"{upper(self.say.naming.title(ask.name))}: {lower(ask.how)}", ask.name
                )
            return
        always = [a for a in self.advice.actions if not a.mode]
        for action in always[:STEPS]:
            yield Told(action.text, action.id)
        if not always:  # all there is to do hangs on how it will be done
            for entry in islice(self.writer.branches(), STEPS):
                yield Told(sentence(entry.text), "")
