"""`sharedvalue portfolio`: a table of communities, one row each; every row decided, and how they are shared out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.on_spark import run_and_tell, spark_options
from sharedvalue.cli.progress import Shown
from sharedvalue.cli.row_problems import tell
from sharedvalue.cli.sweep import percent

if TYPE_CHECKING:
    from sharedvalue.engine.questions.portfolio_result import Result

SECONDS = 60.0


@click.command(
    epilog="\b\nExamples:\n  sharedvalue portfolio communities.csv\n"
    "  sharedvalue portfolio communities.xlsx -o decided.csv\n"
    "  sharedvalue portfolio communities.parquet --json\n"
    "  sharedvalue portfolio communities.parquet --engine spark --master spark://host:7077 -o decided.parquet"
)
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the decision of every row: .csv or .parquet.",
)
@click.option(
    "--seconds",
    type=float,
    default=SECONDS,
    show_default=True,
    help="For the rows in which something is open; the rest are told.",
)
@spark_options
@global_options
def portfolio(call: Call, table: Path, output: Path | None, seconds: float, engine: str, master: str) -> int:
    """What should become of each of many communities?

    TABLE (.csv, .parquet, .xlsx) has one row a community and one column a fact, named as in a scenario, or
    segments[experts].overlap for a field of a group. A column 'community' names the row; an empty cell is unknown. Rows
    with mistakes are told by row and column, and the others decided: exit code 1 says that there were some. With --engine
    spark, the machines of a cluster decide and write their parts (-o OUT.parquet), of a table that they can all read.
    """
    if engine == "spark":
        from sharedvalue.engine.questions.portfolio_spark import deciding

        return run_and_tell(call, table, output, deciding(seconds), master)
    return decide_and_tell(call, table, output, seconds)


def decide_and_tell(call: Call, table: Path, output: Path | None, seconds: float = SECONDS) -> int:
    """Decides every row, writes and prints; the exit code."""
    from sharedvalue.engine.questions.portfolio import decide_table
    from sharedvalue.engine.questions.portfolio_processes import cores

    if output is not None:
        from sharedvalue.engine.readings.sweep import checked_target

        checked_target(output)
    with Shown("communities with open facts") as progress:
        found = decide_table(table, call.book, seconds, progress, cores())
    if output is not None:
        write(found, output)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(lines(found))
        tell(call, found.problems)
    return 1 if found.problems else 0


def lines(found: Result) -> Iterator[str]:
    """The summary by outcome and deciding rule."""
    from sharedvalue.cli.tables import table

    book, count = found.book, len(found.decided)
    rows: list[list[object]] = []
    for outcome, rules in found.outcomes.items():
        whole = sum(rules.values())
        rows.append([book.outcomes.outcomes[outcome].title, "", f"{whole:,}", percent(whole / count)])
        rows += [
            ["", f"{rule} {book.rules[rule].title}", f"{n:,}", percent(n / count)]
            for rule, n in rules.items()
        ]
    yield table(["Outcome", "Rule", "Communities", "Share"], rows)
    yield ""
    unsure = sum(not row.certain for row in found.decided)
    yield (
        f"{count:,} of {len(found.rows):,} communities decided"
        + (f"; in {unsure:,}, open facts decide" if unsure else "")
        + "."
    )
    if found.incomplete:
        yield (
            f"Of {len(found.incomplete):,} not all could be proven within the time of one decision; their outcome may hang on "
            "more than is told. --json and -o say which (complete: false)."
        )
    if found.left:
        yield f"{len(found.left):,} are left: the time ran out."


def write(found: Result, path: Path) -> None:
    """A row a community."""
    from sharedvalue.engine.readings.sweep import write_rows

    write_rows(path, found.columns())
