"""How a proposal stands once people have spoken: whether they follow it, what the record is called, and what it waits for.

The status comes from the decision form alone. Records from before there was a form are read as what they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import Problems, did_you_mean
from sharedvalue.engine.governance.form import (
    AGREES,
    AGREES_TO_OTHER,
    ANSWERED,
    OTHER,
    POSTPONED,
    REFUSES,
    Form,
    form_of,
)
from sharedvalue.engine.governance.form_words import Status, form_words, in_record
from sharedvalue.engine.language.outcomes import Outcomes
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.telling.answer import upper
from sharedvalue.engine.telling.phrases import course_title

Json = dict[str, Any]
FORM_FORMAT = 2  # the first format of records that holds a form
DECISION, FOLLOW_UP = "decision", "follow_up"
PROPOSED, AGREED = "proposed", "agreed"
SPONSOR, FACTS = "sponsor", "facts"  # what a status of the rule book may wait for


@dataclass(frozen=True)
class Proposal:
    """What the rule book proposes, as far as a decision about it is measured against it."""

    outcome: str
    modes: tuple[str, ...]
    open_modes: tuple[str, ...]
    has_sponsor: bool
    needs_sponsor: bool
    is_open: bool


def proposal(decision: Decision) -> Proposal:
    """The proposal of a case that was decided without what people said of it."""
    outcomes = decision.worlds.book.outcomes
    waits_for = outcomes.statuses[decision.status].waits_for if decision.status else ""
    guarded = decision.after.holds(outcomes.recording.proposed_while)
    return Proposal(
        decision.outcome,
        decision.modes,
        decision.open_modes,
        decision.worlds.known.get(outcomes.recording.sponsor) != 0,
        guarded or waits_for == SPONSOR,
        waits_for == FACTS,
    )


def follows(proposed: Proposal, form: Form) -> bool | None:
    """Whether a decision is the proposal, or part of it that was still open; None where nothing was decided."""
    if form.decision in ("", POSTPONED):
        return None
    if form.decision != proposed.outcome:
        return False
    chosen, sure = set(form.modes), set(proposed.modes)
    return not chosen or (sure <= chosen and chosen <= sure | set(proposed.open_modes))


def status_of(proposed: Proposal, form: Form) -> Status:
    """What a record is called. Agreed only where the sponsor agreed to what was decided, and that is the proposal."""
    return form_words().statuses[_status(proposed, form)]


def _status(proposed: Proposal, form: Form) -> str:
    same = follows(proposed, form)
    if form.decision == POSTPONED:
        return "postponed"
    if same is False:
        return "decided_otherwise"
    if form.sponsor == REFUSES:
        return "refused"
    if form.sponsor == AGREES_TO_OTHER:
        return "answered_otherwise"
    if same is None and proposed.is_open:
        return "open"
    if same is None:
        return "undecided" if form.sponsor == AGREES or not proposed.needs_sponsor else "proposed"
    if form.sponsor == AGREES:
        return AGREED
    return "proposed" if proposed.needs_sponsor or (proposed.is_open and proposed.has_sponsor) else "decided"


def status_words(status: Status, form: Form, proposed: Proposal) -> str:
    """A status in words; where people went another way, with what the sponsor answered."""
    if status.name != "decided_otherwise" or not proposed.has_sponsor:
        return status.words
    return in_record("and_the_sponsor", words=status.words, answer=answer_words(form))


def fitted(form: Form, proposed: Proposal, book: RuleBook, today: dt.date, as_of: str) -> Form:
    """The form held to the case that it is about: names as the rule book spells them, modes in its order.

    Raises:
        UserError: SV502 where the form does not fit the case or the day; all that is wrong at once.
    """
    problems = Problems()
    form = _named(form, book, problems)
    for name, what, mend in (*_reasons(form, proposed), *answer_misfits(form, proposed, today, as_of)):
        problems.add("SV502", form.place(name), what, mend)
    problems.stop_if_any()
    return form


def _named(form: Form, book: RuleBook, problems: Problems) -> Form:
    """The form with the decision and its modes found in the rule book, however they are written."""
    outcomes = book.outcomes
    known = {name.casefold(): name for name in (*outcomes.outcomes, OTHER, POSTPONED)}
    known |= {outcome.title.casefold(): name for name, outcome in outcomes.outcomes.items()}
    said = form.decision.strip()
    decision = known.get(said.casefold(), known.get(said.casefold().replace(" ", "_"), "")) if said else ""
    if said and not decision:
        mend = did_you_mean(said, (*outcomes.outcomes, OTHER, POSTPONED))
        problems.add(
            "SV502",
            form.place("decision"),
            f"'{said[:60]}' is no course of the rule book",
            mend or f"Use one of {', '.join((*outcomes.outcomes, OTHER, POSTPONED))}.",
        )
    modes = []
    for mode in form.modes:
        found = outcomes.modes.get(mode.strip().casefold().replace(" ", "_"))
        there = [name for name, one in outcomes.modes.items() if decision in one.outcomes]
        if found is None or (decision and decision not in found.outcomes):
            problems.add(
                "SV502",
                form.place("modes"),
                f"'{mode[:60]}' is no way to carry this out",
                did_you_mean(mode, there) or f"Use some of {', '.join(there) or 'none'}.",
            )
        else:
            modes.append(found.name)
    return replace(
        form, decision=decision, modes=tuple(name for name in outcomes.modes if name in set(modes))
    )


Misfit = tuple[str, str, str]


def _reasons(form: Form, proposed: Proposal) -> Iterator[Misfit]:
    if follows(proposed, form) is False and not form.why:
        yield (
            "why",
            "something else was decided than proposed, and the record does not say why",
            "Give the reason: it is looked at again at the review.",
        )


def answer_misfits(form: Form, proposed: Proposal, today: dt.date, as_of: str) -> Iterator[Misfit]:
    """What of the sponsor's answer does not fit the case or the day: the field, what is wrong, the mend."""
    if form.sponsor and not proposed.has_sponsor:
        yield (
            "sponsor",
            "this community has no sponsor, so none can have answered",
            "Leave it out, or correct the scenario.",
        )
    date = form.sponsor_date
    if date is not None and date > today:
        yield "sponsor_date", f"{date} lies ahead", "Write the day on which the sponsor answered."
    if date is not None and as_of and str(date) < as_of:
        yield (
            "sponsor_date",
            f"an answer of {date} is older than the facts of this proposal ({as_of}), so it answered something else",
            "Ask the sponsor about this proposal; an earlier answer may be told in your own words.",
        )


