"""What is said of a case with open facts: ranges of what is worked out, and examples that tell outcomes apart."""

from __future__ import annotations

import itertools

from sharedvalue.engine.advice import advise
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.decision.apart import example_of, hangs_on
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.formulas import Const, Pick, Test, Truth, Value, number
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.ranges import between
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.answer import answer_lines
from sharedvalue.engine.telling.comparing import pivotal, possible
from sharedvalue.engine.worlds import form

BOOK = load()
LISTS = """
scenario: 1
facts:
  has_sponsor: true
  core_group_size: {between: [2, 6]}
  needs:
    - {label: quick answers, cited_by: 60, satisfied: 70, within_purpose: true, serves: {the ministry: 1, a foundation: 0.5}}
    - {label: career advice, cited_by: 40, within_purpose: false}
    - {label: new tools, cited_by: {between: [20, 50]}, satisfied: 50, within_purpose: false, serves: {the ministry: 0.5}}
  member_value_now: 64
  member_value_outlook: 55
  sponsors:
    - {name: the ministry, weight: 0.6, value_now: 45, value_outlook: {between: [35, 60]}, stance: negotiable, contribution: partly}
    - {name: a foundation, weight: 0.4, value_now: some}
  sponsor_engaged: in_dialogue
"""
NO_GROUPS = """
scenario: 1
facts: {has_sponsor: true, core_group_size: 3, member_value_now: 25, member_value_outlook: {between: [20, 35]}, needs_shift: 20,
  openness_to_realign: 10, sponsor_value_now: none, sponsor_value_outlook: 15, contribution: hardly, sponsor_engaged: in_dialogue,
  overlap_short: none, overlap_long: 10, alt_sponsor: none, sponsor_need_kind: quality_or_risk, contribution_if_restricted: 50,
  restriction_allowed: true, meeting_mode: mixed, sponsor_stance: fixed, inner_space_enough: true}
"""


def of(text: str) -> Decision:
    return decide(form(BOOK, read_scenario(parse(text, "made"), BOOK, "made")))


def test_the_least_of_several_is_no_more_than_any_that_counts_in_any_case() -> None:
    ends = {"a": (0, 30), "b": (10, 100), "c": (5, 20), "counts": (0, 1)}
    items = (
        (Truth(True), Value("a")),
        (Truth(True), Value("b")),
        (Test("counts", "==", 1), Value("c")),
    )
    for kind in ("least", "greatest", "middle"):
        formula = Pick(kind, items, Const(0))
        lo, hi = between(formula, ends.__getitem__)
        worlds = itertools.product(
            *(range(low, high + 1, 5) for low, high in (ends[n] for n in "abc")), (0, 1)
        )
        seen = [number(formula, dict(zip(("a", "b", "c", "counts"), world, strict=True))) for world in worlds]
        assert lo <= min(seen), kind
        assert max(seen) <= hi, kind
        if kind == "least":
            assert (lo, hi) == (0, 30)  # the case may leave c out, and a always counts
        if kind == "greatest":
            assert (lo, hi) == (10, 100)


def test_what_is_worked_out_from_open_values_is_said_as_its_range() -> None:
    wording = of(LISTS).wording
    # overlap is strong in every world, and that says 50 or more of it; nothing says more
    assert wording.span("overlap_short") == (500, 1000)
    assert wording.variable("overlap_short") == "50 to 100"
    # 0.6 of 45 and 0.4 of "some", a word for 50: known, so no range
    assert wording.variable("contribution") == "40"
    assert "unknown" not in wording.say("{overlap_short} {sponsor_value} {contribution}")
    assert wording.variable("strategic_potential") == "unknown"  # nobody said anything of it


def test_every_range_holds_the_value_of_every_example() -> None:
    for text in (LISTS, NO_GROUPS):
        decision = of(text)
        for one in decision.possible:
            for name in decision.worlds.grounded.measures:
                span = decision.wording.span(name)
                if span is not None and name in one.trace.values:
                    assert span[0] <= one.trace.values[name] <= span[1], name


def test_an_example_names_no_measure_of_groups_that_nobody_gave_and_says_that_it_hangs_on_them() -> None:
    decision = of(NO_GROUPS)
    assert decision.by_open_facts
    assert len(decision.possible) > 1
    for one in decision.possible:
        told = example_of(decision, one)
        assert all(fact_of(name) in BOOK.facts for name in told.facts)
        assert told.lists == ("segments",)  # no fact tells these outcomes apart
    assert hangs_on(decision) == ("segments",)
    assert pivotal(decision) == "groups of members"
    assert possible(decision) == "keep course, no viable course"


def test_what_tells_an_outcome_from_the_others_comes_first_in_its_example() -> None:
    decision = of(
        NO_GROUPS.replace("sponsor_stance: fixed, inner_space_enough: true", "needs: []").replace(
            ", needs: []", ""
        )
    )
    for one in decision.possible:
        told, others = example_of(decision, one), [o for o in decision.possible if o is not one]
        if not told.lists:
            first = told.facts[: len(others)]
            assert all(any(o.example[n] != one.example[n] for n in first) for o in others)


def test_what_a_certain_answer_stands_on_that_nobody_said_is_said_with_what_it_would_lead_to() -> None:
    text = LISTS.replace("between: [2, 6]", "between: [4, 6]")
    advice = advise(form(BOOK, read_scenario(parse(text, "made"), BOOK, "made")))
    assert [(m.name, m.start, m.outcomes) for m in advice.unsaid] == [("failed_repairs", 0, ("NOT_YET",))]
    printed = " ".join(" ".join(answer_lines(advice, full=True)).split())
    assert "Stands on what you did not say: failed repairs: 0 (3: not yet" in printed
    said = advise(form(BOOK, read_scenario(parse(f"{text}  failed_repairs: 0\n", "made"), BOOK, "made")))
    assert said.unsaid == ()
    assert "did not say" not in " ".join(answer_lines(said, full=True))


def test_several_sponsors_are_spoken_of_together_unless_two_exclude_each_other() -> None:
    text = LISTS.replace("{between: [35, 60]}", "50").replace("between: [2, 6]", "between: [4, 6]")
    together = of(text)
    assert together.wording.named("sponsor") == "the sponsor side"
    assert together.wording.named("lead_sponsor") == "the ministry"
    assert "sponsor side sees" in together.wording.say("{sponsor} sees {sponsor_value_now}").lower()
    apart = of(
        text.replace("stance: negotiable", "stance: fixed, incompatible_with: [a foundation]").replace(
            "value_now: some", "value_now: some, stance: fixed"
        )
    )
    assert apart.wording.named("sponsor") == "the ministry"
    alone = of(NO_GROUPS)
    assert alone.wording.named("sponsor") == "the sponsor"


def test_a_value_for_each_record_of_another_list_is_called_by_both() -> None:
    naming = Naming(of(LISTS).worlds)
    assert naming.title("needs[0].serves[1]") == "serves (quick answers, for a foundation)"
    assert naming.title("needs[0].satisfied") == "satisfied (quick answers)"
