"""Fills the rule book's texts with the numbers of a case. The words come from the rule book, the numbers from a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sharedvalue.engine.decision.certainty import Certainty
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rules import Block
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.texts import UNKNOWN, fill, parts, placeholders
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import NumberType, RecordsType, ValueType, say
from sharedvalue.engine.readings.trace import Firing, Trace
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import Belief


@dataclass(frozen=True)
class Wording:
    """Speaks of one case. Values that are not the same in every world are said as their range.

    `settled` is None where one world is spoken of (every value of the trace is then certain), else the conclusions that
    have one value in every world. `star` marks house thresholds, as the printed answer does; with `words_said` a judgement that was
    given in a word is said in it: largely (65). `outcome` is the one that comes out in every world,
    `possible` are those that may, by their places in the book.
    """

    worlds: Worlds
    trace: Trace
    settled: Mapping[str, bool] | None = None
    star: str = ""
    words_said: bool = False
    outcome: int | None = None
    possible: tuple[int, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def certainty(self) -> Certainty:
        return Certainty(self.worlds, self.trace, self.settled, self.outcome, self.possible)

    def block(self, rule: GroundRule) -> Block:
        """The written block behind a flat rule."""
        written = self.worlds.book.rules[rule.rule]
        part = rule.part.split("/")[0]
        return next((b for b in written.blocks if b.part == part), written.blocks[0])

    def because(self, firing: Firing) -> str:
        return self.say(self.block(firing.rule).because.value, firing.rule)

    @cached_property
    def in_words(self) -> Wording:
        return replace(self, words_said=True)

    def told(self, rule: GroundRule) -> Iterator[str]:
        """The values that the reason of a rule tells."""
        records = {variable: (where, position) for variable, where, position in rule.binding}
        for when, part in parts(self.block(rule).because.value):
            if when is None or self.certainty.passes(when.node, records) is True:
                for mark in placeholders(part):
                    where, position = records.get(mark.name, ("", 0))
                    yield f"{where}[{position}].{mark.field}" if mark.field else mark.name

    def line(self, rule: GroundRule) -> str:
        """The short line of a rule, or its reason where it has none; judgements in the words in which they were given."""
        block = self.block(rule)
        return (
            self.in_words.say(block.line.value, rule) if block.line else self.say(block.because.value, rule)
        )

    def otherwise(self, rule: GroundRule) -> str:
        block = self.block(rule)
        return (
            self.say(block.otherwise.value, rule)
            if block.otherwise
            else self.worlds.book.rules[rule.rule].title
        )

    def say(self, text: str, rule: GroundRule | None = None) -> str:
        """A text with its placeholders filled; a sentence begins with a capital."""
        records = {variable: (where, position) for variable, where, position in rule.binding} if rule else {}
        filled = fill(
            text, self._value(records), lambda when: self.certainty.passes(when.node, records) is True
        )
        return filled[:1].upper() + filled[1:]

    def _value(self, records: Mapping[str, tuple[str, int]]) -> Callable[[str, str], str]:
        def value(name: str, spec: str) -> str:
            if name in self.extra:
                return self.extra[name]
            if spec:
                where, position = records[name]
                return self.variable(f"{where}[{position}].{spec}")
            return self.named(name)

        return value

    def named(self, name: str) -> str:
        """What a placeholder of this name reads: a threshold, a word from a list, or a value."""
        book, scenario = self.worlds.book, self.worlds.scenario
        if name in book.thresholds:
            threshold = book.thresholds[name]
            return f"{threshold}{self.star if threshold.is_house else ''}"
        if name in book.words:
            return self.words(name)
        if name in scenario.texts:
            return scenario.texts[name]
        return self.variable(name)

    def variable(self, name: str) -> str:
        """A value as a person reads it; a range where it is open."""
        scenario, book = self.worlds.scenario, self.worlds.book
        if name in scenario.texts:
            return scenario.texts[name]
        parts = name_of(name)
        kind = book.facts[parts.fact].type if parts is not None and parts.fact in book.facts else None
        if (
            parts is not None
            and parts.record is not None
            and isinstance(kind, RecordsType)
            and parts.field == kind.key
        ):
            return scenario.called(parts.fact, parts.record)
        if name in self.worlds.assumed and any(a.says for a in book.facts[name].assume):
            return UNKNOWN  # assumed for want of a number: no text may say one
        domain = self.worlds.domains.get(name)
        if domain is not None and not domain.is_known:
            belief = self.worlds.beliefs.get(name)
            variable = self.worlds.grounded.variables[name]
            if belief is None or belief.widened in ("unknown", "evidence too old"):
                return UNKNOWN
            if isinstance(variable.type, NumberType) and (
                isinstance(domain.points, range) or domain.size > 4
            ):
                return f"{say(domain.lo, variable.type)} to {say(domain.hi, variable.type)}"
            *first, last = [say(value, variable.type) for value in domain.values()]
            return f"{', '.join(first)} or {last}"
        found = self.trace.grounded.variables.get(name)
        belief = self.worlds.beliefs.get(name)
        if found is not None and name in self.trace.values and self._is_certain(name):
            return self._as_given(
                belief, self.trace.values[name], self._said(self.trace.values[name], found.type)
            )
        if belief is not None and belief.value is not None:
            return self._as_given(belief, belief.value, self._said(belief.value, belief.type))
        if found is not None and (span := self.span(name)) is not None:
            lo, hi = (self._said(end, found.type) for end in span)
            return lo if lo == hi else f"{lo} to {hi}"
        return UNKNOWN

    def span(self, name: str) -> tuple[int, int] | None:
        """The least and the greatest that a value may be; None where nothing is known of it."""
        if name in self.trace.grounded.measures and name in self.trace.values and self._is_certain(name):
            return self.trace.values[name], self.trace.values[name]
        domain, belief = self.worlds.domains.get(name), self.worlds.beliefs.get(name)
        if domain is not None:
            unsaid = belief is None or belief.widened in ("unknown", "evidence too old")
            return None if unsaid and not domain.is_known else (domain.lo, domain.hi)
        lo, hi = self.certainty.range(name)
        variable = self.trace.grounded.variables.get(name)
        kind = variable.type if variable is not None else None
        if isinstance(kind, NumberType):
            if lo <= kind.lo and hi >= kind.hi:
                return None
            lo, hi = max(lo, kind.lo), min(hi, kind.hi)
        return lo, hi

    def _said(self, value: int, kind: ValueType) -> str:
        text = say(value, kind)
        return (
            f"{value:,}" if isinstance(kind, NumberType) and kind.unit == "count" and value >= 1_000 else text
        )

    def _as_given(self, belief: Belief | None, value: int, said: str) -> str:
        if not self.words_said or belief is None or not belief.word or belief.value != value:
            return said
        return f"{belief.word.replace('_', ' ')} ({said})"

    def _is_certain(self, name: str) -> bool:
        """Whether a computed value is the same in every world: it reads nothing that is open."""
        if self.settled is None or name not in self.trace.grounded.measures:
            return True
        return not any(
            n in self.worlds.open or self._is_open(n) for n in stands_on(self.trace.grounded, name)
        )

    def _is_open(self, name: str) -> bool:
        variable = self.trace.grounded.variables.get(name)
        return (
            variable is not None
            and variable.origin == "conclusion"
            and self.settled is not None
            and name not in self.settled
        )

    def words(self, name: str) -> str:
        """The names of the records that some words take from their list."""
        words, scenario = self.worlds.book.words[name], self.worlds.scenario
        keys = scenario.records.get(words.list, ())
        if words.most:
            weights = [self.trace.values.get(f"{words.list}[{i}].{words.most}", 0) for i in range(len(keys))]
            alone = words.speaks_alone
            if (
                len(keys) > 1
                and words.several
                and (alone is None or self.certainty.passes(alone.node) is not True)
            ):
                return words.several
            return keys[weights.index(max(weights))] if keys else words.none
        if words.where is None:
            return listed(keys) or words.none
        translate = Translator(self.worlds.book, "world", Shape(tuple(self.worlds.scenario.counts.items())))
        chosen = []
        for position, key in enumerate(keys):
            condition = translate.condition(words.where.node, {words.variable: (words.list, position)})
            try:
                if holds(condition, self.trace.values):
                    chosen.append(key)
            except Missing:
                continue
        return listed(tuple(chosen)) or words.none


def listed(names: tuple[str, ...]) -> str:
    """Names as a person lists them: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
