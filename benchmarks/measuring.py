"""What every benchmark shares: the machine in words, times of many runs, and a table of them."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from tabulate import tabulate

P = ParamSpec("P")
R = TypeVar("R")
MILLI = 1000.0


@dataclass
class Times:
    """The runs of one thing, in seconds by the clock, and of the processor alone (which other programs do not slow)."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def run(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """What the function gives; its times are added."""
        cpu, clock = time.process_time(), time.perf_counter()
        result = function(*args, **named)
        self.clock.append(time.perf_counter() - clock)
        self.processor.append(time.process_time() - cpu)
        return result

    def part(self, runs: Sequence[int]) -> Times:
        """Some of the runs."""
        return Times([self.clock[run] for run in runs], [self.processor[run] for run in runs])

    def __add__(self, other: Times) -> Times:
        """The times of two things that were run one after the other, run by run."""
        return Times(
            [a + b for a, b in zip(self.clock, other.clock, strict=True)],
            [a + b for a, b in zip(self.processor, other.processor, strict=True)],
        )

    def row(self, what: str, reach: str = "") -> list[str]:
        """A row under HEAD."""
        parts = [(self.clock, 50), (self.clock, 95), (self.processor, 50), (self.processor, 95)]
        return [what, *(f"{percentile(values, share) * MILLI:.3f}" for values, share in parts), reach]


HEAD = ("ms", "p50", "p95", "CPU p50", "CPU p95", "reach (p50 / p95)")


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many in a hundred do not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def table(rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> str:
    """A table in Markdown, so that it can be pasted as it is; numbers stay as they were written."""
    align = ["left", *["right"] * (len(head) - 2), "left"]
    return tabulate(rows, headers=head, tablefmt="pipe", colalign=align, disable_numparse=True)


def machine() -> str:
    """Processor, cores, system, Python and today's date, in one line."""
    cores, busy = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(), ""
    if hasattr(os, "getloadavg"):
        busy = f", load {os.getloadavg()[0]:.1f} (when above the cores, believe the CPU columns)"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {platform.system()}, {python}, {dt.date.today()}{busy}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = [line.partition(":") for line in info.read_text(encoding="utf-8").splitlines()]
        told = {key.strip(): value.strip() for key, _, value in lines}
        if "model name" in told:
            family = f" (family {told['cpu family']}, model {told['model']})" if "cpu family" in told else ""
            return f"{told['model name']}{family}"
    return platform.processor() or platform.machine()


def heading(title: str, *basis: str) -> None:
    """Prints what is measured, on what, and where."""
    print(f"\n## {title}\n")
    for line in (machine(), *basis):
        print(f"- {line}")
    print()
