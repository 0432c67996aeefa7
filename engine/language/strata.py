"""The order of evaluation: it follows from what each rule and measure reads, never from the chapters. No cycles.

A rule may read measures of its own stratum, and conclusions of earlier strata only: when a stratum closes, what it did
not conclude is known to be false, so that later strata may negate it and count over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block

# ("measure", name) | ("conclusion", name) | ("block", "rule/position") | ("choice", "the choice") | ("mode", name)
Step = tuple[str, str]
CHOICE: Step = ("choice", "the choice")


def names_read(node: e.Node) -> Iterator[str]:
    """The plain names, lists, conclusions and modes ('mode:NAME') in an expression."""
    for part in e.walk(node):
        match part:
            case e.Name(name):
                yield name
            case e.Concluded(name, _):
                yield name
            case e.HasMode(mode, _):
                yield f"mode:{mode}"
            case e.Aggregate():
                yield part.list


def block_reads(rule_blocks: tuple[Block, ...], position: int, form: str) -> Iterator[str]:
    """What one block reads; a case also reads what the cases before it read."""
    for block in rule_blocks[: position + 1] if form == "cases" else (rule_blocks[position],):
        for written in (block.when, block.unless):
            if written is not None:
                yield from names_read(written.node)


@dataclass(frozen=True)
class Order:
    """The stratum of each measure, of each rule's blocks, each conclusion and mode, and the choice of one stage."""

    measures: dict[str, int]
    blocks: dict[tuple[str, int], int]
    conclusions: dict[str, int]
    modes: dict[str, int]
    choice: int


class Cycle(Exception):
    """A rule or measure that depends on itself, with the way round."""

    def __init__(self, path: list[Step]) -> None:
        super().__init__(" -> ".join(name for _, name in path))
        self.path = path


class _Orderer:
    def __init__(self, book: RuleBook, stage: str) -> None:
        self.book = book
        self.stage = stage
        self.levels: dict[Step, int] = {}
        self.path: list[Step] = []
        self.by_conclusion: dict[str, list[Step]] = {}
        self.branches: list[Step] = []
        self.modes = _mode_conditions(book, stage)
        for rule in book.rules.values():
            if rule.stage == stage:
                for position, block in enumerate(rule.blocks):
                    step = ("block", f"{rule.id}/{position}")
                    for conclusion in block.concludes:
                        self.by_conclusion.setdefault(conclusion.name, []).append(step)
                    if block.outcome:
                        self.branches.append(step)

    def level(self, step: Step) -> int:
        if step in self.levels:
            return self.levels[step]
        if step in self.path:
            raise Cycle([*self.path[self.path.index(step) :], step])
        self.path.append(step)
        found = max((self.reading(step, name) for name in self.read_by(step)), default=0)
        if step[0] == "conclusion":
            found = max((self.level(block) for block in self.by_conclusion.get(step[1], ())), default=-1)
        if step == CHOICE:
            found = max((self.level(block) + 1 for block in self.branches), default=0)
        if step[0] == "mode":
            found = max(found, self.level(CHOICE))
        self.path.pop()
        self.levels[step] = found
        return found

    def read_by(self, step: Step) -> Iterator[str]:
        kind, name = step
        if kind == "measure":
            formula = self.book.measures[name].formula
            yield from [formula.list] if isinstance(formula, Picked) else names_read(formula.node)
        elif kind == "block":
            rule_id, position = name.rsplit("/", 1)
            rule = self.book.rules[rule_id]
            yield from block_reads(rule.blocks, int(position), rule.form)
        elif kind == "mode":
            for condition in self.modes.get(name, ()):
                yield from names_read(condition.node)

    def reading(self, step: Step, name: str) -> int:
        """The stratum in which a step may read a name at the earliest."""
        if name == "outcome":
            return self.level(CHOICE) + (1 if step[0] == "measure" else 0)
        if name.startswith("mode:"):
            return self.level(("mode", name.removeprefix("mode:"))) + 1
        if name in self.book.measures and not (step[0] == "measure" and step[1] == name):
            return self.level(("measure", name))
        if name in self.by_conclusion:
            return self.level(("conclusion", name)) + 1
        if step == ("measure", name):
            raise Cycle([step, step])
        return 0


def order(book: RuleBook, stage: str) -> Order:
    """The strata of one stage. Raises Cycle."""
    orderer = _Orderer(book, stage)
    blocks = {
        (rule.id, position): orderer.level(("block", f"{rule.id}/{position}"))
        for rule in book.rules.values()
        if rule.stage == stage
        for position in range(len(rule.blocks))
    }
    measures = {name: orderer.level(("measure", name)) for name in book.measures}
    conclusions = {name: orderer.level(("conclusion", name)) for name in orderer.by_conclusion}
    modes = {name: orderer.level(("mode", name)) for name in orderer.modes}
    return Order(measures, blocks, conclusions, modes, orderer.level(CHOICE))


def _mode_conditions(book: RuleBook, stage: str) -> dict[str, list[e.Written]]:
    """Each mode with the conditions under which it is given or joins; empty where no branch of the stage gives one."""
    branches = [
        block for rule in book.rules.values() if rule.stage == stage for block in rule.blocks if block.outcome
    ]
    found: dict[str, list[e.Written]] = {name: [] for name in book.outcomes.modes}
    for block in branches:
        for mode in block.modes:
            if mode.when is not None:
                found.setdefault(mode.name, []).append(mode.when)
    for name, joining in book.outcomes.modes.items():
        if joining.joins_when is not None and stage == "world":
            found[name].append(joining.joins_when)
    return found


def check_order(book: RuleBook, problems: Problems) -> None:
    """Notes the first cycle of each stage, with the way round, at the rule or measure where it was met."""
    for stage in ("evidence", "world", "decision"):
        try:
            order(book, stage)
        except Cycle as cycle:
            way = " -> ".join(name.rsplit("/", 1)[0] for kind, name in cycle.path if kind != "conclusion")
            problems.add(
                "SV316",
                _place(book, cycle.path),
                f"this depends on itself: {way}",
                "Rules may not go round in a circle; let one of them read something else.",
            )
        except RecursionError:
            problems.add(
                "SV316",
                Place("rules"),
                "rules and measures lean on each other too deeply",
                "Shorten the chain.",
            )


def _by_house(book: RuleBook, rule: str) -> bool:
    return any(change.kind == "rule" and change.name == rule for change in book.house_changes)


def _place(book: RuleBook, path: list[Step]) -> Place:
    house = [step for step in path if step[0] == "block" and _by_house(book, step[1].rsplit("/", 1)[0])]
    for kind, name in house or path:
        if kind == "block":
            return book.rules[name.rsplit("/", 1)[0]].place
        if kind == "measure":
            return book.measures[name].place
        if kind == "mode":
            return book.outcomes.modes[name].place
    return Place("rules")
