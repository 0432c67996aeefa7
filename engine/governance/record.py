"""Puts a decision on record: the proposal with its case and rule book, and beside it what people decided about it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.governance.books import Kept, keep
from sharedvalue.engine.governance.case import Case, decided, read_case
from sharedvalue.engine.governance.chain import canonical, digest
from sharedvalue.engine.governance.form import Form, tidied
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import release
from sharedvalue.engine.governance.signing import Signer
from sharedvalue.engine.governance.standing import (
    AGREED,
    DECISION,
    FORM_FORMAT,
    Proposal,
    Standing,
    fitted,
    follows,
    kind_of,
    proposal,
    remarks,
    standing,
    status_of,
    status_words,
    taken_words,
    waiting,
)
from sharedvalue.engine.language.agreed_to import mark
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import read_file
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.phrases import Phrases

Json = dict[str, Any]
FORMAT = FORM_FORMAT
MAX_EVIDENCE_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Draft:
    """A record before it is written: its content, the files that go with it, the case as it was decided, and how it stands."""

    payload: Json
    contents: Mapping[str, bytes]
    case: Case

    @property
    def standing(self) -> Standing:
        return standing(self.payload)


@dataclass(frozen=True)
class Proposed:
    """A case read and decided, with nothing said of it yet: what a form is filled in about."""

    text: str
    file: str
    path: str
    kept: Kept
    case: Case

    @property
    def proposal(self) -> Proposal:
        return proposal(self.case.decision)

    @property
    def book(self) -> RuleBook:
        return self.case.decision.worlds.book


def propose(book: RuleBook, scenario: str, answered: Record | None = None, named: str = "") -> Proposed:
    """The proposal for a scenario file ('-' for standard input), or, where that is '', for the case of a record.

    `named` is what the file is called in messages; else as it was given.
    """
    text, file, path = _source(scenario, answered)
    kept = keep(book)
    read = load(
        book.folders[1:], Path(book.folders[0])
    )  # by now known by the hash of its files, so it takes no time
    if read.hash != book.hash or keep(book) != kept:  # decided from what is kept: it will replay
        raise mistake("SV507", "rule book", "the rule book was changed while it was recorded", "Try again.")
    return Proposed(text, named or file, path, kept, decided(read_case(text, named or file, read), read))


def draft(
    proposed: Proposed,
    form: Form,
    today: dt.date,
    answered: Record | None = None,
    evidence: Sequence[str] = (),
) -> Draft:
    """The record of a proposal and of what people say of it.

    Raises:
        UserError: SV502 for a form that does not fit together or does not fit the case, SV508 for what cannot be kept.
    """
    case, read, facing = proposed.case, proposed.book, proposed.proposal
    scenario = case.decision.worlds.scenario
    form = fitted(tidied(form), facing, read, today, str(scenario.as_of or ""))
    status, phrases = status_of(facing, form), Phrases(case.advice)
    words = phrases.answer(case.decision.outcome, case.decision.modes)
    ahead = [name for name in case.decision.modes if not read.outcomes.modes[name].asks_sponsor]
    agreed_on = phrases.answer(case.decision.outcome, ahead) if status.name == AGREED else ""
    payload: Json = {
        "format": FORMAT,
        "kind": DECISION,
        "made_by": {"sharedvalue": release()},
        "answers": None if answered is None else answered.number,
        "scenario": {
            "title": scenario.title,
            "file": proposed.file,
            "path": proposed.path,
            "hash": digest(proposed.text.encode()),
            "text": proposed.text,
        },
        "as_of": str(scenario.as_of or "") or None,
        "rulebook": {**case.parts["decision"]["rulebook"], "layers": list(proposed.kept.layers)},
        "evidence": {"files": [file_json(name) for name in evidence]},
        "form": form.as_json(),
        "follows": follows(facing, form),
        "proposed": words,
        "taken": taken_words(form, facing, read, agreed_on or words),
        "agreed_on": agreed_on,
        "mark": mark(
            scenario.stated,
            scenario.texts,
            str(scenario.as_of or ""),
            read.outcomes.recording.log,
            facing.outcome,
        ),
        "facing": {"has_sponsor": facing.has_sponsor, "needs_sponsor": facing.needs_sponsor},
        "status": {"name": status.name, "lead": status.lead, "words": status_words(status, form, facing)},
        **case.parts,
    }
    return Draft(payload, proposed.kept.contents, case)


def _source(scenario: str, answered: Record | None) -> tuple[str, str, str]:
    """The text of a case, the name that its messages carry, and where it lies ('' for nowhere)."""
    if scenario:
        text = read_file(scenario)
        if scenario == "-":
            return text, "standard input", ""
        return text, scenario, str(Path(scenario).resolve())
    if answered is None:
        raise mistake(
            "SV508", "record", "there is nothing to record", "Give a scenario file, or --answers RECORD."
        )
    recorded = answered.payload["scenario"]
    return recorded["text"], recorded["file"], recorded["path"]


def file_json(name: str) -> Json:
    """A file that is evidence: its name, size and hash. Its content stays where it is."""
    path = Path(name)
    hashed, size = hashlib.sha256(), 0
    try:
        if not path.is_file():
            raise mistake("SV101", name, "there is no such file", "Check the path.")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                hashed.update(block)
                size += len(block)
                if size > MAX_EVIDENCE_BYTES:
                    raise mistake(
                        "SV104", name, "this file is too large", "Give the export, not a disk image."
                    )
    except OSError as error:
        raise mistake(
            "SV103", name, f"cannot be read: {error.strerror or error}", "Check its permissions."
        ) from None
    return {"name": path.name, "size": size, "hash": f"sha256:{hashed.hexdigest()}"}


def write(
    ledger: Ledger, made: Draft, signer: Signer | None = None, sent: str = "", entered_by: str = ""
) -> Record:
    """Adds a draft to the ledger; `entered_by` is who was signed in, whatever the form says of who decided."""
    return ledger.append(entered(made.payload, entered_by), made.contents, signer, sent)


def entered(payload: Json, by: str) -> Json:
    """A payload with who was signed in, if anybody was."""
    return {**payload, "entered_by": by} if by else payload


def packed(payload: Json) -> bytes:
    """A payload as small as it gets, to be handed back as it was shown."""
    return zlib.compress(canonical(payload))


def write_as_shown(
    ledger: Ledger, book: RuleBook, shown: bytes, text: str, sent: str = "", entered_by: str = ""
) -> Record | None:
    """Adds what was packed to the ledger, with nothing decided again; None where its facts or its rule book are others now."""
    payload, kept = json.loads(zlib.decompress(shown)), keep(book)
    same = payload["scenario"]["hash"] == digest(text.encode())
    if not same or payload["rulebook"]["layers"] != list(kept.layers):
        return None
    return ledger.append(entered(payload, entered_by), kept.contents, None, sent)


def standing_open(made: Draft, dated_by: str = "") -> list[str]:
    """What a record leaves open, in sentences; `dated_by` is how a date for the review is given."""
    payload, stands = made.payload, made.standing
    found = [f"{one['line']} ({one['rule']})." for one in waiting(payload)]
    if stands.status.to_do:
        found.insert(0, stands.status.to_do)
    found += remarks(stands.form, dt.date.today())
    if (
        stands.form.review_date is None and kind_of(payload) == DECISION
    ):  # a follow-up leaves its day as it was
        found.append(f"No review date is set{': ' if dated_by else ''}{dated_by}.")
    if payload["decision"]["pivotal"]:
        naming = Naming(made.case.decision.worlds)
        titles = "; ".join(naming.title(name) for name in payload["decision"]["pivotal"])
        found.append(f"Not known, and may change the answer: {titles}.")
    return found
