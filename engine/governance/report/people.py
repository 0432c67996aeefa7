"""The groups of members in a case, what an answer means for them, and which are too small to be told of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import show

SMALL_CELL, USUAL = (
    "small_cell",
    5,
)  # the threshold of the rule book; a book from before it takes the usual number


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
            fate, loses = said("no_change"), False
            if keeps is not None and keeps.list == listed:
                loses = name not in decision.kept and name not in decision.kept_perhaps
                fate = left if loses else keeps.kept if name in decision.kept else said("fate_unknown")
            rows.append(Group(name, people, fate, loses))
    few = [g for g in rows if g.people is not None and g.people < smallest]
    asked = [i.n for fact in case.basis.facts for i in fact.items if 0 < i.n < smallest]
    counted = frozenset(name for name in book.outcomes.recording.people if _least(case, name) < smallest)
    return Groups(tuple(rows), keeps is not None, bool(few or asked or counted), smallest, lists, counted)


def _least(case: Case, name: str) -> float:
    """The least that a count of people may be; nothing small where it is not given."""
    belief = case.decision.worlds.beliefs.get(name)
    return math.inf if belief is None or belief.value is None or belief.value == 0 else float(belief.value)
