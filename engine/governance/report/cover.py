"""The first page of a report: whole sentences, and nothing that only those who know the rule book understand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, bullets, heading, paragraph
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.standing import answer_words, proposed, standing, taken
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.page import sentence

Json = dict[str, Any]
MOST_REASONS = 4
NO_STORY = "Nobody has written down its story."
NO_PROBLEM = "Nobody has written down in its own words which problem the sponsor wants to see solved. Ask it, before anything is decided."
ESTIMATES = "None of the facts on which this rests comes from evidence: they are what the leader of the community estimates."


def cover(payload: Json, case: Case, groups: Groups, others: bool) -> Iterator[Block]:
    """The community, the sponsor's problem, the proposal and how it stands, why, who loses what, what is not known, what is asked.

    A copy for `others` tells nobody's own words; and no number where one is about a few people: reasons are then the titles
    of their rules.
    """
    hide = others and groups.small
    scenario, book = case.decision.worlds.scenario, case.decision.worlds.book
    yield heading("The community")
    yield paragraph("Left out of this copy." if others else scenario.story or NO_STORY)
    if payload.get("facing", {"has_sponsor": True})["has_sponsor"]:
        yield heading("The sponsor's problem")
        said = scenario.texts.get(book.outcomes.recording.problem, "")
        told = "Left out of this copy." if others else f"In its own words: “{said}”"
        yield paragraph(told if said else NO_PROBLEM)
    yield from the_proposal(payload, case, hide, others)
    yield heading("Why")
    yield bullets(*reasons(payload, case, hide))
    yield heading("Who would lose what")
    yield paragraph(" ".join(losses(payload, case, groups, hide)))
    yield heading("What is not known")
    yield paragraph(" ".join(not_known(payload, case)))
    yield heading("What is asked of the board")
    yield paragraph(standing(payload).status.asks)


def the_proposal(payload: Json, case: Case, hide: bool, others: bool) -> Iterator[Block]:
    """What the rule book proposes, and what has become of the proposal so far."""
    stands, outcomes = standing(payload), case.decision.worlds.book.outcomes
    say = case.decision.wording.say
    yield heading("The proposal, and how it stands")
    words = outcomes.outcomes[case.decision.outcome].title if hide else proposed(payload)
    means = [outcomes.outcomes[case.decision.outcome].means]
    means += [outcomes.modes[mode].means for mode in case.decision.modes]
    told = [] if hide else [sentence(say(text)) for text in means if text]
    yield paragraph(" ".join([f"The rule book proposes: {words}.", *told]))
    said = f"How it stands: {stands.status.words}."
    if others:
        yield paragraph(f"How it stands: {stands.status.lead.lower()}.")
        return
    if taken(payload) and stands.follows is not None:
        said += f" {', '.join(stands.form.by).capitalize()} decided: {sentence(taken(payload))}"
        said += "" if stands.follows else f" The reason given: {sentence(stands.form.why)}"
    if stands.has_form and payload["facing"]["has_sponsor"] and not stands.departs:
        said += f" The sponsor: {answer_words(stands.form)}."
    yield paragraph(said)


def reasons(payload: Json, case: Case, hide: bool) -> Iterator[str]:
    """The reasons in full sentences, as they were recorded: the deciding one first."""
    found = payload["decision"]["reasons"]
    told = dict.fromkeys(
        sentence(one["title"] if hide else plain_words(one["because"])) for one in found[: MOST_REASONS + 3]
    )
    yield from list(told)[:MOST_REASONS]
    if not told:
        yield "The rules find nothing that stands in every case that is still possible."
    if not any(f.rests_on == "evidence" for f in case.basis.facts if f.decides):
        yield ESTIMATES


def plain_words(text: str) -> str:
    """A reason without the marks of house defaults and the names of rules."""
    return " ".join(re.sub(r"\s*\((?:rule )?[A-Z]\d\d[a-z_.0-9]*\)", "", text.replace("*", "")).split())


def losses(payload: Json, case: Case, groups: Groups, hide: bool) -> Iterator[str]:
    """What each group would lose, then the risks to people; who was heard."""
    losing = [g for g in groups.rows if g.loses]
    outcome = case.decision.worlds.book.outcomes.outcomes[case.decision.outcome]
    for group in losing:
        people = "" if hide or group.people is None else f" ({group.people:,} people)"
        yield sentence(f"{group.name}{people} {group.fate[:1].lower()}{group.fate[1:]}")
    unsure = [g.name for g in groups.rows if g.fate == "Not known yet"]
    if unsure:
        yield f"It is not known yet whether these would keep their place: {', '.join(unsure)}."
    if groups.takes_places and not losing and not unsure:
        yield "Groups of members are not told apart in this case, so it cannot be said who would lose their place."
    if not groups.takes_places:
        whole = "It concerns everybody in the community." if outcome.hard else ""
        yield whole or "Nobody loses a place by this proposal."
        possible = {one["outcome"] for one in payload["decision"]["possible"]}
        outcomes = case.decision.worlds.book.outcomes.outcomes
        if any(outcomes[name].keeps for name in possible if name in outcomes) and not case.decision.certain:
            yield "One of the courses that are still possible would take places away."
    heard = standing(payload).form.heard
    if heard:
        yield f"Heard were: {', '.join(one.who for one in heard)}."
    elif losing:
        yield "The record does not say that any of them was heard."


def not_known(payload: Json, case: Case) -> Iterator[str]:
    """What could change the proposal once it is known, and how near it is to another one."""
    naming = Naming(case.decision.worlds)
    pivotal = [naming.title(name) for name in case.decision.pivotal]
    if pivotal:
        yield f"Not known, and may change the proposal: {'; '.join(pivotal)}."
    else:
        yield "Nothing that is left open would change the proposal."
    nearest = case.advice.nearest
    if case.advice.provisional and nearest is not None and nearest.distance is not None:
        points = f"{nearest.distance / 10:g}"
        yield f"It is close: {points} points of {naming.title(nearest.name)} would lead to another course."
    if not payload["decision"]["complete"]:
        yield "The search was not complete: one of its budgets ran out."
