"""The one fact that a made-up case turns on: of a near miss, what would make its rule fire; of a twin, what it differs in;
where a popular rule misleads, what decides and what that rule does not look at."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.types import say
from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.material import material
from sharedvalue.engine.questions.naming import Naming


@dataclass(frozen=True)
class Turning:
    """`here` is how the fact stands in the case, `other` how it would stand; `twin` is the other case of a pair."""

    fact: str
    title: str
    here: str
    other: str
    rule: str = ""
    rule_title: str = ""
    twin: str = ""
    popular: str = ""

    @property
    def words(self) -> str:
        """In a sentence."""
        if self.twin:
            return f"Its twin differs in this only: {self.title} {self.here} here, {self.other} there."
        if self.popular:
            return (
                f"It turns on {self.title}, {self.here} here. With {self.other} the answer would be another. "
                f'The rule "{self.popular}" does not look at it, and would say the same both times.'
            )
        return (
            f"{self.rule} ({self.rule_title}) just does not fire here. It would with one change: "
            f"{self.title} {self.here} -> {self.other}."
        )


def turning(case: Case, twin_judged: bool = False) -> Turning | None:
    """What a near miss, a twin or a misleading case turns on; None for other cases, and where it was not kept.

    What a twin differs in from the other is told once that one was judged, too: before, it would give it away.
    """
    name = case.changed
    if case.kind not in ("near", "twin", "popular") or not name or (case.other and not twin_judged):
        return None
    worlds = case.decision.worlds
    found = worlds.scenario.stated.get(name)
    here = found.value if found is not None else worlds.scenario.texts.get(name)
    naming = Naming(worlds)
    rule, popular = worlds.book.rules.get(case.rule), material(worlds.book).popular.get(case.popular)
    return Turning(
        name,
        _title(naming, name),
        _said(naming, name, here),
        _said(naming, name, case.was),
        case.rule,
        rule.title if rule is not None else "",
        case.other,
        popular.title if popular is not None else "",
    )


def _title(naming: Naming, name: str) -> str:
    """What a fact is called; of a piece of evidence, with the piece."""
    parts = name_of(name)
    if parts is None or parts.fact != "evidence" or parts.record is None:
        return naming.title(name)
    words = "people asked" if parts.field == "n" else parts.field.replace("_", " ")
    return f"{words} of evidence {parts.record + 1}"


def _said(naming: Naming, name: str, value: object) -> str:
    """A value in words; one that is not given is not known."""
    if not isinstance(value, int):
        return str(value) if value else "not known"
    if name in naming.worlds.beliefs or name in naming.worlds.grounded.variables:
        return naming.said(name, value)
    kind = type_of(naming.worlds.book, name)
    return say(value, kind).replace("_", " ") if kind is not None else str(value)
