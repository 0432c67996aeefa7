"""A case that comes with sharedvalue goes by its name; of whatever else there is no file of, that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario


def test_a_shipped_case_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_scenario("silent-drift", load()).stated == load_scenario("silent-drift.yaml", load()).stated


@pytest.mark.parametrize(
    "typed, mend",
    [
        ("silent-drfit", "Did you mean silent-drift?"),
        ("scenarios/silent-drift.yaml", "give its name alone, silent-drift"),
        ("ours.yaml", "sharedvalue scenario list"),
    ],
)
def test_a_file_that_is_not_there_is_told_with_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, mend: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as caught:
        load_scenario(typed, load())
    (problem,) = caught.value.problems
    assert problem.code == "SV101"
    assert mend in problem.mend


def test_a_file_beside_is_the_nearer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "silent-drifts.yaml").touch()
    with pytest.raises(UserError) as caught:
        load_scenario("silent-drifts.yml", load())
    assert caught.value.problems[0].mend == "Did you mean silent-drifts.yaml?"
