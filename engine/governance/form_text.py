"""The decision form from plain texts, as options and fields of a page give them: each field is a text, or a list of texts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.governance.form import Action, Form, Heard, Votes, option
from sharedvalue.engine.governance.form_words import form_words

COUNTS = re.compile(r"^\D*(\d{1,7})\D+(\d{1,7})\D+(\d{1,7})\D*$", re.ASCII)
LISTS = ("by", "modes", "dissent", "heard", "actions")
DAY = "Write year-month-day, for example 2027-01-31."
DAYS = ("sponsor_date", "review_date", "object_until")


def from_texts(said: Mapping[str, str | Sequence[str]]) -> Form:
    """The form that texts say; what is missing or empty is left out.

    Raises:
        UserError: SV502 for an answer that is none, SV508 for what is no date and no vote.
    """
    found: dict[str, Any] = {}
    for name, text in said.items():
        if name in LISTS:
            found[name] = tuple(_item(name, one) for one in text)
        elif isinstance(text, str) and text.strip():
            found[name] = _one(name, text)
    return Form(**found)


def _item(name: str, text: str) -> object:
    return read_heard(text) if name == "heard" else read_action(text) if name == "actions" else text


def _one(name: str, text: str) -> object:
    if name in DAYS:
        return read_day(name, text)
    if name == "sponsor":
        return read_answer(text)
    return read_votes(text) if name == "votes" else text


def read_day(name: str, text: str) -> dt.date:
    """A day as year-month-day."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise mistake(
            "SV508", option(name), f"'{text[:40]}' is not a date", "Write it as year-month-day: 2027-03-01."
        ) from None


def read_answer(text: str) -> str:
    """One of the sponsor's answers, however it is written."""
    choices = form_words().questions["sponsor"].choices
    name = "_".join(text.strip().casefold().replace("-", " ").split())
    if name not in choices:
        raise mistake(
            "SV502",
            option("sponsor"),
            f"'{text[:40]}' is no answer of a sponsor",
            did_you_mean(name, choices) or f"Use one of {', '.join(choices)}.",
        )
    return name


def read_votes(text: str) -> Votes:
    """'7,2,1', or the same in words: for, against, abstained."""
    found = COUNTS.match(text)
    if found is None:
        raise mistake(
            "SV508",
            option("votes"),
            f"'{text[:40]}' is not a vote",
            "Write three numbers, for, against and abstained: 7,2,1.",
        )
    return Votes(*(int(number) for number in found.groups()))


def read_heard(text: str) -> Heard:
    """'newcomers: they would rather keep an open evening'."""
    who, _, said = text.partition(":")
    return Heard(who.strip(), said.strip())


def read_action(text: str) -> Action:
    """'tell the newcomers | community leader | 2027-01-31'."""
    what, owner, due, *_ = (*(part.strip() for part in text.split("|")), "", "")
    return Action(what, owner, read_day("actions", due) if due else None)
