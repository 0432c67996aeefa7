"""Writes a file so that others see it whole or not at all; the one that was there stays until the new one is complete."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(target: Path, content: bytes, rights: int | None = None, replace: bool = True) -> None:
    """Writes a file with these rights; else with those of the file that it replaces, or those that a new file gets.

    Raises:
        FileExistsError: where there is one and it is not to be replaced, even if it came in the meantime.
        OSError: where nothing can be written. What was there is untouched.
    """
    handle, draft = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(draft, _rights(target) if rights is None else rights)
        if replace:
            os.replace(draft, target)
        else:
            os.link(draft, target)  # fails where a file has come in the meantime; a rename would not
            os.unlink(draft)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _rights(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
