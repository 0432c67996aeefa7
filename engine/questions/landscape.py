"""Which outcome where, and by which rule, when two facts vary and all else stays: areas with exact borders, by proof."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.questions.landscape_alike import Alike
from sharedvalue.engine.questions.landscape_axes import Axis, whole_map
from sharedvalue.engine.questions.landscape_borders import sides
from sharedvalue.engine.questions.landscape_parts import (
    CANNOT_BE,
    NOT_COVERED,
    Answer,
    Area,
    Landscape,
    Region,
    own_domain,
)
from sharedvalue.engine.readings.prove import Budget, OutOfBudget
from sharedvalue.engine.readings.sweep import Axis as GridAxis
from sharedvalue.engine.readings.sweep import Grid, Program, Reading
from sharedvalue.engine.worlds import Worlds, suppose
from sharedvalue.engine.worlds.restated import forms_otherwise

SECONDS = 10.0
DECIDING = 4.0  # of it, as steps, for one point: as many as `decide` takes
MOST_CELLS = 400_000  # cells that are read at once, each of which may differ from the next
MOST_KINDS = 3_000_000  # cells that are gone through one by one


@dataclass(frozen=True)
class _Block:
    """The map as it was read: where its classes of places begin, and the answer of each cell, row by row from the lowest y."""

    x_starts: tuple[int, ...]
    y_starts: tuple[int, ...]
    rows: list[list[int]]


def landscape(worlds: Worlds, x: Axis, y: Axis, budget_seconds: float = SECONDS) -> Landscape:
    """The map of a case over two axes (see landscape_axes.read_axes).

    At a point, the two facts are known exactly; all else is as it is in the case. Every point is settled: points that no
    comparison tells apart are decided once.

    Raises:
        UserError: SV910 where the axes are so long that the points cannot be gone through.
    """
    mapper = _Mapper(worlds, x, y, Budget(budget_seconds))
    block = mapper.block()
    regions = _regions(mapper, block)
    found = Landscape(
        worlds, x, y, regions, (), mapper.here, mapper.complete, tuple(mapper.open), dict(mapper.example)
    )
    parted = sides(found, mapper.decision_at, block.x_starts, block.y_starts, block.rows, mapper.order)
    return replace(found, sides=parted)


class _Mapper:
    def __init__(self, worlds: Worlds, x: Axis, y: Axis, budget: Budget) -> None:
        self.worlds, self.x, self.y, self.budget = worlds, x, y, budget
        self.answers: list[Answer] = []
        self.ids: dict[Answer, int] = {}
        self.hangs: dict[int, dict[str, None]] = {}
        self.example: dict[int, tuple[int, int]] = {}
        self.complete = True
        self.open: dict[str, None] = {}
        self.order: dict[int, int] = {}
        self.everywhere: Worlds | None = None  # where the case is formed alike all over the map
        self.here = decide(worlds)

    def block(self) -> _Block:
        """The whole map."""
        if forms_otherwise(self.worlds, {self.x.name: self.x.domain, self.y.name: self.y.domain}):
            return self.by_kinds()
        self.everywhere = whole_map(self.worlds, self.x, self.y)
        if self.everywhere is None:
            return _Block((0,), (0,), [[self.id(CANNOT_BE)]])
        reading = self.reading(self.everywhere)
        if any(n in reading.inputs for n in self.everywhere.open if n not in (self.x.name, self.y.name)):
            return self.by_kinds()
        xs, ys = (self.starts(reading, axis) for axis in (self.x, self.y))
        return self.by_kinds() if len(xs) * len(ys) > MOST_CELLS else self.by_sweep(reading, xs, ys)

    def spent(self) -> bool:
        if self.budget.left <= 0:
            self.complete = False
        return self.budget.left <= 0

    def uncovered(self) -> _Block:
        self.complete = False
        return _Block((0,), (0,), [[self.id(NOT_COVERED)]])

    def id(self, answer: Answer) -> int:
        if answer not in self.ids:
            self.ids[answer] = len(self.answers)
            self.answers.append(answer)
        return self.ids[answer]

    # --- all else is known ------------------------------------------------------------------------------------
    def reading(self, worlds: Worlds) -> Reading:
        """All worlds of the map, with what the rules about the decision itself ask of them."""
        program = Program.from_grounded(worlds.grounded)
        return program.of(worlds.domains, positions=True, asked=asked_after(worlds))

    def starts(self, reading: Reading, axis: Axis) -> tuple[int, ...]:
        """Where classes begin on an axis: places that no comparison parts are one class."""
        if axis.name not in reading.inputs:
            return (0,)
        cuts = reading.cuts[axis.name]
        if cuts is None:
            return tuple(range(axis.domain.size))
        return tuple(sorted({0, *(cut for cut in cuts if 0 < cut < axis.domain.size)}))

    def by_sweep(self, reading: Reading, xs: tuple[int, ...], ys: tuple[int, ...]) -> _Block:
        """Every cell is read, and each kind of reading is decided once."""
        axes = [
            GridAxis(axis.name, len(starts), None, starts, axis.domain.size)
            for axis, starts in ((self.y, ys), (self.x, xs))
            if axis.name in reading.inputs
        ]
        found: list[tuple[object, ...]] = []
        for block in Grid(axes).blocks():
            found += reading.read(block.frame).rows()
        width = len(xs)
        kinds: dict[tuple[object, ...], int] = {}
        rows = []
        for j, y in enumerate(ys):
            row = []
            for i, signature in enumerate(found[j * width : (j + 1) * width]):
                kind = kinds.get(signature)
                if kind is None:
                    kind = kinds[signature] = self.decided(xs[i], y)
                row.append(kind)
            rows.append(row)
        return _Block(xs, ys, rows)

    # --- other facts are open, or are so because of the two ----------------------------------------------------------
    def by_kinds(self) -> _Block:
        """Every cell's kind is told, and each kind is decided once; the rows nearest to the case first."""
        try:
            alike = Alike(self.worlds, self.x, self.y, asked_after(self.worlds), self.budget)
        except OutOfBudget:
            return self.uncovered()
        xs, ys = alike.starts(self.x), alike.starts(self.y)
        if len(xs) * len(ys) > MOST_KINDS:
            raise mistake(
                "SV910",
                "map",
                f"{len(xs):,} by {len(ys):,} points, each of which may differ, are too many",
                "Narrow the axes, for example --x FACT=0..1000.",
            )
        near_x, near_y = self.near(self.x, xs), self.near(self.y, ys)
        missing, kinds = self.id(NOT_COVERED), dict[Hashable, int]()
        rows = [[missing] * len(xs) for _ in ys]
        columns = sorted(range(len(xs)), key=lambda i: abs(i - near_x))
        for j in sorted(range(len(ys)), key=lambda j: abs(j - near_y)):
            if self.spent():
                break
            for i in columns:
                kind = alike.kind(xs[i], ys[j])
                if kind not in kinds and not self.spent():
                    kinds[kind] = self.decided(xs[i], ys[j])
                rows[j][i] = kinds.get(kind, missing)
        return _Block(xs, ys, rows)

    def near(self, axis: Axis, starts: Sequence[int]) -> int:
        """The class that the case itself is in, or the nearest."""
        own = own_domain(self.here, axis.name) or axis.domain
        place = min(axis.domain.place(own.middle), axis.domain.size - 1)
        return max(0, bisect_right(starts, place) - 1)

    # --- one point --------------------------------------------------------------------------------------------
    def worlds_at(self, x: int, y: int) -> Worlds:
        """The worlds of one point.

        Raises:
            UserError: SV207 where it cannot be.
        """
        point = {axis.name: Domain.known(axis.value(at)) for axis, at in ((self.x, x), (self.y, y))}
        if self.everywhere is not None:
            return replace(self.everywhere, domains={**self.everywhere.domains, **point})
        return suppose(self.worlds, point)

    def decided(self, x: int, y: int) -> int:
        try:
            worlds = self.worlds_at(x, y)
            decision = decide(worlds, min(DECIDING, max(0.05, self.budget.left)))
        except UserError as error:
            if any(problem.code not in ("SV207", "SV230") for problem in error.problems):
                raise
            return self.id(CANNOT_BE)
        deciding = deciding_inputs(worlds.grounded)
        self.open.update(
            dict.fromkeys(n for n in worlds.open if n in deciding and n not in (self.x.name, self.y.name))
        )
        if not decision.complete:
            self.complete = False
            return self.id(NOT_COVERED)
        found = self.id(answer_of(decision))
        self.example.setdefault(found, (x, y))
        if not decision.certain:
            self.hangs.setdefault(found, {}).update(dict.fromkeys(decision.pivotal))
        return found

    def decision_at(self, x: int, y: int) -> Decision | None:
        """The decision at a point; None where it cannot be."""
        try:
            return decide(self.worlds_at(x, y), 1.0)
        except UserError:
            return None


