"""The rule book with its thresholds as values that may be varied, as facts are."""

from __future__ import annotations

from dataclasses import replace

from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.measures import Provided
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.shape import Shape

KEPT = 4
_books: Kept[RuleBook] = Kept(KEPT)


def with_loose_thresholds(book: RuleBook) -> RuleBook:
    """A rule book in which every threshold is a value of the world stage that a world must give."""
    return _books.of(book.hash, lambda: _loosened(book))


def _loosened(book: RuleBook) -> RuleBook:
    provided = {t.name: Provided(t.name, t.type, "world", t.title, t.place) for t in book.thresholds.values()}
    varied = f"{book.hash}, thresholds varied"
    return replace(book, thresholds={}, provided={**book.provided, **provided}, hash=varied)


def ground_loosely(book: RuleBook, shape: Shape) -> Grounded:
    """The world stage with every threshold that it reads among its inputs."""
    return ground(with_loose_thresholds(book), "world", shape)
