"""What a sweep goes through, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

from sharedvalue.engine.questions.vary import Varied
from sharedvalue.engine.readings.sweep import Reading
from sharedvalue.engine.worlds import Worlds

Progress = Callable[[int, int], None]  # worlds done, worlds in all


@dataclass(frozen=True)
class Share:
    """One outcome: in how many worlds, and in how many by which rule, or by one of which where something else is open."""

    outcome: str
    worlds: int
    rules: Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class Swept:
    """What a sweep found. `worlds` are those that can be; `cannot_be` broke a constraint and are counted nowhere else.

    A grid is exact (every world counted once); of a sample, `drawn` says how many worlds were drawn and
    `seed` with what. Where `partial`, it was stopped after `done` of `asked` worlds, and the first ones only
    are counted.
    """

    plan: Plan
    worlds: int
    cannot_be: int
    shares: tuple[Share, ...]
    modes: Mapping[str, int]
    done: int
    partial: bool
    file: Path | None = None

    @property
    def exact(self) -> bool:
        return self.plan.samples is None and not self.partial

    def share(self, count: int) -> float:
        return count / self.worlds if self.worlds else 0.0

    def as_json(self) -> dict[str, object]:
        plan = self.plan
        return {
            "schema": "sharedvalue/sweep/1",
            "scenario": plan.worlds.scenario.title,
            "rulebook": plan.worlds.book.identity(),
            "worlds": self.worlds,
            "outcomes": [
                {
                    "outcome": s.outcome,
                    "worlds": s.worlds,
                    "share": self.share(s.worlds),
                    "rules": {" or ".join(rules): worlds for rules, worlds in s.rules.items()},
                }
                for s in self.shares
            ],
            "modes": dict(self.modes),
            "cannot_be": self.cannot_be,
            "varied": [{"fact": v.address, "values": v.domain.size, "asked": v.asked} for v in plan.varied],
            "exact": self.exact,
            "held": plan.held,
            "sample": None if plan.samples is None else {"n": plan.samples, "seed": plan.seed},
            "partial": self.partial,
            "done": self.done,
            "asked": plan.size,
            "file": None if self.file is None else str(self.file),
        }


@dataclass(frozen=True)
class Plan:
    """A sweep that can be run. The last varied value moves fastest; `reading` reads positions in the varied domains.

    `anew`: what varies forms the case otherwise, or facts are open that change no outcome, so that each world is decided as
    its file would be. `held`: it would, but there are too many worlds, and all are read with evidence, assumptions and doubts
    as they are in the case.
    """

    worlds: Worlds
    varied: tuple[Varied, ...]
    reading: Reading
    samples: int | None
    seed: int
    anew: bool = False
    held: bool = False

    @cached_property
    def size(self) -> int:
        """How many worlds there are."""
        return self.samples if self.samples is not None else prod(v.domain.size for v in self.varied)

    @property
    def idle(self) -> tuple[str, ...]:
        """What varies, and nothing in this case reads it."""
        if self.anew:
            return ()
        return tuple(
            v.address for v in self.varied if v.name not in self.reading.inputs and not v.domain.is_known
        )
