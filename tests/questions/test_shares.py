"""How much of what is open leads to which outcome: counted as by going through every world, or a sample near it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.evidence.proportions import wilson
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.shares import SURE, shares, shares_json
from sharedvalue.engine.readings.prove import Program
from sharedvalue.engine.worlds import form

BOOK = load()
KNOWN = {
    "has_sponsor": "true", "member_value_now": "65", "member_value_outlook": "60", "sponsor_value_now": "30",
    "sponsor_value_outlook": "30", "overlap_short": "15", "overlap_long": "15", "contribution": "50",
    "openness_to_realign": "20", "sponsor_engaged": "in_dialogue", "sponsor_stance": "negotiable", "needs_shift": "45",
    "contribution_to_shifted": "55", "strategic_potential": "60", "core_group_size": "6", "shift_cause": "field_changed",
    "shift_durable": "true", "sponsor_need_moved": "false", "sponsors_conflict": "false", "support_at_risk": "false",
}  # fmt: skip


def decided(**changed: str) -> Decision:
    facts = "\n".join(f"  {name}: {value}" for name, value in {**KNOWN, **changed}.items())
    return decide(
        form(BOOK, read_scenario(parse(f"scenario: 1\nfacts:\n{facts}\n  segments: []\n", "x"), BOOK, "x"))
    )


def by_hand(decision: Decision, names: tuple[str, ...]) -> Counter[str]:
    """The worlds of some values, one by one; all others take one value that they may have."""
    worlds = decision.worlds
    prover = Program.from_grounded(worlds.grounded)
    base = {name: domain.lo for name, domain in worlds.domains.items()} | dict(decision.possible[0].example)
    found: Counter[str] = Counter()
    for values in product(*(worlds.domains[name].points for name in names)):
        world = {**base, **dict(zip(names, values, strict=True))}
        if prover.exists(world):
            found[BOOK.outcome_names[prover.evaluate(world)["outcome"]]] += 1
    return found


OPEN = [
    {"overlap_short": "{between: [22, 28]}", "sponsor_value_now": "{between: [37, 43]}"},
    {"contribution": "{between: [47, 53]}", "sponsor_stance": "unknown", "openness_to_realign": "{between: [48, 52]}"},
    {"sponsor_need_moved": "unknown", "shift_durable": "unknown", "strategic_potential": "{one_of: [20, 50, 80]}"},
    {"overlap_short": "{between: [22, 28]}", "overlap_long": "{between: [47, 53]}"},
]  # fmt: skip


@pytest.mark.parametrize("changed", OPEN)
def test_counts_every_world(changed: dict[str, str]) -> None:
    decision = decided(**changed)
    found = shares(decision)
    assert found.counted
    assert found.seed is None
    expected = by_hand(decision, found.facts)
    assert {one.outcome: one.worlds for one in found.shares} == dict(expected)
    assert found.worlds == sum(expected.values())
    total = by_hand(decision, tuple(changed))
    for one in found.shares:  # what is not counted has no part: the shares are those over all that is open
        assert one.share == pytest.approx(total[one.outcome] / sum(total.values()))


def test_a_sample_says_so_and_holds_the_true_share(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decided(**OPEN[0])
    counted = {one.outcome: one.share for one in shares(decision).shares}
    monkeypatch.setattr("sharedvalue.engine.questions.shares.count_worlds", lambda residual: None)
    found = shares(decision, budget_seconds=60)
    assert not found.counted
    assert found.seed == 1
    assert found.worlds == 1000
    for one in found.shares:
        assert (
            one.low - 0.01 <= counted[one.outcome] <= one.high + 0.01
        )  # of 95 %: one in twenty misses, by little
    assert found == shares(decision, budget_seconds=60), "the same seed gives the same sample"
    assert shares_json(found)["basis"] == "sample"


def test_the_interval_holds_the_share_about_nineteen_times_in_twenty() -> None:
    rng = random.Random(7)
    held = 0
    for _ in range(400):
        low, high = wilson(sum(rng.random() < 0.1 for _ in range(200)), 200, 0, SURE)
        held += low <= 10 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_a_certain_case_has_one_share() -> None:
    found = shares(decided())
    assert [one.share for one in found.shares] == [1.0]
