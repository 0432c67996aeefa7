"""What is due, what has run out, what waits for an answer, and which recorded decisions would come out otherwise today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.basis import basis
from sharedvalue.engine.governance.case import Case, decided, read_case
from sharedvalue.engine.governance.chain import digest
from sharedvalue.engine.governance.follow_up import Happened, happened_of
from sharedvalue.engine.governance.form import Form
from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import book_of, entries
from sharedvalue.engine.governance.standing import (
    FOLLOW_UP,
    FORM_FORMAT,
    action_words,
    kind_of,
    proposed,
    standing,
    taken,
    to_do,
    waiting,
)
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import read_file
from sharedvalue.engine.questions.book_diff import written
from sharedvalue.engine.telling.answer import upper
from sharedvalue.engine.worlds import form

Json = dict[str, Any]
SHOWN = 8
DONE = "done"


@dataclass(frozen=True)
class Ruled:
    """A rule that fires on one side only, with its line there."""

    rule: str
    line: str
    deciding: bool


@dataclass(frozen=True)
class Change:
    """The recorded case decided once more with one thing as it is today: `by` is rule book | facts | date | measured (what a
    follow-up measured again).

    `why` are the words of what changed; `gained` and `lost` the difference of the two traces; `problem` stands where it
    could not be decided.
    """

    by: str
    differs: bool
    before: str
    after: str
    why: tuple[str, ...] = ()
    gained: tuple[Ruled, ...] = ()
    lost: tuple[Ruled, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Reviewed:
    """One record under review: what was proposed (`answer`), how it stands, what was decided, and what became of it.

    `to_do` says what its standing asks for; `overdue` are follow-up actions past their date.
    """

    id: str
    title: str
    answer: str
    status: str
    stands: str
    decided: str
    departs: bool
    why: str
    recorded: str
    review_date: str | None
    due: bool
    to_do: str
    overdue: tuple[str, ...]
    happened: tuple[Happened, ...]
    expired: tuple[str, ...]
    waits: tuple[str, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def needs_attention(self) -> bool:
        return bool(
            self.due
            or self.to_do
            or self.overdue
            or self.expired
            or self.waits
            or any(c.differs or c.problem for c in self.changes)
        )


@dataclass(frozen=True)
class Departure:
    """A record in which something else was decided than proposed, and what became of it."""

    record: str
    proposed: str
    decided: str
    why: str
    happened: tuple[Happened, ...]


@dataclass(frozen=True)
class Review:
    """All records that still stand; those that a later record answers are left out, counted and named.

    `departures` and `happened` (with the record that each is about) are of all records, also of those that were answered.
    """

    ledger: str
    today: str
    records: tuple[Reviewed, ...]
    answered: int
    left_out: tuple[str, ...] = ()
    departures: tuple[Departure, ...] = ()
    happened: tuple[tuple[str, Happened], ...] = ()

    def as_json(self) -> Json:
        return {
            "schema": "sharedvalue/review/2",
            "ledger": self.ledger,
            "today": self.today,
            "answered": self.answered,
            "left_out": list(self.left_out),
            "records": [{**asdict(r), "needs_attention": r.needs_attention} for r in self.records],
            "departures": [asdict(one) for one in self.departures],
            "happened": [{"about": about, **asdict(one)} for about, one in self.happened],
        }


def review(ledger: Ledger, book: RuleBook, today: dt.date, only: str = "", scenario: str = "") -> Review:
    """Looks at every record that stands, or at one; `scenario` is today's file of that one, where it has moved.

    Raises:
        UserError: SV501 for a record that is not there, SV1xx for a scenario file that cannot be read.
    """
    chosen = ledger.record(only) if only else None
    if scenario:
        read_file(scenario)  # a file that cannot be read is told before anything is looked at
    answered: set[int] = set()
    decisions: list[Record] = []
    later: dict[int, list[Record]] = {}
    for record in ledger.records():
        payload = record.payload
        if payload["answers"] is not None:
            answered.add(payload["answers"])
        if kind_of(payload) == FOLLOW_UP:
            later.setdefault(payload["about"], []).append(record)
        else:
            decisions.append(record)
    all_decisions = {one.number: one for one in decisions}
    told = [one for one in decisions if chosen is None or one.number == chosen.number]
    departures = tuple(
        _departure(one, later.get(one.number, [])) for one in told if standing(one.payload).departs
    )
    happened = tuple((one.id, happened_of(f)) for one in told for f in later.get(one.number, ()))
    if chosen is not None:
        decisions = [chosen]
    else:
        decisions = [record for record in decisions if record.number not in answered]
    found = []
    for record in decisions:
        one = _reviewed(ledger, record, book, today, scenario, later.get(record.number, []))
        carried = tuple(_carried(record, all_decisions, today, later))
        found.append(replace(one, overdue=(*one.overdue, *carried)))
    if chosen is not None and chosen.number in answered:
        found = [replace(found[0], notes=(*found[0].notes, "A later record answers this one."))]
    left_out = tuple(one.id for one in all_decisions.values() if one.number in answered)
    return Review(ledger.shown, str(today), tuple(found), len(answered), left_out, departures, happened)


def _carried(
    record: Record, decisions: Mapping[int, Record], today: dt.date, later: Mapping[int, list[Record]]
) -> Iterator[str]:
    """The follow-up actions of the records that one answers, directly or not, that are past their date, and that neither a
    follow-up says were done nor a later record takes up."""
    taken_up = {action.what for action in standing(record.payload).form.actions}
    number = record.payload["answers"]
    while number in decisions:
        earlier = decisions[number]
        form = standing(earlier.payload).form
        still = replace(form, actions=tuple(one for one in form.actions if one.what not in taken_up))
        yield from (f"{text} ({earlier.id})" for text in _overdue(still, today, later.get(number, [])))
        taken_up |= {action.what for action in form.actions}
        number = earlier.payload["answers"]


def _departure(record: Record, later: list[Record]) -> Departure:
    payload = record.payload
    return Departure(
        record.id,
        proposed(payload),
        taken(payload),
        standing(payload).form.why,
        tuple(happened_of(one) for one in later),
    )


def _reviewed(
    ledger: Ledger, record: Record, book: RuleBook, today: dt.date, scenario: str, later: list[Record]
) -> Reviewed:
    payload = record.payload
    decision, stands = payload["decision"], standing(payload)
    dates = [stands.form.review_date, *(standing(one.payload).form.review_date for one in later)]
    date = next((str(one) for one in reversed(dates) if one is not None), None)
    due = date is not None and date <= str(today)
    expired = []
    notes = []
    if not date:
        notes.append("No review date was set.")
    changes: list[Change] = []
    try:
        then = book_of(ledger, record)
        changes += _trials(payload, then, book, today, scenario, notes)
        if due and any(then.outcomes.modes[mode].expires for mode in decision["modes"]):
            expired.append(f"It was to hold for a limited time, until {date}. That time is over.")
        expired += _aged(payload, then, today)
        changes += _measured(payload, later, then)
    except UserError as error:
        changes.append(
            Change("rule book", False, _answer(decision, book), "", problem=error.problems[0].what)
        )
    return Reviewed(
        record.id,
        payload["scenario"]["title"],
        upper(proposed(payload)),
        stands.status.name,
        stands.status.words,
        taken(payload),
        stands.departs,
        stands.form.why,
        payload["recorded_at"],
        date,
        due,
        to_do(payload) or _turned_out(later),
        _overdue(stands.form, today, later),
        tuple(happened_of(one) for one in later),
        tuple(expired),
        tuple(f"{one['line']} ({one['rule']})" for one in waiting(payload)),
        tuple(changes),
        tuple(notes),
    )


def _turned_out(later: list[Record]) -> str:
    """What is to be done where the latest word is that it went otherwise, or was not done."""
    went = later[-1].payload["happened"]["result"] if later else DONE
    return "" if went == DONE else form_words().turned_out


def _measured(payload: Json, later: list[Record], then: RuleBook) -> Iterator[Change]:
    """Whether the case comes out otherwise with what was measured again, as the latest follow-up recorded it."""
    measured = [one.payload for one in later if one.payload["happened"]["measured"]]
    if not measured:
        return
    now = measured[-1]
    differs = _key(payload["decision"]) != _key(now["decision"])
    said = tuple(f"{fact['title']}: {fact['then']} -> {fact['now']}" for fact in now["happened"]["measured"])
    before, after = _answer(payload["decision"], then), _answer(now["decision"], then)
    gained, lost = difference(payload["trace"], now["trace"]) if differs else ((), ())
    yield Change("measured", differs, before, after, said, gained, lost)


def _trials(
    payload: Json, then: RuleBook, book: RuleBook, today: dt.date, scenario: str, notes: list[str]
) -> list[Change]:
    """The case with today's rule book, with today's facts, and on today's date: one thing at a time."""
    recorded = payload["scenario"]
    text, file = recorded["text"], recorded["file"]
    found = []
    if book.hash != then.hash:
        why = tuple(f"{c.table} {c.name}: {c.what or c.how}" for c in written(then, book))
        found.append(_trial("rule book", book, payload, lambda: _case(payload, text, file, book), why))
    try:
        facts = _todays_facts(recorded, scenario, notes)
    except UserError as error:
        first = error.problems[0]
        problem = f"{first.code}: {first.what}"
        found.append(Change("facts", False, _answer(payload["decision"], book), "", problem=problem))
        facts = None
    if facts is not None:
        found.append(_trial("facts", book, payload, lambda: _case(payload, facts, file, then), ()))
    if payload["as_of"] and payload["as_of"] < str(today):
        words = (f"Evidence is counted from {today}, not from {payload['as_of']}.",)
        found.append(
            _trial("date", book, payload, lambda: _case(payload, text, file, then, str(today)), words)
        )
    return found