# --- a record, of any format ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a record stands: its status, the form (as far as there was one), and whether the decision follows the proposal."""

    status: Status
    form: Form
    follows: bool | None
    has_form: bool

    @property
    def departs(self) -> bool:
        return self.follows is False


def standing(payload: Json) -> Standing:
    """The standing of a record as it was written down then."""
    if payload["format"] >= FORM_FORMAT:
        written = payload["status"]
        known = form_words().statuses.get(written["name"])
        status = Status(
            written["name"],
            written["lead"],
            written["words"],
            known.waits if known else False,
            known.to_do if known else "",
            known.asks if known else "",
        )
        return Standing(status, form_of(payload["form"]), payload["follows"], True)
    before = form_words().statuses["before_the_form"]
    status = replace(before, waits=bool(payload["waits_for"]))
    agreement = payload["agreement"]
    date = agreement["review_date"]
    form = Form(
        by=tuple(payload["people"]["by"]),
        dissent=tuple(agreement["dissent"]),
        review_date=dt.date.fromisoformat(date) if date else None,
    )
    return Standing(status, form, None, False)


def kind_of(payload: Json) -> str:
    """decision or follow_up."""
    return str(payload.get("kind", DECISION))


def waiting(payload: Json) -> list[Json]:
    """The rules by which the proposal waits for an answer, and that nothing in the form has answered."""
    if kind_of(payload) == FOLLOW_UP:
        return []
    found: list[Json] = payload["waits_for"]
    if payload["format"] < FORM_FORMAT:
        return found
    stands = standing(payload)
    return [] if stands.departs or stands.form.sponsor in ANSWERED else found


def to_do(payload: Json) -> str:
    """What the standing of a record asks for; a sponsor that was passed over is to be told."""
    stands = standing(payload)
    if _passed_over(payload):
        return form_words().passed_over
    return stands.status.to_do if stands.status.waits else ""


def _passed_over(payload: Json) -> bool:
    """Whether people went another way, and the sponsor has not answered."""
    stands = standing(payload)
    departs = stands.departs and payload["facing"]["has_sponsor"]
    return departs and stands.form.sponsor not in ANSWERED


