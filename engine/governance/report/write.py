"""Writes a report to a file, in the format that its suffix says: all of it, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.governance.report.cells import as_csv, xlsx
from sharedvalue.engine.governance.report.document import REPORT, SUMMARY, TRANSPARENCY, Told
from sharedvalue.engine.governance.report.docx import docx
from sharedvalue.engine.governance.report.html import html
from sharedvalue.engine.governance.report.madr import madr
from sharedvalue.engine.governance.report.pdf import pdf
from sharedvalue.engine.governance.report.provenance import prov_json, prov_n
from sharedvalue.engine.governance.report.transparency import transparency_html, transparency_json
from sharedvalue.engine.language.whole_file import write_whole

NAMES = {REPORT: "report", SUMMARY: "summary for members", TRANSPARENCY: "transparency record"}
Writer = Callable[[Told], str | bytes]
WRITERS: Mapping[str, Writer] = {
    ".html": html,
    ".pdf": pdf,
    ".docx": docx,
    ".xlsx": xlsx,
    ".csv": as_csv,
    ".md": madr,
    ".json": prov_json,
    ".provn": prov_n,
}
FORMATS: Mapping[str, Mapping[str, Writer]] = {  # what may be written, and in which formats
    REPORT: WRITERS,
    SUMMARY: {suffix: WRITERS[suffix] for suffix in (".html", ".pdf", ".docx")},
    TRANSPARENCY: {".html": transparency_html, ".json": transparency_json},
}


def check(path: Path | str, force: bool = False, kind: str = REPORT) -> None:
    """Whether a report, a summary or a transparency record could be written there, before anything is computed.

    Raises:
        UserError: SV112 a file is there, SV120 unknown suffix, SV121 nothing can be written.
    """
    target, suffixes = Path(path), tuple(FORMATS[kind])
    if target.suffix.lower() not in suffixes:
        near = did_you_mean(target.suffix.lower(), suffixes)
        what = (
            f"'{target.suffix}' is not a format of a {NAMES[kind]}"
            if target.suffix
            else "the file name has no suffix"
        )
        raise mistake("SV120", str(target), what, f"{near} Choose one of {', '.join(suffixes)}.".strip())
    if target.is_dir():
        raise mistake("SV121", str(target), "this is a directory", "Give the name of a file in it.")
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise mistake(
            "SV121", str(target), f"nothing can be written in {target.parent}", "Choose another place."
        )
    if os.path.lexists(target) and not force:
        raise mistake(
            "SV112", str(target), "this file is there already", "Give another name, or say --force."
        )


def write(told: Told, path: Path | str) -> None:
    """Writes the report; a file of that name is replaced only once all is written."""
    target = Path(path)
    content = FORMATS[told.kind][target.suffix.lower()](told)
    raw = content.encode("utf-8") if isinstance(content, str) else content
    try:
        write_whole(target, raw, 0o600 if not told.others else 0o644)  # it names who took part
    except OSError as error:
        raise mistake(
            "SV121", str(target), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None
