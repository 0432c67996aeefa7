"""Asks a person, column by column and in plain words, what an export holds; a guess is offered, and Enter takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.import_columns import ask_use
from sharedvalue.cli.import_prompts import Back, confirm, prompt, say, whole
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.export import Export
    from sharedvalue.engine.evidence.guess import Candidate
    from sharedvalue.engine.evidence.mapping import Mapping, Use
    from sharedvalue.engine.language.rulebook import RuleBook

SHOWN = 4  # likely columns shown of a role
LONGEST = 220  # characters shown of a heading
MOST = 9  # columns shown that hold a word
ALL = "*"
NAMES = {
    "needs": "what people need", "value_now": "whether it helps now", "value_outlook": "whether it will matter later",
    "openness": "whether people would take part", "segment": "the group", "level": "the experience",
    "participation": "who takes part", "date": "the date",
}  # fmt: skip


def ask_mapping(export: Export, book: RuleBook, target: str) -> Mapping:
    """A mapping from a person's answers."""
    from sharedvalue.engine.evidence.chosen import ASKED
    from sharedvalue.engine.evidence.guess import candidates

    roles = [role for role in ASKED if candidates(export, role, book)]
    questions = (
        "One short question says" if len(roles) == 1 else f"{_counted(len(roles))} short questions say"
    )
    say(
        f"{export.file.name} holds {export.records:,} records. {questions} which column is what. The answers are "
        f"kept in {target}, so they are asked once only."
    )
    if len(roles) < len(ASKED):
        say(
            "Not asked, as no column could be it: "
            + ", ".join(NAMES[role] for role in ASKED if role not in roles)
            + "."
        )
    say(
        "Enter takes what stands in brackets; b goes back to where a question begins, or to the one before. To find another column, "
        "write a word of its heading, or * for all of them; - is none."
    )
    said = Said()
    while True:
        _ask_roles(roles, said, export, book)
        try:
            return _with_the_rest(export, [use for use in said.uses.values() if use is not None], target)
        except Back:
            said.back()


@dataclass
class Said:
    """What each role is played by, in the order of the questions. `before` is what was chosen when a question was last asked,
    `unasked` the roles for which no column was left, and `purposes` what was said of each need."""

    uses: dict[str, Use | None] = field(default_factory=dict)
    before: dict[str, Candidate | None] = field(default_factory=dict)
    unasked: set[str] = field(default_factory=set)
    purposes: dict[str, str] = field(default_factory=dict)

    def back(self) -> None:
        """Takes back the last answer that a person gave."""
        while self.uses:
            role, _ = self.uses.popitem()
            if role not in self.unasked:
                return


def _ask_roles(roles: Sequence[str], said: Said, export: Export, book: RuleBook) -> None:
    """A role that was answered is not asked again, unless a person goes back to it."""
    while len(said.uses) < len(roles):
        role = roles[len(said.uses)]
        try:
            said.uses[role] = _ask_role(role, len(said.uses) + 1, len(roles), export, book, said)
        except Back:
            said.back()


def _with_the_rest(export: Export, uses: list[Use], target: str) -> Mapping:
    """The mapping, with what no column says."""
    from sharedvalue.engine.evidence.guess import who_answered
    from sharedvalue.engine.evidence.mapping import Mapping

    if not any(use.role not in ("date", "participation", "level") for use in uses):
        raise mistake(
            "SV450",
            str(export.file),
            "no column was chosen that says what people need, how they value it, or who they are",
            "Nothing was written. Look at the columns with --inspect, and try again.",
        )
    who = who_answered(export)
    if who is not None:
        say(
            f"Who answered twice is counted once, with the newest answer: '{who.column}' tells. No address is shown or written."
        )
        uses.append(who)
    date = "" if any(u.role == "date" for u in uses) else _ask_date(export)
    order = _ask_order(export, uses)
    population = max(
        0,
        whole(
            "How many people could have answered, as far as you know? Without it no share is firm enough to settle anything. (Enter: not known)",
            0,
            False,
        ),
    )
    drawn = bool(population) and confirm("Were all of them asked, or a random part of all?", default=False)
    return Mapping(target, export.file.stem, "survey", tuple(uses), date, order, population, drawn)


def _counted(number: int) -> str:
    return ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")[number]


