"""The form of a case: how many records each list has, and what is given or lacking. One grounded table serves all of one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Shape:
    """What of a case decides the form of its rules, and nothing else: so one grounded table serves many cases.

    `counts` gives the length of each list that was given; `given` the facts given that are also measures; `lacking`
    the fields ("sponsors.stance") that no record of a list fills.
    """

    counts: tuple[tuple[str, int], ...] = ()
    given: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    @cached_property
    def count(self) -> Mapping[str, int]:
        return dict(self.counts)
