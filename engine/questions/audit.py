"""The rule book under proof: is there one outcome in every world, and which rules, branches and thresholds never count?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.readings.prove import (
    FALSE,
    NO_OUTCOME,
    Budget,
    OutOfBudget,
    Program,
    Residual,
    Session,
    which_hold,
)
from sharedvalue.engine.worlds.belief import everything

SCHEMA = "sharedvalue/audit/1"
SECONDS = 60.0
MOST_RECORDS = 3
SHARE = 0.7  # of the budget, for rules and branches; the rest is for thresholds
World = Mapping[str, int]


@dataclass(frozen=True)
class Never:
    """Something that never counts, in any world of any shape. `because` names the branches that always come before it."""

    name: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """What is proven of a rule book, over every world of the shapes looked at (how many records each list has).

    The first branch that stands decides, so there is never more than one outcome, unless two branches share a
    place (`clashes`). `holes` are worlds with none, by the shape that they were found in; `open_shapes` the
    shapes of which that is not settled. `never_here` are rules that fire in other shapes, but never in this
    one. `never_matter` are thresholds (None: not asked). `unsettled` names what else the budget did not reach:
    it is neither proven nor refuted.
    """

    shapes: tuple[str, ...]
    holes: Mapping[str, World]
    open_shapes: tuple[str, ...]
    never_fire: tuple[Never, ...]
    never_decide: tuple[Never, ...]
    never_matter: tuple[Never, ...] | None
    never_here: Mapping[str, tuple[str, ...]]
    clashes: tuple[tuple[str, str], ...]
    unsettled: tuple[str, ...]
    seconds: float

    @property
    def total(self) -> bool:
        """Whether it is proven that every world has exactly one outcome."""
        return not self.holes and not self.open_shapes and not self.clashes

    @property
    def complete(self) -> bool:
        return not self.unsettled and not self.open_shapes


def audit(
    book: RuleBook,
    budget_seconds: float = SECONDS,
    thresholds: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Proofs about a rule book; what is not reached in the budget is named. Thresholds take several times as long."""
    return _Auditor(book, budget_seconds).run(thresholds, progress)


def shapes(book: RuleBook) -> dict[str, Shape]:
    """The shapes that are looked at: every list left out, and each list that the rules read with few records."""
    read = [
        fact.name
        for fact in book.facts.values()
        if isinstance(fact.type, RecordsType)
        and not fact.top_level
        and any(v.startswith(f"{fact.name}[") for v in ground(book, "world", Shape(((fact.name, 1),))).inputs)
    ]
    found = {"lists left out": Shape()}
    for name in read:
        for count in range(MOST_RECORDS + 1):
            found[f"{name}: {count}"] = Shape(((name, count),))
    return found


def named(rule: str, part: str) -> str:
    return f"{rule}.{part}" if part else rule


