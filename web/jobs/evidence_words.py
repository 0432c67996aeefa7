"""What an import says, without the options of the command and the names of the rule book: the page has fields for the one, words for the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.web.jobs import case

READ = "under “Is it read rightly?”"
# What a text says of an option, and what it says of the field that is there for it.
FIELDS = (
    (r"say --guests-are-members, or import the register along", "tick so below, or drop the register along"),
    (r"--write-mapping FILE lists them, so that you can say which is which", "name it below, where needs are proposed"),
    (r"--sheet NAME reads another", f"Another is chosen {READ}"),
    (r"try --encoding ([\w-]+)", rf"choose \1 {READ}"),
    (r"--encoding says which encoding it is in", f"choose it {READ}"),
    (r"say --as ([\w-]+)", f"choose what the file is {READ}"),
    (r"name another format with --as \(see --help\)", f"choose another format {READ}"),
    (r"you said so with --as", "you said so"),
    (r"(?:Say|say|give) --date-order '?month first'? \(or day first\), or date_order: month first in the mapping",
     "Say below which part of a date stands first"),
    (r"give it with --date, or say --date-order", "give it below, or which part of a date stands first"),
    (r"Say it: --date 2026-05-31, or date: 2026-05-31 in the mapping", "Say it below"),
    (r"Give the last day: --date 2026-05-31, or date: 2026-05-31 in the mapping", "Give the last day below"),
    (r"check --date and the order of dates", "check the last day and the order of dates below"),
    (r"give the day with --date", "give the day below"),
    (r"as you said with --members", "as you said"),
    (r"give (?:the members with )?--members(?: N)?", "give the number of members below"),
    (r"give --population N", "say below how many could have answered"),
    (r"Look at the headings with: sharedvalue import .* --inspect", "Look at the headings below"),
)  # fmt: skip
THRESHOLD = re.compile(r" \(threshold \w+\)")
NAMED = re.compile(r"\b[a-z]\w*_\w+\b")


Job = TypeVar("Job", bound=Callable[..., Any])


def on_the_page(text: str, book: RuleBook) -> str:
    """A text of the import for somebody who has the page before them."""
    for option, field in FIELDS:
        text = re.sub(option, field, text)
    return NAMED.sub(lambda found: _in_words(found[0], book), THRESHOLD.sub("", text))


def _in_words(name: str, book: RuleBook) -> str:
    if name == "as_of":
        return "the day of the scenario"
    fact = book.facts.get(name)
    return fact.short if fact is not None else name


def told_on_the_page(job: Job) -> Job:
    """A job whose mistakes are told as the page says it."""

    @wraps(job)
    def told(*args: Any, house: tuple[str, ...], stamp: str, **given: Any) -> Any:
        try:
            return job(*args, house=house, stamp=stamp, **given)
        except UserError as error:
            book = case.book(house, stamp)
            raise UserError(
                replace(p, what=on_the_page(p.what, book), mend=on_the_page(p.mend, book))
                for p in error.problems
            ) from None

    return told  # type: ignore[return-value]  # called as the job is
