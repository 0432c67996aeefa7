"""Every JSON that a command prints fits the schema published for its name; scenario and rule files fit theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sharedvalue.cli.main import sharedvalue
from tests.schemas import fits
from tools.schemas import pages

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
CASES = ("neophytes-and-experts", "silent-drift", "two-sponsors-pull-apart", "they-say-yes-and-nobody-comes")
RUNS: list[list[str]] = [
    *(["decide", f"scenarios/{path.name}"] for path in sorted((ROOT / "scenarios").glob("*.yaml"))),
    *([command, f"scenarios/{name}.yaml"] for command in ("why", "flip", "reasons", "sensitivity") for name in CASES[:2]),
    *(["why-not", f"scenarios/{name}.yaml", "KEEP_COURSE"] for name in CASES[:2]),
    *(["what-if", f"scenarios/{name}.yaml", "--set", "openness_to_realign=50"] for name in CASES[:2]),
    ["what-if", "scenarios/variations/the-sponsor-moves.yaml"],
    ["sweep", "scenarios/neophytes-and-experts.yaml", "--vary", "contribution", "--set", "members_total=1160"],
    ["reasons", "scenarios/three-sponsors-one-purpose.yaml"],
    ["map", "scenarios/neophytes-and-experts.yaml", "--x", "segments[experts].overlap", "--y", "openness_to_realign"],
    ["map", "scenarios/silent-drift.yaml", "--x", "sponsor_value_now=30..60", "--y", "sponsor_stance"],
    ["facts"], ["facts", "sponsor_stance"], ["rules", "list"], ["rules", "show", "S05"], ["rules", "check"],
    ["scenario", "list"], ["scenario", "check", "scenarios/silent-drift.yaml"],
    ["evidence", "sample", "600"], ["evidence", "basis", f"scenarios/{CASES[3]}.yaml"],
    ["explain", "SV204"], ["explain", "S05"],
    ["rules", "coverage"], ["rules", "coverage", "--generate", "made", "--dry-run"],  # one is made
]  # fmt: skip


@pytest.mark.parametrize("run", RUNS, ids=" ".join)
def test_what_a_command_prints_fits_its_schema(run: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(sharedvalue, [*run, "--json"])
    printed = json.loads(done.stdout)
    for each in printed if isinstance(printed, list) else [printed]:
        fits(each)


def test_what_is_said_of_two_rule_books_and_of_a_graph_fits_its_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    house = tmp_path / "house"
    house.mkdir()
    (house / "ours.yaml").write_text(
        "thresholds:\n  value_met: {value: 70, because: We ask for more.}\n", "utf-8"
    )
    for run in (
        ["rules", "diff", "rules", str(house), "scenarios/silent-drift.yaml"],
        ["graph", "scenarios/silent-drift.yaml", "-o", str(tmp_path / "why.svg")],
    ):
        printed = json.loads(CliRunner().invoke(sharedvalue, [*run, "--json"]).stdout)
        fits(printed)


def test_generated_schemas_are_current() -> None:
    stale = [
        path.name for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text
    ]
    assert not stale, "run python -m tools.schemas"


class _Loader(yaml.SafeLoader):
    """YAML with dates left as texts, as JSON has none."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in found if "timestamp" not in tag]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda p: p.stem)
def test_scenarios_fit_their_schema(path: Path) -> None:
    fits(yaml.load(path.read_text("utf-8"), _Loader), "scenario-1")


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.yaml")), ids=lambda p: p.stem)
def test_rule_files_fit_their_schema(path: Path) -> None:
    fits(yaml.load(path.read_text("utf-8"), _Loader), "rulebook-1")
