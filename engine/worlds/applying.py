"""What applies in a case, and what does not fit together: conditions over the facts that are given, known or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.formulas import Condition
from sharedvalue.engine.language.measures import Measure, Picked
from sharedvalue.engine.language.ranges import Range, between, can
from sharedvalue.engine.language.rulebook import Constraint, RuleBook
from sharedvalue.engine.language.scenario import Scenario, type_of
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Records, Translator
from sharedvalue.engine.worlds.belief import Belief


@dataclass
class _Formulas:
    """The flat formulas of what is asked of cases with lists of the same length, each translated once."""

    translate: Translator
    _conditions: dict[tuple[int, tuple[tuple[str, tuple[str, int]], ...]], tuple[Written, Condition]] = field(
        default_factory=dict
    )

    def condition(self, written: Written, records: Records) -> Condition:
        key = id(written), tuple(records.items())
        kept = self._conditions.get(key)
        if kept is None or kept[0] is not written:
            kept = self._conditions[key] = written, self.translate.condition(written.node, records)
        return kept[1]


FORMULAS_KEPT = 32
_kept: Kept[_Formulas] = Kept(FORMULAS_KEPT)


def _formulas(book: RuleBook, shape: Shape) -> _Formulas:
    return _kept.of((book.hash, shape.counts), lambda: _Formulas(Translator(book, "world", shape)))


@dataclass
class Given:
    """The facts of a case, each with the range that it may lie in; a measure with that of what it is computed from."""

    book: RuleBook
    scenario: Scenario
    shape: Shape
    beliefs: Mapping[str, Belief]
    domains: Mapping[str, Domain] = field(default_factory=dict)
    _found: dict[str, Range] = field(default_factory=dict)

    @cached_property
    def formulas(self) -> _Formulas:
        return _formulas(self.book, self.shape)

    def ranges(self, name: str) -> Range:
        found = self._found.get(name)
        if found is None:
            self._found[name] = found = self._range(name)
        return found

    def _range(self, name: str) -> Range:
        belief, domain = self.beliefs.get(name), self.domains.get(name)
        if belief is not None:
            return belief.domain.lo, belief.domain.hi
        if domain is not None:
            return domain.lo, domain.hi
        measure = self.book.measures.get(name)
        if measure is not None:
            return self._measured(measure)
        kind = type_of(self.book, name)
        return (kind.lo, kind.hi) if kind is not None else (0, 1)

    def _measured(self, measure: Measure) -> Range:
        formula = measure.formula
        if not measure.lists <= set(self.shape.count):
            return measure.unknown or (measure.type.lo, measure.type.hi)
        number = (
            self.formulas.translate.picked(formula)
            if isinstance(formula, Picked)
            else self.formulas.translate.as_measure(formula.node, measure.type, {})
        )
        return between(number, self.ranges)

    def can_hold(self, condition: Written, records: Records | None = None) -> bool:
        """Whether a condition can hold; where that is not clear, it can."""
        return can(self.formulas.condition(condition, records or {}), self.ranges)[0]

    def must_hold(self, condition: Written, records: Records | None = None) -> bool:
        """Whether a condition holds whatever is open; where that is not clear, it need not."""
        return not can(self.formulas.condition(condition, records or {}), self.ranges)[1]

    def meaningless(self) -> Iterator[str]:
        """The facts that mean nothing here, given or not."""
        for fact in self.book.facts.values():
            shut = fact.applies_when is not None and self.ranges(fact.applies_when) == (0, 0)
            if shut or (fact.asked_when is not None and not self.can_hold(fact.asked_when)):
                yield fact.name

    def unlikely(self) -> Iterator[tuple[Constraint, tuple[str, ...]]]:
        """What does not fit together as it is given, with the facts that were given of it."""
        for constraint in self.book.unlikely:
            for records in self._bindings(constraint):
                if self.must_hold(constraint.never, records):
                    yield constraint, self._names(constraint)

    def _bindings(self, constraint: Constraint) -> Iterator[Records]:
        if not constraint.records:
            yield {}
            return
        (variable, where), *_ = constraint.records
        for position in range(self.shape.count.get(where, 0)):
            yield {variable: (where, position)}

    def _names(self, constraint: Constraint) -> tuple[str, ...]:
        from sharedvalue.engine.language.strata import names_read

        found: dict[str, None] = {}
        waiting = list(names_read(constraint.never.node))
        while waiting:
            name = waiting.pop(0)
            measure = self.book.measures.get(name)
            if name in self.scenario.stated or name in self.scenario.records:
                found[name] = None
            elif measure is not None and not isinstance(measure.formula, Picked):
                waiting += names_read(measure.formula.node)
        return tuple(found)
