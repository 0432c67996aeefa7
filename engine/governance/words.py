"""What is said of records, in words: the same at the terminal and on the page in the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.governance.chain import name_of
from sharedvalue.engine.governance.follow_up import Happened
from sharedvalue.engine.governance.form_words import form_words, in_record
from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.record import Draft, standing_open
from sharedvalue.engine.governance.replay import Replay
from sharedvalue.engine.governance.review import Change, Review, Reviewed
from sharedvalue.engine.governance.standing import (
    AGREED,
    for_others,
    headline,
    kind_of,
    moment,
    proposed,
    rows,
    standing,
    taken,
    waiting,
)
from sharedvalue.engine.language.agreed_to import marked
from sharedvalue.engine.telling.page import Entry, Page, Section, sentence

if TYPE_CHECKING:
    from sharedvalue.engine.governance.verify import Verified

Json = dict[str, Any]
TODAY = {
    "rule book": "TODAY'S RULE BOOK",
    "facts": "TODAY'S FACTS",
    "date": "TODAY'S DATE",
    "measured": "MEASURED AGAIN",
}
HEADS = ("Record", "On", "Title", "Proposed", "Standing", "Review", "Answers")
MOST_CHANGES = 6
LOG = "For the decision_log of the scenario, so that decide knows of it:"
RECEIPT = "Receipt, to keep outside the ledger (it proves later that nothing was cut off):"
CLOCK = "Note: the clock of this machine stands before the last record's time. Set it right."
NOT_SHOWN = (
    "Not shown: whether the last records were cut off, or all was rewritten. A receipt kept outside shows it"
)


def _said(text: str, hang: str = "  ", indent: str = " ") -> Entry:
    return Entry(text, indent=indent, hang=hang)


def _about(lead: str, text: str, hang: str = "", indent: str = "") -> Entry:
    """What is said of a record, or of all: its name or how it stands, and the words."""
    return Entry(text, indent=indent, hang=hang, lead=lead)


def _needs(lead: str, text: str) -> Entry:
    """Why a record needs attention, in two columns."""
    return Entry(text, indent=" ", hang=" " * 9, lead=lead, wide=7)


# --- one record -----------------------------------------------------------------------------------------------


def row(record: Record) -> dict[str, object]:
    """A record as one row of a list. `outcome` and `modes` are what was proposed, `decided` what people took."""
    payload = record.payload
    stands = standing(payload)
    about = payload.get("about")
    return {
        "record": record.id,
        "kind": kind_of(payload),
        "recorded_at": payload["recorded_at"],
        "title": payload["scenario"]["title"],
        "outcome": payload["decision"]["outcome"],
        "modes": payload["decision"]["modes"],
        "status": stands.status.name,
        "lead": stands.status.lead,
        "decided": taken(payload),
        "follows": stands.follows,
        "review_date": str(stands.form.review_date) if stands.form.review_date else None,
        "answers": None if payload["answers"] is None else name_of(payload["answers"]),
        "about": None if about is None else name_of(about),
        "waits": stands.status.waits or bool(waiting(payload)),
        "rulebook": payload["rulebook"]["hash"],
        "hash": record.hash,
        "signed_by": payload["signed_by"],
    }


def cells(of: dict[str, object]) -> list[str]:
    """What stands in a row, in the order of HEADS."""
    return [
        str(of["record"]),
        str(of["recorded_at"])[:10],
        str(of["title"]),
        str(of["outcome"]).replace("_", " ").lower(),
        str(of["lead"]),
        str(of["review_date"] or ""),
        str(of["answers"] or of["about"] or ""),
    ]


def minutes(payload: Json) -> Iterator[Entry]:
    """What a record says: what was proposed, how it stands, and all that people said of it."""
    yield _said(payload["scenario"]["title"], "")
    yield _said(headline(payload))
    yield _said(f"The rule book proposes: {proposed(payload)}.")
    yield _said(f"How it stands: {standing(payload).status.words}.")
    for title, text in rows(payload):
        yield _said(f"{title}: {text}")
    yield from came_of_it(payload)


def came_of_it(payload: Json, others: bool = False) -> Iterator[Entry]:
    """What a follow-up says, after what the decision was; without people's own words for `others`."""
    said = payload.get("happened")
    if said is None:
        return
    if said["words"]:
        title = form_words().follow_up["words"].title
        yield _said(f"{title}: {in_record('left_out') if others else said['words']}")
    for done in said["done"]:
        yield _said(f"Done: {done}")
    for fact in said["measured"]:
        expected = f", expected {fact['expected']}" if fact["expected"] else ""
        yield _said(f"{fact['title']}: {fact['then']} then{expected}, {fact['now']} now")


