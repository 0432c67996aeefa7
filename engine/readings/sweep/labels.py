"""Answers in words: the rows of a table that a person reads, from positions and codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sharedvalue.engine.readings.sweep.program import EXISTS, MODES, PLACE, Reading, Tally

JOINT = " + "


class Labels:
    """Turns blocks of positions into rows: each varied value, then `outcome`, `rule`, `branch` and `modes`."""

    def __init__(
        self, reading: Reading, varied: Mapping[str, tuple[str, Sequence[object]]], outcomes: Sequence[str]
    ) -> None:
        """`varied` gives for each column its heading and what stands at each position."""
        self.reading = reading
        self._values = {name: pl.Series(heading, list(shown)) for name, (heading, shown) in varied.items()}
        branches = {branch.place: branch for branch in reading.grounded.branches}
        places = range(max(branches, default=0) + 1)
        one = [branches.get(place) for place in places]
        self._of_place = [
            pl.Series(
                "outcome",
                [None if b is None else outcomes[b.outcome] for b in one],
                dtype=pl.Enum(list(outcomes)),
            ),
            pl.Series("rule", [None if b is None else b.rule for b in one], dtype=pl.String),
            pl.Series("branch", [None if b is None else b.part for b in one], dtype=pl.String),
        ]

    @property
    def schema(self) -> dict[str, pl.DataType | type[pl.DataType]]:
        found: dict[str, pl.DataType | type[pl.DataType]] = {
            s.name: s.dtype for s in (*self._values.values(), *self._of_place)
        }
        return {**found, "modes": pl.String}

    def of_rows(self, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
        """Rows that were decided one by one, as a table of the same shape."""
        return pl.DataFrame(list(rows), schema=self.schema)

    def read(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, Tally, int]:
        """The rows of a block without those that cannot be, how they are shared out, and how many worlds it had."""
        answers = self.reading.read(frame)
        tally = self.reading.tally_read(answers)
        if EXISTS in answers.columns and tally.forbidden:
            frame, answers = frame.filter(answers[EXISTS]), answers.filter(pl.col(EXISTS))
        masks = answers[MODES].unique()
        texts = pl.Series([JOINT.join(self.reading.modes_of(mask)) for mask in masks], dtype=pl.String)
        place = pl.when(pl.col(PLACE) >= 0).then(pl.col(PLACE))
        columns = [
            pl.lit(values).gather(pl.col(name).cast(pl.UInt32)).alias(values.name)
            for name, values in self._values.items()
        ]
        rows = frame.select(columns).with_columns(
            answers.select(
                *(pl.lit(values).gather(place).alias(values.name) for values in self._of_place),
                pl.col(MODES).replace_strict(masks, texts, return_dtype=pl.String).alias("modes"),
            )
        )
        return rows, tally, tally.forbidden + rows.height
