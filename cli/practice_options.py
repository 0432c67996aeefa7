"""What the commands of practice share: the practice file, the cases, and the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call

if TYPE_CHECKING:
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.store import Store

Command = Callable[..., object]
SEEDS = click.IntRange(0, 999_999)


def file_option(function: Command) -> Command:
    """Adds --file, the practice file."""
    return click.option(
        "--file", metavar="FILE", help="The practice file; else your own, in your data folder."
    )(function)


def store_of(file: str | None) -> Store:
    from sharedvalue.engine.practice.store import Store

    return Store(Path(file)) if file else Store()


def cases_of(call: Call) -> Cases:
    from sharedvalue.engine.practice.cases import Cases

    return Cases(call.book)


def now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)
