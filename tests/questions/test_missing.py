"""Scenarios that are made for what others leave out: each does what it is for, by other means, and none holds a fact too many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.coverage import coverage, exercised
from sharedvalue.engine.questions.missing import Missing, missing
from sharedvalue.engine.questions.missing_targets import targets
from tests.cli.calling import call

FEW = sorted(Path("scenarios").glob("*.yaml"))[:3]


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


@pytest.fixture(scope="module")
def made(book: RuleBook) -> Missing:
    return missing(book, coverage(book, FEW), 600)


def test_all_that_is_missing_is_accounted_for(book: RuleBook, made: Missing) -> None:
    wanted = targets(book, coverage(book, FEW))
    told = [*made.never, *made.unsettled, *(t for one in made.made for t in (one.target, *one.also))]
    assert sorted(map(str, told)) == sorted(map(str, wanted))
    assert len(made.made) < len(wanted) / 5


def test_the_written_text_exercises_what_it_is_for(book: RuleBook, made: Missing) -> None:
    for one in made.made:
        shown = exercised(book, [read_scenario(parse(one.text, "made"), book, "made")])
        for target in (one.target, *one.also):
            if target.kind == "condition":
                side = shown.held if target.side == "holds" else shown.failed
                assert (target.name, target.condition) in side, str(target)
            else:
                met = {"rule": shown.fired, "outcome": shown.outcomes, "mode": shown.modes}[target.kind]
                assert target.name in met, str(target)


def test_what_is_called_impossible_is_what_the_audit_says(made: Missing) -> None:
    """The three branches that the first edition could never reach are gone, and none came in their place."""
    assert {target.name for target in made.never if target.kind == "rule"} == set()


def test_no_fact_could_be_left_out_of_an_outcome(book: RuleBook, made: Missing) -> None:
    """Leaving a plain fact out of a scenario made for an outcome leaves that outcome no longer certain."""
    looked = 0
    for one in made.made:
        if one.target.kind != "outcome":
            continue
        lines = one.text.splitlines()
        for at, line in enumerate(lines):
            if not line.startswith("  ") or line.lstrip().startswith(("#", "-", "has_sponsor", "segments")):
                continue
            text = "\n".join(lines[:at] + lines[at + 1 :]) + "\n"
            if "facts:" in text.splitlines()[-1]:
                continue
            shown = exercised(book, [read_scenario(parse(text, "less"), book, "less")])
            assert one.target.name not in shown.outcomes or "assume" in str(
                book.facts[line.split(":")[0].strip()]
            ), line
            looked += 1
    assert looked > 5


def test_without_time_nothing_is_called_impossible(book: RuleBook) -> None:
    found = missing(book, coverage(book, FEW), 0)
    assert not found.never
    assert found.unsettled


def test_the_command_writes_once_and_never_over_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    run = ["rules", "coverage", "--generate", str(folder)]
    dry = call(*run, "--dry-run")
    assert (dry.code, folder.exists()) == (0, False)
    assert "WOULD BE WRITTEN" in dry.out
    done = call(*run, "--json")
    files = [Path(one["file"]) for one in json.loads(done.out)["generated"]["made"]]
    assert files
    assert sorted(files) == sorted(folder.iterdir())
    again = call(*run)
    assert again.code == 2
    assert "SV112" in again.err
    assert all(call("decide", str(file)).code == 0 for file in files)


def test_a_dry_run_of_nothing_is_told() -> None:
    done = call("rules", "coverage", "--dry-run")
    assert done.code == 2
    assert "SV130" in done.err