def recorded(made: Draft, written: Record | None, dated_by: str = "", tried_by: str = "") -> Page:
    """What was recorded, or would be; what it leaves open; and the receipt.

    `dated_by` is how a date for the review is given, and `tried_by` what made this a trial, where a door has words for it.
    """
    tried = f"only tried ({tried_by})" if tried_by else "only tried"
    head = _about("RECORDED", written.id) if written else _about("NOT RECORDED", tried)
    sections = [
        Section("", (head, *minutes(made.payload))),
        Section("STILL OPEN", tuple(_said(text) for text in standing_open(made, dated_by))),
    ]
    if written is not None:
        clock = [_said(CLOCK, "", "")] if written.payload["clock_behind"] else []
        closing = [
            *log_line(written),
            _said(RECEIPT, "", ""),
            _said(written.receipt, "", " "),
        ]
        sections.append(Section("", (*clock, *closing)))
    return Page(tuple(sections)).without_empty()


def log_line(written: Record) -> Iterator[Entry]:
    """For an agreed course, the line of the decision log by which `decide` knows of it: a case does not look into a ledger."""
    payload = written.payload
    form = standing(payload).form
    if standing(payload).status.name != AGREED:
        return
    texts = {"who": f"{', '.join(form.by)}; {form.sponsor_role}", "agreed": taken(payload)}
    cells = [
        f"date: {form.sponsor_date}",
        *(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()),
    ]
    named = marked(written.id, payload["mark"]) if payload.get("mark") else written.id
    cells += [f"outcome: {form.decision}", f"record: {named}", "sponsor_took_part: true"]
    yield _said(LOG, "", "")
    yield _said(f"- {{{', '.join(cells)}}}", "   ", " ")


def as_written(record: Record, others: bool = False) -> Page:
    """A whole record: what it told, who took part, by which rule book, and its seal; without personal words for `others`."""
    payload = record.payload
    answers = "" if payload["answers"] is None else f", answers {name_of(payload['answers'])}"
    by = f"Recorded {moment(payload['recorded_at'])} by {', '.join(standing(payload).form.by)}{answers}."
    head = Section("", (_about(record.id, payload["scenario"]["title"]), _said(by, " ", "")))
    told = [
        Section(s["heading"], tuple(_told(s["entries"], s["heading"] == "WHY NOT"))) for s in payload["told"]
    ]
    told[:1] = [
        Section("THE PROPOSAL", (_said(proposed(payload)), *(e for one in told[:1] for e in one.entries[1:])))
    ]
    stands = Section("", (_said(_headline(payload, others), "  ", ""),))
    return Page((head, stands, *told, Section("", tuple(_closing(record, others))))).without_empty()


def _headline(payload: Json, others: bool) -> str:
    stands = standing(payload)
    if others and stands.form.in_words:  # what was decided is told in people's own words
        return f"{stands.status.lead.upper()}: {in_record('left_out')}"
    return headline(payload)


