"""The decision form at the terminal: as options of `record`, and asked question by question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sharedvalue.engine.governance.follow_up import Told
    from sharedvalue.engine.governance.form import Form
    from sharedvalue.engine.governance.ledger import Record
    from sharedvalue.engine.governance.record import Proposed

Function = TypeVar("Function", bound=Callable[..., object])
OPTIONS = (  # name, repeatable, metavar, help
    ("by", True, "ROLE", "Who decided: a role, not a name. Repeatable."),
    ("decision", False, "WHAT", "What was decided: an outcome of the rule book, other, or postponed."),
    ("modes", True, "MODE", "How it is carried out; else as proposed. Repeatable."),
    ("in_words", False, "TEXT", "What was decided, in people's own words."),
    ("for_members", False, "TEXT", "What the members are told of it, in a sentence or two."),
    ("why", False, "TEXT", "Why it departs from the proposal."),
    ("votes", False, "N,N,N", "Votes for it, against it, abstained: 7,2,1."),
    ("dissent", True, "TEXT", "Who disagreed, and with what. Repeatable."),
    ("sponsor", False, "ANSWER", "The sponsor's answer: agrees, agrees_to_other, refuses, not_asked."),
    ("sponsor_to", False, "TEXT", "What the sponsor agrees to instead."),
    ("sponsor_role", False, "ROLE", "Who answered for the sponsor."),
    ("sponsor_date", False, "DATE", "When the sponsor answered: year-month-day."),
    ("sponsor_said", False, "TEXT", "What the sponsor said."),
    ("heard", True, "'WHO: WHAT'", "Who of those affected was heard, and what they said. Repeatable."),
    ("review_date", False, "DATE", "When it is looked at again: year-month-day."),
    ("actions", True, "'WHAT | WHO | DATE'", "A follow-up action, its owner and when it is due. Repeatable."),
    ("objection", False, "TEXT", "How somebody can object."),
    ("object_to", False, "ROLE", "To whom objections go."),
    ("object_until", False, "DATE", "Until when: year-month-day."),
    ("risks_with", False, "ROLE", "Who is responsible for the risks that remain."),
)


def form_options(function: Function) -> Function:
    """Adds an option for every field of the form."""
    from sharedvalue.engine.governance.form import option

    for name, many, metavar, help in reversed(OPTIONS):
        flag = option(name)
        function = click.option(
            flag, name, multiple=many, default=() if many else "", metavar=metavar, help=help
        )(function)
    return function


def read_options(options: Mapping[str, Any]) -> Form:
    """The form that the options say."""
    from sharedvalue.engine.governance.form_text import from_texts

    return from_texts({name: options[name] for name, *_ in OPTIONS})


# --- asked one by one ------------------------------------------------------------------------------------------------


def _ask(
    question: str, help: str = "", read: Callable[[str], Any] | None = None, needed: bool = False
) -> Any:
    """An answer; asked again where it cannot be read or is `needed` and empty, else left out where it is empty."""
    from sharedvalue.engine.errors import UserError

    if help:
        click.echo(click.wrap_text(help, 78, "  ", "  "), err=True)
    while True:
        text = _typed(question)
        if not text and needed:
            click.echo(
                "  The record needs an answer to this. Ctrl-C stops, and nothing is recorded.", err=True
            )
            continue
        if not text or read is None:
            return text if read is None else None
        try:
            return read(text)
        except UserError as error:
            click.echo(f"  {error.problems[0].what}. {error.problems[0].mend}", err=True)


def _typed(question: str) -> str:
    """What is typed on the line of a question; nothing where only Enter is pressed."""
    suffix = " " if question.endswith("?") else ": "
    return str(click.prompt(question, "", show_default=False, prompt_suffix=suffix, err=True)).strip()


def _choose(question: str, choices: Mapping[str, str], help: str = "", needed: bool = False) -> str:
    """One of some answers by its number or its name; '' where none is chosen."""
    found = _choose_some(question, choices, help, 1)
    while needed and not found:
        click.echo("  The record needs an answer to this. Ctrl-C stops, and nothing is recorded.", err=True)
        found = _choose_some(question, choices, "", 1)
    return found[0] if found else ""


def _choose_some(question: str, choices: Mapping[str, str], help: str, most: int) -> tuple[str, ...]:
    """At most so many of some answers, by number or name, with commas between; none where nothing is typed."""
    if help:
        click.echo(click.wrap_text(help, 78, "  ", "  "), err=True)
    for number, (_, words) in enumerate(choices.items(), start=1):
        click.echo(f"  {number}  {words}", err=True)
    while True:
        text = _typed(question)
        parts = [part.strip() for part in (text.split(",") if most > 1 else [text]) if part.strip()]
        found = [_chosen(part, choices) for part in parts]
        if all(found) and len(found) <= most:
            return tuple(found)
        several = ", several with commas between" if most > 1 else ""
        click.echo(f"  Type a number from 1 to {len(choices)}{several}, or press Enter for none.", err=True)


def _chosen(text: str, choices: Mapping[str, str]) -> str:
    """The answer that somebody means: by its number, its name, its words, or how the words of this one alone begin."""
    names, said = list(choices), text.casefold()
    if text.isascii() and text.isdigit():
        return names[int(text) - 1] if 0 < int(text) <= len(names) else ""
    same = [
        n
        for n, words in choices.items()
        if said.replace(" ", "_") == n.casefold() or said == words.casefold()
    ]
    begun = same or [name for name, words in choices.items() if words.casefold().startswith(said)]
    return begun[0] if len(begun) == 1 else ""


def _many(question: str, help: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    while (
        one := _ask(question if not found else "  and (Enter: no more)", "" if found else help, read)
    ) is not None:
        found.append(one)
    return tuple(found)


def _roles(text: str) -> tuple[str, ...]:
    return tuple(role.strip() for role in text.split(",") if role.strip())


def asked(proposed: Proposed) -> Form:
    """The whole form, asked at the terminal; Enter leaves an answer out that a record can do without."""
    from sharedvalue.engine.governance.form import OTHER, POSTPONED, Form
    from sharedvalue.engine.governance.form_text import (
        DAY,
        DAYS,
        read_action,
        read_day,
        read_heard,
        read_votes,
    )
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.standing import follows
    from sharedvalue.engine.telling.phrases import Phrases

    questions, outcomes = form_words().questions, proposed.book.outcomes
    facing = proposed.proposal

    def ask(name: str, read: Callable[[str], Any] | None = None, needed: bool = False) -> Any:
        written = f" {DAY}" if name in DAYS else ""
        return _ask(questions[name].ask, f"{questions[name].help}{written}", read, needed)

    def day(name: str) -> Any:
        return ask(name, lambda text: read_day(name, text))

    words = Phrases(proposed.case.advice).answer(facing.outcome, facing.modes)
    click.echo(click.wrap_text(f"The rule book proposes: {words}", 78, "", "  "), err=True)
    click.echo("Enter leaves an answer out.\n", err=True)
    form = Form(by=_roles(ask("by", needed=True)))
    courses = {name: outcome.title for name, outcome in outcomes.outcomes.items()}
    decision = _choose(questions["decision"].ask, {**courses, **questions["decision"].choices})
    form = replace(form, decision=decision)
    if decision and decision != POSTPONED:
        modes = {n: m.title for n, m in outcomes.modes.items() if decision in m.outcomes}
        if modes:
            chosen = _choose_some(questions["modes"].ask, modes, questions["modes"].help, len(modes))
            form = replace(form, modes=chosen)
        if decision == OTHER or click.confirm("Add it in your own words?", default=False, err=True):
            form = replace(form, in_words=ask("in_words", needed=decision == OTHER))
        form = replace(form, for_members=ask("for_members"), votes=ask("votes", read_votes))
    if follows(facing, form) is False:
        form = replace(form, why=ask("why", needed=True))
    form = replace(form, dissent=_many(questions["dissent"].ask, questions["dissent"].help, str))
    if facing.has_sponsor:
        form = _asked_of_sponsor(proposed, form, ask)
    heard = _many(questions["heard"].ask, f"{questions['heard'].help} Write WHO: WHAT.", read_heard)
    form = replace(form, heard=heard, review_date=day("review_date"))
    actions = _many(
        questions["actions"].ask, f"{questions['actions'].help} Write WHAT | WHO | DATE.", read_action
    )
    form = replace(form, actions=actions, objection=ask("objection"))
    if form.objection:
        form = replace(form, object_to=ask("object_to"), object_until=day("object_until"))
    return replace(form, risks_with=ask("risks_with"))


def _asked_of_sponsor(proposed: Proposed, form: Form, ask: Callable[..., Any]) -> Form:
    """What the sponsor answered; a day that cannot be is asked again."""
    from sharedvalue.engine.errors import mistake
    from sharedvalue.engine.governance.form import AGREES_TO_OTHER, ANSWERED
    from sharedvalue.engine.governance.form_text import read_day
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.standing import answer_misfits

    asked_first = form_words().questions["sponsor"]
    form = replace(form, sponsor=_choose(asked_first.ask, asked_first.choices))
    if form.sponsor not in ANSWERED:
        return form
    as_of = str(proposed.case.decision.worlds.scenario.as_of or "")

    def that_day(text: str) -> dt.date:
        found = read_day("sponsor_date", text)
        said = replace(form, sponsor_date=found)
        for _, what, mend in answer_misfits(said, proposed.proposal, dt.date.today(), as_of):
            raise mistake("SV502", "--sponsor-date", what, mend)
        return found

    if form.sponsor == AGREES_TO_OTHER:
        form = replace(form, sponsor_to=ask("sponsor_to", needed=True))
    form = replace(form, sponsor_role=ask("sponsor_role", needed=True))
    form = replace(form, sponsor_date=ask("sponsor_date", that_day, needed=True))
    return replace(form, sponsor_said=ask("sponsor_said"))


def asked_what_happened(about: Record, told: Told) -> Told:
    """What became of a decision, asked at the terminal."""
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.standing import action_words, headline, standing

    questions = form_words().follow_up
    click.echo(f"{about.id}  {headline(about.payload)}\n", err=True)
    by = told.by or _roles(_ask("Who says so? Roles, with commas between", needed=True))
    result = _choose(
        questions["result"].ask, questions["result"].choices, questions["result"].help, needed=True
    )
    words = told.words or _ask(questions["words"].ask, questions["words"].help)
    done = list(told.done)
    for number, one in enumerate(standing(about.payload).form.actions, start=1):
        if not told.done and click.confirm(f"Done: {action_words(one.what, one.owner, one.due)}?", default=False, err=True):  # fmt: skip
            done.append(str(number))
    return replace(told, by=by, result=result, words=words, done=tuple(done))
