"""What is printed of tables of communities fits the schemas published for it, rows with mistakes included."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.questions.test_portfolio import rows_like_ours, written
from tests.schemas import fits


@pytest.mark.parametrize(
    "run",
    [["portfolio"], ["decide"], ["sweep", "--vary", "contribution=0..100"]],
    ids=["portfolio", "decide", "sweep"],
)
def test_tables_fit_their_schema(tmp_path: Path, run: list[str]) -> None:
    rows = rows_like_ours(12, random.Random(31))
    rows[3]["member_value_now"] = "140"
    rows[5]["contribution"] = ""
    path = written(tmp_path / "many.csv", rows)
    done = call(run[0], str(path), *run[1:], "--json")
    told = json.loads(done.out)
    fits(told)
    assert done.code == 1
    assert sum("problems" in row for row in told["rows"]) >= 1
    assert sum("problems" not in row for row in told["rows"]) >= 1


def test_decide_and_portfolio_say_the_same_of_a_table(tmp_path: Path) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(12, random.Random(32)))
    assert call("decide", str(path), "--json").out == call("portfolio", str(path), "--json").out


def test_a_table_is_decided_by_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(2, random.Random(33)))
    assert "SV120" in call("decide", str(path), "scenarios/silent-drift.yaml").err
    assert "SV120" in call("decide", "scenarios/silent-drift.yaml", "-o", "a.csv").err
