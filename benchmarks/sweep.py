"""How fast the reading `sweep` is, beside NumPy, DuckDB and plain Python on the same rule book, and the memory's own speed.

    python benchmarks/sweep.py             1, 10 and 100 million worlds
    python benchmarks/sweep.py --billion   and 1,000 million
    python benchmarks/sweep.py --quick     1 million only

Every reader gives outcome, deciding place and modes for each world. Before they are timed, all must agree with `prove`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import polars as pl

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions import sweep as question
from sharedvalue.engine.readings.prove import evaluate
from sharedvalue.engine.readings.sweep import (
    NOTHING,
    Axis,
    Draw,
    Grid,
    Program,
    Reading,
    Sample,
    on_all_cores,
)
from sharedvalue.engine.readings.sweep.circuit import (
    TRUE,
    All,
    AtLeast,
    Cases,
    Column,
    Equals,
    Flag,
    Times,
    Total,
)
from sharedvalue.engine.readings.sweep.circuit import Any as Either
from sharedvalue.engine.worlds import Worlds, form

VARIED = (
    "member_value_now",
    "member_value_outlook",
    "sponsor_value_now",
    "sponsor_value_outlook",
    "overlap_short",
    "overlap_long",
    "contribution",
    "strategic_potential",
)
CHOICES = ("shift_durable", "sponsor_stance")
FACTS: dict[str, object] = {
    "has_sponsor": True, "sponsors": [], "segments": [], "needs": [], "members_total": 2000, "meeting_mode": "online",
    "shift_shared": True, "needs_shift": 60, "shift_cause": "field_changed", "openness_to_realign": 60,
    "contribution_to_shifted": 60, "contribution_if_restricted": 60, "core_group_size": 6,
    "sponsor_engaged": "in_dialogue", "stance_source": "sponsor_said", "potential_judged_with_sponsor": True,
    "sponsors_conflict": False, "expertise_required": "any", "sponsor_need_kind": "other", "failed_repairs": 0,
    "support_at_risk": False, "sponsor_need_moved": False,
}  # fmt: skip
MILLION = 1_000_000


def timed(run: Callable[[], object], repeats: int = 3) -> float:
    """The best of some runs, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return best


