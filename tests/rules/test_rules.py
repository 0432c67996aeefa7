"""Every rule fires where it should and is silent where it should, on both sides of each line in the sand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import form
from tests.rules.cases import (
    LISTS,
    Case,
    book,
    by_name,
    cases,
    default,
    files,
    has_decided,
    has_fired,
    traces_of,
)

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_rule_fires_where_its_file_says(case: Case) -> None:
    fired = has_fired(case)
    if case.expect == "silent":
        assert not fired
    else:
        assert fired
    if case.expect in ("decides", "yields"):
        assert has_decided(case) is (case.expect == "decides")


def test_every_rule_has_its_file_and_every_file_its_rule() -> None:
    assert set(files()) == set(book().rules)
    assert len(files()) == 80


@pytest.mark.parametrize("rule", sorted(files()))
def test_file_shows_the_rule_fire_and_be_silent(rule: str) -> None:
    table = files()[rule]
    assert set(table) <= {*LISTS, "given"}
    assert table.get("silent")
    assert table.get("fires") or table.get("decides")
    parts = {str(block.part) for block in book().rules[rule].blocks}
    named = {case.part for case in CASES if case.rule == rule}
    assert named - {None} <= parts, "a case names a part that the rule does not have"


@pytest.mark.parametrize("rule", sorted(rule for rule in files() if len(book().rules[rule].blocks) > 1))
def test_every_part_of_a_rule_is_seen_to_fire(rule: str) -> None:
    fired = {
        f.rule.part
        for case in CASES
        if case.rule == rule
        for t in traces_of(case.name)
        for f in t.firings
        if f.rule.rule == rule
    }
    assert {block.part for block in book().rules[rule].blocks} <= fired


def test_the_default_world_is_quiet() -> None:
    """It keeps course with nothing to repair, and beside what always says something no rule fires."""
    worlds = form(
        book(),
        read_scenario(
            parse(json.dumps({"scenario": 1, "facts": default()}, default=str), "default"), book(), "default"
        ),
    )
    trace = Program.from_grounded(worlds.grounded).read(worlds.known)
    fired = {
        f.rule.rule
        for f in trace.firings
        if f.rule.rule in book().rules and book().rules[f.rule.rule].chapter != "Z"
    }
    assert not worlds.open
    assert fired == {"M01", "S02", "S03", "S08", "V04", "O01", "O03", "V01"}
    assert trace.chosen is not None
    assert (trace.chosen.rule, trace.chosen.part) == ("Z01", "both_met")


# --- lines in the sand --------------------------------------------------------------------------------------
def lines_of(rule: str) -> set[tuple[str, str]]:
    """The comparisons of a rule with a number, or with another value: left and right, records not told apart."""
    return {(bare(t.left), bare(t.right)) for t, _ in compared(rule)}


def compared(rule: str) -> Iterator[tuple[Test, Trace]]:
    """Every comparison that one of the rule's blocks makes in one of its cases, with the trace it was made in."""
    for case in CASES:
        if case.rule == rule:
            for trace in traces_of(case.name):
                for ground in trace.grounded.rules:
                    if ground.rule == rule and "/" not in ground.part:
                        ways = (*ground.alternatives, *ground.defeats)
                        yield from ((test, trace) for way in ways for test in way if is_line(test, trace))


def is_line(test: Test, trace: Trace) -> bool:
    return isinstance(trace.grounded.variables[test.left].type, NumberType) and test.op not in ("==", "!=")


def bare(name: int | str) -> str:
    return re.sub(r"\[\d+\]", "[]", str(name))


def distances(rule: str, line: tuple[str, str]) -> Iterator[tuple[bool, int]]:
    """For each case: whether the value stands on the upper side of the line, and how many steps from it."""
    for test, trace in compared(rule):
        if (bare(test.left), bare(test.right)) == line and trace.passes(test) is not None:
            left = trace.values[test.left]
            right = trace.values[test.right] if isinstance(test.right, str) else test.right
            upper = trace.passes(test) is (test.op in (">", ">="))
            kind = trace.grounded.variables[test.left].type
            assert isinstance(kind, NumberType)
            yield upper, abs(left - right) // kind.step


@pytest.mark.parametrize("rule", sorted(files()))
def test_both_sides_of_each_line_are_shown(rule: str) -> None:
    missing = []
    for left, right in sorted(lines_of(rule)):
        found = list(distances(rule, (left, right)))
        for upper in (True, False):
            near = min((steps for side, steps in found if side is upper), default=None)
            if near is None or near > 1:
                missing.append(f"{left} just {'above' if upper else 'below'} {right} (nearest: {near} steps)")
    assert not missing


def test_case_names_are_unique() -> None:
    assert len(by_name()) == len(CASES)
