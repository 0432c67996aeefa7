"""A page of text for people: sections of entries with a weight, folded to 80 columns, fitted to a number of lines."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace

WIDTH = 80
ALWAYS = 100  # the weight of what is never dropped
FOOTNOTE = "footnote"  # kind of an entry: what a star means
ASKED = (
    "asked"  # kind of a section: the questions to ask next, which take long to weigh where nearly all is open
)


@dataclass(frozen=True)
class Entry:
    """One thing said. `right` stands at the right edge; `hang` indents the lines that follow the first.

    `weight` says what goes first when the page is too long: the lightest, and of equals the last. Before the text stands its
    `number` in a list, or what it is about (`lead`, in `wide` columns). `fact` is what a question asks for.
    """

    text: str
    right: str = ""
    weight: int = 50
    indent: str = " "
    hang: str = " "
    number: int = 0
    lead: str = ""
    wide: int = 0
    fact: str = ""
    kind: str = ""

    @property
    def said(self) -> str:
        """All of it, as it is printed."""
        if self.number:
            return f"{self.number} {self.text}"
        return f"{self.lead:<{self.wide}}  {self.text}" if self.lead else self.text

    def lines(self, width: int = WIDTH) -> list[str]:
        room = width - (len(self.right) + 2 if self.right else 0)
        lines = fold(self.said, room, self.indent + self.hang, first=self.indent)
        if self.right:
            gap = width - len(self.right) - columns(lines[-1])
            lines[-1] = f"{lines[-1]}{' ' * gap}{self.right}"
        return lines


@dataclass(frozen=True)
class Section:
    """Entries under a heading. With `beside`, the first entry stands on the line of the heading; `tight` leaves out the
    blank line before it.
    """

    heading: str
    entries: tuple[Entry, ...]
    beside: bool = False
    note: str = ""
    tight: bool = False
    kind: str = ""

    def lines(self, width: int = WIDTH) -> list[str]:
        if not self.heading:
            return [line for entry in self.entries for line in entry.lines(width)]
        if self.beside and self.entries:
            first, *rest = self.entries
            head = replace(first, text=first.said, number=0, lead=self.heading, wide=0, indent="", hang=" ")
            return [line for entry in (head, *rest) for line in entry.lines(width)]
        heading = [f"{self.heading} ({self.note})" if self.note else self.heading]
        if len(heading[0]) > width:
            heading = [self.heading, *Entry(f"({self.note})", hang="  ").lines(width)]
        return [*heading, *(line for entry in self.entries for line in entry.lines(width))]


@dataclass(frozen=True)
class Page:
    """Sections, one below the other, with a blank line between."""

    sections: tuple[Section, ...] = field(default=())

    def lines(self, width: int = WIDTH, apart: bool = True) -> list[str]:
        found: list[str] = []
        for section in self.sections:
            lines = section.lines(width)
            if lines and found and apart and not section.tight:
                found.append("")
            found += lines
        return found

    def fitted(self, limit: int, width: int = WIDTH) -> Page:
        """The page with its lightest entries dropped until it has at most `limit` lines."""
        page = self.without_empty()
        while len(page.lines(width)) > limit:
            lightest = page.lightest()
            if lightest is None:
                break
            page = page.without(*lightest)
        return page

    def fitted_lines(self, limit: int, width: int = WIDTH) -> list[str]:
        """At most `limit` lines, unless what is never dropped needs more: then the blank lines go."""
        page = self.fitted(limit, width)
        lines = page.lines(width)
        return lines if len(lines) <= limit else page.lines(width, apart=False)

    def lightest(self) -> tuple[int, int] | None:
        found = [
            (entry.weight, -s, -e)
            for s, section in enumerate(self.sections)
            for e, entry in enumerate(section.entries)
            if entry.weight < ALWAYS
        ]
        if not found:
            return None
        _, section, entry = min(found)
        return -section, -entry

    def without(self, section: int, entry: int) -> Page:
        old = self.sections[section]
        kept = tuple(e for i, e in enumerate(old.entries) if i != entry)
        sections = [
            *self.sections[:section],
            *([replace(old, entries=kept)] if kept else []),
            *self.sections[section + 1 :],
        ]
        return Page(tuple(sections))

    def without_empty(self) -> Page:
        return Page(tuple(section for section in self.sections if section.entries))


def fold(text: str, width: int, later: str = "", first: str = "") -> list[str]:
    """A text as lines of at most `width` columns; a word that is longer is broken."""
    filled = "".join(sign + _FILL * (columns(sign) - 1) for sign in text) if not text.isascii() else text
    lines = textwrap.wrap(
        filled, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )
    return [line.replace(_FILL, "") for line in lines] or [first.rstrip()]


_FILL = "\0"  # stands in the second column of a wide character while lines are counted


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese or Japanese character takes two, an accent none."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    wide: int = wcswidth(text)
    return wide if wide >= 0 else len(text)


def sentence(text: str) -> str:
    """Begins with a capital and ends with a stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