def _todays_facts(recorded: Json, scenario: str, notes: list[str]) -> str | None:
    """The text of the scenario file as it is today; None where it is the same, or not to be had."""
    path = scenario or recorded["path"]
    if not path:
        notes.append("The facts came from standard input: give today's with --scenario FILE.")
        return None
    if not scenario and not Path(path).is_file():
        notes.append(
            f"The scenario file {Path(path).name} is not where it was: give it with --scenario FILE."
        )
        return None
    text = read_file(path)
    return None if digest(text.encode()) == recorded["hash"] else text


def _overdue(form: Form, today: dt.date, later: list[Record]) -> tuple[str, ...]:
    """The follow-up actions that are past their date, and that no follow-up says were done."""
    done = {what for one in later for what in happened_of(one).done}
    return tuple(
        action_words(one.what, one.owner, one.due)
        for one in form.actions
        if one.due is not None and one.due < today and one.what not in done
    )


def _case(payload: Json, text: str, file: str, book: RuleBook, as_of: str = "") -> Case:
    return decided(read_case(text, file, book, entries(payload), as_of), book)


def _trial(by: str, book: RuleBook, payload: Json, make: Callable[[], Case], why: tuple[str, ...]) -> Change:
    before = payload["decision"]
    try:
        now = make().answer
    except UserError as error:
        first = error.problems[0]
        return Change(by, False, _answer(before, book), "", why, problem=f"{first.code}: {first.what}")
    after = now["decision"]
    if by == "facts":
        why = _facts_changed(payload["basis"], now["basis"], _log_added(payload, book))
    counts = payload["format"] >= FORM_FORMAT  # before there was a form, a status spoke of what people said
    if _key(before) == _key(after) and (before["status"] == after["status"] or not counts):
        return Change(by, False, _answer(before, book), _answer(after, book), why)
    gained, lost = difference(payload["trace"], now["trace"])
    return Change(by, True, _answer(before, book), _answer(after, book), why, gained, lost)


