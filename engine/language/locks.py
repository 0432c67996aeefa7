"""One writer at a time, among all programs that write the files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sharedvalue.engine.errors import mistake

SECONDS = 20.0
NAME = ".sharedvalue.lock"  # one for a folder: files of it are written together


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the folder of a file, to compare and write in one step. The lock of a program that ended is free.

    The lock is a file in the folder, and goes with it: whoever waits for one that is gone by then makes a new one. One that a
    killed program left is taken and removed by the next.

    Raises:
        UserError: SV122 where another program holds it for long.
        OSError: where the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(path.resolve().parent / NAME, timeout=SECONDS, is_singleton=True) as lock:
            try:
                yield
            finally:
                if lock.lock_counter == 1 and os.name == "posix":  # on Windows it goes when it is let go
                    with suppress(OSError):
                        os.unlink(lock.lock_file)
    except Timeout:
        raise mistake(
            "SV122",
            str(path),
            f"another program has been writing in this folder for {SECONDS:g} seconds",
            "Nothing was written. End the other program, and try again.",
        ) from None
