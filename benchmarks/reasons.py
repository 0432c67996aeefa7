"""All minimal reasons and cheapest flips over the shipped scenarios, and both against trying everything.

python -m benchmarks.reasons
"""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path

from benchmarks.measuring import Times, heading, percentile, table
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.questions.flip import _Flipper, flip
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.reasons import _Reasoner, reasons
from sharedvalue.engine.readings.prove import Program
from sharedvalue.engine.worlds import form

SEED, AMONG, CASES = 20261124, 7, 6
REASONS_REACH, FLIPS_REACH = "- / 300", "- / 60"


def decisions(book: RuleBook) -> list[Decision]:
    """The scenarios whose outcome is certain."""
    paths = sorted(Path("scenarios").glob("*.yaml"))
    found = [decide(form(book, load_scenario(str(path), book))) for path in paths]
    return [decision for decision in found if decision.certain]


def reasons_by_trying(decision: Decision, names: tuple[str, ...]) -> set[frozenset[str]]:
    """All minimal sets: every set of facts is tried, with all worlds of the others proven each time."""
    prover, worlds = Program.from_grounded(decision.worlds.grounded), decision.worlds
    loose = _Reasoner(decision, {name: (name,) for name in names}, 60).domains()
    enough: list[frozenset[str]] = []
    for size in range(len(names) + 1):
        for part in map(frozenset, combinations(names, size)):
            held = {name: worlds.domains[name] for name in part}
            found = [p.outcome for p in prover.possible({**loose, **held}).outcomes]
            new = not any(one <= part for one in enough)
            if new and found == [worlds.book.outcome_names.index(decision.outcome)]:
                enough.append(part)
    return set(enough)


def cheapest_by_trying(flipper: _Flipper) -> dict[str, int]:
    """The least cost of each other outcome, of all worlds that improve (or keep) the values that may move."""
    worlds, prover = flipper.worlds, flipper.prover
    names = list(flipper.movable)
    points = [
        [
            v
            for v in flipper.domain(n).points
            if flipper.ends(n, "improve")[0] <= v <= flipper.ends(n, "improve")[1]
        ]
        for n in names
    ]
    best: dict[str, int] = {}
    for values in product(*points):
        world = {**flipper.decision.possible[0].example, **dict(zip(names, values, strict=True))}
        if prover.exists(world):
            outcome = worlds.book.outcome_names[prover.evaluate(world)["outcome"]]
            cost = sum(flipper.cost(n).cost(v) for n, v in zip(names, values, strict=True))
            if outcome != flipper.decision.outcome:
                best[outcome] = min(cost, best.get(outcome, cost))
    return best


def ratio(ours: Times, theirs: Times) -> str:
    """How many times as long the other one took, in the middle case, by the processor."""
    return f"{percentile(theirs.processor, 50) / percentile(ours.processor, 50):.0f} times ours"


def main() -> None:
    book, rng = load(), random.Random(SEED)
    cases = decisions(book)
    all_reasons, all_flips, incomplete = Times(), Times(), 0
    for decision in cases:
        reasons(decision)
        incomplete += not all_reasons.run(reasons, decision).complete
        all_flips.run(flip, decision)
    ours, tried = Times(), Times()
    for decision in rng.sample(cases, CASES):
        known = Moves(decision).names
        among = tuple(sorted(rng.sample(known, min(AMONG, len(known)))))
        found = ours.run(reasons, decision, among)
        expected = tried.run(reasons_by_trying, decision, found.facts)
        if {frozenset(reason) for reason in found.reasons} != expected:
            raise AssertionError(f"{decision.worlds.scenario.title}: the reasons differ")
    ours_flips, tried_flips = Times(), Times()
    closed = [decision for decision in cases if not _Flipper(decision, frozenset(), 60).open]
    for decision in rng.sample(closed, min(CASES, len(closed))):
        movable = [
            n for n, m in _Flipper(decision, frozenset(), 60).movable.items() if m.type.unit == "percent"
        ]
        free = rng.sample(movable, min(2, len(movable)))
        keep = [decision.worlds.scenario.address(n) for n in Moves(decision).names if n not in free]
        flips = ours_flips.run(flip, decision, None, keep)
        flipper = _Flipper(decision, flips.keep, 60)
        least = tried_flips.run(cheapest_by_trying, flipper)
        found_least: dict[str, int] = {}
        for one in flips.flips:
            if one.direction == "improve":
                found_least[one.to] = min(int(one.cost * 10), found_least.get(one.to, 1 << 60))
        if found_least != least:
            raise AssertionError(f"{decision.worlds.scenario.title}: the flips differ: {found_least} {least}")
    heading(
        "All minimal reasons and cheapest flips",
        f"{len(cases)} shipped scenarios whose outcome is certain, warm; {incomplete} not complete within the budget",
        f"against trying everything: {CASES} of them each (seed {SEED}), with the same result; reasons among {AMONG} facts, "
        "flips of two percentages",
    )
    rows = [
        all_reasons.row("all reasons, every scenario", REASONS_REACH),
        all_flips.row("cheapest flips to every outcome", FLIPS_REACH),
        ours.row(f"reasons among {AMONG} facts"),
        tried.row(f"every one of {1 << AMONG} sets tried, each by proof", ratio(ours, tried)),
        ours_flips.row("flips of two percentages"),
        tried_flips.row("every pair of values tried", ratio(ours_flips, tried_flips)),
    ]
    print(table(rows))


if __name__ == "__main__":
    main()
