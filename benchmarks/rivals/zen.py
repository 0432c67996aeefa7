"""zen-engine: each stratum an expression node, one expression a rule (as a decision table it was as fast or slower)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.rivals.contract import Matches, Values, condition, short_names, written
from sharedvalue.engine.language.grounded import GroundRule

NAME, IMPORTS = "zen-engine", ("zen",)


def make(rules: Sequence[GroundRule], trace: bool = False) -> Matches:
    zen: Any = import_module("zen")
    names = short_names(rules)
    asked = {f"r{position}": written(condition(rule), names) for position, rule in enumerate(rules)}
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(asked)))
    options = {"trace": trace}
    words = list(names.items())
    keys = list(asked)

    def matches(values: Values) -> list[int]:
        found = decision.evaluate({word: values[name] for name, word in words}, options)["result"]
        return [position for position, key in enumerate(keys) if found[key]]

    return matches


def _graph(asked: dict[str, str]) -> dict[str, Any]:
    expressions = [{"id": key, "key": key, "value": expression} for key, expression in asked.items()]
    content = {"expressions": expressions, "passThrough": False}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "b", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


# name after the engine's own, how a stratum is made, what a run gives
KINDS = (
    (", trace off", make, "which rules held"),
    (", trace on", partial(make, trace=True), "which rules held, and its own trace"),
)
