"""Conditions and measures as they are written: a small subset of Python's expressions, parsed and never evaluated.

`parse` turns text into small frozen nodes; whatever is not listed here is refused with its column and a mend.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction

from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.source import Text as Scalar
from sharedvalue.engine.language.source import mistake_at

MAX_LENGTH = 2000
MAX_NODES = 400
MAX_NESTING = 40
AGGREGATES = ("sum", "count", "min", "max", "any", "all", "median")


@dataclass(frozen=True)
class Node:
    """Anything written. `column` counts from 0 within the expression."""

    column: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    value: Fraction


@dataclass(frozen=True)
class Word(Node):
    """A choice in quotes: 'fixed'."""

    value: str


@dataclass(frozen=True)
class YesOrNo(Node):
    value: bool


@dataclass(frozen=True)
class Name(Node):
    """A fact, measure, threshold or conclusion."""

    name: str


@dataclass(frozen=True)
class FieldOf(Node):
    """s.overlap; with `key` a record variable, n.serves[p]."""

    record: str
    field: str
    key: str | None = None


@dataclass(frozen=True)
class Concluded(Node):
    """qualifies(s): whether something was concluded of a record; also pivotal(fact) and may_be(fact, 'value')."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Arithmetic(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Negative(Node):
    part: Node


@dataclass(frozen=True)
class Comparison(Node):
    left: Node
    op: str
    right: Node


@dataclass(frozen=True)
class OneOf(Node):
    """x in ['a', 'b']; negated for `not in`."""

    item: Node
    options: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True)
class HasMode(Node):
    """'as_is' in modes."""

    mode: str
    negated: bool = False


