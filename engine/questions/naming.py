"""What values and conclusions are called when a person reads of them, and what a person may call them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType, say
from sharedvalue.engine.worlds import Worlds

_CONCLUSION = re.compile(r"^([a-z0-9_]+)(?:\((.*)\))?$")


@dataclass(frozen=True)
class Naming:
    """Speaks of the values of one case."""

    worlds: Worlds

    def title(self, name: str) -> str:
        """A value in a few words: 'contribution', 'overlap (experts)', 'serves (quick answers, for the ministry)'."""
        book = self.worlds.book
        parts = name_of(name)
        if parts is not None and parts.record is not None:
            scenario, other = self.worlds.scenario, self.entries(parts.fact, parts.field)
            of = f", for {scenario.called(other, parts.entry)}" if other and parts.entry is not None else ""
            return f"{parts.field.replace('_', ' ')} ({scenario.called(parts.fact, parts.record)}{of})"
        if name in book.facts:
            return book.facts[name].short
        if name in book.measures:
            title = book.measures[name].title
            return title[:1].lower() + title[1:]
        return self.conclusion(name)

    def entries(self, fact: str, field: str) -> str:
        """The list for whose records a field of a record has a value each; empty for other fields."""
        kind = self.worlds.book.facts[fact].type
        spec = kind.field(field) if isinstance(kind, RecordsType) else None
        return spec.type.list if spec is not None and isinstance(spec.type, MapType) else ""

    def conclusion(self, name: str) -> str:
        """A conclusion in words: 'need fixed', 'qualifies (experts)'."""
        kind, _, plain = name.rpartition(":")
        match = _CONCLUSION.match(plain)
        if match is None or match.group(2) is None:
            return f"{kind} {plain}".strip().replace("_", " ")
        return f"{match.group(1).replace('_', ' ')} ({', '.join(self.record(a) for a in match.group(2).split(','))})"

    def record(self, argument: str) -> str:
        parts = name_of(argument)
        if parts is None or parts.record is None:
            return argument
        return self.worlds.scenario.called(parts.fact, parts.record)

    def address(self, name: str) -> str:
        """A value or conclusion as a person may write it: segments[experts].overlap, qualifies(experts)."""
        match = _CONCLUSION.match(name)
        if match is None or match.group(2) is None:
            return self.worlds.scenario.address(name)
        return f"{match.group(1)}({', '.join(self.record(a) for a in match.group(2).split(','))})"

    def resolve(self, written: str, names: Iterable[str]) -> str | None:
        """The name among `names` for what a person wrote: need_fixed, 'need fixed', need-fixed, qualifies(experts)."""
        wanted = plain(written)
        return next(
            (name for name in names if plain(name) == wanted or plain(self.address(name)) == wanted), None
        )

    def said(self, name: str, value: int) -> str:
        """A value of a variable as a person reads it."""
        variable = self.worlds.grounded.variables.get(name)
        kind = variable.type if variable else self.worlds.beliefs[name].type
        if isinstance(kind, NumberType) and kind.unit == "count":
            return f"{value:,}"
        if isinstance(kind, ChoiceType):
            return kind.option(value).replace("_", " ")
        return say(value, kind)

    def proposed(self, name: str, value: int) -> str:
        """A value that a fact might be changed to, with the word that it falls in: 49 (partly)."""
        variable = self.worlds.grounded.variables.get(name)
        kind = variable.type if variable else self.worlds.beliefs[name].type
        word = kind.word_at(value) if isinstance(kind, NumberType) else None
        return f"{self.said(name, value)} ({word.said})" if word else self.said(name, value)

    def present(self, name: str, value: int) -> str:
        """The value that a fact has: in the word that it was given in, where it was: largely (65); and that it was assumed."""
        belief = self.worlds.beliefs.get(name)
        if self.worlds.assumed.get(name) == value:
            return f"assumed {self.said(name, value)}"
        if belief is None or not belief.word or belief.value != value:
            return self.said(name, value)
        return f"{belief.word.replace('_', ' ')} ({self.said(name, value)})"


def plain(written: str) -> str:
    """A name without what people write differently: case, spaces, dashes."""
    return re.sub(r"[\s_-]+", "_", written.strip().casefold())
