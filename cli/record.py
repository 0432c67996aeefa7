"""`sharedvalue record`: a decision goes into the ledger, with who took part, what was agreed, and when it is reviewed."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option, read_date, signer_of

if TYPE_CHECKING:
    from sharedvalue.engine.governance.ledger import Record
    from sharedvalue.engine.governance.record import Minutes

SCHEMA = "sharedvalue/record/1"


@click.command(
    epilog='\b\nExamples:\n  sharedvalue record my-community.yaml --by "community leader" --review-date 2027-03-01\n'
    '  sharedvalue record --answers R0001 --by "steering group" --agreed "The focus shifts" \\\n'
    '    --sponsor-part "Unit manager, meeting of 3 May: agrees" --review-date 2027-03-01\n'
    "  sharedvalue record my-community.yaml --by leader --dry-run"
)
@click.argument("scenario", required=False, default="")
@click.option("--answers", default="", metavar="RECORD", help="The earlier record that this one answers.")
@click.option("--by", multiple=True, metavar="ROLE", help="Who decided: a role, not a name. Repeatable.")
@click.option("--agreed", default="", metavar="TEXT", help="What was agreed.")
@click.option(
    "--sponsor-part", default="", metavar="TEXT", help="Who of the sponsor took part, when, what they said."
)
@click.option("--dissent", multiple=True, metavar="TEXT", help="Who disagreed, and with what. Repeatable.")
@click.option("--review-date", default="", metavar="DATE", help="When it is looked at again: year-month-day.")
@click.option(
    "--evidence", multiple=True, metavar="FILE", help="A file behind the facts; its hash is kept. Repeatable."
)
@click.option("--sign", is_flag=True, help="Sign with your key (see: ledger keys).")
@click.option("--key", default="", metavar="FILE", help="Sign with the key of this file.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded; write nothing.")
@ledger_option
@global_options
def record(
    call: Call,
    scenario: str,
    answers: str,
    by: tuple[str, ...],
    agreed: str,
    sponsor_part: str,
    dissent: tuple[str, ...],
    review_date: str,
    evidence: tuple[str, ...],
    sign: bool,
    key: str,
    dry_run: bool,
    where: str,
) -> None:
    """Put a decision on record: SCENARIO as it is decided now, or the case of the record that it --answers.

    Without the sponsor's part, a shift or a restriction is recorded as a proposal. What was recorded is never changed:
    a later record answers it.
    """
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.record import Minutes, draft, write
    from sharedvalue.engine.governance.words import recorded

    minutes = Minutes(
        by, agreed, sponsor_part, dissent, read_date("--review-date", review_date) if review_date else None
    )
    if sys.stdin.isatty() and scenario != "-" and not call.json:
        minutes = _asked(minutes)
    signer = signer_of(sign, key)
    answered = None
    if answers:
        with open_ledger(where) as ledger:
            answered = ledger.record(answers)
    made = draft(call.book, scenario, minutes, dt.date.today(), answered, evidence)
    written = None
    shown = where
    if not dry_run:
        with open_ledger(where, writing=True) as ledger:
            written, shown = write(ledger, made, signer), ledger.shown
    if call.json:
        call.print_json(record_json(made.payload if written is None else written.payload, written))
    else:
        call.print(recorded(made, written, shown, shown if where else "").lines())


def _asked(minutes: Minutes) -> Minutes:
    """What was left out, asked at the terminal; an empty answer leaves it out."""
    from dataclasses import replace

    def ask(question: str) -> str:
        return str(click.prompt(question, default="", show_default=False, err=True)).strip()

    if not minutes.by:
        by = ask("Who decides this? Roles, not names, with commas between")
        minutes = replace(minutes, by=tuple(role.strip() for role in by.split(",") if role.strip()))
    if not minutes.agreed and not minutes.sponsor_part:
        part = ask("Did the sponsor take part? Who, when, what they said (Enter: not yet)")
        minutes = replace(minutes, sponsor_part=part)
        if part:
            minutes = replace(minutes, agreed=ask("What was agreed?"))
    if not minutes.dissent:
        dissent = ask("Who disagreed, and with what? (Enter: nobody)")
        minutes = replace(minutes, dissent=(dissent,) if dissent else ())
    if minutes.review_date is None:
        date = ask("When will you look at it again? year-month-day (Enter: not set)")
        minutes = replace(minutes, review_date=read_date("review date", date) if date else None)
    return minutes


def record_json(payload: dict[str, object], written: Record | None) -> dict[str, object]:
    """A record as other programs read it; nothing of the chain where it was only tried."""
    return {
        "schema": SCHEMA,
        "record": None if written is None else written.id,
        "hash": None if written is None else written.hash,
        "previous": None if written is None else written.previous,
        "receipt": None if written is None else written.receipt,
        "signature": None if written is None else written.signature,
        "payload": payload,
    }
