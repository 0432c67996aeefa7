"""What a record of the ledger holds, and the first place where one does not: whoever can write into the file may put anything there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.governance.form import ANSWERED, NOT_ASKED

Json = Any
DEEPEST = 20  # levels of what is only written
NEWEST = 2  # the newest format of records that this release reads


class Only(dict[str, Any]):
    """The shape of an object that has no keys but these."""


def date(value: Json) -> bool:
    return isinstance(value, str) and _reads(dt.date.fromisoformat, value)


def moment(value: Json) -> bool:
    return isinstance(value, str) and _reads(dt.datetime.fromisoformat, value)


def _reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def date_or_nothing(value: Json) -> bool:
    return not value or date(value)


def one_of(*words: str) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, str) and value in words


def known(value: Json) -> bool:
    """A value of a fact, or an object or a list of such: written, never read by its parts, and not nested without end."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return False


NOTHING = type(None)
NUMBER = (int, float)
# A shape: a type (True is no number), a tuple of shapes of which one fits, a list for items of one shape, a mapping for an
# object (`name?` may be missing; `*` is any other name), or a function that says whether a value fits.
PEOPLE = [str]
TEST = {"left": str, "op": str, "right": (int, str)}
FIRING = {
    "rule": str, "part": str, "key": str, "concludes": [str], "matched": [[TEST]], "line": str, "stands": bool,
    "deciding": bool,
}  # fmt: skip
TRACE = {"values": {"*": (int, NOTHING)}, "firings": [FIRING], "defeated": [FIRING]}
CHANGE = {"fact": str, "from": known, "to": known, "owner": str, "improving": bool, "moves": str}
FLIP = {
    "to": str, "direction": str, "changes": [CHANGE], "cost": NUMBER, "minimal": bool, "certain?": bool, "outcomes?": [str],
}  # fmt: skip
RULE = {"rule": str, "line": str, "sentence": str}
ITEM = {
    "age_months": (int, NOTHING), "date": str, "n": (int, NOTHING), "population": (int, NOTHING),
    "reading": (*NUMBER, NOTHING), "source": str,
}  # fmt: skip
BESIDE = {"estimate": str, "reading": known, "counts_for": known, "decides": str, "against": str, "said": str}
FACT = {
    "name": str, "title": str, "said": str, "value": known, "low": known, "high": known, "margin": ([(*NUMBER, str, bool)], NOTHING),
    "confidence": str, "rests_on": str, "widened": str, "decides": bool, "items": [ITEM], "weighed": [RULE],
    "beside?": (BESIDE, NOTHING),
}  # fmt: skip
WAITS = {"rule": str, "concludes": str, "title": str, "line": str}
BOOK = {"version": str, "hash": str, "house_changes": [{"name": str, "what": str, "because": str}]}
DECISION = {
    "outcome": str, "modes": [str], "open_modes": [str], "possible": [{"outcome": str, "modes": [[str]], "example": {"*": known}}],
    "pivotal": [str], "immaterial": [str], "certain": bool, "complete": bool, "provisional": bool, "status": str,
    "tell_sponsor": bool, "warnings": [str], "assumed": {"*": known}, "confidence": {"*": str}, "rulebook": BOOK,
    "words?": {"*": {"word?": str}}, "risk": {"level": str, "routes": [str]}, "risks": [{"id": str, "text": str}],
    "actions": [{"id": str, "text": str, "if_mode?": (str, NOTHING)}],
    "ask_next": [{"fact": str, "question": str, "how": str, "worth": NUMBER, "effort": int}],
    "reasons": [{"rule": str, "title": str, "because": str, "cites": [str], "facts": {"*": known}, "modality": str}],
}  # fmt: skip
ALWAYS = {
    "format": int, "number": int, "ledger": str, "recorded_at": moment, "clock_behind": bool, "signed_by": (str, NOTHING),
    "answers": (int, NOTHING), "as_of": date_or_nothing, "made_by": {"sharedvalue": str}, "sent_as?": str, "entered_by?": str,
    "scenario": {
        "title": str, "file": str, "path": str, "hash": str, "text": str,
        "log?": [{"date": str, "who": str, "agreed": str, "sponsor_took_part": bool, "dissent?": str}],
    },
    "rulebook": {**BOOK, "layers": [{"name": str, "files": {"*": str}}]},
    "evidence": {"files": [{"name": str, "size": int, "hash": str}]},
    "decision": DECISION, "trace": {"chosen": (str, NOTHING), "world": TRACE, "after": TRACE},
    "flips": {"flips": [FLIP], "openings?": [FLIP], "against": {"*": [str]}, "unreachable?": [str], "undecided?": [str]},
    "basis": {"facts": [FACT], "warnings": [str], "whole": [RULE]},
    "alternatives": [{
        "outcome": str, "title": str, "possible": bool,
        "attempts": [{"rule": str, "part": str, "title": str, "state": str, "late": bool, "why": str}],
    }],
    "waits_for": [WAITS],
    "told": [{"heading": str, "note": str, "entries": [{"text": str, "rule": str}]}],
}  # fmt: skip
BEFORE_THE_FORM = {
    **ALWAYS,
    "people": {"by": PEOPLE, "sponsor_part": str},
    "agreement": {"agreed": str, "dissent": [str], "review_date": date_or_nothing},
}
WITH_A_FORM = {
    **ALWAYS, "kind": str, "follows": (bool, NOTHING), "proposed": str, "taken": str, "agreed_on?": str, "mark?": str,
    "facing": {"has_sponsor": bool, "needs_sponsor": bool}, "status": {"name": str, "lead": str, "words": str},
    "form": Only({
        "by": PEOPLE, "decision": str, "modes": [str], "in_words": str, "for_members?": str, "why": str,
        "votes": (Only({"for_it": int, "against": int, "abstained": int}), NOTHING), "dissent": [str], "sponsor": one_of("", *ANSWERED, NOT_ASKED),
        "sponsor_to": str, "sponsor_role": str, "sponsor_date": date_or_nothing, "sponsor_said": str,
        "heard": [Only({"who": str, "said": str})], "review_date": date_or_nothing,
        "actions": [{"what": str, "owner": str, "due": date_or_nothing}], "objection": str, "object_to": str,
        "object_until": date_or_nothing, "risks_with": str,
    }),
}  # fmt: skip
FOLLOWING_UP = {
    **WITH_A_FORM, "about": int,
    "happened": {
        "result": one_of("done", "not_done", "otherwise"), "words": str, "done": [str],
        "measured": [Only({"name": str, "title": str, "then": str, "expected": str, "now": str})],
    },
}  # fmt: skip


