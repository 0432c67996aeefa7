"""What type an expression has: every name, unit and choice is checked before any fact is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sharedvalue.engine.errors import Problems, did_you_mean
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.types import (
    ChoiceType,
    FieldSpec,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
)

ARITHMETIC_NUMBERS = frozenset(map(Fraction, (0, 1, 2, 10, 100, 1000, 10000)))
DECISION_FUNCTIONS = ("pivotal", "may_be", "unknown", "in_doubt", "evidenced")


@dataclass(frozen=True)
class AnyNumber:
    """A number without a unit of its own: a literal, or the result of arithmetic."""

    unit: str = "a number"


@dataclass(frozen=True)
class Words:
    """One of some words, not yet a choice of any fact."""

    options: tuple[str, ...]
    unit: str = "a word"


@dataclass(frozen=True)
class Broken:
    """Already told; fits everything."""

    unit: str = "?"


Inferred = NumberType | YesNo | ChoiceType | AnyNumber | Words | Broken
YES_NO = YesNo()


@dataclass
class Scope:
    """What may be named at one place of the rule book. `records` maps record variables to their lists."""

    book: RuleBook
    stage: str
    records: Mapping[str, str] = field(default_factory=dict)
    in_rule: bool = False
    after_choice: bool = True

    def with_record(self, variable: str, name: str) -> Scope:
        return Scope(self.book, self.stage, {**self.records, variable: name}, self.in_rule, self.after_choice)

    def list_type(self, name: str) -> RecordsType | None:
        """The records of a list; `items` are the evidence items of a group, each with its age."""
        if name == "items" and self.stage == "evidence":
            evidence = self.book.facts.get("evidence")
            if evidence is None or not isinstance(evidence.type, RecordsType):
                return None
            return RecordsType((*evidence.type.fields, FieldSpec("age", NumberType.of("months"))))
        fact = self.book.facts.get(name)
        return fact.type if fact is not None and isinstance(fact.type, RecordsType) else None

    def names(self) -> Iterable[str]:
        book = self.book
        return (*book.facts, *book.measures, *book.thresholds, *book.conclusions, *book.provided)

    def value_type(self, name: str) -> ValueType | TextType | RecordsType | None:
        """The type of a plain name, or None where nothing has this name."""
        book = self.book
        if name == "outcome":
            return ChoiceType.of(book.outcome_names)
        for table in (book.measures, book.thresholds, book.provided):
            if name in table:
                kind: ValueType = table[name].type
                return kind
        if name in book.facts:
            return book.facts[name].type
        return YES_NO if name in book.conclusions and not book.conclusions[name] else None


class Checker:
    """Infers the type of one expression and notes what is wrong in it, each with its column."""

    def __init__(self, scope: Scope, source: Text, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.scope = scope

    def wrong(self, node: e.Node, what: str, mend: str, code: str = "SV311") -> Broken:
        self.problems.add(code, e.at(self.source, node.column), what, mend)
        return Broken()

    def condition(self, node: e.Node, scope: Scope | None = None) -> None:
        """Notes a problem unless the node is true or false."""
        found = self.infer(node, scope or self.scope)
        if not isinstance(found, YesNo | Broken):
            self.wrong(node, f"this is {found.unit}, not a condition", "Compare it with something.")

    def numeric(self, node: e.Node, scope: Scope) -> Inferred:
        found = self.infer(node, scope)
        if not isinstance(found, NumberType | AnyNumber | Broken):
            return self.wrong(node, f"this is {found.unit}, not a number", "Arithmetic needs numbers.")
        return found

    def infer(self, node: e.Node, scope: Scope) -> Inferred:
        match node:
            case e.Number(value):
                if value not in ARITHMETIC_NUMBERS and -value not in ARITHMETIC_NUMBERS:
                    return self.wrong(
                        node,
                        f"the number {float(value):g} stands outside thresholds.yaml",
                        "Give it a name, a basis and a reason there, and use the name here.",
                        "SV312",
                    )
                return AnyNumber()
            case e.Word(value):
                return Words((value,))
            case e.YesOrNo():
                return YES_NO
            case e.Name(name):
                return self.name(node, name, scope)
            case e.FieldOf():
                return self.field(node, scope)
            case e.Concluded():
                return self.concluded(node, scope)
            case e.Comparison():
                return self.comparison(node, scope)
            case e.OneOf(item, options):
                for option in options:
                    self.comparable(node, self.infer(item, scope), self.infer(option, scope), "==")
                return YES_NO
            case e.HasMode(mode):
                if mode not in scope.book.outcomes.modes:
                    return self.wrong(
                        node, f"there is no mode '{mode}'", did_you_mean(mode, scope.book.outcomes.modes)
                    )
                return YES_NO
            case e.AllOf(parts) | e.AnyOf(parts):
                for part in parts:
                    self.condition(part, scope)
                return YES_NO
            case e.Negation(part):
                self.condition(part, scope)
                return YES_NO
        if scope.in_rule:
            return self.wrong(
                node,
                "arithmetic and aggregates stand in measures, not in rules",
                "Give it a name in measures.yaml, and compare the name here.",
                "SV313",
            )
        return self.computed(node, scope)

    def computed(self, node: e.Node, scope: Scope) -> Inferred:
        """Nodes that only measures may hold."""
        match node:
            case e.Arithmetic(_, left, right):
                self.numeric(left, scope), self.numeric(right, scope)
                return AnyNumber()
            case e.Negative(part) | e.Absolute(part):
                self.numeric(part, scope)
                return AnyNumber()
            case e.Conditional(test, then, otherwise):
                self.condition(test, scope)
                return self.joined(node, self.infer(then, scope), self.infer(otherwise, scope))
            case e.Extreme(_, parts):
                kinds = [self.numeric(part, scope) for part in parts]
                return kinds[0] if all(kind == kinds[0] for kind in kinds) else AnyNumber()
            case e.Aggregate():
                return self.aggregate(node, scope)
        return self.wrong(
            node, "this is not part of the rule language", "See docs/reference/rule-language.md."
        )

    def joined(self, node: e.Node, one: Inferred, other: Inferred) -> Inferred:
        if isinstance(one, Words) and isinstance(other, Words):
            return Words(one.options + other.options)
        if one == other or isinstance(one, Broken) or isinstance(other, Broken):
            return one
        if isinstance(one, NumberType | AnyNumber) and isinstance(other, NumberType | AnyNumber):
            return AnyNumber()
        return self.wrong(
            node, f"one side is {one.unit}, the other {other.unit}", "Both must be of one type."
        )

    def name(self, node: e.Node, name: str, scope: Scope) -> Inferred:
        kind = scope.value_type(name)
        if scope.records.get(name) == "evidence":
            return ChoiceType.of(
                tuple(scope.book.facts)
            )  # the group variable: the fact that the items bear on
        if kind is None:
            if name in scope.book.conclusions:
                return self.wrong(
                    node,
                    f"'{name}' is concluded of a record",
                    f"Write {name}(s), with the record's variable.",
                )
            return self.wrong(
                node,
                f"the rule book knows no '{name}'",
                did_you_mean(name, scope.names()) or "Name a fact, measure, threshold or conclusion.",
                "SV310",
            )
        if isinstance(kind, TextType):
            return self.wrong(
                node, f"'{name}' is a text; no condition may read it", "Use a choice or yes_no fact instead."
            )
        if isinstance(kind, RecordsType):
            return self.wrong(
                node, f"'{name}' is a list of records", f"Use it in an aggregate: any(... for x in {name})."
            )
        return kind

    def field(self, node: e.FieldOf, scope: Scope) -> Inferred:
        listed = scope.records.get(node.record)
        kind = scope.list_type(listed) if listed else None
        if listed is None or kind is None:
            return self.wrong(
                node,
                f"'{node.record}' is no record here",
                f"Records here: {', '.join(scope.records) or 'none'}; add it under 'for:'.",
                "SV310",
            )
        spec = kind.field(node.field)
        if spec is None:
            return self.wrong(
                node,
                f"a record of {listed} has no field '{node.field}'",
                did_you_mean(node.field, (f.name for f in kind.fields))
                or f"Fields: {', '.join(f.name for f in kind.fields)}.",
                "SV310",
            )
        if isinstance(spec.type, MapType):
            if node.key is None or scope.records.get(node.key) != spec.type.list:
                return self.wrong(
                    node,
                    f"'{node.field}' holds a value for each of {spec.type.list}",
                    f"Write {node.record}.{node.field}[x] with a record x of {spec.type.list}.",
                )
            return spec.type.of
        if node.key is not None:
            return self.wrong(
                node, f"'{node.field}' is one value, not a map", f"Write {node.record}.{node.field}."
            )
        if isinstance(spec.type, TextType):
            return self.wrong(
                node, f"'{node.field}' is a text; no condition may read it", "Use another field."
            )
        return spec.type

    def concluded(self, node: e.Concluded, scope: Scope) -> Inferred:
        if node.name in DECISION_FUNCTIONS and scope.stage == "decision":
            return self.asked(node, scope)
        about = scope.book.conclusions.get(node.name)
        if about is None:
            return self.wrong(
                node,
                f"nothing concludes '{node.name}', and nothing else may be called",
                did_you_mean(node.name, scope.book.conclusions) or "See docs/reference/rule-language.md.",
                "SV310",
            )
        lists = tuple(scope.records.get(a, "?") for a in node.arguments)
        if lists != about:
            expected = ", ".join(f"a record of {name}" for name in about) or "nothing"
            return self.wrong(
                node, f"'{node.name}' is concluded of {expected}", f"Write {node.name}(...) with that."
            )
        return YES_NO

    def asked(self, node: e.Concluded, scope: Scope) -> Inferred:
        fact = scope.book.facts.get(node.arguments[0]) if node.arguments else None
        if fact is None:
            word = node.arguments[0] if node.arguments else ""
            return self.wrong(
                node, f"{node.name}() needs the name of a fact", did_you_mean(word, scope.book.facts), "SV310"
            )
        options = fact.type.options if isinstance(fact.type, ChoiceType) else ()
        if node.name == "may_be" and (len(node.arguments) != 2 or node.arguments[1] not in options):
            return self.wrong(
                node, "may_be() needs a fact and one of its choices", "may_be(sponsor_stance, 'fixed')"
            )
        return YES_NO

    def comparison(self, node: e.Comparison, scope: Scope) -> Inferred:
        self.comparable(node, self.infer(node.left, scope), self.infer(node.right, scope), node.op)
        return YES_NO

    def comparable(self, node: e.Node, left: Inferred, right: Inferred, op: str) -> None:
        if isinstance(left, Broken) or isinstance(right, Broken):
            return
        if isinstance(left, Words) and not isinstance(right, Words):
            left, right = right, left
        if isinstance(left, ChoiceType) and isinstance(right, Words):
            for word in right.options:
                if word not in left.options:
                    self.wrong(
                        node,
                        f"'{word}' is not one of its values",
                        did_you_mean(word, left.options) or f"Values: {', '.join(left.options)}.",
                        "SV314",
                    )
            if op not in ("==", "!=") and not left.ordered:
                self.wrong(node, "these choices have no order", "Use == or !=, or make the type a level.")
            return
        if isinstance(left, ChoiceType) and isinstance(right, ChoiceType):
            shorter, longer = sorted((left.options, right.options), key=len)
            same = longer[: len(shorter)] == shorter  # the same values mean the same numbers
            if not (left.ordered and right.ordered) and not (same and op in ("==", "!=")):
                self.wrong(
                    node, "two choices with different values are compared", "Compare each with a word."
                )
            return
        if isinstance(left, YesNo) and isinstance(right, YesNo) and op in ("==", "!="):
            return
        if isinstance(left, NumberType) and isinstance(right, NumberType) and left.unit != right.unit:
            if scope_allows_mixed(self.scope):
                return
            self.wrong(node, f"{left.unit} is compared with {right.unit}", "Both sides need the same unit.")
            return
        if isinstance(left, NumberType | AnyNumber) and isinstance(right, NumberType | AnyNumber):
            return
        self.wrong(node, f"{left.unit} is compared with {right.unit}", "Both sides need the same type.")

    def aggregate(self, node: e.Aggregate, scope: Scope) -> Inferred:
        if scope.list_type(node.list) is None:
            return self.wrong(
                node,
                f"'{node.list}' is no list of records",
                did_you_mean(
                    node.list, (f.name for f in scope.book.facts.values() if isinstance(f.type, RecordsType))
                ),
                "SV310",
            )
        if node.variable in scope.records:
            return self.wrong(node, f"'{node.variable}' already stands for a record", "Use another letter.")
        inner = scope.with_record(node.variable, node.list)
        if node.condition is not None:
            self.condition(node.condition, inner)
        if node.kind in ("any", "all"):
            self.condition(node.value, inner)
            return YES_NO
        found = self.numeric(node.value, inner)
        if node.default is not None:
            self.numeric(node.default, scope)
        elif node.kind in ("min", "max", "median") and node.list != "items":
            return self.wrong(
                node, f"{node.kind}() of a list that may be empty needs default=", "For example default=0."
            )
        return AnyNumber() if node.kind in ("sum", "count") else found


def scope_allows_mixed(scope: Scope) -> bool:
    """Measures may relate units (they are arithmetic); rules compare like with like."""
    return not scope.in_rule


def check_measure_formula(
    formula: e.Written | Picked, kind: ValueType, scope: Scope, problems: Problems
) -> None:
    """Notes a problem where a measure's formula does not give its declared type."""
    if isinstance(formula, Picked):
        return
    checker = Checker(scope, formula.source, problems)
    found = checker.infer(formula.node, scope)
    fits = (
        isinstance(found, Broken)
        or (isinstance(kind, NumberType) and isinstance(found, NumberType | AnyNumber))
        or (isinstance(kind, YesNo) and isinstance(found, YesNo))
        or (
            isinstance(kind, ChoiceType)
            and (found == kind or (isinstance(found, Words) and set(found.options) <= set(kind.options)))
        )
    )
    if not fits:
        checker.wrong(
            formula.node,
            f"the measure is declared as {kind.unit}, its formula gives {found.unit}",
            "Change the type or the formula.",
        )
    _divisions_outermost(formula.node, checker, outermost=True)


def _divisions_outermost(node: e.Node, checker: Checker, outermost: bool) -> None:
    if isinstance(node, e.Arithmetic) and node.op == "/":
        if not outermost:
            checker.wrong(
                node,
                "a division must be the outermost operation of a measure",
                "Give the quotient a measure of its own.",
                "SV315",
            )
        outermost = False
    below = outermost and isinstance(node, e.Conditional)
    for child in e.children(node):
        _divisions_outermost(
            child, checker, below and node.test is not child if isinstance(node, e.Conditional) else False
        )
