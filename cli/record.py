"""`sharedvalue record`: a proposal goes into the ledger, with what people decided about it, and later what became of it."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from sharedvalue.cli.call import Call, global_options, read_settings
from sharedvalue.cli.ledger_options import ledger_option, read_date, signer_of
from sharedvalue.cli.record_form import asked, form_options, read_options

if TYPE_CHECKING:
    from sharedvalue.engine.governance.ledger import Record
    from sharedvalue.engine.governance.record import Draft

SCHEMA = "sharedvalue/record/2"
DATED_BY = "--review-date YEAR-MONTH-DAY"


@click.command(
    epilog='\b\nExamples:\n  sharedvalue record my-community.yaml --by "community leader" --review-date 2027-03-01\n'
    "  sharedvalue record my-community.yaml --blank -o decision.yaml\n"
    "  sharedvalue record my-community.yaml --form decision.yaml --dry-run\n"
    '  sharedvalue record --answers R0001 --by "steering group" --decision RESTRICT_MEMBERSHIP \\\n'
    '    --sponsor agrees --sponsor-role "unit manager" --sponsor-date 2026-12-03\n'
    '  sharedvalue record --what-happened R0001 --by "community leader" --result done --words "42 stayed" \\\n'
    "    --measured sponsor_value_now=60"
)
@click.argument("scenario", required=False, default="")
@click.option("--answers", default="", metavar="RECORD", help="The earlier record that this one answers.")
@click.option(
    "--form", "form_file", default="", metavar="FILE", help="Take the decision form from a YAML file."
)
@click.option("--blank", is_flag=True, help="Write a blank decision form, to be filled in; record nothing.")
@click.option(
    "-o", "--output", default="", metavar="FILE", help="Where the blank form goes; else it is printed."
)
@click.option("--force", is_flag=True, help="Replace a file that is there with the blank form.")
@form_options
@click.option("--what-happened", default="", metavar="RECORD", help="Add what became of an earlier decision.")
@click.option(
    "--result", default="", metavar="WORD", help="With --what-happened: done, not_done or otherwise."
)
@click.option(
    "--words", default="", metavar="TEXT", help="With --what-happened: what happened, in a few sentences."
)
@click.option("--done", multiple=True, metavar="ACTION", help="A follow-up action that was done: its number or beginning. Repeatable.")  # fmt: skip
@click.option("--measured", multiple=True, metavar="FACT=VALUE", help="A fact that was measured again. Repeatable; or give a SCENARIO.")  # fmt: skip
@click.option("--evidence", multiple=True, metavar="FILE", help="A file behind the facts; its hash is kept. Repeatable.")  # fmt: skip
@click.option("--sign", is_flag=True, help="Sign with your key (see: ledger keys).")
@click.option("--key", default="", metavar="FILE", help="Sign with the key of this file.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded; write nothing.")
@ledger_option
@global_options
def record(
    call: Call,
    scenario: str,
    answers: str,
    form_file: str,
    blank: bool,
    output: str,
    force: bool,
    what_happened: str,
    result: str,
    words: str,
    done: tuple[str, ...],
    measured: tuple[str, ...],
    evidence: tuple[str, ...],
    sign: bool,
    key: str,
    dry_run: bool,
    where: str,
    **options: Any,
) -> None:
    """Put on record what was proposed and what people decided: of SCENARIO, or of the case of the record that it --answers.

    Without options the questions are asked one by one. A record is called agreed only where the sponsor agreed to what was
    decided. What was recorded is never changed: a later record answers it, and --what-happened adds what became of it.
    """
    from sharedvalue.engine.governance.ledger import open_ledger

    ask = sys.stdin.isatty() and scenario != "-" and not call.json
    answered = None
    if answers:
        with open_ledger(where) as ledger:
            answered = ledger.record(answers)
    if blank:
        _blank(call, scenario, answered, output, force)
        return
    signer = signer_of(sign, key)
    if what_happened:
        made, guided = _happened(
            call, where, what_happened, scenario, result, words, done, measured, evidence, options, ask
        )
    else:
        made, guided = _decided(call, scenario, answered, form_file, options, evidence, ask)
    if guided and not dry_run and not _confirmed(call, made):
        return
    _write(call, made, signer, dry_run, where)


def _confirmed(call: Call, made: Draft) -> bool:
    """Whether what was asked one by one is to be recorded, once it was seen whole."""
    from sharedvalue.engine.governance.words import recorded

    click.echo("\n".join(recorded(made, None, DATED_BY).lines()[1:]), err=True)
    if click.confirm("\nRecord it? It cannot be changed afterwards.", default=None, err=True):
        return True
    call.print("Nothing was recorded.")
    return False


def _decided(
    call: Call,
    scenario: str,
    answered: Record | None,
    form_file: str,
    options: dict[str, Any],
    evidence: tuple[str, ...],
    ask: bool,
) -> tuple[Draft, bool]:
    """The record of a decision, and whether it was asked for question by question."""
    from sharedvalue.engine.governance.form_file import read_form
    from sharedvalue.engine.governance.record import draft, propose

    form = read_options(options)
    if form_file and not form.is_empty:
        raise click.UsageError("Say it in the form of --form, or by options, not in both.")
    if form_file:
        form = read_form(form_file)
    proposed = propose(call.book, scenario, answered)
    guided = ask and form.is_empty
    if guided:
        form = asked(proposed)
    return draft(proposed, form, dt.date.today(), answered, evidence), guided


def _happened(
    call: Call,
    where: str,
    about: str,
    scenario: str,
    result: str,
    words: str,
    done: tuple[str, ...],
    measured: tuple[str, ...],
    evidence: tuple[str, ...],
    options: dict[str, Any],
    ask: bool,
) -> tuple[Draft, bool]:
    """The record of what became of a decision, and whether it was asked for question by question."""
    from sharedvalue.cli.record_form import asked_what_happened
    from sharedvalue.engine.governance.follow_up import Told, follow_up
    from sharedvalue.engine.governance.ledger import open_ledger

    date = read_date("--review-date", options["review_date"]) if options["review_date"] else None
    with open_ledger(where) as ledger:
        found = ledger.record(about)
        told = Told(options["by"], result, words, done, date)
        guided = ask and not result
        if guided:
            told = asked_what_happened(found, told)
        made = follow_up(ledger, found, call.book, told, scenario, read_settings(measured), evidence)
        return made, guided


def _blank(call: Call, scenario: str, answered: Record | None, output: str, force: bool) -> None:
    from sharedvalue.cli.files import write_text
    from sharedvalue.engine.governance.form_file import blank
    from sharedvalue.engine.governance.record import propose
    from sharedvalue.engine.telling.phrases import Phrases

    title, words = "", ""
    if scenario or answered is not None:
        case = propose(call.book, scenario, answered).case
        title = case.decision.worlds.scenario.title
        words = Phrases(case.advice).answer(case.decision.outcome, case.decision.modes)
    text = blank(call.book, title, words)
    if not output:
        call.print(text.rstrip("\n"))
        return
    write_text(Path(output), text, force=force)
    call.print(
        [f"wrote {output}", f"Next: sharedvalue record {scenario or 'SCENARIO'} --form {output} --dry-run"]
    )


def _write(call: Call, made: Draft, signer: Any, dry_run: bool, where: str) -> None:
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.record import write
    from sharedvalue.engine.governance.words import recorded
    from sharedvalue.engine.telling.page import Entry

    written = None
    shown = where
    if not dry_run:
        with open_ledger(where, writing=True) as ledger:
            written, shown = write(ledger, made, signer), ledger.shown
    if call.json:
        call.print_json(record_json(made.payload if written is None else written.payload, written))
    else:
        lines = recorded(made, written, DATED_BY, "--dry-run").lines()
        if written is not None:
            named = f" --ledger {quote(shown)}" if where else ""
            lines += Entry(
                f"Next: sharedvalue report {written.id}{named} -o report.html", indent="", hang=""
            ).lines()
            lines += Entry(f"Ledger: {shown}", indent="", hang="  ").lines()
        call.print(lines)


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
