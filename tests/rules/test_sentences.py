"""Every sentence is true where it is printed: what it claims is held against the conclusions of the world that it is said of.

The worlds are made up from the vocabulary alone, with numbers on and beside the lines in the sand, so that all is said.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.expressions import read
from sharedvalue.engine.language.outcomes import Mode, Outcome
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import Text, parse
from sharedvalue.engine.language.strata import names_read
from sharedvalue.engine.language.types import ChoiceType, NumberType, RecordsType, TextType, YesNo
from sharedvalue.engine.worlds import form
from tests.rules.cases import book

WORLDS = 300
# What a sentence says, and what must then hold. A pattern is looked for in every text that is printed of a case.
CLAIMS = {
    r"no course that leaves everybody in holds": (
        "not (keep_viable or shift_viable or realign_viable or circle_viable or widen_viable or host_viable)"
    ),
    r"[Nn]one of the courses is viable|No course holds": (
        "not (keep_viable or shift_viable or realign_viable or circle_viable or widen_viable or host_viable"
        " or restrict_viable)"
    ),
    r"has to remain fixed|Need fixed|need is fixed|need of [^.;]{1,40} is fixed": "need_fixed",
    r"not known to be fixed|One refusal does not make": "not need_fixed",
    r"(?<!and )refused (?:this|to|the|a) ?shift|[Ss]hift (?:was )?refused": "shift_refused",
    r"agreed to (?:the|shift)|(?<![Nn]o )[Ss]hift (?:was )?agreed": "shift_agreed",
    r"No shift was agreed": "not shift_agreed",
    r"No shift is worth it|no shift that members want is worth it": "effectively_fixed and not shift_viable",
    r"[Nn]obody (?:has to leave|leaves|is excluded)|exclude nobody": "outcome != 'RESTRICT_MEMBERSHIP'",
    r"lose their place": "restrict_viable",
    r"[Bb]oth values met|[Bb]oth sides are served|are both (?:met|served)|Both served": "member_value_met and sponsor_value_met",
    r"not both values are met": "not (member_value_met and sponsor_value_met)",
    r"neither side is unmet now": "not member_unmet_now and not sponsor_unmet_now",
    r"neither side (?:is )?unmet(?! now)": "not member_value_unmet and not sponsor_value_unmet",
    r"both unmet now|Both unmet now": "member_unmet_now and sponsor_unmet_now",
    r"[Bb]oth sides are unmet": "member_value_unmet and sponsor_value_unmet",
    r"[Mm]embers' needs do(?:es)? not count as unmet": "not member_value_unmet",
    r"[Aa]ll groups (?:of members )?\(": "excluded_count < 1 and segments_given >= 1",
    r"[Nn]o group works at|None of (?:the )?\d+ groups": "kept_count < 1 and segments_given >= 1",
    r"No groups of members are told apart": "segments_given < 1",
    r"[Tt]here is no sponsor(?! value)|No sponsor": "not has_sponsor",
    r"[Oo]verlap exists|purpose is shared|Purpose shared": "overlap_exists",
    r"[Oo]verlap (?:is missing now or ahead|does not suffice both now and ahead)": "not overlap_exists",
    r"counts as (?:none|no overlap), since the community cannot|which counts as none": "overlap_capped",
    r"ahead: none now \(below": "overlap_short_none and not overlap_capped",
    r"none now \(below \S+\), none ahead": "overlap_short_none and overlap_long_none and not overlap_capped",
    r"none now \(below \S+\), not strong ahead": "overlap_short_none and overlap_long_partial and not overlap_capped",
    r"[Nn]ew host stands ready|[Aa]nother organi[sz]ation has agreed": "alt_sponsor == 'secured'",
    r"members will leave|Members will leave, and": "member_value_unmet",
    r"[Ss]upport (?:could|may) be withdrawn|support could go": "sponsor_value_unmet or support_at_risk",
    r"[Nn]obody carries it": "core_group_size < 1",
    r"[Tt]oo few (?:people )?carry it|core group is too small|[Tt]oo few are left": "core_absent",
    r"[Tt]oo few people carry it": "core_absent and core_group_size >= 1",
    r"[Tt]here is a core group": "not core_absent",
    r"as a document says|what the document leaves open": "stance_source == 'document'",
    r"You state that it is;": "stance_source == 'sponsor_said'",
    r"How far could your need move": "sponsor_stance == 'negotiable' and not need_fixed",
    r"Within your need as it stands": "need_fixed and stance_source == 'document'",
    r"Name what the sponsor has not seen": "visibility_gap",
    r"sees little of what the community could do": "visibility_gap",
    r"The sponsor sees too little value": "not visibility_gap and sponsor_value_now < value_met",
    r"sponsor expects too little": "sponsor_value_now >= value_met and not sponsor_value_met",
    r"Members get too little": "member_value_now < value_met",
    r"Members will get too little": "member_value_now >= value_met and not member_value_met",
    r"A focus that changes": "outcome == 'SHIFT_FOCUS'",
    r"Before anything is closed": "outcome == 'NO_VIABLE_COURSE'",
    r"Before the form changes": "outcome != 'NO_VIABLE_COURSE'",
    r"what it will no longer do": "'inner_circle' not in modes",
    r"what the two share, before anything is changed": "'agreed' not in modes and 'new_host' not in modes",
    r"before the overlap ends": "only_for_now",
    r"before the support ends": "support_at_risk and support_risk_cause == 'ends_by_plan'",
    r"Members who get no value": "member_value_unmet",
    r"A sponsor that sees no value": "sponsor_value_unmet or support_at_risk",
    r"The purpose changes without anyone": "not shift_agreed",
    r"Many of those .*are missing": "target_inside == 'partly'",
    r"it would not work": "shift_agreed",
    r"[Tt]he sponsor's need did not move": "not sponsor_moved",
    r"[Nn]o groups are told apart": "segments_given < 1",
    r"no group qualifies": "kept_count < 1",
    r"[Ee]very group qualifies": "segments_given >= 1 and excluded_count < 1",
    r"[Nn]o overlap that counts both now": "not overlap_exists",
    r"[Tt]he need is fixed": "need_fixed",
    r"it is early|[Ee]arly days|It is early": "age_months < young_months",
    r"space (?:of their own )?inside (?:would be|is) enough": "inner_space_enough",
    r"space (?:of their own )?(?:inside )?would not be enough": "not inner_space_enough",
    r"do not want something entirely different": "not wants_something_else",
    r"nobody's needs moved": "not needs_moved and not sponsor_moved",
    r"^Members want something else": "wants_something_else",
    r"need of [^.]{1,40} that moved|its need moved|Sponsor's need moved": "sponsor_moved",
    r"who are not members|are not members": "target_inside == 'no'",
    r"only some are members|members only in part": "target_inside == 'partly'",
    r"Support is already at risk|Its support is at risk": "support_at_risk",
    r"support is not at risk|support (?:is )?safe": "not support_at_risk",
    r"not permitted": "not_permitted",
    r"outer space stays": "tier_first",
    r"[Rr]epairs (?:have )?failed again and again|After \d+ tries that failed": "failed_repairs >= repairs_plain",
    r"no repair was tried": "failed_repairs < 1",
    r"(?<!that )sees no value": "sponsor_value_now < value_unmet",
    r"the sweet spot": "sweet_spot",
    r"(?<!not because their )basic needs go unmet": "shift_cause == 'unmet_basics'",
    r"A document says so": "stance_source == 'document'",
    r"[Oo]ne (?:repair|try) (?:has )?(?:failed|did)": "failed_repairs == 1",
    r"Members and the sponsor want different things": "must_reconsider and not overlap_capped",
    r"[Ll]ook for an organization that would host": "not has_sponsor",
    r"second funder|three steps": "has_sponsor",
    r"a level that no group here has": "groups_at_level < 1 and segments_given >= 1",
    r"Talk it over with the sponsoring": "need_fixed or shift_agreed or shift_refused",
    r"Is your need fixed": "not need_fixed and not shift_agreed and not shift_refused",
    r"Why does your need have to stay": "need_fixed",
    r"What is shared on paper": "overlap_exists",
    r"Build the space inside": "outcome != 'RESTRICT_MEMBERSHIP'",
}
RESTRICTING: dict[str, object] = {
    "has_sponsor": True,
    "sponsors_conflict": False,
    "sponsor_stance": "fixed",
    "sponsor_engaged": "in_dialogue",
    "needs_shift": 20,
    "openness_to_realign": 20,
    "member_value_now": 50,
    "member_value_outlook": 50,
    "sponsor_value_now": 30,
    "sponsor_value_outlook": 30,
    "overlap_short": 10,
    "overlap_long": 10,
    "contribution": 40,
    "contribution_if_restricted": 70,
    "inner_space_enough": False,
    "restriction_allowed": True,
    "expertise_required": "expert",
    "alt_sponsor": "none",
    "target_inside": "yes",
    "sponsor_need_kind": "other",
    "failed_repairs": 0,
    "segments": [
        {"name": "experts", "count": 300, "level": "expert", "overlap": 80, "stay": 90, "active": 60},
        {"name": "novices", "count": 900, "level": "novice", "overlap": 10, "stay": 80, "active": 40},
    ],
}
NOBODY_CARRIES: dict[str, object] = {
    "has_sponsor": True,
    "sponsors_conflict": False,
    "sponsor_engaged": "in_dialogue",
    "needs_shift": 20,
    "member_value_now": 30,
    "sponsor_value_now": 30,
    "core_group_size": 2,
    "overlap_short": 40,
    "overlap_long": 40,
    "failed_repairs": 0,
}
SERVED: dict[str, object] = {
    "has_sponsor": True,
    "sponsors_conflict": False,
    "sponsor_engaged": "in_dialogue",
    "sponsor_need_moved": False,
    "needs_shift": 20,
    "failed_repairs": 0,
    "age_months": 30,
    "member_value_now": 70,
    "member_value_outlook": 70,
    "sponsor_value_now": 70,
    "sponsor_value_outlook": 70,
    "contribution": 60,
    "overlap_short": 60,
    "overlap_long": 60,
}
ALL_QUALIFY = RESTRICTING | {
    "contribution": 25,
    "segments": [
        {"name": "experts", "count": 300, "level": "expert", "overlap": 80, "stay": 90, "active": 60}
    ],
}
YOUNG = SERVED | {"age_months": 6, "member_value_now": 50, "sponsor_value_now": 50}
SHIFTING = SERVED | {
    "needs_shift": 70,
    "shift_shared": True,
    "shift_durable": True,
    "shift_cause": "field_changed",
    "sponsor_stance": "negotiable",
    "sponsor_value_now": 45,
    "sponsor_value_outlook": 45,
    "strategic_potential": 80,
    "contribution_to_shifted": 70,
    "overlap_short": 10,
    "overlap_long": 10,
}
MISSING_IN_PART: dict[str, object] = {
    "overlap_long": 35,
    "contribution": 40,
    "target_inside": "partly",
    "sponsor_need_kind": "products_not_adopted",
    "sponsor_stance": "negotiable",
    "openness_to_realign": 20,
    "alt_sponsor": "none",
}
# What chance seldom brings about; each is laid over three of the made-up worlds.
SELDOM_WORLDS: tuple[dict[str, object], ...] = (
    RESTRICTING | {"pipeline_dependence": 20, "cross_level_exchange": 20, "meeting_mode": "mixed"},
    RESTRICTING | {"pipeline_dependence": 60},
    RESTRICTING | {"restriction_allowed": False, "contribution": 45},
    RESTRICTING | {"inner_space_enough": True},
    NOBODY_CARRIES | {"age_months": 4},
    NOBODY_CARRIES | {"age_months": 40},
    SERVED,
    SERVED | {"member_value_now": 50, "overlap_short": 10, "overlap_long": 10},
    ALL_QUALIFY,
    YOUNG,
    SHIFTING,
    SERVED | {"sponsor_value_now": 45, "overlap_short": 20} | MISSING_IN_PART,
)
NOT_CLAIMS = (  # words that a pattern finds and that claim nothing
    "no course that leaves everybody in holds",
    "One refusal does not make the need fixed",
    "No overlap for now that both sides are served by",
    "Not both sides are unmet",
    "Not both sides are served",
    "Not known whether both values are met and overlap exists",
    "No sponsors who exclude",
    "No new host stands ready",
    "Not every group qualifies",
)


@cache
def conditions() -> dict[str, e.Node]:
    return {pattern: read(Text(source, Place(""))).node for pattern, source in CLAIMS.items()}


def made_up(rng: random.Random) -> dict[str, object]:
    """A complete world; numbers lie on the lines of the book, one beside them, or anywhere."""
    lines = {t.value // 10 for t in book().thresholds.values() if t.type.unit == "percent" and t.value >= 0}

    def value(kind: object) -> object:
        if isinstance(kind, YesNo):
            return rng.random() < 0.5
        if isinstance(kind, ChoiceType):
            return rng.choice(kind.options)
        assert isinstance(kind, NumberType)
        if kind.unit == "percent" and kind.lo == 0:
            near = rng.choice(sorted(lines)) + rng.choice((-1, 0, 1))
            return min(100, max(0, near)) if rng.random() < 0.6 else rng.randrange(101)
        if kind.unit == "percent":
            return rng.choice((-40, -25, -24, 0, 20))
        return rng.choice((0, 1, 2, 3, 4, 11, 12, 13, 30, 200))

    facts: dict[str, object] = {}
    for fact in book().facts.values():
        if not isinstance(fact.type, RecordsType | TextType):
            facts[fact.name] = value(fact.type)
    groups = rng.choice((0, 0, 1, 2, 3))
    facts["segments"] = [
        {
            "name": f"group {number}",
            "count": rng.choice((4, 10, 40, 200)),
            "level": rng.choice(("novice", "practitioner", "expert")),
            "overlap": rng.choice((5, 20, 49, 50, 80)),
            "stay": rng.choice((50, 90)),
            "active": rng.choice((20, 60)),
            "target": rng.random() < 0.3,
        }
        for number in range(groups)
    ]
    facts |= {"needs": [], "sponsors": [], "decision_log": [], "has_sponsor": rng.random() < 0.93}
    facts |= {"members_total": 2000, "sponsors_conflict": rng.random() < 0.05}
    if rng.random() < 0.5:
        facts["sponsor_stance"] = "fixed"
    facts |= {
        "stance_source": rng.choice(("sponsor_said", "document")),
        "potential_judged_with_sponsor": True,
    }
    return facts


@cache
def decisions() -> tuple[Decision, ...]:
    rng = random.Random(13)
    found: list[Decision] = []
    tries = 0
    while len(found) < WORLDS:
        seldom = SELDOM_WORLDS[tries // 3] if tries // 3 < len(SELDOM_WORLDS) else {}
        tries += 1
        tree = {"scenario": "1", "facts": {**made_up(rng), **seldom}}
        try:
            found.append(
                decide(form(book(), read_scenario(parse(json.dumps(tree), "a world"), book(), "a world")))
            )
        except UserError:  # a world that the constraints forbid
            continue
    return tuple(found)


def said(decision: Decision) -> Iterator[str]:
    """Every text that is printed of a decision: reasons, lines, modes, actions, risks and quotes."""
    wording, table = decision.wording, decision.worlds.book
    chosen = None if decision.by_open_facts else decision.trace.chosen
    for firing in decision.trace.firings:
        rule = firing.rule
        if rule.rule not in table.rules or not decision.holds_everywhere(firing):
            continue
        if table.rules[rule.rule].form == "branches" and (
            chosen is None or chosen.candidate not in rule.concludes
        ):
            continue  # a branch that would hold and comes later in the order is not told
        yield wording.because(firing)
        yield wording.line(rule)
    yield from passed_over(decision)
    outcome = table.outcomes.outcomes[decision.outcome]
    entries: list[Outcome | Mode] = [outcome, *(table.outcomes.modes[mode] for mode in decision.modes)]
    for entry in entries:
        yield wording.say(entry.headline)
        yield wording.say(entry.means)
        for action in entry.actions:
            written = table.actions[action.name]
            fits = [c.node for c in (action.when, written.when) if c is not None]
            if all(wording.certainty.passes(c) is not False for c in fits):
                yield wording.say(action.words or written.text)
                yield wording.say(written.detail)
        for risk in entry.risks:
            written = table.risks[risk.name]
            if all(wording.certainty.passes(c.node) is not False for c in (risk.when, written.when) if c):
                yield wording.say(risk.words or written.text)
                yield wording.say(written.detail)
    yield from (table.outcomes.risk_routes[route].words for route in decision.routes)


def passed_over(decision: Decision) -> Iterator[str]:
    """Why each branch that was looked at before the one that decided did not hold."""
    chosen = decision.trace.chosen
    if decision.by_open_facts or chosen is None:
        return
    for branch in decision.trace.grounded.branches:
        if branch.place < chosen.place:
            yield decision.wording.otherwise(decision.trace.grounded.rules_for[branch.candidate][0])


@cache
def printed() -> dict[str, tuple[Decision, ...]]:
    """Every text that is printed of some decision, with those decisions."""
    found: dict[str, list[Decision]] = {}
    for decision in decisions():
        for text in dict.fromkeys(said(decision)):
            found.setdefault(text, []).append(decision)
    return {text: tuple(of) for text, of in found.items()}


@pytest.mark.parametrize("pattern", CLAIMS)
def test_what_a_sentence_claims_holds_where_it_is_printed(pattern: str) -> None:
    condition, told = conditions()[pattern], 0
    claimed_nothing = [
        words for words in NOT_CLAIMS if re.search(pattern, words) and not pattern.startswith(words[:12])
    ]
    for text, of in printed().items():
        plain = text
        for words in claimed_nothing:
            plain = plain.replace(words, "")
        if re.search(pattern, plain):
            told += 1
            for decision in of:
                assert decision.wording.certainty.passes(condition) is True, (text, facts_of(decision))
    assert told or pattern in SELDOM, "no world made it be said"


SELDOM = frozenset({r"(?<!that )sees no value", r"members will leave|Members will leave, and"})


def facts_of(decision: Decision) -> str:
    values = decision.trace.values
    return ", ".join(
        f"{n}={values[n]}" for n in sorted(values) if ":" not in n and "(" not in n and "[" not in n
    )


def test_a_branch_that_did_not_hold_says_the_one_reason_that_applies() -> None:
    """`why` tells it as the reason: "this, or that" would leave the reader to find out which."""
    for decision in decisions():
        for text in passed_over(decision):
            assert " or " not in text, text


def test_what_has_to_come_first_is_the_first_thing_to_do() -> None:
    named = list(book().outcomes.modes)
    assert named[0] == "rebuild_core"
    assert "first" in book().outcomes.modes["rebuild_core"].headline


# --- the article ----------------------------------------------------------------------------------------------------
def test_every_quote_with_a_condition_is_seen_to_stand_and_to_be_silent() -> None:
    for claim in book().claims.values():
        if claim.stands_when is not None:
            stands = {decision.stands(claim.id) for decision in decisions()}
            assert stands == {True, False}, claim.id


def test_a_quote_stands_only_where_its_condition_holds() -> None:
    from sharedvalue.engine.telling.because import quotable

    seen: set[str] = set()
    for decision in decisions():
        for claim in quotable(decision):
            seen.add(claim)
            condition = book().claims[claim].stands_when
            assert condition is None or decision.wording.certainty.passes(condition.node) is True
    assert len(seen) > 20


def test_what_is_the_article_alone_leans_on_no_number_of_ours() -> None:
    """`article` alone is said only of what reads no threshold and no measure of our own lines."""
    ours = set(book().thresholds)
    wrong = [
        f"{rule.id}.{block.part}"
        for rule in book().rules.values()
        for block in rule.blocks
        if (block.kind or rule.kind) == ("article",)
        for written in (block.when, block.unless)
        if written is not None and ours & set(names_read(written.node))
    ]
    assert wrong == []