def _log_added(payload: Json, book: RuleBook) -> str:
    """The list that recording itself added to: what stands in it today is no news. Empty where it added nothing."""
    return book.outcomes.recording.log if entries(payload) else ""


def _facts_changed(before: Json, after: Json, aside: str) -> tuple[str, ...]:
    """The facts that are said otherwise today; one list may be left aside."""
    one = {fact["name"]: fact for fact in before["facts"]}
    other = {fact["name"]: fact for fact in after["facts"]}
    none = {"said": "not given"}
    return tuple(
        f"{(other.get(n) or one[n])['title']}: {one.get(n, none)['said']} -> {other.get(n, none)['said']}"
        for n in {**one, **other}
        if one.get(n, none)["said"] != other.get(n, none)["said"] and fact_of(n) != aside
    )


def _key(decision: Json) -> tuple[object, ...]:
    return decision["outcome"], decision["modes"], decision["open_modes"]


def _answer(decision: Json, book: RuleBook) -> str:
    """An answer with the status that its rule book gives it."""
    return f"{_titles(decision, book)} ({decision['status']})"


def _titles(decision: Json, book: RuleBook) -> str:
    """An answer in the words of a rule book; where it has none for it any more, by name."""
    outcome = book.outcomes.outcomes.get(decision["outcome"])

    def title(mode: str) -> str:
        found = book.outcomes.modes.get(mode)
        return mode if found is None else found.title[:1].lower() + found.title[1:]

    modes = [title(mode) for mode in decision["modes"]]
    modes += [f"perhaps {title(mode)}" for mode in decision["open_modes"]]
    named = decision["outcome"] if outcome is None else outcome.title
    return f"{named}{': ' + ', '.join(modes) if modes else ''}"


def difference(before: Json, after: Json) -> tuple[tuple[Ruled, ...], tuple[Ruled, ...]]:
    """The rules that fire in one trace only, those on the way to the decision first."""
    one, other = _fired(before), _fired(after)

    def only(mine: dict[str, Ruled], theirs: dict[str, Ruled]) -> tuple[Ruled, ...]:
        found = [ruled for key, ruled in mine.items() if key not in theirs]
        return tuple(sorted(found, key=lambda r: not r.deciding)[:SHOWN])

    return only(other, one), only(one, other)


def _fired(trace: Json) -> dict[str, Ruled]:
    return {
        f["key"]: Ruled(f["rule"], f["line"], f["deciding"]) for f in trace["world"]["firings"] if f["stands"]
    }


def _aged(payload: Json, then: RuleBook, today: dt.date) -> list[str]:
    """The facts whose evidence counts for less today than when it was recorded."""
    if not payload["as_of"] or payload["as_of"] >= str(today):
        return []
    scenario = payload["scenario"]
    worlds = form(then, read_case(scenario["text"], scenario["file"], then, (), str(today)))
    before = {fact["name"]: fact for fact in payload["basis"]["facts"]}
    found = []
    for fact in basis(worlds).resting_on("evidence"):
        old = before.get(fact.name)
        if old is None or (old["confidence"], old["widened"]) == (fact.confidence, fact.widened):
            continue
        ages = [item.age_months for item in fact.items if item.age_months is not None]
        months = f"its newest evidence is {min(ages)} months old" if ages else "its evidence has aged"
        now = fact.widened or f"confidence {fact.confidence}"
        found.append(
            f"{fact.title}: {months}; then confidence {old['confidence'] or 'not rated'}, now {now}."
        )
    return found
