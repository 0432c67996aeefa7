"""Reasons: each is enough, none has a fact too many, and together they are all there are."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.cli.main import sharedvalue
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.ranges import every_value, said_facts
from sharedvalue.engine.questions.reasons import Reasons, hit, reasons, reasons_json
from sharedvalue.engine.readings.prove import FALSE, Between, Point, Residual, Session, Steps
from sharedvalue.engine.readings.prove.circuit import Circuit
from sharedvalue.engine.worlds import form, suppose
from sharedvalue.engine.worlds.restated import restated

BOOK = load()
SCENARIOS = sorted(Path("scenarios").glob("*.yaml"))
WITH_SPONSORS = "scenarios/three-sponsors-one-purpose.yaml"
NEOPHYTES = "scenarios/neophytes-and-experts.yaml"


@cache
def decided(path: str | Path) -> Decision:
    return decide(form(BOOK, load_scenario(str(path), BOOK)))


def loosened(decision: Decision, held: Mapping[str, Domain], loose: Iterable[str]) -> Residual:
    """The case with some facts held and others stated to be anything."""
    worlds = decision.worlds
    deciding = deciding_inputs(worlds.grounded)
    unsaid = [
        n for n in worlds.domains if n in deciding and n in worlds.book.facts and n not in said_facts(worlds)
    ]
    anything = {name: every_value(worlds, name) for name in (*loose, *unsaid) if name not in held}
    return restated(worlds, {**anything, **held}).residual


def is_enough(decision: Decision, found: Reasons, facts: Iterable[str]) -> bool:
    """Whether the outcome is one only, with all that was asked about let loose but these facts."""
    parts = {name: found.lists.get(name, (name,)) for name in found.facts}
    held = {name: decision.worlds.domains[name] for fact in facts for name in parts[fact]}
    residual = loosened(decision, held, (name for part in parts.values() for name in part))
    session = Session(residual, Steps(10))
    answer = session.ask(-residual.outcomes.get(BOOK.outcome_names.index(decision.outcome), FALSE))
    assert answer.sure
    return answer.cannot


def minimal_by_trying(decision: Decision, found: Reasons) -> set[frozenset[str]]:
    """All sets of facts that are enough and have none too many: every set is tried, but those that another one settles."""
    enough: list[frozenset[str]] = []
    short: list[frozenset[str]] = []  # not enough
    for size in range(len(found.facts) + 1):
        for part in map(frozenset, combinations(found.facts, size)):
            if any(one <= part for one in enough) or any(part <= one for one in short):
                continue
            if is_enough(decision, found, part):
                enough.append(part)
            else:
                for name in found.facts:  # the largest set around it that is not enough settles more
                    if name not in part and not is_enough(decision, found, part | {name}):
                        part |= {name}
                short.append(part)
    return set(enough)


@pytest.mark.parametrize(
    "path, among",
    [
        ("scenarios/no-sponsor-at-all.yaml", None),
        ("scenarios/a-club-that-nobody-carries.yaml", None),
        (
            NEOPHYTES,
            [
                "sponsor_stance",
                "openness_to_realign",
                "contribution",
                "sponsor_value_now",
                "restriction_allowed",
                "overlap_short",
            ],
        ),
        (
            NEOPHYTES,
            [
                "segments[0].overlap",
                "segments[1].overlap",
                "segments[0].active",
                "expertise_required",
                "sponsors_conflict",
            ],
        ),
        (
            "scenarios/lga-knowledge-hub.yaml",
            [
                "member_value_now",
                "core_group_size",
                "sponsor_value_now",
                "overlap_short",
                "overlap_long",
                "sponsors_conflict",
                "needs_shift",
            ],
        ),
        (WITH_SPONSORS, None),
        ("scenarios/two-ministries-that-exclude-each-other.yaml", None),
    ],
)
def test_all_reasons_and_no_others(path: str, among: list[str] | None) -> None:
    decision = decided(path)
    found = reasons(decision, among, 60)
    assert found.complete
    names = found.facts
    minimal = minimal_by_trying(decision, found)
    assert {frozenset(reason) for reason in found.reasons} == minimal
    assert set(found.necessary) == set(names).intersection(*minimal)
    assert set(found.irrelevant) == set(names).difference(*minimal)


@pytest.mark.parametrize("path", SCENARIOS[::6], ids=lambda p: p.stem)
def test_each_reason_is_enough_and_has_no_fact_too_many(path: Path) -> None:
    decision = decided(path)
    if not decision.certain:
        return
    found = reasons(decision, budget=2)
    for reason in found.reasons[:3]:
        assert is_enough(decision, found, reason)
        for name in reason:
            assert not is_enough(decision, found, set(reason) - {name})


@pytest.mark.parametrize("path", SCENARIOS[1::3], ids=lambda p: p.stem)  # all of them: benchmarks/reasons.py
def test_every_scenario_has_all_its_reasons(path: Path) -> None:
    decision = decided(path)
    if decision.certain:
        assert reasons(decision, budget=Steps(60)).complete


def test_a_list_that_counts_only_through_sums_is_one_fact() -> None:
    decision = decided(WITH_SPONSORS)
    found = reasons(decision)
    assert set(found.lists) == {"needs", "sponsors"}
    assert not any("[" in fact for fact in found.facts)
    cells = {name for listed in found.lists.values() for name in listed}
    assert cells == {name for name in said_facts(decision.worlds) if "[" in name}
    apart = reasons(decision, cells=True, budget=0.01)
    assert not apart.lists
    assert cells < set(apart.facts)


def test_a_record_of_which_something_is_concluded_keeps_its_values_apart() -> None:
    found = reasons(decided(NEOPHYTES))
    assert not found.lists
    assert "segments[0].overlap" in found.facts


@pytest.mark.parametrize("seed", range(6))
def test_all_worlds_between_two(seed: int) -> None:
    rng, decision = random.Random(seed), decided("scenarios/librarians-the-overlap-is-still-to-come.yaml")
    residual = loosened(decision, {}, said_facts(decision.worlds))
    other = {name: rng.choice(domain.points) for name, domain in residual.unknowns.items()}
    here = {name: domain.lo for name, domain in residual.unknowns.items()} | dict(decision.worlds.known)
    names = rng.sample(list(residual.unknowns), 7)
    parts = [names[:2], *([name] for name in names[2:])]
    literal = -residual.outcomes[BOOK.outcome_names.index(decision.outcome)]
    between = Between(residual.circuit, here, other, parts)
    found = between.where(literal)
    assert found is not None
    expected = set()
    for world in range(1 << len(parts)):
        moved = {name: other[name] for at, part in enumerate(parts) if world >> at & 1 for name in part}
        if Point(residual.circuit, {**here, **moved}).holds(literal):
            expected.add(world)
    assert {world for world in range(1 << len(parts)) if found >> world & 1} == expected
    least = {w for w in expected if not any(o != w and o & w == o for o in expected)}
    assert set(between.least(found)) == least


@given(st.integers(1, 5), st.data())
def test_the_least_of_some_sets(count: int, data: st.DataObject) -> None:
    worlds = data.draw(st.integers(0, (1 << (1 << count)) - 1))
    some = {world for world in range(1 << count) if worlds >> world & 1}
    between = Between(Circuit({}, Steps(1)), {}, {}, [[]] * count)
    assert set(between.least(worlds)) == {w for w in some if not any(o != w and o & w == o for o in some)}


def test_a_range_is_a_fact_of_a_reason_and_what_is_assumed_is_named() -> None:
    """With 35 the new needs could not be served and the answer would be another: the range is needed, in every set."""
    facts = (
        "has_sponsor: true, member_value_now: 62, member_value_outlook: 66, needs_shift: 60, shift_shared: true, "
        "shift_durable: true, shift_cause: field_changed, sponsor_value_now: 50, sponsor_value_outlook: 50, "
        "contribution: 40, contribution_to_shifted: {range}, sponsor_engaged: in_dialogue, "
        "sponsor_stance: negotiable, strategic_potential: 65, overlap_short: 20, overlap_long: 20"
    )

    def decided_with(range_: str) -> Decision:
        text = f"scenario: 1\ntitle: Archivists\nfacts: {{{facts.replace('{range}', range_)}}}\n"
        return decide(form(BOOK, read_scenario(parse(text, "archivists"), BOOK, "archivists")))

    decision = decided_with("{between: [55, 70]}")
    assert decision.certain
    assert decided_with("35").outcome != decision.outcome
    found = reasons(decision)
    assert found.complete
    assert "contribution_to_shifted" in found.necessary
    as_json = reasons_json(found)
    facts_shown = as_json["reasons"][0]["facts"]  # type: ignore[index]  # as it is printed
    assert facts_shown["contribution_to_shifted"] == {"between": [55, 70]}
    assert "stance_source" in as_json["assumed"]  # type: ignore[operator]  # likewise


@pytest.mark.parametrize("path", SCENARIOS[::4], ids=lambda p: p.stem)
def test_what_is_in_no_reason_of_a_set_never_changes_the_outcome(path: Path) -> None:
    """Facts outside of a reason, stated to be anything that a file may say: `decide` says the same."""
    decision = decided(path)
    if not decision.certain:
        return
    rng, worlds = random.Random(path.stem), decision.worlds
    found = reasons(decision, budget=2)
    for reason in found.reasons[:3]:
        inside = {name for fact in reason for name in found.lists.get(fact, (fact,))}
        outside = [name for name in said_facts(worlds) if name not in inside]
        for _ in range(8):
            some = rng.sample(outside, min(len(outside), rng.randint(1, 4)))
            changed = {name: Domain.known(rng.choice(every_value(worlds, name).points)) for name in some}
            try:
                after = decide(suppose(worlds, changed))
            except UserError:
                continue  # it cannot be
            assert {p.outcome for p in after.possible} == {decision.outcome}, changed


def test_an_undecided_case_has_none() -> None:
    decision = decided("scenarios/silent-drift.yaml")
    assert not decision.certain
    assert reasons(decision).reasons == ()


def test_without_time_it_says_incomplete() -> None:
    found = reasons(decided(NEOPHYTES), budget=0)
    assert not found.complete
    assert not any((found.reasons, found.necessary, found.irrelevant))


@given(st.lists(st.integers(1, 63), max_size=6))
def test_hitting_sets(sets: list[int]) -> None:
    found = {0}
    for one in sets:
        found = hit(found, one)
    hitting = [bits for bits in range(64) if all(bits & one for one in sets)]
    assert found == {
        bits for bits in hitting if not any(other != bits and other & bits == other for other in hitting)
    }


def test_the_command() -> None:
    done = CliRunner().invoke(sharedvalue, ["reasons", NEOPHYTES])
    assert done.exit_code == 0, done.output
    assert "There are no more." in done.output
    assert all(len(line) <= 80 for line in done.output.splitlines())
    as_json = json.loads(CliRunner().invoke(sharedvalue, ["reasons", NEOPHYTES, "--json"]).output)
    assert as_json == json.loads(json.dumps(reasons_json(reasons(decided(NEOPHYTES)))))
    assert as_json["complete"]
    assert len(as_json["reasons"]) == as_json["count"] == len(reasons(decided(NEOPHYTES)).reasons)
    assert set(said_facts(decided(NEOPHYTES).worlds)) == set(reasons(decided(NEOPHYTES)).facts)


def test_the_command_says_what_counts_as_one() -> None:
    printed = CliRunner().invoke(sharedvalue, ["reasons", WITH_SPONSORS]).output
    assert "Each list counts as one fact, as it is given: needs (3), sponsors (3)." in printed
    assert "the list of sponsors as given" in printed
    as_json = json.loads(CliRunner().invoke(sharedvalue, ["reasons", WITH_SPONSORS, "--json"]).output)
    assert as_json["lists"]["sponsors"]["sponsors[food foundation].weight"] == 0.2
    assert any(reason["facts"].get("needs") == "as given" for reason in as_json["reasons"])
