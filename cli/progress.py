"""How far long work is, on standard error, where that is a terminal and it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

Progress = Callable[[int, int], None]


class Shown:
    """Shows how much of some work is done: so many of so many things of a kind, and the time that is left."""

    AFTER, EVERY = 1.0, 0.2  # seconds: before anything is shown, and between two sights

    def __init__(self, things: str = "worlds") -> None:
        self.things = things

    def __enter__(self) -> Progress | None:
        self._started = self._last = time.monotonic()
        self._shown = False
        return self._show if sys.stderr.isatty() else None

    def _show(self, done: int, size: int) -> None:
        now = time.monotonic()
        if now - self._started < self.AFTER or now - self._last < self.EVERY:
            return
        self._last, self._shown = now, True
        left = (now - self._started) * (size - done) / done if done else 0
        click.echo(
            f"\r{done:,} of {size:,} {self.things} ({100 * done // max(1, size)} %), {left:.0f} s left   ",
            nl=False,
            err=True,
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo(f"\r{' ' * 78}\r", nl=False, err=True)
