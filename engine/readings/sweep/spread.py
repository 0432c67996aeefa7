"""Many cases, each with some values open: every case spread over the worlds that rules can tell apart, and read at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import prod

import polars as pl

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.readings.sweep.grid import WEIGHT
from sharedvalue.engine.readings.sweep.program import EXISTS, MODES, PLACE, Reading, Tally

ROW = "#row"
AT_ONCE = 1 << 16  # worlds read together
Class = tuple[
    int, int
]  # a value that stands for all that no rule tells apart from it, and how many these are


class Spread:
    """Cases of one table: `worlds` says what is known in each, `open` what may be more than one thing.

    `left` are the cases that would take more than `most` worlds; they are not read. With `counted`, each world counts
    for as many as it stands for.
    """

    def __init__(
        self,
        reading: Reading,
        worlds: Sequence[Mapping[str, int]],
        open_: Sequence[Mapping[str, Domain]],
        most: int,
        counted: bool = False,
    ) -> None:
        self.reading, self.left = reading, list[int]()
        self._worlds, self._counted = worlds, counted
        self._kept: dict[tuple[str, Domain], tuple[Class, ...]] = {}
        self._axes_of: dict[int, tuple[tuple[str, tuple[Class, ...]], ...]] = {}
        self._alike: dict[tuple[tuple[str, tuple[Class, ...]], ...], list[int]] = {}
        for row, domains in enumerate(open_):
            read = [(name, domain) for name, domain in domains.items() if name in reading.inputs]
            if any(reading.cuts[name] is None and domain.size > most for name, domain in read):
                self.left.append(row)
                continue
            axes = tuple((name, self._classes(name, domain)) for name, domain in read)
            if prod(len(classes) for _, classes in axes) > most:
                self.left.append(row)
            else:
                self._alike.setdefault(axes, []).append(row)
                self._axes_of[row] = axes

    def _classes(self, name: str, domain: Domain) -> tuple[Class, ...]:
        key = name, domain
        if key not in self._kept:
            cuts = self.reading.cuts[name]
            self._kept[key] = (
                tuple((value, 1) for value in domain.values())
                if cuts is None
                else self._between(name, domain, sorted(cuts))
            )
        return self._kept[key]

    def _between(self, name: str, domain: Domain, cuts: list[int]) -> tuple[Class, ...]:
        """One class for all values between two cuts; each is stood for by the same value in every case."""
        starts = sorted({0, *(place for cut in cuts if (place := domain.place(cut)) < domain.size)})
        found = []
        for start, end in zip(starts, [*starts[1:], domain.size], strict=True):
            above = bisect_right(cuts, domain.values()[start])
            shown = cuts[above - 1] if above else self.reading.inputs[name][0]
            found.append((shown, end - start if self._counted else 1))
        return tuple(found)

    # --- frames -----------------------------------------------------------------------------------------------
    def _frames(self) -> Iterator[pl.DataFrame]:
        """Every world of every case, joined into frames of a good size; those of one case stand in one frame."""
        waiting, height = list[pl.DataFrame](), 0
        for axes, rows in self._alike.items():
            worlds = self._product(axes)
            at_once = max(1, AT_ONCE // worlds.height)
            for start in range(0, len(rows), at_once):
                waiting.append(self._cases(rows[start : start + at_once], worlds))
                height += waiting[-1].height
                if height >= AT_ONCE:
                    yield pl.concat(waiting)
                    waiting, height = [], 0
        if waiting:
            yield pl.concat(waiting)

    def _product(self, axes: tuple[tuple[str, tuple[Class, ...]], ...]) -> pl.DataFrame:
        found = pl.DataFrame({WEIGHT: pl.Series([1], dtype=pl.Int64)})
        for name, classes in axes:
            axis = pl.DataFrame(
                {
                    name: pl.Series([value for value, _ in classes], dtype=pl.Int64),
                    "#times": pl.Series([count for _, count in classes], dtype=pl.Int64),
                }
            )
            found = found.join(axis, how="cross").with_columns(pl.col(WEIGHT) * pl.col("#times"))
            found = found.drop("#times")
        return found

    def _cases(self, rows: Sequence[int], worlds: pl.DataFrame) -> pl.DataFrame:
        known = [name for name in self.reading.inputs if name not in worlds.columns]
        frame = pl.DataFrame(
            {
                ROW: pl.Series(rows, dtype=pl.Int64),
                **{n: pl.Series([self._worlds[row][n] for row in rows], dtype=pl.Int64) for n in known},
            }
        )
        return frame.join(worlds, how="cross").select(ROW, WEIGHT, *self.reading.inputs)

    def _answers(self) -> Iterator[pl.DataFrame]:
        """What follows in each world, beside the case and the weight; `exists` is always there."""
        for frame in self._frames():
            answers = self.reading.read(frame)
            if EXISTS not in answers.columns:
                answers = answers.with_columns(pl.lit(True).alias(EXISTS))
            yield answers.with_columns(frame[ROW], frame[WEIGHT])

    def tallies(self) -> Iterator[tuple[int, Tally]]:
        """How the worlds of each case are shared out."""
        for answers in self._answers():
            exists = pl.col(EXISTS)
            held = [
                pl.col(WEIGHT).filter(exists & ((pl.col(MODES).cast(pl.UInt64) & (1 << bit)) != 0)).sum()
                for bit in range(len(self.reading.modes))
            ]
            places = answers.filter(exists).group_by(ROW, PLACE).agg(pl.col(WEIGHT).sum())
            by_row: dict[int, dict[int, int]] = {}
            for row, place, count in places.rows():
                by_row.setdefault(row, {})[place] = count
            summed = answers.group_by(ROW, maintain_order=True).agg(
                pl.col(WEIGHT).filter(~exists).sum().alias("#forbidden"),
                *(held_in.alias(f"#{bit}") for bit, held_in in enumerate(held)),
            )
            for row, forbidden, *counts in summed.rows():
                modes = {n: c for n, c in zip(self.reading.modes, counts, strict=True) if c}
                yield row, Tally(by_row.get(row, {}), modes, forbidden)
