"""Finds what is possible: by a table of all worlds where they are few enough, else by examples and then the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.formulas import Condition
from sharedvalue.engine.readings.prove.answers import Possibilities, Possible, mode_sets
from sharedvalue.engine.readings.prove.axes import joined
from sharedvalue.engine.readings.prove.budget import Budget
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, NotNegative, taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.hard import HardSearch
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.worlds_table import WorldsTable

IMPOSSIBLE = "SV230"


def impossible(names: list[str]) -> UserError:
    """The mistake of facts with which no world can exist."""
    said = ", ".join(names) or "the constraints"
    return mistake(
        IMPOSSIBLE,
        "facts",
        f"No world fits these facts: together they break what cannot be ({said}).",
        "Look at these constraints in rules/constraints.yaml and correct or leave out one of the facts they name.",
    )


@dataclass(frozen=True)
class Like:
    """Which worlds make good examples: those as `values` are, in this order, in which none of `unlikely` holds."""

    values: Mapping[str, int] = field(default_factory=dict)
    unlikely: tuple[Condition, ...] = ()


class Search:
    """One question about one residual. Unknowns that constraints or comparisons tie together form a group."""

    def __init__(
        self, residual: Residual, budget: Budget, like: Like | None = None, modes: bool = True
    ) -> None:
        """`like` says how examples should be, where that can be: worlds as some values are, and what is unlikely.

        Without `modes` none are told: which outcomes are possible is often found much sooner than in which modes.
        """
        self.residual = residual
        self.like = like or Like()
        self.budget = budget
        circuit = residual.circuit
        self.outcomes = residual.outcomes
        self.modes = {
            n: lit
            for n, lit in residual.conclusions.items()
            if modes and n.startswith("mode:") and lit != FALSE
        }
        self.open = {n: lit for n, lit in residual.conclusions.items() if lit not in (TRUE, FALSE)}
        self.never = [(name, literal) for name, literal in residual.never if literal != FALSE]
        ties = [circuit.supports(literal) for _, literal in self.never]
        ties += [
            circuit.support[number]
            for number in circuit.cone(self._roots())
            if isinstance(circuit.nodes[number], NotNegative)
        ]
        self.ties = joined(ties)
        self.settled = {n: lit == TRUE for n, lit in residual.conclusions.items() if n not in self.open}
        self.elsewhere: World = {}  # the unknowns that have no part in the outcome, in one world that exists

    def _roots(self) -> list[int]:
        return [*self.outcomes.values(), *self.open.values(), self.residual.exists]

    def run(self) -> Possibilities:
        certain = [name for name, literal in self.never if literal == TRUE]
        if certain:
            raise impossible(certain)
        circuit = self.residual.circuit
        support = 0
        for literal in (*self.outcomes.values(), *self.modes.values()):
            support |= circuit.supports(literal)
        main = self.group(support)
        roots = [*self.outcomes.values(), *self.modes.values()]
        table = self._table(main, roots)
        small = table is not None and self._others(main)
        if table is not None and small:
            found = self._by_table(table)
            left = self._settle(table, main)
            if not left:
                return found
            hard = HardSearch(self.residual, self.budget, self._roots())
            unsure = hard.settle(left, self.settled)
            return Possibilities(
                found.outcomes, found.pivotal, self.settled, not unsure, unsure_conclusions=tuple(unsure)
            )
        left = dict(self.open)
        hard = HardSearch(self.residual, self.budget, self._roots(), self.like.values)
        answer = hard.run(self.modes, left, self.settled)
        if answer is None:
            raise impossible([name for name, _ in self.never])
        return answer

    def examples(self) -> Mapping[int, World]:
        """A good example of each outcome, and no more of it than that."""
        certain = [name for name, literal in self.never if literal == TRUE]
        if certain:
            raise impossible(certain)
        support = 0
        for literal in self.outcomes.values():
            support |= self.residual.circuit.supports(literal)
        main = self.group(support)
        table = self._table(main, list(self.outcomes.values()))
        if table is not None and self._others(main):
            return {outcome: self._full(table, worlds) for outcome, worlds in self._found(table).items()}
        return HardSearch(self.residual, self.budget, self._roots(), self.like.values).show()

    def group(self, support: int) -> int:
        """Some unknowns with all that they are tied to."""
        for tie in self.ties:
            if tie & support:
                support |= tie
        return support

    def _table(self, group: int, roots: list[int]) -> WorldsTable | None:
        return WorldsTable.of(self.residual.axes, [*roots, *self._never_in(group)])

    def _never_in(self, group: int) -> list[int]:
        return [literal for _, literal in self.never if self.residual.circuit.supports(literal) & group]

    def _real(self, table: WorldsTable, group: int) -> int:
        """The worlds of a table that exist."""
        worlds = table.full
        for literal in self._never_in(group):
            worlds &= table.where(-literal)
        if not worlds:
            circuit = self.residual.circuit
            raise impossible([name for name, lit in self.never if circuit.supports(lit) & group])
        return worlds

    def _others(self, main: int) -> bool:
        """A world for the unknowns outside of the main group; False when a table cannot give it."""
        self.elsewhere = {
            n: liked
            if (liked := self.like.values.get(n)) is not None and domain.contains(liked)
            else domain.middle
            for n, domain in self.residual.unknowns.items()
        }
        for tie in self.ties:
            if not tie & main and self._never_in(tie):
                table = self._table(tie, [])
                if table is None:
                    return False
                self.elsewhere |= table.world(self._real(table, tie))
        return True

    def _found(self, table: WorldsTable) -> dict[int, int]:
        """The outcomes that come out in some world of a table, with these worlds."""
        real = self._real(table, self.group(self._all_bits(table)))
        return {
            outcome: worlds
            for outcome, literal in sorted(self.outcomes.items())
            if (worlds := table.where(literal) & real)
        }

    def _full(self, table: WorldsTable, worlds: int) -> World:
        return self.residual.given | self.elsewhere | self._example(table, worlds)

    def _by_table(self, table: WorldsTable) -> Possibilities:
        found = self._found(table)
        modes = [(name, table.where(literal)) for name, literal in self.modes.items()]
        possible = []
        for outcome, worlds in found.items():
            sets = tuple(sorted((held for held, _ in mode_sets(worlds, modes)), key=sorted))
            possible.append(Possible(outcome, self._full(table, worlds), sets, True))
        pivotal = table.pivotal(found) if len(possible) > 1 else set()
        return Possibilities(
            tuple(possible),
            tuple(name for name in self.residual.unknowns if name in pivotal),
            self.settled,
            True,
        )

    def _example(self, table: WorldsTable, worlds: int) -> World:
        """One of some worlds, as it is liked, and without what is unlikely as far as that can be."""
        if not self.like.values:
            return table.world(worlds)
        circuit = self.residual.circuit
        for condition in self.like.unlikely:
            literal = self.residual.condition(condition)
            cone = circuit.cone([literal])
            atoms = [number for number in cone if number > 1 and not isinstance(circuit.nodes[number], tuple)]
            if all(number in table.bits for number in atoms):
                bits = circuit.spread(cone, {number: table.bits[number] for number in atoms}, table.full)
                worlds = worlds & ~taken(bits, literal, table.full) or worlds
        return table.world(worlds, self.like.values)

    def _all_bits(self, table: WorldsTable) -> int:
        bit = self.residual.circuit.bit
        return sum({bit[name] for axis in table.axes for name in axis.names})

    def _settle(self, main: WorldsTable | None, group: int) -> dict[str, int]:
        """Settle the open conclusions by tables; what no table can settle is returned."""
        circuit = self.residual.circuit
        left: dict[str, int] = {}
        groups: dict[int, dict[str, int]] = {}
        for name, literal in self.open.items():
            if main is not None and abs(literal) in main.bits:
                self._settle_in(main, self._real(main, group), {name: literal})
            else:
                groups.setdefault(self.group(circuit.supports(literal)), {})[name] = literal
        for support, conclusions in groups.items():
            table = self._table(support, list(conclusions.values()))
            if table is not None:
                self._settle_in(table, self._real(table, support), conclusions)
                continue
            for name, literal in conclusions.items():
                table = self._table(support, [literal])
                if table is None:
                    left[name] = literal
                else:
                    self._settle_in(table, self._real(table, support), {name: literal})
        return left

    def _settle_in(self, table: WorldsTable, real: int, conclusions: Mapping[str, int]) -> None:
        for name, literal in conclusions.items():
            worlds = table.where(literal) & real
            if not worlds or worlds == real:
                self.settled[name] = bool(worlds)