def _ask_role(role: str, number: int, of: int, export: Export, book: RuleBook, said: Said) -> Use | None:
    from sharedvalue.engine.evidence.guess import ENOUGH, candidates, guessed
    from sharedvalue.engine.telling.imports import QUESTIONS

    uses = [use for use in said.uses.values() if use is not None]
    taken = {use.index for use in uses if use.index is not None}
    questions = {use.question for use in uses if use.question}
    asked = {column.index for column in export.columns if column.part and column.question in questions}
    found = [each for each in candidates(export, role, book) if each.index not in taken | asked]
    click.echo("")
    say(f"{number} of {of}. {QUESTIONS[role]}")
    said.unasked.discard(role)
    if not found:
        say("No column is left that could be it.")
        said.unasked.add(role)
        return None
    shown = [each for each in found if each.likely >= ENOUGH][:SHOWN]
    guess = guessed(export, role, book)
    if guess is not None and guess in found:
        shown = [guess, *(each for each in shown if each != guess)][:SHOWN]
    likely = bool(shown)
    if not shown:
        say("No heading reads like that. These could be it all the same:")
        shown = found[:SHOWN]
    while True:
        default = "1" if guess is not None and shown[0] == guess else "" if likely else "-"
        before = said.before.get(role, guess)
        if role in said.before and (before is None or before in found):
            shown = shown if before is None or before in shown else [before, *shown][:SHOWN]
            default = "-" if before is None else str(list(shown).index(before) + 1)
        chosen = said.before[role] = _ask_candidate(found, shown, default)
        if chosen is None:
            return None
        try:
            use = ask_use(role, chosen, export, book, said.purposes)
        except Back:
            say(f"{number} of {of}. {QUESTIONS[role]}")
            continue
        says_nothing = role in ("needs", "level") and not (use.groups or use.grouping)
        left_out = use.question and role == "needs" and not (use.counts or use.top)
        uncounted = _is_counted(role) and not use.counts and not use.by_number
        return None if says_nothing or left_out or uncounted else use


def _is_counted(role: str) -> bool:
    from sharedvalue.engine.evidence.mapping import ROLES

    return role != "needs" and "counts" in ROLES[role].takes


def _ask_candidate(found: Sequence[Candidate], shown: Sequence[Candidate], default: str) -> Candidate | None:
    """Enter takes what was chosen before, or a column whose wording is that of the rule book, or none where no heading reads like it.
    Elsewhere a person says: a careless Enter must neither fill a fact nor leave one out."""
    from sharedvalue.engine.evidence.words import plain_words_for

    _list(shown)
    while True:
        answer = " ".join(prompt("  Number, word, or -", default=default or None).split()).casefold()
        if answer in ("-", "0"):
            return None
        if len(shown) == 1 and answer in {"y", *plain_words_for("yes")}:
            return shown[0]
        if answer.isdecimal() and 1 <= int(answer) <= len(shown):
            return shown[int(answer) - 1]
        if answer == ALL:
            shown, default = found, ""
            _list(shown)
            continue
        holding = [each for each in found if answer in each.heading.casefold()][:MOST]
        if answer.isdigit() or not holding:
            say(
                f"  There is no such {'number' if answer.isdigit() else 'heading among the columns that could be it'}."
            )
        else:
            shown, default = holding, "1"
            _list(shown)


def _list(shown: Sequence[Candidate]) -> None:
    """Headings in full, as long ones differ at their ends; and how many answered."""
    for number, each in enumerate(shown, start=1):
        said = f"{' '.join(each.heading.split())[:LONGEST]} ({each.answered:,} answered)"
        click.echo("\n".join(fold(said, WIDTH, "     ", first=f"  {number}  ")))


def _ask_date(export: Export) -> str:
    if export.period[1]:
        return ""
    return ask_day("The file has no dates. The last day on which it was answered (2026-05-31)")


def ask_day(text: str) -> str:
    while True:
        answer = str(click.prompt(text)).strip()
        try:
            return dt.date.fromisoformat(answer).isoformat()
        except ValueError:
            say("Write it as year-month-day: 2026-05-31.")


def _ask_order(export: Export, uses: Sequence[Use]) -> str:
    if not any(use.role == "date" for use in uses) or export.period[1]:
        return ""
    return prompt("Dates: which stands first", click.Choice(["month first", "day first", "year first"]))
