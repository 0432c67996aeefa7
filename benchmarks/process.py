"""`sharedvalue decide FILE` as a process of its own, and what it imports (`python -m benchmarks.process`)."""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measuring import Times, heading, table

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = ROOT / "scenarios" / "neophytes-and-experts.yaml"
RUNS = 10
REACH = "600 / -"
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")


def main(scenario: Path = SCENARIO) -> None:
    command = [sys.executable, "-m", "sharedvalue", "decide", str(scenario)]
    bare = [sys.executable, "-c", "pass"]
    _run(command)  # the first run writes the compiled files
    decided, started = _times(command), _times(bare)
    heading(
        "As a process",
        f"{RUNS} runs of `sharedvalue decide {scenario.name}` (as `python -m cli.main`, "
        "which the console script calls), compiled files present",
    )
    print(
        table(
            [
                decided.row("sharedvalue decide", REACH),
                started.row("of which Python alone, starting and ending"),
            ]
        )
    )
    print(
        "\nThe five heaviest packages by what they import themselves (-X importtime, one run, slower for being watched):\n"
    )
    print(table(_heaviest(command), ("package", "self ms", "modules")))


def _times(command: list[str]) -> Times:
    times = Times()
    for _ in range(RUNS):
        used, clock = _used(), time.perf_counter()
        _run(command)
        times.clock.append(time.perf_counter() - clock)
        times.processor.append(_used() - used)
    return times


def _used() -> float:
    """The processor time of all processes that were started here and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stderr


def _heaviest(command: list[str], most: int = 5) -> list[list[str]]:
    """Packages (our own by their second name) with the time of their modules, each without what it imports in turn."""
    told = _run([command[0], "-X", "importtime", *command[1:]])
    found: dict[str, list[int]] = {}
    for own, _, _, module in LINE.findall(told):
        parts = module.split(".")
        package = ".".join(parts[: 2 if parts[0] in ("engine", "cli") else 1])
        found.setdefault(package, []).append(int(own))
    ordered = sorted(found.items(), key=lambda item: -sum(item[1]))
    return [[package, f"{sum(own) / 1000:.1f}", str(len(own))] for package, own in ordered[:most]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="`sharedvalue decide FILE` as a process of its own.")
    parser.add_argument("scenario", type=Path, nargs="?", default=SCENARIO)
    main(parser.parse_args().scenario.resolve())
