"""The ledger, for the records room: what would be recorded, what was, what is due, whether it is sound, and reports.

Every job here reads or writes the ledger itself, so none of its answers may be kept.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.telling.page import Entry, Page
from sharedvalue.web.jobs import case

if TYPE_CHECKING:
    from sharedvalue.engine.governance.ledger import Ledger, Record
    from sharedvalue.engine.governance.record import Draft
    from sharedvalue.engine.governance.report.document import Told

Json = dict[str, Any]
NO_LEDGER = "SV511"
MOST_ROWS = 500
MOST_TOLD = 3  # records of which the words are kept, in each worker
_last_told: dict[tuple[str, str, str, bool, str], Told] = {}


def entry(one: Entry) -> Json:
    """An entry, what it is about set apart, as DUE in 'DUE      since 2027-03-01'."""
    return {"lead": one.lead, "text": one.text, "inset": len(one.indent) > 1}


def sections(page: Page) -> list[Json]:
    """A page of words."""
    return [{"heading": s.heading, "entries": [entry(e) for e in s.entries]} for s in page.sections]


def listing(ledger: str, house: tuple[str, ...], stamp: str) -> Json:
    """All records, the last first; empty where there is no ledger yet."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.words import HEADS, cells, row

    del house, stamp
    try:
        with open_ledger(ledger) as opened:
            found = [(row(record), record.payload["scenario"]["path"]) for record in opened.records()]
            shown = opened.shown
    except UserError as error:
        if error.problems[0].code != NO_LEDGER:
            raise
        return {"ledger": "", "heads": list(HEADS), "rows": [], "left_out": 0}
    answered = {one["answers"]: one["record"] for one, _ in found}
    rows = [
        {
            "id": one["record"],
            "cells": cells(one),
            "title": one["title"],
            "waits": one["waits"],
            "answered": answered.get(one["record"], ""),
            "path": path,
            "file": PurePosixPath(path.replace("\\", "/")).name,
        }
        for one, path in reversed(found)
    ]
    name = shown if "://" in shown else PurePosixPath(shown).name  # not where it lies on this machine
    return {
        "ledger": name,
        "heads": list(HEADS),
        "rows": rows[:MOST_ROWS],
        "left_out": max(0, len(rows) - MOST_ROWS),
    }


def record(ledger: str, wanted: str, others: bool, house: tuple[str, ...], stamp: str) -> Json:
    """One record, as it was written."""
    from sharedvalue.engine.governance.chain import name_of
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.standing import FOLLOW_UP, kind_of, proposed, to_do, waiting
    from sharedvalue.engine.governance.words import as_written

    del house, stamp
    with open_ledger(ledger) as opened:
        found = opened.record(wanted)
        after = [(one.id, one.payload["answers"], one.payload.get("about")) for one in opened.records()]
    payload = found.payload
    head, *rest = sections(as_written(found, others))
    return {
        "id": found.id,
        "title": payload["scenario"]["title"],
        "by": head["entries"][1]["text"],
        "proposed": proposed(payload),
        "sections": rest[:-1],
        "closing": rest[-1]["entries"],
        "answers": None if payload["answers"] is None else name_of(payload["answers"]),
        "is_follow_up": kind_of(payload) == FOLLOW_UP,
        "later": [name for name, answers, _ in after if answers == found.number],
        "happened": [name for name, _, about in after if about == found.number],
        "receipt": found.receipt,
        "clock_behind": payload["clock_behind"],
        "to_do": to_do(payload),
        "waits": [f"{one['line']} ({one['rule']})." for one in waiting(payload)],
    }


