"""The decision form at the terminal: as options of `record`, and asked question by question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sharedvalue.cli.dialogue import Dialogue

if TYPE_CHECKING:
    from sharedvalue.engine.governance.follow_up import Told
    from sharedvalue.engine.governance.form import Form, Votes
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


def _roles(text: str) -> tuple[str, ...]:
    return tuple(role.strip() for role in text.split(",") if role.strip())


def asked(proposed: Proposed) -> Form:
    """The whole form, asked at the terminal; Enter leaves an answer out that a record can do without."""
    return Dialogue().hold(lambda talk: _asked(talk, proposed))


def _asked(talk: Dialogue, proposed: Proposed) -> Form:
    from sharedvalue.engine.governance.form import OTHER, POSTPONED, Form, checked_votes
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
        return talk.ask(questions[name].ask, f"{questions[name].help}{written}", read, needed)

    def day(name: str) -> Any:
        return ask(name, lambda text: read_day(name, text))

    def votes(text: str) -> Votes:
        return checked_votes(replace(form, votes=read_votes(text)))

    words = Phrases(proposed.case.advice).answer(facing.outcome, facing.modes)
    talk.say(f"The rule book proposes: {words}", "", "  ")
    talk.say("Enter leaves an answer out, b goes back to the question before.\n")
    form = Form(by=_roles(ask("by", needed=True)))
    courses = {name: outcome.title for name, outcome in outcomes.outcomes.items()}
    decision = talk.choose(questions["decision"].ask, {**courses, **questions["decision"].choices})
    form = replace(form, decision=decision)
    if decision:
        modes = {n: m.title for n, m in outcomes.modes.items() if decision in m.outcomes}
        if modes:
            chosen = talk.choose_some(questions["modes"].ask, modes, questions["modes"].help, len(modes))
            form = replace(form, modes=chosen)
        form = replace(form, in_words=ask("in_words", needed=decision == OTHER))
        form = replace(form, for_members=ask("for_members"))
    if decision not in ("", POSTPONED):
        form = replace(form, votes=ask("votes", votes))
    if follows(facing, form) is False:
        form = replace(form, why=ask("why", needed=True))
    form = replace(form, dissent=talk.many(questions["dissent"].ask, questions["dissent"].help, str))
    if facing.has_sponsor:
        form = _asked_of_sponsor(talk, proposed, form, ask)
    heard = talk.many(questions["heard"].ask, f"{questions['heard'].help} Write WHO: WHAT.", read_heard)
    form = replace(form, heard=heard, review_date=day("review_date"))
    actions = talk.many(
        questions["actions"].ask, f"{questions['actions'].help} Write WHAT | WHO | DATE.", read_action
    )
    form = replace(form, actions=actions, objection=ask("objection"))
    if form.objection:
        form = replace(form, object_to=ask("object_to"), object_until=day("object_until"))
    return replace(form, risks_with=ask("risks_with"))


def _asked_of_sponsor(talk: Dialogue, proposed: Proposed, form: Form, ask: Callable[..., Any]) -> Form:
    """What the sponsor answered; a day that cannot be is asked again."""
    from sharedvalue.engine.errors import mistake
    from sharedvalue.engine.governance.form import AGREES_TO_OTHER, ANSWERED
    from sharedvalue.engine.governance.form_text import read_day
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.standing import answer_misfits

    asked_first = form_words().questions["sponsor"]
    form = replace(form, sponsor=talk.choose(asked_first.ask, asked_first.choices))
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
    return Dialogue().hold(lambda talk: _asked_what_happened(talk, about, told))


def _asked_what_happened(talk: Dialogue, about: Record, told: Told) -> Told:
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.standing import action_words, headline, standing

    questions = form_words().follow_up
    talk.say(f"{about.id}  {headline(about.payload)}\n", "", "       ")
    by = told.by or _roles(talk.ask("Who says so? Roles, with commas between", needed=True))
    result = talk.choose(
        questions["result"].ask, questions["result"].choices, questions["result"].help, needed=True
    )
    words = told.words or talk.ask(questions["words"].ask, questions["words"].help)
    done = list(told.done)
    for number, one in enumerate(standing(about.payload).form.actions, start=1):
        if not told.done and talk.sure(f"Done: {action_words(one.what, one.owner, one.due)}?"):
            done.append(str(number))
    return replace(told, by=by, result=result, words=words, done=tuple(done))
