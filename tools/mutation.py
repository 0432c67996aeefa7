"""Small changes of the code, one at a time, and whether the tests notice: `nox -s mutation`, outside CI.

    python -m tools.mutation --mutants 200 --seed 1              (or: nox -s mutation -- --mutants 200 --seed 1)
    python -m tools.mutation --floors decision questions --mutants 40

cosmic-ray finds where the code can be changed, and changes it, in a copy of the checkout. Places are drawn at random by a seed,
each with one of the small changes that can be made there. A mutant is run against the tests that run its line: first those that
take least, then the others of their files, up to SECONDS of them. The first that fails has noticed it.

Which tests run which line is found out first, in about twenty minutes, and kept in build/mutation for each file of tests as it
is; after a change of engine/ or web/, `--trace` finds it out anew. What was run is kept as well: a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "mutation"
COPY = WORK / "checkout"
TRACED = WORK / "traced"

FLOORS = {  # whose code is changed
    "worlds": "engine/worlds",
    "decision": "engine/decision",
    "advice": "engine/advice",
    "questions": "engine/questions",
    "evidence": "engine/evidence",
    "governance": "engine/governance",
    "practice": "engine/practice",
    "telling": "engine/telling",
    "web": "web/jobs",
}
TESTS = (
    "evidence",
    "governance",
    "practice",
    "web",
    "rules",
    "scenarios",
    "questions",
    "cli",
)  # folders, traced one by one
LEFT = (  # tests of browsers, servers and processes of their own: no line of theirs is run here
    "web/test_in_browser.py", "web/test_crowd.py", "web/test_stopping.py", "governance/test_postgres.py",
    "questions/test_portfolio_spark.py", "cli/test_tables_stopped.py",
)  # fmt: skip
SECONDS = 10.0  # of tests, as they were measured, for one mutant
PATIENCE = 3  # times as long, and START, before a mutant is taken to run for ever
START = 20.0
SMALL = {  # of what cosmic-ray can change, what a slip of the hand would
    "AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop", "ReplaceUnaryOperator_Delete_Not",
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul", "ReplaceBinaryOperator_FloorDiv_Div", "ReplaceBinaryOperator_Mod_FloorDiv",
    "ReplaceBinaryOperator_BitOr_BitAnd", "ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq", "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_GtE_Gt", "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: the `occurrence`-th place in a file where an operator of cosmic-ray can be applied."""

    file: str
    line: int
    column: int
    operator: str
    occurrence: int


@dataclass(frozen=True)
class Run:
    """A mutant that was run: what changed, how many tests ran its line, and which of them noticed ('' where none did)."""

    mutant: Mutant
    diff: str
    tests: int
    noticed: str


def copied() -> None:
    """The checkout as it stands, with what is not committed yet: tests run there, and the code is changed there only."""
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.splitlines()):
        if (ROOT / name).exists():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name, follow_symlinks=False)


def traced(again: bool) -> list[Path]:
    """Where it is kept, for each file of tests as it is, which lines its tests run; runs the tests of those that are new."""
    places = []
    for test in sorted(test for folder in TESTS for test in (COPY / "tests" / folder).rglob("test_*.py")):
        name = test.relative_to(COPY / "tests").as_posix()
        if name not in LEFT:
            mark = hashlib.sha256(test.read_bytes()).hexdigest()[:12]
            kept = TRACED / f"{name.removesuffix('.py').replace('/', '.')}-{mark}.sqlite"
            if again or not kept.with_suffix(".json").exists():
                print(f"which lines do the tests of {name} run?", flush=True)
                noting = ["-p", "tools.tests_of_lines", "--lines-of", "engine", "--lines-of", "web"]
                command = [sys.executable, "-m", "pytest", "-q", *noting, "--lines-to", str(kept), str(test)]
                subprocess.run(command, cwd=COPY, stdout=subprocess.DEVNULL, check=False)
            if kept.with_suffix(".json").exists():
                places.append(kept)
    return places


