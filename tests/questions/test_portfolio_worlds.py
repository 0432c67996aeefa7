"""Rows that are formed as one have the worlds that each would have alone: blanks, gates, measures, groups and ranges."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sharedvalue.engine.language import grounding
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.questions.portfolio_batches import Batches
from sharedvalue.engine.questions.portfolio_rows import portfolio_of, read_portfolio
from sharedvalue.engine.worlds import form
from tests.questions.test_portfolio import Row, rows_like_ours, written

BOOK = load()


def sponsorless(rows: list[Row]) -> list[Row]:
    """Rows in which what concerns a sponsor means nothing."""
    return [{**row, "has_sponsor": "false", "openness_to_realign": ""} for row in rows]


@pytest.mark.parametrize("blanks", [0.0, 0.03, 0.3])
def test_every_row_of_a_batch_has_the_worlds_that_it_has_alone(tmp_path: Path, blanks: float) -> None:
    rng = random.Random(31)
    rows = rows_like_ours(120, rng, blanks) + sponsorless(rows_like_ours(10, rng, blanks))
    for row in rows[::7]:
        row |= {"member_value_now": "20..60", "lifecycle_stage": "", "segments[others].stay": "10..30"}
    for row in rows[::5]:
        row |= {f"segments[experts].{name}": "" for name in ("count", "level", "overlap", "stay", "active")}
    portfolio = read_portfolio(written(tmp_path / "many.csv", rows), BOOK)
    batches, seen = Batches(portfolio), 0
    for batch in batches.found:
        for at, values, opened in zip(batch.rows, batch.values, batch.open, strict=True):
            alone = form(BOOK, portfolio.scenario(at))
            assert alone.grounded == batch.worlds.grounded
            assert alone.scenario.records == batch.worlds.scenario.records
            assert {n: d for n, d in alone.domains.items() if not d.is_known} == opened
            assert all(values[n] == d.lo for n, d in alone.domains.items() if d.is_known)
            seen += 1
    assert seen == len(rows) - len(batches.bad)


def test_what_means_nothing_forms_no_case_of_its_own() -> None:
    """Without a sponsor it makes no difference which of the sponsor's cells are filled."""
    rows = [dict(row) for row in sponsorless(rows_like_ours(1, random.Random(34))) * 20]
    for number, row in enumerate(rows):
        for name in ("sponsor_stance", "contribution", "overlap_short")[: number % 4]:
            row[name] = ""
        row["strategic_potential"] = ("", "20..50", "70")[number % 3]
    batches = Batches(portfolio_of(list(rows[0]), [tuple(row.values()) for row in rows], "a table", BOOK))
    assert [len(batch.rows) for batch in batches.found] == [20]
    assert len({batches.patterns.key(row) for row in range(20)}) == 1


def test_blanks_that_open_only_their_own_value_need_no_case_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_like_ours(1, random.Random(32)) * 40
    rows = [dict(row) for row in rows]
    for number, row in enumerate(rows):
        row[("member_value_now", "lifecycle_stage", "core_group_size", "leave_rate_12m")[number % 4]] = ""
    formed: list[str] = []

    def counted(*given: object) -> object:
        formed.append("")
        return form(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("sharedvalue.engine.questions.portfolio_batches.form", counted)
    Batches(read_portfolio(written(tmp_path / "many.csv", rows), BOOK))
    assert len(formed) == 1


def test_tables_that_share_their_rules_are_those_built_afresh() -> None:
    rng = random.Random(33)
    lists = {
        f.name: f.type for f in BOOK.facts.values() if isinstance(f.type, RecordsType) and not f.top_level
    }
    for _ in range(40):
        counts = tuple((name, rng.choice((0, 2))) for name in lists if rng.random() < 0.4)
        given = frozenset(rng.sample(list(BOOK.measures), rng.choice((0, 2, 5))))
        lacking = frozenset(
            f"{n}.{s.name}" for n, kind in lists.items() for s in kind.fields if rng.random() < 0.2
        )
        shape, stage = Shape(counts, given, lacking), rng.choice(("world", "evidence"))
        shared = ground(BOOK, stage, shape)
        grounding._frames.clear()
        grounding._tables.clear()
        fresh = ground(BOOK, stage, shape)
        assert fresh is not shared
        assert fresh == shared
        assert (list(fresh.variables), fresh.inputs) == (list(shared.variables), shared.inputs)
        ground(BOOK, stage, Shape(counts))  # so that the next one finds a frame of another shape
