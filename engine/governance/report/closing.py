"""The end of a report: who took part and what was agreed, signatures, and where the record comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.governance.standing import rows, standing

Json = dict[str, Any]
LEFT_OUT = "On record; left out of this copy, which goes to others."


def agreement(payload: Json, others: bool) -> Iterator[Block]:
    """Who decided, the sponsor's part, what was agreed, dissent, the review; and room to sign."""
    yield heading("What was decided, by whom, and what the sponsor answered")
    stands = standing(payload)
    table_rows = [("How it stands", stands.status.words)]
    table_rows += [
        (title, LEFT_OUT if others and title in private() else text) for title, text in rows(payload)
    ]
    if payload["answers"] is not None:
        table_rows.append(("Answers the record", f"R{payload['answers']:04d}"))
    yield table("On record", ("", "Said"), table_rows)
    yield Block("signatures", "Signatures", items=(*stands.form.by, "for the sponsor"))


def private() -> set[str]:
    """What people said in their own words: left out of a copy that goes to others."""
    questions = form_words().questions
    own = ("dissent", "sponsor_said", "heard", "in_words", "why")
    return {questions[name].title for name in own} | {"Noted as agreed", "Noted of the sponsor's part"}


def origin(record: Record, same: bool) -> Iterator[Block]:
    """The record, its receipt, and the rule book with what the house changed."""
    payload = record.payload
    book = payload["rulebook"]
    yield heading("Where this comes from")
    rows = [
        ("Record", f"{record.id}, of {payload['recorded_at']}"),
        ("Receipt", record.receipt),
        ("Rule book", f"{book['version']}, {book['hash']}"),
        ("Signed with the key", payload["signed_by"] or "not signed"),
        ("Decided by the program", f"sharedvalue {payload['made_by']['sharedvalue']}"),
        (
            "Decided again for this report",
            "the same, bit for bit" if same else "not the same",
        ),
    ]
    yield table("The record", ("", "Value"), rows)
    if book["house_changes"]:
        changed = [(c["name"], c["what"], c["because"]) for c in book["house_changes"]]
        yield table("Changes of the house to the rule book", ("Rule or number", "Change", "Why"), changed)
    else:
        yield paragraph("No house changes: this is the rule book as published.")
    yield paragraph(
        "The rules are ours; the article's words are quoted with attribution. A rule book does not decide for people: it "
        "says what follows from what they state."
    )
