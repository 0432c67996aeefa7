"""Grids and samples of worlds as frames of positions, made block by block and never held whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import polars as pl

from sharedvalue.engine.readings.sweep.program import BLOCK
from sharedvalue.engine.readings.sweep.translate import dtype_of

WEIGHT = "#weight"
MOST_WEIGHT = 1 << 62
DRAWS = 1 << 32  # a draw is one of so many equally likely numbers


@dataclass(frozen=True)
class Axis:
    """One thing that varies: `size` steps in a grid.

    `weights` says what each step counts for (else 1), and `points` which position it stands at (else its own
    number): so positions that are alike can be one step. `positions` is how many there are in all (else
    `size`).
    """

    name: str
    size: int
    weights: tuple[int, ...] | None = None
    points: tuple[int, ...] | None = None
    positions: int = 0

    def column(self, steps: pl.Expr) -> pl.Expr:
        """Positions in the narrowest type; yes and no where there are two."""
        if self.points is not None:
            steps = pl.lit(pl.Series(self.points, dtype=pl.Int64)).gather(steps)
        count = self.positions or self.size
        made = steps == 1 if count == 2 else steps.cast(dtype_of(0, count - 1))
        return made.alias(self.name)

    def joined(self, cuts: Iterable[int]) -> Axis:
        """The axis with one step for all positions between two cuts; it counts for as many."""
        starts = sorted({0, *(cut for cut in cuts if 0 < cut < self.size)})
        ends = [*starts[1:], self.size]
        weights = tuple(end - start for start, end in zip(starts, ends, strict=True))
        return Axis(self.name, len(starts), weights, tuple(starts), self.size)


@dataclass(frozen=True)
class Block:
    """Some worlds that follow each other. Each counts `factor` times its weight."""

    frame: pl.DataFrame
    factor: int


class Grid:
    """Every combination of positions, in order; the last axis moves fastest.

    A block is made of the last axes (`inner`, the same in every block), some positions of the axis before them
    (`middle`), and one position of each other axis.
    """

    def __init__(self, axes: Sequence[Axis], most: int = BLOCK) -> None:
        self.axes = tuple(axes)
        self.size = prod(axis.size for axis in axes)
        cut, self._rows, weight = len(self.axes), 1, 1
        while (
            cut
            and self._rows * self.axes[cut - 1].size <= most
            and weight * _total(self.axes[cut - 1]) <= MOST_WEIGHT
        ):
            cut -= 1
            self._rows *= self.axes[cut].size
            weight *= _total(self.axes[cut])
        self._inner = self.axes[cut:]
        self._middle = self.axes[cut - 1] if cut else None
        self._outer = self.axes[: max(0, cut - 1)]
        self._times = max(1, most // self._rows) if self._middle else 1
        if weight * (_total(self._middle) if self._middle else 1) > MOST_WEIGHT:
            self._times = 1
        self.weighted = any(axis.weights is not None for axis in self.axes)

    def blocks(self) -> Iterator[Block]:
        """All blocks, in order."""
        base = self._base()
        for outer in product(*(range(axis.size) for axis in self._outer)):
            placed = [axis.column(pl.lit(at)) for axis, at in zip(self._outer, outer, strict=True)]
            factor = prod(
                axis.weights[at] for axis, at in zip(self._outer, outer, strict=True) if axis.weights
            )
            if self._middle is None:
                yield Block(self._shown(base), factor)
                continue
            for start in range(0, self._middle.size, self._times):
                count = min(self._times, self._middle.size - start)
                rows = base if count == self._times else base.head(count * self._rows)
                yield self._block(rows, start, placed, factor)

    def _block(self, rows: pl.DataFrame, start: int, placed: list[pl.Expr], factor: int) -> Block:
        assert self._middle is not None
        here = pl.col("#middle") + start
        columns = [*placed, self._middle.column(here)]
        weights = self._middle.weights
        if weights is not None:
            if self._times == 1:
                factor *= weights[start]
            else:
                columns.append(pl.col(WEIGHT) * pl.lit(pl.Series(weights, dtype=pl.Int64)).gather(here))
        return Block(self._shown(rows.with_columns_seq(columns)), factor)

    def _base(self) -> pl.DataFrame:
        """The inner axes, as often as the middle one has positions in a block."""
        count = self._rows * min(self._times, self._middle.size if self._middle else 1)
        row = pl.int_range(count, dtype=pl.Int64)
        columns, stride = [(row // self._rows).cast(pl.Int64).alias("#middle")], self._rows
        weight: pl.Expr = pl.lit(1, pl.Int64)
        for axis in self._inner:
            stride //= axis.size
            at = row // stride % axis.size
            columns.append(axis.column(at))
            if axis.weights is not None:
                weight = weight * pl.lit(pl.Series(axis.weights, dtype=pl.Int64)).gather(at)
        if self.weighted:
            columns.append((weight * pl.repeat(1, count, dtype=pl.Int64)).alias(WEIGHT))
        return pl.select(columns)

    def _shown(self, frame: pl.DataFrame) -> pl.DataFrame:
        names = [axis.name for axis in self.axes] + ([WEIGHT] if self.weighted else [])
        return frame.select(
            names or ["#middle"]
        )  # a frame without columns would have no rows: the one world there is


def _total(axis: Axis) -> int:
    return sum(axis.weights) if axis.weights is not None else axis.size


@dataclass(frozen=True)
class Draw:
    """One thing that is drawn: each position is as likely as its share of `DRAWS` (`ends`: where each share ends)."""

    name: str
    size: int
    ends: tuple[int, ...] | None = None


class Sample:
    """Worlds drawn at random. World i is the same whatever the machine, the version of a library or the block size."""

    def __init__(self, draws: Sequence[Draw], size: int, seed: int, most: int = BLOCK) -> None:
        self.draws, self.size, self.seed, self._most = tuple(draws), size, seed, most

    def blocks(self) -> Iterator[Block]:
        for start in range(0, self.size, self._most):
            yield Block(self._drawn(start, min(self._most, self.size - start)), 1)

    def _drawn(self, start: int, count: int) -> pl.DataFrame:
        world = pl.int_range(start, start + count, dtype=pl.Int64).cast(pl.UInt64)
        columns = []
        for place, draw in enumerate(self.draws):
            number = _scrambled(world * len(self.draws) + place + _start(self.seed))
            axis = Axis(draw.name, draw.size)
            if draw.ends is None:
                columns.append(axis.column(number * draw.size // DRAWS))
            else:
                ends = pl.Series(draw.ends, dtype=pl.UInt64)
                columns.append(axis.column(pl.lit(ends).search_sorted(number, side="right")))
        return pl.select(columns)


def _start(seed: int) -> int:
    return seed * 0x9E3779B97F4A7C15 & (1 << 62) - 1


def _scrambled(number: pl.Expr) -> pl.Expr:
    """SplitMix64 of a counter, its upper half: a number below DRAWS."""
    mixed = (number + 1) * pl.lit(0x9E3779B97F4A7C15, pl.UInt64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ mixed // pl.lit(1 << shift, pl.UInt64)) * pl.lit(factor, pl.UInt64)
    return (mixed ^ mixed // pl.lit(1 << 31, pl.UInt64)) // pl.lit(DRAWS, pl.UInt64)
