"""A table of communities: every row is decided as the case alone would be, and each mistake has its row and column."""

from __future__ import annotations

import csv
import random
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import sharedvalue.engine.questions.portfolio as portfolio_module
from sharedvalue.cli.portfolio import lines
from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.portfolio import decide_portfolio, decide_table
from sharedvalue.engine.questions.portfolio_result import Decided
from sharedvalue.engine.questions.portfolio_rows import Portfolio, portfolio_of, read_portfolio
from sharedvalue.engine.worlds import form
from tests.rules.cases import default

BOOK = load()
POINTS = (
    "member_value_now",
    "member_value_outlook",
    "sponsor_value_now",
    "sponsor_value_outlook",
    "overlap_short",
    "overlap_long",
    "contribution",
    "contribution_if_restricted",
    "contribution_to_shifted",
    "strategic_potential",
    "openness_to_realign",
    "needs_shift",
)
CHOICES = {
    "has_sponsor": ("true", "true", "false"),
    "shift_durable": ("true", "false"),
    "sponsor_stance": ("fixed", "negotiable"),
    "stance_source": ("document", "sponsor_said", "leader_inferred"),
    "sponsor_engaged": ("contacted", "in_dialogue", "refused_shift"),
    "sponsors_conflict": ("true", "false", "false"),
}
Row = dict[str, str]


def text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows_like_ours(count: int, rng: random.Random, blanks: float = 0.0) -> list[Row]:
    base = {name: text(value) for name, value in default().items() if not isinstance(value, list | dict)}
    found = []
    for number in range(count):
        row = {"community": f"c{number}", **base}
        row |= {name: str(rng.choice((24, 25, 30, 39, 40, 50, 60, rng.randint(0, 100)))) for name in POINTS}
        row |= {name: rng.choice(options) for name, options in CHOICES.items()}
        for name, level in (("experts", "expert"), ("others", "novice")):
            overlap = row["overlap_short"] if rng.random() < 0.7 else str(rng.randint(0, 100))
            fields = {
                "count": str(rng.randint(50, 900)),
                "level": level,
                "overlap": overlap,
                "stay": "80",
                "active": "50",
            }
            fields["target"] = text(level == "expert")
            row |= {f"segments[{name}].{field}": value for field, value in fields.items()}
        kept = ("community", "has_sponsor")
        found.append({n: "" if rng.random() < blanks and n not in kept else v for n, v in row.items()})
    return found


