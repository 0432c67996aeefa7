"""What is too much is told within seconds: large files, deep nesting, millions of entries, links, devices, endless rules."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.broken.test_broken import told
from tests.cli.calling import call

OK = "scenario: 1\nfacts:\n  has_sponsor: true\n"
SECONDS = 30  # far more than is needed; a hang is what it must not be


def code(*arguments: str, stdin: str = "") -> str:
    """The code of the one mistake that is told."""
    begun = time.process_time()  # of the clock, a busy machine takes more
    message = told(call(*arguments, stdin=stdin))
    assert time.process_time() - begun < SECONDS
    assert sum(line.startswith("SV") for line in message.splitlines()) == 1, message
    return message.split()[0]


def write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_hundred_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as out:
        out.truncate(100_000_000)
    assert code("decide", str(file)) == "SV104"


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "community.yaml", OK)
    message = told(call("decide", str(tmp_path / "comunity.yaml")))
    assert message.startswith("SV101")
    assert "Did you mean community.yaml?" in message


def test_directory(tmp_path: Path) -> None:
    assert code("decide", str(tmp_path)) == "SV102"


def test_device() -> None:
    assert code("decide", "/dev/zero") == "SV103"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "closed.yaml"
    file.write_text(OK)
    file.chmod(0)
    assert code("decide", str(file)) == "SV103"


def test_empty_standard_input() -> None:
    assert code("decide", "-") == "SV105"


def test_scenario_from_standard_input() -> None:
    answered = call("decide", "-", stdin=OK.replace("true", "false"))
    assert (answered.code, answered.err) == (0, "")
    assert answered.lines[0].startswith("NOT YET"), answered.out


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")], ids=["lists", "tables", "dashes"]
)
def test_ten_thousand_levels(tmp_path: Path, opening: str, closing: str) -> None:
    text = "facts:\n  " + opening * 10_000 + "x" + closing * 10_000 + "\n"
    assert code("decide", write(tmp_path / "deep.yaml", text)) == "SV110"


def test_indented_levels(tmp_path: Path) -> None:
    text = "".join(" " * level + "a:\n" for level in range(2000))
    assert code("decide", write(tmp_path / "deep.yaml", text)) == "SV110"


def test_ten_thousand_segments(tmp_path: Path) -> None:
    segments = "".join(f"    - {{name: g{n}, count: 1, level: novice}}\n" for n in range(10_000))
    assert code("decide", write(tmp_path / "many.yaml", f"{OK}  segments:\n{segments}")) == "SV901"


def test_a_million_segments(tmp_path: Path) -> None:
    text = f"{OK}  segments: [{'a,' * 1_000_000}]\n"
    assert code("decide", write(tmp_path / "many.yaml", text)) == "SV110"


def test_as_many_evidence_items_as_nobody_reads(tmp_path: Path) -> None:
    item = "  - {fact: member_value_now, source: survey, date: 2026-01-01, n: 61}\n"
    text = OK.replace("facts", "as_of: 2026-11-24\nfacts") + "evidence:\n" + item * 200
    assert code("decide", write(tmp_path / "many.yaml", text)) == "SV901"


def test_endless_mistakes_are_not_all_told(tmp_path: Path) -> None:
    text = OK + "".join(f"  k{n}: 1\n" for n in range(20_000))
    message = told(call("decide", write(tmp_path / "many.yaml", text)))
    assert sum(line.startswith("SV") for line in message.splitlines()) == 100
    assert "the rest is not told" in message


def test_a_line_of_four_megabytes(tmp_path: Path) -> None:
    text = OK + "  member_value_now: " + "9" * 4_000_000 + "\n"
    assert code("decide", write(tmp_path / "long.yaml", text)) == "SV205"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert (
        call("decide", write(tmp_path / "marked.yaml", OK.replace("true", "false").encode(encoding))).code
        == 0
    )


def test_line_ends_of_other_systems_are_read(tmp_path: Path) -> None:
    text = OK.replace("true", "false").replace("\n", "\r\n")
    assert call("decide", write(tmp_path / "crlf.yaml", text.encode())).code == 0


def test_json_is_read_too(tmp_path: Path) -> None:
    assert (
        call("decide", write(tmp_path / "case.json", '{"scenario": 1, "facts": {"has_sponsor": false}}')).code
        == 0
    )


def test_needs_that_nobody_named_are_asked_back(tmp_path: Path) -> None:
    """No share of them can be told: not 0, and not a division by nothing."""
    needs = "    - {label: exchange, cited_by: 0, satisfied: 50, within_purpose: false, serves: 1}\n"
    answered = call("scenario", "check", write(tmp_path / "zero.yaml", f"{OK}  needs:\n{needs}"))
    assert answered.code == 2
    assert "SV207" in answered.err


# --- house rule directories -------------------------------------------------------------------------------------------
def house(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def test_house_directory_that_is_not_there() -> None:
    assert code("rules", "check", "--rules", "no-such-house") == "SV101"


def test_house_directory_without_rules(tmp_path: Path) -> None:
    assert code("rules", "check", "--rules", str(tmp_path)) == "SV101"


@pytest.mark.parametrize("target", ["/etc/passwd", "house.yaml", "nowhere.yaml"])
def test_link_out_of_the_house_directory(tmp_path: Path, target: str) -> None:
    (tmp_path / "house.yaml").symlink_to(target)
    assert code("rules", "check", "--rules", str(tmp_path)) == "SV111"


def test_too_many_house_rules(tmp_path: Path) -> None:
    rule = "  H{0}: {{chapter: M, title: T, kind: house, when: has_sponsor, conclude: h_{0}, because: B.}}\n"
    text = "rules:\n" + "".join(rule.format(n) for n in range(1000))
    assert code("rules", "check", "--rules", house(tmp_path, text)) == "SV902"


def test_long_chain_of_house_rules(tmp_path: Path) -> None:
    """Nine hundred rules that lean on each other are read; nothing recurses that deep."""
    rule = "  H{0}: {{chapter: M, title: T, kind: house, when: {1}, conclude: h_{0}, because: B.}}\n"
    text = "rules:\n" + "".join(rule.format(n, f"h_{n - 1}" if n else "has_sponsor") for n in range(900))
    answered = call("rules", "check", "--rules", house(tmp_path, text))
    assert answered.code in (0, 2), answered
    assert answered.code == 0 or answered.err.startswith("SV316")


def test_too_much_house_text(tmp_path: Path) -> None:
    assert code("rules", "check", "--rules", house(tmp_path, "# " + "x" * 1_100_000)) == "SV110"


def test_too_many_house_files(tmp_path: Path) -> None:
    for number in range(101):
        (tmp_path / f"{number}.yaml").write_text("off: {}\n")
    assert code("rules", "check", "--rules", str(tmp_path)) == "SV110"


def test_house_rule_over_too_many_combinations(tmp_path: Path) -> None:
    text = (
        "rules:\n  H01:\n    {chapter: M, title: T, kind: house, because: B., conclude: 'h_one(a, b, c)',\n"
        "     for: {a: segments, b: segments, c: segments}, when: a.overlap > b.overlap and b.overlap > c.overlap}\n"
    )
    segments = "".join(
        f"    - {{name: g{n}, count: 1, level: novice, overlap: {n}, stay: 10, active: 10}}\n"
        for n in range(40)
    )
    case = write(tmp_path / "case.yaml", f"{OK}  segments:\n{segments}")
    assert code("decide", "--rules", house(tmp_path / "house", text), case) == "SV902"


# --- the rule book itself, with a mistake put in ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "measures",
            "is: min(member_value_now, member_value_outlook)",
            "is: 1 + member_value_now / member_value_outlook",
            "SV315",
        ),
        ("measures", "is: min(member_value_now, member_value_outlook)", "is: has_sponsor", "SV311"),
        (
            "measures",
            "is: min(member_value_now, member_value_outlook)",
            "is: min(member_value, member_value_outlook)",
            "SV316",
        ),
        ("measures", "    unknown: [0, 1]              # sponsors", "    # sponsors", "SV303"),
        ("measures", "is: count(p for p in sponsors)", "is: min(p.weight for p in sponsors)", "SV311"),
        ("thresholds", "    sources: [L20]\n", "", "SV307"),
        ("thresholds", "values: {2026-11-24: 60}", "values: {2026-11-24: 600}", "SV308"),
        ("facts", "type: yes_no\n    required: true", "type: maybe\n    required: true", "SV306"),
        ("decision", "  Z20:", "  Z19:", "SV108"),
        ("decision", "        place: 8\n", "        place: 7\n", "SV319"),
        ("claims", "  K02:", "  K99:", "SV310"),
    ],
)
def test_mistake_in_the_rule_book(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    import shutil

    from sharedvalue.engine.errors import UserError
    from sharedvalue.engine.language.loading import load
    from sharedvalue.engine.language.rulebook import default_folder

    folder = shutil.copytree(default_folder(), tmp_path / "rules")
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as error:
        load(folder=folder)
    assert expected in {problem.code for problem in error.value.problems}