def misfit(value: Json, shape: Any, at: str = "") -> str | None:
    """The first place at which a value does not have a shape ('' for the value itself); None where it has."""
    if isinstance(shape, tuple):
        tried = [misfit(value, one, at) for one in shape]
        return None if None in tried else max((one for one in tried if one is not None), key=len)
    if isinstance(shape, type):
        fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
        return None if fits else at
    if isinstance(shape, list):
        if not isinstance(value, list):
            return at
        found = (misfit(item, shape[0], f"{at}[{i}]") for i, item in enumerate(value))
        return next((one for one in found if one is not None), None)
    if isinstance(shape, Mapping):
        return _misfit_in(value, shape, at)
    return None if shape(value) else at


def _misfit_in(value: Json, shape: Mapping[str, Any], at: str) -> str | None:
    if not isinstance(value, dict):
        return at
    named = {name.removesuffix("?"): one for name, one in shape.items() if name != "*"}
    for name in shape:
        if name != "*" and not name.endswith("?") and name not in value:
            return f"{at}.{name}"
    for name, inner in value.items():
        wanted = named.get(name, shape.get("*"))
        if wanted is None:
            if isinstance(shape, Only):
                return f"{at}.{name}"
            wanted = known
        found = misfit(inner, wanted, f"{at}.{name}")
        if found is not None:
            return found
    return None


def read(raw: bytes, name: str) -> dict[str, Any]:
    """What a record holds, from its bytes.

    Raises:
        UserError: SV505 where it is none, SV506 where it is of a format to come.
    """
    try:
        found = json.loads(raw, parse_constant=_no_number)
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()  # half of a character can be shown nowhere
    except (ValueError, RecursionError):
        raise _not_a_record(name, "it is not in the form in which records are written") from None
    written = found.get("format") if isinstance(found, dict) else None
    if type(written) is int and written > NEWEST:
        raise mistake(
            "SV506", name, f"it has the format {written}, and this release reads up to {NEWEST}",
            "Install the newest release.",
        )  # fmt: skip
    shape = (
        BEFORE_THE_FORM
        if written == 1
        else FOLLOWING_UP
        if written == NEWEST and found.get("kind") == "follow_up"
        else WITH_A_FORM
    )
    place = misfit(found, shape)
    if place is not None:
        raise _not_a_record(
            name, f"it does not hold what a record holds: look at {place.lstrip('.') or 'the whole'}"
        )
    return dict(found)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _not_a_record(name: str, what: str) -> Exception:
    return mistake(
        "SV505",
        name,
        what,
        "Run: sharedvalue ledger verify. Keep the file as it is, and go back to a backup.",
    )
