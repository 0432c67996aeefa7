"""`sharedvalue decide`: the answer of one case in at most 30 lines, or a table of several."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.portfolio import decide_and_tell
from sharedvalue.cli.sweep import is_table
from sharedvalue.engine.advice import Advice, advise, decision_json
from sharedvalue.engine.errors import Problems, UserError, mistake
from sharedvalue.engine.telling.answer import answer_lines, headline_height
from sharedvalue.engine.telling.page import WIDTH
from sharedvalue.engine.worlds import form


@click.command(
    epilog="\b\nExamples:\n  sharedvalue decide scenarios/silent-drift.yaml\n  sharedvalue decide --full my-community.yaml\n"
    "  sharedvalue decide scenarios/*.yaml\n  cat my-community.yaml | sharedvalue decide -\n"
    "  sharedvalue decide communities.csv -o decided.csv\n"
    "  sharedvalue decide --rules our-house/ --json my-community.yaml"
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--full", is_flag=True, help="Print everything, not only what fits on a page.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of a table: write the decision of every row, .csv or .parquet.",
)
@global_options
def decide(call: Call, scenarios: tuple[str, ...], full: bool, output: Path | None) -> int:
    """What should become of this community: the answer, why, why not the others, how firm, and what to do.

    SCENARIO is a file, or - for standard input. Several scenarios make a table. A table of communities (.csv, .parquet,
    .xlsx) has one row a community: every row is decided, as by `sharedvalue portfolio`.
    """
    tables = [path for path in scenarios if is_table(path)]
    if tables and len(scenarios) > 1:
        raise mistake(
            "SV120",
            tables[0],
            "a table of communities is decided by itself",
            "Give one table, or only scenario files.",
        )
    if tables:
        return decide_and_tell(call, Path(tables[0]), output)
    if output is not None:
        raise mistake(
            "SV120",
            str(output),
            "-o goes with a table of communities",
            "To draw a decision: sharedvalue graph SCENARIO -o FILE.",
        )
    advices = _advices(call, scenarios)
    if call.json:
        found = [decision_json(advice) for advice in advices]
        call.print_json(found[0] if len(found) == 1 else found)
    elif len(advices) > 1 and not full:
        call.print(comparison(advices))
    else:
        for number, (advice, path) in enumerate(zip(advices, scenarios, strict=True)):
            lines = answer_lines(advice, going_on(advice, path), full)
            bold = headline_height(advice)
            call.print(
                [""] * (number > 0) + [click.style(line, bold=True) for line in lines[:bold]] + lines[bold:]
            )
    return 0


def going_on(advice: Advice, path: str) -> str:
    """The command that asks on; of a long name, and of standard input, it says FILE."""
    command, rest = ("what-if", " --set FACT=VALUE") if advice.decision.by_open_facts else ("why", "")
    file = quote(path)
    long = len(f"* house default    Next: sharedvalue {command} {file}{rest}") > WIDTH
    return f"Next: sharedvalue {command} {'FILE' if long or path == '-' else file}{rest}"


def _advices(call: Call, paths: tuple[str, ...]) -> list[Advice]:
    """The answers to all scenarios; the mistakes in all of them are told at once."""
    problems, found, book = Problems(), [], call.book
    for path in paths:
        try:
            found.append(advise(form(book, call.scenario(path))))
        except UserError as error:
            problems.extend(error)
    problems.stop_if_any()
    return found


def comparison(advices: list[Advice]) -> str:
    """A row a case."""
    from sharedvalue.cli.tables import table

    rows = []
    for advice in advices:
        d, outcomes = advice.decision, advice.decision.worlds.book.outcomes
        modes = [outcomes.modes[m].title for m in d.modes] + [
            f"{outcomes.modes[m].title}?" for m in d.open_modes
        ]
        chosen = d.after.chosen or d.trace.chosen
        rows.append(
            [
                d.worlds.scenario.title,
                outcomes.outcomes[d.outcome].title,
                ", ".join(modes),
                d.status,
                d.risk,
                chosen.rule if chosen else "",
                "provisional" if advice.provisional else "",
            ]
        )
    return table(["Scenario", "Outcome", "How", "Status", "Risk", "Rule", ""], rows)