class Lines:
    """Which tests run a line, those that take least first, and how long each takes."""

    def __init__(self, kept: Iterable[Path]) -> None:
        self.took: dict[str, float] = {}
        self.by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        for path in kept:
            self.took |= json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            if path.exists():
                self._read(path)

    def _read(self, path: Path) -> None:
        from coverage.numbits import numbits_to_nums

        with sqlite3.connect(path) as connection:
            for file, test, numbits in connection.execute(
                "select file.path, context.context, numbits from line_bits"
                " join file on file.id = file_id join context on context.id = context_id"
            ):
                if test in self.took:
                    name = Path(file).relative_to(COPY).as_posix()
                    for line in numbits_to_nums(numbits):
                        self.by_line[name, line].add(test)

    @cached_property
    def by_file(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for (file, _), tests in self.by_line.items():
            found[file] |= tests
        return found

    def of(self, file: str, first: int, last: int) -> tuple[list[str], int]:
        """The tests to run for a place in a file, up to SECONDS of them; and how many run it."""
        exact = set().union(*(self.by_line.get((file, line), set()) for line in range(first, last + 1)))
        beside = {
            test.partition("::")[0] for test in exact
        }  # what they set up is kept for others of their file
        others = {test for test in self.took if test.partition("::")[0] in beside} - exact
        chosen, left = [], SECONDS
        for test in [*self._fast(exact), *self._fast(others)]:
            if self.took[test] <= left:
                chosen.append(test)
                left -= self.took[test]
        return chosen, len(exact)

    def _fast(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.took[test], test))


def mutants(files: Sequence[str]) -> Iterator[list[Mutant]]:
    """For each place in the files where something can be changed: the changes that can be made there."""
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast_from_path

    operators = {
        name: cosmic_ray.plugins.get_operator(name)()
        for name in cosmic_ray.plugins.operator_names()
        if name.rpartition("/")[2] in SMALL
    }
    for file in files:
        tree = get_ast_from_path(COPY / file)
        silent = _silent((COPY / file).read_text(encoding="utf-8"))
        places: dict[tuple[int, int], list[Mutant]] = defaultdict(list)
        met: Counter[str] = Counter()
        for node in ast_nodes(tree):
            for name, operator in operators.items():
                for (line, column), _ in operator.mutation_positions(node):
                    if not any(a <= (line, column) < b for a, b in silent):
                        places[line, column].append(Mutant(file, line, column, name, met[name]))
                    met[name] += 1
        yield from (places[at] for at in sorted(places))


