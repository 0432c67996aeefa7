"""Writes a text file whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.whole_file import write_whole

OTHER_NAME = "Give another name."
FORCE = "Give another name, or say --force to replace it."


def check_target(path: Path | str, force: bool, instead: str = FORCE) -> None:
    """Whether a file could be written there, before anything is asked or computed. `instead` is the mend
    where a file is there already.

    Raises:
        UserError: SV112 where a file is there already, SV121 where nothing can be written.
    """
    target = Path(path)
    if target.is_dir():
        raise mistake("SV121", str(target), "this is a directory", "Give the name of a file in it.")
    if not target.parent.is_dir():
        raise mistake(
            "SV121",
            str(target),
            f"there is no directory {target.parent}",
            "Make it first, or choose another place.",
        )
    if not os.access(target.parent, os.W_OK):
        raise mistake(
            "SV121", str(target), f"nothing may be written in {target.parent}", "Choose another place."
        )
    if not force and os.path.lexists(target):
        raise mistake(
            "SV112",
            str(target),
            "this file is there already",
            instead,
        )


def write_text(path: Path | str, text: str, force: bool, instead: str = FORCE) -> None:
    """Writes a file in UTF-8; another one of that name is replaced only with `force`, and only once all is written.

    Raises:
        UserError: SV112 where a file is there already, SV121 where nothing can be written.
    """
    target = Path(path)
    check_target(target, force, instead)
    try:
        write_whole(target, text.encode("utf-8"), replace=force)
    except FileExistsError:
        raise mistake(
            "SV112",
            str(target),
            "this file is there already",
            instead,
        ) from None
    except OSError as error:
        raise mistake(
            "SV121", str(target), f"it cannot be written: {error.strerror or error}", "Choose another place."
        ) from None
