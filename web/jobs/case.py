"""The rule book and the case that a job is about, kept from one job to the next."""

from __future__ import annotations

from typing import Any

from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.telling.page import Entry, Page
from sharedvalue.engine.telling.phrases import Phrases
from sharedvalue.engine.worlds import Worlds, form

KEPT = 64
_books: Kept[RuleBook] = Kept(4)  # by the house's files as they were
_advices: Kept[Advice] = Kept(KEPT)
_decisions: Kept[Decision] = Kept(KEPT)


def warm() -> None:
    """What every job needs is loaded before the first."""
    from sharedvalue.engine.telling import answer  # noqa: F401  # loaded once, before the first question

    book((), "")


def book(house: tuple[str, ...], stamp: str) -> RuleBook:
    return _books.of((house, stamp), lambda: load(house))


def scenario(book: RuleBook, text: str, file: str) -> Scenario:
    return read_scenario(parse(text, file), book, file)


def worlds(book: RuleBook, text: str, file: str) -> Worlds:
    return form(book, scenario(book, text, file))


def decision(book: RuleBook, text: str, file: str) -> Decision:
    return _decisions.of((book.hash, text, file), lambda: decide(worlds(book, text, file)))


def advice(book: RuleBook, text: str, file: str, weigh: bool = True) -> Advice:
    return _advices.of((book.hash, text, file, weigh), lambda: advise(worlds(book, text, file), weigh))


def outline(book: RuleBook, text: str, file: str) -> Advice:
    """What the first line says: quick also where so much is open that weighing what to ask takes long."""
    found = decision(book, text, file)
    if not found.by_open_facts:
        return advice(book, text, file)
    return first_line(found)


def first_line(decision: Decision) -> Advice:
    """Enough of an advice for the first line, but for how near another answer is: that takes trying every change."""
    return Advice(decision, False, None, (), (), (), (), (), (), ())


def page_of(page: Page) -> list[dict[str, Any]]:
    """A page of text as plain tables: sections with their entries."""
    return [
        {"heading": s.heading, "kind": s.kind, "note": s.note, "entries": [entry_of(e) for e in s.entries]}
        for s in page.without_empty().sections
    ]


def entry_of(entry: Entry) -> dict[str, Any]:
    """An entry: its number in a list, what it is about, its words, the rule at the edge, and the fact it asks for."""
    return {
        "number": str(entry.number or ""),
        "lead": entry.lead,
        "text": entry.text,
        "rule": entry.right,
        "inset": len(entry.indent) > 1,
        "fact": entry.fact,
        "kind": entry.kind,
    }


def look(advice: Advice) -> dict[str, Any]:
    """How an answer is shown: its sentence and status, and the colour and sign of its outcome, whole where it stands."""
    say, d = Phrases(advice), advice.decision
    return look_of(d) | {"lead": say.lead(), "sentence": say.sentence()}


def look_of(decision: Decision) -> dict[str, Any]:
    from sharedvalue.engine.graph.signs import alone

    outcomes = decision.worlds.book.outcomes
    shown, title = outcomes.look(decision.outcome), outcomes.outcomes[decision.outcome].title
    firm = decision.status in outcomes.pictures.firm and decision.certain
    return {
        "outcome": decision.outcome,
        "title": title,
        "colour": shown.colour,
        "kind": "firm" if firm else "proposal",
        "status": outcomes.statuses[decision.status].words.partition(";")[0],
        "sign": alone(shown.sign, shown.colour, firm),
    }


def signs(book: RuleBook) -> dict[str, dict[str, str]]:
    """The colour and the sign of every outcome, as a course that could be taken."""
    from sharedvalue.engine.graph.signs import alone

    found = {}
    for name, outcome in book.outcomes.outcomes.items():
        shown = book.outcomes.look(name)
        found[name] = {
            "colour": shown.colour,
            "sign": alone(shown.sign, shown.colour, False),
            "title": outcome.title,
        }
    return found


def spot(decision: Decision) -> dict[str, Any] | None:
    """The sweet spot as the parts of a page: a picture for each time, the bridge, and the same as a table."""
    from sharedvalue.engine.graph import sweet_spot_svg as drawn
    from sharedvalue.engine.graph.sweet_spot import sweet_spot

    found = sweet_spot(decision)
    if found is None:
        return None
    return {
        "panels": [drawn.panel(moment) for moment in found.moments],
        "bridge": drawn.bridge(found.bridge) if found.bridge is not None else "",
        "broad": drawn.bridge(found.bridge, True) if found.bridge is not None else "",
        "small": drawn.small(found.moments[0]),
        "times": [moment.time for moment in found.moments],
        "rows": found.rows,
    }
