"""What practice adds to the rule book, from rules/practice.yaml: what communities look like, stories, popular rules."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.expressions import Written, read
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook, default_folder
from sharedvalue.engine.language.rules import expression
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.source import Items, Node, Text, parse_file
from sharedvalue.engine.language.types import NumberType, ValueType
from sharedvalue.engine.language.values import read_value

FILE = "practice.yaml"


@dataclass(frozen=True)
class Draw:
    """What one value of a made-up community may be: scaled integers; one that stands twice comes up twice as often."""

    values: tuple[int, ...]

    def pick(self, rng: random.Random) -> int:
        return self.values[rng.randrange(len(self.values))]


@dataclass(frozen=True)
class Line:
    """A sentence of a story in one or more wordings, told where its condition holds."""

    when: Written | None
    say: tuple[str, ...]

    def wording(self, number: int) -> str:
        return self.say[number % len(self.say)]


@dataclass(frozen=True)
class Popular:
    """A rule that people reach for: when it would speak, where it looks especially right, and what it would say.

    `absent` is the entry of the rule book that says why it is left out. `told_by_facts`: the facts alone show where it
    would speak; else only a story does.
    """

    name: str
    title: str
    absent: str
    when: Written
    look: Written | None
    and_so: str
    colour: str
    told_by_facts: bool


@dataclass(frozen=True)
class Pieces:
    """On which facts there is evidence in a case about evidence, how old, and how many pieces; the rest is drawn."""

    facts: tuple[str, ...]
    months_old: tuple[int, ...]
    most: int


@dataclass(frozen=True)
class Saved:
    """A saved scenario as practice shows it: under a title, and a story where its own would tell the answer."""

    file: str
    title: str
    story: str


@dataclass(frozen=True)
class Material:
    """All of rules/practice.yaml. `groups` are the fields that are given of each group of members, in each form.

    `reading`: the cases to read, in order, each with how many thoughts of its expert are shown; None for all.
    """

    reading: Mapping[str, int | None]
    scenarios: Mapping[str, Saved]
    draws: Mapping[str, Draw]
    sense: tuple[Written, ...]
    never: tuple[Written, ...]
    contradicts: tuple[Written, ...]
    groups: tuple[tuple[Mapping[str, str], ...], ...]
    needs: tuple[tuple[str, ...], ...]
    tales: tuple[Mapping[str, str], ...]
    places: tuple[str, ...]
    story: tuple[tuple[Line, ...], ...]
    popular: Mapping[str, Popular]
    evidence: Pieces

    def draw(self, name: str) -> Draw | None:
        """How a value is drawn: segments[0].count as segments.count; of evidence, see `evidence`."""
        parts = name_of(name)
        return self.draws.get(f"{parts.fact}.{parts.field}" if parts is not None and parts.field else name)


def material(book: RuleBook) -> Material:
    """The material that comes with the rule book. Raises UserError with every mistake in it."""
    return _read(book.hash, str(default_folder() / FILE), _Book(book))


class _Book:
    """The book beside a cache key; the hash tells books apart."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Book)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _read(key: str, path: str, held: _Book) -> Material:
    del key
    book, problems = held.book, Problems()
    reader = Reader.of(parse_file(path), problems, FILE, Place(str(Path(path).name)))
    reader.whole("practice", required=True)
    draws = {n: d for n, r in reader.each("draw", "draw") if (d := _draw(n, r, book))}
    groups = tuple(_records(node, problems, reader) for node in reader.items("groups"))
    needs = tuple(
        tuple(item.value for item in node.items if isinstance(item, Text))
        for node in reader.items("needs")
        if isinstance(node, Items)
    )
    tales = tuple(_words(node, problems, reader) for node in reader.items("tales"))
    found = Material(
        _reading(reader),
        {n: _saved(r) for n, r in reader.each("scenarios", "case")},
        draws,
        tuple(read(text) for text in reader.texts("sense")),
        tuple(read(text) for text in (*reader.texts("contradicts"), *reader.texts("never"))),
        tuple(read(text) for text in reader.texts("contradicts")),
        groups,
        needs,
        tales,
        reader.words("places"),
        tuple(_lines(node, problems, reader) for node in reader.items("story")),
        {n: p for n, r in reader.each("popular", "popular rule") if (p := _popular(n, r))},
        _pieces(reader, book),
    )
    reader.done()
    problems.stop_if_any()
    return found


