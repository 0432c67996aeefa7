"""Writes a map to a file, in the format that its suffix says, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.graph.map_html import map_page
from sharedvalue.engine.graph.map_parts import Map
from sharedvalue.engine.graph.map_svg import picture
from sharedvalue.engine.graph.png import png
from sharedvalue.engine.graph.write import check, save

WRITERS: Mapping[str, Callable[[Map], str | bytes]] = {
    ".svg": lambda drawn: f'<?xml version="1.0" encoding="UTF-8"?>\n{picture(drawn)}\n',
    ".png": lambda drawn: png(picture(drawn)),
    ".html": map_page,
}


def check_map(path: Path | str) -> None:
    """Whether a map could be written there, before anything is computed.

    Raises:
        UserError: SV120 for a suffix that is not known, SV121 where nothing can be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in WRITERS:
        what = (
            f"'{target.suffix}' is not a format that a map can have"
            if suffix
            else "the file name has no suffix"
        )
        mend = f"{did_you_mean(suffix, WRITERS)} Choose one of {', '.join(WRITERS)}.".strip()
        raise mistake("SV120", str(target), what, mend)
    check(target)


def write_map(drawn: Map, path: Path | str) -> None:
    """Writes the map. A file of that name is replaced only once all is written.

    Raises:
        UserError: SV120 for a suffix that is not known, SV121 where nothing can be written.
    """
    target = Path(path)
    check_map(target)
    made = WRITERS[target.suffix.lower()](drawn)
    save(target, made.encode("utf-8") if isinstance(made, str) else made)
