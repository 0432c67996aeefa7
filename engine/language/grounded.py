"""The rule book made flat: one rule a record, one variable a value. The one table that every reading is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.language.formulas import Condition, Formula, Number, Test, reads
from sharedvalue.engine.language.types import ValueType


@dataclass(frozen=True)
class Variable:
    """One value: `origin` is fact | provided | measure | conclusion | choice; `source` the name it was written under."""

    name: str
    type: ValueType
    origin: str
    source: str


@dataclass(frozen=True)
class GroundRule:
    """A rule (or one case, part or branch of it) for one binding of records.

    It fires when one of `alternatives` holds, and is defeated when one of `defeats` does. `part` names the case, part
    or branch ('' where there is one only); `binding` maps the rule's record variables to positions in their lists.
    """

    rule: str
    part: str
    binding: tuple[tuple[str, str, int], ...]  # (variable, list, position)
    when: Condition
    unless: Condition | None
    alternatives: tuple[tuple[Test, ...], ...]
    defeats: tuple[tuple[Test, ...], ...]
    concludes: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        records = ",".join(f"{where}[{position}]" for _, where, position in self.binding)
        return f"{self.rule}{'.' + self.part if self.part else ''}{'(' + records + ')' if records else ''}"


@dataclass(frozen=True)
class GroundMeasure:
    """A measure: its value is that of the formula (a condition counts as 1 or 0)."""

    name: str
    formula: Number


@dataclass(frozen=True)
class GroundBranch:
    """A candidate of the choice: it stands when the conclusion `candidate` holds; the lowest `place` decides."""

    rule: str
    part: str
    place: int
    outcome: int
    candidate: str


@dataclass(frozen=True)
class Stratum:
    """One step. First its measures in order; then, if `chooses`, the choice; then its rules, all at once.

    When the stratum closes, each of `conclusions` that no rule reached, here or in an earlier stratum, is known to be
    false. Rules of several strata may conclude the same thing; it is read only after the last of them.
    """

    measures: tuple[GroundMeasure, ...]
    rules: tuple[GroundRule, ...]
    chooses: bool = False

    @cached_property
    def conclusions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.concludes))


@dataclass(frozen=True)
class GroundConstraint:
    """What cannot be: a world in which `never` holds does not exist."""

    name: str
    never: Condition

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset(reads(self.never))


@dataclass(frozen=True)
class Grounded:
    """All of one stage (evidence, world or decision) of a rule book, for given lists.

    `inputs` are the variables that a world must give: facts, engine-provided values, and measures that stand open
    because their list was left out or because they were given. `outcome` and `decided_by` are set by the choice: the
    integer of the outcome (position in the book's outcomes) and the place of the deciding branch.
    """

    stage: str
    variables: Mapping[str, Variable]
    inputs: tuple[str, ...]
    strata: tuple[Stratum, ...]
    branches: tuple[GroundBranch, ...]
    constraints: tuple[GroundConstraint, ...]
    outcomes: tuple[str, ...] = ()

    @cached_property
    def rules(self) -> tuple[GroundRule, ...]:
        return tuple(rule for stratum in self.strata for rule in stratum.rules)

    @cached_property
    def rules_for(self) -> Mapping[str, tuple[GroundRule, ...]]:
        found: dict[str, list[GroundRule]] = {}
        for rule in self.rules:
            for conclusion in rule.concludes:
                found.setdefault(conclusion, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def measures(self) -> Mapping[str, Formula]:
        return {measure.name: measure.formula for stratum in self.strata for measure in stratum.measures}
