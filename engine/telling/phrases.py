"""Short phrases about one answer: its headline, a change, a value, what an answer rests on. The words come from the rule book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from sharedvalue.engine.advice import Advice
from sharedvalue.engine.decision import Wording
from sharedvalue.engine.language.outcomes import Mode, Outcome, Outcomes
from sharedvalue.engine.language.texts import UNKNOWN
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.trial import tried
from sharedvalue.engine.questions.why import after_wording
from sharedvalue.engine.readings.trace import Firing


def course_title(outcomes: Outcomes, outcome: str, modes: Iterable[str]) -> str:
    """A course in titles, which hold no value of a case: 'Keep course: an inner circle'."""
    ways = ", ".join(lower(outcomes.modes[mode].title) for mode in modes)
    return f"{outcomes.outcomes[outcome].title}{': ' if ways else ''}{ways}"


class Phrases:
    """Speaks of one answer. Thresholds that are house defaults carry a star."""

    def __init__(self, advice: Advice) -> None:
        self.advice, self.decision = advice, advice.decision
        self.worlds, self.book = advice.decision.worlds, advice.decision.worlds.book
        self.naming = Naming(self.worlds)

    @cached_property
    def wording(self) -> Wording:
        return replace(self.decision.wording, star="*")

    @cached_property
    def wording_after(self) -> Wording:
        return replace(after_wording(self.decision), star="*")

    # --- the answer ---------------------------------------------------------------------------------------------
    def lead(self) -> str:
        """What stands before the answer: that it is a proposal, or agreed; empty where neither has to be said."""
        level = self.book.outcomes.statuses.get(self.decision.status)
        return level.lead if level else ""

    def sentence(self) -> str:
        """The answer as a sentence of its own, for where its status is told apart."""
        outcome, modes = self.outcome(self.decision.outcome), self.modes(self.decision.modes)
        told = (
            self.nearly()
            or f"{outcome}{(', ' if self.lead() else ': ') + modes if modes else ''}{self.nearness()}"
        )
        return told[:1].upper() + told[1:]

    def headline(self) -> str:
        """The first line: status, outcome, modes, and how near another answer is when it is near."""
        lead = self.lead()
        if nearly := self.nearly():
            outcome, _, missing = nearly.partition(": ")
            return f"{outcome.upper()}: {missing}"
        outcome, modes = self.outcome(self.decision.outcome), self.modes(self.decision.modes)
        if lead:
            found = f"{lead.upper()}: {outcome}{', ' + modes if modes else ''}"
        else:
            found = f"{outcome.upper()}{': ' + modes if modes else ''}"
        return f"{found}{self.nearness()}"

    def nearness(self) -> str:
        nearest = self.advice.nearest
        if not self.advice.provisional or nearest is None or nearest.distance is None:
            return self.one_word_away()
        hard = [self.book.outcomes.outcomes[o].hard for o in (self.decision.outcome, *nearest.outcomes)]
        if hard[0] and all(hard[1:]):
            return ""  # a hard answer is not told as a step from another hard one
        toward = {
            self.book.outcomes.outcomes[o].toward or self.title(o).lower()
            for o in nearest.outcomes
            if o != self.decision.outcome
        }
        where = toward.pop() if len(toward) == 1 else "another answer"
        way = "higher" if nearest.to > nearest.start else "lower"
        return f"; {self.naming.title(nearest.name)} {points(nearest.distance)} {way} would mean {where}"

    def one_word_away(self) -> str:
        """That the next word for a judgement, given in a word, would mean another answer; empty where none would."""
        for move in (*self.advice.avoid, *self.advice.undo):
            belief, kind = self.worlds.beliefs.get(move.name), self.worlds.grounded.variables[move.name].type
            if belief is None or not belief.word or not isinstance(kind, NumberType):
                continue
            given, reached = kind.word(belief.word), kind.word_at(move.to)
            if (
                given is None
                or reached is None
                or abs(kind.words.index(reached) - kind.words.index(given)) != 1
            ):
                continue
            where = [self.book.outcomes.outcomes[o] for o in move.outcomes if o != self.decision.outcome]
            if len(where) == 1 and not (
                where[0].hard and self.book.outcomes.outcomes[self.decision.outcome].hard
            ):
                return (
                    f"; {self.naming.title(move.name)} '{reached.said}' instead of '{given.said}' would mean "
                    f"{where[0].toward or where[0].title.lower()}"
                )
        return ""

    def nearly(self) -> str:
        """For an answer that is one small change away from a better one: what is missing first; empty elsewhere."""
        near, nearest = self.book.outcomes.outcomes[self.decision.outcome].near, self.advice.nearest
        if near is None or nearest is None or nearest.distance is None or set(nearest.outcomes) != {near[0]}:
            return ""
        value = self.naming.present(nearest.name, nearest.start)
        toward = self.book.outcomes.outcomes[near[0]].toward
        short = "short of" if nearest.to > nearest.start else "too many for"
        return f"{near[1]}: {self.naming.title(nearest.name)} {value}, {points(nearest.distance)} {short} {toward}"

    def answer(self, outcome: str, modes: Sequence[str]) -> str:
        """An outcome with its modes: 'keep course, as it is'."""
        said = self.modes(modes)
        return f"{self.outcome(outcome)}{', ' + said if said else ''}"

    def outcome(self, name: str) -> str:
        """The headline of an outcome; its title where the headline names what is not known."""
        entry = self.book.outcomes.outcomes[name]
        said = self.plain(entry.headline)
        same = name == self.decision.outcome
        return said if same or not speaks_of_case(entry.headline) else lower(entry.title)

    def modes(self, names: Iterable[str], joint: str = " and ") -> str:
        """Modes in words; one that joins the others comes last. With a joint of its own, each stands by itself."""
        table, listed = self.book.outcomes.modes, list(names)
        if joint != " and ":
            return joint.join(self.mode(name) for name in listed)
        joining = [name for name in listed if table[name].joins_when is not None]
        own = joined([self.mode(name) for name in listed if name not in joining], joint)
        return ", ".join(filter(None, (own, *(self.mode(name) for name in joining))))

    def mode(self, name: str) -> str:
        entry = self.book.outcomes.modes[name]
        mine = name in self.decision.modes or name in self.decision.open_modes
        return (
            self.plain(entry.headline or entry.title)
            if mine or not speaks_of_case(entry.headline)
            else lower(entry.title)
        )

    def title(self, outcome: str) -> str:
        return self.book.outcomes.outcomes[outcome].title

    def plain(self, text: str) -> str:
        """A text of the rule book, filled, to stand inside a sentence."""
        return lower(self.wording.say(text), keep=text[:1].isupper())

    # --- rules --------------------------------------------------------------------------------------------------
    def line(self, firing: Firing) -> str:
        return self.wording.line(firing.rule)

    # --- changes ------------------------------------------------------------------------------------------------
    def change(self, move: Move) -> str:
        """One fact changed: 'contribution 50 -> 66', 'excluding allowed (yes -> no)'; an assumed value is called so."""
        start, to = self.naming.present(move.name, move.start), self.naming.proposed(move.name, move.to)
        title = self.naming.title(move.name)
        if isinstance(self.worlds.grounded.variables[move.name].type, NumberType):
            return f"{title} {start} -> {to}"
        return f"{title[:-1]}, {start} -> {to})" if title.endswith(")") else f"{title} ({start} -> {to})"

    def leads_to(self, move: Move) -> str:
        """Where a change leads, with the modes where they are known."""
        found = tried(self.decision, move)
        if found is not None and found[0] in move.outcomes:
            return self.answer_after(*found)
        titles = [
            lower(self.title(o))
            for o in move.outcomes
            if o != self.decision.outcome or len(move.outcomes) == 1
        ]
        return titles[0] if len(move.outcomes) == 1 else f"it could be: {' or '.join(titles)}"

    def answer_after(self, outcome: str, modes: Sequence[str]) -> str:
        """An answer in another world: the names that its headlines fill in would be those of this one, so titles stand in."""
        outcomes, table = self.book.outcomes.outcomes, self.book.outcomes.modes

        def said(entry: Outcome | Mode) -> str:
            return lower(entry.title if speaks_of_case(entry.headline) else entry.headline or entry.title)

        joining = [said(table[m]) for m in modes if table[m].joins_when is not None]
        own = joined([said(table[m]) for m in modes if table[m].joins_when is None], " and ")
        after = ", ".join(filter(None, (own, *joining)))
        return f"{said(outcomes[outcome])}{': ' if after else ''}{after}"

    def within_margins(self) -> str:
        """What was tested as a margin: what a word can mean, and how far evidence may be off."""
        beliefs = [self.worlds.beliefs[name] for name in self.worlds.margins]
        words = list(dict.fromkeys(b.word.replace("_", " ") for b in beliefs if b.word and not b.confidence))
        found = []
        if words:
            quoted = [f"'{word}'" for word in words]
            meant = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
            found.append(f"what {meant} can mean" if len(words) <= 3 else "what your words can mean")
        if any(b.confidence for b in beliefs):
            found.append("the margins of your evidence")
        return f"Within {' and '.join(found)}"

    def owner(self, move: Move) -> str:
        return self.book.outcomes.owners.get(move.owner, "")

    def how_far(self, move: Move) -> str:
        return f", {points(move.distance)} away" if move.distance is not None else ""

    # --- values -------------------------------------------------------------------------------------------------
    def value(self, name: str, value: int) -> str:
        return f"{self.naming.title(name)}: {self.naming.said(name, value)}"

    def assumed(self, name: str, value: int) -> str:
        """A value that was assumed, in the words of the rule book where it has some: 'age in months: not young'."""
        return f"{self.naming.title(name)}: {self.assumed_value(name, value)}"

    def assumed_value(self, name: str, value: int) -> str:
        says = next((a.says for a in self.book.facts[name].assume if a.value == value and a.says), "")
        return says or self.naming.said(name, value)

    def known(self, name: str) -> bool:
        return self.wording.variable(name) != UNKNOWN


def speaks_of_case(headline: str) -> bool:
    """Whether a headline names what only one case knows."""
    return "{" in headline or "[if " in headline


def joined(told: Sequence[str], joint: str) -> str:
    """Several ways in one phrase; where one says "and" before another follows, a comma keeps them apart."""
    apart = "," if joint == " and " and any(" and " in one for one in told[:-1]) else ""
    return f"{apart}{joint}".join(told)


def points(tenths: int) -> str:
    """A distance: one point, 6 points, 2.5 points."""
    if tenths == 10:
        return "one point"
    return f"{tenths // 10 if tenths % 10 == 0 else tenths / 10} points"


def lower(text: str, keep: bool = False) -> str:
    """Inside a sentence: a small first letter, unless the text began with a capital on purpose or is an abbreviation."""
    if keep or text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]