def _silent(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a change is none: annotations, decorators, assertions for the type checker, `strict=` of zip."""
    found: list[ast.AST] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found += node.decorator_list
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            found.append(node.returns)
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            found.append(node.annotation)
        if isinstance(node, ast.Assert) or (isinstance(node, ast.keyword) and node.arg == "strict"):
            found.append(node)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            found.append(node)
    return [
        ((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset))  # type: ignore[attr-defined]  # all of these kinds have a place
        for n in found
    ]


def statement_of(text: str, line: int) -> tuple[int, int]:
    """The first and the last line of the smallest statement that a line is in; of one that holds others, its head."""
    best = (line, line)
    size = sys.maxsize
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line):
            inner = [
                n.lineno
                for name in ("body", "cases")
                for n in getattr(node, name, ())
                if hasattr(n, "lineno")
            ]
            last = min(inner) - 1 if inner else node.end_lineno or line
            if node.lineno <= line <= last and last - node.lineno < size:
                best, size = (node.lineno, last), last - node.lineno
    return best


def tried(mutant: Mutant, lines: Lines) -> Run:
    """Changes the copy, runs the tests of the line, and puts it back."""
    import cosmic_ray.plugins
    from cosmic_ray.mutating import use_mutation

    path = COPY / mutant.file
    before = path.read_text(encoding="utf-8")
    tests, exact = lines.of(mutant.file, *statement_of(before, mutant.line))
    if not tests and lines.by_file.get(mutant.file) and _at_import(before, mutant.line):
        tests, left = [], SECONDS
        for test in lines._fast(lines.by_file[mutant.file]):
            if (left := left - lines.took[test]) > 0:
                tests.append(test)
        exact = len(tests)
    if not tests:
        tests = _of_processes(mutant.file)
    operator = cosmic_ray.plugins.get_operator(mutant.operator)()
    with use_mutation(path, operator, mutant.occurrence) as (_, after):
        changed = [
            f"{a.strip()}  ->  {b.strip()}"
            for a, b in zip(before.splitlines(), (after or before).splitlines(), strict=False)
            if a != b
        ]
        noticed = (
            _noticed(tests, sum(lines.took.get(test, SECONDS) for test in tests)) if tests and after else ""
        )
    return Run(mutant, changed[0] if changed else "", exact, noticed)


def _of_processes(file: str) -> list[str]:
    """Files of tests for what only processes of the page run, as its jobs are: those of the same name, of the module or its floor."""
    path = Path(file)
    names = [path.stem, path.parent.name] if path.parts[0] == "engine" else [path.stem, "rooms"]
    found = (f"tests/web/test_{name}.py" for name in dict.fromkeys(names))
    return [name for name in found if (COPY / name).exists()]


def _at_import(text: str, line: int) -> bool:
    """Whether a line is run when its file is imported, before any test: a constant, a table, a field of a class."""
    inside = (
        n
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )
    return not any(n.lineno <= line <= (n.end_lineno or n.lineno) for n in inside)


def _noticed(tests: Sequence[str], takes: float) -> str:
    """The test that fails, 'time' where they do not end, '' where all pass."""
    listed = WORK / "chosen.txt"
    listed.write_text("\n".join(tests), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "--no-header",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        f"@{listed}",
    ]
    most = int(
        PATIENCE * takes + START
    )  # of computing: a clock would call a mutant endless where the machine is busy

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))

    done = subprocess.run(
        command, cwd=COPY, capture_output=True, text=True, check=False, preexec_fn=limited, timeout=50 * most
    )
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "time"
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0] if failed else f"pytest ended with {done.returncode}"


def sample(floors: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Places drawn from all files of the floors, each with one change: the same for the same code and seed."""
    files = sorted(
        path.relative_to(COPY).as_posix() for floor in floors for path in (COPY / FLOORS[floor]).rglob("*.py")
    )
    places = list(mutants(files))
    chance = random.Random(seed)
    drawn = chance.sample(places, min(count, len(places)))
    print(f"{len(places):,} places in {len(files)} files; {len(drawn)} drawn with seed {seed}", flush=True)
    return [chance.choice(changes) for changes in drawn]


def summary(runs: Sequence[Run]) -> str:
    """The figure by floor, and the survivors."""
    floor_of = {folder: floor for floor, folder in FLOORS.items()}
    rows: Counter[tuple[str, bool]] = Counter()
    for run in runs:
        folder = "/".join(run.mutant.file.split("/")[:2])
        rows[floor_of[folder], bool(run.noticed)] += 1
    lines = [
        f"{floor:12} {rows[floor, True]:4} of {rows[floor, True] + rows[floor, False]:4} noticed"
        for floor in FLOORS
        if rows[floor, True] + rows[floor, False]
    ]
    noticed = sum(bool(run.noticed) for run in runs)
    survivors = [
        f"  {r.mutant.file}:{r.mutant.line}  {r.diff}  ({r.tests or 'no'} tests run it)"
        for r in runs
        if not r.noticed
    ]
    total = f"{noticed} of {len(runs)} noticed: {100 * noticed / max(1, len(runs)):.1f} %"
    return "\n".join([*lines, total, *(["survivors:", *survivors] if survivors else [])])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--floors", nargs="+", choices=FLOORS, default=list(FLOORS))
    parser.add_argument("--trace", action="store_true", help="find out anew which tests run which line")
    chosen = parser.parse_args()
    copied()
    TRACED.mkdir(exist_ok=True)
    lines = Lines(traced(chosen.trace))
    drawn = sample(chosen.floors, chosen.mutants, chosen.seed)
    results = WORK / f"seed-{chosen.seed}.jsonl"
    known = {Mutant(**(one := json.loads(line))["mutant"]): Run(**{**one, "mutant": Mutant(**one["mutant"])})
             for line in (results.read_text("utf-8").splitlines() if results.exists() else ())}  # fmt: skip
    runs = []
    for number, mutant in enumerate(drawn, 1):
        if mutant not in known:
            known[mutant] = tried(mutant, lines)
            with results.open("a", encoding="utf-8") as out:
                out.write(json.dumps(asdict(known[mutant])) + "\n")
        run = known[mutant]
        runs.append(run)
        print(
            f"{number:4} {'noticed ' if run.noticed else 'SURVIVED'} {mutant.file}:{mutant.line}  {run.diff}",
            flush=True,
        )
    print(summary(runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
