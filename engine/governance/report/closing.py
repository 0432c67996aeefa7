"""The end of a report: who took part and what was agreed, signatures, and where the record comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.form import ANSWERED
from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.texts import heading, said, told_in
from sharedvalue.engine.governance.standing import for_others, moment, rows, standing
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import lower

Json = dict[str, Any]


def to_do(payload: Json, case: Case) -> Iterator[Block]:
    """Risks with who is responsible for them, what was decided to be done, and what the rule book advises."""
    stands, decision = standing(payload), payload["decision"]
    form = stands.form
    yield heading("to_do")
    owner = form.risks_with or said("nobody_named")
    level = case.decision.worlds.book.outcomes.risk_levels[decision["risk"]["level"]].words
    routes = "; ".join(decision["risk"]["routes"])
    risks = [(sentence(f"{level}{': ' if routes else ''}{routes}").rstrip("."), owner)] if routes else []
    risks += [(one["text"], owner) for one in decision["risks"]]
    if risks:
        yield told_in("risks_not_followed" if stands.departs else "risks", risks)
    if form.actions:
        rows = [
            (one.what, one.owner or said("nobody_named"), str(one.due or said("no_date")))
            for one in form.actions
        ]
        yield told_in("actions", rows)
    else:
        yield paragraph(said("no_action"))
    advised = list(advice(payload, case))
    if advised:
        yield paragraph(said("advised_not_followed" if stands.departs else "advised"))
        yield bullets(*advised)
    if decision["ask_next"]:
        yield paragraph(said("ask_next"))
        yield bullets(*(f"{one['question']} {one['how']}" for one in decision["ask_next"]))


def advice(payload: Json, case: Case) -> Iterator[str]:
    """What the rule book advises: to tell the sponsor, unless it has answered; each action, under its mode where that is open."""
    decision, modes = payload["decision"], case.decision.worlds.book.outcomes.modes
    if decision["tell_sponsor"] and standing(payload).form.sponsor not in ANSWERED:
        yield said("tell_sponsor")
    for name, same in groupby(decision["actions"], key=lambda one: one.get("if_mode") or ""):
        texts = [str(one["text"]) for one in same]
        if name in modes:
            together = "; ".join(lower(text) for text in texts)
            yield said("advised_if", mode=lower(modes[name].title), actions=together)
        else:
            yield from map(sentence, texts)


def decision_form(payload: Json, others: bool) -> Iterator[Block]:
    """What was decided, by whom, what the sponsor answered, who was heard; room to sign; how to object."""
    stands, words = standing(payload), form_words().questions
    yield heading("decision")
    told = [(said("status"), stands.status.words)]
    for title, text in rows(payload):
        told.append((title, for_others(title, text, stands.form) if others else text))
    if stands.has_form:
        there = {title for title, _ in told}
        room = [words[name] for name in ASKED if words[name].title not in there]
        told += [(one.title, said("not_on_record")) for one in room]
    if payload["answers"] is not None:
        told.append((said("answers"), f"R{payload['answers']:04d}"))
    yield told_in("form", told)
    yield replace(
        told_in("signatures", ()), kind="signatures", items=(*stands.form.by, said("for_the_sponsor"))
    )


ASKED = ("sponsor", "heard", "review_date", "actions", "objection", "risks_with")


def origin(record: Record, same: bool) -> Iterator[Block]:
    """The record, its receipt, and the rule book with what the house changed."""
    payload = record.payload
    book = payload["rulebook"]
    yield heading("origin")
    rows = [
        (said("origin_record"), f"{record.id}, {moment(payload['recorded_at'])}"),
        (said("origin_receipt"), record.receipt),
        (said("origin_book"), f"{book['version']}, {book['hash']}"),
        (said("origin_key"), payload["signed_by"] or said("not_signed")),
        (said("origin_program"), f"sharedvalue {payload['made_by']['sharedvalue']}"),
        (said("origin_replay"), said("same" if same else "not_same")),
    ]
    yield told_in("record", rows)
    yield paragraph(said("origin"))
