"""`sharedvalue review`: what is due, what ran out, what waits, and what would come out otherwise today, and why."""

from __future__ import annotations

import datetime as dt

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option, read_date


@click.command(
    epilog="\b\nExamples:\n  sharedvalue review\n  sharedvalue review R0001 --scenario my-community.yaml\n"
    "  sharedvalue review --on 2027-03-01\n  sharedvalue review --rules our-house/ --json"
)
@click.argument("record", required=False, default="")
@click.option(
    "--scenario", default="", metavar="FILE", help="Today's facts of RECORD, where its file has moved."
)
@click.option("--on", default="", metavar="DATE", help="Look from this day instead of today.")
@ledger_option
@global_options
def review(call: Call, record: str, scenario: str, on: str, where: str) -> None:
    """What needs attention: of all records that stand, or of one RECORD.

    Each recorded case is decided again with today's rule book, with today's scenario file, and from today's date, one at
    a time. What comes out otherwise is told with the rules that came and went.
    """
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.review import review as look
    from sharedvalue.engine.governance.words import reviewed

    if scenario and not record:
        raise click.UsageError("--scenario belongs to one record: sharedvalue review RECORD --scenario FILE.")
    with open_ledger(where) as opened:
        found = look(opened, call.book, read_date("--on", on) if on else dt.date.today(), record, scenario)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(reviewed(found).lines())
