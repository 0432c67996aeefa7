"""What is left of a rule book once the known facts are put in: a literal for every conclusion and outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import (
    And,
    Choose,
    Compare,
    Condition,
    Const,
    Not,
    Number,
    Or,
    Pick,
    Product,
    Quotient,
    Sum,
    Test,
    Truth,
    Value,
    compare,
)
from sharedvalue.engine.readings.prove.arithmetic import Arithmetic
from sharedvalue.engine.readings.prove.axes import AxisMaker
from sharedvalue.engine.readings.prove.budget import Budget
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, Circuit
from sharedvalue.engine.readings.prove.evaluate import NO_OUTCOME, Formed, FormedTable
from sharedvalue.engine.readings.prove.numbers import Cases, Sym


class Residual:
    """A table read for some domains. What is one value is computed; the rest becomes literals of one circuit.

    `conclusions` gives every conclusion's literal, `outcomes` and `places` those of each outcome and deciding place,
    `never` those of the constraints. `known` holds every value that is already one.
    """

    def __init__(
        self,
        table: FormedTable,
        domains: Mapping[str, Domain],
        budget: Budget | None = None,
        beside: Residual | None = None,
        more: Mapping[str, Domain] | None = None,
        taken: Mapping[str, Callable[[Sym], Sym]] | None = None,
    ) -> None:
        """`more` are unknowns that only a second table reads, which is made `beside` this one, over the same circuit.

        `taken` says of some values what a world takes for what is given or computed.
        """
        missing = [name for name in table.grounded.inputs if name not in domains]
        if missing:
            raise ValueError(f"no domain for {', '.join(missing)}")
        self.table = table
        self.known = {name: domains[name].lo for name in table.grounded.inputs if domains[name].is_known}
        self.given = dict(self.known)
        self.unknowns = {n: domains[n] for n in table.grounded.inputs if not domains[n].is_known} | dict(
            more or {}
        )
        self.circuit: Circuit = (
            Circuit(self.unknowns, budget or Budget(inf)) if beside is None else beside.circuit
        )
        # numbers that are kept whole are named within one arithmetic, so one circuit has one
        self.arithmetic: Arithmetic = Arithmetic(self.circuit) if beside is None else beside.arithmetic
        self.axes: AxisMaker = AxisMaker(self.arithmetic) if beside is None else beside.axes
        self.conclusions: dict[str, int] = dict.fromkeys(table.conclusions, FALSE)
        self.outcomes: dict[int, int] = {}
        self.places: dict[int, int] = {}
        self._numbers: dict[str, Sym] = {name: self.arithmetic.unknown(name) for name in self.unknowns}
        self._open: set[str] = set(self.unknowns)
        self._tests: dict[Test, int] = {}
        self._taken = dict(taken or {})
        for name in table.grounded.inputs:
            if name in self._taken:
                self._set_number(name, self.variable(name))
        self.known |= table.nothing_holds
        for measures, chooses, rules in table.strata:
            for name, measure in measures:
                self._set_number(name, self._formed_number(measure))
            if chooses:
                self._choose()
            concluded: dict[str, list[int]] = {}
            for rule in rules:
                fires = self._formed_condition(rule.when)
                if fires != FALSE and rule.unless is not None:
                    fires = self.circuit.all((fires, -self._formed_condition(rule.unless)))
                if fires != FALSE:
                    for name in rule.concludes:
                        concluded.setdefault(name, [self.conclusions[name]]).append(fires)
            for name, ways in concluded.items():
                self._conclude(name, self.circuit.any(ways))
        self.never = [(name, self._formed_condition(never)) for name, never in table.constraints]
        self.exists = self.circuit.all([-never for _, never in self.never])
        self.circuit.budget = Budget(inf)  # whoever asks on has a budget of their own

    # --- building ---------------------------------------------------------------------------------------------
    def forbid(self, name: str, literal: int) -> None:
        """Worlds in which a literal holds do not exist."""
        self.never.append((name, literal))
        self.exists = self.circuit.all([self.exists, -literal])

    def take(self, name: str, number: Sym) -> Sym:
        """Read a value otherwise from now on; what it was is returned."""
        before = self.variable(name)
        self._tests.clear()
        self._taken.pop(name, None)
        self._set_number(name, number)
        return before

    def _set_number(self, name: str, number: Sym) -> None:
        if name in self._taken:
            number = self._taken[name](number)
        if isinstance(number, int):
            self.known[name] = number
            self._open.discard(name)
        else:
            self._numbers[name] = number
            self._open.add(name)

    def _conclude(self, name: str, literal: int) -> None:
        self.conclusions[name] = literal
        if literal in (TRUE, FALSE):
            self.known[name] = int(literal == TRUE)
        else:
            self._open.add(name)

    def _choose(self) -> None:
        free = TRUE
        by_outcome: dict[int, list[int]] = {}
        for branch in self.table.branches:
            stands = self.conclusions[branch.candidate]
            chosen = self.circuit.all((free, stands))
            free = self.circuit.all((free, -stands))
            if chosen != FALSE:
                self.places[branch.place] = chosen
                by_outcome.setdefault(branch.outcome, []).append(chosen)
        if free != FALSE:
            self.places[NO_OUTCOME] = free
            by_outcome[NO_OUTCOME] = [free]
        self.outcomes = {outcome: self.circuit.any(ways) for outcome, ways in by_outcome.items()}
        self._set_number("outcome", self.arithmetic.cases([(when, o) for o, when in self.outcomes.items()]))
        self._set_number("decided_by", self.arithmetic.cases([(when, p) for p, when in self.places.items()]))

    def _formed_condition(self, formed: Formed) -> int:
        if formed.reads.isdisjoint(self._open):
            return TRUE if formed.run(self.known) else FALSE
        return self.condition(formed.formula)  # type: ignore[arg-type]  # formed of a condition

    def _formed_number(self, formed: Formed) -> Sym:
        if formed.reads.isdisjoint(self._open):
            return int(formed.run(self.known))
        return self.number(formed.formula)  # type: ignore[arg-type]  # formed of a number

    # --- reading formulas -------------------------------------------------------------------------------------
    def condition(self, formula: Condition) -> int:
        """The literal of a condition over any variables of the table."""
        return _CONDITIONS[type(formula)](self, formula)

    def number(self, formula: Number) -> Sym:
        """The number of a formula over any variables of the table."""
        return _NUMBERS[type(formula)](self, formula)

    def variable(self, name: str) -> Sym:
        if name not in self._open:
            return self.known[name]
        found = self._numbers.get(name)
        return self.arithmetic.choose(self.conclusions[name], 1, 0) if found is None else found

    def _test(self, test: Test) -> int:
        left, op, right = test.left, test.op, test.right
        if isinstance(right, str):
            if right not in self._open:
                right = self.known[right]
            elif left in self._open:
                return self._compared(test)
        if left not in self._open:
            value = self.known[left]
            if isinstance(right, int):
                return TRUE if compare(value, op, right) else FALSE
            return self._compared(test)
        if left in self.conclusions and isinstance(right, int):
            literal = self.conclusions[left]
            if_true, if_false = compare(1, op, right), compare(0, op, right)
            if if_true is if_false:
                return TRUE if if_true else FALSE
            return literal if if_true else -literal
        return self._compared(test)

    def _compared(self, test: Test) -> int:
        found = self._tests.get(test)
        if found is None:
            left = self.variable(test.left)
            right = self.variable(test.right) if isinstance(test.right, str) else test.right
            if isinstance(left, Cases) and isinstance(right, int):
                ways = [
                    (when if compare(case, test.op, right) else FALSE)
                    if isinstance(case, int)
                    else self.circuit.all((when, self.arithmetic.compare(case, test.op, right)))
                    for when, case in left.cases
                ]
                found = self.circuit.any(ways)
            else:
                found = self.arithmetic.compare(left, test.op, right)
            self._tests[test] = found
        return found

    def _and(self, formula: And) -> int:
        return self.circuit.all([self.condition(part) for part in formula.parts])

    def _or(self, formula: Or) -> int:
        return -self.circuit.all([-self.condition(part) for part in formula.parts])

    def _compare(self, formula: Compare) -> int:
        return self.arithmetic.compare(self.number(formula.left), formula.op, self.number(formula.right))

    def _sum(self, formula: Sum) -> Sym:
        total: Sym = 0
        for part in formula.parts:
            total = self.arithmetic.add(total, self.number(part))
        return total

    def _product(self, formula: Product) -> Sym:
        total: Sym = 1
        for part in formula.parts:
            total = self.arithmetic.times(total, self.number(part))
        return total

    def _quotient(self, formula: Quotient) -> Sym:
        return self.arithmetic.divide(self.number(formula.top), self.number(formula.bottom))

    def _pick(self, formula: Pick) -> Sym:
        items = [(when, item) for c, item in formula.items if (when := self.condition(c)) != FALSE]
        return self.arithmetic.pick(
            formula.kind, [(when, self.number(item)) for when, item in items], self.number(formula.default)
        )

    def _choice(self, formula: Choose) -> Sym:
        when = self.condition(formula.condition)
        if when in (TRUE, FALSE):
            return self.number(formula.then if when == TRUE else formula.otherwise)
        return self.arithmetic.choose(when, self.number(formula.then), self.number(formula.otherwise))


_CONDITIONS: dict[type, Callable[[Residual, Any], int]] = {
    Truth: lambda residual, formula: TRUE if formula.value else FALSE,
    Test: Residual._test,
    And: Residual._and,
    Or: Residual._or,
    Not: lambda residual, formula: -residual.condition(formula.part),
    Compare: Residual._compare,
}
_NUMBERS: dict[type, Callable[[Residual, Any], Sym]] = {
    Const: lambda residual, formula: formula.value,
    Value: lambda residual, formula: residual.variable(formula.name),
    Sum: Residual._sum,
    Product: Residual._product,
    Quotient: Residual._quotient,
    Pick: Residual._pick,
    Choose: Residual._choice,
}