class _Auditor:
    def __init__(self, book: RuleBook, seconds: float) -> None:
        self.book, self.seconds = book, seconds
        self.shapes = shapes(book)
        self.budget = Budget(seconds)
        self.met: set[str] = set()  # 'fire Z01', 'decide Z01'
        self.worlds: list[World] = []  # hard to meet; in one shape often as in another
        self.all: dict[str, None] = {}
        self.unsure: set[str] = set()
        self.before: dict[str, set[str]] = {}
        self.here: dict[str, set[str]] = {}
        self.holes: dict[str, World] = {}
        self.open: list[str] = []
        self.clashes: set[tuple[str, str]] = set()

    def run(self, thresholds: bool, progress: Callable[[int, int], None] | None) -> Audit:
        for number, (words, shape) in enumerate(self.shapes.items()):
            if progress is not None:
                progress(number, len(self.shapes))
            spent = self.seconds - self.budget.left
            share = max(0.0, (self.seconds * SHARE - spent) / (len(self.shapes) - number))
            self.shape(words, ground(self.book, "world", shape), Budget(share))
        never_matter, unsure = self.thresholds() if thresholds else (None, [])
        silent = [name for name in self.all if name not in self.met and name not in self.unsure]
        unsettled = [
            f"can {name.partition(' ')[2]} {name.partition(' ')[0]}"
            for name in self.all
            if name in self.unsure - self.met
        ]
        return Audit(
            tuple(self.shapes),
            self.holes,
            tuple(self.open),
            tuple(Never(n.partition(" ")[2]) for n in silent if n.startswith("fire ")),
            tuple(
                Never(n.partition(" ")[2], tuple(sorted(self.before.get(n, ()))))
                for n in silent
                if n.startswith("decide ")
            ),
            None if never_matter is None else tuple(Never(n) for n in never_matter),
            {
                words: tuple(
                    n.partition(" ")[2] for n in self.all if n in never & self.met and n.startswith("fire ")
                )
                for words, never in self.here.items()
            },
            tuple(sorted(self.clashes)),
            (*unsettled, *(f"does {name} matter" for name in unsure)),
            self.seconds,
        )

    # --- one shape ----------------------------------------------------------------------------------------------
    def shape(self, words: str, grounded: Grounded, budget: Budget) -> None:
        rules = [f"fire {named(r.rule, r.part)}" for r in grounded.rules]
        branches = [f"decide {named(b.rule, b.part)}" for b in grounded.branches]
        self.all.update(dict.fromkeys([*rules, *branches]))
        first = {b.place: b for b in reversed(grounded.branches)}
        self.clashes |= {
            (named(first[b.place].rule, first[b.place].part), named(b.rule, b.part))
            for b in grounded.branches
            if b.outcome != first[b.place].outcome
        }
        try:
            residual = Program.from_grounded(grounded).residual(whole(grounded), budget)
            literals: dict[str, list[int]] = {}
            for name, rule in zip(rules, grounded.rules, strict=True):
                fires = residual.condition(rule.when)
                if rule.unless is not None:
                    fires = residual.circuit.all((fires, -residual.condition(rule.unless)))
                literals.setdefault(name, []).append(fires)
            for name, branch in zip(branches, grounded.branches, strict=True):
                literals.setdefault(name, []).append(residual.places.get(branch.place, FALSE))
        except OutOfBudget:
            self.open.append(words)
            self.unsure |= set(rules) | set(branches)
            return
        asked = {name: residual.circuit.any(ways) for name, ways in literals.items()}
        asked[""] = residual.outcomes.get(NO_OUTCOME, FALSE)
        found = which_hold(residual, asked, budget, self.worlds)
        self.worlds += found.worlds
        self.met |= found.held
        self.unsure |= found.unsure
        self.here[words] = found.never
        self.hole(words, residual, "" in found.held, "" in found.unsure, budget)
        self.shadows(grounded, residual, found.never, budget)

    def hole(self, words: str, residual: Residual, there_is: bool, unsure: bool, budget: Budget) -> None:
        """A world without an outcome, where there is one."""
        world = None
        if there_is:
            world = Session(residual, Budget(max(1.0, budget.left))).ask(residual.outcomes[NO_OUTCOME]).world
        if world is not None:
            self.holes[words] = world
        elif there_is or unsure:
            self.open.append(words)

    def shadows(self, grounded: Grounded, residual: Residual, never: set[str], budget: Budget) -> None:
        """For each branch that never decides though it may stand: branches of which one always comes before it."""
        idle = [b for b in grounded.branches if f"decide {named(b.rule, b.part)}" in never]
        if not idle:
            return
        session = Session(residual, budget)
        for branch in idle:
            earlier = {
                b.candidate: named(b.rule, b.part) for b in grounded.branches if b.place < branch.place
            }
            stands = residual.conclusions[branch.candidate]
            if stands == FALSE:
                continue
            answer = session.ask(
                stands, given=dict.fromkeys((n for n in earlier if n != branch.candidate), 0)
            )
            because = {earlier[n] for n in answer.because}
            if branch.candidate in earlier:
                because.add(earlier[branch.candidate])
            self.before.setdefault(f"decide {named(branch.rule, branch.part)}", set()).update(because)

    # --- thresholds ---------------------------------------------------------------------------------------------
    def thresholds(self) -> tuple[list[str], list[str]]:
        """Thresholds with which the outcome never changes, whatever they are; and those of which that is not settled.

        A threshold that no condition of the world stage reads is not looked at here: it says how evidence is weighed.
        """
        left = dict.fromkeys(self.book.thresholds)
        read: set[str] = set()
        unsure: set[str] = set()
        for number, shape in enumerate(self.shapes.values()):
            grounded = ground_loosely(self.book, shape)
            names = [n for n in left if n in grounded.inputs]
            read |= set(names)
            if not names:
                continue
            share = max(0.0, self.budget.left / (len(self.shapes) - number))
            found = Program.from_grounded(grounded).possible(whole(grounded), share)
            for name in names:
                if name in found.pivotal:
                    left.pop(name, None)
                    unsure.discard(name)
                elif name in found.unsure_facts or not found.outcomes:
                    unsure.add(name)
        return [n for n in left if n in read and n not in unsure], [n for n in left if n in unsure]


def whole(grounded: Grounded) -> dict[str, Domain]:
    """Every value of every input."""
    return {name: everything(grounded.variables[name].type) for name in grounded.inputs}


def audit_json(found: Audit) -> dict[str, object]:
    """The proofs as other programs read them: sharedvalue/audit/1."""
    return {
        "schema": SCHEMA,
        "complete": found.complete,
        "budget_seconds": found.seconds,
        "shapes": list(found.shapes),
        "one_outcome_in_every_world": found.total
        if found.holes or found.clashes or not found.open_shapes
        else None,
        "holes": [{"shape": shape, "world": dict(world)} for shape, world in found.holes.items()],
        "open_shapes": list(found.open_shapes),
        "never_fire": [never.name for never in found.never_fire],
        "never_decide": [
            {"branch": never.name, "because": list(never.because)} for never in found.never_decide
        ],
        "clashes": [list(pair) for pair in found.clashes],
        "never_matter": None if found.never_matter is None else [never.name for never in found.never_matter],
        "never_fire_in_shape": {shape: list(names) for shape, names in found.never_here.items() if names},
        "unsettled": list(found.unsettled),
    }