def memory() -> float:
    """The most memory that this process has held, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of a process that was started by a larger one is that of the larger one
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def worlds_of() -> Worlds:
    book = load()
    facts: dict[str, object] = {
        **FACTS,
        **dict.fromkeys(VARIED, 50),
        "shift_durable": True,
        "sponsor_stance": "fixed",
    }
    return form(
        book,
        read_scenario(parse(json.dumps({"scenario": 1, "facts": facts}), "benchmark"), book, "benchmark"),
    )


def domains_of(worlds: Worlds) -> dict[str, Domain]:
    varied = {name: Domain.span(0, 1000, 10) for name in VARIED} | {
        name: Domain.span(0, 1) for name in CHOICES
    }
    return {**worlds.domains, **varied}


def drawn(reading: Reading, domains: Mapping[str, Domain], size: int) -> pl.DataFrame:
    draws = [Draw(name, domains[name].size) for name in reading.inputs]
    return pl.concat([block.frame for block in Sample(draws, size, seed=1).blocks()]).rechunk()


# --- the peers: the same circuit, so that all do the same work ---------------------------------------------------
def as_text(reading: Reading, style: str) -> tuple[list[tuple[str, str]], str, str, str]:
    """The circuit as source: named steps in order, then the deciding place, the outcome, and the modes as bits."""
    circuit, steps, names = reading.folded.circuit, list[tuple[str, str]](), dict[int, str]()
    no, both, either, equal = {
        "sql": ("NOT ", " AND ", " OR ", "="),
        "numpy": ("~", " & ", " | ", "=="),
        "python": ("not ", " and ", " or ", "=="),
    }[style]

    def literal(number: int) -> str:
        if abs(number) == TRUE:
            return (
                ("TRUE" if style == "sql" else "True")
                if number == TRUE
                else ("FALSE" if style == "sql" else "False")
            )
        return step(number) if number > 0 else f"({no}{step(-number)})"

    def arithmetic(number: object) -> str:
        wide = {"sql": "{}::SMALLINT", "numpy": "{}.astype(np.int16)", "python": "{}"}[style]
        match number:
            case Column(_, _, name):
                return name
            case Total(_, _, parts, constant):
                return " + ".join([*(wide.format(arithmetic(part)) for part in parts), str(constant)])
            case Times(_, _, (part,), factor):
                return f"({wide.format(arithmetic(part))} * {factor})"
        raise TypeError(f"the benchmark's peers know no {type(number).__name__}")

    def step(number: int) -> str:
        if number not in names:
            node = circuit.nodes[number]
            match node:
                case Flag(name):
                    made = name
                case AtLeast(counted, bound):
                    made = f"({arithmetic(counted)} >= {bound})"
                case Equals(counted, value):
                    made = f"({arithmetic(counted)} {equal} {value})"
                case All(parts):
                    made = "(" + both.join(literal(part) for part in parts) + ")"
                case Either(parts):
                    made = "(" + either.join(literal(part) for part in parts) + ")"
                case _:
                    raise TypeError(f"the benchmark's peers know no {type(node).__name__}")
            names[number] = f"s{number}"
            steps.append((names[number], made))
        return names[number]

    def cases(number: object) -> str:
        if not isinstance(number, Cases):
            return str(number)
        found = "-1"
        for condition, value in reversed(number.cases):
            held = literal(condition)
            found = {
                "sql": f"CASE WHEN {held} THEN {value} ELSE {found} END",
                "numpy": f"np.where({held}, np.int8({value}), {found if found != '-1' else 'np.int8(-1)'})",
                "python": f"({value} if {held} else {found})",
            }[style]
        return found

    flags = [reading.folded.flags[name] for name in reading.modes]
    bit = {
        "sql": "CASE WHEN {} THEN {} ELSE 0 END",
        "numpy": "({} * np.uint16({}))",
        "python": "({1} if {0} else 0)",
    }[style]
    plus = " + " if style == "sql" else " | "
    modes = plus.join(bit.format(literal(flag), 1 << place) for place, flag in enumerate(flags)) or "0"
    return steps, cases(reading.place), cases(reading.outcome), modes


def plain_python(reading: Reading) -> Callable[..., tuple[int, int, int]]:
    """A function of one world."""
    steps, place, outcome, modes = as_text(reading, "python")
    lines = "".join(f"    {name} = {made}\n" for name, made in steps)
    space: dict[str, Any] = {}
    exec(
        f"def run({', '.join(reading.inputs)}):\n{lines}    return {outcome}, {place}, {modes}\n", space
    )  # our own text
    run: Callable[..., tuple[int, int, int]] = space["run"]
    return run


def numpy_run(reading: Reading) -> Callable[[Mapping[str, Any]], tuple[Any, Any, Any]]:
    import numpy as np

    steps, place, outcome, modes = as_text(reading, "numpy")
    lines = "".join(f"    {name} = {made}\n" for name, made in steps)
    space: dict[str, Any] = {"np": np}
    exec(
        f"def run({', '.join(reading.inputs)}):\n{lines}    return {outcome}, {place}, {modes}\n", space
    )  # our own text
    return lambda columns: space["run"](**columns)


def duckdb_query(reading: Reading) -> str:
    """Steps become columns of nested queries, as many a level as can stand side by side."""
    steps, place, outcome, modes = as_text(reading, "sql")
    query, waiting, ready = "worlds", list(steps), set(reading.inputs)
    names = {name for name, _ in steps}
    while waiting:
        now = [(name, made) for name, made in waiting if not (names & set(words(made))) - ready]
        query = f"(SELECT *, {', '.join(f'{made} AS {name}' for name, made in now)} FROM {query})"
        ready |= {name for name, _ in now}
        waiting = [one for one in waiting if one not in now]
    return f"SELECT ({outcome})::TINYINT AS outcome, ({place})::TINYINT AS decided_by, ({modes})::USMALLINT AS modes FROM {query}"


def words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in text).split()


# --- the runs ---------------------------------------------------------------------------------------------------
def memory_speed() -> tuple[float, float]:
    """Bytes a second on all cores: of a triad (a = b + 3 c), and of copies into new memory.

    The triad is what the memory can give at best; whoever returns new columns has to ask for new memory as a copy does.
    """
    import numpy as np

    size = 16 * MILLION
    parts = [tuple(np.ones(size, dtype=np.float64) for _ in range(3)) for _ in range(pl.thread_pool_size())]

    def triad(part: tuple[Any, Any, Any]) -> None:
        a, b, c = part
        for start in range(
            0, size, 32_768
        ):  # in pieces that stay in the cache: each number is read or written once
            piece = slice(start, start + 32_768)
            np.multiply(c[piece], 3.0, out=a[piece])
            np.add(a[piece], b[piece], out=a[piece])

    whole = 8 * size * len(parts)
    best = 3 * whole / timed(lambda: list(on_all_cores(triad, parts)), 5)
    return best, 2 * whole / timed(lambda: list(on_all_cores(lambda part: part[0].copy(), parts)), 5)


def agree(reading: Reading, worlds: Worlds, domains: Mapping[str, Domain]) -> None:
    """Every reader against `prove`, on some thousand worlds."""
    import duckdb

    frame = drawn(reading, domains, 3000)
    base = {name: domain.lo for name, domain in worlds.domains.items()}
    expected = []
    for row in frame.rows(named=True):
        values = evaluate(
            worlds.grounded, {**base, **{n: domains[n].values()[int(v)] for n, v in row.items()}}
        )
        mask = sum(1 << bit for bit, name in enumerate(reading.modes) if values[name])
        expected.append((values["outcome"], values["decided_by"], mask))
    assert reading.read(frame).select("outcome", "decided_by", "modes").rows() == expected
    run = plain_python(reading)
    assert [run(*row) for row in frame.select(*reading.inputs).rows()] == expected
    columns = {name: frame[name].to_numpy() for name in reading.inputs}
    assert list(zip(*(part.tolist() for part in numpy_run(reading)(columns)), strict=True)) == expected
    base_of = duckdb.connect()
    base_of.execute("SET threads = 2")
    base_of.register("worlds", columns)
    assert [tuple(row) for row in base_of.execute(duckdb_query(reading)).fetchall()] == expected


def report(name: str, size: int, seconds: float, ours: float | None, limit: float) -> float:
    speed = size / seconds
    ratio = "" if ours is None else f"{ours / speed:8.1f} x"
    print(
        f"{name:34}{size / MILLION:8,.0f} M {seconds:9.3f} s {speed / MILLION:9.1f} M/s "
        f"{100 * speed / limit:7.2f} %  {ratio}",
        flush=True,
    )
    return speed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--billion", action="store_true")
    options.add_argument("--quick", action="store_true")
    options.add_argument(
        "--grid", type=int, help="only a grid of so many million worlds (the others start this)"
    )
    options.add_argument(
        "--limit", type=float, default=float("inf"), help="worlds a second that the memory allows"
    )
    asked = options.parse_args()
    worlds = worlds_of()
    domains = domains_of(worlds)
    program = Program.from_grounded(worlds.grounded)
    if asked.grid:
        grid(program, domains, asked.grid, asked.limit)
        return
    started = time.perf_counter()
    reading = program.of(domains, positions=True)
    assert set(reading.inputs) <= {*VARIED, *CHOICES}, set(reading.inputs) - {*VARIED, *CHOICES}
    reading.read(drawn(reading, domains, 10))
    print(
        f"ready in {1000 * (time.perf_counter() - started):.0f} ms; {len(worlds.grounded.rules)} rules, "
        f"{len(reading.inputs)} facts read, {len(reading.folded.circuit.nodes)} conditions left"
    )
    agree(reading, worlds, domains)
    out = reading.read(drawn(reading, domains, 1000))
    width = (
        sum(1 / 8 if dtype == pl.Boolean else 1 for dtype in reading.schema.values())
        + out.estimated_size() / 1000
    )
    bandwidth, copying = memory_speed()
    limit = bandwidth / width
    print(f"memory: triad {bandwidth / 1e9:.1f} GB/s, copies into new memory {copying / 1e9:.1f} GB/s")
    print(
        f"{width:.3g} bytes a world, in and out: the memory allows {limit / MILLION:,.0f} M worlds/s,",
        end=" ",
    )
    print(f"copies {copying / width / MILLION:,.0f} M worlds/s; {pl.thread_pool_size()} cores\n")
    print(f"{'':34}{'worlds':>10} {'time':>11} {'speed':>13} {'of limit':>9}  {'sweep is faster':>10}")

    frame = drawn(reading, domains, MILLION)
    report("sweep, a frame of random worlds", MILLION, timed(lambda: reading.read(frame), 5), None, limit)
    if not asked.quick:
        frame = drawn(reading, domains, 10 * MILLION)
    seconds = timed(lambda: reading.read(frame), 5)
    ours = report("sweep, a frame of random worlds", frame.height, seconds, None, limit)
    print(f"{'':34}{100 * ours * width / copying:.1f} % of the speed of copies into new memory")
    peers(reading, frame, ours, limit)
    print()
    for millions in [1] if asked.quick else [1, 10, 100] + ([1000] if asked.billion else []):
        subprocess.run([sys.executable, __file__, "--grid", str(millions), "--limit", str(limit)], check=True)
    counted(worlds)


def peers(reading: Reading, frame: pl.DataFrame, ours: float, limit: float) -> None:
    import duckdb

    columns = {name: frame[name].to_numpy() for name in reading.inputs}
    run = numpy_run(reading)
    report("NumPy", frame.height, timed(lambda: run(columns)), ours, limit)
    database = duckdb.connect()
    database.execute("SET threads = 2")
    database.register("incoming", columns)
    database.execute("CREATE TABLE worlds AS SELECT * FROM incoming")
    query = f"CREATE OR REPLACE TABLE answers AS {duckdb_query(reading)}"
    report("DuckDB", frame.height, timed(lambda: database.execute(query)), ours, limit)
    some = frame.head(MILLION // 5).select(*reading.inputs).rows()
    plain = plain_python(reading)
    report(
        "plain Python, a function a world",
        len(some),
        timed(lambda: [plain(*row) for row in some], 2),
        ours,
        limit,
    )


def grid(program: Program, domains: Mapping[str, Domain], millions: int, limit: float) -> None:
    """A grid of so many worlds, made and read block by block: 2 x 2 x 25 x 10 x 10 ..."""
    small = {**domains, **{name: Domain.known(500) for name in VARIED}, VARIED[0]: Domain.span(200, 920, 30)}
    facts = len(str(millions * MILLION // 100)) - 1
    small |= {name: Domain.span(0, 900, 100) for name in VARIED[1 : facts + 1]}
    reading = program.of(small, positions=True)
    made = Grid([Axis(name, small[name].size) for name in (*CHOICES, *VARIED) if not small[name].is_known])
    assert made.size == millions * MILLION
    before = memory()

    def run() -> None:
        tally = NOTHING
        for found in on_all_cores(lambda block: reading.tally_read(reading.read(block.frame)), made.blocks()):
            tally = tally.plus(found)
        assert sum(tally.places.values()) + tally.forbidden == made.size

    report("sweep, a grid, and counted", made.size, timed(run, 1 if millions > 10 else 3), None, limit)
    print(f"{'':34}memory at most {memory():,.0f} MB; {before:,.0f} MB before it began", flush=True)


def counted(worlds: Worlds) -> None:
    """Shares only: values that no rule tells apart are read once."""
    specs = [f"{name}=0..100" for name in VARIED] + list(CHOICES)
    scenario = worlds.scenario
    planned = question.plan(worlds.book, scenario, specs)
    seconds = timed(lambda: question.count(planned))
    print(f"\nshares of all {planned.size:,} worlds of a grid, exact, by classes: {1000 * seconds:.1f} ms")


if __name__ == "__main__":
    main()
