"""Which case comes next: what is due longest, what follows in a case that unfolds, a twin once the first has faded, or a new one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.store import Store

APART = 5  # answers on other cases between two twins: side by side, the second is no judgement


def next_case(cases: Cases, store: Store, now: dt.datetime, files: bool = True) -> Case:
    """The next case; with `files`, also scenario files that were practised and are due."""
    for topic, times in store.due(now):
        is_file = topic.endswith((".yaml", ".yml")) or "/" in topic
        if not is_file or (files and Path(topic).exists()):
            try:
                return cases.again(topic, times)
            except UserError:  # of an earlier release, which called it otherwise
                continue
    answers = [answer for answer in store.answers() if answer.judged]
    seen = [answer.case for answer in answers]
    if (
        answers
        and answers[-1].kind == "written"
        and (follows := cases.get(answers[-1].case).follows) not in ("", *seen)
    ):
        return cases.get(follows)
    for answer in answers[:-APART]:
        if answer.pair and (other := cases.twin_of(answer.case)) not in seen:
            return cases.get(other)
    return cases.new(seen, len(set(seen)))
