"""Replaces a scenario file by its edited text: whole or not at all, with the former text kept beside it."""

from __future__ import annotations

import codecs
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.source import read_file
from sharedvalue.engine.language.whole_file import Elsewhere, rewrite, write_whole


def read_text(path: Path | str) -> str:
    """The text of a scenario file as it is to be edited; checked as read_file does, line ends kept."""
    return read_file(path)


def backup_of(path: Path | str) -> Path:
    """Where the former text is kept: beside the file, with `.bak` behind its name."""
    target = Path(path)
    return target.with_name(f"{target.name}.bak")


def save(path: Path | str, before: str, after: str) -> Path:
    """Writes the edited text in the encoding of the file, and keeps the former one. Returns where that is.

    Raises:
        UserError: SV243 where the file is no longer what was edited, SV121 where it cannot be written.
    """
    target, kept = Path(path), backup_of(path)

    def change(raw: bytes) -> bytes:
        if raw == b"" or _decoded(raw) != before:
            raise Elsewhere
        write_whole(kept.resolve(), raw, target.stat().st_mode & 0o777)
        return _encoded(after, raw)

    try:
        rewrite(target, change)
    except (Elsewhere, UnicodeError):
        raise mistake(
            "SV243",
            str(path),
            "the file changed while its new text was made",
            "Nothing was written. Save it in the other program, and run the command again.",
        ) from None
    except OSError as error:
        raise mistake(
            "SV121", str(path), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None
    return kept


def _decoded(raw: bytes) -> str:
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _encoded(text: str, like: bytes) -> bytes:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode("utf-8")
