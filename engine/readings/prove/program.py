"""A grounded table, ready to answer what could follow when some of its inputs are unknown."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.readings.prove.answers import Possibilities
from sharedvalue.engine.readings.prove.anywhere import possible_outcomes
from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget, budget_of
from sharedvalue.engine.readings.prove.evaluate import World, formed
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.search import Like, Search
from sharedvalue.engine.readings.prove.session import Session

SECONDS = 10.0


class Program:
    """What can be asked of a table. Cheap to make: the table's functions are kept (see evaluate.py)."""

    def __init__(self, grounded: Grounded) -> None:
        self.grounded = grounded
        self.table = formed(grounded)

    @staticmethod
    def from_grounded(grounded: Grounded) -> Program:
        return Program(grounded)

    def evaluate(self, world: Mapping[str, int]) -> World:
        """Every value of a complete world."""
        return self.table.run(world)

    def exists(self, world: Mapping[str, int]) -> bool:
        """Whether no constraint forbids a complete world."""
        return self.table.exists(self.table.run(world))

    def residual(self, domains: Mapping[str, Domain], budget: Budget | None = None) -> Residual:
        """The table with what is known put in. OutOfBudget when that takes too long."""
        return Residual(self.table, domains, budget)

    def possible(
        self,
        domains: Mapping[str, Domain],
        budget: Budget | float = SECONDS,
        like: Like | None = None,
        modes: bool = True,
    ) -> Possibilities:
        """What could follow within these domains, with examples as they are liked. A UserError when no world is left.

        Without `modes` it is not asked in which modes.
        """
        budget = budget_of(budget)
        try:
            return Search(self.residual(domains, budget), budget, like, modes).run()
        except OutOfBudget:
            return self._nothing(domains)

    def examples(self, domains: Mapping[str, Domain], budget: Budget, like: Like) -> Mapping[int, World]:
        """A world of each outcome that is possible within these domains, as it is liked. A UserError when no world is left.

        Raises:
            OutOfBudget: not even the table could be read.
        """
        return Search(self.residual(domains, budget), budget, like).examples()

    def outcomes(self, domains: Mapping[str, Domain], budget: Budget) -> frozenset[int]:
        """The outcomes that come out in some world within these domains; none where no world exists.

        Raises:
            OutOfBudget: that is not known.
        """
        return possible_outcomes(self.residual(domains, budget), budget)

    def session(self, domains: Mapping[str, Domain], budget: Budget | float = SECONDS) -> Session:
        """Questions to the solver about the worlds within these domains."""
        budget = budget_of(budget)
        return Session(self.residual(domains, budget), budget)

    def _nothing(self, domains: Mapping[str, Domain]) -> Possibilities:
        """What is said when the budget ran out before anything was found: nothing."""
        outcomes = {branch.outcome for branch in self.grounded.branches}
        unknowns = tuple(name for name in self.grounded.inputs if not domains[name].is_known)
        return Possibilities((), (), {}, False, tuple(sorted(outcomes)), unknowns, self.table.conclusions)
