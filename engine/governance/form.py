"""The decision form: what people decided about a proposal, who did, what the sponsor answered, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sharedvalue.engine.errors import Place, Problems, mistake
from sharedvalue.engine.language.source import UNSHOWN

Json = dict[str, Any]
MAX_WORDS = 4000
MAX_ITEMS = 60
MAX_VOTES = 1_000_000
OTHER, POSTPONED = "other", "postponed"
AGREES, AGREES_TO_OTHER, REFUSES, NOT_ASKED = "agrees", "agrees_to_other", "refuses", "not_asked"
ONE_EACH = {"modes": "--mode", "actions": "--action"}  # options that are given once for each
ANSWERED = (AGREES, AGREES_TO_OTHER, REFUSES)


@dataclass(frozen=True)
class Votes:
    """A vote: how many were for it, against it, and abstained."""

    for_it: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Heard:
    """One group of those affected that was heard, and what it said."""

    who: str
    said: str


@dataclass(frozen=True)
class Action:
    """What is done next, by which role, until when."""

    what: str
    owner: str
    due: dt.date | None


@dataclass(frozen=True)
class Form:
    """What people say of a proposal; everything may be left out but `by`, the roles that decided.

    `decision` is an outcome of the rule book, OTHER, POSTPONED, or '' where nothing was decided; `sponsor` is one of the
    answers of form.yaml, or '' where nobody said. `places` says where in a file a field was written.
    """

    by: tuple[str, ...] = ()
    decision: str = ""
    modes: tuple[str, ...] = ()
    in_words: str = ""
    for_members: str = ""
    why: str = ""
    votes: Votes | None = None
    dissent: tuple[str, ...] = ()
    sponsor: str = ""
    sponsor_to: str = ""
    sponsor_role: str = ""
    sponsor_date: dt.date | None = None
    sponsor_said: str = ""
    heard: tuple[Heard, ...] = ()
    review_date: dt.date | None = None
    actions: tuple[Action, ...] = ()
    objection: str = ""
    object_to: str = ""
    object_until: dt.date | None = None
    risks_with: str = ""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def place(self, name: str) -> Place:
        """Where a field was written: in a file, or with its option."""
        return self.places.get(name) or Place(option(name))

    @property
    def is_empty(self) -> bool:
        return self == Form()

    def as_json(self) -> Json:
        """The form as it stands in a record: every field, dates as text."""
        return {one.name: _json(getattr(self, one.name)) for one in fields(self) if one.name != "places"}


def option(name: str) -> str:
    """The option of a field on the command line: sponsor_date -> --sponsor-date."""
    return ONE_EACH.get(name) or f"--{name.replace('_', '-')}"


def _json(value: object) -> object:
    match value:
        case dt.date():
            return str(value)
        case tuple():
            return [_json(one) for one in value]
        case Votes() | Heard() | Action():
            return {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    return value


def form_of(recorded: Json) -> Form:
    """The form of a record, from what `as_json` wrote."""
    said = dict(recorded)
    for name in ("sponsor_date", "review_date", "object_until"):
        said[name] = _date(said[name])
    votes = said["votes"]
    said["votes"] = None if votes is None else Votes(**votes)
    said["heard"] = tuple(Heard(**one) for one in said["heard"])
    said["actions"] = tuple(Action(one["what"], one["owner"], _date(one["due"])) for one in said["actions"])
    for name in ("by", "modes", "dissent"):
        said[name] = tuple(said[name])
    return Form(**said)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- what can be kept -----------------------------------------------------------------------------------------------


def tidied(form: Form) -> Form:
    """The form with its texts tidied, as far as it can be judged without the case.

    Raises:
        UserError: SV508 for what cannot be kept, SV502 where it does not fit together; all that is wrong at once.
    """
    problems = Problems()
    changed: dict[str, Any] = {}
    for one in fields(form):
        value = getattr(form, one.name)
        match value:
            case str():
                changed[one.name] = _words(form, one.name, value, problems)
            case tuple():
                changed[one.name] = tuple(_item(form, one.name, item, problems) for item in value)
    done = replace(form, **changed)
    for name, what, mend in (*_missing(done), *_misfits(done)):
        problems.add("SV508" if name == "by" else "SV502", done.place(name), what, mend)
    _roles(done, problems)
    problems.stop_if_any()
    return done


def _item(form: Form, name: str, item: Any, problems: Problems) -> Any:
    if isinstance(item, str):
        return _words(form, name, item, problems, needed=True)
    texts = {
        one.name: _words(form, name, getattr(item, one.name), problems, needed=one.name in ("what", "who"))
        for one in fields(item)
        if isinstance(getattr(item, one.name), str)
    }
    return replace(item, **texts)


def _words(form: Form, name: str, text: str, problems: Problems, needed: bool = False) -> str:
    tidy = " ".join(text.split()) if "\n" not in text else text.strip()
    if not tidy and (needed or text):
        what, mend = "there is nothing in it", "Write a few words, or leave it out."
        problems.add("SV508", form.place(name), what, mend)
    if len(tidy) > MAX_WORDS:
        what = f"this is longer than {MAX_WORDS:,} signs"
        problems.add("SV508", form.place(name), what, "Write what matters.")
    if UNSHOWN.search(tidy):
        problems.add("SV508", form.place(name), "it holds signs that cannot be shown", "Write plain text.")
    return tidy


def _roles(form: Form, problems: Problems) -> None:
    owners = tuple(one.owner for one in form.actions)
    for name, roles in (
        ("by", form.by),
        ("sponsor_role", (form.sponsor_role,)),
        ("actions", owners),
        ("object_to", (form.object_to,)),
        ("risks_with", (form.risks_with,)),
    ):
        for role in roles:
            if "@" in role and name != "object_to":  # objections may well go to a mailbox
                what = f"'{role[:60]}' is an address of a person"
                problems.add("SV508", form.place(name), what, "Name the role: a ledger is kept for years.")
    for one in fields(form):
        value = getattr(form, one.name)
        if isinstance(value, tuple) and len(value) > MAX_ITEMS:
            problems.add(
                "SV508",
                form.place(one.name),
                f"these are more than {MAX_ITEMS}",
                "Join what belongs together.",
            )


Misfit = tuple[str, str, str]  # the field, what is wrong with it, the mend


def _missing(form: Form) -> Iterator[Misfit]:
    if not form.by:
        yield (
            "by",
            "the record does not say who decided",
            "Name roles, for example community leader, steering group.",
        )
    if form.decision == OTHER and not form.in_words:
        yield (
            "in_words",
            "it does not say what was decided",
            "Say it in a sentence, or name a course of the rule book.",
        )
    if form.sponsor in ANSWERED and not form.sponsor_role:
        yield (
            "sponsor_role",
            "it does not say who answered for the sponsor",
            "Name the role, for example manager of the unit.",
        )
    if form.sponsor in ANSWERED and form.sponsor_date is None:
        yield (
            "sponsor_date",
            "it does not say when the sponsor answered",
            "Write the day as year-month-day.",
        )
    if form.sponsor == AGREES_TO_OTHER and not form.sponsor_to:
        yield "sponsor_to", "it does not say what the sponsor agrees to", "Say it in a sentence."


def _misfits(form: Form) -> Iterator[Misfit]:
    if form.sponsor not in ANSWERED:
        said = {
            "sponsor_to": form.sponsor_to,
            "sponsor_role": form.sponsor_role,
            "sponsor_date": form.sponsor_date,
            "sponsor_said": form.sponsor_said,
        }
        for name in (n for n, value in said.items() if value):
            yield (
                name,
                "it does not say what the sponsor answered",
                "Say whether it agrees, agrees to something else, or refuses.",
            )
            break
    if form.sponsor_to and form.sponsor in (AGREES, REFUSES):
        yield (
            "sponsor_to",
            "the sponsor is said to agree to something else, and its answer says otherwise",
            "Choose 'agrees to something else', or leave this out.",
        )
    if form.modes and form.decision in ("", OTHER, POSTPONED):
        yield (
            "modes",
            "modes belong to a course of the rule book",
            "Name the course, or say it in your own words.",
        )
    if form.in_words and not form.decision:
        yield (
            "decision",
            "it is not clear whether this is the proposal or something else",
            "Name the course that was decided, or 'other'.",
        )
    yield from _vote_misfits(form)
    if form.object_until and not form.objection:
        yield "objection", "it does not say how to object", "Say it in a sentence."


def _vote_misfits(form: Form) -> Iterator[Misfit]:
    votes = form.votes
    if votes is None:
        return
    if votes.for_it + votes.against + votes.abstained == 0:
        yield "votes", "nobody voted", "Leave it out where there was no vote."
    elif form.decision not in ("", POSTPONED) and votes.for_it < votes.against:
        yield (
            "votes",
            f"more were against it than for it ({votes.against} to {votes.for_it}), so this was not decided",
            "Record what was decided, or 'postponed' where nothing was; the first number is those for it.",
        )


def checked_votes(form: Form) -> Votes:
    """The vote of a form.

    Raises:
        UserError: SV502 for one by which nothing was decided.
    """
    for name, what, mend in _vote_misfits(form):
        raise mistake("SV502", option(name), what, mend)
    assert form.votes is not None
    return form.votes