def asked_of_board(payload: Json, done: frozenset[str] = frozenset()) -> str:
    """What is asked of those who govern: what the status asks, and what the record leaves open of it; `done` are the follow-up
    actions that were carried out."""
    stands, words = standing(payload), form_words()
    form, asked = stands.form, words.asked
    if not stands.has_form:
        return stands.status.asks
    waits_for_sponsor = stands.status.name == PROPOSED and stands.follows is True
    parts = [asked["put_to_sponsor"] if waits_for_sponsor else stands.status.asks]
    if _passed_over(payload):
        parts.append(words.passed_over)
    if form.actions and all(one.what in done for one in form.actions):
        parts.append(asked["all_done"])
    elif form.actions or not stands.status.waits:
        parts.append(asked["actions" if form.actions else "no_actions"])
    day = form.review_date
    parts.append(asked["no_review"] if day is None else asked["review"].format(day=day))
    return " ".join(parts)


def proposed(payload: Json) -> str:
    """What the rule book proposed, in words and without a status."""
    return str(payload["proposed"]) if payload["format"] >= FORM_FORMAT else _first_line(payload)


def headline(payload: Json) -> str:
    """How a record stands and what it is about, in one line: what was decided where that is not the proposal."""
    stands = standing(payload)
    about = taken(payload) if stands.departs or kind_of(payload) == FOLLOW_UP else ""
    if stands.form.decision == POSTPONED:
        about = in_record("was_proposed", what=proposed(payload))
    return f"{stands.status.lead.upper()}: {about or payload.get('agreed_on') or proposed(payload)}"


def _first_line(payload: Json) -> str:
    """What was told first, without the status that the rule book gave it before there was a form."""
    text = " ".join(payload["told"][0]["entries"][0]["text"].split())
    lead, colon, rest = text.partition(": ")
    named = payload["decision"]["outcome"].replace("_", " ")
    return rest if colon and lead.isupper() and not lead.startswith(named) else text


def taken(payload: Json) -> str:
    """What was decided, in words; empty where nothing was, or where there was no form to say it in."""
    return str(payload["taken"]) if payload["format"] >= FORM_FORMAT else ""


def taken_words(form: Form, proposed: Proposal, book: RuleBook, as_proposed: str) -> str:
    """What was decided, in the titles of the rule book and in people's own words; the proposal `as_proposed`, where it is that."""
    outcomes = book.outcomes
    if form.decision in ("", OTHER):
        return form.in_words
    if form.decision == POSTPONED:
        words = form_words().questions["decision"].choices[POSTPONED]
        return form.in_words or words[:1].upper() + words[1:]
    said = course_title(outcomes, form.decision, form.modes)
    if follows(proposed, form) and (not form.modes or set(form.modes) == set(proposed.modes)):
        said = upper(as_proposed)
    return f"{said}. {form.in_words}" if form.in_words else said


def course_taken(form: Form, outcomes: Outcomes) -> str:
    """The course of the rule book that was decided, which is nobody's own words; '' where it was none of them."""
    if form.decision not in outcomes.outcomes:
        return ""
    return course_title(outcomes, form.decision, [mode for mode in form.modes if mode in outcomes.modes])


def rows(payload: Json) -> Iterator[tuple[str, str]]:
    """All that a record says of the people and the decision: each thing with its title; what was left out is not told."""
    stands = standing(payload)
    form, words = stands.form, form_words().questions

    def told(name: str, text: str) -> tuple[str, str]:
        return words[name].title, text

    if not stands.has_form:
        yield told("by", ", ".join(form.by))
        yield from _noted(payload)
    else:
        yield told("decision", _decision(payload, form))
        if form.for_members:
            yield told("for_members", form.for_members)
        if stands.follows is not None:
            yield in_record("follows"), in_record("it_does" if stands.follows else "it_does_not")
        if form.why:
            yield told("why", form.why) if stands.departs else (in_record("reason"), form.why)
        yield _by(payload, stands), ", ".join(form.by)
        if form.votes is not None:
            yield told("votes", in_record("votes", **vars(form.votes)))
    for text in form.dissent:
        yield told("dissent", text)
    if stands.has_form:
        yield from _answered(form)
        for one in form.heard:
            yield told("heard", f"{one.who}: {one.said}" if one.said else one.who)
    if form.review_date:
        yield told("review_date", str(form.review_date))
    for action in form.actions:
        yield told("actions", action_words(action.what, action.owner, action.due))
    if form.objection:
        yield told("objection", objection_words(form))
    elif form.object_to:
        yield told("object_to", form.object_to)
    if form.risks_with:
        yield told("risks_with", form.risks_with)


