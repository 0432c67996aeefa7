"""Reasons: each is enough, none has a fact too many, and together they are all there are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import sharedvalue
from engine.decision import Decision, decide
from engine.language.rulebook import load
from engine.language.scenario import load_scenario
from engine.questions.moves import Moves
from engine.questions.reasons import _Reasoner, hit, reasons, reasons_json
from engine.readings.prove import Program
from engine.worlds import form

BOOK = load()
SCENARIOS = sorted(Path("scenarios").glob("*.yaml"))
NEOPHYTES = "scenarios/neophytes-and-experts.yaml"


def decided(path: str | Path) -> Decision:
    return decide(form(BOOK, load_scenario(str(path), BOOK)))


def is_enough(decision: Decision, among: tuple[str, ...], facts: Iterable[str]) -> bool:
    """Whether the outcome is one only, with all of `among` let loose but these facts."""
    reasoner = _Reasoner(decision, among, 60)
    fixed = {name: decision.worlds.domains[name] for name in facts}
    found = Program.from_grounded(decision.worlds.grounded).possible({**reasoner.domains(), **fixed}, 60)
    assert not found.unsure_outcomes
    return [BOOK.outcome_names[p.outcome] for p in found.outcomes] == [decision.outcome]


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
    ],
)
def test_all_reasons_and_no_others(path: str, among: list[str] | None) -> None:
    decision = decided(path)
    found = reasons(decision, among, 60)
    assert found.complete
    names = found.facts
    enough = {
        frozenset(part)
        for size in range(len(names) + 1)
        for part in combinations(names, size)
        if is_enough(decision, names, part)
    }
    minimal = {one for one in enough if not any(other < one for other in enough)}
    assert {frozenset(reason) for reason in found.reasons} == minimal
    assert set(found.necessary) == set(names).intersection(*minimal)
    assert set(found.irrelevant) == set(names).difference(*minimal)


@pytest.mark.parametrize("path", SCENARIOS[::6], ids=lambda p: p.stem)
def test_each_reason_is_enough_and_has_no_fact_too_many(path: Path) -> None:
    decision = decided(path)
    if not decision.certain:
        return
    found = reasons(decision, budget_seconds=2)
    for reason in found.reasons[:3]:
        assert is_enough(decision, found.facts, reason)
        for name in reason:
            assert not is_enough(decision, found.facts, set(reason) - {name})


def test_an_undecided_case_has_none() -> None:
    decision = decided("scenarios/silent-drift.yaml")
    assert not decision.certain
    assert reasons(decision).reasons == ()


def test_without_time_it_says_incomplete() -> None:
    found = reasons(decided(NEOPHYTES), budget_seconds=0)
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
    assert set(Moves(decided(NEOPHYTES)).names) == set(reasons(decided(NEOPHYTES)).facts)
