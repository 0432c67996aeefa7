"""The rules and conclusions that led to a decision, for many rows at once: worked out once for each different way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.formulas import And, Condition, Test
from sharedvalue.engine.language.grounded import Grounded, GroundRule

WORD = 64


@dataclass(frozen=True)
class Path:
    """The rules that led to a decision, the deciding one first, and the conclusions that they reached."""

    rules: tuple[str, ...]
    conclusions: tuple[str, ...]


class Paths:
    """Walks back from the deciding branch, as `Decision.path` does.

    `asked` are all ways in which a rule can fire, and the conclusions that these read.
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
        for name in self._conclusions_read():
            self._first[name] = len(self.asked)
            self.asked.append(Test(name, "==", 1))
        self._kept: dict[tuple[int, tuple[int, ...], tuple[int, ...], frozenset[str]], Path | None] = {}

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

    def _conclusions_read(self) -> list[str]:
        """The conclusions that some way reads."""
        read = {t.left: None for rule in self._leading() for way in rule.alternatives for t in way}
        return [name for name in read if name in self.grounded.rules_for]

    def of(
        self,
        place: int,
        words: tuple[int, ...],
        varying: tuple[int, ...] = (),
        open_names: frozenset[str] = frozenset(),
    ) -> Path | None:
        """The path to a deciding place, given which of `asked` hold in every world (as bits, 64 a word).

        `varying` are those that hold in some worlds only, and `open_names` the inputs that differ between worlds. As
        `Decision.path` does, it leaves out a rule of which only the way in which it fires differs from world to world,
        and not that its conclusion holds. None where the path hangs on which world is spoken of.
        """
        key = (place, words, varying, open_names)
        if key not in self._kept:
            self._kept[key] = self._walk(place, _joined(words), _joined(varying), open_names)
        return self._kept[key]

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

    def _walk(self, place: int, bits: int, varying: int, open_names: frozenset[str]) -> Path | None:
        found: dict[str, GroundRule] = {}
        waiting = [self.branches[place].candidate]
        while waiting:
            conclusion = waiting.pop(0)
            for rule in self.grounded.rules_for.get(conclusion, ()):
                first = self._first[rule.key]
                held = [way for i, way in enumerate(rule.alternatives) if bits >> first + i & 1]
                sometimes = (varying >> first & (1 << len(rule.alternatives)) - 1).bit_count()
                if sometimes > 1 or (held and sometimes):
                    return None
                if held and rule.key not in found and self._told(rule, held, varying, open_names):
                    found[rule.key] = rule
                    waiting += [t.left for way in held for t in way if t.right == 1 and t.op == "=="]
        conclusions = dict.fromkeys(
            name for rule in found.values() for name in rule.concludes if not name.startswith("candidate:")
        )
        return Path(
            tuple(dict.fromkeys(rule.rule for rule in found.values())), tuple(map(self._address, conclusions))
        )


def _joined(words: tuple[int, ...]) -> int:
    return sum(word << WORD * i for i, word in enumerate(words))