def form(ledger: str, house: tuple[str, ...], stamp: str) -> list[Json]:
    """The questions of the decision form, in their order, with the choices that the rule book gives."""
    from sharedvalue.engine.governance.form_text import DAYS, LISTS
    from sharedvalue.engine.governance.form_words import form_words

    del ledger
    outcomes = case.book(house, stamp).outcomes
    courses = {name: outcome.title for name, outcome in outcomes.outcomes.items()}
    ways = {
        title: {name: mode.title for name, mode in outcomes.modes.items() if course in mode.outcomes}
        for course, title in courses.items()
    }
    found = []
    for name, asked in form_words().questions.items():
        choices = {**courses, **asked.choices} if name == "decision" else dict(asked.choices)
        kind = "choice" if choices else "date" if name in DAYS else "lines" if name in LISTS else "text"
        one = {"name": name, "ask": asked.ask, "help": asked.help, "kind": kind, "choices": choices}
        found.append({**one, "kind": "modes", "choices": ways} if name == "modes" else one)
    return found


def drafted(
    ledger: str,
    scenario: str,
    text: str,
    file: str,
    answers: str,
    fields: Json,
    write: bool,
    shown: bytes,
    today: str,
    sent: str,
    entered_by: str,
    house: tuple[str, ...],
    stamp: str,
) -> Json:
    """What would be recorded of a scenario file, or of the case of the record that it answers; with `write`, is recorded: what
    was `shown`, as it was packed then, with nothing decided again."""
    from sharedvalue.engine.governance.form_text import from_texts
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.record import draft, propose, write_as_shown
    from sharedvalue.engine.governance.record import write as add
    from sharedvalue.engine.language.source import read_file

    book = case.book(house, stamp)
    answered = None
    if answers:
        with open_ledger(ledger) as opened:
            answered = opened.record(answers)
    if write and shown and (scenario or answered is not None):
        now = read_file(scenario) if scenario or answered is None else answered.payload["scenario"]["text"]
        with open_ledger(ledger, writing=True) as opened:
            written = (
                write_as_shown(opened, book, shown, now, sent, entered_by)
                if now == text or not scenario
                else None
            )
        if written is not None:
            return receipt(written)
    form = from_texts(fields)
    proposed = propose(book, scenario, answered, file)
    made = draft(proposed, form, dt.date.fromisoformat(today), answered)
    if scenario and made.payload["scenario"]["text"] != text:
        raise mistake(
            "SV243", file, "the scenario was changed while it was being recorded", "Load the page again."
        )
    if not write:
        return looked_at(made)
    with open_ledger(ledger, writing=True) as opened:
        return receipt(add(opened, made, None, sent, entered_by))


def looked_at(made: Draft) -> Json:
    """What would be recorded, in words, and packed as it would be kept."""
    from sharedvalue.engine.governance.record import packed
    from sharedvalue.engine.governance.words import recorded

    head, *rest = sections(recorded(made, None))
    return {
        "entries": head["entries"][1:],
        "open": [e["text"] for s in rest for e in s["entries"]],
        "packed": packed(made.payload),
    }


def receipt(written: Record) -> Json:
    from sharedvalue.engine.governance.words import CLOCK

    clock = CLOCK if written.payload["clock_behind"] else ""
    return {"id": written.id, "receipt": written.receipt, "clock": clock}


def happened_form(ledger: str, wanted: str, house: tuple[str, ...], stamp: str) -> Json:
    """What is asked about what became of a decision: of its follow-up actions, and of the facts that it foretold."""
    from sharedvalue.engine.governance.follow_up import foretold
    from sharedvalue.engine.governance.form_words import form_words
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.standing import action_words, headline, standing

    with open_ledger(ledger) as opened:
        found = opened.record(wanted)
    actions = standing(found.payload).form.actions
    questions = form_words().follow_up
    return {
        "id": found.id,
        "title": found.payload["scenario"]["title"],
        "headline": headline(found.payload),
        "actions": [action_words(one.what, one.owner, one.due) for one in actions],
        "facts": [vars(one) for one in foretold(found, case.book(house, stamp))],
        "asked": {
            name: {"ask": one.ask, "help": one.help, "choices": dict(one.choices)}
            for name, one in questions.items()
        },
    }


