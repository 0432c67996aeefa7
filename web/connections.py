"""Connections that say nothing do not stand in the way: who sends half a request is cut off, and the oldest idle one makes room."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # from the first sign of a connection to the end of a request's head
BODY_SECONDS = 120.0  # for what is sent with it: 50 MB at 4 Mbit/s
MOST = 300  # connections; of more, one that waits for nothing is closed


class Connection(H11Protocol):
    """A connection of uvicorn, with these limits."""

    limit: asyncio.TimerHandle | None = None
    waits_for: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST:
            for other in sorted(self.connections, key=_since):
                if isinstance(other, Connection) and other is not self and other.is_idle:
                    other.transport.abort()
                    break
        self.since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_watch()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        cycle = getattr(self, "cycle", None)  # None before the first request, whatever its type says
        return cycle is None or bool(cycle.response_complete)

    def _watch(self) -> None:
        """A limit for what the client owes now; it begins once, however slowly more comes."""
        state = self.conn.their_state
        owes = state if state is h11.SEND_BODY or (state is h11.IDLE and self._has_begun()) else None
        if owes is self.waits_for:
            return
        self._end_watch()
        self.waits_for = owes
        if owes is not None:
            seconds = BODY_SECONDS if owes is h11.SEND_BODY else HEAD_SECONDS
            self.limit = self.loop.call_later(seconds, self.transport.abort)

    def _has_begun(self) -> bool:
        """Whether a head is due: of a first request at once, of a later one when a part of it is there."""
        return getattr(self, "cycle", None) is None or bool(self.conn.trailing_data[0])

    def _end_watch(self) -> None:
        if self.limit is not None:
            self.limit.cancel()
        self.limit = self.waits_for = None


def _since(connection: Any) -> float:
    return float(getattr(connection, "since", 0.0))
