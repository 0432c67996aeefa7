"""Random cases to measure on: those of the conformance tests, as scenarios of the shipped rule book."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import Worlds
from tests.conformance.random_worlds import random_world

Facts = dict[str, Any]


def random_facts(count: int, seed: int) -> Iterator[Facts]:
    """Complete, consistent cases, near the thresholds; the same ones for the same seed."""
    rng = random.Random(seed)
    return (random_world(rng) for _ in range(count))


def scenario_of(facts: Facts, book: RuleBook) -> Scenario:
    """The case as if read from a file."""
    return read_scenario(parse(json.dumps({"scenario": 1, "facts": facts}), "benchmark"), book, "benchmark")


def one_world(worlds: Worlds) -> dict[str, int]:
    """One complete world of a case: what was stated as it was stated; the least value of what the case leaves open."""
    found = {}
    for name, domain in worlds.domains.items():
        belief = worlds.beliefs.get(name)
        found[name] = belief.value if belief is not None and belief.value is not None else domain.lo
    return found
