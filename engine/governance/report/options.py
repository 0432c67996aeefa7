"""The options side by side: what each course would mean and for whom, what speaks for and against it, what it would need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, paragraph
from sharedvalue.engine.governance.report.texts import heading, said, told_in
from sharedvalue.engine.governance.standing import Standing, standing
from sharedvalue.engine.language.costs import Costs, costs_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.questions.flip import Flip
from sharedvalue.engine.questions.why_not import HELD, OPEN, Attempt
from sharedvalue.engine.telling.because import Reasons
from sharedvalue.engine.telling.flips import change_words, owner_words
from sharedvalue.engine.telling.flips import cost as cost_words
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases, course_title, lower
from sharedvalue.engine.worlds import suppose

Json = dict[str, Any]
MOST_AGAINST = 3
SENTENCES = re.compile(r"(?<=[^.\s]\.)\s+(?=[A-Z])")  # of a reason; the cover tells the whole
MOST_FOR = 180  # signs of them
MOST_CHANGES = 2  # that a board would think of together
TRYING = 2.0  # as steps: for what one change would lead to
IMPROVE = "improve"
ADVISED = {IMPROVE: "", "mixed": "better_and_worse", "undo": "undoes"}  # the kinds of flips, best first


@dataclass(frozen=True)
class Course:
    """One row: an outcome, or one way to carry it out."""

    outcome: str
    mode: str = ""


@dataclass(frozen=True)
class Options:
    """The options of one case. With `hide`, no number is told; a copy for `others` tells nobody's own words."""

    payload: Json
    case: Case
    hide: bool
    others: bool = False

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
        yield heading("options")
        rows = [self.row(c) for c in self.courses()]
        if self.stands.departs and not self.decided:
            rows.insert(1, self.own_row())
        found, costs = told_in("options", rows), bool(self.costs)
        if not costs:  # a column in which nothing stands is left out
            found = replace(found, head=found.head[:-1], rows=tuple(row[:-1] for row in found.rows))
        yield found
        hidden = self.others and bool(self.case.decision.worlds.scenario.costs)
        about = "costs_given" if costs else "costs_left_out" if hidden else "costs_note"
        yield paragraph(f"{said('options_note')} {said(about)}")

    @property
    def costs(self) -> Mapping[str, Costs]:
        return {} if self.others else self.case.decision.worlds.scenario.costs

    def courses(self) -> Iterator[Course]:
        """The proposal first, then what was decided instead, the courses that the rule book compares, and every outcome besides."""
        decision, outcomes = self.case.decision, self.book.outcomes
        yield Course(decision.outcome)
        yield from self.decided
        compared = {name for name in outcomes.recording.options if "." not in name}
        ways = [one for one in self.possible if one.mode and one.outcome not in compared]
        yield from (one for one in ways if one not in self.decided)
        named = [Course(*name.partition(".")[::2]) for name in outcomes.recording.options]
        listed = {course.outcome for course in named}
        for course in (*named, *(Course(name) for name in outcomes.outcomes if name not in listed)):
            same = course.mode in decision.modes if course.mode else True
            if (course.outcome != decision.outcome or not same) and course not in (*self.decided, *ways):
                yield course

    @cached_property
    def decided(self) -> tuple[Course, ...]:
        """The course of the rule book that people took instead of the proposal, in each of its ways."""
        stands, form = self.stands, self.stands.form
        if not stands.departs or form.decision not in self.book.outcomes.outcomes:
            return ()
        return tuple(Course(form.decision, mode) for mode in form.modes or ("",))

    @cached_property
    def stands(self) -> Standing:
        return standing(self.payload)

    def own_row(self) -> tuple[str, ...]:
        """The course of their own that people took: the rule book says nothing of it."""
        form = self.stands.form
        words = said("own_course") if self.others else form.in_words
        why = said("needs_left_out") if self.others else sentence(form.why)
        nothing = said("own_not_judged")
        return (
            f"{words} {said('is_decided')}",
            said("members_told", words=sentence(form.for_members))
            if form.for_members
            else said("decided_unknown"),
            why,
            nothing,
            nothing,
            said("costs_nothing"),
        )

    def row(self, course: Course) -> tuple[str, ...]:
        proposed = course == Course(self.case.decision.outcome)
        mark = said("is_proposed") if proposed else said("is_decided") if course in self.decided else ""
        modes = self.case.decision.modes if proposed else (course.mode,)
        return (
            f"{self.title(course)} {mark}".strip(),
            self.means(course, proposed),
            sentence(self.speaks_for(course, proposed)),
            sentence(self.against(course, proposed)),
            sentence(self.needs(course, proposed)),
            costs_of(self.costs, course.outcome, modes) or said("costs_nothing"),
        )

    def title(self, course: Course) -> str:
        modes: tuple[str, ...] = (course.mode,) if course.mode else ()
        if course == Course(self.case.decision.outcome):
            modes = self.case.decision.modes
        return course_title(self.book.outcomes, course.outcome, modes)

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
        return course in self.possible

    @cached_property
    def possible(self) -> tuple[Course, ...]:
        """The other outcomes that what is open allows, and the ways of each."""
        found: dict[Course, None] = {}
        for one in self.case.decision.possible:
            if one.outcome != self.case.decision.outcome:
                found[Course(one.outcome)] = None
                found.update((Course(one.outcome, mode), None) for modes in one.modes for mode in modes)
        return tuple(found)

    def speaks_for(self, course: Course, proposed: bool) -> str:
        if proposed:
            reasons = self.payload["decision"]["reasons"][:1]
            if self.hide and reasons:
                return said("needs_left_out")
            return _first_sentences(reasons[0]["because"]) if reasons else said("speaks_proposed")
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
            hard = self.book.outcomes.outcomes[course.outcome].hard
            none = said("whom_all" if hard else "against_no_risk")
            return " ".join(sentence(text) for text in risks[:MOST_AGAINST]) or none
        if self.is_possible(course):
            return said("against_open", facts=self.open_facts)
        attempts = self.attempts(course)
        if any(one.state == HELD and one.check.parts for one in attempts):
            return said("against_later")
        failed = [one for one in attempts if one.state not in (HELD, OPEN)]
        if self.hide:
            return said("needs_left_out") if failed else said("against_later")
        if not course.mode and course.outcome != self.case.decision.outcome:
            lines = Reasons(self.say, True).against(course.outcome)
            if lines:
                return "; ".join(lines)
        told = dict.fromkeys(lower(one.otherwise) for one in failed if one.otherwise.strip())
        return "; ".join(list(told)[:MOST_AGAINST]) or said("against_later")

    def attempts(self, course: Course) -> list[Attempt]:
        """The ways that lead to a course, and whether their conditions hold."""
        return [one for one in self.case.ways(course.outcome) if not course.mode or course.mode in one.modes]

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
        hard = self.book.outcomes.outcomes[course.outcome].hard  # nobody improves things to come to it
        ways = [
            f
            for d in ADVISED
            for f in self.case.flips.flips
            if f.direction == d and f.to == course.outcome and not (hard and d == IMPROVE)
        ]
        near = [one for one in ways if len(one.changes) <= MOST_CHANGES]
        ends = [(one, self.after({c.name: c.to for c in one.changes})) for one in near]
        for one, end in ends:
            if end is not None and course.mode in end.modes:
                return self.change(one)
            if not course.mode and end is not None and end.modes and len(self.ways_of(course)) > 1:
                answer = self.say.answer_after(end.outcome, end.modes)
                return said("needs_end", answer=answer, change=self.change(one))
            if not course.mode:
                return self.change(one)
        if alone := self.alone(course):
            return alone
        if ways and not near:
            return self.far(ways[0])
        if hard and not near:
            return said(
                "needs_proven_none" if course.outcome in self.case.flips.unreachable else "needs_hard"
            )
        return self.other_end(course, ends)

    def ways_of(self, course: Course) -> list[str]:
        return [name for name, mode in self.book.outcomes.modes.items() if course.outcome in mode.outcomes]

    def alone(self, course: Course) -> str:
        """What one fact would lead there that nobody could bring about, but that may be otherwise than it is thought to be."""
        for move in (*self.case.advice.avoid, *self.case.advice.undo):
            if move.outcomes != (course.outcome,):
                continue
            end = self.after({move.name: move.to})
            if not course.mode or (end is not None and course.mode in end.modes):
                change = self.say.change(move).replace(" -> ", " → ")
                return said("needs_otherwise", change=change)
        return ""

    def other_end(self, course: Course, ends: Sequence[tuple[Flip, Decision | None]]) -> str:
        """The least change that leads to the course, carried out in another way or in one that is open; that there is none."""
        if not ends:
            return self.no_change(course)
        one, end = ends[0]
        if end is None or course.mode in end.open_modes or not end.modes:
            title = lower(self.book.outcomes.outcomes[course.outcome].title)
            return said("needs_way_open", answer=title, change=self.change(one))
        answer = self.say.answer_after(end.outcome, end.modes)
        above = self.ends_told.setdefault(answer, course)
        if above != course:  # the same change, told of another way of the same course
            return said("needs_as_above", course=self.title(above))
        return said("needs_other_end", answer=answer, change=self.change(one))

    @cached_property
    def ends_told(self) -> dict[str, Course]:
        return {}

    def no_change(self, course: Course) -> str:
        """That no change makes a course certain, as far as that is proven; what could at least make it possible."""
        flips = self.case.flips
        if course.outcome in flips.unreachable and not course.mode:
            return said("needs_proven_none")
        opening = next((one for one in flips.openings if course.outcome in (one.to, *one.outcomes)), None)
        if opening is None or course.mode:
            return said("needs_no_change")
        if len(opening.changes) > MOST_CHANGES:
            return self.far(opening)
        return said("needs_opening", change=self.change(opening))

    @staticmethod
    def far(one: Flip) -> str:
        """Of a change that asks for more than anybody would think of together, no more than how much it asks for."""
        return said("needs_far", count=str(len(one.changes)))

    def change(self, one: Flip) -> str:
        """A change in words; that it is not advised, where it is for the worse or leads to what nobody wants."""
        flips = self.case.flips
        told = said(
            "needs_change" if one.minimal else "needs_change_perhaps",
            changes="; ".join(
                change_words(flips, change, False).replace(" -> ", " → ") for change in one.changes
            ),
            owners=", ".join(dict.fromkeys(owner_words(self.book, c.owner) for c in one.changes)),
            effort=cost_words(one.cost),
        )
        worse = ADVISED[one.direction]
        return f"{told} {said(worse)}" if worse else told

    def after(self, changes: Mapping[str, int]) -> Decision | None:
        """The decision once some values (scaled) have changed; None where they cannot be so together, or the time is up."""
        key = tuple(sorted(changes.items()))
        if key not in self.afters:
            self.afters[key] = self.decided_after(changes)
        return self.afters[key]

    @cached_property
    def afters(self) -> dict[tuple[tuple[str, int], ...], Decision | None]:
        return {}

    def decided_after(self, changes: Mapping[str, int]) -> Decision | None:
        known = {name: Domain.known(to) for name, to in changes.items()}
        try:
            return decide(suppose(self.case.decision.worlds, known), TRYING)
        except UserError:
            return None


def _first_sentences(reason: str) -> str:
    """The sentences with which a reason begins, as far as a cell holds them; at least one."""
    first, *more = SENTENCES.split(reason)
    for one in more:
        if len(first) + len(one) > MOST_FOR:
            break
        first = f"{first} {one}"
    return first
