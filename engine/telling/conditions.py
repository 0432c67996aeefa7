"""The condition of a rule as sentences: 'contribution is 40 or more', not `contribution >= contribution_shift`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import ChoiceType, YesNo, say

COMPARED = {
    ">=": "is {} or more",
    ">": "is more than {}",
    "<": "is below {}",
    "<=": "is {} or less",
    "==": "is {}",
    "!=": "is not {}",
}
TURNED = {">=": "<", ">": "<=", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
COUNTED = {
    "sum": "the sum of {}",
    "count": "how many {}",
    "min": "the lowest {}",
    "max": "the highest {}",
    "median": "the median of {}",
}


@dataclass(frozen=True)
class Said:
    """A sentence, or sentences of which all or any have to hold. `kind` is one | all | any."""

    kind: str
    text: str = ""
    parts: tuple[Said, ...] = ()


def said(node: e.Node, book: RuleBook, records: Mapping[str, str]) -> Said:
    """A condition in words. Thresholds are told as their numbers, house defaults with a star.

    `records` are the lists that the variables of a rule go through.
    """
    return _Speaker(book, records).sentence(node)


def flat(node: e.Node, book: RuleBook, records: Mapping[str, str]) -> str:
    """The same in one line."""
    return _Speaker(book, records).flat(node)


class _Speaker:
    def __init__(self, book: RuleBook, records: Mapping[str, str]) -> None:
        self.book, self.records = book, records

    def sentence(self, node: e.Node, negated: bool = False) -> Said:
        match node:
            case e.Negation(part):
                return self.sentence(part, not negated)
            case e.AllOf(parts) | e.AnyOf(parts):
                kind = "all" if isinstance(node, e.AllOf) != negated else "any"
                return Said(kind, "", tuple(self.sentence(part, negated) for part in parts))
            case e.Comparison(left, op, right):
                told = COMPARED[TURNED[op] if negated else op]
                return Said("one", f"{self.value(left)} {told.format(self.value(right, left))}")
            case e.OneOf(item, options, turned):
                words = " or ".join(self.value(option, item) for option in options)
                return Said("one", f"{self.value(item)} is {'' if turned == negated else 'not '}{words}")
            case e.HasMode(mode, turned):
                title = self.book.outcomes.modes[mode].title
                return Said("one", f"the mode is {'' if turned == negated else 'not '}“{title}”")
            case _:
                return Said("one", f"{'not: ' if negated else ''}{self.value(node)}")

    def value(self, node: e.Node, beside: e.Node | None = None) -> str:
        """A value inside a sentence. `beside` is what it is compared with: words of a choice are read by its fact."""
        match node:
            case e.Number(value):
                return f"{float(value):g}"
            case e.Word(value):
                return self.option(value, beside)
            case e.YesOrNo(value):
                return "yes" if value else "no"
            case e.Name(name):
                return self.name(name)
            case e.FieldOf(record, field, _):
                return f"{field.replace('_', ' ')} of {self.one(record)}"
            case e.Concluded(name, _):
                return name.replace("_", " ")
            case e.Arithmetic(op, left, right):
                word = {"+": "plus", "-": "less", "*": "times", "/": "divided by"}.get(op, op)
                return f"{self.value(left)} {word} {self.value(right)}"
            case e.Negative(part):
                return f"minus {self.value(part)}"
            case e.Extreme(kind, parts):
                word = "lowest" if kind == "min" else "highest"
                return f"the {word} of {', '.join(self.value(part) for part in parts)}"
            case e.Absolute(part):
                return f"{self.value(part)}, either way"
            case e.Conditional(test, then, otherwise):
                return f"{self.value(then)} if {self.flat(test)}, else {self.value(otherwise)}"
            case e.Aggregate(kind, value, _, listed, condition, _):
                return self.gathered(kind, value, listed, condition)
            case _:
                return self.flat(node)

    def flat(self, node: e.Node) -> str:
        return " ".join(_flat(self.sentence(node)))

    def gathered(self, kind: str, value: e.Node, listed: str, condition: e.Node | None) -> str:
        title = (
            self.book.facts[listed].title.lower() if listed in self.book.facts else listed.replace("_", " ")
        )
        where = f" where {self.flat(condition)}" if condition is not None else ""
        if kind in ("any", "all"):
            many = "some" if kind == "any" else "each"
            return f"for {many} of {title}{where}: {self.flat(value)}"
        if kind == "count":
            return f"how many of {title} there are{where}"
        return f"{COUNTED.get(kind, kind + ' of {}').format(self.value(value))} over {title}{where}"

    def name(self, name: str) -> str:
        book = self.book
        if name in book.thresholds:
            one = book.thresholds[name]
            return f"{say(one.value, one.type)}{'*' if one.is_house else ''}"
        if name in book.facts:
            return book.facts[name].short
        if name in book.measures:
            title = book.measures[name].title
            return f"{title[:1].lower()}{title[1:]}"
        return name.replace("_", " ")

    def one(self, variable: str) -> str:
        listed = self.records.get(variable, "")
        return f"one of {self.book.facts[listed].title.lower()}" if listed in self.book.facts else "it"

    def option(self, value: str, beside: e.Node | None) -> str:
        words: Mapping[str, str] = {}
        if isinstance(beside, e.Name) and beside.name in self.book.facts:
            fact = self.book.facts[beside.name]
            if isinstance(fact.type, ChoiceType | YesNo) and fact.ask is not None:
                words = fact.ask.words
        if isinstance(beside, e.Name) and value in self.book.outcomes.outcomes:
            return self.book.outcomes.outcomes[value].title.lower()
        told = words.get(value, value.replace("_", " "))
        return f"“{told[:1].lower()}{told[1:]}”"


def _flat(one: Said) -> Iterator[str]:
    if one.kind == "one":
        yield one.text
        return
    joint = " and " if one.kind == "all" else " or "
    yield joint.join(" ".join(_flat(part)) for part in one.parts)


__all__ = ["Said", "flat", "said"]