def written(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
    elif path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        book = pytest.importorskip("openpyxl").Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append([cell(value) for value in row.values()])
        book.save(path)
    return path


def cell(value: str) -> object:
    """A value as a spreadsheet holds it."""
    if value.isdigit():
        return float(value)
    return value == "true" if value in ("true", "false") else value or None


def alone(portfolio: Portfolio, row: int) -> Decided:
    """A row decided as a case of its own."""
    decision = decide(form(BOOK, portfolio.scenario(row)))
    chosen = decision.after.chosen or decision.trace.chosen
    led = dict.fromkeys(n for f in decision.path for n in f.rule.concludes if not n.startswith("candidate:"))
    return Decided(
        row,
        portfolio.names[row],
        decision.outcome,
        decision.modes,
        chosen.rule if chosen else "",
        decision.certain,
        tuple(dict.fromkeys(f.rule.rule for f in decision.path)),
        tuple(map(Naming(decision.worlds).address, led)),
        tuple(decision.worlds.scenario.address(n) for n in decision.pivotal),
        decision.complete,
    )


@pytest.mark.parametrize("blanks, count", [(0.0, 60), (0.01, 80), (0.05, 100), (0.3, 30)])
def test_every_row_is_decided_as_it_would_be_alone(tmp_path: Path, blanks: float, count: int) -> None:
    path = written(tmp_path / "many.csv", rows_like_ours(count, random.Random(3), blanks))
    portfolio = read_portfolio(path, BOOK)
    found = decide_portfolio(portfolio)
    assert not found.problems
    for row in found.rows:
        assert row == alone(portfolio, row.row), portfolio.cells[row.row]
    assert sum(sum(rules.values()) for rules in found.outcomes.values()) == count
    assert any(not row.certain for row in found.rows) or not blanks


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_other_kinds_of_table_say_the_same(tmp_path: Path, suffix: str) -> None:
    rows = rows_like_ours(30, random.Random(4))
    one, other = (decide_table(written(tmp_path / f"many{kind}", rows), BOOK) for kind in (".csv", suffix))
    assert other.rows == one.rows


def test_mistakes_have_their_row_and_column_and_the_rest_is_decided(tmp_path: Path) -> None:
    rows = rows_like_ours(6, random.Random(5))
    for row in rows:
        row |= {"has_sponsor": "true", "sponsor_engaged": "in_dialogue"}
    rows[1] |= {"member_value_now": "140", "sponsor_stance": "fixd"}
    rows[2] |= {"sponsor_engaged": "agreed_shift", "sponsor_stance": "fixed"}
    rows[4]["has_sponsor"] = ""
    found = decide_table(written(tmp_path / "many.csv", rows), BOOK)
    told = {
        row.number: [(p.code, str(p.place).split(", ", 1)[1]) for p in row.problems] for row in found.rows
    }
    assert {row: problems for row, problems in told.items() if problems} == {
        3: [("SV205", "row 3 (c1), column member_value_now"), ("SV205", "row 3 (c1), column sponsor_stance")],
        4: [("SV207", "row 4 (c2), column sponsor_stance")],
        6: [("SV203", "row 6 (c4)")],
    }
    assert len(found.decided) == 3


def test_columns_that_are_no_facts_are_told_together(tmp_path: Path) -> None:
    row = {"community": "c", "_region": "north", "member_valu_now": "4", "segments": "3", "needs": ""}
    with pytest.raises(UserError) as caught:
        read_portfolio(written(tmp_path / "many.csv", [{**row, "segments[experts].overlp": "4"}]), BOOK)
    assert [p.code for p in caught.value.problems] == ["SV204"] * 4


def test_when_time_runs_out_the_rows_left_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio_module, "MOST_IN_A_ROW", 1)
    rows = rows_like_ours(20, random.Random(6))
    for row in rows:
        row |= {"member_value_now": "", "sponsor_value_now": "20..80", "contribution": ""}
    path = written(tmp_path / "many.csv", rows)
    whole, found = decide_table(path, BOOK), decide_table(path, BOOK, seconds=0)
    assert {problem.code for problem in found.problems} == {"SV911"}
    left = {row.row for row in found.rows if row.problems}
    assert {row.row for row in whole.rows if not row.certain} <= left
    assert all(row == whole.rows[row.row] for row in found.decided)
    assert left


def test_rows_of_which_not_all_was_proven_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {**row, "member_value_now": "", "sponsor_stance": ""} for row in rows_like_ours(3, random.Random(6))
    ]
    path = written(tmp_path / "many.csv", rows)
    assert decide_table(path, BOOK).as_json()["incomplete"] == 0
    monkeypatch.setattr(portfolio_module, "MOST_IN_A_ROW", 0)
    monkeypatch.setattr(portfolio_module, "decide", lambda worlds: replace(decide(worlds), complete=False))
    found = decide_table(path, BOOK)
    assert found.as_json()["incomplete"] == len(found.incomplete) == 3
    assert found.columns()["complete"] == [False] * 3
    text = "\n".join(lines(found))
    assert "Of 3 not all could be proven" in text
    late = decide_table(path, BOOK, seconds=0)
    assert (late.as_json()["left"], late.as_json()["decided"]) == (3, 0)
    assert "3 are left: the time ran out." in "\n".join(lines(late))


