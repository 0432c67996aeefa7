"""`sharedvalue report`: one record as a document, for a board, for others, or for machines."""

from __future__ import annotations

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option


@click.command(
    epilog="\b\nExamples:\n  sharedvalue report R0001 -o report.html\n  sharedvalue report R0001 -o report.pdf\n"
    "  sharedvalue report R0001 -o decision.md\n  sharedvalue report R0001 -o for-members.pdf --for-others\n"
    "  sharedvalue report R0001 --as summary -o for-members.pdf\n  sharedvalue report R0001 --as transparency -o atrs.json"
)
@click.argument("record")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    required=True,
    metavar="FILE",
    help="html, pdf, docx, xlsx, csv, md (MADR), json (PROV-JSON) or provn, by suffix. Repeatable.",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["report", "summary", "transparency"]),
    default="report",
    show_default=True,
    help="The report for a board; one page for members (html, pdf, docx); or an algorithmic transparency record "
    "in the fields of the UK's ATRS (html, json).",
)
@click.option("--for-others", is_flag=True, help="Leave out personal words, and numbers about a few people.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@ledger_option
@global_options
def report(
    call: Call, record: str, outputs: tuple[str, ...], kind: str, for_others: bool, force: bool, where: str
) -> None:
    """RECORD as one readable document: a page of sentences, the options, the facts, what was decided, and annexes."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.report.document import tell
    from sharedvalue.engine.governance.report.write import check, write

    for output in outputs:
        check(output, force, kind)
    with open_ledger(where) as opened:
        told = tell(opened, opened.record(record), for_others, kind)
    for output in outputs:
        write(told, output)
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/report/1",
                "record": told.record.id,
                "files": list(outputs),
                "for_others": for_others,
                "replayed_the_same": told.replay.same,
            }
        )
        return
    call.print([f"wrote {output}" for output in outputs])
    if not told.replay.same:
        call.note(
            "This release decides the recorded case otherwise; the report says so. See: sharedvalue replay"
        )
