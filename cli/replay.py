"""`sharedvalue replay`: decides a record again, from the ledger alone, and says whether it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.ledger_options import ledger_option
from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.governance.replay import Replay


@click.command(
    epilog="\b\nExamples:\n  sharedvalue replay R0001\n  sharedvalue replay R0001 --ledger ours.sqlite --json"
)
@click.argument("record")
@ledger_option
@global_options
@click.pass_context
def replay(ctx: click.Context, call: Call, record: str, where: str) -> None:
    """Decide RECORD again by the rule book as it was. Exit 0 the same, 1 different."""
    from engine.governance.ledger import open_ledger
    from engine.governance.replay import replay as decide_again

    with open_ledger(where) as opened:
        found = decide_again(opened, opened.record(record))
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(_lines(found))
    ctx.exit(0 if found.same else 1)


def _lines(found: Replay) -> Iterator[str]:
    payload = found.record.payload
    yield f"{'THE SAME' if found.same else 'DIFFERENT'}  {found.record.id}  {payload['decision']['outcome']}"
    book = payload["rulebook"]
    yield from fold(f"Rule book {book['version']}, {book['hash']}", WIDTH, "   ", first=" ")
    yield from fold(
        f"Recorded by sharedvalue {found.recorded_by}, replayed by {found.release}.", WIDTH, " ", first=" "
    )
    if found.same:
        yield " Decision, trace, flips, evidence and alternatives are the same, bit for bit."
    for one in found.differences:
        yield from fold(one.where, WIDTH, "   ", first=" ")
        yield from fold(f"recorded: {one.recorded}", WIDTH, "     ", first="   ")
        yield from fold(f"replayed: {one.replayed}", WIDTH, "     ", first="   ")
