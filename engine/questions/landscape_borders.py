"""The borders of a map: where two regions meet, and the thresholds that part them, read from the conditions that turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.questions.landscape_parts import Edge, Landscape, Side
from sharedvalue.engine.questions.loose_thresholds import ground_loosely
from sharedvalue.engine.readings.prove import Budget
from sharedvalue.engine.readings.prove import Program as Prover

LOOKED_AT = 400  # stretches of one border whose two sides are compared
SECONDS = 3.0  # and how long that may take in all
At = Callable[[int, int], Decision | None]


def sides(
    found: Landscape,
    at: At,
    xs: Sequence[int],
    ys: Sequence[int],
    rows: Sequence[Sequence[int]],
    order: Mapping[int, int],
) -> tuple[Side, ...]:
    """Every border between two regions, with the thresholds that make it. Straight parts on one line are one border."""
    reasons = _Reasons(found, at)
    ends = {"x": [*xs[1:], found.x.domain.size], "y": [*ys[1:], found.y.domain.size]}
    parts: dict[tuple[tuple[int, int], tuple[str, ...]], list[Edge]] = {}
    for (one, other), edge in _edges(xs, ys, ends, rows):
        pair = (order[one], order[other])
        key = (min(pair), max(pair)), reasons.of(pair, edge)
        parts.setdefault(key, []).append(edge)
    made = [Side(pair, tuple(_joined(edges)), names) for (pair, names), edges in parts.items()]
    return tuple(sorted(made, key=lambda side: (side.regions, side.edges[0].axis, side.edges[0].at)))


def _edges(
    xs: Sequence[int], ys: Sequence[int], ends: Mapping[str, Sequence[int]], rows: Sequence[Sequence[int]]
) -> Iterator[tuple[tuple[int, int], Edge]]:
    """Between which answers each stretch of border lies: those left and right of it, or below and above."""
    for j, row in enumerate(rows):
        for i in range(1, len(row)):
            if row[i - 1] != row[i]:
                yield (row[i - 1], row[i]), Edge("x", xs[i], ys[j], ends["y"][j] - 1)
    for j in range(1, len(rows)):
        for i, (below, above) in enumerate(zip(rows[j - 1], rows[j], strict=True)):
            if below != above:
                yield (below, above), Edge("y", ys[j], xs[i], ends["x"][i] - 1)


def _joined(edges: Sequence[Edge]) -> list[Edge]:
    """Stretches on one line that touch become one."""
    found: list[Edge] = []
    for edge in sorted(edges, key=lambda e: (e.axis, e.at, e.from_)):
        last = found[-1] if found else None
        if last and (last.axis, last.at, last.to + 1) == (edge.axis, edge.at, edge.from_):
            found[-1] = Edge(edge.axis, edge.at, last.from_, edge.to)
        else:
            found.append(edge)
    return found


class _Reasons:
    """The thresholds behind stretches of border, by comparing a world on either side of it."""

    def __init__(self, found: Landscape, at: At) -> None:
        self.found, self.at = found, lru_cache(maxsize=4096)(at)
        self.known: dict[tuple[object, ...], tuple[str, ...]] = {}
        self.counted: dict[tuple[int, int], int] = {}
        self.budget = Budget(SECONDS)

    def of(self, pair: tuple[int, int], edge: Edge) -> tuple[str, ...]:
        regions = self.found.regions
        if any(regions[r].answer.outcome is None for r in pair):
            return ()
        key = (edge.axis, edge.at, pair)
        if key not in self.known:
            count = self.counted[pair] = self.counted.get(pair, 0) + 1
            self.known[key] = self.look(edge) if count <= LOOKED_AT and not self.budget.spent else ()
        return self.known[key]

    def look(self, edge: Edge) -> tuple[str, ...]:
        places = ((edge.at - 1, edge.from_), (edge.at, edge.from_))
        here, there = (self.at(*(p if edge.axis == "x" else p[::-1])) for p in places)
        if here is None or there is None:
            return ()
        axis = self.found.x if edge.axis == "x" else self.found.y
        for one, other in ((here, there), (there, here)):
            apart = [p for p in one.possible if p.outcome not in {q.outcome for q in other.possible}]
            for possible in apart or one.possible[:1]:
                moved = {**possible.example, axis.name: other.worlds.domains[axis.name].lo}
                names = turning(one, possible.example, moved)
                if names:
                    return names
        return ()


def turning(decision: Decision, one: Mapping[str, int], other: Mapping[str, int]) -> tuple[str, ...]:
    """The thresholds whose comparisons turn between two worlds, of those on the way to what was decided in either."""
    worlds = decision.worlds
    grounded = ground_loosely(worlds.book, worlds.shape)
    limits = {t.name: t.value for t in worlds.book.thresholds.values() if t.name in grounded.inputs}
    prover = Prover.from_grounded(grounded)
    return _Turning(
        grounded, frozenset(limits), prover.evaluate({**one, **limits}), prover.evaluate({**other, **limits})
    ).names()


class _Turning:
    """What turns between two worlds. A threshold makes a border where the value held against it moves by itself; where
    that value jumps because a conclusion below it turned, what made the conclusion turn is named instead.
    """

    def __init__(
        self, grounded: Grounded, limits: frozenset[str], one: Mapping[str, int], other: Mapping[str, int]
    ) -> None:
        self.grounded, self.limits, self.one, self.other = grounded, limits, one, other
        self.known: dict[str, frozenset[str]] = {}

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.all(self.value(name) for name in self.decisive())))

    @staticmethod
    def all(parts: Iterable[frozenset[str]]) -> frozenset[str]:
        return frozenset().union(*parts)

    def turns(self, condition: f.Condition) -> bool:
        return f.holds(condition, self.one) != f.holds(condition, self.other)

    def decisive(self) -> Iterator[str]:
        """The candidates that decided on either side; where that is the same one, the modes."""
        branches = sorted(self.grounded.branches, key=lambda b: b.place)
        chosen = [
            next((b for b in branches if world.get(b.candidate)), None) for world in (self.one, self.other)
        ]
        if chosen[0] != chosen[1]:
            yield from (b.candidate for b in chosen if b is not None)
        else:
            yield from (name for name in self.grounded.rules_for if name.startswith("mode:"))

    def value(self, name: str) -> frozenset[str]:
        """The thresholds below a value that differs."""
        if name not in self.known:
            self.known[name] = frozenset()
            if self.one.get(name) != self.other.get(name):
                self.known[name] = self.below(name)
        return self.known[name]

    def below(self, name: str) -> frozenset[str]:
        measure = self.grounded.measures.get(name)
        conditions = [
            c
            for rule in self.grounded.rules_for.get(name, ())
            for c in (rule.when, rule.unless)
            if c is not None
        ]
        found = self.all(self.condition(c) for c in conditions)
        return found if measure is None else found | self.formula(measure)

    def condition(self, condition: f.Condition) -> frozenset[str]:
        """The thresholds of the comparisons that turn in a condition which itself turns."""
        if not self.turns(condition):
            return frozenset()
        match condition:
            case f.Test(left, _, right):
                return self.compared([left, right])
            case f.Compare():
                return self.compared(f.reads(condition))
            case f.Not(part):
                return self.condition(part)
            case f.And(parts) | f.Or(parts):
                return self.all(self.condition(part) for part in parts)
            case _:
                return frozenset()

    def compared(self, sides: Iterable[str | int]) -> frozenset[str]:
        names = [side for side in sides if isinstance(side, str)]
        deeper = self.all(self.value(name) for name in names if name not in self.limits)
        direct = frozenset(name for name in names if name in self.limits)
        return deeper or direct or self.all(self.made_of(f.Value(name)) for name in names)

    def made_of(self, number: f.Formula) -> frozenset[str]:
        """The thresholds that a number is made of, as far as this world uses them."""
        match number:
            case f.Value(name) if name in self.limits:
                return frozenset({name})
            case f.Value(name) if name in self.grounded.measures:
                return self.made_of(self.grounded.measures[name])
            case f.Sum(parts) | f.Product(parts):
                return self.all(self.made_of(part) for part in parts)
            case f.Quotient(top, bottom):
                return self.made_of(top) | self.made_of(bottom)
            case f.Pick(_, items, _):
                return self.all(self.made_of(item) for when, item in items if f.holds(when, self.one))
            case f.Choose(when, then, otherwise):
                return self.made_of(then if f.holds(when, self.one) else otherwise)
            case _:
                return frozenset()

    def formula(self, number: f.Formula) -> frozenset[str]:
        """The thresholds of the comparisons that turn inside a measure that differs."""
        match number:
            case f.Value(name):
                return self.value(name)
            case f.Sum(parts) | f.Product(parts):
                return self.all(self.formula(part) for part in parts)
            case f.Quotient(top, bottom):
                return self.formula(top) | self.formula(bottom)
            case f.Pick(_, items, default):
                found = self.all(self.condition(when) | self.formula(item) for when, item in items)
                return found | self.formula(default)
            case f.Choose(when, then, otherwise):
                return self.condition(when) | self.formula(then) | self.formula(otherwise)
            case f.Truth() | f.Const():
                return frozenset()
            case _:
                return self.condition(number)
