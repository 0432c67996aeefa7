"""A circuit as Polars expressions: one small function a node, registered by type; an unknown node is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce, singledispatch
from operator import and_, or_

import polars as pl

from sharedvalue.engine.readings.sweep.circuit import (
    FALSE,
    TRUE,
    All,
    Any,
    AtLeast,
    Cases,
    Chosen,
    Circuit,
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
    span,
)

WIDTHS: tuple[tuple[int, type[pl.DataType]], ...] = (
    (7, pl.Int8),
    (15, pl.Int16),
    (31, pl.Int32),
    (63, pl.Int64),
    (127, pl.Int128),
)
Key = int | Node  # a condition by its place, or a number that varies


class TooWide(ValueError):
    """A number that no column can hold exactly."""


def dtype_of(*numbers: Num) -> type[pl.DataType]:
    """The narrowest type that holds all these numbers exactly."""
    spans = [span(number) for number in numbers]
    lo, hi = min(s[0] for s in spans), max(s[1] for s in spans)
    for bits, dtype in WIDTHS:
        if -(1 << bits) <= lo and hi < 1 << bits:
            return dtype
    raise TooWide(f"a number from {lo} to {hi} does not fit into a column")


def as_type(made: pl.Expr, dtype: type[pl.DataType], node: Node) -> pl.Expr:
    """An expression of one type as a column of the node's own type."""
    return made if dtype is dtype_of(node) else made.cast(dtype_of(node))


def marked(literal: pl.Expr, value: int, dtype: type[pl.DataType]) -> pl.Expr:
    """A value where a condition holds, else 0. (Polars does this far faster than a cast.)"""
    return pl.when(literal).then(pl.lit(value, dtype)).otherwise(pl.lit(0, dtype))


def bits(literals: Iterable[pl.Expr], dtype: type[pl.DataType] = pl.UInt8) -> pl.Expr:
    """Conditions as the bits of a number, the first the lowest."""
    return reduce(or_, (marked(literal, 1 << place, dtype) for place, literal in enumerate(literals)))


class Translator:
    """Expressions for some roots of a circuit. What is read more than once becomes a column of its own, in `layers`."""

    def __init__(self, circuit: Circuit, literals: Iterable[int], numbers: Iterable[Num]) -> None:
        self.circuit = circuit
        self.inputs: dict[str, tuple[int, int]] = {}
        self.cuts: dict[str, set[int] | None] = {}
        self.layers: list[list[pl.Expr]] = []
        self._columns: dict[Key, tuple[str, int]] = {}
        self._depths: dict[Key, int] = {}
        self._expressions: dict[Key, pl.Expr] = {}
        uses: dict[Key, int] = {}
        roots: list[Key] = [abs(literal) for literal in literals if literal not in (TRUE, FALSE)]
        roots += [number for number in numbers if isinstance(number, Node)]
        for key in list(self._met(roots, uses)):
            self._make(key, uses[key])

    def _met(self, roots: list[Key], uses: dict[Key, int]) -> Iterator[Key]:
        """Everything below the roots, each after all that it reads."""
        waiting: list[tuple[Key, bool]] = [(root, False) for root in reversed(roots)]
        done: set[Key] = set()
        for root in roots:
            uses[root] = uses.get(root, 0) + 1
        while waiting:
            key, below_done = waiting.pop()
            if key in done:
                continue
            if below_done:
                done.add(key)
                yield key
                continue
            waiting.append((key, True))
            for below in self._below(key):
                uses[below] = uses.get(below, 0) + 1
                if below not in done:
                    waiting.append((below, False))

    def _node(self, key: Key) -> object:
        return self.circuit.nodes[key] if isinstance(key, int) else key

    def _below(self, key: Key) -> list[Key]:
        literals, numbers = parts(self._node(key))
        return [
            *(abs(lit) for lit in literals if lit not in (TRUE, FALSE)),
            *(n for n in numbers if isinstance(n, Node)),
        ]

    @property
    def order(self) -> list[Key]:
        """Everything below the roots, each after all that it reads."""
        return list(self._depths)

    def _make(self, key: Key, uses: int) -> None:
        node = self._node(key)
        self._note(node)
        depth = max((self._depths[below] for below in self._below(key)), default=0)
        made = expression(node, self)
        if uses > 1 and not isinstance(node, Flag | Column):
            name = f"#{len(self._columns)}"
            while len(self.layers) <= depth:
                self.layers.append([])
            self.layers[depth].append(made.alias(name))
            self._columns[key] = name, depth
            made, depth = pl.col(name), depth + 1
        self._expressions[key], self._depths[key] = made, depth

    def _note(self, node: object) -> None:
        """Keeps which inputs are read, and where comparisons cut them; None where more is read than comparisons."""
        if isinstance(node, Flag):
            self.inputs[node.name], self.cuts[node.name] = (0, 1), {1}
        elif isinstance(node, Column):
            self.inputs[node.name] = (node.lo, node.hi)
            self.cuts.setdefault(node.name, set())
        elif isinstance(node, AtLeast) and isinstance(node.number, Column):
            self._cut(node.number.name, node.bound)
        elif isinstance(node, Equals) and isinstance(node.number, Column):
            self._cut(node.number.name, node.value)
            self._cut(node.number.name, node.value + 1)
        else:
            for number in parts(node)[1]:
                if isinstance(number, Column):
                    self.cuts[number.name] = None

    def _cut(self, name: str, at: int) -> None:
        cuts = self.cuts[name]
        if cuts is not None:
            cuts.add(at)

    def literal(self, literal: int) -> pl.Expr:
        if literal in (TRUE, FALSE):
            return pl.lit(literal == TRUE)
        made = self._expressions[abs(literal)]
        return made if literal > 0 else ~made

    def number(self, number: Num, dtype: type[pl.DataType] | None = None) -> pl.Expr:
        """A number as a column of this type; of its own type where none is given."""
        if isinstance(number, int):
            return pl.lit(number, dtype or dtype_of(number))
        made = self._expressions[number]
        return made if dtype is None or dtype is dtype_of(number) else made.cast(dtype)


