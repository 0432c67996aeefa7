"""The decision form: what people say of a proposal, what a record is called then, and what does not fit together."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.cli.rules_calibrate import lines
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.calibrate import calibrate
from sharedvalue.engine.governance.follow_up import Told, follow_up
from sharedvalue.engine.governance.form import Action, Form, Heard, Votes, form_of
from sharedvalue.engine.governance.form_file import blank, read_form
from sharedvalue.engine.governance.form_text import from_texts
from sharedvalue.engine.governance.form_words import form_words
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.record import Draft, draft, propose, write
from sharedvalue.engine.governance.replay import replay
from sharedvalue.engine.governance.review import review
from sharedvalue.engine.governance.standing import headline, remarks, rows, standing
from sharedvalue.engine.governance.verify import verify
from sharedvalue.engine.governance.words import recorded
from sharedvalue.engine.language.loading import load
from tests.governance.common import TODAY, book, proposed, scenario

HARD = "neophytes-and-experts"
SAID: dict[str, Any] = {"sponsor_role": "unit manager", "sponsor_date": dt.date(2026, 11, 20)}
GUILD = {"decision": "other", "in_words": "No exclusion; a guild inside", "why": "Nobody is to leave"}
EVERYTHING = Form(
    by=("steering group", "community leader"), decision="RESTRICT_MEMBERSHIP", modes=("tiered",), why="It is milder",
    votes=Votes(7, 2, 1), dissent=("two leads: too early",), sponsor="agrees_to_other", sponsor_to="the tiers",
    sponsor_role="unit manager", sponsor_date=dt.date(2026, 11, 20), sponsor_said="We can live with tiers",
    heard=(Heard("neophytes", "we would miss the evenings"),), review_date=dt.date(2027, 3, 1),
    actions=(Action("tell the neophytes", "community leader", dt.date(2026, 12, 20)),), objection="by letter",
    object_to="head of programme", object_until=dt.date(2027, 1, 15), risks_with="head of programme",
)  # fmt: skip


def made(name: str = HARD, **said: Any) -> Draft:
    return draft(proposed(name), Form(**{"by": ("steering group",), **said}), TODAY)


def status(name: str = HARD, **said: Any) -> str:
    return made(name, **said).standing.status.name


def told(done: Draft) -> str:
    return " ".join(" ".join(recorded(done, None, "").lines()).split())


@pytest.mark.parametrize(
    "said,wanted",
    [
        ({}, "proposed"),
        ({"sponsor": "agrees", **SAID}, "undecided"),
        ({"decision": "RESTRICT_MEMBERSHIP"}, "proposed"),
        ({"decision": "RESTRICT_MEMBERSHIP", "sponsor": "not_asked"}, "proposed"),
        ({"decision": "RESTRICT_MEMBERSHIP", "sponsor": "agrees", **SAID}, "agreed"),
        ({"decision": "RESTRICT_MEMBERSHIP", "modes": ("full",), "sponsor": "agrees", **SAID}, "agreed"),
        ({"decision": "RESTRICT_MEMBERSHIP", "sponsor": "refuses", **SAID}, "refused"),
        ({"sponsor": "refuses", **SAID}, "refused"),
        ({"decision": "RESTRICT_MEMBERSHIP", "sponsor": "agrees_to_other", "sponsor_to": "tiers", **SAID}, "answered_otherwise"),
        ({"decision": "RESTRICT_MEMBERSHIP", "modes": ("tiered",), "why": "milder", "sponsor": "agrees", **SAID}, "decided_otherwise"),
        ({**GUILD, "sponsor": "agrees", **SAID}, "decided_otherwise"),
        ({**GUILD, "sponsor": "refuses", **SAID}, "decided_otherwise"),
        ({"decision": "KEEP_COURSE", "why": "we wait"}, "decided_otherwise"),
        ({"decision": "postponed", "sponsor": "agrees", **SAID}, "postponed"),
    ],
    ids=str,
)  # fmt: skip
def test_status_comes_from_the_form_alone(said: dict[str, Any], wanted: str) -> None:
    assert status(**said) == wanted


@pytest.mark.parametrize(
    "name,said,wanted",
    [
        ("the-sweet-spot", {}, "undecided"),
        ("the-sweet-spot", {"decision": "KEEP_COURSE"}, "decided"),
        ("the-sweet-spot", {"decision": "KEEP_COURSE", "sponsor": "refuses", **SAID}, "refused"),
        ("no-sponsor-at-all", {"decision": "KEEP_COURSE"}, "decided"),
        ("town-archivists-nobody-is-left", {}, "open"),
        ("silent-drift", {"decision": "NOT_YET"}, "proposed"),
        ("silent-drift", {"decision": "NOT_YET", "sponsor": "agrees", **SAID}, "agreed"),
        (
            "village-roads-a-talk-cannot-pave-them",
            {"decision": "NO_VIABLE_COURSE", "sponsor": "agrees", **SAID},
            "agreed",
        ),
        ("silent-drift", {}, "open"),
        ("silent-drift", {"decision": "SHIFT_FOCUS", "why": "it is time"}, "decided_otherwise"),
    ],
    ids=str,
)
def test_status_where_nothing_or_something_else_has_to_be_agreed(
    name: str, said: dict[str, Any], wanted: str
) -> None:
    assert status(name, **said) == wanted


def test_guild_that_was_decided_is_never_called_an_agreed_removal() -> None:
    to = "accepts the guild, not the removal"
    done = made(**GUILD, sponsor="agrees_to_other", sponsor_to=to, **SAID)
    said = told(done)
    assert "DECIDED OTHERWISE: No exclusion; a guild inside" in said
    assert "AGREED" not in said
    assert to in said


def test_outright_refusal_is_told_as_one() -> None:
    done = made(decision="RESTRICT_MEMBERSHIP", sponsor="refuses", sponsor_said="refuses outright", **SAID)
    said = told(done)
    assert "PROPOSED, REFUSED BY THE SPONSOR: restrict the membership" in said
    assert "AGREED" not in said
    assert "What the sponsor said: refuses outright" in said


@pytest.mark.parametrize("about", ["", ", outcome: KEEP_COURSE", ", outcome: SHIFT_FOCUS"])
def test_log_about_another_matter_agrees_to_nothing(tmp_path: Path, about: str) -> None:
    case = tmp_path / "case.yaml"
    line = f"  decision_log:\n  - {{date: 2024-01-01, who: board, agreed: a new logo{about}, sponsor_took_part: true}}\n"
    case.write_text(Path(scenario(HARD)).read_text().replace("facts:\n", f"facts:\n{line}", 1))
    from sharedvalue.engine.advice import advise
    from sharedvalue.engine.language.scenario import load_scenario
    from sharedvalue.engine.worlds import form

    assert advise(form(book(), load_scenario(str(case), book()))).decision.status == "proposed"
    done = draft(propose(book(), str(case)), Form(("leader",)), TODAY)
    assert done.standing.status.name == "proposed"


def test_log_that_names_this_course_counts_for_decide_and_not_for_a_record(tmp_path: Path) -> None:
    from sharedvalue.engine.advice import advise
    from sharedvalue.engine.language.scenario import load_scenario
    from sharedvalue.engine.worlds import form

    case = tmp_path / "case.yaml"
    line = "  decision_log:\n  - {date: 2026-11-20, who: board, agreed: yes, outcome: RESTRICT_MEMBERSHIP, sponsor_took_part: true}\n"
    case.write_text(Path(scenario(HARD)).read_text().replace("facts:\n", f"facts:\n{line}", 1))
    assert advise(form(book(), load_scenario(str(case), book()))).decision.status == "agreed"
    assert draft(propose(book(), str(case)), Form(("leader",)), TODAY).standing.status.name == "proposed"
    dated = case.read_text()
    for as_of, status in (
        ("2026-11-20", "agreed"),
        ("2026-11-21", "proposed"),
    ):  # older than the facts: another proposal
        case.write_text(dated.replace("scenario: 1\n", f"scenario: 1\nas_of: {as_of}\n", 1))
        read = load_scenario(str(case), book())
        assert advise(form(book(), read)).decision.status == status
        assert any("older than the facts" in text for text in read.warnings) == (status == "proposed")


def test_line_that_a_record_offers_is_one_that_decide_counts(tmp_path: Path) -> None:
    from sharedvalue.engine.advice import advise
    from sharedvalue.engine.governance.words import log_line
    from sharedvalue.engine.language.scenario import load_scenario
    from sharedvalue.engine.worlds import form

    done = made(HARD, decision="RESTRICT_MEMBERSHIP", sponsor="agrees", **SAID)
    with open_ledger(str(tmp_path / "l"), writing=True) as ledger:
        said = list(log_line(write(ledger, done)))
        assert not list(log_line(write(ledger, made(HARD, sponsor="refuses", **SAID))))
    line = " ".join(said[1].text.split())
    named = f"R0001:{done.payload['mark']}"
    assert f"outcome: RESTRICT_MEMBERSHIP, record: {named}" in line
    text, case = Path(scenario(HARD)).read_text(), tmp_path / "case.yaml"

    def status(line: str, text: str = text) -> tuple[str, bool]:
        """What a case is called with this line in its log, and whether it is told that the line does not count."""
        case.write_text(text.replace("facts:\n", f"facts:\n  decision_log:\n    {line}\n", 1))
        read = load_scenario(str(case), book())
        return advise(form(book(), read)).decision.status, any("does not count" in w for w in read.warnings)

    alone = line.replace("outcome: RESTRICT_MEMBERSHIP, ", "")
    assert status(line) == status(alone) == ("agreed", False)  # the mark says which proposal it was
    assert status(alone.replace(named, "R0001")) == ("proposed", True)  # a name alone says nothing
    assert status(line.replace("RESTRICT_MEMBERSHIP", "KEEP_COURSE")) == ("proposed", True)
    other = text.replace("core_group_size: 6", "core_group_size: 7")
    assert other != text
    assert status(line, other) == status(alone, other) == ("proposed", True)  # other facts, another proposal
    assert status(line.replace(named, "R0001"), other) == (
        "agreed",
        False,
    )  # by outcome and date, as written by hand


@pytest.mark.parametrize(
    "said,place,words",
    [
        ({"by": ()}, "--by", "who decided"),
        ({"by": ("",)}, "--by", "nothing in it"),
        ({"by": ("jane@example.org",)}, "--by", "address of a person"),
        ({"by": ("x" * 5000,)}, "--by", "longer than"),
        ({"by": ("a\x1b[31mred",)}, "--by", "cannot be shown"),
        ({"dissent": ("  ",)}, "--dissent", "nothing in it"),
        ({"dissent": tuple("abcdefgh" * 10)}, "--dissent", "more than 60"),
        ({"decision": "other", "why": "x"}, "--in-words", "what was decided"),
        ({"decision": "KEEP_COURSE"}, "--why", "does not say why"),
        ({"decision": "RESTRICT"}, "--decision", "no course of the rule book"),
        ({"decision": "RESTRICT_MEMBERSHIP", "modes": ("as_is",)}, "--mode", "no way to carry this out"),
        ({"decision": "postponed", "modes": ("full",)}, "--mode", "belong to a course"),
        ({"in_words": "we go on"}, "--decision", "not clear"),
        ({"sponsor": "agrees"}, "--sponsor-role", "who answered"),
        ({"sponsor": "agrees", "sponsor_role": "manager"}, "--sponsor-date", "when the sponsor"),
        ({"sponsor_said": "yes"}, "--sponsor-said", "what the sponsor answered"),
        ({"sponsor": "agrees_to_other", **SAID}, "--sponsor-to", "what the sponsor agrees to"),
        ({"sponsor": "agrees", "sponsor_to": "tiers", **SAID}, "--sponsor-to", "says otherwise"),
        ({"sponsor": "agrees", "sponsor_role": "m", "sponsor_date": dt.date(2026, 11, 25)}, "--sponsor-date", "lies ahead"),
        ({"votes": Votes(0, 0, 0)}, "--votes", "nobody voted"),
        ({"object_until": dt.date(2027, 1, 1)}, "--objection", "how to object"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_together_is_told_at_its_place(
    said: dict[str, Any], place: str, words: str
) -> None:
    with pytest.raises(UserError) as caught:
        made(**said)
    assert any(p.place.file == place and words in p.what for p in caught.value.problems)


def test_answer_of_a_sponsor_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserError, match=r"SV502.*no sponsor"):
        made("no-sponsor-at-all", sponsor="agrees", **SAID)


@pytest.mark.parametrize("day,fits", [(dt.date(2026, 11, 24), True), (dt.date(2026, 11, 23), False)])
def test_answer_from_before_the_facts_is_about_something_else(
    tmp_path: Path, day: dt.date, fits: bool
) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        Path(scenario(HARD)).read_text().replace("scenario: 1", "scenario: 1\nas_of: 2026-11-24", 1)
    )
    form = Form(("board",), "RESTRICT_MEMBERSHIP", sponsor="agrees", sponsor_role="manager", sponsor_date=day)
    if fits:
        assert draft(propose(book(), str(case)), form, TODAY).standing.status.name == "agreed"
        return
    with pytest.raises(UserError, match="older than the facts"):
        draft(propose(book(), str(case)), form, TODAY)


def test_form_is_kept_whole() -> None:
    done = draft(proposed(HARD), EVERYTHING, TODAY)
    assert form_of(done.payload["form"]) == EVERYTHING
    said = dict(rows(done.payload))
    assert said["Votes"] == "7 for, 2 against, 1 abstained"
    assert said["Follow-up actions"] == "tell the neophytes (community leader), by 2026-12-20"
    assert said["How to object"] == "by letter, to head of programme, until 2027-01-15"
    assert said["The decision taken"] == "Restrict the membership: in tiers"


def test_blank_form_reads_back_as_nothing_said(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(blank(book(), "A title", "restrict the membership"))
    assert read_form(str(file)) == Form()
    for asked in form_words().questions.values():
        assert " ".join(asked.ask.split()) in " ".join(file.read_text().replace("#", " ").split())


def test_filled_form_of_a_file_says_the_same_as_options(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(
        "form: 1\nby: [steering group, community leader]\ndecision: RESTRICT_MEMBERSHIP\nmodes: [tiered]\nwhy: It is milder\n"
        "votes: {for: 7, against: 2, abstained: 1}\ndissent: ['two leads: too early']\nsponsor:\n  answer: agrees_to_other\n"
        "  to: the tiers\n  role: unit manager\n  date: 2026-11-20\n  said: We can live with tiers\n"
        "heard: [{who: neophytes, said: we would miss the evenings}]\nreview_date: 2027-03-01\n"
        "actions: [{what: tell the neophytes, owner: community leader, due: 2026-12-20}]\n"
        "objection: {how: by letter, to: head of programme, until: 2027-01-15}\nrisks_with: head of programme\n"
    )
    assert read_form(str(file)) == EVERYTHING
    assert from_texts(
        {
            "by": ["steering group", "community leader"], "decision": "RESTRICT_MEMBERSHIP", "modes": ["tiered"],
            "why": "It is milder", "votes": "for 7, against 2, abstained 1", "dissent": ["two leads: too early"],
            "sponsor": "agrees to other", "sponsor_to": "the tiers", "sponsor_role": "unit manager",
            "sponsor_date": "2026-11-20", "sponsor_said": "We can live with tiers",
            "heard": ["neophytes: we would miss the evenings"], "review_date": "2027-03-01",
            "actions": ["tell the neophytes | community leader | 2026-12-20"], "objection": "by letter",
            "object_to": "head of programme", "object_until": "2027-01-15", "risks_with": "head of programme",
        }
    ) == EVERYTHING  # fmt: skip


@pytest.mark.parametrize(
    "text,line,code",
    [
        ("form: 2\n", 1, "SV304"),
        ("form: 1\nbi: [x]\n", 2, "SV305"),
        ("form: 1\nreview_date: soon\n", 2, "SV508"),
        ("form: 1\nby: [x]\nsponsor:\n  answer: yes\n", 4, "SV304"),
        ("form: 1\nby: [x]\nvotes: {for: many, against: 1, abstained: 0}\n", 3, "SV302"),
        ("form: 1\nby: [x]\nactions: [tell them]\n", 3, "SV302"),
    ],
)
def test_mistakes_in_a_form_are_told_with_their_line(tmp_path: Path, text: str, line: int, code: str) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        read_form(str(file))
    assert (code, line) in {(p.code, p.place.line) for p in caught.value.problems}


def test_mistake_about_the_case_is_told_with_the_line_of_the_form(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_text("form: 1\nby: [board]\n\ndecision: RESTRICT\n")
    with pytest.raises(UserError) as caught:
        draft(proposed(HARD), read_form(str(file)), TODAY)
    (problem,) = caught.value.problems
    assert (problem.place.file, problem.place.line) == (str(file), 4)


def test_house_that_switches_the_guard_off_still_cannot_call_it_agreed(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("off: {Z11: we trust ourselves}\n")
    form = Form(("leader",), "RESTRICT_MEMBERSHIP")
    done = draft(propose(load([tmp_path]), scenario(HARD)), form, TODAY)
    assert done.standing.status.name == "proposed"


# --- what becomes of it ---------------------------------------------------------------------------------------------


def kept(path: Path, *drafts: Draft) -> None:
    with open_ledger(str(path), writing=True) as ledger:
        for one in drafts:
            ledger.append(one.payload, one.contents)


def happened(path: Path, about: str = "R1", settings: dict[str, str] | None = None, **said: Any) -> Draft:
    told = Told(**{"by": ("leader",), "result": "done", "words": "it worked", **said})
    with open_ledger(str(path)) as ledger:
        return follow_up(ledger, ledger.record(about), book(), told, "", settings)


def test_what_happened_is_shown_against_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(path, made(decision="RESTRICT_MEMBERSHIP", sponsor="agrees", **SAID))
    kept(path, happened(path, settings={"sponsor_value_now": "55", "segments[experts].stay": "60"}))
    with open_ledger(str(path)) as ledger:
        found = review(ledger, book(), TODAY)
        assert replay(ledger, ledger.record("R2")).same
        assert verify(ledger).sound
    ((about, one),) = found.happened
    assert (about, one.result, one.words) == ("R0001", "done", "it worked")
    assert {(m.name, m.then, m.expected, m.now) for m in one.measured} == {
        ("sponsor_value_now", "30", "30", "55"),
        ("segments[experts].stay", "85", "", "60"),
    }
    assert [r.id for r in found.records] == ["R0001"]


def test_action_past_its_date_needs_doing_until_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "l"
    action = Action("tell the members", "leader", dt.date(2026, 12, 20))
    kept(path, made("the-sweet-spot", decision="KEEP_COURSE", actions=(action,)))

    def overdue(day: dt.date) -> tuple[str, ...]:
        with open_ledger(str(path)) as ledger:
            (one,) = review(ledger, book(), day).records
        assert one.needs_attention is bool(one.overdue)
        return one.overdue

    assert overdue(dt.date(2026, 12, 20)) == ()
    assert overdue(dt.date(2026, 12, 21)) == ("tell the members (leader), by 2026-12-20",)
    kept(path, happened(path, done=("tell",)))
    assert overdue(dt.date(2026, 12, 21)) == ()
    with pytest.raises(UserError, match="SV502"):
        happened(path, done=("sing",))


def test_refused_and_not_viable_are_never_under_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(
        path,
        made(decision="RESTRICT_MEMBERSHIP", sponsor="refuses", **SAID),
        made("town-archivists-nobody-is-left"),
    )
    kept(path, made(**GUILD, sponsor="agrees_to_other", sponsor_to="the guild", **SAID), made(**GUILD))
    with open_ledger(str(path)) as ledger:
        found = review(ledger, book(), TODAY)
    assert [(r.id, r.needs_attention) for r in found.records] == [
        ("R0001", True), ("R0002", True), ("R0003", False), ("R0004", True),
    ]  # fmt: skip
    assert [d.record for d in found.departures] == ["R0003", "R0004"]
    assert found.departures[0].why == "Nobody is to leave"


def test_calibration_counts_the_followed_cases_on_either_side_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(path, made(decision="RESTRICT_MEMBERSHIP", sponsor="agrees", **SAID), made("the-sweet-spot"), made())
    kept(path, happened(path, "R1", result="otherwise"))
    kept(path, happened(path, "R2"))
    with open_ledger(str(path)) as ledger:
        found = calibrate(ledger, book())
    assert (found.followed, found.without) == (2, 1)
    unmet = next(
        t for t in found.thresholds if t.threshold == "value_unmet" and "sponsor" in t.compared.lower()
    )
    line = book().thresholds["value_unmet"].value
    for one in unmet.cases:
        assert one.side == ("at or above" if float(one.value) * 10 >= line else "below")
    assert dict(unmet.counted("below")) == {"otherwise": 1}  # the sponsor saw 30, and the line is 40
    assert dict(unmet.counted("at or above")) == {"done": 1}
    assert unmet.nearest[0] == "30"
    assert found.as_json()["thresholds"]


def test_calibration_counts_nothing_that_nobody_said_and_what_was_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(path, made(decision="RESTRICT_MEMBERSHIP", sponsor="agrees", **SAID))
    kept(path, happened(path, "R1", settings={"sponsor_value_now": "60"}))
    with open_ledger(str(path)) as ledger:
        found = calibrate(ledger, book())
    seen = {one.threshold: one for one in found.thresholds}
    assert not {"decline_leave", "young_months", "tier_max_gap"} & set(
        seen
    )  # nobody said how many left, or how old it is
    [now] = [
        one
        for one in found.thresholds
        if (one.threshold, one.compared) == ("value_met", "Value the sponsor sees now")
    ]
    assert [(c.value, c.side, c.now, c.side_now, c.crossed) for c in now.cases] == [
        ("30", "below", "60", "at or above", True)
    ]
    told = "\n".join(lines(found))
    assert "measured again: R0001 30 -> 60 (other side)" in told
    assert f"{len(found.beside)} more thresholds stand beside no stated value" in told


def test_open_action_of_an_answered_record_is_carried_on(tmp_path: Path) -> None:
    path, due = tmp_path / "l", dt.date(2026, 12, 20)
    kept(path, made(actions=(Action("ask the sponsor", "chair", due), Action("tell all", "", due))))
    with open_ledger(str(path), writing=True) as ledger:
        first = ledger.record("R1")
        answer = draft(
            propose(book(), "", first),
            Form(("board",), actions=(Action("tell all", "leader", due),)),
            TODAY,
            first,
        )
        ledger.append(answer.payload, answer.contents)
        found = review(ledger, book(), dt.date(2027, 1, 1))
    [one] = found.records
    assert one.overdue == (
        "tell all (leader), by 2026-12-20",
        "ask the sponsor (chair), by 2026-12-20 (R0001)",
    )
    assert found.left_out == ("R0001",)


@pytest.mark.parametrize(
    "votes, decided", [(Votes(0, 9, 0), False), (Votes(4, 5, 1), False), (Votes(5, 5, 0), True)]
)
def test_a_vote_that_more_were_against_decides_nothing(votes: Votes, decided: bool) -> None:
    if decided:
        assert standing(made(decision="RESTRICT_MEMBERSHIP", votes=votes).payload).follows
    else:
        with pytest.raises(UserError, match=r"SV502.*more were against it"):
            made(decision="RESTRICT_MEMBERSHIP", votes=votes)
    assert made(decision="postponed", votes=votes).payload["follows"] is None


def test_what_does_not_look_right_is_remarked() -> None:
    past = dt.date(2026, 1, 1)
    given = Form(
        ("Board",),
        "other",
        in_words="We merge",
        objection="letter",
        object_to="board",
        object_until=past,
        review_date=past,
    )
    told = " ".join(remarks(given, TODAY))
    for words in (
        "2026-01-01, lies before",
        "time to object, 2026-01-01",
        "those who decided",
        "no sentence on what was decided",
    ):
        assert words in told
    fine = Form(
        ("Board",),
        "other",
        in_words="We merge",
        for_members="We merge.",
        review_date=TODAY,
        object_to="ombudsperson",
        objection="letter",
    )
    assert list(remarks(fine, TODAY)) == []


def test_what_became_of_it_is_told_of_what_was_decided_and_by_whom(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(path, made(**GUILD))
    told = happened(path)
    assert headline(told.payload) == "WHAT BECAME OF IT: No exclusion; a guild inside"
    assert dict(rows(told.payload))["Told by"] == "leader"
    assert dict(rows(made().payload))["Put on record by"]  # nobody decided


def test_what_was_measured_again_is_decided_again_at_the_review(tmp_path: Path) -> None:
    path = tmp_path / "l"
    kept(
        path,
        made(
            "midwives-a-circle-within",
            decision="KEEP_COURSE",
            sponsor="agrees",
            **SAID,
            review_date=dt.date(2030, 1, 1),
        ),
    )
    kept(path, happened(path, result="otherwise", settings={"contribution_if_restricted": "40"}))
    with open_ledger(str(path)) as ledger:
        [one] = review(ledger, book(), TODAY).records
    [again] = [change for change in one.changes if change.by == "measured"]
    assert again.differs
    assert "No viable course" in again.after
    assert again.why == ("How far the best-fitting group alone could ease it: 65 -> 40",)
    assert one.to_do == form_words().turned_out
    assert one.needs_attention


def test_sponsor_that_agreed_is_asked_no_more() -> None:
    done = made("shift-while-some-overlap-is-left", decision="SHIFT_FOCUS", sponsor="agrees", **SAID)
    assert headline(done.payload) == "AGREED: shift the focus"
    assert done.payload["proposed"] == "shift the focus, take the proposal to the sponsor"


def test_follow_up_of_a_follow_up_is_refused(tmp_path: Path) -> None:
    kept(tmp_path / "l", made())
    kept(tmp_path / "l", happened(tmp_path / "l"))
    with pytest.raises(UserError, match=r"SV501.*follow-up"):
        happened(tmp_path / "l", "R2")
    with pytest.raises(UserError, match="SV502"):
        happened(tmp_path / "l", result="fine")


# --- records from before there was a form ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that the release before the form wrote: a proposal, what was then called agreed, a drift, a refusal."""
    path = tmp_path_factory.mktemp("before") / "ledger.sqlite"
    packed = Path(__file__).parent / "data" / "ledger-before-the-form.sqlite.gz"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def test_ledger_from_before_the_form_verifies_and_replays(before: Path) -> None:
    with open_ledger(str(before)) as ledger:
        assert verify(ledger).count == 4
        assert verify(ledger).sound
        for record in ledger.records():
            found = replay(ledger, record)
            assert found.same, found.differences


