"""The first page of a report: whole sentences, and nothing that only those who know the rule book understand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case, OtherWay
from sharedvalue.engine.governance.form import AGREES, ANSWERED, Form
from sharedvalue.engine.governance.form_words import in_record
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.report.texts import heading, said
from sharedvalue.engine.governance.standing import answer_words, asked_of_board, proposed, standing, taken
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.answer import avoiding, stakes
from sharedvalue.engine.telling.because import whatever_decides
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases, course_title, lower

Json = dict[str, Any]
MOST_REASONS, MOST_UNSAID, MOST_WAYS = 4, 3, 6


def cover(
    payload: Json,
    case: Case,
    groups: Groups,
    others: bool,
    estimates: str = "",
    assumed: str = "",
    done: frozenset[str] = frozenset(),
) -> Iterator[Block]:
    """The community, the sponsor's problem, the proposal and how it stands, why, who loses what, what is not known, what is asked.

    A copy for `others` tells nobody's own words; and no number where one is about a few people: reasons are then those that hold
    none, or the title of the deciding rule. `estimates` says that none of the facts that can turn the answer rests on evidence,
    `assumed` names those of them that nobody said; `done` are the follow-up actions that were carried out.
    """
    hide = others and groups.small
    scenario, book = case.decision.worlds.scenario, case.decision.worlds.book
    yield heading("community")
    yield paragraph(said("left_out") if others else scenario.story or said("no_story"))
    if has_sponsor(payload):
        yield heading("problem")
        words = scenario.texts.get(book.outcomes.recording.problem, "")
        told = said("left_out") if others else said("own_words", said=words)
        yield paragraph(told if words else no_problem(payload))
    yield from the_proposal(payload, case, hide, others)
    yield heading("why_proposed" if standing(payload).departs else "why")
    yield bullets(*reasons(payload, case, hide, estimates))
    yield heading("losses")
    yield paragraph(" ".join(losses(payload, case, groups, hide)))
    yield heading("not_known")
    yield paragraph(" ".join(not_known(payload, case, assumed)))
    yield heading("asked")
    yield paragraph(asked_of_board(payload, done))


def has_sponsor(payload: Json) -> bool:
    """Whether there is one; records from before the form do not say so."""
    return bool(payload.get("facing", {"has_sponsor": True})["has_sponsor"])


def no_problem(payload: Json) -> str:
    """That nobody wrote the sponsor's problem down; to ask for it is no use once all is decided."""
    told = said("no_problem")
    return f"{told} {said('ask_problem')}" if standing(payload).follows is None else told


def the_proposal(payload: Json, case: Case, hide: bool, others: bool) -> Iterator[Block]:
    """What the rule book proposes, what is at stake, and what has become of the proposal so far."""
    stands, outcomes = standing(payload), case.decision.worlds.book.outcomes
    say = case.decision.wording.say
    yield heading("proposal")
    words = outcomes.outcomes[case.decision.outcome].title if hide else proposed(payload)
    means = [outcomes.outcomes[case.decision.outcome].means]
    means += [outcomes.modes[mode].means for mode in case.decision.modes]
    told = [] if hide else [sentence(say(text)) for text in means if text]
    yield paragraph(" ".join([said("proposes", what=words), *told]))
    if not hide:
        yield paragraph(" ".join([*avoided(payload, case), *map(plain_words, stakes(case.advice))]))
    if others:
        yield paragraph(said("stands", how=stands.status.lead.lower()))
        return
    parts = [said("stands", how=stands.status.words)]
    if taken(payload) and stands.follows is not None:
        who = ", ".join(stands.form.by)
        parts.append(sentence(said("decided", who=who, what=sentence(taken(payload)))))
        parts += [] if stands.follows else [said("reason_given", why=f"{stands.form.why.rstrip('.')}.")]
    elif stands.form.in_words:  # nothing was decided, and people say why
        parts.append(
            sentence(said("decided", who=", ".join(stands.form.by), what=sentence(stands.form.in_words)))
        )
    if stands.has_form and has_sponsor(payload) and not stands.departs:
        parts.append(said("sponsor_answered", answer=answer_words(stands.form)))
    yield paragraph(" ".join([*parts, *voices(stands.form)]))
    if contradicts(payload, case):
        yield paragraph(said("answered_before"))


