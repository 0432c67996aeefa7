"""Why not: each rule that could have given an outcome, what failed and by how much, and the same for what failed below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.decision.apart import example_of
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import GroundBranch, GroundRule
from sharedvalue.engine.questions.checks import Check, Checker
from sharedvalue.engine.questions.moves import Move, Moves, cheapest
from sharedvalue.engine.questions.naming import Naming, plain

HELD, FAILED, DEFEATED, OPEN = "held", "failed", "defeated", "open"


@dataclass(frozen=True)
class Attempt:
    """A rule that could have given what was asked for.

    `state` is held | failed | defeated | open (worlds differ). `place` is that of a branch, else 0; `late` marks a branch
    that held, or might have, behind the one that decided, `waits` any where it is open which one does. `below` tells of the
    conclusions that its failed tests asked for.
    """

    rule: GroundRule
    title: str
    place: int
    outcome: str
    modes: tuple[str, ...]
    state: str
    late: bool
    otherwise: str
    check: Check
    unless: Check | None
    below: tuple[Explained, ...]
    waits: bool = False


@dataclass(frozen=True)
class Explained:
    """A conclusion that stood in the way: it does not hold and was needed, or holds and was not to (`holds`)."""

    conclusion: str
    title: str
    holds: bool | None
    attempts: tuple[Attempt, ...]
    again: bool = False


@dataclass(frozen=True)
class WhyNot:
    """The answer. `kind` is outcome | mode | conclusion; `is_so` when what was asked for is the answer after all.

    `decided` is the branch that decided; `possible` whether some world gives it, with an example of the open facts;
    `changes` are improving changes of one fact that lead to the outcome, cheapest first.
    """

    kind: str
    target: str
    title: str
    is_so: bool
    decided: GroundBranch | None
    possible: bool
    example: tuple[tuple[str, str], ...]
    attempts: tuple[Attempt, ...]
    changes: tuple[Move, ...] = ()


def why_not(decision: Decision, target: str, changes: bool = True) -> WhyNot:
    """What kept an outcome, a mode or a conclusion from coming out; without `changes`, none are looked for, which takes most of
    the time.

    Raises:
        UserError: SV241 when there is nothing of that name.
    """
    return _Asker(decision, changes).ask(target)


class _Asker:
    def __init__(self, decision: Decision, with_changes: bool) -> None:
        self.decision, self.worlds, self.book = decision, decision.worlds, decision.worlds.book
        self.with_changes = with_changes
        self.naming = Naming(decision.worlds)
        self.checker = Checker(decision, self.naming)
        self.grounded = decision.trace.grounded
        self.explained: set[str] = set()

    def ask(self, target: str) -> WhyNot:
        outcomes, modes = self.book.outcomes.outcomes, self.book.outcomes.modes
        wanted = plain(target)
        for name, outcome in outcomes.items():
            if wanted in (plain(name), plain(outcome.title), plain(outcome.headline)):
                return self.outcome(
                    "outcome", name, outcome.title, self.branches(name, None), name == self.decision.outcome
                )
        for name, mode in modes.items():
            if wanted in (plain(name), plain(mode.title)):
                branches = tuple(b for outcome in mode.outcomes for b in self.branches(outcome, name))
                return self.outcome("mode", name, mode.title, branches, name in self.decision.modes)
        found = self.naming.resolve(target, self.grounded.rules_for)
        if found is None:
            known = [
                *outcomes,
                *modes,
                *(self.naming.address(n) for n in self.grounded.rules_for if ":" not in n),
            ]
            near = did_you_mean(wanted, [plain(name) for name in known])
            raise mistake(
                "SV241",
                "why-not",
                f"there is no outcome, mode or conclusion '{target}' here",
                near or f"Outcomes: {', '.join(outcomes)}.",
            )
        state = self.checker.state(found)
        self.explained.add(found)
        attempts = tuple(self.attempt(rule) for rule in self.grounded.rules_for[found])
        return WhyNot(
            "conclusion",
            self.naming.address(found),
            self.naming.conclusion(found),
            state is True,
            self.decision.trace.chosen,
            state is not False,
            (),
            attempts,
        )

    def outcome(
        self, kind: str, name: str, title: str, branches: tuple[GroundBranch, ...], is_so: bool
    ) -> WhyNot:
        attempts = tuple(self.branch(branch) for branch in sorted(branches, key=lambda b: b.place))
        mine = [
            p
            for p in self.decision.possible
            if (p.outcome if kind == "outcome" else None) == name or any(name in m for m in p.modes)
        ]
        example: tuple[tuple[str, str], ...] = ()
        if mine and self.decision.worlds.open and not is_so:
            names = list(example_of(self.decision, mine[0]).facts) or list(self.decision.worlds.open)[:5]
            example = tuple((self.naming.title(n), self.naming.said(n, mine[0].example[n])) for n in names)
        changes = self.changes(name) if kind == "outcome" and not is_so else ()
        return WhyNot(
            kind,
            name,
            title,
            is_so,
            self.decision.trace.chosen,
            bool(mine),
            example,
            attempts,
            changes,
        )

    def changes(self, outcome: str) -> tuple[Move, ...]:
        if self.decision.by_open_facts or not self.with_changes:
            return ()
        return tuple(move for move in cheapest(Moves(self.decision).all()) if move.outcomes == (outcome,))

    def branches(self, outcome: str, mode: str | None) -> tuple[GroundBranch, ...]:
        """The branches of the choice that give an outcome; with a mode, those that may give it."""
        code = self.book.outcome_names.index(outcome)
        found = [b for b in self.grounded.branches if b.outcome == code]
        if mode is None or self.book.outcomes.modes[mode].joins_when is not None:
            return tuple(found)
        return tuple(b for b in found if mode in self.modes(b))

    def modes(self, branch: GroundBranch) -> tuple[str, ...]:
        block = next(b for b in self.book.rules[branch.rule].blocks if b.part == branch.part)
        return tuple(when.name for when in block.modes)

    # --- one rule -------------------------------------------------------------------------------------------------
    def branch(self, branch: GroundBranch) -> Attempt:
        rule = self.grounded.rules_for[branch.candidate][0]
        chosen = self.decision.trace.chosen
        late = chosen is not None and branch.place > chosen.place and not self.decision.by_open_facts
        return replace(
            self.attempt(rule),
            place=branch.place,
            outcome=self.book.outcome_names[branch.outcome],
            modes=self.modes(branch),
            late=late,
            waits=self.decision.by_open_facts,
        )

    def attempt(self, rule: GroundRule) -> Attempt:
        check, unless = self.checker.of_rule(rule), self.checker.unless(rule)
        state = _state(check.passed, None if unless is None else unless.passed, unless is not None)
        if state == OPEN and unless is not None and unless.passed is True:
            state = DEFEATED  # whatever else is open
        if state == HELD and not self.fires(rule):
            state = FAILED  # an earlier case of the rule held
        below: list[Explained] = []
        if state != HELD:
            below += self.below(test for test in _failing(check))
            if unless is not None and unless.passed is not False:
                below += self.below(test for test in unless.tests if test.passed is not False)
        return Attempt(
            rule,
            self.book.rules[rule.rule].title,
            0,
            "",
            (),
            state,
            False,
            self.decision.wording.otherwise(rule),
            check,
            unless,
            tuple(below),
        )

    def fires(self, rule: GroundRule) -> bool:
        states = [self.checker.state(conclusion) for conclusion in rule.concludes]
        return None in states or any(f.rule.key == rule.key for f in self.decision.trace.firings)

    def below(self, tests: Iterable[Check]) -> Iterator[Explained]:
        for test in tests:
            if test.kind == "conclusion":
                yield self.explain(test.name)
            elif test.name in self.grounded.measures:
                for name in self.counted(test.name):
                    if self.checker.state(name) is not True:
                        yield self.explain(name)

    def counted(self, measure: str) -> Iterator[str]:
        """The conclusions that a measure counts."""
        for name in dict.fromkeys(reads(self.grounded.measures[measure])):
            if name in self.grounded.measures:
                yield from self.counted(name)
            elif name in self.grounded.rules_for:
                yield name

    def explain(self, conclusion: str) -> Explained:
        title, holds = self.naming.conclusion(conclusion), self.checker.state(conclusion)
        if conclusion in self.explained:
            return Explained(conclusion, title, holds, (), again=True)
        self.explained.add(conclusion)
        attempts = [self.attempt(rule) for rule in self.grounded.rules_for.get(conclusion, ())]
        if holds:
            attempts = [attempt for attempt in attempts if attempt.state == HELD]
        return Explained(conclusion, title, holds, tuple(attempts))


def _state(passed: bool | None, stopped: bool | None, may_stop: bool) -> str:
    if passed is False:
        return FAILED
    if may_stop and stopped is True:
        return DEFEATED if passed else OPEN
    return OPEN if passed is None or (may_stop and stopped is None) else HELD


def _failing(check: Check) -> Iterator[Check]:
    """The tests that keep a condition from holding: of 'one of', all of its parts; of 'all of', those that failed."""
    if check.kind in ("all", "any"):
        for part in check.parts:
            if part.passed is not True:
                yield from _failing(part)
    elif check.passed is not True:
        yield check