def asked_after(worlds: Worlds) -> list[Test]:
    """What the rules about the decision itself compare of the values of a world."""
    known = {*worlds.grounded.inputs, *worlds.grounded.measures}
    known |= {name for rule in worlds.grounded.rules for name in rule.concludes}
    tests = {
        test: None
        for rule in ground(worlds.book, "decision", Shape()).rules
        for way in (*rule.alternatives, *rule.defeats)
        for test in way
        if test.left in known and (isinstance(test.right, int) or test.right in known)
    }
    return list(tests)


def answer_of(decision: Decision) -> Answer:
    """What a map says of a decision."""
    return Answer(
        decision.outcome,
        decision.modes,
        decision.open_modes,
        deciding_rules(decision),
        decision.certain,
        tuple(sorted(p.outcome for p in decision.possible)) if not decision.certain else (),
    )


def deciding_rules(decision: Decision) -> tuple[str, ...]:
    """The rule that decides; where worlds differ, all that may."""
    if decision.after.chosen is not None:
        return (decision.after.chosen.rule,)
    if decision.settled is None:
        chosen = decision.trace.chosen
        return (chosen.rule,) if chosen is not None else ()
    names, found = decision.worlds.book.outcome_names, dict[str, None]()
    for branch in sorted(decision.worlds.grounded.branches, key=lambda b: b.place):
        if decision.may(branch.candidate) and names[branch.outcome] == decision.outcome:
            found[branch.rule] = None
        if decision.true(branch.candidate):
            break
    return tuple(found)