def voices(form: Form) -> Iterator[str]:
    """How the vote went, who disagreed and with what, and what the sponsor said."""
    if form.votes is not None:
        yield said("voted", votes=in_record("votes", **vars(form.votes)))
    if form.dissent:
        yield said("dissent", said="; ".join(text.rstrip(".") for text in form.dissent))
    if form.sponsor_said:
        yield said("sponsor_said", said=form.sponsor_said.rstrip("."))


def avoided(payload: Json, case: Case) -> Iterator[str]:
    """In sentences, by which changes a hard answer could be avoided, and where they lead."""
    moves = avoiding(case.advice)
    if moves is None:
        return
    if not moves:
        yield said("avoided_by_none")
    say, titles = Phrases(case.advice), titles_of(payload)
    by_end: dict[str, list[str]] = {}
    for move in moves:
        fact = titles.get(move.name) or say.naming.title(move.name)
        before, to = say.naming.present(move.name, move.start), say.naming.proposed(move.name, move.to)
        by_end.setdefault(leads_to(say, move), []).append(said("avoided_if", fact=fact, to=to, before=before))
    for end, changes in by_end.items():
        yield said("avoided", changes=", or if ".join(changes), end=end)


def titles_of(payload: Json) -> dict[str, str]:
    """The facts of a record by name, as they are called."""
    return {fact["name"]: fact["title"] for fact in payload["basis"]["facts"]}


def contradicts(payload: Json, case: Case) -> bool:
    """Whether the facts say that the sponsor agreed already, and its answer now says that it does not."""
    form = standing(payload).form
    agreed = case.decision.worlds.book.outcomes.recording.agreed
    return bool(agreed) and form.sponsor in ANSWERED and form.sponsor != AGREES and case.decision.true(agreed)


def reasons(payload: Json, case: Case, hide: bool, estimates: str) -> Iterator[str]:
    """The reasons in full sentences, as they were recorded: the deciding one first; last, that all is estimated, where it is."""
    found = payload["decision"]["reasons"][: MOST_REASONS + 3]
    texts = [plain_words(one["because"]) for one in found] or [
        *map(plain_words, whatever_decides(case.advice))
    ]
    if hide:
        bare = [without_brackets(text) for text in texts]
        texts = [text for text in bare if not re.search(r"\d", text)] or [one["title"] for one in found[:1]]
    told = dict.fromkeys(map(sentence, texts))
    yield from list(told)[:MOST_REASONS]
    if not told:
        yield said("no_reason")
    if estimates:
        yield estimates


def without_brackets(text: str) -> str:
    """A reason without what stands in brackets: the numbers by which it was measured."""
    return " ".join(re.sub(r"\s*\([^()]*\)", "", text).split())


def plain_words(text: str) -> str:
    """A reason without the marks of house defaults and the names of rules."""
    text = re.sub(r"\s*\((?:rule )?[A-Z]\d\d[a-z_.0-9]*\)", "", text.replace("*", ""))
    return " ".join(re.sub(r"(?<!is )\bunknown(?: of 100)?\b", said("unknown"), text).split())


def losses(payload: Json, case: Case, groups: Groups, hide: bool) -> Iterator[str]:
    """What each group would lose, then the risks to people; who was heard."""
    losing = [g for g in groups.rows if g.loses]
    outcomes = case.decision.worlds.book.outcomes.outcomes
    if standing(payload).departs:
        yield decided_means(payload, case)
        yield said("not_followed")
    for group in losing:
        fate = f"{group.fate[:1].lower()}{group.fate[1:]}"
        if hide or group.people is None:
            yield sentence(said("group_loses", group=group.name, fate=fate))
        else:
            yield sentence(said("people_lose", group=group.name, count=f"{group.people:,}", fate=fate))
    unsure = [g.name for g in groups.rows if g.fate == said("fate_unknown")]
    if unsure:
        yield said("unsure", groups=", ".join(unsure))
    if groups.takes_places and not losing and not unsure:
        yield said("not_told_apart")
    if not groups.takes_places:
        if outcomes[case.decision.outcome].hard:
            yield said("concerns_all")
            known = [g for g in groups.rows if g.people is not None]
            if known and not hide:
                yield said("who_they_are", groups=", ".join(f"{g.name} ({g.people:,} people)" for g in known))
        else:
            yield said("nobody_loses")
        possible = {one["outcome"] for one in payload["decision"]["possible"]}
        if any(outcomes[name].keeps for name in possible if name in outcomes) and not case.decision.certain:
            yield said("places_possible")
    heard = standing(payload).form.heard
    if heard:
        yield said("heard", groups=", ".join(one.who for one in heard))
    elif losing:
        yield said("not_heard")


