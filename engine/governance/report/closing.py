"""The end of a report: who took part and what was agreed, signatures, and where the record comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table

Json = dict[str, Any]
LEFT_OUT = "On record; left out of this copy, which goes to others."


def agreement(payload: Json, others: bool) -> Iterator[Block]:
    """Who decided, the sponsor's part, what was agreed, dissent, the review; and room to sign."""
    agreed, people = payload["agreement"], payload["people"]
    yield heading("Who took part, what was agreed, who disagreed")

    def said(text: str) -> str:
        return (LEFT_OUT if others else text) if text else "None on record."

    answers = payload["answers"]
    rows = [
        ("Decided by", ", ".join(people["by"])),
        ("The sponsor's part", said(people["sponsor_part"])),
        ("What was agreed", said(agreed["agreed"])),
        ("Dissent", said("; ".join(agreed["dissent"]))),
        ("Review date", agreed["review_date"] or "Not set."),
    ]
    if answers is not None:
        rows.append(("Answers the record", f"R{answers:04d}"))
    yield table("On record", ("", "Said"), rows)
    yield Block("signatures", "Signatures", items=(*people["by"], "for the sponsor"))


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
