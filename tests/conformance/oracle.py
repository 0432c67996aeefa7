"""A deliberately naive interpreter of a written rule book, on one complete world of plain Python values.

It shares nothing with the three readings but the frozen book: no grounding, no scaling to integers, no normal forms and
no computed strata. Numbers are exact Fractions. A thing may be read once everything that could still conclude it has
been looked at; what is not yet readable is tried again in the next pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import product
from math import floor

from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.outcomes import Level, Mode
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block, Rule, When
from sharedvalue.engine.language.types import ChoiceType, NumberType, YesNo

Value = Fraction | bool | str
Record = Mapping[
    str, Value | Mapping[int, Value]
]  # a map field holds a value for each position of the other list
World = Mapping[str, Value | Sequence[Record]]
Binding = tuple[tuple[str, str, int], ...]  # (variable, list, position)
Records = Mapping[str, tuple[str, int]]

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRROR = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Missing(Exception):
    """A value that the world does not give and that nothing computes."""


class NotYet(Exception):
    """A conclusion that something may still draw."""


@dataclass(frozen=True)
class Other:
    """The right side of a literal that compares two variables."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A variable against a value or another variable. One comparison has one form, however it was written."""

    left: str
    op: str
    right: Value | Other

    @staticmethod
    def of(left: str, op: str, right: Value | Other) -> Literal:
        if isinstance(right, bool):  # yes and no are only ever asked for, never asked against
            return Literal(left, "==", right if op == "==" else not right)
        if isinstance(right, Other) and right.name < left:
            return Literal(right.name, MIRROR[op], Other(left))
        return Literal(left, op, right)


Ways = frozenset[frozenset[Literal]]
ALWAYS: Ways = frozenset([frozenset[Literal]()])
NEVER: Ways = frozenset()


@dataclass(frozen=True)
class Happened:
    """A rule (or one of its blocks) that fired or was defeated, and every way in which its condition held."""

    rule: str
    part: str
    binding: Binding
    ways: Ways


@dataclass(frozen=True)
class Reading:
    """Everything that follows in one world. Multisets where the same could be said twice.

    `decision` is the outcome, and the rule, part and place of the branch that decides; None where no branch holds.
    `broken` are the constraints that the world breaks: where there are any, it cannot be.
    """

    fired: Counter[Happened]
    defeated: Counter[Happened]
    conclusions: Mapping[str, bool]
    measures: Mapping[str, Value]
    decision: tuple[str, str, str, int] | None
    broken: tuple[str, ...]


@dataclass
class _Task:
    """Something to look at: what it may conclude, and how."""

    gives: tuple[str, ...]
    run: Callable[[], None]


