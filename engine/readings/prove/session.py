"""Questions to the solver about one residual: is there a world such that ..., and the cheapest such world.

The only file that imports z3, and only when a session is opened. A world that was not found within the budget is
never called impossible.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sharedvalue.engine.language.formulas import Condition
from sharedvalue.engine.readings.prove.budget import Budget, Steps
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE
from sharedvalue.engine.readings.prove.evaluate import World
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.text import Script, Writer, whole

_of_thread = threading.local()  # a solver's context costs milliseconds, and may serve one thread only


def _context(budget: Budget) -> Any:
    """A fresh one where steps count: they depend on what a context was asked before."""
    import z3

    if isinstance(budget, Steps):
        return z3.Context()
    if not hasattr(_of_thread, "context"):
        _of_thread.context = z3.Context()
    return _of_thread.context


@dataclass(frozen=True)
class Answer:
    """A world, or the proof that there is none (`cannot`, with those of the `given` facts that suffice), or neither."""

    world: World | None = None
    cannot: bool = False
    because: frozenset[str] = frozenset()

    @property
    def sure(self) -> bool:
        return self.cannot or self.world is not None


@dataclass(frozen=True)
class Move:
    """What it costs to move a variable away from where it starts: `once`, and `each` for every integer moved."""

    start: int
    each: int = 0
    once: int = 0

    def cost(self, value: int) -> int:
        return 0 if value == self.start else self.once + self.each * abs(value - self.start)


@dataclass(frozen=True)
class Cheapest:
    """The cheapest world found; `minimal` when it is proven that none is cheaper. `cannot`: there is none at all."""

    world: World | None = None
    cost: int = 0
    minimal: bool = False
    cannot: bool = False


@dataclass
class Session:
    """Worlds within the domains and the constraints. What is required holds in every question until it is popped.

    A literal is asked for with `residual.condition(...)`, `residual.conclusions[...]`, `residual.outcomes[...]`.
    """

    residual: Residual
    budget: Budget
    _required: list[list[int]] = field(default_factory=lambda: [[]])
    _costs: int = 0

    def __post_init__(self) -> None:
        import z3

        self._z3: Any = z3
        self._context = _context(self.budget)
        self._solver: Any = z3.SimpleSolver(ctx=self._context)
        self.script = Script()
        self.writer = Writer(self.residual.circuit, self.script)
        self.require(self.residual.exists)
        self._handles: dict[str, Any] = {}
        self._places: dict[str, Any] = {}

    # --- what holds in every question -------------------------------------------------------------------------
    def push(self) -> None:
        self._required.append([])

    def pop(self) -> None:
        self._required.pop()

    def require(self, *literals: int) -> None:
        self._required[-1].extend(literals)

    def condition(self, formula: Condition) -> int:
        return self.residual.condition(formula)

    def is_value(self, name: str, value: int) -> int:
        """The literal that a variable has a value."""
        residual = self.residual
        return residual.arithmetic.compare(residual.variable(name), "==", value)

    # --- asking -----------------------------------------------------------------------------------------------
    def ask(self, *literals: int, given: Mapping[str, int] | None = None) -> Answer:
        """A world in which all the literals and given values hold."""
        names = self._named(literals, given or {})
        if isinstance(names, frozenset):
            return Answer(cannot=True, because=names)
        verdict = self.check(names)
        if verdict is None:
            return Answer()
        if verdict:
            return Answer(world=self.world())
        by_id = {self._handles[name].get_id(): variable for name, variable in names.items()}
        core = {by_id[handle.get_id()] for handle in self._solver.unsat_core()}
        return Answer(cannot=True, because=frozenset(core - {""}))

    def can(self, *literals: int, given: Mapping[str, int] | None = None) -> bool:
        """Whether a world of `ask` was found; for those who need none of its values, which cost more than the answer."""
        names = self._named(literals, given or {})
        return not isinstance(names, frozenset) and self.check(names) is True

    def _named(self, literals: Iterable[int], given: Mapping[str, int]) -> dict[str, str] | frozenset[str]:
        """The named constants of a question, each with the variable that it gives; else the given ones that cannot be."""
        names: dict[str, str] = {}
        asked = [literal for level in self._required for literal in level] + list(literals)
        for variable, value in given.items():
            literal = self.is_value(variable, value)
            if literal == FALSE:
                return frozenset({variable})
            if literal != TRUE:
                names[self.writer.named(literal)] = variable
        wanted = self.residual.circuit.all(asked)
        if wanted == FALSE:
            return frozenset()
        if wanted != TRUE:
            names[self.writer.named(wanted)] = ""
        return names

    def check(self, names: Iterable[str]) -> bool | None:
        """Whether named constants can be true at once; None when the budget runs out first."""
        text = self.script.take()
        if text:
            self._solver.from_string(text)
            self.budget.charge(len(text) // 4)
        if self.budget.spent:
            return None
        found = self.budget.check(self._solver, [self._handle(name) for name in names])
        return None if found == self._z3.unknown else bool(found == self._z3.sat)

    def _handle(self, name: str) -> Any:
        found = self._handles.get(name)
        if found is None:
            found = self._handles[name] = self._z3.Bool(name, self._context)
        return found

    def world(self) -> World:
        """The world of the last answer: a value for every input."""
        model = self._solver.model()
        self.budget.charge(30 * len(self.residual.unknowns))
        return self.residual.given | {
            name: self._value(model, self.writer, name) for name in self.residual.unknowns
        }

    def differing(self, other: Writer, names: Iterable[str]) -> list[str]:
        """Which of some unknowns have another value in the second world of the last answer."""
        model = self._solver.model()
        return [n for n in names if self._value(model, self.writer, n) != self._value(model, other, n)]

    def _value(self, model: Any, writer: Writer, name: str) -> int:
        place = writer.place(name)
        term = self._places.get(place)
        if term is None:
            term = self._places[place] = self._z3.Int(place, self._context)
        z3, context, found = self._z3, self._context.ref(), (self._z3.Ast * 1)()
        z3.Z3_model_eval(context, model.model, term.ast, True, found)  # a third of the time of `model.eval`
        return self.residual.unknowns[name].points[int(z3.Z3_get_numeral_string(context, found[0]))]

    def state(self, text: str) -> None:
        """State something about named constants, for good."""
        self.script.state(text)

    def second(self, moved: int) -> Writer:
        """Worlds beside the first ones, which differ from them at most in these unknowns."""
        return Writer(self.residual.circuit, self.script, self.writer, moved)

    # --- the least cost ---------------------------------------------------------------------------------------
    def cheapest(self, moves: Mapping[str, Move], *literals: int, most: int | None = None) -> Cheapest:
        """The world of least cost in which the literals hold, by bisection; `most` is a cost that is never passed."""
        total = self._cost(moves)
        limit: list[str] = [] if most is None else [self._within(total, most)]
        wanted = self.residual.circuit.all(
            [lit for level in self._required for lit in level] + list(literals)
        )
        if wanted == FALSE:
            return Cheapest(cannot=True)
        base = [] if wanted == TRUE else [self.writer.named(wanted)]
        verdict = self.check([*base, *limit])
        if not verdict:
            return Cheapest(cannot=verdict is False)
        world = self.world()
        lo, hi = 0, sum(move.cost(world[name]) for name, move in moves.items())
        while lo < hi:
            middle = (lo + hi) // 2
            verdict = self.check([*base, self._within(total, middle)])
            if verdict is None:
                return Cheapest(world, hi)
            if verdict:
                world = self.world()
                hi = sum(move.cost(world[name]) for name, move in moves.items())
            else:
                lo = middle + 1
        return Cheapest(world, hi, minimal=True)

    def _cost(self, moves: Mapping[str, Move]) -> str:
        parts = ["0"]
        for name, move in moves.items():
            if name not in self.residual.unknowns:
                parts.append(str(move.cost(self.residual.known[name])))
                continue
            value, start = self.writer.value(name), whole(move.start)
            moved = f"(ite (>= {value} {start}) (- {value} {start}) (- {start} {value}))"
            parts.append(f"(ite (= {value} {start}) 0 (+ {move.once} (* {move.each} {moved})))")
        self._costs += 1
        name = f"cost{self._costs}"
        self.script.define(name, "Int", f"(+ {' '.join(parts)})")
        return name

    def _within(self, total: str, most: int) -> str:
        name = f"{total}_{most}"
        if name not in self._handles:
            self._handle(name)
            self.script.define(name, "Bool", f"(<= {total} {most})")
        return name
