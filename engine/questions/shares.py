"""How much of what is still open leads to which outcome: counted, or else a sample that says so. Never a probability."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.evidence.proportions import wilson
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.readings.prove import OutOfBudget, Program, Steps, count_worlds

SECONDS = 2.0
DRAWN = 1_000  # worlds of a sample
SEED = 1
DRAW = 200  # steps that working out one world counts for: a fifth of a millisecond
TRIES = 20  # draws for each world wanted, as some break what cannot be
SURE = 1.96  # standard errors of a 95 % interval


@dataclass(frozen=True)
class Share:
    """The worlds that lead to an outcome; `low` and `high` are a 95 % interval (both are `share` where all were counted)."""

    outcome: str
    worlds: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Shares:
    """Each outcome's part of the remaining worlds, the largest first: every whole point of what is open counts alike.

    `counted`: all `worlds` were counted; else they are a sample drawn with `seed`. `facts` are the open values that were
    varied. Without worlds nothing is known. A share says how much is still open, not how likely anything is.
    """

    decision: Decision
    facts: tuple[str, ...]
    shares: tuple[Share, ...]
    worlds: int
    counted: bool
    seed: int | None


def shares(
    decision: Decision, budget_seconds: float = SECONDS, drawn: int = DRAWN, seed: int = SEED
) -> Shares:
    """The share of the worlds that are still possible, by outcome. A sample where they are too many to be counted."""
    worlds, budget = decision.worlds, Steps(budget_seconds)
    prover = Program.from_grounded(worlds.grounded)
    names = worlds.book.outcome_names
    try:
        counted = count_worlds(prover.residual(worlds.domains, budget.part(budget_seconds / 2)))
    except OutOfBudget:
        counted = None
    if counted is not None and counted.total:
        found = {names[outcome]: count for outcome, count in counted.worlds.items() if outcome >= 0}
        return _shares(decision, counted.names, found, None)
    deciding = deciding_inputs(worlds.grounded)
    facts = tuple(name for name in worlds.open if name in deciding)
    rng, met = random.Random(seed), dict[str, int]()
    points = {name: domain.points for name, domain in worlds.domains.items()}
    for _ in range(drawn * TRIES):
        if budget.spent or sum(met.values()) >= drawn:
            break
        budget.charge(DRAW)
        world = prover.evaluate({name: some[rng.randrange(len(some))] for name, some in points.items()})
        if prover.table.exists(world) and world["outcome"] >= 0:
            outcome = names[world["outcome"]]
            met[outcome] = met.get(outcome, 0) + 1
    return _shares(decision, facts, met, seed)


def _shares(decision: Decision, facts: tuple[str, ...], found: dict[str, int], seed: int | None) -> Shares:
    total = sum(found.values())
    rows = []
    for outcome, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        low, high = (count / total, count / total) if seed is None else _interval(count, total)
        rows.append(Share(outcome, count, count / total, low, high))
    return Shares(decision, facts, tuple(rows), total, seed is None, seed)


def _interval(count: int, total: int) -> tuple[float, float]:
    low, high = wilson(count, total, 0, SURE)
    return low / 100, high / 100


def shares_json(found: Shares) -> dict[str, object]:
    """The shares as other programs read them: the value of `shares` in sharedvalue/ask/1."""
    address = found.decision.worlds.scenario.address
    return {
        "basis": "counted" if found.counted else "sample",
        "worlds": found.worlds,
        "seed": found.seed,
        "interval": None if found.counted else "95 %",
        "facts": [address(name) for name in found.facts],
        "outcomes": [
            {
                "outcome": s.outcome,
                "worlds": s.worlds,
                "share": round(s.share, 4),
                "low": round(s.low, 4),
                "high": round(s.high, 4),
            }
            for s in found.shares
        ],
    }
