"""`sharedvalue ledger`: what is on record, whether it is sound, a backup of it, and the keys that sign it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.ledger_options import ledger_option
from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.governance.ledger import Record
    from engine.governance.verify import Verified


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
    from engine.governance.ledger import open_ledger

    with open_ledger(where) as opened:
        rows = [_row(record) for record in opened.records()]
        shown = opened.shown
    if call.json:
        call.print_json({"schema": "sharedvalue/ledger-list/1", "ledger": shown, "records": rows})
        return
    from cli.tables import table

    cells = [
        [
            r["record"],
            str(r["recorded_at"])[:10],
            r["title"],
            str(r["outcome"]).replace("_", " ").lower(),
            r["status"],
            r["review_date"] or "",
            r["answers"],
        ]
        for r in rows
    ]
    heads = ["Record", "On", "Title", "Outcome", "Status", "Review", "Answers"]
    call.print(table(heads, cells))


def _row(record: Record) -> dict[str, object]:
    from engine.governance.chain import name_of

    payload = record.payload
    return {
        "record": record.id,
        "recorded_at": payload["recorded_at"],
        "title": payload["scenario"]["title"],
        "outcome": payload["decision"]["outcome"],
        "modes": payload["decision"]["modes"],
        "status": payload["decision"]["status"],
        "review_date": payload["agreement"]["review_date"],
        "answers": None if payload["answers"] is None else name_of(payload["answers"]),
        "waits": bool(payload["waits_for"]),
        "rulebook": payload["rulebook"]["hash"],
        "hash": record.hash,
        "signed_by": payload["signed_by"],
    }


@ledger.command(
    epilog="\b\nExamples:\n  sharedvalue ledger show R0001\n  sharedvalue ledger show R0001 --json"
)
@click.argument("record")
@ledger_option
@global_options
def show(call: Call, record: str, where: str) -> None:
    """One record, as it was written."""
    from cli.record import record_json
    from engine.governance.ledger import open_ledger

    with open_ledger(where) as opened:
        found = opened.record(record)
    if call.json:
        call.print_json(record_json(found.payload, found))
    else:
        call.print(_shown(found))


def _shown(record: Record) -> Iterator[str]:
    from engine.governance.chain import name_of

    payload = record.payload
    yield f"{record.id}  {payload['scenario']['title']}"
    answers = "" if payload["answers"] is None else f", answers {name_of(payload['answers'])}"
    yield from fold(
        f"Recorded {payload['recorded_at']} by {', '.join(payload['people']['by'])}{answers}.", WIDTH, " "
    )
    for section in payload["told"]:
        entries = [e for e in section["entries"] if "Next: sharedvalue" not in e["text"]]
        if entries:
            yield ""
            if section["heading"]:
                yield section["heading"]
            for entry in entries:
                rule = f" [{entry['rule']}]" if entry["rule"] else ""
                yield from fold(" ".join(entry["text"].split()) + rule, WIDTH, "   ", first=" ")
    yield ""
    agreement = payload["agreement"]
    for name, text in (
        ("The sponsor's part", payload["people"]["sponsor_part"]),
        ("Agreed", agreement["agreed"]),
        ("Dissent", "; ".join(agreement["dissent"])),
        ("Review", agreement["review_date"]),
    ):
        yield from fold(f"{name}: {text or 'none on record'}", WIDTH, "   ", first=" ")
    book = payload["rulebook"]
    yield from fold(f"Rule book {book['version']}, {book['hash']}", WIDTH, "   ", first=" ")
    for change in book["house_changes"]:
        yield from fold(
            f"House change: {change['name']} {change['what']} ({change['because']})", WIDTH, "   ", first=" "
        )
    yield from fold(f"Hash {record.hash}", WIDTH, "   ", first=" ")
    yield from fold(f"Signed by {payload['signed_by'] or 'nobody'}", WIDTH, "   ", first=" ")


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
    from engine.governance.ledger import open_ledger
    from engine.governance.verify import verify as check

    with open_ledger(where) as opened:
        found = check(opened, receipts, keys)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(_verified(found))
    ctx.exit(0 if found.sound else 1)


def _verified(found: Verified) -> Iterator[str]:
    if found.broken is not None:
        yield f"BROKEN at {found.broken.record}"
        yield from fold(found.broken.what, WIDTH, " ", first=" ")
        yield from fold(
            f"{found.count} records before it are sound. Keep the file as it is, and compare a backup.",
            WIDTH,
            " ",
            first=" ",
        )
    else:
        yield f"SOUND  {found.count} record{'' if found.count == 1 else 's'}"
        yield " Every record is there, unchanged, and follows the one before it."
    for key, count in found.signed.items():
        yield from fold(
            f"Signed: {count} by {key}. Whose key it is, a ledger cannot say.", WIDTH, "   ", first=" "
        )
    if found.unsigned and found.signed:
        yield f" Not signed: {found.unsigned}"
    for text in (*found.receipts, *found.remarks):
        yield from fold(text, WIDTH, "   ", first=" ")
    if found.sound and not found.receipts:
        yield from fold(
            "Not shown: whether the last records were cut off, or all was rewritten. A receipt kept outside shows it: --receipt.",
            WIDTH,
            "   ",
            first=" ",
        )
    yield from fold(f"Ledger: {found.shown}", WIDTH, "   ", first=" ")


@ledger.command(epilog="\b\nExamples:\n  sharedvalue ledger backup ledger-2026-11.sqlite")
@click.argument("file")
@ledger_option
@global_options
def backup(call: Call, file: str, where: str) -> None:
    """Copy the whole ledger to a new FILE, and verify the copy."""
    from engine.governance.ledger import open_ledger
    from engine.governance.verify import verify as check

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
    from engine.governance.signing import default_key, make_key, read_key

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
