"""`sharedvalue ledger`: what is on record, whether it is sound, a backup of it, and the keys that sign it."""

from __future__ import annotations

from pathlib import Path

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option
from sharedvalue.engine.telling.page import WIDTH, fold


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue ledger list\n  sharedvalue ledger show R0001\n  sharedvalue ledger verify\n"
    "  sharedvalue ledger backup ledger-2026-11.sqlite\n  sharedvalue ledger keys",
)
@global_options
@click.pass_context
def ledger(ctx: click.Context, call: Call) -> None:
    """The ledger of decisions: list, show, verify, backup, keys."""
    if ctx.invoked_subcommand is None:
        call.print(ctx.get_help())


@ledger.command(
    "list",
    epilog="\b\nExamples:\n  sharedvalue ledger list\n  sharedvalue ledger list --ledger ours.sqlite --json",
)
@ledger_option
@global_options
def list_(call: Call, where: str) -> None:
    """All records, the first first."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.words import HEADS, cells, row

    with open_ledger(where) as opened:
        rows = [row(record) for record in opened.records()]
        shown = opened.shown
    if call.json:
        call.print_json({"schema": "sharedvalue/ledger-list/2", "ledger": shown, "records": rows})
        return
    from sharedvalue.cli.tables import table

    call.print(table(list(HEADS), [cells(row) for row in rows]))


@ledger.command(
    epilog="\b\nExamples:\n  sharedvalue ledger show R0001\n  sharedvalue ledger show R0001 --json"
)
@click.argument("record")
@ledger_option
@global_options
def show(call: Call, record: str, where: str) -> None:
    """One record, as it was written."""
    from sharedvalue.cli.record import record_json
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.words import as_written

    with open_ledger(where) as opened:
        found = opened.record(record)
    if call.json:
        call.print_json(record_json(found.payload, found))
    else:
        call.print(as_written(found).lines())


@ledger.command(
    epilog="\b\nExamples:\n  sharedvalue ledger verify\n  sharedvalue ledger verify --receipt R0007:5c1f...\n"
    "  sharedvalue ledger verify --key ed25519:..."
)
@click.option(
    "--receipt", "receipts", multiple=True, metavar="RECEIPT", help="What `record` printed; repeatable."
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="A public key you trust: all must be signed. Repeatable.",
)
@ledger_option
@global_options
@click.pass_context
def verify(
    ctx: click.Context, call: Call, receipts: tuple[str, ...], keys: tuple[str, ...], where: str
) -> None:
    """Is every record there, unchanged, and in its place? Exit 0 sound, 1 broken.

    Without a receipt kept elsewhere, or signatures, nobody can tell a ledger that was rewritten as a whole, or whose last
    records were cut off with care, from one that was not.
    """
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.verify import verify as check
    from sharedvalue.engine.governance.words import verified

    with open_ledger(where) as opened:
        found = check(opened, receipts, keys)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(verified(found).lines())
    ctx.exit(0 if found.sound else 1)


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger backup ledger-2026-11.sqlite")
@click.argument("file")
@ledger_option
@global_options
def backup(call: Call, file: str, where: str) -> None:
    """Copy the whole ledger to a new FILE, and verify the copy."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.verify import verify as check
    from sharedvalue.engine.governance.words import verified

    with open_ledger(where) as opened:
        opened.backup(Path(file))
    with open_ledger(file) as copy:
        found = check(copy)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(verified(found).lines())


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger keys\n  sharedvalue ledger keys --new")
@click.option("--new", is_flag=True, help="Make a key; an old one is never replaced.")
@click.option("--key", default="", metavar="FILE", help="The key of this file instead of the default one.")
@global_options
def keys(call: Call, new: bool, key: str) -> None:
    """Your signing key: its public half, which others need to check your signatures."""
    from sharedvalue.engine.governance.signing import default_key, make_key, read_key

    path = Path(key) if key else default_key()
    signer = make_key(path) if new else read_key(path)
    if call.json:
        call.print_json({"schema": "sharedvalue/ledger-keys/1", "file": str(path), "public": signer.public})
        return
    call.print(
        [
            f"PUBLIC KEY  {signer.public}",
            *fold(
                f"Private half: {path}. Give it to nobody, and keep a copy in a safe place.",
                WIDTH,
                " ",
                first=" ",
            ),
            " Others check with: sharedvalue ledger verify --key PUBLIC-KEY",
        ]
    )
