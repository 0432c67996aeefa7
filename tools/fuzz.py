"""A fuzzer that knows the structure: hypothesis makes cases and house rules within the vocabulary of the rule book, and steers towards slow
ones; processes with a limit of time and memory decide, explain and work out all that is recorded of them.

    python -m tools.fuzz --seconds 3600        (or: nox -s fuzz -- --seconds 3600)

What breaks is made as small as it can be, kept in tests/fuzz/corpus, and tried first the next time. Ends with 1 where a case ended in a
traceback, took longer than a whole answer may, or more memory than a process may.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis.errors import Flaky

from sharedvalue.engine.language.rulebook import RuleBook
from tools.fuzz_inputs import cases, houses, one_in

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "fuzz" / "corpus"  # what was found, until it is mended and has a test of its own
HARD = ROOT / "tests" / "readings" / "hard"
MOST_SECONDS = 15.0  # processor time for one case
NO_END = 60  # seconds of processor time after which a case is stopped
MOST_MEMORY = 1_000_000_000
STEERED = settings(
    max_examples=100, deadline=None, database=None, report_multiple_bugs=False, print_blob=False,
    phases=(Phase.generate, Phase.target, Phase.shrink), suppress_health_check=list(HealthCheck),
)  # fmt: skip
Json = Any


# --- trying, in a process of its own ----------------------------------------------------------------------------------
def serve() -> None:
    """Reads cases, a line of JSON each, and says of each how it ended."""
    import resource
    import tempfile

    from sharedvalue.engine.errors import UserError
    from sharedvalue.engine.governance.case import decided, read_case
    from sharedvalue.engine.language.loading import load
    from sharedvalue.engine.questions.why import why

    plain_book = load(())
    answered = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, whatever it is at
    for line in sys.stdin:
        asked, begun, laid = json.loads(line), time.process_time(), False
        signal.setitimer(signal.ITIMER_PROF, NO_END)
        try:
            book = plain_book
            if asked["house"]:
                with tempfile.TemporaryDirectory() as folder:
                    (Path(folder) / "house.yaml").write_text(asked["house"], encoding="utf-8")
                    book, laid = load((folder,)), True
            made = decided(read_case(asked["case"], "case.yaml", book, ()), book)
            why(made.advice.decision, None)
            if not made.parts["told"]:  # all that is kept of it was worked out
                raise AssertionError("nothing is told")
            said = "cut short" if not made.advice.decision.complete or made.advice.cut_short else "decided"
        except UserError as error:
            said = f"refused {error.problems[0].code}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        found = {"said": said, "laid": laid, "seconds": time.process_time() - begun, "memory": peak}
        print(json.dumps(found), file=answered, flush=True)  # the answer


class Child:
    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.fuzz", "--serve"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, asked: Json) -> Json:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        ended = self.process.stderr.read()[-3000:]
        self.process.wait()
        if self.process.returncode == -signal.SIGPROF:
            ended = f"stopped after {NO_END} s of processor time"
        return {
            "said": f"ended {self.process.returncode}: {ended}",
            "laid": False,
            "seconds": 0.0,
            "memory": 0,
        }

    def end(self) -> None:
        self.process.kill()  # it has answered, and waits
        self.process.wait()


class Broken(AssertionError):
    """A case that did not end as it must."""


def wrong(found: Json) -> str:
    """What is wrong with how a case ended; '' for nothing."""
    if found["said"].startswith("ended"):
        return str(found["said"])
    if found["seconds"] > MOST_SECONDS:
        return f"took {found['seconds']:.1f} s"
    return f"took {found['memory']:,} bytes" if found["memory"] > MOST_MEMORY else ""


# --- what to try ------------------------------------------------------------------------------------------------------
@dataclass
class Run:
    """How the cases of a run ended, and what they took."""

    tell: Callable[[str], object]
    child: Child = field(default_factory=Child)
    told: Counter[str] = field(default_factory=Counter)
    houses: int = 0
    laid: int = 0
    broken: int = 0
    slowest: float = 0.0
    largest: int = 0
    processor: float = 0.0

    def attempt(self, asked: Json, kept: Path) -> float:
        """Seconds of processor time that a case took.

        Raises:
            Broken: where it did not end as it must; it is kept there, in place of a larger one.
        """
        found = self.child.ask(asked)
        self.told[found["said"].split(":")[0]] += 1
        self.houses += bool(asked["house"])
        self.laid += found["laid"]
        self.slowest, self.largest = max(self.slowest, found["seconds"]), max(self.largest, found["memory"])
        self.processor += found["seconds"]
        problem = wrong(found)
        if problem:
            kept.mkdir(parents=True, exist_ok=True)
            (kept / "case.yaml").write_text(asked["case"], encoding="utf-8")
            (kept / "house.yaml").write_text(asked["house"], encoding="utf-8")
            if self.child.process.poll() is None:
                self.child.end()
            self.child = Child()
            raise Broken(problem)
        return float(found["seconds"])

    def tried(self, work: Callable[[], object], kept: Path) -> None:
        try:
            work()
        except (Broken, Flaky) as error:  # flaky: too slow once, and not when it was made smaller
            self.broken += 1
            self.tell(f"BROKEN  {kept}: {error}")

    def a_round(self, number: int, until: float, seeds: Sequence[Json], book: RuleBook) -> None:
        """A hundred cases; once the time is over nothing more of them is tried."""
        kept = CORPUS / f"seed-{number}"

        @seed(number)
        @STEERED
        @given(cases(seeds, book), one_in(3), houses(book))
        def attempt(case: Json, under_a_house: bool, house: Json) -> None:
            if time.monotonic() < until:
                text = yaml.safe_dump(case, allow_unicode=True, sort_keys=False)
                laid = yaml.safe_dump(house, sort_keys=False) if under_a_house and house else ""
                target(self.attempt({"case": text, "house": laid}, kept), label="seconds")

        self.tried(attempt, kept)

    def summary(self) -> str:
        count = self.told.total()
        accepted = self.told["decided"] + self.told["cut short"]
        return (
            f"{count} cases, {accepted} accepted ({100 * accepted // max(1, count)} %); {self.houses} of them under houses, {self.laid} houses "
            f"accepted; {self.broken} broken; slowest {self.slowest:.1f} s, all {self.processor:.0f} s of processor time, "
            f"largest {self.largest // 1_000_000} MB; {dict(self.told)}"
        )


def fuzz(seconds: float, first: int, tell: Callable[[str], object]) -> int:
    from sharedvalue.engine.language.loading import load

    book, run, until = load(()), Run(tell), time.monotonic() + seconds
    ours = [*sorted((ROOT / "scenarios").glob("*.yaml")), *sorted(HARD.glob("*.yaml"))]
    seeds = [yaml.safe_load(path.read_text("utf-8")) for path in ours]
    for path in (*sorted(HARD.glob("*.yaml")), *sorted(CORPUS.glob("*/case.yaml"))):
        beside = path.with_name("house.yaml")
        asked = {
            "case": path.read_text("utf-8"),
            "house": beside.read_text("utf-8") if beside.is_file() else "",
        }
        run.tried(partial(run.attempt, asked, CORPUS / path.parent.name), path)
    while time.monotonic() < until:
        run.a_round(first, until, seeds, book)
        first += 1
    run.child.end()
    tell(run.summary())
    return 1 if run.broken else 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument(
        "--seed", type=int, default=0, help="of the first hundred cases; the next hundred take the next"
    )
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given_options = options.parse_args()
    if given_options.serve:
        serve()
    else:
        sys.exit(fuzz(given_options.seconds, given_options.seed, lambda text: print(text, flush=True)))  # noqa: T201  # a tool


if __name__ == "__main__":
    main()