@dataclass
class _Oracle:
    book: RuleBook
    world: World
    stage: str = "world"
    waiting: list[_Task] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    held: dict[str, bool] = field(default_factory=dict)
    computed: dict[str, Value] = field(default_factory=dict)
    fired: Counter[Happened] = field(default_factory=Counter)
    defeated: Counter[Happened] = field(default_factory=Counter)
    standing: list[tuple[int, str, str, str]] = field(default_factory=list)
    decision: tuple[str, str, str, int] | None = None

    # --- values -------------------------------------------------------------------------------------------------
    def records_of(self, name: str) -> Sequence[Record]:
        found = self.world.get(name)
        if found is None:
            raise Missing(name)
        assert isinstance(found, Sequence)
        assert not isinstance(found, str)
        return found

    def named(self, name: str) -> Value:
        if name in self.book.thresholds:
            threshold = self.book.thresholds[name]
            return Fraction(threshold.value, threshold.type.scale)
        if name == "outcome":
            self.must_be_closed("outcome")
            if self.decision is None:
                raise Missing(name)
            return self.decision[0]
        if name in self.world:
            given = self.world[name]
            assert isinstance(given, Fraction | bool | str)
            return given
        if name in self.book.measures:
            return self.measure(name)
        if name in self.book.conclusions:
            return self.concluded(name, ())
        raise Missing(name)

    def must_be_closed(self, name: str) -> None:
        if self.open[name]:
            raise NotYet(name)

    def concluded(self, name: str, about: Sequence[tuple[str, int]]) -> bool:
        self.must_be_closed(name)
        return self.held.get(_about(name, about), False)

    def measure(self, name: str) -> Value:
        if name not in self.computed:
            self.computed[name] = self.compute(name)
        return self.computed[name]

    def compute(self, name: str) -> Value:
        measure = self.book.measures[name]
        if isinstance(measure.formula, Picked):
            return self.picked(measure.formula, measure.type)
        found = self.value(measure.formula.node, {})
        if isinstance(measure.type, NumberType):
            assert isinstance(found, Fraction)
            return Fraction(floor(found * measure.type.scale), measure.type.scale)
        return found

    def picked(self, picked: Picked, kind: NumberType | YesNo | ChoiceType) -> Value:
        best: tuple[Value, Value] | None = None
        for position in range(len(self.records_of(picked.list))):
            here = {"r": (picked.list, position)}
            most, found = (self.field(e.FieldOf("r", name), here) for name in (picked.most, picked.field))
            if best is None or self.compares(most, ">", best[0]):
                best = most, found
        if best is not None:
            return best[1]
        # Of no records the language says nothing; all readings say the lowest.
        return (
            kind.options[0]
            if isinstance(kind, ChoiceType)
            else False
            if isinstance(kind, YesNo)
            else Fraction(0)
        )

    def field(self, node: e.FieldOf, records: Records) -> Value:
        where, position = records[node.record]
        found = self.records_of(where)[position].get(node.field)
        if isinstance(found, Mapping):
            assert node.key is not None
            found = found.get(records[node.key][1])
        if found is None:
            raise Missing(f"{where}[{position}].{node.field}")
        return found

    def compares(self, left: object, op: str, right: object) -> bool:
        if op == "==":
            return left == right
        if op == "!=":
            return left != right
        if isinstance(left, str) and isinstance(right, str):
            left, right = Fraction(self.book.levels.index(left)), Fraction(self.book.levels.index(right))
        assert isinstance(left, Fraction)
        assert isinstance(right, Fraction)
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]

    def value(self, node: e.Node, records: Records) -> Value:
        """What any expression comes to."""
        match node:
            case e.Number(value) | e.Word(value) | e.YesOrNo(value):
                return value
            case e.Name(name):
                return self.named(name)
            case e.FieldOf():
                return self.field(node, records)
            case e.Concluded(name, arguments):
                return self.concluded(name, [records[a] for a in arguments])
            case e.HasMode(mode, negated):
                return self.concluded(f"mode:{mode}", ()) is not negated
            case e.AllOf(parts):
                return all(self.truth(part, records) for part in parts)
            case e.AnyOf(parts):
                return any(self.truth(part, records) for part in parts)
            case e.Negation(part):
                return not self.truth(part, records)
            case e.Comparison(left, op, right):
                return self.compares(self.value(left, records), op, self.value(right, records))
            case e.OneOf(item, options, negated):
                return (
                    self.value(item, records) in [self.value(option, records) for option in options]
                ) is not negated
            case e.Conditional(test, then, otherwise):
                return self.value(then if self.truth(test, records) else otherwise, records)
            case e.Aggregate():
                return self.aggregate(node, records)
        return self.number(node, records)

    def truth(self, node: e.Node, records: Records) -> bool:
        found = self.value(node, records)
        assert isinstance(found, bool), node
        return found

    def exact(self, node: e.Node, records: Records) -> Fraction:
        found = self.value(node, records)
        assert isinstance(found, Fraction), node
        return found

    def number(self, node: e.Node, records: Records) -> Fraction:
        match node:
            case e.Negative(part):
                return -self.exact(part, records)
            case e.Absolute(part):
                return abs(self.exact(part, records))
            case e.Extreme(kind, parts):
                found = [self.exact(part, records) for part in parts]
                return min(found) if kind == "min" else max(found)
            case e.Arithmetic(op, left, right):
                a, b = self.exact(left, records), self.exact(right, records)
                if op == "/":
                    return a / b if b > 0 else Fraction(0)
                return {"+": a + b, "-": a - b, "*": a * b}[op]
        raise TypeError(node)

    def aggregate(self, node: e.Aggregate, records: Records) -> Value:
        count = len(self.records_of(node.list))
        inner = [{**records, node.variable: (node.list, position)} for position in range(count)]
        chosen = [here for here in inner if node.condition is None or self.truth(node.condition, here)]
        if node.kind == "any":
            return any(self.truth(node.value, here) for here in chosen)
        if node.kind == "all":
            return all(self.truth(node.value, here) for here in chosen)
        numbers = sorted(self.exact(node.value, here) for here in chosen)
        if node.kind in ("sum", "count"):
            return sum(numbers, Fraction(0))
        if not numbers:
            return self.exact(node.default, records) if node.default is not None else Fraction(0)
        if node.kind == "median":
            return (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2
        return numbers[0] if node.kind == "min" else numbers[-1]

    # --- in which ways a condition holds ------------------------------------------------------------------------
    def ways(self, node: e.Node, records: Records, positive: bool = True) -> Ways:
        """Every set of literals that holds here and makes the condition true (or false, where not positive)."""
        match node:
            case e.YesOrNo(value):
                return ALWAYS if value is positive else NEVER
            case e.HasMode(mode, negated):
                held = self.concluded(f"mode:{mode}", ())
                wanted = positive is not negated
                return _one(Literal.of(f"mode:{mode}", "==", wanted)) if held is wanted else NEVER
            case e.Name() | e.FieldOf() | e.Concluded():
                name = self.variable(node, records)
                assert name is not None
                return (
                    _one(Literal.of(name, "==", positive)) if self.truth(node, records) is positive else NEVER
                )
            case e.Negation(part):
                return self.ways(part, records, not positive)
            case e.AllOf(parts) | e.AnyOf(parts):
                found = [self.ways(part, records, positive) for part in parts]
                return _all(found) if isinstance(node, e.AllOf) is positive else _any(found)
            case e.OneOf(item, options, negated):
                wanted = positive is not negated
                each = [self.compared(item, "==" if wanted else "!=", option, records) for option in options]
                return _any(each) if wanted else _all(each)
            case e.Comparison(left, op, right):
                return self.compared(left, op if positive else OPPOSITE[op], right, records)
        raise TypeError(f"arithmetic stands in measures: {node}")

    def compared(self, left: e.Node, op: str, right: e.Node, records: Records) -> Ways:
        a, b = self.value(left, records), self.value(right, records)
        if not self.compares(a, op, b):
            return NEVER
        if isinstance(a, bool) and isinstance(b, bool):
            return _all([self.ways(left, records, a), self.ways(right, records, b)])
        one, other = self.variable(left, records), self.variable(right, records)
        if one is not None:
            return _one(Literal.of(one, op, b if other is None else Other(other)))
        return ALWAYS if other is None else _one(Literal.of(other, MIRROR[op], a))

    def variable(self, node: e.Node, records: Records) -> str | None:
        """The name of what is read; None for thresholds and what is written out."""
        match node:
            case e.Name(name):
                return None if name in self.book.thresholds else name
            case e.FieldOf(record, name, key):
                return f"{_about('', [records[record]])[1:-1]}.{name}" + (
                    f"[{records[key][1]}]" if key else ""
                )
            case e.Concluded(name, arguments):
                return _about(name, [records[a] for a in arguments])
        return None

    # --- what is looked at --------------------------------------------------------------------------------------
    def bindings(self, records: Sequence[tuple[str, str]]) -> Iterator[Binding]:
        positions = [range(len(self.records_of(where)) if where in self.world else 0) for _, where in records]
        for chosen in product(*positions):
            yield tuple((variable, where, at) for (variable, where), at in zip(records, chosen, strict=True))

    def add(self, gives: Sequence[str], run: Callable[[], None]) -> None:
        self.waiting.append(_Task(tuple(gives), run))
        self.open.update(gives)

    def conclude(self, names: Sequence[str]) -> None:
        self.held.update(dict.fromkeys(names, True))

    def happens(self, rule: str, part: str, binding: Binding, ways: Ways, names: Sequence[str]) -> None:
        if ways:
            self.fired[Happened(rule, part, binding, ways)] += 1
            self.conclude(names)

    def list_rules(self) -> None:
        chooses = False
        for rule in self.book.rules.values():
            if rule.stage != self.stage:
                continue
            for position, block in enumerate(rule.blocks):
                gives = [c.name for c in block.concludes] + [f"candidate:{rule.id}.{block.part}"] * bool(
                    block.outcome
                )
                chooses = chooses or bool(block.outcome)
                for binding in self.bindings(block.records):
                    self.add(gives, partial(self.block, rule, position, binding))
        if chooses:
            self.add(["outcome"], self.choose)
            self.list_modes()
            self.list_levels()

    def block(self, rule: Rule, position: int, binding: Binding) -> None:
        block = rule.blocks[position]
        records = _records(binding)
        parts = [self.ways(block.when.node, records)] if block.when else []
        if rule.form == "cases":
            before = [earlier.when for earlier in rule.blocks[:position]]
            parts += [self.ways(when.node, records, False) for when in before if when is not None]
        applies = _all(parts)
        names = [_about(c.name, [records[a] for a in c.arguments]) for c in block.concludes]
        if block.outcome:
            names.append(f"candidate:{rule.id}.{block.part}")
        fired = applies
        if block.unless is not None:
            fired = _all([applies, self.ways(block.unless.node, records, False)])
            defeated = _all([applies, self.ways(block.unless.node, records)])
            if defeated:
                self.defeated[Happened(rule.id, block.part, binding, defeated)] += 1
        self.happens(rule.id, block.part, binding, fired, names)
        if block.outcome and fired:
            self.standing.append((block.order, block.outcome, rule.id, block.part))

    def choose(self) -> None:
        for name in self.open:
            if name.startswith("candidate:"):
                self.must_be_closed(name)
        if self.standing:
            place, outcome, rule, part = min(self.standing)
            self.decision = (outcome, rule, part, place)

    # --- what outcomes.yaml says --------------------------------------------------------------------------------
    def list_modes(self) -> None:
        for rule in self.book.rules.values():
            for block in rule.blocks if rule.stage == self.stage else ():
                for mode in block.modes:
                    self.add([f"mode:{mode.name}"], partial(self.mode, rule, block, mode))
        for name, joining in self.book.outcomes.modes.items():
            if joining.joins_when is not None and self.stage == "world":
                self.add([f"mode:{name}"], partial(self.joins, joining))

    def mode(self, rule: Rule, block: Block, mode: When) -> None:
        self.must_be_closed("outcome")
        also = self.holding(mode.when)
        if self.decision is not None and self.decision[3] == block.order:
            ways = _all([_one(Literal("decided_by", "==", str(block.order))), also])
            self.happens(rule.id, f"{block.part}/{mode.name}", (), ways, [f"mode:{mode.name}"])

    def joins(self, mode: Mode) -> None:
        outcome = self.named("outcome")
        also = self.holding(mode.joins_when)
        if outcome in mode.outcomes:
            ways = _all([_one(Literal("outcome", "==", outcome)), also])
            self.happens(mode.rule, f"joins/{mode.name}", (), ways, [f"mode:{mode.name}"])

    def list_levels(self) -> None:
        outcomes = self.book.outcomes
        groups = [("status", outcomes.statuses)]
        if self.stage == "world":
            groups.append(("risk", outcomes.risk_levels))
            groups += [("route", {name: route}) for name, route in outcomes.risk_routes.items()]
        if outcomes.tell_sponsor is not None:
            groups.append(("tell", {"sponsor": outcomes.tell_sponsor}))
        apart = {kind for kind, levels in groups for level in levels.values() if level.surely is not None}
        for kind, levels in groups:
            kinds = (kind, f"{kind} perhaps", f"{kind} surely") if kind in apart else (kind,)
            gives = [f"{one}:{name}" for one in kinds for name in levels]
            self.add(gives, partial(self.first, kind, levels, kind in apart))

    def first(self, kind: str, levels: Mapping[str, Level], apart: bool) -> None:
        """Of some levels, the first whose condition holds; and of each, whether what is enough to fear it holds, and what
        counts only where it is sure.
        """
        found = [
            (name, self.perhaps(level), self.surely(level), self.failing(level))
            for name, level in levels.items()
        ]
        before: list[Ways] = []
        for name, perhaps, surely, failing in found:  # all is known by now: nothing happens twice
            self.happens(kind, name, (), _all([*before, _any([perhaps, surely])]), [f"{kind}:{name}"])
            before += failing
            if apart:
                self.happens(f"{kind} perhaps", name, (), perhaps, [f"{kind} perhaps:{name}"])
                self.happens(f"{kind} surely", name, (), surely, [f"{kind} surely:{name}"])

    def perhaps(self, level: Level) -> Ways:
        return NEVER if level.when is None and level.surely is not None else self.holding(level.when)

    def surely(self, level: Level) -> Ways:
        return NEVER if level.surely is None else self.holding(level.surely)

    def failing(self, level: Level) -> list[Ways]:
        conditions = [w for w in (level.when, level.surely) if w is not None]
        return [self.holding(w, False) for w in conditions] or [NEVER]

    def holding(self, when: e.Written | None, positive: bool = True) -> Ways:
        if when is None:
            return ALWAYS if positive else NEVER
        return self.ways(when.node, {}, positive)

    # --- all of it ----------------------------------------------------------------------------------------------
    def run(self) -> None:
        self.list_rules()
        while self.waiting:
            later: list[_Task] = []
            for task in self.waiting:
                try:
                    task.run()
                except NotYet:
                    later.append(task)
                else:
                    self.open.subtract(task.gives)
            if len(later) == len(self.waiting):
                raise RuntimeError(f"these wait for each other: {[task.gives for task in later]}")
            self.waiting = later

    def reading(self) -> Reading:
        for name in self.book.measures:
            if name not in self.world and self.book.measures[name].stage == self.stage:
                try:
                    self.measure(name)
                except Missing:
                    continue
        return Reading(
            self.fired, self.defeated, self.held, self.computed, self.decision, tuple(self.broken())
        )

    def broken(self) -> Iterator[str]:
        for constraint in self.book.constraints:
            bindings = self.bindings(constraint.records)
            if any(self.truth(constraint.never.node, _records(binding)) for binding in bindings):
                yield constraint.name


def _records(binding: Binding) -> Records:
    return {variable: (where, at) for variable, where, at in binding}


def _about(name: str, records: Sequence[tuple[str, int]]) -> str:
    words = ",".join(f"{where}[{position}]" for where, position in records)
    return f"{name}({words})" if records else name


def _one(literal: Literal) -> Ways:
    return frozenset([frozenset([literal])])


def _any(parts: Sequence[Ways]) -> Ways:
    return frozenset[frozenset[Literal]]().union(*parts)


def _all(parts: Sequence[Ways]) -> Ways:
    return frozenset(frozenset[Literal]().union(*chosen) for chosen in product(*parts))


def read(book: RuleBook, world: World) -> Reading:
    """Everything that follows in one complete world. A measure that the world gives is taken as given."""
    oracle = _Oracle(book, world)
    oracle.run()
    return oracle.reading()
