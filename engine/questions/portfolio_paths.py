"""The rules and conclusions that led to a decision, for many rows at once: worked out once for each different way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.formulas import And, Condition, Test
from sharedvalue.engine.language.grounded import Grounded, GroundRule
from sharedvalue.engine.readings.sweep.ends import Ended


@dataclass(frozen=True)
class Path:
    """The rules that led to a decision, the deciding one first, and the conclusions that they reached."""

    rules: tuple[str, ...]
    conclusions: tuple[str, ...]


@dataclass(frozen=True)
class _Walked:
    """Where a walk led, and which of what was asked it read on the way, as bits."""

    path: Path | None
    read: int


class Paths:
    """Walks back from the deciding branch, as `Decision.path` does.

    `asked` are all ways in which a rule can fire, and the conclusions that these read.
    """

    def __init__(self, grounded: Grounded, address: Callable[[str], str], also: Iterable[str] = ()) -> None:
        """`address` says how people write a conclusion; `also` are more conclusions to be told of."""
        self.grounded, self._address = grounded, address
        self.branches = {branch.place: branch for branch in grounded.branches}
        self.rule_of = {place: branch.rule for place, branch in self.branches.items()}
        self._first: dict[str, int] = {}
        self.asked: list[Condition] = []
        for rule in self._leading():
            self._first[rule.key] = len(self.asked)
            self.asked += [And(tuple(way)) for way in rule.alternatives]
        for name in dict.fromkeys((*self._conclusions_read(), *also)):
            self._first[name] = len(self.asked)
            self.asked.append(Test(name, "==", 1))
        self._kept: dict[tuple[object, ...], dict[int, dict[tuple[int, int], _Walked]]] = {}

    def _leading(self) -> list[GroundRule]:
        """The rules from which some branch can be reached."""
        found: dict[str, GroundRule] = {}
        waiting = [branch.candidate for branch in self.grounded.branches]
        seen = set(waiting)
        while waiting:
            for rule in self.grounded.rules_for.get(waiting.pop(), ()):
                if rule.key not in found:
                    found[rule.key] = rule
                    below = {name for way in rule.alternatives for name in _read_as_held(way)} - seen
                    seen |= below
                    waiting += sorted(below)
        return list(found.values())

    def _conclusions_read(self) -> list[str]:
        """The conclusions that some way reads."""
        read = {t.left: None for rule in self._leading() for way in rule.alternatives for t in way}
        return [name for name in read if name in self.grounded.rules_for]

    def of(
        self, place: int, everywhere: int, varying: int = 0, open_names: frozenset[str] = frozenset()
    ) -> Path | None:
        """The path to a deciding place, given which of `asked` hold in every world, as bits.

        `varying` are those that hold in some worlds only, and `open_names` the inputs that differ between worlds. As
        `Decision.path` does, it leaves out a rule of which only the way in which it fires differs from world to world,
        and not that its conclusion holds. None where the path hangs on which world is spoken of.
        """
        return self._kept_walk((self.branches[place].candidate,), everywhere, varying, open_names)

    def of_several(
        self, ways: Sequence[Ended], everywhere: int, varying: int, open_names: frozenset[str]
    ) -> Path | None:
        """The path of a case whose worlds end in different outcomes: the rules that every way to them has in common.

        `ways` says in which places they end, each with which of `asked` hold in all and in some of the worlds that end
        there. None where it hangs on which world is spoken of.
        """
        heads: dict[str, None] = {}
        for outcome in sorted({way.outcome for way in ways}):
            read = [
                self._heads(way.place, way.held, way.some & ~way.held, everywhere)
                for way in ways
                if way.outcome == outcome
            ]
            if any(one is None or one != read[0] for one in read):
                return None
            heads.update(dict.fromkeys(read[0] or ()))
        return self._kept_walk(tuple(heads), everywhere, varying, open_names)

    def wanted(
        self, places: Mapping[int, int], perhaps: Callable[[int], int], also: Mapping[str, int]
    ) -> Mapping[int, int]:
        """Which of `asked` a path may come to read, by position, each with the rows in which it may, as bits.

        `places` are the rows in which a place may decide, `perhaps` those in which one of `asked` may hold, and `also` those
        in which a conclusion is asked of besides.
        """
        found: dict[int, int] = {self._first[name]: rows for name, rows in also.items()}
        reached: dict[str, int] = {}
        waiting = [
            (self.branches[place].candidate, rows) for place, rows in places.items() if place in self.branches
        ]
        while waiting:
            conclusion, rows = waiting.pop()
            rows &= ~reached.get(conclusion, 0)
            if not rows:
                continue
            reached[conclusion] = reached.get(conclusion, 0) | rows
            for rule in self.grounded.rules_for.get(conclusion, ()):
                for at, way in enumerate(rule.alternatives, self._first[rule.key]):
                    found[at] = found.get(at, 0) | rows
                    here = rows & perhaps(at)
                    if not here:
                        continue
                    for name in _names(way) & self.grounded.rules_for.keys():
                        found[self._first[name]] = found.get(self._first[name], 0) | here
                    waiting += [(name, here) for name in _read_as_held(way)]
        return found

    def _heads(self, place: int, held: int, sometimes: int, everywhere: int) -> tuple[str, ...] | None:
        """The conclusions that hold in every world and are read by a way to a place; None where the worlds differ in that."""
        found: dict[str, None] = {}
        for rule in self.grounded.rules_for.get(self.branches[place].candidate, ()):
            for i, way in enumerate(rule.alternatives, self._first[rule.key]):
                read = [
                    t.left for t in way if t.left in self._first and everywhere >> self._first[t.left] & 1
                ]
                if sometimes >> i & 1 and read:
                    return None
                if held >> i & 1:
                    found.update(dict.fromkeys(read))
        return tuple(found)

    @property
    def asked_of(self) -> Mapping[str, int]:
        """The conclusions and rules that are asked of, each with where its bits begin."""
        return self._first

    def settled(self, name: str, everywhere: int, varying: int) -> int | None:
        """1 where a conclusion holds in every world, 0 where in none; None where worlds differ, or it was not asked."""
        if name not in self._first or varying >> self._first[name] & 1:
            return None
        return everywhere >> self._first[name] & 1

    def _kept_walk(
        self, heads: tuple[str, ...], bits: int, varying: int, open_names: frozenset[str]
    ) -> Path | None:
        kept = self._kept.setdefault((heads, open_names), {})
        for read, paths in kept.items():  # what a walk did not read makes no difference to it
            found = paths.get((bits & read, varying & read))
            if found is not None:
                return found.path
        walked = self._walk(heads, bits, varying, open_names)
        kept.setdefault(walked.read, {})[bits & walked.read, varying & walked.read] = walked
        return walked.path

    def _told(
        self, rule: GroundRule, held: list[tuple[Test, ...]], varying: int, open_names: frozenset[str]
    ) -> bool:
        """Whether a rule that fires in every world may be told; see `Decision.holds_everywhere`."""
        if not open_names or any(self.grounded.rules_for.get(c) == (rule,) for c in rule.concludes):
            return True
        return any(all(self._is_certain(t, varying, open_names) for t in way) for way in held)

    def _is_certain(self, test: Test, varying: int, open_names: frozenset[str]) -> bool:
        names = [name for name in (test.left, test.right) if isinstance(name, str)]
        return all(
            not varying >> self._first[name] & 1
            if name in self.grounded.rules_for
            else (name not in open_names and not stands_on(self.grounded, name) & open_names)
            for name in names
        )

    def _walk(self, heads: tuple[str, ...], bits: int, varying: int, open_names: frozenset[str]) -> _Walked:
        found: dict[str, GroundRule] = {}
        waiting, read = list(heads), 0
        while waiting:
            conclusion = waiting.pop(0)
            for rule in self.grounded.rules_for.get(conclusion, ()):
                first = self._first[rule.key]
                ways = (1 << len(rule.alternatives)) - 1
                held = [way for i, way in enumerate(rule.alternatives) if bits >> first + i & 1]
                read |= ways << first
                for name in (name for way in held for name in _names(way)):
                    read |= 1 << self._first[name] if name in self.grounded.rules_for else 0
                sometimes = (varying >> first & ways).bit_count()
                if sometimes > 1 or (held and sometimes):
                    return _Walked(None, read)
                if held and rule.key not in found and self._told(rule, held, varying, open_names):
                    found[rule.key] = rule
                    waiting += [name for way in held for name in _read_as_held(way)]
        conclusions = dict.fromkeys(
            name for rule in found.values() for name in rule.concludes if not name.startswith("candidate:")
        )
        rules = tuple(dict.fromkeys(rule.rule for rule in found.values()))
        return _Walked(Path(rules, tuple(map(self._address, conclusions))), read)


def _read_as_held(way: Sequence[Test]) -> list[str]:
    """What a way asks to hold."""
    return [test.left for test in way if test.right == 1 and test.op == "=="]


def _names(way: Sequence[Test]) -> set[str]:
    return {name for test in way for name in (test.left, test.right) if isinstance(name, str)}
