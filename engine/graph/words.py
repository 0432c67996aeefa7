"""The words on the nodes: values with their titles, tests with threshold and distance, and the headline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sharedvalue.engine.decision import Decision, PossibleOutcome, Wording
from sharedvalue.engine.graph.parts import LONGEST_NAME, clean, short
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import MapType, NumberType, RecordsType, TextType, say, show
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import Worlds


class Words:
    """Speaks of one trace of one case: of what holds in every world, or of one example of a world."""

    def __init__(self, worlds: Worlds, trace: Trace, wording: Wording) -> None:
        self.worlds, self.book, self.trace, self.wording = worlds, worlds.book, trace, wording

    @staticmethod
    def of(decision: Decision) -> Words:
        return Words(decision.worlds, decision.trace, decision.wording)

    @staticmethod
    def of_example(decision: Decision, possible: PossibleOutcome) -> Words:
        """One world as if it were the case: every value is known."""
        known = {**decision.worlds.domains, **{n: Domain.known(v) for n, v in possible.example.items()}}
        worlds = replace(decision.worlds, domains=known)
        return Words(worlds, possible.trace, Wording(worlds, possible.trace))

    # --- values -----------------------------------------------------------------------------------
    def title(self, name: str) -> str:
        """What a value is called."""
        if "[" in name:
            return self.field_title(name)
        if name in self.book.facts:
            return self.book.facts[name].title
        if name in self.book.measures:
            return self.book.measures[name].title
        if name in self.book.provided:
            return self.book.provided[name].about
        return self.concluded(name)

    def field_title(self, name: str) -> str:
        parts = name_of(name)
        if parts is None or parts.record is None:  # a conclusion about a record: qualifies(segments[0])
            return self.concluded(name)
        kind = self.book.facts[parts.fact].type
        spec = kind.field(parts.field) if isinstance(kind, RecordsType) else None
        other = spec.type.list if spec is not None and isinstance(spec.type, MapType) else ""
        of = f", for {self.record_name(other, parts.entry)}" if other and parts.entry is not None else ""
        return f"{self.record_name(parts.fact, parts.record)}: {parts.field.replace('_', ' ')}{of}"

    def record_name(self, where: str, position: int) -> str:
        keys = self.worlds.scenario.records.get(where, ())
        return (
            short(clean(keys[position]), LONGEST_NAME) if position < len(keys) else f"{where} {position + 1}"
        )

    def concluded(self, name: str) -> str:
        """A conclusion's name as words, with the record that it is about."""
        word, _, rest = name.partition("(")
        plain = word.replace("_", " ").strip()
        if not rest:
            return plain
        names = []
        for argument in rest.rstrip(")").split(","):
            where, _, position = argument.partition("[")
            names.append(self.record_name(where, int(position.rstrip("]"))) if position else argument)
        return f"{plain} ({', '.join(names)})"

    def value(self, name: str) -> str:
        return clean(self.wording.variable(name))

    def record(self, where: str, position: int) -> list[tuple[str, str]]:
        """The fields of a record with their values, as far as rules read them."""
        kind = self.book.facts[where].type
        found = []
        for spec in kind.fields if isinstance(kind, RecordsType) else ():
            name = f"{where}[{position}].{spec.name}"
            if spec.key or isinstance(spec.type, MapType | TextType) or name not in self.worlds.domains:
                continue
            found.append((spec.name.replace("_", " "), self.value(name)))
        return found

    def source_of(self, name: str) -> str:
        """How a value came to be known: stated, assumed, from evidence; with its confidence."""
        belief = self.worlds.beliefs.get(name)
        if belief is None:
            return ""
        words = {
            "given": "stated",
            "evidence": "from evidence",
            "assumed": "assumed, nobody said otherwise",
            "left out": "left out",
        }
        parts = [
            words.get(belief.origin, belief.origin),
            f"confidence {belief.confidence}" if belief.confidence else "",
            belief.widened,
        ]
        return ", ".join(part for part in parts if part)

    # --- tests ------------------------------------------------------------------------------------
    def threshold(self, rule: GroundRule, test: Test) -> Threshold | None:
        """The threshold that a literal of a rule compares with."""
        if isinstance(test.right, str) or test.op in ("==", "!="):
            return None
        name = test.left.split(".")[-1] if "[" in test.left else test.left
        found = _thresholds(rule.rule, self.book).get(name, ()) if rule.rule in self.book.rules else ()
        return next((t for t in found if self.same(t, test)), None)

    def same(self, threshold: Threshold, test: Test) -> bool:
        variable = self.trace.grounded.variables.get(test.left)
        if variable is None or not isinstance(variable.type, NumberType) or not isinstance(test.right, int):
            return False
        return threshold.value * variable.type.scale == test.right * threshold.type.scale

    def number(self, rule: GroundRule, test: Test, certain: bool) -> dict[str, Any]:
        """A literal as numbers: value, operator, threshold, distance; whether it holds where that is certain."""
        variable = self.trace.grounded.variables[test.left]
        kind = variable.type
        found: dict[str, Any] = {
            "name": self.worlds.scenario.address(test.left),
            "title": clean(self.title(test.left)),
            "value": self.value(test.left),
        }
        right = self.trace.values.get(test.right) if isinstance(test.right, str) else test.right
        left = self.trace.values.get(test.left)
        if right is None:
            return found
        found["op"] = test.op
        found["needed"] = say(right, kind)
        threshold = self.threshold(rule, test)
        if threshold is not None:
            found |= {"threshold": threshold.name, "basis": threshold.basis}
        elif isinstance(test.right, str):
            found["threshold"] = test.right
        if certain and left is not None:
            found["passes"] = bool(self.trace.passes(test))
            if isinstance(kind, NumberType):
                found["distance"] = show(left - right, kind)
        return found

    def threshold_label(self, threshold: Threshold) -> str:
        basis = "house default" if threshold.is_house else threshold.basis
        return f"{threshold.title}: {threshold} ({'house change' if threshold.house_change else basis})"

    # --- rules ------------------------------------------------------------------------------------
    def record_names(self, rule: GroundRule) -> list[str]:
        return [self.record_name(where, position) for _, where, position in rule.binding]

    def line(self, rule: GroundRule) -> str:
        return clean(self.wording.line(rule))

    def otherwise(self, rule: GroundRule) -> str:
        """Why a rule did not apply. A text that the rule book has not may fall back to its title."""
        return clean(self.wording.otherwise(rule))

    def because(self, rule: GroundRule) -> str:
        return clean(self.wording.say(self.wording.block(rule).because.value, rule))

    def block(self, rule: GroundRule) -> Block:
        return self.wording.block(rule)


