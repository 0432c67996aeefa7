"""An answer that takes seconds is worked out once for a rule book, and told as what it is when it is shown again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sharedvalue.cli.call import Call
from sharedvalue.cli.progress import Progress, Shown

if TYPE_CHECKING:
    from sharedvalue.engine.language.kept_answers import Answer

Work = Callable[[Progress | None], tuple[Iterable[str], Mapping[str, object], bool, bool]]


def answered(call: Call, asked: tuple[object, ...] | None, things: str, work: Work) -> Answer:
    """What `work` says (its text, its JSON, whether all is sound, and complete), or said before of just what is `asked`.

    Of what cannot be asked again (None) nothing is kept. The day on which it was worked out goes into the JSON, and beside a
    text that is shown again.
    """
    from sharedvalue.engine.language import kept_answers

    key = None if asked is None else kept_answers.key_of(*asked)
    found = None if key is None else kept_answers.find(key)
    if found is not None:
        if not call.json:
            call.note(f"As checked on {found.on}: neither the rules nor sharedvalue changed since.")
        return found
    with Shown(things) as progress:
        text, told, sound, complete = work(progress)
    today = dt.date.today().isoformat()
    made = kept_answers.Answer(tuple(text), {**told, "checked_on": today}, sound, complete, today)
    if key is not None:
        kept_answers.keep(key, made)
    return made
