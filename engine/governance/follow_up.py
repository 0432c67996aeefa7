"""What became of a decision, recorded later: done or not, in words, with the facts that were measured again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.governance.books import keep, laid_out
from sharedvalue.engine.governance.case import Case, decided, read_case
from sharedvalue.engine.governance.chain import digest, name_of
from sharedvalue.engine.governance.form import Form, tidied
from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.record import FORMAT, Draft, file_json
from sharedvalue.engine.governance.replay import book_of, case_of, release
from sharedvalue.engine.governance.standing import DECISION, FOLLOW_UP, kind_of, taken
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_edit import Address, Changes, Value, edited
from sharedvalue.engine.language.source import read_file

Json = dict[str, Any]
OF_RECORD = re.compile(r"^(\w+)\[([^\]]+)\]\.(\w+)$")


@dataclass(frozen=True)
class Measured:
    """A fact that was measured again: what was said at the decision, what was expected of it, and what it is now."""

    name: str
    title: str
    then: str
    expected: str
    now: str


@dataclass(frozen=True)
class Happened:
    """What became of a decision. `done` are the follow-up actions that were carried out, as the record words them."""

    record: str
    on: str
    result: str
    words: str
    done: tuple[str, ...]
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Told:
    """What people say of what became of a decision."""

    by: tuple[str, ...]
    result: str
    words: str
    done: tuple[str, ...] = ()
    review_date: dt.date | None = None


def happened_of(record: Record) -> Happened:
    """What a follow-up says."""
    payload = record.payload
    said = payload["happened"]
    measured = tuple(Measured(**one) for one in said["measured"])
    return Happened(
        record.id,
        payload["recorded_at"][:10],
        said["result"],
        said["words"],
        tuple(said["done"]),
        measured,
    )


def follow_up(
    ledger: Ledger,
    about: Record,
    book: RuleBook,
    told: Told,
    scenario: str = "",
    settings: Mapping[str, str] | None = None,
    evidence: tuple[str, ...] = (),
) -> Draft:
    """The record of what became of an earlier one.

    Facts measured again come as a scenario file, or one by one in `settings`; then the case is decided by today's rule book,
    else it stays the recorded one.

    Raises:
        UserError: SV501 where it is about no decision, SV502 for an answer that is none, SV508 for what cannot be kept.
    """
    first = about.payload
    if kind_of(first) != DECISION:
        raise mistake(
            "SV501",
            "--what-happened",
            f"{about.id} is itself a follow-up",
            f"Name the decision that it is about: {name_of(first['about'])}.",
        )
    form = tidied(Form(by=told.by, in_words="", review_date=told.review_date))
    result, words = _result(told), tidied(Form(by=told.by, why=told.words)).why
    done = tuple(_done(one, first) for one in told.done)
    recorded = first["scenario"]
    text, file, path = recorded["text"], recorded["file"], recorded["path"]
    if scenario:
        text, file, path = read_file(scenario), scenario, "" if scenario == "-" else path
    before = case_of(first, book_of(ledger, about))
    if scenario or settings:
        kept = keep(book)
        layers, contents = kept.layers, kept.contents
        read = laid_out(layers, contents, "rule book")
        if settings:
            values: dict[Address, Value] = {}
            values.update({_address(name): value for name, value in settings.items()})
            text = edited(text, Changes(set=values), read, file)
        case = decided(read_case(text, file, read), read)
    else:
        layers, contents, case = tuple(first["rulebook"]["layers"]), {}, before
    payload: Json = {
        "format": FORMAT,
        "kind": FOLLOW_UP,
        "made_by": {"sharedvalue": release()},
        "answers": None,
        "about": about.number,
        "scenario": {
            "title": case.decision.worlds.scenario.title,
            "file": file,
            "path": path,
            "hash": digest(text.encode()),
            "text": text,
        },
        "as_of": str(case.decision.worlds.scenario.as_of or "") or None,
        "rulebook": {**case.parts["decision"]["rulebook"], "layers": list(layers)},
        "evidence": {"files": [file_json(name) for name in evidence]},
        "form": form.as_json(),
        "follows": None,
        "proposed": first.get("proposed", ""),
        "taken": taken(first),
        "facing": {"has_sponsor": False, "needs_sponsor": False},
        "status": {
            "name": FOLLOW_UP,
            "lead": form_words().follow_up["result"].title,
            "words": form_words().follow_up["result"].choices[result],
        },
        "happened": {
            "result": result,
            "words": words,
            "done": list(done),
            "measured": [vars(one) for one in measured_again(before, case, book, settings or {})],
        },
        **case.parts,
    }
    return Draft(payload, contents, case)


def _address(name: str) -> Address:
    """segments[experts].stay -> (segments, experts, stay)."""
    found = OF_RECORD.match(name)
    return name if found is None else found.groups()


def _result(told: Told) -> str:
    choices = form_words().follow_up["result"].choices
    result = told.result.strip().casefold().replace(" ", "_").replace("-", "_")
    if result not in choices:
        raise mistake(
            "SV502",
            "--result",
            f"'{told.result[:40]}' does not say what became of it",
            did_you_mean(told.result, choices) or f"Use one of {', '.join(choices)}.",
        )
    return result


def _done(said: str, first: Json) -> str:
    """The follow-up action that somebody names, by its beginning or its number."""
    actions = [one["what"] for one in first["form"]["actions"]] if "form" in first else []
    text = said.strip()
    if text.isascii() and text.isdigit() and 0 < int(text) <= len(actions):
        return str(actions[int(text) - 1])
    found = [one for one in actions if text and one.casefold().startswith(text.casefold())]
    if len(found) != 1:
        raise mistake(
            "SV502",
            "--done",
            f"the record has no follow-up action '{text[:60]}'",
            did_you_mean(text, actions)
            or "; ".join(f"{n} {one}" for n, one in enumerate(actions, start=1))
            or "It names none.",
        )
    return str(found[0])


def foretold(record: Record, book: RuleBook) -> tuple[Measured, ...]:
    """The facts that a recorded case looked ahead to, with what was said and expected then; nothing is measured yet."""
    then = {fact["name"]: fact for fact in record.payload["basis"]["facts"] if fact["rests_on"] != "nothing"}
    return tuple(
        Measured(now, then[now]["title"] if now in then else book.facts[now].title,
                 then[now]["said"] if now in then else "", then[ahead]["said"], "")
        for ahead, now in book.outcomes.recording.foretells.items()
        if ahead in then
    )  # fmt: skip


def measured_again(
    before: Case, after: Case, book: RuleBook, settings: Mapping[str, str]
) -> tuple[Measured, ...]:
    """The facts that are said otherwise now, and those that were expected to come to something, whatever they came to.

    With `settings`, only what stands there was measured.
    """
    then = {fact.name: fact for fact in before.basis.facts}
    now = {fact.name: fact for fact in after.basis.facts}
    expected = {later: ahead for ahead, later in book.outcomes.recording.foretells.items()}
    if before is after:
        return ()
    found = []
    for name, fact in now.items():
        old = then.get(name)
        ahead = then.get(expected.get(name, "")) if not settings or name in settings else None
        if (old is None or old.said != fact.said or ahead is not None) and fact.rests_on != "nothing":
            said = "not given" if old is None else old.said
            foretold = "" if ahead is None or ahead.rests_on == "nothing" else ahead.said
            found.append(Measured(name, fact.title, said, foretold, fact.said))
    return tuple(found)
