"""No place of a report contradicts another: what a secretary would find on reading it whole, for each way a record can stand."""

from __future__ import annotations

import datetime as dt
import re
import string
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.governance.form import Action, Form, Heard
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.record import Draft, draft
from sharedvalue.engine.governance.replay import compared
from sharedvalue.engine.governance.report import closing, cover, texts
from sharedvalue.engine.governance.report.document import TRANSPARENCY, _Writer
from sharedvalue.engine.governance.report.members import summary
from sharedvalue.engine.governance.report.options import Course, Options
from sharedvalue.engine.governance.report.people import groups_of
from sharedvalue.engine.governance.report.texts import report_texts, said
from sharedvalue.engine.governance.standing import headline
from sharedvalue.engine.language.costs import Amount, Costs
from sharedvalue.engine.questions.trial import tried_together
from sharedvalue.engine.questions.why_not import HELD, why_not
from sharedvalue.engine.telling.flips import change_words
from tests.governance.common import TODAY, proposed

ROADS = "village-roads-a-talk-cannot-pave-them"
HARD, TIERED, SHIFT = (
    "neophytes-and-experts",
    "laboratories-in-two-tiers",
    "hospice-nurses-a-shift-decided-together",
)
DRIFT, OVER, CIRCLE, WIDE = (
    "silent-drift",
    "town-archivists-nobody-is-left",
    "midwives-a-circle-within",
    "spack-users-2020-and-2021",
)
EACH = (HARD, TIERED, SHIFT, DRIFT, OVER, CIRCLE)
ROLE: dict[str, Any] = {"sponsor_role": "unit manager", "sponsor_date": TODAY}
GUILD: dict[str, Any] = {
    "decision": "other",
    "in_words": "No exclusion; a guild inside",
    "why": "Nobody is to leave",
}


def made(name: str, **said: Any) -> Draft:
    return draft(proposed(name), Form(**{"by": ("steering group",), **said}), TODAY)


def first_page(done: Draft, others: bool = False) -> str:
    blocks = cover.cover(done.payload, done.case, groups_of(done.case), others)
    return "\n".join(text for b in blocks for text in (b.text, *b.items))


def to_do(done: Draft) -> str:
    blocks = closing.to_do(done.payload, done.case)
    return "\n".join(text for b in blocks for text in (b.text, *b.items, *(c for row in b.rows for c in row)))


@lru_cache(maxsize=8)
def options(name: str) -> Options:
    done = made(name)
    return Options(done.payload, done.case, False)


def rows(name: str) -> dict[Course, tuple[str, ...]]:
    found = options(name)
    return {course: found.row(course) for course in found.courses()}


def test_guild_that_was_decided_is_told_as_the_decision_everywhere() -> None:
    done = made(HARD, **GUILD, sponsor="agrees_to_other", sponsor_to="the guild, not the removal", **ROLE)
    page = first_page(done)
    assert headline(done.payload) == "DECIDED OTHERWISE: No exclusion; a guild inside"
    assert "Agreed" not in page
    assert "The proposal, which was not followed, would have meant: Neophytes (900 people)" in page
    assert said("decided_unknown") in page
    assert "sponsor knows" not in page + to_do(done)  # it has answered
    assert said("tell_sponsor") not in to_do(done)
    assert "Risks of the proposal, which was not followed" in to_do(done)
    assert "had its proposal been followed" in to_do(done)
    remaining, _, aside = to_do(done).partition(said("risks_not_followed"))
    assert "Raised risk that the community ends" in remaining  # whatever is decided
    assert "rival group" in aside
    assert "rival group" not in remaining


def test_sponsor_that_was_passed_over_is_to_be_told() -> None:
    page = first_page(made(HARD, **GUILD))
    assert "Tell the sponsor what was decided, and record its answer." in page
    assert "the sponsor's answer: none is on record" in page


