"""What `prove` answers: the outcomes that are possible, what they hang on, and what holds in every world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Possible:
    """An outcome that can come out, with one full world (all inputs) in which it does.

    `modes` are all sets of mode conclusions that can hold with it; `complete` is False when there may be more.
    """

    outcome: int
    example: Mapping[str, int]
    modes: tuple[frozenset[str], ...]
    complete: bool


@dataclass(frozen=True)
class Possibilities:
    """What could follow. Everything stated is proven; with `complete` False, something was not settled in the budget.

    No outcomes (only when not complete): not even a world was found, and what is settled is so if there is one.

    `pivotal`: unknowns such that two worlds that differ in it alone end in different outcomes. `settled`: conclusions
    that have one value in every world. `unsure_outcomes`, `unsure_facts`, `unsure_conclusions`: not found, and not
    proven impossible, not pivotal, or settled either.
    """

    outcomes: tuple[Possible, ...]
    pivotal: tuple[str, ...]
    settled: Mapping[str, bool]
    complete: bool
    unsure_outcomes: tuple[int, ...] = ()
    unsure_facts: tuple[str, ...] = ()
    unsure_conclusions: tuple[str, ...] = ()


def mode_sets(worlds: int, modes: Iterable[tuple[str, int]]) -> list[tuple[frozenset[str], int]]:
    """Some worlds parted by which modes hold in them."""
    parts: list[tuple[frozenset[str], int]] = [(frozenset(), worlds)]
    for name, where in modes:
        parts = [
            part
            for held, these in parts
            for part in ((held | {name}, these & where), (held, these & ~where))
            if part[1]
        ]
    return parts