def decided_means(payload: Json, case: Case) -> str:
    """What the course that people took instead of the proposal means for members, as far as it is one of the rule book."""
    form = standing(payload).form
    outcome = case.decision.worlds.book.outcomes.outcomes.get(form.decision)
    if form.for_members:
        return said("members_told", words=sentence(form.for_members))
    if outcome is None or outcome.keeps is not None:
        return said("decided_unknown")
    return said("concerns_all" if outcome.hard else "decided_keeps_all")


def not_known(payload: Json, case: Case, assumed: str = "") -> Iterator[str]:
    """What could change the proposal once it is known, and how near it is to another one."""
    titles = titles_of(payload)
    pivotal = [titles.get(name, name) for name in payload["decision"]["pivotal"]]
    found = unsaid(payload, case)
    yield from found
    if pivotal:
        yield said("not_known", facts="; ".join(pivotal))
        yield from could_follow(case)
    elif not (found or assumed):
        yield said("nothing_assumed" if payload["decision"]["assumed"] else "nothing_open")
    if assumed:
        yield said("assumed_turning", facts=assumed)
    nearest = case.advice.nearest
    if case.advice.provisional and nearest is not None and nearest.distance is not None:
        points = f"{nearest.distance / 10:g}"
        named = titles.get(nearest.name) or Naming(case.decision.worlds).title(nearest.name)
        yield said("close", points=points, fact=named)
    if not payload["decision"]["complete"]:
        yield said("incomplete")


def could_follow(case: Case) -> Iterator[str]:
    """What may follow once it is known, each way of it."""
    decision = case.decision
    outcomes = decision.worlds.book.outcomes
    ways = [course_title(outcomes, one.outcome, modes) for one in decision.possible for modes in one.modes]
    if len(ways) > 1:
        yield said("could_follow", ways="; ".join(ways[:MOST_WAYS]))


def unsaid(payload: Json, case: Case) -> tuple[str, ...]:
    """The assumptions that nobody made and that each alone could change a certain answer, and what to."""
    say, titles = Phrases(case.advice), titles_of(payload)
    found = []
    moves, ways = _told_apart(case)
    for move in moves:
        fact = titles.get(move.name) or say.naming.title(move.name)
        assumed = say.assumed(move.name, move.start).partition(": ")[2]
        to = say.naming.said(move.name, move.to)
        found.append(said("unsaid", fact=fact, assumed=assumed, to=to, end=leads_to(say, move)))
    outcomes, outcome = case.decision.worlds.book.outcomes, case.decision.outcome
    for way in ways:
        fact = titles.get(way.name) or say.naming.title(way.name)
        assumed = say.assumed(way.name, way.start).partition(": ")[2]
        end = said("leads", answer=lower(course_title(outcomes, outcome, way.modes)))
        found.append(
            said("unsaid", fact=fact, assumed=assumed, to=say.naming.said(way.name, way.to), end=end)
        )
    return tuple(found)


def _told_apart(case: Case) -> tuple[tuple[Move, ...], tuple[OtherWay, ...]]:
    """The assumed facts that are told with what another value leads to: to another outcome first, then to another way of it."""
    moves = case.advice.unsaid[:MOST_UNSAID]
    return moves, case.other_ways[: MOST_UNSAID - len(moves)]


def told_apart(case: Case) -> frozenset[str]:
    """The names of those facts."""
    moves, ways = _told_apart(case)
    return frozenset(one.name for one in moves) | {way.name for way in ways}


def leads_to(say: Phrases, move: Move) -> str:
    """Where a change leads, or could lead where that is open."""
    answer = say.leads_to(move)
    if len(move.outcomes) == 1:
        return said("leads", answer=answer)
    return said("could_lead", answer=answer.partition(": ")[2] or answer)
