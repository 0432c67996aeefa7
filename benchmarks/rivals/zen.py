"""zen-engine: each stratum a decision table, a row for each way to hold; all rows that hold are collected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.rivals.contract import Matches, Values, short_names, ways
from engine.language.formulas import Test
from engine.language.grounded import GroundRule

NAME, IMPORTS = "zen-engine", ("zen",)
Json = dict[str, Any]


def make(rules: Sequence[GroundRule], trace: bool = False) -> Matches:
    zen: Any = import_module("zen")
    names = short_names(rules)
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(rules, names)))
    options = {"trace": trace}
    words = list(names.items())

    def matches(values: Values) -> list[int]:
        found = decision.evaluate({word: values[name] for name, word in words}, options)
        return [row["n"] for row in found["result"]]

    return matches


traced = partial(make, trace=True)


def _graph(rules: Sequence[GroundRule], names: dict[str, str]) -> Json:
    inputs = [{"id": word, "name": word, "type": "expression", "field": word} for word in names.values()]
    rows = []
    for number, (position, way) in enumerate(ways(rules)):
        row: dict[str, str] = {"_id": f"r{number}", "n": str(position), **dict.fromkeys(names.values(), "")}
        for test in way:
            word = names[test.left]
            row[word] = " and ".join(filter(None, (row[word], _cell(test, names))))
        rows.append(row)
    content = {"hitPolicy": "collect", "inputs": inputs, "rules": rows,
               "outputs": [{"id": "n", "name": "n", "type": "expression", "field": "n"}]}  # fmt: skip
    nodes = [{"id": "in", "type": "inputNode", "name": "in"}, {"id": "out", "type": "outputNode", "name": "out"},
             {"id": "rules", "type": "decisionTableNode", "name": "rules", "content": content}]  # fmt: skip
    edges = [{"id": "a", "sourceId": "in", "targetId": "rules", "type": "edge"},
             {"id": "b", "sourceId": "rules", "targetId": "out", "type": "edge"}]  # fmt: skip
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _cell(test: Test, names: dict[str, str]) -> str:
    right = names[test.right] if isinstance(test.right, str) else str(test.right)
    return f"$ {test.op} {right}"


# name after the engine's own, how a stratum is made, what a run gives
KINDS = ((", trace off", make, "every way that held"), (", trace on", traced, "the same, and what each row read"))
