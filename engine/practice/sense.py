"""Whether what is said of a community contradicts itself, though nothing in the rule book forbids it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.practice.material import material


def contradicts(decision: Decision, changes: Mapping[str, int]) -> bool:
    """Whether what is said, with some facts changed, contradicts itself, as rules/practice.yaml says."""
    return any(_holding(decision, material(decision.worlds.book).contradicts, changes))


def strange(decision: Decision) -> int:
    """How much of what is said of a community is possible and would not be believed."""
    return sum(_holding(decision, material(decision.worlds.book).sense, {})) + len(decision.worlds.warnings)


def _holding(decision: Decision, conditions: Sequence[Written], changes: Mapping[str, int]) -> Iterator[bool]:
    """Of each condition whether it holds; one that turns on what is not known does not."""
    translator = Translator(decision.worlds.book, "world", decision.worlds.shape)
    known = {
        name: belief.value for name, belief in decision.worlds.beliefs.items() if belief.value is not None
    }
    values = {**known, **decision.trace.values, **changes}
    for written in conditions:
        try:
            yield holds(translator.condition(written.node, {}), values)
        except Missing:
            yield False
