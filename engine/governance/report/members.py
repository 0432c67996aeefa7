"""One page for the members of a community, in plain words: what was decided, what it means for them, and how to object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.form_words import in_record
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.cover import losses, reasons, without_brackets
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.report.texts import heading, said
from sharedvalue.engine.governance.standing import course_taken, standing
from sharedvalue.engine.telling.page import sentence

Json = dict[str, Any]
MOST_REASONS = 2


def summary(payload: Json, case: Case, groups: Groups, estimates: bool) -> Iterator[Block]:
    """The page. Numbers about people are left out as soon as one of them is about a few; nobody's own words are told."""
    hide, stands, say = groups.small, standing(payload), case.decision.wording.say
    outcomes = case.decision.worlds.book.outcomes
    yield heading("members_about")
    yield paragraph(said("members_about"))
    yield heading("members_proposal")
    outcome = outcomes.outcomes[case.decision.outcome]
    means = [outcome.means, *(outcomes.modes[mode].means for mode in case.decision.modes)]
    yield paragraph(
        " ".join(
            [sentence(outcome.title), *(sentence(say(text)) for text in means if text and "{" not in text)]
        )
    )
    yield paragraph(said("stands", how=stands.status.lead.lower()))
    if stands.departs:
        course = course_taken(stands.form, outcomes)
        yield paragraph(said("members_course", course=course) if course else said("members_otherwise"))
    yield heading("members_you")
    yield paragraph(" ".join(losses(payload, case, groups, hide)))
    yield heading("why_proposed" if stands.departs else "why")
    told = [without_brackets(text) for text in reasons(payload, case, hide, estimates)]
    yield bullets(*[text for text in told if text != said("estimates")][:MOST_REASONS])
    if said("estimates") in told:
        yield paragraph(said("estimates"))
    yield heading("members_next")
    form = stands.form
    steps = [
        f"{one.what[:1].upper()}{one.what[1:]}{in_record('by_day', day=one.due) if one.due else ''}."
        for one in form.actions
    ]
    steps.append(
        said("members_review", day=str(form.review_date)) if form.review_date else said("members_no_review")
    )
    yield bullets(*steps)
    yield heading("members_objection")
    if form.objection:
        until = in_record("until", day=form.object_until) if form.object_until else ""
        whom = f" {said('members_objection', whom=form.object_to)}" if form.object_to else ""
        yield paragraph(f"{sentence(form.objection + until)}{whom}")
    else:
        yield paragraph(said("members_no_objection"))
    yield paragraph(said("members_by", who=", ".join(form.by)))
