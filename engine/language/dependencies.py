"""What a value or a decision stands on: the inputs that reach it through measures and rules."""

from __future__ import annotations

from collections.abc import Iterable

from sharedvalue.engine.kept import KeptOf
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import Grounded


class _Graph:
    """For each variable of a grounded table, the variables that it is made from."""

    def __init__(self, grounded: Grounded) -> None:
        self.below: dict[str, set[str]] = {
            name: set(reads(formula)) for name, formula in grounded.measures.items()
        }
        for rule in grounded.rules:
            read = {
                test
                for way in (*rule.alternatives, *rule.defeats)
                for t in way
                for test in (t.left, t.right)
                if isinstance(test, str)
            }
            for conclusion in rule.concludes:
                self.below.setdefault(conclusion, set()).update(read)
        self.candidates = {branch.candidate for branch in grounded.branches}
        self.below["outcome"] = self.below["decided_by"] = set(self.candidates)
        self.deciding = frozenset(self.closure(self.candidates)) & frozenset(grounded.inputs)
        self._stands_on: dict[str, frozenset[str]] = {}

    def stands_on(self, name: str) -> frozenset[str]:
        found = self._stands_on.get(name)
        if found is None:
            found = self._stands_on[name] = frozenset(self.closure([name]) - {name})
        return found

    def closure(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.below.get(name, ())
        return found


_graphs: KeptOf[_Graph] = KeptOf(64)  # as many as grounding keeps tables


def _graph(grounded: Grounded) -> _Graph:
    return _graphs.of(grounded, lambda: _Graph(grounded))


def stands_on(grounded: Grounded, name: str) -> frozenset[str]:
    """All variables that a value is made from, itself not counted."""
    return _graph(grounded).stands_on(name)


def deciding_inputs(grounded: Grounded) -> frozenset[str]:
    """The inputs that the choice of the outcome stands on."""
    return _graph(grounded).deciding
