"""The end of a report: who took part and what was agreed, signatures, and where the record comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.form import ANSWERED, REFUSES, Form
from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import Record
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.texts import heading, said, told_in
from sharedvalue.engine.governance.standing import for_others, moment, rows, standing
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import lower

Json = dict[str, Any]


def to_do(
    payload: Json, case: Case, done: frozenset[str] = frozenset(), hide: bool = False
) -> Iterator[Block]:
    """Risks with who is responsible for them, what was decided to be done and is done, and what the rule book advises.

    The risks of a proposal that was not followed, or that the sponsor refused, are nobody's; the risk that the community ends
    remains, and those of the course that was taken instead.
    """
    stands, decision = standing(payload), payload["decision"]
    form = stands.form
    aside = (
        "refused"
        if form.sponsor == REFUSES and not stands.departs
        else "not_followed"
        if stands.departs
        else ""
    )
    yield heading("to_do")
    owner = form.risks_with or said("nobody_named")
    level = case.decision.worlds.book.outcomes.risk_levels[decision["risk"]["level"]].words
    routes = "; ".join(decision["risk"]["routes"])
    worst = "" if case.decision.risk_is_certain else said("at_worst")
    risks = [sentence(f"{worst}{level}{': ' if routes else ''}{routes}").rstrip(".")] if routes else []
    own = [str(one["text"]) for one in decision["risks"]]
    risks += _risks_taken(form, case) if aside else own
    if risks:
        yield told_in("risks", [(text, owner) for text in risks])
    else:
        yield paragraph(said("no_other_risk" if aside and own else "no_risk"))
    if aside and own:
        yield paragraph(said(f"risks_{aside}"))
        yield bullets(*map(sentence, own))
    if form.actions and hide:
        yield paragraph(said("actions_left_out"))
    elif form.actions:
        rows = [
            (
                said("action_done", what=one.what) if one.what in done else one.what,
                one.owner or said("nobody_named"),
                str(one.due or said("no_date")),
            )
            for one in form.actions
        ]
        yield told_in("actions", rows)
    else:
        yield paragraph(said("no_action"))
    advised = list(advice(payload, case))
    if advised:
        known = {"refused": "advised_refused", "not_followed": "advised_not_followed"}
        settled = "advised_agreed" if stands.follows else "advised"
        yield paragraph(said(known.get(aside, settled)))
        yield bullets(*advised)
    if decision["ask_next"]:
        yield paragraph(said("ask_next"))
        yield bullets(*(f"{one['question']} {one['how']}" for one in decision["ask_next"]))


def _risks_taken(form: Form, case: Case) -> list[str]:
    """The risks that the rule book names of the course that people took instead, whatever the case."""
    outcomes, texts = case.decision.worlds.book.outcomes, case.decision.worlds.book.risks
    if form.decision not in outcomes.outcomes:
        return []
    modes = [outcomes.modes[mode] for mode in form.modes if mode in outcomes.modes]
    named = [*outcomes.outcomes[form.decision].risks, *(risk for mode in modes for risk in mode.risks)]
    found = dict.fromkeys(risk.name for risk in named if risk.when is None)
    return [texts[name].text for name in found if name in texts]


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


def decision_form(payload: Json, others: bool, few: int = 0, hide: bool = False) -> Iterator[Block]:
    """What was decided, by whom, what the sponsor answered, who was heard; room to sign; how to object. In the order of the
    form, with room for what is not on record."""
    stands, words = standing(payload), form_words().questions
    yield heading("decision")
    told = [(said("status"), stands.status.lead.lower() if others else stands.status.words)]
    given = [
        (title, for_others(title, text, stands.form, few, hide) if others else text)
        for title, text in rows(payload)
    ]
    if stands.has_form:
        there = {title for title, _ in given}
        room = [words[name].title for name in ASKED if words[name].title not in there]
        given += [(title, said("not_on_record")) for title in room]
        order = {words[name].title: place for place, name in enumerate(words)}
        asked_for = [
            place for place, (title, _) in enumerate(given) if title in {words[name].title for name in ASKED}
        ]
        for place, row in zip(
            asked_for, sorted((given[at] for at in asked_for), key=lambda row: order[row[0]]), strict=True
        ):
            given[place] = row
    told += given
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
