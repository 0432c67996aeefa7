"""Which outcome where, and by which rule, when two facts vary and all else stays: areas with exact borders, by proof."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.questions.landscape_axes import Axis, Formed, Part, formed, parts
from sharedvalue.engine.questions.landscape_doubts import Alike
from sharedvalue.engine.readings.prove import Budget
from sharedvalue.engine.readings.sweep import Axis as GridAxis
from sharedvalue.engine.readings.sweep import Grid, Program, Reading
from sharedvalue.engine.worlds import Worlds

SECONDS = 10.0
CUTTING = 0.3  # of the budget may go into finding the parts that are read in one way
MOST_CELLS = 400_000  # cells of a block, each of which may differ from the next
Area = tuple[int, int, int, int]  # x from, x to, y from, y to: places on the axes, the ends included


@dataclass(frozen=True)
class Answer:
    """What `decide` says at a point. `outcome` is None where the point cannot be, or was not looked at (`seen` False).

    `rules` are the rules that decide: more than one where open facts leave it open which. `possible` are the outcomes
    that open facts leave possible.
    """

    outcome: str | None
    modes: tuple[str, ...] = ()
    open_modes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    certain: bool = True
    possible: tuple[str, ...] = ()
    seen: bool = True


CANNOT_BE = Answer(None)
NOT_COVERED = Answer(None, certain=False, seen=False)


@dataclass(frozen=True)
class Region:
    """All points with one answer, as rectangles that share no point. `hangs_on`: the open facts that decide there."""

    answer: Answer
    rectangles: tuple[Area, ...]
    points: int
    hangs_on: tuple[str, ...] = ()

    @cached_property
    def bounds(self) -> Area:
        xs, xe, ys, ye = zip(*self.rectangles, strict=True)
        return min(xs), max(xe), min(ys), max(ye)


@dataclass(frozen=True)
class Edge:
    """A stretch of border: on axis 'x' between the places at - 1 and at, for all places of the other axis from..to."""

    axis: str
    at: int
    from_: int
    to: int


@dataclass(frozen=True)
class Side:
    """A border: the two regions that it parts (places in the list), its stretches, and the thresholds that make it."""

    regions: tuple[int, int]
    edges: tuple[Edge, ...]
    thresholds: tuple[str, ...] = ()

    @property
    def straight(self) -> bool:
        return len({(edge.axis, edge.at) for edge in self.edges}) == 1


@dataclass(frozen=True)
class Landscape:
    """A map. `complete` is False where the budget ran out: the rest is a region that was not looked at.

    `open` says that facts beside the two are open: then each cell was decided for all that they may be.
    """

    worlds: Worlds
    x: Axis
    y: Axis
    regions: tuple[Region, ...]
    sides: tuple[Side, ...]
    here: Decision
    complete: bool
    open: tuple[str, ...]
    example: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return self.x.domain.size * self.y.domain.size

    def place(self, axis: Axis) -> tuple[int, int] | None:
        """Where the case itself lies on an axis: the first and last place; None where it is off the map, or not known."""
        domain = own_domain(self.here, axis.name)
        if domain is None:
            return None
        first, last = axis.domain.place(domain.lo), bisect_right(axis.domain.values(), domain.hi) - 1
        return (first, last) if first <= last else None

    def at(self, x: int, y: int) -> Region:
        """The region of a point, by its places."""
        return next(
            r for r in self.regions if any(a <= x <= b and c <= y <= d for a, b, c, d in r.rectangles)
        )


@dataclass(frozen=True)
class _Block:
    """A part of the map that was read: where its classes of places begin, and the answer of each cell, row by row."""

    x_starts: tuple[int, ...]
    y_starts: tuple[int, ...]
    rows: list[list[int]]


def landscape(worlds: Worlds, x: Axis, y: Axis, budget_seconds: float = SECONDS) -> Landscape:
    """The map of a case over two axes (see landscape_axes.read_axes).

    At a point, the two facts are known exactly; all else is as it is in the case. Every point is settled: points that no
    comparison tells apart are decided once.
    """
    from sharedvalue.engine.questions.landscape_borders import sides

    mapper = _Mapper(worlds, x, y, Budget(budget_seconds))
    x_starts, y_starts, rows = mapper.whole()
    regions = _regions(mapper, x_starts, y_starts, rows)
    found = Landscape(
        worlds, x, y, regions, (), mapper.here, mapper.complete, tuple(mapper.open), dict(mapper.example)
    )
    return replace(found, sides=sides(found, mapper.decision_at, x_starts, y_starts, rows, mapper.order))


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
        self.formed: list[Formed] = []
        self.alike: dict[object, Alike] = {}
        self.kinds: dict[object, int] = {}
        self.here = decide(worlds)

    # --- the whole --------------------------------------------------------------------------------------------
    def whole(self) -> tuple[list[int], list[int], list[list[int]]]:
        """Where classes of places begin on both axes, and the answer of every cell, row by row from the lowest y."""
        blocks: list[tuple[Part, _Block]] = []
        ends = (1 - CUTTING) * self.budget.left
        found = list(parts(self.worlds, self.x, self.y, lambda: self.budget.left < ends))
        for part in sorted(found, key=self.distance):
            if part.mixed:
                self.complete = False
            if part.mixed or self.spent():
                blocks.append((part, self.uncovered(part)))
                continue
            blocks += [(one, self.block(one)) for one in self.form(part)]
        xs = sorted({start for _, block in blocks for start in block.x_starts})
        ys = sorted({start for _, block in blocks for start in block.y_starts})
        rows = [[-1] * len(xs) for _ in ys]
        for part, block in blocks:
            columns = range(bisect_left(xs, part.x_first), bisect_right(xs, part.x_last))
            picked = [bisect_right(block.x_starts, xs[i]) - 1 for i in columns]
            for j in range(bisect_left(ys, part.y_first), bisect_right(ys, part.y_last)):
                row = block.rows[bisect_right(block.y_starts, ys[j]) - 1]
                for i, at in zip(columns, picked, strict=True):
                    rows[j][i] = row[at]
        return xs, ys, rows

    def form(self, part: Part) -> Iterator[Formed]:
        """A part with its worlds; point by point where it is steady but its first point cannot be."""
        made = formed(self.worlds, self.x, self.y, part)
        if part.steady and made.worlds is None:
            for column in part.every_place(True):
                for point in column.every_place(False):
                    yield from self.form(point)
        else:
            self.formed.append(made)
            yield made

    def distance(self, part: Part) -> int:
        """How far a part is from where the case itself lies, in places."""
        far = 0
        for on_x, axis in ((True, self.x), (False, self.y)):
            first, last = part.ends(on_x)
            at = self.near(axis, range(axis.domain.size))
            far += max(first - at, at - last, 0)
        return far

    def spent(self) -> bool:
        if self.budget.left <= 0:
            self.complete = False
        return self.budget.left <= 0

    def uncovered(self, part: Part) -> _Block:
        return _Block((part.x_first,), (part.y_first,), [[self.id(NOT_COVERED)]])

    def id(self, answer: Answer) -> int:
        if answer not in self.ids:
            self.ids[answer] = len(self.answers)
            self.answers.append(answer)
        return self.ids[answer]

    # --- one block --------------------------------------------------------------------------------------------
    def block(self, part: Formed) -> _Block:
        if part.worlds is None:
            return _Block((part.x_first,), (part.y_first,), [[self.id(CANNOT_BE)]])
        if part.points == 1:
            deciding = deciding_inputs(part.worlds.grounded)
            self.open.update(dict.fromkeys(n for n in part.worlds.open if n in deciding))
            return _Block(
                (part.x_first,), (part.y_first,), [[self.decided(part, part.x_first, part.y_first)]]
            )
        if part.doubts is not None:
            return self.by_doubts(part)
        reading = self.reading(part)
        named = {self.x.name, self.y.name}
        open_names = [n for n in part.worlds.open if n in reading.inputs and n not in named]
        self.open.update(dict.fromkeys(open_names))
        xs, ys = (self.starts(part, reading, axis) for axis in (self.x, self.y))
        if open_names:
            return self.by_proof(part, xs, ys)
        if len(xs) * len(ys) > MOST_CELLS:
            return self.by_lines(part)
        return self.by_sweep(part, reading, xs, ys)

    def reading(self, part: Formed) -> Reading:
        """All worlds of a block, with what the rules about the decision itself ask of them."""
        worlds = part.worlds
        assert worlds is not None
        domains = {**worlds.domains, self.x.name: part.x_domain, self.y.name: part.y_domain}
        return Program.from_grounded(worlds.grounded).of(domains, positions=True, asked=asked_after(worlds))

    def starts(self, part: Formed, reading: Reading, axis: Axis) -> tuple[int, ...]:
        """Where classes begin on an axis within a block: places that no comparison parts are one class."""
        first, last = part.ends(axis is self.x)
        if axis.name not in reading.inputs:
            return (first,)
        cuts = reading.cuts[axis.name]
        if cuts is None:
            return tuple(range(first, last + 1))
        return tuple(sorted({first, *(first + cut for cut in cuts if 0 < cut <= last - first)}))

    def by_sweep(self, part: Formed, reading: Reading, xs: tuple[int, ...], ys: tuple[int, ...]) -> _Block:
        """All else is known: every cell is read, and each kind of reading is decided once."""
        axes = []
        for axis, starts in ((self.y, ys), (self.x, xs)):
            first, last = part.ends(axis is self.x)
            if axis.name in reading.inputs:
                places = tuple(start - first for start in starts)
                axes.append(GridAxis(axis.name, len(places), None, places, last - first + 1))
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
                    kind = kinds[signature] = self.decided(part, xs[i], y)
                row.append(kind)
            rows.append(row)
        return _Block(xs, ys, rows)

    def by_proof(self, part: Formed, xs: tuple[int, ...], ys: tuple[int, ...]) -> _Block:
        """Other facts are open: each cell is decided over all that they may be, the cells nearest to the case first."""
        missing = self.id(NOT_COVERED)
        rows = [[missing] * len(xs) for _ in ys]
        near_x, near_y = (self.near(axis, starts) for axis, starts in ((self.x, xs), (self.y, ys)))
        cells = [(abs(i - near_x) + abs(j - near_y), j, i) for j in range(len(ys)) for i in range(len(xs))]
        for _, j, i in sorted(cells):
            if self.spent():
                break
            rows[j][i] = self.decided(part, xs[i], ys[j])
        return _Block(xs, ys, rows)

    def by_doubts(self, part: Formed) -> _Block:
        """What the evidence chapter doubts moves with the two facts: each kind of point is decided once."""
        worlds, doubts = part.worlds, part.doubts
        assert worlds is not None
        assert doubts is not None
        named = {self.x.name: self.x.domain, self.y.name: self.y.domain}
        pattern = (
            tuple((f.rule.rule, f.rule.part) for f in worlds.whole.firings),
            tuple((n, d) for n, d in worlds.domains.items() if n not in {*named, *doubts.names}),
        )
        alike = self.alike.get(pattern)
        if alike is None:
            alike = self.alike[pattern] = Alike(doubts, named, asked_after(worlds))
        deciding = deciding_inputs(worlds.grounded)
        self.open.update(dict.fromkeys(n for n in worlds.open if n in deciding and n not in named))
        xs, ys = range(part.x_first, part.x_last + 1), range(part.y_first, part.y_last + 1)
        kinds = alike.kinds(doubts, xs, ys)
        missing, rows = self.id(NOT_COVERED), []
        for y in ys:
            row = [missing] * len(xs)
            said = next(kinds) if kinds is not None and not self.spent() else None
            for i, x in enumerate(xs):
                if self.spent():
                    break
                kind = (pattern, said[i] if said is not None else (x, y))
                if kind not in self.kinds:
                    self.kinds[kind] = self.decided(part, x, y)
                row[i] = self.kinds[kind]
            rows.append(row)
        return _Block(tuple(xs), tuple(ys), rows)

    def by_lines(self, part: Formed) -> _Block:
        """Long axes: each line along the longer one is cut where a comparison turns on it, by its arithmetic."""
        from sharedvalue.engine.questions.landscape_lines import line_cuts

        worlds = part.worlds
        assert worlds is not None
        domains = {self.x.name: part.x_domain, self.y.name: part.y_domain}
        along_x = part.x_domain.size >= part.y_domain.size
        long, short = (self.x, self.y) if along_x else (self.y, self.x)
        first_long, last_long = part.ends(along_x)
        first_short, _ = part.ends(not along_x)
        lines = line_cuts(worlds, domains, long.name, short.name, asked_after(worlds), self.budget)
        if lines is None:
            self.complete = False
            return self.uncovered(part)
        parts: list[list[tuple[int, int]]] = []
        for place, cuts in enumerate(lines):
            starts = [first_long, *(first_long + c for c in cuts if 0 < c <= last_long - first_long)]
            if self.spent():
                parts.append([(first_long, self.id(NOT_COVERED))])
                continue
            short_at = first_short + place
            parts.append(
                [(at, self.decided(part, *((at, short_at) if along_x else (short_at, at)))) for at in starts]
            )
        longs = tuple(sorted({at for line in parts for at, _ in line}))
        shorts = tuple(range(first_short, first_short + len(parts)))
        rows = []
        for line in parts:
            begins = [at for at, _ in line]
            rows.append([line[bisect_right(begins, at) - 1][1] for at in longs])
        if along_x:
            return _Block(longs, shorts, rows)
        return _Block(shorts, longs, [list(column) for column in zip(*rows, strict=True)])

    def near(self, axis: Axis, starts: Sequence[int]) -> int:
        """The class that the case itself is in, or the nearest."""
        own = own_domain(self.here, axis.name) or axis.domain
        place = min(axis.domain.place(own.middle), axis.domain.size - 1)
        return max(0, bisect_right(starts, place) - 1)

    # --- one point --------------------------------------------------------------------------------------------
    def worlds_at(self, part: Formed, x: int, y: int) -> Worlds:
        return part.worlds_at(
            {axis.name: Domain.known(axis.value(at)) for axis, at in ((self.x, x), (self.y, y))}
        )

    def decided(self, part: Formed, x: int, y: int) -> int:
        try:
            decision = decide(self.worlds_at(part, x, y), max(0.05, self.budget.left))
        except UserError:  # no world fits: SV230
            return self.id(CANNOT_BE)
        if not decision.complete:
            self.complete = False
            return self.id(NOT_COVERED)
        found = self.id(answer_of(decision))
        self.example.setdefault(found, (x, y))
        if not decision.certain:
            self.hangs.setdefault(found, {}).update(dict.fromkeys(decision.pivotal))
        return found

    def decision_at(self, x: int, y: int) -> Decision | None:
        """The decision at a point; None where it cannot be or was not looked at."""
        for part in self.formed:
            if part.worlds is not None and part.holds(x, y):
                try:
                    return decide(self.worlds_at(part, x, y), 1.0)
                except UserError:
                    return None
        return None


def own_domain(here: Decision, name: str) -> Domain | None:
    """What a fact may be in the case itself; None where that is not known as such (it follows from a list)."""
    found = here.worlds.domains.get(name)
    value = here.trace.values.get(name)
    if found is None and value is not None and here.is_certain(name):
        return Domain.known(value)
    return found


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
def _regions(
    mapper: _Mapper, xs: Sequence[int], ys: Sequence[int], rows: list[list[int]]
) -> tuple[Region, ...]:
    """The regions, the largest first; what cannot be and what was not looked at come last."""
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
