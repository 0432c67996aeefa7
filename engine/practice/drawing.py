"""What made-up communities are drawn from, as rules/practice.yaml says: values, lists, what nobody states, what is in doubt."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.errors import Problems
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import expression
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.source import Items, Node
from sharedvalue.engine.language.types import NumberType, RecordsType, ValueType
from sharedvalue.engine.language.values import read_value


@dataclass(frozen=True)
class Draw:
    """What one value of a made-up community may be: scaled integers; one that stands twice comes up twice as often.

    `moves`: the name of what it moves with, as all facts do that move with that; `against`: it moves the other way.
    """

    values: tuple[int, ...]
    moves: str = ""
    against: bool = False

    def pick(self, rng: random.Random, moved: Mapping[str, float], spread: float) -> int:
        """A value by chance; where it moves with something, near the place that this has, from 0 to 1."""
        place = moved.get(self.moves)
        if place is None:
            return self.values[rng.randrange(len(self.values))]
        at = (1 - place if self.against else place) + rng.uniform(-spread, spread)
        return self.values[min(max(int(at * len(self.values)), 0), len(self.values) - 1)]

    def third(self, which: int) -> Draw:
        """Its lowest, middle or highest third: 0, 1 or 2."""
        size = len(self.values)
        return Draw(self.values[which * size // 3 : (which + 1) * size // 3] or self.values)


@dataclass(frozen=True)
class Listed:
    """A list of a community: the forms that it may have, each the records with what is given of them, the first `usual`
    of them often. Where it has none, that is said in the words of `empty`, and else nothing. A name in braces is that of
    the tale.

    `instead_of`: facts that are counted from the list. `total`: the fact that is the sum of a field of it.
    """

    key: str
    forms: tuple[tuple[Mapping[str, str], ...], ...]
    usual: int
    empty: str
    instead_of: tuple[str, ...]
    total: tuple[str, str] | None


@dataclass(frozen=True)
class Quiet:
    """Facts that nobody would state where a condition holds, or, with none, that are not known in some communities."""

    facts: tuple[str, ...]
    when: Written | None
    chance: int


@dataclass(frozen=True)
class Doubt:
    """What may be in doubt in a case about evidence, in `chance` of 100 cases: other draws of some facts."""

    draws: Mapping[str, Draw]
    when: str
    chance: int


# --- reading ---------------------------------------------------------------------------------------------------


def _kind(name: str, book: RuleBook) -> ValueType | None:
    listed, dot, field = name.partition(".")
    return type_of(book, f"{listed}[0].{field}" if dot else name)


def read_draw(name: str, reader: Reader, book: RuleBook) -> Draw | None:
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
    moves, against = reader.text("with"), reader.text("against")
    reader.done()
    return Draw(values, moves or against, bool(against)) if values else None


def _range(reader: Reader, scale: int) -> tuple[int, ...]:
    bounds = [int(text.value) for text in reader.texts("between") if text.value.lstrip("-").isdigit()]
    step = reader.whole("step", required=True, default=1)
    if len(bounds) != 2 or bounds[0] > bounds[1] or step < 1:
        reader.wrong("between", "a range [lowest, highest] of whole numbers")
        return ()
    return tuple(value * scale for value in range(bounds[0], bounds[1] + 1, step))


def read_list(name: str, reader: Reader, book: RuleBook) -> Listed:
    forms = tuple(
        tuple(
            read_words(item, reader.problems, reader)
            for item in (node.items if isinstance(node, Items) else ())
        )
        for node in reader.items("forms")
    )
    total = reader.reader("total")
    fact = next(iter(total.table.entries), "") if total else ""
    found = Listed(
        reader.text("key", required=True),
        forms,
        reader.whole("usual", default=len(forms)),
        reader.text("empty"),
        read_facts(reader, "instead_of", book),
        (fact, total.text(fact)) if total else None,
    )
    if not isinstance(getattr(book.facts.get(name), "type", None), RecordsType):
        reader.problems.add("SV204", reader.table.place, f"the rule book has no list '{name}'", "See: facts.")
    reader.done()
    return found


def read_facts(reader: Reader, key: str, book: RuleBook) -> tuple[str, ...]:
    names = reader.words(key)
    if not all(name in book.facts for name in names):
        reader.wrong(key, "names of facts")
    return names


def read_quiet(node: Node, problems: Problems, above: Reader, book: RuleBook) -> Quiet:
    reader = Reader.of(node, problems, "an entry of 'quiet'", above.table.place)
    found = Quiet(
        read_facts(reader, "facts", book), expression(reader, "when"), reader.whole("chance", default=100)
    )
    reader.done()
    return found


def read_doubt(node: Node, problems: Problems, above: Reader, book: RuleBook) -> Doubt:
    reader = Reader.of(node, problems, "an entry of 'doubt'", above.table.place)
    draws = {n: d for n, r in reader.each("draw", "draw") if (d := read_draw(n, r, book))}
    found = Doubt(draws, reader.text("when"), reader.whole("chance", required=True))
    reader.done()
    return found


def read_words(node: Node, problems: Problems, above: Reader) -> Mapping[str, str]:
    reader = Reader.of(node, problems, "an entry", above.table.place)
    found = {key: reader.text(key, required=True) for key in reader.table.entries}
    reader.done()
    return found
