"""rule-engine: one expression a rule; it has no rule sets, so each is asked in turn."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from benchmarks.rivals.contract import Matches, Values, condition, short_names
from engine.language.formulas import And, Condition, Not, Or, Test, Truth
from engine.language.grounded import GroundRule

NAME, IMPORTS = "rule-engine", ("rule_engine",)


def make(rules: Sequence[GroundRule]) -> Matches:
    library: Any = import_module("rule_engine")
    names = short_names(rules)
    asked = [library.Rule(_written(condition(rule), names)).matches for rule in rules]
    words = list(names.items())

    def matches(values: Values) -> list[int]:
        world = {word: values[name] for name, word in words}
        return [position for position, holds in enumerate(asked) if holds(world)]

    return matches


def _written(formula: Condition, names: dict[str, str]) -> str:
    match formula:
        case Truth(value):
            return "true" if value else "false"
        case Test(left, op, right):
            return f"{names[left]} {op} {names[right] if isinstance(right, str) else right}"
        case Not(part):
            return f"not ({_written(part, names)})"
        case And(parts) | Or(parts):
            word = " and " if isinstance(formula, And) else " or "
            said = word.join(f"({_written(part, names)})" for part in parts)
            return said or ("true" if isinstance(formula, And) else "false")
        case _:
            raise TypeError("arithmetic stands in measures, not in rules")


# name after the engine's own, how a stratum is made, what a run gives
KINDS = (("", make, "which rules held"),)
