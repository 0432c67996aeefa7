"""What a reading of one world returns: firings, defeats and absences, each with what it matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sharedvalue.engine.language.formulas import Test, compare
from sharedvalue.engine.language.grounded import GroundBranch, Grounded, GroundRule


@dataclass(frozen=True)
class Firing:
    """A rule that fired (or was defeated) and every alternative of its condition that held."""

    rule: GroundRule
    matched: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True)
class Trace:
    """One world, read: `values` holds every variable (facts, measures, conclusions as 1 or 0, the choice)."""

    grounded: Grounded
    values: Mapping[str, int]
    firings: tuple[Firing, ...]
    defeats: tuple[Firing, ...]
    chosen: GroundBranch | None
    undecided: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def concluded_by(self) -> Mapping[str, tuple[Firing, ...]]:
        found: dict[str, list[Firing]] = {}
        for firing in self.firings:
            for conclusion in firing.rule.concludes:
                found.setdefault(conclusion, []).append(firing)
        return {name: tuple(firings) for name, firings in found.items()}

    def holds(self, conclusion: str) -> bool:
        return self.values.get(conclusion, 0) == 1

    def passes(self, test: Test) -> bool | None:
        """Whether a literal holds here; None when a value is missing (evidence stage only)."""
        left = self.values.get(test.left)
        right = self.values.get(test.right) if isinstance(test.right, str) else test.right
        return None if left is None or right is None else compare(left, test.op, right)
