"""Rows whose worlds end in different outcomes, decided from those worlds: what `decide` would say of each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import ChoiceType
from sharedvalue.engine.questions.portfolio_batches import Batch
from sharedvalue.engine.questions.portfolio_paths import Path, Paths
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.sweep import Ends


@dataclass(frozen=True)
class Ending:
    """What the rules about the decision itself make of a row: the outcome, its modes, and the deciding rule."""

    outcome: str
    modes: tuple[str, ...]
    rule: str


def read_by_the_last_rules(book: RuleBook) -> frozenset[str]:
    """What the rules about the decision itself read to choose an outcome and its modes."""
    grounded = ground(book, "decision", Shape())
    concluded = {name for rule in grounded.rules for name in rule.concludes}
    choosing = {branch.candidate for branch in grounded.branches}
    choosing |= {name for name in concluded if name.startswith("mode:")}
    read = {below for name in choosing for below in stands_on(grounded, name)}
    return frozenset(read) & frozenset(grounded.inputs)


class OpenRows:
    """Decides rows of one batch of which it is known how every world ends."""

    def __init__(self, book: RuleBook, batch: Batch, paths: Paths) -> None:
        self.book, self.batch, self.paths = book, batch, paths
        self.grounded = batch.worlds.grounded
        self._last = Program.from_grounded(ground(book, "decision", Shape()))
        self._read = read_by_the_last_rules(book)
        self._deciding = deciding_inputs(self.grounded)
        self._kept: dict[tuple[tuple[str, int], ...], Ending | None] = {}

    def decided(self, one: Ends) -> tuple[Ending, Path, tuple[str, ...]] | None:
        """How a row ends, by which rules, and the open values it hangs on; None where only a decision of its own can tell."""
        if min(one.outcomes) < 0:
            return None
        pivotal = tuple(name for name in self.grounded.inputs if name in one.pivotal)
        ending = self._ending(one.row, len(one.outcomes), pivotal, one.everywhere, one.varying)
        if ending is None:
            return None
        path = self.paths.of_several(
            one.ways, one.everywhere, one.varying, frozenset(self.batch.open[one.row])
        )
        return None if path is None else (ending, path, pivotal)

    def _ending(
        self, row: int, outcomes: int, pivotal: tuple[str, ...], everywhere: int, varying: int
    ) -> Ending | None:
        open_ = self.batch.open[row]
        told: dict[str, int] = {}
        for name in self._read:
            value = self._value(name, row, outcomes, pivotal, everywhere, varying, open_)
            if value is None:
                if name in self.paths.asked_of or name in open_:
                    continue  # it differs between worlds: missing there too
                return None
            told[name] = value
        key = tuple(sorted(told.items()))
        if key not in self._kept:
            self._kept[key] = self._chosen(told)
        return self._kept[key]

    def _value(
        self,
        name: str,
        row: int,
        outcomes: int,
        pivotal: tuple[str, ...],
        everywhere: int,
        varying: int,
        open_: Mapping[str, Domain],
    ) -> int | None:
        provided = {
            "outcomes_possible": outcomes,
            "facts_pivotal": len(pivotal),
            "facts_widened": sum(n in self._deciding for n in open_),
        }
        if name in provided:
            return provided[name]
        if "(" in name:
            return self._asked(name, row, pivotal)
        if name in self.paths.asked_of:
            return self.paths.settled(name, everywhere, varying)
        if name in self.grounded.inputs and name not in open_:
            return self.batch.values[row][name]
        return None

    def _asked(self, name: str, row: int, pivotal: tuple[str, ...]) -> int | None:
        function, _, arguments = name.rstrip(")").partition("(")
        fact, *rest = arguments.split(",")
        if function == "pivotal":
            measured = fact in self.grounded.measures
            return int(any(p == fact or (measured and p in stands_on(self.grounded, fact)) for p in pivotal))
        kind = self.book.facts[fact].type
        if function != "may_be" or fact not in self.grounded.inputs or not isinstance(kind, ChoiceType):
            return None
        domain = self.batch.open[row].get(fact) or Domain.known(self.batch.values[row][fact])
        return int(domain.contains(kind.code(rest[0])))

    def _chosen(self, told: Mapping[str, int]) -> Ending | None:
        after = self._last.read(told)
        if after.chosen is None:
            return None
        held = {
            name.removeprefix("mode:")
            for name, value in after.values.items()
            if name.startswith("mode:") and value
        }
        modes = tuple(mode for mode in self.book.outcomes.modes if mode in held)
        return Ending(self.book.outcome_names[after.chosen.outcome], modes, after.chosen.rule)