def headline(decision: Decision) -> str:
    """The outcome and its modes in words, as outcomes.yaml words them."""
    outcomes, say_it = decision.worlds.book.outcomes, decision.wording.say
    outcome = say_it(outcomes.outcomes[decision.outcome].headline)
    modes = [say_it(outcomes.modes[name].headline or outcomes.modes[name].title) for name in decision.modes]
    modes = [mode[:1].lower() + mode[1:] for mode in modes]
    joined = (
        f"{outcome}{': ' if decision.outcome == 'NOT_YET' else ', '}{' and '.join(modes)}"
        if modes
        else outcome
    )
    return clean(joined)


def lead(decision: Decision) -> str:
    """The status in a few words."""
    level = decision.worlds.book.outcomes.statuses.get(decision.status)
    return "" if level is None else level.lead or level.words.split(";")[0]


_compared: Kept[dict[str, tuple[Threshold, ...]]] = Kept(512)  # by rule and book


def _thresholds(rule: str, book: RuleBook) -> dict[str, tuple[Threshold, ...]]:
    """For each value that a rule compares, the thresholds that it is compared with."""
    return _compared.of((rule, book.hash), lambda: _thresholds_of(rule, book))


def _thresholds_of(rule: str, book: RuleBook) -> dict[str, tuple[Threshold, ...]]:
    found: dict[str, list[Threshold]] = {}
    for block in book.rules[rule].blocks:
        for written in (block.when, block.unless):
            for node in e.walk(written.node) if written is not None else ():
                if isinstance(node, e.Comparison):
                    for one, other in ((node.left, node.right), (node.right, node.left)):
                        if isinstance(other, e.Name) and other.name in book.thresholds:
                            name = (
                                one.name
                                if isinstance(one, e.Name)
                                else one.field
                                if isinstance(one, e.FieldOf)
                                else ""
                            )
                            found.setdefault(name, []).append(book.thresholds[other.name])
    return {name: tuple(thresholds) for name, thresholds in found.items()}
