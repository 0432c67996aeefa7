"""Flips: each leads where it says, no part of it does, none is cheaper, and only what can be changed is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from click.testing import CliRunner

from sharedvalue.cli.main import sharedvalue
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.flip import Flips, _Flipper, flip, flips_json
from sharedvalue.engine.questions.hinges import hinges_of
from sharedvalue.engine.readings.prove import Program, Steps
from sharedvalue.engine.worlds import form, misfits, suppose

BOOK = load()
SCENARIOS = sorted(Path("scenarios").glob("*.yaml"))
NEOPHYTES = "scenarios/neophytes-and-experts.yaml"


@cache
def decided(path: str | Path) -> Decision:
    return decide(form(BOOK, load_scenario(str(path), BOOK)))


@cache
def flips_of(path: str | Path) -> Flips:
    return flip(decided(path))


def outcomes(decision: Decision, changed: dict[str, int]) -> set[str]:
    """The outcomes that are possible when the file says these values; none where readings then contradict each other."""
    try:
        found = decide(suppose(decision.worlds, {n: Domain.known(v) for n, v in changed.items()}), brief=True)
    except UserError:
        return set()  # a part of a change may be what cannot be
    return set() if misfits(decision.worlds, found.worlds) else {p.outcome for p in found.possible}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_each_flip_leads_there_and_no_part_of_it_does(path: Path) -> None:
    each_leads_there(flips_of(path))


SPONSORS_PARTLY_KNOWN = """
scenario: 1
facts:
  has_sponsor: true
  core_group_size: {between: [2, 6]}
  needs:
    - {label: answers, cited_by: 60, satisfied: 70, within_purpose: true, serves: {the ministry: 1, a foundation: 0.5}}
    - {label: advice, cited_by: 40, within_purpose: false}
    - {label: tools, cited_by: {between: [20, 50]}, satisfied: 50, within_purpose: false, serves: {the ministry: 0.5}}
  member_value_now: 64
  member_value_outlook: 55
  sponsors:
    - {name: the ministry, weight: 0.6, value_now: 45, value_outlook: {between: [35, 60]}, stance: negotiable, contribution: partly}
    - {name: a foundation, weight: 0.4, value_now: some}
  sponsor_engaged: in_dialogue
"""


def test_a_measure_that_is_not_known_is_not_doubted() -> None:
    """The stance of all sponsors hangs on one that nobody asked: it was taken as fixed, and two changes named where one is enough."""
    found = flip(decide(form(BOOK, read_scenario(parse(SPONSORS_PARTLY_KNOWN, "x"), BOOK, "x"))))
    each_leads_there(found)
    opened = {one.to: [change.name for change in one.changes] for one in found.openings}
    assert opened["SHIFT_FOCUS"] == opened["NOT_YET"] == ["sponsors[0].contribution"]


def each_leads_there(found: Flips) -> None:
    decision = found.decision
    assert not found.undecided
    for one in (*found.flips, *found.openings):
        assert one.minimal
        changed = {change.name: change.to for change in one.changes}
        possible = outcomes(decision, changed)
        assert set(one.outcomes) == possible
        assert (possible == {one.to}) if one in found.flips else (one.to in possible and len(possible) > 1)
        for size in range(len(changed)):
            for part in combinations(changed, size):
                less = outcomes(decision, {n: changed[n] for n in part})
                assert less != {one.to} if one in found.flips else one.to not in less


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_only_what_somebody_can_change_is_changed(path: Path) -> None:
    found = flips_of(path)
    for one in (*found.flips, *found.openings):
        ways = {change.improving for change in one.changes}
        assert one.direction == ("mixed" if len(ways) > 1 else "improve" if ways == {True} else "undo")
        assert all(change.owner != "nobody" for change in one.changes)
    told = {f.to for f in found.flips} | set(found.unreachable) | set(found.never_sure)
    assert told == set(BOOK.outcome_names) - {found.decision.outcome}
    assert not set(found.unreachable) & ({f.to for f in found.openings} | set(found.possible))


def test_what_a_change_only_makes_possible_is_told_apart() -> None:
    """With openness 50 the sponsor's need may have moved or not: the shift is possible, and nothing is out of reach."""
    facts = (
        "has_sponsor: true, member_value_now: 60, member_value_outlook: 65, needs_shift: 60, openness_to_realign: 40, "
        "sponsor_value_now: 25, sponsor_value_outlook: 25, contribution: {between: [55, 70]}, "
        "sponsor_engaged: contacted, strategic_potential: 40, overlap_short: 20"
    )
    decision = decided_text(facts)
    found = flip(decision, to="shift-focus")
    (opening,) = [one for one in found.openings if one.direction == "improve"]
    assert [(c.name, c.to) for c in opening.changes] == [("openness_to_realign", 500)]
    assert "SHIFT_FOCUS" in opening.outcomes
    assert not found.flips
    assert not found.unreachable
    told = hinges_of(found, opening)
    moved = next(one for one in told if one.name == "sponsor_need_moved")
    assert moved.ways == ((1, 1),)


def decided_text(facts: str) -> Decision:
    text = f"scenario: 1\ntitle: Health\nfacts: {{{facts}}}\n"
    return decide(form(BOOK, read_scenario(parse(text, "health"), BOOK, "health")))


