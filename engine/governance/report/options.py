"""The options side by side: what each course would mean and for whom, what speaks for and against it, what it would need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.questions.flip import Flip
from sharedvalue.engine.questions.trial import tried_together
from sharedvalue.engine.questions.why_not import HELD, OPEN, Attempt, why_not
from sharedvalue.engine.telling.because import Reasons
from sharedvalue.engine.telling.flips import change_words, owner_words
from sharedvalue.engine.telling.flips import cost as cost_words
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases, lower

Json = dict[str, Any]
HEAD = ("Course", "What it would mean, and for whom", "For it", "Against it", "What it would need")
MOST_AGAINST = 3
ADVISED = {"improve": "", "mixed": "better_and_worse", "undo": "undoes"}  # the kinds of flips, best first


@dataclass(frozen=True)
class Course:
    """One row: an outcome, or one way to carry it out."""

    outcome: str
    mode: str = ""


@dataclass(frozen=True)
class Options:
    """The options of one case. With `hide`, no number is told."""

    payload: Json
    case: Case
    hide: bool

    @property
    def book(self) -> Any:
        return self.case.decision.worlds.book

    @cached_property
    def say(self) -> Phrases:
        return Phrases(self.case.advice)

    @cached_property
    def open_facts(self) -> str:
        titles = {fact["name"]: fact["title"] for fact in self.payload["basis"]["facts"]}
        return "; ".join(titles.get(name, name) for name in self.payload["decision"]["pivotal"])

    def blocks(self) -> Iterator[Block]:
        yield heading("The options")
        yield table(
            "Every course, beside the one that is proposed", HEAD, [self.row(c) for c in self.courses()]
        )
        yield paragraph(f"{said('options_note')} {said('costs_note')}")

    def courses(self) -> Iterator[Course]:
        """The proposal first, then the courses that the rule book compares, and every outcome besides."""
        decision, outcomes = self.case.decision, self.book.outcomes
        yield Course(decision.outcome)
        named = [Course(*name.partition(".")[::2]) for name in outcomes.recording.options]
        listed = {course.outcome for course in named}
        for course in (*named, *(Course(name) for name in outcomes.outcomes if name not in listed)):
            same = course.mode in decision.modes if course.mode else True
            if course.outcome != decision.outcome or not same:
                yield course

    def row(self, course: Course) -> tuple[str, ...]:
        proposed = course == Course(self.case.decision.outcome)
        title = self.title(course)
        return (
            f"{title} (proposed)" if proposed else title,
            self.means(course, proposed),
            sentence(self.speaks_for(course, proposed)),
            sentence(self.against(course, proposed)),
            sentence(self.needs(course, proposed)),
        )

    def title(self, course: Course) -> str:
        outcomes = self.book.outcomes
        modes = [course.mode] if course.mode else []
        if course == Course(self.case.decision.outcome):
            modes = list(self.case.decision.modes)
        titles = [outcomes.modes[mode].title for mode in modes]
        return ": ".join([outcomes.outcomes[course.outcome].title, *([", ".join(titles)] if titles else [])])

    def means(self, course: Course, proposed: bool) -> str:
        outcomes = self.book.outcomes
        outcome = outcomes.outcomes[course.outcome]
        modes = self.case.decision.modes if proposed else (course.mode,) if course.mode else ()
        texts = [outcome.means, *(outcomes.modes[mode].means for mode in modes)]
        told = [
            self.say.wording.say(t) for t in texts if t and ((proposed and not self.hide) or "{" not in t)
        ]
        if outcome.keeps is None:
            whom = said("whom_all") if outcome.hard else said("whom_nobody")
        else:
            fate = next((outcomes.modes[m].left for m in modes if outcomes.modes[m].left), outcome.keeps.left)
            whom = said("whom_left", fate=lower(fate))
        return " ".join([*(sentence(text) for text in told), whom])

    def is_possible(self, course: Course) -> bool:
        """Whether what is open may lead to an outcome that is not the answer."""
        possible = {p.outcome for p in self.case.decision.possible}
        return not course.mode and course.outcome != self.case.decision.outcome and course.outcome in possible

    def speaks_for(self, course: Course, proposed: bool) -> str:
        if proposed:
            lines = [
                one["title"] if self.hide else one["because"]
                for one in self.payload["decision"]["reasons"][:1]
            ]
            return lines[0] if lines else said("speaks_proposed")
        if self.is_possible(course):
            return said("speaks_possible")
        held = [one for one in self.attempts(course) if one.state == HELD and one.check.parts]
        if not held:
            return said("speaks_nothing")
        ways = [self.book.outcomes.modes[mode].title for mode in held[0].modes] or [held[0].title]
        return said("speaks_held", way=", ".join(map(lower, ways)))

    def against(self, course: Course, proposed: bool) -> str:
        """What kept a course from coming out; of one that may still, only what it depends on."""
        if proposed:
            risks = [risk["text"] for risk in self.payload["decision"]["risks"]]
            return " ".join(sentence(text) for text in risks[:MOST_AGAINST]) or said("against_no_risk")
        if self.is_possible(course):
            return said("against_open", facts=self.open_facts)
        failed = [one for one in self.attempts(course) if one.state not in (HELD, OPEN)]
        if self.hide:
            return "; ".join(dict.fromkeys(one.title for one in failed)) or said("against_later")
        if not course.mode and course.outcome != self.case.decision.outcome:
            lines = Reasons(self.say, True).against(course.outcome)
            if lines:
                return "; ".join(lines)
        told = dict.fromkeys(lower(one.otherwise) for one in failed if one.otherwise.strip())
        return "; ".join(list(told)[:MOST_AGAINST]) or said("against_later")

    def attempts(self, course: Course) -> list[Attempt]:
        """The ways that lead to a course, and whether their conditions hold."""
        found = why_not(self.case.decision, course.outcome, changes=False).attempts
        return [one for one in found if not course.mode or course.mode in one.modes]

    def needs(self, course: Course, proposed: bool) -> str:
        """What the proposal asks for; of another course, the least change that leads to it, in this way of carrying it out."""
        if proposed:
            actions = [a["text"] for a in self.payload["decision"]["actions"][:2]]
            return " ".join(sentence(text) for text in actions) or said("needs_nothing")
        if self.hide:
            return said("needs_left_out")
        if course.outcome == self.case.decision.outcome:
            return said("needs_other_way")
        if self.is_possible(course):
            return said("needs_open", facts=self.open_facts)
        ways = [
            f for d in ADVISED for f in self.case.flips.flips if f.direction == d and f.to == course.outcome
        ]
        one = next((f for f in ways if not course.mode or self.after(f, course)), None)
        if one is not None:
            return self.change(one)
        if not ways or (other := self.after(ways[0], Course(course.outcome))) is None:
            return said("needs_no_change")
        return said("needs_other_end", answer=self.say.answer_after(*other), change=self.change(ways[0]))

    def change(self, one: Flip) -> str:
        flips = self.case.flips
        told = said(
            "needs_change" if one.minimal else "needs_change_perhaps",
            changes="; ".join(change_words(flips, change).replace(" -> ", " → ") for change in one.changes),
            owners=", ".join(dict.fromkeys(owner_words(self.book, c.owner) for c in one.changes)),
            effort=cost_words(one.cost),
        )
        return f"{told} {said(ADVISED[one.direction])}" if ADVISED[one.direction] else told

    def after(self, one: Flip, course: Course) -> tuple[str, tuple[str, ...]] | None:
        """What a flip leads to; None where that is not this course, or cannot be said."""
        found = tried_together(self.case.decision, {change.name: change.to for change in one.changes})
        fits = (
            found is not None and found[0] == course.outcome and (course.mode in found[1] or not course.mode)
        )
        return found if fits else None
