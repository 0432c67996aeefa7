"""The end of a report: who took part and what was agreed, signatures, and where the record comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.report.blocks import Block, bullets, heading, paragraph, table
from sharedvalue.engine.governance.standing import for_others, rows, standing

Json = dict[str, Any]


def to_do(payload: Json) -> Iterator[Block]:
    """Risks with who is responsible for them, and what is done next, by whom, until when."""
    form, decision = standing(payload).form, payload["decision"]
    yield heading("Risks, and what to do")
    owner = form.risks_with or "nobody is named yet"
    if decision["risks"]:
        risks = [(one["text"], owner) for one in decision["risks"]]
        yield table("Risks that remain", ("Risk", "Responsible"), risks)
    if form.actions:
        rows = [
            (one.what, one.owner or "nobody is named yet", str(one.due or "no date")) for one in form.actions
        ]
        yield table("Follow-up actions that were decided", ("What", "Who", "By"), rows)
    else:
        yield paragraph("No follow-up action is on record yet.")
    advised = [one["text"] for one in decision["actions"]]
    if decision["tell_sponsor"]:
        advised.insert(0, "Tell the sponsor, before it hears it from others.")
    if advised:
        yield paragraph("What the rule book advises to do:")
        yield bullets(*advised)
    if decision["ask_next"]:
        yield paragraph("What to ask next:")
        yield bullets(*(f"{one['question']} {one['how']}" for one in decision["ask_next"]))


def decision_form(payload: Json, others: bool) -> Iterator[Block]:
    """What was decided, by whom, what the sponsor answered, who was heard; room to sign; how to object."""
    stands, words = standing(payload), form_words().questions
    yield heading("The decision")
    said = [("How it stands", stands.status.words)]
    for title, text in rows(payload):
        said.append((title, for_others(title, text, stands.form) if others else text))
    if stands.has_form:
        there = {title for title, _ in said}
        room = [words[name] for name in ASKED if words[name].title not in there]
        said += [(one.title, "Not on record.") for one in room]
    if payload["answers"] is not None:
        said.append(("Answers the record", f"R{payload['answers']:04d}"))
    yield table("The decision form", ("Question", "On record"), said)
    yield Block("signatures", "Signatures", items=(*stands.form.by, "for the sponsor"))


ASKED = ("sponsor", "heard", "review_date", "actions", "objection", "risks_with")


def origin(record: Record, same: bool) -> Iterator[Block]:
    """The record, its receipt, and the rule book with what the house changed."""
    payload = record.payload
    book = payload["rulebook"]
    yield heading("Annex H: where this comes from")
    rows = [
        ("Record", f"{record.id}, of {payload['recorded_at']}"),
        ("Receipt", record.receipt),
        ("Rule book", f"{book['version']}, {book['hash']}"),
        ("Signed with the key", payload["signed_by"] or "not signed"),
        ("Decided by the program", f"sharedvalue {payload['made_by']['sharedvalue']}"),
        (
            "Decided again for this report",
            "all that was recorded came out the same" if same else "not the same",
        ),
    ]
    yield table("The record", ("What", "Value"), rows)
    yield paragraph(
        "The rules are ours; the article's words are quoted with attribution. A rule book does not decide for people: it "
        "says what follows from what they state."
    )
