"""The rule book with its thresholds as values that may be varied, as facts are."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.measures import Provided
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape

KEPT = 4
_books: OrderedDict[str, RuleBook] = OrderedDict()


def with_loose_thresholds(book: RuleBook) -> RuleBook:
    """A rule book in which every threshold is a value of the world stage that a world must give."""
    found = _books.get(book.hash)
    if found is None:
        provided = {
            t.name: Provided(t.name, t.type, "world", t.title, t.place) for t in book.thresholds.values()
        }
        found = replace(
            book,
            thresholds={},
            provided={**book.provided, **provided},
            hash=f"{book.hash}, thresholds varied",
        )
        _books[book.hash] = found
        while len(_books) > KEPT:
            _books.popitem(last=False)
    return found


def ground_loosely(book: RuleBook, shape: Shape) -> Grounded:
    """The world stage with every threshold that it reads among its inputs."""
    return ground(with_loose_thresholds(book), "world", shape)
