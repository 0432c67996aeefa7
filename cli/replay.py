"""`sharedvalue replay`: decides a record again, from the ledger alone, and says whether it is the same."""

from __future__ import annotations

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option


@click.command(
    epilog="\b\nExamples:\n  sharedvalue replay R0001\n  sharedvalue replay R0001 --ledger ours.sqlite --json"
)
@click.argument("record")
@ledger_option
@global_options
@click.pass_context
def replay(ctx: click.Context, call: Call, record: str, where: str) -> None:
    """Decide RECORD again by the rule book as it was. Exit 0 the same, 1 different."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.replay import replay as decide_again
    from sharedvalue.engine.governance.words import replayed

    with open_ledger(where) as opened:
        found = decide_again(opened, opened.record(record))
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(replayed(found).lines())
    ctx.exit(0 if found.same else 1)
