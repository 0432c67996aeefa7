"""The rule book and the case that a job is about, kept from one job to the next."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.rulebook import RuleBook, load
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.telling.page import Entry, Page
from sharedvalue.engine.worlds import Worlds, form

KEPT = 64
_books: OrderedDict[tuple[tuple[str, ...], str], RuleBook] = OrderedDict()
_advices: OrderedDict[tuple[str, str, str, bool], Advice] = OrderedDict()
_decisions: OrderedDict[tuple[str, str, str], Decision] = OrderedDict()


def warm() -> None:
    """What every job needs is loaded before the first."""
    from sharedvalue.engine.telling import answer  # noqa: F401  # loaded once, before the first question

    book((), "")


def book(house: tuple[str, ...], stamp: str) -> RuleBook:
    key = (house, stamp)
    if key not in _books:
        _books[key] = load(house)
        while len(_books) > 4:
            _books.popitem(last=False)
    return _books[key]


def scenario(book: RuleBook, text: str, file: str) -> Scenario:
    return read_scenario(parse(text, file), book, file)


def worlds(book: RuleBook, text: str, file: str) -> Worlds:
    return form(book, scenario(book, text, file))


def decision(book: RuleBook, text: str, file: str) -> Decision:
    key = (book.hash, text, file)
    if key not in _decisions:
        _decisions[key] = decide(worlds(book, text, file))
        while len(_decisions) > KEPT:
            _decisions.popitem(last=False)
    return _decisions[key]


def advice(book: RuleBook, text: str, file: str, weigh: bool = True) -> Advice:
    key = (book.hash, text, file, weigh)
    if key not in _advices:
        _advices[key] = advise(worlds(book, text, file), weigh)
        while len(_advices) > KEPT:
            _advices.popitem(last=False)
    return _advices[key]


def outline(book: RuleBook, text: str, file: str) -> Advice:
    """What the first line says: quick also where so much is open that weighing what to ask takes long."""
    found = decision(book, text, file)
    if not found.by_open_facts:
        return advice(book, text, file)
    return first_line(found)


def first_line(decision: Decision) -> Advice:
    """Enough of an advice for the first line, but for how near another answer is: that takes trying every change."""
    return Advice(decision, False, None, (), (), (), (), (), ())


def page_of(page: Page) -> list[dict[str, Any]]:
    """A page of text as plain tables: sections with their entries."""
    return [
        {"heading": s.heading, "note": s.note, "entries": [entry_of(e) for e in s.entries]}
        for s in page.without_empty().sections
    ]


def entry_of(entry: Entry) -> dict[str, Any]:
    """An entry: its number or name where it begins with one, its words, the rule at the edge, and the fact it asks for."""
    found = {"number": "", "lead": "", "text": entry.text, "rule": entry.right, "inset": False, "fact": ""}
    number, space, rest = entry.text.partition(" ")
    if space and number.isdigit() and len(number) < 3 and rest[:1].isupper():
        return found | {"number": number, "text": rest}
    lead, gap, rest = entry.text.partition("  ")
    if gap:
        return found | {"lead": lead, "text": rest.strip()}
    return found | {"inset": len(entry.indent) > 1}


def tone(advice: Advice) -> str:
    """How an answer is marked beside its words: settled, open or hard."""
    d = advice.decision
    if d.by_open_facts or not d.certain:
        return "open"
    return "hard" if d.worlds.book.outcomes.outcomes[d.outcome].hard else "settled"