def exhaustively(flips: Flips, moving: list[str]) -> Iterator[tuple[str, str, Fraction]]:
    """The outcome, direction and cost of every change of some values after which the outcome is one, however the open
    questions of yes or no turn out."""
    decision = flips.decision
    flipper = _Flipper(decision, flips.keep, Steps(10))
    program = Program.from_grounded(decision.worlds.grounded)
    asked = [n for n, d in decision.worlds.domains.items() if not d.is_known and d.size == 2]
    answers = product(*(decision.worlds.domains[n].values() for n in asked))
    bases = [{**decision.possible[0].example, **dict(zip(asked, one, strict=True))} for one in answers]
    for values in product(*(flipper.domain(name).values() for name in moving)):
        changed = {n: v for n, v in zip(moving, values, strict=True) if v != flipper.start[n]}
        worlds = [world for base in bases if program.exists(world := {**base, **changed})]
        ends = {program.evaluate(world)["outcome"] for world in worlds}
        if not changed or len(ends) != 1:
            continue
        ways = {flipper.movable[n].improving(flipper.start[n], v) for n, v in changed.items()}
        cost = sum((Fraction(flipper.cost(n).cost(v), 10) for n, v in changed.items()), Fraction(0))
        direction = "mixed" if len(ways) > 1 else "improve" if ways == {True} else "undo"
        yield BOOK.outcome_names[ends.pop()], direction, cost


@pytest.mark.parametrize(
    "path, moving",
    [
        (NEOPHYTES, ["contribution", "contribution_if_restricted", "sponsor_stance"]),
        pytest.param(
            NEOPHYTES, ["sponsor_value_now", "sponsor_stance", "strategic_potential"], marks=pytest.mark.deep
        ),
        (NEOPHYTES, ["segments[0].active", "expertise_required", "sponsor_stance"]),
        pytest.param(NEOPHYTES, ["segments[0].overlap", "segments[1].overlap"], marks=pytest.mark.deep),
        pytest.param(
            "scenarios/two-specialists-are-not-a-circle.yaml",
            ["segments[0].active", "segments[0].stay", "sponsor_stance"],
            marks=pytest.mark.deep,
        ),
        (
            "scenarios/overlap-but-only-for-now.yaml",
            ["member_value_now", "core_group_size", "sponsors_conflict"],
        ),
    ],
)
def test_none_is_cheaper(path: str, moving: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decided(path)
    monkeypatch.setattr(_Flipper, "domain", _short_counts(_Flipper.domain))
    all_names = [n for n in decision.worlds.domains if decision.worlds.domains[n].is_known]
    found = flip(decision, keep=[n for n in all_names if n not in moving])
    best: dict[tuple[str, str], Fraction] = {}
    for outcome, direction, cost in exhaustively(
        found, [n for n in moving if n in _Flipper(decision, found.keep, Steps(10)).movable]
    ):
        if outcome != decision.outcome:
            key = (outcome, direction)
            best[key] = min(best.get(key, cost), cost)
    told: dict[tuple[str, str], Fraction] = {}
    for one in found.flips:
        told[one.to, one.direction] = min(told.get((one.to, one.direction), one.cost), one.cost)
    for (outcome, direction), cost in best.items():
        others = [c for (o, d), c in best.items() if o == outcome and d != "mixed"]
        if direction != "mixed" or cost < min(others, default=cost + 1):
            assert told[outcome, direction] == cost
    assert set(told) <= set(best)


def _short_counts(original: Callable[[_Flipper, str], Domain]) -> Callable[[_Flipper, str], Domain]:
    def domain(self: _Flipper, name: str) -> Domain:
        found = original(self, name)
        return found if found.size < 200 else Domain.span(0, 12)

    return domain


def test_what_is_kept_stays_and_one_outcome_may_be_asked_for() -> None:
    decision = decided(NEOPHYTES)
    found = flip(decision, to="keep-course", keep=["contribution", "segments"])
    assert {f.to for f in found.flips} == {"KEEP_COURSE"}
    changed = {change.name for f in found.flips for change in f.changes}
    assert "contribution" not in changed
    assert not any(name.startswith("segments[") for name in changed)


def test_why_an_outcome_is_out_of_reach() -> None:
    decision = decided("scenarios/lga-knowledge-hub.yaml")
    found = flip(decision)
    assert "SHIFT_FOCUS" in found.unreachable
    facts = found.against("SHIFT_FOCUS")
    assert facts
    fixed = {n: Domain.known(decision.worlds.domains[n].lo) for n in facts}
    assert len(fixed) < len(decision.worlds.domains)


@pytest.mark.parametrize(
    "to, keep, code",
    [("SOMETHING", (), "SV208"), ("RESTRICT_MEMBERSHIP", (), "SV208"), (None, ("nothing",), "SV204")],
)
def test_what_cannot_be_asked(to: str | None, keep: tuple[str, ...], code: str) -> None:
    with pytest.raises(UserError) as caught:
        flip(decided(NEOPHYTES), to, keep)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_without_time_nothing_is_called_impossible() -> None:
    found = flip(decided(NEOPHYTES), budget=0)
    assert not found.unreachable
    assert set(found.undecided) == set(BOOK.outcome_names) - {"RESTRICT_MEMBERSHIP"}


def test_the_command_says_who_and_never_to_measure_again() -> None:
    done = CliRunner().invoke(sharedvalue, ["flip", NEOPHYTES])
    assert done.exit_code == 0, done.output
    assert "house default" in done.output
    assert "through what the community can do" in " ".join(done.output.split())
    assert all(len(line) <= 80 for line in done.output.splitlines())
    as_json = CliRunner().invoke(sharedvalue, ["flip", NEOPHYTES, "--json"])
    assert json.loads(as_json.output) == json.loads(json.dumps(flips_json(flip(decided(NEOPHYTES)))))
