"""A sweep over a table: each row has the shares that a sweep of that case alone has."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.portfolio_rows import read_portfolio
from sharedvalue.engine.questions.sweep import count, plan
from sharedvalue.engine.questions.sweep_table import sweep_portfolio, sweep_table
from tests.questions.test_portfolio import rows_like_ours, written

BOOK = load()


@pytest.mark.parametrize(
    "specs", [["contribution=0..100"], ["overlap_short=0..100/5", "needs_shift=20..60"]], ids=" ".join
)
def test_every_row_is_swept_as_it_would_be_alone(tmp_path: Path, specs: list[str]) -> None:
    rows = rows_like_ours(40, random.Random(21))
    for each in rows:
        each["stance_source"] = "sponsor_said"
    portfolio = read_portfolio(written(tmp_path / "many.csv", rows), BOOK)
    found = sweep_portfolio(portfolio, specs)
    compared = 0
    for row in found.rows:
        try:
            planned = plan(BOOK, portfolio.scenario(row.row), specs)
            alone = count(
                replace(planned, anew=False)
            )  # a table holds what evidence and assumptions make of a row
        except UserError as error:
            codes = [
                p.code for p in error.problems
            ]  # SV205: means nothing in this row, so it does not vary there
            assert [p.code for p in row.problems] == ([] if codes == ["SV205"] else codes)
            continue
        assert not row.problems
        told = {s.outcome: {" or ".join(rules): n for rules, n in s.rules.items()} for s in alone.shares}
        assert told == row.outcomes, portfolio.cells[row.row]
        assert (alone.worlds, alone.cannot_be) == (row.worlds, row.cannot_be)
        compared += 1
    assert compared > 10


def test_a_row_with_something_else_open_is_told_and_the_rest_swept(tmp_path: Path) -> None:
    rows = rows_like_ours(8, random.Random(22))
    for row in rows:
        row |= {"has_sponsor": "true", "stance_source": "sponsor_said", "sponsors_conflict": "false"}
    rows[3] |= {"member_value_now": "", "member_value_outlook": ""}
    path = written(tmp_path / "many.csv", rows)
    found = sweep_table(path, BOOK, ["contribution=0..100"])
    assert [(row.number, row.problems[0].code) for row in found.rows if row.problems] == [(5, "SV240")]
    assert not sweep_table(path, BOOK, ["contribution=0..100"], vary_unknown=True).problems


def test_a_fact_that_means_nothing_in_a_row_does_not_vary_there(tmp_path: Path) -> None:
    rows = rows_like_ours(4, random.Random(23))
    for row in rows:
        row["has_sponsor"] = "false"
    found = sweep_table(written(tmp_path / "many.csv", rows), BOOK, ["sponsor_stance"], vary_unknown=True)
    assert all(
        row.worlds_of(outcome) in (0, row.worlds) for row in found.rows for outcome in row.outcomes or {}
    )


@pytest.mark.parametrize(
    "spec, code",
    [
        ("contribution=normal(50,10)", "SV205"),
        ("contributon=0..100", "SV204"),
        ("contribution=90..10", "SV205"),
        ("contribution=20..200", "SV205"),
    ],
)
def test_what_cannot_be_varied_is_told(tmp_path: Path, spec: str, code: str) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(2, random.Random(24)))
    with pytest.raises(UserError, match=code):
        sweep_table(path, BOOK, [spec])


def test_more_worlds_than_can_be_gone_through_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(2, random.Random(25)))
    specs = [f"{name}=0..100" for name in ("contribution", "needs_shift", "overlap_short", "overlap_long",
                                           "member_value_now", "sponsor_value_now", "openness_to_realign")]  # fmt: skip
    with pytest.raises(UserError, match="SV910"):
        sweep_table(path, BOOK, specs)


def test_how_far_it_is_is_told_up_to_the_last_row(tmp_path: Path) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(12, random.Random(24)))
    told: list[tuple[int, int]] = []
    found = sweep_table(
        path,
        BOOK,
        ["contribution=0..100/10"],
        vary_unknown=True,
        progress=lambda done, of: told.append((done, of)),
    )
    assert len(found.rows) == 12
    assert {of for _, of in told} == {12}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (12, 12)
