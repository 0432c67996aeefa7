"""A worker process: reads jobs from its standard input, answers on its standard output, and ends with its parent.

A job is a function of `web.jobs`, named 'module:function', with a table of plain values; so is its answer. Whatever takes
too long is ended from outside: the parent stops the process and starts another.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from importlib import import_module
from typing import Any, BinaryIO

HEADER = struct.Struct("!Q")


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    while True:
        head = asked.read(HEADER.size)
        if len(head) < HEADER.size:
            return
        job, given = pickle.loads(asked.read(HEADER.unpack(head)[0]))
        body = pickle.dumps(done(job, given), protocol=pickle.HIGHEST_PROTOCOL)
        answered.write(HEADER.pack(len(body)) + body)
        answered.flush()


def done(job: str, given: dict[str, Any]) -> tuple[str, object]:
    """('ok', answer), ('mistake', the problems), or ('failed', where): never the words of an unforeseen error."""
    from sharedvalue.engine.errors import UserError

    module, _, name = job.partition(":")
    try:
        return "ok", getattr(
            import_module(module if "." in module else f"sharedvalue.web.jobs.{module}"), name
        )(**given)
    except UserError as error:
        return "mistake", [problem.as_json() for problem in error.problems]
    except Exception as error:  # noqa: BLE001  # told as a mistake of ours, without what people wrote
        return "failed", where(error)


def where(error: BaseException) -> str:
    """The kind of an error and the lines it went through, without its words: they may hold facts about people."""
    lines, trace = [], error.__traceback__
    while trace is not None:
        lines.append(f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(lines[-6:])}"


def main() -> None:
    answered = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get among the answers
    if "--slow" in sys.argv and hasattr(os, "nice"):
        os.nice(10)
    from sharedvalue.web.jobs import case

    case.warm()
    try:
        serve(sys.stdin.buffer, answered)
    except (BrokenPipeError, EOFError, pickle.UnpicklingError):  # the parent ended in the middle of a job
        os._exit(0)  # without a last try to write what nobody reads


if __name__ == "__main__":
    main()
