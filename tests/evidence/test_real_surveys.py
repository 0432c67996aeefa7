"""The Spack and Stacks surveys, end to end: every number that is written is counted here again, by csv alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.calling import Answered, call
from tests.evidence.exports_here import DATA, SPACK_2020, SPACK_2021, STACKS, table
from tests.schemas import fits

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = {name: str(DATA / f"mapping-{name}.yaml") for name in ("spack-2020", "spack-2021", "stacks-2020")}
BOTH = [
    str(SPACK_2020),
    str(SPACK_2021),
    "--mapping",
    MAPPINGS["spack-2020"],
    "--mapping",
    MAPPINGS["spack-2021"],
]
BARE = "scenario: 1\nas_of: {as_of}\ntitle: A survey alone   # kept\nfacts:\n  has_sponsor: true   # kept too\n  meeting_mode: online\n"


def run(*arguments: str) -> Answered:
    return call("import", *arguments)


def done(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    fits(found, "import-1")
    return found


def bare(folder: Path, as_of: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(BARE.format(as_of=as_of))
    return path


def rounded(count: int, n: int) -> int:
    return int(100 * count / n + 0.5)


def test_spack_becomes_a_scenario_with_the_numbers_that_csv_counts(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    found = done(*BOTH, "--into", str(path))
    written = yaml.safe_load(path.read_text())
    heads, rows = table(SPACK_2021)
    rating = heads.index("How would you rate the overall quality of ... [Spack]")
    good = sum(row[rating] in ("Good", "Excellent") for row in rows)
    value = next(i for i in written["evidence"] if i["fact"] == "member_value_now")
    assert (value["reading"], value["n"]) == (rounded(good, len(rows)), len(rows)) == (82, 179)
    contributed = heads.index("Have you contributed to Spack?")
    active = sum(row[contributed] != "No" for row in rows if row[contributed])
    assert value["from_core_and_active"] == rounded(active, len(rows)) == 76
    assert str(value["date"]) == "2022-01-08"
    assert value["first_date"] == "2021-12-16"
    needs = {n["label"]: n["cited_by"] for n in written["facts"]["needs"]}
    for label, part in (("better error messages", "Better error messages"), ("speed", "Performance/speed improvements"),
                        ("better GPU compiler support", "Better GPU compiler support")):  # fmt: skip
        at = heads.index(f"Rank these TBD Spack features by importance [{part}]")
        assert needs[label] == rounded(
            sum(row[at] in ("Very Important", "Critical") for row in rows), len(rows)
        )
    assert len(needs) == 9
    assert min(needs.values()) >= 20
    assert "# kept" in path.read_text()
    assert "# kept too" in path.read_text()
    assert found["after"]["outcome"]
    assert found["written"]
    decided = call("decide", str(path), "--json")
    assert decided.code == 0
    assert json.loads(decided.out)["outcome"] == found["after"]["outcome"]


def test_two_years_of_spack_give_a_shift_reading(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    trend = done(*BOTH, "--into", str(path))["trend"]
    counts = {}
    for year, file, names in (
        (2020, SPACK_2020, {"Better Developer features (easily develop multiple packages + 3rd party dependencies)": 0, "Windows Support": 0,
                            "Testing / integration with Pavilion2/ReFrame/other test tool": 0, "Separate concretization of build dependencies ": 1,
                            "Optimized, public binary packages": 1, "Build testing for every PR": 1, "Better compiler flag handling": 1,
                            'Language virtual dependencies (e.g., depends_on("cxx@2017:"))': 1}),
        (2021, SPACK_2021, {"More developer features": 0, "Windows Support": 0, "Testing / integration with Pavilion2/ReFrame/other test tool": 0,
                            "Separate concretization of build dependencies (build build tools with gcc/clang, not fancy compilers)": 1,
                            "Optimized, public binary packages": 1, "Build testing for every PR": 1, "Better compiler flag handling": 1,
                            'Language virtual dependencies (e.g., depends_on("cxx@2017:"))': 1}),
    ):  # fmt: skip
        heads, rows = table(file)
        tally = [0, 0]
        for part, within in names.items():
            at = heads.index(f"Rank these TBD Spack features by importance [{part}]")
            tally[within] += sum(row[at] in ("Very Important", "Critical") for row in rows)
        counts[year] = rounded(tally[0], sum(tally))
    assert (trend["outside_before"], trend["outside_after"]) == (counts[2020], counts[2021]) == (25, 20)
    assert trend["months"] == 13
    assert trend["durable"] is False
    states = {need["name"]: need["state"] for need in trend["needs"]}
    assert states["more developer features"] == "faded"
    assert states["separate handling of build dependencies"] == "lasting"
    written = yaml.safe_load(path.read_text())
    assert written["facts"]["shift_durable"] is False
    assert next(i for i in written["evidence"] if i["fact"] == "needs_shift")["reading"] == counts[2021]


def test_the_scenario_filled_by_hand_agrees_with_the_import(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    shutil.copy(ROOT / "scenarios" / "spack-users-2020-and-2021.yaml", path)
    before = yaml.safe_load(path.read_text())
    done(*BOTH, "--into", str(path))
    after = yaml.safe_load(path.read_text())
    assert after["facts"] == before["facts"]
    for old, new in zip(before["evidence"], after["evidence"], strict=True):
        assert {key: new[key] for key in old} == old


def test_stacks_is_counted_by_those_who_answered_each_question(tmp_path: Path) -> None:
    path = bare(tmp_path, "2020-07-15")
    done(str(STACKS), "--into", str(path), "--mapping", MAPPINGS["stacks-2020"])
    written = yaml.safe_load(path.read_text())
    _, rows = table(STACKS)
    trust = [int(row[26]) for row in rows if row[26]]
    value = written["evidence"][0]
    assert (
        (value["n"], value["reading"])
        == (len(trust), rounded(sum(t >= 4 for t in trust), len(trust)))
        == (60, 67)
    )
    wanted = [row[23] for row in rows if row[23]]
    forum = sum(bool(re.search(r"(^|, )Forum/chat(,|$)", cell)) for cell in wanted)
    attended = [row[13] for row in rows if row[13]]
    local = sum(bool(re.search(r"(^|, )Local meetups(,|$)", cell)) for cell in attended)
    assert (forum, len(wanted), local, len(attended)) == (39, 56, 29, 63)
    needs = {n["label"]: n for n in written["facts"]["needs"]}
    for label, count, n in (
        ("taking part in forum and chat on decisions", forum, len(wanted)),
        ("meeting others nearby", local, len(attended)),
    ):
        low, high = needs[label]["cited_by"]["between"]  # so few answered that the interval is written
        assert low < rounded(count, n) < high
        assert f"{count} of {n}" in path.read_text()
    assert needs["learning to build"]["satisfied"] == "unknown"
    assert "satisfied" in needs["reviewing proposals"]
    assert needs["reviewing proposals"]["satisfied"] != "unknown"


def test_a_second_import_changes_nothing_and_undo_brings_the_first_text_back(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    first = path.read_text()
    assert done(*BOTH, "--into", str(path))["written"]
    once = path.read_text()
    again = done(*BOTH, "--into", str(path))
    assert path.read_text() == once
    assert not again["written"]
    assert again["changes"] == []
    assert (tmp_path / "case.yaml.bak").read_text() == first


def test_dry_run_writes_nothing_and_says_so(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    before = path.read_text()
    result = run(*BOTH, "--into", str(path), "--dry-run")
    assert "Nothing was written" in result.out
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]
    assert all(len(line) <= 80 for line in result.out.splitlines())


def test_every_number_written_says_where_it_comes_from(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    done(*BOTH, "--into", str(path))
    written = yaml.safe_load(path.read_text())
    for item in written["evidence"]:
        assert {"counted", "column", "file", "sha256", "rows", "interval", "answered_by"} <= set(item)
        assert len(item["sha256"]) == 64
        assert "179 read" in item["rows"]
    for line in path.read_text().splitlines():
        if "label:" in line or "shift_durable" in line:
            assert "of 179" in line or "both readings" in line


@pytest.mark.parametrize("change", ["renamed", "regraded"])
def test_a_column_or_an_answer_renamed_since_the_mapping_is_told_and_nothing_written(
    tmp_path: Path, change: str
) -> None:
    text = SPACK_2021.read_text("utf-8")
    old, new = (
        ("quality of ... [Spack]", "quality of ... [Spack itself]")
        if change == "renamed"
        else (",Excellent,", ",Superb,")
    )
    assert old in text
    answers = tmp_path / "answers.csv"
    answers.write_text(text.replace(old, new), "utf-8")
    path = bare(tmp_path, "2022-03-01")
    before = path.read_text()
    result = run(str(answers), "--into", str(path), "--mapping", MAPPINGS["spack-2021"])
    assert result.code == 2
    assert path.read_text() == before
    told = " ".join(result.err.split())
    assert (
        ("SV452" in told and "[Spack itself]" in told)
        if change == "renamed"
        else ("SV453" in told and "'Superb'" in told)
    )
    assert not path.with_name("case.yaml.bak").exists()


def test_answers_from_the_future_and_the_same_file_twice_are_refused(tmp_path: Path) -> None:
    path = bare(tmp_path, "2021-12-31")
    result = run(str(SPACK_2021), "--into", str(path), "--mapping", MAPPINGS["spack-2021"])
    assert result.code == 2
    assert "SV454" in result.err
    shutil.copy(SPACK_2021, tmp_path / "copy.csv")
    path = bare(tmp_path, "2022-03-01")
    result = run(
        str(SPACK_2021), str(tmp_path / "copy.csv"), "--into", str(path), "--mapping", MAPPINGS["spack-2021"]
    )
    assert result.code == 2
    assert "SV455" in result.err


def test_without_a_mapping_likely_columns_are_told_and_a_skeleton_can_be_written(tmp_path: Path) -> None:
    path = bare(tmp_path, "2022-03-01")
    result = run(str(SPACK_2021), "--into", str(path))
    assert result.code == 2
    assert "SV450" in result.err
    assert "Rank these TBD" in result.err
    target = tmp_path / "fill-in.yaml"
    result = run(str(SPACK_2021), "--into", str(path), "--write-mapping", str(target))
    assert result.code == 2
    assert "Timestamp" in target.read_text()
    yaml.safe_load(target.read_text())
