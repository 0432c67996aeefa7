"""A long table on more than one core: processes that each decide some of its rows, and say what became of them.

Run as a module, it is such a process: what to decide comes by standard input, what was decided goes to standard output.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from sharedvalue.engine.questions.portfolio_result import Decided

Progress = Callable[[int, int], None]
DID, DECIDED = "did", "decided"


def cores() -> int:
    """How many processes this machine can run at once, as far as this one may."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (allowed or 1) if sys.executable else 1


def dealt(groups: Sequence[Sequence[int]], hands: int) -> list[list[int]]:
    """Rows that are formed alike stay together; the groups are dealt out, the largest first."""
    found: list[list[int]] = [[] for _ in range(hands)]
    for place, rows in enumerate(sorted(groups, key=len, reverse=True)):
        found[place % hands] += rows
    return [sorted(rows) for rows in found]


class _Together:
    """What processes beside this one said: how far they are, and what they decided."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.found: list[Decided] = []
        self._shown: dict[int, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def did(self, who: int, done: int, total: int) -> None:
        """Shows how far all are together."""
        with self._lock:
            self._shown[who] = done, total
            if self.progress is not None:
                self.progress(*map(sum, zip(*self._shown.values(), strict=True)))

    def listen(self, who: int, process: subprocess.Popen[bytes]) -> None:
        """Until a process has said what it decided, or has ended without."""
        assert process.stdout is not None
        try:
            while True:
                kind, said = pickle.load(process.stdout)
                if kind == DECIDED:
                    self.found += said
                    return
                self.did(who, *said)
        except (EOFError, OSError, pickle.UnpicklingError):
            return


def decide_on(
    hands: Sequence[Sequence[int]],
    progress: Progress | None,
    decide_rows: Callable[[Sequence[int], Progress], Sequence[Decided]],
) -> list[Decided]:
    """What becomes of the rows of each of `hands`: the first are decided here, each of the others by a process of its own.

    `decide_rows` goes to the processes, pickled. Where such a process is ended from outside, its rows are decided here. None
    outlives this call.
    """
    together, threads = _Together(progress), list[threading.Thread]()
    with ExitStack() as ending:
        for who, rows in enumerate(hands[1:], 1):
            process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
            )
            ending.callback(_end, process)
            what = pickle.dumps((decide_rows, rows), pickle.HIGHEST_PROTOCOL)
            threads.append(threading.Thread(target=_hand, args=(process, what)))
            threads.append(threading.Thread(target=together.listen, args=(who, process)))
        for thread in threads:
            thread.start()
        found = list(decide_rows(hands[0], partial(together.did, 0)))
        for thread in threads:
            thread.join()
    found += together.found
    decided = {row.row for row in found}
    left = [row for rows in hands for row in rows if row not in decided]
    return found + list(decide_rows(left, partial(together.did, 0))) if left else found


def _environment() -> dict[str, str]:
    """Ours, so that the process finds what this one runs."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _hand(process: subprocess.Popen[bytes], what: bytes) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it ended before it had read all: whoever listens to it sees that
        process.stdin.write(what)
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def main(given: BinaryIO, told: BinaryIO) -> None:
    """Decides the rows that are given."""

    def say(kind: str, what: object) -> None:
        pickle.dump((kind, what), told, pickle.HIGHEST_PROTOCOL)
        told.flush()

    decide_rows, rows = pickle.load(given)
    say(DECIDED, decide_rows(rows, lambda done, total: say(DID, (done, total))))


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get among the answers
    try:
        main(sys.stdin.buffer, answers)
    except (BrokenPipeError, KeyboardInterrupt):  # the one that asked has ended
        os._exit(1)
