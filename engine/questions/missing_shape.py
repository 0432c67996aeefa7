"""The worlds of one shape of case, and the fewest facts that force what a target asks for."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.audit import named, whole
from sharedvalue.engine.questions.coverage import tests_of
from sharedvalue.engine.questions.missing_targets import Target
from sharedvalue.engine.readings.prove import FALSE, Answer, Budget, OutOfBudget, Program, Residual, Session

HURRY = 3.0  # seconds that the solver has for one question: a hard one must not starve the others


class ShapeOfCase:
    """The worlds of one shape, and questions about them."""

    def __init__(self, book: RuleBook, grounded: Grounded, shape: Shape, budget: Budget) -> None:
        self.grounded, self.shape = grounded, shape
        self.stated = [n for n in grounded.inputs if fact_of(n) in book.facts]  # the others are measures
        self.residual: Residual = Program.from_grounded(grounded).residual(whole(grounded), budget)
        self.budget = budget
        self.session = Session(self.residual, budget)
        self.required = tuple(n for n in self.stated if n in book.facts and book.facts[n].required)

    def ask(self, *literals: int, given: Mapping[str, int] | None = None) -> Answer:
        self.session.budget = Budget(min(HURRY, self.budget.left))
        return self.session.ask(*literals, given=given)

    def literal(self, book: RuleBook, target: Target) -> int:
        """The literal of what a target asks for; FALSE where this shape has nothing of it."""
        residual, circuit = self.residual, self.residual.circuit
        if target.kind == "outcome":
            return residual.outcomes.get(book.outcome_names.index(target.name), FALSE)
        if target.kind == "mode":
            mode = residual.conclusions.get(f"mode:{target.name}", FALSE)
            codes = [book.outcome_names.index(name) for name in book.outcomes.modes[target.name].outcomes]
            return circuit.all((mode, circuit.any(residual.outcomes.get(code, FALSE) for code in codes)))
        ways = []
        for rule in self.grounded.rules:
            if named(rule.rule, rule.part) != target.name:
                continue
            if target.kind == "rule":
                fires = residual.condition(rule.when)
                if rule.unless is not None:
                    fires = circuit.all((fires, -residual.condition(rule.unless)))
                ways.append(fires)
                continue
            for test, text in tests_of(self.grounded, rule.when):
                if text == target.condition:
                    holds = residual.condition(test)
                    ways.append(holds if target.side == "holds" else -holds)
        return circuit.any(ways)

    def enough(self, literal: int) -> dict[str, int] | None:
        """Facts of which none can be left out, and which force the literal in every world; None when none do."""
        answer = self.ask(literal)
        if answer.cannot:
            return None
        if answer.world is None:
            raise OutOfBudget
        world = answer.world
        core = self.ask(-literal, given={n: world[n] for n in self.stated})
        if core.world is not None:
            return None  # it hangs on a measure over a list that is left out, which no scenario can state
        if not core.cannot:
            raise OutOfBudget
        kept = {name: world[name] for name in self.stated if name in core.because}
        for name in list(kept):
            if name not in kept:
                continue
            fewer = {n: v for n, v in kept.items() if n != name}
            again = self.ask(-literal, given=fewer)
            if again.cannot:
                kept = {n: v for n, v in fewer.items() if n in again.because}
            elif again.world is None:
                raise OutOfBudget
        return self.tidy(literal, {**{n: world[n] for n in self.required}, **kept})

    def tidy(self, literal: int, facts: dict[str, int]) -> dict[str, int]:
        """The same facts with rounder numbers, where these suffice as well."""
        for name, value in facts.items():
            kind = self.grounded.variables[name].type
            if not isinstance(kind, NumberType):
                continue
            for rounder in _rounder(value, kind):
                other = {**facts, name: rounder}
                if self.ask(given=other).world and self.ask(-literal, given=other).cannot:
                    facts = other
                    break
        return facts

    def unsaid(self, literal: int) -> bool:
        """Whether some world has the literal after all."""
        return not self.ask(literal).cannot


def _rounder(value: int, kind: NumberType) -> list[int]:
    """Values that read better: tens, else fives, of a percent; tens or hundreds of a long count."""
    if kind.unit == "percent":
        steps = [size * kind.scale for size in (10, 5)]
        found = [near for step in steps for near in (value // step * step, -(-value // step) * step)]
    else:
        found = [size * kind.scale for size in (10, 100, 1000) if value > size * kind.scale]
    return [near for near in dict.fromkeys(found) if near != value and kind.lo <= near <= kind.hi]
