"""The papers of a case to read: a mail, minutes, a note, a page of comments, or a chart of a survey."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.telling.page import WIDTH, fold

KINDS = ("mail", "minutes", "note", "comments", "chart")
BAR = 30  # columns of the longest bar that can be
HIGH, STEP, WIDE, DEEP = (
    12,
    40,
    300,
    14,
)  # of a drawn bar, in pixels: its height, from one to the next, all of 100, the margin
STRESS = re.compile(r"\*([^*\n]+)\*")


@dataclass(frozen=True)
class Document:
    """One paper. `bars`: of 100 who were asked, how many said each, in the order of the chart; else empty."""

    kind: str
    title: str
    sender: str
    date: str
    text: str
    bars: Mapping[str, int]
    note: str

    @property
    def heading(self) -> str:
        """What it is, from whom or about what, and of which day."""
        about = f"from {self.sender}" if self.sender else self.title
        return f"{self.kind.capitalize()}: {about}{f' ({self.date})' if self.date else ''}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its text; what people said in a page of comments, one below the other."""
        if self.kind == "comments":
            return tuple(
                " ".join(part.split()) for part in re.split(r'\n(?=\s*")', self.text) if part.strip()
            )
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.text) if part.strip())

    @property
    def twin(self) -> str:
        """The chart in a sentence, for whoever does not see it."""
        return "; ".join(f"{label}: {share} of 100" for label, share in self.bars.items())


def stressed(text: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a text, each with whether its writer *stressed* it."""
    return tuple((part, bool(n % 2)) for n, part in enumerate(STRESS.split(text)) if part)


def documents(reader: Reader) -> tuple[Document, ...]:
    """The papers below `documents`; every mistake is noted."""
    found = []
    for node in reader.items("documents"):
        below = Reader.of(node, reader.problems, "a document", reader.table.place)
        kind = below.word("kind", KINDS, required=True, default="note")
        sender = below.text("from")
        title = below.text("title", required=not sender)
        date, text, note = below.text("date"), below.scalar("text"), below.text("note")
        _dated(below, date)
        bars = dict(_bars(below))
        if (kind == "chart") != bool(bars) or (kind != "chart" and text is None):
            below.wrong("kind", "a chart with 'bars', or another kind with a 'text'")
        below.done()
        found.append(Document(kind, title, sender, date, text.value if text else "", bars, note))
    return tuple(found)


def _dated(reader: Reader, date: str) -> None:
    try:
        if date:
            dt.date.fromisoformat(date)
    except ValueError:
        reader.wrong("date", "a date such as 2026-03-16")


def _bars(reader: Reader) -> Iterator[tuple[str, int]]:
    below = reader.reader("bars")
    for label, node in below.table.entries.items() if below is not None else ():
        assert below is not None
        share = as_number(node) if isinstance(node, Text) else None
        if share is None or share.denominator != 1 or not 0 <= share <= 100:
            below.wrong(label, "how many of 100, a whole number from 0 to 100")
        else:
            yield label, int(share)


# --- shown ------------------------------------------------------------------------------------------------------


def document_lines(paper: Document) -> Iterator[str]:
    """A paper at the terminal; the bars of a chart are drawn in text."""
    yield from fold(paper.heading, WIDTH, "    ", first="--- ")
    if paper.sender and paper.title:
        yield from fold(paper.title, WIDTH, "    ", first="    ")
    for paragraph in paper.paragraphs:
        yield from fold(paragraph, WIDTH, "    ", first="    ")
    for label, share in paper.bars.items():
        yield from fold(label, WIDTH, "    ", first="    ")
        drawn = "#" * round(share * BAR / 100)
        yield f"    |{drawn:<{BAR}}| {share} of 100"
    if paper.note:
        yield from fold(paper.note, WIDTH, "    ", first="    ")


def chart_svg(paper: Document) -> str:
    """The bars of a chart as a small picture; what it says stands in its label too."""
    high = STEP * len(paper.bars) + DEEP
    label = escape(f"{paper.title}. {paper.twin}", quote=True)
    head = f'viewBox="0 0 {WIDE + 100} {high}" width="{WIDE + 100}" height="{high}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" {head} role="img" aria-label="{label}">']
    for number, (said, share) in enumerate(paper.bars.items()):
        top = number * STEP + 14
        parts.append(f'<text x="0" y="{top}" font-size="13" fill="currentColor">{escape(said)}</text>')
        parts.append(f'<rect class="of" x="0" y="{top + 6}" width="{WIDE}" height="{HIGH}"/>')
        parts.append(f'<rect class="bar" x="0" y="{top + 6}" width="{share * WIDE // 100}" height="{HIGH}"/>')
        parts.append(
            f'<text x="{WIDE + 8}" y="{top + 17}" font-size="13" fill="currentColor">{share} of 100</text>'
        )
    return "".join(parts) + "</svg>"
