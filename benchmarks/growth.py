"""How long a proof takes as facts are left out, and as rules are added (`python -m benchmarks.growth`)."""

from __future__ import annotations

import random

from benchmarks.cases import random_facts, scenario_of
from benchmarks.measuring import Times, heading, table
from benchmarks.unknowns import STAYS
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import GroundBranch, Grounded, Stratum
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.readings.prove import Program
from sharedvalue.engine.worlds import form
from tests.conformance.random_tables import ground_rule
from tests.conformance.random_tables import table as grounded_table

SEED, CASES, MOST_OPEN, FACTS, LEVELS, OPEN = 20261124, 60, 12, 40, 8, 8
SIZES = (150, 200, 500, 1000)
OUTCOMES = 6


def generated(rules: int, rng: random.Random) -> Grounded:
    """A table of rules on several levels: each joins two or three comparisons of facts and conclusions below it."""
    inputs = tuple(f"fact{i}" for i in range(FACTS))
    strata: list[Stratum] = []
    below: list[str] = []
    number = 0
    for level in range(LEVELS):
        made = []
        for _ in range(rules // LEVELS if level else rules - rules // LEVELS * (LEVELS - 1)):
            tests: list[f.Condition] = [
                f.Test(rng.choice(inputs), rng.choice(("<", ">=")), rng.randrange(5, 96)) for _ in range(2)
            ]
            if below:
                tests.append(f.Test(rng.choice(below), "==", rng.choice((0, 1))))
            when = f.And(tuple(tests)) if rng.random() < 0.5 else f.Or(tuple(tests))
            made.append(ground_rule(f"R{number}", when, (f"c{number}",)))
            number += 1
        strata.append(Stratum((), tuple(made)))
        below += strata[-1].conclusions
    last = rng.sample(strata[-1].conclusions, OUTCOMES - 1)
    sure = ground_rule("sure", f.Truth(True), ("always",))
    branches = tuple(GroundBranch("", "", at, at, name) for at, name in enumerate([*last, "always"]))
    return grounded_table((*strata, Stratum((), (sure,)), Stratum((), (), True)), branches, inputs)


def by_rules() -> list[list[str]]:
    rows = []
    for size in SIZES:
        rng, times, undecided = random.Random(SEED), Times(), 0
        for _ in range(CASES):
            program = Program.from_grounded(generated(size, rng))
            names = program.grounded.inputs
            free = set(rng.sample(names, OPEN))
            domains = {
                n: Domain.span(0, 100, 1) if n in free else Domain.known(rng.randrange(101)) for n in names
            }
            undecided += not times.run(program.possible, domains).complete
        rows.append(times.row(f"{size:,} generated rules, {OPEN} facts open", f"{undecided} not settled"))
    return rows


def by_unknowns() -> list[list[str]]:
    book, rows = load(), []
    for count in range(1, MOST_OPEN + 1):
        rng, times, undecided = random.Random(SEED), Times(), 0
        for facts in random_facts(CASES, SEED):
            optional = [name for name in facts if name not in STAYS and not book.facts[name].required]
            gone = set(rng.sample(optional, min(count, len(optional))))
            worlds = form(book, scenario_of({n: v for n, v in facts.items() if n not in gone}, book))
            program = Program.from_grounded(worlds.grounded)
            program.possible(worlds.domains)
            undecided += not times.run(program.possible, worlds.domains).complete
        rows.append(times.row(f"our rule book, {count} facts left out", f"{undecided} not settled"))
    return rows


def main() -> None:
    heading(
        "Proof time as facts are left out and rules are added",
        f"possible outcomes and pivotal facts; {CASES} random cases a row (seed {SEED}), warm",
        f"generated rules: {LEVELS} levels over {FACTS} facts of 0 to 100, two or three comparisons each",
    )
    head = ("ms", "p50", "p95", "CPU p50", "CPU p95", "within the budget")
    print(table([*by_unknowns(), *by_rules()], head))


if __name__ == "__main__":
    main()
