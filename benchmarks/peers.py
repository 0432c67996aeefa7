"""Other rule engines on the same rules and worlds, in the same run (`python -m benchmarks.peers`)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Any

from benchmarks.cases import Facts, one_world, random_facts, scenario_of
from benchmarks.measuring import MILLI, Times, heading, percentile, table
from benchmarks.rivals.contract import Driven, MakeMatches
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import form
from tests.conformance import plain

SEED, CASES, WORLDS, SHAPES, REPEATS = 20261126, 2000, 40, 5, 3
RIVALS = ("clips", "zen", "rule_engine", "experta")
World = dict[str, int]
Run = Callable[[Facts, World], Mapping[str, int]]


@dataclass(frozen=True)
class Sample:
    """Some worlds with the same lists, so with the same grounded rules."""

    grounded: Grounded
    cases: tuple[tuple[Facts, World], ...]


@dataclass(frozen=True)
class Reader:
    """One way to decide a world. `make` prepares it for a table; what it gives decides one case."""

    name: str
    gives: str
    make: Callable[[Grounded], Run]


def samples(book: RuleBook, shapes: int, worlds: int) -> list[Sample]:
    """The most frequent tables among random cases, each with some of its worlds."""
    found: dict[int, tuple[Grounded, list[tuple[Facts, World]]]] = {}
    keys: dict[object, int] = {}
    for facts in random_facts(CASES, SEED):
        formed = form(book, scenario_of(facts, book))
        key = (formed.grounded.inputs, tuple(sorted(formed.scenario.counts.items())))
        number = keys.setdefault(
            key, len(keys)
        )  # the engine keeps some tables only, so equal ones may come again
        found.setdefault(number, (formed.grounded, []))[1].append((facts, one_world(formed)))
    ordered = sorted(found.values(), key=lambda item: -len(item[1]))
    return [Sample(grounded, tuple(cases[:worlds])) for grounded, cases in ordered[:shapes]]


def ours() -> list[Reader]:
    def fire(grounded: Grounded) -> Run:
        read = Program.from_grounded(grounded).read
        return lambda facts, world: read(world).values

    def closures(grounded: Grounded) -> Run:
        run = Prover.from_grounded(grounded).evaluate
        return lambda facts, world: run(world)

    def by_hand(grounded: Grounded) -> Run:
        codes = {name: code for code, name in enumerate(grounded.outcomes)}

        def run(facts: Facts, _: World) -> Mapping[str, int]:
            found = plain.decide(facts)
            return {"outcome": codes[found.outcome], "decided_by": found.branch}

        return run

    return [
        Reader("ours: fire (durable-rules)", "every firing, and every way that held", fire),
        Reader("ours: prove.evaluate (closures)", "every value", closures),
        Reader(
            "plain Python (tests/conformance/plain.py), by hand",
            "outcome, place, modes, 30 conclusions",
            by_hand,
        ),
    ]


def rival(name: str, make: MakeMatches, gives: str) -> Reader:
    def prepare(grounded: Grounded) -> Run:
        run = Driven(grounded, make).run
        return lambda facts, world: run(world)

    return Reader(name, gives, prepare)


def rivals() -> tuple[list[Reader], list[str]]:
    """The engines that can be used here, and why the others cannot."""
    found, missing = [], []
    for module in RIVALS:
        wrapper: Any = import_module(f"benchmarks.rivals.{module}")
        try:
            for library in wrapper.IMPORTS:
                import_module(library)
        except ModuleNotFoundError as error:
            missing.append(f"{wrapper.NAME}: skipped, not installed (no module {error.name})")
        except Exception as error:  # noqa: BLE001  # a library that cannot be imported is what we want to tell
            missing.append(f"{wrapper.NAME} {version(wrapper.NAME)}: skipped, cannot be imported on Python "
                           f"{sys.version_info.major}.{sys.version_info.minor} ({type(error).__name__}: {error})")  # fmt: skip
        else:
            release = version(wrapper.NAME)
            found += [
                rival(f"{wrapper.NAME} {release}{kind}", make, gives) for kind, make, gives in wrapper.KINDS
            ]
    return found, missing


def disagreement(runs: Sequence[Run], chosen: Sequence[Sample]) -> str:
    """Where a reader and `fire` first differ: outcome, deciding place, and every conclusion that the reader gives."""
    for sample, run in zip(chosen, runs, strict=True):
        read = Program.from_grounded(sample.grounded).read
        conclusions = [v.name for v in sample.grounded.variables.values() if v.origin == "conclusion"]
        for facts, world in sample.cases:
            got, want = run(facts, world), read(world).values
            for name in ("outcome", "decided_by", *(c for c in conclusions if c in got)):
                if got[name] != want[name]:
                    return f"{name} is {got[name]}, by fire {want[name]}"
    return ""


def timed(runs: Sequence[Run], chosen: Sequence[Sample]) -> Times:
    """The times of deciding each world, after each was decided once."""
    decided = Times()
    for _ in range(REPEATS):
        for sample, run in zip(chosen, runs, strict=True):
            for facts, world in sample.cases:
                decided.run(run, facts, world)
    return decided


def main(worlds: int = WORLDS, shapes: int = SHAPES) -> None:
    book = load()
    chosen = samples(book, shapes, worlds)
    others, notes = rivals()
    found: list[tuple[Reader, Times, Times]] = []
    for reader in (*ours(), *others):
        prepared = Times()
        runs = [prepared.run(reader.make, sample.grounded) for sample in chosen]
        differs = disagreement(runs, chosen)
        if differs:
            notes.append(f"{reader.name}: NOT TIMED, it disagrees: {differs}")
        else:
            found.append((reader, prepared, timed(runs, chosen)))
    counts = [len(s.grounded.rules) for s in chosen]
    ways = [sum(len(r.alternatives) for r in s.grounded.rules) for s in chosen]
    heading(
        "Peers: one complete world",
        f"{sum(len(s.cases) for s in chosen)} worlds of the {len(chosen)} most frequent sets of lists among {CASES} random cases "
        f"(seed {SEED}), {REPEATS} runs each; "
        f"{min(counts)} to {max(counts)} rules ({min(ways)} to {max(ways)} ways to hold) a table",
        "the rules are generated from the grounded table for every engine, and evaluated in it, stratum by stratum "
        f"({max(len(s.grounded.strata) for s in chosen)} calls); measures and the choice are computed in Python between "
        "the strata, for all engines by the same code as in fire, and are in every time",
        "every engine timed gave the same outcome, deciding place and conclusions as fire in all of these worlds",
        *notes,
    )
    base = percentile(found[0][2].processor, 50) if found else 1.0
    rows = []
    for reader, prepared, decided in found:
        ratio = percentile(decided.processor, 50) / base
        preparing = (
            max(prepared.processor) * MILLI
        )  # the first table: ours shares what later ones have in common
        rows.append([*decided.row(reader.name)[:5], f"{ratio:.2f}", f"{preparing:.0f}", reader.gives])
    print(
        table(rows, ("ms", "p50", "p95", "CPU p50", "CPU p95", "times ours", "to prepare a table", "gives"))
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Other rule engines on the same rules and worlds.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many worlds a table")
    parser.add_argument("--shapes", type=int, default=SHAPES, help="how many tables")
    main(parser.parse_args().worlds, parser.parse_args().shapes)
