"""A table of communities on several machines: the same decisions and sweeps, through PySpark. The one home of PySpark.

An optional extra: `pip install 'sharedvalue[spark]'`, and Java. The command ships sharedvalue's own code, the rule book and the
house rules to the machines that work; what these need beside it is what `requirements.lock` pins. Each part of the table is
decided where it is, and written there: a part whose machine dies is done again by another, and counts once.
"""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook, default_folder
from sharedvalue.engine.questions.portfolio import SECONDS, decide_portfolio
from sharedvalue.engine.questions.portfolio_result import ROW
from sharedvalue.engine.questions.portfolio_rows import Portfolio, portfolio_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Columns = Mapping[str, Sequence[object]]
RULES, CODE = "sharedvalue-rules.zip", "sharedvalue-code.zip"
AT_ONCE = 10_000  # rows of a part that are decided together
PARTS_A_CORE = 4  # so that a slow part holds nobody up for long
KINDS = {
    "certain": "boolean",
    "complete": "boolean",
    "worlds": "bigint",
}  # the others are texts, and shares are numbers


@dataclass(frozen=True)
class Job:
    """What is done with each part of a table. `columns` come out; `run` must be of a module, for the machines import it."""

    columns: tuple[str, ...]
    run: Callable[[Portfolio], Columns]

    @property
    def kinds(self) -> dict[str, str]:
        """The columns with Spark's names of their types."""
        return {
            name: KINDS.get(name, "double" if name.startswith("share_") else "string")
            for name in self.columns
        }


@dataclass(frozen=True)
class Done:
    """What was written: how many communities, how many of them with mistakes, and how many end where and by which rule."""

    output: str
    communities: int
    with_mistakes: int
    outcomes: Mapping[str, Mapping[str, int]]

    def as_json(self, book: RuleBook) -> dict[str, object]:
        return {
            "schema": "sharedvalue/spark/1",
            "output": self.output,
            "rulebook": book.identity(),
            "communities": self.communities,
            "with_mistakes": self.with_mistakes,
            "outcomes": [
                {"outcome": outcome, "communities": sum(rules.values()), "rules": dict(rules)}
                for outcome, rules in self.outcomes.items()
            ],
        }


def deciding(seconds: float = SECONDS) -> Job:
    """Decides every row. `seconds` is what each part may take for rows with open facts. (Spark keeps no order: no row number.)"""
    return Job(ROW[1:], partial(_decide, seconds=seconds))


def sweeping(book: RuleBook, specs: Sequence[str], vary_unknown: bool = False) -> Job:
    """Varies some facts in every row."""
    shares = tuple(f"share_{name}" for name in book.outcome_names)
    columns = ("community", "worlds", *shares, "mistakes")
    return Job(columns, partial(_sweep, specs=tuple(specs), vary_unknown=vary_unknown))


def _decide(portfolio: Portfolio, seconds: float) -> Columns:
    return decide_portfolio(portfolio, seconds).columns()


def _sweep(portfolio: Portfolio, specs: Sequence[str], vary_unknown: bool) -> Columns:
    from sharedvalue.engine.questions.sweep_table import sweep_portfolio

    return sweep_portfolio(portfolio, specs, vary_unknown).columns()


def run(table: str, output: str, job: Job, book: RuleBook, house: Sequence[str], master: str) -> Done:
    """Reads a table (.csv or .parquet, or a directory of them) on a Spark cluster, and writes Parquet there.

    Raises:
        UserError: SV120 where Spark cannot be had, SV121 where it stops or the output is there already, SV204 where a column
            is no fact. Mistakes in rows stand in the output.
    """
    with spark(master) as session, tempfile.TemporaryDirectory(prefix="sharedvalue-") as folder:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            ship(session, house, Path(folder))
            frame = _read(session, table)
            portfolio_of(frame.columns, (), table, book)
            cores = session.sparkContext.defaultParallelism
            if frame.rdd.getNumPartitions() < cores * PARTS_A_CORE:
                frame = frame.repartition(cores * PARTS_A_CORE)
            on_spark(frame, job, len(house)).write.parquet(output)
            return _counted(session, output)
        except (Py4JError, PySparkException) as error:
            raise mistake(
                "SV121", output, f"Spark stopped: {_first_line(error)}", "Look at its log."
            ) from error


