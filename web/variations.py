"""The file of saved variations beside a scenario: variations/NAME.yaml in the folder, as `what-if` reads it."""

from __future__ import annotations

from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.scenario_file import read_text
from sharedvalue.engine.language.whole_file import Elsewhere, rewrite
from sharedvalue.web.cases import Changed, Opened

FOLDER = "variations"


def path_of(opened: Opened) -> Path:
    """Where the variations of a scenario are; the name is made from the file's own, never from a request."""
    return opened.case.path.parent / FOLDER / f"{opened.case.path.stem}.yaml"


def text_of(opened: Opened) -> str:
    path = path_of(opened)
    return read_text(path) if path.is_file() else ""


def write(opened: Opened, before: str, after: str) -> None:
    """Another text for the file of variations; an empty one takes it away. Raises Changed where it is another by now."""
    path = path_of(opened)

    def change(now: bytes) -> bytes | None:
        if now != before.encode():
            raise Elsewhere
        return after.encode() or None

    try:
        path.parent.mkdir(exist_ok=True)
        rewrite(path, change)
    except Elsewhere:
        raise Changed(opened) from None
    except OSError as error:
        raise mistake(
            "SV121", str(path), f"it cannot be written: {error.strerror or error}", "Check the folder."
        ) from None
