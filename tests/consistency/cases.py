"""Generated cases that are not wholly known: a third of the facts left out, some given as ranges or doubted, lists partly given."""

from __future__ import annotations

import json
import random
from typing import Any

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from tests.conformance.random_worlds import random_world

STAYS = ("has_sponsor", "sponsors")  # what must be given, and what needs name
WIDTHS = (1, 5, 9.5, 20)


def half_known(book: RuleBook, rng: random.Random) -> dict[str, Any]:
    """The facts of one case, as a file may state them."""
    facts = random_world(rng)
    if rng.random() < 0.5:  # most cases have no lists
        for name in ("needs", "sponsors", "segments"):
            if rng.random() < 0.8:
                facts.pop(name, None)
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if name not in STAYS and not (name == "needs" and "sponsors" not in facts) and rng.random() < 1 / 3:
            continue
        found[name] = said(book, name, value, rng)
    if "sponsors" not in found:
        found.pop("needs", None)
    return found


def said(book: RuleBook, name: str, value: Any, rng: random.Random) -> Any:
    """A value, or for one in seven numbers a range around it, and for some a low confidence."""
    fact = book.facts.get(name)
    if (
        fact is None
        or fact.type.unit != "percent"
        or isinstance(value, bool)
        or name.startswith("active_trend")
    ):
        return value
    chance = rng.random()
    if chance < 0.07:
        return {"between": [value, min(100, value + rng.choice(WIDTHS))]}
    if chance < 0.14:
        return {"value": value, "confidence": "low"}
    return value


def scenario_of(facts: dict[str, Any], book: RuleBook) -> Scenario:
    return read_scenario(parse(json.dumps({"scenario": 1, "facts": facts}), "made"), book, "made")