@pytest.mark.parametrize("name", [HARD, SHIFT])
def test_outright_refusal_is_agreed_nowhere(name: str) -> None:
    done = made(name, decision=proposed(name).proposal.outcome, sponsor="refuses", **ROLE)
    page = first_page(done)
    assert headline(done.payload).startswith("PROPOSED, REFUSED BY THE SPONSOR: ")
    assert "it refuses the proposal (unit manager" in page
    assert not re.search(r"\bas agreed with", page + headline(done.payload).lower())
    assert (said("answered_before") in page) == (name == SHIFT)  # its facts say that a shift was agreed
    assert "The sponsor refused this. Decide what follows." in page


def test_board_is_asked_for_what_the_record_leaves_open_and_no_more() -> None:
    day = dt.date(2027, 3, 1)
    assert "Put this proposal to the sponsor" in first_page(made(HARD))
    decided = first_page(made(HARD, decision="RESTRICT_MEMBERSHIP", review_date=day))
    assert "It was decided to follow the proposal. Put it to the sponsor" in decided
    assert "decide whether to follow" not in decided
    assert "Look at it again on 2027-03-01." in decided
    assert "Set a day" not in decided
    agreed = made(SHIFT, decision="SHIFT_FOCUS", sponsor="agrees", **ROLE)
    assert "Name what is done next, by whom, and until when. Set a day to look at it again." in first_page(
        agreed
    )
    done = made(
        SHIFT, decision="SHIFT_FOCUS", sponsor="agrees", **ROLE, actions=(Action("tell them", "leader", day),)
    )
    assert "See to it that the follow-up actions are done." in first_page(done)


def test_agreement_asks_for_nothing_that_was_done() -> None:
    done = made(SHIFT, decision="SHIFT_FOCUS", sponsor="agrees", **ROLE)
    page = first_page(done)
    assert headline(done.payload).startswith("AGREED: shift the focus, as agreed earlier with the sponsor")
    assert said("answered_before") not in page
    assert said("tell_sponsor") not in to_do(done)
    assert said("ask_problem") not in page  # all is decided
    assert said("ask_problem") in first_page(made(SHIFT))


def test_tiers_leave_an_outer_space_wherever_a_place_is_lost() -> None:
    done = made(TIERED)
    told = [
        first_page(done),
        *(" ".join(row) for row in groups_of(done.case).told(False)),
        *rows(TIERED)[Course("RESTRICT_MEMBERSHIP")][:2],
    ]
    for text in told:
        for line in re.findall(r"[^.;]*lose (?:their|its) place[^.]*\.?[^.]*", text):
            assert "outer space" in line, line


@pytest.mark.parametrize("name", EACH)
def test_conditions_are_said_to_hold_only_where_they_do(name: str) -> None:
    for course, row in rows(name).items():
        if row[0].endswith("(proposed)"):
            continue
        attempts = why_not(options(name).case.decision, course.outcome, changes=False).attempts
        held = any(
            a.state == HELD and a.check.parts and (not course.mode or course.mode in a.modes)
            for a in attempts
        )
        possible = options(name).is_possible(course)
        assert ("did the courses before it not hold" in row[2]) == (held and not possible), (row[0], row[2])


@pytest.mark.parametrize("name", EACH)
def test_change_in_a_row_leads_to_the_course_of_that_row(name: str) -> None:
    found, checked = options(name), 0
    for course, row in rows(name).items():
        for one in (*found.case.flips.flips, *found.case.flips.openings):
            words = "; ".join(
                change_words(found.case.flips, c, False).replace(" -> ", " → ") for c in one.changes
            )
            plain = re.sub("^“[^”]+”: ", "", row[4]).lower()  # in which way, where there are several
            if plain.startswith(words.lower()):
                checked += 1
                assert one.to == course.outcome
                assert one.certain
                after = tried_together(found.case.decision, {c.name: c.to for c in one.changes})
                assert after is None or not course.mode or course.mode in after[1], row[0]
            elif f"makes it possible: {words} (".lower() in row[4].lower():
                assert course.outcome in (one.to, *one.outcomes)
    plainly = [
        row[4]
        for row in rows(name).values()
        if "→" in re.split(r"leads to|makes it possible|turned out", row[4])[0]
    ]
    assert checked >= len(plainly)


