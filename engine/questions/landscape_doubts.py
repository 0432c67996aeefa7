"""Where a map lies in doubt: the evidence chapter lets facts span readings that move with the two on the axes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Test, number
from sharedvalue.engine.readings.sweep import Axis as GridAxis
from sharedvalue.engine.readings.sweep import Grid, Program
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import everything
from sharedvalue.engine.worlds.chapter import spanned

MOST_WORLDS = 2_000_000  # of a part, read to find the points that are alike


class Doubts:
    """What the evidence chapter makes of the facts that it doubts, at every point of a steady part."""

    def __init__(self, worlds: Worlds, names: tuple[str, str]) -> None:
        """`worlds` are those of one point."""
        self.worlds, book = worlds, worlds.book
        self.spans = [
            (worlds.beliefs[effect.fact], effect)
            for firing in worlds.whole.firings
            for block in book.rules[firing.rule.rule].blocks
            if block.part == firing.rule.part
            for effect in block.effects
            if effect.kind == "spans" and effect.fact and effect.fact not in names
            if firing.rule.rule in worlds.beliefs[effect.fact].rules
        ]
        self.names = tuple(dict.fromkeys(belief.name for belief, _ in self.spans))
        grounded = worlds.whole.grounded
        read = {name for _, effect in self.spans for name in effect.values}
        below = read.union(*(stands_on(grounded, name) for name in read))
        self.measures = [m for stratum in grounded.strata for m in stratum.measures if m.name in below]

    def at(self, point: Mapping[str, int]) -> dict[str, Domain]:
        """What the doubted facts may be where the two facts are so."""
        values = {**self.worlds.whole.values, **point}
        for measure in self.measures:
            values[measure.name] = number(measure.formula, values)
        trace = replace(self.worlds.whole, values=values)
        return {belief.name: spanned(belief, effect, trace).domain for belief, effect in self.spans}


class Alike:
    """Which points of steady parts are alike: in all their worlds the same is decided, the same courses would stand, and the same is asked.

    Each kind needs to be decided once only.
    """

    def __init__(self, doubts: Doubts, axes: Mapping[str, Domain], asked: Sequence[Test]) -> None:
        """`axes` are what the two facts may be on the whole map, x first."""
        worlds = doubts.worlds
        self.axes = axes
        self.doubted = {b.name: everything(b.type) for b, _ in doubts.spans if b.name in worlds.domains}
        domains = {**worlds.domains, **self.doubted, **axes}
        candidates = dict.fromkeys(branch.candidate for branch in worlds.grounded.branches)
        tests = [*asked, *(Test(name, ">=", 1) for name in candidates)]
        self.reading = Program.from_grounded(worlds.grounded).of(domains, positions=True, asked=tests)
        varied = [n for n in self.reading.inputs if not domains[n].is_known and n not in axes]
        self.open = {n: domains[n] for n in dict.fromkeys((*self.doubted, *varied))}
        self.seen: dict[Hashable, int] = {}  # what was read of a world, over all parts
        self.domains = {**axes, **self.open}
        self.cuts = {n: self.reading.cuts[n] for n in self.domains if n in self.reading.inputs}

    def starts(self, name: str, first: int, last: int) -> list[int]:
        """Where classes of places begin on an axis or on a doubted fact."""
        if name not in self.cuts:
            return [first]
        cuts = self.cuts[name]
        return (
            list(range(first, last + 1))
            if cuts is None
            else sorted({first, *(c for c in cuts if first < c <= last)})
        )

    def kinds(self, doubts: Doubts, x_places: range, y_places: range) -> Iterator[list[Hashable]] | None:
        """The kind of every point of a part, row by row; None where there are too many worlds to read."""
        x_name, y_name = self.axes
        classes = {n: self.starts(n, 0, d.size - 1) for n, d in self.open.items()}
        classes |= {n: self.starts(n, p[0], p[-1]) for n, p in ((x_name, x_places), (y_name, y_places))}
        size = 1
        for places in classes.values():
            size *= len(places)
        if size > MOST_WORLDS:
            return None
        order = [y_name, x_name, *self.open]
        grid = Grid([
            GridAxis(n, len(classes[n]), None, tuple(classes[n]), self.domains[n].size)
            for n in order if n in self.cuts
        ])  # fmt: skip
        read = [
            self.seen.setdefault(row, len(self.seen))
            for block in grid.blocks()
            for row in self.reading.read(block.frame).rows()
        ]
        return self._rows(doubts, x_places, y_places, classes, read)

    def _rows(
        self,
        doubts: Doubts,
        x_places: range,
        y_places: range,
        classes: Mapping[str, Sequence[int]],
        read: Sequence[int],
    ) -> Iterator[list[Hashable]]:
        x_name, y_name = self.axes
        within = 1
        for name in self.open:
            within *= len(classes[name])
        for y in y_places:
            j = bisect_right(classes[y_name], y) - 1
            row: list[Hashable] = []
            for x in x_places:
                i = bisect_right(classes[x_name], x) - 1
                start = (j * len(classes[x_name]) + i) * within
                point = {x_name: self.axes[x_name].values()[x], y_name: self.axes[y_name].values()[y]}
                reach = doubts.at(point)
                row.append(self._kind(reach, classes, read[start : start + within]))
            yield row

    def _kind(
        self, reach: Mapping[str, Domain], classes: Mapping[str, Sequence[int]], read: Sequence[int]
    ) -> Hashable:
        spans = []
        for name, whole in self.open.items():
            may = reach.get(name, whole)
            lo, hi = (bisect_right(classes[name], whole.place(v)) - 1 for v in (may.lo, may.hi))
            spans.append(range(lo, hi + 1))
        sizes = [len(classes[name]) for name in self.open]
        said = []
        for cells in product(*spans):
            at = 0
            for cell, size in zip(cells, sizes, strict=True):
                at = at * size + cell
            said.append(read[at])
        return tuple((span.start, span.stop) for span in spans), tuple(said)
