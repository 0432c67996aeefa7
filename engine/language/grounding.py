"""Rules over records become flat rules, one a record; expressions become flat formulas over scaled integers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import lcm, prod

from engine.errors import Place, mistake
from engine.language import expressions as e
from engine.language import formulas as f
from engine.language.grounded import (
    GroundBranch,
    GroundConstraint,
    Grounded,
    GroundMeasure,
    GroundRule,
    Stratum,
    Variable,
)
from engine.language.measures import Measure, Picked
from engine.language.outcomes import Level
from engine.language.rulebook import RuleBook
from engine.language.rules import Block, Rule
from engine.language.strata import Order, names_read, order
from engine.language.texts import placeholders
from engine.language.typecheck import Scope
from engine.language.types import ChoiceType, MapType, NumberType, TextType, ValueType, YesNo

MAX_RECORDS = 60
MAX_TOGETHER = 80  # records of all lists
MAX_BINDINGS = 4000
MAX_VARIABLES = 3000
MAX_ALTERNATIVES = 64
FRAMES_KEPT = 16
Records = Mapping[str, tuple[str, int]]  # record variable -> (list, position)
YES_NO = YesNo()
CONDITIONS = (e.YesOrNo, e.AllOf, e.AnyOf, e.Negation, e.Comparison, e.OneOf)


@dataclass(frozen=True)
class Shape:
    """What of a case decides the form of its rules, and nothing else: so one grounded table serves many cases.

    `counts` gives the length of each list that was given; `given` the facts given that are also measures; `lacking`
    the fields ("sponsors.stance") that no record of a list fills.
    """

    counts: tuple[tuple[str, int], ...] = ()
    given: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    @cached_property
    def count(self) -> Mapping[str, int]:
        return dict(self.counts)


@dataclass(frozen=True)
class Scaled:
    """A number formula whose integer stands for integer / scale."""

    formula: f.Number
    scale: int


class Translator:
    """Turns expressions into flat formulas for one shape. Collects the variables that it meets."""

    def __init__(self, book: RuleBook, stage: str, shape: Shape) -> None:
        self.book, self.stage, self.shape = book, stage, shape
        self.scope = Scope(book, stage)
        self.variables: dict[str, Variable] = {}

    # --- names ------------------------------------------------------------------------------------------------
    def variable(self, name: str, kind: ValueType, origin: str, source: str) -> str:
        self.variables.setdefault(name, Variable(name, kind, origin, source))
        return name

    def origin(self, name: str) -> str:
        if name == "outcome":
            return "choice"
        for origin, table in (
            ("measure", self.book.measures),
            ("provided", self.book.provided),
            ("fact", self.book.facts),
        ):
            if name in table:
                return origin
        return "conclusion"

    def named(self, node: e.Node, records: Records) -> tuple[str, ValueType] | None:
        """The variable that a name or field stands for, with its type; None for anything else."""
        if isinstance(node, e.Name) and node.name not in self.book.thresholds:
            kind = self.scope.value_type(node.name)
            if (
                kind is None and self.stage == "evidence"
            ):  # the group variable: the fact that the items bear on
                return self.variable(
                    node.name, ChoiceType.of(tuple(self.book.facts)), "provided", node.name
                ), ChoiceType.of(tuple(self.book.facts))
            assert isinstance(kind, NumberType | YesNo | ChoiceType), node.name
            return self.variable(node.name, kind, self.origin(node.name), node.name), kind
        if isinstance(node, e.FieldOf):
            return self.field(node, records)
        if isinstance(node, e.Concluded):
            return self.concluded(node.name, [records.get(a, a) for a in node.arguments]), YES_NO
        if isinstance(node, e.HasMode):
            return self.variable(f"mode:{node.mode}", YES_NO, "conclusion", node.mode), YES_NO
        return None

    def field(self, node: e.FieldOf, records: Records) -> tuple[str, ValueType]:
        where, position = records[node.record]
        listed = self.scope.list_type(where)
        spec = listed.field(node.field) if listed else None
        assert spec is not None
        kind: ValueType
        if isinstance(spec.type, MapType):
            _, other = records[node.key or ""]
            name, kind = f"{where}[{position}].{node.field}[{other}]", spec.type.of
        else:
            assert not isinstance(spec.type, TextType)
            name, kind = f"{where}[{position}].{node.field}", spec.type
        return self.variable(name, kind, "fact", where), kind

    def concluded(self, name: str, arguments: Iterable[tuple[str, int] | str]) -> str:
        words = ",".join(a if isinstance(a, str) else f"{a[0]}[{a[1]}]" for a in arguments)
        origin = "provided" if name in self.book.provided else "conclusion"
        return self.variable(f"{name}({words})" if words else name, YES_NO, origin, name)

    # --- conditions -------------------------------------------------------------------------------------------
    def condition(self, node: e.Node, records: Records) -> f.Condition:
        match node:
            case e.YesOrNo(value):
                return f.Truth(value)
            case e.HasMode(_, negated):
                named = self.named(node, records)
                assert named is not None
                return f.Test(named[0], "==", 0 if negated else 1)
            case e.Name() | e.FieldOf() | e.Concluded():
                named = self.named(node, records)
                assert named is not None
                return f.Test(named[0], "==", 1)
            case e.AllOf(parts):
                return f.And(tuple(self.condition(part, records) for part in parts))
            case e.AnyOf(parts):
                return f.Or(tuple(self.condition(part, records) for part in parts))
            case e.Negation(part):
                return f.Not(self.condition(part, records))
            case e.OneOf(item, options, negated):
                tests = tuple(self.compare(item, "==", option, records) for option in options)
                return f.Not(f.Or(tests)) if negated else f.Or(tests)
            case e.Comparison(left, op, right):
                return self.compare(left, op, right, records)
            case e.Conditional(test, then, otherwise):
                asked = self.condition(test, records)
                return f.Or(
                    (
                        f.And((asked, self.condition(then, records))),
                        f.And((f.Not(asked), self.condition(otherwise, records))),
                    )
                )
            case e.Aggregate(kind) if kind in ("any", "all"):
                items = tuple(self.items(node, records))
                if kind == "any":
                    return f.Or(
                        tuple(f.And((asked, self.condition(node.value, inner))) for asked, inner in items)
                    )
                return f.And(
                    tuple(f.Or((f.Not(asked), self.condition(node.value, inner))) for asked, inner in items)
                )
        raise TypeError(f"not a condition: {node}")

    def items(self, node: e.Aggregate, records: Records) -> Iterator[tuple[f.Condition, Records]]:
        for position in range(self.shape.count.get(node.list, 0)):
            inner = {**records, node.variable: (node.list, position)}
            yield (
                (self.condition(node.condition, inner) if node.condition is not None else f.Truth(True)),
                inner,
            )

    def code_type(self, node: e.Node, records: Records) -> ValueType | None:
        if isinstance(node, e.Conditional):
            return self.code_type(node.then, records) or self.code_type(node.otherwise, records)
        if isinstance(node, CONDITIONS) or (isinstance(node, e.Aggregate) and node.kind in ("any", "all")):
            return YES_NO
        named = self.named(node, records)
        return named[1] if named else None

    def compare(self, left: e.Node, op: str, right: e.Node, records: Records) -> f.Condition:
        kind = self.code_type(left, records) or self.code_type(right, records)
        if isinstance(kind, ChoiceType):
            return simple(self.coded(left, kind, records), op, self.coded(right, kind, records))
        if isinstance(kind, YesNo):
            one, other = self.condition(left, records), self.condition(right, records)
            same = f.Or((f.And((one, other)), f.And((f.Not(one), f.Not(other)))))
            return same if op == "==" else f.Not(same)
        a, b = aligned((self.number(left, records), self.number(right, records)))
        return simple(a[0], op, a[1]) if b else f.Truth(False)

    def coded(self, node: e.Node, kind: ChoiceType, records: Records) -> f.Number:
        """A choice as a number: its code."""
        if isinstance(node, e.Word):
            return f.Const(kind.code(node.value))
        if isinstance(node, e.Conditional):
            return f.Choose(
                self.condition(node.test, records),
                self.coded(node.then, kind, records),
                self.coded(node.otherwise, kind, records),
            )
        named = self.named(node, records)
        assert named is not None
        return f.Value(named[0])

    # --- numbers ----------------------------------------------------------------------------------------------
    def number(self, node: e.Node, records: Records) -> Scaled:
        match node:
            case e.Number(value):
                return Scaled(f.Const(value.numerator), value.denominator)
            case e.Name(name) if name in self.book.thresholds:
                threshold = self.book.thresholds[name]
                return Scaled(f.Const(threshold.value), threshold.type.scale)
            case e.Name() | e.FieldOf():
                named = self.named(node, records)
                assert named is not None
                return Scaled(f.Value(named[0]), named[1].scale if isinstance(named[1], NumberType) else 1)
            case e.Negative(part):
                below = self.number(part, records)
                return Scaled(times(below.formula, -1), below.scale)
            case e.Absolute(part):
                below = self.number(part, records)
                return Scaled(
                    f.Pick(
                        "greatest",
                        ((f.Truth(True), below.formula), (f.Truth(True), times(below.formula, -1))),
                        f.Const(0),
                    ),
                    below.scale,
                )
            case e.Arithmetic(op, left, right):
                return self.arithmetic(op, self.number(left, records), self.number(right, records))
            case e.Conditional(test, then, otherwise):
                (a, b), scale = aligned((self.number(then, records), self.number(otherwise, records)))
                return Scaled(f.Choose(self.condition(test, records), a, b), scale)
            case e.Extreme(kind, parts):
                numbers, scale = aligned(tuple(self.number(part, records) for part in parts))
                items = tuple((f.Truth(True), part) for part in numbers)
                return Scaled(f.Pick("least" if kind == "min" else "greatest", items, f.Const(0)), scale)
            case e.Aggregate():
                return self.aggregate(node, records)
        raise TypeError(f"not a number: {node}")

    def arithmetic(self, op: str, left: Scaled, right: Scaled) -> Scaled:
        if op == "*":
            return Scaled(f.Product((left.formula, right.formula)), left.scale * right.scale)
        if op == "/":
            # floor(left / right) in units of 1 / 1000; the measure around it asks for the scale that it needs
            return Scaled(
                f.Quotient(times(left.formula, right.scale * 1000), times(right.formula, left.scale)), 1000
            )
        (a, b), scale = aligned((left, right))
        return Scaled(f.Sum((a, b if op == "+" else times(b, -1))), scale)

    def aggregate(self, node: e.Aggregate, records: Records) -> Scaled:
        items = list(self.items(node, records))
        numbers, scale = aligned(tuple(self.number(node.value, inner) for _, inner in items))
        if node.kind in ("sum", "count"):
            return Scaled(
                f.Sum(
                    tuple(
                        f.Choose(asked, part, f.Const(0))
                        for (asked, _), part in zip(items, numbers, strict=True)
                    )
                ),
                scale,
            )
        default = Scaled(f.Const(0), 1) if node.default is None else self.number(node.default, records)
        numbers, scale = aligned((default, *(Scaled(part, scale) for part in numbers)))
        if node.kind == "median":  # in halves, so that the mean of two in the middle is exact
            numbers, scale = tuple(times(number, 2) for number in numbers), scale * 2
        kind = {"min": "least", "max": "greatest", "median": "middle"}[node.kind]
        return Scaled(
            f.Pick(
                kind,
                tuple((asked, part) for (asked, _), part in zip(items, numbers[1:], strict=True)),
                numbers[0],
            ),
            scale,
        )

    def as_measure(self, node: e.Node, kind: ValueType, records: Records) -> f.Number:
        """The formula of a measure, in the scale of its declared type; a division is floored to that scale once."""
        if isinstance(kind, YesNo):
            return f.Choose(self.condition(node, records), f.Const(1), f.Const(0))
        if isinstance(kind, ChoiceType):
            return self.coded(node, kind, records)
        if isinstance(node, e.Conditional):
            return f.Choose(
                self.condition(node.test, records),
                self.as_measure(node.then, kind, records),
                self.as_measure(node.otherwise, kind, records),
            )
        if isinstance(node, e.Arithmetic) and node.op == "/":
            top, bottom = self.number(node.left, records), self.number(node.right, records)
            return f.Quotient(times(top.formula, bottom.scale * kind.scale), times(bottom.formula, top.scale))
        found = self.number(node, records)
        if kind.scale % found.scale == 0:
            return times(found.formula, kind.scale // found.scale)
        return f.Quotient(times(found.formula, kind.scale), f.Const(found.scale))

    def picked(self, picked: Picked) -> f.Number:
        """The field of the record with the most of another field; of equals the first listed."""
        count = self.shape.count.get(picked.list, 0)
        value = [self.field(e.FieldOf("r", picked.field), {"r": (picked.list, i)})[0] for i in range(count)]
        most = [self.field(e.FieldOf("r", picked.most), {"r": (picked.list, i)})[0] for i in range(count)]
        result: f.Number = f.Value(value[-1]) if value else f.Const(0)
        for i in reversed(range(count - 1)):
            ahead = f.And(
                tuple(f.Test(most[i], ">=" if j > i else ">", most[j]) for j in range(count) if j != i)
            )
            result = f.Choose(ahead, f.Value(value[i]), result)
        return result


def times(formula: f.Number, factor: int) -> f.Number:
    if factor == 1:
        return formula
    return (
        f.Const(formula.value * factor)
        if isinstance(formula, f.Const)
        else f.Product((formula, f.Const(factor)))
    )


def aligned(numbers: tuple[Scaled, ...]) -> tuple[tuple[f.Number, ...], int]:
    """The same numbers in one scale."""
    scale = lcm(*(n.scale for n in numbers)) if numbers else 1
    return tuple(times(n.formula, scale // n.scale) for n in numbers), scale


def simple(left: f.Number, op: str, right: f.Number) -> f.Condition:
    """A comparison as a literal where one side is a variable and the other a variable or a number."""
    if isinstance(left, f.Const) and isinstance(right, f.Const):
        return f.Truth(f.compare(left.value, op, right.value))
    if isinstance(left, f.Const):
        left, op, right = right, f.MIRRORED[op], left
    if isinstance(left, f.Value) and isinstance(right, f.Const):
        return f.Test(left.name, op, right.value)
    if isinstance(left, f.Value) and isinstance(right, f.Value):
        return f.Test(left.name, op, right.name)
    return f.Compare(left, op, right)


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
        for name, level in levels.items():
            own = self.translate.condition(level.when.node, {}) if level.when else f.Truth(True)
            when = f.And((*(f.Not(c) for c in earlier), own)) if exclusive else own
            earlier.append(own)
            stratum = max(self.level_of(other.when, self.order.choice) for other in levels.values())
            concludes = self.translate.variable(f"{prefix}:{name}", YES_NO, "conclusion", name)
            self.add_rule(stratum, prefix, name, (), when, None, (concludes,), level.place)


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
        before = set(translate.variables)
        needed[name] = frame.measure(name, translate)
        waiting += [
            n
            for n, v in translate.variables.items()
            if n not in before and v.origin == "measure" and n not in live
        ]
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
    tables: OrderedDict[tuple[tuple[str, ...], ...], Grounded] = field(default_factory=OrderedDict)

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
        found = self.tables.pop(key, None)
        if found is None:
            found = _assemble(builder, needed, self.constraints)
            while len(self.tables) >= _cache.size:
                self.tables.popitem(last=False)
        self.tables[key] = found
        return found


_frames: OrderedDict[tuple[str, str, tuple[tuple[str, int], ...]], _Frame] = OrderedDict()


def _frame(book: RuleBook, stage: str, shape: Shape) -> _Frame:
    """The frame of one stage for lists of these lengths; the latest few are kept."""
    key = (book.hash, stage, shape.counts)
    found = _frames.pop(key, None)
    if found is None:
        builder = _Builder(book, stage, shape, order(book, stage), Translator(book, stage, shape))
        for rule in book.rules.values():
            if rule.stage == stage:
                builder.written(rule)
        builder.decided()
        constraints = _constraints(builder) if stage == "world" else ()
        found = _Frame(builder, constraints, builder.translate.variables)
        while len(_frames) >= FRAMES_KEPT:
            _frames.popitem(last=False)
    _frames[key] = found
    return found


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


@dataclass
class _Cache:
    """A few grounded tables, the latest used kept."""

    size: int
    entries: OrderedDict[tuple[str, str, Shape], Grounded] = field(default_factory=OrderedDict)


_cache = _Cache(64)


def ground(book: RuleBook, stage: str, shape: Shape) -> Grounded:
    """The flat table of one stage for one shape of case; the latest 64 are kept."""
    key = (book.hash, stage, shape)
    found = _cache.entries.get(key)
    if found is None:
        found = _build(book, stage, shape)
        while len(_cache.entries) >= _cache.size:
            _cache.entries.popitem(last=False)
    _cache.entries[key] = found
    _cache.entries.move_to_end(key)
    return found
