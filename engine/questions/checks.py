"""A rule's condition looked at in one case: each part with its value, its line in the sand, and how far apart they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import GroundRule, Variable
from sharedvalue.engine.language.ranges import can
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import NumberType, YesNo, say
from sharedvalue.engine.questions.naming import Naming

DOES_NOT_APPLY = "does not apply"


@dataclass(frozen=True)
class Check:
    """A part of a condition. `kind` is all | any (of `parts`) | number | word | conclusion.

    `passed` is None where worlds differ. `wanted` says what it takes; `value` what is there. `distance` is how far the
    value lies from the line, in the unit of the value (points, people), and `points` whether that unit is points of 100.
    """

    kind: str
    passed: bool | None
    parts: tuple[Check, ...] = ()
    name: str = ""
    title: str = ""
    op: str = ""
    wanted: str = ""
    value: str = ""
    threshold: Threshold | None = None
    distance: Fraction | None = None
    points: bool = False

    @property
    def tests(self) -> Iterator[Check]:
        """The tests in it, without the groups that they stand in."""
        if self.kind in ("all", "any"):
            for part in self.parts:
                yield from part.tests
        else:
            yield self


class Checker:
    """Looks at conditions in the worlds of one decision, or in one example of them."""

    def __init__(self, decision: Decision, naming: Naming | None = None) -> None:
        self.decision, self.worlds, self.book = decision, decision.worlds, decision.worlds.book
        self.trace = decision.trace
        self.naming = naming or Naming(decision.worlds)

    @cached_property
    def translate(self) -> Translator:
        return Translator(self.book, "world", Shape(tuple(self.worlds.scenario.counts.items())))

    # --- rules --------------------------------------------------------------------------------------------------
    def of_rule(self, rule: GroundRule) -> Check:
        """The condition of a rule as it is written; of a branch without one, nothing."""
        written = self.decision.wording.block(rule).when
        if written is None:
            return Check("all", True)
        return self.look(written.node, {v: (where, position) for v, where, position in rule.binding})

    def unless(self, rule: GroundRule) -> Check | None:
        written = self.decision.wording.block(rule).unless
        if written is None:
            return None
        return self.look(written.node, {v: (where, position) for v, where, position in rule.binding})

    # --- conditions ---------------------------------------------------------------------------------------------
    def look(self, node: e.Node, records: Mapping[str, tuple[str, int]], negated: bool = False) -> Check:
        match node:
            case e.AllOf(parts) | e.AnyOf(parts):
                kind = "all" if isinstance(node, e.AllOf) is not negated else "any"
                return group(kind, tuple(self.look(part, records, negated) for part in parts))
            case e.Negation(part):
                return self.look(part, records, not negated)
            case e.OneOf():
                return self.one_of(node, records, negated)
            case e.YesOrNo(value):
                return Check("word", value is not negated, title=str(value).lower(), wanted="")
        condition = self.translate.condition(node, records)
        if isinstance(condition, f.Test):
            return self.test(
                f.Test(condition.left, f.NEGATED[condition.op], condition.right) if negated else condition,
                node,
            )
        passed = self.passes(condition)
        return Check(
            "word",
            None if passed is None else passed is not negated,
            title=_text(node),
            wanted="does not hold" if negated else "holds",
        )

    def test(self, test: f.Test, node: e.Node | None = None) -> Check:
        variable = self.variable(test.left)
        origin = variable.origin if variable else "conclusion"
        kind = variable.type if variable else YesNo()
        passed = self.passes(test)
        if isinstance(kind, YesNo) and isinstance(test.right, int):
            wants = (test.op == "==") is (test.right == 1)
            title = (
                self.naming.conclusion(test.left) if origin == "conclusion" else self.naming.title(test.left)
            )
            there = None if passed is None else passed is wants
            value = "open" if there is None else "yes" if there else "no"
            if origin != "conclusion" and test.left in self.worlds.unasked:
                value = DOES_NOT_APPLY
            return Check(
                "conclusion" if origin == "conclusion" else "word",
                passed,
                name=test.left,
                title=title,
                op=test.op,
                wanted="yes" if wants else "no",
                value=value,
            )
        right = test.right if isinstance(test.right, int) else self.trace.values.get(test.right)
        check = Check(
            "word",
            passed,
            name=test.left,
            title=self.naming.title(test.left),
            op=test.op,
            wanted="" if right is None else say(right, kind),
            value=self.value(test.left),
        )
        if not isinstance(kind, NumberType):
            return check
        left = self.trace.values.get(test.left)
        if said := self.in_place_of_a_number(test.left):
            check, left = replace(check, value=said), None
        far = (
            None
            if left is None or right is None or not self.decision.is_certain(test.left)
            else Fraction(abs(left - right), kind.scale)
        )
        return replace(
            check, kind="number", threshold=self.threshold(node), distance=far, points=kind.unit == "percent"
        )

    def one_of(self, node: e.OneOf, records: Mapping[str, tuple[str, int]], negated: bool) -> Check:
        condition = self.translate.condition(node, records)
        passed = self.passes(condition)
        names = list(dict.fromkeys(f.reads(condition)))
        without = negated is not node.negated
        options = [option.value.replace("_", " ") for option in node.options if isinstance(option, e.Word)]
        name = names[0] if names else ""
        return Check(
            "word",
            None if passed is None else passed is not negated,
            name=name,
            title=self.naming.title(name),
            op="not in" if without else "in",
            wanted=" or ".join(options),
            value=self.value(name),
        )

    def threshold(self, node: e.Node | None) -> Threshold | None:
        for side in (node.left, node.right) if isinstance(node, e.Comparison) else ():
            if isinstance(side, e.Name) and side.name in self.book.thresholds:
                return self.book.thresholds[side.name]
        return None

    # --- values -------------------------------------------------------------------------------------------------
    def variable(self, name: str) -> Variable | None:
        return self.trace.grounded.variables.get(name)

    def value(self, name: str) -> str:
        if name in self.worlds.unasked:
            return DOES_NOT_APPLY
        return self.decision.wording.variable(name) if name else ""

    def in_place_of_a_number(self, name: str) -> str:
        """What is said where a number only stands in: of what was assumed in words, and of what does not apply."""
        worlds = self.worlds
        if name in worlds.assumed:
            ways = self.book.facts[name].assume
            return next((way.says for way in ways if way.value == worlds.assumed[name] and way.says), "")
        inputs = [n for n in (name, *stands_on(self.trace.grounded, name)) if n in worlds.domains]
        said = any(worlds.domains[n].size > 1 or n in worlds.beliefs or n in worlds.assumed for n in inputs)
        return DOES_NOT_APPLY if inputs and not said else ""

    def passes(self, condition: f.Condition) -> bool | None:
        """Whether a condition holds in every world (True), in none (False), or in some."""
        match condition:
            case f.Test(left, _, right) if isinstance(right, int) and self.conclusion(left):
                known = self.state(left)
                return None if known is None else f.compare(int(known), condition.op, right)
            case f.Test(left, op, right) if isinstance(right, int) and left in self.worlds.domains:
                return _everywhere(self.worlds.domains[left], op, right)
            case f.Not(part):
                below = self.passes(part)
                return None if below is None else not below
            case f.And(parts) | f.Or(parts):
                found = [self.passes(part) for part in parts]
                decisive = isinstance(condition, f.Or)
                return decisive if decisive in found else None if None in found else not decisive
        if any(not self.decision.is_certain(name) for name in f.reads(condition)):
            true, false = can(condition, self.decision.wording.certainty.range)
            return None if true and false else true
        try:
            return f.holds(condition, self.trace.values)
        except f.Missing:
            return None

    def conclusion(self, name: str) -> bool:
        variable = self.trace.grounded.variables.get(name)
        return variable is None or variable.origin == "conclusion"

    def state(self, conclusion: str) -> bool | None:
        """Whether something is concluded in every world, in none, or in some."""
        if self.decision.settled is None or conclusion not in self.trace.grounded.rules_for:
            return self.trace.holds(conclusion)
        return self.decision.settled.get(conclusion)


def group(kind: str, parts: tuple[Check, ...]) -> Check:
    """Some parts as one; a group within a group of its own kind is opened up."""
    flat = tuple(inner for part in parts for inner in (part.parts if part.kind == kind else (part,)))
    found = [part.passed for part in flat]
    decisive = kind == "any"
    return Check(kind, decisive if decisive in found else None if None in found else not decisive, flat)


def _everywhere(domain: Domain, op: str, right: int) -> bool | None:
    if op in ("==", "!="):
        found = {f.compare(right, op, right)} if domain.contains(right) else set()
        if domain.size > len(found):
            found.add(not f.compare(right, op, right))
    else:
        found = {f.compare(value, op, right) for value in (domain.lo, domain.hi)}
    return found.pop() if len(found) == 1 else None


def _text(node: e.Node) -> str:
    """A condition of a rare form, by the names in it."""
    names = [part.name for part in e.walk(node) if isinstance(part, e.Name)]
    return " and ".join(dict.fromkeys(names)).replace("_", " ")
