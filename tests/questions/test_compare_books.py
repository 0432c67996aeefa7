"""Two rule books compared, and what scenarios exercise of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sharedvalue.cli.main import sharedvalue
from sharedvalue.cli.rules_compare import diff
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.audit import shapes
from sharedvalue.engine.questions.book_diff import compare, open_book, written
from sharedvalue.engine.questions.coverage import coverage
from sharedvalue.engine.readings.prove import Program
from sharedvalue.engine.telling.book_changes import change_lines

SOME = sorted(Path("scenarios").glob("*.yaml"))[::8]
STRONGER = "thresholds:\n  overlap_strong: {value: 55, because: We want more in common.}\n"
UNREAD = "thresholds:\n  tier_exchange: {value: 55, because: Tiers are looked at later.}\n"


def house(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_book_and_itself() -> None:
    found = compare(load(), open_book("rules"), SOME, 60)
    assert not any((found.changed, found.differ, found.witnesses, found.unsettled))
    assert set(found.same_in) == set(shapes(load()))


def test_the_rule_book_as_it_comes_has_a_name() -> None:
    assert open_book("shipped").hash == load().hash


def test_worlds_that_differ_do_differ(tmp_path: Path) -> None:
    old, new = load(), open_book(house(tmp_path / "house", STRONGER))
    found = compare(old, new, SOME, 60)
    assert [(c.table, c.name, c.how, c.what) for c in found.changed] == [
        ("thresholds", "overlap_strong", "changed", "50 -> 55")
    ]
    assert found.witnesses
    for witness in found.witnesses:
        outcomes = []
        for book in (old, new):
            program = Program.from_grounded(ground(book, "world", shapes(old)[witness.shape]))
            world = {name: witness.world[name] for name in program.grounded.inputs}
            assert program.exists(world)
            outcomes.append(book.outcome_names[program.evaluate(world)["outcome"]])
        assert outcomes == [witness.before[0], witness.after[0]]
        assert outcomes[0] != outcomes[1]


def test_a_change_that_no_outcome_hangs_on_is_proven_to_be_one(tmp_path: Path) -> None:
    found = compare(load(), open_book(house(tmp_path / "house", UNREAD)), [], 60)
    assert [c.name for c in found.changed] == ["tier_exchange"]
    assert not any((found.witnesses, found.unsettled))


def test_without_time_nothing_is_proven(tmp_path: Path) -> None:
    found = compare(load(), open_book(house(tmp_path / "house", STRONGER)), [], 0)
    assert not any((found.witnesses, found.same_in))
    assert set(found.unsettled) == set(shapes(load()))


def test_coverage_counts_what_scenarios_exercise() -> None:
    all_of = coverage(load(), sorted(Path("scenarios").glob("*.yaml")))
    assert all_of.outcomes == set(load().outcome_names)
    one = coverage(load(), ["scenarios/no-sponsor-at-all.yaml"])
    assert one.outcomes == {"KEEP_COURSE"}
    assert one.fired < all_of.fired
    assert len(one.half) > len(all_of.half)
    assert set(one.never_fired) > set(all_of.never_fired)


def test_the_commands(tmp_path: Path) -> None:
    folder = str(house(tmp_path / "house", STRONGER))
    case = "scenarios/the-qualified-are-already-among-themselves.yaml"
    done = CliRunner().invoke(sharedvalue, ["rules", "diff", "rules", folder, case])
    assert done.exit_code == 0, done.output
    assert "1 decided differently" in done.output
    assert done.output.index("SCENARIOS") < done.output.index("WRITTEN OTHERWISE")
    assert (
        " lines in the sand\n   overlap_strong  From here on an overlap is strong: 50 -> 55\n" in done.output
    )
    assert "   before  Keep course: " in done.output
    as_json = json.loads(
        CliRunner().invoke(sharedvalue, ["rules", "diff", "rules", folder, case, "--json"]).stdout
    )
    assert as_json["schema"] == "sharedvalue/rules-diff/1"
    assert as_json["worlds"]
    covered = CliRunner().invoke(sharedvalue, ["rules", "coverage", case])
    assert covered.exit_code == 0, covered.output
    assert "1 scenarios exercise" in covered.output
    counted = json.loads(CliRunner().invoke(sharedvalue, ["rules", "coverage", case, "--json"]).stdout)
    assert counted["schema"] == "sharedvalue/rules-coverage/1"


def test_of_the_book_before_each_line_says_what_changed() -> None:
    old, new = open_book("1.0.0"), load()
    told = "\n".join(change_lines(written(old, new), old, new))
    assert "   V14  Invite those whom the problem is about: new" in told
    assert "   Z06  Restrict the membership: its place in the order" in told
    assert "   More members are said to be helped than took part or read: new" in told
    deciding, words = told.split(" only in words")
    assert "M01" not in deciding
    assert "M01" in words
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.deep
def test_a_scenario_that_decides_otherwise_than_under_the_book_before_says_why() -> None:
    found = compare(open_book("1.0.0"), load(), sorted(Path("scenarios").glob("*.yaml")), 0)
    assert found.differ
    silent = [d.path for d in found.differ if "Rule book 1.0.0" not in Path(d.path).read_text("utf-8")]
    assert silent == []


def test_a_branch_that_was_put_in_moves_no_other() -> None:
    moved = {c.name for c in written(open_book("1.0.0"), load()) if c.table == "rules" and "place" in c.what}
    assert moved == {"Z06", "Z14", "Z20"}  # a circle before removal; reconsider before all qualify


def test_the_book_that_comes_with_it_is_meant_where_no_other_is_named() -> None:
    arguments = {one.name: one.default for one in diff.params}
    assert arguments["new"] == "shipped"


def test_a_new_line_in_the_sand_is_told_with_where_it_lies() -> None:
    old, new = open_book("1.0.0"), load()
    told = " ".join(" ".join(change_lines(written(old, new), old, new)).split())
    assert "Younger than this a community is given time: new, 12 months (house default)" in told
