"""Which of many ways (lists of literals) hold in a world, in plain Python: where durable-rules cannot be had.

The same contract as `durable.Matcher`. The literals of all ways stand in one tree, those that most ways ask first, so
that a literal is looked at once for all the ways that begin alike, and not at all once one before it has failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from sharedvalue.engine.language.formulas import COMPARE, Test, Way


class Matcher:
    """Tells which of some ways hold in a world: any number of any length, with numbers of any size."""

    def __init__(self, ways: Iterable[Way]) -> None:
        ways = list(ways)
        asked_by = Counter(test for way in ways for test in set(way))
        self._root = Branch()
        for position, way in enumerate(ways):
            self._root.grow(sorted(set(way), key=lambda test: (-asked_by[test], test.sort_key())), position)

    def matches(self, values: Mapping[str, int]) -> list[int]:
        """The positions of the ways that hold, lowest first. A literal with a missing value does not hold."""
        matched: list[int] = []
        waiting = [self._root]
        while waiting:
            branch = waiting.pop()
            matched += branch.complete
            for literal, further in branch.further.values():
                if literal.holds(values):
                    waiting.append(further)
        return sorted(matched)


class Branch:
    """What is known to hold so far: the ways that it completes, and the literals that lead further."""

    __slots__ = ("complete", "further")

    def __init__(self) -> None:
        self.complete: list[int] = []
        self.further: dict[Test, tuple[Literal, Branch]] = {}

    def grow(self, tests: Sequence[Test], position: int) -> None:
        """Adds a way, of which these literals are left. (A loop: a way may be longer than Python recurses.)"""
        branch = self
        for test in tests:
            branch = branch.further.setdefault(test, (Literal(test), Branch()))[1]
        branch.complete.append(position)


class Literal:
    """One comparison, ready to be made."""

    __slots__ = ("compare", "left", "right", "variable")

    def __init__(self, test: Test) -> None:
        self.compare: Callable[[int, int], bool] = COMPARE[test.op]
        self.left = test.left
        self.variable = test.right if isinstance(test.right, str) else None
        self.right = 0 if isinstance(test.right, str) else test.right

    def holds(self, values: Mapping[str, int]) -> bool:
        try:
            right = self.right if self.variable is None else values[self.variable]
            return self.compare(values[self.left], right)
        except KeyError:
            return False
