"""The files of a rule book: taken into the ledger, each content once, and laid out again for a replay."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.governance.chain import digest
from sharedvalue.engine.governance.ledger import Ledger
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook, earlier_folders
from sharedvalue.engine.language.source import MAX_BYTES

Json = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A rule book as it is recorded: its layers (file names with hashes) and the contents by hash."""

    layers: tuple[Json, ...]
    contents: Mapping[str, bytes]


def keep(book: RuleBook) -> Kept:
    """The files of a rule book and of the house directories laid over it."""
    layers: list[Json] = []
    contents: dict[str, bytes] = {}
    for position, folder in enumerate(book.folders):
        named: dict[str, str] = {}
        root = Path(folder)
        try:
            paths = root.glob("*.yaml") if position == 0 else root.rglob("*")
            for path in sorted(p for p in paths if p.suffix in (".yaml", ".yml") and p.is_file()):
                with path.open("rb") as file:
                    content = file.read(MAX_BYTES + 1)
                hashed = digest(content)
                named[path.relative_to(root).as_posix()] = hashed
                contents[hashed] = content
        except OSError as error:
            raise mistake(
                "SV103", folder, f"cannot be read: {error.strerror or error}", "Check its permissions."
            ) from None
        layers.append({"name": "rules" if position == 0 else root.name, "files": named})
    return Kept(tuple(layers), contents)


def laid_out(layers: Sequence[Json], contents: Mapping[str, bytes], where: str) -> RuleBook:
    """The rule book of recorded files; one that was read before is not read again.

    Raises:
        UserError: SV507 where a file is gone, or this release cannot read the book any more.
    """
    found: list[tuple[tuple[str, bytes], ...]] = []
    for layer in layers:
        for name, hashed in layer["files"].items():
            content, pure = contents.get(hashed), PurePosixPath(name)
            if content is None or digest(content) != hashed:
                raise mistake(
                    "SV507",
                    where,
                    f"the rule book of this record is gone: {name} is not there as it was",
                    "The record itself can still be read: sharedvalue ledger show. Go back to a backup.",
                )
            if pure.is_absolute() or not pure.name or ".." in pure.parts or set(name) & set("\\:\0"):
                raise mistake(
                    "SV507", where, "a file of its rule book has no proper name", "Go back to a backup."
                )
        found.append(tuple((name, contents[hashed]) for name, hashed in layer["files"].items()))
    if not found:
        raise mistake("SV507", where, "this record names no rule book", "Go back to a backup.")
    try:
        return _read(tuple(found))
    except OSError as error:
        raise mistake(
            "SV507",
            where,
            f"its rule book cannot be laid out: {error.strerror or error}",
            "Make room, or go back to a backup.",
        ) from None
    except UserError as error:
        first = error.problems[0]
        raise mistake(
            "SV507",
            where,
            f"this release cannot read the rule book of the record ({first.code}: {first.what})",
            "Replay it with the release that recorded it; the record says which.",
        ) from None


def came_with(hashed: str) -> RuleBook | None:
    """The rule book of this hash among those that came with sharedvalue, now or before; None where there is none."""
    for folder in (None, *earlier_folders().values()):
        book = load((), folder)
        if book.hash == hashed:
            return book
    return None


@lru_cache(maxsize=8)  # a review reads many records by few books; the key is all of their content
def _read(layers: tuple[tuple[tuple[str, bytes], ...], ...]) -> RuleBook:
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as scratch:
        folders = []
        for position, files in enumerate(layers):
            folder = Path(scratch) / f"{position:02d}"
            folders.append(folder)
            folder.mkdir()
            for name, content in files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return load(folders[1:], folders[0])


def recorded_book(ledger: Ledger, payload: Json) -> tuple[Sequence[Json], Mapping[str, bytes]]:
    """What `laid_out` needs for the rule book of a record."""
    layers = payload["rulebook"]["layers"]
    hashes = {f"{i}/{name}": h for i, layer in enumerate(layers) for name, h in layer["files"].items()}
    return layers, ledger.files(hashes)
