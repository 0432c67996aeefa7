"""The rule book against an independent reading of the decision model, on random complete worlds."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.worlds import Worlds
from tests.conformance import plain
from tests.conformance.random_worlds import World, random_world

CI_WORLDS, DEEP_WORLDS = 600, 150_000
ARTICLE_ROUTES = {"members_leave", "support_withdrawn"}  # the others are the house's own


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


def scenario_of(world: World, book: RuleBook) -> Scenario:
    return read_scenario(parse(json.dumps({"scenario": "1", "facts": world}), "world"), book, "world")


def fired(worlds: Worlds) -> Trace:
    """The world's trace; the evidence chapter is passed by: these are worlds, not scenarios with evidence."""
    world = {}
    for name, domain in worlds.domains.items():
        belief = worlds.beliefs.get(name)
        world[name] = belief.value if belief is not None and belief.value is not None else domain.lo
    return Program.from_grounded(worlds.grounded).read(world)


def difference(book: RuleBook, world: World) -> tuple[dict[str, object], dict[str, object]]:
    """What the rule book and the plain reading say of a world, each as a comparable table."""
    worlds = form(book, scenario_of(world, book))
    trace = fired(worlds)
    expected = plain.decide(world)
    on = {name for name, value in trace.values.items() if value == 1}
    levels = {
        prefix: {n.split(":")[1] for n in on if n.startswith(f"{prefix}:")}
        for prefix in ("mode", "status", "risk", "route", "tell")
    }
    assert trace.chosen is not None
    names = [n for n in expected.conclusions if n in trace.values]
    ready = world.get("alt_sponsor") == "secured"  # then the route of withdrawal has words of its own
    known = {"members_leave"} if ready else ARTICLE_ROUTES
    got: dict[str, object] = {
        "outcome": book.outcome_names[trace.values["outcome"]],
        "modes": levels["mode"],
        "rule": trace.chosen.rule if expected.rule else None,
        "status": levels["status"],
        "risk": levels["risk"],
        "routes": levels["route"] & known,
        "tell": bool(levels["tell"]),
        "conclusions": {n: trace.values[n] == 1 for n in names},
    }
    want: dict[str, object] = {
        "outcome": expected.outcome,
        "modes": set(expected.modes),
        "rule": expected.rule,
        "status": {expected.status},
        "risk": {expected.risk},
        "routes": set(expected.routes) & known,
        "tell": expected.tell_sponsor,
        "conclusions": {n: expected.conclusions[n] for n in names},
    }
    return got, want


def shape(world: World) -> list[tuple[str, int, list[str]]]:
    """What a table of rules is built for: which facts are given, how many records, and which fields they have."""
    records = {name: value if isinstance(value, list) else [] for name, value in world.items()}
    return [
        (name, len(found), sorted({key for one in found for key in one}))
        for name, found in sorted(records.items())
    ]


def compare(book: RuleBook, count: int, seed: int) -> Counter[object]:
    """Worlds of one shape stand together, so that each table is built once: a fifth of the time or less."""
    rng = random.Random(seed)
    reached: Counter[object] = Counter()
    for world in sorted((random_world(rng) for _ in range(count)), key=shape):
        got, want = difference(book, world)
        assert got == want, json.dumps(world)
        reached[plain.decide(world).branch] += 1
    return reached


def test_rule_book_decides_as_the_model_says(book: RuleBook) -> None:
    reached = compare(book, CI_WORLDS, seed=1)
    assert len(reached) >= 24, f"the random worlds reach too few of the 29 places: {reached}"


@pytest.mark.deep
def test_rule_book_decides_as_the_model_says_on_many_worlds(book: RuleBook) -> None:
    reached = compare(book, DEEP_WORLDS, seed=2)
    assert len(reached) == 29