def parts(node: object) -> tuple[list[int], list[Num]]:
    """The literals and the numbers that a node reads."""
    match node:
        case All(literals) | Any(literals):
            return list(literals), []
        case AtLeast(number, _) | Equals(number, _):
            return [], [number]
        case NoLess(one, other) | Same(one, other):
            return [], [one, other]
        case Total(_, _, numbers, _) | Times(_, _, numbers, _):
            return [], list(numbers)
        case Divided(_, _, top, bottom):
            return [], [top, bottom]
        case Chosen(_, _, literal, then, otherwise):
            return [literal], [then, otherwise]
        case Cases(_, _, cases):
            return [literal for literal, _ in cases], []
        case Picked(_, _, _, items, default):
            return [literal for literal, _ in items], [*(number for _, number in items), default]
    return [], []


# --- conditions -------------------------------------------------------------------------------------------------
@singledispatch
def expression(node: object, _to: Translator) -> pl.Expr:
    """The Polars expression of a node."""
    raise TypeError(f"the sweep knows no node {type(node).__name__}")


@expression.register
def _(node: Flag, _to: Translator) -> pl.Expr:
    return pl.col(node.name)


@expression.register
def _(node: AtLeast, to: Translator) -> pl.Expr:
    return to.number(node.number) >= pl.lit(node.bound, dtype_of(node.number))


@expression.register
def _(node: Equals, to: Translator) -> pl.Expr:
    return to.number(node.number) == pl.lit(node.value, dtype_of(node.number))


@expression.register
def _(node: NoLess, to: Translator) -> pl.Expr:
    dtype = dtype_of(node.one, node.other)
    return to.number(node.one, dtype) >= to.number(node.other, dtype)


@expression.register
def _(node: Same, to: Translator) -> pl.Expr:
    dtype = dtype_of(node.one, node.other)
    return to.number(node.one, dtype) == to.number(node.other, dtype)


@expression.register
def _(node: All, to: Translator) -> pl.Expr:
    return reduce(and_, (to.literal(part) for part in node.parts))