@pytest.mark.parametrize("name", [HARD, ROADS])
def test_what_would_avoid_a_hard_answer_is_not_called_impossible(name: str) -> None:
    """The first page and `decide` name a change that leads elsewhere; the row of that course says no less."""
    found = options(name)
    moves = [m for m in found.case.advice.avoid if len(m.outcomes) == 1]
    assert moves
    for move in moves:
        told = [row[4] for course, row in rows(name).items() if course.outcome == move.outcomes[0]]
        assert not set(told) <= {said("needs_no_change"), said("needs_proven_none")}, (move.name, told)
    circle = rows(HARD)[Course("KEEP_COURSE", "inner_circle")][4]
    assert (
        circle
        == "It would follow if it turned out otherwise than is thought: a space inside would be enough (assumed no → yes)."
    )


def test_course_that_was_decided_stands_among_the_options() -> None:
    done = made(
        HARD,
        decision="KEEP_COURSE",
        modes=("inner_circle",),
        why="Nobody is to leave",
        **ROLE,
        sponsor="agrees",
    )
    found = Options(done.payload, done.case, False)
    titles = [found.row(course)[0] for course in found.courses()]
    assert titles[:2] == [
        "Restrict the membership: in full (proposed)",
        "Keep course: an inner circle (decided instead)",
    ]
    assert len(set(titles)) == len(titles)
    page = members(done)
    assert "Keep course: an inner circle. That is not what was proposed." in page
    assert said("decided_keeps_all") in page
    assert "Raised risk that the community ends: support could be withdrawn" in to_do(done)


def test_overlap_that_counts_as_none_is_not_called_too_small() -> None:
    """Where the community could not ease the need, an overlap of 80 counts as none: not because 80 is little."""
    done = made(ROADS)
    lines = [
        f["line"] for f in done.payload["trace"]["world"]["firings"] if f["stands"] and f["rule"] == "O01"
    ]
    assert lines == [
        f"Overlap 80 {when}: counts as none, since contribution 15 is below 30" for when in ("now", "ahead")
    ]
    assert (
        "No overlap that counts both now (80) and ahead (80)"
        in rows(ROADS)[Course("KEEP_COURSE", "as_is")][3]
    )


def test_course_that_may_follow_is_not_called_ruled_out() -> None:
    row = rows(DRIFT)[Course("SHIFT_FOCUS")]
    assert row[2] == said("speaks_possible")
    assert row[3].startswith("It depends on what is not known: ")
    assert "no shift that would hold" not in row[3].lower()


def test_what_is_open_of_how_it_is_done_stands_on_the_first_page() -> None:
    done = made(WIDE)
    assert done.payload["decision"]["open_modes"]
    open_ways = first_page(done).split("Still open: ")[1].split(".")[0]
    assert "first find people to carry it, or repair what members get" in open_ways
    advised = to_do(done)
    assert "If it comes to “repair what members get”: plan repairs" in advised
    lines = [line for line in advised.split("\n") if line.startswith(("Plan ", "Build ", "Ask "))]
    assert len(lines) == len(set(lines))


def test_hard_answer_says_first_what_would_avoid_it() -> None:
    for name in (HARD, OVER):
        first = first_page(made(name))
        assert re.search(
            r"It would be avoided if “[A-Z][^”]+” were .+ instead of .+; the rules would then lead to “",
            first,
        )
        assert " → " not in first


def test_what_is_not_known_has_one_name() -> None:
    done = made(DRIFT)
    titles = {f["name"]: f["title"] for f in done.payload["basis"]["facts"]}
    for name in done.payload["decision"]["pivotal"]:
        assert titles[name] in first_page(done)


