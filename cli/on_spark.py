"""`--engine spark` of `portfolio` and `sweep`: a table that many machines decide or sweep, each its part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from sharedvalue.cli.call import Call

if TYPE_CHECKING:
    from sharedvalue.engine.questions.portfolio_spark import Done, Job

Function = TypeVar("Function", bound=Callable[..., object])
MASTER = "local[*]"


def spark_options(function: Function) -> Function:
    """Adds --engine and --master."""
    master = click.option(
        "--master",
        default=MASTER,
        show_default=True,
        metavar="URL",
        help="Of --engine spark: the cluster, for example spark://host:7077 or yarn; local[*] is this machine.",
    )
    engine = click.option(
        "--engine",
        type=click.Choice(["here", "spark"]),
        default="here",
        show_default=True,
        help="Where a table is decided: in this process, or on a Spark cluster (an extra: sharedvalue[spark]).",
    )
    return engine(master(function))


def run_and_tell(call: Call, table: Path, output: Path | None, job: Job, master: str) -> int:
    """Runs a job on the cluster and prints what came of it; the exit code."""
    from sharedvalue.engine.errors import mistake
    from sharedvalue.engine.questions.portfolio_spark import run

    if output is None:
        raise mistake(
            "SV120",
            "--engine spark",
            "it writes a row a community, and was not told where",
            "Add -o OUT.parquet.",
        )
    done = run(str(table), str(output), job, call.book, call.rules, master)
    if call.json:
        call.print_json(done.as_json(call.book))
    else:
        call.print(lines(call, done))
    return 1 if done.with_mistakes else 0


def lines(call: Call, done: Done) -> Iterator[str]:
    """How many communities end where, and where all of them were written."""
    from sharedvalue.cli.tables import table

    book = call.book
    if done.outcomes:
        rows: list[list[object]] = []
        for outcome, rules in done.outcomes.items():
            rows.append([book.outcomes.outcomes[outcome].title, "", f"{sum(rules.values()):,}"])
            rows += [["", f"{rule} {book.rules[rule].title}", f"{count:,}"] for rule, count in rules.items()]
        yield table(["Outcome", "Rule", "Communities"], rows)
        yield ""
    bad = f", {done.with_mistakes:,} of them with mistakes (column 'mistakes')" if done.with_mistakes else ""
    yield f"{done.communities:,} communities{bad}, written to {done.output}."
