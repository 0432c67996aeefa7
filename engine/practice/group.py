"""Several trainees added up from their exports: all together, each of them, and the cases most often missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.practice.calibration import Share
from sharedvalue.engine.practice.progress import FEW_IN_ROW, Progress, progress
from sharedvalue.engine.practice.store import Answer


@dataclass(frozen=True)
class Group:
    """`cases` begin with the one that was missed most often."""

    everybody: Progress
    each: Mapping[str, Progress]
    cases: Mapping[str, Share]


def group(exports: Sequence[tuple[str, Sequence[Answer]]]) -> Group:
    """The summary of exports, each with the name of who answered.

    Raises:
        UserError: SV563 where two are of the same person.
    """
    names = [who for who, _ in exports]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise mistake(
            "SV563", twice[:60], "two exports are of the same person", "Give each another name with --who."
        )
    answers = [answer for _, mine in exports for answer in mine]
    by_case: dict[str, list[bool]] = {}
    for answer in answers:
        if answer.judged:
            by_case.setdefault(answer.case, []).append(answer.right)
    cases = {case: Share(sum(rights), len(rights), FEW_IN_ROW) for case, rights in by_case.items()}
    hardest = sorted(cases, key=lambda c: (cases[c].value, -cases[c].n, c))
    return Group(
        progress(*(mine for _, mine in exports)),
        {who: progress(mine) for who, mine in exports},
        {case: cases[case] for case in hardest},
    )