def _decision(payload: Json, form: Form) -> str:
    if form.decision != POSTPONED:
        return taken(payload) or in_record("none_yet")
    return in_record("not_taken_words", words=form.in_words) if form.in_words else in_record("not_taken")


def remarks(form: Form, day: dt.date) -> Iterator[str]:
    """What does not look right in a form of a day, though it may be so."""
    said = form_words().remarks
    if form.review_date is not None and form.review_date < day:
        yield said["review_past"].format(day=form.review_date)
    if form.object_until is not None and form.object_until < day:
        yield said["object_past"].format(day=form.object_until)
    if form.decision == OTHER and not form.for_members:
        yield said["no_sentence"]
    if form.object_to and {form.object_to.casefold()} == {who.casefold() for who in form.by}:
        yield said["object_to_them"].format(who=form.object_to)


def _by(payload: Json, stands: Standing) -> str:
    """What those are called who stand behind a record: they decided, put a proposal on record, or tell what became of it."""
    if kind_of(payload) == FOLLOW_UP:
        return in_record("told_by")
    return in_record("put_by") if stands.follows is None else form_words().questions["by"].title


def moment(written: str) -> str:
    """A day and hour (ISO 8601, in UTC) as a person writes it."""
    return f"{written[:10]}, {written[11:16]} UTC"


def objection_words(form: Form) -> str:
    """How to object, to whom, and until when, in one line; to whom is not said twice."""
    until = in_record("until", day=form.object_until) if form.object_until else ""
    named = not form.object_to or form.object_to.casefold() in form.objection.casefold()
    whom = "" if named else in_record("to_whom", whom=form.object_to)
    return f"{form.objection}{whom}{until}"


def action_words(what: str, owner: str, due: dt.date | None) -> str:
    """An action in one line: what, who, until when."""
    return what + (f" ({owner})" if owner else "") + (in_record("by_day", day=due) if due else "")


def answer_words(form: Form, own_words: bool = True) -> str:
    """What the sponsor answered, who and when, in one line; that no answer is on record, where nobody said.

    Without `own_words`, not to what else it agrees.
    """
    if not form.sponsor:
        return in_record("no_answer")
    said = form_words().questions["sponsor"].choices[form.sponsor]
    whom = f" ({form.sponsor_role}, {form.sponsor_date})" if form.sponsor_role else ""
    return f"{said}{': ' + form.sponsor_to.rstrip('. ') if form.sponsor_to and own_words else ''}{whom}"


def _answered(form: Form) -> Iterator[tuple[str, str]]:
    questions = form_words().questions
    if form.sponsor:
        yield questions["sponsor"].title, answer_words(form)
    if form.sponsor_said:
        yield questions["sponsor_said"].title, form.sponsor_said


def _noted(payload: Json) -> Iterator[tuple[str, str]]:
    """What a record from before the form noted: as it was written, and under no other name."""
    if payload["agreement"]["agreed"]:
        yield in_record("noted_agreed"), payload["agreement"]["agreed"]
    if payload["people"]["sponsor_part"]:
        yield in_record("noted_sponsor"), payload["people"]["sponsor_part"]


def for_others(title: str, text: str, form: Form, few: int = 0, hide: bool = False) -> str:
    """What a row says in a copy that goes to others: nobody's own words, and no count of fewer than `few` voices; with `hide`,
    where a number in the case is about so few, nothing that was written freely."""
    questions = form_words().questions
    own = {questions[name].title for name in ("dissent", "sponsor_said", "heard", "in_words", "why")}
    if title in own | {in_record(name) for name in ("noted_agreed", "noted_sponsor", "reason")}:
        return in_record("left_out")
    if title == questions["decision"].title and form.in_words:
        return in_record("left_out")
    if form.votes is not None and title == questions["votes"].title:
        return in_record("left_out") if any(0 < n < few for n in vars(form.votes).values()) else text
    if hide and title == questions["actions"].title:
        return in_record("left_out")
    return answer_words(form, own_words=False) if title == questions["sponsor"].title else text
