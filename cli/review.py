"""`sharedvalue review`: what is due, what ran out, what waits, and what would come out otherwise today, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.ledger_options import ledger_option, read_date
from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.governance.review import Change, Review, Reviewed

TODAY = {"rule book": "TODAY'S RULE BOOK", "facts": "TODAY'S FACTS", "date": "TODAY'S DATE"}


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
    from engine.governance.ledger import open_ledger
    from engine.governance.review import review as look

    if scenario and not record:
        raise click.UsageError("--scenario belongs to one record: sharedvalue review RECORD --scenario FILE.")
    with open_ledger(where) as opened:
        found = look(opened, call.book, read_date("--on", on) if on else dt.date.today(), record, scenario)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(_lines(found))


def _lines(found: Review) -> Iterator[str]:
    need = [r for r in found.records if r.needs_attention]
    rest = [r for r in found.records if not r.needs_attention]
    yield f"REVIEW of {found.today}: {len(need)} of {len(found.records)} need attention"
    if found.answered:
        yield f" Answered by a later record, and left out: {found.answered}"
    for one in need:
        yield ""
        yield from _one(one)
    if rest:
        yield ""
        yield "NOTHING TO DO"
        for one in rest:
            said = f"{one.id}  {one.title}: {one.answer}; review {one.review_date or 'not set'}"
            yield from fold(said, WIDTH, "   ", first=" ")
            for change in one.changes:
                yield from _change(change)
            for note in one.notes:
                yield from fold(note, WIDTH, "     ", first="   ")


def _one(one: Reviewed) -> Iterator[str]:
    yield from fold(f"{one.id}  {one.title}", WIDTH, "   ")
    yield from fold(f"{one.answer}; recorded {one.recorded[:10]}", WIDTH, "   ", first=" ")
    if one.due:
        yield f" DUE      since {one.review_date}"
    for text in one.expired:
        yield from fold(f"EXPIRED  {text}", WIDTH, "          ", first=" ")
    for text in one.waits:
        yield from fold(f"WAITS    {text}", WIDTH, "          ", first=" ")
    for change in one.changes:
        yield from _change(change)
    for note in one.notes:
        yield from fold(f"Note: {note}", WIDTH, "   ", first=" ")


def _change(change: Change) -> Iterator[str]:
    if change.problem:
        yield from fold(
            f"{TODAY[change.by]}: it cannot be decided. {change.problem}", WIDTH, "   ", first=" "
        )
        return
    if not change.differs:
        yield f" {TODAY[change.by]}: comes out the same"
        return
    yield from fold(f"{TODAY[change.by]}: comes out otherwise: {change.after}", WIDTH, "   ", first=" ")
    for text in change.why[:6]:
        yield from fold(text, WIDTH, "     ", first="   ")
    if len(change.why) > 6:
        yield f"   and {len(change.why) - 6} more changes"
    for mark, rules in (("+", change.gained), ("-", change.lost)):
        for ruled in rules:
            star = " (on the way to the decision)" if ruled.deciding else ""
            yield from fold(f"{mark} {ruled.rule} {ruled.line}{star}", WIDTH, "       ", first="   ")
