"""`sharedvalue import FILE --pseudonyms OUT --salt FILE`: a copy of an export for others to count, without names and free texts."""

from __future__ import annotations

import csv
import io

from sharedvalue.cli.call import Call
from sharedvalue.cli.files import OTHER_NAME, check_target, write_text
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.telling.page import WIDTH, fold


def write_pseudonyms(call: Call, export: Export, out: str, salt_file: str) -> None:
    """The same person has the same pseudonym in every copy that is made with the same salt."""
    from pathlib import Path

    from sharedvalue.engine.evidence.people import pseudonymous, salt_of

    if Path(out).resolve() == Path(salt_file).resolve():
        raise mistake("SV121", out, "the copy and the salt are one file", "Give two names.")
    check_target(out, False, OTHER_NAME)
    salt = salt_of(Path(salt_file))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    copy = pseudonymous(export, salt)
    writer.writerow(copy.headings)
    writer.writerows(copy.rows)
    write_text(out, text.getvalue(), False, OTHER_NAME)
    if call.json:
        call.print_json(
            {"schema": "sharedvalue/pseudonyms/1", "file": out, "records": export.records, "salt": salt_file,
             "replaced": list(copy.replaced), "left_out": list(copy.left_out)}
        )  # fmt: skip
        return
    lines = [f"{export.records:,} records written to {out}"]
    for words, names in (
        ("Pseudonyms in place of", copy.replaced),
        ("Left out, as they may name people", copy.left_out),
    ):
        if names:
            lines += fold(f"{words}: {', '.join(names)}", WIDTH, "   ", first=" ")
    lines += fold(
        f"Whoever has the salt ({salt_file}) can find out who is who: keep it, and never send it along.",
        WIDTH,
        " ",
        first=" ",
    )
    call.print(iter(lines))
