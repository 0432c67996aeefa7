"""Whether a condition of the rule book holds in every world of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.formulas import (
    NEGATED,
    And,
    Choose,
    Condition,
    Const,
    Formula,
    Missing,
    Pick,
    Product,
    Quotient,
    Sum,
    Test,
    Value,
    holds,
    number,
    reads,
)
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.ranges import Range, Ranges, between, can
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Records, Translator
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.applying import Given

CHOSEN = ("outcome", "decided_by")  # what the choice finds, by its place in the book
ANY = (0, 1 << 30)


@dataclass(frozen=True)
class Certainty:
    """Judges conditions in the worlds of one case. `settled`, `outcome` and `possible` are as in Wording."""

    worlds: Worlds
    trace: Trace
    settled: Mapping[str, bool] | None
    outcome: int | None = None
    possible: tuple[int, ...] = ()

    @cached_property
    def values(self) -> Mapping[str, int]:
        """Every value that is the same in all worlds."""
        worlds = self.worlds
        known = {
            n: b.value for n, b in worlds.beliefs.items() if b.value is not None and n not in worlds.open
        }
        if self.settled is None:
            return {**known, **self.trace.values}
        found = {**known, **worlds.known, **{n: int(v) for n, v in self.settled.items()}}
        if self.outcome is not None:
            found["outcome"] = self.outcome
        for measure in (m for stratum in worlds.grounded.strata for m in stratum.measures):
            try:
                found.setdefault(measure.name, number(measure.formula, found))
            except Missing:
                continue
        return found

    @cached_property
    def _translate(self) -> Translator:
        return Translator(self.worlds.book, "world", Shape(tuple(self.worlds.scenario.counts.items())))

    def passes(self, condition: e.Node | None, records: Records | None = None) -> bool | None:
        """True where it holds in every world, False where in none, None where that is open. No condition always holds."""
        if condition is None:
            return True
        functions = {
            f"{part.name}({','.join(part.arguments)})": self._asked(part)
            for part in e.walk(condition)
            if isinstance(part, e.Concluded) and part.name in self.worlds.book.provided
        }
        values = {**self.values, **functions} if functions else self.values
        formula = self._translate.condition(condition, records or {})
        if "outcome" in values or not self.possible or "outcome" not in reads(formula):
            return self._judged(formula, values)
        found = {self._judged(formula, {**values, "outcome": outcome}) for outcome in self.possible}
        return found.pop() if len(found) == 1 else None

    def _judged(self, formula: Condition, values: Mapping[str, int]) -> bool | None:
        try:
            return holds(formula, values)
        except Missing:
            true, false = can(formula, lambda name: self._range(name, values))
            return None if true and false else true

    def range(self, name: str) -> Range:
        """Between what a value lies in every world: of what is worked out, as wide as what it is worked out from allows,
        and no wider than the conclusions that hold everywhere leave it. Wide enough never to leave anything out."""
        lo, hi = self._range(name, self.values)
        low, high = self._bounds.get(name, (lo, hi))
        return max(lo, low), min(hi, high)

    def _range(self, name: str, values: Mapping[str, int]) -> Range:
        if name in values:
            return values[name], values[name]
        worlds = self.worlds
        if name in worlds.domains and not worlds.domains[name].is_known:
            return worlds.domains[name].lo, worlds.domains[name].hi
        if name in CHOSEN:
            return ANY
        measure = self.trace.grounded.measures.get(name)
        if measure is None or values is not self.values:
            return self._given.ranges(name)
        found = self._found.get(name)
        if found is None:
            self._found[name] = found = _between(measure, lambda below: self._range(below, values))
        return found

    @cached_property
    def _found(self) -> dict[str, Range]:
        return {}

    @cached_property
    def _bounds(self) -> Mapping[str, Range]:
        """What conclusions that are the same everywhere say of the values that they were drawn from."""
        grounded, found = self.trace.grounded, dict[str, Range]()
        for conclusion, holds_everywhere in (self.settled or {}).items():
            rules = grounded.rules_for.get(conclusion, ())
            for rule in rules if not holds_everywhere or len(rules) == 1 else ():
                for test in self._tests(rule, holds_everywhere):
                    self._narrow(found, test)
        return found

    def _tests(self, rule: GroundRule, fires: bool) -> Iterable[Test]:
        """The tests that hold in every world, since a rule fires in all of them or in none."""
        parts = rule.when.parts if isinstance(rule.when, And) else (rule.when,)
        if fires:
            return [part for part in parts if isinstance(part, Test)]
        open_parts = [part for part in parts if can(part, lambda name: self._range(name, self.values))[1]]
        if rule.unless is not None or len(open_parts) != 1 or not isinstance(open_parts[0], Test):
            return []
        only = open_parts[0]
        return [Test(only.left, NEGATED[only.op], only.right)]

    def _narrow(self, found: dict[str, Range], test: Test) -> None:
        if not isinstance(test.right, int):
            return
        lo, hi = found.get(test.left) or self._range(test.left, self.values)
        least = {">=": test.right, ">": test.right + 1, "==": test.right}.get(test.op, lo)
        most = {"<=": test.right, "<": test.right - 1, "==": test.right}.get(test.op, hi)
        found[test.left] = max(lo, least), min(hi, most)

    @cached_property
    def _given(self) -> Given:
        worlds = self.worlds
        return Given(worlds.book, worlds.scenario, worlds.shape, worlds.beliefs, worlds.domains)

    def _asked(self, part: e.Concluded) -> int:
        """What the engine says of a fact: unknown(fact), in_doubt(fact), evidenced(fact)."""
        if part.name == "unknown":
            return int(self.worlds.is_unknown(part.arguments[0]))
        if part.name == "in_doubt":
            return int(self.worlds.is_in_doubt(part.arguments[0]))
        if part.name == "evidenced":
            return int(self.worlds.evidenced(part.arguments[0]))
        raise ValueError(f"{part.name} is known only once the worlds are decided")


def _between(formula: Formula, ranges: Ranges) -> Range:
    """The least and the greatest that a measure can be; a condition counts as 1 or 0."""
    if isinstance(formula, Const | Value | Sum | Product | Quotient | Pick | Choose):
        return between(formula, ranges)
    true, false = can(formula, ranges)
    return int(not false), int(true)
