"""`sharedvalue what-if`: some facts set otherwise; before and after side by side, and what changed in the reasoning."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sharedvalue.cli.call import Call, global_options, read_settings
from sharedvalue.cli.tables import table
from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.scenario import parse_case, read_scenario
from sharedvalue.engine.language.source import Node
from sharedvalue.engine.questions.as_json import what_if_json
from sharedvalue.engine.questions.variations_file import is_variations
from sharedvalue.engine.questions.what_if import Finding, WhatIf
from sharedvalue.engine.questions.what_if import what_if as ask_what_if
from sharedvalue.engine.telling.comparing import beside, headline, said
from sharedvalue.engine.telling.page import WIDTH, fold
from sharedvalue.engine.worlds import form


@click.command(
    "what-if",
    epilog="\b\nExamples:\n  sharedvalue what-if scenarios/silent-drift.yaml --set strategic_potential=80\n"
    "  sharedvalue what-if my.yaml --set sponsor_stance=negotiable --set 'segments[experts].overlap=30'\n"
    "  sharedvalue what-if my.yaml --set openness_to_realign=20..50 -o change.svg\n"
    "  sharedvalue what-if my.yaml --set 'sponsor_stance=fixed|negotiable' --set contribution=unknown\n"
    "  sharedvalue what-if my-variations.yaml -o variations.html",
)
@click.argument("scenario", metavar="SCENARIO|VARIATIONS")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FACT=VALUE",
    help="Set a fact: a value, a range 20..50, listed values a|b, or unknown. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Draw what appeared and what vanished (svg, png, html, dot, mmd, graphml, json).",
)
@global_options
def what_if(call: Call, scenario: str, settings: tuple[str, ...], output: str | None) -> None:
    """Before and after: what the decision would be with some facts set otherwise, and which rules came and went.

    A value is taken exactly, even against its evidence; where it still counts as a range, the output says so. A field of a record is written
    segments[experts].overlap. The scenario file is not changed. A file of variations
    (what_if: 1, a baseline, and named variations) needs no --set: its variations are told side by side.
    """
    chosen = read_settings(settings)
    if output is not None:
        from sharedvalue.engine.graph import check

        check(output)
    tree = parse_case(scenario)
    if is_variations(tree):
        if chosen:
            raise mistake(
                "SV120",
                scenario,
                "--set does not go with a file of variations",
                "Write one more variation in the file, or give the scenario itself.",
            )
        _variations(call, tree, scenario, output)
        return
    case = read_scenario(tree, call.book, "standard input" if scenario == "-" else scenario)
    if not chosen:
        raise click.UsageError("Nothing is set. Say what is: --set FACT=VALUE, or give a file of variations.")
    found = ask_what_if(decide(form(call.book, case)), chosen)
    if output is not None:
        from sharedvalue.engine.graph import difference, write

        graph = difference(found.before, found.after)
        write(graph, output)
        call.note(f"wrote {output}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")
    if call.json:
        call.print_json(what_if_json(found))
    else:
        call.print(what_if_lines(found))


def _variations(call: Call, tree: Node, path: str, output: str | None) -> None:
    from sharedvalue.cli import variations as shown
    from sharedvalue.engine.questions.variations import side_by_side, variations_json
    from sharedvalue.engine.questions.variations_file import read_variations

    found = side_by_side(call.book, read_variations(tree, call.book, path))
    if output is not None:
        for line in shown.draw(found, output):
            call.note(line)
    if call.json:
        call.print_json(variations_json(found))
    else:
        call.print(list(shown.lines(found)))


def what_if_lines(found: WhatIf) -> list[str]:
    """The printed form."""
    return list(_lines(found))


def _lines(found: WhatIf) -> Iterator[str]:
    yield "SET"
    yield from (line for c in found.set for line in fold(said(c), WIDTH, "   ", first=" "))
    for c in found.set:
        if c.widened:
            yield from fold(
                f"{c.title} counts as a range, since what you set is a guess until the sponsor is asked."
                if c.widened == "a guess until asked"
                else f"{c.title} counts as a range ({c.widened}). "
                f"For one exact value: sharedvalue sweep FILE --vary {c.name}=VALUE --vary-unknown",
                WIDTH, "   ", first=" ",
            )  # fmt: skip
    if found.followed:
        yield "CHANGED WITH IT"
        yield from (
            line
            for c in found.followed
            for line in fold(f"{c.title}: {c.before} -> {c.after}", WIDTH, "   ", first=" ")
        )
    yield ""
    yield headline(found)
    yield ""
    yield table(["", "before", "after"], [list(row) for row in beside(found.before, found.after)])
    yield from _findings("RULES GAINED", found.rules_gained)
    yield from _findings("RULES LOST", found.rules_lost)
    if found.rules_gained or found.rules_lost:
        yield ""
        yield "> on the way to the decision"


def _findings(heading: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if findings:
        yield ""
        yield heading
        for finding in findings:
            yield from fold(
                f"{'>' if finding.deciding else ' '} {finding.rule}  {finding.line}", WIDTH, "       "
            )
