"""What practice adds to the rule book, from rules/practice.yaml: what communities look like, stories, popular rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.expressions import Written, read
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook, default_folder
from sharedvalue.engine.language.rules import expression
from sharedvalue.engine.language.source import Items, Node, parse_file
from sharedvalue.engine.practice.drawing import (
    Doubt,
    Draw,
    Listed,
    Quiet,
    read_doubt,
    read_draw,
    read_facts,
    read_list,
    read_quiet,
)

FILE = "practice.yaml"
TALES = "tales.yaml"


@dataclass(frozen=True)
class Line:
    """A sentence of a story in one or more wordings, told where its condition holds."""

    when: Written | None
    say: tuple[str, ...]


@dataclass(frozen=True)
class Tale:
    """Who a community is, by the words of its story; told only where its condition holds."""

    when: Written | None
    words: Mapping[str, str]


@dataclass(frozen=True)
class Popular:
    """A rule that people reach for: when it would speak, where it looks especially right, and what it would say.

    `absent` is the entry of the rule book that says why it is left out. `told_by_facts`: the facts alone show where it
    would speak; else only a story does. `colour`: wordings of what a story says of it.
    """

    name: str
    title: str
    absent: str
    when: Written
    look: Written | None
    and_so: str
    colour: tuple[str, ...]
    told_by_facts: bool


@dataclass(frozen=True)
class Pieces:
    """On which facts there is evidence in a case about evidence, how old, and how many pieces; `fields` are drawn.

    `population`: the field that says of how many the evidence is drawn, and the fact that counts them. `unsaid`: facts that
    are not stated beside evidence.
    """

    facts: tuple[str, ...]
    months_old: tuple[int, ...]
    most: int
    fields: tuple[str, ...]
    population: tuple[str, str]
    chance: int
    unsaid: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """A saved scenario as practice shows it: under a title, and a story where its own would tell the answer."""

    file: str
    title: str
    story: str


@dataclass(frozen=True)
class Material:
    """All of rules/practice.yaml, and the tales. `spread`: how far facts that move together may be apart, of 1; `as_drawn`: fields that the
    solver leaves as they were drawn.

    `reading`: the cases to read, in order, each with how many thoughts of its expert are shown; None for all.
    """

    reading: Mapping[str, int | None]
    scenarios: Mapping[str, Saved]
    draws: Mapping[str, Draw]
    sense: tuple[Written, ...]
    never: tuple[Written, ...]
    contradicts: tuple[Written, ...]
    spread: float
    lists: Mapping[str, Listed]
    as_drawn: frozenset[str]
    quiet: tuple[Quiet, ...]
    doubts: tuple[Doubt, ...]
    tales: tuple[Tale, ...]
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
    folder = default_folder()
    return _materials.of((book.hash, str(folder)), lambda: _read(book, folder))


_materials: Kept[Material] = Kept(8)


def _read(book: RuleBook, folder: Path) -> Material:
    problems = Problems()
    reader = Reader.of(parse_file(folder / FILE), problems, FILE, Place(FILE))
    reader.whole("practice", required=True)
    draws = {n: d for n, r in reader.each("draw", "draw") if (d := read_draw(n, r, book))}
    lists = {n: read_list(n, r, book) for n, r in reader.each("lists", "list")}
    as_drawn = reader.words("as_drawn")
    found = Material(
        _reading(reader),
        {n: _saved(r) for n, r in reader.each("scenarios", "case")},
        draws,
        tuple(read(text) for text in reader.texts("sense")),
        tuple(read(text) for text in (*reader.texts("contradicts"), *reader.texts("never"))),
        tuple(read(text) for text in reader.texts("contradicts")),
        reader.whole("spread", required=True) / 100,
        lists,
        frozenset(as_drawn),
        tuple(read_quiet(node, problems, reader, book) for node in reader.items("quiet")),
        tuple(read_doubt(node, problems, reader, book) for node in reader.items("doubt")),
        _tales(folder, problems),
        reader.words("places"),
        tuple(_lines(node, problems, reader) for node in reader.items("story")),
        {n: p for n, r in reader.each("popular", "popular rule") if (p := _popular(n, r))},
        _pieces(reader, book),
    )
    reader.done()
    problems.stop_if_any()
    return found


def _tales(folder: Path, problems: Problems) -> tuple[Tale, ...]:
    reader = Reader.of(parse_file(folder / TALES), problems, TALES, Place(TALES))
    found = []
    for node in reader.items("tales"):
        below = Reader.of(node, problems, "a tale", reader.table.place)
        when = expression(below, "when")
        words = {key: below.text(key, required=True) for key in below.table.entries if key != "when"}
        below.done()
        found.append(Tale(when, words))
    reader.done()
    return tuple(found)


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
    title, absent, and_so = (reader.text(key, required=True) for key in ("title", "absent", "and_so"))
    colour = tuple(text.value for text in reader.texts("colour"))
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
    counts = below.reader("population", required=True)
    field = next(iter(counts.table.entries), "") if counts else ""
    found = Pieces(
        facts,
        months,
        below.whole("most", required=True, default=1),
        below.words("fields"),
        (field, counts.text(field) if counts else ""),
        below.whole("chance", required=True),
        read_facts(below, "unsaid", book),
    )
    below.done()
    return found
