"""Many cases, each with some values open: how every one ends, read off the worlds that its own rules can tell apart.

What is known in a case leaves most of what is open without a bearing; only the rest is spread (see bounds.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.sweep.bounds import Bounds, Mask, Matters, leanings
from sharedvalue.engine.readings.sweep.circuit import FALSE, TRUE, All
from sharedvalue.engine.readings.sweep.program import EXISTS, MODES, OUTCOME, PLACE, Reading
from sharedvalue.engine.readings.sweep.translate import Key
from sharedvalue.engine.readings.sweep.turning import Turning

ROW, AT = "#row", "#at"  # the case, and which of its worlds: the first axis counts ones
DRAWN = 64  # worlds of a case of which none is known yet
AT_ONCE = 1 << 18  # worlds read together


@dataclass(frozen=True)
class Ended:
    """The worlds of a case that end in one place: what was asked holds in all of them (`held`) or in some."""

    outcome: int
    place: int
    modes: int
    held: int
    some: int


@dataclass(frozen=True)
class Ends:
    """How a case ends. `pivotal` can by themselves change the outcome: worlds that differ in nothing else end differently."""

    row: int
    ways: tuple[Ended, ...]
    pivotal: frozenset[str]

    @cached_property
    def everywhere(self) -> int:
        """What was asked and holds in every world, as bits."""
        found = self.ways[0].held
        for way in self.ways:
            found &= way.held
        return found

    @cached_property
    def varying(self) -> int:
        """What was asked and holds in some worlds only."""
        found = 0
        for way in self.ways:
            found |= way.some
        return found & ~self.everywhere

    @property
    def outcomes(self) -> frozenset[int]:
        return frozenset(way.outcome for way in self.ways)


@dataclass
class _Axes:
    """One input in the cases that are spread along it: how many classes, and where each case finds its values."""

    values: list[int]
    sizes: list[int]
    strides: list[int]
    starts: list[int]
    kept: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)


class Cases:
    """Cases of one table: `known` holds a value of each input, `open_` what it may be there instead."""

    def __init__(
        self, reading: Reading, known: Sequence[Mapping[str, int]], open_: Sequence[Mapping[str, Domain]]
    ) -> None:
        self.reading, self.known, self.open = reading, known, open_
        self.nodes, self.order = reading.nodes, reading.order
        self.bounds = Bounds(self.nodes, self.order, known, open_)
        exists = reading.folded.exists
        self._leanings = leanings(self.nodes, exists)
        node = self.nodes(abs(exists))  # of what cannot be, each
        laws = node.parts if exists > 0 and isinstance(node, All) else (exists,)
        self._parts = tuple(law for law in laws if law not in (TRUE, FALSE))
        self._laws = [self._matters({law: self.bounds.every}) for law in self._parts]
        self._told: dict[int, tuple[bytes, bytes]] = {}
        self._values: dict[str, list[int]] = {}

    def _matters(self, asked: Mapping[int, Mask]) -> Matters:
        roots: dict[Key, Mask] = {}
        for literal, mask in asked.items():
            if literal not in (TRUE, FALSE):
                roots[abs(literal)] = roots.get(abs(literal), 0) | mask
        return Matters(self.bounds, self.nodes, self.order).of(roots)

    def matters(self, asked: Mapping[int, Mask]) -> Matters:
        """What bears on some literals, each asked of in some cases; with what these inputs are tied to by what cannot be."""
        found, again = self._matters(asked), True
        done = [0] * len(self._laws)
        while again:
            again = False
            for at, law in enumerate(self._laws):
                new = found.meets(law) & ~done[at]
                if new:
                    found.add(law, new)
                    done[at] |= new
                    again = True
        return found

    def held_in(self, row: int) -> Callable[[int], bool | None]:
        """What is known of the circuit's conditions in a case."""

        def held(literal: int) -> bool | None:
            if literal not in self._told:
                sure, may = self.bounds.surely(literal), self.bounds.perhaps(literal)
                self._told[literal] = (
                    self.bounds.by_case(sure),
                    self.bounds.by_case(may),
                )
            sure_in, may_in = self._told[literal]
            return True if sure_in[row] else None if may_in[row] else False

        return held

    def column(self, name: str) -> pl.Series:
        return pl.Series(self.values(name), dtype=pl.Int64)

    def drawn(self, row: int, name: str, drawn: random.Random) -> int:
        """A value that an input may have in a case: often one of the ends, where most of what cannot be is far."""
        domain = self.open[row].get(name)
        if domain is None:
            return self.known[row][name]
        ends = (domain.lo, domain.hi, domain.middle)
        return drawn.choice(ends) if drawn.random() < 0.7 else domain.values()[drawn.randrange(domain.size)]

    def suppose(self, row: int, values: Mapping[str, int]) -> None:
        """Takes these values where an open input of a case has no bearing on what is asked."""
        for name, value in values.items():
            self.values(name)[row] = value

    def values(self, name: str) -> list[int]:
        """A value of an input in each case: what is known, else one with which a world should exist."""
        if name not in self._values:
            lean = self._leanings.get(name, 0)
            self._values[name] = [
                values[name]
                if (domain := domains.get(name)) is None
                else (domain.middle if not lean else domain.hi if lean > 0 else domain.lo)
                for values, domains in zip(self.known, self.open, strict=True)
            ]
        return self._values[name]


