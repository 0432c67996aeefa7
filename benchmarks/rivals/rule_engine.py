"""rule-engine: one expression a rule; it has no rule sets, so each is asked in turn."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from benchmarks.rivals.contract import Matches, Values, condition, short_names, written
from sharedvalue.engine.language.grounded import GroundRule

NAME, IMPORTS = "rule-engine", ("rule_engine",)


def make(rules: Sequence[GroundRule]) -> Matches:
    library: Any = import_module("rule_engine")
    names = short_names(rules)
    asked = [library.Rule(written(condition(rule), names)).matches for rule in rules]
    words = list(names.items())

    def matches(values: Values) -> list[int]:
        world = {word: values[name] for name, word in words}
        return [position for position, holds in enumerate(asked) if holds(world)]

    return matches


# name after the engine's own, how a stratum is made, what a run gives
KINDS = (("", make, "which rules held"),)
