"""Who gets the next worker: each person in turn, and nobody all of them at once, so that nobody waits long behind one who asks much."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

Worker = TypeVar("Worker")
MOST_WAITING = 30  # of one person
MOST_IN_ALL = 200


class Full(Exception):
    """Too many wait already."""


class Turns(Generic[Worker]):
    """The workers of a lane. `most` is how many one person may have at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.idle: deque[Worker] = deque()
        self.waiting: OrderedDict[str, deque[asyncio.Future[Worker]]] = OrderedDict()
        self.held: Counter[str] = Counter()

    async def take(self, who: str, seconds: float) -> Worker:
        """A worker, once it is this person's turn.

        Raises:
            Full: too many wait; TimeoutError: it did not come to that.
        """
        mine = self.waiting.setdefault(who, deque())
        if len(mine) >= MOST_WAITING or sum(map(len, self.waiting.values())) >= MOST_IN_ALL:
            raise Full
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        mine.append(turn)
        self._give_out()
        try:
            return await asyncio.wait_for(asyncio.shield(turn), seconds)
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.back(who, turn.result())
            turn.cancel()
            raise

    def back(self, who: str, worker: Worker | None) -> None:
        """A person's work is done; the worker goes on to the next, if it lives."""
        self.held[who] -= 1
        if self.held[who] <= 0:
            del self.held[who]
        if worker is not None:
            self.idle.append(worker)
        self._give_out()

    def ready(self, worker: Worker) -> None:
        self.idle.append(worker)
        self._give_out()

    def _give_out(self) -> None:
        for who in list(self.waiting):
            turns = self.waiting[who]
            while turns and turns[0].done():  # whoever gave up
                turns.popleft()
            if not turns:
                del self.waiting[who]
            elif self.idle and self.held[who] < self.most:
                self.held[who] += 1
                turns.popleft().set_result(self.idle.popleft())
                self.waiting.move_to_end(who)
                if not turns:
                    del self.waiting[who]
