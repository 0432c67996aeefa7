"""The scenarios that are missing: for each rule, condition side, outcome and mode that none exercises, a minimal one, or the proof of none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.language.grounded import Grounded
from engine.language.grounding import Shape, ground
from engine.language.rulebook import RuleBook
from engine.language.scenario import FORMAT, Scenario, read_scenario
from engine.language.scenario_writer import write_scenario
from engine.language.source import parse
from engine.language.types import MapType, NumberType, RecordsType, show
from engine.questions.audit import named, shapes, whole
from engine.questions.coverage import Coverage, exercised, tests_of
from engine.readings.prove import FALSE, Answer, Budget, OutOfBudget, Program, Residual, Session

SECONDS = 60.0
HURRY = 3.0  # seconds that the solver has for one question: a hard one must not starve the others
ROOM = (1, 2)  # records in every list at once, beside the shapes of the audit


@dataclass(frozen=True)
class Target:
    """What no scenario exercises. `kind` is rule | condition | outcome | mode; `side` says how a condition should come out."""

    kind: str
    name: str
    condition: str = ""
    side: str = ""

    def __str__(self) -> str:
        if self.kind == "condition":
            return f"{self.name}: {self.condition} {self.side}"
        return f"{self.kind} {self.name}" + (" fires" if self.kind == "rule" else "")


@dataclass(frozen=True)
class Made:
    """A scenario in which no fact can be left out: without any of them, what it is for would not be certain.

    `outcome` is what the rule book says of it; whether that is right is for a person to judge.
    """

    target: Target
    scenario: Scenario
    text: str
    outcome: str
    also: tuple[Target, ...]

    @property
    def file_name(self) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", str(self.target).lower()).strip("-")
        return f"{words[:80].rstrip('-')}.yaml"


@dataclass(frozen=True)
class Missing:
    """What was made; what no case of the shapes looked at can exercise (proven); and what the budget did not settle."""

    made: tuple[Made, ...]
    never: tuple[Target, ...]
    unsettled: tuple[Target, ...]
    shapes: tuple[str, ...]
    seconds: float


def targets(book: RuleBook, found: Coverage) -> list[Target]:
    """Everything that some scenarios leave out, as `rules coverage` counts it.

    Left aside are modes that only open facts lead to (NOT_YET, by rules about the decision itself): no world has them.
    """
    grounded = [ground(book, "world", shape) for shape in _shapes(book).values()]
    rules = dict.fromkeys(named(r.rule, r.part) for g in grounded for r in g.rules)
    tests = dict.fromkeys(
        (named(r.rule, r.part), text) for g in grounded for r in g.rules for _, text in tests_of(g, r.when)
    )
    modes = {
        n.removeprefix("mode:")
        for g in grounded
        for r in g.rules
        for n in r.concludes
        if n.startswith("mode:")
    }
    return [
        *(Target("outcome", name) for name in book.outcome_names if name not in found.outcomes),
        *(Target("mode", name) for name in book.outcomes.modes if name in modes and name not in found.modes),
        *(Target("rule", name) for name in rules if name not in found.fired),
        *(Target("condition", *test, "holds") for test in tests if test not in found.held),
        *(Target("condition", *test, "fails") for test in tests if test not in found.failed),
    ]


def missing(
    book: RuleBook,
    found: Coverage,
    budget_seconds: float = SECONDS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Missing:
    """A minimal scenario for everything that some scenarios leave out; each is checked by deciding it."""
    return _Maker(book, budget_seconds).run(targets(book, found), progress)


def _shapes(book: RuleBook) -> dict[str, Shape]:
    """The shapes of the audit, and those with the same few records in every list at once."""
    found = shapes(book)
    lists = dict.fromkeys(name for shape in found.values() for name, _ in shape.counts)
    for count in ROOM:
        found[f"every list: {count}"] = Shape(tuple((name, count) for name in lists))
    return found


class _Maker:
    def __init__(self, book: RuleBook, seconds: float) -> None:
        self.book, self.seconds, self.budget = book, seconds, Budget(seconds)
        self.shapes = _shapes(book)
        self.open_shapes: dict[str, _Shape | None] = {}
        self.last: tuple[_Shape, Mapping[str, int]]

    def run(self, left: list[Target], progress: Callable[[int, int], None]) -> Missing:
        made: list[Made] = []
        never: list[Target] = []
        unsettled: list[Target] = []
        total = len(left)
        while left:
            progress(total - len(left), total)
            target = left.pop(0)
            try:
                scenario = self.scenario(target)
            except OutOfBudget:
                unsettled.append(target)
                continue
            if scenario is None:
                never.append(target)
                continue
            shown = exercised(self.book, [scenario])
            if not _met(target, shown):  # a fact that was left out opens a measure over a list
                scenario = self.fewer(target)
                if scenario is None:
                    unsettled.append(target)
                    continue
                shown = exercised(self.book, [scenario])
            also = tuple(other for other in left if _met(other, shown))
            left = [other for other in left if other not in also]
            made.append(
                Made(target, scenario, write_scenario(scenario, self.book), min(shown.outcomes), also)
            )
        progress(total, total)
        return Missing(tuple(made), tuple(never), tuple(unsettled), tuple(self.shapes), self.seconds)

    def scenario(self, target: Target) -> Scenario | None:
        """A scenario for a target; None when it is proven that no shape has one."""
        unsure = False
        for words in self.shapes:
            shape = self.shape(words)
            if shape is None:
                unsure = True
                continue
            literal = shape.literal(self.book, target)
            if literal == FALSE:
                continue
            facts = shape.enough(literal)
            if facts is None:
                unsure = unsure or shape.unsaid(literal)
                continue
            self.last = shape, facts
            return self.written(target, shape, facts)
        if unsure:
            raise OutOfBudget
        return None

    def fewer(self, target: Target) -> Scenario | None:
        """From a whole world down: facts are left out one by one while what is decided still meets the target."""
        shape, facts = self.last
        kept = self.whole_world(shape, target, facts)
        best = self.written(target, shape, kept)
        if not _met(target, exercised(self.book, [best])):
            return None
        for name in [n for n in kept if n not in facts]:
            less = {n: v for n, v in kept.items() if n != name}
            scenario = self.written(target, shape, less)
            if _met(target, exercised(self.book, [scenario])):
                kept, best = less, scenario
        return best

    def whole_world(self, shape: _Shape, target: Target, facts: Mapping[str, int]) -> dict[str, int]:
        world = shape.ask(shape.literal(self.book, target), given=facts).world
        if world is None:
            raise OutOfBudget
        return {name: world[name] for name in shape.stated}

    def shape(self, words: str) -> _Shape | None:
        if words not in self.open_shapes:
            grounded = ground(self.book, "world", self.shapes[words])
            try:
                self.open_shapes[words] = _Shape(self.book, grounded, self.shapes[words], self.budget)
            except OutOfBudget:
                self.open_shapes[words] = None
        return self.open_shapes[words]

    def written(self, target: Target, shape: _Shape, facts: Mapping[str, int]) -> Scenario:
        """The scenario that states these facts and nothing else."""
        said: dict[str, object] = {}
        for name, count in shape.shape.counts:
            kind = self.book.facts[name].type
            assert isinstance(kind, RecordsType)
            said[name] = [{kind.key: _key(name, position)} if kind.key else {} for position in range(count)]
        for name, value in facts.items():
            plain = show(value, shape.grounded.variables[name].type)
            match = re.match(r"^(\w+)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?$", name)
            if match is None:
                said[name] = plain
                continue
            listed, position, spec, inner = match.groups()
            record = said[listed][int(position)]  # type: ignore[index]
            if inner is None:
                record[spec] = plain
            else:
                kind = self.book.facts[listed].type
                assert isinstance(kind, RecordsType)
                of = kind.field(spec)
                assert of is not None
                assert isinstance(of.type, MapType)
                if of.type.list in said:
                    record.setdefault(spec, {})[_key(of.type.list, int(inner))] = plain
                else:
                    record[spec] = plain
        tree = {
            "scenario": FORMAT,
            "title": f"Made for {target}",
            "story": "Facts put together by proof, as few as suffice. Not a real community.",
            "source": f"sharedvalue rules coverage, rule book {self.book.version}",
            "facts": said,
        }
        return read_scenario(parse(json.dumps(tree), "made"), self.book, "made")


def _key(listed: str, position: int) -> str:
    return f"{listed.rstrip('s')} {position + 1}"


class _Shape:
    """The worlds of one shape, and questions about them."""

    def __init__(self, book: RuleBook, grounded: Grounded, shape: Shape, budget: Budget) -> None:
        self.grounded, self.shape = grounded, shape
        self.stated = [n for n in grounded.inputs if n.split("[")[0] in book.facts]  # the others are measures
        self.residual: Residual = Program.from_grounded(grounded).residual(whole(grounded), budget)
        self.budget = budget
        self.session = Session(self.residual, budget)
        self.required = tuple(n for n in ("has_sponsor",) if n in grounded.inputs)

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


def _met(target: Target, shown: Coverage) -> bool:
    if target.kind == "outcome":
        return target.name in shown.outcomes
    if target.kind == "mode":
        return target.name in shown.modes
    if target.kind == "rule":
        return target.name in shown.fired
    return (target.name, target.condition) in (shown.held if target.side == "holds" else shown.failed)


def missing_json(found: Missing, files: Mapping[str, str]) -> dict[str, object]:
    """What was made, as other programs read it: part of sharedvalue/rules-coverage/1. `files` are the places by target."""

    def target(one: Target) -> dict[str, object]:
        return {"kind": one.kind, "name": one.name, "condition": one.condition, "side": one.side}

    return {
        "made": [
            {
                "for": target(one.target),
                "also": [target(other) for other in one.also],
                "outcome": one.outcome,
                "file": files.get(str(one.target)),
                "text": one.text,
            }
            for one in found.made
        ],
        "never": [target(one) for one in found.never],
        "unsettled": [target(one) for one in found.unsettled],
        "shapes": list(found.shapes),
        "budget_seconds": found.seconds,
    }


def texts(found: Missing) -> Iterator[tuple[str, str]]:
    """The files to write: name and text, no name twice."""
    taken: dict[str, int] = {}
    for one in found.made:
        again = taken.get(one.file_name, 0)
        taken[one.file_name] = again + 1
        name = one.file_name if not again else f"{one.file_name[:-5]}-{again + 1}.yaml"
        note = f"# Made by proof for: {one.target}. Today's rule book says {one.outcome}. Judge it, then say so in `expect:`.\n"
        yield name, note + one.text
