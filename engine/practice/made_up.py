"""A made-up community: values, groups and evidence become a scenario, with a story that fits what is known of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from random import Random

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated, read_scenario, type_of
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import ValueType, say
from sharedvalue.engine.practice.material import Line, Material
from sharedvalue.engine.worlds import Worlds, form

HERE = Place("made up")


@dataclass(frozen=True)
class Community:
    """Values by their names (scaled integers), the names of the records of each list, and texts of records.

    What is not in `values` is open. `tale` gives the words of the story, and names where these are in braces; `colour` is a
    sentence more, in one of these wordings.
    """

    values: Mapping[str, int]
    records: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    tale: Mapping[str, str]
    colour: tuple[str, ...] = ()
    seed: int = 0
    left_out: frozenset[str] = field(default_factory=frozenset)

    def with_value(self, name: str, value: int) -> Community:
        return replace(self, values={**self.values, name: value})

    def without(self, names: frozenset[str]) -> Community:
        kept = {n: v for n, v in self.values.items() if n not in names}
        return replace(self, values=kept, left_out=self.left_out | names)

    def unsaid(self, names: frozenset[str]) -> Community:
        """The community of which some facts, or whole lists, are not told; nothing turns on them."""
        values = {n: v for n, v in self.values.items() if fact_of(n) not in names}
        records = {n: keys for n, keys in self.records.items() if n not in names}
        return replace(self, values=values, records=records)


def title_of(community: Community, about: Material) -> str:
    """Who and where: the trade of its story, and a place that the seed gives."""
    who = community.tale.get("who", "a community")
    place = about.places[Random(f"place {who} {community.seed}").randrange(len(about.places))]
    return f"{who[:1].upper()}{who[1:]}, {place}"


def scenario_of(community: Community, book: RuleBook) -> Scenario:
    """The scenario of a made-up community, without a story."""
    applies = {n: v for n, v in community.values.items() if _applies(n, community, book)}
    types: dict[str, ValueType] = {n: kind for n in applies if (kind := type_of(book, n)) is not None}
    records = {n: keys for n, keys in community.records.items() if _applies(n, community, book)}
    return Scenario(
        title="A community made up for practice",
        story="",
        source=f"generated for practice by sharedvalue {release()}, seed {community.seed}; not a real community",
        as_of=dt.date.fromisoformat(book.date) if "evidence" in records else None,
        file="made up",
        stated={n: Stated("known", (v,), "", HERE) for n, v in applies.items() if n in types},
        types=types,
        texts={n: t for n, t in community.texts.items() if fact_of(n) in records or "[" not in n},
        records=records,
        expect=None,
        warnings=(),
        entry_lists=book.entry_lists,
    )


def _applies(name: str, community: Community, book: RuleBook) -> bool:
    gate = book.facts[fact_of(name)].applies_when
    return gate is None or community.values.get(gate) != 0


def worlds_of(community: Community, book: RuleBook) -> Worlds:
    """The worlds of a made-up community. UserError where it cannot be."""
    scenario = scenario_of(community, book)
    if "evidence" in scenario.records:  # the reader works out how old each piece is
        scenario = read_scenario(parse(write_scenario(scenario, book), "made up"), book, "made up")
    return form(book, scenario)


def told(community: Community, book: RuleBook, about: Material) -> Scenario:
    """The scenario with its story, as it reads back from the file that it would be written to."""
    worlds = worlds_of(community, book)
    story = " ".join(_sentences(community, worlds, about))
    whole = replace(scenario_of(community, book), title=title_of(community, about), story=story)
    text = write_scenario(whole, book)
    return read_scenario(parse(text, "made up"), book, "made up")


def _sentences(community: Community, worlds: Worlds, about: Material) -> Iterator[str]:
    known = {n: b.value for n, b in worlds.beliefs.items() if b.value is not None} | dict(worlds.known)
    translator = Translator(worlds.book, "world", Shape())

    def told(entry: Sequence[Line], key: str) -> str:
        """The first line of an entry that holds, in a wording that can be filled; nothing where it turns on what is open."""
        for line in entry:
            try:
                if line.when is None or holds(translator.condition(line.when.node, {}), known):
                    return worded(line.say, key)
            except Missing:
                break
        return ""

    def worded(wordings: Sequence[str], key: str) -> str:
        filled = [_filled(text, community, worlds.book, known) for text in wordings]
        whole = [text for text in filled if "{" not in text]
        return Random(f"{community.seed}/{key}").choice(whole) if whole else ""

    yield from filter(None, (told(entry, f"{number}") for number, entry in enumerate(about.story)))
    if community.colour and (said := worded(community.colour, "colour")):
        yield said


def _filled(text: str, community: Community, book: RuleBook, known: Mapping[str, int]) -> str:
    """A text with the words of the tale, names of records and values in place of what stands in braces."""
    text = named(text, community.tale)
    for name, words in community.texts.items():
        text = text.replace(f"{{{name}}}", words)
    for name, value in known.items():
        if f"{{{name}}}" in text and (kind := type_of(book, name)) is not None:
            text = text.replace(f"{{{name}}}", f"{value:,}" if kind.unit == "count" else say(value, kind))
    return text[:1].upper() + text[1:]


def named(text: str, tale: Mapping[str, str]) -> str:
    """A text with the words of a tale in place of what stands in braces."""
    for key, words in {**tale, "sponsor": re.sub(r"^an? ", "the ", tale.get("host", ""))}.items():
        text = text.replace(f"{{{key}}}", words)
        text = text.replace(f"{{{key.capitalize()}}}", words[:1].upper() + words[1:])
    return text


def release() -> str:
    """The version of this program."""
    try:
        return version("sharedvalue")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "unreleased"
