"""Which lines each test runs, and how long it takes: a plugin of pytest, by which tools.mutation finds the tests of a line.

    python -m pytest -p tools.tests_of_lines --lines-of engine --lines-of web --lines-to lines.sqlite tests/questions

A test that takes longer than LIMIT is left: it would be run for every mutant of every line that it passes.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import coverage
import pytest

LIMIT = (
    2.0  # seconds that one test computes: not those of the clock, which depend on what else the machine does
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lines of each test")
    group.addoption("--lines-of", action="append", default=[], help="a folder whose lines are noted")
    group.addoption("--lines-to", default="lines.sqlite", help="where they are noted")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Noting(config.getoption("lines_of"), Path(config.getoption("lines_to"))))


def _left(_signal: int, _frame: FrameType | None) -> None:
    pytest.skip(f"computes for longer than {LIMIT:g} s")


class _Noting:
    def __init__(self, folders: list[str], into: Path) -> None:
        self.into, self.took = into, dict[str, float]()
        # The folders are reached through links, so a package name would find nothing: coverage wants the real places.
        self.coverage = coverage.Coverage(
            data_file=str(into),
            config_file=False,
            source=None,
            include=[f"{Path(folder).resolve()}/*" for folder in folders],
        )
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])  # tests of data run no line
        signal.signal(signal.SIGPROF, _left)
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.took[item.nodeid] = round(time.process_time() - began, 3)
            self.coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:  # left, skipped or red: it could not notice anything
            self.took[report.nodeid] = float("inf")

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        self.coverage.save()
        took = {name: seconds for name, seconds in self.took.items() if seconds < LIMIT}
        self.into.with_suffix(".json").write_text(json.dumps(took), encoding="utf-8")
