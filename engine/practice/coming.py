"""Which case comes next for a trainee: what is due longest, the other twin, what follows in a case that unfolds, or a new one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.store import Store


def next_case(cases: Cases, store: Store, now: dt.datetime, files: bool = True) -> Case:
    """The next case; with `files`, also scenario files that were practised and are due."""
    for topic, times in store.due(now):
        is_file = topic.endswith((".yaml", ".yml")) or "/" in topic
        if not is_file or (files and Path(topic).exists()):
            return cases.again(topic, times)
    answers = [answer for answer in store.answers() if answer.judged]
    seen = [answer.case for answer in answers]
    for answer in reversed(answers):
        if answer.pair:
            other = cases.twin_of(answer.case)
            if other not in seen:
                return cases.get(other)
    if (
        answers
        and answers[-1].kind == "written"
        and (follows := cases.get(answers[-1].case).follows) not in ("", *seen)
    ):
        return cases.get(follows)
    return cases.new(seen, len(set(seen)))
