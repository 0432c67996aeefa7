"""A fuzzer that knows the structure: cases and house rules within the vocabulary of the rule book, decided, explained and recorded by processes with
a limit of memory. What breaks is kept in tests/fuzz/corpus, and tried first the next time.

    python -m tools.fuzz --seconds 3600        (or: nox -s fuzz -- --seconds 3600)

Ends with 1 where a case ended in a traceback, took longer than a whole answer may, or more memory than a process may.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tools.fuzz_inputs import case, house

ROOT = Path(__file__).resolve().parents[1]
CORPUS = (
    ROOT / "tests" / "fuzz" / "corpus"
)  # what was found here, until it is mended and has a test of its own
HARD = ROOT / "tests" / "readings" / "hard"
MOST_SECONDS = 15.0  # processor time for one case
MOST_MEMORY = 1_000_000_000
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
    for line in sys.stdin:
        asked, begun = json.loads(line), time.process_time()
        try:
            book = plain_book
            if asked["house"]:
                with tempfile.TemporaryDirectory() as folder:
                    (Path(folder) / "house.yaml").write_text(asked["house"], encoding="utf-8")
                    book = load((folder,))
            made = decided(read_case(asked["case"], "case.yaml", book, ()), book)
            why(made.advice.decision, None)
            if not made.parts["told"]:  # all that is kept of it was worked out
                raise AssertionError("nothing is told")
            said = "cut short" if not made.advice.decision.complete or made.advice.cut_short else "decided"
        except UserError as error:
            said = f"refused {error.problems[0].code}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(
            json.dumps({"said": said, "seconds": time.process_time() - begun, "memory": peak}),
            file=answered,
            flush=True,
        )  # the answer


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
        self.end()
        return {"said": f"ended: {self.process.stderr.read()[-3000:]}", "seconds": 0.0, "memory": 0}

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(120)


def wrong(found: Json) -> str:
    """What is wrong with how a case ended; '' for nothing."""
    if found["said"].startswith("ended"):
        return str(found["said"])
    if found["seconds"] > MOST_SECONDS:
        return f"took {found['seconds']:.1f} s"
    return f"took {found['memory']:,} bytes" if found["memory"] > MOST_MEMORY else ""


def _house_of(case: Path) -> str:
    found = case.with_name("house.yaml")
    return found.read_text("utf-8") if found.is_file() and case.is_relative_to(CORPUS) else ""


def fuzz(seconds: float, seed: int, tell: Callable[[str], object]) -> int:
    from sharedvalue.engine.language.loading import load

    book, rng = load(()), random.Random(seed)
    seeds = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
    known = (*sorted(HARD.glob("*.yaml")), *sorted(CORPUS.glob("*/case.yaml")))
    waiting = [{"case": path.read_text("utf-8"), "house": _house_of(path)} for path in known]
    child, until, told, broken = Child(), time.monotonic() + seconds, dict[str, int](), 0
    slowest, largest = 0.0, 0
    while waiting or time.monotonic() < until:
        asked = waiting.pop() if waiting else None
        if asked is None:
            laid = house(rng, book) if rng.random() < 0.4 else {}
            text = yaml.safe_dump(case(rng, seeds, book), allow_unicode=True, sort_keys=False)
            asked = {"case": text, "house": yaml.safe_dump(laid) if laid else ""}
        found = child.ask(asked)
        slowest, largest = max(slowest, found["seconds"]), max(largest, found["memory"])
        word = found["said"].split(":")[0]
        told[word] = told.get(word, 0) + 1
        if problem := wrong(found):
            broken += 1
            kept = CORPUS / f"{seed}-{sum(told.values())}"
            kept.mkdir(parents=True, exist_ok=True)
            (kept / "case.yaml").write_text(asked["case"], encoding="utf-8")
            (kept / "house.yaml").write_text(asked["house"], encoding="utf-8")
            tell(f"BROKEN  {kept}: {problem}")
        if child.process.poll() is not None:
            child = Child()
    child.end()
    tried = sum(told.values())
    accepted = told.get("decided", 0) + told.get("cut short", 0)
    tell(f"{tried} cases, {accepted} accepted ({100 * accepted // max(1, tried)} %), {broken} broken; "
         f"slowest {slowest:.1f} s of processor time, largest {largest // 1_000_000} MB; {told}")  # fmt: skip
    return 1 if broken else 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve()
    else:
        sys.exit(fuzz(given.seconds, given.seed, lambda text: print(text, flush=True)))  # noqa: T201  # a tool


if __name__ == "__main__":
    main()
