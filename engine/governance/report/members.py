"""One page for the members of a community, in plain words: what was decided, what it means for them, and how to object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, bullets, heading, paragraph
from sharedvalue.engine.governance.report.cover import ESTIMATES, losses, reasons
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.standing import standing
from sharedvalue.engine.telling.page import sentence

Json = dict[str, Any]
MOST_REASONS = 2


def without_brackets(text: str) -> str:
    """A reason without what stands in brackets: the numbers by which it was measured."""
    return " ".join(re.sub(r"\s*\([^()]*\)", "", text).split())


def summary(payload: Json, case: Case, groups: Groups) -> Iterator[Block]:
    """The page. Numbers about people are left out as soon as one of them is about a few; nobody's own words are told."""
    hide, stands = groups.small, standing(payload)
    outcomes = case.decision.worlds.book.outcomes
    yield heading("What it is about")
    yield paragraph(
        "The people who lead this community looked at what it gives to its members and to the organisation that supports it, and "
        "whether the two still go together."
    )
    yield heading("What was proposed, and how it stands")
    outcome = outcomes.outcomes[case.decision.outcome]
    means = [outcome.means, *(outcomes.modes[mode].means for mode in case.decision.modes)]
    yield paragraph(
        " ".join([sentence(outcome.title), *(sentence(text) for text in means if "{" not in text)])
    )
    yield paragraph(f"How it stands: {stands.status.lead.lower()}.")
    if stands.departs:
        yield paragraph(
            "The board decided something else than was proposed. Ask those named below what it is."
        )
    yield heading("What it means for you")
    yield paragraph(" ".join(losses(payload, case, groups, hide)))
    yield heading("Why")
    told = [without_brackets(text) for text in reasons(payload, case, hide)]
    yield bullets(*[text for text in told if text != ESTIMATES][:MOST_REASONS])
    if ESTIMATES in told:
        yield paragraph(ESTIMATES)
    yield heading("What happens next")
    form = stands.form
    steps = [
        f"{one.what[:1].upper()}{one.what[1:]}{f', by {one.due}' if one.due else ''}." for one in form.actions
    ]
    steps.append(
        f"It is looked at again on {form.review_date}."
        if form.review_date
        else "No day is set yet to look at it again."
    )
    yield bullets(*steps)
    yield heading("If you disagree")
    if form.objection:
        until = f", until {form.object_until}" if form.object_until else ""
        whom = f" It goes to: {form.object_to}." if form.object_to else ""
        yield paragraph(f"{sentence(form.objection + until)}{whom}")
    else:
        yield paragraph("The record does not say how to object. Ask those who decided.")
    yield paragraph(f"Put on record by: {', '.join(form.by)}.")
