"""Whether a literal, a rule or a conclusion of a case holds in every world, in none, or in some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.formulas import Test, reads
from sharedvalue.engine.language.grounded import GroundBranch, Grounded, GroundRule
from sharedvalue.engine.language.ranges import can
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.readings.trace import Trace

FAR = 999  # dearer than any real rule
# What a failed literal costs: a number can be a little off, a choice or a standing conclusion cannot; least of all a
# rule whose condition held, but for an exception.
SET_ASIDE, NUMBER, OTHER = 1, 4, 9


def is_conclusion(grounded: Grounded, name: str) -> bool:
    variable = grounded.variables.get(name)
    return variable is not None and variable.origin == "conclusion"


def wants_true(test: Test) -> bool:
    """Whether a literal over a conclusion asks for it to hold."""
    return (test.op == "==") is (test.right == 1)


@dataclass(frozen=True)
class Miss:
    """How near a rule came: what failed, and the conclusions that stood against it."""

    cost: int
    failed: tuple[tuple[GroundRule, Test], ...]


class Truth:
    """Looks at one trace; `decision` (None: one world alone) says what holds in every world."""

    def __init__(self, trace: Trace, decision: Decision | None = None) -> None:
        self.trace, self.grounded = trace, trace.grounded
        self.settled: Mapping[str, bool] | None = None if decision is None else decision.settled
        self.decision = decision
        self._defeated = {firing.rule.key for firing in trace.defeats}
        self._misses: dict[str, Miss] = {}
        self._states: dict[str, str] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}

    # --- in every world, in none, or in some (None) -----------------------------------------------
    def conclusion(self, name: str) -> bool | None:
        if self.settled is None:
            return self.trace.holds(name)
        return self.settled.get(name)

    def test(self, test: Test) -> bool | None:
        if is_conclusion(self.grounded, test.left):
            found = self.conclusion(test.left)
            return None if found is None else found is wants_true(test)
        if self.settled is not None and self.decision is not None:
            for name in (test.left, test.right):
                if isinstance(name, str) and not self.decision.is_certain(name):
                    true, false = can(test, self.decision.wording.certainty.range)
                    return None if true and false else true
        return self.trace.passes(test)

    def ways(self, ways: tuple[tuple[Test, ...], ...]) -> bool | None:
        """Whether one of some alternatives holds."""
        found: bool | None = False
        for way in ways:
            literals = [self.test(test) for test in way]
            if all(literal is True for literal in literals):
                return True
            if not any(literal is False for literal in literals):
                found = None
        return found

    def state(self, rule: GroundRule) -> str:
        """holds | absent | defeated | open."""
        found = self._states.get(rule.key)
        if found is None:
            found = self._states[rule.key] = self._state(rule)
        return found

    def _state(self, rule: GroundRule) -> str:
        fires = self.ways(rule.alternatives)
        if fires:
            return "holds"
        if fires is None:
            return "open"
        return "defeated" if rule.defeats and self.ways(rule.defeats) else "absent"

    def way(self, rule: GroundRule) -> tuple[Test, ...]:
        """The shortest alternative in which a rule holds."""
        held = [way for way in rule.alternatives if all(self.test(test) is True for test in way)]
        return min(held, key=len) if held else ()

    # --- what a value stands on -------------------------------------------------------------------
    def leaves(self, name: str) -> tuple[str, ...]:
        """The facts and conclusions that a value is computed from (itself, if it is not computed), in reading order."""
        if name not in self._leaves:
            formula = self.grounded.measures.get(name)
            if formula is None:
                self._leaves[name] = (name,)
            else:
                self._leaves[name] = ()  # formulas have no cycles; this only guards
                below = dict.fromkeys(
                    leaf for part in dict.fromkeys(reads(formula)) for leaf in self.leaves(part)
                )
                self._leaves[name] = tuple(below)
        return self._leaves[name]

    # --- why not ----------------------------------------------------------------------------------
    def miss(self, conclusion: str) -> Miss:
        """The nearest way in which a conclusion could have been reached, by what its failed literals cost."""
        if conclusion not in self._misses:
            self._misses[conclusion] = Miss(FAR, ())  # rules do not recurse; this only guards
            found = [self.rule_miss(rule) for rule in self.grounded.rules_for.get(conclusion, ())]
            self._misses[conclusion] = min(found, key=lambda miss: miss.cost, default=Miss(FAR, ()))
        return self._misses[conclusion]

    def rule_miss(self, rule: GroundRule) -> Miss:
        best = Miss(FAR, ())
        defeated = rule.key in self._defeated
        for way in rule.alternatives:
            cost = 0
            failed: list[tuple[GroundRule, Test]] = []
            for test in way:
                if self.trace.passes(test):
                    continue
                if is_conclusion(self.grounded, test.left) and wants_true(test):
                    below = self.miss(test.left)
                    cost += below.cost
                    failed += below.failed
                else:
                    cost += (
                        NUMBER if isinstance(self.grounded.variables[test.left].type, NumberType) else OTHER
                    )
                    failed.append((rule, test))
                if cost >= best.cost:
                    break
            if cost < best.cost:
                best = Miss(cost, tuple(failed))
        return Miss(SET_ASIDE, best.failed) if defeated else best

    def ruled_out(self, before: int) -> Iterator[tuple[GroundBranch, GroundRule]]:
        """The courses that are looked at before a place in the order, with the rule of each."""
        for branch in self.grounded.branches:
            if branch.place >= before:
                return
            yield branch, self.grounded.rules_for[branch.candidate][0]
