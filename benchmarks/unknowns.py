"""Possible outcomes and pivotal facts when ten facts are left out (`python -m benchmarks.unknowns`)."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.cases import Facts, random_facts, scenario_of
from benchmarks.measuring import Times, heading, table
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.readings.prove import Program, Session
from sharedvalue.engine.worlds import Worlds, form

SEED, CASES, LEFT_OUT, REPEATS = 20261125, 1000, 10, 2
REACH = "- / 20"
STAYS = ("sponsors", "decision_log")  # needs name the sponsors; nothing that decides reads the log


@contextmanager
def solver_calls() -> Iterator[list[None]]:
    """One entry for each time that the solver is asked."""
    calls: list[None] = []
    original = Session.check

    def counted(session: Session, names: list[str]) -> bool | None:
        calls.append(None)
        return original(session, names)

    Session.check = counted  # type: ignore[method-assign, assignment]  # put back below
    try:
        yield calls
    finally:
        Session.check = original  # type: ignore[method-assign]


def left_out(facts: Facts, book: RuleBook, rng: random.Random) -> Facts:
    """The case without ten of its facts, at random. A list counts as one; what other facts name or need stays."""
    optional = [name for name in facts if name not in STAYS and not book.facts[name].required]
    gone = set(rng.sample(optional, min(LEFT_OUT, len(optional))))
    return {name: value for name, value in facts.items() if name not in gone}


def main(count: int = CASES) -> None:
    book, rng = load(), random.Random(SEED)
    times, opened, asked, decided = Times(), Counter[int](), Counter[bool](), Counter[bool]()
    by_solver: list[bool] = []
    for facts in random_facts(count, SEED):
        worlds: Worlds = form(book, scenario_of(left_out(facts, book, rng), book))
        opened[len(worlds.open)] += 1
        program = Program.from_grounded(worlds.grounded)
        with solver_calls() as calls:
            found = program.possible(worlds.domains)
        asked[bool(calls)] += 1
        decided[found.complete] += 1
        for _ in range(REPEATS):
            times.run(program.possible, worlds.domains)
            by_solver.append(bool(calls))
    spread = sorted(opened.elements())
    heading(
        f"Possible outcomes and pivotal facts, {LEFT_OUT} facts left out",
        f"{count} random cases (seed {SEED}), {REPEATS} runs each, after one that is not timed",
        "a measure over a left-out list is a value of its own: "
        f"{spread[0]} to {spread[-1]} open values, {spread[len(spread) // 2]} in the middle case",
        f"settled without a solver: {asked[False] / count:.1%}; not settled within the budget: {decided[False]} cases",
    )
    without = [run for run, solver in enumerate(by_solver) if not solver]
    with_solver = [run for run, solver in enumerate(by_solver) if solver]
    rows = [times.row("all cases", REACH)]
    rows += [times.part(without).row("settled without a solver")] if without else []
    rows += [times.part(with_solver).row("with the solver (z3)")] if with_solver else []
    print(table(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=f"Possible outcomes and pivotal facts, {LEFT_OUT} facts left out."
    )
    parser.add_argument("--cases", type=int, default=CASES, help="how many random cases")
    main(parser.parse_args().cases)
