"""`sharedvalue map` as people and programs call it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from sharedvalue.cli.main import run, sharedvalue

EXPERTS = "scenarios/neophytes-and-experts.yaml"
AXES = ["--x", "segments[experts].overlap", "--y", "openness_to_realign"]


def test_the_answer_comes_first_then_regions_borders_and_what_it_rests_on() -> None:
    done = CliRunner().invoke(sharedvalue, ["map", EXPERTS, *AXES])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("You are here: overlap (experts) 80")
    assert "restrict" in " ".join(lines[:2])
    for words in (
        "Shift the focus",
        "Z17",
        "realign open 50*",
        "overlap strong 50*",
        "Exact: every one of 10,201",
    ):
        assert words in done.stdout
    assert max(map(len, lines)) <= 80


def test_json_goes_to_standard_output_and_what_was_written_to_standard_error(tmp_path: Path) -> None:
    picture = tmp_path / "map.svg"
    done = CliRunner().invoke(sharedvalue, ["map", EXPERTS, *AXES, "--json", "-o", str(picture)])
    printed = json.loads(done.stdout)
    assert printed["schema"] == "sharedvalue/map/1"
    assert printed["here"]["area"] == [80, 80, 20, 20]
    assert printed["exact"] is True
    assert [r["outcome"] for r in printed["regions"]] == ["SHIFT_FOCUS", "RESTRICT_MEMBERSHIP", "KEEP_COURSE"]
    assert "wrote" in done.stderr
    assert picture.exists()


def test_set_states_another_fact_and_moves_the_map() -> None:
    done = CliRunner().invoke(
        sharedvalue, ["map", EXPERTS, *AXES, "--set", "sponsor_stance=negotiable", "--json"]
    )
    assert "RESTRICT_MEMBERSHIP" not in {r["outcome"] for r in json.loads(done.stdout)["regions"]}


def test_mistakes_end_with_code_two_and_a_mend(capsys: object) -> None:
    for arguments in (
        ["map", EXPERTS, "--x", "contribution"],
        ["map", EXPERTS, "--x", "contribution", "--y", "contribution"],
        ["map", EXPERTS, "--x", "contribtion", "--y", "openness_to_realign"],
        ["map", EXPERTS, *AXES, "-o", "map.gif"],
        ["map", EXPERTS, *AXES, "--set", "nothing"],
        ["map", "scenarios/none.yaml", *AXES],
    ):
        assert run(arguments) == 2
