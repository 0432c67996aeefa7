"""Writes a file so that others see it whole or not at all; the one that was there stays until the new one is complete.

What is compared and written in one step (`rewrite`) is so among all programs: nobody undoes what another was told is saved.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sharedvalue.engine.language.locks import NAME, locked

DRAFT = re.compile(r"\..{0,40}-([0-9]{1,10})-[0-9a-f]{8}\.part")


class Elsewhere(Exception):
    """The file is another one by now."""


def write_whole(target: Path, content: bytes, rights: int | None = None, replace: bool = True) -> None:
    """Writes a file with these rights; else with those of the file that it replaces, or those that a new file gets.

    Raises:
        FileExistsError: where there is one and it is not to be replaced, even if it came in the meantime.
        OSError: where nothing can be written. What was there is untouched.
    """
    _clean(target.parent)
    draft = target.with_name(f".{target.stem[:40]}-{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(draft, _rights(target) if rights is None else rights)
        if replace:
            os.replace(draft, target)
        else:
            _put_beside(draft, target)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _settle(target.parent)


def _put_beside(draft: Path, target: Path) -> None:
    """Gives a draft its name; fails where a file has come in the meantime, as a rename would not."""
    try:
        os.link(draft, target)
        os.unlink(draft)
    except FileExistsError:
        raise
    except (
        OSError
    ):  # a file has one name only there, as on a memory stick: take the name, then put the draft in its place
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(draft, target)


def rewrite(target: Path, change: Callable[[bytes], bytes | None], rights: int | None = None) -> None:
    """Puts in the place of a file what `change` makes of it (b'' where there is none; None takes it away), in one step.

    `change` may raise Elsewhere, where the file is not what it was made for; then nothing is written.

    Raises:
        UserError: SV122 where another program holds the folder for long; OSError: where nothing can be written.
    """
    target = target.resolve()  # a link is followed
    with locked(target):
        before = target.read_bytes() if target.is_file() else b""
        after = change(before)
        if after is None:
            target.unlink(missing_ok=True)
            _settle(target.parent)
        elif after != before or not target.exists():
            write_whole(target, after, rights)


def _settle(folder: Path) -> None:
    """The names in a folder are on the disk, too, where the system can say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clean(folder: Path) -> None:
    """Drafts of programs that were killed while they wrote; those of programs that run are left alone."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            found = DRAFT.fullmatch(entry.name)
            if found is not None and not _runs(int(found[1])):
                with suppress(OSError):
                    os.unlink(entry.path)


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # there, to ask would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _rights(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


__all__ = ["NAME", "Elsewhere", "rewrite", "write_whole"]
