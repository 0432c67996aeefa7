"""What surely holds in each of many cases with open values, and what perhaps does: the circuit read once, with a span a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce, singledispatch
from math import prod

import polars as pl

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.sweep.circuit import (
    FALSE,
    TRUE,
    All,
    Any,
    AtLeast,
    Cases,
    Chosen,
    Column,
    Divided,
    Equals,
    Flag,
    Node,
    NoLess,
    Num,
    Picked,
    Same,
    Times,
    Total,
)
from sharedvalue.engine.readings.sweep.products import always
from sharedvalue.engine.readings.sweep.translate import Key, parts

Compared = AtLeast | Equals | NoLess | Same
Mask = int  # one byte a case, the first the lowest: 1 where something holds
WIDEST = 1 << 62


class Bounds:
    """Reads a circuit for many cases. `order` are its nodes, each after all that it reads.

    `known` holds a value of each input in each case, `open_` what it may be there instead.
    """

    def __init__(
        self,
        nodes: Callable[[Key], object],
        order: Sequence[Key],
        known: Sequence[Mapping[str, int]],
        open_: Sequence[Mapping[str, Domain]],
    ) -> None:
        self.count = len(known)
        self.every: Mask = int.from_bytes(b"\x01" * self.count, "little")
        self._known, self._open = known, open_
        self._surely: dict[int, Mask] = {}
        self._perhaps: dict[int, Mask] = {}
        self._spans: dict[Node, tuple[pl.Series, pl.Series]] = {}
        self._columns: dict[str, tuple[pl.Series, pl.Series]] = {}
        for key in order:
            if isinstance(key, int):
                self._surely[key], self._perhaps[key] = holds(nodes(key), self)
            else:
                self._spans[key] = spans(key, self)

    # --- conditions -------------------------------------------------------------------------------------------
    def surely(self, literal: int) -> Mask:
        """The cases in all of whose worlds a literal holds, as far as spans can tell."""
        if literal in (TRUE, FALSE):
            return self.every if literal == TRUE else 0
        return self._surely[literal] if literal > 0 else self.every ^ self._perhaps[-literal]

    def perhaps(self, literal: int) -> Mask:
        """The cases of which spans cannot tell that it holds in no world."""
        return self.every ^ self.surely(-literal)

    def unsure(self, key: Key) -> Mask:
        """The cases in which a condition or a number may be more than one thing."""
        if isinstance(key, int):
            return self.surely(key) ^ self.perhaps(key)
        lo, hi = self._spans[key]
        return self.mask(lo < hi)

    def several(self, masks: Sequence[Mask]) -> Mask:
        """The cases in which more than one of these is so."""
        once = twice = 0
        for mask in masks:
            once, twice = once | mask, twice | once & mask
        return twice

    # --- numbers ----------------------------------------------------------------------------------------------
    def span(self, number: Num) -> tuple[pl.Series, pl.Series]:
        """The lowest and the highest that a number may be in each case."""
        if isinstance(number, Node):
            return self._spans[number]
        same = self.constant(number)
        return same, same

    def constant(self, value: int) -> pl.Series:
        return pl.Series([value], dtype=pl.Int64).extend_constant(value, self.count - 1)

    def column(self, name: str) -> tuple[pl.Series, pl.Series]:
        if name not in self._columns:
            lows, highs = [], []
            for values, domains in zip(self._known, self._open, strict=True):
                domain = domains.get(name)
                value = values[name]
                lows.append(value if domain is None else domain.lo)
                highs.append(value if domain is None else domain.hi)
            self._columns[name] = pl.Series(lows, dtype=pl.Int64), pl.Series(highs, dtype=pl.Int64)
        return self._columns[name]

    def cases(self, rows: Sequence[int]) -> Mask:
        """Some cases, by their numbers."""
        found = bytearray(self.count)
        for row in rows:
            found[row] = 1
        return int.from_bytes(found, "little")

    def by_case(self, mask: Mask) -> bytes:
        """A byte for each case."""
        return mask.to_bytes(self.count, "little")

    def mask(self, series: pl.Series) -> Mask:
        return int.from_bytes(bytes(series.cast(pl.UInt8).to_list()), "little")

    def series(self, mask: Mask) -> pl.Series:
        return pl.Series(list(self.by_case(mask)), dtype=pl.Boolean, strict=False)


def where(held: pl.Series, then: pl.Series, otherwise: pl.Series) -> pl.Series:
    chosen: pl.Series = then.zip_with(held, otherwise)
    return chosen


def least(series: Sequence[pl.Series]) -> pl.Series:
    return reduce(lambda a, b: a.zip_with(a <= b, b), series)


def greatest(series: Sequence[pl.Series]) -> pl.Series:
    return reduce(lambda a, b: a.zip_with(a >= b, b), series)


# --- conditions -------------------------------------------------------------------------------------------------
@singledispatch
def holds(node: object, _bounds: Bounds) -> tuple[Mask, Mask]:
    """The cases in which a condition surely and perhaps holds."""
    raise TypeError(f"the bounds know no node {type(node).__name__}")


@holds.register
def _(node: Flag, bounds: Bounds) -> tuple[Mask, Mask]:
    lo, hi = bounds.column(node.name)
    return bounds.mask(lo == 1), bounds.mask(hi == 1)


@holds.register
def _(node: AtLeast, bounds: Bounds) -> tuple[Mask, Mask]:
    lo, hi = bounds.span(node.number)
    return bounds.mask(lo >= node.bound), bounds.mask(hi >= node.bound)


@holds.register
def _(node: Equals, bounds: Bounds) -> tuple[Mask, Mask]:
    lo, hi = bounds.span(node.number)
    within = (lo <= node.value) & (node.value <= hi)
    return bounds.mask(within & (lo == hi)), bounds.mask(within)


@holds.register
def _(node: NoLess, bounds: Bounds) -> tuple[Mask, Mask]:
    if always(node):
        return bounds.every, bounds.every
    (lo, hi), (low, high) = bounds.span(node.one), bounds.span(node.other)
    return bounds.mask(lo >= high), bounds.mask(hi >= low)


@holds.register
def _(node: Same, bounds: Bounds) -> tuple[Mask, Mask]:
    (lo, hi), (low, high) = bounds.span(node.one), bounds.span(node.other)
    meet = (lo <= high) & (low <= hi)
    return bounds.mask(meet & (lo == hi) & (low == high)), bounds.mask(meet)


@holds.register
def _(node: All, bounds: Bounds) -> tuple[Mask, Mask]:
    surely = perhaps = bounds.every
    for part in node.parts:
        surely, perhaps = surely & bounds.surely(part), perhaps & bounds.perhaps(part)
    return surely, perhaps


@holds.register
def _(node: Any, bounds: Bounds) -> tuple[Mask, Mask]:
    surely = perhaps = 0
    for part in node.parts:
        surely, perhaps = surely | bounds.surely(part), perhaps | bounds.perhaps(part)
    return surely, perhaps


# --- numbers ----------------------------------------------------------------------------------------------------
@singledispatch
def spans(node: object, _bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    """The lowest and the highest that a number may be in each case."""
    raise TypeError(f"the bounds know no node {type(node).__name__}")


def widest(node: Node, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    """What is said of a number that no column could hold: all that it may be in any case, cut off far outside."""
    return bounds.constant(max(node.lo, -WIDEST)), bounds.constant(min(node.hi, WIDEST))


@spans.register
def _(node: Column, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    return bounds.column(node.name)


@spans.register
def _(node: Total, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    if sum(max(abs(part.lo), abs(part.hi)) for part in node.parts) + abs(node.constant) > WIDEST:
        return widest(node, bounds)
    found = [bounds.span(part) for part in node.parts]
    lo, hi = (reduce(lambda a, b: a + b, ends) for ends in zip(*found, strict=True))
    return lo + node.constant, hi + node.constant


@spans.register
def _(node: Times, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    if prod(max(abs(part.lo), abs(part.hi), 1) for part in node.parts) * abs(node.factor) > WIDEST:
        return widest(node, bounds)
    lo = hi = bounds.constant(node.factor)
    for part in node.parts:
        corners = [end * bound for end in (lo, hi) for bound in bounds.span(part)]
        lo, hi = least(corners), greatest(corners)
    return lo, hi


@spans.register
def _(node: Divided, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    (low, high), (lo, hi) = bounds.span(node.top), bounds.span(node.bottom)
    one, none = bounds.constant(1), bounds.constant(0)
    ends = [end // by for end in (low, high) for by in (greatest([lo, one]), greatest([hi, one]))]
    by_nothing = [where(lo <= 0, none, end) for end in ends]
    found = least([*ends, *by_nothing]), greatest([*ends, *by_nothing])
    return where(hi <= 0, none, found[0]), where(hi <= 0, none, found[1])


@spans.register
def _(node: Chosen, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    then, otherwise = bounds.span(node.then), bounds.span(node.otherwise)
    surely, perhaps = (
        bounds.series(mask) for mask in (bounds.surely(node.literal), bounds.perhaps(node.literal))
    )
    both = least([then[0], otherwise[0]]), greatest([then[1], otherwise[1]])
    lo, hi = (where(surely, then[i], where(perhaps, both[i], otherwise[i])) for i in (0, 1))
    return lo, hi


@spans.register
def _(node: Cases, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    lo, hi = bounds.constant(node.hi), bounds.constant(node.lo)
    for literal, value in node.cases:
        here, perhaps = bounds.constant(value), bounds.series(bounds.perhaps(literal))
        lo, hi = where(perhaps, least([lo, here]), lo), where(perhaps, greatest([hi, here]), hi)
    return lo, hi


@spans.register
def _(node: Picked, bounds: Bounds) -> tuple[pl.Series, pl.Series]:
    """Of all that may be picked; one that surely stands among them can only lower the least, and raise the greatest."""
    lo, hi = bounds.constant(node.hi), bounds.constant(node.lo)
    least_hi, greatest_lo = bounds.constant(node.hi), bounds.constant(node.lo)
    none_sure = bounds.every
    for literal, number in node.items:
        perhaps, (low, high) = bounds.series(bounds.perhaps(literal)), bounds.span(number)
        lo, hi = where(perhaps, least([lo, low]), lo), where(perhaps, greatest([hi, high]), hi)
        surely = bounds.series(bounds.surely(literal))
        least_hi = where(surely, least([least_hi, high]), least_hi)
        greatest_lo = where(surely, greatest([greatest_lo, low]), greatest_lo)
        none_sure &= ~bounds.surely(literal)
    by_default, (low, high) = bounds.series(none_sure), bounds.span(node.default)
    lo, hi = where(by_default, least([lo, low]), lo), where(by_default, greatest([hi, high]), hi)
    if node.kind == "least":
        return lo, where(by_default, hi, least_hi)
    return (where(by_default, lo, greatest_lo), hi) if node.kind == "greatest" else (lo, hi)


class Matters:
    """What bears on some roots in each case: the inputs, with the cuts that part their values there.

    A root is asked in some cases only. What spans have settled bears on nothing.
    """

    def __init__(self, bounds: Bounds, nodes: Callable[[Key], object], order: Sequence[Key]) -> None:
        self._bounds, self._nodes, self._order = bounds, nodes, order
        self.cuts: dict[str, dict[int, Mask]] = {}
        self.wholly: dict[str, Mask] = {}  # where every value may differ
        self.turns: dict[
            str, dict[Compared, Mask]
        ] = {}  # where it alone is open in a comparison, and cuts hang on the case

    def of(self, roots: Mapping[Key, Mask]) -> Matters:
        """Adds what bears on these."""
        bear: dict[Key, Mask] = dict(roots)
        for key in reversed(self._order):
            if not bear.get(key):
                continue
            here = bear[key] & self._bounds.unsure(key)
            if not here:
                continue
            if isinstance(key, int):
                self._note(self._nodes(key), here)
            for below, mask in self._below(self._nodes(key), here):
                bear[below] = bear.get(below, 0) | mask
        return self

    def _below(self, node: object, here: Mask) -> Iterator[tuple[Key, Mask]]:
        """What a node hangs on, each in which of some cases."""
        literals, numbers = parts(node)
        masks = [here] * len(numbers)
        if isinstance(node, Chosen):
            masks = [here & self._bounds.perhaps(literal) for literal in (node.literal, -node.literal)]
        elif isinstance(node, Picked):
            masks = [*(here & self._bounds.perhaps(literal) for literal, _ in node.items), here]
        yield from ((abs(literal), here) for literal in literals if literal not in (TRUE, FALSE))
        yield from ((n, m) for n, m in zip(numbers, masks, strict=True) if isinstance(n, Node) and m)

    def _note(self, node: object, here: Mask) -> None:
        """Keeps where a condition cuts its inputs."""
        if isinstance(node, Flag):
            self._cut(node.name, 1, here)
        elif isinstance(node, AtLeast) and isinstance(node.number, Column):
            self._cut(node.number.name, node.bound, here)
        elif isinstance(node, Equals) and isinstance(node.number, Column):
            self._cut(node.number.name, node.value, here)
            self._cut(node.number.name, node.value + 1, here)
        elif isinstance(node, AtLeast | Equals | NoLess | Same):
            compared = self._compared(node, here)
            several = self._bounds.several(list(compared.values()))
            for name, mask in compared.items():
                if mask & several:
                    self.wholly[name] = self.wholly.get(name, 0) | mask & several
                if mask & ~several:
                    turns = self.turns.setdefault(name, {})
                    turns[node] = turns.get(node, 0) | mask & ~several

    def _compared(self, node: object, here: Mask) -> dict[str, Mask]:
        """The open columns that a comparison is made from, each with the cases."""
        found: dict[str, Mask] = {}
        waiting = [(node, here)]
        while waiting:
            above, mask = waiting.pop()
            for below, part in self._below(above, mask):
                if isinstance(below, Node):
                    part &= self._bounds.unsure(below)
                    if part and isinstance(below, Column):
                        found[below.name] = found.get(below.name, 0) | part
                    elif part:
                        waiting.append((below, part))
        return found

    def _cut(self, name: str, at: int, here: Mask) -> None:
        cuts = self.cuts.setdefault(name, {})
        cuts[at] = cuts.get(at, 0) | here

    def where(self, name: str) -> Mask:
        """The cases in which an input bears on what is asked."""
        found = self.wholly.get(name, 0)
        for mask in (*self.cuts.get(name, {}).values(), *self.turns.get(name, {}).values()):
            found |= mask
        return found

    def names(self) -> list[str]:
        return list(dict.fromkeys((*self.cuts, *self.wholly, *self.turns)))

    def meets(self, other: Matters) -> Mask:
        """The cases in which both hang on a common input."""
        return reduce(lambda a, b: a | b, (self.where(n) & other.where(n) for n in other.names()), 0)

    def add(self, other: Matters, within: Mask) -> None:
        """Adds what bears on something else, in some cases."""
        for name, cuts in other.cuts.items():
            for at, here in cuts.items():
                if here & within:
                    self._cut(name, at, here & within)
        for name, here in other.wholly.items():
            if here & within:
                self.wholly[name] = self.wholly.get(name, 0) | here & within
        for name, turns in other.turns.items():
            mine = self.turns.setdefault(name, {})
            for node, here in turns.items():
                mine[node] = mine.get(node, 0) | here & within


def leanings(nodes: Callable[[Key], object], literal: int) -> Mapping[str, int]:
    """Towards which end of each input a condition sooner holds: 1 the highest, -1 the lowest. A guess, to be tried."""
    found: dict[str, int] = {}
    waiting: list[tuple[Key, int]] = [(literal, 1)] if literal not in (TRUE, FALSE) else []
    seen: set[tuple[Key, int]] = set()
    while waiting:
        key, sign = waiting.pop()
        if isinstance(key, int) and key < 0:
            key, sign = -key, -sign
        if (key, sign) in seen:
            continue
        seen.add((key, sign))
        node = nodes(key)
        if isinstance(node, Flag | Column):
            found.setdefault(node.name, sign)
            continue
        literals, numbers = parts(node)
        waiting += [(part, sign) for part in literals if part not in (TRUE, FALSE)]
        signs = [sign] * len(numbers)
        if isinstance(node, NoLess | Divided):
            signs[1] = -sign
        waiting += [(part, s) for part, s in zip(numbers, signs, strict=True) if isinstance(part, Node)]
    return found
