"""The options side by side: what each course would mean and for whom, what speaks for and against it, what it would need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.questions.why import why
from sharedvalue.engine.telling.because import Reasons
from sharedvalue.engine.telling.flips import change_words, owner_words
from sharedvalue.engine.telling.flips import cost as cost_words
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases

Json = dict[str, Any]
HEAD = ("Course", "What it would mean, and for whom", "For it", "Against it", "What it would need")
NOTHING = "Nothing in the rules speaks for it as things stand."
MOST_AGAINST = 3
ORDER = ("improve", "mixed", "undo")
ADVISED = {
    "improve": "",
    "mixed": " (some things better, some worse)",
    "undo": " (would undo something; not advised)",
}


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

    def blocks(self) -> Iterator[Block]:
        yield heading("The options")
        yield table(
            "Every course, beside the one that is proposed", HEAD, [self.row(c) for c in self.courses()]
        )
        yield paragraph(
            "A number with * is a default of the rule book, not a number of the article. What a course would need is the least "
            "change that leads to it (effort: 1 a point or a unit, 20 a choice; a house default). Nobody has stated what the "
            "courses cost."
        )

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
            whom = "It concerns everybody in the community." if outcome.hard else "Nobody loses a place."
        else:
            fate = next((outcomes.modes[m].left for m in modes if outcomes.modes[m].left), outcome.keeps.left)
            whom = f"Those who do not qualify: {fate[:1].lower()}{fate[1:]}."
        return " ".join([*(sentence(text) for text in told), whom])

    def speaks_for(self, course: Course, proposed: bool) -> str:
        if proposed:
            lines = [
                one["title"] if self.hide else one["because"]
                for one in self.payload["decision"]["reasons"][:1]
            ]
            return lines[0] if lines else "what is known leads here, whatever the open facts are"
        if not course.mode and course.outcome in {p.outcome for p in self.case.decision.possible}:
            return "may follow, depending on what is not known"
        held = [one for one in self.attempts(course) if one["late"]]
        if held:
            return f"its conditions hold as well ({held[0]['title'][:1].lower()}{held[0]['title'][1:]}); another course comes first"
        return NOTHING

    def against(self, course: Course, proposed: bool) -> str:
        if proposed:
            risks = [risk["text"] for risk in self.payload["decision"]["risks"]]
            return " ".join(sentence(text) for text in risks[:MOST_AGAINST]) or "no risk is named for it"
        attempts = self.attempts(course)
        if self.hide:
            return "; ".join(dict.fromkeys(one["title"] for one in attempts)) or "not worked out"
        if not course.mode and course.outcome != self.case.decision.outcome:
            lines = Reasons(self.say, True).against(course.outcome)
            if lines:
                return "; ".join(lines)
        early = [lower(one["why"]) for one in attempts if one["why"].strip() and not one["late"]]
        return "; ".join(list(dict.fromkeys(early))[:MOST_AGAINST]) or "another course comes before it"

    def attempts(self, course: Course) -> list[Json]:
        """The ways that lead to a course, and why they were not taken."""
        found: list[Json] = []
        for other in self.payload["alternatives"]:
            if other["outcome"] == course.outcome:
                found += other["attempts"]
        if course.outcome == self.case.decision.outcome:
            found += [
                {"rule": e.rule, "part": "", "title": e.title, "why": e.otherwise, "late": False}
                for e in why(self.case.decision).earlier
                if e.outcome == course.outcome
            ]
        if not course.mode:
            return found
        return [one for one in found if self.gives(one["rule"], one["part"], course)]

    def gives(self, rule: str, part: str, course: Course) -> bool:
        """Whether a rule leads to a course in this mode."""
        blocks = self.book.rules[rule].blocks if rule in self.book.rules else ()
        return any(
            block.outcome == course.outcome and (not part or block.part == part.split("/")[0])
            and any(mode.name == course.mode for mode in block.modes)
            for block in blocks
        )  # fmt: skip

    def needs(self, course: Course, proposed: bool) -> str:
        if proposed:
            actions = [a["text"] for a in self.payload["decision"]["actions"][:2]]
            return " ".join(sentence(text) for text in actions) or "nothing is named"
        if self.hide:
            return "left out of this copy"
        flips = self.case.flips
        found = [f for d in ORDER for f in flips.flips if f.direction == d and f.to == course.outcome]
        if course.outcome == self.case.decision.outcome:
            return "another way to carry out the course that is proposed"
        if not found:
            return "no change that anybody could make is known to lead here"
        one = found[0]
        changes = "; ".join(change_words(flips, change).replace(" -> ", " → ") for change in one.changes)
        owners = ", ".join(dict.fromkeys(owner_words(self.book, c.owner) for c in one.changes))
        least = "" if one.minimal else ", not proven to be the least"
        return f"{changes} ({owners}; effort {cost_words(one.cost)}{least}){ADVISED[one.direction]}"


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]
