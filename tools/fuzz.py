"""A fuzzer that knows the structure: cases within the vocabulary of the rule book, decided, explained and recorded by processes with
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

ROOT = Path(__file__).resolve().parents[1]
CORPUS = (
    ROOT / "tests" / "fuzz" / "corpus"
)  # what was found here, until it is mended and has a test of its own
HARD = ROOT / "tests" / "readings" / "hard"
MOST_SECONDS = 15.0  # processor time for one case
MOST_MEMORY = 1_000_000_000
Json = Any


# --- making ---------------------------------------------------------------------------------------------------------
def number(rng: random.Random, kind: Any) -> float | int:
    if kind.values:
        return plain(rng.choice(kind.values), kind.scale)
    lo, hi = kind.lo, min(kind.hi, 1_000 * kind.scale)
    edge = rng.choice((lo, hi, (lo + hi) // 2, rng.randint(lo, hi)))
    return plain(edge - edge % kind.scale if rng.random() < 0.7 else edge, kind.scale)


def plain(value: int, scale: int) -> float | int:
    return value // scale if value % scale == 0 else value / scale


def one_value(rng: random.Random, kind: Any) -> Json:
    from sharedvalue.engine.language.types import ChoiceType, NumberType

    if isinstance(kind, NumberType):
        return number(rng, kind)
    return rng.choice(kind.options) if isinstance(kind, ChoiceType) else rng.random() < 0.5


def value(rng: random.Random, kind: Any) -> Json:
    """A value as it may be stated: known, a range, some of several, with a confidence, or unknown."""
    from sharedvalue.engine.language.types import NumberType

    how = rng.random()
    if how < 0.6:
        return one_value(rng, kind)
    if how < 0.75 and isinstance(kind, NumberType):
        return {"between": sorted((number(rng, kind), number(rng, kind)))}
    if how < 0.85:
        said = []
        for _ in range(rng.randint(1, 4)):
            one = one_value(rng, kind)
            if one not in said:
                said.append(one)
        return {"one_of": said}
    if how < 0.95:
        return {"value": one_value(rng, kind), "confidence": rng.choice(("low", "medium", "high"))}
    return "unknown"


def records(rng: random.Random, kind: Any, names: dict[str, list[str]], own: str) -> list[Json]:
    from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, YesNo

    keys = [f"{own[:1]}{n}" for n in range(rng.choice((0, 1, 2, 2, 3, 3, 4, 8, 12)))]
    names[own] = keys
    found = []
    for key in keys:
        row: Json = {}
        for spec in kind.fields:
            if spec.name == kind.key:
                row[spec.name] = key
            elif isinstance(spec.type, MapType):
                row[spec.name] = {other: value(rng, spec.type.of) for other in names.get(spec.type.list, ())}
            elif isinstance(spec.type, ChoiceType | NumberType | YesNo) and rng.random() < 0.9:
                row[spec.name] = value(rng, spec.type)
        found.append(row)
    return found


def case(rng: random.Random, seeds: list[Json], book: Any) -> Json:
    """A scenario: one of ours with some facts stated otherwise, or one made from the vocabulary alone."""
    from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType, YesNo

    tree = json.loads(json.dumps(rng.choice(seeds), default=str))
    tree.pop("expect", None)
    facts = (
        tree.setdefault("facts", {}) if rng.random() < 0.8 else tree.update({"facts": {}}) or tree["facts"]
    )
    names: dict[str, list[str]] = {}
    lists = [
        f
        for f in book.facts.values()
        if isinstance(f.type, RecordsType) and f.name in ("sponsors", "needs", "segments")
    ]
    lists.sort(key=lambda f: any(isinstance(s.type, MapType) for s in f.type.fields))
    if rng.random() < 0.4:
        for fact in lists:
            facts[fact.name] = records(rng, fact.type, names, fact.name)
    simple = [f for f in book.facts.values() if isinstance(f.type, ChoiceType | NumberType | YesNo)]
    for fact in rng.sample(simple, rng.randint(1, len(simple) // 2)):
        if fact.name in facts and rng.random() < 0.3 and not fact.required:
            del facts[fact.name]
        elif fact.name != "has_sponsor":
            facts[fact.name] = value(rng, fact.type)
    facts.setdefault("has_sponsor", True)
    return tree


def house(rng: random.Random, book: Any) -> Json:
    """House rules that change some thresholds, near what they are."""
    changed = {}
    for name in rng.sample(sorted(book.thresholds), rng.randint(0, 3)):
        threshold = book.thresholds[name]
        try:
            changed[name] = {"value": max(0, int(str(threshold)) + rng.randint(-10, 10)), "because": "tried"}
        except ValueError:
            continue
    return {"thresholds": changed} if changed else {}


# --- trying, in a process of its own ----------------------------------------------------------------------------------
def serve() -> None:
    """Reads cases, a line of JSON each, and says of each how it ended."""
    import resource
    import tempfile

    from sharedvalue.engine.errors import UserError
    from sharedvalue.engine.governance.case import decided, read_case
    from sharedvalue.engine.language.rulebook import load
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


def fuzz(seconds: float, seed: int, tell: Callable[[str], object]) -> int:
    from sharedvalue.engine.language.rulebook import load

    book, rng = load(()), random.Random(seed)
    seeds = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
    known = (*sorted(HARD.glob("*.yaml")), *sorted(CORPUS.glob("*.yaml")))
    waiting = [{"case": path.read_text("utf-8"), "house": ""} for path in known]
    child, until, told, broken = Child(), time.monotonic() + seconds, dict[str, int](), 0
    slowest, largest = 0.0, 0
    while waiting or time.monotonic() < until:
        asked = waiting.pop() if waiting else None
        if asked is None:
            laid = house(rng, book) if rng.random() < 0.3 else {}
            text = yaml.safe_dump(case(rng, seeds, book), allow_unicode=True, sort_keys=False)
            asked = {"case": text, "house": yaml.safe_dump(laid) if laid else ""}
        found = child.ask(asked)
        slowest, largest = max(slowest, found["seconds"]), max(largest, found["memory"])
        word = found["said"].split(":")[0]
        told[word] = told.get(word, 0) + 1
        if problem := wrong(found):
            broken += 1
            CORPUS.mkdir(parents=True, exist_ok=True)
            kept = CORPUS / f"found-{seed}-{sum(told.values())}.yaml"
            kept.write_text(asked["case"], encoding="utf-8")
            tell(f"BROKEN  {kept}: {problem}\n{asked['house']}")
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
