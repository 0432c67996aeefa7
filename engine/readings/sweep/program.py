"""A grounded table, ready to read many complete worlds at once: outcome, deciding place, modes, conclusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

import polars as pl

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Condition
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.readings.sweep.circuit import FALSE, TRUE, Cases, Num, span
from sharedvalue.engine.readings.sweep.fold import NO_OUTCOME, Folded, condition
from sharedvalue.engine.readings.sweep.parallel import on_all_cores
from sharedvalue.engine.readings.sweep.translate import Key, Translator, bits, dtype_of

MODE = "mode:"
WORD = 64
BLOCK = 1 << 19  # worlds read at once
OUTCOME, PLACE, MODES, EXISTS = "outcome", "decided_by", "modes", "exists"


class Program:
    """What can be asked of a table. Cheap to make: the work is done once it is known what varies."""

    def __init__(self, grounded: Grounded) -> None:
        self.grounded = grounded

    @staticmethod
    def from_grounded(grounded: Grounded) -> Program:
        return Program(grounded)

    def of(
        self,
        domains: Mapping[str, Domain],
        everything: bool = False,
        positions: bool = False,
        asked: Sequence[Condition] = (),
    ) -> Reading:
        """The table for worlds within these domains.

        `everything`: with each conclusion and measure. `positions`: columns hold positions in the domains, not values.
        `asked`: conditions to be answered as well, each a bit of the columns "?0", "?1", ... of 64 bits.
        """
        return Reading(self.grounded, domains, everything, positions, asked)


@dataclass(frozen=True)
class Tally:
    """How many worlds each deciding place and each mode has; those `forbidden` by a constraint are in neither."""

    places: Mapping[int, int]
    modes: Mapping[str, int]
    forbidden: int

    def plus(self, other: Tally, times: int = 1) -> Tally:
        places, modes = dict(self.places), dict(self.modes)
        for place, count in other.places.items():
            places[place] = places.get(place, 0) + count * times
        for mode, count in other.modes.items():
            modes[mode] = modes.get(mode, 0) + count * times
        return Tally(places, modes, self.forbidden + other.forbidden * times)


NOTHING = Tally({}, {}, 0)


class Reading:
    """A table whose constants are in, as Polars expressions over the columns that vary.

    `inputs` are the columns that a frame must have, each with its lowest and highest value. `cuts` says where
    comparisons cut a column: values that no cut parts are alike; None where every value may differ. `modes`
    are those that can hold.
    """

    def __init__(
        self,
        grounded: Grounded,
        domains: Mapping[str, Domain],
        everything: bool,
        positions: bool,
        asked: Sequence[Condition],
    ) -> None:
        self.grounded = grounded
        self.folded = folded = Folded(grounded, domains, positions)
        self.modes = tuple(
            name for name, literal in folded.flags.items() if name.startswith(MODE) and literal != FALSE
        )
        self.place = folded.numbers.get(PLACE, NO_OUTCOME)
        self.outcome = folded.numbers.get(OUTCOME, NO_OUTCOME)
        self._flags: dict[str, int] = {}
        self._numbers: dict[str, Num] = {}
        if everything:
            self._flags = {n: literal for n, literal in folded.flags.items() if n not in grounded.inputs}
            self._numbers = {
                n: v for n, v in folded.numbers.items() if n not in (OUTCOME, PLACE, *grounded.inputs)
            }
        self.asked = [condition(one, folded) for one in asked]
        literals = [
            folded.exists,
            *(folded.flags[name] for name in self.modes),
            *self._flags.values(),
            *self.asked,
        ]
        self._to = Translator(folded.circuit, literals, [self.place, self.outcome, *self._numbers.values()])
        self.inputs: Mapping[str, tuple[int, int]] = self._to.inputs
        self.cuts: Mapping[str, set[int] | None] = self._to.cuts

    @cached_property
    def schema(self) -> Mapping[str, type[pl.DataType]]:
        """The narrowest type of each input column; an input of yes and no is a Boolean column."""
        return {
            n: pl.Boolean if (lo, hi) == (0, 1) else dtype_of(lo, hi) for n, (lo, hi) in self.inputs.items()
        }

    @property
    def may_be_forbidden(self) -> bool:
        """Whether some world may break a constraint; only then is there a column `exists`."""
        return self.folded.exists != TRUE

    @property
    def order(self) -> list[Key]:
        """The nodes of the circuit that anything asked is made from, each after all that it reads."""
        return self._to.order

    def nodes(self, key: Key) -> object:
        """What a place of the circuit stands for; a number stands for itself."""
        return self.folded.circuit.nodes[key] if isinstance(key, int) else key

    @property
    def decides_nothing(self) -> bool:
        """Whether no branch decides in any of the worlds."""
        return all(place == NO_OUTCOME or literal == FALSE for literal, place in self.places)

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What follows in each world: `outcome`, `decided_by`, `modes` (mode i of `self.modes` is bit i).

        Also `exists` where a world may break a constraint, and conclusions and measures as "=name" if they
        were asked for. A long frame is read in blocks that stay in the processor's cache, on all cores.
        """
        if not self.inputs:  # one answer for all worlds
            row = pl.select(self._outputs)
            return pl.select(
                [pl.repeat(row.item(0, c.name), frame.height, dtype=c.dtype).alias(c.name) for c in row]
            )
        if frame.height <= BLOCK:
            return self._layered(frame).select_seq(self._outputs)
        pieces = (frame.slice(start, BLOCK) for start in range(0, frame.height, BLOCK))
        return pl.concat(on_all_cores(self.read, pieces), rechunk=False)

    def tally(self, frame: pl.DataFrame, weight: str | None = None) -> Tally:
        """How many worlds there are of each kind, or the sum of their weights (an integer column of the frame)."""
        return self._as_tally(self._layered(frame).select_seq(self._tallied(weight)).row(0))

    def tally_read(self, answers: pl.DataFrame) -> Tally:
        """The tally of what `read` gave."""
        kept = answers.filter(pl.col(EXISTS)) if self.may_be_forbidden else answers
        asked = [pl.col(PLACE) == place for _, place in self.places]
        asked += [(pl.col(MODES) & (1 << bit)) != 0 for bit in range(len(self.modes))]
        row = kept.select(holds.sum().alias(f"{i}") for i, holds in enumerate(asked)).row(0)
        return self._as_tally((*row, answers.height - kept.height))

    def _tallied(self, weight: str | None) -> list[pl.Expr]:
        exists = self.folded.exists
        found = [literal for literal, _ in self.places] + [self.folded.flags[name] for name in self.modes]
        counted = [self._counted([literal, exists], weight) for literal in found] + [
            self._counted([-exists], weight)
        ]
        return [count.alias(f"{i}") for i, count in enumerate(counted)]

    def _counted(self, literals: list[int], weight: str | None) -> pl.Expr:
        """In how many worlds all of these hold."""
        if FALSE in literals:
            return pl.lit(0)
        varying = [self._to.literal(literal) for literal in literals if literal != TRUE]
        if not varying:
            return pl.len() if weight is None else pl.col(weight).sum()
        holds = reduce(and_, varying)
        return (
            holds.sum()
            if weight is None
            else pl.when(holds).then(pl.col(weight)).otherwise(pl.lit(0, pl.Int64)).sum()
        )

    def _as_tally(self, row: tuple[int, ...]) -> Tally:
        places: dict[int, int] = {}
        for (_, place), count in zip(self.places, row, strict=False):
            if count:
                places[place] = places.get(place, 0) + count
        modes = {
            name: count for name, count in zip(self.modes, row[len(self.places) :], strict=False) if count
        }
        return Tally(places, modes, row[-1])

    def modes_of(self, mask: int) -> tuple[str, ...]:
        """The modes of a bit mask, without their prefix."""
        return tuple(name.removeprefix(MODE) for bit, name in enumerate(self.modes) if mask >> bit & 1)

    # --- expressions ------------------------------------------------------------------------------------------
    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Each possible deciding place, after the literal under which it decides."""
        return self.place.cases if isinstance(self.place, Cases) else ((TRUE, span(self.place)[0]),)

    @cached_property
    def _narrowed(self) -> list[pl.Expr]:
        return [pl.col(name).cast(dtype) for name, dtype in self.schema.items()]

    def _layered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with every column that is read more than once. (One after another: blocks share the cores.)"""
        frame = frame.with_columns_seq(self._narrowed)
        for layer in self._to.layers:
            frame = frame.with_columns_seq(layer)
        return frame

    @cached_property
    def _outputs(self) -> list[pl.Expr]:
        made = [
            self._to.number(self.outcome).alias(OUTCOME),
            self._to.number(self.place).alias(PLACE),
            self._mask().alias(MODES),
        ]
        if self.may_be_forbidden:
            made.append(self._to.literal(self.folded.exists).alias(EXISTS))
        made += [self._word(start).alias(f"?{start // WORD}") for start in range(0, len(self.asked), WORD)]
        made += [self._to.literal(literal).alias(f"={name}") for name, literal in self._flags.items()]
        return made + [self._to.number(value).alias(f"={name}") for name, value in self._numbers.items()]

    def _word(self, start: int) -> pl.Expr:
        return bits((self._to.literal(literal) for literal in self.asked[start : start + WORD]), pl.UInt64)

    def _mask(self) -> pl.Expr:
        """The modes as bits, made byte by byte: bytes are joined faster than wider numbers."""
        flags = [self._to.literal(self.folded.flags[name]) for name in self.modes]
        words = [bits(flags[start : start + 8]) for start in range(0, len(flags), 8)]
        if len(words) < 2:
            return words[0] if words else pl.lit(0, pl.UInt8)
        dtype = pl.UInt16 if len(words) == 2 else pl.UInt32 if len(words) <= 4 else pl.UInt64
        return reduce(or_, (word.cast(dtype) * pl.lit(1 << 8 * i, dtype) for i, word in enumerate(words)))
