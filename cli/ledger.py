"""`sharedvalue ledger`: what is on record, whether it is sound, a backup of it, and the keys that sign it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, Entry, fold

if TYPE_CHECKING:
    from sharedvalue.engine.governance.heads import Head
    from sharedvalue.engine.governance.verify import Verified


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue ledger list\n  sharedvalue ledger show R0001\n  sharedvalue ledger verify\n"
    "  sharedvalue ledger head\n  sharedvalue ledger backup ledger-2026-11.sqlite\n  sharedvalue ledger keys",
)
@global_options
@click.pass_context
def ledger(ctx: click.Context, call: Call) -> None:
    """The ledger of decisions: list, show, verify, head, proof, backup, role, keys."""
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
        _told(call, opened.changed)
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
        _told(call, opened.changed)
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
@click.option(
    "--against",
    "heads",
    multiple=True,
    metavar="HEAD-or-FILE",
    help="What `ledger head` printed, or a file that holds it; repeatable.",
)
@ledger_option
@global_options
@click.pass_context
def verify(
    ctx: click.Context,
    call: Call,
    receipts: tuple[str, ...],
    keys: tuple[str, ...],
    heads: tuple[str, ...],
    where: str,
) -> None:
    """Is every record there, unchanged, and in its place? Exit 0 sound, 1 broken.

    What you saw of this ledger before is compared unasked. A second person's head or receipt shows more: without one,
    nobody else can tell a ledger that was rewritten as a whole, or cut short with care, from one that was not.
    """
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.verify import verify as check

    with open_ledger(where) as opened:
        found = check(opened, receipts, keys, [_head(text) for text in heads])
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(_verified(found))
    ctx.exit(0 if found.sound else 1)


@ledger.command(
    "head",
    epilog="\b\nExamples:\n  sharedvalue ledger head\n  sharedvalue ledger head --accept",
)
@click.option("--accept", is_flag=True, help="This is how it should be: it was put back on purpose.")
@ledger_option
@global_options
def head_(call: Call, accept: bool, where: str) -> None:
    """One line that stands for the whole ledger, to publish or to hand to a second person.

    Later, `ledger verify --against LINE` tells whether the ledger still holds all that it held then, and `ledger proof
    --since LINE` shows it to somebody who may not read the records.
    """
    from sharedvalue.engine.governance.heads import head
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.witness import see

    with open_ledger(where) as opened:
        found = head(opened)
        if accept:
            see(opened, found)
        else:
            _told(call, opened.changed)
    if call.json:
        call.print_json(found.as_json(opened.shown))
    else:
        call.print([found.line])


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger proof --since head-of-march.txt")
@click.option("--since", required=True, metavar="HEAD-or-FILE", help="An earlier head of this ledger.")
@ledger_option
@global_options
def proof(call: Call, since: str, where: str) -> None:
    """The hashes that show that this ledger grew out of an earlier head, as RFC 9162 checks them (JSON)."""
    from sharedvalue.engine.governance.heads import proof as shown
    from sharedvalue.engine.governance.ledger import open_ledger

    with open_ledger(where) as opened:
        call.print_json(shown(opened, _head(since)))


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger role | psql postgresql://owner@host/database")
@global_options
def role(call: Call) -> None:
    """SQL for a name in PostgreSQL that may add records, and can neither change nor remove any."""
    from sharedvalue.engine.governance.place import role_sql

    call.print(role_sql().splitlines())


def _verified(found: Verified) -> list[str]:
    from sharedvalue.engine.governance.words import verified

    return [*verified(found, "--receipt").lines(), *Entry(f"Ledger: {found.shown}", hang="  ").lines()]


def _head(said: str) -> Head:
    """A head as it was given: the line itself, or a file that holds it."""
    from sharedvalue.engine.governance.heads import WORD, read_head

    if said.strip().startswith(WORD):
        return read_head(said)
    try:
        with Path(said).open(encoding="utf-8", errors="replace") as file:
            return read_head(file.read(100_000))
    except OSError as error:
        raise mistake(
            "SV101", said, f"cannot be read: {error.strerror or error}", "Check the path."
        ) from None


def _told(call: Call, changed: str) -> None:
    if changed:
        call.note(f"WARNING  {changed} Run: sharedvalue ledger verify.")


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger backup ledger-2026-11.sqlite")
@click.argument("file")
@ledger_option
@global_options
def backup(call: Call, file: str, where: str) -> None:
    """Copy the whole ledger to a new FILE, and verify the copy."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.verify import verify as check

    with open_ledger(where) as opened:
        opened.backup(Path(file))
    with open_ledger(file) as copy:
        found = check(copy)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(_verified(found))


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