def test_records_from_before_the_form_are_read_as_what_they_are(before: Path) -> None:
    with open_ledger(str(before)) as ledger:
        second, fourth = ledger.record("R2").payload, ledger.record("R4").payload
        found = review(ledger, book(), TODAY)
    for payload, noted in ((second, "accepts the guild, not the removal"), (fourth, "refuses outright")):
        assert standing(payload).status.name == "before_the_form"
        assert headline(payload).startswith("RECORDED BEFORE THE SPONSOR'S ANSWER WAS ASKED: ")
        assert "AGREED" not in headline(payload)
        assert dict(rows(payload))["Noted of the sponsor's part"] == noted
    assert {r.stands for r in found.records} == {form_words().statuses["before_the_form"].words}
    assert not found.departures


def test_ledger_from_before_the_form_goes_on_with_it(before: Path, tmp_path: Path) -> None:
    path = tmp_path / "l"
    path.write_bytes(before.read_bytes())
    with open_ledger(str(path)) as ledger:
        first = ledger.record("R3")
    form = Form(("board",), "NOT_YET", sponsor="agrees", **SAID)
    kept(path, draft(propose(book(), "", first), form, TODAY, first))
    kept(path, happened(path, "R2", {"sponsor_value_now": "50"}))
    with open_ledger(str(path)) as ledger:
        assert verify(ledger).sound
        assert replay(ledger, ledger.record("R5")).same
        assert ledger.record("R5").payload["answers"] == 3