def happened(
    ledger: str,
    wanted: str,
    fields: Json,
    write: bool,
    sent: str,
    entered_by: str,
    house: tuple[str, ...],
    stamp: str,
) -> Json:
    """What would be recorded of what became of a decision; with `write`, is recorded."""
    from sharedvalue.engine.governance.follow_up import Told, follow_up
    from sharedvalue.engine.governance.form_text import read_day
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.record import write as add

    date = read_day("review_date", fields["review_date"]) if fields["review_date"] else None
    told = Told(tuple(fields["by"]), fields["result"], fields["words"], tuple(fields["done"]), date)
    with open_ledger(ledger, writing=write) as opened:
        made = follow_up(opened, opened.record(wanted), case.book(house, stamp), told, "", fields["measured"])
        return receipt(add(opened, made, None, sent, entered_by)) if write else looked_at(made)


def sent(ledger: str, key: str, house: tuple[str, ...], stamp: str) -> Json:
    """The record that was sent under a key; '' where there is none, for certain: whoever was writing it has ended."""
    from sharedvalue.engine.governance.ledger import open_ledger

    del house, stamp
    with open_ledger(ledger, writing=True) as opened:
        found = opened.sent(key)
    return {"id": "" if found is None else found.id}


def due(ledger: str, today: str, others: bool, house: tuple[str, ...], stamp: str) -> Json:
    """What needs attention."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.review import review
    from sharedvalue.engine.governance.words import attention, looking_back, nothing_to_do, opening

    with open_ledger(ledger) as opened:
        found = review(opened, case.book(house, stamp), dt.date.fromisoformat(today))
    return {
        "head": [one.text for one in opening(found)],
        "need": [
            {"id": one.id, "title": one.title, "entries": [entry(e) for e in list(attention(one))[1:]]}
            for one in found.records
            if one.needs_attention
        ],
        "rest": [
            {"id": one.id, "entries": [entry(e) for e in nothing_to_do(one)]}
            for one in found.records
            if not one.needs_attention
        ],
        "back": [
            {"heading": s.heading, "entries": [entry(e) for e in s.entries]}
            for s in (() if others else looking_back(found))  # it tells why, in people's own words
            if s.entries
        ],
    }


def checked(ledger: str, receipts: list[str], house: tuple[str, ...], stamp: str) -> Json:
    """Whether the ledger is sound."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.verify import verify
    from sharedvalue.engine.governance.words import verified

    del house, stamp
    with open_ledger(ledger) as opened:
        found = verify(opened, receipts)
    return {"sound": found.sound, "lines": [e for s in sections(verified(found)) for e in s["entries"]]}


def replayed(ledger: str, wanted: str, others: bool, house: tuple[str, ...], stamp: str) -> Json:
    """The record decided again from the ledger alone."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.replay import replay
    from sharedvalue.engine.governance.words import replayed as told

    del house, stamp
    with open_ledger(ledger) as opened:
        found = replay(opened, opened.record(wanted))
    return {"same": found.same, "lines": [entry(e) for s in told(found, others).sections for e in s.entries]}


def report(
    ledger: str, wanted: str, suffix: str, others: bool, kind: str, house: tuple[str, ...], stamp: str
) -> bytes:
    """A record as a document: the report, the page for members, or the transparency record."""
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.governance.report.write import FORMATS

    del house, stamp
    with open_ledger(ledger) as opened:
        told = _told(opened, opened.record(wanted), others, kind)
    content = FORMATS[kind][suffix](told)
    return content.encode("utf-8") if isinstance(content, str) else content


def _told(opened: Ledger, found: Record, others: bool, kind: str) -> Told:
    """A record told in words; the last ones are kept, since it is often downloaded in several formats."""
    from sharedvalue.engine.governance.heads import head
    from sharedvalue.engine.governance.report.document import tell

    made = str(found.payload["recorded_at"])  # reading it tells a record that is no more what was recorded
    key = (found.hash, made, head(opened).last, others, kind)  # what came later is told, too
    if key not in _last_told:
        _last_told[key] = tell(opened, found, others, kind)
        while len(_last_told) > MOST_TOLD:
            _last_told.pop(next(iter(_last_told)))
    return _last_told[key]
