"""What a statement about a case with open facts means: the one place in the code (docs/explanation/open-facts.md in words).

A hypothesis states some facts of a case otherwise, or states none. The case is formed anew under it (evidence, what is
assumed, what means nothing), and an outcome is then

    certain     it comes out in every world,
    possible    it comes out in some,
    ruled out   it comes out in none.

Every command says what it says in these words, of the worlds that are meant here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.readings.prove import Budget
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import Worlds, suppose


@dataclass(frozen=True)
class Standing:
    """What may come out. `outcomes` are those that do in some world, in the order of the rule book; none where no world is so."""

    outcomes: tuple[str, ...]

    @property
    def can_be(self) -> bool:
        return bool(self.outcomes)

    def is_certain(self, outcome: str) -> bool:
        return self.outcomes == (outcome,)

    def is_possible(self, outcome: str) -> bool:
        return outcome in self.outcomes

    def is_ruled_out(self, outcome: str) -> bool:
        return outcome not in self.outcomes


NOWHERE = Standing(())
FORMING = 10  # steps that forming a case anew counts for, for each of its values


def standing(worlds: Worlds, changes: Mapping[str, int], budget: Budget) -> Standing:
    """What may come out when some facts are stated otherwise: exactly what `decide` says of the case so stated.

    Raises:
        OutOfBudget: that is not known.
    """
    try:
        then = worlds if not changes else _formed(worlds, changes, budget)
    except UserError:  # SV207: it cannot be
        return NOWHERE
    return standing_of(worlds.book, Prover.from_grounded(then.grounded), then.domains, budget)


def _formed(worlds: Worlds, changes: Mapping[str, int], budget: Budget) -> Worlds:
    budget.charge(FORMING * len(worlds.grounded.variables))
    return suppose(worlds, {name: Domain.known(value) for name, value in changes.items()})


def standing_of(book: RuleBook, prover: Prover, domains: Mapping[str, Domain], budget: Budget) -> Standing:
    """What may come out within some domains.

    Raises:
        OutOfBudget: that is not known.
    """
    return named(book, prover.outcomes(domains, budget))


def named(book: RuleBook, codes: Iterable[int]) -> Standing:
    """Some outcomes by their codes, in the order of the book."""
    return Standing(tuple(book.outcome_names[code] for code in sorted(codes) if code >= 0))
