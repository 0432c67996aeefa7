"""Examples that a person would believe: whole points, and nothing together that is possible and does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Condition, reads, surely_holds
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.readings.prove import Like, OutOfBudget, Possibilities, Possible, Steps
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import Worlds

ROUNDS = 3  # each mends what the examples of the one before still break
MOST = 5000  # values of one fact that are tried

Domains = dict[str, Domain]


@dataclass(frozen=True)
class Examples:
    """Mends the examples of what could follow. What is proven stays; only the worlds that are shown change."""

    worlds: Worlds
    prover: Prover
    like: Like

    def mended(self, found: Possibilities, budget: Steps) -> Possibilities:
        """The same with better examples, where there are any within the budget."""
        domains = dict(self.worlds.domains)
        for _ in range(ROUNDS):
            before = dict(domains)
            for possible in found.outcomes:
                self.narrow(domains, possible.example, found.pivotal)
            if domains == before:
                break
            try:
                better = self.prover.examples(domains, budget, self.like)
            except (UserError, OutOfBudget):
                break
            found = replace(found, outcomes=tuple(self.better(one, better) for one in found.outcomes))
        return found

    def better(self, possible: Possible, examples: Mapping[int, Mapping[str, int]]) -> Possible:
        other = examples.get(possible.outcome)
        if other is None or len(self.broken(other)) > len(self.broken(possible.example)):
            return possible
        return replace(possible, example=other)

    def narrow(self, domains: Domains, example: Mapping[str, int], shown: Sequence[str]) -> None:
        """Leaves out of the open facts what made this example one that nobody would give."""
        for name in shown:
            kind = self.worlds.grounded.variables[name].type
            if isinstance(kind, NumberType) and example[name] % kind.step:
                whole = [value for value in domains[name].values() if value % kind.step == 0]
                domains[name] = Domain.listed(whole) if whole else domains[name]
        for condition in self.broken(example):
            for name in {*reads(condition)} & {*self.worlds.open} & {*example}:
                if domains[name].size <= MOST:
                    fit = self.fitting(condition, example, name, domains[name])
                    domains[name] = Domain.listed(fit) if fit else domains[name]

    def fitting(
        self, condition: Condition, example: Mapping[str, int], name: str, domain: Domain
    ) -> list[int]:
        """The values of an open fact with which a condition does not hold, all else as in an example."""
        values = self.values(example)
        fit = []
        for value in domain.values():
            values[name] = value
            if not surely_holds(condition, values):
                fit.append(value)
        return fit

    def broken(self, example: Mapping[str, int]) -> list[Condition]:
        values = self.values(example)
        return [condition for condition in self.unlikely if surely_holds(condition, values)]

    def values(self, example: Mapping[str, int]) -> dict[str, int]:
        """What is said, and what an example adds; what was assumed counts for neither."""
        return {**self.said, **{n: v for n, v in example.items() if n not in self.worlds.assumed}}

    @cached_property
    def unlikely(self) -> Sequence[Condition]:
        translate = Translator(self.worlds.book, "world", self.worlds.shape)
        return [translate.condition(c.never.node, {}) for c in self.worlds.book.unlikely if not c.records]

    @cached_property
    def said(self) -> Mapping[str, int]:
        """What the case says; what was assumed says nothing of what fits."""
        known = {
            n: b for n, b in self.worlds.beliefs.items() if b.value is not None and n not in self.worlds.open
        }
        return {n: b.value for n, b in known.items() if b.value is not None and b.origin != "assumed"}
