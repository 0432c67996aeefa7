"""Which case comes next for a trainee: what is due longest, else the other twin of one that was answered, else a new one."""

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
    answers = [answer for answer in store.answers() if answer.kind != "concordance"]
    seen = [answer.case for answer in answers]
    for answer in reversed(answers):
        if answer.pair:
            other = answer.pair + ("-b" if answer.case.endswith("-a") else "-a")
            if other not in seen:
                return cases.get(other)
    return cases.new(seen, len(set(seen)))
