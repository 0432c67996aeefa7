"""What some scenarios leave out of a rule book: rules, sides of conditions, outcomes and modes that none of them exercises."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.questions.audit import named, shapes
from sharedvalue.engine.questions.coverage import Coverage, tests_of

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


def targets(book: RuleBook, found: Coverage) -> list[Target]:
    """Everything that some scenarios leave out, as `rules coverage` counts it.

    Left aside are modes that only open facts lead to (NOT_YET, by rules about the decision itself): no world has them.
    """
    grounded = [ground(book, "world", shape) for shape in shapes_for(book).values()]
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


def shapes_for(book: RuleBook) -> dict[str, Shape]:
    """The shapes of the audit, and those with the same few records in every list at once."""
    found = shapes(book)
    lists = dict.fromkeys(name for shape in found.values() for name, _ in shape.counts)
    for count in ROOM:
        found[f"every list: {count}"] = Shape(tuple((name, count) for name in lists))
    return found


def met(target: Target, shown: Coverage) -> bool:
    if target.kind == "outcome":
        return target.name in shown.outcomes
    if target.kind == "mode":
        return target.name in shown.modes
    if target.kind == "rule":
        return target.name in shown.fired
    return (target.name, target.condition) in (shown.held if target.side == "holds" else shown.failed)
