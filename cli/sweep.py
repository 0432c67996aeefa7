"""`sharedvalue sweep`: what follows in very many variations of a case, as shares or as a table of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options, read_settings
from sharedvalue.cli.on_spark import run_and_tell, spark_options
from sharedvalue.cli.progress import Shown
from sharedvalue.cli.row_problems import tell

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.questions.sweep_plan import Swept
    from sharedvalue.engine.questions.sweep_table import SweptRow, SweptTable

SHOWN_ROWS = 20
TABLES = (".csv", ".parquet", ".xlsx")


def is_table(path: str | Path) -> bool:
    """Whether a path names a table of communities, by its suffix."""
    return Path(path).suffix.lower() in TABLES


@click.command(
    epilog="\b\nExamples:\n  sharedvalue sweep my-community.yaml --vary member_value_now=0..100 --vary sponsor_stance\n"
    "  sharedvalue sweep my-community.yaml --vary contribution=0..100/5 -o all.csv\n"
    "  sharedvalue sweep my-community.yaml --vary 'segments[experts].overlap=40..90'\n"
    "  sharedvalue sweep my-community.yaml --vary 'overlap_short=normal(50,10)' --samples 1000000 --seed 7\n"
    "  sharedvalue sweep communities.csv --vary contribution=0..100 -o shares.csv"
)
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--vary",
    "specs",
    multiple=True,
    metavar="FACT=VALUES",
    help="LO..HI, LO..HI/STEP, A|B|C, normal(MEAN,SPREAD), uniform(LO,HI), triangular(LO,MODE,HI); or only FACT: "
    "all that it may be.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact otherwise than the scenario does.",
)
@click.option("--vary-unknown", is_flag=True, help="Whatever else is open varies over all that it may be.")
@click.option(
    "--samples", type=int, metavar="N", help="Draw N worlds instead of going through every combination."
)
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="S", help="The same seed draws the same worlds."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every world: .csv or .parquet.",
)
@spark_options
@global_options
def sweep(
    call: Call,
    scenario: str,
    specs: tuple[str, ...],
    settings: tuple[str, ...],
    vary_unknown: bool,
    samples: int | None,
    seed: int,
    output: Path | None,
    engine: str,
    master: str,
) -> int:
    """How often does which outcome come out, and by which rule, when these facts vary?

    Every combination is a world: the shares are exact. With a distribution or --samples, worlds are drawn,
    and the answer says so. Numbers move in whole points or units. A table of communities (.csv, .parquet, .xlsx) is
    swept row by row: the facts vary in each, and each has its shares.
    """
    if engine == "spark":
        return _on_spark(call, Path(scenario), specs, settings, vary_unknown, samples, output, master)
    if is_table(scenario):
        return _table(call, Path(scenario), specs, settings, vary_unknown, samples, output)
    from sharedvalue.engine.language.scenario import with_values
    from sharedvalue.engine.questions import sweep as question

    case = call.scenario(scenario)
    if settings:
        case = with_values(case, call.book, read_settings(settings))
    if not specs and not vary_unknown:
        raise click.UsageError("Nothing varies. Say what does: --vary FACT=LO..HI")
    planned = question.plan(call.book, case, specs, samples, seed, vary_unknown)
    with Shown() as progress:
        swept = (
            question.count(planned, progress) if output is None else question.write(planned, output, progress)
        )
    if call.json:
        call.print_json(swept.as_json())
    else:
        call.print(lines(swept))
    if swept.partial:
        call.note(f"Stopped after {swept.done:,} of {planned.size:,} worlds: this is a part only.")
    return 130 if swept.partial else 0


def _table(
    call: Call,
    path: Path,
    specs: tuple[str, ...],
    settings: tuple[str, ...],
    vary_unknown: bool,
    samples: int | None,
    output: Path | None,
) -> int:
    from sharedvalue.engine.questions.sweep_table import sweep_table, write
    from sharedvalue.engine.readings.sweep import checked_target

    if settings or samples is not None:
        raise click.UsageError("--set and --samples go with one scenario, not with a table of communities.")
    if not specs and not vary_unknown:
        raise click.UsageError("Nothing varies. Say what does: --vary FACT=LO..HI")
    if output is not None:
        checked_target(output)
    with Shown("communities") as progress:
        found = sweep_table(path, call.book, specs, vary_unknown, progress)
    if output is not None:
        write(found, output)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(table_lines(found))
        tell(call, found.problems)
    return 1 if found.problems else 0


def _on_spark(
    call: Call,
    path: Path,
    specs: tuple[str, ...],
    settings: tuple[str, ...],
    vary_unknown: bool,
    samples: int | None,
    output: Path | None,
    master: str,
) -> int:
    from sharedvalue.engine.questions.portfolio_spark import sweeping

    if settings or samples is not None or not is_table(path):
        raise click.UsageError("--engine spark sweeps a table of communities, without --set and --samples.")
    if not specs and not vary_unknown:
        raise click.UsageError("Nothing varies. Say what does: --vary FACT=LO..HI")
    return run_and_tell(call, path, output, sweeping(call.book, specs, vary_unknown), master)


def table_lines(found: SweptTable) -> Iterator[str]:
    """The shares of each community, the first ones of a long table; and how many could end in each outcome."""
    from sharedvalue.cli.tables import table

    book, swept = found.book, found.swept
    titles = {name: book.outcomes.outcomes[name].title for name in book.outcome_names}
    yield table(
        ["Outcome", "in all worlds", "in some", "in none"],
        [
            [
                titles[name],
                f"{sum(0 < row.worlds == row.worlds_of(name) for row in swept):,}",
                f"{sum(0 < row.worlds_of(name) < row.worlds for row in swept):,}",
                f"{sum(row.worlds_of(name) == 0 for row in swept):,}",
            ]
            for name in titles
        ],
    )
    yield ""
    yield f"{len(swept):,} of {len(found.rows):,} communities swept; the numbers count communities."
    if found.varied:
        yield f"Varied in each: {', '.join(v.address for v in found.varied)}. Every combination is one world."
        yield "What evidence and assumptions make of a row is held as it is in that row;"
        yield "a sweep of one scenario forms each world anew."
    yield ""
    yield table(
        ["Row", "Community", "Worlds", "Most often", "", "Next", ""],
        [[row.number, row.name, f"{row.worlds:,}", *_two(row, titles)] for row in swept[:SHOWN_ROWS]],
    )
    if len(swept) > SHOWN_ROWS:
        yield f"... and {len(swept) - SHOWN_ROWS:,} more communities: see --json, or write all with -o FILE."


def _two(row: SweptRow, titles: Mapping[str, str]) -> list[str]:
    """The two outcomes that are most frequent in a community, each with its share; empty cells where there is no second."""
    names = sorted(filter(row.worlds_of, row.outcomes or {}), key=row.worlds_of, reverse=True)[:2]
    shown = [text for name in names for text in (titles[name], percent(row.worlds_of(name) / row.worlds))]
    return [*shown, "", "", "", ""][:4]


def titled(book: RuleBook, rules: tuple[str, ...]) -> str:
    """The rule that decides, or those of which one does."""
    return "; or ".join(f"{rule} {book.rules[rule].title}" for rule in rules)


def lines(swept: Swept) -> Iterator[str]:
    """The shares as a table, and below it what kind of count it is."""
    from sharedvalue.cli.tables import table

    book, planned = swept.plan.worlds.book, swept.plan
    rows: list[list[object]] = []
    for share in swept.shares:
        rows.append(
            [
                book.outcomes.outcomes[share.outcome].title,
                "",
                f"{share.worlds:,}",
                percent(swept.share(share.worlds)),
            ]
        )
        rows += [
            ["", titled(book, rules), f"{count:,}", percent(swept.share(count))]
            for rules, count in share.rules.items()
        ]
    yield table(["Outcome", "Rule", "Worlds", "Share"], rows)
    if swept.modes:
        yield ""
        yield table(
            ["How", "Worlds", "Share"],
            [
                [book.outcomes.modes[m].title, f"{n:,}", percent(swept.share(n))]
                for m, n in swept.modes.items()
            ],
        )
    yield ""
    varied = [v for v in planned.varied if v.asked]
    also = len(planned.varied) - len(varied)
    facts = f"{len(varied)} fact{'' if len(varied) == 1 else 's'} varied" + (
        f", and {also} that nobody stated" if also else ""
    )
    if planned.samples is None:
        yield f"{swept.worlds:,} worlds, {'every one counted' if not swept.partial else 'a part of the grid'}: {facts}."
    else:
        yield f"A sample of {swept.worlds:,} worlds (seed {planned.seed}): {facts}. Shares are estimates."
    if planned.held:
        yield "Too many worlds to form each anew: evidence, assumptions and doubts are held as they are in the case."
    if swept.cannot_be:
        yield f"Left out: {swept.cannot_be:,} combinations that cannot be."
    if planned.idle:
        yield f"Makes no difference here: {', '.join(planned.idle)}."
    if swept.file is not None:
        yield f"{'A part only, in' if swept.partial else 'Written to'} {swept.file}."


def percent(share: float) -> str:
    """A share in percent; never 0 or 100 unless it is."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if 0.999 < share < 1 else f"{100 * share:.1f} %"