# --- regions ----------------------------------------------------------------------------------------------------
def _regions(mapper: _Mapper, block: _Block) -> tuple[Region, ...]:
    """The regions, the largest first; what cannot be and what was not looked at come last."""
    xs, ys, rows = block.x_starts, block.y_starts, block.rows
    areas: dict[int, list[Area]] = {}
    ends_x = [*(x - 1 for x in xs[1:]), mapper.x.domain.size - 1]
    ends_y = [*(y - 1 for y in ys[1:]), mapper.y.domain.size - 1]
    for answer, (i, k, j, m) in rectangles(rows):
        areas.setdefault(answer, []).append((xs[i], ends_x[k], ys[j], ends_y[m]))
    found = [
        (
            answer,
            Region(
                mapper.answers[answer],
                tuple(listed),
                sum((b - a + 1) * (d - c + 1) for a, b, c, d in listed),
                tuple(mapper.hangs.get(answer, ())),
            ),
        )
        for answer, listed in areas.items()
    ]
    found.sort(
        key=lambda one: (one[1].answer.outcome is None, not one[1].answer.seen, -one[1].points, one[0])
    )
    mapper.order = {answer: place for place, (answer, _) in enumerate(found)}
    return tuple(region for _, region in found)


def rectangles(rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, Area]]:
    """Cells of one kind as rectangles: runs along a row, joined with equal runs of the rows above."""
    growing: dict[tuple[int, int, int], int] = {}
    for j, row in enumerate([*rows, []]):
        runs: set[tuple[int, int, int]] = set()
        at = 0
        for kind, cells in groupby(row):
            end = at + sum(1 for _ in cells)
            runs.add((at, end - 1, kind))
            at = end
        for run in [run for run in growing if run not in runs]:
            yield run[2], (run[0], run[1], growing.pop(run), j - 1)
        for run in runs:
            growing.setdefault(run, j)
