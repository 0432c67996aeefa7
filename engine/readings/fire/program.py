"""A grounded table, ready to be read world by world: measures, the choice and the rules of each stratum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sharedvalue.engine.kept import KeptOf
from sharedvalue.engine.language.formulas import Missing, Way, number
from sharedvalue.engine.language.grounded import GroundBranch, Grounded, GroundRule, Stratum
from sharedvalue.engine.readings.fire.matcher import Matcher, matcher
from sharedvalue.engine.readings.trace import Firing, Trace

PROGRAMS_KEPT = 64  # as many as grounding keeps tables
STRATA_KEPT = 128  # each with what the library holds of its rules: about a megabyte for 60 ways

_programs: KeptOf[Program] = KeptOf(PROGRAMS_KEPT)


@lru_cache(maxsize=STRATA_KEPT)
def _matcher(ways: tuple[Way, ...]) -> Matcher:
    """Kept by what the rules ask: the same rules stand in many grounded tables, and building them is dear."""
    return matcher(ways)


class Program:
    """All rules of a grounded table in the form that the library reads."""

    def __init__(self, grounded: Grounded) -> None:
        self._grounded = grounded
        self._steps = [_Step(stratum) for stratum in grounded.strata]
        self._branches = sorted(grounded.branches, key=lambda branch: branch.place)
        # A conclusion that no rule can give for these lists (a rule over no records) is known to be false.
        concluded = {name for stratum in grounded.strata for name in stratum.conclusions}
        known = [name for name, variable in grounded.variables.items() if variable.origin == "conclusion"]
        self._never = {name: 0 for name in known if name not in concluded}

    @staticmethod
    def from_grounded(grounded: Grounded) -> Program:
        """The program of this table: compiled once, and kept for the tables that were used last."""
        return _programs.of(grounded, lambda: Program(grounded))

    def read(self, world: Mapping[str, int]) -> Trace:
        """What follows in one world. A missing value stays missing; a literal that reads it does not hold.

        Firings stand in the order of the table's rules, what each matched in the order of its alternatives.
        """
        values = {**self._never, **world}
        firings: list[Firing] = []
        defeats: list[Firing] = []
        chosen: GroundBranch | None = None
        for step in self._steps:
            step.measure(values)
            if step.stratum.chooses:
                chosen = self._choose(values)
            step.fire(values, firings, defeats)
        return Trace(self._grounded, values, tuple(firings), tuple(defeats), chosen)

    def _choose(self, values: dict[str, int]) -> GroundBranch | None:
        for branch in self._branches:
            if values.get(branch.candidate) == 1:
                values["outcome"], values["decided_by"] = branch.outcome, branch.place
                return branch
        return None


@dataclass(frozen=True)
class _Way:
    """One alternative of a rule's condition, or of its defeat."""

    rule: GroundRule
    defeat: bool
    alone: Firing  # what happened when only this way held, as is nearly always the case

    @staticmethod
    def of(rule: GroundRule) -> list[_Way]:
        sides = ((rule.alternatives, False), (rule.defeats, True))
        return [_Way(rule, defeat, Firing(rule, (way,))) for ways, defeat in sides for way in ways]


class _Step:
    """One stratum, ready to be read."""

    def __init__(self, stratum: Stratum) -> None:
        self.stratum = stratum
        self._ways = [way for rule in stratum.rules for way in _Way.of(rule)]
        self._matcher = _matcher(tuple(way.alone.matched[0] for way in self._ways))
        self._conclusions = stratum.conclusions

    def measure(self, values: dict[str, int]) -> None:
        for measure in self.stratum.measures:
            try:
                values[measure.name] = number(measure.formula, values)
            except Missing:
                continue

    def fire(self, values: dict[str, int], firings: list[Firing], defeats: list[Firing]) -> None:
        """Fires the rules, all at once. What no stratum so far has concluded is then known to be false."""
        found = [self._ways[place] for place in self._matcher.matches(values)]
        for name in self._conclusions:
            values.setdefault(name, 0)
        last: _Way | None = None
        for way in found:
            happened = defeats if way.defeat else firings
            if last is not None and last.rule is way.rule and last.defeat is way.defeat:
                happened[-1] = Firing(way.rule, happened[-1].matched + way.alone.matched)
            else:
                happened.append(way.alone)
            last = way
            if not way.defeat:
                values.update(dict.fromkeys(way.rule.concludes, 1))
