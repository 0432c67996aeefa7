"""A table of communities decided, by how many of its cells are blank (`python -m benchmarks.portfolio`)."""

from __future__ import annotations

import argparse
import os
import random
import time

from benchmarks.measuring import heading, table
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.portfolio import decide_portfolio
from sharedvalue.engine.questions.portfolio_processes import cores
from sharedvalue.engine.questions.portfolio_rows import portfolio_of
from tests.questions.test_portfolio import CHOICES, POINTS, rows_like_ours

SEED, ROWS = 20261124, 10_000
BLANKS = (0.0, 0.01, 0.05, 0.3)
REACH = {0.0: "2 s", 0.05: "5 s", 0.3: "15 s"}
HEAD = ("communities", "seconds", "CPU seconds", "certain", "hang on open facts", "not all proven", "reach")


def spent() -> float:
    """Seconds of the processor, those of processes that ended included."""
    return sum(os.times()[:4])


def main(count: int = ROWS) -> None:
    book = load()
    heading("A table decided", f"{count:,} random communities of 58 columns (seed {SEED}), each run once")
    told = []
    for blanks, one in ((0.0, False), (0.0, True), *((share, False) for share in BLANKS[1:])):
        rng = random.Random(SEED)
        rows = rows_like_ours(count, rng, blanks)
        if one:
            for row in rows:
                row[rng.choice([*POINTS, *(name for name in CHOICES if name != "has_sponsor")])] = ""
        cells = [tuple(row.values()) for row in rows]
        clock, cpu = time.perf_counter(), spent()
        table_of_ours = portfolio_of(list(rows[0]), cells, "a made-up table", book)
        found = decide_portfolio(table_of_ours, float("inf"), processes=cores())
        times = f"{time.perf_counter() - clock:.1f}", f"{spent() - cpu:.1f}"
        name = (
            "one cell of each blank" if one else f"{blanks:.0%} of the cells blank" if blanks else "no blank"
        )
        sure = sum(row.certain for row in found.decided)
        reach = "" if one else REACH.get(blanks, "")
        open_ = len(found.decided) - sure
        told.append([name, *times, f"{sure:,}", f"{open_:,}", f"{len(found.incomplete):,}", reach])
    print(table(told, HEAD))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=ROWS, help="communities")
    main(parser.parse_args().count)
