"""The readings against the naive interpreter of written rule books: on generated books, and on our own."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.readings import fire, prove
from sharedvalue.engine.readings.prove import Possibilities
from sharedvalue.engine.worlds import Worlds, form
from tests.conformance import oracle
from tests.conformance.comparing import differences, plain_value
from tests.conformance.generate import Case, RuleBookFiles, rule_books
from tests.conformance.oracle import Reading, Value
from tests.conformance.random_worlds import World, random_world
from tests.matchers import MATCHERS, loads, matched_by

CI_BOOKS, DEEP_BOOKS = (150, 75), (3000, 2000)  # with complete cases, and with unknowns
CI_WORLDS, DEEP_WORLDS = 100, 3000  # of our own book, complete
CI_OPEN, DEEP_OPEN = 12, 300  # of our own book, with unknowns
MOST_WORLDS = 200
CANNOT_BE, NO_WORLD = "SV207", "SV230"
UNLUCKY = {
    "SV317",
    "SV320",
}  # too many alternatives, or a condition that contradicts itself: told by the loader, rightly
# Other cases each time.
FRESH = settings(
    derandomize=False, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def loaded(files: RuleBookFiles) -> RuleBook:
    """The rule book as the engine loads it from its folder."""
    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder))
        try:
            return load(folder=Path(folder))
        except UserError as error:
            if {problem.code for problem in error.problems} <= UNLUCKY:
                reject()
            raise


def scenario_of(facts: Mapping[str, object], book: RuleBook) -> Scenario:
    said = {name: as_files_say(value, book.facts.get(name)) for name, value in facts.items()}
    return read_scenario(parse(json.dumps({"scenario": "1", "facts": said}), "case"), book, "case")


def as_files_say(value: object, of: Any) -> object:
    """A value as a file says it: a percentage below 1 with its sign, since a bare 0.7 might be meant as 70 of 100."""
    kind = getattr(of, "type", None)
    if isinstance(kind, RecordsType) and isinstance(value, list):
        fields = {spec.name: spec for spec in kind.fields}
        return [{key: as_files_say(one, fields.get(key)) for key, one in record.items()} for record in value]
    if isinstance(value, dict):
        return {key: as_files_say(one, of) for key, one in value.items()}
    if isinstance(value, list):
        return [as_files_say(one, of) for one in value]
    below = isinstance(value, float) and 0 < abs(value) < 1
    return f"{value} %" if below and getattr(kind, "unit", "") == "percent" else value


def formed(facts: Mapping[str, object], book: RuleBook) -> Worlds | None:
    """The worlds of a case; None where its known facts break a constraint."""
    try:
        return form(book, scenario_of(facts, book))
    except UserError as error:
        if {problem.code for problem in error.problems} == {CANNOT_BE}:
            return None
        raise


# --- one world ------------------------------------------------------------------------------------------------------
def fire_agrees(book: RuleBook, worlds: Worlds, inputs: Mapping[str, int], reading: Reading) -> None:
    trace = fire.Program.from_grounded(worlds.grounded).read(inputs)
    assert differences(trace, reading) == []
    given = {name for name in worlds.grounded.inputs if name in book.measures}
    computed = {name for name in reading.measures if book.measures[name].stage == "world"} - given
    assert computed == set(worlds.grounded.measures)


def check_complete(book: RuleBook, case: Case) -> None:
    reading = oracle.read(book, case.world({}))
    worlds = formed(case.facts, book)
    if worlds is None:
        assert reading.broken
        return
    known = {
        name: plain_value(domain.lo, worlds.grounded.variables[name].type)
        for name, domain in worlds.domains.items()
    }
    assert worlds.open == ()
    assert known == {name: case.known[name] for name in known}
    fire_agrees(book, worlds, worlds.known, reading)


# --- all worlds -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tried:
    """What trying every world shows: what exists, by the positions of the values of what is open."""

    readings: Mapping[tuple[int, ...], Reading]
    names: tuple[str, ...]

    def modes(self) -> dict[str, set[frozenset[str]]]:
        found: dict[str, set[frozenset[str]]] = {}
        for reading in self.readings.values():
            assert reading.decision is not None
            modes = frozenset(
                name for name, held in reading.conclusions.items() if held and name.startswith("mode:")
            )
            found.setdefault(reading.decision[0], set()).add(modes)
        return found

    def pivotal(self) -> set[str]:
        found = set()
        for at, name in enumerate(self.names):
            lines: dict[tuple[int, ...], set[object]] = {}
            for point, reading in self.readings.items():
                assert reading.decision is not None
                lines.setdefault(point[:at] + point[at + 1 :], set()).add(reading.decision[0])
            if any(len(outcomes) > 1 for outcomes in lines.values()):
                found.add(name)
        return found

    def settled(self, grounded: Grounded) -> dict[str, bool]:
        found = {}
        for name, variable in grounded.variables.items():
            met = {reading.conclusions.get(name, False) for reading in self.readings.values()}
            if variable.origin == "conclusion" and len(met) == 1:
                found[name] = met.pop()
        return found


def try_all(book: RuleBook, case: Case, worlds: Worlds) -> Tried:
    """Every world of a case, read by the oracle."""
    kinds = worlds.grounded.variables
    options = {
        name: [plain_value(v, kinds[name].type) for v in worlds.domains[name].values()]
        for name in worlds.open
    }
    unread = {
        name: values for name, values in case.open.items() if name not in worlds.domains
    }  # may not matter
    readings = {}
    for number, point in enumerate(product(*(range(len(values)) for values in options.values()))):
        chosen = {name: values[number % len(values)] for name, values in unread.items()}
        chosen |= {name: values[at] for (name, values), at in zip(options.items(), point, strict=True)}
        reading = oracle.read(book, case.world(chosen))
        if not reading.broken:
            readings[point] = reading
    return Tried(readings, tuple(options))


def prove_agrees(book: RuleBook, case: Case, worlds: Worlds) -> None:
    tried = try_all(book, case, worlds)
    grounded = worlds.grounded
    program = prove.Program.from_grounded(grounded)
    if not tried.readings:
        with pytest.raises(UserError, match=NO_WORLD):
            program.possible(worlds.domains, 60.0)
        return
    found = program.possible(worlds.domains, 60.0)
    assert found.complete
    assert {grounded.outcomes[p.outcome]: set(p.modes) for p in found.outcomes} == tried.modes()
    assert set(found.pivotal) == tried.pivotal()
    settled = tried.settled(grounded)
    assert {name: value for name, value in found.settled.items() if settled.get(name) is not value} == {}
    assert set(found.settled) == set(settled)
    examples_hold(worlds, found, tried)


def examples_hold(worlds: Worlds, found: Possibilities, tried: Tried) -> None:
    for possible in found.outcomes:
        point = tuple(worlds.domains[name].place(possible.example[name]) for name in tried.names)
        decision = tried.readings[point].decision
        assert decision is not None
        assert decision[0] == worlds.grounded.outcomes[possible.outcome]


def check_open(book: RuleBook, case: Case) -> None:
    worlds = formed(case.facts, book)
    if worlds is None:
        return  # what is known forbids every world: check_complete holds these to the oracle
    for name, domain in worlds.domains.items():
        values = {plain_value(value, worlds.grounded.variables[name].type) for value in domain.values()}
        assert values == may_be(book, case, name), name
    if prod(domain.size for domain in worlds.domains.values()) > MOST_WORLDS:
        reject()
    prove_agrees(book, case, worlds)


def may_be(book: RuleBook, case: Case, name: str) -> set[Value]:
    """What a value may be, by the case as it was made; measures over a left-out list as they declare."""
    if name in case.known:
        return {case.known[name]}
    if name in case.open:
        return set(case.open[name])
    measure = book.measures[name]
    assert measure.unknown is not None
    lo, hi = measure.unknown
    return {plain_value(value, measure.type) for value in range(lo, hi + 1)}


# --- generated rule books -------------------------------------------------------------------------------------------
@settings(max_examples=CI_BOOKS[0])
@given(rule_books(complete=3, unknowns=0))
def test_fire_agrees_on_generated_books(sample: tuple[RuleBookFiles, list[Case]]) -> None:
    """By each matcher that can be loaded here: to make a book takes longer than to read it."""
    book = loaded(sample[0])
    for name in filter(loads, MATCHERS):
        with matched_by(name):
            for case in sample[1]:
                check_complete(book, case)


@settings(max_examples=CI_BOOKS[1])
@given(rule_books(complete=0, unknowns=4))
def test_prove_agrees_on_generated_books(sample: tuple[RuleBookFiles, list[Case]]) -> None:
    book = loaded(sample[0])
    for case in sample[1]:
        check_open(book, case)


@pytest.mark.usefixtures("each_matcher")
@pytest.mark.deep
@settings(FRESH, max_examples=DEEP_BOOKS[0])
@given(rule_books(complete=3, unknowns=0))
def test_fire_agrees_on_many_generated_books(sample: tuple[RuleBookFiles, list[Case]]) -> None:
    book = loaded(sample[0])
    for case in sample[1]:
        check_complete(book, case)


@pytest.mark.deep
@settings(FRESH, max_examples=DEEP_BOOKS[1])
@given(rule_books(complete=0, unknowns=4))
def test_prove_agrees_on_many_generated_books(sample: tuple[RuleBookFiles, list[Case]]) -> None:
    book = loaded(sample[0])
    for case in sample[1]:
        check_open(book, case)


# --- our own rule book ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ours() -> RuleBook:
    return load()


def case_of(worlds: Worlds, domains: Mapping[str, Domain]) -> Case:
    """The case that these domains describe."""
    known: dict[str, Value] = {}
    for name, domain in domains.items():
        if domain.is_known:
            known[name] = plain_value(domain.lo, worlds.grounded.variables[name].type)
    return Case({}, known, {}, worlds.scenario.counts)


def one_world(worlds: Worlds) -> dict[str, int]:
    """The world in which each value is what was said of it; the evidence chapter is passed by."""
    found = {}
    for name, domain in worlds.domains.items():
        belief = worlds.beliefs.get(name)
        found[name] = belief.value if belief is not None and belief.value is not None else domain.lo
    return found


def check_own_complete(book: RuleBook, count: int, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        facts = random_world(rng)
        worlds = form(book, scenario_of(facts, book))
        inputs = one_world(worlds)
        case = case_of(worlds, {name: Domain.known(value) for name, value in inputs.items()})
        reading = oracle.read(book, case.world({}))
        assert differences(fire.Program.from_grounded(worlds.grounded).read(inputs), reading) == [], (
            json.dumps(facts)
        )


def with_unknowns(rng: random.Random, facts: World, book: RuleBook) -> World:
    """The facts with a handful of them opened: two values, or all of a choice."""
    found = dict(facts)
    names = [
        name for name in facts if not isinstance(book.facts[name].type, RecordsType) and name != "has_sponsor"
    ]
    other = random_world(rng)
    for name in rng.sample(names, min(5, len(names))):
        values = {json.dumps(facts[name]), json.dumps(other.get(name, facts[name]))}
        found[name] = {"one_of": [json.loads(value) for value in sorted(values)]}
    return found


def check_own_open(book: RuleBook, count: int, seed: int) -> None:
    rng = random.Random(seed)
    while count:
        facts = with_unknowns(rng, random_world(rng), book)
        worlds = formed(facts, book)
        if worlds is None:
            continue
        domains = dict(worlds.domains)
        for name, value in one_world(worlds).items():
            if domains[name].size > 4:
                domains[name] = Domain.known(value)
        size = prod(domain.size for domain in domains.values())
        if not 2 <= size <= 64:
            continue
        kept = replace(worlds, domains=domains)
        prove_agrees(book, case_of(kept, domains), kept)
        count -= 1


@pytest.mark.usefixtures("each_matcher")
def test_fire_agrees_on_our_book(ours: RuleBook) -> None:
    check_own_complete(ours, CI_WORLDS, seed=3)


def test_prove_agrees_on_our_book(ours: RuleBook) -> None:
    check_own_open(ours, CI_OPEN, seed=4)


@pytest.mark.usefixtures("each_matcher")
@pytest.mark.deep
def test_fire_agrees_on_our_book_in_many_worlds(ours: RuleBook) -> None:
    check_own_complete(ours, DEEP_WORLDS, seed=5)


@pytest.mark.deep
def test_prove_agrees_on_our_book_with_many_unknowns(ours: RuleBook) -> None:
    check_own_open(ours, DEEP_OPEN, seed=6)