def _told(entries: list[Json], titled: bool) -> Iterator[Entry]:
    """What was told, without the spaces of its columns; `titled` where each begins with the title of an outcome."""
    for entry in entries:
        if "Next: sharedvalue" not in entry["text"]:
            rule = f" [{entry['rule']}]" if entry["rule"] else ""
            title, gap, rest = entry["text"].partition("  ")
            text = f"{title}: {rest}" if titled and gap else entry["text"]
            yield _said(" ".join(text.split()) + rule)


def _closing(record: Record, others: bool) -> Iterator[Entry]:
    payload = record.payload
    book = payload["rulebook"]
    yield _said(f"How it stands: {standing(payload).status.words}.")
    for title, text in rows(payload):
        yield _said(f"{title}: {for_others(title, text, standing(payload).form) if others else text}")
    yield from came_of_it(payload, others)
    if payload.get("entered_by") and not others:
        yield _said(f"Entered by {payload['entered_by']}, who was signed in")
    yield _said(f"Rule book {book['version']}, {book['hash']}")
    for change in book["house_changes"]:
        yield _said(f"House change: {change['name']} {change['what']} ({change['because']})")
    yield _said(f"Hash {record.hash}")
    yield _said(f"Signed by {payload['signed_by'] or 'nobody'}")


# --- review ---------------------------------------------------------------------------------------------------


def reviewed(found: Review) -> Page:
    """What needs attention, one record after the other, then what does not, and what became of what was decided."""
    need = [r for r in found.records if r.needs_attention]
    rest = tuple(entry for r in found.records if not r.needs_attention for entry in nothing_to_do(r))
    sections = (Section("", tuple(opening(found))), *(Section("", tuple(attention(one))) for one in need))
    told = Page((*sections, Section("NOTHING TO DO", rest)))
    return Page((*told.sections, *looking_back(found))).without_empty()


def opening(found: Review) -> Iterator[Entry]:
    need = sum(r.needs_attention for r in found.records)
    yield _said(
        f"REVIEW of {found.today}: {need} of {len(found.records)} {'needs' if need == 1 else 'need'} attention",
        "",
        "",
    )
    if found.answered:
        yield _said(f"Answered by a later record, and left out: {', '.join(found.left_out)}")


def attention(one: Reviewed) -> Iterator[Entry]:
    """A record that needs attention: what is due, what ran out, what waits, and what would come out otherwise."""
    yield _about(one.id, one.title, hang="   ")
    decided = f"; decided: {one.decided.rstrip('.')}" if one.departs else ""
    yield _said(f"{one.answer}{decided}; recorded {one.recorded[:10]}; {one.stands}")
    if one.to_do:
        yield _needs("TO DO", one.to_do)
    if one.due:
        yield _needs("DUE", f"since {one.review_date}")
    for lead, texts in (("OVERDUE", one.overdue), ("EXPIRED", one.expired), ("WAITS", one.waits)):
        for text in texts:
            yield _needs(lead, text)
    for change in one.changes:
        yield from _change(change)
    for note in one.notes:
        yield _said(f"Note: {note}")


def nothing_to_do(one: Reviewed) -> Iterator[Entry]:
    decided = f"; decided: {one.decided.rstrip('.')}" if one.departs else ""
    text = f"{one.title}: {one.answer}{decided}; {one.stands}; review {one.review_date or 'not set'}"
    yield _about(one.id, text, indent=" ", hang="  ")
    for change in one.changes:
        yield from _change(change)
    for note in one.notes:
        yield _said(note, "  ", "   ")


def looking_back(found: Review) -> Iterator[Section]:
    """Where people went another way than proposed, and what became of what was decided."""
    departed = [
        _about(
            one.record,
            f"Proposed: {sentence(one.proposed)} Decided: {sentence(one.decided)} Why: {sentence(one.why)} "
            f"What became of it: {became(one.happened)}",
            indent=" ",
            hang="       ",
        )
        for one in found.departures
    ]
    yield Section("DECIDED OTHERWISE THAN PROPOSED", tuple(departed))
    yield Section("WHAT BECAME OF IT", tuple(e for one in found.happened for e in _happened(*one)))


