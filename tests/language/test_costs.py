"""What courses would cost: in words or with a unit, a basis and a day; told as given, kept when written, and of no weight."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.costs import costs_of
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.language.source import parse

BOOK = load()
COSTS = """costs:
  RESTRICT_MEMBERSHIP:
    cost: {amount: 12000, unit: EUR a year, basis: offer of the host, date: 2026-11-01}
    effort: "two people: a month"
  KEEP_COURSE.inner_circle: half a day a week
"""


def case(costs: str = "") -> Scenario:
    return read_scenario(
        parse(f"scenario: 1\nfacts:\n  has_sponsor: false\n{costs}", "case.yaml"), BOOK, "case.yaml"
    )


def test_costs_are_told_as_they_were_given() -> None:
    found = case(COSTS).costs
    told = "Cost: 12,000 EUR a year (offer of the host, 2026-11-01). Effort: two people: a month."
    assert costs_of(found, "RESTRICT_MEMBERSHIP", ("full",)) == told  # of the course, whatever its way
    assert costs_of(found, "KEEP_COURSE", ("inner_circle",)) == "Cost: half a day a week."
    assert costs_of(found, "KEEP_COURSE", ()) == costs_of(found, "SHIFT_FOCUS", ("agreed",)) == ""


def test_costs_are_kept_when_a_scenario_is_written_and_bear_on_nothing() -> None:
    found = case(COSTS)
    again = read_scenario(parse(write_scenario(found, BOOK), "case.yaml"), BOOK, "case.yaml")
    assert again.costs == found.costs
    assert {n: s.values for n, s in found.stated.items()} == {n: s.values for n, s in case().stated.items()}
    assert replace(found, costs={}, stated={}) == replace(case(), stated={})


@pytest.mark.parametrize(
    "costs,code,words",
    [
        ("costs:\n  SHIFT_FOKUS: much\n", "SV204", "no course 'SHIFT_FOKUS'"),
        ("costs:\n  SHIFT_FOCUS.inner_circle: much\n", "SV204", "no course"),  # a way of another course
        ("costs:\n  SHIFT_FOCUS: 12000\n", "SV205", "a number without unit, basis and date"),
        ("costs:\n  SHIFT_FOCUS: {effort: '12,000'}\n", "SV205", "a number without unit, basis and date"),
        ("costs:\n  SHIFT_FOCUS: {cost: {amount: 5, unit: days, date: 2026-11-01}}\n", "SV303", "no 'basis'"),
        ("costs:\n  SHIFT_FOCUS: {cost: {amount: -5, unit: days, basis: b, date: 2026-11-01}}\n", "SV205", "no amount"),
        ("costs:\n  SHIFT_FOCUS: {cost: {amount: 5, unit: days, basis: b, date: soon}}\n", "SV205", "'soon' is not a date"),
        ("costs:\n  SHIFT_FOCUS: {money: much}\n", "SV305", "'money' is not a key"),
    ],
)  # fmt: skip
def test_cost_that_says_too_little_is_told(costs: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as told:
        case(costs)
    assert [p.code for p in told.value.problems] == [code]
    assert words in told.value.problems[0].what


def test_nothing_is_no_cost() -> None:
    assert case("costs:\n  SHIFT_FOCUS: {}\n").costs == case("costs:\n  SHIFT_FOCUS:\n").costs == {}
