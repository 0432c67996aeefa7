"""Work on a file from elsewhere, in a process of its own: it may take so much memory and time, and ends with whoever started it.

What the process finds goes into an open file; what it says of that goes to standard error, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import sharedvalue
from sharedvalue.engine.errors import Place as At
from sharedvalue.engine.errors import Problem, UserError, mistake

ROOT = Path(sharedvalue.__file__).resolve().parent.parent
MEGABYTE = 1_000_000
MOST_SECONDS = 600  # of the processor; a sheet of 2 million cells takes 17. Python may turn in circles where it has no memory left


def apart(module: str, path: Path, out: IO[bytes], memory: int, more: str = "") -> dict[str, Any]:
    """What `python -m module path` says, with what it writes in `out`; `more` is told to it.

    Raises:
        UserError: what the process found wrong with the file; SV903 where it needed more than `memory` bytes, or than its time.
    """
    command = [sys.executable, "-m", module, str(path), str(memory), more]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.read()
            process.wait()
        finally:
            process.kill()
    try:
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        spent = f"the {memory // MEGABYTE:,} MB of memory"
        if process.returncode == -getattr(signal, "SIGXCPU", 0):
            spent = f"the {MOST_SECONDS} seconds of the processor"
        raise too_large(str(path), spent) from None
    if "code" in found:
        raise UserError(Problem(found["code"], At(str(path)), found["what"], found["mend"]))
    return found


def too_large(name: str, spent: str) -> UserError:
    return mistake(
        "SV903",
        name,
        f"reading it took more than {spent} that a file is given, and was stopped",
        "Split the file, or save the table that you need as CSV.",
    )


def main(work: Callable[[Path, IO[bytes]], dict[str, Any]]) -> None:
    """The other side: limits itself, works, and says what it found."""
    path, memory = Path(sys.argv[1]), int(sys.argv[2])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit(memory)
    try:
        with os.fdopen(1, "wb", buffering=MEGABYTE, closefd=False) as out:
            said = work(path, out)
    except UserError as error:
        problem = error.problems[0]
        said = {"code": problem.code, "what": problem.what, "mend": problem.mend}
    except MemoryError:
        os._exit(1)  # there may be no memory left to say so in
    except OSError as error:
        said = {
            "code": "SV121",
            "what": f"its rows could not be kept for a moment: {error.strerror or error}",
            "mend": "Make room on the disk, or set TMPDIR to a folder that has some.",
        }
    os.write(2, json.dumps(said).encode() + b"\n")
    os._exit(0)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # ends when the process that started this one does
    os._exit(1)


def _limit(memory: int) -> None:
    """No more memory than what Python has by now and so much, and no more time, where the system can say so."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError, AttributeError):
        return  # the bounds of the readers hold there, too
