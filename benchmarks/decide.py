"""One decision with its whole trace, warm: fired, decided, and with its explanation graph.

    python -m benchmarks.decide [--worlds N]
"""

from __future__ import annotations

import argparse

from benchmarks.cases import one_world, random_facts, scenario_of
from benchmarks.measuring import Times, heading, table
from engine.decision import decide
from engine.graph import explanation
from engine.language.rulebook import load
from engine.readings.fire import Program
from engine.worlds import form

SEED, WORLDS, REPEATS = 20261124, 2000, 3
ONE, GRAPH = "1.5 / 3", "- / 6"


class Steps:
    """The times of one kind of case, step by step."""

    def __init__(self) -> None:
        self.cases = 0
        self.fired, self.formed, self.decided, self.drawn = Times(), Times(), Times(), Times()

    def rows(self, of: str) -> list[list[str]]:
        both = self.formed + self.decided
        return [
            self.fired.row(f"{of}: fire alone, every firing kept", ONE),
            self.formed.row(f"{of}: evidence read and worlds formed"),
            self.decided.row(f"{of}: decided over all worlds, of these"),
            both.row(f"{of}: formed and decided", ONE),
            (both + self.drawn).row(f"{of}: formed, decided, explanation graph built", GRAPH),
        ]


def main(count: int = WORLDS) -> None:
    book = load()
    first = Times()
    kinds = {"all cases": Steps(), "one outcome": Steps(), "several outcomes": Steps()}
    shapes, rules = set(), []
    for facts in random_facts(count, SEED):
        scenario = scenario_of(facts, book)
        first.run(lambda scenario=scenario: decide(form(book, scenario)))  # type: ignore[misc]  # a default binds now
        worlds = form(book, scenario)
        decision, world, program = decide(worlds), one_world(worlds), Program.from_grounded(worlds.grounded)
        explanation(decision)
        shapes.add(id(worlds.grounded))
        rules.append(len(worlds.grounded.rules))
        alone = "one outcome" if len(decision.possible) == 1 else "several outcomes"
        steps = [kinds["all cases"], kinds[alone]]
        for kind in steps:
            kind.cases += 1
        for _ in range(REPEATS):
            times = [Times() for _ in range(4)]
            times[0].run(lambda program=program, world=world: program.read(world))  # type: ignore[misc]
            times[1].run(lambda scenario=scenario: form(book, scenario))  # type: ignore[misc]
            # Decisions keep what they worked out; a new one is drawn each time, as for a user.
            decision = _timed_decision(worlds, times[2])
            times[3].run(lambda decision=decision: explanation(decision))  # type: ignore[misc]
            for kind in steps:
                for total, one in zip((kind.fired, kind.formed, kind.decided, kind.drawn), times, strict=True):
                    total.add(one.clock[0], one.processor[0])
    heading(
        "One decision, warm",
        f"{count} random cases (seed {SEED}), {REPEATS} runs each; {min(rules)} to {max(rules)} grounded rules a case: all of the book",
        f"warm: the same rules were read before (the cases have {len(shapes)} or more different sets of lists)",
        f"several outcomes remain possible in {kinds['several outcomes'].cases} cases (a stance only inferred, measures left out)",
    )
    rows = [row for of, kind in kinds.items() if kind.cases for row in kind.rows(of)]
    print(table([*rows, first.row("all cases: formed and decided, first sight, often new lists")]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One decision with its whole trace, warm.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many random cases")
    main(parser.parse_args().worlds)
