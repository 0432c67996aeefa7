"""The groups of members in a case, what an answer means for them, and which are too small to be told of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import NumberType, show

SMALL_CELL, USUAL = (
    "small_cell",
    5,
)  # the threshold of the rule book; a book from before it takes the usual number


COUNT = "count"  # the field of a group that says how many people are in it


@dataclass(frozen=True)
class Group:
    name: str
    people: int | None
    fate: str
    loses: bool = False


@dataclass(frozen=True)
class Groups:
    """All groups. `small` when a number in the case is about fewer people than `smallest`; `lists` name where they stand,
    `few` the facts that count so few."""

    rows: tuple[Group, ...]
    takes_places: bool
    small: bool
    smallest: int
    lists: tuple[str, ...]
    few: frozenset[str] = frozenset()

    def told(self, hide: bool) -> list[tuple[str, ...]]:
        """A row a group; with `hide`, no number: one that is shown would tell the one that is not."""
        return [(g.name, self._people(g, hide), g.fate) for g in self.rows]

    def _people(self, group: Group, hide: bool) -> str:
        if group.people is None:
            return said("count_unknown")
        if hide:
            return (
                said("few", smallest=str(self.smallest))
                if group.people < self.smallest
                else said("count_left_out")
            )
        return f"{group.people:,}"


def groups_of(case: Case) -> Groups:
    """The groups that the outcomes of the rule book keep or leave out."""
    decision, worlds = case.decision, case.decision.worlds
    book: RuleBook = worlds.book
    threshold = book.thresholds.get(SMALL_CELL)
    smallest = threshold.value if threshold is not None else USUAL
    keeps = book.outcomes.outcomes[decision.outcome].keeps
    lists = tuple(dict.fromkeys(o.keeps.list for o in book.outcomes.outcomes.values() if o.keeps))
    mode = next((book.outcomes.modes[m].left for m in decision.modes if book.outcomes.modes[m].left), "")
    left = mode or (keeps.left if keeps is not None else "")
    rows: list[Group] = []
    for listed in lists:
        for position, name in enumerate(worlds.scenario.records.get(listed, ())):
            count = f"{listed}[{position}].count"
            domain = worlds.domains.get(count)
            people = None
            if domain is not None and domain.is_known:
                shown = show(domain.lo, worlds.grounded.variables[count].type)
                people = shown if isinstance(shown, int) else None
            hard = book.outcomes.outcomes[decision.outcome].hard
            fate, loses = said("fate_all" if hard and keeps is None else "no_change"), False
            if keeps is not None and keeps.list == listed:
                loses = name not in decision.kept and name not in decision.kept_perhaps
                fate = left if loses else keeps.kept if name in decision.kept else said("fate_unknown")
            rows.append(Group(name, people, fate, loses))
    few = [g for g in rows if g.people is not None and g.people < smallest]
    some = any(0 < number < smallest for number in _people(case, lists))
    asked = [i.n for fact in case.basis.facts for i in fact.items if 0 < i.n < smallest]
    counted = frozenset(name for name in book.outcomes.recording.people if _least(case, name) < smallest)
    return Groups(
        tuple(rows), keeps is not None, bool(few or some or asked or counted), smallest, lists, counted
    )


def _people(case: Case, lists: tuple[str, ...]) -> Iterator[float]:
    """How many people the measures of the rule book count that add up people of groups, and the parts of each group of which they
    do: a share of a small group tells of a few."""
    worlds, values = case.decision.worlds, case.decision.trace.values
    parts: dict[str, set[str]] = {listed: set() for listed in lists}
    for measure in worlds.book.measures.values():
        sums = [] if isinstance(measure.formula, Picked) else _sums(measure.formula.node, lists)
        for one in sums:
            parts[one.list] |= {node.field for node in e.walk(one) if isinstance(node, e.FieldOf)} - {COUNT}
        if sums and isinstance(measure.type, NumberType) and measure.type.unit == "count":
            yield values.get(measure.name, 0)
    for listed, fields in parts.items():
        for position in range(len(worlds.scenario.records.get(listed, ()))):
            here = {field: worlds.domains.get(f"{listed}[{position}].{field}") for field in (COUNT, *fields)}
            counted = here.pop(COUNT)
            if counted is None or not counted.is_known:
                continue
            for field, share in here.items():
                kind = worlds.grounded.variables[f"{listed}[{position}].{field}"].type if share else None
                if share is not None and share.is_known and isinstance(kind, NumberType):
                    yield counted.lo * share.lo / kind.hi


def _sums(node: e.Node, lists: tuple[str, ...]) -> list[e.Aggregate]:
    """The parts of a formula that add up the people of groups."""
    found = [part for part in e.walk(node) if isinstance(part, e.Aggregate) and part.list in lists]
    return [
        one
        for one in found
        if any(isinstance(part, e.FieldOf) and part.field == COUNT for part in e.walk(one))
    ]


def _least(case: Case, name: str) -> float:
    """The least that a count of people may be; nothing small where it is not given."""
    belief = case.decision.worlds.beliefs.get(name)
    return math.inf if belief is None or belief.value is None or belief.value == 0 else float(belief.value)
