"""Work in processes: within its budget, the slow apart from the quick, and nothing of it in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.web.work import ROOM, SLOW, Busy, Failed, OutOfTime, Pool
from tests.web.serving import SCENARIOS

HOUSE: dict[str, Any] = {"house": (), "stamp": ""}
DRIFT: dict[str, Any] = {
    "text": (SCENARIOS / "silent-drift.yaml").read_text("utf-8"),
    "file": "silent-drift.yaml",
}


def with_pool(work: Callable[[Pool], Coroutine[Any, Any, None]], workers: int = 1) -> None:
    async def run() -> None:
        pool = Pool(workers, 30.0, 30.0)
        await pool.start()
        try:
            await work(pool)
        finally:
            await pool.stop()

    asyncio.run(run())


def test_work_beyond_its_budget_is_ended_and_the_next_is_done() -> None:
    async def work(pool: Pool) -> None:
        await pool.ask(
            "tests.web.jobs:nap", seconds=20, number=0, length=0.0, **HOUSE
        )  # the worker has started
        with pytest.raises(OutOfTime):
            await pool.ask("tests.web.jobs:nap", seconds=0.3, number=1, length=60.0, **HOUSE)
        assert await pool.ask("tests.web.jobs:nap", seconds=20, number=2, length=0.0, **HOUSE) == 2

    with_pool(work)


def test_a_slow_proof_does_not_stall_a_decision() -> None:
    async def work(pool: Pool) -> None:
        slow = asyncio.ensure_future(
            pool.ask("tests.web.jobs:nap", lane=SLOW, seconds=20, number=1, length=15.0, **HOUSE)
        )
        found = await pool.ask("decision:answer", **DRIFT, **HOUSE)
        assert (found["outcome"], found["look"]["kind"]) == ("NOT_YET", "proposal")
        assert found["brief"]["sentence"].startswith("Not yet")
        assert not slow.done()
        slow.cancel()

    with_pool(work)


def test_the_same_question_is_worked_on_once() -> None:
    async def work(pool: Pool) -> None:
        both = await asyncio.gather(*(pool.ask("tests.web.jobs:token", **HOUSE) for _ in range(5)))
        assert len(set(both)) == 1
        assert await pool.ask("tests.web.jobs:token", **HOUSE) == both[0]

    with_pool(work)


def test_mistakes_of_people_are_told_and_ours_name_no_facts() -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(UserError):
            await pool.ask("decision:answer", text="scenario: 1\n", file="x", **HOUSE)
        with pytest.raises(Failed) as told:
            await pool.ask("tests.web.jobs:fail", secret="Ada has left us", **HOUSE)
        assert "Ada" not in str(told.value)
        assert "ValueError" in str(told.value)
        with pytest.raises(Failed):
            await pool.ask("tests.web.jobs:die", **HOUSE)
        assert await pool.ask("tests.web.jobs:nap", number=3, length=0.0, **HOUSE) == 3

    with_pool(work)


def test_too_many_who_wait_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharedvalue.web.turns.MOST_WAITING", 2)

    async def work(pool: Pool) -> None:
        many = [
            asyncio.ensure_future(pool.ask("tests.web.jobs:nap", number=n, length=0.2, **HOUSE))
            for n in range(6)
        ]
        found = await asyncio.gather(*many, return_exceptions=True)
        assert any(isinstance(one, Busy) for one in found)
        assert any(isinstance(one, int) for one in found)

    with_pool(work)


def test_answers_kept_never_take_more_room_than_is_given_to_them() -> None:
    pool, answer = Pool(1, 1.0, 1.0), "a" * (ROOM // 10)
    for number in range(40):
        pool.keep(str(number).encode(), answer)
        assert sum(map(len, pool.kept.values())) == pool.kept_size <= ROOM
    assert list(pool.kept)[-1] == b"39"
    assert 5 < len(pool.kept) < 11


def test_a_kept_answer_is_not_changed_by_who_gets_it() -> None:
    async def work(pool: Pool) -> None:
        first = await pool.ask("decision:answer", **DRIFT, **HOUSE)
        title = first.pop("title")
        assert (await pool.ask("decision:answer", **DRIFT, **HOUSE))["title"] == title

    with_pool(work)
