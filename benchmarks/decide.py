"""One decision with its whole trace, warm: fired, decided, and with its explanation graph (`python -m benchmarks.decide`)."""

from __future__ import annotations

import argparse
import gc
from dataclasses import dataclass, field

from benchmarks.cases import one_world, random_facts, scenario_of
from benchmarks.measuring import Times, heading, table
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.graph import explanation
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.worlds import form

SEED, WORLDS, REPEATS = 20261124, 2000, 3
FREEZE_EVERY = 50  # cases: what they leave behind is then hidden from the garbage collector
ONE, GRAPH = "1.5 / 3", "- / 6"


@dataclass
class Steps:
    """The times of each step, run by run."""

    first: Times = field(default_factory=Times)
    fired: Times = field(default_factory=Times)
    formed: Times = field(default_factory=Times)
    decided: Times = field(default_factory=Times)
    drawn: Times = field(default_factory=Times)

    def rows(self, runs: list[int], of: str) -> list[list[str]]:
        fired, formed, decided, drawn = (
            t.part(runs) for t in (self.fired, self.formed, self.decided, self.drawn)
        )
        return [
            fired.row(f"{of}: one world fired, every firing kept", ONE),
            formed.row(f"{of}: evidence read, worlds formed"),
            decided.row(f"{of}: decided over all worlds"),
            (formed + decided).row(f"{of}: formed and decided", ONE),
            (formed + decided + drawn).row(f"{of}: formed, decided, explanation graph built", GRAPH),
        ]


def main(count: int = WORLDS) -> None:
    book, steps = load(), Steps()
    alone: list[bool] = []
    rules: list[int] = []
    lists: set[object] = set()
    for number, facts in enumerate(random_facts(count, SEED)):
        if number % FREEZE_EVERY == 0:
            gc.collect()
            gc.freeze()
        scenario = scenario_of(facts, book)
        decision = steps.first.run(_decision, book, scenario)
        explanation(decision)
        grounded = decision.worlds.grounded
        world, program = one_world(decision.worlds), Program.from_grounded(grounded)
        lists.add((tuple(scenario.counts.items()), grounded.inputs))
        rules.append(len(grounded.rules))
        for _ in range(REPEATS):
            steps.fired.run(program.read, world)
            worlds = steps.formed.run(form, book, scenario)
            steps.drawn.run(explanation, steps.decided.run(decide, worlds))
            alone.append(len(decision.possible) == 1)
    several = [run for run, one in enumerate(alone) if not one]
    heading(
        "One decision, warm",
        f"{count} random cases (seed {SEED}), {REPEATS} runs each; "
        f"{min(rules)} to {max(rules)} grounded rules a case: the whole book",
        "warm: rule book loaded, and a case with these lists decided before; "
        f"the cases have {len(lists)} different sets of lists",
        "garbage collection on, over what a few cases leave (gc.freeze), as where one case is asked about",
        f"several outcomes remain possible in {len(several) // REPEATS} cases (a stance only inferred, measures left out)",
    )
    rows = steps.rows(list(range(len(alone))), "all cases")
    rows += steps.rows([run for run, one in enumerate(alone) if one], "one outcome possible")
    rows += steps.rows(several, "several possible") if several else []
    print(table([*rows, steps.first.row("not warm: formed and decided, the first time that a case is seen")]))


def _decision(book: RuleBook, scenario: Scenario) -> Decision:
    return decide(form(book, scenario))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One decision with its whole trace, warm.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many random cases")
    main(parser.parse_args().worlds)
