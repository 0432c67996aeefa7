"""Groups of members from a survey and a register: how many, of which level, how active, and how far what they want serves the sponsor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.proportions import Method, Share
from sharedvalue.engine.evidence.small_cells import limit_of
from sharedvalue.engine.evidence.survey import Counted, Segment
from sharedvalue.engine.language.formulas import Missing, number
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType

MEASURE = "overlap_short"  # with every need counted, whatever its horizon


@dataclass(frozen=True)
class Overlap:
    """How far a group's needs serve the sponsor: the value, and what it may be from the number of answers alone."""

    percent: int
    low: int
    high: int
    needs: int


@dataclass(frozen=True)
class Cell:
    """One group, as far as it may be told. `overlap` is None where no need of the scenario says whom it serves."""

    name: str
    n: int
    of: int
    level: str
    level_n: int
    level_base: int
    overlap: Overlap | None


@dataclass(frozen=True)
class Cells:
    """The groups that are large enough to be told of; `small` counts the groups that are not, and `small_n` who is in them."""

    cells: tuple[Cell, ...]
    small: int
    small_n: int
    limit: int


def cells(counted: Counted, scenario: Scenario, book: RuleBook) -> Cells:
    """Each group of a survey with its own overlap."""
    limit = limit_of(book)
    told = {name: s for name, s in counted.segments.items() if s.n >= limit}
    small = [s.n for s in counted.segments.values() if s.n < limit]
    return Cells(
        tuple(_cell(name, s, counted, scenario, book) for name, s in told.items()),
        len(small),
        sum(small),
        limit,
    )


def _cell(name: str, segment: Segment, counted: Counted, scenario: Scenario, book: RuleBook) -> Cell:
    base = segment.levels.total()
    level, most = (segment.levels.most_common(1) or [("", 0)])[0]
    clear = base and 2 * most > base
    overlap = overlap_of({need: segment.needs.share(need) for need in segment.needs.base}, scenario, book)
    return Cell(
        name, segment.n, counted.segment_base, level if clear else "", most if clear else 0, base, overlap
    )


def overlap_of(shares: Mapping[str, Share], scenario: Scenario, book: RuleBook) -> Overlap | None:
    """The rule book's own overlap with other shares of the needs in a scenario.

    The bounds take every share at the end of its interval that moves the overlap most: needs that serve more against needs
    that serve less.
    """
    kind = book.facts["needs"].type
    assert isinstance(kind, RecordsType)
    sponsors = max(1, scenario.counts.get("sponsors", 0))
    known: list[tuple[Share, list[int]]] = []
    for position, label in enumerate(scenario.records.get("needs", ())):
        share = next((s for need, s in shares.items() if folded(need) == folded(label)), None)
        stated = [scenario.stated.get(f"needs[{position}].serves[{s}]") for s in range(sponsors)]
        values = [s.value for s in stated if s is not None and s.value is not None]
        if share is not None and share.n and len(values) == sponsors:
            known.append((share, values))
    if not known:
        return None
    overlap = _Overlap(book, scenario, [serves for _, serves in known], sponsors)
    method = Method.of(book)
    points = [share.percent for share, _ in known]
    bounds = [share.points(method) for share, _ in known]
    best = [max(serves) for _, serves in known]
    found = [overlap.of(points)]
    for line in sorted({*best, max(best) + 1}):
        found.append(overlap.of([b[1] if s >= line else b[0] for b, s in zip(bounds, best, strict=True)]))
        found.append(overlap.of([b[0] if s >= line else b[1] for b, s in zip(bounds, best, strict=True)]))
    return Overlap(found[0], min(found), max(found), len(known))


class _Overlap:
    def __init__(self, book: RuleBook, scenario: Scenario, serves: list[list[int]], sponsors: int) -> None:
        shape = Shape((("needs", len(serves)), ("sponsors", sponsors)))
        grounded = ground(book, "world", shape)
        self.measures = grounded.measures
        kind = book.facts["needs"].type
        weights = book.facts["sponsors"].type
        assert isinstance(kind, RecordsType)
        assert isinstance(weights, RecordsType)
        cited, horizon = kind.field("cited_by"), kind.field("horizon")
        assert cited is not None
        assert horizon is not None
        assert isinstance(cited.type, NumberType)
        assert isinstance(horizon.type, ChoiceType)
        self.scale = cited.type.scale
        spec = kind.field("serves")
        assert spec is not None
        assert isinstance(spec.type, MapType)
        weight = weights.field("weight")
        assert weight is not None
        assert isinstance(weight.type, NumberType)
        self.world: dict[str, int] = {}
        for i, values in enumerate(serves):
            self.world[f"needs[{i}].horizon"] = horizon.type.code("both")
            self.world.update({f"needs[{i}].serves[{s}]": value for s, value in enumerate(values)})
        for s in range(sponsors):
            stated = scenario.stated.get(f"sponsors[{s}].weight")
            known = stated.value if stated is not None else None
            self.world[f"sponsors[{s}].weight"] = weight.type.scale if known is None else known

    def of(self, percents: list[int]) -> int:
        shares = {f"needs[{i}].cited_by": percent * self.scale for i, percent in enumerate(percents)}
        value = self.measured(MEASURE, {**self.world, **shares})
        return (2 * value + self.scale) // (2 * self.scale)

    def measured(self, name: str, world: dict[str, int]) -> int:
        """A measure, and first whatever measures it rests on."""
        formula = self.measures[name]
        while True:
            try:
                value = number(formula, world)  # type: ignore[arg-type]  # a measure is a number
            except Missing as missing:
                world[missing.args[0]] = self.measured(missing.args[0], world)
            else:
                return value
