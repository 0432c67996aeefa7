"""The scenarios that are missing: for each rule, condition side, outcome and mode that none exercises, a minimal one, or the proof of none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import FORMAT, Scenario, read_scenario
from sharedvalue.engine.language.scenario_writer import readable, write_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import MapType, RecordsType
from sharedvalue.engine.questions.coverage import Coverage, exercised
from sharedvalue.engine.questions.missing_shape import ShapeOfCase
from sharedvalue.engine.questions.missing_targets import Target, met, shapes_for, targets
from sharedvalue.engine.readings.prove import FALSE, Budget, OutOfBudget

SECONDS = 60.0


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


def missing(
    book: RuleBook,
    found: Coverage,
    budget_seconds: float = SECONDS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Missing:
    """A minimal scenario for everything that some scenarios leave out; each is checked by deciding it."""
    return _Maker(book, budget_seconds).run(targets(book, found), progress)


class _Maker:
    def __init__(self, book: RuleBook, seconds: float) -> None:
        self.book, self.seconds, self.budget = book, seconds, Budget(seconds)
        self.shapes = shapes_for(book)
        self.open_shapes: dict[str, ShapeOfCase | None] = {}
        self.last: tuple[ShapeOfCase, Mapping[str, int]]

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
            if not met(target, shown):  # a fact that was left out opens a measure over a list
                scenario = self.fewer(target)
                if scenario is None:
                    unsettled.append(target)
                    continue
                shown = exercised(self.book, [scenario])
            also = tuple(other for other in left if met(other, shown))
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
        if not met(target, exercised(self.book, [best])):
            return None
        for name in [n for n in kept if n not in facts]:
            less = {n: v for n, v in kept.items() if n != name}
            scenario = self.written(target, shape, less)
            if met(target, exercised(self.book, [scenario])):
                kept, best = less, scenario
        return best

    def whole_world(self, shape: ShapeOfCase, target: Target, facts: Mapping[str, int]) -> dict[str, int]:
        world = shape.ask(shape.literal(self.book, target), given=facts).world
        if world is None:
            raise OutOfBudget
        return {name: world[name] for name in shape.stated}

    def shape(self, words: str) -> ShapeOfCase | None:
        if words not in self.open_shapes:
            grounded = ground(self.book, "world", self.shapes[words])
            try:
                self.open_shapes[words] = ShapeOfCase(self.book, grounded, self.shapes[words], self.budget)
            except OutOfBudget:
                self.open_shapes[words] = None
        return self.open_shapes[words]

    def written(self, target: Target, shape: ShapeOfCase, facts: Mapping[str, int]) -> Scenario:
        """The scenario that states these facts and nothing else."""
        said: dict[str, object] = {}
        records: dict[str, list[dict[str, object]]] = {}
        for name, count in shape.shape.counts:
            kind = self.book.facts[name].type
            assert isinstance(kind, RecordsType)
            records[name] = [
                {kind.key: _key(name, position)} if kind.key else {} for position in range(count)
            ]
        for name, value in facts.items():
            plain = readable(value, shape.grounded.variables[name].type)
            match = re.match(r"^(\w+)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?$", name)
            if match is None:
                said[name] = plain
                continue
            listed, position, spec, inner = match.groups()
            record = records[listed][int(position)]
            if inner is None:
                record[spec] = plain
            else:
                kind = self.book.facts[listed].type
                assert isinstance(kind, RecordsType)
                of = kind.field(spec)
                assert of is not None
                assert isinstance(of.type, MapType)
                if of.type.list in records:
                    entries = record.setdefault(spec, {})
                    assert isinstance(entries, dict)
                    entries[_key(of.type.list, int(inner))] = plain
                else:
                    record[spec] = plain
        tree = {
            "scenario": FORMAT,
            "title": f"Made for {target}",
            "story": "Facts put together by proof, as few as suffice. Not a real community.",
            "source": f"sharedvalue rules coverage, rule book {self.book.version}",
            "facts": {**records, **said},
        }
        return read_scenario(parse(json.dumps(tree), "made"), self.book, "made")


def _key(listed: str, position: int) -> str:
    return f"{listed.rstrip('s')} {position + 1}"


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
