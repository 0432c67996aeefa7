"""Puts a decision on record: the case, the rule book, who took part, what was agreed, who disagreed, when it is reviewed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.governance.books import keep, laid_out
from sharedvalue.engine.governance.case import Case, Entry, decided, read_case
from sharedvalue.engine.governance.chain import digest
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import entries, release
from sharedvalue.engine.governance.signing import Signer
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import UNSHOWN, read_file
from sharedvalue.engine.questions.naming import Naming

Json = dict[str, Any]
FORMAT = 1
MAX_WORDS = 4000
MAX_ENTRIES = 30
MAX_EVIDENCE_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Minutes:
    """What people say of a decision. `by` are roles, not names; `sponsor_part` is who of the sponsor took part, when, and
    what they said."""

    by: tuple[str, ...] = ()
    agreed: str = ""
    sponsor_part: str = ""
    dissent: tuple[str, ...] = ()
    review_date: dt.date | None = None


@dataclass(frozen=True)
class Draft:
    """A record before it is written: its content, the files that go with it, and the case as it was decided."""

    payload: Json
    contents: Mapping[str, bytes]
    case: Case

    @property
    def waits(self) -> bool:
        """Whether the decision is a proposal only, as the rule book says."""
        guard = _guard(self.case)
        return any(one["concludes"] == guard for one in self.payload["waits_for"])


def checked(minutes: Minutes) -> Minutes:
    """The minutes, tidied.

    Raises:
        UserError: SV508 for what cannot be recorded.
    """
    by = tuple(_words("--by", role) for role in minutes.by)
    if not by:
        raise mistake(
            "SV508",
            "--by",
            "the record does not say who decided",
            'Name roles, for example --by "community leader" --by "steering group".',
        )
    for role in by:
        if "@" in role:
            raise mistake(
                "SV508",
                "--by",
                f"'{role}' is an address of a person",
                "Name the role: a ledger is kept for years.",
            )
    dissent = tuple(_words("--dissent", text) for text in minutes.dissent)
    return replace(
        minutes,
        by=by,
        agreed=_words("--agreed", minutes.agreed, True),
        sponsor_part=_words("--sponsor-part", minutes.sponsor_part, True),
        dissent=dissent,
    )


def _words(option: str, text: str, may_lack: bool = False) -> str:
    tidy = " ".join(text.split()) if "\n" not in text else text.strip()
    if not tidy and not may_lack:
        raise mistake(
            "SV508", option, "there is nothing in it", "Write a few words, or leave the option out."
        )
    if len(tidy) > MAX_WORDS:
        raise mistake("SV508", option, f"this is longer than {MAX_WORDS:,} signs", "Write what matters.")
    if UNSHOWN.search(tidy):
        raise mistake("SV508", option, "it holds signs that cannot be shown", "Write plain text.")
    if text and not tidy:
        raise mistake(
            "SV508", option, "there is nothing in it", "Write a few words, or leave the option out."
        )
    return tidy


def draft(
    book: RuleBook,
    scenario: str,
    minutes: Minutes,
    today: dt.date,
    answered: Record | None = None,
    evidence: Sequence[str] = (),
    named: str = "",
) -> Draft:
    """The record of a scenario file ('-' for standard input), or, where that is '', of the case that it answers.

    `named` is what the file is called in messages; else as it was given.

    Raises:
        UserError: SV502 where it would be called agreed without the sponsor's part, SV508 for minutes that cannot be kept.
    """
    minutes = checked(minutes)
    text, file, path = _source(scenario, answered)
    file = named or file
    earlier = entries(answered.payload) if answered is not None and not scenario else ()
    kept = keep(book)
    read = laid_out(kept.layers, kept.contents, "rule book")  # decided from what is kept: it will replay
    if read.hash != book.hash:
        raise mistake("SV507", "rule book", "the rule book was changed while it was recorded", "Try again.")
    case, log = _decided(text, file, read, minutes, today, earlier)
    parts = case.parts
    payload: Json = {
        "format": FORMAT,
        "made_by": {"sharedvalue": release()},
        "answers": None if answered is None else answered.number,
        "scenario": {
            "title": case.decision.worlds.scenario.title,
            "file": file,
            "path": path,
            "hash": digest(text.encode()),
            "text": text,
            "log": [one.as_json() for one in log],
        },
        "as_of": str(case.decision.worlds.scenario.as_of or "") or None,
        "rulebook": {**parts["decision"]["rulebook"], "layers": list(kept.layers)},
        "evidence": {"files": [_file(name) for name in evidence]},
        "people": {"by": list(minutes.by), "sponsor_part": minutes.sponsor_part},
        "agreement": {
            "agreed": minutes.agreed,
            "dissent": list(minutes.dissent),
            "review_date": str(minutes.review_date) if minutes.review_date else None,
        },
        **parts,
    }
    return Draft(payload, kept.contents, case)


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


def _decided(
    text: str, file: str, book: RuleBook, minutes: Minutes, today: dt.date, earlier: tuple[Entry, ...]
) -> tuple[Case, tuple[Entry, ...]]:
    """The case with what was agreed in its decision log; the rule book says what that makes of its status."""

    def with_log(sponsor: bool) -> tuple[Case, tuple[Entry, ...]]:
        log = earlier
        if minutes.agreed or sponsor:
            agreed = minutes.agreed or minutes.sponsor_part
            dissent = "; ".join(minutes.dissent)
            log = (*earlier, Entry(str(today), ", ".join(minutes.by), agreed, sponsor, dissent))[
                -MAX_ENTRIES:
            ]
        return decided(read_case(text, file, book, log), book), log

    if minutes.sponsor_part:
        found = with_log(True)
        sponsor = book.outcomes.recording.sponsor
        if found[0].decision.worlds.known.get(sponsor) == 0:
            raise mistake(
                "SV508",
                "--sponsor-part",
                "this community has no sponsor, so none can have taken part",
                f"Leave it out, or correct {sponsor} in the scenario.",
            )
        if not minutes.agreed:
            raise mistake(
                "SV508",
                "--agreed",
                "the record does not say what was agreed",
                "Write it in a sentence: --agreed TEXT.",
            )
        return found
    found = with_log(False)
    if minutes.agreed and _waits(found[0], with_log):
        name = _guard(found[0])
        guard = next((one for one in found[0].parts["waits_for"] if one["concludes"] == name), None)
        why = f" ({guard['rule']}: {guard['line']})" if guard else ""
        raise mistake(
            "SV502",
            "--agreed",
            f"this cannot be called agreed without the sponsor's part{why}",
            "Add --sponsor-part: who took part, when, what they said. Or leave out --agreed: it is kept as a proposal.",
        )
    return found


def _guard(case: Case) -> str:
    """The conclusion by which a decision is a proposal only, in the words of its rule book."""
    return case.decision.worlds.book.outcomes.recording.proposed_while


def _waits(case: Case, with_log: Callable[[bool], tuple[Case, tuple[Entry, ...]]]) -> bool:
    """Whether the sponsor's part would change the status: as the rule book says, also where a house switched its guard off."""
    return (
        case.decision.after.holds(_guard(case)) or with_log(True)[0].decision.status != case.decision.status
    )


def _file(name: str) -> Json:
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


def write(ledger: Ledger, made: Draft, signer: Signer | None = None) -> Record:
    """Adds a draft to the ledger."""
    return ledger.append(made.payload, made.contents, signer)


def standing_open(made: Draft) -> list[str]:
    """What a record leaves open, in sentences."""
    payload = made.payload
    found = [f"{one['title']} ({one['rule']}): {one['line']}." for one in payload["waits_for"]]
    if payload["agreement"]["review_date"] is None:
        found.append("No review date is set: --review-date YEAR-MONTH-DAY.")
    if payload["decision"]["pivotal"]:
        naming = Naming(made.case.decision.worlds)
        titles = "; ".join(naming.title(name) for name in payload["decision"]["pivotal"])
        found.append(f"Not known, and may change the answer: {titles}.")
    return found
