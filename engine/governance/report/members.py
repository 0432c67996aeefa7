"""One page for the members of a community, in plain words: what was decided, what it means for them, and how to object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.form import REFUSES
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.cover import decided_means, losses, reasons, without_brackets
from sharedvalue.engine.governance.report.later import NOTHING_LATER, Later, became_words
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.report.texts import heading, said
from sharedvalue.engine.governance.standing import (
    AGREED,
    action_words,
    course_taken,
    objection_words,
    standing,
)
from sharedvalue.engine.telling.page import sentence

Json = dict[str, Any]
MOST_REASONS = 2


def summary(
    payload: Json, case: Case, groups: Groups, estimates: str, later: Later = NOTHING_LATER
) -> Iterator[Block]:
    """The page. Numbers about people are left out as soon as one of them is about a few; of people's own words, only those that
    were written for members."""
    hide, stands, say = groups.small, standing(payload), case.decision.wording.say
    outcomes = case.decision.worlds.book.outcomes
    yield heading("members_about")
    yield paragraph(said("members_about"))
    if stands.follows is not None or stands.form.for_members:
        yield heading("members_decided")
        yield paragraph(decided(payload, case))
    for one, _ in later.happened[-1:]:
        yield heading("became")
        yield paragraph(sentence(said("members_became", day=one.on, result=became_words(one))))
    yield heading("members_proposal")
    outcome = outcomes.outcomes[case.decision.outcome]
    agreed = stands.status.name == AGREED
    modes = [outcomes.modes[mode] for mode in case.decision.modes]
    means = [outcome.means, *(mode.means for mode in modes if not (agreed and mode.asks_sponsor))]
    yield paragraph(
        " ".join(
            [sentence(outcome.title), *(sentence(say(text)) for text in means if text and "{" not in text)]
        )
    )
    yield paragraph(said("stands", how=stands.status.lead.lower()))
    yield heading("members_you")
    above = said("members_above") if stands.form.for_members else decided_means(payload, case)
    means = [above] if stands.departs else [*losses(payload, case, groups, hide)]
    waits = said("members_refused" if stands.form.sponsor == REFUSES else "members_waits")
    yield paragraph(" ".join([*means, *([waits] if stands.status.waits else [])]))
    if not stands.departs:  # the reasons of a proposal that was not followed are none of what was decided
        yield heading("why")
        told = [without_brackets(text) for text in reasons(payload, case, hide, estimates)]
        yield bullets(*[text for text in told if text != estimates][:MOST_REASONS])
        if estimates:
            yield paragraph(estimates)
    yield heading("members_next")
    form = stands.form
    ahead = [one for one in form.actions if one.what not in later.done]
    steps = [] if hide else [sentence(action_words(one.what, one.owner, one.due)) for one in ahead]
    if hide and ahead:
        steps.append(said("members_actions"))
    steps.append(
        said("members_review", day=str(form.review_date)) if form.review_date else said("members_no_review")
    )
    yield bullets(*steps)
    yield heading("members_objection")
    if form.objection:
        yield paragraph(sentence(objection_words(form)))
    else:
        yield paragraph(said("members_no_objection"))
    yield paragraph(said("members_by", who=", ".join(form.by)))


def decided(payload: Json, case: Case) -> str:
    """What was decided, in the words that were written for members, else in those of the rule book."""
    stands = standing(payload)
    if stands.form.for_members:
        return sentence(stands.form.for_members)
    if not stands.departs:
        return said("members_followed")
    course = course_taken(stands.form, case.decision.worlds.book.outcomes)
    return said("members_course", course=course) if course else said("members_otherwise")
