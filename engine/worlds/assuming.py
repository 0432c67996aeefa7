"""What may be assumed of the facts that nobody gave: the book's assumptions as flat formulas, made once for a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.kept import KeptOf
from sharedvalue.engine.language.formulas import Condition, reads, surely_holds
from sharedvalue.engine.language.grounded import GroundConstraint, Grounded
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import RecordsType, ValueType

TABLES_KEPT = 32  # as many as the tables themselves


@dataclass(frozen=True)
class Way:
    """One assumption: under which condition (None: always), and what."""

    when: Condition | None
    reads: frozenset[str]
    value: int


@dataclass(frozen=True)
class Assumable:
    """A fact with its assumptions in turn, and the constraints that it stands in: none of them may be broken."""

    name: str
    type: ValueType
    ways: tuple[Way, ...]
    constraints: tuple[GroundConstraint, ...]

    def applies(self, known: Mapping[str, int]) -> int | None:
        """What is assumed where this is known: the first that applies and contradicts nothing; None for nothing."""
        for way in self.ways:
            if (way.when is None or surely_holds(way.when, known)) and not self.breaks(
                {**known, self.name: way.value}
            ):
                return way.value
        return None

    def breaks(self, known: Mapping[str, int]) -> bool:
        return any(surely_holds(constraint.never, known) for constraint in self.constraints)


_made: KeptOf[tuple[Assumable, ...]] = KeptOf(TABLES_KEPT)


def assumables(book: RuleBook, grounded: Grounded, shape: Shape) -> tuple[Assumable, ...]:
    """The facts of which something may be assumed, in the order of the book. `grounded` is the book's table for the shape."""
    return _made.of(grounded, lambda: tuple(_assumables(book, grounded, shape)))


def _assumables(book: RuleBook, grounded: Grounded, shape: Shape) -> list[Assumable]:
    translate = Translator(book, "world", shape)
    found = []
    for fact in book.facts.values():
        computed = fact.name in book.measures and fact.name not in grounded.inputs
        if not fact.assume or computed or isinstance(fact.type, RecordsType):
            continue
        if fact.type.unit in ("text", "date"):
            continue
        ways = []
        for one in fact.assume:
            when = None if one.when is None else translate.condition(one.when.node, {})
            ways.append(Way(when, frozenset() if when is None else frozenset(reads(when)), one.value))
        standing = tuple(c for c in grounded.constraints if fact.name in c.reads)
        found.append(Assumable(fact.name, fact.type, tuple(ways), standing))  # type: ignore[arg-type]  # lists, texts and dates are left out above
    return found