def _reading(reader: Reader) -> Mapping[str, int | None]:
    below = reader.reader("reading", required=True)
    assert below is not None
    found: dict[str, int | None] = {}
    for name in below.table.entries:
        word = below.scalar(name)
        found[name] = None if word is not None and word.value == "all" else below.whole(name)
    return found


def _saved(reader: Reader) -> Saved:
    file, title, story = (
        reader.text("file", required=True),
        reader.text("title", required=True),
        reader.text("story"),
    )
    reader.done()
    return Saved(file, title, story)


def _kind(name: str, book: RuleBook) -> ValueType | None:
    listed, dot, field = name.partition(".")
    return type_of(book, f"{listed}[0].{field}" if dot else name)


def _draw(name: str, reader: Reader, book: RuleBook) -> Draw | None:
    kind = _kind(name, book)
    if kind is None:
        reader.problems.add("SV204", reader.table.place, f"the rule book has no fact '{name}'", "See: facts.")
        return None
    if isinstance(kind, NumberType) and reader.has("between"):
        values = _range(reader, kind.scale)
    else:
        found = [read_value(text, kind) for text in reader.texts("words")]
        values = tuple(value for value in found if isinstance(value, int))
        if not values or len(values) < len(found):
            reader.wrong("words", f"values of {name}")
    reader.done()
    return Draw(values) if values else None


def _range(reader: Reader, scale: int) -> tuple[int, ...]:
    bounds = [int(text.value) for text in reader.texts("between") if text.value.lstrip("-").isdigit()]
    step = reader.whole("step", required=True, default=1)
    if len(bounds) != 2 or bounds[0] > bounds[1] or step < 1:
        reader.wrong("between", "a range [lowest, highest] of whole numbers")
        return ()
    return tuple(value * scale for value in range(bounds[0], bounds[1] + 1, step))


def _records(node: Node, problems: Problems, above: Reader) -> tuple[Mapping[str, str], ...]:
    return tuple(_words(item, problems, above) for item in (node.items if isinstance(node, Items) else ()))


def _words(node: Node, problems: Problems, above: Reader) -> Mapping[str, str]:
    reader = Reader.of(node, problems, "an entry", above.table.place)
    found = {key: reader.text(key, required=True) for key in reader.table.entries}
    reader.done()
    return found


def _lines(node: Node, problems: Problems, above: Reader) -> tuple[Line, ...]:
    found = []
    for item in node.items if isinstance(node, Items) else ():
        reader = Reader.of(item, problems, "a sentence of 'story'", above.table.place)
        when = expression(reader, "when")
        texts = tuple(text.value for text in reader.texts("say"))
        if not texts:
            reader.wrong("say", "a sentence, or a list of sentences")
            continue
        found.append(Line(when, texts))
        reader.done()
    return tuple(found)


def _popular(name: str, reader: Reader) -> Popular | None:
    when, look = expression(reader, "when"), expression(reader, "look")
    title, absent, and_so, colour = (
        reader.text(key, required=True) for key in ("title", "absent", "and_so", "colour")
    )
    told = reader.yes_no("told_by_facts")
    reader.done()
    return Popular(name, title, absent, when, look, and_so, colour, told) if when is not None else None


def _pieces(reader: Reader, book: RuleBook) -> Pieces:
    below = reader.reader("evidence", required=True)
    assert below is not None
    facts = below.words("facts")
    for name in facts:
        if name not in book.facts:
            below.wrong("facts", "names of facts")
    months = tuple(int(word) for word in below.words("months_old") if word.isdigit())
    found = Pieces(facts, months, below.whole("most", required=True, default=1))
    below.done()
    return found
