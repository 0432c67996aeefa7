"""Rules over records become flat rules, one a record: the table of one stage, of which the latest few are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product
from math import prod

from sharedvalue.engine.errors import Place, mistake
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.grounded import (
    GroundBranch,
    GroundConstraint,
    Grounded,
    GroundMeasure,
    GroundRule,
    Stratum,
    Variable,
)
from sharedvalue.engine.language.measures import Measure, Picked
from sharedvalue.engine.language.outcomes import Level
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block, Rule
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.strata import Order, names_read, order
from sharedvalue.engine.language.texts import placeholders
from sharedvalue.engine.language.translator import YES_NO, Translator
from sharedvalue.engine.language.types import ChoiceType

MAX_RECORDS = 60
MAX_TOGETHER = 80  # records of all lists
MAX_BINDINGS = 4000
MAX_VARIABLES = 3000
MAX_ALTERNATIVES = 64
FRAMES_KEPT = 16
SHAPES_KEPT = (
    2048  # most shapes share a table: a list of communities comes in a thousand shapes, and a dozen tables
)
TABLES_KEPT = 64  # of one book: a case with groups has a table for each way in which its lists are filled


@dataclass
class _Builder:
    book: RuleBook
    stage: str
    shape: Shape
    order: Order
    translate: Translator
    rules: dict[int, list[GroundRule]] = field(default_factory=dict)
    branches: list[GroundBranch] = field(default_factory=list)
    read_by_measure: dict[str, tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]] = field(
        default_factory=dict
    )

    # --- which measures stand open ----------------------------------------------------------------------------
    def open_measures(self) -> frozenset[str]:
        """Measures that a world must give: given as facts, or over a list (or field) that was left out."""
        found = {name for name in self.book.measures if name in self.shape.given}
        for name, measure in self.book.measures.items():
            lacking = self.lacks(measure, deep=name in self.book.facts, seen=frozenset())
            if lacking:
                found.add(name)
        return frozenset(found)

    def lacks(self, measure: Measure, deep: bool, seen: frozenset[str]) -> bool:
        lists, fields, names = self.stands_on(measure)
        if not all(listed in self.shape.count for listed in lists) or not fields.isdisjoint(
            self.shape.lacking
        ):
            return True
        below = (
            n
            for n in (names if deep else ())
            if n in self.book.measures and n not in self.book.facts and n not in seen
        )
        return any(
            name not in self.shape.given and self.lacks(self.book.measures[name], True, seen | {measure.name})
            for name in below
        )

    def stands_on(self, measure: Measure) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
        """The lists, the fields of them, and the names that a measure reads."""
        found = self.read_by_measure.get(measure.name)
        if found is None:
            found = self.read_by_measure[measure.name] = _stands_on(measure)
        return found

    def only_shown(self, open_measures: frozenset[str], needed: set[str]) -> list[str]:
        """Measures that only texts read: those that need nothing open but what the rules need as well."""

        def stands_on(name: str) -> set[str]:
            if name in open_measures:
                return {name}
            below = [n for n in self.stands_on(self.book.measures[name])[2] if n in self.book.measures]
            return set().union(*(stands_on(n) for n in below)) if below else set()

        return [
            name
            for name, measure in self.book.measures.items()
            if measure.stage == self.stage
            and name not in needed
            and stands_on(name) <= (needed | self.shape.given)
        ]

    def said_of_evidence(self) -> list[str]:
        """Measures that only the effects and texts of the evidence chapter read: E08 spans from readings_low to readings_high."""
        named: dict[str, None] = {}
        for rule in self.book.rules.values():
            for block in rule.blocks if rule.stage == self.stage == "evidence" else ():
                if any(name == "evidence" for _, name in block.records) is ("items" in self.shape.count):
                    named.update(dict.fromkeys(value for effect in block.effects for value in effect.values))
                    named.update(
                        dict.fromkeys(
                            mark.name
                            for text in (block.because, block.line)
                            if text
                            for mark in placeholders(text)
                        )
                    )
        return [
            name
            for name in named
            if name in self.book.measures and self.book.measures[name].stage == self.stage
        ]

    def concludes(self, variable: Variable) -> bool:
        """Whether this stage concludes it: where no rule can (a rule over no records), it is false and not unknown."""
        is_mode = variable.name.startswith("mode:") and self.stage == "world"
        return variable.origin == "conclusion" and (is_mode or variable.source in self.order.conclusions)

    # --- rules ------------------------------------------------------------------------------------------------
    def bindings(self, records: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str, int], ...]]:
        records = tuple(
            r for r in records if r[1] != "evidence"
        )  # a group of evidence is read in a world of its own
        ranges = [range(self.shape.count.get(where, 0)) for _, where in records]
        if prod(map(len, ranges)) > MAX_BINDINGS:
            raise mistake(
                "SV902",
                ", ".join(where for _, where in records),
                f"a rule over {' and '.join(where for _, where in records)} would be read for more than {MAX_BINDINGS:,} combinations",
                "Join small records into larger ones, or let the rule run over fewer lists.",
            )
        for positions in product(*ranges):
            yield tuple((v, where, position) for (v, where), position in zip(records, positions, strict=True))

    def add_rule(
        self,
        level: int,
        rule: str,
        part: str,
        binding: tuple[tuple[str, str, int], ...],
        when: f.Condition,
        unless: f.Condition | None,
        concludes: tuple[str, ...],
        place: Place,
    ) -> None:
        try:
            applies = when if unless is None else f.And((when, f.Not(unless)))
            ways = f.alternatives(applies, MAX_ALTERNATIVES)
            defeats = () if unless is None else f.alternatives(f.And((when, unless)), MAX_ALTERNATIVES)
        except f.TooManyAlternatives:
            raise mistake(
                "SV317",
                place,
                f"rule {rule} can hold in more than {MAX_ALTERNATIVES} different ways",
                "Split its condition over two rules.",
            ) from None
        self.rules.setdefault(level, []).append(
            GroundRule(rule, part, binding, when, unless, ways, defeats, concludes)
        )

    def written(self, rule: Rule) -> None:
        earlier: dict[tuple[tuple[str, str, int], ...], list[f.Condition]] = {}
        for position, block in enumerate(rule.blocks):
            grouped = any(name == "evidence" for _, name in block.records)
            if self.stage == "evidence" and grouped is not ("items" in self.shape.count):
                continue
            for binding in self.bindings(block.records):
                records = {v: (where, at) for v, where, at in binding}
                own = self.translate.condition(block.when.node, records) if block.when else f.Truth(True)
                before = earlier.setdefault(binding, [])
                when = f.And((*(f.Not(c) for c in before), own)) if before else own
                unless = self.translate.condition(block.unless.node, records) if block.unless else None
                if rule.form == "cases":
                    before.append(own)
                concludes = tuple(
                    self.translate.concluded(c.name, [records.get(a, a) for a in c.arguments])
                    for c in block.concludes
                )
                if block.outcome:
                    concludes = (*concludes, self.branch(rule, block))
                self.add_rule(
                    self.order.blocks[rule.id, position],
                    rule.id,
                    block.part,
                    binding,
                    when,
                    unless,
                    concludes,
                    block.place,
                )

    def branch(self, rule: Rule, block: Block) -> str:
        candidate = self.translate.variable(
            f"candidate:{rule.id}.{block.part}", YES_NO, "conclusion", rule.id
        )
        self.branches.append(
            GroundBranch(
                rule.id, block.part, block.order, self.book.outcome_names.index(block.outcome), candidate
            )
        )
        return candidate

    def decided(self) -> None:
        """What outcomes.yaml says of the choice: modes, statuses, risk levels and routes, and whether to tell the sponsor."""
        if not self.branches:
            return
        outcome_type = ChoiceType.of(self.book.outcome_names)
        self.translate.variable("outcome", outcome_type, "choice", "outcome")
        places = ChoiceType(tuple(str(b.place) for b in self.branches), tuple(b.place for b in self.branches))
        self.translate.variable("decided_by", places, "choice", "decided_by")
        for rule in self.book.rules.values():
            if rule.stage == self.stage:
                for block in rule.blocks:
                    for mode in block.modes:
                        self.mode(
                            rule.id,
                            f.Test("decided_by", "==", block.order),
                            mode.name,
                            mode.when,
                            mode.place,
                            block.part,
                        )
        outcomes = self.book.outcomes
        for name, joining in outcomes.modes.items():
            if joining.joins_when is not None and self.stage == "world":
                codes = tuple(f.Test("outcome", "==", outcome_type.code(o)) for o in joining.outcomes)
                self.mode(joining.rule, f.Or(codes), name, joining.joins_when, joining.place, "joins")
        self.levels("status", outcomes.statuses, exclusive=True)
        if self.stage == "world":
            self.levels("risk", outcomes.risk_levels, exclusive=True)
            self.levels("route", outcomes.risk_routes, exclusive=False)
        if outcomes.tell_sponsor is not None:
            self.levels("tell", {"sponsor": outcomes.tell_sponsor}, exclusive=False)

    def mode(
        self, rule: str, base: f.Condition, mode: str, when: e.Written | None, place: Place, part: str
    ) -> None:
        condition = base if when is None else f.And((base, self.translate.condition(when.node, {})))
        concludes = self.translate.variable(f"mode:{mode}", YES_NO, "conclusion", mode)
        self.add_rule(
            self.order.modes[mode], rule, f"{part}/{mode}", (), condition, None, (concludes,), place
        )

    def level_of(self, when: e.Written | None, least: int) -> int:
        level = least
        for name in names_read(when.node) if when else ():
            if name.startswith("mode:"):
                level = max(level, self.order.modes[name.removeprefix("mode:")] + 1)
            level = max(level, self.order.measures.get(name, 0), self.order.conclusions.get(name, -1) + 1)
        return level

    def levels(self, prefix: str, levels: Mapping[str, Level], exclusive: bool) -> None:
        earlier: list[f.Condition] = []
        written = [w for level in levels.values() for w in (level.when, level.surely)]
        stratum = max((self.level_of(when, self.order.choice) for when in written), default=self.order.choice)
        apart = any(level.surely for level in levels.values())

        def add(kind: str, name: str, when: f.Condition, place: Place) -> None:
            concludes = self.translate.variable(f"{kind}:{name}", YES_NO, "conclusion", name)
            self.add_rule(stratum, kind, name, (), when, None, (concludes,), place)

        for name, level in levels.items():
            perhaps = (
                self.translate.condition(level.when.node, {}) if level.when else f.Truth(not level.surely)
            )
            surely = self.translate.condition(level.surely.node, {}) if level.surely else f.Truth(False)
            own = f.Or((perhaps, surely)) if level.surely else perhaps
            add(prefix, name, f.And((*(f.Not(c) for c in earlier), own)) if exclusive else own, level.place)
            earlier.append(own)
            if apart:
                for kind, when in ((f"{prefix} perhaps", perhaps), (f"{prefix} surely", surely)):
                    if when != f.Truth(False):
                        add(kind, name, when, level.place)


def _stands_on(measure: Measure) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
    if isinstance(measure.formula, Picked):
        return (measure.formula.list,), frozenset({f"{measure.formula.list}.{measure.formula.field}"}), ()
    parts = tuple(e.walk(measure.formula.node))
    listed = {part.variable: part.list for part in parts if isinstance(part, e.Aggregate)}
    lists = dict.fromkeys(
        part.list for part in parts if isinstance(part, e.Aggregate) and part.list != "items"
    )
    fields = {f"{listed.get(part.record)}.{part.field}" for part in parts if isinstance(part, e.FieldOf)}
    return tuple(lists), frozenset(fields), tuple(names_read(measure.formula.node))


def _build(book: RuleBook, stage: str, shape: Shape) -> Grounded:
    for name, count in shape.counts:
        if count > MAX_RECORDS and name != "evidence":
            raise mistake(
                "SV901",
                name,
                f"{count:,} {name} are more than the {MAX_RECORDS} that one decision can tell apart",
                f"Join small {name} into larger ones; many communities at once are a portfolio, one row each.",
            )
    told_apart = {
        name: count
        for name, count in shape.counts
        if count and name not in ("evidence", "items", "decision_log")
    }
    if sum(told_apart.values()) > MAX_TOGETHER:
        listed = " and ".join(f"{count} {name}" for name, count in told_apart.items())
        raise mistake(
            "SV902",
            ", ".join(told_apart),
            f"{listed} are more than the {MAX_TOGETHER} that one decision can tell apart together",
            "Join small ones into larger ones.",
        )
    frame = _frame(book, stage, shape)
    builder = frame.builder(shape)
    translate = builder.translate
    open_measures = builder.open_measures()
    needed: dict[str, GroundMeasure] = {}
    waiting = [name for name, v in translate.variables.items() if v.origin == "measure"]
    waiting += (
        builder.only_shown(open_measures, set(waiting)) if stage == "world" else builder.said_of_evidence()
    )
    live = set(waiting)
    while waiting:
        name = waiting.pop()
        if name not in book.measures or name in open_measures or name in needed:
            continue
        met = len(translate.variables)
        needed[name] = frame.measure(name, translate)
        new = islice(translate.variables.values(), met, None)  # those met by this measure stand last
        waiting += [v.name for v in new if v.origin == "measure" and v.name not in live]
        live |= set(waiting)
    if len(translate.variables) > MAX_VARIABLES:
        raise mistake(
            "SV902",
            ", ".join(f"{count} {name}" for name, count in shape.counts if count),
            f"together these would need {len(translate.variables):,} values; the limit is {MAX_VARIABLES:,}",
            "Join small records into larger ones.",
        )
    return frame.assembled(builder, needed)


@dataclass
class _Frame:
    """What tables have in common whose lists are as long: all but their measures. Rules name these, and no more."""

    first: _Builder
    constraints: tuple[GroundConstraint, ...]
    met: dict[str, Variable]
    measures: dict[str, tuple[GroundMeasure, tuple[Variable, ...]]] = field(default_factory=dict)
    tables: Kept[Grounded] = field(default_factory=lambda: Kept(TABLES_KEPT))

    def builder(self, shape: Shape) -> _Builder:
        """As if all rules had just been read for this shape."""
        translate = Translator(self.first.book, self.first.stage, shape)
        translate.variables = dict(self.met)
        return replace(self.first, shape=shape, translate=translate)

    def measure(self, name: str, translate: Translator) -> GroundMeasure:
        """A measure, translated once; the variables that it reads are added to those met."""
        if name not in self.measures:
            alone = Translator(translate.book, translate.stage, translate.shape)
            written = translate.book.measures[name]
            formula = (
                alone.picked(written.formula)
                if isinstance(written.formula, Picked)
                else alone.as_measure(written.formula.node, written.type, {})
            )
            alone.variable(name, written.type, "measure", name)
            self.measures[name] = GroundMeasure(name, formula), tuple(alone.variables.values())
        found, variables = self.measures[name]
        for variable in variables:
            translate.variables.setdefault(variable.name, variable)
        return found

    def assembled(self, builder: _Builder, needed: Mapping[str, GroundMeasure]) -> Grounded:
        """The table; the same one for shapes that differ in what this stage does not read."""
        key = tuple(needed), tuple(builder.translate.variables)
        return self.tables.of(key, lambda: _assemble(builder, needed, self.constraints))


_frames: Kept[_Frame] = Kept(FRAMES_KEPT)


def _frame(book: RuleBook, stage: str, shape: Shape) -> _Frame:
    """The frame of one stage for lists of these lengths; the latest few are kept."""

    def made() -> _Frame:
        builder = _Builder(book, stage, shape, order(book, stage), Translator(book, stage, shape))
        for rule in book.rules.values():
            if rule.stage == stage:
                builder.written(rule)
        builder.decided()
        constraints = _constraints(builder) if stage == "world" else ()
        return _Frame(builder, constraints, builder.translate.variables)

    return _frames.of((book.hash, stage, shape.counts), made)


def _constraints(builder: _Builder) -> tuple[GroundConstraint, ...]:
    found = []
    for constraint in builder.book.constraints:
        for binding in builder.bindings(constraint.records):
            records = {v: (where, position) for v, where, position in binding}
            found.append(
                GroundConstraint(constraint.name, builder.translate.condition(constraint.never.node, records))
            )
    return tuple(found)


def _assemble(
    builder: _Builder, needed: Mapping[str, GroundMeasure], constraints: tuple[GroundConstraint, ...]
) -> Grounded:
    levels = builder.order.measures
    by_level: dict[int, list[GroundMeasure]] = {}
    done: dict[str, None] = {}

    def place(name: str) -> None:
        if name in done or name not in needed:
            return
        done[name] = None
        for below in f.reads(needed[name].formula):
            place(below)
        by_level.setdefault(levels[name], []).append(needed[name])

    for name in builder.book.measures:
        place(name)
    has_choice = bool(builder.branches)
    top = max([*builder.rules, *by_level, builder.order.choice if has_choice else 0], default=0)
    strata = tuple(
        Stratum(
            tuple(by_level.get(level, ())),
            tuple(builder.rules.get(level, ())),
            has_choice and level == builder.order.choice,
        )
        for level in range(top + 1)
    )
    set_by = (
        {name for stratum in strata for name in stratum.conclusions} | set(needed) | {"outcome", "decided_by"}
    )
    read = {
        name
        for s in strata
        for r in s.rules
        for c in (r.when, r.unless)
        if c is not None
        for name in f.reads(c)
    }
    read |= {name for m in needed.values() for name in f.reads(m.formula)}
    read |= {name for c in constraints for name in f.reads(c.never)}
    variables = builder.translate.variables
    set_by |= {name for name, variable in variables.items() if builder.concludes(variable)}
    inputs = tuple(name for name in variables if name in read and name not in set_by)
    return Grounded(
        builder.stage,
        dict(variables),
        inputs,
        strata,
        tuple(sorted(builder.branches, key=lambda b: b.place)),
        constraints,
        builder.book.outcome_names,
    )


_tables: Kept[Grounded] = Kept(SHAPES_KEPT)


def ground(book: RuleBook, stage: str, shape: Shape) -> Grounded:
    """The flat table of one stage for one shape of case; the latest few are kept."""
    return _tables.of((book.hash, stage, shape), lambda: _build(book, stage, shape))
