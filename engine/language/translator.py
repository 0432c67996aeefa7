"""Expressions over records become flat formulas over scaled integers, for one shape of case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import lcm

from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.grounded import (
    Variable,
)
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.typecheck import Scope
from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, TextType, ValueType, YesNo

Records = Mapping[str, tuple[str, int]]  # record variable -> (list, position)
YES_NO = YesNo()
CONDITIONS = (e.YesOrNo, e.AllOf, e.AnyOf, e.Negation, e.Comparison, e.OneOf)


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