def test_who_was_heard_and_what_is_done_stand_as_they_were_given() -> None:
    done = made(HARD, heard=(Heard("newcomers", "let us stay"),), actions=(Action("tell them", "", None),))
    assert "Heard were: newcomers." in first_page(done)
    assert said("not_heard") not in first_page(done)
    assert "nobody is named yet" in to_do(done)
    assert "let us stay" not in first_page(done, others=True)


def members(done: Draft) -> str:
    blocks = summary(done.payload, done.case, groups_of(done.case), said("estimates"))
    return "\n".join(text for b in blocks for text in (b.text, *b.items))


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("said_of_it", [{}, {"decision": "postponed"}, GUILD])
def test_page_for_members_is_plain_and_says_one_thing(name: str, said_of_it: dict[str, Any]) -> None:
    page = members(made(name, **said_of_it))
    assert not re.search(r"[\[\]{}*]|\b[A-Z]\d\d\b", page), page
    assert (said("members_otherwise") in page) == (said_of_it == GUILD)
    assert said("not_followed") not in page
    if name == SHIFT:  # two people carry it: no number is told, and no rule's title that the case contradicts
        assert "remain fixed" not in page
        assert not re.search(r"\d", page)


def test_headline_of_a_copy_names_one_status(tmp_path: Path) -> None:
    for said_of_it, lead in (({}, "Proposed, not agreed: shift the focus"), (GUILD, "Decided otherwise."),
                             ({"decision": "SHIFT_FOCUS", "sponsor": "agrees", **ROLE}, "Agreed: shift the focus")):  # fmt: skip
        done = made(SHIFT, **said_of_it)
        with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
            record = ledger.append(done.payload, done.contents)
        writer = _Writer(
            record, done.case, compared(record, done.case), True, groups_of(done.case), TRANSPARENCY
        )
        assert writer.headline().startswith(lead)
        assert "proposed:" not in writer.headline()


def test_costs_are_those_that_were_given_and_none_are_made_up() -> None:
    found = options(HARD)
    told = list(found.blocks())
    assert said("costs_note") in " ".join(b.text for b in told)
    assert "Cost and effort" not in told[1].head
    decision = found.case.decision
    scenario = replace(
        decision.worlds.scenario, costs={"KEEP_COURSE.inner_circle": Costs(None, Amount("two people"))}
    )
    worlds = replace(decision.worlds, scenario=scenario)
    given = replace(
        found,
        case=replace(
            found.case, advice=replace(found.case.advice, decision=replace(decision, worlds=worlds))
        ),
    )
    table = list(given.blocks())[1]
    cells = {row[0]: row[5] for row in table.rows}
    assert cells.pop("Keep course: an inner circle") == "Effort: two people."
    assert set(cells.values()) == {said("costs_nothing")}
    assert "two people" not in str(list(replace(given, others=True).blocks()))  # the leader's own words


def test_every_sentence_is_used_and_fills() -> None:
    folder = Path(texts.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    for name, sentence in report_texts().sentences.items():
        made_of = name.partition("_")[0] + "_{"  # f"risks_{aside}"
        assert re.search(f"[\"']{name}[\"']", sources) or f'f"{made_of}' in sources, f"nothing says {name}"
        places = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
        assert all(f"{place}=" in sources or f'"{place}"' in sources for place in places), name


def test_value_of_a_group_that_is_near_is_named_as_people_name_it() -> None:
    page = first_page(made("the-qualified-are-already-among-themselves"))
    assert "It is close: " in page
    assert not re.search(r"[\[\]]", page)


def test_where_the_rule_that_decides_is_open_the_first_page_says_what_holds_and_which_rules_may() -> None:
    told = first_page(made("the-survey-is-three-years-old"))
    assert "What members want and what the sponsor wants coincide by 60" in told
    assert (
        "Open which rule decides: keep course, or keep course and repair, depending on member value" in told
    )
    assert said("no_reason") not in told