def test_a_long_table_is_decided_by_several_processes_as_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_like_ours(5, random.Random(14), 0.05)
    rows[3]["member_value_now"] = "a lot"
    portfolio = read_portfolio(written(tmp_path / "many.csv", rows), BOOK)
    monkeypatch.setattr(portfolio_module, "GROUPS_A_PROCESS", 2)
    shown: list[tuple[int, int]] = []
    found = decide_portfolio(portfolio, progress=lambda *told: shown.append(told), processes=2)
    assert found.rows == decide_portfolio(portfolio).rows
    assert [row.row for row in found.rows if row.problems] == [3]
    assert all(0 < done <= total for done, total in shown)


def test_rows_of_a_process_that_is_ended_are_decided_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_like_ours(5, random.Random(15), 0.05)
    portfolio = portfolio_of(list(rows[0]), [tuple(row.values()) for row in rows], "a table", BOOK)
    monkeypatch.setattr(portfolio_module, "GROUPS_A_PROCESS", 2)
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def ended(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        process = start(*given, **named)
        process.kill()
        started.append(process)
        return process

    monkeypatch.setattr("sharedvalue.engine.questions.portfolio_processes.subprocess.Popen", ended)
    found = decide_portfolio(portfolio, processes=2)
    assert started
    assert found.rows == decide_portfolio(portfolio).rows


@pytest.mark.parametrize(
    "opened",
    [
        {"sponsor_stance": ""},
        {"openness_to_realign": "20..70", "strategic_potential": ""},
        {"stance_source": "leader_inferred", "overlap_short": "50", "segments[experts].overlap": "90"},
        {"segments[others].count": "", "contribution": "40..60"},
    ],
    ids=[
        "a choice",
        "a range and a number",
        "doubted by the evidence chapter",
        "a number of millions of values",
    ],
)
def test_rows_with_open_facts_are_decided_as_they_would_be_alone(
    tmp_path: Path, opened: dict[str, str]
) -> None:
    rows = [row | opened for row in rows_like_ours(60, random.Random(8))]
    portfolio = read_portfolio(written(tmp_path / "many.csv", rows), BOOK)
    for row in decide_portfolio(portfolio).rows:
        assert row == alone(portfolio, row.row), portfolio.cells[row.row]


def test_most_rows_with_one_open_fact_need_no_proof_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the outcome is the same in all worlds is read off them together."""
    rng, rows = random.Random(10), rows_like_ours(300, random.Random(10))
    for row in rows:
        row[rng.choice(("sponsor_stance", "openness_to_realign", "contribution_to_shifted"))] = ""
    proven: list[int] = []
    single = portfolio_module._Deciding._one

    def counted(self: portfolio_module._Deciding, row: int) -> Decided:
        proven.append(row)
        return single(self, row)

    monkeypatch.setattr(portfolio_module._Deciding, "_one", counted)
    found = decide_table(written(tmp_path / "many.csv", rows), BOOK)
    assert len(found.decided) == 300
    assert len(proven) < 60


def test_rows_that_end_differently_are_decided_from_their_worlds(tmp_path: Path) -> None:
    """Together, without a proof of their own, and as they would be alone."""
    rng, rows = random.Random(12), rows_like_ours(150, random.Random(12))
    for row in rows:
        row |= {"has_sponsor": "true", "sponsor_engaged": "in_dialogue"}
        for name in rng.sample(("sponsor_stance", "member_value_now", "shift_durable", "meeting_mode"), 2):
            row[name] = ""
    portfolio = read_portfolio(written(tmp_path / "many.csv", rows), BOOK)
    deciding = portfolio_module._Deciding(portfolio, range(len(portfolio.cells)))
    deciding.together()
    open_rows = [row for row in deciding.found.values() if not row.certain]
    assert len(open_rows) > 10
    for found in open_rows:
        assert found == alone(portfolio, found.row), portfolio.cells[found.row]


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("none.csv", None, "SV101"),
        ("a.docx", b"x", "SV113"),
        ("a.xlsx", b"not a zip", "SV413"),
        ("a.parquet", b"PAR1 no", "SV113"),
        ("a.csv", b"", "SV113"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=code):
        read_portfolio(tmp_path / name, BOOK)
