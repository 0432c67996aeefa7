"""Proofs about the rule book: what is said never to count does not in thousands of worlds, and mistakes put in are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given

from sharedvalue.cli.main import sharedvalue
from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.audit import Audit, audit, shapes
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.readings.prove import Program, Steps, which_hold
from sharedvalue.engine.worlds import form
from tests.conformance.flat_tables import Domains, tables_with_domains, try_all


@pytest.fixture(scope="module")
def proven() -> Audit:
    return audit(load(), 900)  # far beyond what it takes: a busy machine must not change what is proven


def test_our_rule_book_has_one_outcome_in_every_world(proven: Audit) -> None:
    assert proven.total
    assert proven.complete
    assert "segments: 3" in proven.shapes


def test_what_is_known_never_to_fire(proven: Audit) -> None:
    assert not proven.never_fire
    assert "status.agreed" in proven.never_here["decision_log: 0"]
    assert "Z07.nothing_holds/no_option_viable" in proven.never_here["segments: 2"]
    assert not proven.never_decide


@pytest.mark.deep
def test_every_threshold_that_a_choice_reads_may_matter() -> None:
    """Others set what is advised, warned of or asked: they never change the outcome, and the audit says so of them only."""
    book = load()
    found = audit(book, 3600, thresholds=True)
    assert found.complete
    read = set[str]()
    for shape in shapes(book).values():
        grounded = ground_loosely(book, shape)
        read |= {name for branch in grounded.branches for name in stands_on(grounded, branch.candidate)}
    assert "value_met" in read
    assert not {never.name for never in found.never_matter or ()} & read


def house(folder: Path, text: str) -> Path:
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_rule_that_cannot_fire_and_a_hole_are_found(tmp_path: Path) -> None:
    text = """
rules:
  H01:
    chapter: V
    title: Never
    kind: house
    when: contribution < contribution_cannot and contribution >= contribution_substantial
    conclude: never_so
    because: It cannot be.
"""
    found = audit(load([str(house(tmp_path, text))]), 900)
    assert "H01" in {never.name for never in found.never_fire}
    assert found.total


def test_without_time_nothing_is_called_proven() -> None:
    found = audit(load(), 0, thresholds=True)
    assert not found.total
    assert not any((found.never_fire, found.never_decide, found.never_matter))
    assert found.unsettled


@given(tables_with_domains())
def test_which_hold_is_that_of_trying_every_world(sample: tuple[Grounded, Domains]) -> None:
    grounded, domains = sample
    tried = try_all(grounded, domains)
    residual = Program.from_grounded(grounded).residual(domains, Steps(60))
    names = [name for name, variable in grounded.variables.items() if variable.origin == "conclusion"]
    found = which_hold(residual, {name: residual.conclusions[name] for name in names}, Steps(60))
    assert not found.unsure
    assert found.held == {name for name in names if any(world[name] for world in tried.worlds.values())}


def test_the_command() -> None:
    done = CliRunner().invoke(sharedvalue, ["rules", "check"])
    assert done.exit_code == 0, done.output
    assert "Exactly one outcome in every world." in done.output
    with pytest.raises(UserError):
        load(["no such folder"])


OURS = [f"Z{number:02}" for number in (*range(1, 9), *range(13, 22))]
LAST = "NO_VIABLE_COURSE"


def table(folder: Path, rows: list[tuple[str, str]], more: str = "") -> Path:
    """A house's own table of outcomes in the place of ours: (outcome, when) a row; one without `when` holds always."""
    branches = [
        f"      r{place}: {{place: {place if when else 99}, outcome: {outcome}, modes: [], because: Row {place}., line: row, otherwise: no"
        + (f', when: "{when}"' if when else "")
        + "}"
        for place, (outcome, when) in enumerate(rows, 1)
    ]
    head = "rules:\n  H01:\n    chapter: Z\n    title: A table\n    kind: house\n    why: a test\n    branches:\n"
    off = "off:\n" + "".join(f"  {name}: table under test\n" for name in OURS)
    return house(folder, more + off + head + "\n".join(branches) + "\n")


def test_a_branch_that_only_two_before_it_together_leave_nothing_is_said_never_to_decide(
    tmp_path: Path,
) -> None:
    rows = [
        ("NOT_YET", "core_group_size < stayers_min_other"),
        ("SHIFT_FOCUS", "core_group_size >= stayers_min_other"),
        ("KEEP_COURSE", "core_group_size > stayers_min_online and not support_at_risk"),
        (LAST, ""),
    ]
    found = audit(load([table(tmp_path, rows)]), 900)
    never = {one.name: set(one.because) for one in found.never_decide}
    assert never["H01.r3"] == never["H01.r4"] == {"H01.r1", "H01.r2"}


def test_a_branch_that_decides_between_two_whole_points_only_is_not_said_never_to_decide(
    tmp_path: Path,
) -> None:
    more = "thresholds:\n  contribution_restrict: {value: 50.9, because: test}\n"
    rows = [
        ("KEEP_COURSE", "openness_to_realign <= realign_open"),
        ("SHIFT_FOCUS", "openness_to_realign >= contribution_restrict"),
        (LAST, ""),
    ]
    book = load([table(tmp_path, rows, more)])
    assert "H01.r3" not in {one.name for one in audit(book, 900).never_decide}
    text = Path("scenarios/neophytes-and-experts.yaml").read_text(encoding="utf-8")
    for openness, outcome in (("50", "KEEP_COURSE"), ("50.5", LAST), ("50.9", "SHIFT_FOCUS")):
        changed = text.replace("openness_to_realign: 20", f"openness_to_realign: {openness}")
        assert decide(form(book, read_scenario(parse(changed, "made"), book, "made"))).outcome == outcome