def became(happened: Sequence[Happened]) -> str:
    """What became of a decision, the latest first; that nothing is recorded, where nothing is."""
    choices = form_words().follow_up["result"].choices
    said = [
        f"{choices.get(h.result, h.result)} ({h.on}){': ' + h.words if h.words else ''}"
        for h in reversed(happened)
    ]
    return "; ".join(said) or "not recorded yet."


def _happened(about: str, one: Happened) -> Iterator[Entry]:
    yield _about(about, became([one]), indent=" ", hang="       ")
    for fact in one.measured:
        expected = f", expected {fact.expected}" if fact.expected else ""
        yield _said(f"{fact.title}: {fact.then} then{expected}, {fact.now} now", "  ", "        ")


def _change(change: Change) -> Iterator[Entry]:
    if change.problem:
        yield _said(f"{TODAY[change.by]}: it cannot be decided. {change.problem}")
        return
    if not change.differs:
        yield _said(f"{TODAY[change.by]}: comes out the same")
        return
    yield _said(f"{TODAY[change.by]}: comes out otherwise: {change.after}")
    for text in change.why[:MOST_CHANGES]:
        yield _said(text, "  ", "   ")
    if len(change.why) > MOST_CHANGES:
        yield _said(f"and {len(change.why) - MOST_CHANGES} more changes", "", "   ")
    for mark, rules in (("+", change.gained), ("-", change.lost)):
        for ruled in rules:
            star = " (on the way to the decision)" if ruled.deciding else ""
            yield _said(f"{mark} {ruled.rule} {ruled.line}{star}", "    ", "   ")


# --- replay and verify ----------------------------------------------------------------------------------------


def replayed(found: Replay, others: bool = False) -> Page:
    """Whether a record comes out the same; what differs, which may be personal words, is not for `others`."""
    payload = found.record.payload
    head = _about(
        "THE SAME" if found.same else "DIFFERENT", f"{found.record.id}  {payload['decision']['outcome']}"
    )
    book = payload["rulebook"]
    entries = [
        head,
        _said(f"Rule book {book['version']}, {book['hash']}"),
        _said(f"Recorded by sharedvalue {found.recorded_by}, replayed by {found.release}.", ""),
    ]
    if found.same:
        entries.append(
            _said(
                "All that was recorded came out the same: decision, trace, flips, evidence and alternatives."
            )
        )
    for one in () if others else found.differences:
        entries.append(_said(one.where))
        entries.append(_said(f"recorded: {one.recorded}", "  ", "   "))
        entries.append(_said(f"replayed: {one.replayed}", "  ", "   "))
    return Page((Section("", tuple(entries)),))


def verified(found: Verified, by: str = "") -> Page:
    """What was found; `by` is how a receipt is given, where it can be."""
    entries = list(_sound(found))
    for key, count in found.signed.items():
        entries.append(_said(f"Signed: {count} by {key}. Whose key it is, a ledger cannot say."))
    if found.unsigned and found.signed:
        entries.append(_said(f"Not signed: {found.unsigned}"))
    entries += [_said(text) for text in (*found.receipts, *found.remarks)]
    if found.sound and not found.receipts:
        entries.append(_said(f"{NOT_SHOWN}{': ' if by else ''}{by}."))
    return Page((Section("", tuple(entries)),))


def _sound(found: Verified) -> Iterator[Entry]:
    if found.broken is None:
        yield _about("SOUND", f"{found.count} record{'' if found.count == 1 else 's'}")
        yield _said("Every record is there, unchanged, and follows the one before it.", "")
        return
    yield _said(f"BROKEN at {found.broken.record}", "", "")
    yield _said(found.broken.what, "")
    before = {0: "No record stands before it.", 1: "The record before it is sound."}.get(
        found.count, f"The {found.count} records before it are sound."
    )
    yield _said(f"{before} Keep the file as it is, and compare a backup.", "")
