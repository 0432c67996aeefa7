"""Sensitivity: the borders are those that trying every whole step shows, for facts and for thresholds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from sharedvalue.cli.main import sharedvalue
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.ranges import all_values
from sharedvalue.engine.questions.sensitivity import Sensitivity, sensitivity, sensitivity_json
from sharedvalue.engine.readings.prove import Program
from sharedvalue.engine.worlds import form, suppose

BOOK = load()
NEOPHYTES = "scenarios/neophytes-and-experts.yaml"
SOME = (
    "scenarios/lga-knowledge-hub.yaml",
    "scenarios/no-sponsor-at-all.yaml",
    "scenarios/shifted-needs-are-more-strategic.yaml",
)


def decided(path: str, book: RuleBook = BOOK) -> Decision:
    return decide(form(book, load_scenario(path, book)))


def outcomes(decision: Decision, name: str, value: int) -> tuple[str, ...]:
    """The outcomes that are possible when the file says a value; none where it cannot be."""
    try:
        found = decide(suppose(decision.worlds, {name: Domain.known(value)}))
    except UserError:
        return ()
    return tuple(sorted((p.outcome for p in found.possible), key=BOOK.outcome_names.index))


def agrees(one: Sensitivity, tried: dict[int, tuple[str, ...]], outcome: str) -> None:
    """What is said of a value is what trying its values shows; `tried` holds these in order."""
    stays = [value for value, found in tried.items() if set(found) <= {outcome}]
    if not one.is_number:
        assert one.keeps == tuple(value for value in stays if tried[value])
        assert dict(one.changes or {}) == {v: found for v, found in tried.items() if v not in stays}
        return
    values = list(tried)
    at = values.index(one.value)
    below = next((v for v in reversed(values[:at]) if v not in stays), None)
    above = next((v for v in values[at + 1 :] if v not in stays), None)
    assert (one.below.value if one.below else None) == below
    assert (one.above.value if one.above else None) == above
    assert one.stays_from == (values[0] if below is None else values[values.index(below) + 1])
    assert one.stays_to == (values[-1] if above is None else values[values.index(above) - 1])
    for border in (one.below, one.above):
        assert border is None or border.outcomes == tried[border.value]


LONG = (NEOPHYTES, "scenarios/hospital-pharmacists-the-third-repair.yaml")


@pytest.mark.parametrize("path", [*SOME, *(pytest.param(path, marks=pytest.mark.deep) for path in LONG)])
def test_facts_against_every_whole_step(path: str) -> None:
    decision = decided(path)
    found = sensitivity(decision, thresholds=False)
    assert not found.undecided
    for one in found.facts:
        values = all_values(decision.worlds, one.name).values()
        if len(values) < 200:
            agrees(one, {value: outcomes(decision, one.name, value) for value in values}, decision.outcome)
        else:  # a count: only what is at the borders
            for border, inside in ((one.below, one.stays_from), (one.above, one.stays_to)):
                assert inside is not None
                assert set(outcomes(decision, one.name, inside)) <= {decision.outcome}
                assert border is None or outcomes(decision, one.name, border.value) == border.outcomes


@pytest.mark.parametrize("path", [NEOPHYTES, "scenarios/lga-knowledge-hub.yaml"])
def test_thresholds_at_their_borders(path: str) -> None:
    decision = decided(path)
    found = sensitivity(decision)
    assert found.thresholds
    for one in found.thresholds:
        assert isinstance(one.type, NumberType)
        assert one.stays_from is not None
        assert one.stays_to is not None
        for value, wanted in (
            (one.stays_from, None),
            (one.stays_to, None),
            (one.below.value if one.below else None, one.below),
            (one.above.value if one.above else None, one.above),
        ):
            if value is not None:
                after = with_threshold(path, one.name, value)
                assert after == wanted.outcomes if wanted else set(after) <= {decision.outcome}


def with_threshold(path: str, name: str, value: int) -> tuple[str, ...]:
    """The outcomes that are possible with another value of one threshold, by a rule book that has it."""
    changed = {**BOOK.thresholds, name: replace(BOOK.thresholds[name], value=value)}
    book = replace(BOOK, thresholds=changed, hash=f"{BOOK.hash}+{name}={value}")
    worlds = form(BOOK, load_scenario(path, BOOK))
    try:
        found = Program.from_grounded(ground(book, "world", worlds.shape)).possible(worlds.domains)
    except UserError:
        return ()
    return tuple(BOOK.outcome_names[p.outcome] for p in found.outcomes)


def test_a_threshold_tried_at_every_step() -> None:
    decision = decided(NEOPHYTES)
    one = next(s for s in sensitivity(decision).thresholds if s.name == "overlap_strong")
    agrees(
        one, {v: with_threshold(NEOPHYTES, "overlap_strong", v) for v in range(0, 1001, 10)}, decision.outcome
    )


def test_the_nearest_border_comes_first() -> None:
    found = sensitivity(decided(NEOPHYTES))
    for items in (found.facts, found.thresholds):
        far = [
            s.distance / s.type.scale
            for s in items
            if s.distance is not None and isinstance(s.type, NumberType)
        ]
        assert far == sorted(far)


def test_it_is_provisional_where_decide_says_so() -> None:
    assert sensitivity(decided("scenarios/hospital-pharmacists-the-third-repair.yaml")).provisional
    assert not sensitivity(decided(NEOPHYTES)).provisional


@pytest.mark.parametrize(
    "path", ["scenarios/silent-drift.yaml", "scenarios/nobody-asked-whether-it-is-fixed.yaml"]
)
def test_where_facts_are_open_all_that_is_possible_is_told_on_both_sides_of_a_border(path: str) -> None:
    decision = decided(path)
    found = sensitivity(decision, thresholds=False)
    assert not found.undecided
    assert set(found.possible) == {p.outcome for p in decision.possible}
    assert any(not one.own.is_known for one in found.facts)
    for one in found.facts:
        for stretch in one.stretches:
            for value in {stretch.lo, stretch.hi}:
                assert outcomes(decision, one.name, value) == stretch.standing.outcomes


def test_what_forms_the_case_otherwise_moves_the_answer() -> None:
    """Who says that the need is fixed decides nothing by itself: a guess leaves the stance open."""
    stance = next(s for s in sensitivity(decided(NEOPHYTES)).facts if s.name == "stance_source")
    assert stance.matters
    assert any(len(possible) > 1 for possible in (stance.changes or {}).values())


def test_without_time_nothing_is_said() -> None:
    hurried = sensitivity(decided(NEOPHYTES), budget_seconds=0)
    assert not hurried.facts
    assert hurried.undecided


def test_the_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(sharedvalue, ["sensitivity", NEOPHYTES, "-o", str(tmp_path / "bars.svg")])
    assert done.exit_code == 0, done.output
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert (tmp_path / "bars.svg").read_text(encoding="utf-8").count("url(#beyond)") > 8
    assert run(sharedvalue, ["sensitivity", NEOPHYTES, "-o", str(tmp_path / "bars.png")]).exit_code == 0
    assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")
    as_json = json.loads(run(sharedvalue, ["sensitivity", NEOPHYTES, "--json"]).stdout)
    assert as_json == json.loads(json.dumps(sensitivity_json(sensitivity(decided(NEOPHYTES)))))
    stance = next(f for f in as_json["facts"] if f["fact"] == "sponsor_stance")
    assert stance["keeps"] == ["fixed"]
    contribution = next(f for f in as_json["facts"] if f["fact"] == "contribution")
    assert (contribution["stays_from"], contribution["stays_to"]) == (0, 65)
    assert (contribution["beyond_below"], contribution["beyond_above"]) == (None, "KEEP_COURSE")


def test_a_fact_that_nobody_gave_is_doubted_once_it_is_stated(tmp_path: Path) -> None:
    """What the new needs are worth was not judged with the sponsor: a number for it counts as a guess, and so does each end found."""
    file = tmp_path / "case.yaml"
    file.write_text(
        "scenario: 1\nfacts: {has_sponsor: true, sponsor_value_now: 61, sponsor_value_outlook: 37, sponsor_engaged: in_dialogue,\n"
        "  sponsor_stance: negotiable, potential_judged_with_sponsor: false, support_at_risk: true, core_group_size: 4,\n"
        "  shift_durable: true, shift_cause: field_changed, openness_to_realign: 49, overlap_short: 20, overlap_long: 20,\n"
        "  needs_shift: 60, contribution: 60, contribution_to_shifted: 60, member_value_now: 50, member_value_outlook: 50}\n"
    )
    decision = decide(form(BOOK, load_scenario(file, BOOK)))
    (found,) = (one for one in sensitivity(decision).facts if one.name == "strategic_potential")
    for stretch in found.stretches:
        for value in (stretch.lo, stretch.hi):
            stated = suppose(decision.worlds, {"strategic_potential": Domain.known(value)})
            then = {one.outcome for one in decide(stated).possible}
            assert then == set(stretch.standing.outcomes), (value, then, stretch)
