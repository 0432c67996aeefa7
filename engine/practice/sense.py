"""Whether what is said of a community contradicts itself, though nothing in the rule book forbids it."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.practice.material import material


def contradicts(decision: Decision, changes: Mapping[str, int]) -> bool:
    """Whether what is said, with some facts changed, contradicts itself, as rules/practice.yaml says."""
    book = decision.worlds.book
    translator = Translator(book, "world", decision.worlds.shape)
    values = {**decision.trace.values, **changes}
    for written in material(book).contradicts:
        try:
            if holds(translator.condition(written.node, {}), values):
                return True
        except Missing:
            continue
    return False
