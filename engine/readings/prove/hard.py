"""The same answers where worlds are too many to list: examples first, then the solver for what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sharedvalue.engine.readings.prove.answers import Possibilities, Possible, mode_sets
from sharedvalue.engine.readings.prove.budget import Budget
from sharedvalue.engine.readings.prove.circuit import TRUE, taken
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.sample import Sample, Sampler
from sharedvalue.engine.readings.prove.session import Session

DRAWN = 1024  # worlds drawn before the solver is asked
MOST_SETS = 400  # sets of modes that are told apart


class HardSearch:
    """Answers by examples and proofs. What the budget does not reach is named as unsure."""

    def __init__(
        self,
        residual: Residual,
        budget: Budget,
        roots: Iterable[int],
        like: Mapping[str, int] | None = None,
    ) -> None:
        """`like` are values that examples should have where that can be, the firmest first."""
        self.residual = residual
        self.like = like or {}
        self.budget = budget
        self.roots = list(roots)
        self.sampler = Sampler(residual.axes, self.roots)
        self.examples: dict[int, World] = {}
        self.sets: dict[int, dict[frozenset[str], None]] = {}
        self.modes: Mapping[str, int] = {}
        self.waiting: dict[str, int] = {}  # conclusions of which not both values were met
        self.seen: dict[str, bool] = {}  # the value that was met
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(self.residual, self.budget)
        return self._session

    def show(self) -> dict[int, World]:
        """A world of each outcome, as it is liked; none of one that was not found within the budget."""
        first = self.sampler.draw(DRAWN)
        self.look(first.bits, first.full, first.first)
        self._outcomes()
        return {outcome: self.nearer(outcome, world) for outcome, world in sorted(self.examples.items())}

    def run(
        self, modes: Mapping[str, int], waiting: Mapping[str, int], settled: dict[str, bool]
    ) -> Possibilities | None:
        """All answers, or None when no world exists."""
        self.modes, self.waiting = modes, dict(waiting)
        first = self.sampler.draw(DRAWN)
        self.look(first.bits, first.full, first.first)
        if not self.examples:
            answer = self.session.ask()
            if answer.cannot:
                return None
            if answer.world is not None:
                self.look_at(answer.world)
        unsure_outcomes = self._outcomes()
        complete_sets = self._mode_sets()
        pivotal, unsure_facts = self._pivotal(first)
        unsure = self.settle(self.waiting, settled)
        possible = tuple(
            Possible(
                outcome,
                self.nearer(outcome, world),
                tuple(sorted(self.sets[outcome], key=sorted)),
                complete_sets,
            )
            for outcome, world in sorted(self.examples.items())
        )
        return Possibilities(
            possible,
            tuple(name for name in self.residual.unknowns if name in pivotal),
            settled,
            complete_sets and not (unsure_outcomes or unsure_facts or unsure),
            tuple(unsure_outcomes),
            tuple(unsure_facts),
            tuple(unsure),
        )

    def nearer(self, outcome: int, world: World) -> World:
        """A world of the same outcome in which each open value that can be is as it is liked."""
        table = self.residual.table
        for name, value in self.like.items():
            if name in self.residual.unknowns and world.get(name) != value:
                values = table.run({**world, name: value})
                if values["outcome"] == outcome and table.exists(values):
                    world = {**world, name: value}
        return world

    # --- examples ---------------------------------------------------------------------------------------------
    def look_at(self, world: World) -> None:
        """Keep what one world shows."""
        self.look(self.sampler.shows(world), 1, lambda _: world)

    def look(self, bits: Mapping[int, int], full: int, first: Callable[[int], World]) -> None:
        """Keep what some worlds show; `first` gives the first of a part of them."""
        real = taken(bits, self.residual.exists, full)
        if not real:
            return
        modes = [(name, taken(bits, literal, full)) for name, literal in self.modes.items()]
        for outcome, literal in self.residual.outcomes.items():
            worlds = taken(bits, literal, full) & real
            if worlds:
                if outcome not in self.examples:
                    self.examples[outcome] = self._full(first(worlds))
                self.sets.setdefault(outcome, {}).update((held, None) for held, _ in mode_sets(worlds, modes))
        for name, literal in list(self.waiting.items()):
            worlds = taken(bits, literal, full) & real
            for value, met in ((True, worlds), (False, real & ~worlds)):
                if met and self.seen.setdefault(name, value) is not value:
                    self.waiting.pop(name, None)

    def _full(self, point: World) -> World:
        middles = {name: domain.middle for name, domain in self.residual.unknowns.items()}
        return self.residual.given | middles | point

    # --- proofs -----------------------------------------------------------------------------------------------
    def _outcomes(self) -> list[int]:
        """Look for outcomes that no example has shown; those that stay neither found nor excluded are returned."""
        while left := [o for o in self.residual.outcomes if o not in self.examples]:
            answer = self.session.ask(self.residual.circuit.any([self.residual.outcomes[o] for o in left]))
            if answer.cannot:
                return []
            if answer.world is None:
                return left
            self.look_at(answer.world)
        return []

    def _mode_sets(self) -> bool:
        """Look for sets of modes that no example has shown; False when there may be more."""
        circuit = self.residual.circuit
        excluded: dict[tuple[int, frozenset[str]], int] = {}
        while sum(map(len, self.sets.values())) <= MOST_SETS:
            for outcome, sets in self.sets.items():
                for held in sets:
                    if (outcome, held) not in excluded:
                        literals = [lit if name in held else -lit for name, lit in self.modes.items()]
                        excluded[outcome, held] = -circuit.all([self.residual.outcomes[outcome], *literals])
            answer = self.session.ask(*excluded.values())
            if answer.world is None:
                return answer.cannot
            self.look_at(answer.world)
        return False

    def _pivotal(self, first: Sample) -> tuple[set[str], list[str]]:
        """The pivotal unknowns, and those that are neither shown nor excluded."""
        residual, circuit = self.residual, self.residual.circuit
        support = 0
        for literal in residual.outcomes.values():
            support |= circuit.supports(literal)
        left = circuit.names(support) if len(residual.outcomes) > 1 else []
        found: set[str] = set()
        for sample in (first, self.sampler.near(self.examples.values())):
            if not self.budget.spent:
                found |= sample.pivotal(residual.outcomes, residual.exists, set(left) - found)
        left = [name for name in left if name not in found]
        if not left:
            return found, []
        proof = _Pairs(self.session, left)
        while left:
            answer = proof.ask(left)
            if answer is None:
                return found, left
            if not answer:
                break
            found.add(answer)
            left.remove(answer)
        return found, []

    def settle(self, waiting: Mapping[str, int], settled: dict[str, bool]) -> list[str]:
        """Which of some conclusions have one value in every world; those that stay unsure are returned."""
        self.waiting = dict(waiting)
        if not self.seen:
            drawn = self.sampler.draw(DRAWN)
            self.look(drawn.bits, drawn.full, drawn.first)
        circuit = self.residual.circuit
        while self.waiting:
            wanted = [-lit if self.seen.get(name) else lit for name, lit in self.waiting.items()]
            unmet = [name for name in self.waiting if name not in self.seen]
            answer = self.session.ask(circuit.any(wanted) if not unmet else TRUE)
            if answer.cannot:
                settled.update({name: self.seen[name] for name in self.waiting})
                return []
            if answer.world is None:
                return list(self.waiting)
            self.look_at(answer.world)
        return []


class _Pairs:
    """Two worlds that differ in one unknown and in their outcome."""

    def __init__(self, session: Session, names: list[str]) -> None:
        self.session = session
        residual = session.residual
        circuit = residual.circuit
        moved = 0
        for name in names:
            moved |= circuit.bit[name]
        self.other = session.second(moved)
        self.apart = {name: f"apart{circuit.bit[name]}_{moved}" for name in names}
        script = session.script
        for name, apart in self.apart.items():
            script.define(apart, "Bool", f"(distinct {session.writer.place(name)} {self.other.place(name)})")
            script.define(f"{apart}not", "Bool", f"(not {apart})")
        same = " ".join(
            f"(= {session.writer.literal(lit)} {self.other.literal(lit)})"
            for lit in residual.outcomes.values()
            if circuit.supports(lit) & moved
        )
        exists = residual.exists
        script.define(
            "pair",
            "Bool",
            (
                f"(and ((_ at-most 1) {' '.join(self.apart.values())}) (not (and true {same}))"
                f" {session.writer.literal(exists)} {self.other.literal(exists)})"
            ),
        )

    def ask(self, left: list[str]) -> str | None:
        """An unknown that makes such a pair; '' when none of these does, None when the budget runs out."""
        kept = [f"{apart}not" for name, apart in self.apart.items() if name not in left]
        verdict = self.session.check(["pair", *kept])
        if not verdict:
            return None if verdict is None else ""
        return self.session.differing(self.other, left)[0]