@expression.register
def _(node: Any, to: Translator) -> pl.Expr:
    return reduce(or_, (to.literal(part) for part in node.parts))


# --- numbers ----------------------------------------------------------------------------------------------------
@expression.register
def _(node: Column, _to: Translator) -> pl.Expr:
    return pl.col(node.name)


@expression.register
def _(node: Total, to: Translator) -> pl.Expr:
    # Any order of adding stays within the sum of the sizes.
    size = sum(max(abs(part.lo), abs(part.hi)) for part in node.parts) + abs(node.constant)
    wide = dtype_of(-size, size)
    added = reduce(lambda a, b: a + b, (to.number(part, wide) for part in node.parts))
    return as_type(added + pl.lit(node.constant, wide), wide, node)


@expression.register
def _(node: Times, to: Translator) -> pl.Expr:
    size = abs(node.factor)
    for part in node.parts:
        size *= max(abs(part.lo), abs(part.hi), 1)
    wide = dtype_of(-size, size)
    product = reduce(lambda a, b: a * b, (to.number(part, wide) for part in node.parts))
    return as_type(product * pl.lit(node.factor, wide), wide, node)


@expression.register
def _(node: Divided, to: Translator) -> pl.Expr:
    wide = dtype_of(node.top, node.bottom, node)
    bottom = to.number(node.bottom, wide)
    lo, _ = span(node.bottom)
    divided = to.number(node.top, wide) // (
        bottom if lo > 0 else pl.when(bottom > 0).then(bottom).otherwise(pl.lit(1, wide))
    )
    if lo <= 0:
        divided = pl.when(bottom > 0).then(divided).otherwise(pl.lit(0, wide))
    return as_type(divided, wide, node)


@expression.register
def _(node: Chosen, to: Translator) -> pl.Expr:
    dtype = dtype_of(node)
    return (
        pl.when(to.literal(node.literal))
        .then(to.number(node.then, dtype))
        .otherwise(to.number(node.otherwise, dtype))
    )


@expression.register
def _(node: Cases, to: Translator) -> pl.Expr:
    """Bit by bit where few bits are needed: a few conditions joined, instead of one choice a case."""
    lowest = min(node.lo, 0)
    width = (node.hi - lowest).bit_length()
    dtype = dtype_of(node, node.hi - lowest)
    if width >= len(node.cases):
        added = reduce(
            lambda a, b: a + b, (marked(to.literal(lit), value, dtype) for lit, value in node.cases)
        )
        return as_type(added, dtype, node)
    literals = []
    for bit in range(width):
        holding = [to.literal(literal) for literal, value in node.cases if (value - lowest) >> bit & 1]
        literals.append(reduce(or_, holding) if holding else pl.lit(False))
    found = bits(literals, dtype)
    return as_type(found + pl.lit(lowest, dtype) if lowest else found, dtype, node)


@expression.register
def _(node: Picked, to: Translator) -> pl.Expr:
    wide = dtype_of(*(number for _, number in node.items), node.default)
    values = []
    for literal, number in node.items:
        made = to.number(number, wide)
        values.append(
            made if literal == TRUE else pl.when(to.literal(literal)).then(made).otherwise(pl.lit(None, wide))
        )
    if node.kind == "least":
        found = pl.min_horizontal(values)
    elif node.kind == "greatest":
        found = pl.max_horizontal(values)
    else:
        found = _middle(values, wide)
    return as_type(found.fill_null(to.number(node.default, wide)), wide, node)


def _middle(values: list[pl.Expr], dtype: type[pl.DataType]) -> pl.Expr:
    """The one in the middle, or the floor of the mean of the two there; null where there is none."""
    listed = pl.concat_list(values).list.drop_nulls().list.sort()
    count = listed.list.len()
    wider = dict(zip((d for _, d in WIDTHS), (d for _, d in WIDTHS[1:]), strict=False)).get(dtype, dtype)
    low = listed.list.get((count.cast(pl.Int64) - 1) // 2, null_on_oob=True).cast(wider)
    high = listed.list.get(count.cast(pl.Int64) // 2, null_on_oob=True).cast(wider)
    return ((low + high) // pl.lit(2, wider)).cast(dtype)