@contextmanager
def spark(master: str) -> Iterator[SparkSession]:
    """A session on a cluster (`local[2]` is this machine, with two cores); stopped afterwards."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        mend = "Install it: pip install 'sharedvalue[spark]'. It needs Java, too."
        raise mistake("SV120", "--engine spark", "PySpark is not installed", mend) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("sharedvalue").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    try:
        session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(AT_ONCE)).getOrCreate()
    except Exception as error:  # whatever Java, Py4J or Spark say
        raise mistake(
            "SV120", f"--master {master}", f"Spark cannot be started: {_first_line(error)}", "Is Java there?"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def _read(session: SparkSession, table: str) -> DataFrame:
    suffix = Path(table).suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise mistake(
            "SV113",
            table,
            "Spark reads tables in .csv and .parquet",
            "Save it as one of them, or leave out --engine.",
        )
    where = table if "://" in table else Path(table).resolve().as_uri()
    if "://" not in table and not Path(table).exists():
        raise mistake("SV101", table, "there is no such file", "Check the path.")
    if suffix == ".parquet":
        return session.read.parquet(where)
    return session.read.csv(where, header=True, escape='"')


def _counted(session: SparkSession, output: str) -> Done:
    written = session.read.parquet(output)
    by = [name for name in ("outcome", "rule") if name in written.columns]
    outcomes: dict[str, dict[str, int]] = {}
    communities = bad = 0
    for row in written.selectExpr("mistakes IS NOT NULL AS bad", *by).groupBy("bad", *by).count().collect():
        communities += row["count"]
        bad += row["count"] if row["bad"] else 0
        if by and not row["bad"]:
            outcomes.setdefault(row["outcome"], {})[row["rule"]] = row["count"]
    ordered = sorted(outcomes.items(), key=lambda item: -sum(item[1].values()))
    told = {outcome: dict(sorted(rules.items(), key=lambda item: -item[1])) for outcome, rules in ordered}
    return Done(output, communities, bad, told)


# --- what is shipped ----------------------------------------------------------------------------------------------
def ship(session: SparkSession, house: Sequence[str], folder: Path) -> None:
    """Sends our code, the rule book and the house rules to every machine that works."""
    package = default_folder().parent
    code, rules = folder / CODE, folder / RULES
    with zipfile.ZipFile(code, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, path in _files(package, "*.py"):
            kept.write(path, f"sharedvalue/{name}")
    with zipfile.ZipFile(rules, "w", zipfile.ZIP_DEFLATED) as kept:
        for at, source in enumerate((default_folder(), *map(Path, house))):
            for name, path in _files(source, "*.y*ml"):
                kept.write(path, f"{at}/{name}")
    session.sparkContext.addPyFile(str(code))
    session.sparkContext.addFile(str(rules))


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """The files below a folder, links followed (a checkout links its parts), each with its place there."""
    for below, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = Path(below) / name
            if path.match(pattern):
                yield path.relative_to(folder).as_posix(), path


@lru_cache(maxsize=1)
def _shipped_book(houses: int) -> RuleBook:
    """The rule book as it was shipped, with its house rules; loaded once in each process that works."""
    from pyspark import SparkFiles

    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as folder:
        with zipfile.ZipFile(SparkFiles.get(RULES)) as kept:
            kept.extractall(folder)
        return load([Path(folder) / str(at + 1) for at in range(houses)], Path(folder) / "0")


# --- what a machine does ------------------------------------------------------------------------------------------
def on_spark(frame: DataFrame, job: Job, houses: int) -> DataFrame:
    """A frame of what a job makes of every row of a frame, whose columns are named as those of a table of communities."""
    plain = enumerate(frame.columns)  # mapInArrow cannot read columns with a point in their name
    texts = frame.selectExpr(*(f"CAST(`{_quoted(name)}` AS STRING) AS c{i}" for i, name in plain))
    schema = ", ".join(f"{name} {kind}" for name, kind in job.kinds.items())
    return texts.mapInArrow(partial(_work, headings=tuple(frame.columns), job=job, houses=houses), schema)


def _quoted(name: str) -> str:
    return name.replace("`", "``")


def _work(batches: Iterator[Any], headings: Sequence[str], job: Job, houses: int) -> Iterator[Any]:
    """What a machine does with its part: batches of texts in, batches of answers out."""
    import pyarrow

    arrow = {
        "string": pyarrow.string(),
        "boolean": pyarrow.bool_(),
        "bigint": pyarrow.int64(),
        "double": pyarrow.float64(),
    }
    schema = pyarrow.schema([(name, arrow[kind]) for name, kind in job.kinds.items()])
    for batch in batches:
        columns = [[(text or "").strip() for text in column.to_pylist()] for column in batch.columns]
        rows = list(zip(*columns, strict=True))
        made = job.run(portfolio_of(headings, rows, "the table", _shipped_book(houses)))
        yield pyarrow.RecordBatch.from_pydict({name: list(made[name]) for name in job.columns}, schema)


__all__ = ["Done", "Job", "deciding", "on_spark", "run", "ship", "spark", "sweeping"]
