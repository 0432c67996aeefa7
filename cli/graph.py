"""`sharedvalue graph`: the explanation graph of a decision, drawn or written for other programs."""

from __future__ import annotations

import click

from sharedvalue.cli.call import Call, global_options

SCHEMA = "sharedvalue/graph-written/1"


@click.command(
    epilog="\b\nExamples:\n  sharedvalue graph scenarios/silent-drift.yaml -o why.html\n"
    "  sharedvalue graph my-community.yaml -o why.svg --all\n"
    "  sharedvalue graph my-community.yaml -o why.json"
)
@click.argument("scenario")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where to write it: .svg .png .html .dot .mmd .graphml .json",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Everything that was looked at, not only the path to the decision.",
)
@global_options
def graph(call: Call, scenario: str, output: str, everything: bool) -> None:
    """Draws the reasoning: from the facts over rules and conclusions to the decision, with the article's words.

    The suffix of FILE says the format. A file of that name is replaced.
    """
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.graph import check, explanation, write
    from sharedvalue.engine.worlds import form

    check(output)
    drawn = explanation(decide(form(call.book, call.scenario(scenario))), everything)
    write(drawn, output)
    nodes, edges = drawn.number_of_nodes(), drawn.number_of_edges()
    if call.json:
        call.print_json({"schema": SCHEMA, "file": output, "nodes": nodes, "edges": edges})
    else:
        call.print(f"wrote {output}: {nodes} nodes, {edges} edges")
