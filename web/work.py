"""The work of the engine, in processes beside the page: within a budget, twice the same only once, the slow apart."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import pickle
import secrets
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import sharedvalue
from sharedvalue.engine.errors import Place, Problem, UserError
from sharedvalue.web.turns import Full, Turns
from sharedvalue.web.worker import HEADER

QUICK, SLOW = "quick", "slow"
ROOM = 8_000_000  # bytes of answers kept, as they are packed
JOBS = 2000  # after so many a worker makes way for a fresh one
ROOT = Path(sharedvalue.__file__).resolve().parent.parent  # where the package lies


class OutOfTime(Exception):
    """The work took longer than its budget, and was ended."""


class Busy(Exception):
    """Too many are waiting already."""


class Failed(Exception):
    """A mistake of ours; its text names places in the program, and nothing else."""


class Worker:
    """One process. It answers one job at a time."""

    def __init__(self, lane: str) -> None:
        self.lane, self.jobs = lane, 0
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sharedvalue.web.worker",
            *(["--slow"] if self.lane == SLOW else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl-C is for the page, which then ends its workers itself
        )

    async def ask(self, body: bytes) -> tuple[str, Any]:
        process = self.process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        self.jobs += 1
        process.stdin.write(HEADER.pack(len(body)) + body)
        await process.stdin.drain()
        size = HEADER.unpack(await process.stdout.readexactly(HEADER.size))[0]
        found: tuple[str, Any] = pickle.loads(await process.stdout.readexactly(size))
        return found

    async def stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
            self.process = None


class Pool:
    """Two lanes of workers. What is quick (a decision, one step of what-if) never waits for what is slow (a proof)."""

    def __init__(self, workers: int, quick_seconds: float, slow_seconds: float) -> None:
        self.sizes = {QUICK: workers, SLOW: max(1, workers // 2)}
        self.seconds = {QUICK: quick_seconds, SLOW: slow_seconds}
        self.turns: dict[str, Turns[Worker]] = {}
        self.workers: set[Worker] = set()
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.kept_size = 0
        self.running: dict[bytes, asyncio.Future[Any]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.stopping = False

    async def start(self) -> None:
        """Starts the processes; nobody waits for them but whoever asks first."""
        self.turns = {lane: Turns(max(1, size - 1)) for lane, size in self.sizes.items()}
        for lane, size in self.sizes.items():
            for _ in range(size):
                self.later(self.fresh(lane))

    def later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def fresh(self, lane: str) -> None:
        worker = Worker(lane)
        await worker.start()
        self.workers.add(worker)
        self.turns[lane].ready(worker)

    async def replaced(self, worker: Worker) -> None:
        if not self.stopping:
            self.later(self.fresh(worker.lane))
            await worker.stop()
            self.workers.discard(worker)

    async def stop(self) -> None:
        self.stopping = True
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in list(self.workers)))
        self.workers.clear()

    async def ask(
        self,
        job: str,
        lane: str = QUICK,
        seconds: float | None = None,
        kept: bool = True,
        who: str = "",
        **given: Any,
    ) -> Any:
        """The answer of a job. What reads or writes more than it is given is not kept, and asked anew each time.

        Those who ask much (`who`) wait for their own answers.

        Raises:
            UserError: what the person got wrong; OutOfTime, Busy, Failed.
        """
        body = pickle.dumps((job, given), protocol=pickle.HIGHEST_PROTOCOL)
        key = hashlib.sha256(body).digest() if kept else secrets.token_bytes(32)
        if key in self.kept:
            self.kept.move_to_end(key)
            return pickle.loads(self.kept[key])
        if key not in self.running:
            limit = seconds or self.seconds[lane]
            future = asyncio.ensure_future(self.work(key, body, lane, limit, kept, who))
            self.running[key] = future
            future.add_done_callback(
                lambda done: (self.running.pop(key, None), done.cancelled() or done.exception())
            )
        return await asyncio.shield(self.running[key])

    async def work(self, key: bytes, body: bytes, lane: str, seconds: float, kept: bool, who: str) -> Any:
        turns = self.turns[lane]
        try:
            worker = await turns.take(who, 2 * self.seconds[lane])
        except (Full, TimeoutError, asyncio.TimeoutError):
            raise Busy from None
        ended = True
        try:
            state, found = await asyncio.wait_for(worker.ask(body), seconds)
            ended = worker.jobs >= JOBS
        except (TimeoutError, asyncio.TimeoutError):
            raise OutOfTime from None
        except (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError):
            raise Failed("a worker ended") from None
        finally:
            turns.back(who, None if ended else worker)
            if ended:
                self.later(self.replaced(worker))
        if state == "mistake":
            raise UserError([_problem(told) for told in found])
        if state == "failed":
            raise Failed(found)
        if kept:
            self.keep(key, found)
        return found

    def keep(self, key: bytes, found: Any) -> None:
        """Keeps an answer packed: as objects it takes several times the room, and what grew would not be what was counted."""
        self.kept[key] = pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)
        self.kept_size += len(self.kept[key])
        while self.kept_size > ROOM and len(self.kept) > 1:
            _, oldest = self.kept.popitem(last=False)
            self.kept_size -= len(oldest)


def _problem(told: dict[str, Any]) -> Problem:
    return Problem(
        told["code"], Place(told["file"], told["line"] or 0, told["column"] or 0), told["what"], told["mend"]
    )
