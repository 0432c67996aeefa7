"""The rules and conclusions that led to a decision, for many rows at once: worked out once for each different way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.language.formulas import And, Condition
from engine.language.grounded import Grounded, GroundRule

WORD = 64


@dataclass(frozen=True)
class Path:
    """The rules that led to a decision, the deciding one first, and the conclusions that they reached."""

    rules: tuple[str, ...]
    conclusions: tuple[str, ...]


class Paths:
    """Walks back from the deciding branch, as `Decision.path` does.

    `asked` are all ways in which a rule can fire.
    """

    def __init__(self, grounded: Grounded, address: Callable[[str], str]) -> None:
        """`address` says how people write a conclusion."""
        self.grounded, self._address = grounded, address
        self.branches = {branch.place: branch for branch in grounded.branches}
        self.rule_of = {place: branch.rule for place, branch in self.branches.items()}
        self._first: dict[str, int] = {}
        self.asked: list[Condition] = []
        for rule in self._leading():
            self._first[rule.key] = len(self.asked)
            self.asked += [And(tuple(way)) for way in rule.alternatives]
        self._kept: dict[tuple[int, tuple[int, ...]], Path] = {}

    def _leading(self) -> list[GroundRule]:
        """The rules from which some branch can be reached."""
        found: dict[str, GroundRule] = {}
        waiting = [branch.candidate for branch in self.grounded.branches]
        seen = set(waiting)
        while waiting:
            for rule in self.grounded.rules_for.get(waiting.pop(), ()):
                if rule.key not in found:
                    found[rule.key] = rule
                    below = {
                        t.left for way in rule.alternatives for t in way if t.right == 1 and t.op == "=="
                    } - seen
                    seen |= below
                    waiting += sorted(below)
        return list(found.values())

    def of(self, place: int, words: tuple[int, ...]) -> Path:
        """The path to a deciding place, given which of `asked` hold (as bits, 64 a word)."""
        key = (place, words)
        if key not in self._kept:
            self._kept[key] = self._walk(place, sum(word << WORD * i for i, word in enumerate(words)))
        return self._kept[key]

    def _walk(self, place: int, bits: int) -> Path:
        found: dict[str, GroundRule] = {}
        waiting = [self.branches[place].candidate]
        while waiting:
            conclusion = waiting.pop(0)
            for rule in self.grounded.rules_for.get(conclusion, ()):
                first = self._first[rule.key]
                held = [way for i, way in enumerate(rule.alternatives) if bits >> first + i & 1]
                if held and rule.key not in found:
                    found[rule.key] = rule
                    waiting += [t.left for way in held for t in way if t.right == 1 and t.op == "=="]
        conclusions = dict.fromkeys(
            name for rule in found.values() for name in rule.concludes if not name.startswith("candidate:")
        )
        return Path(
            tuple(dict.fromkeys(rule.rule for rule in found.values())), tuple(map(self._address, conclusions))
        )
