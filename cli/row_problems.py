"""The mistakes in the rows of a table, on standard error: the first few of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sharedvalue.cli.call import Call

if TYPE_CHECKING:
    from sharedvalue.engine.errors import Problem

SHOWN_PROBLEMS = 20


def tell(call: Call, problems: Sequence[Problem]) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        call.note(f"{problem.code} {problem.place}  {problem.what}. {problem.mend}".rstrip())
    if len(problems) > SHOWN_PROBLEMS:
        call.note(f"... and {len(problems) - SHOWN_PROBLEMS:,} more mistakes: see --json, or the file of -o.")
