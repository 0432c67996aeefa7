"""What a course lacks, and by how much: of all the ways to it, the nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from sharedvalue.engine.decision import Decision, Wording
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.texts import UNKNOWN
from sharedvalue.engine.questions.checks import Check, Checker
from sharedvalue.engine.telling.checks import check_text
from sharedvalue.engine.telling.phrases import lower

MOST = 4  # lacks of one course that are told
NONE = "no "  # of what there is none, nothing else is to be counted
Lack = tuple[str, Fraction]  # its words, and how far it is off: 0 where that is no number


def courses_that_failed(decision: Decision) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Each course that would have been another answer, with what it lacks; none where the answer does not hang on them."""
    book, chosen = decision.worlds.book, decision.trace.chosen
    if chosen is None or decision.by_open_facts:
        return ()
    block = next(b for b in book.rules[chosen.rule].blocks if b.part == chosen.part)
    doors = book.outcomes.outcomes[decision.outcome].doors if block.when is None else ()
    return tuple(nearest_way(decision, door) for door in doors)


def nearest_way(decision: Decision, conclusion: str) -> tuple[str, str, tuple[str, ...]]:
    """The rule that gives a conclusion, its title, and what the way that lacks least lacks."""
    rules = decision.trace.grounded.rules_for[conclusion]
    told = list(dict.fromkeys(words for words, _ in _Ways(decision).to(conclusion)))
    told = [words for words in told if words.startswith(NONE)] or told
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST + 1 else []
    shown = told[:MOST] if more else told
    return rules[0].rule, decision.worlds.book.rules[rules[0].rule].title, (*shown, *more)


@dataclass(frozen=True)
class _Ways:
    decision: Decision

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.decision)

    @cached_property
    def wording(self) -> Wording:
        return replace(self.decision.wording, star="*")

    def to(self, conclusion: str) -> list[Lack]:
        """What the nearest rule for a conclusion lacks."""
        return nearest(
            self.of_rule(rule) for rule in self.decision.trace.grounded.rules_for.get(conclusion, ())
        )

    def of_rule(self, rule: GroundRule) -> list[Lack]:
        against = self.checker.unless(rule)
        return [*self.of_check(self.checker.of_rule(rule)), *(self.standing(against) if against else ())]

    def of_check(self, check: Check) -> list[Lack]:
        if check.kind == "any" and check.passed is not True:
            return nearest(self.of_check(part) for part in check.parts)
        if check.kind in ("all", "any"):
            return [lack for part in check.parts if part.passed is not True for lack in self.of_check(part)]
        if check.passed is not False or check.value == UNKNOWN:
            return []  # what is open may be there
        if check.kind == "number" and (check.value, check.wanted) == ("0", "1"):
            return [(f"{NONE}{check.title}", Fraction(1))]
        if check.kind != "conclusion":
            return [(check_text(check), check.distance or Fraction(0))]
        return self.to(check.name) if check.wanted == "yes" else self.standing(check)

    def standing(self, check: Check) -> list[Lack]:
        """What stands against it: the lines of the rules that conclude what must not be."""
        trace = self.decision.trace
        held = [test.name for test in check.tests if self.checker.state(test.name)]
        firings = [firing for name in held for firing in trace.concluded_by.get(name, ())]
        return [
            (lower(self.wording.line(f.rule)), Fraction(0))
            for f in firings
            if self.decision.holds_everywhere(f)
        ]


def nearest(ways: Iterable[list[Lack]]) -> list[Lack]:
    """The way that lacks the fewest, and of these the one that is least far off; one that lacks nothing tells nothing."""
    found = [way for way in ways if way]
    return min(found, key=lambda way: (len(way), sum(far for _, far in way)), default=[])
