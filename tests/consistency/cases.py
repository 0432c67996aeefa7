"""Generated cases that are not wholly known: a third of the facts left out, some given as ranges or doubted, lists partly given."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from tests.conformance.random_worlds import random_world

STAYS = ("has_sponsor", "sponsors")  # what must be given, and what needs name
WIDTHS = (1, 5, 9.5, 20)
AS_OF = "2026-11-01"
SOURCES = ("survey", "interview", "page_visits", "sponsor_interview", "sponsor_document")
DATES = ("2023-02-01", "2025-11-20", "2026-07-31", "2026-10-15")  # too old, old, and new


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


def evidence_for(facts: dict[str, Any], book: RuleBook, rng: random.Random) -> list[dict[str, Any]]:
    """Readings for some percentages, in a third of all cases: near what somebody said, or far from it, few or many, old or new."""
    if rng.random() > 1 / 3:
        return []
    percentages = [
        n for n, f in book.facts.items() if f.type.unit == "percent" and not n.startswith("active_trend")
    ]
    found = []
    for name in rng.sample(percentages, rng.randint(1, 3)):
        for _ in range(rng.randint(1, 2)):
            stated = facts.get(name)
            near = stated if isinstance(stated, int | float) and rng.random() < 0.5 else rng.randint(0, 100)
            item = {"fact": name, "source": rng.choice(SOURCES), "date": rng.choice(DATES), "reading": near}
            if rng.random() < 0.7:
                item |= {
                    "n": rng.choice((4, 30, 400)),
                    "population": 600,
                    "drawn_from_all": rng.random() < 0.5,
                }
            found.append(item)
    return found


def scenario_of(facts: dict[str, Any], book: RuleBook, evidence: Sequence[dict[str, Any]] = ()) -> Scenario:
    written: dict[str, Any] = {"scenario": 1, "as_of": AS_OF, "facts": facts}
    return read_scenario(
        parse(json.dumps(written | ({"evidence": list(evidence)} if evidence else {})), "made"), book, "made"
    )
