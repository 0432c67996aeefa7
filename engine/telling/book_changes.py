"""What is written otherwise in a rule book, as a person reads it: first what decides, each by name, then what only speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.book_diff import Changed
from sharedvalue.engine.telling.page import WIDTH, fold

WHAT = {
    "facts": "facts",
    "thresholds": "lines in the sand",
    "measures": "computed values",
    "rules": "rules",
    "outcomes": "outcomes",
    "modes": "ways to carry an outcome out",
    "constraints": "what cannot be, or is unlikely",
    "actions": "actions",
    "risks": "texts of risks",
    "claims": "claims of the article",
    "sources": "sources",
}
# What changes an answer, in words; a part that is not named here is only said otherwise.
DECIDES = {
    "when": "when it holds",
    "unless": "what defeats it",
    "its cases": "its cases",
    "its form": "its form",
    "place": "its place in the order",
    "modes": "its modes",
    "outcome": "its outcome",
    "conclude": "what it concludes",
    "concludes": "what it concludes",
    "effects": "what it does to confidence",
    "stage": "when it is read",
    "joins_when": "when it joins",
    "formula": "how it is computed",
    "unknown": "its range where nothing is given",
    "type": "what it may be",
    "assume": "what is assumed",
    "applies_when": "when it applies",
    "asked_when": "when it applies",
    "never": "its condition",
    "values": "its number",
}
SPEAKS = frozenset({"actions", "risks", "claims", "sources"})  # tables that no answer hangs on


def change_lines(changed: Iterable[Changed], old: RuleBook, new: RuleBook) -> Iterator[str]:
    """What decides otherwise, one line an entry, under its table; then the names of what is only said otherwise."""
    changes = list(changed)
    for table, title in WHAT.items():
        mine = [(one, number(one, new) or decides(one)) for one in changes if one.table == table]
        deciding = [(one, said) for one, said in mine if said]
        if deciding:
            yield f" {title}"
            for one, said in deciding:
                yield from fold(f"{named(one, old, new)}: {said}", WIDTH, "     ", first="   ")
    spoken = {
        title: [one.name for one in changes if one.table == table and not decides(one)]
        for table, title in WHAT.items()
    }
    if any(spoken.values()):
        yield " only in words: a reason, a question, an action, when a quote stands"
        for title, names in spoken.items():
            if names:
                yield from fold(f"{len(names)} {title}: {', '.join(names)}", WIDTH, "     ", first="   ")


def number(change: Changed, new: RuleBook) -> str:
    """A new line in the sand with where it lies."""
    if change.table != "thresholds" or change.how != "added":
        return ""
    line = new.thresholds[change.name]
    unit = "" if line.type.unit == "count" else f" {line.type.unit}"
    return f"new, {line}{unit}{' (house default)' if line.is_house else ''}"


def decides(change: Changed) -> str:
    """What of a change an answer may hang on, in words; empty where it is only said otherwise."""
    if change.table in SPEAKS:
        return ""
    if change.how != "changed":
        return {"added": "new", "removed": "gone"}[change.how]
    if " -> " in change.what:
        return change.what
    return ", ".join(dict.fromkeys(DECIDES[part] for part in change.what.split(", ") if part in DECIDES))


def named(change: Changed, old: RuleBook, new: RuleBook) -> str:
    """An entry by its name and its title, as the book that has it calls it."""
    book = old if change.how == "removed" else new
    tables = book.outcomes if change.table in ("outcomes", "modes") else book
    if change.table == "constraints":
        return next(
            one.because for one in (*book.constraints, *book.unlikely) if one.name == change.name
        ).rstrip(".")
    title = getattr(getattr(tables, change.table)[change.name], "title", "")
    return f"{change.name}  {title}" if title else change.name
