"""The commands of the ledger, from the first record to the report, as a leader would call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import ROOT, Answered, call, process, refused, scenario
from tests.governance.common import meddle
from tests.schemas import fits

SCHEMAS = ROOT / "docs" / "schemas"
PART = "Unit manager, meeting of 3 May: agrees"


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledger of the environment, and a data folder that is not the user's."""
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("SHAREDVALUE_LEDGER", str(path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return path


def read(answered: Answered) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answered.out)
    fits(found)
    return found


def record(*more: str, name: str = "neophytes-and-experts") -> Answered:
    return call("record", scenario(name), "--by", "community leader", *more)


def test_from_proposal_to_agreement_and_report(ledger: Path, tmp_path: Path) -> None:
    first = record("--review-date", "2027-03-01")
    assert first.code == 0
    assert "RECORDED  R0001" in first.out
    assert "PROPOSED, NOT AGREED" in first.out
    assert (
        refused("record", "--answers", "R1", "--by", "steering group", "--decision", "KEEP_COURSE") == "SV502"
    )
    second = call(
        "record", "--answers", "R1", "--by", "steering group", "--decision", "restrict_membership", "--sponsor", "agrees",
        "--sponsor-role", "unit manager", "--sponsor-date", "2026-11-20", "--dissent", "Two leads: too early", "--review-date", "2027-03-01",
    )  # fmt: skip
    assert second.code == 0
    assert "AGREED: restrict" in second.out
    assert "STILL OPEN" not in second.out
    receipt = next(line.strip() for line in second.lines if line.startswith(" R0002:"))
    assert call("ledger", "verify", "--receipt", receipt).code == 0
    assert "R0002" in call("ledger", "list").out
    assert "Two leads" in call("ledger", "show", "R2").out
    assert call("replay", "R2").code == 0
    assert call("review").code == 0
    done = call("report", "R2", "-o", str(tmp_path / "r.html"), "-o", str(tmp_path / "r.pdf"))
    assert done.code == 0, done.err
    assert refused("report", "R2", "-o", str(tmp_path / "r.html")) == "SV112"
    assert call("report", "R2", "-o", str(tmp_path / "r.html"), "--force").code == 0


def test_all_json_fits_its_schema(tmp_path: Path) -> None:
    tried = read(record("--dry-run", "--json"))
    assert tried["record"] is None
    written = read(record("--json", name="silent-drift"))
    assert written["record"] == "R0001"
    assert read(call("ledger", "show", "R1", "--json")) == written
    assert read(call("ledger", "list", "--json"))["records"][0]["waits"] is True
    assert read(call("ledger", "verify", "--json", "--receipt", written["receipt"]))["sound"] is True
    assert read(call("replay", "R1", "--json"))["same"] is True
    assert read(call("review", "--json"))["records"][0]["needs_attention"] is True
    assert read(call("ledger", "backup", str(tmp_path / "copy"), "--json"))["records"] == 1
    assert read(call("report", "R1", "-o", str(tmp_path / "r.md"), "--json"))["replayed_the_same"] is True
    assert read(call("ledger", "keys", "--new", "--json"))["public"].startswith("ed25519:")
    head = read(call("ledger", "head", "--json"))
    assert head["records"] == 1
    assert read(call("ledger", "proof", "--since", head["line"]))["to"] == {
        "records": 1,
        "root": head["root"],
    }


def test_dry_run_writes_nothing(ledger: Path) -> None:
    tried = record("--dry-run")
    assert tried.code == 0
    assert tried.out.startswith("NOT RECORDED")
    assert not ledger.exists()


def test_signed_record_is_checked_with_its_key() -> None:
    assert "SV510" in record("--sign").err
    key = call("ledger", "keys", "--new").lines[0].split()[-1]
    assert record("--sign").code == 0
    assert f"Signed: 1 by {key}" in " ".join(call("ledger", "verify", "--key", key).out.split())
    assert record().code == 0
    broken = call("ledger", "verify", "--key", key)
    assert broken.code == 1
    assert "BROKEN at R0002" in broken.out


def test_broken_ledger_is_named_with_exit_1(ledger: Path) -> None:
    for _ in range(2):
        record(name="the-sweet-spot")
    meddle(ledger, "UPDATE records SET payload = x'7b7d' WHERE number = 1")
    broken = call("ledger", "verify")
    assert broken.code == 1
    assert "BROKEN at R0001" in broken.out
    assert read(call("ledger", "verify", "--json"))["broken"]["record"] == "R0001"
    for words in (["ledger", "list"], ["ledger", "show", "R1"], ["review"], ["replay", "R1"]):
        told = call(*words)
        assert (told.code, "SV505" in told.err) == (2, True), words
    assert call("replay", "R2").code == 0  # the others still read


def test_missing_ledger_is_told_by_every_reader(tmp_path: Path) -> None:
    for words in (["ledger", "list"], ["ledger", "verify"], ["review"], ["replay", "R1"], ["ledger", "show", "1"],
                  ["report", "R1", "-o", str(tmp_path / "x.html")], ["ledger", "backup", str(tmp_path / "b")]):  # fmt: skip
        answered = call(*words)
        assert answered.code == 2
        assert "SV511" in answered.err
        assert "Traceback" not in answered.err


def test_bad_use_is_told() -> None:
    assert "SV508" in call("record", scenario("the-sweet-spot")).err
    assert "SV508" in record("--review-date", "soon").err
    assert "SV101" in call("record", "no-such.yaml", "--by", "x").err
    assert "SV511" in call("record", "--answers", "R1", "--by", "x").err
    assert record(name="the-sweet-spot").code == 0
    assert "SV501" in call("replay", "R7").err
    assert "SV508" in call("ledger", "verify", "--receipt", "x").err
    assert "SV509" in call("ledger", "list", "--ledger", "mysql://h/d").err
    assert refused("review", "--scenario", "x.yaml") == "SV120"


def test_scenario_from_a_pipe_is_recorded_and_replays() -> None:
    text = (ROOT / scenario("the-sweet-spot")).read_text("utf-8")
    assert call("record", "-", "--by", "leader", stdin=text).code == 0
    assert call("replay", "R1").code == 0
    assert "standard input" in call("review", "R1").out


def test_replay_in_another_process_is_the_same(ledger: Path) -> None:
    record(name="the-sweet-spot")
    done = process("replay", "R1", PYTHONHASHSEED="7")
    assert done.code == 0, done.err
    assert done.out.startswith("THE SAME")


def test_pages_stay_within_80_columns() -> None:
    record("--dissent", "a long sentence " * 20)
    for words in (
        ["ledger", "list"],
        ["ledger", "show", "R1"],
        ["ledger", "verify"],
        ["review", "--on", "2028-01-01"],
        ["replay", "R1"],
    ):
        assert max(len(line) for line in call(*words).lines) <= 80, words


def test_decide_imports_nothing_of_the_ledger() -> None:
    import subprocess
    import sys

    heavy = ("sqlalchemy", "alembic", "jinja2", "typst", "prov", "rfc8785")
    code = (
        "import sys; from sharedvalue.cli.main import run; run(['decide', 'scenarios/the-sweet-spot.yaml']); "
        f"sys.exit(any(m in sys.modules for m in {heavy}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0


def test_form_of_a_file_is_recorded_and_followed_up(ledger: Path, tmp_path: Path) -> None:
    form = tmp_path / "decision.yaml"
    assert call("record", scenario("the-sweet-spot"), "--blank", "-o", str(form)).code == 0
    form.write_text(
        form.read_text().replace("by: []", "by: [board]").replace("decision:", "decision: keep course", 1)
    )
    both = call("record", scenario("the-sweet-spot"), "--form", str(form), "--by", "board")
    assert both.code == 2
    done = call("record", scenario("the-sweet-spot"), "--form", str(form))
    assert "DECIDED: keep course" in done.out, done.err
    happened = call("record", "--what-happened", "R1", "--by", "leader", "--result", "done", "--words", "it held",
                    "--measured", "contribution=70")  # fmt: skip
    assert "WHAT BECAME OF IT" in happened.out, happened.err
    assert "it held" in call("review").out
    assert read(call("review", "--json"))["happened"][0]["result"] == "done"
    assert read(call("rules", "calibrate", "--json"))["followed"] == 1
    assert "CALIBRATION  1 record followed up" in call("rules", "calibrate").out
    assert "SV304" in call("record", scenario("the-sweet-spot"), "--form", str(broken(form))).err


def broken(form: Path) -> Path:
    form.write_text(form.read_text().replace("answer:", "answer: perhaps", 1))
    return form