class Spread:
    """Some cases over the worlds that some literals can tell apart. A case that would take more than `most` is left out."""

    def __init__(self, cases: Cases, asked: Mapping[int, Mask], rows: Iterable[int], most: int) -> None:
        self.cases, self.reading, self._most = cases, cases.reading, most
        count = cases.bounds.count
        self._sizes = [0] * count
        for row in rows:
            self._sizes[row] = 1
        self._names: list[list[tuple[str, int, int]]] = [[] for _ in range(count)]  # input, stride, classes
        self._axes: dict[str, _Axes] = {}
        matters = cases.matters(asked)
        for name in cases.reading.inputs:
            if matters.where(name):
                self._axes[name] = self._along(name, matters)

    def _along(self, name: str, matters: Matters) -> _Axes:
        """Spreads the cases along one input, where it is open and matters."""
        cases, by_case = self.cases, self.cases.bounds.by_case
        count = cases.bounds.count
        axes = _Axes(list(cases.values(name)), [1] * count, [1] * count, list(range(count)))
        wholly = by_case(matters.wholly.get(name, 0))
        cuts = [(at, by_case(mask)) for at, mask in matters.cuts.get(name, {}).items()]
        turns = [(node, by_case(mask)) for node, mask in matters.turns.get(name, {}).items()]
        for row, here in enumerate(by_case(matters.where(name))):
            domain = cases.open[row].get(name) if here else None
            if domain is None or not 0 < self._sizes[row] <= self._most:
                continue
            cut: set[int] | None = None if wholly[row] else {at for at, mask in cuts if mask[row]}
            for node, mask in turns:
                if mask[row] and cut is not None:
                    turned = Turning(node, name, cases.known[row], cases.held_in(row)).cuts(domain)
                    cut = None if turned is None else cut | turned
            key = domain, None if cut is None else frozenset(cut)
            if key not in axes.kept:
                shown = domain.values() if cut is None else _between(domain, cut)
                axes.kept[key] = len(axes.values), len(shown)
                axes.values += shown if len(shown) <= self._most else ()
            axes.starts[row], axes.sizes[row] = axes.kept[key]
            axes.strides[row] = self._sizes[row]
            self._names[row].append((name, self._sizes[row], axes.sizes[row]))
            self._sizes[row] *= axes.sizes[row]
        return axes

    # --- worlds -----------------------------------------------------------------------------------------------
    def _parts(self) -> Iterator[list[int]]:
        """Cases whose worlds are read together."""
        waiting, height = list[int](), 0
        for row, size in enumerate(self._sizes):
            if not 0 < size <= self._most:
                continue
            if waiting and height + size > AT_ONCE:
                yield waiting
                waiting, height = [], 0
            waiting.append(row)
            height += size
        if waiting:
            yield waiting

    def _frame(self, rows: Sequence[int]) -> pl.DataFrame:
        worlds = (
            pl.DataFrame({ROW: rows, "#size": [self._sizes[row] for row in rows]})
            .select(pl.col(ROW), pl.int_ranges(0, pl.col("#size")).alias(AT))
            .explode(AT)
        )
        at, row = worlds[AT], worlds[ROW]
        columns = [row, at]
        for name in self.reading.inputs:
            axes = self._axes.get(name)
            if axes is None:
                columns.append(self.cases.column(name).gather(row).alias(name))
                continue
            size, stride, start = (
                pl.Series(column, dtype=pl.Int64).gather(row)
                for column in (axes.sizes, axes.strides, axes.starts)
            )
            places = start + at // stride % size
            columns.append(pl.Series(axes.values, dtype=pl.Int64).gather(places).alias(name))
        return pl.DataFrame(columns)

    def answers(self) -> Iterator[pl.DataFrame]:
        """What follows in each world that exists; those of one case stand in one frame."""
        for rows in self._parts():
            frame = self._frame(rows)
            answers = self.reading.read(frame).with_columns(frame[ROW], frame[AT])
            yield answers.filter(pl.col(EXISTS)) if EXISTS in answers.columns else answers

    def pivotal(self, answers: pl.DataFrame, rows: Sequence[int]) -> Mapping[int, set[str]]:
        """What can by itself change the outcome of these cases: looked at axis by axis, for all cases at once."""
        found: dict[int, set[str]] = {}
        several = answers.filter(pl.col(ROW).is_in(rows)).select(ROW, AT, OUTCOME)
        for axis in range(max((len(self._names[row]) for row in rows), default=0)):
            turned = [row for row in rows if axis < len(self._names[row])]
            strides = pl.DataFrame(
                {
                    ROW: turned,
                    "#stride": [self._names[row][axis][1] for row in turned],
                    "#classes": [self._names[row][axis][2] for row in turned],
                }
            )
            at, stride = pl.col(AT), pl.col("#stride")
            lines = several.join(strides, on=ROW).with_columns(
                (at - at // stride % pl.col("#classes") * stride).alias("#line")
            )
            turns = lines.group_by(ROW, "#line").agg(
                (pl.col(OUTCOME).min() != pl.col(OUTCOME).max()).alias("#turns")
            )
            for row in turns.filter(pl.col("#turns"))[ROW].unique():
                found.setdefault(row, set()).add(self._names[row][axis][0])
        return found


class Endings:
    """How cases end. First in which places, then what was asked: by then it is known of how much it need be asked.

    `wanted` says which of the reading's questions (by position) are asked in which cases, given where each place decides.
    """

    def __init__(
        self,
        cases: Cases,
        most: int,
        wanted: Callable[[Bounds, Mapping[int, Mask]], Mapping[int, Mask]],
    ) -> None:
        self.cases, self.reading, self._most, self._wanted = cases, cases.reading, most, wanted

    def ends(self) -> Iterator[Ends]:
        """How each case ends that has a world, and not too many."""
        bounds, every = self.cases.bounds, self.cases.bounds.every
        places = {literal: every for literal, _ in self.reading.places}
        in_place: dict[int, list[int]] = {}
        pivotal: dict[int, set[str]] = {}
        outcomes: dict[int, set[int]] = {}
        for first, answers in self._existing(places):
            met = answers.select(ROW, OUTCOME, PLACE).unique(maintain_order=True)
            for row, outcome, place in met.iter_rows():
                in_place.setdefault(place, []).append(row)
                outcomes.setdefault(row, set()).add(outcome)
            pivotal |= first.pivotal(answers, [row for row in met[ROW].unique() if len(outcomes[row]) > 1])
        decides = {place: bounds.cases(rows) for place, rows in in_place.items()}
        several = bounds.several(list(decides.values()))
        asked = dict.fromkeys(places, several)
        for mode in self.reading.modes:
            asked[self.reading.folded.flags[mode]] = every
        for at, mask in self._wanted(bounds, decides).items():
            asked[self.reading.asked[at]] = asked.get(self.reading.asked[at], 0) | mask
        for answers in Spread(self.cases, asked, outcomes, self._most).answers():
            yield from self._ends(answers, pivotal)

    def _existing(self, asked: Mapping[int, Mask]) -> Iterator[tuple[Spread, pl.DataFrame]]:
        """All cases, over the worlds that some literals tell apart. Where none exists with what was supposed of the inputs
        without a bearing, it is looked for other values of these, with which one does."""
        met: set[int] = set()
        count = self.cases.bounds.count
        for rows in (list(range(count)), None):
            spread = Spread(self.cases, asked, self._drawn(met) if rows is None else rows, self._most)
            for answers in spread.answers():
                met.update(answers[ROW].unique())
                yield spread, answers

    def _drawn(self, met: Set[int]) -> list[int]:
        """The other cases, so far as a world of them is found among some that are drawn: its values are supposed."""
        drawn = random.Random(0)
        rows = [row for row in range(self.cases.bounds.count) if row not in met for _ in range(DRAWN)]
        columns = {name: [self.cases.drawn(row, name, drawn) for row in rows] for name in self.reading.inputs}
        if not rows or not self.reading.may_be_forbidden:
            return []
        exists = self.reading.read(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int64)))[EXISTS]
        found: dict[int, int] = {}
        for at in exists.arg_true():
            found.setdefault(rows[at], at)
        for row, at in found.items():
            self.cases.suppose(row, {name: column[at] for name, column in columns.items()})
        return list(found)

    def _ends(self, answers: pl.DataFrame, pivotal: Mapping[int, set[str]]) -> Iterator[Ends]:
        words = [name for name in answers.columns if name.startswith("?")]
        found = answers.group_by(ROW, OUTCOME, PLACE, maintain_order=True).agg(
            pl.col(MODES).bitwise_and(),
            *(pl.col(name).bitwise_and().alias(f"held {name}") for name in words),
            *(pl.col(name).bitwise_or().alias(f"some {name}") for name in words),
        )
        ways: dict[int, list[Ended]] = {}
        for row, outcome, place, modes, *bits in found.iter_rows():
            held, some = joined(bits[: len(words)]), joined(bits[len(words) :])
            ways.setdefault(row, []).append(Ended(outcome, place, modes, held, some))
        for row, ended in ways.items():
            yield Ends(row, tuple(ended), frozenset(pivotal.get(row, ())))


def _between(domain: Domain, cuts: Iterable[int]) -> list[int]:
    """A value for each class of values that no cut parts."""
    starts = sorted({0, *(place for cut in cuts if (place := domain.place(cut)) < domain.size)})
    return [domain.values()[start] for start in starts]


def joined(words: Sequence[int]) -> int:
    """The words of what was asked, 64 bits each, as one number."""
    return sum(word << 64 * at for at, word in enumerate(words))