@dataclass(frozen=True)
class AllOf(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Negation(Node):
    part: Node


@dataclass(frozen=True)
class Conditional(Node):
    """then if test else otherwise."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Aggregate(Node):
    """sum(value for variable in list if condition), and count, min, max, any, all, median likewise."""

    kind: str
    value: Node
    variable: str
    list: str
    condition: Node | None
    default: Node | None


@dataclass(frozen=True)
class Extreme(Node):
    """min(a, b) or max(a, b)."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Absolute(Node):
    part: Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node."""
    for spec in fields(node):
        value = getattr(node, spec.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


@dataclass(frozen=True)
class Written:
    """An expression with the text that it came from."""

    node: Node
    source: Scalar

    def __str__(self) -> str:
        return " ".join(self.source.value.split())


def read(source: Scalar) -> Written:
    """A text, parsed and kept with its place."""
    return Written(parse(source), source)


def parse(source: Scalar) -> Node:
    """The nodes of one expression.

    Raises:
        UserError: SV301 with file, line and column, for anything beyond the subset.
    """
    return _Parser(source).expression()


_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_SAID = {
    "JoinedStr": "an f-string",
    "NamedExpr": "':='",
    "ListComp": "a comprehension",
    "SetComp": "a comprehension",
    "DictComp": "a comprehension",
    "GeneratorExp": "a loop outside a function",
    "List": "a list outside 'in'",
    "Tuple": "a list outside 'in'",
    "Starred": "'*'",
}
_ALLOWED = "names, numbers, 'choices', + - * /, comparisons, in, and, or, not, if else, sum min max count any all median abs"


class _Parser:
    def __init__(self, source: Scalar) -> None:
        self.source = source
        self.count = 0
        self.depth = 0

    def expression(self) -> Node:
        text = " ".join(self.source.value.split("\n"))
        if len(text) > MAX_LENGTH:
            raise self.refuse(
                0,
                f"the expression has {len(text):,} characters; the limit is {MAX_LENGTH:,}",
                "Split it over several rules or measures.",
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python would say of a text that is not Python
                tree = ast.parse(text.strip(), mode="eval")
        except SyntaxError as error:
            raise self.refuse(
                (error.offset or 1) - 1,
                f"this does not read as a condition: {error.msg}",
                "See docs/reference/rule-language.md, Conditions.",
            ) from None
        except (ValueError, RecursionError, MemoryError):
            raise self.refuse(
                0, "this does not read as a condition", "Is it far too deep, or not text?"
            ) from None
        return self.node(tree.body)

    def refuse(self, column: int, what: str, mend: str) -> UserError:
        return mistake_at("SV301", at(self.source, column), what, mend)

    def node(self, tree: ast.expr) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.refuse(
                0, f"the expression has more than {MAX_NODES} parts", "Split it over several measures."
            )
        method = getattr(self, f"_{type(tree).__name__.lower()}", None)
        if method is None:
            raise self.refuse(
                tree.col_offset,
                f"{_SAID.get(type(tree).__name__, type(tree).__name__.lower())} is not part of the rule language",
                f"Allowed: {_ALLOWED}.",
            )
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.refuse(
                0,
                f"the expression is nested deeper than {MAX_NESTING} levels",
                "Split it over several measures.",
            )
        result: Node = method(tree)
        self.depth -= 1
        return result

    def _constant(self, tree: ast.Constant) -> Node:
        value, column = tree.value, tree.col_offset
        if isinstance(value, bool):
            return YesOrNo(value, column=column)
        if isinstance(value, str):
            return Word(value, column=column)
        if isinstance(value, int | float):
            written = ast.unparse(tree)
            if written in ("inf", "nan", "1e309") or abs(value) > 10**9:
                raise self.refuse(column, "this number is too large for a rule", "Use at most 9 digits.")
            return Number(Fraction(str(value)), column=column)
        raise self.refuse(column, f"{value!r} is not part of the rule language", f"Allowed: {_ALLOWED}.")

    def _name(self, tree: ast.Name) -> Node:
        if tree.id in ("true", "false", "yes", "no"):
            return YesOrNo(tree.id in ("true", "yes"), column=tree.col_offset)
        return Name(tree.id, column=tree.col_offset)

    def _attribute(self, tree: ast.Attribute) -> Node:
        if not isinstance(tree.value, ast.Name):
            raise self.refuse(
                tree.col_offset, "only record.field may be written with a dot", "For example s.overlap."
            )
        return FieldOf(tree.value.id, tree.attr, column=tree.col_offset)

    def _subscript(self, tree: ast.Subscript) -> Node:
        if isinstance(tree.value, ast.Attribute) and isinstance(tree.slice, ast.Name):
            base = self._attribute(tree.value)
            assert isinstance(base, FieldOf)
            return FieldOf(base.record, base.field, tree.slice.id, column=tree.col_offset)
        raise self.refuse(
            tree.col_offset,
            "only record.map[record] may be written with brackets",
            "For example n.serves[p].",
        )

    def _binop(self, tree: ast.BinOp) -> Node:
        op = _ARITHMETIC.get(type(tree.op))
        if op is None:
            raise self.refuse(tree.col_offset, "only + - * / are allowed", "Write it with these.")
        return Arithmetic(op, self.node(tree.left), self.node(tree.right), column=tree.col_offset)

    def _unaryop(self, tree: ast.UnaryOp) -> Node:
        part = self.node(tree.operand)
        if isinstance(tree.op, ast.Not):
            return Negation(part, column=tree.col_offset)
        if isinstance(tree.op, ast.USub):
            return (
                Number(-part.value, column=tree.col_offset)
                if isinstance(part, Number)
                else Negative(part, column=tree.col_offset)
            )
        raise self.refuse(tree.col_offset, "only 'not' and '-' may stand before a value", "Remove the sign.")

    def _boolop(self, tree: ast.BoolOp) -> Node:
        parts = tuple(self.node(part) for part in tree.values)
        return (AllOf if isinstance(tree.op, ast.And) else AnyOf)(parts, column=tree.col_offset)

    def _ifexp(self, tree: ast.IfExp) -> Node:
        return Conditional(
            self.node(tree.test), self.node(tree.body), self.node(tree.orelse), column=tree.col_offset
        )

    def _compare(self, tree: ast.Compare) -> Node:
        operands = [tree.left, *tree.comparators]
        parts: list[Node] = []
        for op, left, right in zip(tree.ops, operands, operands[1:], strict=False):
            parts.append(self._comparison(op, left, right))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts), column=tree.col_offset)

    def _comparison(self, op: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            negated = isinstance(op, ast.NotIn)
            if (
                isinstance(right, ast.Name)
                and right.id == "modes"
                and isinstance(left, ast.Constant)
                and isinstance(left.value, str)
            ):
                return HasMode(left.value, negated, column=left.col_offset)
            if not isinstance(right, ast.List | ast.Tuple):
                raise self.refuse(
                    right.col_offset, "'in' needs a list of choices", "For example: x in ['a', 'b']."
                )
            return OneOf(
                self.node(left), tuple(self.node(e) for e in right.elts), negated, column=left.col_offset
            )
        sign = _COMPARISONS.get(type(op))
        if sign is None:
            raise self.refuse(left.col_offset, "'is' is not part of the rule language", "Use == or !=.")
        return Comparison(self.node(left), sign, self.node(right), column=left.col_offset)

    def _call(self, tree: ast.Call) -> Node:
        column = tree.col_offset
        if not isinstance(tree.func, ast.Name):
            raise self.refuse(
                column,
                "nothing may be called but the functions of the rule language",
                f"Allowed: {_ALLOWED}.",
            )
        name = tree.func.id
        default = next((k.value for k in tree.keywords if k.arg == "default"), None)
        if any(k.arg != "default" for k in tree.keywords) or (
            default is not None and name not in ("min", "max", "median")
        ):
            raise self.refuse(
                column, f"{name}() takes no such argument", "Only min, max and median take default=."
            )
        if name in AGGREGATES and len(tree.args) == 1 and isinstance(tree.args[0], ast.GeneratorExp):
            return self._aggregate(name, tree.args[0], default, column)
        if name in ("min", "max") and len(tree.args) >= 2 and default is None:
            return Extreme(name, tuple(self.node(arg) for arg in tree.args), column=column)
        if name == "abs" and len(tree.args) == 1:
            return Absolute(self.node(tree.args[0]), column=column)
        if name in (*AGGREGATES, "abs"):
            raise self.refuse(
                column,
                f"{name}(...) is not written like this",
                f"For example: {name}(s.overlap for s in segments).",
            )
        arguments = []
        for arg in tree.args:
            if isinstance(arg, ast.Name):
                arguments.append(arg.id)
            elif isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                arguments.append(arg.value)
            else:
                raise self.refuse(
                    column, f"{name}(...) takes names only", f"Functions of the language: {_ALLOWED}."
                )
        return Concluded(name, tuple(arguments), column=column)

    def _aggregate(self, kind: str, tree: ast.GeneratorExp, default: ast.expr | None, column: int) -> Node:
        if len(tree.generators) != 1:
            raise self.refuse(column, "one 'for' only", "Nest a second aggregate instead.")
        loop = tree.generators[0]
        if not isinstance(loop.target, ast.Name) or not isinstance(loop.iter, ast.Name) or loop.is_async:
            raise self.refuse(column, "write: for s in segments", "A name, 'in', and the name of a list.")
        conditions = [self.node(test) for test in loop.ifs]
        condition = (
            None if not conditions else conditions[0] if len(conditions) == 1 else AllOf(tuple(conditions))
        )
        value: Node = Number(Fraction(1)) if kind == "count" else self.node(tree.elt)
        return Aggregate(
            kind,
            value,
            loop.target.id,
            loop.iter.id,
            condition,
            None if default is None else self.node(default),
            column=column,
        )


def at(source: Scalar, column: int) -> Place:
    """The place of a column of an expression (exact for an expression on one line)."""
    place = source.place
    return Place(place.file, place.line, place.column + column + (0 if source.plain else 1), place.text, 1)
