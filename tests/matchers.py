"""The reading `fire` with one or the other of its matchers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest

from sharedvalue.engine.readings.fire import program

MATCHERS = ("durable", "plain")


@contextmanager
def matched_by(name: str) -> Iterator[None]:
    """ImportError where the matcher of this name cannot be loaded here."""
    module = import_module(f"sharedvalue.engine.readings.fire.{name}")
    kept = program._matcher, program._programs
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "matcher", module.Matcher)
        for clear in (program._matcher.cache_clear, program._programs.clear):
            clear()
        yield
    kept[0].cache_clear()
    kept[1].clear()


def loads(name: str) -> bool:
    try:
        with matched_by(name):
            return True
    except ImportError:
        return False
