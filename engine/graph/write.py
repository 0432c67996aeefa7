"""Writes a graph to a file, in the format that its suffix says, all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.graph.html import page
from sharedvalue.engine.graph.png import png
from sharedvalue.engine.graph.svg import picture
from sharedvalue.engine.graph.text_formats import as_json, dot, graphml, mermaid
from sharedvalue.engine.language.whole_file import write_whole

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph


def _svg(graph: Graph) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture(graph)}\n'


def _png(graph: Graph) -> bytes:
    return png(picture(graph))


WRITERS: Mapping[str, Callable[[Graph], str | bytes]] = {
    ".svg": _svg,
    ".png": _png,
    ".html": page,
    ".dot": dot,
    ".mmd": mermaid,
    ".graphml": graphml,
    ".json": as_json,
}
SUFFIXES = tuple(WRITERS)


def check(path: Path | str) -> None:
    """Whether a graph could be written there, before anything is computed.

    Raises:
        UserError: SV120 for a suffix that is not known, SV121 where nothing can be written.
    """
    target = Path(path)
    if target.suffix.lower() not in WRITERS:
        near = did_you_mean(target.suffix.lower(), SUFFIXES)
        what = (
            f"'{target.suffix}' is not a format that a graph can have"
            if target.suffix
            else "the file name has no suffix"
        )
        raise mistake("SV120", str(target), what, f"{near} Choose one of {', '.join(SUFFIXES)}.".strip())
    try:
        if target.is_dir():
            raise mistake("SV121", str(target), "this is a directory", "Give the name of a file in it.")
        target.exists()  # a name that is too long is told apart here
    except (OSError, ValueError) as error:
        raise _cannot(target, error) from None
    if not target.parent.is_dir():
        what = f"there is no directory {target.parent}"
        raise mistake("SV121", str(target), what, "Make it first, or choose another place.")
    if not os.access(target.parent, os.W_OK):
        raise mistake(
            "SV121", str(target), f"nothing may be written in {target.parent}", "Choose another place."
        )


def _cannot(target: Path, error: OSError | ValueError) -> UserError:
    why = getattr(error, "strerror", None) or str(error)
    return mistake("SV121", str(target), f"it cannot be written: {why}", "Choose another place.")


def write(graph: Graph, path: Path | str) -> None:
    """Writes a graph; the format follows from the suffix. A file of that name is replaced only once all is written.

    Raises:
        UserError: SV120 for a suffix that is not known, SV121 where nothing can be written.
    """
    target = Path(path)
    check(target)
    made = WRITERS[target.suffix.lower()](graph)
    save(target, made.encode("utf-8") if isinstance(made, str) else made)


def save(target: Path, data: bytes) -> None:
    """Writes a file; one of that name is replaced only once all is written.

    Raises:
        UserError: SV121 where nothing can be written.
    """
    try:
        write_whole(target, data)
    except (OSError, ValueError) as error:
        raise _cannot(target, error) from None
