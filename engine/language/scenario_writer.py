"""A scenario becomes a tidy YAML text that reads back as the same scenario; and the template of a new one.

Facts stand in their groups, each with its title as a comment. What was left out stays left out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from fractions import Fraction

from sharedvalue.engine.language.costs import Amount
from sharedvalue.engine.language.facts import GROUP_TITLES, GROUPS, Fact
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import FORMAT, Scenario, Stated
from sharedvalue.engine.language.source import UNSHOWN
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    show,
)
from sharedvalue.engine.language.values import expected_of

WIDTH = 100
COMMENT_COLUMN = 42
_PLAIN = re.compile(r"^[A-Za-z0-9ÀÖØ-öø-ʯ(][^\x00-\x1f#:,\[\]{}&*!|>%@`\x7f-\xa0]*$")
_NOT_PLAIN = re.compile(
    r"^(?:|~|null|true|false|yes|no|on|off|unknown|[-+.0-9_][-+.0-9_eEoxabcdfinq:]*)$", re.IGNORECASE
)
_FOLDABLE = re.compile(r"^[^\s#\-?!&*|>%@`\"'\[\]{}][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*$")


def quoted(text: str) -> str:
    """A text as a YAML scalar that reads back as itself, in a line or within brackets; in quotes where it must be."""
    text = UNSHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))  # what the reader refuses
    if _PLAIN.match(text) and not _NOT_PLAIN.match(text) and text == text.strip() and text.isprintable():
        return text
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def written_value(value: int, kind: ValueType) -> str:
    """A scaled integer as it is written in a scenario, exactly."""
    if isinstance(kind, YesNo):
        return "true" if value else "false"
    if isinstance(kind, ChoiceType):
        return quoted(kind.option(value)) if value in kind.codes else str(value)
    exact = Fraction(abs(value), kind.scale)
    whole, rest = divmod(exact.numerator, exact.denominator)
    digits = (
        f".{rest * kind.scale // exact.denominator:0{len(str(kind.scale)) - 1}d}".rstrip("0") if rest else ""
    )
    unit = " %" if kind.unit == "percent" and rest and not whole else ""  # 0.5 alone could be half of all
    return f"{'-' if value < 0 else ''}{whole}{digits}{unit}"


def readable(value: int, kind: ValueType) -> object:
    """A scaled integer as a value of JSON that reads back as the same: a percentage below 1 keeps its sign."""
    text = written_value(value, kind)
    return text if text.endswith("%") else show(value, kind)


def written_stated(stated: Stated, kind: ValueType) -> str:
    """What a scenario says of one value, as it is written."""
    values = stated.word or ", ".join(written_value(value, kind) for value in stated.values)
    key = {"known": "value", "unknown": "value", "range": "between", "listed": "one_of"}[stated.kind]
    shown = "unknown" if stated.kind == "unknown" else values if stated.kind == "known" else f"[{values}]"
    more = f", confidence: {stated.confidence}" if stated.confidence else ""
    if stated.against_evidence:
        more += f", against_evidence: {quoted(stated.against_evidence)}"
    return shown if key == "value" and not more else f"{{{key}: {shown}{more}}}"


def write_scenario(scenario: Scenario, book: RuleBook) -> str:
    """The scenario as YAML text, with the titles of the facts as comments."""
    writer = _Writer(scenario, book)
    return "\n".join(writer.lines()) + "\n"


def _amount(given: Amount) -> str:
    """A cost or an effort as it is written in a scenario."""
    if given.words:
        return quoted(given.words)
    number, said = given.amount.replace(",", ""), f"unit: {quoted(given.unit)}, basis: {quoted(given.basis)}"
    return f"{{amount: {number}, {said}, date: {given.date}}}"


class _Writer:
    def __init__(self, scenario: Scenario, book: RuleBook) -> None:
        self.scenario, self.book = scenario, book

    def lines(self) -> Iterator[str]:
        scenario = self.scenario
        yield f"scenario: {FORMAT}"
        if scenario.as_of is not None:
            yield f"as_of: {scenario.as_of.isoformat()}"
        for key, text in (("title", scenario.title), ("story", scenario.story), ("source", scenario.source)):
            if text:
                yield from long_text(key, text)
        yield ""
        below = list(self.facts())
        yield "facts:" if below else "facts: {}"
        yield from below
        for fact in self.book.facts.values():
            if fact.top_level and fact.name in scenario.records:
                yield ""
                yield from self.fact(fact, "")
        if scenario.costs:
            yield ""
            yield "costs:"
            for name, one in scenario.costs.items():
                yield f"  {name}:"
                yield from (f"    {kind}: {_amount(given)}" for kind, given in one)
        if scenario.expect is not None:
            yield ""
            modes = scenario.expect.modes
            listed = (
                "" if modes is None else f", modes: [{', '.join(quoted(m) for m in self.ordered(modes))}]"
            )
            yield f"expect: {{outcome: {scenario.expect.outcome}{listed}}}"

    def ordered(self, modes: Iterable[str]) -> list[str]:
        return [mode for mode in self.book.outcomes.modes if mode in set(modes)]

    def facts(self) -> Iterator[str]:
        for group in GROUPS:
            lines = [
                line
                for fact in self.book.facts.values()
                if fact.group == group and not fact.top_level
                for line in self.fact(fact, "  ")
            ]
            if lines:
                yield f"  # {GROUP_TITLES[group]}"
                yield from lines

    def fact(self, fact: Fact, indent: str) -> Iterator[str]:
        scenario, name = self.scenario, fact.name
        if isinstance(fact.type, RecordsType):
            if name in scenario.records:
                yield from self.records(fact, fact.type, indent)
        elif isinstance(fact.type, TextType):
            if name in scenario.texts:
                yield commented(f"{indent}{name}: {quoted(scenario.texts[name])}", fact.title)
        elif name in scenario.stated:
            yield commented(
                f"{indent}{name}: {written_stated(scenario.stated[name], scenario.types[name])}", fact.title
            )

    def records(self, fact: Fact, kind: RecordsType, indent: str) -> Iterator[str]:
        keys = self.scenario.records[fact.name]
        if not keys:
            yield commented(f"{indent}{fact.name}: []", fact.title)
            return
        yield commented(f"{indent}{fact.name}:", fact.title)
        for position in range(len(keys)):
            fields = list(self.fields(f"{fact.name}[{position}]", kind))
            line = f"{indent}  - {{{', '.join(fields)}}}"
            if len(line) <= WIDTH:
                yield line
            else:
                for number, written in enumerate(fields):
                    yield f"{indent}  {'- ' if number == 0 else '  '}{written}"

    def fields(self, prefix: str, kind: RecordsType) -> Iterator[str]:
        for spec in kind.fields:
            name = f"{prefix}.{spec.name}"
            if isinstance(spec.type, MapType):
                if written := self.map(name, spec.type, spec.default):
                    yield f"{spec.name}: {written}"
            elif isinstance(spec.type, TextType):
                if name in self.scenario.texts:
                    yield f"{spec.name}: {quoted(self.scenario.texts[name])}"
            elif name in self.scenario.stated:
                stated = self.scenario.stated[name]
                if (
                    stated.kind != "known"
                    or stated.confidence
                    or stated.against_evidence
                    or stated.value != spec.default
                ):
                    yield f"{spec.name}: {written_stated(stated, spec.type)}"

    def map(self, name: str, kind: MapType, default: object) -> str:
        """A value for each record of another list."""
        found = []
        others = self.scenario.records.get(kind.list)
        for position, key in enumerate(others if others is not None else ("",)):
            stated = self.scenario.stated.get(f"{name}[{position}]")
            if stated is not None and (
                stated.kind != "known" or stated.confidence or stated.value != default
            ):
                found.append((key, written_stated(stated, kind.of)))
        if others is None:
            return found[0][1] if found else ""
        return f"{{{', '.join(f'{quoted(key)}: {value}' for key, value in found)}}}" if found else ""


def commented(line: str, comment: str) -> str:
    """A line with a comment at its end, as far in line with the others as it can be."""
    return f"{line}{' ' * max(2, COMMENT_COLUMN - len(line))}# {' '.join(comment.split())}"


def long_text(key: str, text: str) -> Iterator[str]:
    """A text in one line, or folded over several where it is long and nothing in it would change."""
    line = f"{key}: {quoted(text)}"
    if (
        len(line) <= WIDTH
        or not _FOLDABLE.match(text)
        or text != " ".join(text.split(" ")).strip()
        or "  " in text
    ):
        yield line
        return
    yield f"{key}: >-"
    yield from textwrap.wrap(
        text,
        WIDTH - 2,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- the template of a new scenario ------------------------------------------------------------------------------------
def template(book: RuleBook, title: str) -> str:
    """A new scenario: every fact in its group, unknown, with how to estimate it; it can be decided as it stands."""
    return "\n".join(_template_lines(book, title)) + "\n"


def _template_lines(book: RuleBook, title: str) -> Iterator[str]:
    yield from _comment(
        "A scenario for sharedvalue. Write what you know in place of unknown; all but has_sponsor may stay unknown. "
        "Decide it as often as you like: sharedvalue decide FILE",
        "",
    )
    yield from _comment(
        "A value may also be a range {between: [20, 50]}, a list {one_of: [20, 50]}, or carry how sure you are: "
        "{value: 60, confidence: low} (low, medium or high).",
        "",
    )
    yield f"scenario: {FORMAT}"
    yield "# as_of: 2026-11-24      # needed with evidence: its age is counted from here"
    yield from long_text("title", title)
    yield "story: What the case is about, in a sentence or two."
    yield ""
    yield "facts:"
    for group in GROUPS:
        facts = [f for f in book.facts.values() if f.group == group and not f.top_level]
        if not facts:
            continue
        yield f"  # ---- {GROUP_TITLES[group]} ----"
        yield ""
        for fact in facts:
            yield from _template_fact(fact, "  ")
    for fact in book.facts.values():
        if fact.top_level:
            yield from _template_fact(fact, "")
    yield from _comment(
        "What you expect, if you like; `sharedvalue scenario check FILE` holds the decision to it.", ""
    )
    yield f"# expect: {{outcome: {book.outcome_names[0]}}}"


def _template_fact(fact: Fact, indent: str) -> Iterator[str]:
    yield from _comment(f"{fact.title}. {fact.how}", indent)
    kind = fact.type
    if isinstance(kind, RecordsType):
        for spec in kind.fields:
            may = " May be left out." if spec.optional or spec.default is not None else ""
            yield from _comment(f"  {spec.name}: {spec.how}{may}", indent, "    ")
        example = ", ".join(
            f"{spec.name}: ..." for spec in kind.fields if not spec.optional and spec.default is None
        )
        yield f"{indent}# {fact.name}:"
        yield f"{indent}#   - {{{example}}}"
    elif isinstance(kind, TextType):
        yield f'{indent}# {fact.name}: "..."'
    elif fact.required:
        yield commented(f"{indent}{fact.name}: true", "true or false; it must be given")
    elif fact.assume:
        assumed = " or ".join(dict.fromkeys(written_value(a.value, kind) for a in fact.assume))
        yield commented(
            f"{indent}# {fact.name}: {written_value(fact.assume[-1].value, kind)}",
            f"assumed: {assumed}; {expected_of(kind)}",
        )
    else:
        words = ", ".join(word.name for word in kind.words) if isinstance(kind, NumberType) else ""
        yield commented(
            f"{indent}{fact.name}: unknown", f"a number, or: {words}" if words else expected_of(kind)
        )
    yield ""


def _comment(text: str, indent: str, further: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# {further}")


__all__ = ["long_text", "quoted", "template", "write_scenario", "written_stated", "written_value"]
