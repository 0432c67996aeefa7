"""The decision form as a YAML file: a blank one to be filled in, and one read back, each mistake with its line."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.governance.form import Action, Form, Heard, Votes
from sharedvalue.engine.governance.form_text import DAY, DAYS
from sharedvalue.engine.governance.form_words import Asked, form_words
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import parse, read_file
from sharedvalue.engine.telling.phrases import lower

FORMAT = "1"
WIDTH = 100
MEND_DATE = "Write it as year-month-day: 2027-03-01."
BELOW_SPONSOR = {"answer": "sponsor", "to": "sponsor_to", "role": "sponsor_role", "date": "sponsor_date", "said": "sponsor_said"}  # fmt: skip
BELOW_OBJECTION = {"how": "objection", "to": "object_to", "until": "object_until"}
GROUPS = {"sponsor": BELOW_SPONSOR, "objection": BELOW_OBJECTION}
EMPTY = {  # what stands in a blank form, ready to be filled in
    "by": "[]",
    "modes": "[]",
    "votes": "#{for: 7, against: 2, abstained: 1}",
    "dissent": "[]",
    "heard": "[]   # - {who: newcomers, said: they would rather keep an open evening}",
    "actions": "[]   # - {what: tell the newcomers, owner: community leader, due: 2027-01-31}",
}


def read_form(path: str, text: str = "") -> Form:
    """The form of a file ('-' for standard input), or of a text that was read from it.

    Raises:
        UserError: SV1xx and SV30x for what cannot be read, SV508 for what is no date, no number, or no answer.
    """
    problems = Problems()
    tree = parse(text or read_file(path, "Write a blank one with: sharedvalue record --blank"), path)
    reader = Reader.of(tree, problems, "the decision form", Place(path))
    found = _Filled(reader, problems).form()
    problems.stop_if_any()
    return found


class _Filled:
    def __init__(self, reader: Reader, problems: Problems) -> None:
        self.reader, self.problems = reader, problems
        self.places: dict[str, Place] = {}

    def form(self) -> Form:
        reader = self.reader
        reader.word("form", (FORMAT,), required=True)
        said: dict[str, Any] = {
            name: self.one(name, reader, name) for name in form_words().questions if name in TEXTS
        }
        said |= {name: self.listed(name) for name in ("by", "modes", "dissent")}
        said["review_date"] = self.date(reader, "review_date", "review_date")
        for group, names in GROUPS.items():
            said |= self.group(group, names)
        said["votes"] = self.votes()
        said["heard"] = tuple(self.items("heard", lambda r: Heard(self.text(r, "who"), self.text(r, "said"))))
        said["actions"] = tuple(
            self.items(
                "actions",
                lambda r: Action(self.text(r, "what"), self.text(r, "owner"), self.date(r, "due", "actions")),
            )
        )
        reader.done()
        return Form(**said, places=self.places)

    def note(self, name: str, reader: Reader, key: str) -> None:
        if reader.has(key):
            self.places[name] = reader.place(key)

    def one(self, name: str, reader: Reader, key: str) -> str:
        self.note(name, reader, key)
        return self.text(reader, key)

    @staticmethod
    def text(reader: Reader, key: str) -> str:
        """A text with its lines as they were written; empty where there is none yet."""
        node = reader.node(key)
        if node is None or _is_blank(node):
            return ""
        found = reader.scalar(key)
        return found.value.strip() if found is not None else ""

    def listed(self, name: str) -> tuple[str, ...]:
        self.note(name, self.reader, name)
        node = self.reader.node(name)
        return () if _is_blank(node) else self.reader.words(name)

    def date(self, reader: Reader, key: str, name: str) -> dt.date | None:
        self.note(name, reader, key)
        text = self.text(reader, key)
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.problems.add("SV508", reader.place(key), f"'{text[:40]}' is not a date", MEND_DATE)
            return None

    def group(self, group: str, names: Mapping[str, str]) -> dict[str, Any]:
        node = self.reader.node(group)
        below = None if _is_blank(node) else self.reader.reader(group)
        if below is None:
            return {}
        said: dict[str, Any] = {}
        for key, name in names.items():
            said[name] = self.date(below, key, name) if name in DATES else self.one(name, below, key)
        if said.get("sponsor"):
            choices = tuple(form_words().questions["sponsor"].choices)
            below.word("answer", choices)
        self.places.setdefault(next(iter(names.values())), below.table.place)
        below.done()
        return said

    def votes(self) -> Votes | None:
        node = self.reader.node("votes")
        below = None if _is_blank(node) else self.reader.reader("votes")
        if below is None:
            return None
        self.note("votes", self.reader, "votes")
        counts = [below.whole(key, required=True) for key in ("for", "against", "abstained")]
        below.done()
        if min(counts) < 0:
            self.problems.add("SV508", below.table.place, "nobody can vote less than once", "Count again.")
        return Votes(*counts)

    def items(self, name: str, make: Callable[[Reader], Any]) -> Iterator[Any]:
        self.note(name, self.reader, name)
        node = self.reader.node(name)
        for item in () if _is_blank(node) else self.reader.items(name):
            below = Reader.of(item, self.problems, f"one of '{name}'", self.reader.place(name))
            yield make(below)
            below.done()


TEXTS = ("decision", "in_words", "for_members", "why", "risks_with")
DATES = ("sponsor_date", "object_until")


def _is_blank(node: object) -> bool:
    """Whether nothing was filled in: the key alone, as a blank form has it."""
    return node is None or (getattr(node, "value", None) == "" and getattr(node, "plain", False))


def blank(book: RuleBook, about: str = "", proposed: str = "") -> str:
    """A form to fill in, each question with its help; `about` and `proposed` say which case it is for."""
    return "\n".join(_blank(book, about, proposed)) + "\n"


def _blank(book: RuleBook, about: str, proposed: str) -> Iterator[str]:
    yield from _comment(f"Decision form{': ' + about if about else ''}", "")
    if proposed:
        yield from _comment(f"The rule book proposes: {proposed}", "")
    yield from _comment(
        "Fill in what you know, leave the rest as it is. Then: sharedvalue record FILE --form THIS", ""
    )
    yield f"form: {FORMAT}"
    questions = form_words().questions
    inner = {name for names in GROUPS.values() for name in names.values()}
    for name, asked in questions.items():
        group = next((g for g, names in GROUPS.items() if next(iter(names.values())) == name), "")
        if name in inner and not group:
            continue
        yield ""
        yield from _asked(name, asked, "", _choices(name, asked, book))
        if not group:
            empty = EMPTY.get(name, "")
            yield f"#{name}: {empty[1:]}" if empty.startswith("#") else f"{name}: {empty}".rstrip()
            continue
        yield f"{group}:"
        for key, field in GROUPS[group].items():
            if field != name:
                yield from _asked(field, questions[field], "  ", ())
            yield f"  {key}:"


def _asked(name: str, asked: Asked, indent: str, choices: tuple[str, ...]) -> Iterator[str]:
    yield from _comment(f"{asked.ask} {asked.help}{f' {DAY}' if name in DAYS else ''}", indent)
    for line in choices:
        yield from _comment(line, indent, "  ")


def _choices(name: str, asked: Asked, book: RuleBook) -> tuple[str, ...]:
    outcomes = book.outcomes
    own = tuple(f"{key}: {words}" for key, words in asked.choices.items())
    if name == "decision":
        return (*(f"{key}: {outcome.title}" for key, outcome in outcomes.outcomes.items()), *own)
    if name == "modes":
        return tuple(_ways(book))
    return own


def _ways(book: RuleBook) -> Iterator[str]:
    """The ways of each course, each with what it is called: whoever fills in the form need not know their names."""
    outcomes = book.outcomes
    for key, outcome in outcomes.outcomes.items():
        ways = [
            f"{name} ({lower(mode.title)})" for name, mode in outcomes.modes.items() if key in mode.outcomes
        ]
        if ways:
            yield f"{outcome.title}: {', '.join(ways)}"


def _comment(text: str, indent: str, inset: str = "") -> list[str]:
    room = WIDTH - len(indent) - 2 - len(inset)
    return [f"{indent}# {inset}{line}" for line in textwrap.wrap(text, room, break_on_hyphens=False)]
