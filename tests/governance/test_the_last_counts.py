"""Of what is kept in order, the last counts: entries of the decision log, ledgers that were seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance import witness
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.language.scenario import MAX_RECORDS, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
from tests.governance.common import book, scenario

AGREED = Path(scenario("hospice-nurses-a-shift-decided-together")).read_text(encoding="utf-8")
ENTRY = "    - {date: 2026-09-08, who: core group, agreed: meetings at noon}\n"


def decided(text: str) -> Decision:
    return decide(form(book(), read_scenario(parse(text, "case.yaml"), book(), "case.yaml")))


@pytest.mark.parametrize("before, after", [(0, 0), (MAX_RECORDS - 1, 0), (0, MAX_RECORDS - 1), (31, 0)])
def test_an_agreement_counts_wherever_it_stands_in_a_long_log(before: int, after: int) -> None:
    start, entry, rest = re.split(r"(?<=decision_log:\n)(.*\n)", AGREED, maxsplit=1)
    assert "sponsor_took_part: true" in entry
    assert decided(start + ENTRY * before + entry + ENTRY * after + rest).status != "proposed"
    assert decided(start + ENTRY * (before + after + 1) + rest).status == "proposed"


def test_a_log_that_is_too_long_is_told_and_not_cut() -> None:
    start, entry, rest = re.split(r"(?<=decision_log:\n)(.*\n)", AGREED, maxsplit=1)
    with pytest.raises(UserError, match=r"SV901.*61 decision_log are more than the 60"):
        decided(start + ENTRY * MAX_RECORDS + entry + rest)


def test_the_ledgers_seen_last_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(witness.VARIABLE, str(tmp_path / "seen.json"))
    monkeypatch.setattr(witness, "MOST", 2)
    for name in ("a", "b", "c"):
        with open_ledger(str(tmp_path / f"{name}.sqlite"), writing=True):
            pass
    assert [Path(place).stem for place in witness._read()] == ["b", "c"]
